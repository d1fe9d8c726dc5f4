"""Circulating a document inside the agency: to units with its issue, or later, and by a unit's head to its people
(Decree 30/2020, Articles 18.1 and 24). What is exchanged between agencies is another record (Decision 28, Article 3.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Forbidden, IllegalMove, Missing
from lienthong.office.models import Circulation, OutgoingDocument, OutgoingState, Person, Role, Unit
from lienthong.office.people.access import heads_of, posts, require, units_led, works_in
from lienthong.office.people.actors import record
from lienthong.office.people.notices import notify
from lienthong.standards.statuses import Words

CIRCULATES = (OutgoingState.ISSUED, OutgoingState.RECALLING, OutgoingState.PARTLY_RECALLED)


def choose(document: OutgoingDocument, units: Iterable[Unit], *, actor: Person) -> None:
    """The units of this draft, in place of those that were chosen before; they get it once it is issued.

    Raises:
        Missing: a unit of another agency, or one that nobody heads.
    """
    wanted = list(units)
    _require_receiving(document, wanted)
    Circulation.objects.filter(document=document, sent_at=None).exclude(unit__in=wanted).delete()
    for unit in wanted:
        Circulation.objects.get_or_create(document=document, unit=unit, person=None, defaults={"given_by": actor})


def send(document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """With the issue of the document, in its transaction: the chosen units get it."""
    waiting = list(Circulation.objects.filter(document=document, sent_at=None).select_related("unit"))
    _give(document, waiting, actor=actor, at=at)


def add(document: OutgoingDocument, units: Sequence[Unit], *, actor: Person, at: datetime) -> None:
    """The clerk circulates an issued document to further units; who has it already is left in peace.

    Raises:
        Forbidden, IllegalMove; Missing: no unit, one of another agency, or one that nobody heads.
    """
    require(actor, Role.CLERK)
    _require_receiving(document, units)
    if not units:
        raise Missing(what="đơn vị nhận", what_en="a unit")
    with transaction.atomic():
        _require_circulating(document)
        made = [
            Circulation.objects.get_or_create(document=document, unit=unit, person=None, defaults={"given_by": actor})
            for unit in units
        ]
        _give(document, [one for one, new in made if new], actor=actor, at=at)


def pass_on(document: OutgoingDocument, people: Sequence[Person], *, actor: Person, at: datetime) -> None:
    """The head of a unit that got the document passes it on to people of that unit.

    Raises:
        Forbidden: the actor heads no unit that got it; IllegalMove; Missing: nobody, or somebody who works elsewhere.
    """
    units = passing_units(document, actor)
    if not units:
        raise Forbidden(who="trưởng đơn vị được nhận văn bản", who_en="the head of a unit that got the document")
    places = {one.pk: unit for unit in units for one in works_in(unit)}
    if not people or any(one.pk not in places for one in people):
        raise Missing(what="người của đơn vị", what_en="people of the unit")
    with transaction.atomic():
        _require_circulating(document)
        made = [
            Circulation.objects.get_or_create(
                document=document, unit=places[one.pk], person=one, defaults={"given_by": actor}
            )
            for one in people
        ]
        _give(document, [one for one, new in made if new], actor=actor, at=at)


def passing_units(document: OutgoingDocument, person: Person) -> list[Unit]:
    """The units that got the document and that this person heads."""
    got = Circulation.objects.filter(document=document, person=None, sent_at__isnull=False)
    return [one.unit for one in got.filter(unit__in=units_led(person)).select_related("unit")]


def of(document: OutgoingDocument) -> QuerySet[Circulation]:
    """To whom it circulates, units and people."""
    return Circulation.objects.filter(document=document).select_related("unit", "person", "opened_by")


def unread(person: Person) -> QuerySet[Circulation]:
    """What circulates to this person, or to a unit that they head themselves, and was not opened."""
    headed = posts(person).filter(role=Role.UNIT_HEAD).values("unit")
    found = Circulation.objects.filter(
        Q(person=person) | Q(person=None, unit__in=headed),
        sent_at__isnull=False, opened_at=None, document__state__in=CIRCULATES,
    )  # fmt: skip
    return found.select_related("document", "unit").order_by("sent_at")


def tell_of_recall(document: OutgoingDocument, *, at: datetime) -> None:
    """Whom it circulates to hear that it is recalled; when it is, they see it no more."""
    words = Words(f"Thu hồi: {document.subject}", f"Recalled: {document.subject}")
    for one in of(document).filter(sent_at__isnull=False):
        notify(_readers(one), document, words, at=at)


def note_opened(document: OutgoingDocument, person: Person, *, at: datetime) -> None:
    """The first time that somebody for whom it is opens it."""
    if any(one.sent_at and one.opened_at is None for one in document.circulations.all()):
        unread(person).filter(document=document).update(opened_at=at, opened_by=person)


def _give(document: OutgoingDocument, given: Sequence[Circulation], *, actor: Person, at: datetime) -> None:
    if not given:
        return
    Circulation.objects.filter(pk__in=[one.pk for one in given]).update(sent_at=at)
    units = [one.unit.abbreviation for one in given if one.person is None]
    people = [one.person.user.get_username() for one in given if one.person]
    record(OfficeEvent.CIRCULATED, actor, document, at, units=units, people=people)
    words = Words(f"Lưu hành: {document.subject}", f"Circulated to you: {document.subject}")
    for one in given:
        notify(_readers(one), document, words, at=at)


def _readers(one: Circulation) -> list[Person]:
    return [one.person] if one.person else heads_of(one.unit)


def _require_circulating(document: OutgoingDocument) -> None:
    """Held until the transaction ends: a recall waits, or is seen here."""
    locked = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
    if locked.state not in CIRCULATES:
        raise IllegalMove(state=locked.get_state_display())


def _require_receiving(document: OutgoingDocument, units: Iterable[Unit]) -> None:
    for unit in units:
        if unit.organization_id != document.organization_id:
            raise Missing(what="đơn vị của cơ quan", what_en="a unit of the agency")
        if not heads_of(unit):
            raise Missing(
                what=f"trưởng đơn vị {unit.name} (chưa có ai)", what_en=f"a head of {unit.name} (there is none)"
            )
