"""How the exchange fares now: from the figures of `tally`, and from rows that an index finds however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Sum

from lienthong.hub.models import Agency, Declaration, Delivery, Seal, System, Tally
from lienthong.hub.tally import Clause, quantile
from lienthong.protocol.messages import Kind
from lienthong.standards.statuses import OPEN_TRANSPORT, TransportState, Urgency
from lienthong.standards.times import VIETNAM

SILENT_AFTER = timedelta(minutes=30)
"""A system asks for its inbox all the time; one that was not here for so long is told."""
NEAR_END = timedelta(days=30)
WEEK = timedelta(days=7)
STEP = timedelta(minutes=15)
RATE_OVER = timedelta(minutes=5)
Scope = frozenset[str] | None
_OPEN = [state.value for state in OPEN_TRANSPORT]


@dataclass(frozen=True)
class Day:
    """What was counted from midnight in Vietnam to a moment.

    Attributes:
        counts: name → part → how many (names: see `tally`).
    """

    counts: dict[str, dict[int, int]]

    def total(self, name: str) -> int:
        """Over all parts."""
        return sum(self.counts.get(name, {}).values())

    def of(self, name: str, part: int) -> int:
        """Of one part."""
        return self.counts.get(name, {}).get(part, 0)

    @property
    def refused(self) -> list[tuple[str, int]]:
        """Problem → packets refused for it, most first."""
        found = [(name.partition(":")[2], self.total(name)) for name in self.counts if name.startswith("refused:")]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def waits(self, urgencies: Sequence[int]) -> list[tuple[int, int]]:
        """Spans of waiting, and how many fell into each, of these urgencies."""
        spans: dict[int, int] = defaultdict(int)
        for part, value in self.counts.get("wait", {}).items():
            if part // 1000 in urgencies:
                spans[part % 1000] += value
        return sorted(spans.items())


def midnight(at: datetime) -> datetime:
    """The beginning of the day in Vietnam."""
    return at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def day(until: datetime) -> Day:
    """The day up to a moment."""
    rows = (
        Tally.objects.filter(at__gte=midnight(until), at__lt=until)
        .exclude(name="backlog")
        .values_list("name", "part")
        .annotate(total=Sum("value"))
    )
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for name, part, total in rows:
        counts[name][part] = total
    return Day(dict(counts))


def rate(until: datetime) -> float:
    """Packets a second over the last minutes that are over."""
    end = until.replace(second=0, microsecond=0)
    found = Tally.objects.filter(name="packets", at__gte=end - RATE_OVER, at__lt=end).aggregate(total=Sum("value"))
    return (found["total"] or 0) / RATE_OVER.total_seconds()


def backlog_at(until: datetime) -> int | None:
    """The newest backlog that was counted up to a moment, at most ten minutes old; None for none."""
    rows = Tally.objects.filter(name="backlog", at__lte=until, at__gt=until - timedelta(minutes=10)).order_by("-at")
    return rows.values_list("value", flat=True).first()


@dataclass(frozen=True)
class Step:
    """A quarter of an hour: packets a second, and the backlog at its end; None for what was not counted."""

    at: datetime
    rate: float | None
    backlog: int | None


def series(begin: datetime, until: datetime) -> list[Step]:
    """The quarters of an hour of a day up to a moment; the last one as far as it has come."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"begin": begin, "until": until, "step": STEP}
        cursor.execute(_SERIES, values)
        rows = {at: (packets, backlog) for at, packets, backlog in cursor.fetchall()}
    steps, at = [], begin
    while at < until:
        packets, backlog = rows.get(at, (None, None))
        seconds = min(STEP, until - at).total_seconds()
        # A quarter in which the worker rested has no figures at all: nothing was counted, which is not nothing.
        counted = backlog is not None
        steps.append(Step(at, float(packets or 0) / max(seconds, 60) if counted else None, backlog))
        at += STEP
    return steps


_SERIES = """
SELECT date_bin(%(step)s, at, %(begin)s) AS step, sum(value) FILTER (WHERE name = 'packets'),
       (array_agg(value ORDER BY at DESC) FILTER (WHERE name = 'backlog'))[1]
FROM hub_tally WHERE at >= %(begin)s AND at < %(until)s AND name IN ('packets', 'backlog') GROUP BY 1
"""


@dataclass(frozen=True)
class OfUrgency:
    """A day's documents of one urgency; waiting in seconds from intake to the fetch."""

    urgency: Urgency
    delivered: int
    median: float | None
    slow: float | None
    backlog: int


