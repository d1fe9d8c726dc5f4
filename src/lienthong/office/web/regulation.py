"""Quy chế, kế hoạch: the regulation by which the agency works, and what it plans of signatures and of less paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from lienthong.look.language import choose
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import Indicator, Person, Regulation
from lienthong.office.outgoing import plan
from lienthong.office.people import access, regulation
from lienthong.office.web import given
from lienthong.office.web.agency import LOOKERS
from lienthong.office.web.guards import now, page, show

YEARS = (2018, 2100)


@page(*LOOKERS, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What holds, what held, and the plan of a year against its documents; who may, records both."""
    today, problem = timezone.localdate(), None
    year = given.number(request.GET.get("nam", ""), today.year)
    year = year if YEARS[0] <= year <= YEARS[1] else today.year
    if request.method == "POST":
        try:
            _do(request, person, year)
            return redirect(f"{reverse('office:regulation')}?nam={year}")
        except OfficeProblem as refused:
            problem = refused
    held = regulation.in_force(person.organization, today)
    context = {
        "held": held,
        "clauses": _clauses(held),
        "rows": regulation.of_agency(person.organization),
        "settings": [(name, choose(*words)) for name, words in regulation.SETTINGS.items()],
        "year": year,
        "lines": plan.lines(person.organization, year),
        "indicators": Indicator.choices,
        "keeps": bool(access.roles(person) & {role.value for role in regulation.KEEPERS}),
        "typed": request.POST if problem else {},
    }
    return show(request, person, "regulation.html", context, problem=problem)


def _clauses(held: Regulation | None) -> list[tuple[str, str]]:
    """What a setting is called, and the clause that decides it."""
    found = held.clauses if held else {}
    return [(choose(*words), found[name]) for name, words in regulation.SETTINGS.items() if name in found]


def _do(request: HttpRequest, person: Person, year: int) -> Any:
    form = request.POST
    match form.get("act"):
        case "record":
            upload = request.FILES.get("paper")
            if upload is None:
                raise Missing(what="tệp PDF của quy chế", what_en="the regulation as a PDF")
            paper = regulation.Paper(
                form.get("reference", ""), form.get("title", ""), given.day_of(form.get("valid_from", "")),
                {name: form.get(f"clause-{name}", "") for name in regulation.SETTINGS}, given.whole_file(upload),
                str(upload.name),
            )  # fmt: skip
            return regulation.register(paper, actor=person, at=now())
        case "plan":
            return plan.set_targets(form, year, actor=person, at=now())
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")
