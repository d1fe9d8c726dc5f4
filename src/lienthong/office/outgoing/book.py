"""The register of outgoing documents as the book that it is: what stands in it, in ten columns, and how it is printed
and bound (Decree 30/2020, Article 16; Annex IV, I)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lienthong.look.vietnamese import day
from lienthong.office.errors import NotFound
from lienthong.office.models import (
    Circulation,
    Organization,
    OutgoingDocument,
    OutgoingState,
    Person,
    RegisterNumber,
)
from lienthong.office.models import Sequence as NumberSequence
from lienthong.office.people import access
from lienthong.office.registers.numbering import NAMES, OUTGOING
from lienthong.office.registers.volumes import PAGE_ROWS, Span

COLUMNS = (
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
"""The ten columns of Annex IV, I.2, in their order."""
State = RegisterNumber.State


@dataclass(frozen=True)
class Line:
    """A line of the register: its number, what became of it, and the ten cells."""

    number: RegisterNumber
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    """How many numbers of a sequence were given, and what became of them: each is accounted for (Article 15)."""

    given: int
    used: int
    void: int
    open: int


def sequences(organization: Organization, year: int) -> list[NumberSequence]:
    """The sequences of a year: the shared ones, those of types in the order of Annex III, those of advisory bodies."""
    order = {OUTGOING + key: place for place, key in enumerate(NAMES)}
    found = NumberSequence.objects.filter(organization=organization, year=year, key__startswith=OUTGOING)
    found = found.select_related("group", "body")
    return sorted(found, key=lambda one: (one.body.name if one.body else "", order.get(one.key, -1)))


def years(organization: Organization) -> list[int]:
    """The years that have a register, the newest first."""
    found = NumberSequence.objects.filter(organization=organization, key__startswith=OUTGOING)
    return sorted(set(found.values_list("year", flat=True)), reverse=True)


def find(organization: Organization, pk: int) -> NumberSequence:
    """One sequence of the agency. Raises `NotFound`."""
    found = NumberSequence.objects.filter(organization=organization, pk=pk, key__startswith=OUTGOING).first()
    if found is None:
        raise NotFound()
    return found


def title_of(sequence: NumberSequence) -> str:
    """What a sequence numbers: the name of its type, of the group of types that share it, or of the advisory body."""
    if sequence.body:
        return sequence.body.name
    key = sequence.key.removeprefix(OUTGOING)
    title = sequence.group.title if sequence.group else NAMES.get(key, key)
    return f"{title}, từ số {sequence.after + 1:02d}" if sequence.after else title


def account(sequence: NumberSequence) -> Account:
    """The sum of a sequence."""
    rows = sequence.numbers.values("state").annotate(count=Count("pk")).values_list("state", "count")
    by_state = Counter(dict(rows))
    return Account(sum(by_state.values()), by_state[State.USED], by_state[State.VOID], by_state[State.TAKEN])


def seen_by(person: Person, sequence: NumberSequence) -> QuerySet[RegisterNumber]:
    """The numbers of a sequence whose documents a person may see."""
    visible = Q() if access.sees_all_numbered(person) else Q(document__in=access.outgoing_of(person).values("pk"))
    return sequence.numbers.filter(visible).order_by("number", "sub")


def page_from(numbers: QuerySet[RegisterNumber], first: int) -> list[Line]:
    """A page of lines, from a number on, with its sub-numbers: it costs the same wherever it begins."""
    return list(lines(numbers.filter(number__range=(first, first + PAGE_ROWS - 1))))


def found(numbers: QuerySet[RegisterNumber], question: str) -> list[Line]:
    """The newest lines whose number or summary holds what is looked for."""
    wanted = Q(document__subject__icontains=question)
    if question.isdecimal() and len(question) < 10:
        wanted |= Q(number=int(question))
    return list(lines(numbers.filter(wanted).order_by("-number", "-sub")[:PAGE_ROWS]))


def lines_of(numbers: QuerySet[RegisterNumber], span: Span) -> list[Line]:
    """The lines of a volume."""
    return list(lines(numbers.filter(number__range=(span.first, span.last))))


def lines(numbers: QuerySet[RegisterNumber]) -> Iterator[Line]:
    """Numbers as lines, with what they need in a few questions however many they are."""
    about = ("document__unit", "document__replaces", "document__corrects")
    texts = [f"{one}__content" for one in ("document", "document__replaces", "document__corrects")]
    rows = list(numbers.select_related(*about).defer(*texts))
    documents = [row.document_id for row in rows]
    recipients, inside = _recipients_of(documents), _inside_of(documents)
    for row in rows:
        to = recipients.get(row.document_id, NOBODY)
        yield Line(row, _cells(row, to, inside.get(row.document_id, [])))


class Recipients(NamedTuple):
    """What a line says of the recipients of its document: all names, how many copies on paper they got or are to get,
    how many it was sent to through the hub, and how many of these signed for it."""

    names: str
    copies: int
    sent: int
    signed: int


NOBODY = Recipients("", 0, 0, 0)


def _recipients_of(documents: Sequence[int]) -> dict[int, Recipients]:
    """Said in SQL: a page has thousands of recipients, and shows five words of each."""
    with connection.cursor() as cursor:
        cursor.execute(_RECIPIENTS, [list(documents)])
        return {pk: Recipients(*told) for pk, *told in cursor.fetchall()}


_RECIPIENTS = """
SELECT one.document_id, string_agg(one.name, '; ' ORDER BY one.id),
    sum(CASE WHEN paper.id IS NULL THEN (one.channel = 'paper')::int
        WHEN paper.dropped <> '' THEN 0 ELSE coalesce(nullif(paper.copies, 0), 1) END)::int,
    count(sending.id)::int, count(sending.handed_over)::int
