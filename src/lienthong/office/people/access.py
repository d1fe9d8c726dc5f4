"""The only way to a document: who may see it, and who may do what (requirements §5.1, SEC-6).

A document is visible to who took part in it, to whom it circulates, with whom it is shared in a dossier, to their
superiors in line, and to the clerks of the agency; auditors see what was issued or accepted, or had its number voided,
and change nothing; whom the head named to follow the work on incoming documents sees those that were accepted;
administrators see no documents. What may not be seen does not exist: the answer is the same.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.office.errors import Forbidden, NotFound
from lienthong.office.models import (
    Assignment,
    Circulation,
    Copy,
    DossierItem,
    IncomingDocument,
    IncomingState,
    Instruction,
    Organization,
    OutgoingDocument,
    OutgoingState,
    Person,
    Post,
    Review,
    Role,
    Substituted,
    Unit,
)
from lienthong.office.people import standing_in

WORDS = {
    Role.CLERK: ("văn thư", "records clerks"),
    Role.LEADER: ("lãnh đạo", "leaders"),
    Role.UNIT_HEAD: ("trưởng đơn vị", "unit heads"),
    Role.SPECIALIST: ("chuyên viên", "specialists"),
    Role.CHECKER: ("người kiểm tra thể thức", "presentation checkers"),
    Role.ADMINISTRATOR: ("quản trị", "administrators"),
    Role.AUDITOR: ("người kiểm tra, giám sát", "auditors"),
}


DRAFTERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.CLERK)


def may_draft(person: Person) -> bool:
    """Whether the person writes documents."""
    return bool(roles(person) & {role.value for role in DRAFTERS})


FINDERS = (Role.CLERK, Role.LEADER, Role.UNIT_HEAD, Role.SPECIALIST, Role.CHECKER, Role.AUDITOR)
"""Who looks documents up; administrators see none, and so find none."""


def finds(person: Person) -> bool:
    """Whether there can be documents that this person finds."""
    held = roles(person)
    return bool(held & {role.value for role in FINDERS}) and Role.ADMINISTRATOR not in held


def oversees(person: Person) -> bool:
    """Whether a person sees most of the agency's documents of one direction at least."""
    return bool(roles(person) & {Role.CLERK.value, Role.LEADER.value, Role.CHECKER.value, Role.AUDITOR.value})


def posts(person: Person, day: date | None = None) -> QuerySet[Post]:
    """The posts that a person holds on a day."""
    return posts_on(day or timezone.localdate()).filter(person=person).select_related("unit")


def posts_on(day: date) -> QuerySet[Post]:
    """All posts that are held on a day."""
    return Post.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def roles(person: Person) -> frozenset[str]:
    """The roles that a person has today."""
    return frozenset(role for role, _unit in _held(person))


def _held(person: Person) -> list[tuple[str, int]]:
    """Role and unit of each post of today, asked once for an answer."""
    if not hasattr(person, "_held_today"):
        person._held_today = list(posts(person).values_list("role", "unit_id"))  # type: ignore[attr-defined]
    held: list[tuple[str, int]] = person._held_today  # type: ignore[attr-defined]
    return held


def units_led(person: Person) -> set[int]:
    """The units that a person heads today, with the ones below them."""
    if not hasattr(person, "_units_led_today"):
        person._units_led_today = frozenset(_led(person))  # type: ignore[attr-defined]
    return set(person._units_led_today)  # type: ignore[attr-defined]


def _led(person: Person) -> set[int]:
    led = {unit for role, unit in _held(person) if role == Role.UNIT_HEAD}
    below = led
    while below:
        below = set(Unit.objects.filter(parent_id__in=below).values_list("pk", flat=True)) - led
        led |= below
    return led


def units_led_instead(person: Person) -> dict[int, Person]:
    """The units whose tasks a person hands out today in place of an absent head → who is away."""
    if not hasattr(person, "_units_led_instead_today"):
        away = standing_in.for_whom(person, Substituted.ASSIGNING)
        person._units_led_instead_today = {  # type: ignore[attr-defined]
            unit: head for head in away for unit in units_led(head)
        }
    instead: dict[int, Person] = person._units_led_instead_today  # type: ignore[attr-defined]
    return instead


