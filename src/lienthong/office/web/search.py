"""Tra cứu: one box and filters over all documents that a person could open, and what they keep of their searches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.journal.record import Subject, log_access
from lienthong.journal.vocabulary import Access
from lienthong.look.tables import as_docx, as_xlsx
from lienthong.office.errors import NotFound, NotPdf, OfficeProblem
from lienthong.office.models import Findable, Person
from lienthong.office.people.access import FINDERS
from lienthong.office.people.actors import actor_of
from lienthong.office.search import asked as asking
from lienthong.office.search import columns, finding, marks, saved
from lienthong.office.search.errors import TooManyFound
from lienthong.office.typeset import TypesetProblem, render_book
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show

MOST_GIVEN = {"xlsx": 5_000, "docx": 5_000, "pdf": 1_000}
"""How many documents are given out at once; a PDF is for reading, and is set in memory."""
EXTRACT_OF = 200_000
"""Characters of a text in which the place of a hit is looked for."""
_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA = {
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet", "docx": f"{_OFFICE}.wordprocessingml.document", "pdf": "application/pdf",
}  # fmt: skip


@page(*FINDERS, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The box, the filters, and what was found."""
    asked, refused = asking.read(request.GET.dict()), None
    if request.method == "POST":
        try:
            _act(request, person, asked)
            return redirect(f"/tra-cuu/?{asked.address()}")
        except OfficeProblem as problem:
            refused = problem
    found = finding.page(person, asked, request.GET.get("tu", ""))
    return show(request, person, "search.html", _context(person, asked, found, request), problem=refused)


def _act(request: HttpRequest, person: Person, asked: asking.Asked) -> None:
    act = request.POST.get("act", "")
    if act == "save":
        saved.save(person, asked, request.POST.get("name", ""))
    elif act == "forget":
        saved.forget(person, given.number(request.POST.get("search", "")))
    elif act == "columns":
        columns.choose_columns(person, request.POST.getlist("column"))
    else:
        raise NotFound()


def _context(person: Person, asked: asking.Asked, found: finding.Found, request: HttpRequest) -> dict[str, Any]:
    shown = columns.of(person)
    return {
        "asked": asked, "found": found, "rows": _rows(person, asked, found, shown), "shown": shown,
        "beyond": bool(request.GET.get("tu")),
        "next": asked.address(tu=found.next) if found.next else "",
        "first": asked.address(),
        "everywhere": asked.address(ca="1"),
        "chips": asking.chips(asked),
        "tabs": [(title, asked.address(muc=key), key == asked.kind) for key, title in asking.KINDS.items()],
        "orders": [(key, one.title, key == asked.order) for key, one in asking.ORDERS.items()],
        "fields": fields_of(asked),
        "heads": [(name, columns.COLUMNS[name]) for name in shown],
        "all_columns": [
            (name, one.title, name in shown, name in columns.ALWAYS) for name, one in columns.COLUMNS.items()
        ],
        "searching": True,
        "most": MOST_GIVEN,
    }  # fmt: skip


def fields_of(asked: asking.Asked) -> dict[str, list[tuple[Any, ...]]]:
    """The filters as fields: name, title, value; of a choice also what can be chosen."""
    said = asked.filters
    words = {**{name: title for name, (_label, title) in asking.LABELS.items()},
             **{name: asking.OTHERS[name] for name in (asking.NUMBER, asking.IDENTIFIER)}}  # fmt: skip
    days = {**{name: title for name, (title, _) in asking.DAYS.items()},
            **{name: title for name, (title, _) in asking.MOMENTS.items()}}  # fmt: skip
    return {
        "words": [(name, title, said.get(name, "")) for name, title in words.items()],
        "days": [(name, title, said.get(name, "")) for name, title in days.items()],
        "counts": [(name, asking.OTHERS[name], said.get(name, "")) for name in (asking.ARRIVAL, asking.ARRIVAL_YEAR)],
        "choices": [
            (name, title, said.get(name, ""), asking.choices(name)) for name, (title, *_rest) in asking.CHOICES.items()
        ]
        + [
            (
                asking.HISTORY,
                asking.OTHERS[asking.HISTORY],
                said.get(asking.HISTORY, ""),
                asking.choices(asking.HISTORY),
            )
        ],
    }


def _rows(
    person: Person, asked: asking.Asked, found: finding.Found, shown: Sequence[str]
) -> list[dict[str, Any]]:  # fmt: skip
    """What the table shows of each document: its cells, the words marked, and where they stand in its text."""
    words = asked.question.words
    columns.fetch(found.rows, shown)
    texts = {} if found.numbers or not words else finding.contents(person, found.rows, EXTRACT_OF)
    return [
        {
            "one": row,
            "document": finding.document_of(row),
            "address": f"/van-ban-{'den' if row.kind == asking.IN else 'di'}/{finding.document_of(row).pk}/",
            "cells": list(zip(shown, columns.cells(row, shown), strict=True)),
            "subject": marks.marked(finding.document_of(row).subject, words),
            **_extract(texts.get(row.pk, ("", "")), words),
            "unread": len(row.unread),
            "waiting": row.wanted > row.read,
        }
        for row in found.rows
    ]


def _extract(texts: tuple[str, str], words: Sequence[str]) -> dict[str, Any]:
    """Where the words stand: in what is written, else in what a machine read on a scan, which is said."""
    written, recognised = texts
    found = marks.extract(written, words) if words else []
    if found or not words:
        return {"extract": found, "recognised": False}
    return {"extract": marks.extract(recognised, words), "recognised": True}


@page(*FINDERS)
def taken(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """What was found, as a workbook or a PDF; who took it away is noted, and nothing of what was asked."""
    if kind not in MOST_GIVEN:
        raise NotFound()
    asked = asking.read(request.GET.dict())
    found = finding.take(person, asked, MOST_GIVEN[kind])
    if found.next:
        raise TooManyFound(most=MOST_GIVEN[kind])
    shown = columns.of(person)
    columns.fetch(found.rows, shown)
    content = _made(person, found.rows, shown, kind)
    log_access(
        Access.DOWNLOADED, actor=actor_of(person), subject=Subject("search", kind), at=now(),
        detail=f"{kind} {len(found.rows)}",
    )  # fmt: skip
    answer = StreamingHttpResponse(content, content_type=MEDIA[kind])
    answer["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(f'Tra cuu {timezone.localtime():%Y-%m-%d %H%M}.{kind}')}"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _made(person: Person, rows: Sequence[Findable], shown: Sequence[str], kind: str) -> Iterable[bytes]:
    """The list as a file, with a line for each document."""
    heads = [str(columns.COLUMNS[name].title) for name in shown]
    lines = [columns.cells(row, shown) for row in rows]
    title = gettext("DANH SÁCH VĂN BẢN TÌM ĐƯỢC")
    if kind == "xlsx":
        return as_xlsx(lines, heads)
    if kind == "docx":
        return as_docx(lines, heads, title)
    book = {
        "superior": person.organization.superior_name, "agency": person.organization.name, "title": title, "kind": "",
        "span": [f"{timezone.localdate():%d/%m/%Y}"], "ordinal": 1, "columns": heads,
        "widths": [columns.COLUMNS[name].mm for name in shown], "lines": [list(line) for line in lines],
        "sum": gettext("Danh sách này có %(count)s văn bản.") % {"count": len(lines)},
    }  # fmt: skip
    try:
        return [render_book(book)]
    except TypesetProblem as reason:
        raise NotPdf(name=title, reason=reason.vi, reason_en=reason.en) from reason