def by_urgency(today: Day) -> list[OfUrgency]:
    """The day by urgency, the most urgent first; the two expresses are one line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT urgency, count(*) FROM hub_delivery "
            "WHERE kind = 'document' AND state IN ('initial', 'processing', 'fail') GROUP BY 1"
        )
        waiting = dict(cursor.fetchall())
    return [_line(urgency, parts, today, waiting) for urgency, parts in _LINES]


def _line(urgency: Urgency, parts: Sequence[int], today: Day, waiting: Mapping[int, int]) -> OfUrgency:
    spans = today.waits(parts)
    return OfUrgency(
        urgency,
        delivered=sum(today.of("delivered", part) for part in parts),
        median=quantile(spans, 0.5),
        slow=quantile(spans, 0.95),
        backlog=sum(waiting.get(part, 0) for part in parts),
    )


_LINES: tuple[tuple[Urgency, tuple[int, ...]], ...] = (
    (Urgency.EXPRESS, (3, 4)),
    (Urgency.VERY_URGENT, (2,)),
    (Urgency.URGENT, (1,)),
    (Urgency.NORMAL, (0,)),
)


@dataclass(frozen=True)
class Kept:
    """How a duty was kept in a day, by what was decided in it."""

    clause: Clause
    on_time: int
    late: int

    @property
    def late_share(self) -> float:
        """0 to 1."""
        return self.late / max(self.on_time + self.late, 1)


def clauses(today: Day) -> list[Kept]:
    """The duties that the hub's own events decide."""
    return [Kept(clause, today.of("on_time", clause), today.of("late", clause)) for clause in Clause]


# -- what is stuck ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A delivery that nobody has acknowledged, and what its system was last heard to do."""

    delivery: Delivery
    system: System | None
    why: str


def open_deliveries(scope: Scope) -> Any:
    """The deliveries of documents that are not handed over, oldest first; of a scope, those it sends or receives."""
    query = Delivery.objects.filter(kind=Kind.DOCUMENT.value, state__in=_OPEN).order_by("submitted_at", "id")
    if scope is not None:
        query = query.filter(Q(agency__in=scope) | Q(packet__sender__in=scope))
    return query


def oldest(scope: Scope, at: datetime, *, limit: int) -> list[Waiting]:
    """What has waited longest, with why as far as the hub can tell."""
    rows = open_deliveries(scope).select_related("packet__sender", "agency__system")[:limit]
    return [Waiting(row, row.agency.system, why(row, row.agency.system, at)) for row in rows]


def why(delivery: Delivery, system: System | None, at: datetime) -> str:
    """What stands in the way, as a key of words."""
    if system is None:
        return "no_system"
    if system.suspended_at is not None:
        return "suspended"
    if delivery.state == TransportState.FAIL:
        return "failed"
    if system.last_contact_at is None:
        return "never_here"
    if system.last_contact_at < at - SILENT_AFTER:
        return "silent"
    return "fetched" if delivery.state == TransportState.PROCESSING else "not_fetched"


def failed_now(scope: Scope) -> int:
    """Deliveries that a recipient's system could not take and that still wait for it."""
    return int(open_deliveries(scope).filter(state=TransportState.FAIL.value).count())


def _serving(scope: Scope) -> Any:
    """The systems that serve an agency that goes on, within a scope."""
    served = Agency.objects.filter(system=OuterRef("pk"), ended_at__isnull=True)
    if scope is not None:
        served = served.filter(code__in=scope)
    return System.objects.filter(Exists(served))


def count_serving(scope: Scope) -> int:
    """How many systems are connected."""
    return int(_serving(scope).count())


def silent(scope: Scope, at: datetime) -> Any:
    """The systems that were here before and that nobody has heard for too long, the longest first."""
    query = _serving(scope).filter(suspended_at__isnull=True, last_contact_at__lt=at - SILENT_AFTER)
    return query.order_by("last_contact_at", "code")


@dataclass(frozen=True)
class Ending:
    """Something on record that ends soon, or has just ended: a seal's certificate, a declaration of conformity."""

    kind: str
    whose: str
    code: str
    at: datetime


def ending(scope: Scope, at: datetime, *, limit: int) -> list[Ending]:
    """What ends within a month or ended in the last week, the soonest first."""
    span = (at - WEEK, at + NEAR_END)
    seals = Seal.objects.filter(expires_at__range=span, valid_to__isnull=True, agency__ended_at__isnull=True)
    declared = Declaration.objects.filter(valid_to__range=tuple(each.astimezone(VIETNAM).date() for each in span))
    if scope is not None:
        seals, declared = seals.filter(agency__in=scope), declared.filter(system__in=_serving(scope))
    # A newer one that lasts longer takes the place of the one that ends.
    newer_seal = Seal.objects.filter(agency=OuterRef("agency"), expires_at__gt=span[1], valid_to__isnull=True)
    newer = Declaration.objects.filter(system=OuterRef("system"), valid_to__gt=span[1].astimezone(VIETNAM).date())
    found = [
        Ending("seal", one.agency.name, one.agency_id, one.expires_at)
        for one in seals.exclude(Exists(newer_seal)).select_related("agency").order_by("expires_at")[:limit]
        if one.expires_at
    ]
    for one in declared.exclude(Exists(newer)).select_related("system").order_by("valid_to")[:limit]:
        last = datetime(one.valid_to.year, one.valid_to.month, one.valid_to.day, 23, 59, tzinfo=VIETNAM)
        found.append(Ending("declaration", one.system.name, one.system_id, last))
    return sorted(found, key=lambda each: each.at)[:limit]
