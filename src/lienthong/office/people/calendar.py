"""The working calendar of an agency: the public holidays, and what was decided beside them (CAL-1, CAL-2).

Every change makes a new version. A deadline keeps the version that it was counted by, and any version can be had again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day as in_words
from lienthong.office.errors import Missing, require_why
from lienthong.office.models import CalendarOverride, DayKind, Organization, Person, Role
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.office.people.calendar_errors import BadDay, DayDecided, DayIsSo, NoSuchDay
from lienthong.standards import workdays
from lienthong.standards.workdays import OVERRIDES, Override, WorkCalendar

BACK, AHEAD = timedelta(days=366), timedelta(days=3 * 366)
"""How far from today a day may lie that somebody decides about."""
WORDS = {DayKind.OFF: ("nghỉ", "off"), DayKind.WORK: ("làm việc", "of work")}


def calendar_of(organization: Organization, version: int | None = None) -> WorkCalendar:
    """The agency's calendar: what was decided takes precedence over the seed.

    Args:
        version: as it was then; without it as it is now.
    """
    rows = organization.calendar_overrides.all()
    held = rows.filter(until=None) if version is None else rows.filter(_in(version))
    decided = {row.day: Override(workdays.DayKind(row.kind), row.reason) for row in held}
    return WorkCalendar({**OVERRIDES, **decided})


def soon_until(organization: Organization, at: datetime) -> datetime:
    """The end of the last of the working days that count as soon."""
    day, calendar = timezone.localdate(at), calendar_of(organization)
    for _ in range(organization.due_soon_days):
        day = calendar.next_workday(day)
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _in(version: int) -> Q:
    return Q(since__lte=version) & (Q(until=None) | Q(until__gt=version))


def of_year(organization: Organization, year: int) -> QuerySet[CalendarOverride]:
    """What was decided about the days of a year, withdrawn or not."""
    return organization.calendar_overrides.filter(day__year=year).select_related("recorded_by", "withdrawn_by")


def record_day(given: Mapping[str, str], day: date | None, *, actor: Person, at: datetime) -> CalendarOverride:
    """Write down that a day is off, or worked, by a decision; in the caller's transaction.

    Args:
        given: `kind`, `reason`, `decision_ref` as typed.

    Raises:
        Forbidden, Missing, BadDay, DayIsSo, DayDecided.
    """
    require(actor, Role.ADMINISTRATOR)
    if day is None:
        raise Missing(what="ngày", what_en="the day")
    if (kind := given.get("kind", "")) not in DayKind.values:
        raise Missing(what="nghỉ hay làm việc", what_en="whether it is off or worked")
    reason, decision = (" ".join(given.get(name, "").split())[:200] for name in ("reason", "decision_ref"))
    if not reason:
        raise Missing(what="lý do", what_en="the reason")
    if not decision:
        raise Missing(what="số, ngày của quyết định", what_en="number and date of the decision")
    _require_near(day, timezone.localdate(at))
    organization = Organization.objects.select_for_update().get(pk=actor.organization_id)
    _require_new(organization, day, DayKind(kind))
    row = CalendarOverride.objects.create(
        organization=organization, day=day, kind=kind, reason=reason, decision_ref=decision,
        since=_next_version(organization), recorded_at=at, recorded_by=actor,
    )  # fmt: skip
    _tell(OfficeEvent.CALENDAR_DAY_DECIDED, row, actor, at, kind=kind, reference=decision, version=row.since)
    return row


def withdraw_day(pk: int, *, reason: str, actor: Person, at: datetime) -> CalendarOverride:
    """Let the public calendar hold again for a day; in the caller's transaction.

    Raises:
        Forbidden, ReasonNeeded, NoSuchDay.
    """
    require(actor, Role.ADMINISTRATOR)
    why = require_why(reason)[:200]
    organization = Organization.objects.select_for_update().get(pk=actor.organization_id)
    row = organization.calendar_overrides.filter(pk=pk, until=None).first()
    if row is None:
        raise NoSuchDay()
    row.until, row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = _next_version(organization), at, actor, why
    row.save(update_fields=["until", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _tell(OfficeEvent.CALENDAR_DAY_WITHDRAWN, row, actor, at, reason=why, version=row.until)
    return row


def _require_near(day: date, today: date) -> None:
    first, last = today - BACK, today + AHEAD
    if not first <= day <= last:
        raise BadDay(day=in_words(day), first=in_words(first), last=in_words(last))


def _require_new(organization: Organization, day: date, kind: DayKind) -> None:
    """The calendar says otherwise, and nobody decided about this day."""
    if decided := organization.calendar_overrides.filter(day=day, until=None).first():
        raise DayDecided(day=in_words(day), decision=decided.decision_ref)
    if calendar_of(organization).is_workday(day) == (kind == DayKind.WORK):
        raise DayIsSo(day=in_words(day), kind=WORDS[kind][0], kind_en=WORDS[kind][1])


def _next_version(organization: Organization) -> int:
    """One more than the last; the row is locked."""
    Organization.objects.filter(pk=organization.pk).update(calendar_version=F("calendar_version") + 1)
    organization.refresh_from_db(fields=["calendar_version"])
    return organization.calendar_version


def _tell(event: OfficeEvent, row: CalendarOverride, actor: Person, at: datetime, **data: object) -> None:
    subject = Subject("calendar", f"{row.organization.code} {row.day.isoformat()}")
    record(event, actor=actor_of(actor), subject=subject, at=at, **data)