FROM office_recipient one
LEFT JOIN office_papertask paper ON paper.recipient_id = one.id
LEFT JOIN LATERAL (
    SELECT id, handed_over FROM office_transmission WHERE recipient_id = one.id ORDER BY attempt DESC LIMIT 1
) sending ON one.channel = 'electronic'
WHERE one.document_id = ANY(%s) GROUP BY one.document_id
"""
"""Paper copies: one, unless it is known better."""


def _inside_of(documents: Sequence[int]) -> dict[int, list[str]]:
    """Document → the units of the agency that got it."""
    found: dict[int, list[str]] = {}
    units = Circulation.objects.filter(document__in=documents, person=None).order_by("id")
    for pk, name in units.values_list("document_id", "unit__name"):
        found.setdefault(pk, []).append(name)
    return found


def _cells(row: RegisterNumber, to: Recipients, inside: Sequence[str]) -> tuple[str, ...]:
    document = row.document
    received = f"{to.signed}/{to.sent} qua Trục" if to.sent else ""
    return (
        document.printed_number,
        _day(document.promulgated_on),
        f"{document.type_name}: {document.subject}",
        document.signer_name,
        "; ".join([*filter(None, [to.names]), *inside]),
        f"Văn thư; {document.unit.name}",
        str(to.copies) if to.copies else "",
        _day(timezone.localdate(document.issued_at) if document.issued_at else None),
        received if document.issued_at else "",
        _remark(row, document),
    )


def _remark(row: RegisterNumber, document: OutgoingDocument) -> str:
    if row.state == State.VOID:
        return f"Hủy số: {row.void_reason} ({row.void_authority})"
    remarks = []
    if row.state == State.TAKEN:
        remarks.append("Chưa phát hành")
    if document.replaces:
        remarks.append(f"Thay thế {document.replaces.printed_number}")
    if document.corrects:
        remarks.append(f"Đính chính {document.corrects.printed_number}")
    if document.state in (OutgoingState.RECALLING, OutgoingState.RECALLED, OutgoingState.PARTLY_RECALLED):
        remarks.append(str(document.get_state_display()))
    return "; ".join(remarks)


def _day(value: date | None) -> str:
    return day(value) if value else ""
