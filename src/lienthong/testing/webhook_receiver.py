"""A member's receiver of webhooks: a real HTTP server on this machine that remembers what it got, and can misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from time import monotonic

from lienthong.testing.served import Served


@dataclass(frozen=True)
class Call:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


class Receiver(Served):
    """Use as `with Receiver() as receiver: …`.

    Attributes:
        calls: what came, in order.
        answer: decides how a call is answered: gives an HTTP status, and may take its time.
        location: where an answer of 3xx leads.
    """

    def __init__(self, answer: Callable[[Call], int] = lambda _: 204) -> None:
        self.calls: list[Call] = []
        self.answer = answer
        self.location = ""
        self.headers: dict[str, str] = {}
        self._changed = threading.Condition()
        super().__init__(self._handler())

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook"

    def wait_for(self, number: int, seconds: float = 20) -> list[Call]:
        """What came, once so many calls have. Raises `AssertionError` when they do not."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.calls) >= number, seconds)
        if not came:
            raise AssertionError(f"{len(self.calls)} calls came in {seconds} s, not {number}")
        return list(self.calls)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                call = Call(self.path, dict(self.headers.items()), body, monotonic())
                with receiver._changed:
                    receiver.calls.append(call)
                    receiver._changed.notify_all()
                status = receiver.answer(call)
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler
