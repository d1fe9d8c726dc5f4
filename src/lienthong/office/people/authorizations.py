"""Authority to sign for somebody (ủy quyền, TUQ.): written, limited in time and content, never handed on
(Decree 30/2020, Article 13.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day as in_words
from lienthong.office.errors import (
    AuthorityHandedOn,
    IllegalMove,
    Missing,
    NoHeadOfUnit,
    OutsideAuthority,
    require_reason,
)
from lienthong.office.models import Authorization, Organization, Person, Role
from lienthong.office.people.access import require, roles
from lienthong.office.people.actors import actor_of
from lienthong.standards.doctypes import by_name

KEEPERS = (Role.CLERK, Role.ADMINISTRATOR)
"""Who records the papers; the leaders decide on them."""


@dataclass(frozen=True)
class Paper:
    """What a written authority says.

    Attributes:
        granted_by: whose authority it is.
        on_behalf: as printed after "TUQ.".
        position: of the authorised person, as printed.
        types: names of the types of documents.
        scope: the matters, in the paper's words.
        reference: number and date of the paper.
    """

    granted_by: Person
    person: Person
    on_behalf: str
    position: str
    types: Sequence[str]
    scope: str
    reference: str
    valid_from: date
    valid_to: date


def register(paper: Paper, *, actor: Person, at: datetime) -> Authorization:
    """Record a written authority.

    Raises:
        Forbidden: only clerks and administrators record.
        AuthorityHandedOn: whoever gives it has no authority of their own, or gives it to themselves.
        NoHeadOfUnit: it is given to somebody who heads no unit.
        Missing: paper, time, types or matters are not named, or its time is over.
    """
    require(actor, *KEEPERS)
    _require_whole(paper, at)
    if Role.LEADER not in roles(paper.granted_by) or paper.granted_by.pk == paper.person.pk:
        raise AuthorityHandedOn(name=paper.granted_by.full_name)
    if Role.UNIT_HEAD not in roles(paper.person):
        raise NoHeadOfUnit(name=paper.person.full_name)
    with transaction.atomic():
        made = Authorization.objects.create(
            organization=actor.organization, recorded_at=at, recorded_by=actor,
            **{**vars(paper), "types": list(paper.types)},
        )  # fmt: skip
        _record(OfficeEvent.AUTHORITY_RECORDED, made, actor, at, reference=made.reference)
    return made


def revoke(one: Authorization, *, reason: str, actor: Person, at: datetime) -> None:
    """End an authority before its time; what was signed under it stays. Raises `Forbidden`, `ReasonNeeded`,
    `IllegalMove`."""
    require(actor, *KEEPERS)
    why = require_reason(reason, actor.full_name)
    with transaction.atomic():
        ended = Authorization.objects.filter(pk=one.pk, revoked_at=None).update(
            revoked_at=at, revoked_by=actor, revoked_reason=why
        )
        if not ended:
            raise IllegalMove(state="đã thu hồi ủy quyền")
        _record(OfficeEvent.AUTHORITY_REVOKED, one, actor, at, reason=why)


def in_force(organization: Organization, day: date) -> QuerySet[Authorization]:
    """The authorities that hold on a day."""
    known = Authorization.objects.filter(organization=organization, revoked_at=None)
    return known.filter(valid_from__lte=day, valid_to__gte=day).select_related("person", "granted_by")


def require_covers(one: Authorization, signer: Person, type_name: str, at: datetime) -> None:
    """Raises `OutsideAuthority`: it is another person's, of another time, revoked, or for other types."""
    today = timezone.localdate(at)
    if one.person_id != signer.pk:
        raise OutsideAuthority(why="giấy ủy quyền là của người khác", why_en="the authorisation is another person's")
    if one.revoked_at is not None:
        raise OutsideAuthority(why="ủy quyền đã bị thu hồi", why_en="the authorisation was revoked")
    if not one.valid_from <= today <= one.valid_to:
        span = f"{in_words(one.valid_from)} – {in_words(one.valid_to)}"
        raise OutsideAuthority(why=f"ngoài thời hạn ủy quyền {span}", why_en=f"it is not the time of it, {span}")
    if type_name not in one.types:
        raise OutsideAuthority(
            why=f"giấy ủy quyền không nêu loại văn bản «{type_name}»", why_en=f"it does not name the type «{type_name}»"
        )


def _require_whole(paper: Paper, at: datetime) -> None:
    if not paper.reference.strip():
        raise Missing(what="số, ngày của giấy ủy quyền", what_en="number and date of the paper")
    if not paper.on_behalf.strip() or not paper.position.strip():
        raise Missing(what="chức vụ của người ủy quyền và người được ủy quyền", what_en="the positions of both")
    if not paper.types or not all(by_name(name) for name in paper.types):
        raise Missing(what="loại văn bản được ký", what_en="the types of documents")
    if not paper.scope.strip():
        raise Missing(what="nội dung ủy quyền", what_en="the matters")
    if not paper.valid_from <= paper.valid_to or paper.valid_to < timezone.localdate(at):
        raise Missing(what="thời hạn ủy quyền chưa qua", what_en="a time that is not over")


def _record(event: OfficeEvent, one: Authorization, actor: Person, at: datetime, **data: object) -> None:
    subject = Subject("authority", str(one.pk))
    into_journal(event, actor=actor_of(actor), subject=subject, at=at, person=one.person.full_name, **data)
