"""Advisory bodies of an agency, as its head founded them, and who signs for them (Decree 30/2020, Annex I, II.3a, 7c).
Recorded, in force for a time, ended; never erased."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day as in_words
from lienthong.look.vietnamese import moment
from lienthong.office.errors import Missing, OutsideAuthority, require_why
from lienthong.office.models import AdvisoryBody, BodySigner, Organization, Person, Post, RightKind, Role
from lienthong.office.people import staff
from lienthong.office.people.abbreviations import one_group, require_free
from lienthong.office.people.access import people_with, posts_on, require, roles
from lienthong.office.people.actors import actor_of
from lienthong.office.people.agency_errors import BodyNotInForce, ChangedMeanwhile, SignsAlready, SignsNoMore
from lienthong.office.people.staff_errors import BadTime, OwnRights, RolesApart
from lienthong.standards.statuses import Words

KEEPERS = (Role.LEADER, Role.ADMINISTRATOR)
"""Who keeps the list: the head decides; the administrator enters the decision."""
BY_AUTHORISATION = re.compile(r"\bTUQ\b", re.IGNORECASE)
"""Stands above a title, or in it, where somebody signs under an authorisation."""
ABBREVIATION = Words("Chữ viết tắt của tổ chức tư vấn", "Abbreviation of the advisory body")


@dataclass(frozen=True)
class Founding:
    """What the decision says that founded a body.

    Attributes:
        decision: its number and date.
        valid_to: the last day; None: until it is ended.
    """

    name: str
    abbreviation: str
    decision: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Naming:
    """Who signs for a body.

    Attributes:
        title: in the body, as printed above the signature (box 7a).
        competence: above the title: TM. HỘI ĐỒNG, KT. TRƯỞNG BAN; empty for most.
        office: in the agency, as printed above the name (box 7b).
        decision: number and date of the decision that names them.
    """

    person: Person
    title: str
    decision: str
    valid_from: date
    competence: str = ""
    office: str = ""


def found(founding: Founding, *, actor: Person, at: datetime) -> AdvisoryBody:
    """Record a body. Raises `Forbidden`, `Missing`, `BadFact`, `AbbreviationTaken`, `BadTime`."""
    require(actor, *KEEPERS)
    name = " ".join(founding.name.split())[:200]
    if not name or not founding.decision.strip():
        raise Missing(
            what="tên tổ chức và số, ngày của quyết định", what_en="the name, and number and date of the decision"
        )
    abbreviation = one_group(ABBREVIATION, founding.abbreviation)
    if founding.valid_to is not None and founding.valid_to < max(founding.valid_from, timezone.localdate(at)):
        raise BadTime(why="ngày cuối đã qua hoặc trước ngày đầu", why_en="the last day is over, or before the first")
    with transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=actor.organization_id)
        require_free(organization, abbreviation, at=at)
        made = AdvisoryBody.objects.create(
            organization=organization, name=name, abbreviation=abbreviation, decision=founding.decision.strip()[:200],
            valid_from=founding.valid_from, valid_to=founding.valid_to, recorded_at=at, recorded_by=actor,
        )  # fmt: skip
        _record(
            OfficeEvent.ADVISORY_BODY_RECORDED, made, actor, at, decision=made.decision,
            valid_from=made.valid_from.isoformat(), valid_to=_iso(made.valid_to),
        )  # fmt: skip
    return made


def set_last_day(
    body: AdvisoryBody, last_day: date | None, *, seen: date | None, reason: str, actor: Person, at: datetime
) -> None:
    """Say until when a body works: yesterday ends it at once, None lets it go on; before its first it is taken back.

    Args:
        seen: the last day that was known when this was decided.

    Raises:
        Forbidden, ReasonNeeded, BadTime, AbbreviationTaken: another body has it meanwhile.
        ChangedMeanwhile: somebody was faster.
    """
    require(actor, *KEEPERS)
    why = require_why(reason)
    if last_day is not None and last_day < max(body.valid_from, timezone.localdate(at)) - timedelta(days=1):
        raise BadTime(
            why="ngày cuối sớm nhất là hôm qua, hoặc hôm trước ngày đầu",
            why_en="the last day is yesterday at the earliest, or the day before the first",
        )
    with transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=body.organization_id)
        if last_day is None or last_day >= timezone.localdate(at):
            require_free(organization, body.abbreviation, at=at, besides=body)
        if not AdvisoryBody.objects.filter(pk=body.pk, valid_to=seen).update(valid_to=last_day):
            last = history(body).first()
            raise ChangedMeanwhile(who=last.actor_name if last else "…", when=moment(last.at) if last else "…")
        facts = {"before": _iso(seen), "last_day": _iso(last_day), "reason": why}
        _record(OfficeEvent.ADVISORY_BODY_LAST_DAY_SET, body, actor, at, **facts)


def may_be_named(actor: Person) -> QuerySet[Person]:
    """Whom somebody may name as a body's signer: everybody with an open account but themselves and administrators."""
    administrators = people_with(actor.organization_id, Role.ADMINISTRATOR)
    found = actor.organization.people.filter(user__is_active=True).exclude(pk=actor.pk)
    return found.exclude(pk__in=administrators.values("pk"))


