"""The register of incoming documents as the book that it is, in ten columns (Decree 30/2020, Article 22; Annex IV,
VI)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from lienthong.look.vietnamese import day
from lienthong.office.models import (
    Assignment,
    IncomingDocument,
    IncomingState,
    Organization,
    Person,
    Sequence,
    VoidedArrival,
)
from lienthong.office.people import access
from lienthong.office.registers import ARRIVAL
from lienthong.office.registers.volumes import PAGE_ROWS, Span

COLUMNS = (
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
"""The ten columns of Annex IV, VI.2, in their order."""


@dataclass(frozen=True)
class Line:
    """A line of the register: its number, whose document it is or was, when it was taken, and the ten cells."""

    number: int
    document: IncomingDocument
    taken_at: datetime | None
    cells: tuple[str, ...]


def years(organization: Organization) -> list[int]:
    """The years that have a register, the newest first."""
    known = Sequence.objects.filter(organization=organization, key=ARRIVAL)
    return list(known.order_by("-year").values_list("year", flat=True))


def last_number(organization: Organization, year: int) -> int:
    """The last arrival number of a year; 0 where there is none."""
    known = Sequence.objects.filter(organization=organization, key=ARRIVAL, year=year)
    return known.values_list("last", flat=True).first() or 0


def seen_by(person: Person, year: int) -> QuerySet[IncomingDocument]:
    """The documents with an arrival number of a year that a person may see, in the order of their numbers."""
    found = access.incoming_of(person).filter(arrival_year=year, arrival_number__isnull=False)
    return found.order_by("arrival_number")


def page_from(person: Person, year: int, first: int) -> list[Line]:
    """A page of lines that a person may see, from a number on: it costs the same wherever it begins."""
    return _between(person, year, first, first + PAGE_ROWS - 1)


def lines_of(person: Person, span: Span) -> list[Line]:
    """The lines of a volume that a person may see."""
    return _between(person, span.year, span.first, span.last)


def _between(person: Person, year: int, first: int, last: int) -> list[Line]:
    """Every number from one to another: given to a document, or voided with its acceptance."""
    given = lines(seen_by(person, year).filter(arrival_number__range=(first, last)))
    visible = access.incoming_of(person).values("pk")
    undone = VoidedArrival.objects.filter(organization_id=person.organization_id, year=year, document__in=visible)
    undone = undone.filter(number__range=(first, last)).select_related("document")
    return sorted([*given, *map(_of_voided, undone)], key=lambda line: line.number)


def lines(documents: QuerySet[IncomingDocument]) -> Iterator[Line]:
    """Documents as lines, with what they need in a few questions however many they are."""
    leads = Assignment.objects.filter(kind=Assignment.Kind.LEAD, ended_at=None)
    leads = leads.select_related("unit", "person", "instruction").order_by("pk")
    for document in documents.prefetch_related(Prefetch("assignments", leads, to_attr="leads")):
        lead = document.leads[-1] if document.leads else None
        yield Line(document.arrival_number or 0, document, document.accepted_at, _cells(document, lead))


def _of_voided(one: VoidedArrival) -> Line:
    """A number whose acceptance was undone: it stays, and says why."""
    document = one.document
    cells = (
        _day(one.taken_at), str(one.number), document.sender_name, document.printed_number,
        _day(document.promulgated_on), _title(document), "", "", "", f"Số đến đã hủy: {one.reason}",
    )  # fmt: skip
    return Line(one.number, document, one.taken_at, cells)


def _title(document: IncomingDocument) -> str:
    if not document.subject:
        return "(đã hủy nội dung)"
    return ": ".join(filter(None, (document.type_name, document.subject)))


def _cells(document: IncomingDocument, lead: Assignment | None) -> tuple[str, ...]:
    person = lead.person.full_name if lead and lead.person else ""
    return (
        _day(document.accepted_at),
        str(document.arrival_number),
        document.sender_name,
        document.printed_number,
        _day(document.promulgated_on),
        _title(document),
        "; ".join(filter(None, (lead.unit.name if lead else "", person))),
        _day(lead.instruction.at) if lead else "",
        f"{person} {_day(lead.started_at)}" if lead and lead.started_at else "",
        _remark(document),
    )


def _remark(document: IncomingDocument) -> str:
    if document.state == IncomingState.CANCELLED:
        return f"Hủy theo thu hồi {_day(document.cancelled_at)}".strip()
    if document.finished_at:
        return f"Hoàn thành {_day(document.finished_at)}"
    return ""


def _day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    return day(timezone.localdate(value) if isinstance(value, datetime) else value)
