"""Who sees a dossier, and who does what with it (Decree 30/2020, Articles 29, 31; Annex VI, III.3b).

A dossier is seen by its keeper, by who works on it beside, by the keeper of the larger one of which it is a part, by
the heads of its unit in line, and by leaders; from its end on by the clerks, who are the agency's archive, by the head
of their unit, and by auditors. Administrators see none.
To see a dossier is not to see its documents: each keeps its own rules (`people.access`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.dossiers.errors import DossierShut, NoDossier
from lienthong.office.errors import Forbidden
from lienthong.office.models import Dossier, DossierState, Person, Post, Role
from lienthong.office.people import access
from lienthong.office.people.actors import actor_of, service_of
from lienthong.office.people.notices import ring
from lienthong.office.workflow import holds
from lienthong.standards.statuses import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

S = DossierState
AT_ITS_END = (S.CLOSED, S.SUBMITTED, S.ARCHIVED, S.HISTORIC)


def subject_of(dossier: Dossier) -> Subject:
    """A dossier as the journal names it."""
    return Subject("dossier", str(dossier.pk))


def note(event: OfficeEvent, dossier: Dossier, actor: Person | None, at: datetime, **data: object) -> None:
    """Write what happened to a dossier, in the caller's transaction; None: the office itself did it."""
    who = actor_of(actor) if actor else service_of(dossier.organization)
    into_journal(event, actor=who, subject=subject_of(dossier), at=at, code=dossier.code, **data)


def tell(people: Iterable[Person], dossier: Dossier, words: Words, *, at: datetime) -> None:
    """Ring for these people, about a dossier."""
    ring(people, words, link=f"/ho-so/{dossier.pk}/", at=at)


def working_on(person: Person) -> Q:
    """The dossiers that a person keeps or works on."""
    return Q(keeper=person) | Q(pk__in=person.dossiers_shared.filter(ended_at=None).values("dossier"))


def seen_by(person: Person) -> QuerySet[Dossier]:
    """The dossiers that a person may see."""
    own = Dossier.objects.filter(organization_id=person.organization_id)
    held = access.roles(person)
    if Role.ADMINISTRATOR in held:
        return own.none()
    if Role.LEADER in held:
        return own
    seen = working_on(person) | Q(parent__in=person.dossiers.values("pk"))
    if Role.UNIT_HEAD in held:
        seen |= Q(unit_id__in=access.units_led(person))
    if held & {Role.CLERK.value, Role.AUDITOR.value} or heads_records(person):
        seen |= Q(state__in=AT_ITS_END)
    return own.filter(seen)


def one(person: Person, pk: int) -> Dossier:
    """One dossier. Raises `NoDossier` when there is none, or none for this person."""
    found = seen_by(person).select_related("organization", "keeper__user", "unit", "entry").filter(pk=pk).first()
    if found is None:
        raise NoDossier()
    return found


def may_keep(person: Person) -> bool:
    """Whether the person opens and keeps dossiers: all who do the agency's work."""
    return bool(access.roles(person) - {Role.ADMINISTRATOR.value, Role.AUDITOR.value})


def works_on(person: Person, dossier: Dossier) -> bool:
    """Whether the person keeps the dossier or works on it beside."""
    return Dossier.objects.filter(working_on(person), pk=dossier.pk).exists()


def answers_for(person: Person, dossier: Dossier) -> bool:
    """Whether the person answers for the dossier: its keeper, and the heads of its unit (Article 31.3)."""
    return dossier.keeper_id == person.pk or dossier.unit_id in access.units_led(person)


def heads_records(person: Person) -> bool:
    """Whether the person leads the agency, or the part of it in which the clerks work (Article 31.1, 31.2)."""
    held = access.roles(person)
    if Role.LEADER in held or Role.UNIT_HEAD not in held:
        return Role.LEADER in held
    clerks = Post.objects.filter(unit__in=access.units_led(person), role=Role.CLERK)
    return clerks.filter(pk__in=access.posts_on(timezone.localdate()).values("pk")).exists()


def require_working(person: Person, dossier: Dossier) -> None:
    """Raises `Forbidden` for who has no part in the work."""
    if not works_on(person, dossier) and not answers_for(person, dossier):
        raise Forbidden(who="người giữ, người phối hợp của hồ sơ", who_en="who keeps the dossier or works on it")


def require_answering(person: Person, dossier: Dossier) -> None:
    """Raises `Forbidden` unless the person keeps the dossier or heads its unit."""
    if not answers_for(person, dossier):
        raise Forbidden(who="người giữ hồ sơ hoặc trưởng đơn vị", who_en="the dossier's keeper or the head of its unit")


def require_head_of_records(person: Person) -> None:
    """Raises `Forbidden` unless the person leads the agency, or the part of it that keeps the records."""
    if not heads_records(person):
        raise Forbidden(who="trưởng bộ phận văn thư hoặc lãnh đạo", who_en="the head of records or a leader")


def hold_open(dossier: Dossier) -> Dossier:
    """The row, held until the transaction ends: it is open and no order freezes it. Raises `Held`, `DossierShut`."""
    holds.require_free(dossier)
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if locked.state != S.OPEN:
        raise DossierShut(state=locked.get_state_display())
    return locked
