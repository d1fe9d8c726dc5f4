"""Wakes those who wait for something to come: a bell over PostgreSQL's LISTEN and NOTIFY.

It is never the only way: whoever waits also looks again after a while. Rings are sent after the commit, by a thread of
their own, several as one: a NOTIFY inside the exchange's transactions would make their commits wait for one another.
"""

from __future__ import annotations

import threading
from time import monotonic, sleep

import psycopg
import structlog
from django.db import connections, transaction

CHANNEL = "lienthong_hub"
LOOK_AGAIN_SECONDS = 2.0
TOGETHER_SECONDS = 0.02
"""Rings within this time are one: under load, whoever waits looks at most fifty times a second."""

log = structlog.get_logger("wakeup")


class _Bell:
    """One listener and one ringer in each process, started at first use."""

    def __init__(self) -> None:
        self._heard = threading.Condition()
        self._count = 0
        self._to_ring = threading.Event()
        self._started = False
        self._start = threading.Lock()

    @property
    def count(self) -> int:
        """How often the bell rang; remember it before looking, then wait for more."""
        self._ensure_threads()
        return self._count

    def wait(self, count: int, seconds: float) -> None:
        """Wait until the bell rings once more than `count`, at most so many seconds."""
        with self._heard:
            self._heard.wait_for(lambda: self._count > count, timeout=seconds)

    def wake(self) -> None:
        """Wake everyone of this process."""
        with self._heard:
            self._count += 1
            self._heard.notify_all()

    def ring(self) -> None:
        """Ring in every process, soon."""
        self._ensure_threads()
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
            for _ in connection.notifies():
                self.wake()

    def _send(self) -> None:
        with own_connection() as connection:
            while True:
                self._to_ring.wait()
                sleep(TOGETHER_SECONDS)
                self._to_ring.clear()
                connection.execute(f"NOTIFY {CHANNEL}")


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
    _bell.wake()


def ring_after_commit() -> None:
    """Ring once the current transaction is durable."""
    transaction.on_commit(_bell.ring)


class Watch:
    """Waits between looks: `while not (found := look()) and watch.again(): …`, for at most `seconds` in all."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds
        self._count = _bell.count

    def again(self) -> bool:
        """Wait for a ring, or a while; False when the time is over."""
        left = self._end - monotonic()
        if left <= 0 or _closing.is_set():
            return False
        connections["default"].close()  # who waits holds no connection of the pool
        _bell.wait(self._count, min(left, LOOK_AGAIN_SECONDS))
        self._count = _bell.count
        return True