def instead_of(person: Person, assignment: Assignment) -> Person | None:
    """In whose place a person may work on this today; None when in nobody's."""
    away = {one.pk: one for one in standing_in.for_whom(person, Substituted.PROCESSING)}
    if assignment.person_id in away:
        return away[assignment.person_id]
    head = units_led_instead(person).get(assignment.unit_id)
    return away.get(head.pk) if head is not None else None


def heads_of(unit: Unit) -> list[Person]:
    """Who heads a unit today."""
    return list(_holders(posts_on(timezone.localdate()).filter(unit=unit, role=Role.UNIT_HEAD)))


def works_in(unit: Unit) -> QuerySet[Person]:
    """Who works in a unit today, whatever the role; administrators see no documents, so none is handed to them."""
    return _holders(posts_on(timezone.localdate()).filter(unit=unit).exclude(role=Role.ADMINISTRATOR))


def people_by_unit(organization: Organization) -> list[tuple[Unit, list[Person]]]:
    """The units of an agency, each with who works in it today (`works_in`), asked for at once."""
    held = posts_on(timezone.localdate()).filter(unit__organization=organization).exclude(role=Role.ADMINISTRATOR)
    return holders_by_unit(held)


def holders_by_unit(held: QuerySet[Post]) -> list[tuple[Unit, list[Person]]]:
    """Whose posts these are, unit by unit, each person once in a unit; closed accounts are left out. One question."""
    of_open = held.filter(person__user__is_active=True).select_related("person", "unit")
    found = dict[int, tuple[Unit, dict[int, Person]]]()
    for post in of_open.order_by("unit__name", "person__sort_key"):
        found.setdefault(post.unit_id, (post.unit, {}))[1][post.person_id] = post.person
    return [(unit, list(people.values())) for unit, people in found.values()]


def working_in(organization: Organization) -> QuerySet[Person]:
    """Who works in an agency today and may be given documents: administrators see none."""
    held = posts_on(timezone.localdate()).filter(unit__organization=organization)
    administrators = held.filter(role=Role.ADMINISTRATOR).values("person")
    return _holders(held).exclude(pk__in=administrators)


def _holders(held: QuerySet[Post]) -> QuerySet[Person]:
    """Whose posts these are, but for closed accounts: nobody reads there what is handed over."""
    return Person.objects.filter(pk__in=held.values("person"), user__is_active=True).order_by("sort_key")


def require(person: Person, *wanted: Role) -> None:
    """Raises `Forbidden` when the person has none of these roles."""
    if not roles(person) & {role.value for role in wanted}:
        vi = " hoặc ".join(WORDS[role][0] for role in wanted)
        raise Forbidden(who=vi, who_en=" or ".join(WORDS[role][1] for role in wanted))


def require_head_of(person: Person, unit: Unit) -> None:
    """Raises `Forbidden` unless the person heads this unit or one above it."""
    if unit.pk not in units_led(person):
        raise Forbidden(who=f"trưởng đơn vị {unit.name}", who_en=f"the head of {unit.name}")


def agency_outgoing(person: Person) -> QuerySet[OutgoingDocument]:
    """The outgoing documents of a person's agency, none for administrators: for what waits for a person, where the
    condition itself names their part in a document, or a role that sees it. Asking `outgoing_of` as well would change
    nothing and cost several times as much."""
    own = OutgoingDocument.objects.filter(organization_id=person.organization_id)
    return own.none() if Role.ADMINISTRATOR in roles(person) else own


def outgoing_of(person: Person) -> QuerySet[OutgoingDocument]:
    """The outgoing documents that a person may see: those that they take part in, and those that circulate to them."""
    own = agency_outgoing(person)
    if own.query.is_empty():
        return own
    shared = shared_with(person).filter(outgoing__state__in=_SHARED_OUT).values("outgoing")
    return own.filter(_of_office(person) | Q(pk__in=_own_part(person).union(_circulating_to(person), shared)))


