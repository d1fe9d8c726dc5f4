"""The time zone of all official times (Decision 28/2018/QĐ-TTg, Article 14.4)."""

from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LATEST = datetime.combine(date.max, time.max, VIETNAM)
"""The last moment that can be written in Vietnam's time."""
FIRST_YEAR = 1900
"""No day of an official act that a form names lies before it."""
Day = TypeVar("Day", bound=date)


def in_vietnam(moment: datetime) -> datetime:
    """A moment as the clocks of Vietnam show it. Who knows no end of a certificate writes the last second of 9999 (RFC
    5280, 4.1.2.5), when Vietnam is a day on: that is the last day here, too."""
    return min(moment, LATEST).astimezone(VIETNAM)


def meant(day: Day) -> Day:
    """The day or time that somebody gave, where he can have meant it: the first day of all begins, in Vietnam, before
    any time that can be read back from the database. Raises `ValueError`."""
    if day.year < FIRST_YEAR:
        raise ValueError(f"no day before {FIRST_YEAR} is meant")
    return day


def to_the_second(moment: datetime) -> str:
    """`14:05:20 23/11/2026`, as the clocks of Vietnam show it; `moment` is aware."""
    return f"{moment.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"
