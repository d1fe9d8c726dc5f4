"""Sổ theo dõi giải quyết văn bản đến: until when each document is wanted, how far the work is, and what answered it, in
seven columns (Decree 30/2020, Article 24.1; Annex IV, VIII)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from lienthong.look.vietnamese import day, in_full
from lienthong.office.incoming.book import seen_by
from lienthong.office.models import Assignment, IncomingDocument, IncomingState, Person, Reply
from lienthong.office.registers.volumes import PAGE_ROWS, Span

COLUMNS = (
    "Số đến",
    "Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản",
    "Đơn vị hoặc người nhận",
    "Thời hạn giải quyết",
    "Tiến độ giải quyết",
    "Số, ký hiệu văn bản trả lời",
    "Ghi chú",
)
"""The seven columns of Annex IV, VIII.2, in their order."""


@dataclass(frozen=True)
class Line:
    """A line of the register.

    Attributes:
        late: whether its deadline is over and the work is not, or was finished after it.
    """

    number: int
    document: IncomingDocument
    late: bool
    cells: tuple[str, ...]


def page_from(person: Person, year: int, first: int, *, at: datetime) -> list[Line]:
    """A page of lines that a person may see, from an arrival number on: it costs the same wherever it begins."""
    return lines_of(person, Span(year, first, first + PAGE_ROWS - 1), at=at)


def lines_of(person: Person, span: Span, *, at: datetime) -> list[Line]:
    """The lines of a volume that a person may see."""
    numbers = seen_by(person, span.year).filter(arrival_number__range=(span.first, span.last))
    return list(_lines(numbers, at))


def _lines(documents: QuerySet[IncomingDocument], at: datetime) -> Iterator[Line]:
    """Documents as lines, with what they need in a few questions however many they are."""
    tasks = Assignment.objects.filter(ended_at=None).exclude(kind=Assignment.Kind.INFORM)
    replies = Reply.objects.select_related("outgoing").filter(outgoing__number__isnull=False)
    beside = (
        Prefetch("assignments", tasks.select_related("unit", "person").order_by("pk"), to_attr="tasks"),
        Prefetch("replies", replies, to_attr="answered"),
    )
    for document in documents.defer("signatures").prefetch_related(*beside):
        lead = next((one for one in document.tasks if one.kind == Assignment.Kind.LEAD), None)
        until = lead.ends_at if lead else None
        late = until is not None and (document.finished_at or at) > until
        late = late and document.state != IncomingState.CANCELLED
        yield Line(document.arrival_number or 0, document, late, _cells(document, lead, late))


def _cells(document: IncomingDocument, lead: Assignment | None, late: bool) -> tuple[str, ...]:
    return (
        str(document.arrival_number),
        _named(document),
        _whose(document, lead),
        in_full(lead.ends_at) if lead else "",
        _progress(document, late),
        "; ".join(one.outgoing.printed_number for one in document.answered),  # type: ignore[attr-defined]
        _remark(document, lead),
    )


def _named(document: IncomingDocument) -> str:
    """What the second column calls a document; of what was destroyed, what the tombstone keeps."""
    of_day = f"ngày {day(document.promulgated_on)}" if document.promulgated_on else ""
    called = " ".join(filter(None, (document.type_name or "Văn bản", document.printed_number)))
    return ", ".join(filter(None, (called, of_day, document.sender_name)))


def _whose(document: IncomingDocument, lead: Assignment | None) -> str:
    if lead is None:
        return ""
    others = [one.unit.name for one in document.tasks if one.pk != lead.pk]  # type: ignore[attr-defined]
    leading = ", ".join(filter(None, (lead.unit.name, lead.person.full_name if lead.person else "")))
    return f"{leading}; phối hợp: {', '.join(others)}" if others else leading


def _progress(document: IncomingDocument, late: bool) -> str:
    if document.finished_at:
        return f"Hoàn thành {_day(document.finished_at)}{', sau thời hạn' if late else ''}"
    return f"{IncomingState(document.state).label}{', quá hạn' if late else ''}"


def _remark(document: IncomingDocument, lead: Assignment | None) -> str:
    if document.state == IncomingState.CANCELLED:
        return f"Hủy theo thu hồi {_day(document.cancelled_at)}".strip()
    if document.outcome:
        return document.outcome
    return f"Đôn đốc {_day(lead.urged_at)}" if lead and lead.urged_at and not document.finished_at else ""


def _day(value: datetime | None) -> str:
    return day(timezone.localdate(value)) if value else ""
