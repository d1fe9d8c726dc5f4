"""Opening dossiers and keeping them: what is known of them, who works on them, what was said, who keeps them
(Decree 30/2020, Articles 29.2, 31.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.dossiers.errors import BadRetention, CodeTaken
from lienthong.office.dossiers.rules import (
    hold_open,
    may_keep,
    note,
    require_answering,
    require_working,
    seen_by,
    tell,
    works_on,
)
from lienthong.office.dossiers.work_errors import MemberHasTasks
from lienthong.office.errors import Forbidden, Missing, require_why
from lienthong.office.models import (
    WITH_AN_ARCHIVE,
    Dossier,
    DossierItem,
    DossierKind,
    DossierList,
    DossierMember,
    DossierNote,
    DossierTask,
    ListEntry,
    Person,
    Role,
    TaskState,
    Unit,
)
from lienthong.office.people import access
from lienthong.office.people.staff_errors import BadTime
from lienthong.standards.statuses import Words

LONGEST_NOTE = 4000
MOST_HANDED_OVER = 500
"""Dossiers that change their keeper in one act."""


@dataclass(frozen=True)
class Facts:
    """What is known of a dossier (Article 29.2c; Annex VI, Part II, III).

    Attributes:
        retention_years: None: for ever.
    """

    title: str
    code: str
    retention_years: int | None
    started_on: date
    kind: str = DossierKind.WORK.value
    due_on: date | None = None
    language: str = "Tiếng Việt"
    note: str = ""


def to_open(person: Person) -> QuerySet[ListEntry]:
    """What an issued list of this or the last year gives this person, or a unit of theirs, to open, and nobody did."""
    mine = Q(keeper=person) | Q(unit__in=access.posts(person).values("unit")) | Q(unit__in=access.units_led(person))
    listed = ListEntry.objects.filter(
        mine, heading__list__organization_id=person.organization_id, heading__list__state=DossierList.State.ISSUED,
        dossier=None,
    )  # fmt: skip
    return listed.select_related("heading__list", "heading__parent", "unit", "keeper").order_by(
        "-heading__list__year", "number", "pk"
    )


def open_listed(entry: ListEntry, started_on: date, *, actor: Person, at: datetime) -> Dossier:
    """Open a dossier as the year's list has it (Article 29.2a, b). Raises `Forbidden`, `Missing`, `CodeTaken`."""
    if not may_keep(actor) or not to_open(actor).filter(pk=entry.pk).exists():
        raise Forbidden(who="người lập hồ sơ ghi trong Danh mục", who_en="whom the list names to make it")
    facts = Facts(entry.title, entry.code, entry.retention_years, started_on, note=entry.note)
    return _open(facts, entry.heading.list.year, entry.unit or _unit_of(actor, None), entry, actor, at)


def open_beside(
    facts: Facts, unit: Unit | None, *, actor: Person, at: datetime, parent: Dossier | None = None
) -> Dossier:  # fmt: skip
    """Open a dossier that no list has; its maker says what it is (Article 29.2c).

    Args:
        parent: the open dossier of a larger work that the actor works on, of which this one is a part.

    Raises:
        Forbidden, Missing, BadRetention, CodeTaken, Held, DossierShut.
    """
    if not may_keep(actor):
        raise Forbidden(who="người được giao giải quyết công việc", who_en="who is given work to do")
    listed = ListEntry.objects.filter(
        heading__list__organization_id=actor.organization_id, heading__list__year=facts.started_on.year,
        heading__list__state=DossierList.State.ISSUED,
    ).select_related("heading__parent")  # fmt: skip
    if any(one.code == facts.code for one in listed):
        raise CodeTaken(taken=facts.code, year=facts.started_on.year)
    if parent is not None:
        require_working(actor, parent)
    return _open(facts, facts.started_on.year, _unit_of(actor, unit), None, actor, at, parent)


def change(dossier: Dossier, facts: Facts, *, actor: Person, at: datetime) -> None:
    """Correct what is known of an open dossier. Raises `Forbidden`, `Missing`, `CodeTaken`, `Held`, `DossierShut`."""
    require_answering(actor, dossier)
    fields = _fields(facts)
    try:
        with transaction.atomic():
            before = hold_open(dossier)
            changed = [name for name, value in fields.items() if getattr(before, name) != value]
            if changed:
                Dossier.objects.filter(pk=dossier.pk).update(**fields)
                note(OfficeEvent.DOSSIER_CHANGED, dossier, actor, at, facts=changed)
    except IntegrityError:
        raise CodeTaken(taken=facts.code, year=dossier.year) from None


