"""Working days and the deadlines of Article 6.2."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from lienthong.standards.deadlines import Timeliness, send_deadline
from lienthong.standards.statuses import Urgency
from lienthong.standards.times import VIETNAM
from lienthong.standards.workdays import DayKind, Override, WorkCalendar

VECTORS = [
    (date(2018, 12, 28), date(2019, 1, 2)),
    (date(2019, 1, 4), date(2019, 1, 5)),
    (date(2024, 2, 7), date(2024, 2, 15)),
    (date(2024, 5, 3), date(2024, 5, 4)),
    (date(2025, 4, 25), date(2025, 4, 26)),
    (date(2025, 4, 29), date(2025, 5, 5)),
    (date(2025, 12, 31), date(2026, 1, 5)),
    (date(2026, 1, 9), date(2026, 1, 10)),
    (date(2026, 2, 12), date(2026, 2, 13)),
    (date(2026, 2, 13), date(2026, 2, 23)),
    (date(2026, 4, 24), date(2026, 4, 28)),
    (date(2026, 4, 29), date(2026, 5, 4)),
    (date(2026, 8, 1), date(2026, 8, 3)),
    (date(2026, 8, 21), date(2026, 8, 22)),
    (date(2026, 8, 28), date(2026, 9, 3)),
    (date(2026, 11, 23), date(2026, 11, 25)),
]


@pytest.mark.parametrize(("signed", "morning"), VECTORS)
def test_the_next_working_day(signed: date, morning: date) -> None:
    assert WorkCalendar().next_workday(signed) == morning


@pytest.mark.parametrize(("signed", "morning"), VECTORS)
def test_a_normal_document_leaves_by_the_next_working_morning(signed: date, morning: date) -> None:
    deadline = send_deadline(datetime.combine(signed, time(16, 40), VIETNAM), Urgency.NORMAL)
    assert deadline.target.date() == signed
    assert deadline.hard == datetime.combine(morning, time(11, 30), VIETNAM)
    assert deadline.classify(deadline.target) is Timeliness.SAME_DAY
    assert deadline.classify(deadline.hard) is Timeliness.NEXT_MORNING
    assert deadline.classify(deadline.hard + timedelta(seconds=1)) is Timeliness.LATE


def test_an_urgent_document_leaves_at_once() -> None:
    signed = datetime(2026, 11, 23, 22, 0, tzinfo=VIETNAM)
    deadline = send_deadline(signed, Urgency.EXPRESS)
    assert deadline.classify(signed + timedelta(minutes=15)) is Timeliness.AT_ONCE
    assert deadline.classify(signed + timedelta(minutes=16)) is Timeliness.LATE


def test_the_day_is_the_day_in_vietnam() -> None:
    late_evening_utc = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # already the 24th in Hà Nội
    assert send_deadline(late_evening_utc, Urgency.NORMAL).target.date() == date(2026, 11, 24)


def test_an_override_takes_precedence() -> None:
    calendar = WorkCalendar({date(2026, 11, 25): Override(DayKind.OFF, "thử nghiệm")})
    assert calendar.next_workday(date(2026, 11, 23)) == date(2026, 11, 26)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        send_deadline(datetime(2026, 11, 23), Urgency.NORMAL)  # noqa: DTZ001 - the fault under test
