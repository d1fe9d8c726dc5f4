"""Danh mục hồ sơ: the list of a year, drafted by the clerk, issued by the head, read and printed by everybody."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.office.dossiers import keeping, lists, papers
from lienthong.office.dossiers.errors import NoDossier
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import DossierList, ListEntry, ListHeading, Person, Role
from lienthong.office.people import access, staff
from lienthong.office.web import given
from lienthong.office.web.dossier_papers import taken
from lienthong.office.web.guards import now, page, show


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The list of a year as it will be printed; who may, drafts and issues it."""
    known = list(lists.of(person.organization))
    year = given.number(request.POST.get("year", "") or request.GET.get("nam", ""), known[0].year if known else 0)
    found, problem = next((one for one in known if one.year == year), None), None
    if request.method == "POST":
        try:
            made = _do(request, person, found)
            return redirect(f"/ho-so/danh-muc/?nam={made.year}")
        except OfficeProblem as refused:
            problem = refused
    held = access.roles(person)
    draft = found is not None and found.state == DossierList.State.DRAFT
    drafts = draft and Role.CLERK in held
    context = {
        "known": known, "found": found, "year": year, "columns": lists.COLUMNS,
        "lines": lists.lines(found) if found else [], "account": lists.account(found) if found else None,
        "may_begin": Role.CLERK in held, "drafts": drafts, "may_issue": draft and Role.LEADER in held,
        "numberings": DossierList.Numbering.choices, "next_year": (known[0].year if known else _this_year() - 1) + 1,
        "mains": found.headings.filter(parent=None) if found and drafts else [],
        "headings": found.headings.select_related("parent") if found and drafts else [],
        "people": keeping.receivers(person) if drafts else [], "units": person.organization.units.all(),
        "mine": set(keeping.to_open(person).values_list("pk", flat=True)), "today": timezone.localdate(),
        "given": request.POST,
    }  # fmt: skip
    return show(request, person, "dossier_list.html", context, problem=problem)


@page()
def printed(request: HttpRequest, person: Person, year: int, kind: str) -> HttpResponseBase:
    """The list in its statutory layout."""
    found = lists.of(person.organization).filter(year=year).first()
    if found is None:
        raise NoDossier()
    return taken(person, papers.of_list(found), kind, Subject("dossier_list", str(found.pk)), str(year))


def _this_year() -> int:
    return timezone.localdate().year


def _do(request: HttpRequest, person: Person, found: DossierList | None) -> DossierList:
    form, at = request.POST, now()
    if form.get("act") == "begin":
        year = given.number(form.get("new_year", ""))
        return lists.begin(year, form.get("numbering", ""), copied="copied" in form, actor=person, at=at)
    if found is None:
        raise Missing(what="Danh mục của năm", what_en="the list of the year")
    match form.get("act"):
        case "heading":
            parent = found.headings.filter(pk=given.number(form.get("parent", ""))).first()
            short = "" if parent else form.get("abbreviation", "")
            lists.add_heading(found, form.get("title", ""), short, parent, actor=person, at=at)
        case "entry":
            lists.add_entry(_heading(request, found), _entry(request, person), actor=person, at=at)
        case "remove":
            lists.remove(found, _thing(request, found), actor=person, at=at)
        case "issue":
            decided_on = given.day_of(form.get("decided_on", ""))
            lists.issue(found, form.get("decision", ""), decided_on, actor=person, at=at)
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")
    return found


def _heading(request: HttpRequest, found: DossierList) -> ListHeading:
    wanted = found.headings.filter(pk=given.number(request.POST.get("heading", "")))
    heading = wanted.select_related("list__organization").first()
    if heading is None:
        raise Missing(what="đề mục", what_en="the heading")
    return heading


def _entry(request: HttpRequest, person: Person) -> lists.Entry:
    """A form names who makes the dossier as `nguoi-5` or `donvi-7`."""
    form = request.POST
    kind, _dash, pk = form.get("kept_by", "").partition("-")
    keeper = unit = None
    if kind == "nguoi":
        keeper = staff.everyone(person.organization).filter(pk=given.number(pk)).first()
    elif kind == "donvi":
        unit = person.organization.units.filter(pk=given.number(pk)).first()
    text = lists.FOR_EVER if form.get("for_ever") else form.get("retention", "").strip()
    return lists.Entry(form.get("title", ""), lists.retention_of(text), keeper, unit, form.get("note", ""))


def _thing(request: HttpRequest, found: DossierList) -> ListHeading | ListEntry:
    form = request.POST
    heading = found.headings.filter(pk=given.number(form.get("heading", ""))).first()
    entry = ListEntry.objects.filter(heading__list=found, pk=given.number(form.get("entry", ""))).first()
    thing = heading or entry
    if thing is None:
        raise Missing(what="đề mục hoặc hồ sơ", what_en="a heading or a dossier")
    return thing
