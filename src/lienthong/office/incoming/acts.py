"""What people do with an incoming document. Each act is one transaction: the move, the journal event, the status that
goes back to the sender, and the notices it gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

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
from lienthong.office.incoming import amendments, anomalies, presenting, recalls
from lienthong.office.incoming.act_errors import ReasonTooShort
from lienthong.office.models import (
    Amendment,
    Assignment,
    DirectoryAgency,
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
    heads_of,
    instead_of,
    people_with,
    require,
    require_head_of,
    roles,
    units_led,
    units_led_instead,
    works_in,
)
from lienthong.office.people.actors import in_place_of, record
from lienthong.office.people.notices import notify
from lienthong.office.registers import take_arrival_number
from lienthong.office.workflow import incoming as workflow
from lienthong.standards.statuses import RefusalReason, StatusCode, Words, write_refusal

REFUSAL_TEXT = (10, 500)
"""Shortest and longest explanation of a refusal, in characters (products of the field: requirements §5.2)."""


def accept(document: IncomingDocument, *, actor: Person, at: datetime) -> int:
    """Accept: enter the document in the arrival register and tell the sender (03; Article 9.1, Decree 30, Article 22).
    What is urgent is presented with it; else the clerk may still undo it for a while, in which 03 is held back.

    Returns:
        The arrival number, gap-free in the year.

    Raises:
        IllegalMove: it was accepted, refused or recalled before.
        AnswerFirst: it is an update of another document.
    """
    require(actor, Role.CLERK)
    with transaction.atomic():
        workflow.hold(document)
        require_unfrozen(document)
        _require_no_update(document)
        # The number is taken after the move: who loses the move takes none, so no number is lost.
        workflow.accept(document, accepted_at=at, accepted_by=actor)
        number, year = take_arrival_number(document.organization, at=at)
        IncomingDocument.objects.filter(pk=document.pk).update(arrival_number=number, arrival_year=year)
        record(OfficeEvent.INCOMING_ACCEPTED, actor, document, at, arrival_number=number)
        amendments.settle_correction(document, actor=actor, at=at)
        queue_status(
            document, StatusCode.ACCEPTED, description=f"Đã tiếp nhận, số đến {number}", staff=actor, at=at,
            hold_until=presenting.undoable_until(document),
        )  # fmt: skip
        if presenting.undoable_until(document) <= at:
            presenting.present(document, actor=actor, at=at)
    return number


def set_origin(document: IncomingDocument, *, origin: str, actor: Person, at: datetime) -> None:
    """Say how the document came to be, where its file does not show it or shows it wrongly (R-3.1-1).

    Raises:
        Forbidden; Missing: the origin is none that the law knows; Frozen; IllegalMove: it is destroyed.
    """
    require(actor, Role.CLERK)
    if origin not in Origin:
        raise Missing(what="nguồn gốc văn bản", what_en="the origin of the document")
    require_unfrozen(document)
    with transaction.atomic():
        known = IncomingDocument.objects.filter(pk=document.pk).exclude(state=IncomingState.CANCELLED)
        if not known.update(origin=origin):
            raise IllegalMove(state=IncomingState.CANCELLED.label)
        record(OfficeEvent.ORIGIN_SET, actor, document, at, origin=origin, before=document.origin)


def refuse(
    document: IncomingDocument, *, reason: RefusalReason, text: str, actor: Person, at: datetime,
    belongs_to: DirectoryAgency | None = None,
) -> None:  # fmt: skip
    """Refuse and return, with a reason the sender can act upon (02; Article 5.4); of what was misdirected, to whom it
    belongs. What is more than a slip is told to who answers for it (Decree 30, 21.2b).

    Raises:
        RefusalNeedsReason: the explanation is too short or too long.
        IllegalMove: it is no longer waiting to be accepted.
    """
    require(actor, Role.CLERK)
    text = " ".join(text.split())
    if not REFUSAL_TEXT[0] <= len(text) <= REFUSAL_TEXT[1]:
        raise RefusalNeedsReason()
    if belongs_to is not None:
        text = f"{text} Nơi nhận đúng: {belongs_to.name} ({belongs_to.code})."
    with transaction.atomic():
        workflow.hold(document)
        require_unfrozen(document)
        _require_no_update(document)
        if (amendment := amendments.pending(document)) is not None:
            amendments.decline(amendment, reason=text, actor=actor, at=at)  # what is returned replaces nothing here
        workflow.advance(
            document, to=IncomingState.REFUSED, refused_at=at, refusal_reason=reason.value, refusal_text=text
        )
        record(OfficeEvent.INCOMING_REFUSED, actor, document, at, reason=reason.value)
        amendments.settle_correction(document, actor=actor, at=at)
        queue_status(document, StatusCode.REFUSED, description=write_refusal(reason, text), staff=actor, at=at)
        if reason in anomalies.SIGNS:
            anomalies.tell(document, reason.words, at=at)


@dataclass(frozen=True)
class Task:
    """One line of an instruction: who, how (lead, coordinate, inform), until when; `person` of the unit, where the
    leader names one (Decree 30, Article 23.2)."""

    kind: Assignment.Kind
    unit: Unit
    due_at: datetime | None = None
    person: Person | None = None


def instruct(
    document: IncomingDocument, *, text: str, tasks: Sequence[Task], actor: Person, at: datetime
) -> Instruction:
    """Write the leader's instruction and assign exactly one lead (04; Decree 30, Article 23).

    A later instruction takes the place of the one before: its open assignments end.

    Raises:
        NotRegistered, OneLead, DeadlineOutOfBounds, IllegalMove; Forbidden: a person who is not of the unit.
    """
    require(actor, Role.LEADER)
    if document.state == IncomingState.ARRIVED:
        raise NotRegistered()
    if sum(task.kind == Assignment.Kind.LEAD for task in tasks) != 1 or len({t.unit.pk for t in tasks}) != len(tasks):
        raise OneLead()
    lead_due = next(task.due_at for task in tasks if task.kind == Assignment.Kind.LEAD)
    for task in tasks:
        require_deadline_within(task.due_at, after=at, bound=lead_due)
        _require_of_unit(task.person, task.unit)
    with transaction.atomic():
        workflow.hold(document)
        require_unfrozen(document)
        presenting.note_presented(document, at=at)
        workflow.advance(document, to=IncomingState.ASSIGNED)
        document.assignments.filter(ended_at__isnull=True).update(ended_at=at)
        instruction = Instruction.objects.create(document=document, person=actor, at=at, text=text.strip())
        for task in tasks:
            Assignment.objects.create(
                instruction=instruction, document=document, kind=task.kind, unit=task.unit, due_at=task.due_at,
                person=task.person,
            )  # fmt: skip
        record(OfficeEvent.INCOMING_ASSIGNED, actor, document, at, units=[task.unit.abbreviation for task in tasks])
        queue_status(document, StatusCode.ASSIGNED, description="Đã chuyển xử lý", staff=actor, at=at)
        words = Words(f"Được giao {document.printed_number}", f"Assigned: {document.printed_number}")
        for task in tasks:
            notify([*heads_of(task.unit), *filter(None, [task.person])], document, words, at=at)
    return instruction


def hand_to_person(
    assignment: Assignment, *, person: Person, due_at: datetime | None, text: str, actor: Person, at: datetime
) -> None:
    """A unit head gives the unit's task to one of its people, not later than the leader's deadline (R: D30-24-2); to
    another one later, or with another deadline.

    Raises:
        Forbidden: the person does not work in the unit.
        DeadlineOutOfBounds, IllegalMove.
    """
    away = _head_stood_in_for(assignment.unit, actor)
    with transaction.atomic():
        document = hold(assignment)
        require_unfrozen(document)
        _require_of_unit(person, assignment.unit)
        require_deadline_within(due_at, after=at, bound=assignment.due_at)
        change_open(assignment, person=person, person_due_at=due_at, reminded="")
        Instruction.objects.create(
            document=document, person=actor, instead_of=away, at=at, text=text.strip(), on_assignment=assignment
        )  # fmt: skip
        record(OfficeEvent.INCOMING_HANDED_ON, actor, document, at, person=person.full_name, **in_place_of(away))
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
    if assignment.kind != Assignment.Kind.LEAD:
        raise Forbidden(who="người chủ trì", who_en="the lead")
    with transaction.atomic():
        document = hold(assignment)
        away = require_assigned(assignment, actor)
        require_unfrozen(document)
        # Only the move out of "assigned" tells the sender: whoever starts later finds the work begun.
        first = workflow.begin(document)
        who = (away or actor) if assignment.started_at is None else assignment.person
        change_open(assignment, started_at=assignment.started_at or at, person=who)
        record(OfficeEvent.INCOMING_STARTED, actor, document, at, **in_place_of(away))
        if first:
            queue_status(document, StatusCode.PROCESSING, description="Đang xử lý", staff=actor, at=at)


def contribute(assignment: Assignment, *, result: str, actor: Person, at: datetime) -> None:
    """Close the part of a coordinating unit, with its opinion. Raises `Missing` without one."""
    with transaction.atomic():
        document = hold(assignment)
        away = require_assigned(assignment, actor)
        require_unfrozen(document)
        if assignment.kind != Assignment.Kind.COORDINATE:
            raise Forbidden(who="đơn vị phối hợp", who_en="a coordinating unit")
        if not result.strip():
            raise Missing(what="ý kiến", what_en="the opinion")
        change_open(assignment, finished_at=at, result=result.strip(), person=away or actor)
        record(OfficeEvent.INCOMING_CONTRIBUTED, actor, document, at, **in_place_of(away))
        number, unit = document.printed_number, assignment.unit.name
        words = Words(f"{unit} đã cho ý kiến về {number}", f"{unit} gave its opinion on {number}")
        for lead in document.assignments.filter(kind=Assignment.Kind.LEAD, ended_at=None).select_related("person"):
            notify([lead.person] if lead.person else heads_of(lead.unit), document, words, at=at)


def propose(assignment: Assignment, *, text: str, actor: Person, at: datetime) -> None:
    """Who works on it proposes how to settle it, for the slip and the leader (Annex IV, VII.3); a later proposal takes
    the place of the one before.

    Raises:
        Forbidden: not the lead's; Missing: no proposal; Frozen, IllegalMove.
    """
    if assignment.kind != Assignment.Kind.LEAD:
        raise Forbidden(who="người chủ trì", who_en="the lead")
    with transaction.atomic():
        document = hold(assignment)
        away = require_assigned(assignment, actor)
        require_unfrozen(document)
        if not text.strip():
            raise Missing(what="ý kiến đề xuất", what_en="the proposal")
        change_open(assignment, result=text.strip(), proposed_at=at, proposed_by=actor)
        record(OfficeEvent.INCOMING_PROPOSED, actor, document, at, **in_place_of(away))
        number = document.printed_number
        words = Words(f"Có ý kiến đề xuất về {number}", f"A proposal was made on {number}")
        notify(deciders(assignment), document, words, at=at)


def hand_back(assignment: Assignment, *, reason: str, actor: Person, at: datetime) -> None:
    """A unit head hands the unit's task back to the leader: it is another unit's (Decree 30, Article 23.2). What the
    lead hands back waits for an instruction again; the sender's thread stays with the document (defect C4).

    Raises:
        Forbidden: not the unit's head; ReasonTooShort, Frozen, IllegalMove.
    """
    away = _head_stood_in_for(assignment.unit, actor)
    with transaction.atomic():
        document = hold(assignment)
        require_unfrozen(document)
        why = require_reason(reason)
        change_open(assignment, ended_at=at)
        Instruction.objects.create(
            document=document, person=actor, instead_of=away, at=at, text=why, on_assignment=assignment
        )  # fmt: skip
        if assignment.kind == Assignment.Kind.LEAD:
            workflow.hand_back(document)
            document.assignments.filter(ended_at__isnull=True).update(ended_at=at)
        unit_code = assignment.unit.abbreviation
        record(OfficeEvent.INCOMING_HANDED_BACK, actor, document, at, unit=unit_code, **in_place_of(away))
        number, unit = document.printed_number, assignment.unit.name
        words = Words(f"{unit} chuyển lại {number}", f"{unit} hands {number} back")
        notify(deciders(assignment), document, words, at=at)


def finish(document: IncomingDocument, *, outcome: str, actor: Person, at: datetime) -> None:
    """Finish the work; the sender is told at once, without a second click (06; Article 9.2).

    Raises:
        Missing: no outcome is given.
        IllegalMove: it was not accepted, or is finished or recalled.
    """
    with transaction.atomic():
        workflow.hold(document)
        away = _require_lead(document, actor)
        require_unfrozen(document)
        if not outcome.strip():
            raise Missing(what="kết quả xử lý", what_en="the outcome")
        workflow.advance(document, to=IncomingState.FINISHED, finished_at=at, outcome=outcome.strip())
        document.assignments.filter(ended_at__isnull=True, finished_at__isnull=True).update(finished_at=at)
        record(OfficeEvent.INCOMING_FINISHED, actor, document, at, **in_place_of(away))
        queue_status(document, StatusCode.FINISHED, description=outcome.strip()[:500], staff=actor, at=at)


def _require_of_unit(person: Person | None, unit: Unit) -> None:
    """Raises `Forbidden`: somebody is named who does not work in the unit."""
    if person is not None and not works_in(unit).filter(pk=person.pk).exists():
        raise Forbidden(who="người của đơn vị được giao", who_en="people of the assigned unit")


def deciders(assignment: Assignment) -> list[Person]:
    """Who decides about a task: the leader who gave it, or any once that one leads no more, or never did."""
    giver, leaders = assignment.instruction.person, list(people_with(assignment.document.organization_id, Role.LEADER))
    return [giver] if giver in leaders else leaders


def hold(assignment: Assignment) -> IncomingDocument:
    """The document of a task, held until the transaction ends (`workflow.hold`); the task says how it stands by now."""
    workflow.hold(assignment.document)
    assignment.refresh_from_db(fields=["person", "due_at", "person_due_at", "started_at"])
    return assignment.document


def change_open(assignment: Assignment, **fields: object) -> None:
    """Change a task that is still open. Raises `IllegalMove`."""
    still = Assignment.objects.filter(pk=assignment.pk, ended_at__isnull=True, finished_at__isnull=True)
    if not still.update(**fields):
        raise IllegalMove(state="việc đã kết thúc")


def require_reason(text: str) -> str:
    """Why, in one line. Raises `ReasonTooShort`."""
    why = " ".join(text.split())
    if not REFUSAL_TEXT[0] <= len(why) <= REFUSAL_TEXT[1]:
        raise ReasonTooShort()
    return why


def require_deadline_within(due_at: datetime | None, *, after: datetime, bound: datetime | None) -> None:
    """Raises `DeadlineOutOfBounds` for a deadline that is over, or later than the one above it."""
    if due_at is None:
        return
    if due_at <= after or (bound is not None and due_at > bound):
        local = timezone.localtime(bound) if bound else None
        raise DeadlineOutOfBounds(bound=f"{local:%H:%M %d/%m/%Y}" if local else "—")


def require_unfrozen(document: IncomingDocument) -> None:
    """A recall freezes the document at once: nobody works on what is to be destroyed (Article 9.2)."""
    if recalls.pending(document) is not None:
        raise Frozen()


def _require_no_update(document: IncomingDocument) -> None:
    """An update is no document of its own: it is taken into the one that it updates, or not."""
    amendment = amendments.pending(document)
    if amendment is not None and amendment.kind == Amendment.Kind.UPDATE and amendment.document_id == document.pk:
        raise AnswerFirst()


def require_assigned(assignment: Assignment, actor: Person) -> Person | None:
    """In whose place somebody acts on a task that is another's; None on one's own, and for who heads the unit that has
    it. Raises `Forbidden`."""
    if assignment.person_id == actor.pk or assignment.unit_id in units_led(actor):
        return None
    away = instead_of(actor, assignment)
    if away is None:
        raise Forbidden(who="người được giao hoặc trưởng đơn vị", who_en="the assigned person or the unit's head")
    return away


def _head_stood_in_for(unit: Unit, actor: Person) -> Person | None:
    """In place of which head somebody hands out a unit's task, or back; None for the head. Raises `Forbidden`."""
    if unit.pk not in units_led(actor) and (away := units_led_instead(actor).get(unit.pk)) is not None:
        return away
    require_head_of(actor, unit)
    return None


def _require_lead(document: IncomingDocument, actor: Person) -> Person | None:
    """The lead's people finish the work; a leader may, and so may the clerk for what needs no work. Gives in whose
    place it is done. Raises `Forbidden`."""
    if roles(actor) & {Role.LEADER.value, Role.CLERK.value}:
        return None
    lead = document.assignments.filter(kind=Assignment.Kind.LEAD, ended_at__isnull=True).first()
    if lead is None:
        raise Forbidden(who="người chủ trì", who_en="the lead")
    return require_assigned(lead, actor)
