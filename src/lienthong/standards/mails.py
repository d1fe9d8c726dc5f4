"""A mail as it was saved (RFC 5322, `.eml`): who sent it, when, of what, and what was attached.

Who wrote it may mean harm: nothing of it costs more than a mail of its size may, and no text of it holds characters
that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import Any

MOST_PARTS = 100
MOST_NESTED = 40
"""Parts that hold others: each is looked for the end of at every line within."""
MOST_LINES = 1_000_000
LONGEST_HEADER = 1_500
"""Characters of a header that are read: what takes it apart takes the square of its length."""
LONGEST_ABOUT_PARTS = 40_000
"""Characters of the headers that describe parts, of all of them together."""
LONGEST_TEXT = 200_000
"""Characters of a mail's own text that are kept as such; the mail itself is kept whole."""
YEARS = range(1970, 9000)
_STUMBLES = (RecursionError, LookupError, ValueError, TypeError, AttributeError, OverflowError)
"""What the standard library says of headers that are malformed in ways it does not foresee."""


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
    """Read a saved mail. Raises `NoMail`: it has no sender, more parts than any mail, or is past reading."""
    if content.count(b"\n") > MOST_LINES:
        raise NoMail
    try:
        message = BytesParser(_Parts().begin, policy=policy.default).parsebytes(content)
        if not message["from"]:
            raise NoMail
        name, address = _sender(message)
        return Mail(
            name or address,
            address,
            _line(_header(message, "subject")),
            _moment(message),
            _text(message),
            tuple(_attached(message)),
        )
    except _STUMBLES:
        raise NoMail from None


class _Parts:
    """Counts a mail's parts while they are found, and not once thousands were."""

    def __init__(self) -> None:
        self.begun = self.nested = self.told = 0

    def begin(self, policy: Any = None) -> EmailMessage:
        """The next part. Raises `NoMail`: there are too many."""
        self.begun += 1
        if self.begun > MOST_PARTS:
            raise NoMail
        return _Part(self, policy)

    def note(self, name: str, value: str) -> None:
        """What a header says of a part. Raises `NoMail`: too much is said, or too many parts hold others."""
        if name.lower().startswith("content-"):
            self.told += len(value)
            self.nested += "multipart" in value.lower() or "message" in value.lower()
            if self.told > LONGEST_ABOUT_PARTS or self.nested > MOST_NESTED:
                raise NoMail


class _Part(EmailMessage):
    """A part of which no header is longer than is read."""

    def __init__(self, parts: _Parts, policy: Any) -> None:
        super().__init__(policy)
        self._parts = parts

    def set_raw(self, name: str, value: str) -> None:
        value = value[:LONGEST_HEADER]
        self._parts.note(name, value)
        super().set_raw(name, value)


def _sender(message: EmailMessage) -> tuple[str, str]:
    try:
        first = message["from"].addresses[0]
    except (AttributeError, IndexError):
        return _line(_header(message, "from")), ""
    if "@" not in first.addr_spec:  # it is no address, whatever it stands for
        return _line(_header(message, "from")).strip('"'), ""
    return _line(first.display_name), _line(first.addr_spec)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except _STUMBLES:  # encoded in a way that nobody reads
        return ""


def _moment(message: EmailMessage) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "date"))
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo and found.year in YEARS else None


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    try:
        return _seen(str(body.get_content())[: 2 * LONGEST_TEXT]).strip()[:LONGEST_TEXT] if body else ""
    except (LookupError, ValueError):
        return ""


def _attached(message: EmailMessage) -> Iterator[Attached]:
    """What is no text of the mail itself, in whatever part it lies: signed mails wrap all in one."""
    count = 0
    for part in _leaves(message):
        content = b"" if _is_of_the_text(part) else _content(part)
        if content:
            count += 1
            yield Attached(_line(part.get_filename() or "") or _unnamed(part, count), content)


def _leaves(part: MIMEPart) -> Iterator[MIMEPart]:
    """The parts that hold no others; an attached mail is one."""
    if part.get_content_maintype() != "multipart":
        yield part
        return
    for each in part.iter_parts():
        yield from _leaves(each)


def _is_of_the_text(part: MIMEPart) -> bool:
    """Whether it is what was written, in one of its forms, or a picture within."""
    if part.is_attachment():
        return False
    if part.get_content_type() in ("text/plain", "text/html"):
        return not part.get_filename()
    return part.get_content_maintype() == "image" and "content-id" in part


def _content(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        try:
            return b"".join(one.as_bytes() for one in part.iter_parts())
        except _STUMBLES:
            return b""  # it cannot be taken out; it is in the mail, which is kept as it came
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _unnamed(part: MIMEPart, number: int) -> str:
    ending = {"application/pdf": ".pdf", "message/rfc822": ".eml"}.get(part.get_content_type(), "")
    return f"tep-{number}{ending}"


def _line(text: str) -> str:
    return " ".join(_seen(text).split())


def _seen(text: str) -> str:
    """A text without what nobody sees: control characters, marks that turn the direction, halves of characters."""
    return "".join(one for one in text if one.isprintable() or one in "\n\t ")
