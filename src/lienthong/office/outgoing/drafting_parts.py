"""Giao soạn thảo: who sees what was given to write, whose turn it is, who may do what, and who is told (Decree 30/2020,
Article 10.1). Whoever stands in for somebody away has what that person has, in their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import DraftingState, DraftingTask, OutgoingState, Person, Post, Role, Substituted, Unit
from lienthong.office.outgoing.drafting_task_errors import NoDraftingTask
from lienthong.office.people import access, standing_in
from lienthong.office.people.actors import actor_of
from lienthong.office.people.notices import ring
from lienthong.standards.statuses import Words

S = DraftingState
LISTED = "/van-ban-di/giao-soan/"
BEING_WRITTEN = Q(state=S.TO_DO) & (
    Q(document=None) | Q(document__state__in=[OutgoingState.DRAFT, OutgoingState.RETURNED])
)
"""What still is to be begun, or whose draft is not handed in: afterwards those who check and sign have it."""
NOT_BEGUN = Q(state=S.TO_DO, document=None)
_REVIEWERS, _SIGNER, _CLERK = _("người kiểm tra, người ký"), _("người ký"), _("văn thư")
_WITH: dict[str, Promise | str] = {
    OutgoingState.IN_REVIEW: _REVIEWERS, OutgoingState.APPROVED: _SIGNER, OutgoingState.SIGNED: _CLERK,
    OutgoingState.NUMBERED: _CLERK, OutgoingState.SEALED: _CLERK,
}  # fmt: skip
"""Who has a document that is handed in."""


# -- who sees it -----------------------------------------------------------------------------------------------------


def seen_by(person: Person) -> QuerySet[DraftingTask]:
    """What this person gave, has to write, or has in the units that they head, and what is open of that with those
    whom they stand in for today; nothing else, and administrators nothing at all."""
    own = DraftingTask.objects.filter(organization_id=person.organization_id)
    if Role.ADMINISTRATOR in access.roles(person):
        return own.none()
    seen = Q(given_by=person) | Q(person=person) | Q(unit_id__in=access.units_led(person))
    if away := standing_in.for_whom(person, Substituted.PROCESSING):
        seen |= Q(person__in=away, state=S.TO_DO)
    if units := access.units_led_instead(person):
        seen |= Q(unit_id__in=list(units), state=S.TO_DO)
    return own.filter(seen).select_related("unit", "person", "given_by", "document__drafter", "organization")


def one(person: Person, pk: int) -> DraftingTask:
    """One of them. Raises `NoDraftingTask` when there is none, or none for this person."""
    found = seen_by(person).filter(pk=pk).first()
    if found is None:
        raise NoDraftingTask()
    return found


def waiting_for(person: Person) -> QuerySet[DraftingTask]:
    """What this person has to begin, to give to one of the unit, or to give anew since it came back or nobody has it;
    the most urgent and first due before the others."""
    held = access.posts_on(timezone.localdate()).filter(person__user__is_active=True)
    writes = Exists(held.filter(person=OuterRef("person"), role__in=access.DRAFTERS))
    headed = Exists(held.filter(unit=OuterRef("unit"), role=Role.UNIT_HEAD))
    nobody = Q(person=None) | Q(~writes)
    mine = Q(person__in=[person, *standing_in.for_whom(person, Substituted.PROCESSING)])
    led = access.units_led(person) | access.units_led_instead(person).keys()
    mine |= nobody & Q(to_unit=True, unit_id__in=led)
    mine |= nobody & Q(given_by=person) & (Q(to_unit=False) | Q(~headed))
    came_back = Q(given_by=person, state=S.RETURNED)
    return seen_by(person).filter(NOT_BEGUN & mine | came_back).order_by("-urgency", "due_at", "pk")


def mark_away(person: Person, tasks: Iterable[DraftingTask]) -> None:
    """Each of these as `away`: in whose place the person has it."""
    for task in tasks:
        task.away = instead_of(person, task)  # type: ignore[attr-defined]


# -- whose turn it is ------------------------------------------------------------------------------------------------


def turn_of(task: DraftingTask) -> list[Person]:
    """Who goes on with it; nobody once it ended, or is handed in (`turn_in_words`)."""
    document = task.document
    if task.state == S.RETURNED:
        return [task.given_by]
    if task.state != S.TO_DO:
        return []
    if document is None:
        return _holders(task)
    if document.state == OutgoingState.RETURNED:
        return access.heads_of(document.unit)
    return [document.drafter] if document.state == OutgoingState.DRAFT else []


def turn_in_words(task: DraftingTask) -> str:
    """The same, as the page says it."""
    if people := turn_of(task):
        return ", ".join(one.full_name for one in people)
    return str(_WITH.get(task.document.state, "")) if task.document and task.state == S.TO_DO else ""


def _holders(task: DraftingTask) -> list[Person]:
    """Who is to write it, or say who does; of what nobody has, who gave it."""
    if task.person is not None and writes_in(task.person):
        return [task.person]
    return (access.heads_of(task.unit) if task.to_unit else []) or [task.given_by]


def writes_in(person: Person, unit: Unit | None = None) -> bool:
    """Whether somebody, whose account is open, writes documents today: in this unit, or anywhere."""
    held = _writing().filter(person=person)
    return (held.filter(unit=unit) if unit else held).filter(person__user__is_active=True).exists()


# -- who may ---------------------------------------------------------------------------------------------------------


def may_give(person: Person) -> bool:
    """Whether there is anybody whom this person gives something to write."""
    held = access.roles(person)
    return Role.ADMINISTRATOR not in held and bool(held & {Role.LEADER.value, Role.UNIT_HEAD.value})


def may_choose(person: Person, unit: Unit) -> bool:
    """Whether the person may name one of this unit: leaders everywhere, heads where they lead."""
    return may_give(person) and (Role.LEADER in access.roles(person) or unit.pk in access.units_led(person))


def writers(person: Person) -> list[tuple[Unit, list[Person]]]:
    """Whom this person may name: who writes documents, unit by unit."""
    held = _writing().filter(unit__organization_id=person.organization_id)
    return [(unit, people) for unit, people in access.holders_by_unit(held) if may_choose(person, unit)]


def writers_of(unit: Unit) -> list[Person]:
    """Who writes documents in this unit."""
    return [one for _unit, people in access.holders_by_unit(_writing().filter(unit=unit)) for one in people]


def _writing() -> QuerySet[Post]:
    return access.posts_on(timezone.localdate()).filter(role__in=access.DRAFTERS)


def instead_of(person: Person, task: DraftingTask) -> Person | None:
    """In whose place the person has it today; None for what they have themselves, or not at all."""
    if task.state != S.TO_DO or _has_own(person, task):
        return None
    away = standing_in.for_whom(person, Substituted.PROCESSING)
    named = next((one for one in away if one.pk == task.person_id), None)
    return named or (access.units_led_instead(person).get(task.unit_id) if task.person_id is None else None)


def has(person: Person, task: DraftingTask) -> bool:
    """Whether the person has it, for themselves or in the place of somebody away: who is to write it; of what nobody of
    the unit has, its head."""
    return _has_own(person, task) or instead_of(person, task) is not None


def _has_own(person: Person, task: DraftingTask) -> bool:
    if task.person_id is not None:
        return task.person_id == person.pk
    return task.unit_id in access.units_led(person)


def heads(person: Person, task: DraftingTask) -> bool:
    """Whether the person says who of the unit writes it: its head, and who stands in for the head."""
    led = access.units_led(person) | access.units_led_instead(person).keys()
    return task.to_unit and task.unit_id in led


def can_pass_on(person: Person, task: DraftingTask) -> bool:
    """Whether the person says who of the unit writes it, as long as nothing is begun."""
    return is_waiting(task) and heads(person, task)


def can_begin(person: Person, task: DraftingTask) -> bool:
    """Whether the person begins the draft from it."""
    return is_waiting(task) and task.person_id is not None and has(person, task) and access.may_draft(person)


def can_give_back(person: Person, task: DraftingTask) -> bool:
    """Whether the person has it, and nothing is begun."""
    return is_waiting(task) and has(person, task)


def can_give_anew(person: Person, task: DraftingTask) -> bool:
    """Whether the person, who gave it, gives it to somebody else: what came back, and what nobody has begun."""
    return task.given_by_id == person.pk and may_give(person) and (is_waiting(task) or task.state == S.RETURNED)


def can_drop(person: Person, task: DraftingTask) -> bool:
    """Whether the person ends it: who gave it."""
    return task.state in (S.TO_DO, S.RETURNED) and task.given_by_id == person.pk


def is_waiting(task: DraftingTask) -> bool:
    """Whether it is to be begun."""
    return task.state == S.TO_DO and task.document_id is None


# -- who is told -----------------------------------------------------------------------------------------------------


def tell(
    people: Iterable[Person], actor: Person | None, task: DraftingTask, what: Words, at: datetime, *,
    urgent: bool | None = None,
) -> None:  # fmt: skip
    """Ring for these people, and for who stands in for them and sees it, but not for who does it; aloud where it is
    `urgent`, as the task is unless it is said."""
    words = Words(f"{what.vi}: {task.type_name} {task.subject}", f"{what.en}: {task.type_name} {task.subject}")
    hear = list(people)
    hear += [one for one in standing_in.by_whom(hear) if seen_by(one).filter(pk=task.pk).exists()]
    aloud = bool(task.urgency) if urgent is None else urgent
    ring([one for one in hear if actor is None or one.pk != actor.pk], words, link=link(task), at=at, urgent=aloud)


def tell_former(people: Sequence[Person], actor: Person, task: DraftingTask, at: datetime) -> None:
    """Who had it hears that others have it: they may not see it any more, so the notice leads to the list."""
    words = Words(
        f"Đã giao người khác soạn thảo: {task.type_name} {task.subject}",
        f"Others are to write it: {task.type_name} {task.subject}",
    )
    ring([one for one in people if one.pk != actor.pk], words, link=LISTED, at=at)


def note(event: OfficeEvent, task: DraftingTask, actor: Person, at: datetime, **data: object) -> None:
    """Write what happened to it, in the caller's transaction."""
    into_journal(event, actor=actor_of(actor), subject=subject_of(task), at=at, **data)


def subject_of(task: DraftingTask) -> Subject:
    """As the journal names it."""
    return Subject("drafting_task", str(task.pk))


def link(task: DraftingTask) -> str:
    """Where it is seen."""
    return f"{LISTED}{task.pk}/"


def login(person: Person | None) -> str | None:
    """As the journal names who has it."""
    return person.user.get_username() if person else None
