"""Vietnamese working days: the public holidays, and what the Prime Minister decides each year on top.

The library's calendar is the seed. Swapped days are decided and published each year, so overrides are data that an
administrator can add to; each names the decision it comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import holidays

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The time zone of all official times (Decision 28/2018/QĐ-TTg, Article 14.4)."""


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
        return override.kind is DayKind.WORK if override else _SEED.is_working_day(day)

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        while True:
            day += timedelta(days=1)
            if self.is_workday(day):
                return day


_SEED = holidays.country_holidays("VN", language="vi")
