"""The few statements that every packet passes, said in SQL.

Django builds a statement anew each time it is asked for; on this path that costs more than the database does. Said as
constants they are also planned once in a connection. Everything else asks through the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import DatabaseError, connection
from django.db.models import Model

from lienthong.hub.models import Delivery, Packet
from lienthong.journal.record import INTO_JOURNAL, PLACES
from lienthong.standards.statuses import TransportState


def execute(statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """Run one statement; gives its first row, None when it gives none."""
    cursor = _run(statement, values)
    row: tuple[Any, ...] | None = cursor.fetchone() if cursor.description else None
    return row


def returned(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement; gives the rows that it returns."""
    return _run(statement, values).fetchall()


def _run(statement: str, values: Sequence[Any], *, anew: bool = False) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run a statement on the driver itself: Django's cursor costs half as much again, and adds nothing to such text;
    with numbered places, for the driver reads a text with `%s` anew each time when it is as long as these are.

    The transaction, the connection and the kinds of errors are Django's still.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        done: psycopg.Cursor[tuple[Any, ...]] = psycopg.RawCursor(connection.connection)
        return done.execute(_numbered(statement), values, prepare=False if anew else None)


@cache
def _numbered(statement: str) -> str:
    """The statement with `$1`, `$2` … for each `%s`: as the server takes it. There are few of them, all constants."""
    first, *others = statement.split("%s")
    return first + "".join(f"${place}{part}" for place, part in enumerate(others, 1))


def deliveries(condition: str, values: Sequence[Any], *, anew: bool = False) -> list[Delivery]:
    """The deliveries `d`, each with its packet `p`, that a condition of ours asks for.

    Args:
        condition: what follows the joined tables: `WHERE … ORDER BY … LIMIT …`; constant text, never a caller's.
        values: of its placeholders.
        anew: planned for these values, where a plan for any values would walk another index.
    """
    return [_delivery(row) for row in _run(f"{_SELECT} {condition}", values, anew=anew).fetchall()]


@dataclass(frozen=True)
class Submitted:
    """A submission as it is to be written.

    Attributes:
        key: of the submission, under which a repeat finds its packet.
        client_key: the idempotency key that the client chose; empty for none.
        new: whether it is a document of its own, which must have no twin: another one under the same identifier.
        carries: whether it carries a document, for which packets may wait that spoke of it, by `number` and date too.
        event: as `journal.record.row_of` gives it.
    """

    packet: Packet
    deliveries: Sequence[Delivery]
    key: str
    client_key: str
    new: bool
    carries: bool
    number: str
    issued_on: date | None
    event: tuple[Any, ...]


@dataclass(frozen=True)
class Known:
    """What is committed already: the packet of this submission, the digest under its client's key, a twin, and
    packets that speak of this document and came before it; and whether the submission was written, because nothing
    stood in its way."""

    packet: UUID | None
    key_digest: str | None
    twin: bool
    awaited: bool
    written: bool


def take_in(submitted: Submitted, *, at: datetime, beside_twin: bool = False) -> Known:
    """See what came before; where nothing did, write the packet, its key, its deliveries and its event. One statement:
    each more would be one more way to the database and back.

    The caller holds the lock of the document, and ends the transaction.

    Args:
        beside_twin: write it although there is a twin.
    """
    packet = submitted.packet
    values = [
        packet.system_id, submitted.client_key, packet.digest, at, submitted.client_key,
        submitted.key, submitted.new, packet.identifier, packet.sender_id, packet.digest,
        submitted.carries, packet.identifier, submitted.number, submitted.issued_on,
        packet.digest, beside_twin, *_written(submitted),
    ]  # fmt: skip
    row = execute(_TAKE_IN, values)
    if row is None:
        raise RuntimeError("the statement gives one row")
    return Known(*row)


def write_unknown(submitted: Submitted, names: Sequence[str], *, at: datetime) -> bool:
    """Write a new document, its key, its deliveries and its event, if nothing is known of it: no packet of these bytes
    or of this identifier, no other use of its client's key, nothing that waits for it. One statement that locks, looks,
    writes and commits: what is ordinary costs one way to the database and back.

    Args:
        names: of the document, in their order: who takes in the same one waits here.

    Returns:
        False, with nothing written, where something came before: `take_in` then says what.
    """
    packet = submitted.packet
    values = [
        list(names), packet.system_id, submitted.client_key, packet.digest, at, packet.identifier, packet.sender_id,
        submitted.number, submitted.issued_on, *_written(submitted),
    ]  # fmt: skip
    try:
        execute(_WRITE_UNKNOWN, values)
    except DatabaseError as reason:
        if getattr(reason.__cause__, "sqlstate", "") != SOMETHING_CAME_BEFORE:
            raise
        return False
    return True


