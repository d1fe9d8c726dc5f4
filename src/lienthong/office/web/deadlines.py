"""Deadlines as forms ask for them: by one choice in working days, or typed."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.office.errors import Missing
from lienthong.office.models import Organization
from lienthong.office.people.calendar import calendar_of
from lienthong.standards.workdays import end_of

QUICK_DAYS = (1, 2, 3, 5, 7, 10, 15, 20)
"""Working days that deadlines are mostly of."""
YEARS = range(2000, 2101)
"""Of deadlines; a moment beyond what the calendar knows can be stored, and then not be read any more."""


def quick(organization: Organization, bound: datetime | None = None) -> list[tuple[str, str, datetime]]:
    """Deadlines by one choice: value, words, moment; none beyond the one above."""
    calendar, today = calendar_of(organization), timezone.localdate()
    ends = [(days, end_of(calendar.after(today, days))) for days in QUICK_DAYS]
    return [
        (f"{end:%Y-%m-%dT%H:%M}", gettext("%(count)s ngày làm việc") % {"count": days}, end)
        for days, end in ends
        if bound is None or end <= bound
    ]


def chosen(request: HttpRequest) -> datetime | None:
    """The deadline that was typed, else the one that was chosen in working days. Raises `Missing`."""
    return read(request.POST.get("due", "") or request.POST.get("within", ""))


def read(text: str) -> datetime | None:
    """A deadline as browsers send it: local, without a zone; None for none. Raises `Missing` when it is none."""
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        parsed = None
    if parsed is None or parsed.year not in YEARS:
        raise Missing(what="hạn xử lý đúng dạng", what_en="a deadline in its form")
    return timezone.make_aware(parsed) if timezone.is_naive(parsed) else parsed
