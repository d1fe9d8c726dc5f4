"""What a member asks for in lists: what waits for it, what it sent, what became of that. Each answer is bounded.

A list has hundreds of entries and tells a few columns of each, so entries are read as they are told, without models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from time import time
from typing import Any, NamedTuple
from uuid import UUID

from lienthong.hub import rows
from lienthong.hub.agencies import Member
from lienthong.hub.models import Delivery
from lienthong.journal.record import horizon
from lienthong.protocol.messages import Change, Changes, InboxItem, Kind
from lienthong.protocol.problems import BadRequest
from lienthong.standards.statuses import OPEN_TRANSPORT, TransportState

LONGEST_LIST = 500
ROUND_PART = 125
"""Of a full list, the places for what goes round."""
ROUND_SECONDS = 60
GONE_ROUND = 20_000
"""Among so many of the newest packets goes round what was sent; among those of some days, where days are asked for."""
GOLDEN, SILVER = 0.6180339887498949, 0.4142135623730951
"""Steps of such a part of a circle come down everywhere on it, evenly, and never where they were; together, everywhere
on a square."""
CURSOR = r"([0-9]{1,19})(?:-([0-9]{1,19}))?"
"""Of the feed: a transaction, and a row of it."""
_EVER, _NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
_ZERO, _LAST = UUID(int=0), UUID(int=2**128 - 1)
_OPEN_STATES = tuple(sorted(state.value for state in OPEN_TRANSPORT))
_OPEN = ", ".join(f"'{state}'" for state in _OPEN_STATES)


class Listed(NamedTuple):
    """What waits, as the door of existing software tells it."""

    delivery: UUID
    kind: str
    submitted_at: datetime
    fetched_at: datetime | None
    sender: str
    agency: str
    state: str


class Sent(NamedTuple):
    """What was sent to one recipient, as the door of existing software tells it."""

    delivery: UUID
    packet: UUID
    kind: str
    submitted_at: datetime
    done_at: datetime | None
    sender: str
    agency: str
    state: str
    number: str
    identifier: str


# -- what waits --------------------------------------------------------------------------------------------------------


def inbox(
    member: Member, *, kind: Kind | None = None, limit: int, agency: str = "", failed: bool = True
) -> list[InboxItem]:
    """What is not acknowledged, by urgency, then age. An item stays listed however often it is read.

    Args:
        failed: with the items of which the recipient said that it could not take them.
    """
    states = tuple(state for state in _OPEN_STATES if failed or state != TransportState.FAIL)
    agencies = sorted(member.agencies & {agency} if agency else member.agencies)
    kinds = [kind.value] if kind else [each.value for each in Kind]
    most = min(limit, LONGEST_LIST)
    found = rows.read(_first_of(_ITEM, states), [agencies, kinds, _EVER, _NEVER, most])
    return [InboxItem(delivery, packet, Kind(kind), *more) for delivery, packet, kind, *more in found]


def received(
    member: Member, kind: Kind, *, since: datetime | None = None, until: datetime | None = None
) -> list[Listed]:
    """What is not acknowledged, for a client that knows no pages: at most `LONGEST_LIST`, whatever lies in the way.

    Some clients leave what they cannot handle unacknowledged for ever. Where more waits than a list holds, what nobody
    has fetched comes first, and a part of the list goes round among the rest, so that each of it is seen again and
    again: in every `ROUND_SECONDS` another choice of them.
    """
    begin, end = since or _EVER, until or _NEVER
    agencies = sorted(member.agencies)
    [(many,)] = rows.read(_MANY, [LONGEST_LIST, agencies, kind.value, begin, end, LONGEST_LIST + 1, LONGEST_LIST + 1])
    if not many:
        return _first(agencies, kind, _OPEN_STATES, limit=LONGEST_LIST, since=begin, until=end)
    unseen, most = (TransportState.INITIAL.value,), LONGEST_LIST - ROUND_PART
    fresh = _first(agencies, kind, unseen, limit=most, since=begin, until=end)
    return fresh + _going_round(member, kind, fresh, since=begin, until=end)


def _first(
    agencies: Sequence[str], kind: Kind, states: tuple[str, ...], *, limit: int, since: datetime, until: datetime
) -> list[Listed]:
    values = [agencies, [kind.value], since, until, limit]
    return [Listed(*row) for row in rows.read(_first_of(_LISTED, states), values)]


def _going_round(
    member: Member, kind: Kind, fresh: Sequence[Listed], *, since: datetime, until: datetime
) -> list[Listed]:
    """As many of the others as there is room for, from another place in each round.

    Ids are random, so that a place among them is a place among all that waits, however it came.
    """
    start = UUID(int=int(_place(GOLDEN) * 2**128))
    found: list[Listed] = []
    for low, high in ((start, _LAST), (_ZERO, start)):
        room = LONGEST_LIST - len(fresh) - len(found)
        known = [each.delivery for each in fresh]
        values = [sorted(member.agencies), kind.value, low, high, known, since, until, room, room]
        found += [Listed(*row) for row in rows.read(f"{_LISTED} {_ROUND}", values, anew=True)] if room else []
    return found


def _place(step: float) -> float:
    """Where this round begins, from 0 to 1."""
    return _round() * step % 1


def _round() -> int:
    return int(time()) // ROUND_SECONDS


def count_waiting(member: Member, kind: Kind) -> int:
    """How many items are not acknowledged."""
    return Delivery.objects.filter(agency__in=member.agencies, kind=kind.value, state__in=_OPEN_STATES).count()


# -- what was sent -----------------------------------------------------------------------------------------------------


def sent(
    member: Member, kind: Kind, *, packet: UUID | None = None, since: datetime | None = None,
    until: datetime | None = None,
) -> list[Sent]:  # fmt: skip
    """Deliveries of what the system has sent, the newest first: at most `LONGEST_LIST`.

    Where there are more, a part of the list goes round among the others, as in `received`: among all that is asked
    for, or among the newest where nothing is. So who sends to thousands, or asks for a busy day, sees all of it.
    """
    begin, end = since or _EVER, until or _NEVER
    found = _newest(member, kind, packet, begin, end, LONGEST_LIST + 1)
    if len(found) <= LONGEST_LIST:
        return found
    newest = found[: LONGEST_LIST - ROUND_PART]
    known = {each.delivery for each in newest}
    end = newest[-1].submitted_at + _INSTANT  # of that packet perhaps not all is among the newest
    [(start,)] = rows.read(_PLACE, [member.code, begin, end, GONE_ROUND, _place(GOLDEN)], anew=True)
    start = min(start + _INSTANT, end)
    place = UUID(int=int(_place(SILVER) * 2**128))
    others: list[Sent] = []
    for low, high in ((begin, start), (start, end)):
        room = ROUND_PART - len(others)
        more = _newest(member, kind, packet, low, high, room, place=place) if room else []
        others += [each for each in more if each.delivery not in known]
    return newest + others


def _newest(
    member: Member, kind: Kind, packet: UUID | None, since: datetime, until: datetime, limit: int, *,
    place: UUID = _ZERO,
) -> list[Sent]:  # fmt: skip
    """Deliveries of the newest packets; of each packet from a place among their ids on, and then from the first."""
    chosen, values = ("AND id = %s", [packet]) if packet else ("", [])
    statement = _SENT.replace("/* one */", chosen)
    asked = [member.code, kind.value, since, until, *values, limit, place, limit, limit]
    return [Sent(*row) for row in rows.read(statement, asked, anew=True)]


# -- what became of it -------------------------------------------------------------------------------------------------


def changes(member: Member, *, after: str, limit: int) -> Changes:
    """The feed of what became of the system's packets, after a cursor; never past a commit that is still to come.

    Whoever read on from the largest row number would pass by a row with a smaller one whose transaction commits later:
    so the feed is in the order of the hub's transactions, and of the rows within each. Transactions below the horizon
    are all over, and what comes later has a larger number.

    An answer ends where a transaction ends, but for one that alone does not fit: the recall of a document from
    thousands.

    Args:
        after: the `cursor` of the last entry that is known; its `seq` means: after all that happened together with it.

    Raises:
        BadRequest: the cursor is none.
    """
    most = min(limit, LONGEST_LIST)
    found = rows.read(_CHANGES, [member.code, *_read_cursor(after), horizon(), most + 1])
    page, unfinished = found[:most], False
    if len(found) > most and found[most][0] == page[-1][0]:
        whole = [row for row in page if row[0] != page[-1][0]]
        page, unfinished = whole or page, not whole
    return Changes(tuple(_change(*row) for row in page), unfinished)


def _change(transaction: int, row: int, *told: Any) -> Change:
    packet, delivery, recipient, state, at, statement, reason = told
    cursor = f"{transaction}-{row}"
    return Change(transaction, packet, delivery, recipient, state, at, statement, reason, cursor)


def _read_cursor(text: str) -> tuple[int, int]:
    """Transaction, and row within it; without a row: after all of it."""
    found = re.fullmatch(CURSOR, text)
    if found is None:
        raise BadRequest(reason="after phải là cursor của thay đổi cuối cùng đã nhận")
    return min(int(found[1]), _LARGEST), min(int(found[2] or _LARGEST), _LARGEST)


# -- statements --------------------------------------------------------------------------------------------------------

_LARGEST = 2**63 - 1
_OF_DELIVERY = "FROM hub_delivery d JOIN hub_packet p ON p.id = d.packet_id"
_ITEM = f"""
SELECT d.id::text, d.packet_id::text, d.kind, p.sender_written, d.recipient, d.agency_id, p.identifier, p.business_type,
       d.urgency, p.size, p.digest, d.submitted_at, d.state, p.receipt, p.statement {_OF_DELIVERY}
