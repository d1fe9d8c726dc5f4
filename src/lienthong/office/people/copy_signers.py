"""Who may sign copies: what the head of the agency decides (Decree 30/2020, Article 27.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import IllegalMove, Missing, NotCopySigner, require_reason
from lienthong.office.models import CopySigner, Organization, Person, Role
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of

KEEPERS = (Role.LEADER, Role.ADMINISTRATOR)
"""Who keeps the list: the head, or the administrator by the head's decision."""


@dataclass(frozen=True)
class Decision:
    """What the head decided.

    Attributes:
        competence: as printed above the position, TL. CHỦ TỊCH; empty for the head.
        position: as printed.
        reference: number and date of the decision.
        valid_to: the last day; None: until it is ended.
    """

    person: Person
    position: str
    reference: str
    valid_from: date
    competence: str = ""
    valid_to: date | None = None


def name(decision: Decision, *, actor: Person, at: datetime) -> CopySigner:
    """Let a person sign copies. Raises `Forbidden`, `Missing`."""
    require(actor, *KEEPERS)
    if not decision.position.strip() or not decision.reference.strip():
        raise Missing(
            what="chức vụ và số, ngày của quyết định", what_en="position, and number and date of the decision"
        )
    ends = decision.valid_to
    if ends is not None and (ends < decision.valid_from or ends < timezone.localdate(at)):
        raise Missing(what="thời hạn chưa qua", what_en="a time that is not over")
    with transaction.atomic():
        made = CopySigner.objects.create(
            organization=actor.organization, recorded_at=at, recorded_by=actor, **vars(decision)
        )
        _record(OfficeEvent.COPY_SIGNER_NAMED, made, actor, at, reference=made.reference)
    return made


def end(one: CopySigner, *, reason: str, actor: Person, at: datetime) -> None:
    """From now on the person signs no copies; those that were made stay. Raises `Forbidden`, `ReasonNeeded`,
    `IllegalMove`."""
    require(actor, *KEEPERS)
    why = require_reason(reason, actor.full_name)
    with transaction.atomic():
        still = CopySigner.objects.filter(pk=one.pk, ended_at=None)
        if not still.update(ended_at=at, ended_by=actor, ended_reason=why):
            raise IllegalMove(state="đã thôi ký bản sao")
        _record(OfficeEvent.COPY_SIGNER_ENDED, one, actor, at, reason=why)


def in_force(organization: Organization, day: date) -> QuerySet[CopySigner]:
    """Who may sign copies on a day."""
    known = CopySigner.objects.filter(organization=organization, ended_at=None, valid_from__lte=day)
    known = known.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return known.select_related("person").order_by("person__sort_key")


def require_may_sign(signer: CopySigner | None, organization: Organization, at: datetime) -> CopySigner:
    """Raises `NotCopySigner`: nobody, another agency's, ended, or not the time."""
    today = timezone.localdate(at)
    if signer is None or not in_force(organization, today).filter(pk=signer.pk).exists():
        raise NotCopySigner()
    return signer


def _record(event: OfficeEvent, one: CopySigner, actor: Person, at: datetime, **data: object) -> None:
    subject = Subject("copy_signer", str(one.pk))
    into_journal(event, actor=actor_of(actor), subject=subject, at=at, person=one.person.full_name, **data)
