"""What each process of the hub counts of its own work, for Prometheus. See `docs/reference/metrics.md`.

What is a state of the database (how much waits, how long) is not counted here: see `hub.watch.gauges`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from prometheus_client import Counter, Histogram

MINUTE, HOUR, DAY = 60, 3600, 86_400
WAITING = (1, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY)
"""Seconds: from a recipient that listens to one that is away over a holiday."""

_accepted = Counter("lienthong_hub_packets_accepted_total", "Packets taken in", ["door", "kind"])
_bytes = Counter("lienthong_hub_packet_bytes_total", "Bytes of packets taken in", ["door"])
_moves = Counter("lienthong_hub_deliveries_total", "Moves of deliveries into a state", ["state"])
_refusals = Counter("lienthong_hub_refusals_total", "Refusals at the doors by problem", ["door", "problem"])
_fetched = Histogram(
    "lienthong_hub_fetch_delay_seconds", "From intake until the recipient fetched", ["urgency"], buckets=WAITING
)
_handed_over = Histogram(
    "lienthong_hub_handover_delay_seconds", "From intake until the recipient acknowledged", ["urgency"], buckets=WAITING
)


def accepted(door: str, kind: str, size: int) -> None:
    """A packet was taken in; counted once its transaction is durable."""

    def count() -> None:
        _accepted.labels(door, kind).inc()
        _bytes.labels(door).inc(size)

    transaction.on_commit(count)


def moved(state: str) -> None:
    """A delivery came into a state; counted once that is durable."""
    transaction.on_commit(lambda: _moves.labels(state).inc())


def refused(door: str, problem: str) -> None:
    """A door refused."""
    _refusals.labels(door, problem).inc()


def fetched(urgency: int, submitted_at: datetime, at: datetime) -> None:
    """A recipient fetched for the first time."""
    _fetched.labels(str(urgency)).observe(max(0.0, (at - submitted_at).total_seconds()))


def handed_over(urgency: int, submitted_at: datetime, at: datetime) -> None:
    """A recipient acknowledged."""
    _handed_over.labels(str(urgency)).observe(max(0.0, (at - submitted_at).total_seconds()))
