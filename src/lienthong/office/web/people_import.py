"""Nhập từ bảng: units and people taken in from a table, previewed first; sheets with newcomers' first passwords."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.record import Subject, log_access
from lienthong.journal.vocabulary import Access
from lienthong.look.language import choose
from lienthong.look.tables import as_csv, as_xlsx
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import Person, Role
from lienthong.office.people import importing, tables
from lienthong.office.people.actors import actor_of
from lienthong.office.people.import_errors import LINE_REFUSALS
from lienthong.office.people.staff_errors import NoSuchPerson
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.registers import XLSX

REFUSED_SHOWN, SAMPLE, RUNS_SHOWN = 500, 50, 50


@page(Role.ADMINISTRATOR, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Give a table, look at what it would do, confirm it; and what was taken in before."""
    problem, seen = None, None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "sheets":
                return _sheets(request, person)
            seen = _do(request, person)
            if seen is None:
                return redirect("office:people-import")
        except OfficeProblem as refused:
            problem = refused
    runs = person.organization.imports.exclude(confirmed_at=None).select_related("by", "change__confirmed_by")
    context = {"runs": runs[:RUNS_SHOWN], "columns": tables.COLUMNS.values(), **(_shown(seen) if seen else {})}
    return show(request, person, "people_import.html", context, problem=problem)


@page(Role.ADMINISTRATOR)
def pattern(_request: HttpRequest, _person: Person, kind: str) -> HttpResponseBase:
    """A table to fill in."""
    columns = tuple(tables.COLUMNS.values())
    if kind == "csv":
        return _file(as_csv(tables.PATTERN, columns), "mau-can-bo.csv", "text/csv; charset=utf-8")
    if kind == "xlsx":
        return _file(as_xlsx(tables.PATTERN, columns), "mau-can-bo.xlsx", XLSX)
    raise NotFound()


def _sheets(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The newcomers of an import who have not signed in, each with a password for one use that is made now."""
    made = person.organization.imports.exclude(confirmed_at=None)
    run = made.filter(pk=given.number(request.POST.get("run", ""))).first()
    if run is None:
        raise NoSuchPerson()
    rows = list(importing.sheets(run, actor_of(person), at=now()))
    log_access(
        Access.DOWNLOADED, actor=actor_of(person), subject=Subject("people", person.organization.code), at=now(),
        detail=f"sheets of import {run.pk}: {len(rows)}",
    )  # fmt: skip
    name = f"phieu-mat-khau-{timezone.localdate().isoformat()}.xlsx"
    return _file(as_xlsx(rows, importing.SHEET_COLUMNS), name, XLSX)


def _do(request: HttpRequest, person: Person) -> importing.Preview | None:
    match request.POST.get("act"):
        case "preview":
            file = request.FILES.get("table")
            if not isinstance(file, UploadedFile):
                raise Missing(what="tệp bảng", what_en="the file of the table")
            content = given.whole_file(file, most=tables.MOST_BYTES)
            return importing.preview(content, str(file.name)[:100], actor=person, at=now())
        case "confirm":
            run = given.number(request.POST.get("run", ""))
            importing.confirm(run, request.POST.get("mark", ""), actor=person, at=now())
            return None
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _shown(seen: importing.Preview) -> dict[str, Any]:
    plan = seen.plan
    refused = [
        {"number": one.number, "what": one.what, "why": choose(*_words(one.reason)), "reason": one.reason}
        for one in plan.refused[:REFUSED_SHOWN]
    ]
    return {
        "seen": seen, "plan": plan, "refused": refused, "more_refused": max(0, len(plan.refused) - REFUSED_SHOWN),
        "newcomers": list(plan.newcomers.values())[:SAMPLE], "added": len(plan.newcomers), "given": len(plan.posts),
        "changed_units": len(plan.units), "adopted": len(plan.adopted),
    }  # fmt: skip


def _words(reason: str) -> tuple[str, str]:
    words = LINE_REFUSALS[reason]
    return words.vi, words.en


def _file(content: Iterable[bytes], name: str, media_type: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
