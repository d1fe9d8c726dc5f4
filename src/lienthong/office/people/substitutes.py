"""Substitutes while somebody is away: named by the absent person or by an administrator, for acts and a time that are
said, never for oneself and never handed on.

A substitute works on incoming documents and on what is to be written, and hands out a unit's tasks, in their own name
and «thay» the absent person. What the law ties to a competence or a custody – signing, approving, checking, numbering,
sealing – is not among it (Decree 30/2020, Articles 11–13, 32).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day
from lienthong.office.errors import Forbidden, Missing
from lienthong.office.models import Person, RightKind, Role, Substituted, Substitution
from lienthong.office.people import access, staff, standing_in
from lienthong.office.people.actors import actor_of
from lienthong.office.people.notices import ring
from lienthong.office.people.staff_errors import BadTime
from lienthong.office.people.substitution_errors import (
    NoSuchSubstitution,
    NothingToSubstitute,
    SubstituteNamed,
    UnfitSubstitute,
)
from lienthong.standards.statuses import Words

LONGEST = timedelta(days=183)
"""Who is away for longer leaves the post; somebody else is given it."""
_APART = {Role.ADMINISTRATOR.value, Role.AUDITOR.value}
PAGE = "/nguoi-thay-the/"


@dataclass(frozen=True)
class Wish:
    """Who is to stand in for whom."""

    absent: Person
    substitute: Person
    acts: Sequence[Substituted]
    valid_from: date
    valid_to: date
    reason: str = ""


def name(wish: Wish, *, actor: Person, at: datetime) -> Substitution:
    """Let somebody stand in; the substitute is told, and it alerts as a change of rights (AVI-3c).

    Raises:
        Forbidden: it is neither the absent person nor an administrator who asks.
        UnfitSubstitute, NothingToSubstitute, BadTime, SubstituteNamed.
        Missing: no act is chosen.
    """
    _require_may_name(actor, wish.absent)
    _require_fit(wish)
    _require_held(wish)
    today = timezone.localdate(at)
    if not max(today, wish.valid_from) <= wish.valid_to or wish.valid_from < today:
        raise BadTime(why="từ hôm nay, ngày cuối không trước ngày đầu", why_en="from today on, the end not first")
    if wish.valid_to - wish.valid_from > LONGEST:
        raise BadTime(why=f"dài nhất {LONGEST.days} ngày", why_en=f"at most {LONGEST.days} days")
    acts = [act.value for act in Substituted if act in wish.acts]
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=wish.absent.pk)  # two that are named at once are told apart
        held = Substitution.objects.filter(absent=wish.absent, substitute=wish.substitute, ended_at=None)
        if held.filter(valid_from__lte=wish.valid_to, valid_to__gte=wish.valid_from).exists():
            raise SubstituteNamed(name=wish.substitute.full_name)
        made = Substitution.objects.create(
            organization=wish.absent.organization, absent=wish.absent, substitute=wish.substitute, acts=acts,
            valid_from=wish.valid_from, valid_to=wish.valid_to, reason=wish.reason.strip()[:500],
            recorded_at=at, recorded_by=actor,
        )  # fmt: skip
        span = f"{day(made.valid_from)} – {day(made.valid_to)}"
        said = f"thay {wish.absent.full_name}, {span}: {', '.join(str(Substituted(act).label) for act in acts)}"
        staff.note_change(RightKind.SUBSTITUTE_NAMED, wish.substitute, actor, at, reason=said)
        _record(OfficeEvent.SUBSTITUTE_NAMED, made, actor, at)
        words = Words(
            f"Anh/chị thay {wish.absent.full_name}, {span}.", f"You stand in for {wish.absent.full_name}, {span}."
        )
        ring({wish.substitute, wish.absent} - {actor}, words, link=PAGE, at=at)
    return made


def end(pk: int, *, actor: Person, at: datetime) -> None:
    """End a substitution before its time; by the absent person or an administrator. Raises `NoSuchSubstitution`,
    `Forbidden`."""
    row = concerning(actor).filter(pk=pk).first()
    if row is None:
        raise NoSuchSubstitution()
    _require_may_name(actor, row.absent)
    with transaction.atomic():
        still = Substitution.objects.filter(pk=pk, ended_at=None, valid_to__gte=timezone.localdate(at))
        if not still.update(ended_at=at, ended_by=actor):
            raise NoSuchSubstitution()
        said = f"thay {row.absent.full_name}"
        staff.note_change(RightKind.SUBSTITUTE_ENDED, row.substitute, actor, at, reason=said)
        _record(OfficeEvent.SUBSTITUTE_ENDED, row, actor, at)


def concerning(person: Person) -> QuerySet[Substitution]:
    """What a person may look at: their own; for who looks after the agency's rights, all of it."""
    if access.roles(person) & {role.value for role in (*staff.KEEPERS, *staff.CONFIRMERS)}:
        all_of_it = Substitution.objects.filter(organization_id=person.organization_id)
        return all_of_it.select_related("absent", "substitute", "recorded_by", "ended_by")
    return standing_in.between(person)


