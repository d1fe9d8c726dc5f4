"""When a document must have left, by the agency's calendar (Decision 28/2018/QĐ-TTg, Article 6.2; CAL-2, CAL-3).

A deadline keeps the version of the calendar that it was counted by. When the calendar changes, the deadlines that are
still open are counted anew, and the clerks hear of each that moved; what was issued keeps what held then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.journal.record import record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import moment
from lienthong.office.models import Organization, OutgoingDocument, OutgoingState, Person, Role
from lienthong.office.people import calendar
from lienthong.office.people.actors import service_of, subject_of
from lienthong.office.people.notices import notify_role
from lienthong.standards.deadlines import SendDeadline, send_deadline
from lienthong.standards.statuses import Urgency, Words

OPEN = (OutgoingState.SIGNED, OutgoingState.NUMBERED, OutgoingState.SEALED)
AT_ONCE = 100
SOON = timedelta(hours=1)
"""How long before the end of the next working morning the clerks are reminded of what is not sent."""


def deadline_of(document: OutgoingDocument, signed: datetime) -> tuple[SendDeadline, int]:
    """The deadline of a document that is signed at this moment, and the version of the calendar it is counted by."""
    agency = Organization.objects.get(pk=document.organization_id)
    found = send_deadline(
        signed, Urgency(document.urgency), calendar=calendar.calendar_of(agency, agency.calendar_version),
        morning_ends=agency.morning_ends,
    )  # fmt: skip
    return found, agency.calendar_version


def decide_day(given: Mapping[str, str], day: date | None, *, actor: Person, at: datetime) -> date:
    """Record a decision about a day, and count the open deadlines anew. Raises what `calendar.record_day` raises."""
    with transaction.atomic():
        row = calendar.record_day(given, day, actor=actor, at=at)
        settle(actor.organization, at=at)
    return row.day


def withdraw_day(pk: int, *, reason: str, actor: Person, at: datetime) -> date:
    """Withdraw one, and count the open deadlines anew. Raises what `calendar.withdraw_day` raises."""
    with transaction.atomic():
        row = calendar.withdraw_day(pk, reason=reason, actor=actor, at=at)
        settle(actor.organization, at=at)
    return row.day


def settle(organization: Organization, *, at: datetime) -> int:
    """Count anew the open deadlines that were counted by an older version; gives how many moved.

    Who signed while the calendar changed did not see the change: the worker looks again now and then.
    """
    organization.refresh_from_db(fields=["calendar_version", "morning_ends"])
    moved = 0
    for document in _outdated(organization)[:AT_ONCE]:
        with transaction.atomic():
            moved += _count_anew(document, organization, at)
    return moved


def _outdated(organization: Organization) -> QuerySet[OutgoingDocument]:
    """An urgent one is due by minutes, whatever day it is."""
    older = Q(send_calendar__lt=organization.calendar_version) | Q(send_calendar=None)
    found = OutgoingDocument.objects.filter(older, organization=organization, state__in=OPEN, urgency=Urgency.NORMAL)
    return found.filter(signed_at__isnull=False, send_due__isnull=False).order_by("pk")


def _count_anew(document: OutgoingDocument, organization: Organization, at: datetime) -> bool:
    """Whether the deadline moved; its event and the notice are born with it."""
    assert document.signed_at is not None  # noqa: S101 - `_outdated` asks for it
    before = document.send_due
    found, version = deadline_of(document, document.signed_at)
    still = OutgoingDocument.objects.filter(pk=document.pk, state__in=OPEN, send_due=before)
    told_anew = {"send_reminded": ""} if found.hard != before else {}
    if not still.update(send_due=found.hard, send_calendar=version, **told_anew) or found.hard == before:
        return False
    record(
        OfficeEvent.DEADLINE_COUNTED_ANEW, actor=service_of(organization), subject=subject_of(document), at=at,
        before=before.isoformat() if before else "", after=found.hard.isoformat(), version=version,
    )  # fmt: skip
    told = (moment(before) if before else "", moment(found.hard))
    words = Words(
        f"Hạn gửi đổi theo lịch làm việc, từ {told[0]} thành {told[1]}: {document.subject}",
        f"The working calendar moved the deadline from {told[0]} to {told[1]}: {document.subject}",
    )
    notify_role(document, Role.CLERK, words, at=at)
    return True


# -- by itself -------------------------------------------------------------------------------------------------------


def remind(organization: Organization, *, at: datetime) -> int:
    """Tell the clerks of what is signed and has to be sent soon, and of what was not sent in time, once each; of what
    is urgent and late the leaders hear as well (Article 6.2: it leaves at once after its signing)."""
    waiting = OutgoingDocument.objects.filter(organization=organization, state__in=OPEN)
    late = waiting.filter(send_due__lte=at).exclude(send_reminded=OVER)
    near = waiting.filter(send_due__gt=at, send_due__lte=at + SOON, urgency=Urgency.NORMAL, send_reminded="")
    done = [_remind(one, OVER, at) for one in late.order_by("-urgency", "send_due")[:AT_ONCE]]
    done += [_remind(one, NEAR, at) for one in near.order_by("send_due")[:AT_ONCE]]
    return sum(done)


NEAR, OVER = "soon", "over"


def _remind(document: OutgoingDocument, what: str, at: datetime) -> bool:
    with transaction.atomic():
        still = OutgoingDocument.objects.filter(pk=document.pk, state__in=OPEN, send_due=document.send_due)
        if document.send_due is None or not still.exclude(send_reminded=what).update(send_reminded=what):
            return False
        until, late = moment(document.send_due), what == OVER
        name = f"{document.printed_number} {document.subject}"
        words = Words(f"Sắp hết hạn gửi ({until}): {name}", f"To be sent soon ({until}): {name}")
        if late:
            words = Words(f"Quá hạn gửi ({until}): {name}", f"Not sent in time ({until}): {name}")
        notify_role(document, Role.CLERK, words, at=at, urgent=late)
        if late and document.urgency:
            notify_role(document, Role.LEADER, words, at=at, urgent=True)
    return True