def taking_part_in(person: Person) -> QuerySet[OutgoingDocument]:
    """The outgoing documents in which a person has a part (`takes_part`): of these alone they are told what became."""
    return agency_outgoing(person).filter(_of_office(person) | Q(pk__in=_own_part(person)))


def sees_all_numbered(person: Person) -> bool:
    """Whether a person sees every document of the agency that has a number."""
    return set(_NUMBERED) <= _states_of_office(person)


def takes_part(person: Person, document: OutgoingDocument) -> bool:
    """Whether a person who may see a document has a part in it. Who only got it to read is told what was issued, and
    nothing of how it came about or what became of it."""
    if document.state in _states_of_office(person):
        return True
    return OutgoingDocument.objects.filter(pk__in=_own_part(person)).filter(pk=document.pk).exists()


def _of_office(person: Person) -> Q:
    """What a person sees because the whole agency's documents are their business; nothing for most."""
    states = _states_of_office(person)
    return Q(state__in=sorted(states)) if states else Q(pk__in=[])


def _states_of_office(person: Person) -> set[str]:
    """The states from which on the whole agency's documents are a person's business; none for most, and none for
    administrators, whatever else they are."""
    if Role.ADMINISTRATOR in roles(person):
        return set()
    held, states = roles(person), set[str]()
    if Role.LEADER in held or Role.CHECKER in held:
        states |= set(_BEYOND_DRAFT)
    if Role.CLERK in held:
        states |= set(_WITH_THE_CLERK)
    if Role.AUDITOR in held:
        states |= set(_ISSUED)
    return states


def _own_part(person: Person) -> QuerySet[OutgoingDocument, Any]:
    """The keys of what a person wrote, checked, signs, or has in the units that they head: by the few rows that name
    the person, however many documents there are."""
    parts = OutgoingDocument.objects.filter(drafter=person).values("pk").union(
        OutgoingDocument.objects.filter(signer=person, state__in=_BEYOND_DRAFT).values("pk"),
        Review.objects.filter(person=person).values("version__document"),
    )  # fmt: skip
    if Role.UNIT_HEAD in roles(person):
        parts = parts.union(OutgoingDocument.objects.filter(unit_id__in=units_led(person)).values("pk"))
    return parts


def _circulating_to(person: Person) -> QuerySet[Circulation, Any]:
    """The keys of what circulates to a person while they work in the unit, and to the units that they head; a recall
    ends it."""
    mine = Q(person=person, unit__in=posts(person).values("unit"))
    if Role.UNIT_HEAD in roles(person):
        mine |= Q(unit__in=units_led(person))
    given = Circulation.objects.filter(mine, sent_at__isnull=False)
    return given.exclude(document__state=OutgoingState.RECALLED).values("document")


def shared_with(person: Person) -> QuerySet[DossierItem]:
    """The places in dossiers of this person whose documents are shared with who works on the dossier."""
    working = Q(dossier__keeper=person) | Q(dossier__members__person=person, dossier__members__ended_at=None)
    return DossierItem.objects.filter(working, shared=True, removed_at=None)


def may_share(person: Person, document: IncomingDocument | OutgoingDocument) -> bool:
    """Whether the person may let others of a dossier read a document: who wrote, signed or leads it, clerks and
    leaders, once it is issued or accepted; never who only reads it."""
    keeps = bool(roles(person) & {Role.CLERK.value, Role.LEADER.value})
    if isinstance(document, OutgoingDocument):
        own = person.pk in (document.drafter_id, document.signer_id) or document.unit_id in units_led(person)
        return (keeps or own) and document.state in _SHARED_OUT
    leading = document.assignments.filter(kind=Assignment.Kind.LEAD, ended_at=None)
    leads = leading.filter(Q(person=person) | Q(unit__in=units_led(person))).exists()
    return (keeps or leads) and document.state in _SHARED_IN


def agency_incoming(person: Person) -> QuerySet[IncomingDocument]:
    """The incoming documents of a person's agency, none for administrators: for what waits for them, as
    `agency_outgoing`."""
    own = IncomingDocument.objects.filter(organization_id=person.organization_id)
    return own.none() if Role.ADMINISTRATOR in roles(person) else own


