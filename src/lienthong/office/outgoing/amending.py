"""The head of the drafting unit mends a draft by their own hand, where they have it to check or it came back to them,
instead of returning it (Decree 30/2020, Annex VI, III.1n): it goes into review again as a new version."""

from __future__ import annotations

from datetime import datetime

from lienthong.office.errors import IllegalMove
from lienthong.office.models import OutgoingDocument, OutgoingState, Person, Version
from lienthong.office.outgoing import drafting, review
from lienthong.office.people.access import require_head_of, units_led
from lienthong.office.people.notices import notify
from lienthong.standards.statuses import Words

WITH_THE_HEAD = (OutgoingState.IN_REVIEW, OutgoingState.RETURNED)
"""The states in which the head of the unit has the draft."""


def may_amend(document: OutgoingDocument, person: Person) -> bool:
    """Whether the person mends another's draft now."""
    others = document.drafter_id != person.pk and document.unit_id in units_led(person)
    return others and document.state in WITH_THE_HEAD


def require_writes(document: OutgoingDocument, actor: Person) -> None:
    """Raises `Forbidden`: a draft is changed by who writes it, and by the head of the unit while they have it."""
    if not may_amend(document, actor):
        drafting.require_drafter(document, actor)


def write(
    document: OutgoingDocument, manuscript: drafting.Manuscript, *, seen: int, actor: Person, at: datetime
) -> Version:
    """Save a changed text: the drafter's, or that of the head of the unit, who hands it in again with it.

    Args:
        seen: the version from which the text was written; 0 where the form did not say.

    Raises:
        VersionChanged: another wrote meanwhile. What `drafting.change` does.
    """
    if document.drafter_id == actor.pk:
        return drafting.change(document, manuscript, actor=actor, at=at, seen=seen)
    return _amend(document, manuscript, seen, actor, at)


def _amend(
    document: OutgoingDocument, manuscript: drafting.Manuscript, seen: int, actor: Person, at: datetime
) -> Version:
    """The head's own version: whatever was checked is checked anew, the drafter is told, every version stays.

    Args:
        seen: as `write` has it.

    Raises:
        Forbidden: not the head of the drafting unit. IllegalMove: the head does not have it.
        VersionChanged, Held, NotALetter, Missing, SecretDocument, LinkNotFile, NotPdf.
    """
    require_head_of(actor, document.unit)
    if document.state not in WITH_THE_HEAD:
        raise IllegalMove(state=document.get_state_display())

    def handed_in() -> None:
        review.hand_in(document, actor=actor, at=at, note="")
        words = Words(f"Trưởng đơn vị đã sửa dự thảo: {document.subject}", f"Mended by the head: {document.subject}")
        notify([document.drafter], document, words, at=at)

    return drafting.rewrite(document, manuscript, actor=actor, at=at, seen=seen, then=handed_in)
