"""Units and people of an agency taken in from a table: previewed, confirmed as a whole, all of it or nothing, and
repeated without doubling anything. Rights that it gives alert once, as one change (AVI-3c)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.journal.record import Actor, Subject, record, record_all
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.accounts import one_time_hash, one_time_password
from lienthong.office.errors import Missing
from lienthong.office.models import Organization, PeopleImport, Person, Post, RightChange, RightKind, Unit
from lienthong.office.people import access, import_plan, setup, staff, tables
from lienthong.office.people.actors import actor_of
from lienthong.office.people.import_errors import LinesRefused, NothingNew, TableChanged
from lienthong.office.people.import_plan import Plan
from lienthong.office.people.notices import ring
from lienthong.standards.statuses import Words

AT_ONCE = 2000
DRAFTS_KEPT = timedelta(days=1)
"""How long a previewed table waits to be confirmed."""
SHEET_COLUMNS = ("Đơn vị", "Mã cán bộ", "Họ tên", "Tên đăng nhập", "Mật khẩu dùng một lần")


@dataclass(frozen=True)
class Preview:
    """What a table would do, before it does.

    Attributes:
        mark: what is confirmed with: a table or people that changed meanwhile have another one.
    """

    run: PeopleImport
    plan: Plan
    mark: str


def preview(content: bytes, name: str, *, actor: Person, at: datetime) -> Preview:
    """Read a table and hold it against what is there; it waits to be confirmed, and takes the place of one that waited
    before. Raises `Forbidden`, `NoTable`."""
    access.require(actor, *staff.KEEPERS)
    table = tables.read(content, name)
    plan = import_plan.of(table, actor.organization, actor=actor, today=timezone.localdate(at))
    with transaction.atomic():
        drafts_of(actor).delete()
        run = PeopleImport.objects.create(
            organization=actor.organization, name=table.name, digest=table.digest, content=content, at=at, by=actor
        )
    return Preview(run, plan, plan.mark(table))


def confirm(pk: int, mark: str, *, actor: Person, at: datetime) -> PeopleImport:
    """Take in what was previewed, whole.

    Raises:
        Forbidden; Missing: nothing waits.
        LinesRefused: a line is refused. TableChanged: something changed since the preview. NothingNew.
    """
    access.require(actor, *staff.KEEPERS)
    run = drafts_of(actor).filter(pk=pk).first()
    if run is None:
        raise Missing(what="bảng đã xem trước", what_en="a table that was previewed")
    table = tables.read(bytes(run.content or b""), run.name)
    return _take(run, table, mark, actor, actor_of(actor), at)


def plan_of(content: bytes, name: str, organization: Organization, *, at: datetime) -> Plan:
    """By command: what a table would do. Raises `NoTable`."""
    return import_plan.of(tables.read(content, name), organization, actor=None, today=timezone.localdate(at))


def take_in(content: bytes, name: str, organization: Organization, *, at: datetime) -> PeopleImport:
    """By command: read a table and take it in at once. Raises `NoTable`, `LinesRefused`, `TableChanged`,
    `NothingNew`."""
    table = tables.read(content, name)
    run = PeopleImport(organization=organization, name=table.name, digest=table.digest, at=at)
    plan = import_plan.of(table, organization, actor=None, today=timezone.localdate(at))
    return _take(run, table, plan.mark(table), None, setup.SETUP, at)


def drafts_of(actor: Person) -> QuerySet[PeopleImport]:
    """What this person previewed and nobody confirmed."""
    return PeopleImport.objects.filter(by=actor, organization_id=actor.organization_id, confirmed_at=None)


def forget_drafts(before: datetime) -> None:
    """Forget tables that nobody confirmed: they name people."""
    PeopleImport.objects.filter(confirmed_at=None, at__lt=before).delete()


def sheets(run: PeopleImport, who: Actor, *, at: datetime) -> Iterator[tuple[str, ...]]:
    """One line for each newcomer of an import who has not signed in yet: the account, and a password for one use, made
    now; one that was made before is worthless. Journalled, without the passwords."""
    waiting = run.people.filter(password_due=True, user__last_login=None, user__is_active=True)
    people = list(waiting.select_related("user").prefetch_related("posts__unit"))
    if not people:
        return
    passwords = {one.pk: one_time_password() for one in people}
    hashes = {one.pk: one_time_hash(passwords[one.pk]) for one in people}
    with transaction.atomic():
        # Who chose a password of their own meanwhile keeps it, and gets no line.
        held = _still_waiting([one.user_id for one in people])
        people = [one for one in people if one.user_id in held]
        for one in people:
            one.user.password = hashes[one.pk]
        get_user_model().objects.bulk_update([one.user for one in people], ["password"], batch_size=AT_ONCE)
        Person.objects.filter(pk__in=[one.pk for one in people]).update(password_set_at=at)
        record_all(
            (
                (OfficeEvent.PERSON_PASSWORD_RESET, _account(one.user.get_username()), {"name": one.full_name})
                for one in people
            ),
            actor=who, at=at,
        )  # fmt: skip
    for one in people:
        unit = next((post.unit.name for post in one.posts.all()), "")
        yield unit, one.staff_code, one.full_name, one.user.get_username(), passwords[one.pk]


def _still_waiting(accounts: Sequence[int]) -> set[int]:
    """Which of these accounts nobody has used yet; they stay so until the transaction ends."""
    unused = get_user_model().objects.filter(pk__in=accounts, last_login=None, is_active=True)
    return set(unused.filter(person__password_due=True).select_for_update().values_list("pk", flat=True))


def _take(
    run: PeopleImport, table: tables.Table, mark: str, actor: Person | None, who: Actor, at: datetime
) -> PeopleImport:
    with transaction.atomic():
        # One import at a time: what was planned is what is done.
        organization = Organization.objects.select_for_update().get(pk=run.organization_id)
        plan = import_plan.of(table, organization, actor=actor, today=timezone.localdate(at))
        if plan.refused:
            raise LinesRefused(count=len(plan.refused))
        if plan.mark(table) != mark:
            raise TableChanged()
        if not plan.changes:
            raise NothingNew()
        try:
            _write(run, plan, who, at)
        except IntegrityError:  # somebody took a name or a role at the same moment
            raise TableChanged() from None
        record(
            OfficeEvent.PEOPLE_IMPORTED, actor=who, subject=Subject("agency", organization.code), at=at,
            file=run.name, digest=run.digest, units=run.units, added=run.added, posts=run.posts,
        )  # fmt: skip
        if run.added or run.posts or run.units or plan.adopted:
            _alert(run, actor, at)
    return run


def _write(run: PeopleImport, plan: Plan, who: Actor, at: datetime) -> None:
    events: list[tuple[OfficeEvent, Subject, dict[str, object]]] = []
    units = _write_units(run.organization, plan, events)
    people = dict(plan.known)
    for pk, code in plan.adopted.items():
        Person.objects.filter(pk=pk).update(staff_code=code)
    for found in Person.objects.filter(pk__in=plan.adopted).select_related("user"):
        # By this code a provider of identities finds the account: it is told like any other change of rights.
        events.append((OfficeEvent.STAFF_CODE_SET, _account(found.user.get_username()), {"name": found.full_name}))
    people |= _write_people(run.organization, plan, events)
    Post.objects.bulk_create(
        [
            Post(
                person=people[one.staff_code], unit=units[one.unit], role=one.role, position=one.position,
                competence=one.competence, valid_from=one.since, valid_to=one.until,
            )
            for one in plan.posts
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip
    for one in plan.posts:
        person = people[one.staff_code]
        facts: dict[str, object] = {"name": person.full_name, "role": one.role.value, "unit": one.unit}
        events.append((OfficeEvent.POST_GIVEN, _account(person.user.get_username()), facts))
    run.units, run.added, run.posts = len(plan.units), len(plan.newcomers), len(plan.posts)
    run.confirmed_at, run.content = at, None
    run.save()
    changed = {people[one.staff_code].pk for one in plan.posts} | {people[code].pk for code in plan.newcomers}
    changed |= set(plan.adopted)
    through = PeopleImport.people.through
    through.objects.bulk_create(
        [through(peopleimport_id=run.pk, person_id=pk) for pk in sorted(changed)], batch_size=AT_ONCE
    )
    if events:
        record_all(events, actor=who, at=at)


def _write_units(
    organization: Organization, plan: Plan, events: list[tuple[OfficeEvent, Subject, dict[str, object]]]
) -> dict[str, Unit]:
    units = {unit.abbreviation: unit for unit in organization.units.all()}
    for line in plan.units:
        parent = units[line.parent] if line.parent else None
        units[line.abbreviation] = setup.install_unit(organization, line.abbreviation, line.name, parent)
        told: dict[str, object] = {"unit": line.abbreviation, "name": line.name}
        events.append((OfficeEvent.UNIT_SAVED, Subject("unit", str(units[line.abbreviation].pk)), told))
    return units


def _write_people(
    organization: Organization, plan: Plan, events: list[tuple[OfficeEvent, Subject, dict[str, object]]]
) -> dict[str, Person]:
    """Accounts without a password: the sheets give one."""
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=one.login, password=make_password(None)) for one in plan.newcomers.values()],
        batch_size=AT_ONCE,
    )
    people = Person.objects.bulk_create(
        [
            Person(
                user=user, organization=organization, full_name=one.name, sort_key=setup.by_given_name(one.name),
                staff_code=one.staff_code, password_due=True,
            )
            for user, one in zip(users, plan.newcomers.values(), strict=True)
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip
    events += [(OfficeEvent.PERSON_ADDED, _account(one.user.get_username()), {"name": one.full_name}) for one in people]
    return {one.staff_code: one for one in people}


def _alert(run: PeopleImport, actor: Person | None, at: datetime) -> None:
    """One change of rights for all that an import gave; who is in it, and who made it, is not asked to confirm it."""
    RightChange.objects.create(
        organization=run.organization, run=run, kind=RightKind.PEOPLE_IMPORTED, made_at=at, made_by=actor
    )
    asked = {one for role in staff.CONFIRMERS for one in access.people_with(run.organization_id, role)} - {actor}
    concerned = set(run.people.filter(pk__in=[one.pk for one in asked]).values_list("pk", flat=True))
    words = Words(
        f"Danh sách «{run.name}» được nhập: {run.added} tài khoản mới, {run.posts} vai trò, chờ xác nhận.",
        f"The list «{run.name}» was taken in: new accounts {run.added}, roles {run.posts}; to be confirmed.",
    )
    ring([one for one in asked if one.pk not in concerned], words, link="/can-bo/thay-doi/", at=at)


def _account(login: str) -> Subject:
    return Subject("account", login[:64])
