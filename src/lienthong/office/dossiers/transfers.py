"""From the agency's archive to a historical one: what is kept for ever is handed over, with its list and minutes; the
record of it stays here (Law on Archives 33/2024/QH15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.dossiers.rules import note, tell
from lienthong.office.dossiers.work_errors import NoSuchTransfer, NotForHistory
from lienthong.office.errors import Missing
from lienthong.office.models import Dossier, DossierState, HistoricalTransfer, Organization, Person, Role
from lienthong.office.people import access
from lienthong.office.people.access import require
from lienthong.office.people.staff_errors import BadTime
from lienthong.office.people.typed import line_of
from lienthong.office.workflow import dossiers as workflow
from lienthong.office.workflow import holds
from lienthong.standards.statuses import Words

READERS = (Role.CLERK, Role.LEADER, Role.AUDITOR)
"""Who sees what left the archive: those who answer for the agency's records."""
MOST_AT_ONCE = 200
LONGEST = 200
"""Characters of the archive's name, and of what the minutes are called."""


@dataclass(frozen=True)
class HandOver:
    """What the minutes say.

    Attributes:
        archive: which historical archive took the dossiers.
        reference: number and date of the minutes.
    """

    archive: str
    reference: str
    handed_on: date | None


def to_transfer(organization: Organization) -> QuerySet[Dossier]:
    """What the archive keeps for ever and has not handed over, the oldest first."""
    kept = Dossier.objects.filter(organization=organization, state=DossierState.ARCHIVED, retention_years=None)
    return kept.order_by("ended_on", "pk")


def transfers_of(person: Person) -> QuerySet[HistoricalTransfer]:
    """The hand-overs of the person's agency, for who may see them."""
    rows = HistoricalTransfer.objects.filter(organization_id=person.organization_id)
    known = access.roles(person) & {role.value for role in READERS} and Role.ADMINISTRATOR not in access.roles(person)
    return rows.select_related("recorded_by", "organization") if known else rows.none()


def one(person: Person, pk: int) -> HistoricalTransfer:
    """One hand-over. Raises `NoSuchTransfer` when there is none, or none for this person."""
    found = transfers_of(person).filter(pk=pk).first()
    if found is None:
        raise NoSuchTransfer()
    return found


def record(dossiers: Sequence[Dossier], told: HandOver, *, actor: Person, at: datetime) -> HistoricalTransfer:
    """Record that a historical archive took these dossiers over; from now on nothing of them moves here.

    Raises:
        Forbidden, Held, IllegalMove.
        Missing: no dossier, too many, no archive, or no minutes. TextTooLong.
        BadTime: the day is to come, or before the agency's own archive had one of them.
        NotForHistory: one is not kept for ever, or the archive does not have it.
    """
    require(actor, Role.CLERK)
    archive = line_of(told.archive, LONGEST, Words("Lưu trữ lịch sử nhận", "The historical archive"))
    reference = line_of(told.reference, LONGEST, Words("Số, ngày biên bản giao nhận", "Number and date of the minutes"))
    if not dossiers or len(dossiers) > MOST_AT_ONCE or not archive or not reference or told.handed_on is None:
        raise Missing(
            what=f"hồ sơ (tối đa {MOST_AT_ONCE}), tên Lưu trữ lịch sử, số và ngày biên bản giao nhận",
            what_en=f"dossiers ({MOST_AT_ONCE} at most), the historical archive, number and date of the minutes",
        )
    for dossier in dossiers:
        _require_ready(dossier, told.handed_on, timezone.localdate(at))
    with transaction.atomic():
        made = HistoricalTransfer.objects.create(
            organization=actor.organization, archive=archive, reference=reference, handed_on=told.handed_on,
            recorded_at=at, recorded_by=actor,
        )  # fmt: skip
        made.dossiers.set(dossiers)
        for dossier in dossiers:
            holds.require_free(dossier)
            workflow.advance(dossier, to=DossierState.HISTORIC)
            note(OfficeEvent.DOSSIER_TRANSFERRED, dossier, actor, at, archive=archive, reference=reference)
            words = Words(
                f"Hồ sơ {dossier.code} đã nộp vào {archive}", f"Dossier {dossier.code} was handed to {archive}"
            )  # fmt: skip
            tell([dossier.keeper], dossier, words, at=at)
    return made


def _require_ready(dossier: Dossier, handed_on: date, today: date) -> None:
    if dossier.state != DossierState.ARCHIVED or dossier.retention_years is not None or dossier.archived_at is None:
        raise NotForHistory(title=dossier.title[:100])
    if not timezone.localdate(dossier.archived_at) <= handed_on <= today:
        raise BadTime(
            why="ngày giao nộp ở tương lai, hoặc trước khi Lưu trữ cơ quan nhận hồ sơ",
            why_en="the day is to come, or before the agency's own archive had the dossier",
        )
