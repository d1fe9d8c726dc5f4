"""What is so at the moment, for Prometheus and the console: measured by a worker now and then, never by who looks.

Measuring takes the longer the more waits, so that each group is measured again only after twenty times as long as it
took: at most a twentieth of one worker's time is spent on it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from lienthong.hub import maintenance
from lienthong.hub.blobs import blobs
from lienthong.hub.models import DiskSample, IntakeHour, Measured, Worker
from lienthong.hub.watch.conditions import days_until_full

Sample = tuple[str, dict[str, str], float]

LEAST = timedelta(seconds=15)
"""How often a group is measured at most."""
REST = 20
"""After measuring for so long, rest for so many times as long."""
SAMPLES_KEPT = timedelta(days=30)

GAUGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "lienthong_hub_open_deliveries": ("Deliveries that are not acknowledged", ("state", "urgency")),
    "lienthong_hub_oldest_open_seconds": ("Age of the oldest delivery that nobody has fetched", ("urgency",)),
    "lienthong_hub_systems": ("Connected systems", ("state",)),
    "lienthong_hub_quarantine_packets": ("Refused packets that are kept", ()),
    "lienthong_hub_quarantine_bytes": ("Bytes of refused packets that are kept", ()),
    "lienthong_hub_blobs": ("Stored contents, estimated from parts of the store", ()),
    "lienthong_hub_blob_bytes": ("Bytes of stored contents, estimated from parts of the store", ()),
    "lienthong_hub_disk_free_bytes": ("Bytes free on the disk of the contents", ()),
    "lienthong_hub_disk_size_bytes": ("Size of the disk of the contents", ()),
    "lienthong_hub_disk_full_days": ("Days until the disk is full as it grew lately; -1: it does not grow", ()),
    "lienthong_hub_journal_events": ("Events of the journal, as PostgreSQL estimates", ()),
    "lienthong_hub_journal_bytes": ("Bytes of the journal with its indexes", ()),
    "lienthong_hub_database_bytes": ("Bytes of the database", ()),
    "lienthong_hub_measured_age_seconds": ("How old a group of these figures is", ("group",)),
    "lienthong_hub_worker_round_timestamp_seconds": ("When a worker last finished a round", ("node",)),
    "lienthong_hub_worker_round_seconds": ("How long that round took", ("node",)),
    "lienthong_hub_worker_failed_rounds": ("Rounds of a worker that failed since it was started", ("node",)),
    "lienthong_hub_maintenance": ("0: in service, 1: takes nothing new, 2: reads stop as well", ()),
    "lienthong_hub_up": ("Whether the database of the hub answers", ()),
    "lienthong_alerts": ("Alerts that hold, by rule", ("rule", "severity")),
}
"""Every gauge, what it means, and its labels; `docs/reference/metrics.md` lists them."""


@dataclass(frozen=True)
class Group:
    """Figures that are measured together."""

    name: str
    measure: Callable[[datetime], list[Sample]]
    every: timedelta = LEAST


def measure_due(now: datetime) -> None:
    """Measure the groups whose turn it is and that no other worker is measuring."""
    for group in GROUPS:
        if not _take_turn(group, now):
            continue
        begun = perf_counter()
        samples = group.measure(now)
        took = timedelta(seconds=perf_counter() - begun)
        again = datetime.now(UTC) + max(group.every, took * REST)
        Measured.objects.filter(name=group.name).update(samples=samples, at=now, due_at=again)


def _take_turn(group: Group, now: datetime) -> bool:
    Measured.objects.get_or_create(name=group.name, defaults={"due_at": now})
    turn = Measured.objects.filter(name=group.name, due_at__lte=now)
    return bool(turn.update(due_at=now + max(group.every, timedelta(minutes=5))))


# -- measuring ---------------------------------------------------------------------------------------------------------

_QUEUE = """
SELECT state, urgency, count(*), min(submitted_at) FROM hub_delivery
WHERE state IN ('initial', 'processing', 'fail') GROUP BY state, urgency
"""


def _queue(now: datetime) -> list[Sample]:
    rows = _rows(_QUEUE)
    found: dict[tuple[str, int], tuple[int, datetime]] = {(state, urgency): (n, at) for state, urgency, n, at in rows}
    samples: list[Sample] = []
    for urgency in range(5):
        for state in ("initial", "processing", "fail"):
            count = found.get((state, urgency), (0, now))[0]
            samples.append(("lienthong_hub_open_deliveries", {"state": state, "urgency": str(urgency)}, count))
        oldest = found.get(("initial", urgency), (0, now))[1]
        age = max(0.0, (now - oldest).total_seconds())
        samples.append(("lienthong_hub_oldest_open_seconds", {"urgency": str(urgency)}, age))
    return samples


_SYSTEMS = """
SELECT count(*) FILTER (WHERE suspended_at IS NOT NULL),
       count(*) FILTER (WHERE suspended_at IS NULL AND last_contact_at >= %(since)s),
       count(*) FILTER (WHERE suspended_at IS NULL AND (last_contact_at IS NULL OR last_contact_at < %(since)s))