"""
_LISTED = f"SELECT d.id, d.kind, d.submitted_at, d.fetched_at, p.sender_id, d.agency_id, d.state {_OF_DELIVERY}"


@cache
def _first_of(columns: str, states: tuple[str, ...]) -> str:
    """The statement that gives the first deliveries by urgency, then age: of agencies ($1), of kinds ($2), of a time
    ($3, $4), so many ($5).

    Each agency, kind and state has its own stretch of the index, in the order of the list. The heads of all stretches
    are looked at first: one whose head does not come among the first so many has nothing in the list. Of the others
    the first few are taken, and of these the first. So a list costs the same whether ten or a million items wait. The
    states are said literally: else the database works out for each stretch anew that the index has them. How many
    are taken of each is a question to it: of a stretch that it believes to be shorter than the list, and that has a
    million, it would else sort all.
    """
    every = "SELECT agency, kind FROM unnest($1::text[]) agency, unnest($2::text[]) kind"
    heads = [
        f"SELECT agency, kind, '{state}' AS state, head.* FROM ({every}) stretch, "  # noqa: S608 - made of constants
        f"LATERAL (SELECT urgency, submitted_at {_STRETCH.format(state=state)} LIMIT 1) head"
        for state in states
    ]
    entries = [
        f"SELECT one.* FROM (SELECT * FROM chosen WHERE state = '{state}') stretch, "  # noqa: S608 - made of constants
        f"LATERAL (SELECT id, urgency, submitted_at {_STRETCH.format(state=state)} LIMIT (SELECT $5::bigint)) one"
        for state in states
    ]
    return f"""
    WITH chosen AS MATERIALIZED (
        SELECT * FROM ({" UNION ALL ".join(heads)}) head ORDER BY urgency DESC, submitted_at LIMIT $5
    ), first AS (
        SELECT * FROM ({" UNION ALL ".join(entries)}) one ORDER BY urgency DESC, submitted_at LIMIT $5
    )
    {columns} JOIN first ON first.id = d.id ORDER BY d.urgency DESC, d.submitted_at
    """  # noqa: S608 - made of constants


_STRETCH = """
    FROM hub_delivery WHERE agency_id = stretch.agency AND kind = stretch.kind AND state = '{state}'
    AND submitted_at >= $3 AND submitted_at < $4 ORDER BY urgency DESC, submitted_at
