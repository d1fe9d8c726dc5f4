"""Bì gửi đích danh: envelopes that the clerk hands on unopened, their book, and what their receivers bring back."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lienthong.journal.record import history
from lienthong.look.language import choose
from lienthong.look.vietnamese import day
from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.incoming import unopened
from lienthong.office.models import EnvelopeSecrecy, Person, Role, UnopenedEnvelope
from lienthong.office.people import access
from lienthong.office.people.notices import note_link_read
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.paper import period
from lienthong.office.web.registers import Volume, taken
from lienthong.standards.statuses import Urgency


@page(Role.CLERK, acts=True)
def new(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The form of an envelope that is handed on as it came."""
    problem = None
    if request.method == "POST":
        try:
            return redirect(unopened.link(_handed(request, person)))
        except OfficeProblem as refused:
            problem = refused
    context = {
        "given": request.POST, "receivers": unopened.receivers(person.organization),
        "urgencies": [(str(int(each)), choose(*each.words)) for each in Urgency], "marks": EnvelopeSecrecy.choices,
    }  # fmt: skip
    return show(request, person, "envelope_new.html", context, problem=problem)


def _handed(request: HttpRequest, person: Person) -> UnopenedEnvelope:
    form = request.POST
    known = Person.objects.filter(organization=person.organization).select_related("user")
    cover = unopened.Cover(
        form.get("sender", ""), known.filter(pk=given.number(form.get("person", ""))).first(), form.get("number", ""),
        form.get("written", ""), given.urgency(form.get("urgency", "")), form.get("secrecy", ""), form.get("body", ""),
    )  # fmt: skip
    return unopened.hand(cover, actor=person, at=now())


@page()
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The book of a period: one's own lines, or all for who keeps it."""
    first, last = period(request)
    context = {
        "first": first, "last": last, "columns": unopened.COLUMNS,
        "lines": unopened.lines(unopened.handed(person, first, last)),
        "hands": Role.CLERK in access.roles(person), "to_register": unopened.to_register(person),
        "may_print": bool(access.roles(person) & {role.value for role in unopened.KEEPERS}),
    }  # fmt: skip
    return show(request, person, "register_unopened.html", context)


@page(*unopened.KEEPERS)
def printed(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The book of a period, as a PDF to print and bind, or as a workbook; who took it away is noted."""
    first, last = period(request)
    found = unopened.lines(unopened.handed(person, first, last))
    volume = Volume(
        f"So bi gui dich danh {first.isoformat()} {last.isoformat()}", "SỔ CHUYỂN BÌ GỬI ĐÍCH DANH",
        "Không bóc bì (Điều 21.1b Nghị định 30/2020/NĐ-CP)",
        [f"Năm: {last.year}", f"Từ ngày {day(first)} đến ngày {day(last)}"], 1, unopened.COLUMNS,
        (22, 0, 40, 48, 44, 38, 40), [cells for _envelope, cells in found], counted="bì",
    )  # fmt: skip
    return taken(person, volume, kind, "unopened", f"{first.isoformat()}-{last.isoformat()}")


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """An envelope: signed for and brought back by whom it names, registered or voided by the clerk."""
    found, problem = unopened.one(person, pk), None
    if request.method == "POST":
        try:
            _act(request, found, person)
            return redirect(unopened.link(found))
        except OfficeProblem as refused:
            problem = refused
            found = unopened.one(person, pk)
    note_link_read(person, unopened.link(found), at=now())
    context = {
        "envelope": found, "mine": found.person_id == person.pk, "keeps": Role.CLERK in access.roles(person),
        "opens": found.document_id and access.incoming_of(person).filter(pk=found.document_id).exists(),
        "events": history(unopened.subject_of(found)),
    }  # fmt: skip
    return show(request, person, "envelope.html", context, problem=problem)


def _act(request: HttpRequest, found: UnopenedEnvelope, person: Person) -> None:
    form = request.POST
    act = form.get("act")
    if act == "take":
        unopened.take(found, actor=person, at=now())
    elif act == "bring_back":
        unopened.bring_back(found, note=form.get("note", ""), actor=person, at=now())
    elif act == "apart":
        unopened.note_registered_apart(found, form.get("apart", ""), actor=person, at=now())
    elif act == "void":
        unopened.void(found, reason=form.get("reason", ""), actor=person, at=now())
    else:
        raise NotFound()
