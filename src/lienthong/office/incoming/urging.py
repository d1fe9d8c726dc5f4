"""Following and urging the work on incoming documents: what is late, what is soon due, who may urge, and what the
system reminds of by itself (Decree 30/2020, Article 24.1)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.journal.record import Subject
from lienthong.journal.record import record as write
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import in_full
from lienthong.office.errors import Forbidden, Missing
from lienthong.office.incoming.act_errors import NothingToUrge
from lienthong.office.incoming.acts import require_unfrozen
from lienthong.office.incoming.presenting import IN_ONE_ROUND, UNPRESENTED
from lienthong.office.models import (
    Assignment,
    IncomingDocument,
    IncomingState,
    Instruction,
    Organization,
    Person,
    Role,
)
from lienthong.office.people.access import heads_of, require, roles
from lienthong.office.people.actors import actor_of, record
from lienthong.office.people.calendar import soon_until
from lienthong.office.people.notices import notify
from lienthong.office.people.urged import MINUTES, UrgedJustNow, is_in_peace
from lienthong.office.workflow import incoming as workflow
from lienthong.standards.statuses import Words

WORKING = Q(state__in=[IncomingState.ASSIGNED, IncomingState.IN_PROCESS])


def overdue(organization: Organization, at: datetime) -> Q:
    """Documents with open work past its deadline, and what was not presented in time."""
    late = _open(organization).filter(_ends_by(at))
    return WORKING & Q(pk__in=late.values("document")) | UNPRESENTED & Q(present_due_at__lte=at)


def due_soon(organization: Organization, at: datetime) -> Q:
    """Documents with open work that ends within the agency's days, and is not late."""
    soon = _open(organization).filter(_ends_between(at, soon_until(organization, at)))
    return WORKING & Q(pk__in=soon.values("document")) & ~overdue(organization, at)


def _open(organization: Organization) -> QuerySet[Assignment]:
    found = Assignment.objects.filter(ended_at=None, finished_at=None, document__organization=organization)
    return found.exclude(kind=Assignment.Kind.INFORM)


def _ends_by(at: datetime) -> Q:
    """Work whose deadline, the person's where there is one, has come."""
    return Q(person_due_at__lte=at) | Q(person_due_at=None, due_at__lte=at)


def _ends_between(after: datetime, until: datetime) -> Q:
    of_person = Q(person_due_at__gt=after, person_due_at__lte=until)
    return of_person | Q(person_due_at=None, due_at__gt=after, due_at__lte=until)


# -- urging ----------------------------------------------------------------------------------------------------------


def may_urge(person: Person) -> bool:
    """A leader, or whom the head named to follow the work."""
    return Role.LEADER in roles(person) or person.organization.monitor_id == person.pk


def require_may_urge(person: Person) -> None:
    """Raises `Forbidden` for who may not urge."""
    if not may_urge(person):
        raise Forbidden(who="lãnh đạo hoặc người được giao đôn đốc", who_en="leaders, or who was named to urge")


def urge(document: IncomingDocument, *, text: str, actor: Person, at: datetime) -> None:
    """Urge everybody who has open work on the document, but for whom was urged a moment ago; they are told at once.

    Raises:
        Forbidden; Frozen; NothingToUrge: nobody has open work on it; UrgedJustNow: all were urged a moment ago.
    """
    require_may_urge(actor)
    said = " ".join(text.split())[:500]
    with transaction.atomic():
        workflow.hold(document)
        require_unfrozen(document)
        open_work = document.assignments.select_for_update(of=["self"]).filter(ended_at=None, finished_at=None)
        having = list(open_work.exclude(kind=Assignment.Kind.INFORM).select_related("unit", "person"))
        if not having:
            raise NothingToUrge()
        tasks = [one for one in having if not is_in_peace(one.urged_at, at)]
        if not tasks:
            raise UrgedJustNow(minutes=MINUTES)
        Assignment.objects.filter(pk__in=[one.pk for one in tasks]).update(urged_at=at)
        if said:
            Instruction.objects.create(document=document, person=actor, at=at, text=said)
        record(OfficeEvent.INCOMING_URGED, actor, document, at, units=[one.unit.abbreviation for one in tasks])
        for task in tasks:
            notify(_whose(task), document, _words(document, task), at=at, urgent=True)


def _words(document: IncomingDocument, task: Assignment) -> Words:
    number, until = document.printed_number, f", hạn {in_full(task.ends_at)}" if task.ends_at else ""
    until_en = f", due {in_full(task.ends_at)}" if task.ends_at else ""
    return Words(f"Đôn đốc xử lý {number}{until}", f"Urged: {number}{until_en}")


def _whose(task: Assignment) -> list[Person]:
    return [task.person] if task.person else heads_of(task.unit)


def name_monitor(person: Person | None, *, reference: str, actor: Person, at: datetime) -> None:
    """The head names who follows and urges (Article 24.1); None for nobody but the leaders.

    Raises:
        Forbidden: no leader; Missing: a person of another agency, an administrator, or no decision.
    """
    require(actor, Role.LEADER)
    agency = actor.organization
    if person is not None and (person.organization_id != agency.pk or Role.ADMINISTRATOR in roles(person)):
        raise Missing(what="người theo dõi, đôn đốc của cơ quan", what_en="somebody of the agency")
    if not reference.strip():
        raise Missing(what="số, ngày của quyết định", what_en="number and date of the decision")
    with transaction.atomic():
        Organization.objects.filter(pk=agency.pk).update(monitor=person)
        write(
            OfficeEvent.MONITOR_NAMED, actor=actor_of(actor), subject=Subject("agency", agency.code), at=at,
            person=person.full_name if person else "", reference=reference.strip()[:200],
        )  # fmt: skip


# -- by itself -------------------------------------------------------------------------------------------------------


def remind(organization: Organization, *, at: datetime) -> int:
    """Remind of what is soon due, and of what is late, once each; of what is late the leader who gave it hears too."""
    waiting = _open(organization).select_related("document", "unit", "person", "instruction__person")
    soon = waiting.filter(_ends_between(at, soon_until(organization, at)), reminded="")
    late = waiting.filter(_ends_by(at)).exclude(reminded="over")
    done = [_remind(task, "over", at) for task in late.order_by("due_at")[:IN_ONE_ROUND]]
    done += [_remind(task, "soon", at) for task in soon.order_by("due_at")[:IN_ONE_ROUND]]
    return sum(done)


def _remind(task: Assignment, what: str, at: datetime) -> bool:
    with transaction.atomic():
        still = Assignment.objects.filter(pk=task.pk, ended_at=None, finished_at=None).exclude(reminded=what)
        if not still.update(reminded=what):
            return False
        number, until, late = task.document.printed_number, in_full(task.ends_at), what == "over"
        words = Words(f"Sắp đến hạn {number}: {until}", f"Due soon: {number}, {until}")
        if late:
            words = Words(f"Quá hạn {number}: {until}", f"Overdue: {number}, {until}")
        people = [*_whose(task), *([task.instruction.person] if late else [])]
        notify(people, task.document, words, at=at, urgent=late)
    return True
