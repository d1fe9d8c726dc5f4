"""The only way to a document: who may see it, and who may do what (requirements §5.1, SEC-6).

A document is visible to who took part in it, to whom it circulates, to their superiors in line, and to the clerks of
the agency; auditors see what was issued or accepted, or had its number voided, and change nothing; administrators see
no documents. What may not be seen does not exist: the answer is the same.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.office.errors import Forbidden, NotFound
from lienthong.office.models import (
    Assignment,
    Circulation,
    Copy,
    IncomingDocument,
    IncomingState,
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


def posts(person: Person, day: date | None = None) -> QuerySet[Post]:
    """The posts that a person holds on a day."""
    return posts_on(day or timezone.localdate()).filter(person=person).select_related("unit")


def posts_on(day: date) -> QuerySet[Post]:
    """All posts that are held on a day."""
    return Post.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def roles(person: Person) -> frozenset[str]:
    """The roles that a person has today."""
    if not hasattr(person, "_roles_today"):
        person._roles_today = frozenset(posts(person).values_list("role", flat=True))  # type: ignore[attr-defined]
    held: frozenset[str] = person._roles_today  # type: ignore[attr-defined]
    return held


def units_led(person: Person) -> set[int]:
    """The units that a person heads, with the ones below them."""
    led = set(posts(person).filter(role=Role.UNIT_HEAD).values_list("unit_id", flat=True))
    below = led
    while below:
        below = set(Unit.objects.filter(parent_id__in=below).values_list("pk", flat=True)) - led
        led |= below
    return led


def units_led_instead(person: Person) -> dict[int, Person]:
    """The units whose tasks a person hands out today in place of an absent head → who is away."""
    away = standing_in.for_whom(person, Substituted.ASSIGNING)
    return {unit: head for head in away for unit in units_led(head)}


def instead_of(person: Person, assignment: Assignment) -> Person | None:
    """In whose place a person may work on this today; None when in nobody's."""
    away = {one.pk: one for one in standing_in.for_whom(person, Substituted.PROCESSING)}
    if assignment.person_id in away:
        return away[assignment.person_id]
    return units_led_instead(person).get(assignment.unit_id)


def heads_of(unit: Unit) -> list[Person]:
    """Who heads a unit today."""
    return list(_holders(posts_on(timezone.localdate()).filter(unit=unit, role=Role.UNIT_HEAD)))


def works_in(unit: Unit) -> QuerySet[Person]:
    """Who works in a unit today, whatever the role; administrators see no documents, so none is handed to them."""
    return _holders(posts_on(timezone.localdate()).filter(unit=unit).exclude(role=Role.ADMINISTRATOR))


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


def outgoing_of(person: Person) -> QuerySet[OutgoingDocument]:
    """The outgoing documents that a person may see: those that they take part in, and those that circulate to them."""
    own = OutgoingDocument.objects.filter(organization_id=person.organization_id)
    if Role.ADMINISTRATOR in roles(person):
        return own.none()
    return own.filter(_taking_part(person) | Q(pk__in=_circulating_to(person).values("document")))


def takes_part(person: Person, document: OutgoingDocument) -> bool:
    """Whether a person who may see a document has a part in it. Who only got it to read is told what was issued, and
    nothing of how it came about or what became of it."""
    return OutgoingDocument.objects.filter(_taking_part(person), pk=document.pk).exists()


def _taking_part(person: Person) -> Q:
    held = roles(person)
    reviewed = Review.objects.filter(person=person).values("version__document")
    part = Q(drafter=person) | Q(signer=person, state__in=_BEYOND_DRAFT) | Q(pk__in=reviewed)
    if Role.LEADER in held or Role.CHECKER in held:
        part |= Q(state__in=_BEYOND_DRAFT)
    if Role.UNIT_HEAD in held:
        part |= Q(unit_id__in=units_led(person))
    if Role.CLERK in held:
        part |= Q(state__in=_WITH_THE_CLERK)
    if Role.AUDITOR in held:
        part |= Q(state__in=_ISSUED)
    return part


def _circulating_to(person: Person) -> QuerySet[Circulation]:
    """What circulates to a person while they work in the unit, and to the units that they head; a recall ends it."""
    mine = Q(person=person, unit__in=posts(person).values("unit"))
    if Role.UNIT_HEAD in roles(person):
        mine |= Q(unit__in=units_led(person))
    given = Circulation.objects.filter(mine, sent_at__isnull=False)
    return given.exclude(document__state=OutgoingState.RECALLED)


def incoming_of(person: Person) -> QuerySet[IncomingDocument]:
    """The incoming documents that a person may see."""
    own = IncomingDocument.objects.filter(organization_id=person.organization_id)
    held = roles(person)
    if Role.ADMINISTRATOR in held:
        return own.none()
    if held & {Role.CLERK, Role.LEADER}:
        return own
    seen = Q(assignments__person=person) | Q(instructions__person=person)
    if Role.UNIT_HEAD in held:
        seen |= Q(assignments__unit_id__in=units_led(person))
    if Role.AUDITOR in held:
        seen |= ~Q(state=IncomingState.ARRIVED)
    seen |= _instead(person)
    return own.filter(pk__in=IncomingDocument.objects.filter(seen).values("pk"))


def _instead(person: Person) -> Q:
    """What is open with the absent people whom a person stands in for, and with the units that these head."""
    away, units = standing_in.for_whom(person, Substituted.PROCESSING), units_led_instead(person)
    mine = Q(pk__in=[])
    if away:
        mine |= Q(assignments__person__in=away, assignments__ended_at__isnull=True)
    if units:
        mine |= Q(assignments__unit_id__in=list(units), assignments__ended_at__isnull=True)
    return mine


def outgoing(person: Person, pk: int) -> OutgoingDocument:
    """One outgoing document. Raises `NotFound` when there is none, or none for this person."""
    wanted = ("organization", "unit", "drafter", "signer", "body_signer__body")
    found = outgoing_of(person).select_related(*wanted).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


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
_ISSUED = [state.value for state in (
    OutgoingState.ISSUED, OutgoingState.RECALLING, OutgoingState.RECALLED, OutgoingState.PARTLY_RECALLED,
    OutgoingState.VOIDED,
)]  # fmt: skip