def incoming_of(person: Person) -> QuerySet[IncomingDocument]:
    """The incoming documents that a person may see."""
    own, held = agency_incoming(person), roles(person)
    if own.query.is_empty() or held & {Role.CLERK, Role.LEADER}:
        return own
    worked_on = Q(person=person)
    if Role.UNIT_HEAD in held:
        worked_on |= Q(unit_id__in=units_led(person))
    parts = Assignment.objects.filter(worked_on).values("document")
    shared = shared_with(person).filter(incoming__state__in=_SHARED_IN).values("incoming")
    told = Instruction.objects.filter(person=person).values("document")
    seen = Q(pk__in=parts.union(told, shared, _instead(person)))
    if Role.AUDITOR in held or person.organization.monitor_id == person.pk:
        seen |= ~Q(state=IncomingState.ARRIVED)
    return own.filter(seen)


def _instead(person: Person) -> QuerySet[Assignment, Any]:
    """The keys of what is open with the absent people whom a person stands in for, and with the units that these
    head."""
    away, units = standing_in.for_whom(person, Substituted.PROCESSING), units_led_instead(person)
    theirs = Q(person__in=away) | Q(unit_id__in=list(units))
    return Assignment.objects.filter(theirs, ended_at__isnull=True).values("document")


def outgoing(person: Person, pk: int) -> OutgoingDocument:
    """One outgoing document. Raises `NotFound` when there is none, or none for this person."""
    wanted = ("organization", "unit", "drafter", "signer", "body_signer__body")
    found = agency_outgoing(person).select_related(*wanted).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if found.state in _states_of_office(person) or outgoing_of(person).filter(pk=pk).exists():
        return found
    raise NotFound()


def incoming(person: Person, pk: int) -> IncomingDocument:
    """One incoming document. Raises `NotFound` when there is none, or none for this person."""
    found = incoming_of(person).select_related("organization", "packet").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def copies_of(person: Person) -> QuerySet[Copy]:
    """The copies of documents that a person may see."""
    seen = Q(outgoing__in=outgoing_of(person).values("pk")) | Q(incoming__in=incoming_of(person).values("pk"))
    return Copy.objects.filter(seen, organization_id=person.organization_id)


def copy(person: Person, pk: int) -> Copy:
    """One copy. Raises `NotFound` when there is none, or none for this person."""
    wanted = ("organization", "outgoing", "incoming", "signer__person", "taken_by", "of_copy")
    found = copies_of(person).select_related(*wanted).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def people_with(organization_id: int, role: Role) -> QuerySet[Person]:
    """The people of an agency who have a role today."""
    held = posts_on(timezone.localdate()).filter(unit__organization_id=organization_id, role=role)
    return _holders(held).filter(organization_id=organization_id)


_BEYOND_DRAFT = [state.value for state in OutgoingState if state is not OutgoingState.DRAFT]
_WITH_THE_CLERK = [
    state.value
    for state in OutgoingState
    if state not in (OutgoingState.DRAFT, OutgoingState.IN_REVIEW, OutgoingState.RETURNED, OutgoingState.APPROVED)
]
_NUMBERED = [state for state in _WITH_THE_CLERK if state != OutgoingState.SIGNED]
_ISSUED = [state.value for state in (
    OutgoingState.ISSUED, OutgoingState.RECALLING, OutgoingState.RECALLED, OutgoingState.PARTLY_RECALLED,
    OutgoingState.VOIDED,
)]  # fmt: skip
_SHARED_OUT = [state.value for state in (
    OutgoingState.ISSUED, OutgoingState.RECALLING, OutgoingState.PARTLY_RECALLED,
)]  # fmt: skip
_SHARED_IN = [state.value for state in (
    IncomingState.ACCEPTED, IncomingState.ASSIGNED, IncomingState.IN_PROCESS, IncomingState.FINISHED,
)]  # fmt: skip
"""What is shared in a dossier: never a draft, nothing that is not accepted, recalled or destroyed."""
