"""The tasks of a dossier: given by who leads the work, reported on by who has them, done or dropped (Decree 30/2020,
Article 29; who may, and until when, is this office's own rule)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day
from lienthong.office.dossiers import keeping
from lienthong.office.dossiers.rules import answers_for, hold_open, note, require_answering, seen_by, tell, works_on
from lienthong.office.dossiers.work_errors import NoSuchTask, TaskOutlastsWork
from lienthong.office.errors import Forbidden, Missing, require_why
from lienthong.office.incoming.presenting import IN_ONE_ROUND
from lienthong.office.models import Dossier, DossierState, DossierTask, Organization, Person, TaskState
from lienthong.office.people.calendar import soon_until
from lienthong.office.people.typed import line_of, text_of
from lienthong.office.workflow import dossiers as workflow
from lienthong.standards.statuses import Words

LONGEST = 500


def of(dossier: Dossier) -> QuerySet[DossierTask]:
    """The tasks of a dossier: what is to be done first, the first deadline before the others."""
    rows = dossier.tasks.select_related("person", "given_by")
    return rows.order_by("-state", "due_on", "pk")


def waiting_for(person: Person) -> QuerySet[DossierTask]:
    """What this person has to do in open dossiers that they may see, the first deadline before the others."""
    seen = seen_by(person).filter(state=DossierState.OPEN)
    mine = DossierTask.objects.filter(person=person, state=TaskState.TO_DO, dossier__in=seen)
    return mine.select_related("dossier").order_by("due_on", "pk")


def open_in(dossier: Dossier) -> int:
    """How many tasks of a dossier are not done."""
    return dossier.tasks.filter(state=TaskState.TO_DO).count()


def one(dossier: Dossier, pk: int) -> DossierTask:
    """A task of this dossier. Raises `NoSuchTask`."""
    found = of(dossier).select_related("person__user").filter(pk=pk).first()
    if found is None:
        raise NoSuchTask()
    return found


def may_report(person: Person, task: DossierTask, dossier: Dossier) -> bool:
    """Whether the person says how a task goes: who has it, and who answers for the dossier."""
    return task.person_id == person.pk or answers_for(person, dossier)


def give(
    dossier: Dossier, text: str, person: Person | None, due_on: date | None, *, actor: Person, at: datetime
) -> DossierTask:  # fmt: skip
    """Give somebody a task; who does not work on the dossier yet does from now on, and sees it.

    Raises:
        Forbidden, Held, DossierShut.
        Missing: it says nothing, or is given to nobody of the agency who sees documents. TextTooLong.
        TaskOutlastsWork: it is due before the work begins, or after it is to be done.
    """
    require_answering(actor, dossier)
    words = line_of(text, LONGEST, Words("Nội dung nhiệm vụ", "What is to be done"))
    if not words or person is None:
        raise Missing(what="nội dung nhiệm vụ và người thực hiện", what_en="what is to be done, and by whom")
    with transaction.atomic():
        _require_in_time(hold_open(dossier), due_on)
        if not works_on(person, dossier):
            keeping.add_member(dossier, person, actor=actor, at=at)
        made = DossierTask.objects.create(
            dossier=dossier, text=words, person=person, due_on=due_on, given_at=at, given_by=actor
        )
        name = person.user.get_username()
        until = due_on.isoformat() if due_on else None
        note(OfficeEvent.DOSSIER_TASK_GIVEN, dossier, actor, at, task=made.pk, person=name, due=until)
        told = Words(f"Nhiệm vụ ở hồ sơ {dossier.code}: {words}", f"A task in dossier {dossier.code}: {words}")
        tell({person} - {actor}, dossier, told, at=at)
    return made


def report(task: DossierTask, percent: int, text: str, *, actor: Person, at: datetime) -> None:
    """Say how far a task is; at 100 it is done, and the keeper of the dossier is told.

    Raises:
        Forbidden, Held, DossierShut; IllegalMove: it is done or dropped.
        Missing: no percent. TextTooLong.
    """
    dossier = task.dossier
    if not may_report(actor, task, dossier):
        raise Forbidden(who="người được giao nhiệm vụ hoặc người giữ hồ sơ", who_en="who has the task, or the keeper")
    if not 0 <= percent <= 100:
        raise Missing(what="tiến độ từ 0 đến 100", what_en="a progress from 0 to 100")
    said = line_of(text, LONGEST, Words("Ghi chú", "The note"))
    with transaction.atomic():
        hold_open(dossier)
        if percent == 100:
            workflow.end_task(task, to=TaskState.DONE, progress=percent, note=said, ended_at=at)
        else:
            workflow.keep_task(task, progress=percent, note=said)
        note(OfficeEvent.DOSSIER_TASK_REPORTED, dossier, actor, at, task=task.pk, progress=percent)
        if percent == 100:
            words = Words(f"Xong nhiệm vụ ở hồ sơ {dossier.code}: {task.text}", f"Done in {dossier.code}: {task.text}")
            tell({dossier.keeper} - {actor}, dossier, words, at=at)


def drop(task: DossierTask, *, reason: str, actor: Person, at: datetime) -> None:
    """A task is not to be done any more.

    Raises:
        Forbidden, ReasonNeeded, TextTooLong, Held, DossierShut, IllegalMove.
    """
    dossier = task.dossier
    require_answering(actor, dossier)
    why = text_of(require_why(reason), LONGEST, Words("Lý do", "The reason"))
    with transaction.atomic():
        hold_open(dossier)
        workflow.end_task(task, to=TaskState.DROPPED, note=why, ended_at=at)
        note(OfficeEvent.DOSSIER_TASK_DROPPED, dossier, actor, at, task=task.pk, reason=why)
        words = Words(f"Hủy nhiệm vụ ở hồ sơ {dossier.code}: {task.text}", f"Dropped in {dossier.code}: {task.text}")
        tell({task.person} - {actor}, dossier, words, at=at)


def remind(organization: Organization, *, at: datetime) -> int:
    """Tell who has a task that it is soon due, and that it is late, once each; of what is late the keeper hears too.

    Returns:
        How many tasks were told of.
    """
    today, soon = timezone.localdate(at), timezone.localdate(soon_until(organization, at))
    waiting = DossierTask.objects.filter(
        state=TaskState.TO_DO, dossier__organization=organization, dossier__state=DossierState.OPEN
    ).select_related("dossier__keeper", "person")
    late = waiting.filter(due_on__lt=today).exclude(reminded="over").order_by("due_on", "pk")
    near = waiting.filter(due_on__gte=today, due_on__lte=soon, reminded="").order_by("due_on", "pk")
    done = [_remind(task, "over", at) for task in late[:IN_ONE_ROUND]]
    return sum(done) + sum(_remind(task, "soon", at) for task in near[:IN_ONE_ROUND])


def _remind(task: DossierTask, what: str, at: datetime) -> bool:
    with transaction.atomic():
        still = DossierTask.objects.filter(pk=task.pk, state=TaskState.TO_DO).exclude(reminded=what)
        if task.due_on is None or not still.update(reminded=what):
            return False
        until, dossier = day(task.due_on), task.dossier

        def dossier_is_seen(person: Person) -> bool:
            return seen_by(person).filter(pk=dossier.pk).exists()

        if what == "over":
            words = Words(f"Quá hạn {until}: {task.text}", f"Overdue since {until}: {task.text}")
            tell(filter(dossier_is_seen, {task.person, dossier.keeper}), dossier, words, at=at)
        else:
            words = Words(f"Sắp đến hạn {until}: {task.text}", f"Due on {until}: {task.text}")
            tell(filter(dossier_is_seen, [task.person]), dossier, words, at=at)
    return True


def _require_in_time(dossier: Dossier, due_on: date | None) -> None:
    if due_on is None:
        return
    late = dossier.due_on is not None and due_on > dossier.due_on
    if due_on < dossier.started_on or late:
        first, last = day(dossier.started_on), day(dossier.due_on) if dossier.due_on else ""
        when = f"từ {first} đến {last}" if last else f"từ {first} trở đi"
        raise TaskOutlastsWork(when=when, when_en=f"between {first} and {last}" if last else f"on {first} or later")
