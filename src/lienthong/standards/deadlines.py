"""When a document must have left, and whether it did (Decision 28/2018/QĐ-TTg, Article 6.2); by when one that came is
presented (Decree 30/2020/NĐ-CP, Article 23.1)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from lienthong.standards.statuses import Urgency
from lienthong.standards.times import VIETNAM
from lienthong.standards.workdays import WorkCalendar

MORNING_ENDS = time(11, 30)
"""End of the morning session where an agency sets no other: the law says "buổi sáng" and no hour."""

URGENT_WITHIN = timedelta(minutes=15)
"""How soon an urgent document must leave: the law says "ngay sau khi đã ký số"."""

PRESENTED_WITHIN = timedelta(minutes=30)
"""How soon an urgent document that came is presented: the law says "ngay sau khi nhận được"."""


class Timeliness(StrEnum):
    """How a sending compares with the law."""

    SAME_DAY = "same_day"
    NEXT_MORNING = "next_morning"
    LATE = "late"
    AT_ONCE = "at_once"


@dataclass(frozen=True)
class SendDeadline:
    """When a document is to be sent.

    Attributes:
        target: what the law asks for.
        hard: after this it is late; the sending is never blocked, but flagged.
    """

    target: datetime
    hard: datetime

    def classify(self, sent: datetime) -> Timeliness:
        """Which class a sending at `sent` falls into."""
        if sent > self.hard:
            return Timeliness.LATE
        if self.target == self.hard:
            return Timeliness.AT_ONCE
        return Timeliness.SAME_DAY if sent <= self.target else Timeliness.NEXT_MORNING


def send_deadline(
    signed: datetime,
    urgency: Urgency,
    *,
    calendar: WorkCalendar | None = None,
    morning_ends: time = MORNING_ENDS,
    urgent_within: timedelta = URGENT_WITHIN,
) -> SendDeadline:
    """The deadline of a document signed at `signed` (aware): the same day, at the latest the end of the next working
    morning; an urgent one at once.

    Raises:
        ValueError: `signed` has no time zone.
    """
    if signed.tzinfo is None:
        raise ValueError("the time of signing needs a time zone")
    if urgency > Urgency.NORMAL:
        at_once = signed + urgent_within
        return SendDeadline(at_once, at_once)
    day = signed.astimezone(VIETNAM).date()
    morning = (calendar or WorkCalendar()).next_workday(day)
    return SendDeadline(
        target=datetime.combine(day, time(23, 59, 59), VIETNAM),
        hard=datetime.combine(morning, morning_ends, VIETNAM),
    )


def present_deadline(
    arrived: datetime,
    urgency: Urgency,
    *,
    calendar: WorkCalendar | None = None,
    urgent_within: timedelta = PRESENTED_WITHIN,
) -> datetime:
    """By when a document that came at `arrived` (aware) is presented: on its day, at the latest within the next working
    day; an urgent one at once.

    Raises:
        ValueError: `arrived` has no time zone.
    """
    if arrived.tzinfo is None:
        raise ValueError("the time of arrival needs a time zone")
    if urgency > Urgency.NORMAL:
        return arrived + urgent_within
    day = (calendar or WorkCalendar()).next_workday(arrived.astimezone(VIETNAM).date())
    return datetime.combine(day, time(23, 59, 59), VIETNAM)
