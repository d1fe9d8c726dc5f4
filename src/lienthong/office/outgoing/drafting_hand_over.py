"""Handing over what somebody is given to write, and what others write for them, before they leave (Decree 30/2020,
Articles 10.1, 31.3đ): nothing stays with a closed account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Forbidden, Missing
from lienthong.office.models import DraftingState, DraftingTask, OutgoingDocument, Person, Role
from lienthong.office.outgoing.drafting_parts import login, may_choose, note, tell, writes_in
from lienthong.office.outgoing.drafting_tasks import hold_people, reason_of
from lienthong.office.people import access, leaving
from lienthong.office.people.actors import record
from lienthong.standards.statuses import Words


def held_by(actor: Person, person: Person) -> QuerySet[DraftingTask]:
    """What the actor hands over of what this person has: their own; heads what the person writes in their units, and
    nothing that the person gave; leaders everything; administrators nothing."""
    held = leaving.drafting_held(person)
    if actor.organization_id != person.organization_id or Role.ADMINISTRATOR in access.roles(actor):
        return held.none()
    if actor.pk != person.pk and Role.LEADER not in access.roles(actor):
        held = held.filter(unit_id__in=access.units_led(actor)).exclude(given_by=person)
    return held.select_related("unit", "person", "given_by", "document__drafter", "organization").order_by("pk")


def holders(actor: Person) -> QuerySet[Person]:
    """For whom the actor may hand something over beside themselves: leaders for everybody, heads for who writes in
    their units."""
    if Role.ADMINISTRATOR in access.roles(actor):
        return Person.objects.none()
    tasks = DraftingTask.objects.filter(organization_id=actor.organization_id)
    if Role.LEADER in access.roles(actor):
        gave = Q(pk__in=tasks.filter(state__in=[DraftingState.TO_DO, DraftingState.RETURNED]).values("given_by"))
    else:
        tasks, gave = tasks.filter(unit_id__in=access.units_led(actor)), Q(pk__in=[])
    written = tasks.filter(state=DraftingState.TO_DO)
    writes = Q(pk__in=written.filter(person__isnull=False).values("person"))
    drafts = Q(pk__in=written.filter(document__isnull=False).values("document__drafter"))
    return Person.objects.filter(writes | drafts | gave).exclude(pk=actor.pk).order_by("sort_key")


def hand_over(
    tasks: Sequence[DraftingTask], before: Person, receiver: Person | None, *, reason: str, actor: Person, at: datetime
) -> None:
    """Give them to somebody else: who writes it, with the draft that is begun; whose it is, where it was given.

    Args:
        tasks: out of `held_by`, of the person `before`.

    Raises:
        Forbidden, ReasonNeeded, TextTooLong.
        Missing: none is chosen, or nobody who writes in the unit, or gives its people something to write.
    """
    why = reason_of(reason)
    if not tasks or receiver is None or receiver.pk == before.pk or receiver.organization_id != actor.organization_id:
        raise _missing()
    allowed = held_by(actor, before).filter(pk__in=[one.pk for one in tasks])
    with transaction.atomic():
        hold_people(before, receiver)
        if not Person.objects.filter(pk=receiver.pk, user__is_active=True).exists():
            raise _missing()  # closed, with the posts that it had
        rows = list(allowed.select_for_update(of=("self",)))
        if len(rows) < len(tasks):
            raise Forbidden(who="người đó, trưởng đơn vị hoặc lãnh đạo", who_en="they, their unit's head or a leader")
        for task in rows:
            _give(task, before, receiver, why, actor, at)


def _missing() -> Missing:
    return Missing(what="việc soạn thảo và người nhận", what_en="what is handed over, and who takes it")


def _give(task: DraftingTask, before: Person, receiver: Person, why: str, actor: Person, at: datetime) -> None:
    """Raises `Missing`."""
    changed = dict[str, Person]()
    document = task.document
    if task.person_id == before.pk or (document is not None and document.drafter_id == before.pk):
        if not writes_in(receiver, task.unit):
            raise Missing(
                what=f"người soạn thảo của {task.unit.name}", what_en=f"somebody who writes in {task.unit.name}"
            )
        changed["person"] = receiver
        if document is not None and document.drafter_id == before.pk:
            OutgoingDocument.objects.filter(pk=document.pk).update(drafter=receiver)
            record(
                OfficeEvent.DRAFTER_CHANGED, actor, document, at, before=login(before), to=login(receiver), reason=why
            )
    if task.given_by_id == before.pk:
        if not may_choose(receiver, task.unit):
            raise Missing(
                what=f"lãnh đạo, hoặc trưởng {task.unit.name}", what_en=f"a leader, or the head of {task.unit.name}"
            )
        changed["given_by"] = receiver
    DraftingTask.objects.filter(pk=task.pk).update(**changed)
    for name, person in changed.items():
        setattr(task, name, person)
    gave, writes = "given_by" in changed, "person" in changed
    note(
        OfficeEvent.DRAFTING_HANDED_OVER, task, actor, at, before=login(before), to=login(receiver), reason=why,
        gave=gave, writes=writes,
    )  # fmt: skip
    tell([receiver], actor, task, Words("Nhận bàn giao việc soạn thảo", "Handed over to you"), at)


def receivers(actor: Person) -> QuerySet[Person]:
    """Who may take over any of it: everybody who writes documents of the agency, or gives others some to write."""
    held = [access.people_with(actor.organization_id, role).values("pk") for role in (*access.DRAFTERS, Role.LEADER)]
    return Person.objects.filter(pk__in=held[0].union(*held[1:])).order_by("sort_key")