def name_signer(body: AdvisoryBody, naming: Naming, *, actor: Person, at: datetime) -> BodySigner:
    """Let a person sign for a body; that alerts as every change of rights does (AVI-3c).

    Raises:
        Forbidden, OwnRights, Missing.
        RolesApart: an administrator sees no documents.
        OutsideAuthority: under an authorisation (TUQ.), which is a paper of its own.
        SignsAlready: as that.
    """
    require(actor, *KEEPERS)
    if actor.pk == naming.person.pk:
        raise OwnRights()
    if Role.ADMINISTRATOR in roles(naming.person):
        raise RolesApart(name=naming.person.full_name)
    if not naming.title.strip() or not naming.decision.strip():
        raise Missing(
            what="chức danh trong tổ chức và số, ngày của quyết định",
            what_en="the title in the body, and number and date of the decision",
        )
    if BY_AUTHORISATION.search(unicodedata.normalize("NFKC", f"{naming.competence}\n{naming.title}")):
        raise OutsideAuthority(why="tổ chức tư vấn không ký thừa ủy quyền", why_en="a body is not signed for TUQ.")
    with transaction.atomic():
        AdvisoryBody.objects.select_for_update().get(pk=body.pk)
        title = naming.title.strip()[:100]
        if body.signers.filter(person=naming.person, title=title, ended_at=None).exists():
            raise SignsAlready(name=naming.person.full_name, title=title)
        made = BodySigner.objects.create(
            body=body, person=naming.person, title=title, competence=naming.competence.strip()[:100],
            office=naming.office.strip()[:100], decision=naming.decision.strip()[:200], valid_from=naming.valid_from,
            recorded_at=at, recorded_by=actor,
        )  # fmt: skip
        _note(RightKind.BODY_SIGNER_NAMED, made, actor, at)
        _record(
            OfficeEvent.BODY_SIGNER_NAMED, body, actor, at, person=naming.person.full_name, title=title,
            decision=made.decision,
        )  # fmt: skip
    return made


def end_signer(one: BodySigner, *, reason: str, actor: Person, at: datetime) -> None:
    """From now on the person does not sign for the body; what they signed stays. Raises `Forbidden`, `OwnRights`,
    `ReasonNeeded`, `SignsNoMore`."""
    require(actor, *KEEPERS)
    if actor.pk == one.person_id:
        raise OwnRights()
    why = require_why(reason)
    with transaction.atomic():
        still = BodySigner.objects.filter(pk=one.pk, ended_at=None)
        if not still.update(ended_at=at, ended_by=actor, ended_reason=why):
            raise SignsNoMore(name=one.person.full_name)
        _note(RightKind.BODY_SIGNER_ENDED, one, actor, at, why)
        facts = {"person": one.person.full_name, "title": one.title, "reason": why}
        _record(OfficeEvent.BODY_SIGNER_ENDED, one.body, actor, at, **facts)


