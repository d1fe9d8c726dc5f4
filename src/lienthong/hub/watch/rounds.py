"""The watch's own rounds, beside those that sweep: a slow sweep must not keep an urgent document from being missed."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from time import perf_counter

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from lienthong.hub.models import Measured, Worker
from lienthong.hub.watch import alerts, channels, gauges

ROUND_SECONDS = 5.0
LOOK_EVERY = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=7)
"""A node that was not seen for so long was taken away."""

log = structlog.get_logger("hub.watch")


def run(stop: threading.Event) -> None:
    """Watch until told to stop."""
    heart = Heart(node(), datetime.now(UTC))
    while not stop.is_set():
        begun = perf_counter()
        try:
            watch_once(datetime.now(UTC))
            heart.beat(datetime.now(UTC), took=perf_counter() - begun)
        except Exception:
            # The edge of the thread: whatever it was, the next round tries again.
            heart.failed += 1
            log.exception("watch round failed")
        finally:
            connection.close()
        stop.wait(ROUND_SECONDS)
    heart.stop()


def watch_once(now: datetime) -> None:
    """One round: figures, then rules by what the figures say, then telling of what moved."""
    gauges.measure_due(now)
    if _is_due("look", now, LOOK_EVERY):
        alerts.look(now)
    if _is_due("forget", now, timedelta(hours=1)):
        alerts.forget_old(now)
        Worker.objects.filter(round_at__lt=now - FORGOTTEN_AFTER).delete()
    channels.tell(now)


def _is_due(name: str, now: datetime, every: timedelta) -> bool:
    """Whether it is time, and this worker's turn."""
    Measured.objects.get_or_create(name=name, defaults={"due_at": now})
    return bool(Measured.objects.filter(name=name, due_at__lte=now).update(due_at=now + every))


def node() -> str:
    """The name of this node of the service: the same after a restart."""
    return f"{socket.gethostname()}:{settings.LIENTHONG.port}"[:120]


class Heart:
    """Says that this worker lives; a worker that was told to stop is not missed."""

    def __init__(self, name: str, at: datetime) -> None:
        self.name, self.started_at, self.failed = name, at, 0

    def beat(self, at: datetime, *, took: float) -> None:
        """A round is over."""
        facts = {
            "started_at": self.started_at, "round_at": at, "round_ms": int(took * 1000), "failed_rounds": self.failed,
        }  # fmt: skip
        Worker.objects.update_or_create(node=self.name, defaults=facts)

    def stop(self) -> None:
        """It stops because it was told to."""
        try:
            Worker.objects.filter(node=self.name).delete()
        except DatabaseError as reason:
            log.warning("stopped without a word", reason=type(reason).__name__)
        finally:
            connection.close()
