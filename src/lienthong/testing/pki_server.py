"""Serves the test authority on loopback: `python -m lienthong.testing.pki_server DIRECTORY --port PORT`.

Time stamps at /tsa, standing at /ocsp, revocation lists at /crl and /crl/root, certificates at /ca/issuing, /ca/root.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lienthong.testing.pki import AuthorityProblem, TestAuthority

LARGEST_REQUEST = 1 << 16
"""Bytes that a request may have; a time-stamp request has about a hundred."""
PATIENCE = 10.0
"""Seconds that a connection may stay silent."""


class PkiServer(ThreadingHTTPServer):
    """A server with an authority behind it. `authority` is set before the first request is taken."""

    authority: TestAuthority

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    wbufsize = -1  # head and body go out as one, or a kept connection waits 40 ms for the second
    server: PkiServer

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self._refuse(411, "Content-Length is needed")
        elif int(length) > LARGEST_REQUEST:
            self._refuse(413, f"the largest request has {LARGEST_REQUEST} bytes")
        else:
            self._answer(self.rfile.read(int(length)))

    def _answer(self, body: bytes | None) -> None:
        path = self.path.partition("?")[0]
        try:
            content, kind = self.server.authority.answer(path, body, self.headers.get("Content-Type", ""))
        except AuthorityProblem as problem:
            self._send(problem.http, f"{problem.message_vi}\n{problem}\n".encode(), "text/plain; charset=utf-8")
        else:
            self._send(200, content, kind)

    def _refuse(self, status: int, why: str) -> None:
        # The body stays unread: what follows on this connection would be taken for a request.
        self.close_connection = True
        self._send(status, f"{why}\n".encode(), "text/plain; charset=utf-8")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Say nothing: whoever asks sees the answer."""


def make_server(directory: Path, port: int = 0) -> PkiServer:
    """The server, bound but not yet serving; port 0 takes a free one.

    An authority is made if the directory holds none; its certificates then point to this server.
    """
    server = PkiServer(("127.0.0.1", port), _Handler)
    try:
        server.authority = TestAuthority.open(directory, server.url)
    except BaseException:
        server.server_close()
        raise
    return server


@contextmanager
def serve(directory: Path, port: int = 0) -> Iterator[PkiServer]:
    """Serve in a thread of this process until the block is left; see `make_server`."""
    server = make_server(directory, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="test-authority")
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main(arguments: list[str] | None = None) -> int:
    """Print the address, serve until SIGTERM or SIGINT, finish what is being answered, and end with 0."""
    parser = argparse.ArgumentParser(prog="python -m lienthong.testing.pki_server", description=__doc__)
    parser.add_argument("directory", type=Path, help="where the authority is kept; it is made if it is missing")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve(options.directory, options.port) as server:
        if server.authority.base_url != server.url:
            known = server.authority.base_url
            print(f"The authority's certificates point to {known}, this server is {server.url}.", file=sys.stderr)
        print(server.url, flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
