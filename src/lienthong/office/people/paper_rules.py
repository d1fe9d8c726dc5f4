"""What goes on paper with the electronic document, as the head of the agency decided it: recorded, in force for a time,
ended; never erased (Decision 28/2018, Article 7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Actor, Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import IllegalMove, Missing, require_reason
from lienthong.office.models import DirectoryAgency, Organization, PaperClause, PaperRule, Person, Role
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.standards.doctypes import by_name

KEEPERS = (Role.LEADER, Role.ADMINISTRATOR)
"""Who keeps the list: the head decides; the administrator enters the decision."""


@dataclass(frozen=True)
class Entry:
    """What a decision says. A condition that is empty holds of everything.

    Attributes:
        clause: point a (the Government, the Prime Minister) or b (the agency's own list).
        types: names of the types of documents.
        keyword: words of the summary.
        recipients: codes of agencies; point a names at least one, the contact point.
        addressees: how a line of "Kính gửi" or "Nơi nhận" begins.
        decision, decided_on: number and date of the decision.
    """

    clause: PaperClause
    decision: str
    decided_on: date
    valid_from: date
    valid_to: date | None = None
    types: Sequence[str] = ()
    keyword: str = ""
    recipients: Sequence[str] = ()
    addressees: Sequence[str] = ()


GOVERNMENT = Entry(
    PaperClause.GOVERNMENT,
    decision="Nghị định 39/2022/NĐ-CP (Quy chế làm việc của Chính phủ)",
    decided_on=date(2022, 6, 18),
    valid_from=date(2022, 6, 18),
    recipients=("G22",),
    addressees=("Chính phủ", "Thủ tướng", "Phó Thủ tướng", "Các Phó Thủ tướng"),
)
"""What every agency begins with: the Office of the Government receives for the Government and the Prime Minister
(Article 7.3a); what is meant for that Office alone goes without paper."""


def install(organization: Organization, setup: Actor, *, at: datetime) -> None:
    """Give an agency its entry of point a, unless it ever had one, or is the contact point itself."""
    if organization.code in GOVERNMENT.recipients:
        return
    if not organization.paper_rules.filter(clause=PaperClause.GOVERNMENT).exists():
        with transaction.atomic():
            _write(GOVERNMENT, organization, None, setup, at)


def register(entry: Entry, *, actor: Person, at: datetime) -> PaperRule:
    """Record an entry.

    Raises:
        Forbidden: only leaders and administrators keep the list.
        Missing: the decision, its date or its time is not named, a type or an agency is unknown, nothing is said of
            what it is for, or point a names no recipient.
    """
    require(actor, *KEEPERS)
    _require_whole(entry, at)
    with transaction.atomic():
        return _write(entry, actor.organization, actor, actor_of(actor), at)


def end(rule: PaperRule, *, last_day: date, reason: str, actor: Person, at: datetime) -> None:
    """End an entry with a day; what it governed keeps it.

    Raises:
        Forbidden, ReasonNeeded, Missing, IllegalMove.
    """
    require(actor, *KEEPERS)
    why = require_reason(reason, actor.full_name)
    if last_day < max(rule.valid_from, timezone.localdate(at)):
        raise Missing(what="ngày hết hiệu lực từ hôm nay trở đi", what_en="a last day from today on")
    with transaction.atomic():
        running = PaperRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=last_day))
        ended = running.filter(pk=rule.pk, ended_at=None).update(
            valid_to=last_day, ended_at=at, ended_by=actor, ended_reason=why
        )
        if not ended:
            raise IllegalMove(state="mục đã kết thúc, hoặc hết hiệu lực trước ngày đó")
        _record(OfficeEvent.PAPER_RULE_ENDED, rule, actor_of(actor), at, last_day=last_day.isoformat(), reason=why)


def in_force(organization: Organization, day: date) -> QuerySet[PaperRule]:
    """The entries that hold on a day, point a first."""
    known = PaperRule.objects.filter(organization=organization, valid_from__lte=day)
    return known.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def _require_whole(entry: Entry, at: datetime) -> None:
    if not entry.decision.strip():
        raise Missing(what="số quyết định", what_en="the number of the decision")
    if not all(by_name(name) for name in entry.types):
        raise Missing(what="loại văn bản có trong danh sách", what_en="types that the list has")
    known = set(DirectoryAgency.objects.filter(code__in=entry.recipients).values_list("code", flat=True))
    if unknown := [code for code in entry.recipients if code not in known]:
        raise Missing(
            what=f"mã nơi nhận có trong danh bạ của Trục (không có: {', '.join(unknown)})",
            what_en=f"codes that the hub's directory has (it has not: {', '.join(unknown)})",
        )
    if entry.clause == PaperClause.GOVERNMENT and not entry.recipients:
        raise Missing(
            what="mã đầu mối nhận thay Chính phủ, Thủ tướng Chính phủ",
            what_en="the contact point of the Government and the Prime Minister",
        )
    if not (entry.types or entry.keyword or entry.recipients or entry.addressees):
        raise Missing(what="loại văn bản, nội dung hoặc nơi nhận", what_en="types, a matter or recipients")
    if entry.valid_to and entry.valid_to < max(entry.valid_from, timezone.localdate(at)):
        raise Missing(what="thời gian hiệu lực chưa qua", what_en="a time that is not over")


def _write(entry: Entry, organization: Organization, person: Person | None, who: Actor, at: datetime) -> PaperRule:
    facts = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(entry).items()}
    made = PaperRule.objects.create(organization=organization, recorded_at=at, recorded_by=person, **facts)
    _record(OfficeEvent.PAPER_RULE_RECORDED, made, who, at)
    return made


def _record(event: OfficeEvent, rule: PaperRule, who: Actor, at: datetime, **data: object) -> None:
    facts = {"clause": rule.clause, "decision": rule.decision, **data}
    into_journal(event, actor=who, subject=Subject("paper_rule", str(rule.pk)), at=at, **facts)