"""
_MANY = f"""
SELECT count(*) > %s FROM (
    SELECT FROM unnest(%s::text[]) agency, LATERAL (
        SELECT FROM hub_delivery WHERE agency_id = agency AND kind = %s AND state IN ({_OPEN})
        AND submitted_at >= %s AND submitted_at < %s LIMIT (SELECT %s::bigint)
    ) one LIMIT %s
) waiting
"""  # noqa: S608 - made of constants
_ROUND = f"""
JOIN (
    SELECT one.id FROM unnest(%s::text[]) AS agency (code), LATERAL (
        SELECT id FROM hub_delivery
        WHERE agency_id = agency.code AND kind = %s AND state IN ({_OPEN}) AND id >= %s AND id < %s AND id <> ALL(%s)
        AND submitted_at >= %s AND submitted_at < %s ORDER BY id LIMIT (SELECT %s::bigint)
    ) one ORDER BY one.id LIMIT %s
) part ON part.id = d.id ORDER BY d.urgency DESC, d.submitted_at
"""  # noqa: S608 - made of constants
# The newest packets are looked for first: of a system that sends little among those that send much, the newest
# deliveries of all would be read for ever until enough of its own came. No more packets are opened than fill the list.
_SENT = """
SELECT d.id, p.id, d.kind, p.submitted_at, d.done_at, p.sender_id, d.agency_id, d.state, p.number, p.identifier
FROM (
    SELECT id, sender_id, number, identifier, submitted_at FROM hub_packet
    WHERE system_id = %s AND kind = %s AND submitted_at >= %s AND submitted_at < %s /* one */
    ORDER BY submitted_at DESC LIMIT %s
) p CROSS JOIN LATERAL (
    SELECT id, kind, done_at, agency_id, state FROM hub_delivery
    WHERE packet_id = p.id ORDER BY (id < %s), id LIMIT %s
) d ORDER BY p.submitted_at DESC LIMIT %s
"""
# The packet where a round begins: by its rank, so that busy days have their part however short they are.
_PLACE = """
WITH own AS MATERIALIZED (
    SELECT submitted_at FROM hub_packet WHERE system_id = %s AND submitted_at >= %s AND submitted_at < %s
    ORDER BY submitted_at DESC LIMIT %s
)
SELECT submitted_at FROM own ORDER BY submitted_at DESC OFFSET (SELECT floor(%s * count(*))::bigint FROM own) LIMIT 1
"""
_CHANGES = """
SELECT c.transaction, c.id, d.packet_id::text, d.id::text, d.recipient, c.state, c.at, c.statement, c.reason
FROM (
    SELECT * FROM hub_change WHERE system_id = %s AND (transaction, id) > (%s, %s) AND transaction < %s
    ORDER BY transaction, id LIMIT %s
) c JOIN hub_delivery d ON d.id = c.delivery_id ORDER BY c.transaction, c.id
"""
