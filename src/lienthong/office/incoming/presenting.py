"""From the clerk to the leaders: what is accepted is presented the same day, at the latest the next working day,
what is urgent at once (Decree 30/2020, Article 23.1; Decision 28, 6.2). Until then the acceptance can be undone for a
while."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import SHORTEST_REASON, Frozen, IllegalMove
from lienthong.office.incoming import recalls
from lienthong.office.incoming.act_errors import UndoTooLate, WhyUndone
from lienthong.office.models import (
    IncomingDocument,
    IncomingState,
    IncomingWay,
    Organization,
    Person,
    Role,
    VoidedArrival,
)
from lienthong.office.packets import release_status, withdraw_status
from lienthong.office.people.access import require
from lienthong.office.people.actors import record, service_of
from lienthong.office.people.calendar import calendar_of
from lienthong.office.people.notices import notify_role
from lienthong.office.workflow import incoming as workflow
from lienthong.standards.deadlines import present_deadline
from lienthong.standards.statuses import StatusCode, Urgency, Words

IN_ONE_ROUND = 100
UNPRESENTED = Q(state__in=[IncomingState.ARRIVED, IncomingState.ACCEPTED], presented_at=None)
"""What the clerk still has; the index is of these rows."""


def due_at(organization: Organization, urgency: int, arrived_at: datetime) -> datetime:
    """By when a document that came now is presented: kept with it, whatever the calendar says later."""
    within = timedelta(minutes=organization.urgent_minutes)
    return present_deadline(
        arrived_at, Urgency(urgency), calendar=calendar_of(organization), urgent_within=within
    )  # fmt: skip


def undoable_until(document: IncomingDocument) -> datetime:
    """Until when an acceptance can be undone; of what is urgent never. The sender hears of it on the same day
    (Article 21.2c), so midnight ends it as well."""
    accepted = document.accepted_at
    if accepted is None:
        raise ValueError("the document is not accepted")
    if document.urgency:
        return accepted
    allowed = accepted + timedelta(minutes=document.organization.undo_minutes)
    return max(accepted, min(allowed, end_of_day(accepted)))


def end_of_day(at: datetime) -> datetime:
    """When the day ends for what has to be told on it: five minutes before midnight, for the way to the sender."""
    return timezone.localtime(at).replace(hour=23, minute=55, second=0, microsecond=0)


def present(document: IncomingDocument, *, actor: Person | Actor, at: datetime) -> None:
    """Present an accepted document to the leaders; the sender is told at the latest now (03).

    Raises:
        Forbidden: not the clerk; IllegalMove: it is not accepted, or presented before.
    """
    by = actor if isinstance(actor, Person) else None
    if by is not None:
        require(by, Role.CLERK)
    with transaction.atomic():
        workflow.hold(document)
        _require_unfrozen(document)
        waiting = IncomingDocument.objects.filter(pk=document.pk, state=IncomingState.ACCEPTED, presented_at=None)
        if not waiting.update(presented_at=at, presented_by=by):
            document.refresh_from_db(fields=["state", "presented_at"])
            raise IllegalMove(state="đã trình" if document.presented_at else document.get_state_display())
        document.presented_at, document.presented_by = at, by
        release_status(document, at=at)
        record(OfficeEvent.INCOMING_PRESENTED, actor, document, at)
        number = document.printed_number
        words = Words(f"Văn bản {number} chờ chỉ đạo", f"{number} awaits instruction")
        notify_role(document, Role.LEADER, words, at=at)


def note_presented(document: IncomingDocument, *, at: datetime) -> None:
    """A leader took it up before the clerk presented it: from now on it is presented."""
    if IncomingDocument.objects.filter(pk=document.pk, presented_at=None).update(presented_at=at):
        document.presented_at = at


def undo(document: IncomingDocument, *, reason: str, actor: Person, at: datetime) -> None:
    """Undo an acceptance that nobody has heard of: it waits to be accepted again, its arrival number is voided and
    stays in the register, the notice to the sender (03) never leaves.

    Raises:
        Forbidden; WhyUndone; UndoTooLate: it was presented, the time is over, or the sender knows of it.
    """
    require(actor, Role.CLERK)
    why = reason.strip()
    if len(why) < SHORTEST_REASON:
        raise WhyUndone()
    with transaction.atomic():
        row = IncomingDocument.objects.select_for_update(of=["self"]).select_related("organization").get(pk=document.pk)
        _require_unfrozen(row)
        year, number, taken_at, taken_by = _number_of(row, at)
        if row.way == IncomingWay.HUB and not withdraw_status(row, StatusCode.ACCEPTED):
            raise UndoTooLate(why="bên gửi đã được báo (03)", why_en="its sender was told (03)")
        VoidedArrival.objects.create(
            organization=row.organization, document=row, year=year, number=number, taken_at=taken_at,
            taken_by=taken_by, voided_at=at, voided_by=actor, reason=why,
        )  # fmt: skip
        record(OfficeEvent.INCOMING_UNDONE, actor, row, at, arrival_number=number, reason=why)
        workflow.advance(
            document, to=IncomingState.ARRIVED, accepted_at=None, accepted_by=None, arrival_number=None,
            arrival_year=None,
        )  # fmt: skip


def _require_unfrozen(document: IncomingDocument) -> None:
    """A recall freezes the document at once: nobody hears of what is to be destroyed (Article 9.2)."""
    if recalls.pending(document) is not None:
        raise Frozen()


def can_undo(document: IncomingDocument, at: datetime) -> bool:
    """Whether the page offers it."""
    accepted = document.state == IncomingState.ACCEPTED and document.presented_at is None
    return accepted and at < undoable_until(document)


def _number_of(document: IncomingDocument, at: datetime) -> tuple[int, int, datetime, Person]:
    """The arrival number of what can be undone: year, number, when and by whom taken. Raises `UndoTooLate`."""
    year, number = document.arrival_year, document.arrival_number
    taken_at, taken_by = document.accepted_at, document.accepted_by
    accepted = document.state == IncomingState.ACCEPTED
    if not accepted or year is None or number is None or taken_at is None or taken_by is None:
        raise UndoTooLate(why="văn bản không ở bước đã tiếp nhận", why_en="it does not stand at «accepted»")
    if document.presented_at is not None:
        raise UndoTooLate(why="đã trình lãnh đạo", why_en="it was presented to the leaders")
    if at >= undoable_until(document):
        minutes = document.organization.undo_minutes
        raise UndoTooLate(why=f"đã quá {minutes} phút", why_en=f"more than {minutes} minutes have passed")
    return year, number, taken_at, taken_by


# -- by itself -------------------------------------------------------------------------------------------------------


def present_waiting(organization: Organization, *, at: datetime) -> int:
    """Present what nobody can undo any more; gives how many."""
    since = at - timedelta(minutes=organization.undo_minutes)
    done = 0
    for document in _of(organization).filter(state=IncomingState.ACCEPTED, accepted_at__lte=since)[:IN_ONE_ROUND]:
        if present_if_waiting(document, at=at):
            done += 1
    return done


def present_if_waiting(document: IncomingDocument, *, at: datetime) -> bool:
    """Present it by the system's hand; False when somebody was faster."""
    try:
        present(document, actor=service_of(document.organization), at=at)
    except (IllegalMove, Frozen):
        return False
    return True


def raise_alarms(organization: Organization, *, at: datetime) -> int:
    """Tell leaders and clerks of what was not presented in time, once; gives how many (R-6.2-5, D30-23-1)."""
    raised = 0
    for document in _of(organization).filter(present_due_at__lte=at, escalated_at=None)[:IN_ONE_ROUND]:
        if recalls.pending(document) is not None:
            continue
        with transaction.atomic():
            still = IncomingDocument.objects.filter(UNPRESENTED, pk=document.pk, escalated_at=None)
            if not still.update(escalated_at=at):
                continue
            record(OfficeEvent.INCOMING_LATE, service_of(organization), document, at)
            number, sender = document.printed_number, document.sender_name
            words = Words(
                f"Quá hạn trình: {number} của {sender} chưa được trình",
                f"Not presented in time: {number} from {sender}",
            )
            for role in (Role.LEADER, Role.CLERK):
                notify_role(document, role, words, at=at, urgent=True)
        raised += 1
    return raised


def _of(organization: Organization) -> QuerySet[IncomingDocument]:
    waiting = IncomingDocument.objects.filter(UNPRESENTED, organization=organization)
    return waiting.select_related("organization").order_by("present_due_at")
