"""The console's tags: those of the look, and what only the hub shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from lienthong.evidence.proving import FAULTS, Fault
from lienthong.hub.http.console.words import EVENTS, PROBLEMS, spoken
from lienthong.look.language import choose, figures
from lienthong.look.tags import library

register = library()


@register.filter
def span(value: timedelta) -> str:
    """How long something took, to the minute."""
    minutes = int(value.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    parts = [(days, choose("ngày", "d")), (hours, choose("giờ", "h")), (minutes % 60, choose("phút", "min"))]
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or choose("dưới 1 phút", "under 1 min")


@register.filter
def fault(value: Fault) -> str:
    """Why a signed statement is no proof."""
    return spoken(FAULTS[value])


@register.filter
def clock(value: datetime) -> str:
    """A time of day to the second."""
    return f"{timezone.localtime(value):%H:%M:%S}"


@register.inclusion_tag("hub/sandbox/banner.html")
def sandbox_banner() -> dict[str, bool]:
    """Says on every page of a test hub that it is one."""
    return {"sandbox": settings.LIENTHONG.sandbox}


@register.filter
def epoch(value: datetime) -> int:
    """Milliseconds since 1970, as scripts count."""
    return int(value.timestamp() * 1000)


@register.filter
def weekday(value: datetime) -> str:
    """The day of the week."""
    return str(figures().weekday(value))


@register.filter
def day_month(value: datetime) -> str:
    """A day of this year: `16/11`, `16 Nov`."""
    return str(figures().due_date(value, value + timedelta(days=2)))


@register.filter
def until_day(value: datetime) -> str:
    """How many days are left until a day: `còn 6 ngày`."""
    return str(figures().left(value))


@register.filter
def seconds(value: float | None) -> str:
    """A length of time in its largest units."""
    return "–" if value is None else str(figures().span(value))


@register.filter
def per_second(value: float | None) -> str:
    """A rate."""
    return str(figures().decimal(value)) if isinstance(value, float | int) else "–"


@register.filter
def plain(value: float) -> str:
    """A number as drawings are written: with a point, whatever the language."""
    return f"{value:.1f}"


@register.filter
def event_words(name: str) -> str:
    """An event of the journal in words."""
    return spoken(EVENTS[name]) if name in EVENTS else name


@register.filter
def problem_words(code: str) -> str:
    """A refusal in words."""
    return spoken(PROBLEMS[code]) if code in PROBLEMS else code


@register.filter
def share(value: float) -> str:
    """A share in per cent, as the page's language writes it."""
    return f"{figures().decimal(value)} %"
