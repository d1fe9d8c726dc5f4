"""Accounts and roles of the people of an agency. Who administers changes them; every change is an alert until a
competent person confirms it (Decree 30/2020, Annex VI; AVI-3c, SEC-3, SEC-5, SEC-6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.accounts import one_time_password
from lienthong.office.errors import IllegalMove, Missing, require_why
from lienthong.office.models import (
    Organization,
    Person,
    Post,
    RightChange,
    RightKind,
    Role,
    SecondFactor,
    Unit,
)
from lienthong.office.people import access, leaving, passwords, setup
from lienthong.office.people.actors import actor_of
from lienthong.office.people.notices import ring
from lienthong.office.people.staff_errors import (
    BadLogin,
    BadTime,
    LoginTaken,
    OwnRights,
    PostHeld,
    RolesApart,
    UnitBelowItself,
)
from lienthong.standards.statuses import Words

KEEPERS = (Role.ADMINISTRATOR,)
"""Who changes accounts and roles."""
CONFIRMERS = (Role.LEADER, Role.AUDITOR)
"""Who confirms the changes of others."""
LOGIN = re.compile(r"[a-z0-9][a-z0-9.-]{1,58}[a-z0-9]")


@dataclass(frozen=True)
class Place:
    """A role in a unit, for a time.

    Attributes:
        position: official position, as it is printed under a signature.
        competence: what stands above it, as KT. BỘ TRƯỞNG; empty for most.
        until: the last day; None: until it is ended.
    """

    unit: Unit
    role: Role
    position: str
    since: date
    competence: str = ""
    until: date | None = None


def add_person(login: str, name: str, place: Place, *, actor: Person, at: datetime) -> tuple[Person, str]:
    """Give a person an account and a first role; the password is for one use.

    Raises:
        Forbidden, BadLogin, LoginTaken, Missing, BadTime.
    """
    access.require(actor, *KEEPERS)
    with transaction.atomic():
        person, password = _open_account(actor.organization, login, name, actor, at)
        _give(person, place, actor, at)
    return person, password


def install(organization: Organization, login: str, name: str, place: Place, *, at: datetime) -> str:
    """By command, where nobody is signed in yet: a new person, or a new password and perhaps one more role for a known
    one of the same agency, whose second step is removed. Everything alerts as if it had been done on the page.

    Raises:
        BadLogin, LoginTaken: it is a person's of another agency; RolesApart, Missing.
    """
    with transaction.atomic():
        person = Person.objects.filter(user__username=login).first()
        if person is None:
            person, password = _open_account(organization, login, name, None, at)
        elif person.organization_id != organization.pk:
            raise LoginTaken(login=login)
        else:
            password = _reset(person, "", None, at)
            _forget_device(person, at)
        if not access.posts(person).filter(unit=place.unit, role=place.role).exists():
            _give(person, place, None, at)
    return password


def _forget_device(person: Person, at: datetime) -> None:
    """Who runs the server lets in again who lost the phone and the codes, where no other administrator is."""
    if SecondFactor.objects.filter(person=person).delete()[0]:
        note_change(RightKind.SECOND_FACTOR_RESET, person, None, at)
        _record(OfficeEvent.SECOND_FACTOR_RESET, person, None, at)


def _open_account(
    organization: Organization, login: str, name: str, actor: Person | None, at: datetime
) -> tuple[Person, str]:
    full_name = " ".join(name.split())[:100]
    if not full_name:
        raise Missing(what="họ tên", what_en="the name")
    if not LOGIN.fullmatch(login):
        raise BadLogin()
    password = one_time_password()
    try:
        with transaction.atomic():
            user = get_user_model().objects.create_user(login, password=password)
    except IntegrityError:  # also where another takes the name at the same moment
        raise LoginTaken(login=login) from None
    person = Person.objects.create(
        user=user, organization=organization, full_name=full_name, sort_key=setup.by_given_name(full_name),
        password_due=True, password_set_at=at,
    )  # fmt: skip
    note_change(RightKind.ACCOUNT_ADDED, person, actor, at)
    _record(OfficeEvent.PERSON_ADDED, person, actor, at)
    return person, password


def give(person: Person, place: Place, *, actor: Person, at: datetime) -> Post:
    """Give a person one more role. Raises `Forbidden`, `OwnRights`, `RolesApart`, `PostHeld`, `Missing`, `BadTime`."""
    _require_not_own(actor, person)
    with transaction.atomic():
        return _give(person, place, actor, at)


def end(post: Post, *, last_day: date, reason: str, actor: Person, at: datetime) -> None:
    """End a role with a day: yesterday takes it away at once; the day before its first takes it back before anybody
    held it. Raises `Forbidden`, `OwnRights`, `ReasonNeeded`, `BadTime`, `IllegalMove`."""
    why = require_may_change(actor, post.person, reason)
    if last_day < max(post.valid_from, timezone.localdate(at)) - timedelta(days=1):
        raise BadTime(
            why="ngày cuối giữ vai trò sớm nhất là hôm qua, hoặc hôm trước ngày bắt đầu",
            why_en="the last day of a role is yesterday at the earliest, or the day before it begins",
        )
    with transaction.atomic():
        still = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day), pk=post.pk)
        if not still.update(valid_to=last_day):
            raise IllegalMove(state="vai trò đã kết thúc")
        note_change(RightKind.POST_ENDED, post.person, actor, at, post=post, last_day=last_day, reason=why)
        _record(OfficeEvent.POST_ENDED, post.person, actor, at, role=post.role, unit=post.unit.abbreviation, reason=why)


def reset_password(person: Person, *, reason: str, actor: Person, at: datetime) -> str:
    """A password for one use; all sessions of the person end. Raises `Forbidden`, `OwnRights`, `ReasonNeeded`."""
    why = require_may_change(actor, person, reason)
    with transaction.atomic():
        return _reset(person, why, actor, at)


def _reset(person: Person, why: str, actor: Person | None, at: datetime) -> str:
    password = one_time_password()
    passwords.put(person, password, due=True, at=at)
    note_change(RightKind.PASSWORD_RESET, person, actor, at, reason=why)
    _record(OfficeEvent.PERSON_PASSWORD_RESET, person, actor, at, reason=why)
    return password


def close(person: Person, *, reason: str, actor: Person, at: datetime) -> None:
    """Close an account, as when somebody leaves: nobody signs in with it, and its sessions end at once. What the person
    did stays theirs; what dossiers they keep, and what they are to write or let others write, is handed over before
    (D30-31-1). Raises `Forbidden`, `OwnRights`, `ReasonNeeded`, `IllegalMove`, `DossiersToHandOver`,
    `DraftingToHandOver`."""
    _turn(person, RightKind.ACCOUNT_CLOSED, OfficeEvent.ACCOUNT_CLOSED, reason, actor, at)


def reopen(person: Person, *, reason: str, actor: Person, at: datetime) -> None:
    """Open a closed account again. Raises as `close`."""
    _turn(person, RightKind.ACCOUNT_REOPENED, OfficeEvent.ACCOUNT_REOPENED, reason, actor, at)


def add_unit(abbreviation: str, name: str, parent: Unit | None, *, actor: Person, at: datetime) -> Unit:
    """Add a unit of the agency, or rename a known one. Raises `Forbidden`, `Missing`,
    `UnitBelowItself`."""
    access.require(actor, *KEEPERS)
    short, full = abbreviation.strip().upper()[:20], " ".join(name.split())[:200]
    if not short or not full:
        raise Missing(what="tên và ký hiệu của đơn vị", what_en="name and abbreviation of the unit")
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=actor.organization_id)  # two who move units make no circle
        known = Unit.objects.filter(organization=actor.organization, abbreviation=short).first()
        if parent is not None and known is not None and known.pk in _with_those_above(parent):
            raise UnitBelowItself()
        unit = setup.install_unit(actor.organization, short, full, parent)
        subject = Subject("unit", str(unit.pk))
        into_journal(OfficeEvent.UNIT_SAVED, actor=actor_of(actor), subject=subject, at=at, unit=short, name=full)
    return unit


def confirm(change: RightChange, *, actor: Person, at: datetime) -> None:
    """Confirm a change, which then alerts no longer (AVI-3c). Raises `Forbidden`, `OwnRights`, `IllegalMove`."""
    access.require(actor, *CONFIRMERS)
    if actor.pk in (change.made_by_id, change.person_id) or _is_in_run(actor, change):
        raise OwnRights()
    with transaction.atomic():
        still = RightChange.objects.filter(pk=change.pk, confirmed_at=None)
        if not still.update(confirmed_at=at, confirmed_by=actor):
            raise IllegalMove(state="đã xác nhận")
        event, facts = OfficeEvent.RIGHT_CHANGE_CONFIRMED, {"kind": change.kind, "change": change.pk}
        if change.person is not None:
            _record(event, change.person, actor, at, **facts)
        else:
            subject = Subject("agency", change.organization.code)
            into_journal(event, actor=actor_of(actor), subject=subject, at=at, **facts)


def _is_in_run(person: Person, change: RightChange) -> bool:
    """Whether it is an import that changed this person's rights as well."""
    return change.run is not None and change.run.people.filter(pk=person.pk).exists()


