"""What a form or an address gives, read as what it should be."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile

from lienthong.office.errors import Missing, TooLargeToRead
from lienthong.standards.statuses import Urgency

LARGEST = 50 << 20
"""Bytes of a file that is read as a whole: a signature needs it in memory."""


def number(text: str, default: int = 0) -> int:
    """A whole number of nine digits at most; the default for anything else (no row has the number 0)."""
    return int(text) if text.isdecimal() and len(text) < 10 else default


def whole_file(file: "UploadedFile[bytes]", *, most: int = LARGEST) -> bytes:
    """The bytes of an uploaded file. Raises `TooLargeToRead`, before any of it is read."""
    if (file.size or 0) > most:
        raise TooLargeToRead(name=str(file.name)[:100], most=most >> 20)
    content: bytes = file.read()
    return content


def row_of(text: str, count: int) -> tuple[int, ...] | None:
    """Where a page of a list begins, as `count` whole numbers; None for the beginning."""
    parts = text.split("-")
    known = len(parts) == count and all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts)
    return tuple(map(int, parts)) if known else None


def day_of(text: str) -> date | None:
    """A day as a browser sends it; None for none. Raises `Missing` when it is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Missing(what="ngày đúng dạng", what_en="a date in its form") from None


def urgency(text: str) -> int:
    """Raises `Missing`: who says that a document is urgent says which of the levels it has (Articles 6.2, 10.2k)."""
    if text not in {str(int(each)) for each in Urgency}:
        raise Missing(what="mức độ khẩn", what_en="how urgent it is")
    return int(text)
