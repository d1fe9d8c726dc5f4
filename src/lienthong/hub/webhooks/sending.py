"""Sends messages: each endpoint's one after the other, at least once, for about a day.

An endpoint is claimed with a lease: when its worker is killed, another attempts the same message again after a while.
A message that fails is attempted again, later each time. After some failures in a row the breaker opens: from then on
the endpoint gets nothing but a probe now and then (half open), which is its oldest message; one that is taken closes
the breaker, and the rest follows at once.

    closed ──► open ──► half open ──► closed        whose turn: the receiver's, to come back
                 ▲           │
                 └───────────┘ the probe failed
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from lienthong.hub import secrets
from lienthong.hub.models import Webhook, WebhookAttempt, WebhookMessage
from lienthong.hub.webhooks import targets
from lienthong.hub.webhooks.targets import Outcome
from lienthong.protocol import webhooks
from lienthong.protocol.wire import write_value

LEASE = timedelta(seconds=20)
"""Twice the time of an attempt. Who takes longer still, for a name that is slow to be found, is told twice."""
OPENS_AFTER = 5
"""Failures in a row after which the breaker is open."""
FIRST_PAUSE = timedelta(seconds=5)
GROWTH = 3
LONGEST_PAUSE = timedelta(hours=1)
JITTER = 0.2
"""Pauses are longer or shorter by up to this part, so that receivers that fell together are not called together."""
KEPT = timedelta(hours=24)
"""How long a message is attempted, from its first attempt."""
SLOW_MILLISECONDS = 2000
GONE = 410

Post = Callable[[str, bytes, Mapping[str, str]], Outcome]


class Breaker(StrEnum):
    """Whether an endpoint is called."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


def breaker_of(webhook: Webhook, at: datetime) -> Breaker:
    """Where an endpoint's breaker stands."""
    if webhook.failures < OPENS_AFTER:
        return Breaker.CLOSED
    return Breaker.OPEN if webhook.next_at is None or webhook.next_at > at else Breaker.HALF_OPEN


@dataclass(frozen=True)
class Claim:
    """A message that this process attempts, and nobody else until its lease ends."""

    webhook: UUID
    lease: UUID
    url: str
    secrets: tuple[str, ...]
    message: int
    name: str
    event: str
    number: int
    body: bytes


def due(at: datetime, *, slow: bool, limit: int) -> list[UUID]:
    """The endpoints that have something to be attempted now, longest due first.

    Args:
        slow: those that failed or took long last time, or the others.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at, "slow": slow, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def send_next(webhook: UUID, *, clock: Callable[[], datetime], post: Post | None = None) -> bool:
    """Attempt the endpoint's oldest message if it is due and nobody else does; True when the next one may follow at
    once: it was taken, and quickly."""
    claim = _claim(webhook, clock())
    connection.close()  # nothing is held while the receiver takes its time
    if claim is None:
        return False
    at = clock()
    headers = {
        "Content-Type": "application/json", "User-Agent": "lienthong-webhooks/1",
        **webhooks.sign(claim.name, at, claim.body, claim.secrets),
    }  # fmt: skip
    outcome = (post or _post)(claim.url, claim.body, headers)
    _settle(claim, outcome, at, clock())
    return outcome.delivered and outcome.milliseconds < SLOW_MILLISECONDS


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    return targets.post(url, body, headers, networks=settings.LIENTHONG.webhook_networks)


def body_of(message: WebhookMessage, system: str) -> bytes:
    """The payload: the same bytes in every attempt."""
    payload: dict[str, Any] = {
        "type": message.event,
        "timestamp": write_value(message.at),
        "data": {"system": system, "count": message.count, "items": message.items},
    }
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _claim(key: UUID, at: datetime) -> Claim | None:
    with transaction.atomic():
        # 1. The endpoint is due and nobody's.
        webhook = Webhook.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=key, enabled=True).first()
        if webhook is None or webhook.next_at is None or webhook.next_at > at or (webhook.leased_until or at) > at:
            return None
        # 2. Its oldest message; from now on nothing is added to it.
        message = webhook.messages.order_by("id").first()
        if message is None:
            webhook.next_at = None
            webhook.save(update_fields=["next_at"])
            return None
        message.attempts += 1
        message.first_attempt_at = message.first_attempt_at or at
        message.save(update_fields=["attempts", "first_attempt_at"])
        # 3. It is ours for a while.
        webhook.lease, webhook.leased_until = uuid4(), at + LEASE
        webhook.save(update_fields=["lease", "leased_until"])
    return Claim(
        webhook=webhook.pk,
        lease=webhook.lease,
        url=webhook.url,
        secrets=_signing(webhook, at),
        message=message.pk,
        name=message.name,
        event=message.event,
        number=message.attempts,
        body=body_of(message, webhook.system_id),
    )


def _signing(webhook: Webhook, at: datetime) -> tuple[str, ...]:
    """The secrets that sign: during a rotation the old one too, so that the receiver may change when it likes."""
    until = webhook.secret_before_until
    overlaps = bool(webhook.secret_before) and until is not None and at < until
    former = (secrets.reveal(webhook.secret_before),) if overlaps else ()
    return (secrets.reveal(webhook.secret), *former)


def _settle(claim: Claim, outcome: Outcome, begun: datetime, at: datetime) -> None:
    """Note how it went. Whoever lost the lease meanwhile changes nothing: the message is another's."""
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update().filter(pk=claim.webhook, lease=claim.lease).first()
        if webhook is None:
            return
        message = WebhookMessage.objects.filter(pk=claim.message).first()
        first = message.first_attempt_at if message and message.first_attempt_at else begun
        given_up = not outcome.delivered and at - first >= KEPT
        if message is not None and (outcome.delivered or given_up):
            message.delete()
        _move_breaker(webhook, outcome, at)
        webhook.lease = webhook.leased_until = None
        webhook.slow = outcome.milliseconds >= SLOW_MILLISECONDS
        webhook.save()
        WebhookAttempt.objects.create(
            webhook=webhook, message=claim.name, event=claim.event, number=claim.number, at=begun,
            outcome=outcome.word, status=outcome.status, milliseconds=outcome.milliseconds, given_up=given_up,
        )  # fmt: skip


def _move_breaker(webhook: Webhook, outcome: Outcome, at: datetime) -> None:
    if outcome.delivered:
        webhook.failures, webhook.last_success_at = 0, at
        webhook.next_at = at if webhook.messages.exists() else None
        return
    webhook.failures += 1
    webhook.last_failure_at = at
    webhook.next_at = at + pause(webhook.failures, asked=outcome.retry_after)
    if outcome.status == GONE:  # as the specification says: it wants nothing more
        webhook.enabled, webhook.disabled_for = False, "410 Gone"


def pause(failures: int, *, asked: int = 0) -> timedelta:
    """How long an endpoint is left alone after so many failures in a row, with jitter; longer if it asks for it."""
    grown: timedelta = FIRST_PAUSE * GROWTH ** min(failures - 1, 20)
    wide = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    return max(min(grown, LONGEST_PAUSE) * wide, timedelta(seconds=asked))


_DUE = """
SELECT w.id FROM hub_webhook w JOIN hub_system s ON s.code = w.system_id
WHERE w.enabled AND w.next_at <= %(at)s AND (w.leased_until IS NULL OR w.leased_until <= %(at)s)
  AND s.suspended_at IS NULL AND (w.slow OR w.failures > 0) = %(slow)s
ORDER BY w.next_at LIMIT %(limit)s
"""
