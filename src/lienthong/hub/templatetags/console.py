"""The console's tags: those of the look, and what only the hub shows."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from lienthong.look.language import figures
from lienthong.look.tags import library

register = library()


@register.filter
def clock(value: datetime) -> str:
    """A time of day to the second."""
    return f"{timezone.localtime(value):%H:%M:%S}"


@register.filter
def share(value: float) -> str:
    """A share in per cent, as the page's language writes it."""
    return f"{figures().decimal(value)} %"
