"""Sổ văn bản: the registers of outgoing and incoming documents, read, printed and bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from lienthong.office.incoming import book as arrivals
from lienthong.office.incoming import handling_book
from lienthong.office.models import Organization, Person, Role
from lienthong.office.models import Sequence as NumberSequence
from lienthong.office.outgoing import book, paper
from lienthong.office.people import access
from lienthong.office.people.actors import actor_of
from lienthong.office.registers.volumes import MOST_IN_BOOK, PAGE_ROWS, Span
from lienthong.office.typeset import TypesetProblem, render_book
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.paper import period

PRINTERS = (Role.CLERK, Role.LEADER, Role.AUDITOR)
"""Who takes a whole book away."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Volume:
    """A book as it is taken away.

    Attributes:
        file: its name without the ending.
        title, kind: as they stand on the cover; `span`: what the cover says of what is within.
        widths: of the columns in mm; 0 takes the rest.
        counted: what the last line counts.
    """

    file: str
    title: str
    kind: str
    span: Sequence[str]
    ordinal: int
    columns: Sequence[str]
    widths: Sequence[int]
    lines: Sequence[tuple[str, ...]]
    counted: str = "số"


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
    begin = chosen.after + 1
    first = _whole(request, "tu", max(begin, chosen.last - PAGE_ROWS + 1))
    return {
        "account": book.account(chosen),
        "lines": book.found(numbers, question) if question else book.page_from(numbers, first),
        "title": book.title_of(chosen),
        **(_paged(first, chosen.last, begin) if not question else {}),
        **_bound(person, chosen.last, begin),
    }


def _paged(first: int, last: int, begin: int = 1) -> dict[str, int | None]:
    """From which numbers the pages before and after begin, of a book that begins with a number."""
    return {
        "before": max(begin, first - PAGE_ROWS) if first > begin else None,
        "after": first + PAGE_ROWS if first + PAGE_ROWS <= last else None,
    }


def _bound(person: Person, last: int, begin: int = 1) -> dict[str, object]:
    """What the dialog that prints a book needs."""
    may_print = bool(access.roles(person) & {role.value for role in PRINTERS})
    return {
        "may_print": may_print and last > 0, "most": MOST_IN_BOOK, "last": last,
        "print_from": max(begin, last - MOST_IN_BOOK + 1),
    }  # fmt: skip


def _span(request: HttpRequest, year: int, last: int) -> Span:
    """The volume that is asked for. Raises `BookTooThick`."""
    first = max(1, _whole(request, "tu", 1))
    return Span(year, first, min(_whole(request, "den", last), last), max(1, _whole(request, "quyen", 1)))


@page(*PRINTERS)
def printed(request: HttpRequest, person: Person, pk: int, kind: str) -> HttpResponseBase:
    """A volume of the register, as a PDF to print and bind, or as a workbook; who took it away is noted."""
    sequence = book.find(person.organization, pk)
    span = _span(request, sequence.year, sequence.last)
    lines = book.lines_of(book.seen_by(person, sequence), span)
    days = [line.number.document.promulgated_on for line in lines if line.number.document.promulgated_on]
    volume = Volume(
        f"So van ban di {sequence.year} {book.title_of(sequence)}", "SỔ ĐĂNG KÝ VĂN BẢN ĐI", book.title_of(sequence),
        span.on_the_cover(days, [line.number.number for line in lines]), span.ordinal, book.COLUMNS,
        (27, 19, 0, 24, 40, 26, 13, 19, 16, 26), [line.cells for line in lines],
    )  # fmt: skip
    return taken(person, volume, kind, str(sequence.pk), f"{span.first}-{span.last}")


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


