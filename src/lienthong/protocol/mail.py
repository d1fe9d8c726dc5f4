"""Handing a mail to a mail server (RFC 5321)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

from lienthong.protocol.channel import is_loopback

SEND_SECONDS = 20.0
SCHEMES = ("smtp", "smtp+starttls", "smtps")


@dataclass(frozen=True)
class MailServer:
    """A server that takes mail.

    Attributes:
        address: `smtp://host:25`, `smtp+starttls://name@host:587` or `smtps://name@host:465`.
        password: of the name in the address, empty where there is none.
    """

    address: str
    password: str = ""

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over. Raises `OSError`, `smtplib.SMTPException`: it was not taken."""
        where, secure = urlsplit(self.address), ssl.create_default_context()
        host = where.hostname or ""
        if where.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, where.port or 465, timeout=SEND_SECONDS, context=secure)
        else:
            server = smtplib.SMTP(host, where.port or 25, timeout=SEND_SECONDS)
        with server:
            if where.scheme == "smtp+starttls":
                server.starttls(context=secure)
            if where.username:
                server.login(where.username, self.password)
            server.send_message(message)


def is_server(address: str) -> bool:
    """Whether this is the address of a mail server. A password is none of an address's business, and goes with its name
    over no line that is not encrypted, unless the server is this machine."""
    try:
        where = urlsplit(address)
        host, _port = where.hostname, where.port
    except ValueError:
        return False
    bare = where.scheme == "smtp" and bool(where.username) and not is_loopback(host or "?")
    return where.scheme in SCHEMES and bool(host) and not where.password and not bare
