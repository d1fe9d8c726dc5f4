"""Sổ văn bản: the registers of outgoing and incoming documents, read, printed and bound."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from lienthong.journal.record import Subject, log_access
from lienthong.journal.vocabulary import Access
from lienthong.look.tables import as_xlsx
from lienthong.look.vietnamese import day
from lienthong.office.copies import book as copy_book
from lienthong.office.errors import NotFound, NotPdf
from lienthong.office.models import Organization, Person, Role
from lienthong.office.models import Sequence as NumberSequence
from lienthong.office.outgoing import book, paper
from lienthong.office.people import access
from lienthong.office.people.actors import actor_of
from lienthong.office.typeset import TypesetProblem, render_book
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.paper import period

INCOMING_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page()
def outgoing(request: HttpRequest, person: Person) -> HttpResponse:
    """Sổ đăng ký văn bản đi: one sequence of one year, by its numbers."""
    years = book.years(person.organization) or [timezone.localdate().year]
    year = _whole(request, "nam", years[0])
    sequences = book.sequences(person.organization, year)
    wanted = _whole(request, "so", 0)  # of another year where only the year was changed: then the first of this one
    chosen = next((one for one in sequences if one.pk == wanted), sequences[0] if sequences else None)
    question = request.GET.get("q", "").strip()[:100]
    context = {
        "years": years, "year": year, "q": question, "chosen": chosen, "columns": book.COLUMNS,
        "sequences": [(one, book.title_of(one)) for one in sequences],
        **(_listed(request, person, chosen, question) if chosen else {}),
    }  # fmt: skip
    return show(request, person, "register_outgoing.html", context)


def _listed(request: HttpRequest, person: Person, chosen: NumberSequence, question: str) -> dict[str, Any]:
    numbers = book.seen_by(person, chosen)
    first = _whole(request, "tu", max(1, chosen.last - book.PAGE_ROWS + 1))
    return {
        "account": book.account(chosen),
        "lines": book.found(numbers, question) if question else book.page_from(numbers, first),
        "before": max(1, first - book.PAGE_ROWS) if first > 1 and not question else None,
        "after": first + book.PAGE_ROWS if first + book.PAGE_ROWS <= chosen.last and not question else None,
        "title": book.title_of(chosen),
        "most": book.MOST_IN_BOOK,
        "print_from": max(1, chosen.last - book.MOST_IN_BOOK + 1),
        "may_print": bool(access.roles(person) & {Role.CLERK, Role.LEADER, Role.AUDITOR}),
    }


@page(Role.CLERK, Role.LEADER, Role.AUDITOR)
def printed(request: HttpRequest, person: Person, pk: int, kind: str) -> HttpResponseBase:
    """A volume of the register, as a PDF to print and bind, or as a workbook; who took it away is noted."""
    if kind not in ("pdf", "xlsx"):
        raise NotFound()
    sequence = book.find(person.organization, pk)
    first = max(1, _whole(request, "tu", 1))
    volume = book.Volume(sequence, first, _whole(request, "den", sequence.last), _whole(request, "quyen", 1))
    lines = book.lines_of(book.seen_by(person, sequence), volume)
    content = [_pdf(volume, lines)] if kind == "pdf" else as_xlsx(book.as_texts(lines), book.COLUMNS)
    log_access(
        Access.DOWNLOADED, actor=actor_of(person), subject=Subject("register", str(sequence.pk)), at=now(),
        detail=f"{kind} {volume.first}-{volume.last}",
    )  # fmt: skip
    return _given(content, f"So van ban di {sequence.year} {book.title_of(sequence)}.{kind}", kind)


@page()
def post(request: HttpRequest, person: Person) -> HttpResponse:
    """Sổ gửi văn bản đi bưu điện: what went by post in a period, in six columns (Annex IV)."""
    first, last = period(request)
    context = {
        "first": first, "last": last, "columns": paper.POST_COLUMNS,
        "lines": paper.post_lines(paper.posted(person, first, last)),
        "may_print": bool(access.roles(person) & {Role.CLERK, Role.LEADER, Role.AUDITOR}),
    }  # fmt: skip
    return show(request, person, "register_post.html", context)


@page(Role.CLERK, Role.LEADER, Role.AUDITOR)
def post_printed(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The post register of a period, as a PDF to print and bind, or as a workbook; who took it away is noted."""
    if kind not in ("pdf", "xlsx"):
        raise NotFound()
    first, last = period(request)
    lines = paper.post_lines(paper.posted(person, first, last))
    content = (
        [_post_pdf(person.organization, first, last, lines)] if kind == "pdf" else as_xlsx(lines, paper.POST_COLUMNS)
    )
    log_access(
        Access.DOWNLOADED, actor=actor_of(person), subject=Subject("register", "post"), at=now(),
        detail=f"{kind} {first.isoformat()}-{last.isoformat()}",
    )  # fmt: skip
    return _given(content, f"So gui buu dien {first.isoformat()} {last.isoformat()}.{kind}", kind)


