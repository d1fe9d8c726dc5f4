"""What is counted by the minute, from the journal: so pages draw a day from a few rows, however much was exchanged.

The worker counts the newest minutes again and again (`keep`): an event commits a moment after its time, so a minute is
final only a while after its end. Counting is a read of the journal's newest pages; the same events give the same rows,
so any number of workers may count at once, and everything here can be thrown away and counted anew.

Names, and what `part` means with them:

    packets                 packets taken in, of every kind
    refused:<problem>       packets refused
    accepted                deliveries made of documents                        part: urgency
    fetched, delivered, failed, withdrawn                                      part: urgency
    wait                    fetched deliveries by the time from intake          part: urgency * 1000 + span
    on_time, late           by the rule that decides them                       part: `Clause`
    backlog                 deliveries of documents not handed over at the minute's end
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import IntEnum
from math import ceil, log
from typing import Any

from django.db import connection

from lienthong.hub.models import Tally
from lienthong.standards.deadlines import URGENT_WITHIN, send_deadline
from lienthong.standards.statuses import Urgency
from lienthong.standards.times import VIETNAM

MINUTE = timedelta(minutes=1)
KEPT = timedelta(days=16)
"""Two weeks, so that a day is compared with the same weekday, and the one before."""
LONGEST_LOOK = timedelta(hours=6)
"""What is counted in one go: after a long rest the worker catches up in pieces."""
SPAN = 1.1
"""Each span of waiting ends at this many times the one before: a quantile is right within five in a hundred."""
SHORTEST = 0.01
"""Seconds; everything quicker is the first span."""
Key = tuple[datetime, str, int]


class Clause(IntEnum):
    """A duty whose keeping the hub's own events decide."""

    SENT = 1
    URGENT_FETCHED = 2
    RECEIPT_TOLD = 3
    REFUSAL_TOLD = 4
    RECALL_ANSWERED = 5


def keep(now: datetime, *, since: datetime) -> None:
    """Count every minute from `since` to now, also those that a resting worker has missed; forget what is too old."""
    last = Tally.objects.filter(at__gt=now - KEPT, name="backlog").order_by("-at").values_list("at", flat=True).first()
    begin = _minute(min(since, last) if last else since)
    while begin <= now:
        end = min(begin + LONGEST_LOOK, _minute(now) + MINUTE)
        _write(count(begin, end) | _backlogs(begin, end, now))
        begin = end
    Tally.objects.filter(at__lt=now - KEPT).delete()


def count(since: datetime, until: datetime) -> dict[Key, int]:
    """What happened in each minute of a period, but for the backlog."""
    found: Counter[Key] = Counter()
    values: dict[str, Any] = {"since": since, "until": until, "urgent": URGENT_WITHIN}
    with connection.cursor() as cursor:
        for statement in _COUNTED:
            cursor.execute(statement, values)
            for minute, name, part, value in cursor.fetchall():
                found[minute, name, part] += value
        cursor.execute(_WAITS, values)
        for minute, urgency, seconds in cursor.fetchall():
            found[minute, "wait", urgency * 1000 + span_of(seconds)] += 1
        cursor.execute(_ISSUED, values)
        for minute, issued_on, submitted_at, value in cursor.fetchall():
            name = "on_time" if submitted_at <= _send_by(issued_on) else "late"
            found[minute, name, Clause.SENT] += value
    return dict(found)


def _send_by(issued_on: date) -> datetime:
    """The end of the next working morning; the hub knows the day of issue, and not the hour of signing."""
    return send_deadline(datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=VIETNAM), Urgency.NORMAL).hard