FROM hub_system WHERE EXISTS (SELECT FROM hub_agency WHERE system_id = hub_system.code)
"""
"""A system whose agencies were all moved to another one has nothing to say any more."""


def _systems(now: datetime) -> list[Sample]:
    (counts,) = _rows(_SYSTEMS, {"since": now - timedelta(hours=24)})
    states = ("suspended", "active", "silent")
    return [
        ("lienthong_hub_systems", {"state": state}, count) for state, count in zip(states, counts, strict=True)
    ]  # fmt: skip


class _Store:
    """How much is stored: a part of the store is looked at each time, so that a look costs the same at any size.

    Contents are named by their SHA-256, so that each of the 256 parts holds about as much as any other.
    """

    def __init__(self) -> None:
        self._parts: dict[int, tuple[int, int]] = {}
        self._next = 0

    def look(self) -> tuple[float, float]:
        """Contents and their bytes, by the parts seen so far."""
        self._parts[self._next] = blobs().measure(f"{self._next:02x}")
        self._next = (self._next + 1) % 256
        share = 256 / len(self._parts)
        count, size = (sum(part) for part in zip(*self._parts.values(), strict=True))
        return count * share, size * share


_store = _Store()


def _stored(now: datetime) -> list[Sample]:
    count, size = _store.look()
    disk = shutil.disk_usage(_data())
    hour = now.replace(minute=0, second=0, microsecond=0)
    DiskSample.objects.get_or_create(hour=hour, defaults={"free": disk.free, "size": disk.total})
    DiskSample.objects.filter(hour__lt=now - SAMPLES_KEPT).delete()
    days = days_until_full(now)
    ((packets, kept),) = _rows("SELECT count(*), COALESCE(sum(size), 0) FROM hub_quarantined")
    return [
        ("lienthong_hub_blobs", {}, count),
        ("lienthong_hub_blob_bytes", {}, size),
        ("lienthong_hub_disk_free_bytes", {}, disk.free),
        ("lienthong_hub_disk_size_bytes", {}, disk.total),
        ("lienthong_hub_disk_full_days", {}, -1 if days is None else days),
        ("lienthong_hub_quarantine_packets", {}, packets),
        ("lienthong_hub_quarantine_bytes", {}, float(kept)),
    ]


def _data() -> Path:
    return Path(settings.LIENTHONG.data)


_DATABASE = """
SELECT GREATEST(reltuples, 0)::bigint, pg_total_relation_size('journal_event'), pg_database_size(current_database())
FROM pg_class WHERE oid = 'journal_event'::regclass
"""


def _database(_now: datetime) -> list[Sample]:
    ((events, journal, database),) = _rows(_DATABASE)
    return [
        ("lienthong_hub_journal_events", {}, events),
        ("lienthong_hub_journal_bytes", {}, journal),
        ("lienthong_hub_database_bytes", {}, database),
    ]


_HOURS = """
INSERT INTO hub_intakehour (hour, system, packets)
SELECT %(hour)s, system_id, count(*) FROM hub_packet
WHERE submitted_at >= %(hour)s AND submitted_at < %(hour)s + interval '1 hour' GROUP BY system_id
ON CONFLICT DO NOTHING
"""
HOURS_KEPT = timedelta(days=8)
HOURS_CAUGHT_UP = 24


def _hours(now: datetime) -> list[Sample]:
    """Count the hours that are over, by system: what is usual is known from them. No figure of its own."""
    this = now.replace(minute=0, second=0, microsecond=0)
    newest = IntakeHour.objects.order_by("-hour").values_list("hour", flat=True).first()
    for back in range(HOURS_CAUGHT_UP, 0, -1):
        hour = this - timedelta(hours=back)
        if newest is None or hour > newest:
            with connection.cursor() as cursor:
                cursor.execute(_HOURS, {"hour": hour})
    IntakeHour.objects.filter(hour__lt=now - HOURS_KEPT).delete()
    return []


GROUPS = (
    Group("queue", _queue),
    Group("systems", _systems, timedelta(minutes=1)),
    Group("store", _stored),
    Group("database", _database, timedelta(minutes=1)),
    Group("hours", _hours, timedelta(minutes=5)),
)


# -- showing -----------------------------------------------------------------------------------------------------------


def current(now: datetime) -> list[Sample]:
    """All gauges as they are known now: what was measured, and what a statement tells at no cost."""
    measured = list(Measured.objects.filter(at__isnull=False))
    samples: list[Sample] = [(name, labels, value) for group in measured for name, labels, value in group.samples]
    samples += [
        ("lienthong_hub_measured_age_seconds", {"group": group.name}, (now - group.at).total_seconds())
        for group in measured if group.at
    ]  # fmt: skip
    for worker in Worker.objects.order_by("node"):
        label = {"node": worker.node}
        samples += [
            ("lienthong_hub_worker_round_timestamp_seconds", label, worker.round_at.timestamp()),
            ("lienthong_hub_worker_round_seconds", label, worker.round_ms / 1000),
            ("lienthong_hub_worker_failed_rounds", label, worker.failed_rounds),
        ]
    going_on = maintenance.current()
    samples.append(("lienthong_hub_maintenance", {}, 0 if going_on is None else 2 if going_on.reads else 1))
    held = _rows(_ALERTS)
    samples += [("lienthong_alerts", {"rule": rule, "severity": severity}, n) for rule, severity, n in held]
    return [*samples, ("lienthong_hub_up", {}, 1)]


_ALERTS = "SELECT rule, severity, count(*) FROM hub_alert WHERE state <> 'resolved' GROUP BY rule, severity"


class Gauges(Collector):
    """The gauges for Prometheus; without the database one remains, which says that it is away."""

    def collect(self) -> Iterator[Metric]:
        """Each gauge with its samples."""
        try:
            samples = current(datetime.now(UTC))
        except DatabaseError:
            connection.close()
            samples = [("lienthong_hub_up", {}, 0)]
        for name, (about, labels) in GAUGES.items():
            family = GaugeMetricFamily(name, about, labels=labels)
            for _, told, value in (one for one in samples if one[0] == name):
                family.add_metric([told[label] for label in labels], value)
            yield family


def _rows(statement: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