def _post_pdf(organization: Organization, first: date, last: date, lines: list[tuple[str, ...]]) -> bytes:
    return _book(
        {
            "superior": organization.superior_name, "agency": organization.name,
            "title": "SỔ GỬI VĂN BẢN ĐI BƯU ĐIỆN", "kind": "",
            "span": [f"Năm: {last.year}", f"Từ ngày {day(first)} đến ngày {day(last)}"], "ordinal": 1,
            "columns": list(paper.POST_COLUMNS), "widths": [24, 34, 0, 20, 50, 44],
            "lines": [list(line) for line in lines], "sum": f"Sổ này có {len(lines)} dòng.",
        }
    )  # fmt: skip


def _pdf(volume: book.Volume, lines: list[book.Line]) -> bytes:
    organization, sequence = volume.sequence.organization, volume.sequence
    numbers = [line.number.number for line in lines]
    days = [line.number.document.promulgated_on for line in lines if line.number.document.promulgated_on]
    data = {
        "superior": organization.superior_name, "agency": organization.name, "title": "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
        "kind": book.title_of(sequence), "ordinal": volume.ordinal,
        "span": [
            f"Năm: {sequence.year}",
            f"Từ ngày {day(min(days)) if days else '…'} đến ngày {day(max(days)) if days else '…'}",
            f"Từ số {numbers[0] if numbers else '…'} đến số {numbers[-1] if numbers else '…'}",
        ],
        "columns": list(book.COLUMNS), "widths": [27, 19, 0, 24, 40, 26, 13, 19, 16, 26],
        "lines": [list(line.cells) for line in lines], "sum": f"Sổ này có {len(lines)} số.",
    }  # fmt: skip
    return _book(data)


def _book(data: dict[str, Any]) -> bytes:
    try:
        return render_book(data)
    except TypesetProblem as reason:
        raise NotPdf(name="sổ văn bản", reason=reason.vi, reason_en=reason.en) from reason


def _given(content: Iterable[bytes], name: str, kind: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(content, content_type="application/pdf" if kind == "pdf" else XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page()
def incoming(request: HttpRequest, person: Person) -> HttpResponse:
    """Sổ đăng ký văn bản đến of this year (Annex IV, VI)."""
    year = timezone.localdate().year
    rows = access.incoming_of(person).filter(arrival_year=year).order_by("-arrival_number")[:INCOMING_SHOWN]
    return show(request, person, "register_incoming.html", {"incoming": rows, "year": year})


@page()
def copies(request: HttpRequest, person: Person) -> HttpResponse:
    """Sổ đăng ký bản sao: one series for all kinds, by year."""
    years = copy_book.years(person.organization) or [timezone.localdate().year]
    year = _whole(request, "nam", years[0])
    lines = copy_book.lines(copy_book.seen_by(person, year), _whole(request, "duoi", 0) or None)
    context = {
        "years": years, "year": year, "columns": copy_book.COLUMNS, "lines": lines,
        "account": copy_book.account(person.organization, year),
        "below": lines[-1].copy.number if len(lines) == copy_book.PAGE_ROWS else None,
    }  # fmt: skip
    return show(request, person, "register_copies.html", context)


def _whole(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return given.number(text, default)
