"""A question to a service that nobody here runs: its answer ends at so many bytes, and at a moment.

The time limits of an HTTP library count between two bytes, and a compressed answer grows as it is read. Here nothing is
unpacked, and the connection is cut when the time is over, wherever it stands.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Timer
from time import monotonic
from types import TracebackType
from typing import Any

import httpx

PATIENCE_SECONDS = 10
"""For a connection, and between two bytes."""
LARGEST = 1 << 20
"""Bytes of an answer."""


class TooLarge(Exception):
    """The answer has more than `LARGEST` bytes; the rest was not read."""


def get(address: str, *, until: float) -> tuple[int, bytes]:
    """As `post`, of what is only asked for."""
    return _asked("GET", address, until=until)


def post(address: str, *, until: float, **sent: Any) -> tuple[int, bytes]:
    """Status and bytes of an answer.

    Args:
        until: the moment (`time.monotonic`) at which the call ends, answered or not.
        sent: what httpx sends: json, data, auth, headers.

    Raises:
        TooLarge; httpx.HTTPError: no answer, or not in time.
    """
    return _asked("POST", address, until=until, **sent)


def _asked(method: str, address: str, *, until: float, **sent: Any) -> tuple[int, bytes]:
    headers = {"Accept-Encoding": "identity", **sent.pop("headers", {})}
    left = max(0.1, until - monotonic())
    with _Cut(until) as cut, httpx.Client(timeout=min(PATIENCE_SECONDS, left), trust_env=False) as client:
        seen = {"trace": cut.see}
        with client.stream(method, address, headers=headers, extensions=seen, **sent) as answer:
            return answer.status_code, _read(answer)


def _read(answer: httpx.Response) -> bytes:
    read = bytearray()
    for some in answer.iter_raw():
        read += some
        if len(read) > LARGEST:
            raise TooLarge()
    return bytes(read)


class _Cut:
    """Cuts the connection of a call when its time is over: who waits for a byte of it then gets an error."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._connection: socket.socket | None = None
        self._timer = Timer(max(0.1, until - monotonic()), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Cut:
        self._timer.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if fault is None and monotonic() >= self._until:  # an answer without a length ends where it is cut
            raise httpx.ReadTimeout("the time is over")

    def see(self, event: str, told: dict[str, Any]) -> None:
        """httpx's account of what it does: here, which connection there is."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._connection = told["return_value"].get_extra_info("socket")
            if monotonic() >= self._until:
                self._cut()

    def _cut(self) -> None:
        if self._connection is not None:
            with suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)
