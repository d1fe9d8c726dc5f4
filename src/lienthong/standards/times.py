"""The time zone of all official times (Decision 28/2018/QĐ-TTg, Article 14.4)."""

from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_YEAR = 1900
"""No day of an official act that a form names lies before it."""
Day = TypeVar("Day", bound=date)


def meant(day: Day) -> Day:
    """The day or time that somebody gave, where he can have meant it: the first day of all begins, in Vietnam, before
    any time that can be read back from the database. Raises `ValueError`."""
    if day.year < FIRST_YEAR:
        raise ValueError(f"no day before {FIRST_YEAR} is meant")
    return day


def to_the_second(moment: datetime) -> str:
    """`14:05:20 23/11/2026`, as the clocks of Vietnam show it; `moment` is aware."""
    return f"{moment.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"
