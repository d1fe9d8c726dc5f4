"""The book of copies: one series of numbers a year for all kinds, every one accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from lienthong.look.vietnamese import day
from lienthong.office.copies.rules import NAMES
from lienthong.office.models import Copy, CopyState, Organization, Person, Sequence
from lienthong.office.people import access
from lienthong.office.registers import COPIES
from lienthong.office.registers.volumes import PAGE_ROWS, Span

COLUMNS = (
    "Số, ký hiệu bản sao",
    "Ngày sao",
    "Hình thức sao",
    "Văn bản được sao",
    "Người ký bản sao",
    "Nơi nhận",
    "Ghi chú",
)
"""The decree gives this book no form of its own; these are the elements of a copy (Annex I, Part II)."""


@dataclass(frozen=True)
class Line:
    """A line of the book: a copy and its cells."""

    copy: Copy
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    """What became of the numbers of a year."""

    given: int
    made: int
    void: int
    open: int


def years(organization: Organization) -> list[int]:
    """The years that have copies, the newest first."""
    known = Sequence.objects.filter(organization=organization, key=COPIES)
    return list(known.order_by("-year").values_list("year", flat=True))


def account(organization: Organization, year: int) -> Account:
    """The sum of a year."""
    rows = Copy.objects.filter(organization=organization, sequence__year=year).values("state")
    found = Counter(dict(rows.annotate(count=Count("pk")).order_by().values_list("state", "count")))
    return Account(
        sum(found.values()), found[CopyState.MADE], found[CopyState.VOIDED], found[CopyState.NUMBERED]
    )  # fmt: skip


def seen_by(person: Person, year: int) -> QuerySet[Copy]:
    """The copies of a year whose documents a person may see, the newest first."""
    wanted = ("outgoing", "incoming", "signer__person", "sequence")
    return access.copies_of(person).filter(sequence__year=year).select_related(*wanted).order_by("-number")


def lines(copies: QuerySet[Copy], before: int | None = None) -> list[Line]:
    """A page of lines, from the newest or from below a number: it costs the same wherever it begins."""
    wanted = copies.filter(number__lt=before) if before else copies
    return [Line(copy, _cells(copy)) for copy in wanted[:PAGE_ROWS]]


def last_number(organization: Organization, year: int) -> int:
    """The last number of a year; 0 where there is none."""
    known = Sequence.objects.filter(organization=organization, key=COPIES, year=year)
    return known.values_list("last", flat=True).first() or 0


def lines_of(copies: QuerySet[Copy], span: Span) -> list[Line]:
    """The lines of a volume, in the order of their numbers."""
    return [
        Line(copy, _cells(copy)) for copy in copies.filter(number__range=(span.first, span.last)).order_by("number")
    ]


def _cells(copy: Copy) -> tuple[str, ...]:
    document = copy.document
    return (
        copy.printed_number,
        day(copy.made_on),
        NAMES[copy.kind],
        f"{document.printed_number} {document.subject}".strip(),
        f"{copy.signer.position} {copy.signer.person.full_name}",
        "; ".join(line.strip().removeprefix("-").strip().rstrip(";.") for line in copy.recipients_text.splitlines()),
        _remark(copy),
    )


def _remark(copy: Copy) -> str:
    if copy.state == CopyState.VOIDED:
        return f"Hủy số: {copy.void_reason}"
    if copy.state == CopyState.NUMBERED:
        return "Chưa tạo xong"
    said = "bản điện tử" if copy.form == "electronic" else "bản giấy"
    return f"{said}; trang {', '.join(map(str, copy.pages))}" if copy.pages else said
