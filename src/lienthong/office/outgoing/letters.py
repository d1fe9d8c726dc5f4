"""Letters about a document that was issued: one that corrects its form (Decree 30, 18.3), and one that urges
recipients who have not taken it up, or have not answered in time (Article 24; Annex VI, 1m)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day as in_words
from lienthong.office.errors import IllegalMove, Missing, require_reason
from lienthong.office.models import OutgoingDocument, OutgoingState, Person, Unit
from lienthong.office.outgoing import board
from lienthong.office.outgoing.act_errors import LetterAboutRecalled, NotALetter
from lienthong.office.people.actors import record
from lienthong.standards.doctypes import LETTER, DocumentType
from lienthong.standards.plaintext import says_correction

ISSUED = (OutgoingState.ISSUED, OutgoingState.RECALLING, OutgoingState.PARTLY_RECALLED)
"""The states of a document that letters are written about."""
NOT_TAKEN_UP = ("at_hub", "moved", "delivered", "01")
NOT_ANSWERED = ("03", "04", "05")


class About(StrEnum):
    """What a letter is for."""

    CORRECTS = "corrects"
    URGES = "urges"


@dataclass(frozen=True)
class Letter:
    """Which issued document a letter is about.

    Attributes:
        reason, authority: what was wrong and who decided; of a correction alone.
    """

    about: About
    document: OutgoingDocument
    reason: str = ""
    authority: str = ""

    @property
    def subject(self) -> str:
        """With what its summary begins."""
        what = {About.CORRECTS: "đính chính", About.URGES: "đôn đốc thực hiện, trả lời"}[self.about]
        one = self.document
        day = f" ngày {in_words(one.promulgated_on)}" if one.promulgated_on else ""
        return f"V/v {what} {one.type_name} số {one.printed_number}{day}"

    def recipients(self, today: date) -> list[str]:
        """Who gets it: all that got what is corrected; of those that are urged, who has not taken it up or is late."""
        if self.about is About.CORRECTS:
            return list(self.document.recipients.values_list("code", flat=True))
        rows = board.current(self.document)
        return [one.recipient.code for one in rows if is_behind(board.state_of(one), self.document, today)]


def is_behind(state: str, document: OutgoingDocument, today: date) -> bool:
    """Whether a recipient can be urged, whose sending of the document stands so: it was not taken up, or not answered
    by the day that the document asks for."""
    due = document.due_on
    return state in NOT_TAKEN_UP or (state in NOT_ANSWERED and due is not None and due < today)


def about(letter: Letter, kind: DocumentType, subject: str, unit: Unit) -> dict[str, Any]:
    """What the new document keeps of it.

    Raises:
        IllegalMove: it was never issued, or is recalled.
        NotALetter: a correction is a letter of the agency, whatever type it corrects.
        Missing: a correction whose summary does not say that it is one: recipients would not know it for that.
        ReasonNeeded: nobody says what was wrong, or who decided.
    """
    of = letter.document
    if of.organization_id != unit.organization_id or of.state not in ISSUED:
        raise IllegalMove(state=of.get_state_display())
    _require_form(letter.about, kind, subject)
    if letter.about is About.URGES:
        return {"urges": of}
    return {"corrects": of, "correct_reason": require_reason(letter.reason, letter.authority)}


def require_still(document: OutgoingDocument, kind: DocumentType, subject: str) -> None:
    """What is a letter about another document stays one when its draft is changed. Raises `NotALetter`, `Missing`."""
    if document.corrects_id or document.urges_id:
        _require_form(About.CORRECTS if document.corrects_id else About.URGES, kind, subject)


def _require_form(about: About, kind: DocumentType, subject: str) -> None:
    if kind != LETTER:
        raise NotALetter()
    if about is About.CORRECTS and not says_correction(subject):
        raise Missing(what="chữ «đính chính» ở trích yếu", what_en="the words «đính chính» in the subject")


def require_standing(document: OutgoingDocument) -> None:
    """What a letter is about may be recalled while the letter is written: before its number is spent, and with the
    issue, that document is looked at as it stands now, and held in a transaction.

    Raises:
        LetterAboutRecalled: who got it destroyed it (Decision 28, 9.2), so that nothing is left to be corrected, or
            answered. As long as a recall is not agreed to by all, it stands with somebody.
    """
    about = [key for key in (document.corrects_id, document.urges_id) if key is not None]
    for of in OutgoingDocument.objects.select_for_update(of=("self",)).filter(pk__in=about):
        if of.state not in ISSUED:
            raise LetterAboutRecalled(number=of.printed_number)


def note_issued(document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """With the issue of a letter, in its transaction: what it is about knows of it."""
    for of, event in ((document.corrects, OfficeEvent.CORRECTED), (document.urges, OfficeEvent.RECIPIENTS_URGED)):
        if of is not None:
            record(event, actor, of, at, by=document.pk, number=document.printed_number)


def issued_about(document: OutgoingDocument) -> dict[str, list[OutgoingDocument]]:
    """What was issued about a document, by what it does to it: `replaced_by`, `corrected_by`, `urged_by`."""
    found = OutgoingDocument.objects.filter(
        Q(replaces=document) | Q(corrects=document) | Q(urges=document), issued_at__isnull=False
    )
    rows = list(found.order_by("issued_at")) if document.issued_at else []
    return {
        "replaced_by": [one for one in rows if one.replaces_id == document.pk],
        "corrected_by": [one for one in rows if one.corrects_id == document.pk],
        "urged_by": [one for one in rows if one.urges_id == document.pk],
    }
