"""The hub's background work: sweeping what nobody names, and forgetting what need not be kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from lienthong.hub import codes, imports, refusal_counts, tally, uploads
from lienthong.hub.blobs import blobs
from lienthong.hub.models import Delivery, IdempotencyKey, Packet, Quarantined, UsedAssertion
from lienthong.hub.watch import rounds
from lienthong.hub.webhooks import worker as webhooks
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.standards.statuses import OPEN_TRANSPORT

ROUND_SECONDS = 60.0
TALLY_SECONDS = 10.0
RECENT, SETTLED = timedelta(minutes=2), timedelta(hours=1)
"""What is counted again every few seconds, and in every round: a large packet is taken in long after its time."""
GRACE = timedelta(hours=24)
"""How long a blob may lie without a row that names it: a submission may still be on its way to its commit."""
KEY_DAYS = 30

log = structlog.get_logger("hub.jobs")


def run_worker(stop: threading.Event) -> None:
    """Work in rounds until told to stop; a round that fails is tried again in the next. Beside it, tell systems that
    something waits, take in the tables that people give, watch, and count what happens."""
    beside = [
        threading.Thread(target=webhooks.run, args=(stop,), name="webhooks"),
        threading.Thread(target=imports.run, args=(stop,), name="tables"),
        threading.Thread(target=rounds.run, args=(stop,), name="watch"),
        threading.Thread(target=_count, args=(stop,), name="tally"),
    ]
    for thread in beside:
        thread.start()
    _rounds(stop, ROUND_SECONDS, work_once)
    for thread in beside:
        thread.join()


def _count(stop: threading.Event) -> None:
    _rounds(stop, TALLY_SECONDS, lambda now: tally.keep(now, since=now - RECENT))


def _rounds(stop: threading.Event, seconds: float, work: Callable[[datetime], None]) -> None:
    while not stop.is_set():
        try:
            work(datetime.now(UTC))
        except (DatabaseError, OSError):
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
    imports.forget_old(now)
    refusal_counts.forget_old(now)
    webhooks.forget_old(now)
    remove_delivered_content(now)
    sweep(now)


def forget_old(now: datetime) -> None:
    """Forget used assertions, idempotency keys and quarantined packets whose time is over."""
    UsedAssertion.objects.filter(until__lt=now).delete()
    IdempotencyKey.objects.filter(at__lt=now - timedelta(days=KEY_DAYS)).delete()
    Quarantined.objects.filter(at__lt=now - timedelta(days=settings.LIENTHONG.quarantine_days)).delete()


def remove_delivered_content(now: datetime) -> None:
    """Let the content go some time after the last recipient is done; metadata, receipts and digests stay."""
    before = now - timedelta(days=settings.LIENTHONG.content_days)
    open_states = [state.value for state in OPEN_TRANSPORT]
    waiting = Delivery.objects.filter(state__in=open_states).values("packet_id")
    recent = Delivery.objects.filter(done_at__gte=before).values("packet_id")
    old = Packet.objects.filter(content_removed_at__isnull=True, submitted_at__lt=before)
    for packet in old.exclude(pk__in=waiting).exclude(pk__in=recent)[:500]:
        with transaction.atomic():
            Packet.objects.filter(pk=packet.pk).update(content_removed_at=now)
            record(
                HubEvent.PACKET_CONTENT_REMOVED,
                actor=Actor("service", "retention"), subject=Subject("packet", str(packet.pk)), at=now,
            )  # fmt: skip


def sweep(now: datetime) -> int:
    """Remove blobs that no row names; gives how many. What came in again meanwhile is young, and stays."""
    removed = 0
    limit = (now - GRACE).timestamp()
    blobs().forget_unfinished(limit)
    for digest in blobs().older_than(limit):
        named = Packet.objects.filter(digest=digest, content_removed_at__isnull=True).exists()
        named = named or Quarantined.objects.filter(digest=digest).exists() or imports.still_needs(digest)
        if not named and blobs().delete_older(digest, limit):
            removed += 1
    return removed
