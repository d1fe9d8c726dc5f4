"""The hub's background work: sweeping what nobody names, and forgetting what need not be kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection

from lienthong.hub import calls, codes, imports, journaltree, refusal_counts, retention, sandbox, tally, uploads
from lienthong.hub.models import IdempotencyKey, Quarantined, UsedAssertion
from lienthong.hub.watch import rounds
from lienthong.hub.webhooks import worker as webhooks

ROUND_SECONDS = 60.0
PARTS = 256
"""Parts of the store that are swept one after the other."""
TALLY_SECONDS = 10.0
RECENT, SETTLED = timedelta(minutes=2), timedelta(hours=1)
"""What is counted again every few seconds, and in every round: a large packet is taken in long after its time."""
KEY_DAYS = 30

log = structlog.get_logger("hub.jobs")


def run_worker(stop: threading.Event) -> None:
    """Work in rounds until told to stop; a round that fails is tried again in the next. Beside it, tell systems that
    something waits, take in the tables that people give, watch, count what happens, and sign what the journal is."""
    beside = [
        threading.Thread(target=webhooks.run, args=(stop,), name="webhooks"),
        threading.Thread(target=imports.run, args=(stop,), name="tables"),
        threading.Thread(target=rounds.run, args=(stop,), name="watch"),
        threading.Thread(target=_count, args=(stop,), name="tally"),
        threading.Thread(target=_rounds, args=(stop, ROUND_SECONDS, journaltree.grow), name="tree"),
    ]
    for thread in beside:
        thread.start()
    _rounds(stop, ROUND_SECONDS, work_once)
    for thread in beside:
        thread.join()


def _count(stop: threading.Event) -> None:
    _rounds(stop, TALLY_SECONDS, lambda now: tally.keep(now, since=now - RECENT))


def _rounds(stop: threading.Event, seconds: float, work: Callable[[datetime], object]) -> None:
    while not stop.is_set():
        try:
            work(datetime.now(UTC))
        except Exception:
            # The edge of the thread: whatever it was, the next round tries again.
            log.exception("round failed")
        finally:
            connection.close()
        stop.wait(seconds)


def work_once(now: datetime) -> None:
    """One round."""
    codes.enforce_due(now)
    tally.keep(now, since=now - SETTLED)
    forget_old(now)
    uploads.forget_old(now)
    if settings.LIENTHONG.sandbox:
        sandbox.forget_old(now)
    imports.forget_old(now)
    refusal_counts.forget_old(now)
    webhooks.forget_old(now)
    calls.forget_old(now)
    retention.remove_delivered(now)
    retention.finish_destruction(now)
    # One part of the store in each round: all of it in a few hours, however much there is.
    retention.sweep(now, part=int(now.timestamp() // ROUND_SECONDS) % PARTS)


def forget_old(now: datetime) -> None:
    """Forget used assertions, idempotency keys and quarantined packets whose time is over."""
    UsedAssertion.objects.filter(until__lt=now).delete()
    IdempotencyKey.objects.filter(at__lt=now - timedelta(days=KEY_DAYS)).delete()
    Quarantined.objects.filter(at__lt=now - timedelta(days=settings.LIENTHONG.quarantine_days)).delete()
