"""Out of what a new document is begun: what it answers, what it replaces, whose text it takes over, for which work."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest

from lienthong.office.dossiers import contents, rules
from lienthong.office.errors import NotFound
from lienthong.office.models import Dossier, DraftingTask, IncomingDocument, OutgoingDocument, Person
from lienthong.office.outgoing import drafting, drafting_parts, drafting_tasks, letters
from lienthong.office.people import access
from lienthong.office.web import given
from lienthong.office.web.guards import now


@dataclass(frozen=True)
class Sources:
    """What the address or the form names; None for what it does not.

    Attributes:
        answers: an incoming document that the new one answers.
        replaced: an issued document that the new one replaces.
        copied: a document whose text and recipients the form shows to begin with (sao chép dự thảo).
        dossier: the work for which it is written; it is put there when it is saved.
        corrected: an issued document whose form the new letter corrects.
        urged: an issued document whose recipients the new letter urges.
        task: what the person was given to write.
    """

    answers: IncomingDocument | None = None
    replaced: OutgoingDocument | None = None
    copied: OutgoingDocument | None = None
    dossier: Dossier | None = None
    corrected: OutgoingDocument | None = None
    urged: OutgoingDocument | None = None
    task: DraftingTask | None = None

    @property
    def written_about(self) -> letters.Letter | None:
        """What the new letter is about, as far as the address says."""
        if self.corrected is not None:
            return letters.Letter(letters.About.CORRECTS, self.corrected)
        return letters.Letter(letters.About.URGES, self.urged) if self.urged is not None else None

    def letter(self, request: HttpRequest) -> letters.Letter | None:
        """The same, with what the form says of a correction."""
        found, form = self.written_about, request.POST
        if found is None:
            return None
        reason, authority = form.get("correct_reason", ""), form.get("correct_authority", "")
        return replace(found, reason=reason, authority=authority)

    def replacing(self, request: HttpRequest) -> drafting.Replacing | None:
        """What the form says of the replacement."""
        if self.replaced is None:
            return None
        form = request.POST
        return drafting.Replacing(self.replaced, form.get("replace_reason", ""), form.get("replace_authority", ""))

    def keep(self, made: OutgoingDocument, person: Person) -> None:
        """Put what was begun into the dossier of its work, and note it with what was given to write.

        Raises:
            Forbidden, Held, DossierShut; IllegalMove: what was given is begun or ended.
        """
        if self.task is not None:
            drafting_tasks.begin(self.task, made, actor=person, at=now())
        if self.dossier is not None:
            contents.put_in(self.dossier, made, share=False, actor=person, at=now())


def named(request: HttpRequest, person: Person) -> Sources:
    """Raises `NotFound` for what this person does not see, or only got to read; `NoDossier`; `Forbidden` for what
    another is to write."""
    answers, dossier = _asked(request, "answers", "tra-loi"), _asked(request, "dossier", "ho-so")
    return Sources(
        access.incoming(person, given.number(answers)) if answers else None,
        _own(person, _asked(request, "replaces", "thay-the")),
        _own(person, _asked(request, "copies", "sao-chep")),
        rules.one(person, given.number(dossier)) if dossier else None,
        _own(person, _asked(request, "corrects", "dinh-chinh")),
        _own(person, _asked(request, "urges", "don-doc")),
        _given(person, _asked(request, "drafting_task", "giao-soan")),
    )


def _given(person: Person, wanted: str) -> DraftingTask | None:
    """What this person was given to write. Raises `NoDraftingTask`, `Forbidden`."""
    if not wanted:
        return None
    found = drafting_parts.one(person, given.number(wanted))
    drafting_tasks.require_begins(found, person)
    return found


def _asked(request: HttpRequest, field: str, parameter: str) -> str:
    return request.POST.get(field) or request.GET.get(parameter) or ""


def _own(person: Person, wanted: str) -> OutgoingDocument | None:
    """A document in which the person has a part."""
    if not wanted:
        return None
    found = access.outgoing(person, given.number(wanted))
    if not access.takes_part(person, found):
        raise NotFound()
    return found
