"""Wakes those who wait for something to come: a bell over PostgreSQL's LISTEN and NOTIFY.

It rings for the systems that have something to see, so that a thousand that wait cost nothing while others are served.
It is never the only way: whoever waits also looks again after a while. Rings are sent after the commit, by a thread of
their own, several as one: a NOTIFY inside the exchange's transactions would make their commits wait for one another.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from time import monotonic, sleep
from weakref import WeakSet

import psycopg
import structlog
from django.db import connections, transaction

CHANNEL = "lienthong_hub"
EVERYONE = "*"
"""In place of names: it rings for every system."""
LONGEST_NAMES = 7000
"""Bytes of names in one ring (PostgreSQL takes 8,000); what is for more of them rings for every system."""
LOOK_AGAIN_SECONDS = 2.0
TOGETHER_SECONDS = 0.02
"""Rings within this time are one: under load, whoever waits looks at most fifty times a second."""

log = structlog.get_logger("wakeup")


class _Bell:
    """One listener and one ringer in each process, started at first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, WeakSet[threading.Event]] = {}
        self._names: set[str] = set()
        self._to_ring = threading.Event()
        self._started = False
        self._start = threading.Lock()

    def hear(self, name: str) -> threading.Event:
        """What is set at each ring for a system; for `EVERYONE`, at each ring. It is forgotten with who holds it."""
        self._ensure_threads()
        heard = threading.Event()
        with self._lock:
            self._waiting.setdefault(name, WeakSet()).add(heard)
        return heard

    def wake(self, names: Collection[str]) -> None:
        """Wake those of this process who wait for one of these systems, or for whatever there is."""
        with self._lock:
            meant = self._waiting if EVERYONE in names else {EVERYONE, *names}
            for heard in [each for name in meant for each in self._waiting.get(name, ())]:
                heard.set()

    def ring(self, names: Collection[str]) -> None:
        """Ring for these systems in every process, soon."""
        self._ensure_threads()
        with self._lock:
            self._names.update(names)
        self._to_ring.set()

    def _ensure_threads(self) -> None:
        with self._start:
            if not self._started:
                self._started = True
                for work in (self._listen, self._send):
                    threading.Thread(
                        target=self._forever, args=(work,), daemon=True, name=f"bell{work.__name__}"
                    ).start()

    def _forever(self, work: object) -> None:
        while True:
            try:
                work()  # type: ignore[operator]
            except psycopg.Error as reason:
                log.warning("bell is out of order", reason=type(reason).__name__)
                threading.Event().wait(1)

    def _listen(self) -> None:
        with own_connection() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            for told in connection.notifies():
                self.wake(told.payload.split(","))

    def _send(self) -> None:
        with own_connection() as connection:
            while True:
                self._to_ring.wait()
                sleep(TOGETHER_SECONDS)
                self._to_ring.clear()
                connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, self._named()])

    def _named(self) -> str:
        with self._lock:
            names, self._names = ",".join(self._names), set()
        return names if len(names) <= LONGEST_NAMES else EVERYONE


def own_connection() -> psycopg.Connection:
    """A connection beside those of requests, for a thread of the process itself; each statement commits."""
    parameters = connections["default"].get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}
    return psycopg.connect(**wanted, autocommit=True, connect_timeout=5)


_bell = _Bell()
_closing = threading.Event()


def close() -> None:
    """The process is stopping: whoever waits is answered now, with what there is."""
    _closing.set()
    _bell.wake([EVERYONE])


def ring_after_commit(*systems: str) -> None:
    """Ring for systems, and for who hears every ring, once the current transaction is durable."""
    transaction.on_commit(lambda: _bell.ring(systems))


class Watch:
    """Waits between looks: `while not (found := look()) and watch.again(): …`, for at most `seconds` in all.

    Args:
        system: whose rings wake it; `EVERYONE`: each one; empty: none, it only looks again after a while.
    """

    def __init__(self, seconds: float, system: str = "") -> None:
        self._end = monotonic() + seconds
        self._heard = _bell.hear(system) if system else threading.Event()

    def again(self) -> bool:
        """Wait for a ring, or a while; False when the time is over."""
        left = self._end - monotonic()
        if left <= 0 or _closing.is_set():
            return False
        connections["default"].close()  # who waits holds no connection of the pool
        self._heard.wait(min(left, LOOK_AGAIN_SECONDS))
        self._heard.clear()  # before the next look: what comes while it looks wakes it again
        return True
