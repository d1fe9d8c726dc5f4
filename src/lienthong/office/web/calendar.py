"""Lịch làm việc: the days of a year that are worked or off, and the decisions behind them."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import DayKind, Organization, Person, Role
from lienthong.office.outgoing import deadlines
from lienthong.office.people import access, calendar
from lienthong.office.web import given
from lienthong.office.web.agency import LOOKERS
from lienthong.office.web.guards import now, page, show
from lienthong.standards.workdays import WorkCalendar

YEARS = (2018, 2100)


@page(*LOOKERS, acts=True)
def year(request: HttpRequest, person: Person) -> HttpResponseBase:
    """A year of the agency's calendar; the administrator records decisions about days, and withdraws them."""
    today, problem = timezone.localdate(), None
    shown = given.number(request.GET.get("nam", ""), today.year)
    shown = shown if YEARS[0] <= shown <= YEARS[1] else today.year
    if request.method == "POST":
        try:
            day = _do(request, person)
            return redirect(f"{reverse('office:calendar')}?nam={day.year}")
        except OfficeProblem as refused:
            problem = refused
    organization = Organization.objects.get(pk=person.organization_id)
    now_held = calendar.calendar_of(organization)
    context = {
        "year": shown,
        "months": [_month(shown, month, now_held, today) for month in range(1, 13)],
        "rows": calendar.of_year(organization, shown),
        "version": organization.calendar_version,
        "keeps": Role.ADMINISTRATOR in access.roles(person),
        "kinds": DayKind.choices,
        "typed": request.POST if problem else {},
    }
    return show(request, person, "calendar.html", context, problem=problem)


def _do(request: HttpRequest, person: Person) -> date:
    """Do what the form asks for; gives the day that it is about."""
    form = request.POST
    match form.get("act"):
        case "decide":
            day = given.day_of(form.get("day", ""))
            return deadlines.decide_day(form, day, actor=person, at=now())
        case "withdraw":
            pk = given.number(form.get("row", ""))
            return deadlines.withdraw_day(pk, reason=form.get("reason", ""), actor=person, at=now())
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _month(of_year: int, month: int, held: WorkCalendar, today: date) -> dict[str, Any]:
    weeks = Calendar().monthdatescalendar(of_year, month)
    return {"number": month, "weeks": [list(_days(week, month, held, today)) for week in weeks]}


def _days(week: list[date], month: int, held: WorkCalendar, today: date) -> Iterator[dict[str, Any] | None]:
    """The days of a week that lie in the month: what is unusual is marked, and says why."""
    for day in week:
        if day.month != month:
            yield None
            continue
        worked, usual = held.is_workday(day), day.weekday() < 5
        kind = "" if worked == usual and worked else "rest" if worked == usual else "worked" if worked else "off"
        yield {"day": day, "kind": kind, "why": held.reason(day), "today": day == today}
