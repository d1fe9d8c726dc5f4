"""The console's tags: those of the look, and what only the hub shows."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from lienthong.look.tags import library

register = library()


@register.filter
def clock(value: datetime) -> str:
    """A time of day to the second."""
    return f"{timezone.localtime(value):%H:%M:%S}"