def of_agency(organization: Organization) -> QuerySet[AdvisoryBody]:
    """The bodies of an agency, with who signs for them."""
    return organization.advisory_bodies.select_related("recorded_by").prefetch_related("signers__person")


def is_in_force(body: AdvisoryBody, day: date) -> bool:
    """Whether a body works on a day."""
    return body.valid_from <= day and (body.valid_to is None or day <= body.valid_to)


def signers_on(organization: Organization, day: date) -> QuerySet[BodySigner]:
    """Who signs for the bodies that work on a day, body by body."""
    known = BodySigner.objects.filter(body__organization=organization, ended_at=None, valid_from__lte=day)
    known = known.filter(body__valid_from__lte=day, person__user__is_active=True)
    known = known.filter(person__in=_working_posts(day).values("person"))
    known = known.filter(Q(body__valid_to__isnull=True) | Q(body__valid_to__gte=day))
    return known.select_related("person", "body").order_by("body__name", "body_id", "person__sort_key")


def require_may_sign(one: BodySigner, signer: Person, at: datetime) -> None:
    """Raises `BodyNotInForce`: it is another person's, ended, not the time, or the person works there no more."""
    if one.person_id != signer.pk or one.body.organization_id != signer.organization_id:
        raise _not_in_force(one.body, "người ký là người khác", "the signer is another person")
    if one.ended_at is not None:
        raise _not_in_force(
            one.body, f"{signer.full_name} đã thôi ký", f"{signer.full_name} does not sign for it any more"
        )
    if one.valid_from > timezone.localdate(at):
        since = in_words(one.valid_from)
        raise _not_in_force(one.body, f"{signer.full_name} ký từ {since}", f"{signer.full_name} signs from {since} on")
    if not _works_with_documents(signer, timezone.localdate(at)):
        vi = f"{signer.full_name} không còn giữ vai trò xử lý văn bản"
        raise _not_in_force(one.body, vi, f"{signer.full_name} has no role any more that handles documents")
    require_in_force(one.body, at)


def require_in_force(body: AdvisoryBody, at: datetime) -> None:
    """As it is recorded now. Raises `BodyNotInForce`: it does not work yet, or not any more."""
    body.refresh_from_db(fields=["valid_from", "valid_to"])
    today = timezone.localdate(at)
    if body.valid_from > today:
        since = in_words(body.valid_from)
        raise _not_in_force(body, f"hoạt động từ {since}", f"it works from {since} on")
    if body.valid_to is not None and body.valid_to < today:
        until = in_words(body.valid_to)
        raise _not_in_force(body, f"chỉ hoạt động đến hết {until}", f"it worked until {until}")


def history(body: AdvisoryBody) -> QuerySet[Event]:
    """What was recorded of a body, the newest first."""
    return Event.objects.filter(subject_kind="advisory_body", subject=str(body.pk)).order_by("-id")


def _working_posts(day: date) -> QuerySet[Post]:
    """The posts of a day whose holders handle documents; an administrator's is none (SEC-6)."""
    return posts_on(day).exclude(role=Role.ADMINISTRATOR)


def _works_with_documents(person: Person, day: date) -> bool:
    """With a post, and an account that is open."""
    return _working_posts(day).filter(person=person, person__user__is_active=True).exists()


def _not_in_force(body: AdvisoryBody, vi: str, en: str) -> BodyNotInForce:
    return BodyNotInForce(body=body.name, why=vi, why_en=en)


def _note(kind: RightKind, one: BodySigner, actor: Person, at: datetime, why: str = "") -> None:
    told = f"{one.body.name}: {one.title}" + (f"; {why}" if why else "")
    staff.note_change(kind, one.person, actor, at, reason=told)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _record(event: OfficeEvent, body: AdvisoryBody, actor: Person, at: datetime, **data: object) -> None:
    subject = Subject("advisory_body", str(body.pk))
    into_journal(
        event, actor=actor_of(actor), subject=subject, at=at, body=body.name, abbreviation=body.abbreviation, **data
    )  # fmt: skip
