"""Sổ sử dụng bản lưu: who used the stored copy of what was issued, read, kept by the clerk, printed and bound."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.look.vietnamese import day
from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.models import OutgoingDocument, Person, Role
from lienthong.office.outgoing import stored_copies
from lienthong.office.people import access
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.paper import period
from lienthong.office.web.registers import PRINTERS, Volume, taken


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The uses of a period; of a document that is named, the clerk writes one down."""
    document, problem = _named(request, person), None
    if request.method == "POST":
        try:
            _do(request, person, document)
            return redirect("office:register-stored")
        except OfficeProblem as refused:
            problem = refused
    first, last = period(request)
    context = {
        "first": first, "last": last, "columns": stored_copies.COLUMNS, "today": timezone.localdate(),
        "lines": stored_copies.lines(stored_copies.used(person, first, last)),
        "lent": document, "keeps": Role.CLERK in access.roles(person), "given": request.POST,
        "may_print": bool(access.roles(person) & {role.value for role in PRINTERS}),
    }  # fmt: skip
    return show(request, person, "register_stored.html", context, problem=problem)


def _named(request: HttpRequest, person: Person) -> OutgoingDocument | None:
    wanted = request.POST.get("document") or request.GET.get("di", "")
    return access.outgoing(person, given.number(wanted)) if wanted else None


def _do(request: HttpRequest, person: Person, document: OutgoingDocument | None) -> None:
    form = request.POST
    if form.get("act") == "take_back":
        use = stored_copies.one(person, given.number(form.get("use", "")))
        if use is None:
            raise NotFound()
        stored_copies.take_back(use, given.day_of(form.get("returned_on", "")), actor=person, at=now())
        return
    if document is None:
        raise NotFound()
    use_of = stored_copies.Use(
        used_on=given.day_of(form.get("used_on", "")), user_name=form.get("user_name", ""),
        allowed_by=form.get("allowed_by", ""), file_code=form.get("file_code", ""), receipt=form.get("receipt", ""),
        note=form.get("note", ""),
    )  # fmt: skip
    stored_copies.lend(document, use_of, actor=person, at=now())


@page(*PRINTERS)
def printed(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The book of a period, as a PDF to print and bind, or as a workbook; who took it away is noted."""
    first, last = period(request)
    lines = [cells for _, cells in stored_copies.lines(stored_copies.used(person, first, last))]
    volume = Volume(
        f"So su dung ban luu {first.isoformat()} {last.isoformat()}", "SỔ SỬ DỤNG BẢN LƯU", "",
        [f"Năm: {last.year}", f"Từ ngày {day(first)} đến ngày {day(last)}"], 1, stored_copies.COLUMNS,
        (20, 32, 32, 0, 24, 22, 20, 30, 24), lines, counted="dòng",
    )  # fmt: skip
    return taken(person, volume, kind, "stored", f"{first.isoformat()}-{last.isoformat()}")
