"""How packets write dates and times: `yyyy/MM/dd` and `yyyy/MM/dd HH:mm:ss`, Vietnam time, without a zone."""

from __future__ import annotations

import re
from datetime import date, datetime

from lienthong.standards.times import VIETNAM

_DATE = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")
_TIME = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?")


def read_date(text: str) -> date | None:
    """The date, or None when the text is none; a time of day after it is left out."""
    found = _DATE.match(text.strip())
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def read_time(text: str) -> datetime | None:
    """The time (aware, Vietnam), or None when the text is none."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)
    except ValueError:
        return None


def write_date(day: date) -> str:
    """`2026/11/23`."""
    return f"{day.year:04d}/{day.month:02d}/{day.day:02d}"


def write_time(moment: datetime) -> str:
    """`2026/11/23 14:05:00`, in Vietnam time."""
    local = moment.astimezone(VIETNAM)
    return f"{write_date(local.date())} {local:%H:%M:%S}"