def may_name_for(actor: Person, absent: Person) -> bool:
    """Whether a person may say who stands in for another, or ends it."""
    return actor.pk == absent.pk or bool(access.roles(actor) & {role.value for role in staff.KEEPERS})


def colleagues(person: Person) -> QuerySet[Person]:
    """Who works in the same units, to be offered on the page."""
    units = access.posts(person).values("unit")
    today = access.posts_on(timezone.localdate()).filter(unit__in=units).exclude(role=Role.ADMINISTRATOR)
    found = Person.objects.filter(pk__in=today.values("person"), user__is_active=True).exclude(pk=person.pk)
    return found.select_related("user").order_by("sort_key")[:100]


def _require_may_name(actor: Person, absent: Person) -> None:
    if actor.organization_id != absent.organization_id or not may_name_for(actor, absent):
        raise Forbidden(who="người vắng mặt hoặc quản trị", who_en="the absent person or an administrator")


def _require_fit(wish: Wish) -> None:
    one = wish.substitute
    if one.pk == wish.absent.pk:
        raise UnfitSubstitute(why="không ai tự thay mình", why_en="nobody stands in for themselves")
    if one.organization_id != wish.absent.organization_id or not one.user.is_active:
        raise UnfitSubstitute(
            why="không phải tài khoản đang mở của cơ quan", why_en="it is no open account of the agency"
        )
    if not access.roles(one) - _APART or Role.ADMINISTRATOR in access.roles(one):
        raise UnfitSubstitute(
            why="quản trị, người kiểm tra giám sát và người không giữ vai trò nào không xử lý văn bản",
            why_en="administrators, auditors and who has no role handle no documents",
        )


def _require_held(wish: Wish) -> None:
    """Only what the absent person may do: heads hand out; whoever handles documents works on them."""
    held = access.roles(wish.absent)
    if not wish.acts:
        raise Missing(what="việc được thay", what_en="what is done in their place")
    fits = {Substituted.ASSIGNING: Role.UNIT_HEAD.value in held, Substituted.PROCESSING: bool(held - _APART)}
    if not all(fits[act] for act in wish.acts) or Role.ADMINISTRATOR in held:
        raise NothingToSubstitute(name=wish.absent.full_name)


def standing_now() -> Q:
    """The substitutions that are in force or will be."""
    return Q(ended_at=None, valid_to__gte=timezone.localdate())


def _record(event: OfficeEvent, one: Substitution, actor: Person, at: datetime) -> None:
    record(
        event, actor=actor_of(actor), subject=Subject("substitution", str(one.pk)), at=at,
        absent=one.absent.full_name, substitute=one.substitute.full_name, acts=one.acts,
        valid_from=one.valid_from.isoformat(), valid_to=one.valid_to.isoformat(),
    )  # fmt: skip
