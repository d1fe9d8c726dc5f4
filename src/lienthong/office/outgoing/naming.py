"""Whether those who are chosen to get a document are those whom it names (R-8.2-1). A warning: who is meant by a line
such as «Các sở, ban, ngành» only a person can tell."""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.office.models import DirectoryAgency, OutgoingDocument
from lienthong.standards import naming


@dataclass(frozen=True)
class Difference:
    """Whom the document does not name although they get it, and whom it names although they do not."""

    unnamed: tuple[str, ...] = ()
    unchosen: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unnamed or self.unchosen)


def difference(document: OutgoingDocument) -> Difference:
    """Between the recipients of a document and its «Kính gửi» and «Nơi nhận»; of an upload, whose text nobody typed,
    those lines alone count."""
    lines = [*document.content.get("addressees", ()), *document.recipients_text.splitlines()]
    chosen = list(document.recipients.values_list("code", "name"))
    if not any(line.strip() for line in lines):
        return Difference()
    known = [
        (code, name) for code, name in chosen if name != code
    ]  # of whom the directory tells no name, nothing is said
    absent = naming.unnamed(known, lines, str(document.content.get("body", "")))
    own = (document.organization.code, *(code for code, _name in chosen))
    named = DirectoryAgency.objects.filter(name__in=naming.names_of(lines), open=True).exclude(code__in=own)
    return Difference(tuple(absent), tuple(named.order_by("search_key").values_list("name", flat=True)[:20]))
