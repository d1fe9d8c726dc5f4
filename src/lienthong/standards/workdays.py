"""Vietnamese working days: the public holidays, and what the Prime Minister decides each year on top.

The library's calendar is the seed. Swapped days are decided and published each year, so overrides are data that an
administrator can add to; each names the decision it comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from lienthong.standards.times import VIETNAM

DAY_ENDS = time(17, 0)
"""The hour of a deadline that is said in working days: the law names none."""


class DayKind(StrEnum):
    """What an override makes of a day."""

    OFF = "off"
    WORK = "work"


@dataclass(frozen=True)
class Override:
    """A day that differs from the seed, and why."""

    kind: DayKind
    reason: str


OVERRIDES: Mapping[date, Override] = {
    date(2026, 1, 2): Override(DayKind.OFF, "Hoán đổi với thứ Bảy 10/01/2026 (nghỉ Tết Dương lịch 2026)"),
    date(2026, 1, 10): Override(DayKind.WORK, "Làm bù cho thứ Sáu 02/01/2026"),
}
"""Days that the library's calendar does not know."""


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked.

    Attributes:
        overrides: days that take precedence over the seed.
    """

    overrides: Mapping[date, Override] = field(default_factory=lambda: OVERRIDES)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day."""
        override = self.overrides.get(day)
        return override.kind is DayKind.WORK if override else bool(_seed().is_working_day(day))

    def reason(self, day: date) -> str:
        """Why a day is unlike other days of its name, in Vietnamese: a decision, a holiday; "" where nobody says."""
        override = self.overrides.get(day)
        return override.reason if override else str(_seed().get(day) or "")

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        while True:
            day += timedelta(days=1)
            if self.is_workday(day):
                return day

    def after(self, day: date, days: int) -> date:
        """The working day that is so many working days after `day`."""
        for _ in range(days):
            day = self.next_workday(day)
        return day

    def moment_before(self, moment: datetime, days: float) -> datetime:
        """The moment since when so many working days have passed at `moment`; nights count, days off do not.

        Of a Tuesday at ten, one working day before is Monday at ten; of a Sunday, it is the beginning of Friday.

        Args:
            moment: aware.
            days: not negative; parts of a day are parts of 24 hours.
        """
        local = moment.astimezone(VIETNAM)
        day, left = local.date(), timedelta(days=days)
        worked = local - _midnight(day) if self.is_workday(day) else timedelta()
        while worked < left:
            left -= worked
            day -= timedelta(days=1)
            worked = timedelta(days=1) if self.is_workday(day) else timedelta()
        return _midnight(day) + worked - left


def end_of(day: date) -> datetime:
    """When a working day ends, for a deadline that is said in working days."""
    return datetime.combine(day, DAY_ENDS, VIETNAM)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VIETNAM)


@cache
def _seed() -> Any:
    """The library's calendar; it takes long to load, so whoever only reads packets does without."""
    import holidays

    return holidays.country_holidays("VN", language="vi")
