"""Chuyển thẳng: which documents go to which unit at once, by the agency's regulation."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.incoming import direct
from lienthong.office.models import Person, Unit
from lienthong.office.people import access, units
from lienthong.office.web import given
from lienthong.office.web.agency import LOOKERS
from lienthong.office.web.guards import now, page, show
from lienthong.standards.doctypes import TYPES

HISTORY_SHOWN = 200


@page(*LOOKERS, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The rules that hold and those that held; the leader and the administrator record and end them."""
    problem = None
    if request.method == "POST":
        try:
            _do(request, person)
            return redirect("office:direct-rules")
        except OfficeProblem as refused:
            problem = refused
    context = {
        "rows": direct.of_agency(person.organization)[:HISTORY_SHOWN],
        "keeps": bool(access.roles(person) & {role.value for role in direct.KEEPERS}),
        "unit_tree": units.tree(person.organization),
        "types": TYPES,
        "most_days": direct.MOST_DAYS,
        "typed": request.POST if problem else {},
    }
    return show(request, person, "direct_rules.html", context, problem=problem)


def _do(request: HttpRequest, person: Person) -> None:
    form = request.POST
    match form.get("act"):
        case "record":
            direct.register(_entry(request, person), actor=person, at=now())
        case "end":
            row = person.organization.direct_rules.filter(pk=given.number(form.get("rule", ""))).first()
            if row is None:
                raise NotFound()
            direct.end(row, actor=person, at=now())
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _entry(request: HttpRequest, person: Person) -> direct.Entry:
    form = request.POST
    unit = Unit.objects.filter(organization=person.organization, pk=given.number(form.get("unit", ""))).first()
    days = form.get("days", "").strip()
    return direct.Entry(
        unit=unit, clause=form.get("clause", ""), sender=form.get("sender", ""), type_name=form.get("type_name", ""),
        keyword=form.get("keyword", ""), days=given.number(days) if days else None,
    )  # fmt: skip
