"""The part of the hub's worker that tells systems that something waits. Several workers do it side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection

from lienthong.hub.models import WebhookAttempt
from lienthong.hub.wakeup import EVERYONE, Watch
from lienthong.hub.webhooks import outbox, sending

TOGETHER_SECONDS = 0.25
"""What happens within this time is looked at together: under load the bell rings all the time, and a look at each ring
would take a part of a core from those who submit."""
PLACES = 16
"""Attempts at once in one worker."""
PLACES_OF_SLOW = 6
"""Of these, at most for endpoints that failed or took long: the others never wait for them."""
LOG_DAYS = 7
LOG_KEPT = 500
"""Attempts that an endpoint's log holds."""

log = structlog.get_logger("hub.webhooks")


def run(stop: threading.Event) -> None:
    """Make messages and send them until told to stop; what fails is tried again in the next round."""
    with ThreadPoolExecutor(PLACES, thread_name_prefix="webhook") as pool:
        sender = Sender(pool)
        while not stop.is_set():
            watch = Watch(60, EVERYONE)
            try:
                while outbox.collect(datetime.now(UTC)):
                    pass
                sender.start_due()
            except Exception:
                # The edge of the thread: whatever it was, the next round tries again.
                log.exception("round failed")
                stop.wait(1)
            finally:
                connection.close()
            if not stop.wait(TOGETHER_SECONDS):
                watch.again()


class Sender:
    """Attempts what is due, each endpoint in a thread, slow ones in some of them only."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._busy: dict[UUID, bool] = {}

    def start_due(self) -> None:
        """Begin as many attempts as there are places for."""
        for slow in (False, True):
            for webhook in self._due(slow):
                with self._lock:
                    self._busy[webhook] = slow
                self._pool.submit(self._send_all, webhook)

    def _due(self, slow: bool) -> Iterator[UUID]:
        with self._lock:
            taken = list(self._busy.values())
        free = PLACES - len(taken)
        free = min(free, PLACES_OF_SLOW - sum(taken)) if slow else free
        found = sending.due(datetime.now(UTC), slow=slow, limit=PLACES) if free > 0 else []
        yield from [each for each in found if each not in self._busy][:free]

    def _send_all(self, webhook: UUID) -> None:
        """Send what waits for one endpoint, until it fails."""
        try:
            while sending.send_next(webhook, clock=lambda: datetime.now(UTC)):
                pass
        except Exception:
            # The edge of a thread: the lease ends by itself, and the message is attempted again.
            log.exception("attempt failed", webhook=str(webhook))
        finally:
            connection.close()
            with self._lock:
                del self._busy[webhook]


def forget_old(now: datetime) -> None:
    """Keep the log of attempts short."""
    WebhookAttempt.objects.filter(at__lt=now - timedelta(days=LOG_DAYS)).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM hub_webhookattempt a USING hub_webhook w, LATERAL ("
            "  SELECT id FROM hub_webhookattempt WHERE webhook_id = w.id ORDER BY id DESC OFFSET %s LIMIT 1"
            ") last WHERE a.webhook_id = w.id AND a.id <= last.id",
            [LOG_KEPT],
        )
