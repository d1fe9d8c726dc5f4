"""The console's tags: those of the look, and what only the hub shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

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
def clock(value: datetime) -> str:
    """A time of day to the second."""
    return f"{timezone.localtime(value):%H:%M:%S}"


@register.filter
def share(value: float) -> str:
    """A share in per cent, as the page's language writes it."""
    return f"{figures().decimal(value)} %"
