"""What a form or an address gives, read as what it should be."""

from datetime import date

from lienthong.office.errors import Missing


def number(text: str, default: int = 0) -> int:
    """A whole number of nine digits at most; the default for anything else (no row has the number 0)."""
    return int(text) if text.isdecimal() and len(text) < 10 else default


def day_of(text: str) -> date | None:
    """A day as a browser sends it; None for none. Raises `Missing` when it is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Missing(what="ngày đúng dạng", what_en="a date in its form") from None
