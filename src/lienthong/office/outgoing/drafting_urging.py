"""Giao soạn thảo: what is late, what is soon due, urging by who gave it, and what the system reminds of by itself
(Decree 30/2020, Article 10.1). The deadline is that of the draft: whoever checks and signs it is not urged by it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import in_full
from lienthong.office.errors import Forbidden
from lienthong.office.models import DraftingTask, Organization, Person
from lienthong.office.outgoing.deadlines import AT_ONCE
from lienthong.office.outgoing.drafting_parts import BEING_WRITTEN, note, tell, turn_of
from lienthong.office.outgoing.drafting_task_errors import NothingToWrite
from lienthong.office.people.calendar import soon_until
from lienthong.office.people.urged import MINUTES, UrgedJustNow, is_in_peace
from lienthong.standards.statuses import Words


def overdue(at: datetime) -> Q:
    """What is still being written after its deadline."""
    return BEING_WRITTEN & Q(due_at__lte=at)


def can_urge(person: Person, task: DraftingTask) -> bool:
    """Whether the person urges: who gave it, while somebody else writes it."""
    return task.given_by_id == person.pk and _is_written(task) and any(one.pk != person.pk for one in turn_of(task))


def urge(task: DraftingTask, *, actor: Person, at: datetime) -> None:
    """Who gave it urges whoever has it; they are told at once.

    Raises:
        Forbidden; NothingToWrite: it is handed in, or ended. UrgedJustNow.
    """
    if task.given_by_id != actor.pk:
        raise Forbidden(who="người đã giao", who_en="who gave it")
    with transaction.atomic():
        held = DraftingTask.objects.select_for_update().get(pk=task.pk)
        if not _is_written(task):
            raise NothingToWrite()
        if is_in_peace(held.urged_at, at):
            raise UrgedJustNow(minutes=MINUTES)
        DraftingTask.objects.filter(pk=task.pk).update(urged_at=at)
        note(OfficeEvent.DRAFTING_URGED, task, actor, at)
        until = in_full(task.due_at)
        words = Words("Đôn đốc soạn thảo", "Urged to write")
        if until:
            words = Words(f"Đôn đốc soạn thảo, hạn {until}", f"Urged to write, due {until}")
        tell(turn_of(task), actor, task, words, at, urgent=True)


def remind(organization: Organization, *, at: datetime) -> int:
    """Remind whoever has it of what is soon due, and of what is late, once each; of what is late its giver hears too.

    Returns:
        How many were told of.
    """
    waiting = DraftingTask.objects.filter(BEING_WRITTEN, organization=organization).select_related(
        "unit", "person", "given_by", "document__drafter", "document__unit"
    )
    late = waiting.filter(due_at__lte=at).exclude(reminded="over").order_by("due_at")
    soon = waiting.filter(due_at__gt=at, due_at__lte=soon_until(organization, at), reminded="").order_by("due_at")
    done = [_remind(task, "over", at) for task in late[:AT_ONCE]]
    done += [_remind(task, "soon", at) for task in soon[:AT_ONCE]]
    return sum(done)


def _remind(task: DraftingTask, what: str, at: datetime) -> bool:
    with transaction.atomic():
        still = DraftingTask.objects.filter(pk=task.pk, state=task.state, document=task.document, due_at=task.due_at)
        if task.due_at is None or not still.exclude(reminded=what).update(reminded=what):
            return False
        until, late = in_full(task.due_at), what == "over"
        words = Words(f"Sắp đến hạn soạn thảo ({until})", f"To be written soon ({until})")
        if late:
            words = Words(f"Quá hạn soạn thảo ({until})", f"Not written in time ({until})")
        people = [*turn_of(task), *([task.given_by] if late else [])]
        tell(people, None, task, words, at, urgent=late)
    return True


def _is_written(task: DraftingTask) -> bool:
    return DraftingTask.objects.filter(BEING_WRITTEN, pk=task.pk).exists()