def set_progress(dossier: Dossier, percent: int, *, actor: Person, at: datetime) -> None:
    """How much of the work is done. Raises `Forbidden`, `Missing`, `Held`, `DossierShut`."""
    require_working(actor, dossier)
    if not 0 <= percent <= 100:
        raise Missing(what="tiến độ từ 0 đến 100", what_en="a progress from 0 to 100")
    with transaction.atomic():
        hold_open(dossier)
        Dossier.objects.filter(pk=dossier.pk).update(progress=percent)
        note(OfficeEvent.DOSSIER_CHANGED, dossier, actor, at, facts=["progress"], progress=percent)


def add_member(dossier: Dossier, person: Person | None, *, actor: Person, at: datetime) -> None:
    """Somebody works on it beside its keeper, and sees it from now on; they are told, and so is the keeper.

    Raises:
        Forbidden, Held, DossierShut.
        Missing: nobody, or who sees no documents.
    """
    require_answering(actor, dossier)
    newcomer = _somebody(dossier, person)
    with transaction.atomic():
        hold_open(dossier)
        if works_on(newcomer, dossier):
            return
        DossierMember.objects.create(dossier=dossier, person=newcomer, added_at=at, added_by=actor)
        note(OfficeEvent.DOSSIER_MEMBER_ADDED, dossier, actor, at, person=newcomer.user.get_username())
        words = Words(f"Phối hợp hồ sơ {dossier.code}", f"You work on dossier {dossier.code}")
        tell([newcomer], dossier, words, at=at)
        if actor.pk != dossier.keeper_id:
            told = Words(
                f"Hồ sơ {dossier.code} có thêm người được xem", f"One more person may see dossier {dossier.code}"
            )
            tell([dossier.keeper], dossier, told, at=at)


def end_member(dossier: Dossier, member: DossierMember, *, actor: Person, at: datetime) -> None:
    """Somebody works on it no more, and sees it no more, however the dossier stands. Raises `Forbidden`,
    `MemberHasTasks`."""
    require_answering(actor, dossier)
    with transaction.atomic():
        Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)  # no task is given meanwhile
        if count := _to_do(dossier, member.person).count():
            raise MemberHasTasks(name=member.person.full_name, count=count)
        if DossierMember.objects.filter(pk=member.pk, ended_at=None).update(ended_at=at):
            gone = member.person.user.get_username()
            note(OfficeEvent.DOSSIER_MEMBER_ENDED, dossier, actor, at, person=gone)


def say(dossier: Dossier, text: str, *, actor: Person, at: datetime) -> None:
    """Write an opinion on it; who works on it is told. Raises `Forbidden`, `Missing`, `Held`, `DossierShut`."""
    require_working(actor, dossier)
    if not text.strip():
        raise Missing(what="ý kiến", what_en="the opinion")
    with transaction.atomic():
        hold_open(dossier)
        DossierNote.objects.create(dossier=dossier, person=actor, at=at, text=text.strip()[:LONGEST_NOTE])
        note(OfficeEvent.DOSSIER_NOTED, dossier, actor, at)
        members = dossier.members.filter(ended_at=None).select_related("person")
        others = {dossier.keeper, *(one.person for one in members)} - {actor}
        words = Words(f"Ý kiến mới ở hồ sơ {dossier.code}", f"A new opinion in dossier {dossier.code}")
        tell(others, dossier, words, at=at)


# -- handing over ------------------------------------------------------------------------------------------------------


def kept_by(person: Person) -> QuerySet[Dossier]:
    """What a person has to hand over before they leave (Article 31.3đ)."""
    return Dossier.objects.filter(keeper=person).exclude(state__in=WITH_AN_ARCHIVE).select_related("unit")


def may_hand_over_of(actor: Person, person: Person) -> bool:
    """Whether the actor hands over what this person keeps: their own, of who works in a unit that they head, and
    leaders those of everybody."""
    if actor.organization_id != person.organization_id or not may_keep(actor):
        return False
    leads = Role.LEADER in access.roles(actor)
    return leads or actor.pk == person.pk or person.dossiers.filter(unit__in=access.units_led(actor)).exists()


def hand_over(
    dossiers: Sequence[Dossier], receiver: Person | None, *, reason: str, actor: Person, at: datetime
) -> None:
    """Give dossiers to another keeper, with the documents in them that the one before may let others read, and with
    that one's own tasks.

    Who keeps it changes, nothing in it does: a hold does not stand in the way.

    Raises:
        Forbidden, ReasonNeeded.
        Missing: no dossier, or one that somebody else handed over; no receiver, or who sees no documents or has left.
    """
    why = require_why(reason)
    if not dossiers or receiver is None:
        raise Missing(what="hồ sơ và người nhận", what_en="dossiers, and who takes them")
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",)).get(pk=receiver.pk)  # who closes the account waits, or was first
        for dossier in dossiers:
            if Role.LEADER not in access.roles(actor):
                require_answering(actor, dossier)
            _somebody(dossier, receiver)
        for dossier in dossiers[:MOST_HANDED_OVER]:
            _give(dossier, receiver, why, actor, at)
    words = Words(f"Nhận bàn giao {len(dossiers)} hồ sơ", f"{len(dossiers)} dossiers were handed over to you")
    tell([receiver], dossiers[0], words, at=at)


