"""Reading what people type into the forms of the console."""

from __future__ import annotations

from datetime import date, datetime

from lienthong.standards.times import VIETNAM


def typed(text: str) -> str:
    """What a person typed; what the database cannot hold does not come so far (`runtime.web.LegibleText`)."""
    return text.strip()


def as_number(text: str, *, digits: int) -> int | None:
    """A whole number of so many digits at most; None for none, and for what is none."""
    return int(text) if text.isdecimal() and len(text) <= digits else None


def day(text: str) -> datetime | None:
    """The beginning of a day in Vietnam, of `2026-11-23`; None for none, and for what is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day, tzinfo=VIETNAM) if 2000 <= found.year <= 9000 else None
