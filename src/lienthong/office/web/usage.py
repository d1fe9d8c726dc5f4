"""Thống kê sử dụng: how often the system was used, day by day (Decree 30/2020, Annex VI, III.6b)."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.office.dossiers.papers import Paper
from lienthong.office.models import Person, Role
from lienthong.office.people import usage
from lienthong.office.web.dossier_papers import taken
from lienthong.office.web.guards import page, show

MANAGE = (Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR)


FIRST_YEAR = 2018
"""Of Decision 28: there is nothing to count before."""


@page(*MANAGE)
def month(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The days of a month, in figures."""
    first = _month(request)
    days = usage.of_month(person.organization, first)
    sign_ins, opened, files = usage.total(days)
    context = {
        "days": days, "chosen": f"{first:%Y-%m}", "columns": usage.COLUMNS, "sign_ins": sign_ins, "opened": opened,
        "files": files,
    }  # fmt: skip
    return show(request, person, "usage.html", context)


@page(*MANAGE)
def month_taken(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The same as a paper or a workbook: figures alone, nothing that somebody read."""
    first, organization = _month(request), person.organization
    rows = [one.cells for one in usage.of_month(organization, first)]
    paper = Paper(
        f"Su dung {first:%Y-%m}", "THỐNG KÊ SỬ DỤNG HỆ THỐNG", organization.name, organization.superior_name,
        usage.COLUMNS, (0,) * len(usage.COLUMNS), rows, (f"Tháng {first:%m/%Y}",),
    )  # fmt: skip
    return taken(person, paper, kind, Subject("report", "usage"), f"{first:%Y-%m}")


def _month(request: HttpRequest) -> date:
    """The first day of the month that is asked for, once it has begun; else of this one."""
    this = timezone.localdate().replace(day=1)
    try:
        asked = date.fromisoformat(request.GET.get("thang", "")[:7] + "-01")
    except ValueError:
        return this
    return asked if asked.year >= FIRST_YEAR and asked <= this else this