SOMETHING_CAME_BEFORE = "LT001"
"""What `hub_require_unknown` says in place of an answer: nothing of the statement stays."""


def new_delivery(packet: Packet, *, recipient: str, agency: str, at: datetime) -> Delivery:
    """A delivery of a packet, not yet written; in the order of the columns, for a packet may have ten thousand."""
    state = TransportState.INITIAL.value
    values = [uuid4(), packet.id, recipient, agency, packet.kind, packet.urgency, at, state, None, None, "", "", ""]
    return Delivery.from_db("default", _DELIVERY, values)


def insert_deliveries(made: Sequence[Delivery]) -> None:
    """Insert further deliveries of a packet."""
    execute(_INSERT_DELIVERIES, _as_arrays(made))


def _written(submitted: Submitted) -> list[Any]:
    """The values of `_WRITTEN`."""
    packet = submitted.packet
    return [
        *(getattr(packet, name) for name in _PACKET), submitted.key, packet.id,
        *submitted.event, *_as_arrays(submitted.deliveries),
    ]  # fmt: skip


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


def _types(model: type[Model]) -> list[str]:
    """The types of these columns: a value of a SELECT, unlike one of VALUES, does not take them from where it goes."""
    return [_CAST.get(field.get_internal_type(), "text") for field in _targets(model)]


def _targets(model: type[Model]) -> list[Any]:
    return [getattr(field, "target_field", field) for field in model._meta.concrete_fields]


_CAST = {
    "UUIDField": "uuid", "DateField": "date", "DateTimeField": "timestamptz", "PositiveSmallIntegerField": "smallint",
    "PositiveBigIntegerField": "bigint",
}  # fmt: skip


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
# A submission, where there is a row in `clear`.
_WRITTEN = f"""
made AS (
    INSERT INTO hub_packet ({", ".join(_PACKET)})
    SELECT {", ".join(f"%s::{kind}" for kind in _types(Packet))} FROM clear
), found AS (
    INSERT INTO hub_submissionkey (key, packet_id) SELECT %s, %s::uuid FROM clear
), noted AS (
    {INTO_JOURNAL} SELECT {PLACES} FROM clear
), sent AS (
    {_INSERT_DELIVERIES}, clear
)
"""  # noqa: S608 - made of constants
_WRITE_UNKNOWN = f"""
WITH clear AS MATERIALIZED (
    SELECT hub_require_unknown(
        %s::text[], %s, %s, %s, %s::timestamptz, %s, %s, %s::text, %s::date
    )
), {_WRITTEN} SELECT FROM clear
"""  # noqa: S608 - made of constants
# A key that is there already is written upon with itself: only so does the statement see, and wait for, the digest of
# a request that is being decided at this moment.
_TAKE_IN = f"""
WITH mine AS (
    INSERT INTO hub_idempotencykey (system_id, key, digest, at)
    SELECT %s, %s::text, %s::text, %s::timestamptz WHERE %s::text <> ''
    ON CONFLICT (system_id, key) DO UPDATE SET key = excluded.key RETURNING digest
), known AS (
    SELECT (SELECT packet_id FROM hub_submissionkey WHERE key = %s) AS packet,
           (SELECT digest FROM mine) AS digest,
           %s AND EXISTS (
               SELECT 1 FROM hub_packet WHERE identifier = %s AND sender_id = %s AND kind = 'document'
               AND business_type = 0 AND digest <> %s::text
           ) AS twin,
           %s AND (
               EXISTS (
                   SELECT 1 FROM hub_relation WHERE target_id IS NULL AND identifier <> '' AND identifier = %s
               ) OR EXISTS (
                   SELECT 1 FROM hub_relation WHERE target_id IS NULL AND identifier = '' AND number = %s::text
                   AND issued_on = %s::date
               )
           ) AS awaited
), clear AS (
    SELECT FROM known WHERE packet IS NULL AND (digest IS NULL OR digest = %s::text) AND (NOT twin OR %s)
), {_WRITTEN}
SELECT packet, digest, twin, awaited, EXISTS (SELECT FROM clear) FROM known
"""  # noqa: S608 - made of constants


def can_hold(text: str) -> bool:
    """Whether a column can hold the text: PostgreSQL has no NUL, and UTF-8 no half of a pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
