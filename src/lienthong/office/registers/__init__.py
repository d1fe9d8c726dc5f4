"""Registers: numbers given once, in order, every one accounted for (Decree 30/2020, Articles 15 and 22)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, partial
from string import ascii_lowercase
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day as in_words
from lienthong.office.errors import IllegalMove, NoSubNumber, ReasonNeeded
from lienthong.office.models import Organization, OutgoingDocument, Person, RegisterNumber, Sequence
from lienthong.office.people.actors import record
from lienthong.office.registers import numbering
from lienthong.office.registers.errors import ClockBehind

ARRIVAL = "arrival"
COPIES = "copies"
"""One sequence for all kinds of copies (Annex I, Part II, II.1c)."""


def next_number(organization: Organization, key: str, *, at: datetime, **more: object) -> tuple[Sequence, int]:
    """The next number of a sequence, from 1 on 1 January. Whoever takes one holds the sequence until the commit, so a
    number that is rolled back is given to the next: no gap, no number twice.

    Args:
        more: what else is noted of the sequence when it begins: values, or what gives them.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the transaction of what it is for")
    own = {"organization": organization, "key": key, "year": timezone.localtime(at).year}
    day = timezone.localdate(at)
    sequence = _gone_on(own, day)
    if sequence is None:
        Sequence.objects.get_or_create(**own, defaults=more)
        sequence = _gone_on(own, day)
    assert sequence is not None  # noqa: S101 - no sequence is ever removed
    _require_in_order(sequence, day)
    return sequence, sequence.last


def _gone_on(own: dict[str, Any], day: date) -> Sequence | None:
    """The sequence, one number further; None where it has not begun."""
    told = [day, own["organization"].pk, own["key"], own["year"]]
    return next(iter(Sequence.objects.raw(_GO_ON, told)), None)


_GO_ON = """
UPDATE office_sequence SET last = last + 1, last_on = GREATEST(last_on, %s)
WHERE organization_id = %s AND key = %s AND year = %s RETURNING *
"""


def _require_in_order(sequence: Sequence, day: date) -> None:
    """No number is dated back, whatever the machine's clock says by now (D30-15-1). Raises `ClockBehind`, and with the
    transaction the number is taken back."""
    if sequence.last_on is not None and sequence.last_on > day:
        raise ClockBehind(day=in_words(day), last=in_words(sequence.last_on))


def take_arrival_number(organization: Organization, *, at: datetime) -> tuple[int, int]:
    """The next arrival number (số đến) and its year."""
    sequence, number = next_number(organization, ARRIVAL, at=at)
    return number, sequence.year


def take_copy_number(organization: Organization, *, at: datetime) -> tuple[Sequence, int]:
    """The next number of copies, whatever their kind."""
    return next_number(organization, COPIES, at=at)


def take_number(document: OutgoingDocument, *, actor: Person, at: datetime) -> int:
    """The next number of the sequence that the head of the agency decided for the document's type, or of its body's."""
    organization, year = document.organization, timezone.localtime(at).year
    numbering.hold(organization)
    wanted = numbering.sequence_of(document, year)
    begins: dict[str, object] = {"group": wanted.group, "body": wanted.body}
    if wanted.follows:  # asked only when the sequence begins
        begins["after"] = begins["last"] = cache(partial(numbering.given_before, organization, wanted, year))
    sequence, number = next_number(organization, wanted.key, at=at, **begins)
    RegisterNumber.objects.create(sequence=sequence, number=number, document=document, taken_at=at, taken_by=actor)
    return number


def take_sub_number(document: OutgoingDocument, *, actor: Person, at: datetime) -> tuple[int, str]:
    """A sub-number (số phụ) of the number given last: 12a, then 12b. Only the last one may have any: numbers stand in
    the order of their days, and none is dated back (D30-15-1).

    Raises:
        NoSubNumber: no number of this year is there to follow, or it has all its letters.
    """
    year = timezone.localtime(at).year
    numbering.hold(document.organization)
    wanted = numbering.sequence_of(document, year)
    own = Sequence.objects.filter(organization=document.organization, key=wanted.key, year=year, last__gt=0)
    sequence = own.select_for_update().first()
    given = RegisterNumber.objects.filter(sequence=sequence, number=sequence.last).exclude(sub="") if sequence else None
    if sequence is None or given is None or (letters := given.count()) == len(ascii_lowercase):
        raise NoSubNumber()
    _require_in_order(sequence, timezone.localdate(at))
    sub = ascii_lowercase[letters]
    RegisterNumber.objects.create(
        sequence=sequence, number=sequence.last, sub=sub, document=document, taken_at=at, taken_by=actor
    )
    return sequence.last, sub


def mark_used(document: OutgoingDocument) -> bool:
    """The document with this number is issued; False when it has none that may be used."""
    taken = document.numbers.filter(state=RegisterNumber.State.TAKEN)
    return bool(taken.update(state=RegisterNumber.State.USED))


def void_number(
    document: OutgoingDocument, *, reason: str, authority: str, actor: Person, at: datetime
) -> RegisterNumber:
    """Account for a number whose document is never issued; the number stays in the register and is not given again.

    Raises:
        ReasonNeeded: without a reason and whose decision it was.
        IllegalMove: no number is taken, or it is used or void.
    """
    if len(reason.strip()) < 10 or not authority.strip():
        raise ReasonNeeded()
    with transaction.atomic():
        number = document.numbers.select_for_update().filter(state=RegisterNumber.State.TAKEN).first()
        if number is None:
            raise IllegalMove(state=document.get_state_display())
        number.state, number.void_reason, number.void_authority = RegisterNumber.State.VOID, reason, authority
        number.save(update_fields=["state", "void_reason", "void_authority"])
        record(
            OfficeEvent.NUMBER_VOIDED, actor, document, at, number=number.number, sub=number.sub, authority=authority
        )
    return number