def _backlogs(since: datetime, until: datetime, now: datetime) -> dict[Key, int]:
    """How much was not handed over at the end of each minute; of the last one, until now.

    Counted backwards from what is open now, so that no row that is done is ever read.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        (open_now,) = cursor.fetchone()
        cursor.execute(_CHANGES, {"since": since, "now": now})
        changes = {minute: int(value) for minute, value in cursor.fetchall()}
    kept: dict[Key, int] = {}
    minute, backlog = _minute(now), int(open_now)
    while minute >= since:
        if minute < until:
            kept[minute, "backlog", 0] = max(backlog, 0)
        backlog -= changes.get(minute, 0)
        minute -= MINUTE
    return kept


def _write(rows: Mapping[Key, int]) -> None:
    columns = [list(column) for column in zip(*(key for key in sorted(rows)), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [*columns, [rows[key] for key in sorted(rows)]])


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


# -- spans of waiting ------------------------------------------------------------------------------------------------


def span_of(seconds: float) -> int:
    """The span that a waiting time falls into: 0 for the quickest."""
    return min(999, max(0, ceil(log(max(seconds, SHORTEST) / SHORTEST, SPAN))))


def seconds_of(span: int) -> float:
    """A waiting time in the middle of a span."""
    return SHORTEST * float(SPAN ** (span - 0.5)) if span else SHORTEST


def quantile(spans: Iterable[tuple[int, int]], part: float) -> float | None:
    """The waiting time that `part` of all stay below, from (span, how many); None where there are none."""
    ordered = sorted(spans)
    wanted, passed = part * sum(amount for _, amount in ordered), 0
    for span, amount in ordered:
        passed += amount
        if passed >= wanted:
            return seconds_of(span)
    return None


# -- statements ------------------------------------------------------------------------------------------------------

_PACKETS = """
SELECT date_trunc('minute', at), 'packets', 0, count(*) FROM journal_event
WHERE at >= %(since)s AND at < %(until)s AND name = 'packet.accepted' GROUP BY 1
"""
_REFUSED = """
SELECT date_trunc('minute', at), 'refused:' || left(data->>'problem', 50), 0, count(*) FROM journal_event
WHERE at >= %(since)s AND at < %(until)s AND name IN ('packet.refused', 'packet.destroyed') AND data ? 'problem'
GROUP BY 1, 2
"""
_ACCEPTED = """
SELECT date_trunc('minute', e.at), 'accepted', p.urgency, sum(jsonb_array_length(e.data->'deliveries'))
FROM journal_event e JOIN hub_packet p ON p.id = e.subject::uuid
WHERE e.at >= %(since)s AND e.at < %(until)s AND e.name = 'packet.accepted' AND e.data->>'kind' = 'document'
GROUP BY 1, 3
"""
_MOVED = """
SELECT date_trunc('minute', e.at),
       CASE e.name WHEN 'delivery.done' THEN 'delivered' ELSE split_part(e.name, '.', 2) END, d.urgency, count(*)
FROM journal_event e JOIN hub_delivery d ON d.id = e.subject::uuid
WHERE e.at >= %(since)s AND e.at < %(until)s AND d.kind = 'document'
  AND e.name IN ('delivery.fetched', 'delivery.done', 'delivery.failed', 'delivery.withdrawn')
GROUP BY 1, 2, 3
"""
# R-6.2-4: an urgent document goes on at once; fetched within the time that the field takes for "at once".
_URGENT = f"""
SELECT date_trunc('minute', e.at),
       CASE WHEN e.at - d.submitted_at <= %(urgent)s THEN 'on_time' ELSE 'late' END, {Clause.URGENT_FETCHED}, count(*)
