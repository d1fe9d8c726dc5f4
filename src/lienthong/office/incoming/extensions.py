"""More time for a task: whoever works asks for it, and only the leader who gave the task grants it (requirements §5.2;
Decree 30/2020, Articles 23.2, 24)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import in_full
from lienthong.office.errors import IllegalMove, Missing
from lienthong.office.incoming import acts
from lienthong.office.incoming.act_errors import AskedAlready, NotYourTask
from lienthong.office.models import Assignment, Extension, IncomingDocument, Person, Role
from lienthong.office.people.access import people_with, require
from lienthong.office.people.actors import in_place_of, record
from lienthong.office.people.notices import notify
from lienthong.standards.statuses import Words


def ask(assignment: Assignment, *, due_at: datetime | None, reason: str, actor: Person, at: datetime) -> Extension:
    """Ask for more time; a coordinating unit not beyond the lead's deadline.

    Raises:
        Forbidden: neither the task's person nor the unit's head; Missing: it has no deadline, or none is asked for.
        DeadlineOutOfBounds, ReasonTooShort, AskedAlready, Frozen, IllegalMove.
    """
    with transaction.atomic():
        document = acts.hold(assignment)  # two who ask at once are told apart
        away = acts.require_assigned(assignment, actor)
        acts.require_unfrozen(document)
        current = assignment.ends_at
        if due_at is None or current is None:
            raise Missing(what="hạn mới, cho việc có hạn", what_en="the new deadline, of a task that has one")
        acts.require_deadline_within(due_at, after=max(at, current), bound=_bound(assignment))
        why = acts.require_reason(reason)
        acts.change_open(assignment, reminded=assignment.reminded)
        waiting = assignment.extensions.filter(decided_at=None).first()
        if waiting is not None:
            raise AskedAlready(when=in_full(waiting.asked_at), who=_giver(assignment).full_name)
        asked = Extension.objects.create(
            assignment=assignment, asked_by=actor, asked_at=at, due_at=due_at, reason=why
        )  # fmt: skip
        record(OfficeEvent.EXTENSION_ASKED, actor, document, at, until=due_at.isoformat(), **in_place_of(away))
        number, until = document.printed_number, in_full(due_at)
        words = Words(f"Đề nghị gia hạn {number} đến {until}", f"More time is asked for {number}, until {until}")
        notify(acts.deciders(assignment), document, words, at=at)
    return asked


def decide(extension: Extension, *, granted: bool, actor: Person, at: datetime) -> None:
    """Grant more time, or do not.

    Raises:
        Forbidden: no leader; NotYourTask: another leader gave the task, and is still a leader.
        Frozen; IllegalMove: it was decided before, or the task is over.
    """
    require(actor, Role.LEADER)
    assignment = extension.assignment
    document, giver = assignment.document, _giver(assignment)
    if giver.pk != actor.pk and people_with(document.organization_id, Role.LEADER).filter(pk=giver.pk).exists():
        raise NotYourTask(who=giver.full_name)
    with transaction.atomic():
        acts.hold(assignment)
        acts.require_unfrozen(document)
        waiting = Extension.objects.filter(pk=extension.pk, decided_at=None)
        if not waiting.update(decided_at=at, decided_by=actor, granted=granted):
            raise IllegalMove(state="đã quyết định")
        if granted:
            person_due = extension.due_at if assignment.person_due_at else None
            acts.change_open(assignment, due_at=extension.due_at, person_due_at=person_due, reminded="")
        record(
            OfficeEvent.EXTENSION_DECIDED, actor, document, at, granted=granted, until=extension.due_at.isoformat()
        )  # fmt: skip
        number, until = document.printed_number, in_full(extension.due_at)
        said = Words(f"Đã gia hạn {number} đến {until}", f"{number} may take until {until}")
        if not granted:
            said = Words(f"Không gia hạn {number}: giữ hạn cũ", f"No more time for {number}: the deadline stays")
        notify([extension.asked_by], document, said, at=at)


def waiting_for(document: IncomingDocument) -> list[Extension]:
    """What is asked for on the document's open tasks, and not decided."""
    asked = Extension.objects.filter(assignment__document=document, assignment__ended_at=None, decided_at=None)
    asked = asked.filter(assignment__finished_at=None)
    return list(asked.select_related("assignment__unit", "assignment__instruction__person", "asked_by"))


def asked_of(person: Person) -> QuerySet[Extension]:
    """What waits for this leader's decision: of the tasks that they gave, and of those whose giver leads no more."""
    waiting = Extension.objects.filter(decided_at=None, assignment__ended_at=None, assignment__finished_at=None)
    leaders = people_with(person.organization_id, Role.LEADER).values("pk")
    left = Q(assignment__document__organization=person.organization_id) & ~Q(
        assignment__instruction__person__in=leaders
    )
    return waiting.filter(Q(assignment__instruction__person=person) | left)


def may_decide(extension: Extension, person: Person) -> bool:
    """Whether the page offers it."""
    return person in acts.deciders(extension.assignment)


def _giver(assignment: Assignment) -> Person:
    return assignment.instruction.person


def _bound(assignment: Assignment) -> datetime | None:
    if assignment.kind == Assignment.Kind.LEAD:
        return None
    lead = assignment.document.assignments.filter(kind=Assignment.Kind.LEAD, ended_at=None).first()
    return lead.due_at if lead else None
