"""What may be copied, from what to what, and which pages (Decree 30/2020, Articles 25–27)."""

from __future__ import annotations

import re
from collections.abc import Collection

from lienthong.office.errors import (
    BadCopySource,
    BadPages,
    CopyForInformation,
    Frozen,
    NoSuchCopy,
    NotToBeCopied,
    SecretDocument,
)
from lienthong.office.incoming import recalls
from lienthong.office.models import (
    CopyKind,
    IncomingDocument,
    IncomingState,
    LegalValue,
    Medium,
    OutgoingDocument,
    OutgoingState,
)

E, P = Medium.ELECTRONIC, Medium.PAPER
WAYS: dict[str, frozenset[tuple[str, str]]] = {
    CopyKind.SAO_Y: frozenset({(P, P), (E, P), (P, E)}),
    CopyKind.SAO_LUC: frozenset({(P, P), (P, E), (E, P)}),
    CopyKind.TRICH_SAO: frozenset({(P, P), (P, E), (E, E), (E, P)}),
}
"""Kind → from what to what it is made (Article 25)."""
WORDS = {
    E: ("văn bản điện tử", "an electronic document"),
    P: ("văn bản giấy", "paper"),
}
NAMES: dict[str, str] = {CopyKind.SAO_Y: "Sao y", CopyKind.SAO_LUC: "Sao lục", CopyKind.TRICH_SAO: "Trích sao"}
"""As they are printed on copies, in whatever language the page is."""
REGISTERED = frozenset(
    {IncomingState.ACCEPTED, IncomingState.ASSIGNED, IncomingState.IN_PROCESS, IncomingState.FINISHED}
)
_PAGES = re.compile(r"\s*(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?\s*")


def require_copyable(document: OutgoingDocument | IncomingDocument) -> None:
    """A document of the agency that is issued, or one that came in and is registered; no secret, none recalled.

    Raises:
        SecretDocument (Article 27.2), NotToBeCopied, Frozen.
    """
    if isinstance(document, OutgoingDocument):
        if document.secrecy:
            raise SecretDocument(mark=document.secrecy)
        if document.state != OutgoingState.ISSUED:
            raise _not(document)
        return
    if recalls.pending(document) is not None:
        raise Frozen()
    if document.state not in REGISTERED:
        raise _not(document)


def require_way(kind: CopyKind, source: Medium, form: Medium) -> None:
    """Raises `NoSuchCopy`: Article 25 does not list it."""
    if (source, form) not in WAYS[kind]:
        (source_vi, source_en), (form_vi, form_en) = WORDS[source], WORDS[form]
        what = f"{NAMES[kind].lower()} từ {source_vi} sang {form_vi}"
        raise NoSuchCopy(what=what, what_en=f"{NAMES[kind].lower()} from {source_en} to {form_en}")


def too_large() -> BadCopySource:
    """What is larger than can be copied."""
    return BadCopySource(why="tệp lớn hơn 50 MB", why_en="the file is larger than 50 MB")


def require_value(document: OutgoingDocument | IncomingDocument) -> None:
    """What is copied from the electronic document is as good as paper. Raises `CopyForInformation`."""
    if isinstance(document, IncomingDocument) and document.legal_value != LegalValue.EQUIVALENT:
        raise CopyForInformation()


def chosen_pages(text: str, *, count: int, signed: Collection[int]) -> list[int]:
    """The pages of an extract: those that are named, and those with the head and the signatures, for an extract has all
    elements of the document's form (Article 25.3b).

    Args:
        text: as people write them: `2, 4-5`.
        count: of the document's pages.
        signed: the pages that show a signature.

    Raises:
        BadPages: none is named, one is not there, or it would be all of them.
    """
    named = _named(text, count)
    if not named:
        raise BadPages(
            why="chưa ghi trang, hoặc ghi không đúng", why_en="no pages are given, or not in the form", count=count
        )
    if max(named) > count or min(named) < 1:
        raise BadPages(why="văn bản không có trang đó", why_en="there is no such page", count=count)
    taken = sorted(named | {1} | set(signed))
    if len(taken) == count:
        why = "cùng trang đầu và trang có chữ ký thì thành toàn văn bản"
        raise BadPages(why=why, why_en="with the head and the signatures they are the whole document", count=count)
    return taken


def _named(text: str, count: int) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        one = _PAGES.fullmatch(part)
        if one is None:
            return set()
        first, last = int(one[1]), int(one[2] or one[1])
        found |= set(range(first, min(last, first + count) + 1))
    return found


def _not(document: OutgoingDocument | IncomingDocument) -> NotToBeCopied:
    state = document.get_state_display()
    return NotToBeCopied(why=f"văn bản đang ở trạng thái «{state}»", why_en=f"it is «{state}»")
