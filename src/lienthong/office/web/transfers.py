"""Lưu trữ lịch sử: what the agency's archive keeps for ever, and handing it to a historical archive."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.office.dossiers import papers, transfers
from lienthong.office.dossiers.errors import NoDossier
from lienthong.office.errors import OfficeProblem
from lienthong.office.models import HistoricalTransfer, Person, Role
from lienthong.office.people import access
from lienthong.office.web import given, older
from lienthong.office.web.dossier_papers import taken
from lienthong.office.web.guards import now, page, show


@page(*transfers.READERS, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What can be handed over, and what was."""
    problem = None
    if request.method == "POST":
        try:
            return redirect("office:transfer", pk=_recorded(request, person).pk)
        except OfficeProblem as refused:
            problem = refused
    shown, below = older.below(request, transfers.transfers_of(person))
    waiting = transfers.to_transfer(person.organization).select_related("unit")
    context = {
        "waiting": waiting[: transfers.MOST_AT_ONCE], "rows": shown, "today": timezone.localdate(),
        "below": below, "given": request.POST,
        "records": Role.CLERK in access.roles(person),
        "chosen": {given.number(pk) for pk in request.POST.getlist("dossier")},
    }  # fmt: skip
    return show(request, person, "transfers.html", context, problem=problem)


def _recorded(request: HttpRequest, person: Person) -> HistoricalTransfer:
    form = request.POST
    keys = [given.number(one) for one in form.getlist("dossier")]
    chosen = transfers.to_transfer(person.organization).filter(pk__in=keys).select_related("organization", "keeper")
    if 0 < len(chosen) < len(set(keys)):
        raise NoDossier()  # the minutes name all that was ticked, or none
    told = transfers.HandOver(
        form.get("archive", ""), form.get("reference", ""), given.day_of(form.get("handed_on", ""))
    )  # fmt: skip
    return transfers.record(list(chosen), told, actor=person, at=now())


@page(*transfers.READERS)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """One hand-over, with its list."""
    found = transfers.one(person, pk)
    dossiers = list(found.dossiers.order_by("year", "code"))
    rows = list(zip(dossiers, papers.submitted_rows(dossiers), strict=True))
    context = {"found": found, "rows": rows, "columns": papers.SUBMITTED_COLUMNS}
    return show(request, person, "transfer.html", context)


@page(*transfers.READERS)
def printed(request: HttpRequest, person: Person, pk: int, kind: str) -> HttpResponseBase:
    """The list of what was handed over, as a paper or a workbook."""
    found = transfers.one(person, pk)
    return taken(person, papers.of_transfer(found), kind, Subject("transfer", str(pk)), "list")
