"""How a web process serves its connections: gunicorn's threads, which stay for a moment where they have just answered.

gunicorn hands each request from its main thread to one of the pool and each connection back: for every request two
changes of thread, each of which has to win the interpreter's lock, and a dozen calls into the kernel. Systems send one
request after the other on a connection they keep, so the thread that answered waits there a moment for the next one.
"""

from __future__ import annotations

import io
import select
import socket
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from gunicorn import util
from gunicorn.http.body import LengthReader
from gunicorn.http.wsgi import Response, create
from gunicorn.workers.gthread import ThreadWorker

STAY_MS = 200
"""How long a thread waits for the next request on the connection where it has just answered."""
STAY_SECONDS = 1.0
"""How long a thread serves one connection in a row: who never falls silent goes to the end of the queue then."""
SMALL = 1 << 16
"""Bytes up to which the first part of an answer is joined to its head."""


class StayingWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, with three changes: a thread stays, an answer leaves in one piece, and a body comes
    in the pieces that are asked for.

    At most half of the threads stay, so that clients who keep connections and say nothing cannot hold up the others:
    a newcomer waits for none of them longer than without this.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = BoundedSemaphore(max(1, self.cfg.threads // 2))

    def handle(self, conn: Any) -> Any:
        """Serve a connection until it falls silent; gives what gunicorn's own method gives for the last request."""
        end = monotonic() + STAY_SECONDS
        kept = super().handle(conn)
        while kept is True and self.alive and monotonic() < end and self._comes_soon(conn.sock):
            kept = super().handle(conn)
        return kept

    def _comes_soon(self, sock: socket.socket) -> bool:
        if not self._places.acquire(blocking=False):
            return False
        try:
            watch = select.poll()
            watch.register(sock, select.POLLIN)
            return bool(watch.poll(STAY_MS))
        finally:
            self._places.release()

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer one request; gives whether the connection may be kept."""
        if isinstance(req.body.reader, LengthReader) and req.body.reader.length:
            req.body = io.BufferedReader(AnnouncedBody(req.body.reader))
        answer, environ = create(req, conn.sock, conn.client, conn.server, self.cfg, response_class=JoinedResponse)
        environ["wsgi.multithread"] = True
        if not self.alive or len(self.keepalived_conns) >= self.max_keepalived:
            answer.force_close()
        body = self.wsgi(environ, answer.start_response)
        try:
            if isinstance(body, environ["wsgi.file_wrapper"]):
                answer.write_file(body)
            else:
                for piece in body:
                    answer.write(piece)
            answer.close()
        except OSError:
            raise  # the client is gone: the caller knows which of these are worth a line
        except Exception:
            if not answer.headers_sent:
                raise  # the caller says 500
            self.log.exception("an answer broke off")
            util.close_graceful(conn.sock)
            raise StopIteration from None
        finally:
            if hasattr(body, "close"):
                body.close()
        return not answer.should_close()


class AnnouncedBody(io.RawIOBase):
    """A body of announced length, straight from the socket into the memory of who asks: gunicorn's own reader copies
    each byte several times, and is woken for each few packets of the network.

    A client that vanishes looks like an early end, as it does to gunicorn.

    Args:
        reader: gunicorn's, which knows the length and holds what came together with the head.
    """

    def __init__(self, reader: LengthReader) -> None:
        self._socket: socket.socket = reader.unreader.sock
        came = reader.unreader.take_buffered()
        self._came, next_request = came[: reader.length], came[reader.length :]
        reader.unreader.unread(next_request)
        self._left: int = reader.length

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        """Fill `into` as far as the body goes, however many packets that takes."""
        into = memoryview(into).cast("B")[: self._left]
        count = len(self._came[: len(into)])
        into[:count], self._came = self._came[:count], self._came[count:]
        if count < len(into):
            count += self._socket.recv_into(into[count:], 0, socket.MSG_WAITALL)
        self._left -= count
        return count


class JoinedResponse(Response):  # type: ignore[misc]
    """An answer whose head leaves with the first bytes of its body: the client is woken once, not twice."""

    headers_sent: bool
    _head = b""

    def send_headers(self) -> None:
        if not self.headers_sent:
            lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
            self._head = "".join(lines).encode("latin-1")
            self.headers_sent = True

    def _emit_body(self, data: bytes) -> None:
        if not self.chunked and len(data) <= SMALL:
            head, self._head = self._head, b""
            self.sock.sendall(head + data)
        else:
            self._send_head()
            super()._emit_body(data)

    def sendfile(self, respiter: Any) -> bool:
        self.send_headers()
        if not self._omits_body:
            self._send_head()
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        self.send_headers()
        self._send_head(last=not self.chunked)
        super().close()

    def _send_head(self, *, last: bool = False) -> None:
        head, self._head = self._head, b""
        if head:
            self.sock.sendall(head, 0 if last else socket.MSG_MORE)
