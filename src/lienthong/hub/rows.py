"""The few statements that every packet passes, said in SQL.

Django builds a statement anew each time it is asked for; on this path that costs more than the database does. Said as
constants they are also planned once in a connection. Everything else asks through the models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from lienthong.hub.models import Delivery, Packet


def execute(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run one statement; gives its first row, None when it gives none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone() if cursor.description else None
    return row


def deliveries(condition: str, values: Sequence[Any]) -> list[Delivery]:
    """The deliveries `d`, each with its packet `p`, that a condition of ours asks for.

    Args:
        condition: what follows the joined tables: `WHERE … ORDER BY … LIMIT …`; constant text, never a caller's.
        values: of its placeholders.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} {condition}", values)
        rows = cursor.fetchall()
    return [_delivery(row) for row in rows]


def insert_packet(packet: Packet, key: str, made: Sequence[Delivery]) -> None:
    """Insert a new packet, the key of its submission, under which a repeat finds it, and its deliveries, in one."""
    values = [*(getattr(packet, name) for name in _PACKET), key, packet.id, *_as_arrays(made)]
    execute(_INSERT_PACKET, values)


def insert_deliveries(made: Sequence[Delivery]) -> None:
    """Insert further deliveries of a packet."""
    execute(_INSERT_DELIVERIES, _as_arrays(made))


def _as_arrays(made: Sequence[Delivery]) -> list[Any]:
    """The deliveries of one packet, ten thousand as easily as one: the columns travel as arrays."""
    first = made[0]
    return [
        first.packet_id, first.kind, first.urgency, first.submitted_at, first.state,
        [delivery.id for delivery in made], [delivery.recipient for delivery in made],
        [delivery.agency_id for delivery in made],
    ]  # fmt: skip


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _delivery(row: tuple[Any, ...]) -> Delivery:
    delivery = Delivery.from_db("default", _DELIVERY, row[: len(_DELIVERY)])
    delivery.packet = Packet.from_db("default", _PACKET, row[len(_DELIVERY) :])
    return delivery


_DELIVERY = _columns(Delivery)
_PACKET = _columns(Packet)
_SELECT = (
    f"SELECT {', '.join(f'd.{name}' for name in _DELIVERY)}, {', '.join(f'p.{name}' for name in _PACKET)} "  # noqa: S608
    "FROM hub_delivery d JOIN hub_packet p ON p.id = d.packet_id"
)
_INSERT_DELIVERIES = """
INSERT INTO hub_delivery (packet_id, kind, urgency, submitted_at, state, id, recipient, agency_id,
                          statement, receipt, failure)
SELECT %s::uuid, %s, %s::smallint, %s::timestamptz, %s, one.id, one.recipient, one.agency, '', '', ''
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS one (id, recipient, agency)
"""
_INSERT_PACKET = (
    f"WITH made AS (INSERT INTO hub_packet ({', '.join(_PACKET)}) VALUES ({', '.join(['%s'] * len(_PACKET))})), "  # noqa: S608
    "known AS (INSERT INTO hub_submissionkey (key, packet_id) VALUES (%s, %s)) "
    f"{_INSERT_DELIVERIES}"
)


def can_hold(text: str) -> bool:
    """Whether a column can hold the text: PostgreSQL has no NUL, and UTF-8 no half of a pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