FROM journal_event e JOIN hub_delivery d ON d.id = e.subject::uuid
WHERE e.at >= %(since)s AND e.at < %(until)s AND e.name = 'delivery.fetched' AND d.kind = 'document' AND d.urgency > 0
GROUP BY 1, 2
"""  # noqa: S608 - a number of ours
# Decree 30/2020, 21.2 and Decision 28/2018, 5.4: told on the day of arrival; who took it in is known by 03, who did not
# by 02. The first report of each delivery decides; a repeat is none.
_TOLD = f"""
SELECT date_trunc('minute', e.at),
       CASE WHEN (e.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                 <= (coalesce(d.fetched_at, d.done_at, d.submitted_at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
            THEN 'on_time' ELSE 'late' END,
       CASE e.data->>'code' WHEN '03' THEN {Clause.RECEIPT_TOLD} ELSE {Clause.REFUSAL_TOLD} END, count(*)
FROM journal_event e JOIN hub_delivery d ON d.id = e.subject::uuid
WHERE e.at >= %(since)s AND e.at < %(until)s AND e.name = 'status.reported' AND e.data->>'code' IN ('02', '03')
  AND NOT EXISTS (SELECT 1 FROM hub_reportedstatus r WHERE r.delivery_id = d.id AND r.code = e.data->>'code'
                  AND r.at < e.at)
GROUP BY 1, 2, 3
"""  # noqa: S608
# Decision 28/2018, 9.2: cancelled and told; on the day on which the recall reached the agency.
_RECALLS = f"""
SELECT date_trunc('minute', e.at),
       CASE WHEN (e.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                 <= (asked.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN 'on_time' ELSE 'late' END,
       {Clause.RECALL_ANSWERED}, count(*)
FROM journal_event e JOIN hub_delivery d ON d.id = e.subject::uuid
CROSS JOIN LATERAL (
    SELECT coalesce(r.fetched_at, r.submitted_at) AS at FROM hub_packet p JOIN hub_delivery r ON r.packet_id = p.id
    WHERE p.about_id = d.packet_id AND p.business_type = 1 AND r.agency_id = d.agency_id AND r.submitted_at <= e.at
    ORDER BY r.submitted_at DESC LIMIT 1
) asked
WHERE e.at >= %(since)s AND e.at < %(until)s AND e.name = 'status.reported' AND e.data->>'code' IN ('15', '16')
GROUP BY 1, 2
"""  # noqa: S608
_COUNTED = (_PACKETS, _REFUSED, _ACCEPTED, _MOVED, _URGENT, _TOLD, _RECALLS)
_WAITS = """
SELECT date_trunc('minute', e.at), d.urgency, extract(epoch FROM e.at - d.submitted_at)::float
FROM journal_event e JOIN hub_delivery d ON d.id = e.subject::uuid
WHERE e.at >= %(since)s AND e.at < %(until)s AND e.name = 'delivery.fetched' AND d.kind = 'document'
"""
_ISSUED = """
SELECT date_trunc('minute', e.at), p.issued_on, p.submitted_at, 1
FROM journal_event e JOIN hub_packet p ON p.id = e.subject::uuid
WHERE e.at >= %(since)s AND e.at < %(until)s AND e.name = 'packet.accepted' AND e.data->>'kind' = 'document'
  AND p.business_type = 0 AND p.issued_on IS NOT NULL
"""
_OPEN = """
SELECT count(*) FROM hub_delivery WHERE kind = 'document' AND state IN ('initial', 'processing', 'fail')
"""
# What a minute added to the backlog. A delivery is done or withdrawn once; failed ones are open still.
_CHANGES = """
SELECT minute, sum(change) FROM (
    SELECT date_trunc('minute', e.at) AS minute, jsonb_array_length(e.data->'deliveries') AS change
    FROM journal_event e WHERE e.at >= %(since)s AND e.at < %(now)s
      AND e.name = 'packet.accepted' AND e.data->>'kind' = 'document'
    UNION ALL
    SELECT date_trunc('minute', e.at), -1 FROM journal_event e JOIN hub_delivery d ON d.id = e.subject::uuid
    WHERE e.at >= %(since)s AND e.at < %(now)s AND e.name IN ('delivery.done', 'delivery.withdrawn')
      AND d.kind = 'document'
) moved GROUP BY 1
"""
_UPSERT = """
INSERT INTO hub_tally (at, name, part, value)
SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::smallint[], %s::bigint[])
ON CONFLICT (at, name, part) DO UPDATE SET value = excluded.value WHERE hub_tally.value <> excluded.value
"""
