"""What the agency plans of digital signatures and of less paper, and how its documents of the year compare
(Decision 28/2018/QĐ-TTg, Article 19.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Missing
from lienthong.office.models import (
    Channel,
    Indicator,
    Organization,
    OutgoingDocument,
    PaperTask,
    Person,
    PlanTarget,
    Recipient,
    Role,
    Stage,
    Version,
)
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.standards.times import VIETNAM

KEEPERS = (Role.ADMINISTRATOR, Role.LEADER)


@dataclass(frozen=True)
class Line:
    """An indicator of a year.

    Attributes:
        count, of: documents that it counts, and all that it is a share of; `share` in whole percent, rounded down.
        target: None where nothing is planned.
    """

    indicator: Indicator
    count: int
    of: int
    target: PlanTarget | None

    @property
    def share(self) -> int | None:
        return self.count * 100 // self.of if self.of else None

    @property
    def reached(self) -> bool | None:
        """Whether the plan is kept so far: of paper as little, of the others as much; None: it is not known."""
        if self.target is None or not self.of:
            return None
        if self.indicator is Indicator.WITH_PAPER:
            return self.count * 100 <= self.target.percent * self.of
        return self.count * 100 >= self.target.percent * self.of


def lines(organization: Organization, year: int) -> list[Line]:
    """The indicators of a year. What stays inside the agency (Article 3.2) counts for signatures alone."""
    begin, end = (datetime(one, 1, 1, tzinfo=VIETNAM) for one in (year, year + 1))
    issued = OutgoingDocument.objects.filter(organization=organization, issued_at__gte=begin, issued_at__lt=end)
    sent = Exists(Recipient.objects.filter(document=OuterRef("pk")))
    counted = issued.annotate(sent=sent, paper=goes_on_paper(), both=signed_by_both()).aggregate(
        all=Count("pk"),
        sent_out=Count("pk", filter=Q(sent=True)),
        on_paper=Count("pk", filter=Q(sent=True, paper=True)),
        signed=Count("pk", filter=Q(both=True)),
    )
    planned = targets(organization, year)
    numbers = {
        Indicator.ELECTRONIC: (counted["sent_out"] - counted["on_paper"], counted["sent_out"]),
        Indicator.WITH_PAPER: (counted["on_paper"], counted["sent_out"]),
        Indicator.SIGNED_BY_BOTH: (counted["signed"], counted["all"]),
    }
    return [Line(one, *numbers[one], planned.get(one)) for one in Indicator]


def goes_on_paper() -> Q:
    """Of an outgoing document: to at least one recipient, instead of the packet or beside it."""
    instead = Recipient.objects.filter(document=OuterRef("pk"), channel=Channel.PAPER)
    beside = PaperTask.objects.filter(recipient__document=OuterRef("pk"), dropped="")
    return Q(Exists(instead)) | Q(Exists(beside))


def signed_by_both() -> Q:
    """Of an outgoing document: a competent person's digital signature, the agency's upon it; scanned ink is none."""
    stages = (Version.objects.filter(document=OuterRef("pk"), stage=one) for one in (Stage.SIGNED, Stage.SEALED))
    person, agency = (Q(Exists(one)) for one in stages)
    return person & agency


def targets(organization: Organization, year: int) -> dict[Indicator, PlanTarget]:
    """What is planned for a year, as last written down."""
    rows = PlanTarget.objects.filter(organization=organization, year=year).order_by("id")
    return {Indicator(row.indicator): row for row in rows}


def set_targets(given: Mapping[str, str], year: int, *, actor: Person, at: datetime) -> int:
    """Write down the plan of a year; gives how many of its shares are new.

    Args:
        given: indicator → percent as typed, empty for none; and `reference`, number and date of the plan.

    Raises:
        Forbidden, Missing.
    """
    require(actor, *KEEPERS)
    if not (reference := " ".join(given.get("reference", "").split())[:200]):
        raise Missing(what="số, ngày của kế hoạch", what_en="number and date of the plan")
    wanted = {one: _percent(given[one]) for one in Indicator if given.get(one, "").strip()}
    if not wanted:
        raise Missing(what="ít nhất một chỉ tiêu", what_en="at least one target")
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=actor.organization_id)
        before = targets(actor.organization, year)
        new = {one: share for one, share in wanted.items() if one not in before or before[one].percent != share}
        PlanTarget.objects.bulk_create(
            PlanTarget(organization=actor.organization, year=year, indicator=one, percent=share, reference=reference,
                       recorded_at=at, recorded_by=actor)
            for one, share in new.items()
        )  # fmt: skip
        if new:
            changes = {one.value: [before[one].percent if one in before else None, share] for one, share in new.items()}
            record(
                OfficeEvent.PLAN_TARGETS_SET, actor=actor_of(actor), at=at, reference=reference, changes=changes,
                subject=Subject("plan", f"{actor.organization.code} {year}"),
            )  # fmt: skip
    return len(new)


def _percent(text: str) -> int:
    if not text.strip().isdecimal() or int(text) > 100:
        raise Missing(what="tỷ lệ từ 0 đến 100", what_en="a share between 0 and 100")
    return int(text)
