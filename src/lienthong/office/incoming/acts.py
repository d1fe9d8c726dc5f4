"""What people do with an incoming document. Each act is one transaction: the move, the journal event, the status that
goes back to the sender, and the notices it gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import (
    AnswerFirst,
    DeadlineOutOfBounds,
    Forbidden,
    Frozen,
    IllegalMove,
    Missing,
    NotRegistered,
    OneLead,
    RefusalNeedsReason,
)
from lienthong.office.incoming import amendments, recalls
from lienthong.office.models import (
    Amendment,
    Assignment,
    IncomingDocument,
    IncomingState,
    Instruction,
    Origin,
    Person,
    Role,
    Unit,
)
from lienthong.office.packets import queue_status
from lienthong.office.people.access import (
    instead_of,
    require,
    require_head_of,
    roles,
    units_led,
    units_led_instead,
    works_in,
)
from lienthong.office.people.actors import record
from lienthong.office.people.notices import notify, notify_heads, notify_role
from lienthong.office.registers import take_arrival_number
from lienthong.office.workflow import incoming as workflow
from lienthong.standards.statuses import RefusalReason, StatusCode, Words

REFUSAL_TEXT = (10, 500)
"""Shortest and longest explanation of a refusal, in characters (products of the field: requirements §5.2)."""


def accept(document: IncomingDocument, *, actor: Person, at: datetime) -> int:
    """Accept: enter the document in the arrival register and tell the sender (03; Article 9.1, Decree 30, Article 22).

    Returns:
        The arrival number, gap-free in the year.

    Raises:
        IllegalMove: it was accepted, refused or recalled before.
        AnswerFirst: it is an update of another document.
    """
    require(actor, Role.CLERK)
    _require_open(document)
    _require_no_update(document)
    with transaction.atomic():
        # The number is taken after the move: who loses the move takes none, so no number is lost.
        workflow.advance(document, to=IncomingState.ACCEPTED, accepted_at=at, accepted_by=actor)
        number, year = take_arrival_number(document.organization, at=at)
        IncomingDocument.objects.filter(pk=document.pk).update(arrival_number=number, arrival_year=year)
        record(OfficeEvent.INCOMING_ACCEPTED, actor, document, at, arrival_number=number)
        queue_status(document, StatusCode.ACCEPTED, description=f"Đã tiếp nhận, số đến {number}", staff=actor, at=at)
        notify_role(
            document,
            Role.LEADER,
            Words(f"Văn bản {document.printed_number} chờ chỉ đạo", f"{document.printed_number} awaits instruction"),
            at=at,
        )
    return number


def set_origin(document: IncomingDocument, *, origin: str, actor: Person, at: datetime) -> None:
    """Say how the document came to be, where its file does not show it or shows it wrongly (R-3.1-1).

    Raises:
        Forbidden; Missing: the origin is none that the law knows; Frozen; IllegalMove: it is destroyed.
    """
    require(actor, Role.CLERK)
    if origin not in Origin:
        raise Missing(what="nguồn gốc văn bản", what_en="the origin of the document")
    _require_open(document)
    with transaction.atomic():
        known = IncomingDocument.objects.filter(pk=document.pk).exclude(state=IncomingState.CANCELLED)
        if not known.update(origin=origin):
            raise IllegalMove(state=IncomingState.CANCELLED.label)
        record(OfficeEvent.ORIGIN_SET, actor, document, at, origin=origin, before=document.origin)


def refuse(document: IncomingDocument, *, reason: RefusalReason, text: str, actor: Person, at: datetime) -> None:
    """Refuse and return, with a reason the sender can act upon (02; Article 5.4).

    Raises:
        RefusalNeedsReason: the explanation is too short or too long.
        IllegalMove: it is no longer waiting to be accepted.
    """
    require(actor, Role.CLERK)
    _require_open(document)
    text = " ".join(text.split())
    if not REFUSAL_TEXT[0] <= len(text) <= REFUSAL_TEXT[1]:
        raise RefusalNeedsReason()
    _require_no_update(document)
    with transaction.atomic():
        if (amendment := amendments.pending(document)) is not None:
            amendments.decline(amendment, reason=text, actor=actor, at=at)  # what is returned replaces nothing here
        workflow.advance(
            document, to=IncomingState.REFUSED, refused_at=at, refusal_reason=reason.value, refusal_text=text
        )
        record(OfficeEvent.INCOMING_REFUSED, actor, document, at, reason=reason.value)
        queue_status(document, StatusCode.REFUSED, description=f"{reason.value}: {text}", staff=actor, at=at)


@dataclass(frozen=True)
class Task:
    """One line of an instruction: who, how (lead, coordinate, inform), until when."""

    kind: Assignment.Kind
    unit: Unit
    due_at: datetime | None = None


def instruct(
    document: IncomingDocument, *, text: str, tasks: Sequence[Task], actor: Person, at: datetime
) -> Instruction:
    """Write the leader's instruction and assign exactly one lead (04; Decree 30, Article 23).

    A later instruction takes the place of the one before: its open assignments end.

    Raises:
        NotRegistered, OneLead, DeadlineOutOfBounds, IllegalMove.
    """
    require(actor, Role.LEADER)
    _require_open(document)
    if document.state == IncomingState.ARRIVED:
        raise NotRegistered()
    if sum(task.kind == Assignment.Kind.LEAD for task in tasks) != 1 or len({t.unit.pk for t in tasks}) != len(tasks):
        raise OneLead()
    lead_due = next(task.due_at for task in tasks if task.kind == Assignment.Kind.LEAD)
    for task in tasks:
        _require_deadline_within(task.due_at, after=at, bound=lead_due)
    with transaction.atomic():
        workflow.advance(document, to=IncomingState.ASSIGNED)
        document.assignments.filter(ended_at__isnull=True).update(ended_at=at)
        instruction = Instruction.objects.create(document=document, person=actor, at=at, text=text.strip())
        for task in tasks:
            Assignment.objects.create(
                instruction=instruction, document=document, kind=task.kind, unit=task.unit, due_at=task.due_at
            )
        record(OfficeEvent.INCOMING_ASSIGNED, actor, document, at, units=[task.unit.abbreviation for task in tasks])
        queue_status(document, StatusCode.ASSIGNED, description="Đã chuyển xử lý", staff=actor, at=at)
        for task in tasks:
            notify_heads(
                document,
                task.unit,
                Words(f"Được giao {document.printed_number}", f"Assigned: {document.printed_number}"),
                at=at,
            )
    return instruction


def hand_to_person(
    assignment: Assignment, *, person: Person, due_at: datetime | None, text: str, actor: Person, at: datetime
) -> None:
    """A unit head gives the unit's task to one of its people, not later than the leader's deadline (R: D30-24-2).

    Raises:
        Forbidden: the person does not work in the unit.
        DeadlineOutOfBounds, IllegalMove.
    """
    away = _head_stood_in_for(assignment.unit, actor)
    _require_open(assignment.document)
    if not works_in(assignment.unit).filter(pk=person.pk).exists():
        raise Forbidden(who="người của đơn vị được giao", who_en="people of the assigned unit")
    _require_deadline_within(due_at, after=at, bound=assignment.due_at)
    with transaction.atomic():
        changed = Assignment.objects.filter(pk=assignment.pk, ended_at__isnull=True, finished_at__isnull=True).update(
            person=person, due_at=due_at or assignment.due_at
        )
        if not changed:
            raise IllegalMove(state="việc đã kết thúc")
        document = assignment.document
        if text.strip():
            Instruction.objects.create(document=document, person=actor, instead_of=away, at=at, text=text.strip())
        record(OfficeEvent.INCOMING_HANDED_ON, actor, document, at, person=person.full_name, **_named(away))
        notify(
            [person],
            document,
            Words(f"Được giao xử lý {document.printed_number}", f"Assigned to you: {document.printed_number}"),
            at=at,
        )


def start(assignment: Assignment, *, actor: Person, at: datetime) -> None:
    """Begin to work on it, which tells the sender (05). A coordinating unit gives its opinion instead.

    Raises:
        Forbidden: not the lead's.
        IllegalMove: the document is finished, recalled or not assigned.
    """
    document = assignment.document
    if assignment.kind != Assignment.Kind.LEAD:
        raise Forbidden(who="người chủ trì", who_en="the lead")
    away = _require_assigned(assignment, actor)
    _require_open(document)
    with transaction.atomic():
        # Only the move out of "assigned" tells the sender: whoever starts later finds the work begun.
        first = workflow.begin(document)
        Assignment.objects.filter(pk=assignment.pk, started_at__isnull=True).update(started_at=at, person=away or actor)
        record(OfficeEvent.INCOMING_STARTED, actor, document, at, **_named(away))
        if first:
            queue_status(document, StatusCode.PROCESSING, description="Đang xử lý", staff=actor, at=at)


def contribute(assignment: Assignment, *, result: str, actor: Person, at: datetime) -> None:
    """Close the part of a coordinating unit, with its opinion. Raises `Missing` without one."""
    away = _require_assigned(assignment, actor)
    _require_open(assignment.document)
    if not result.strip():
        raise Missing(what="ý kiến", what_en="the opinion")
    with transaction.atomic():
        changed = Assignment.objects.filter(pk=assignment.pk, ended_at__isnull=True, finished_at__isnull=True).update(
            finished_at=at, result=result.strip(), person=away or actor
        )
        if not changed:
            raise IllegalMove(state="việc đã kết thúc")
        record(OfficeEvent.INCOMING_CONTRIBUTED, actor, assignment.document, at, **_named(away))


def finish(document: IncomingDocument, *, outcome: str, actor: Person, at: datetime) -> None:
    """Finish the work; the sender is told at once, without a second click (06; Article 9.2).

    Raises:
        Missing: no outcome is given.
        IllegalMove: it was not accepted, or is finished or recalled.
    """
    away = _require_lead(document, actor)
    _require_open(document)
    if not outcome.strip():
        raise Missing(what="kết quả xử lý", what_en="the outcome")
    with transaction.atomic():
        workflow.advance(document, to=IncomingState.FINISHED, finished_at=at, outcome=outcome.strip())
        document.assignments.filter(ended_at__isnull=True, finished_at__isnull=True).update(finished_at=at)
        record(OfficeEvent.INCOMING_FINISHED, actor, document, at, **_named(away))
        queue_status(document, StatusCode.FINISHED, description=outcome.strip()[:500], staff=actor, at=at)


def _require_deadline_within(due_at: datetime | None, *, after: datetime, bound: datetime | None) -> None:
    if due_at is None:
        return
    if due_at <= after or (bound is not None and due_at > bound):
        raise DeadlineOutOfBounds(bound=f"{bound:%H:%M %d/%m/%Y}" if bound else "—")


def _require_open(document: IncomingDocument) -> None:
    """A recall freezes the document at once: nobody works on what is to be destroyed (Article 9.2)."""
    if recalls.pending(document) is not None:
        raise Frozen()


def _require_no_update(document: IncomingDocument) -> None:
    """An update is no document of its own: it is taken into the one that it updates, or not."""
    amendment = amendments.pending(document)
    if amendment is not None and amendment.kind == Amendment.Kind.UPDATE and amendment.document_id == document.pk:
        raise AnswerFirst()


def _require_assigned(assignment: Assignment, actor: Person) -> Person | None:
    """In whose place somebody acts on an assignment that is another's; None on one's own. Raises `Forbidden`."""
    if assignment.person_id == actor.pk or assignment.unit_id in units_led(actor):
        return None
    away = instead_of(actor, assignment)
    if away is None:
        raise Forbidden(who="người được giao hoặc trưởng đơn vị", who_en="the assigned person or the unit's head")
    return away


def _head_stood_in_for(unit: Unit, actor: Person) -> Person | None:
    """In place of which head somebody hands out a unit's task; None for the head. Raises `Forbidden`."""
    if unit.pk not in units_led(actor) and (away := units_led_instead(actor).get(unit.pk)) is not None:
        return away
    require_head_of(actor, unit)
    return None


def _named(away: Person | None) -> dict[str, str]:
    """Who was away, as the journal says it beside who acted."""
    return {"instead_of": away.full_name, "instead_of_account": away.user.get_username()} if away else {}


def _require_lead(document: IncomingDocument, actor: Person) -> Person | None:
    """The lead's people finish the work; a leader may, and so may the clerk for what needs no work. Gives in whose
    place it is done. Raises `Forbidden`."""
    if roles(actor) & {Role.LEADER.value, Role.CLERK.value}:
        return None
    lead = document.assignments.filter(kind=Assignment.Kind.LEAD, ended_at__isnull=True).first()
    if lead is None:
        raise Forbidden(who="người chủ trì", who_en="the lead")
    return _require_assigned(lead, actor)
