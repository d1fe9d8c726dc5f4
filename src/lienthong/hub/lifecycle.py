"""The one place where a delivery, and what it asks of its recipient, change their states.

    initial ──► processing ──► done          whose turn: the recipient's system, until done
       │            │  ▲
       │            ▼  │
       │           fail ──► done             fail stays listed; the recipient may try again
       │            │
       └────────────┴──► withdrawn           recalled before anyone fetched it, or where nobody could take it

    open ──► agreed, declined                whose turn: the recipient, until it answers (15, 16)
      │         declined ──► agreed          it may think better of it
      └──► withdrawn, superseded             there was nothing to give back; the sender asked anew

The moves stand in `standards.statuses`, and as triggers in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from lienthong.hub import measures, rows
from lienthong.hub.errors import IllegalMove
from lienthong.hub.models import Delivery, Packet, Request
from lienthong.hub.wakeup import ring_after_commit
from lienthong.journal.models import new_salt
from lienthong.journal.record import INTO_JOURNAL, NAMED, PLACES, Actor, Subject, record, row_of
from lienthong.journal.vocabulary import HubEvent
from lienthong.standards.statuses import REQUEST_MOVES, TRANSPORT_MOVES, RequestKind, RequestState, TransportState

EVENTS = {
    TransportState.PROCESSING: HubEvent.DELIVERY_FETCHED,
    TransportState.DONE: HubEvent.DELIVERY_DONE,
    TransportState.FAIL: HubEvent.DELIVERY_FAILED,
    TransportState.WITHDRAWN: HubEvent.DELIVERY_WITHDRAWN,
}


def advance(
    delivery: Delivery,
    *,
    to: TransportState,
    actor: Actor,
    at: datetime,
    statement: str = "",
    reason: str = "",
    **fields: Any,
) -> None:
    """Move a delivery, with its journal event and its entry in the sender's feed: one statement, so all or nothing
    also outside a transaction. The bell rings for the sender. For `done`, which needs its proof, see `hand_over`.

    Raises:
        IllegalMove: it stands where this move does not start, by now.
    """
    sources = [state.value for state in TRANSPORT_MOVES[to]]
    changes = {"state": to.value, **fields}
    assignments = ", ".join(f"{name} = %s" for name in changes)  # names are ours, never a caller's text
    event = row_of(
        EVENTS[to], actor=actor, subject=Subject("delivery", str(delivery.pk)), at=at,
        data={"packet": str(delivery.packet_id)},
    )  # fmt: skip
    moved = rows.execute(
        f"WITH moved AS (UPDATE hub_delivery SET {assignments} WHERE id = %s AND state = ANY(%s) "  # noqa: S608 - above
        f"RETURNING id, packet_id), noted AS ({INTO_JOURNAL} SELECT {PLACES} FROM moved) {_INTO_FEED}",
        [*changes.values(), delivery.pk, sources, *event, to.value, at, statement, reason[:400]],
    )
    if moved is None:
        raise IllegalMove(f"delivery {delivery.pk} cannot become {to}")
    measures.moved(to.value)
    ring_after_commit(*moved)
    for name, value in changes.items():
        setattr(delivery, name, value)


_INTO_FEED = """
INSERT INTO hub_change (system_id, delivery_id, state, at, statement, reason)
SELECT packet.system_id, moved.id, %s, %s, %s, %s FROM moved JOIN hub_packet packet ON packet.id = moved.packet_id
RETURNING system_id
"""


class Taken(NamedTuple):
    """A delivery, the statement by which its recipient says that it has it, and the hub's receipt for that."""

    delivery: Delivery
    statement: str
    receipt: str


