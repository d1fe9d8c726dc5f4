"""The directory as a table: given at the console, checked and taken in by the worker; and given out line by line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from lienthong.hub import export, imports
from lienthong.hub.http.console.access import not_here, show
from lienthong.hub.http.console.agencies import tabs
from lienthong.hub.http.console.refusals import Outcome
from lienthong.hub.http.console.registry_words import TABLE_STATES
from lienthong.hub.models import TableImport
from lienthong.hub.operators import Officer, Role
from lienthong.hub.refusals import LINE_REFUSALS
from lienthong.look.language import choose
from lienthong.look.tables import as_csv, as_xlsx
from lienthong.standards.times import VIETNAM

AT_ONCE = 30
SHOWN = 100
"""Refused lines on the page; the file has them all."""
KINDS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
WORKED_ON = ("to_check", "to_take")


def page(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The tables that were given, the newest first, and where one is given."""
    return _list(request, officer)


def give(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Take a table for the worker to check."""
    given = request.FILES.get("table")
    table = None
    with Outcome() as outcome:
        name, chunks = (given.name or "", given.chunks()) if given else ("", iter(()))
        table = imports.give(name, chunks, by=officer.actor, at=datetime.now(UTC))
    if table is None:
        return _list(request, officer, outcome.problem)
    return redirect("hub-table", number=table.pk)


def table(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """One table: how far it is, what it would change, and each line that is refused."""
    return show(request, officer, "agencies/table.html", {**_about(number, officer), **tabs(officer, "tables")})


def progress(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """The same as a part of the page, which asks for it while the worker is at it."""
    return render(request, "hub/console/agencies/table_state.html", _about(number, officer))


def report(_request: HttpRequest, _officer: Officer, number: int) -> HttpResponseBase:
    """Every refused line with its reason, as a file."""
    one = _known(number)
    rows = [[str(line["number"]), line["code"], line["reason"], _reason(line)] for line in one.refused]
    content = b"".join(as_csv(rows, ("line", "code", "reason", "words")))
    return _download(iter([content]), KINDS["csv"][0], f"dong-bi-tu-choi-{number}.csv")


def confirm(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """Have a checked table taken in."""
    with Outcome() as outcome:
        imports.confirm(number, by=officer.actor, at=datetime.now(UTC))
    return _after(request, officer, number, outcome.problem)


def drop(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """Let a checked table be."""
    with Outcome() as outcome:
        imports.drop(number, at=datetime.now(UTC))
    return _after(request, officer, number, outcome.problem)


def give_out(_request: HttpRequest, _officer: Officer, kind: str) -> HttpResponseBase:
    """The whole directory."""
    if kind not in KINDS:
        raise not_here()
    media, write = KINDS[kind]
    today = datetime.now(VIETNAM)
    return _download(write(export.lines(), export.GIVEN_OUT), media, f"danh-muc-co-quan-{today:%Y-%m-%d}.{kind}")


def _download(content: Any, media: str, name: str) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(content, content_type=media, headers=headers)


def _known(number: int) -> TableImport:
    found = TableImport.objects.filter(pk=number).first()
    if found is None:
        raise not_here()
    return found


def _about(number: int, officer: Officer) -> dict[str, Any]:
    one = _known(number)
    lines = [{**line, "words": _reason(line)} for line in one.refused[:SHOWN]]
    return {
        "one": one, "state": TABLE_STATES[one.state], "working": one.state in WORKED_ON,
        "lines": lines, "refused": len(one.refused), "more": max(0, len(one.refused) - SHOWN),
        "taken": one.added + one.corrected + one.unchanged, "keeps": officer.role is Role.REGISTRY,
        "fault": choose(one.fault["vi"], one.fault["en"]) if one.fault else "",
    }  # fmt: skip


def _reason(line: dict[str, Any]) -> str:
    return choose(*LINE_REFUSALS[line["reason"]])


def _list(request: HttpRequest, officer: Officer, problem: dict[str, str] | None = None) -> HttpResponseBase:
    given = TableImport.objects.defer("refused").order_by("-id")[:AT_ONCE]
    context = {
        "rows": [(one, TABLE_STATES[one.state]) for one in given], "keeps": officer.role is Role.REGISTRY,
        "problem": problem, "most": imports.LARGEST_TABLE, **tabs(officer, "tables"),
    }  # fmt: skip
    return show(request, officer, "agencies/tables.html", context, status=422 if problem else 200)


def _after(request: HttpRequest, officer: Officer, number: int, problem: dict[str, str] | None) -> HttpResponseBase:
    if problem is None:
        return redirect("hub-table", number=number)
    context = {**_about(number, officer), "problem": problem, **tabs(officer, "tables")}
    return show(request, officer, "agencies/table.html", context, status=422)
