"""Times and figures in English; the Vietnamese ones, with the same names, are in `vietnamese`."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from lienthong.look.vietnamese import DAY, HOUR, MINUTE, in_units

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(value: int) -> str:
    """`1,234,567`."""
    return f"{value:,}"


def decimal(value: float) -> str:
    """`0.2`."""
    return f"{value:.1f}"


def day(value: date) -> str:
    """`23 Nov 2026`."""
    return f"{_day_of_year(value)} {value.year}"


def moment(value: datetime | None, now: datetime | None = None) -> str:
    """`14:05`; with the day on another day, with the year in another year."""
    if value is None:
        return ""
    local, today = timezone.localtime(value), timezone.localtime(now or timezone.now())
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} {_day_of_year(local) if local.year == today.year else day(local)}"


def left(due: datetime | None, now: datetime | None = None) -> str:
    """How long there is, the time first: `2 hours left`, `1 day left`, `1 day overdue`."""
    if due is None:
        return ""
    seconds = (due - (now or timezone.now())).total_seconds()
    span = abs(seconds)
    if span < MINUTE:
        words = "less than a minute"
    elif span < HOUR:
        words = _counted(int(span // MINUTE), "minute")
    elif span < DAY:
        words = _counted(int(span // HOUR), "hour")
    else:
        words = _counted(int(span // DAY), "day")
    return f"{words} left" if seconds >= 0 else f"{words} overdue"


def due_date(due: datetime, now: datetime | None = None) -> str:
    """When a deadline falls: `14:35` within a day of it, `20 Nov` beyond, with the year in another year."""
    now = now or timezone.now()
    local = timezone.localtime(due)
    if abs((due - now).total_seconds()) < DAY:
        return f"{local:%H:%M}"
    return _day_of_year(local) if local.year == timezone.localtime(now).year else day(local)


def _day_of_year(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]}"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def span(seconds: float) -> str:
    """A length of time in its largest units: `1.1 s`, `41 s`, `26 min`, `4 h 53 min`, `3 d 2 h`."""
    return in_units(seconds, decimal(seconds), ("s", "min", "h", "d"))


def weekday(at: datetime) -> str:
    """`Monday`."""
    return _WEEKDAYS[timezone.localtime(at).weekday()]


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
