"""Announcements inside an agency: who publishes them, for whom they are, who has read them. They are no documents: what
has a number and a signature is issued and circulates (`outgoing.circulation`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day
from lienthong.office.errors import Forbidden, Missing, NotFound
from lienthong.office.models import Announcement, AnnouncementAddressee, Person, Role, Unit
from lienthong.office.people import access, units
from lienthong.office.people.actors import actor_of
from lienthong.office.people.announcement_errors import AnnouncementTime
from lienthong.office.people.notices import note_link_read, ring, unring
from lienthong.office.people.typed import line_of, text_of
from lienthong.standards.statuses import Words

WHOLE_AGENCY = (Role.LEADER, Role.CLERK, Role.ADMINISTRATOR)
"""Who tells the whole agency something, or any of its units; heads tell the units that they lead."""
LONGEST = timedelta(days=366)
"""An announcement stands among what is new for so long at most."""
LONGEST_TITLE, LONGEST_TEXT = 200, 10_000


@dataclass(frozen=True)
class Told:
    """What is announced.

    Attributes:
        units: whose people it is for, with those of the units below; none: the whole agency.
        until: the last day on which it stands among what is new.
    """

    title: str
    text: str
    until: date | None
    units: Sequence[Unit] = ()


def may_publish(person: Person) -> bool:
    """Whether there is anybody here whom this person tells something."""
    return tells_everybody(person) or bool(access.units_led(person))


def tells_everybody(person: Person) -> bool:
    """Whether the person tells the whole agency something."""
    return bool(access.roles(person) & {role.value for role in WHOLE_AGENCY})


def units_for(person: Person) -> list[tuple[Unit, int]]:
    """The units that the person tells something, as a tree."""
    known = units.tree(person.organization)
    return known if tells_everybody(person) else [pair for pair in known if pair[0].pk in access.units_led(person)]


def publish(told: Told, *, actor: Person, at: datetime) -> Announcement:
    """Tell the people of the agency, or of some of its units, who work there today; the bell rings for each.

    Raises:
        Forbidden: neither leader, clerk nor administrator, and no head of each of these units.
        Missing: title or text, or nobody works there. TextTooLong.
        AnnouncementTime: it ends before today, or stands for more than a year.
    """
    title = line_of(told.title, LONGEST_TITLE, Words("Tiêu đề", "The title"))
    text = text_of(told.text, LONGEST_TEXT, Words("Nội dung", "The text"))
    if not title or not text:
        raise Missing(what="tiêu đề và nội dung thông báo", what_en="title and text of the announcement")
    _require_telling(actor, told.units)
    until = _last_day(told.until, timezone.localdate(at))
    people = list(_people(actor, told.units))
    if not people:
        raise Missing(what="người đang làm việc ở đơn vị nhận", what_en="anybody who works in these units")
    with transaction.atomic():
        made = Announcement.objects.create(
            organization=actor.organization, title=title, text=text, until=until, published_at=at,
            published_by=actor,
        )  # fmt: skip
        made.units.set(told.units)
        AnnouncementAddressee.objects.bulk_create(
            AnnouncementAddressee(announcement=made, person=one, read_at=at if one.pk == actor.pk else None)
            for one in people
        )
        names = [unit.abbreviation for unit in told.units]
        _note(OfficeEvent.ANNOUNCEMENT_PUBLISHED, made, actor, at, units=names, people=len(people))
        words = Words(f"Thông báo: {title}", f"Announcement: {title}")
        ring([one for one in people if one.pk != actor.pk], words, link=link(made), at=at)
    return made


def withdraw(announcement: Announcement, *, actor: Person, at: datetime) -> None:
    """Take an announcement back: whom it was for sees it no more. Raises `Forbidden`; `NotFound`: it is gone."""
    if not may_withdraw(actor, announcement):
        raise Forbidden(who="người đã thông báo hoặc lãnh đạo", who_en="who published it, or a leader")
    with transaction.atomic():
        still = Announcement.objects.filter(pk=announcement.pk, withdrawn_at=None)
        if not still.update(withdrawn_at=at, withdrawn_by=actor):
            raise NotFound()
        unring(announcement.addressees.values("person"), link(announcement))
        _note(OfficeEvent.ANNOUNCEMENT_WITHDRAWN, announcement, actor, at)


def may_withdraw(person: Person, announcement: Announcement) -> bool:
    """Whether the person takes it back: who published it, and leaders of the agency."""
    return announcement.published_by_id == person.pk or Role.LEADER in access.roles(person)


def seen_by(person: Person) -> QuerySet[Announcement]:
    """What this person was told or published, of leaders all that the agency was told; nothing that was withdrawn."""
    standing = Announcement.objects.filter(organization_id=person.organization_id, withdrawn_at=None)
    if Role.LEADER not in access.roles(person):
        told = AnnouncementAddressee.objects.filter(person=person).values("announcement")
        standing = standing.filter(Q(pk__in=told) | Q(published_by=person))
    return standing.select_related("published_by").order_by("-pk")


def one(person: Person, pk: int) -> Announcement:
    """One announcement. Raises `NotFound` when there is none, or none for this person."""
    found = seen_by(person).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def unread(person: Person, today: date) -> QuerySet[Announcement]:
    """What this person was told and has not opened, as long as it stands; the newest first."""
    new = AnnouncementAddressee.objects.filter(person=person, read_at=None).values("announcement")
    return seen_by(person).filter(pk__in=new, until__gte=today)


def note_read(announcement: Announcement, person: Person, *, at: datetime) -> None:
    """The first time that somebody whom it is for opens it."""
    AnnouncementAddressee.objects.filter(announcement=announcement, person=person, read_at=None).update(read_at=at)
    note_link_read(person, link(announcement), at=at)


def readers(announcement: Announcement, person: Person) -> QuerySet[AnnouncementAddressee] | None:
    """Whom it is for, who has not read it first; None for who is not told: only who may withdraw it is."""
    if not may_withdraw(person, announcement):
        return None
    rows = announcement.addressees.select_related("person")
    return rows.order_by(F("read_at").asc(nulls_first=True), "person__sort_key")


def link(announcement: Announcement) -> str:
    """Where it is read."""
    return f"/thong-bao/noi-bo/{announcement.pk}/"


def _people(actor: Person, chosen: Sequence[Unit]) -> QuerySet[Person]:
    held = access.posts_on(timezone.localdate()).filter(unit__organization_id=actor.organization_id)
    if chosen:
        those = set().union(*(units.with_those_below(actor.organization, unit.pk) for unit in chosen))
        held = held.filter(unit__in=those)
    return Person.objects.filter(pk__in=held.values("person"), user__is_active=True)


def _require_telling(actor: Person, chosen: Sequence[Unit]) -> None:
    if any(unit.organization_id != actor.organization_id for unit in chosen):
        raise Missing(what="đơn vị của cơ quan", what_en="a unit of the agency")
    led = access.units_led(actor)
    if not tells_everybody(actor) and not (chosen and all(unit.pk in led for unit in chosen)):
        raise Forbidden(
            who="lãnh đạo, văn thư, quản trị, hoặc trưởng đơn vị đối với đơn vị mình",
            who_en="leaders, clerks, administrators, and heads for their own units",
        )


def _last_day(until: date | None, today: date) -> date:
    if until is None or not today <= until <= today + LONGEST:
        raise AnnouncementTime(last=day(today + LONGEST))
    return until


def _note(event: OfficeEvent, announcement: Announcement, actor: Person, at: datetime, **data: object) -> None:
    subject = Subject("announcement", str(announcement.pk))
    into_journal(event, actor=actor_of(actor), subject=subject, at=at, **data)
