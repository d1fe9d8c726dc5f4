"""Mẫu văn bản: with what a draft of each type begins, and the agency's own words for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.office.errors import Missing, NotPdf, OfficeProblem
from lienthong.office.models import Person
from lienthong.office.outgoing import templates
from lienthong.office.people import access
from lienthong.office.typeset import TypesetProblem
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.standards.doctypes import LETTER, TYPES, by_name

HISTORY_SHOWN = 50


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """All types with their samples; who may, records the agency's own words."""
    problem = None
    if request.method == "POST":
        try:
            _do(request, person)
            return redirect("office:templates")
        except OfficeProblem as refused:
            problem = refused
    context = {
        "samples": templates.samples(person.organization, timezone.localdate()),
        "rows": templates.of_agency(person.organization)[:HISTORY_SHOWN],
        "keeps": bool(access.roles(person) & {role.value for role in templates.KEEPERS}),
        "drafts": access.may_draft(person),
        "types": TYPES,
        "today": timezone.localdate(),
        "typed": request.POST if problem else {},
    }
    return show(request, person, "templates.html", context, problem=problem)


@page()
def preview(request: HttpRequest, person: Person) -> HttpResponse:
    """A sample as a PDF; that of a letter, unless another type is asked for."""
    kind, today = by_name(request.GET.get("loai", "")) or LETTER, timezone.localdate()
    try:
        pdf = templates.preview(person.organization, templates.sample(person.organization, kind, today), today)
    except TypesetProblem as reason:
        raise NotPdf(name=kind.name, reason=reason.vi, reason_en=reason.en) from reason
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="mau.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _do(request: HttpRequest, person: Person) -> None:
    form = request.POST
    match form.get("act"):
        case "record":
            templates.register(form, given.day_of(form.get("valid_from", "")), actor=person, at=now())
        case "end":
            templates.end(given.number(form.get("row", "")), actor=person, at=now())
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")
