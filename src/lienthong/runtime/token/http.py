"""The door of the helper: two questions in JSON, from pages of one office alone, on loopback alone.

Every answer that a page may read is allowed to the office's origin by name. A foreign page, and a name that was bent to
this address, get nothing that they could read, and nothing happens.
"""

from __future__ import annotations

import json
import select
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lienthong.runtime.token import question
from lienthong.runtime.token.desk import Desk
from lienthong.runtime.token.pairing import Pairing
from lienthong.runtime.token.refusals import ForeignOrigin, Unreadable
from lienthong.standards.signatures.errors import SignatureProblem

LARGEST = 1 << 20
"""Bytes of a question."""
SECONDS = 15
"""How long a question may take to come in."""
LOOPBACK = "127.0.0.1"
ALONE: int | None = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
"""Of Windows, where another program could else take the same port beside the helper, and hear what is said to it."""


def door(port: int, office: str, pairing: Pairing, desk: Desk) -> ThreadingHTTPServer:
    """The server, listening; `office` is the origin that it answers. Raises `OSError`: the port is taken."""

    class Handler(_Handler):
        pass

    Handler.office, Handler.pairing, Handler.desk = office, pairing, desk
    server = _Door((LOOPBACK, port), Handler)
    Handler.here = int(server.server_address[1])
    return server


class _Door(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = ALONE is None

    def server_bind(self) -> None:
        """Have the port alone."""
        if ALONE is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, ALONE, 1)
        super().server_bind()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of who asked and left: the window is for what is signed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One question of each connection (HTTP/1.0): what follows it, a body that nobody read among that, is no other."""

    office: str
    here: int
    pairing: Pairing
    desk: Desk
    timeout = SECONDS

    def do_OPTIONS(self) -> None:
        """What a browser asks before it lets a page ask (CORS, and access from a public page to this machine)."""
        if not self._is_of_office():
            self._answer(ForeignOrigin.status, _told(ForeignOrigin()), readable=False)
            return
        self.send_response(204)
        self._allow()
        self.send_header("Access-Control-Allow-Methods", "POST")
        self.send_header("Access-Control-Allow-Headers", "authorization, content-type")
        if self.headers.get("Access-Control-Request-Private-Network") == "true":
            self.send_header("Access-Control-Allow-Private-Network", "true")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        """Pair a browser, or sign."""
        if not self._is_of_office():
            self._answer(ForeignOrigin.status, _told(ForeignOrigin()), readable=False)
            return
        try:
            self._answer(200, self._asked(self._body()))
        except SignatureProblem as problem:
            self._answer(problem.status, _told(problem))

    def log_message(self, *_: object) -> None:
        """Say nothing: the window is for what is signed."""

    def _asked(self, told: Any) -> dict[str, Any]:
        if self.path == "/pair":
            if not isinstance(told, dict) or not isinstance(told.get("code"), str):
                raise Unreadable(why="code")
            return {"secret": self.pairing.pair(told["code"])}
        self.pairing.require(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if self.path != "/sign":
            raise Unreadable(why="path")
        return {"signatures": [one.hex() for one in self.desk.sign(question.read(told), self._still_there)]}

    def _body(self) -> Any:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()) or int(length) > LARGEST:
            raise Unreadable(why="Content-Length")
        if self.headers.get_content_type() != "application/json":
            raise Unreadable(why="Content-Type")
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as fault:
            raise Unreadable(why="JSON") from fault

    def _is_of_office(self) -> bool:
        """Whether a page of the office asks, by this address: a foreign name that leads here is another page's."""
        host = f"{LOOPBACK}:{self.here}"
        return self.headers.get_all("Origin") == [self.office] and self.headers.get_all("Host") == [host]

    def _still_there(self) -> bool:
        """Whether the browser still waits: it has nothing more to say, and one that left, however, can be read."""
        return not select.select([self.connection], [], [], 0)[0]

    def _allow(self) -> None:
        self.send_header("Access-Control-Allow-Origin", self.office)
        self.send_header("Vary", "Origin")

    def _answer(self, status: int, told: dict[str, Any], *, readable: bool = True) -> None:
        raw = json.dumps(told, ensure_ascii=False).encode()
        self.send_response(status)
        if readable:
            self._allow()
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def _told(problem: SignatureProblem) -> dict[str, Any]:
    return {
        "code": problem.code, "vi": problem.message_vi, "en": problem.message_en, "next_vi": problem.next_vi,
        "next_en": problem.next_en,
    }  # fmt: skip