def unconfirmed(person: Person) -> QuerySet[RightChange]:
    """The changes that wait for this person's confirmation, the oldest first."""
    if not access.roles(person) & {role.value for role in CONFIRMERS}:
        return RightChange.objects.none()
    waiting = RightChange.objects.filter(organization_id=person.organization_id, confirmed_at=None)
    waiting = waiting.exclude(person=person).exclude(made_by=person).exclude(run__people=person)
    return waiting.select_related("person", "post__unit", "made_by", "run").order_by("made_at", "id")


def _give(person: Person, place: Place, actor: Person | None, at: datetime) -> Post:
    if not place.position.strip():
        raise Missing(what="chức vụ", what_en="the position")
    if place.since < timezone.localdate(at):
        raise BadTime(
            why="vai trò không lùi ngày, sớm nhất là từ hôm nay", why_en="a role is not back-dated: from today on"
        )
    if place.until is not None and place.until < place.since:
        raise BadTime(why="ngày cuối trước ngày đầu", why_en="the last day is before the first")
    Person.objects.select_for_update().get(pk=person.pk)  # two roles given at once are told apart
    held = Post.objects.filter(person=person).exclude(valid_to__lt=F("valid_from"))
    held = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=place.since))
    if place.until is not None:
        held = held.filter(valid_from__lte=place.until)
    if held.filter(unit=place.unit, role=place.role).exists():
        raise PostHeld(name=person.full_name, unit=place.unit.name)
    apart = held.exclude(role=Role.ADMINISTRATOR) if place.role is Role.ADMINISTRATOR else held.filter(
        role=Role.ADMINISTRATOR
    )  # fmt: skip
    if apart.exists():
        raise RolesApart(name=person.full_name)
    post = Post.objects.create(
        person=person, unit=place.unit, role=place.role, position=place.position.strip()[:100],
        competence=place.competence.strip()[:100], valid_from=place.since, valid_to=place.until,
    )  # fmt: skip
    note_change(RightKind.POST_GIVEN, person, actor, at, post=post)
    _record(OfficeEvent.POST_GIVEN, person, actor, at, role=post.role, unit=place.unit.abbreviation)
    return post


