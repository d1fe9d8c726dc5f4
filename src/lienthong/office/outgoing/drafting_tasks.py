"""Giao soạn thảo: leaders give a unit or a person a document to write, heads give it to people of their units; it is
begun, given back, dropped, and done with the issue of what was begun (Decree 30/2020, Article 10.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import DeadlineOutOfBounds, Forbidden, Missing, require_why
from lienthong.office.models import DraftingState, DraftingTask, OutgoingDocument, Person, Role, Unit
from lienthong.office.outgoing.drafting_task_errors import NoDraftingTask
from lienthong.office.people import access
from lienthong.office.people.actors import actor_of
from lienthong.office.people.notices import ring
from lienthong.office.people.typed import line_of, text_of
from lienthong.office.workflow import drafting_tasks as workflow
from lienthong.standards.doctypes import DocumentType
from lienthong.standards.statuses import Words

S = DraftingState
LONGEST_SUBJECT, LONGEST_GUIDANCE, LONGEST_REASON = 500, 5_000, 500


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


# -- who sees it, and who does what ----------------------------------------------------------------------------------


def seen_by(person: Person) -> QuerySet[DraftingTask]:
    """What this person gave, has to write, or has in the units that they head; nothing else, and administrators
    nothing at all."""
    own = DraftingTask.objects.filter(organization_id=person.organization_id)
    if Role.ADMINISTRATOR in access.roles(person):
        return own.none()
    seen = Q(given_by=person) | Q(person=person) | Q(unit_id__in=access.units_led(person))
    return own.filter(seen).select_related("unit", "person", "given_by", "document", "organization")


def one(person: Person, pk: int) -> DraftingTask:
    """One of them. Raises `NoDraftingTask` when there is none, or none for this person."""
    found = seen_by(person).filter(pk=pk).first()
    if found is None:
        raise NoDraftingTask()
    return found


def waiting_for(person: Person) -> QuerySet[DraftingTask]:
    """What this person has to begin, or to give to one of the unit, the most urgent and first due before the others."""
    mine = Q(person=person) | Q(person=None, unit_id__in=access.units_led(person))
    return seen_by(person).filter(mine, state=S.TO_DO, document=None).order_by("-urgency", "due_at", "pk")


def may_give(person: Person) -> bool:
    """Whether there is anybody whom this person gives something to write."""
    held = access.roles(person)
    return Role.ADMINISTRATOR not in held and bool(held & {Role.LEADER.value, Role.UNIT_HEAD.value})


def may_choose(person: Person, unit: Unit) -> bool:
    """Whether the person may name one of this unit: leaders everywhere, heads where they lead."""
    return may_give(person) and (Role.LEADER in access.roles(person) or unit.pk in access.units_led(person))


def writers(person: Person) -> list[tuple[Unit, list[Person]]]:
    """Whom this person may name: who writes documents, unit by unit."""
    held = access.posts_on(timezone.localdate()).filter(
        unit__organization_id=person.organization_id, role__in=access.DRAFTERS, person__user__is_active=True
    )
    found = dict[int, tuple[Unit, dict[int, Person]]]()
    for post in held.select_related("person", "unit").order_by("unit__name", "person__sort_key"):
        if may_choose(person, post.unit):
            found.setdefault(post.unit_id, (post.unit, {}))[1][post.person_id] = post.person
    return [(unit, list(people.values())) for unit, people in found.values()]


def can_pass_on(person: Person, task: DraftingTask) -> bool:
    """Whether the person says who of the unit writes it: its head, as long as nothing is begun."""
    return _is_waiting(task) and task.to_unit and task.unit_id in access.units_led(person)


def can_begin(person: Person, task: DraftingTask) -> bool:
    """Whether the person begins the draft from it."""
    return _is_waiting(task) and task.person_id == person.pk


def can_give_back(person: Person, task: DraftingTask) -> bool:
    """Whether the person has it: who is to write it; of what nobody of the unit has, the head."""
    return _is_waiting(task) and _has(person, task)


def can_drop(person: Person, task: DraftingTask) -> bool:
    """Whether the person ends it: who gave it."""
    return task.state == S.TO_DO and task.given_by_id == person.pk


def _has(person: Person, task: DraftingTask) -> bool:
    if task.person_id is not None:
        return task.person_id == person.pk
    return task.unit_id in access.units_led(person)


def _is_waiting(task: DraftingTask) -> bool:
    return task.state == S.TO_DO and task.document_id is None


# -- acts ------------------------------------------------------------------------------------------------------------


def give(wish: Wish, *, actor: Person, at: datetime) -> DraftingTask:
    """Give somebody a document to write; whoever has it now is told.

    Raises:
        Forbidden: neither a leader, nor the head of the unit; a head names somebody.
        Missing: what about; who is named writes no documents in this unit. TextTooLong.
        DeadlineOutOfBounds: it is over.
    """
    if not may_choose(actor, wish.unit) or wish.unit.organization_id != actor.organization_id:
        raise Forbidden(
            who="lãnh đạo, hoặc trưởng đơn vị đối với đơn vị mình", who_en="leaders, and heads for their units"
        )
    if wish.person is None and Role.LEADER not in access.roles(actor):
        raise Missing(what="người soạn thảo", what_en="who writes it")
    subject = line_of(wish.subject, LONGEST_SUBJECT, Words("Về việc", "What about"))
    guidance = text_of(wish.guidance, LONGEST_GUIDANCE, Words("Căn cứ, gợi ý", "Basis and guidance"))
    if not subject:
        raise Missing(what="về việc gì", what_en="what it is about")
    _require_writer(wish.person, wish.unit)
    if wish.due_at is not None and wish.due_at <= at:
        raise DeadlineOutOfBounds(bound="—")
    with transaction.atomic():
        made = DraftingTask.objects.create(
            organization=actor.organization, unit=wish.unit, person=wish.person, to_unit=wish.person is None,
            type_name=wish.kind.name, subject=subject, guidance=guidance, urgency=wish.urgency, due_at=wish.due_at,
            given_by=actor, given_at=at,
        )  # fmt: skip
        due = wish.due_at.isoformat() if wish.due_at else None
        _note(OfficeEvent.DRAFTING_GIVEN, made, actor, at, unit=wish.unit.abbreviation, to=_login(wish.person), due=due)
        _tell(_holders(made), actor, made, Words("Giao soạn thảo", "To be written"), at)
    return made


def pass_on(task: DraftingTask, person: Person | None, *, actor: Person, at: datetime) -> None:
    """The head of the unit says who of it writes what came to the unit.

    Raises:
        Forbidden; IllegalMove: it is begun or ended. Missing: nobody who writes documents in the unit.
    """
    if not task.to_unit or task.unit_id not in access.units_led(actor):
        raise Forbidden(who=f"trưởng đơn vị {task.unit.name}", who_en=f"the head of {task.unit.name}")
    if person is None:
        raise Missing(what="người soạn thảo", what_en="who writes it")
    _require_writer(person, task.unit)
    with transaction.atomic():
        workflow.change(task, person=person)
        _note(OfficeEvent.DRAFTING_PASSED_ON, task, actor, at, to=_login(person))
        _tell([person], actor, task, Words("Giao soạn thảo", "To be written"), at)


def require_begins(task: DraftingTask, actor: Person) -> None:
    """Raises `Forbidden`: it is begun by who is to write it."""
    if task.person_id != actor.pk:
        raise Forbidden(who="người được giao soạn thảo", who_en="who was given it to write")


def begin(task: DraftingTask, document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """The draft is begun from it, in the transaction of the draft.

    Raises:
        Forbidden; IllegalMove: it is begun or ended.
    """
    require_begins(task, actor)
    workflow.change(task, document=document)
    _note(OfficeEvent.DRAFTING_BEGUN, task, actor, at, document=document.pk)


def give_back(task: DraftingTask, *, reason: str, actor: Person, at: datetime) -> None:
    """Whoever has it gives it back: to the head what the head passed on, to the giver everything else.

    Raises:
        Forbidden, ReasonNeeded, TextTooLong; IllegalMove: it is begun or ended.
    """
    if not _has(actor, task):
        raise Forbidden(who="người đang được giao soạn thảo", who_en="whoever has it to write")
    why = text_of(require_why(reason), LONGEST_REASON, Words("Lý do", "The reason"))
    to_head = task.to_unit and task.person_id is not None and task.unit_id not in access.units_led(actor)
    with transaction.atomic():
        if to_head:
            workflow.change(task, person=None, note=why)
        else:
            workflow.change(task, state=S.RETURNED, note=why, ended_at=at)
        _note(OfficeEvent.DRAFTING_GIVEN_BACK, task, actor, at, reason=why)
        people = access.heads_of(task.unit) if to_head else [task.given_by]
        _tell(people, actor, task, Words("Trả lại việc soạn thảo", "Given back"), at)


def drop(task: DraftingTask, *, reason: str, actor: Person, at: datetime) -> None:
    """The giver ends it: nothing is to be written any more. What was begun stays its drafter's.

    Raises:
        Forbidden, ReasonNeeded, TextTooLong; IllegalMove: it ended.
    """
    if task.given_by_id != actor.pk:
        raise Forbidden(who="người đã giao", who_en="who gave it")
    why = text_of(require_why(reason), LONGEST_REASON, Words("Lý do", "The reason"))
    with transaction.atomic():
        workflow.end(task, to=S.DROPPED, note=why, ended_at=at)
        _note(OfficeEvent.DRAFTING_DROPPED, task, actor, at, reason=why)
        _tell(_holders(task), actor, task, Words("Thôi giao soạn thảo", "Need not be written"), at)


def note_issued(document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """With the issue of a document, in its transaction: what it was begun from is done, and its giver is told."""
    task = workflow.of_document(document)
    if task is None:
        return
    workflow.end(task, to=S.DONE, ended_at=at)
    _note(OfficeEvent.DRAFTING_DONE, task, actor, at, document=document.pk, number=document.printed_number)
    number = document.printed_number
    _tell([task.given_by], actor, task, Words(f"Đã phát hành {number}", f"Issued as {number}"), at)


def _require_writer(person: Person | None, unit: Unit) -> None:
    """Raises `Missing`: what is given to the unit needs somebody who heads it."""
    held = access.posts_on(timezone.localdate()).filter(unit=unit, person__user__is_active=True)
    if person is None and not held.filter(role=Role.UNIT_HEAD).exists():
        raise Missing(
            what="người soạn thảo (đơn vị chưa có trưởng đơn vị)", what_en="who writes it: the unit has no head"
        )
    if person is not None and not held.filter(person=person, role__in=access.DRAFTERS).exists():
        raise Missing(what="người soạn thảo của đơn vị", what_en="somebody of the unit who writes documents")


def _holders(task: DraftingTask) -> list[Person]:
    return [task.person] if task.person else access.heads_of(task.unit)


def _tell(people: Iterable[Person], actor: Person, task: DraftingTask, what: Words, at: datetime) -> None:
    words = Words(f"{what.vi}: {task.type_name} {task.subject}", f"{what.en}: {task.type_name} {task.subject}")
    ring([one for one in people if one.pk != actor.pk], words, link=link(task), at=at, urgent=bool(task.urgency))


def link(task: DraftingTask) -> str:
    """Where it is seen."""
    return f"/van-ban-di/giao-soan/{task.pk}/"


def _login(person: Person | None) -> str | None:
    return person.user.get_username() if person else None


def _note(event: OfficeEvent, task: DraftingTask, actor: Person, at: datetime, **data: object) -> None:
    subject = Subject("drafting_task", str(task.pk))
    into_journal(event, actor=actor_of(actor), subject=subject, at=at, **data)
