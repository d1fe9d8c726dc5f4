"""Makes messages out of what is committed.

Taking a packet in costs nothing for this: a worker reads what was committed since its cursor, and only for the systems
that have an endpoint. The cursor is a transaction of the database; those below the horizon are all over, so that a late
commit is not passed by, and the cursor moves in the transaction that writes the messages, so that none is lost or made
twice when the worker is killed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from lienthong.hub.agencies import directory
from lienthong.hub.models import Webhook, WebhookCursor, WebhookMessage
from lienthong.journal.record import horizon
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Kind
from lienthong.protocol.webhooks import WebhookEvent

MOST_ITEMS = 50
"""Listed in one message; the others are only counted: the inbox and the feeds tell them all."""
WINDOW = 20_000
"""Transactions looked at in one go."""

Item = Mapping[str, Any]


@dataclass
class _Told:
    """What one system is to hear of one event."""

    items: list[Item] = field(default_factory=list)
    count: int = 0

    def add(self, item: Item) -> None:
        self.count += 1
        if len(self.items) < MOST_ITEMS:
            self.items.append(item)


def collect(at: datetime) -> bool:
    """Turn what was committed since the cursor into messages; False when there is nothing more, or another does it."""
    with transaction.atomic():
        ensure_cursor()
        cursor = WebhookCursor.objects.select_for_update(skip_locked=True).first()
        if cursor is None:
            return False
        end = horizon()
        listening = _listening()
        start, cursor.transaction = cursor.transaction, end
        if listening:
            cursor.transaction = min(end, start + WINDOW)
            told = _what_happened(listening, start, cursor.transaction)
            for system, event in sorted(told):
                enqueue(system, event, told[system, event].items, told[system, event].count, at=at)
        if cursor.transaction != start:
            cursor.save(update_fields=["transaction"])
        return cursor.transaction < end


def ensure_cursor() -> None:
    """Begin to look at what is committed from now on, unless that has begun already."""
    if not WebhookCursor.objects.exists():
        WebhookCursor.objects.bulk_create([WebhookCursor(pk=1, transaction=horizon())], ignore_conflicts=True)


def enqueue(system: str, event: WebhookEvent, items: Sequence[Item], count: int, *, at: datetime) -> None:
    """Tell a system's endpoints that listen; what was not attempted yet takes it in, so that a queue stays short."""
    with transaction.atomic():
        for webhook in Webhook.objects.select_for_update().filter(system_id=system, enabled=True).order_by("id"):
            if event.value in webhook.events:
                add_message(webhook, event, items, count, at=at)


def add_message(webhook: Webhook, event: WebhookEvent, items: Sequence[Item], count: int, *, at: datetime) -> str:
    """Give an endpoint, whose row is locked, something to tell; the name of the message that tells it."""
    waiting = webhook.messages.filter(event=event.value, attempts=0).order_by("id").last()
    if waiting is None:
        waiting = WebhookMessage.objects.create(
            name=f"msg_{uuid4().hex}", webhook=webhook, event=event.value, items=list(items[:MOST_ITEMS]), count=count,
            at=at,
        )  # fmt: skip
    else:
        waiting.items = [*waiting.items, *items][:MOST_ITEMS]
        waiting.count += count
        waiting.save(update_fields=["items", "count"])
    if webhook.next_at is None:
        webhook.next_at = at
        webhook.save(update_fields=["next_at"])
    return waiting.name


# -- what happened ---------------------------------------------------------------------------------------------------


def _listening() -> dict[WebhookEvent, set[str]]:
    """Event → the systems that want to hear of it."""
    listening: dict[WebhookEvent, set[str]] = defaultdict(set)
    for system, events in Webhook.objects.filter(enabled=True).values_list("system_id", "events"):
        for event in events:
            listening[WebhookEvent(event)].add(system)
    return listening


def _what_happened(
    listening: Mapping[WebhookEvent, set[str]], start: int, end: int
) -> dict[tuple[str, WebhookEvent], _Told]:
    told: dict[tuple[str, WebhookEvent], _Told] = defaultdict(_Told)
    for system, event, item in (
        *_arrived(listening, start, end),
        *_changed(listening.get(WebhookEvent.PACKET_CHANGED, set()), start, end),
        *_directory(listening.get(WebhookEvent.DIRECTORY_CHANGED, set()), start, end),
    ):
        told[system, event].add(item)
    return told


def _arrived(
    listening: Mapping[WebhookEvent, set[str]], start: int, end: int
) -> Iterable[tuple[str, WebhookEvent, Item]]:
    """What came to wait in the inboxes of those who listen."""
    events = {Kind.DOCUMENT: WebhookEvent.DELIVERY_WAITING, Kind.STATUS: WebhookEvent.STATUS_RECEIVED}
    wanted = {kind: listening.get(event, set()) for kind, event in events.items()}
    acting = directory().acting
    serving = {agency: system for system in set().union(*wanted.values()) for agency in acting.get(system, ())}
    rows = _rows(_ARRIVED, [HubEvent.PACKET_ACCEPTED.value, start, end, sorted(serving)]) if serving else []
    for delivery, packet, agency, kind, urgency in rows:
        if (system := serving[agency]) in wanted[Kind(kind)]:
            item = {"delivery_id": str(delivery), "packet_id": str(packet), "agency": agency, "urgency": urgency}
            yield system, events[Kind(kind)], item


def _changed(systems: set[str], start: int, end: int) -> Iterable[tuple[str, WebhookEvent, Item]]:
    """What became of what they sent; `seq` is the entry's place in the feed `GET /changes`."""
    for system, packet, delivery, state, seq in _rows(_CHANGED, [sorted(systems), start, end]) if systems else []:
        item = {"packet_id": str(packet), "delivery_id": str(delivery), "state": state, "seq": seq}
        yield system, WebhookEvent.PACKET_CHANGED, item


def _directory(systems: set[str], start: int, end: int) -> Iterable[tuple[str, WebhookEvent, Item]]:
    rows = _rows("SELECT code FROM hub_agency WHERE changed >= %s AND changed < %s", [start, end]) if systems else []
    for (code,) in rows:
        for system in sorted(systems):
            yield system, WebhookEvent.DIRECTORY_CHANGED, {"agency": code}


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


# An event has the time of the deliveries that it tells of; what was withdrawn meanwhile waits no longer.
_ARRIVED = """
WITH accepted AS MATERIALIZED (
    SELECT subject::uuid AS packet, at, transaction, id FROM journal_event
    WHERE name = %s AND transaction >= %s AND transaction < %s
)
SELECT d.id, d.packet_id, d.agency_id, d.kind, d.urgency
FROM accepted e JOIN hub_delivery d ON d.packet_id = e.packet AND d.submitted_at = e.at
WHERE d.agency_id = ANY(%s) AND d.state <> 'withdrawn'
ORDER BY e.transaction, e.id, d.id
"""
_CHANGED = """
SELECT c.system_id, d.packet_id, c.delivery_id, c.state, c.transaction
FROM hub_change c JOIN hub_delivery d ON d.id = c.delivery_id
WHERE c.system_id = ANY(%s) AND c.transaction >= %s AND c.transaction < %s
ORDER BY c.transaction, c.id
"""