def _turn(
    person: Person, kind: RightKind, event: OfficeEvent, reason: str, actor: Person, at: datetime
) -> None:  # fmt: skip
    why = require_may_change(actor, person, reason)
    opening = kind is RightKind.ACCOUNT_REOPENED
    with transaction.atomic():
        other = get_user_model().objects.filter(pk=person.user_id, is_active=not opening)
        if not opening:
            leaving.require_nothing_left(person)
        if not other.update(is_active=opening):
            raise IllegalMove(state="tài khoản đang mở" if opening else "tài khoản đã khóa")
        if opening:
            Person.objects.filter(pk=person.pk).update(opened_at=at)
        note_change(kind, person, actor, at, reason=why)
        _record(event, person, actor, at, reason=why)


def require_may_change(actor: Person, person: Person, reason: str) -> str:
    """The reason for a change of another's rights. Raises `Forbidden`, `OwnRights`, `ReasonNeeded`."""
    _require_not_own(actor, person)
    return require_why(reason)


def _require_not_own(actor: Person, person: Person) -> None:
    access.require(actor, *KEEPERS)
    if actor.pk == person.pk:
        raise OwnRights()


def _with_those_above(unit: Unit) -> set[int]:
    above, found = Unit.objects.get(pk=unit.pk), {unit.pk}  # as it stands by now
    while above.parent is not None and above.parent.pk not in found:
        above = above.parent
        found.add(above.pk)
    return found


def note_change(kind: RightKind, person: Person, actor: Person | None, at: datetime, **facts: object) -> None:
    """Keep the change, and ring for those who may confirm it."""
    change = RightChange.objects.create(
        organization_id=person.organization_id, person=person, kind=kind, made_at=at, made_by=actor, **facts
    )
    asked = {
        one for role in CONFIRMERS for one in access.people_with(person.organization_id, role)
    } - {person, actor}  # fmt: skip
    words = Words(
        f"Quyền của {person.full_name} thay đổi ({change.get_kind_display()}), chờ xác nhận.",
        f"Rights of {person.full_name} were changed and wait to be confirmed.",
    )
    ring(asked, words, link="/can-bo/thay-doi/", at=at)


def _record(event: OfficeEvent, person: Person, actor: Person | None, at: datetime, **data: object) -> None:
    subject = Subject("account", person.user.get_username()[:64])
    who = actor_of(actor) if actor else setup.SETUP
    into_journal(event, actor=who, subject=subject, at=at, name=person.full_name, **data)


def everyone(organization: Organization) -> QuerySet[Person]:
    """The people of an agency with their accounts and roles, in order."""
    known = Person.objects.filter(organization=organization).select_related("user", "second_factor", "organization")
    return known.prefetch_related("posts__unit").order_by("sort_key", "id")


def named_like(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Of these, who is called so, signs in so, or has this staff code."""
    if not text:
        return people
    return people.filter(
        Q(full_name__icontains=text) | Q(user__username__icontains=text.lower()) | Q(staff_code__iexact=text)
    )
