"""Giao soạn thảo: leaders give a unit or a person a document to write, heads give it to people of their units; it is
begun, given back, given anew, dropped, and done with the issue of what was begun (Decree 30/2020, Article 10.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Forbidden, Missing, require_why
from lienthong.office.models import DraftingState, DraftingTask, OutgoingDocument, Person, Role, Unit
from lienthong.office.outgoing.drafting_parts import (
    NOT_BEGUN,
    has,
    heads,
    instead_of,
    login,
    may_choose,
    note,
    tell,
    tell_former,
    turn_of,
    writes_in,
)
from lienthong.office.outgoing.drafting_task_errors import DraftingDueOver, GivenAlready
from lienthong.office.people import access
from lienthong.office.people.actors import in_place_of
from lienthong.office.people.typed import line_of, text_of
from lienthong.office.workflow import drafting_tasks as workflow
from lienthong.standards.doctypes import DocumentType
from lienthong.standards.statuses import Words

S = DraftingState
LONGEST_SUBJECT, LONGEST_GUIDANCE, LONGEST_REASON = 500, 5_000, 500
TO_WRITE = Words("Giao soạn thảo", "To be written")


@dataclass(frozen=True)
class Wish:
    """What is to be written, and by whom.

    Attributes:
        person: of the unit; None: the head of the unit says who.
        guidance: the basis and the guidance for it.
    """

    kind: DocumentType
    subject: str
    unit: Unit
    person: Person | None = None
    guidance: str = ""
    urgency: int = 0
    due_at: datetime | None = None


def give(wish: Wish, *, actor: Person, at: datetime) -> DraftingTask:
    """Give somebody a document to write; whoever has it now is told.

    Raises:
        Forbidden: neither a leader, nor the head of the unit; a head names somebody.
        Missing: what about; who is named writes no documents in this unit. TextTooLong.
        DraftingDueOver. GivenAlready: it stands there already, as where the button was pressed twice.
    """
    _require_may_give(wish.unit, wish.person, actor)
    subject = line_of(wish.subject, LONGEST_SUBJECT, Words("Về việc", "What about"))
    guidance = text_of(wish.guidance, LONGEST_GUIDANCE, Words("Căn cứ, gợi ý", "Basis and guidance"))
    if not subject:
        raise Missing(what="về việc gì", what_en="what it is about")
    _require_to_come(wish.due_at, at)
    with transaction.atomic():
        hold_people(actor, wish.person)
        _require_writer(wish.person, wish.unit)
        same = DraftingTask.objects.filter(NOT_BEGUN, given_by=actor, unit=wish.unit, person=wish.person)
        if same.filter(type_name=wish.kind.name, subject=subject).exists():
            raise GivenAlready()
        made = DraftingTask.objects.create(
            organization=actor.organization, unit=wish.unit, person=wish.person, to_unit=wish.person is None,
            type_name=wish.kind.name, subject=subject, guidance=guidance, urgency=wish.urgency, due_at=wish.due_at,
            given_by=actor, given_at=at,
        )  # fmt: skip
        _note_given(OfficeEvent.DRAFTING_GIVEN, made, actor, at)
    return made


def give_anew(
    task: DraftingTask, unit: Unit, person: Person | None, due_at: datetime | None, *, actor: Person, at: datetime
) -> None:
    """The giver gives it to others: what came back, and what nobody has begun.

    Args:
        due_at: None: it stays as it is.

    Raises:
        Forbidden, Missing, DraftingDueOver; IllegalMove: it is begun or ended.
    """
    _require_giver(task, actor)
    _require_may_give(unit, person, actor)
    _require_to_come(due_at, at)
    former = [] if task.state == S.RETURNED else turn_of(task)
    with transaction.atomic():
        hold_people(person)
        _require_writer(person, unit)
        until = {} if due_at is None else {"due_at": due_at}
        workflow.give_anew(task, unit=unit, person=person, to_unit=person is None, **until)
        _note_given(OfficeEvent.DRAFTING_GIVEN_ANEW, task, actor, at)
        now_has = {one.pk for one in turn_of(task)}
        tell_former([one for one in former if one.pk not in now_has], actor, task, at)


def pass_on(task: DraftingTask, person: Person | None, *, actor: Person, at: datetime) -> None:
    """The head of the unit, or who stands in for the head, says who of it writes what came to the unit.

    Raises:
        Forbidden; IllegalMove: it is begun or ended. Missing: nobody who writes documents in the unit.
    """
    if not heads(actor, task):
        raise Forbidden(who=f"trưởng đơn vị {task.unit.name}", who_en=f"the head of {task.unit.name}")
    if person is None:
        raise Missing(what="người soạn thảo", what_en="who writes it")
    own = task.unit_id in access.units_led(actor)
    away = None if own else access.units_led_instead(actor).get(task.unit_id)
    before = task.person
    with transaction.atomic():
        hold_people(person)
        _require_writer(person, task.unit)
        workflow.change(task, person=person)
        note(OfficeEvent.DRAFTING_PASSED_ON, task, actor, at, to=login(person), **in_place_of(away))
        tell([person], actor, task, TO_WRITE, at)
        if before is not None and before.pk != person.pk:
            tell_former([before], actor, task, at)


def require_begins(task: DraftingTask, actor: Person) -> None:
    """Raises `Forbidden`: it is begun by who is to write it, or who stands in for them."""
    if task.person_id is None or not has(actor, task):
        raise Forbidden(who="người được giao soạn thảo", who_en="who was given it to write")


def begin(task: DraftingTask, document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """The draft is begun from it, in the transaction of the draft.

    Raises:
        Forbidden; IllegalMove: it is begun or ended.
    """
    require_begins(task, actor)
    away = instead_of(actor, task)
    workflow.change(task, document=document)
    note(OfficeEvent.DRAFTING_BEGUN, task, actor, at, document=document.pk, **in_place_of(away))


def give_back(task: DraftingTask, *, reason: str, actor: Person, at: datetime) -> None:
    """Whoever has it gives it back: to the head what the head passed on, to the giver everything else.

    Raises:
        Forbidden, ReasonNeeded, TextTooLong; IllegalMove: it is begun or ended.
    """
    if not has(actor, task):
        raise Forbidden(who="người đang được giao soạn thảo", who_en="whoever has it to write")
    why, away = reason_of(reason), instead_of(actor, task)
    unit_heads = access.heads_of(task.unit) if task.to_unit and task.person is not None else []
    to_head = bool(unit_heads) and task.unit_id not in access.units_led(away or actor)
    with transaction.atomic():
        if to_head:
            workflow.change(task, person=None, note=why)
        else:
            workflow.change(task, state=S.RETURNED, note=why, ended_at=at)
        note(OfficeEvent.DRAFTING_GIVEN_BACK, task, actor, at, reason=why, **in_place_of(away))
        people = unit_heads if to_head else [task.given_by]
        tell(people, actor, task, Words("Trả lại việc soạn thảo", "Given back"), at)


def drop(task: DraftingTask, *, reason: str, actor: Person, at: datetime) -> None:
    """The giver ends it: nothing is to be written any more. What was begun stays its drafter's.

    Raises:
        Forbidden, ReasonNeeded, TextTooLong; IllegalMove: it ended.
    """
    _require_giver(task, actor)
    why, had = reason_of(reason), [] if task.state == S.RETURNED else _who_has(task)
    with transaction.atomic():
        workflow.end(task, to=S.DROPPED, note=why, ended_at=at)
        note(OfficeEvent.DRAFTING_DROPPED, task, actor, at, reason=why)
        tell(had, actor, task, Words("Thôi giao soạn thảo", "Need not be written"), at)


def note_issued(document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """With the issue of a document, in its transaction: what it was begun from is done, and its giver is told."""
    task = workflow.of_document(document)
    if task is None:
        return
    workflow.end(task, to=S.DONE, ended_at=at)
    note(OfficeEvent.DRAFTING_DONE, task, actor, at, document=document.pk, number=document.printed_number)
    number = document.printed_number
    tell([task.given_by], actor, task, Words(f"Đã phát hành {number}", f"Issued as {number}"), at)


def note_voided(document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """With the voiding of a document's number, in its transaction: nothing follows from that document, so what it was
    begun from is to be begun again, and who has it and who gave it are told."""
    task = workflow.of_document(document)
    if task is None:
        return
    number = document.printed_number
    workflow.reopen(task, note=f"Đã hủy số {number}")
    note(OfficeEvent.DRAFTING_REOPENED, task, actor, at, document=document.pk, number=number)
    words = Words(f"Đã hủy số {number}, soạn thảo lại", f"{number} is void, to be written again")
    tell([*turn_of(task), task.given_by], actor, task, words, at)


def hold_people(*people: Person | None) -> None:
    """In the transaction: an account that is being closed, and what comes to it, wait for each other."""
    keys = sorted({one.pk for one in people if one is not None})
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _who_has(task: DraftingTask) -> list[Person]:
    """Whose turn it is; of what is handed in, its drafter."""
    return turn_of(task) or ([task.document.drafter] if task.document else [])


def _note_given(event: OfficeEvent, task: DraftingTask, actor: Person, at: datetime) -> None:
    due = task.due_at.isoformat() if task.due_at else None
    note(event, task, actor, at, unit=task.unit.abbreviation, to=login(task.person), due=due)
    tell(turn_of(task), actor, task, TO_WRITE, at)


def reason_of(reason: str) -> str:
    """Why, as it is kept. Raises `ReasonNeeded`, `TextTooLong`."""
    return text_of(require_why(reason), LONGEST_REASON, Words("Lý do", "The reason"))


def _require_giver(task: DraftingTask, actor: Person) -> None:
    if task.given_by_id != actor.pk:
        raise Forbidden(who="người đã giao", who_en="who gave it")


def _require_may_give(unit: Unit, person: Person | None, actor: Person) -> None:
    """Raises `Forbidden`; `Missing`: who is no leader gives it to somebody, not to the unit."""
    if not may_choose(actor, unit) or unit.organization_id != actor.organization_id:
        raise Forbidden(
            who="lãnh đạo, hoặc trưởng đơn vị đối với đơn vị mình", who_en="leaders, and heads for their units"
        )
    if person is None and Role.LEADER not in access.roles(actor):
        raise Missing(what="người soạn thảo", what_en="who writes it")


def _require_to_come(due_at: datetime | None, at: datetime) -> None:
    if due_at is not None and due_at <= at:
        raise DraftingDueOver()


def _require_writer(person: Person | None, unit: Unit) -> None:
    """Raises `Missing`: what is given to the unit needs somebody who heads it."""
    held = access.posts_on(timezone.localdate()).filter(unit=unit, person__user__is_active=True)
    if person is None and not held.filter(role=Role.UNIT_HEAD).exists():
        raise Missing(
            what="người soạn thảo (đơn vị chưa có trưởng đơn vị)", what_en="who writes it: the unit has no head"
        )
    if person is not None and not writes_in(person, unit):
        raise Missing(what="người soạn thảo của đơn vị", what_en="somebody of the unit who writes documents")