def _give(dossier: Dossier, receiver: Person, why: str, actor: Person, at: datetime) -> None:
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)  # without its keeper, who may just have changed
    if locked.keeper_id != dossier.keeper_id:
        raise Missing(
            what="hồ sơ còn do người bàn giao giữ", what_en="dossiers that are still with who hands them over"
        )
    if locked.state in WITH_AN_ARCHIVE or locked.keeper_id == receiver.pk:
        return
    before = locked.keeper
    places = locked.items.filter(removed_at=None, shared=False).select_related("outgoing", "incoming")
    own = [
        place.pk
        for place in places
        if (document := place.outgoing or place.incoming) is not None and access.may_share(before, document)
    ]
    count = DossierItem.objects.filter(pk__in=own).update(shared=True)
    DossierMember.objects.filter(dossier=dossier, person=receiver, ended_at=None).update(ended_at=at)
    Dossier.objects.filter(pk=dossier.pk).update(keeper=receiver)
    tasks = _to_do(dossier, before).update(person=receiver)
    note(
        OfficeEvent.DOSSIER_HANDED_OVER, locked, actor, at, before=before.user.get_username(),
        keeper=receiver.user.get_username(), reason=why, shared=count, tasks=tasks,
    )  # fmt: skip


def _to_do(dossier: Dossier, person: Person) -> QuerySet[DossierTask]:
    return DossierTask.objects.filter(dossier=dossier, person=person, state=TaskState.TO_DO)


def receivers(actor: Person) -> QuerySet[Person]:
    """Who may keep dossiers of the agency, or work on them: everybody with a post today, but administrators and
    auditors."""
    held = access.posts_on(timezone.localdate()).filter(unit__organization_id=actor.organization_id)
    outside = held.filter(role__in=[Role.ADMINISTRATOR, Role.AUDITOR]).values("person")
    found = Person.objects.filter(pk__in=held.values("person"), user__is_active=True).exclude(pk__in=outside)
    return found.filter(organization_id=actor.organization_id).order_by("sort_key")


def _somebody(dossier: Dossier, person: Person | None) -> Person:
    if person is None or not receivers(dossier.keeper).filter(pk=person.pk).exists():
        raise Missing(
            what="người của cơ quan, đang làm việc và được xem văn bản",
            what_en="somebody of the agency who works here and sees documents",
        )
    return person


def _unit_of(actor: Person, wanted: Unit | None) -> Unit:
    mine = [post.unit for post in access.posts(actor).order_by("valid_from", "pk")]
    if wanted is not None and wanted.pk not in {unit.pk for unit in mine}:
        raise Missing(what="đơn vị của anh/chị", what_en="a unit of yours")
    return wanted or mine[0]


def _fields(facts: Facts) -> dict[str, object]:
    title, code = " ".join(facts.title.split())[:500], "".join(facts.code.split())[:20]
    if not title or not code or facts.kind not in DossierKind.values:
        raise Missing(what="tiêu đề, số và ký hiệu hồ sơ", what_en="title and code of the dossier")
    if facts.retention_years is not None and facts.retention_years < 1:
        raise BadRetention()
    if facts.due_on and facts.due_on < facts.started_on:
        raise BadTime(why="hạn trước ngày bắt đầu", why_en="the deadline is before the beginning")
    return {
        "title": title, "code": code, "retention_years": facts.retention_years, "started_on": facts.started_on,
        "kind": facts.kind, "due_on": facts.due_on, "language": facts.language.strip()[:50] or "Tiếng Việt",
        "note": " ".join(facts.note.split())[:500],
    }  # fmt: skip


def _open(
    facts: Facts, year: int, unit: Unit, entry: ListEntry | None, actor: Person, at: datetime,
    parent: Dossier | None = None,
) -> Dossier:  # fmt: skip
    try:
        with transaction.atomic():
            if parent is not None:
                hold_open(parent)
            made = Dossier.objects.create(
                organization=actor.organization, year=year, unit=unit, entry=entry, keeper=actor, opened_at=at,
                opened_by=actor, parent=parent, **_fields(facts),
            )  # fmt: skip
            within = parent.code if parent else None
            note(OfficeEvent.DOSSIER_OPENED, made, actor, at, listed=entry is not None, part_of=within)
    except IntegrityError:
        raise CodeTaken(taken=facts.code, year=year) from None
    return made


def found(person: Person, question: str) -> QuerySet[Dossier]:
    """The dossiers of a person whose title or code holds what is looked for."""
    wanted = Q(title__icontains=question) | Q(code__icontains=question)
    return seen_by(person).filter(wanted)
