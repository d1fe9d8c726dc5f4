"""A mail server for tests: it speaks SMTP (RFC 5321) on loopback and keeps what it was given."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every mail, or refuses all while `refusing`; it knows no mailbox that is `unknown`, and
    takes no mail for one that is `full`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[EmailMessage] = []
        self.refusing = False
        self.unknown: set[str] = set()
        self.full: set[str] = set()
        self.hangs_up_after_data = False

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = cast(MailServer, self.server)
        self._say("220 test")
        while line := self.rfile.readline():
            verb = line.split(b":")[0].strip().upper()
            if verb == b"QUIT":
                return self._say("221 bye")
            if server.refusing and verb.startswith(b"MAIL"):
                self._say("451 try again later")
            elif verb.startswith(b"RCPT") and any(name.encode() in line for name in server.unknown):
                self._say("550 no such mailbox")
            elif verb == b"DATA":
                self._say("354 go on")
                if self._take(server)["To"] in server.full:
                    server.mails.pop()
                    self._say("552 mailbox is full")
                    continue
                if server.hangs_up_after_data:
                    return None  # taken, and the sender never hears of it
                self._say("250 taken")
            else:
                self._say("250 ok")
        return None

    def _take(self, server: MailServer) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mail = cast(EmailMessage, message_from_bytes(b"".join(lines), policy=policy.default))
        server.mails.append(mail)
        return mail

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A running mail server."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
