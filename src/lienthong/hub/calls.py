"""What a system called lately and how it ended, so that its people can see for themselves what went wrong.

A request costs no statement for this: each process gathers its calls and writes them together, a moment later, by a
thread of its own. When a process ends, the calls of its last moment are lost; what they did is not.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from time import sleep

import psycopg
import structlog
from django.db import connection

from lienthong.hub import wakeup
from lienthong.hub.models import Call as Row

TOGETHER_SECONDS = 1.0
"""How long calls are gathered."""
MOST_GATHERED = 5000
"""Calls that a process holds at most; of more, the oldest go."""
MOST_OF_ONE = 300
"""Calls of one system that are written together: who calls without end costs no more than this."""
KEPT = timedelta(days=7)
KEPT_OF_ONE = 1000
"""Calls of a system that are kept."""

log = structlog.get_logger("hub.calls")


@dataclass(frozen=True)
class Call:
    """A call of a system.

    Attributes:
        operation: method and route, or the operation's name; never a parameter.
        problem: code of the refusal, empty for none.
        milliseconds: until the answer began.
        received, sent: bytes of the bodies; `sent` is None where nobody knows before the end.
        digest: SHA-256 of the packet.
        key_hash: SHA-256 of the `Idempotency-Key`: to be compared, not to be used.
        packet, delivery: the hub's names of what it was about.
    """

    system: str
    at: datetime
    door: str
    operation: str
    status: int
    problem: str
    milliseconds: int
    received: int
    sent: int | None
    digest: str = ""
    key_hash: str = ""
    packet: str = ""
    delivery: str = ""


def key_hash(key: str) -> str:
    """What stands for an idempotency key; empty for none."""
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


class _Gathered:
    """The calls of this process that are not written yet, and the thread that writes them."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=MOST_GATHERED)
        self._some = threading.Event()
        self._start = threading.Lock()
        self._started = False

    def add(self, call: Call) -> None:
        """Keep a call for the next writing."""
        with self._start:
            if not self._started:
                self._started = True
                threading.Thread(target=self._write_forever, daemon=True, name="calls").start()
        self._calls.append(call)
        self._some.set()

    def _write_forever(self) -> None:
        while True:
            try:
                # A connection of its own: requests never wait for this one, nor it for them.
                with wakeup.own_connection() as own:
                    own.execute("SET synchronous_commit = off")
                    while True:
                        self._some.wait()
                        sleep(TOGETHER_SECONDS)
                        self._some.clear()
                        self._write(own)
            except psycopg.Error as reason:
                log.warning("calls are not written", reason=type(reason).__name__)
                sleep(TOGETHER_SECONDS)

    def _write(self, own: psycopg.Connection) -> None:
        calls = _newest_of_each([self._calls.popleft() for _ in range(len(self._calls))])
        if calls:
            own.execute(_INSERT, [[getattr(call, name) for call in calls] for name in _NAMES])


_gathered = _Gathered()


def note(call: Call) -> None:
    """Keep a call; costs no statement."""
    _gathered.add(call)


def newest(system: str, *, limit: int, before: int | None = None) -> Sequence[Row]:
    """The last calls of a system, newest first.

    Args:
        before: id of the last call of the page before; None for the first page.
    """
    query = Row.objects.filter(system=system)
    if before is not None:
        query = query.filter(pk__lt=before)
    return list(query.order_by("-id")[:limit])


def forget_old(now: datetime) -> None:
    """Keep of each system its last calls only."""
    Row.objects.filter(at__lt=now - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [KEPT_OF_ONE])


def _newest_of_each(calls: Sequence[Call]) -> list[Call]:
    """The newest calls of each system, oldest first."""
    seen: Counter[str] = Counter()
    kept = []
    for call in reversed(calls):
        seen[call.system] += 1
        if seen[call.system] <= MOST_OF_ONE:
            kept.append(call)
    return kept[::-1]


_NAMES = tuple(field.name for field in fields(Call))
_TYPES = {"at": "timestamptz", "status": "smallint", "milliseconds": "int", "received": "bigint", "sent": "bigint"}
_ARRAYS = ", ".join(f"%s::{_TYPES.get(name, 'text')}[]" for name in _NAMES)
_INSERT = f"INSERT INTO hub_call ({', '.join(_NAMES)}) SELECT * FROM unnest({_ARRAYS})"  # noqa: S608 - names are ours
_FORGET = """
DELETE FROM hub_call c USING hub_system s, LATERAL (
    SELECT id FROM hub_call WHERE system = s.code ORDER BY id DESC OFFSET %s LIMIT 1
) last WHERE c.system = s.code AND c.id <= last.id
"""
