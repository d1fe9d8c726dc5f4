"""The one place where a delivery changes its state.

    initial ──► processing ──► done          whose turn: the recipient's system, until done
       │            │  ▲
       │            ▼  │
       │           fail ──► done             fail stays listed; the recipient may try again
       └──► withdrawn                        recalled before anyone fetched it

The moves stand in `standards.statuses.TRANSPORT_MOVES`, and as a trigger in the database.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lienthong.hub import measures, rows
from lienthong.hub.errors import IllegalMove
from lienthong.hub.models import Delivery
from lienthong.journal.record import INTO_JOURNAL, PLACES, Actor, Subject, row_of
from lienthong.journal.vocabulary import HubEvent
from lienthong.standards.statuses import TRANSPORT_MOVES, TransportState

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
    also outside a transaction.

    Raises:
        IllegalMove: it stands where this move does not start, by now.
    """
    sources = [state.value for state in TRANSPORT_MOVES[to]]
    if to is TransportState.DONE:
        fields = {**fields, "statement": statement}  # a hand-over without its proof is refused by the database
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
    for name, value in changes.items():
        setattr(delivery, name, value)


_INTO_FEED = """
INSERT INTO hub_change (system_id, delivery_id, state, at, statement, reason)
SELECT packet.system_id, moved.id, %s, %s, %s, %s FROM moved JOIN hub_packet packet ON packet.id = moved.packet_id
RETURNING id
"""
