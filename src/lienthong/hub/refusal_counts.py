"""Counts what the doors refuse, by the minute: in memory at once, in the database once a second.

A stranger may try for ever from ever new networks: of what is refused to nobody's callers, each process writes at most
`STRANGERS_AN_HOUR` rows an hour apart, and counts everything else together.
"""

from __future__ import annotations

import atexit
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from time import sleep

import structlog
from django.db import DatabaseError, connection, transaction

from lienthong.hub import measures, security
from lienthong.hub.kept import Kept
from lienthong.hub.models import Refusal, SystemKey
from lienthong.protocol.problems import PacketInvalid, Problem

WRITE_SECONDS = 1.0
STRANGERS_AN_HOUR = 500
KEPT = timedelta(days=180)
"""How long the counts are kept: at least three months online (SEC-7), here twice that."""

log = structlog.get_logger("hub.refusals")


@dataclass(frozen=True)
class _Key:
    """What is counted together."""

    minute: datetime
    problem: str
    fault: str
    system: str
    network: str
    kind: str


@dataclass
class _Count:
    first_at: datetime
    last_at: datetime
    count: int = 1


def note(problem: Problem, *, door: str, system: str, address: str, known: bool, at: datetime) -> None:
    """Count a refusal.

    Args:
        door: `native` or `vxp`.
        system: who called or claimed to; empty for nobody in the directory.
        address: where it came from; only its network is kept.
        known: whether the caller proved who it is.
    """
    measures.refused(door, problem.code)
    fault = _fault(problem)
    kind = security.kind_of(problem, fault)
    minute = at.replace(second=0, microsecond=0)
    key = _Key(minute, problem.code, fault, system, network_of(address), kind.value if kind else "")
    _book.add(key, known, at)


def network_of(address: str) -> str:
    """The /24 or /48 of an address: enough to act on, and a bound to what one caller can make us write."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{found}/{48 if isinstance(found, IPv6Address) else 24}", strict=False))


def is_revoked(kid: str) -> bool:
    """Whether a key was revoked for cause, as of at most half a minute ago."""
    return kid in _revoked.get()


def forget_old(now: datetime) -> None:
    """Forget what is older than it is kept."""
    Refusal.objects.filter(minute__lt=now - KEPT).delete()


def flush() -> None:
    """Write what was counted by now."""
    _book.write()


def forget_copy() -> None:
    """Begin anew: what is just being written is written to its end, what was counted besides is forgotten."""
    _book.clear()
    _revoked.forget()


def _fault(problem: Problem) -> str:
    faults = problem.data.get("problems", ()) if isinstance(problem, PacketInvalid) else ()
    return str(faults[0].get("code", ""))[:40] if faults else ""


class _Book:
    """The counts of one process, and the thread that writes them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._counts: dict[_Key, _Count] = {}
        self._hour: datetime | None = None
        self._strangers: set[tuple[str, str, str, str]] = set()
        self._wanted = threading.Event()
        self._started = False

    def add(self, key: _Key, known: bool, at: datetime) -> None:
        with self._lock:
            if not known:
                key = self._bounded(key)
            found = self._counts.get(key)
            if found is None:
                self._counts[key] = _Count(at, at)
            else:
                found.count += 1
                found.last_at = at
            if not self._started:
                self._started = True
                threading.Thread(target=self._write_on, daemon=True, name="refusals").start()
                atexit.register(self._write_last)
        self._wanted.set()

    def _bounded(self, key: _Key) -> _Key:
        """The key itself while strangers have rows left in this hour, else the one for all others."""
        hour = key.minute.replace(minute=0)
        if hour != self._hour:
            self._hour = hour
            self._strangers.clear()
        row = (key.minute.isoformat(), key.problem, key.system, key.network)
        if row not in self._strangers:
            if len(self._strangers) >= STRANGERS_AN_HOUR:
                return _Key(key.minute, key.problem, key.fault, "", "", key.kind)
            self._strangers.add(row)
        return key

    def clear(self) -> None:
        with self._writing, self._lock:
            self._counts = {}
            self._strangers.clear()

    def write(self) -> None:
        """Write what was counted; what another thread has begun to write is written too when this returns."""
        with self._writing:
            self._write()

    def _write(self) -> None:
        with self._lock:
            taken, self._counts = self._counts, {}
        if not taken:
            return
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(_WRITE, [_values(key, count) for key, count in sorted(taken.items(), key=str)])
        except DatabaseError:
            self._give_back(taken)
            raise

    def _give_back(self, taken: dict[_Key, _Count]) -> None:
        with self._lock:
            for key, count in taken.items():
                newer = self._counts.get(key)
                if newer is None:
                    self._counts[key] = count
                else:
                    newer.count += count.count
                    newer.first_at = count.first_at

    def _write_on(self) -> None:
        while True:
            self._wanted.wait()
            sleep(WRITE_SECONDS)
            self._wanted.clear()
            try:
                self.write()
            except DatabaseError as reason:
                log.warning("refusals are written later", reason=type(reason).__name__)
                self._wanted.set()
            finally:
                connection.close()

    def _write_last(self) -> None:
        with suppress(DatabaseError):
            self.write()


def _values(key: _Key, count: _Count) -> list[str | int | datetime]:
    return [
        key.minute, key.problem, key.fault, key.system, key.network, key.kind, count.count, count.first_at,
        count.last_at,
    ]  # fmt: skip


# Rows are written in one order by all processes, so that two never wait for each other.
_WRITE = """
INSERT INTO hub_refusal (minute, problem, fault, system, network, kind, count, first_at, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (minute, problem, fault, system, network) DO UPDATE SET
    count = hub_refusal.count + EXCLUDED.count, last_at = GREATEST(hub_refusal.last_at, EXCLUDED.last_at),
    first_at = LEAST(hub_refusal.first_at, EXCLUDED.first_at), transaction = journal_transaction()
"""

_book = _Book()
_revoked: Kept[frozenset[str]] = Kept(
    lambda: frozenset(SystemKey.objects.exclude(revoked_for="").values_list("kid", flat=True)), seconds=30
)
