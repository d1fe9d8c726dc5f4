"""Danh mục gửi kèm bản giấy: what goes on paper with the electronic document; and Ngoại lệ: where a rule was gone
beside, by whom and why."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import DirectoryAgency, PaperClause, PaperRule, Person, Role
from lienthong.office.outgoing import envelopes
from lienthong.office.people import access, paper_rules
from lienthong.office.people.overrides import OVERRIDES, overrides_of
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.standards.doctypes import TYPES

PAGE_ROWS = 50
POINTS = (PaperClause.LISTED, PaperClause.GOVERNMENT)
SHOWN_DAYS = 30


@page(Role.LEADER, Role.ADMINISTRATOR, Role.CLERK, Role.AUDITOR, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """All entries of the agency, those in force first; its keepers record and end."""
    problem = None
    if request.method == "POST":
        try:
            _do(request, person)
            return redirect("office:paper-rules")
        except OfficeProblem as refused:
            problem = refused
    rows = list(PaperRule.objects.filter(organization=person.organization).select_related("recorded_by"))
    in_force = set(paper_rules.in_force(person.organization, timezone.localdate()).values_list("pk", flat=True))
    context = {
        "rows": sorted(rows, key=lambda one: one.pk not in in_force),
        "names": _names(rows),
        "in_force": in_force,
        "today": timezone.localdate(),
        "keeps": bool(access.roles(person) & {role.value for role in paper_rules.KEEPERS}),
        "types": TYPES,
        "points": [(one.value, one.label) for one in POINTS],
        "given": request.POST,
        "given_types": request.POST.getlist("types"),
    }
    return show(request, person, "paper_rules.html", context, problem=problem)


def _names(rows: list[PaperRule]) -> dict[str, str]:
    codes = {code for one in rows for code in one.recipients}
    return dict(DirectoryAgency.objects.filter(code__in=codes).values_list("code", "name"))


def _do(request: HttpRequest, person: Person) -> None:
    form = request.POST
    if form.get("act") == "end":
        wanted = form.get("rule", "")
        known = PaperRule.objects.filter(organization=person.organization)
        one = known.filter(pk=given.number(wanted)).first()
        if one is None:
            raise NotFound()
        last_day = given.day_of(form.get("last_day", "")) or timezone.localdate()
        paper_rules.end(one, last_day=last_day, reason=form.get("reason", ""), actor=person, at=now())
        return
    paper_rules.register(_entry(request), actor=person, at=now())


def _entry(request: HttpRequest) -> paper_rules.Entry:
    form = request.POST
    decided, begins = given.day_of(form.get("decided_on", "")), given.day_of(form.get("valid_from", ""))
    if decided is None or begins is None:
        raise Missing(what="ngày quyết định và ngày có hiệu lực", what_en="the day of the decision, and from when")
    point = form.get("clause", "")
    return paper_rules.Entry(
        clause=PaperClause.GOVERNMENT if point == PaperClause.GOVERNMENT else PaperClause.LISTED,
        decision=form.get("decision", "").strip()[:100],
        decided_on=decided,
        valid_from=begins,
        valid_to=given.day_of(form.get("valid_to", "")),
        types=tuple(form.getlist("types")),
        keyword=" ".join(form.get("keyword", "").split())[:100],
        recipients=tuple(dict.fromkeys(form.get("recipients", "").replace(",", " ").split())),
        addressees=tuple(line.strip()[:100] for line in form.get("addressees", "").splitlines() if line.strip()),
    )


@page(Role.CLERK)
def envelope(request: HttpRequest, person: Person, pk: int, recipient_pk: int) -> HttpResponse:
    """The envelope of paper that a recipient is owed, to be printed."""
    content = envelopes.envelope(access.outgoing(person, pk), recipient_pk, actor=person)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="bi-van-ban.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page(Role.LEADER, Role.ADMINISTRATOR, Role.AUDITOR)
def overrides(request: HttpRequest, person: Person) -> HttpResponse:
    """Every override of a rule in a period: when, who, which rule, what instead, and why."""
    first, last = period(request)
    wanted = request.GET.get("quy-tac", "")
    kind = OfficeEvent(wanted) if wanted in {event.value for event in OVERRIDES} else None
    found = overrides_of(person.organization, first, last, kind)
    shown = Paginator(found, PAGE_ROWS).get_page(request.GET.get("trang"))
    numbers = _numbers(person, [one.subject for one in shown if one.subject_kind == "outgoing"])
    rows = [
        {"event": one, "about": OVERRIDES[OfficeEvent(one.name)], "number": numbers.get(one.subject, "")}
        for one in shown
    ]
    context = {
        "rows": rows, "shown": shown, "first": first, "last": last, "kind": wanted,
        "kinds": [(event.value, about.act) for event, about in OVERRIDES.items()],
    }  # fmt: skip
    return show(request, person, "overrides.html", context)


def _numbers(person: Person, ids: list[str]) -> dict[str, str]:
    """Outgoing documents that the person may open: id → number; others stay without a link."""
    return {str(one.pk): one.printed_number for one in access.outgoing_of(person).filter(pk__in=ids)}


def period(request: HttpRequest) -> tuple[date, date]:
    """The days that are asked for (`tu`, `den`), both within; the last thirty where none are. Raises `Missing`."""
    last = given.day_of(request.GET.get("den", "")) or timezone.localdate()
    wrong = Missing(what="khoảng ngày theo thứ tự, từ năm 2000", what_en="days in their order, from the year 2000 on")
    if not 2000 <= last.year <= 9000:
        raise wrong
    first = given.day_of(request.GET.get("tu", "")) or last - timedelta(days=SHOWN_DAYS - 1)
    if first > last:
        raise wrong
    return first, last