@page(*PRINTERS)
def post_printed(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The post register of a period, as a PDF to print and bind, or as a workbook; who took it away is noted."""
    first, last = period(request)
    lines = paper.post_lines(paper.posted(person, first, last))
    volume = Volume(
        f"So gui buu dien {first.isoformat()} {last.isoformat()}", "SỔ GỬI VĂN BẢN ĐI BƯU ĐIỆN", "",
        [f"Năm: {last.year}", f"Từ ngày {day(first)} đến ngày {day(last)}"], 1, paper.POST_COLUMNS,
        (24, 34, 0, 20, 50, 44), lines, counted="dòng",
    )  # fmt: skip
    return taken(person, volume, kind, "post", f"{first.isoformat()}-{last.isoformat()}")


def taken(person: Person, volume: Volume, kind: str, register: str, detail: str) -> HttpResponseBase:
    """The book as a file; who took it away is noted."""
    if kind not in ("pdf", "xlsx"):
        raise NotFound()
    content = [_book(person.organization, volume)] if kind == "pdf" else as_xlsx(volume.lines, volume.columns)
    log_access(
        Access.DOWNLOADED, actor=actor_of(person), subject=Subject("register", register), at=now(),
        detail=f"{kind} {detail}",
    )  # fmt: skip
    answer = StreamingHttpResponse(content, content_type="application/pdf" if kind == "pdf" else XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{volume.file}.{kind}')}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _book(organization: Organization, volume: Volume) -> bytes:
    try:
        return render_book(
            {
                "superior": organization.superior_name, "agency": organization.name, "title": volume.title,
                "kind": volume.kind, "span": volume.span, "ordinal": volume.ordinal,
                "columns": list(volume.columns), "widths": list(volume.widths),
                "lines": [list(cells) for cells in volume.lines],
                "sum": f"Sổ này có {len(volume.lines)} {volume.counted}.",
            }
        )  # fmt: skip
    except TypesetProblem as reason:
        raise NotPdf(name="sổ văn bản", reason=reason.vi, reason_en=reason.en) from reason


@page()
def incoming(request: HttpRequest, person: Person) -> HttpResponse:
    """Sổ đăng ký văn bản đến: one year, by the arrival numbers, in ten columns (Annex IV, VI)."""
    years = arrivals.years(person.organization) or [timezone.localdate().year]
    year = _whole(request, "nam", years[0])
    last = arrivals.last_number(person.organization, year)
    first = _whole(request, "tu", max(1, last - PAGE_ROWS + 1))
    context = {
        "years": years, "year": year, "columns": arrivals.COLUMNS,
        "lines": arrivals.page_from(person, year, first),
        **_paged(first, last), **_bound(person, last),
    }  # fmt: skip
    return show(request, person, "register_incoming.html", context)


@page(*PRINTERS)
def incoming_printed(request: HttpRequest, person: Person, year: int, kind: str) -> HttpResponseBase:
    """A volume of the register of incoming documents."""
    span = _span(request, year, arrivals.last_number(person.organization, year))
    lines = arrivals.lines_of(person, span)
    days = [timezone.localdate(line.taken_at) for line in lines if line.taken_at]
    volume = Volume(
        f"So van ban den {year}", "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", "",
        span.on_the_cover(days, [line.number for line in lines]), span.ordinal, arrivals.COLUMNS,
        (19, 13, 34, 27, 19, 0, 40, 19, 24, 26), [line.cells for line in lines],
    )  # fmt: skip
    return taken(person, volume, kind, f"arrival {year}", f"{span.first}-{span.last}")


@page()
def handling(request: HttpRequest, person: Person) -> HttpResponse:
    """Sổ theo dõi giải quyết văn bản đến: one year, by the arrival numbers, in seven columns (Annex IV, VIII)."""
    years = arrivals.years(person.organization) or [timezone.localdate().year]
    year = _whole(request, "nam", years[0])
    last = arrivals.last_number(person.organization, year)
    first = _whole(request, "tu", max(1, last - PAGE_ROWS + 1))
    context = {
        "years": years, "year": year, "columns": handling_book.COLUMNS,
        "lines": handling_book.page_from(person, year, first, at=now()),
        **_paged(first, last), **_bound(person, last),
    }  # fmt: skip
    return show(request, person, "register_handling.html", context)


@page(*PRINTERS)
def handling_printed(request: HttpRequest, person: Person, year: int, kind: str) -> HttpResponseBase:
    """A volume of the register of the handling, as it stands now."""
    span = _span(request, year, arrivals.last_number(person.organization, year))
    lines = handling_book.lines_of(person, span, at=now())
    days = [timezone.localdate(line.document.accepted_at) for line in lines if line.document.accepted_at]
    volume = Volume(
        f"So theo doi giai quyet van ban den {year}", "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN", "",
        span.on_the_cover(days, [line.number for line in lines]), span.ordinal, handling_book.COLUMNS,
        (14, 0, 52, 30, 40, 32, 40), [line.cells for line in lines],
    )  # fmt: skip
    return taken(person, volume, kind, f"handling {year}", f"{span.first}-{span.last}")


@page()
def copies(request: HttpRequest, person: Person) -> HttpResponse:
    """Sổ đăng ký bản sao: one series for all kinds, by year."""
    years = copy_book.years(person.organization) or [timezone.localdate().year]
    year = _whole(request, "nam", years[0])
    lines = copy_book.lines(copy_book.seen_by(person, year), _whole(request, "duoi", 0) or None)
    context = {
        "years": years, "year": year, "columns": copy_book.COLUMNS, "lines": lines,
        "account": copy_book.account(person.organization, year),
        "below": lines[-1].copy.number if len(lines) == PAGE_ROWS else None,
        **_bound(person, copy_book.last_number(person.organization, year)),
    }  # fmt: skip
    return show(request, person, "register_copies.html", context)


@page(*PRINTERS)
def copies_printed(request: HttpRequest, person: Person, year: int, kind: str) -> HttpResponseBase:
    """A volume of the book of copies."""
    span = _span(request, year, copy_book.last_number(person.organization, year))
    lines = copy_book.lines_of(copy_book.seen_by(person, year), span)
    volume = Volume(
        f"So ban sao {year}", "SỔ ĐĂNG KÝ BẢN SAO", "",
        span.on_the_cover([line.copy.made_on for line in lines], [line.copy.number for line in lines]), span.ordinal,
        copy_book.COLUMNS, (30, 22, 24, 0, 44, 50, 34), [line.cells for line in lines],
    )  # fmt: skip
    return taken(person, volume, kind, f"copies {year}", f"{span.first}-{span.last}")


def _whole(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return given.number(text, default)
