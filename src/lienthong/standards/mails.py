"""A mail as it was saved (RFC 5322, `.eml`): who sent it, when, of what, and what was attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

MOST_PARTS = 200
LONGEST_TEXT = 200_000
"""Characters of a mail's own text that are kept as such; the mail itself is kept whole."""


class NoMail(ValueError):
    """What was given is no mail."""


@dataclass(frozen=True)
class Attached:
    """A file that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A mail.

    Attributes:
        sender: the name that it gives, else its address; an address proves nothing.
        sent_at: by the sender's own clock; None where it says no time.
        text: what was written in it.
    """

    sender: str
    address: str
    subject: str
    sent_at: datetime | None
    text: str
    attached: tuple[Attached, ...]


def read(content: bytes) -> Mail:
    """Read a saved mail. Raises `NoMail`: it has no sender, or more parts than any mail."""
    message = message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage) or not message["from"]:
        raise NoMail
    parts = [part for number, part in enumerate(message.walk()) if number <= MOST_PARTS]
    if len(parts) > MOST_PARTS:
        raise NoMail
    name, address = _sender(message)
    return Mail(
        name or address,
        address,
        _line(_header(message, "subject")),
        _moment(message),
        _text(message),
        _attached(message),
    )


def _sender(message: EmailMessage) -> tuple[str, str]:
    try:
        first = message["from"].addresses[0]
    except (AttributeError, IndexError):
        return _line(_header(message, "from")), ""
    if "@" not in first.addr_spec:  # it is no address, whatever it stands for
        return _line(_header(message, "from")).strip('"'), ""
    return _line(first.display_name), first.addr_spec


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except (ValueError, LookupError):  # encoded in a way that nobody reads
        return ""


def _moment(message: EmailMessage) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "date"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    try:
        return str(body.get_content()).strip()[:LONGEST_TEXT] if body else ""
    except (LookupError, ValueError):
        return ""


def _attached(message: EmailMessage) -> tuple[Attached, ...]:
    found = list[Attached]()
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "message/rfc822":
            content = b"".join(one.as_bytes() for one in part.iter_parts())
        name = _line(part.get_filename() or "")
        if isinstance(content, bytes) and content:
            found.append(Attached(name or _unnamed(part, len(found) + 1), content))
    return tuple(found)


def _unnamed(part: EmailMessage, number: int) -> str:
    ending = {"application/pdf": ".pdf", "message/rfc822": ".eml"}.get(part.get_content_type(), "")
    return f"tep-{number}{ending}"


def _line(text: str) -> str:
    return " ".join(text.split())