def hand_over(said: Sequence[Taken], *, actor: Actor, at: datetime) -> list[Delivery]:
    """Move deliveries to `done`, each with its journal event and its entry in the sender's feed: one statement for all.

    Args:
        said: each delivery once.

    Returns:
        Those that moved. One that stands where this move does not start, by now, is read anew in its place.
    """
    sources = [state.value for state in TRANSPORT_MOVES[TransportState.DONE]]
    event = row_of(EVENTS[TransportState.DONE], actor=actor, subject=Subject("delivery", ""), at=at, data={})
    moved = rows.read(
        _HAND_OVER,
        [
            [one.delivery.pk for one in said], [one.statement for one in said], [one.receipt for one in said],
            [new_salt() for _ in said], sources, at, *event[:NAMED], at,
        ],
    )  # fmt: skip
    keys = {key for key, _ in moved}
    ring_after_commit(*{system for _, system in moved})
    for delivery, statement, receipt in said:
        if delivery.pk in keys:
            measures.moved(TransportState.DONE.value)
            delivery.state, delivery.done_at = TransportState.DONE.value, at
            delivery.statement, delivery.receipt = statement, receipt
        else:
            delivery.refresh_from_db()
    return [delivery for delivery, _, _ in said if delivery.pk in keys]


# They are locked in the order of their ids: two who say the same at once wait for each other in turn.
_HAND_OVER = f"""
WITH said AS (
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[]) AS one (id, statement, receipt, salt)
), locked AS MATERIALIZED (
    SELECT id FROM hub_delivery WHERE id IN (SELECT id FROM said) AND state = ANY(%s) ORDER BY id FOR UPDATE
), moved AS (
    UPDATE hub_delivery delivery
    SET state = '{TransportState.DONE.value}', done_at = %s, statement = said.statement, receipt = said.receipt
    FROM said JOIN locked ON locked.id = said.id WHERE delivery.id = said.id
    RETURNING delivery.id, delivery.packet_id, said.statement, said.salt
), noted AS (
    {INTO_JOURNAL} SELECT %s::timestamptz, %s, %s, %s, %s, %s, %s, moved.id::text,
        jsonb_build_object('packet', moved.packet_id), moved.salt FROM moved
)
INSERT INTO hub_change (system_id, delivery_id, state, at, statement, reason)
SELECT packet.system_id, moved.id, '{TransportState.DONE.value}', %s, moved.statement, ''
FROM moved JOIN hub_packet packet ON packet.id = moved.packet_id
RETURNING delivery_id, system_id
"""  # noqa: S608 - made of constants


def ask(deliveries: Sequence[Delivery], kind: RequestKind, *, actor: Actor, at: datetime) -> list[Request]:
    """Note that these deliveries of one packet ask something of their recipients, whose answers are waited for."""
    if not deliveries:
        return []
    requests = Request.objects.bulk_create(
        Request(delivery=one, kind=kind.value, agency_id=one.agency_id, asked_at=at) for one in deliveries
    )
    record(
        HubEvent.REQUEST_ASKED, actor=actor, subject=Subject("packet", str(deliveries[0].packet_id)), at=at,
        request=kind.value, agencies=[one.agency_id for one in deliveries],
    )  # fmt: skip
    return requests


REQUEST_EVENTS = {
    RequestState.AGREED: HubEvent.REQUEST_ANSWERED,
    RequestState.DECLINED: HubEvent.REQUEST_ANSWERED,
    RequestState.WITHDRAWN: HubEvent.REQUEST_ENDED,
    RequestState.SUPERSEDED: HubEvent.REQUEST_ENDED,
}


def settle(
    request: Request,
    *,
    to: RequestState,
    actor: Actor,
    at: datetime,
    answer: Packet | None = None,
    reason: str = "",
) -> None:
    """Move a request, in the caller's transaction, with its journal event.

    Raises:
        IllegalMove: it stands where this move does not start, by now.
    """
    sources = [state.value for state in REQUEST_MOVES[to]]
    fields: dict[str, Any] = {"state": to.value, "settled_at": at, "answer": answer, "reason": reason[:500]}
    if not Request.objects.filter(pk=request.pk, state__in=sources).update(**fields):
        raise IllegalMove(f"request {request.pk} cannot become {to}")
    for name, value in fields.items():
        setattr(request, name, value)
    record(
        REQUEST_EVENTS[to], actor=actor, subject=Subject("delivery", str(request.pk)), at=at,
        request=request.kind, state=to.value,
    )  # fmt: skip
