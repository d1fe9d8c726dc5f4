"""Thống kê sử dụng: how often the system was used, day by day (Decree 30/2020, Annex VI, III.6b)."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from lienthong.look.tables import as_xlsx
from lienthong.office.errors import NotFound
from lienthong.office.models import Person, Role
from lienthong.office.people import usage
from lienthong.office.web.dossier_papers import attached
from lienthong.office.web.guards import page, show

MANAGE = (Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR)


@page(*MANAGE)
def month(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The days of a month, in figures."""
    first = _month(request)
    days = usage.of_month(person.organization, first)
    sign_ins, opened, taken = usage.total(days)
    context = {
        "days": days, "chosen": f"{first:%Y-%m}", "sign_ins": sign_ins, "opened": opened, "taken": taken,
    }  # fmt: skip
    return show(request, person, "usage.html", context)


@page(*MANAGE)
def month_taken(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The same as a workbook: figures alone, nothing that somebody read."""
    if kind != "xlsx":
        raise NotFound()
    first = _month(request)
    rows = (one.cells for one in usage.of_month(person.organization, first))
    return attached(as_xlsx(rows, usage.COLUMNS), f"Su dung {first:%Y-%m}.xlsx")


def _month(request: HttpRequest) -> date:
    """The first day of the month that is asked for; else of this one."""
    try:
        return date.fromisoformat(request.GET.get("thang", "")[:7] + "-01")
    except ValueError:
        return timezone.localdate().replace(day=1)
