"""How each unit of an agency keeps what Decision 28/2018/QĐ-TTg asks of sending and handling, in figures of a quarter:
for who inspects it from time to time (Article 19.4, with Articles 5–7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_noop

from lienthong.office.models import Assignment, Organization, OutgoingDocument, Recipient, Unit
from lienthong.office.outgoing.plan import goes_on_paper, signed_by_both
from lienthong.office.people import units
from lienthong.standards.times import VIETNAM

COLUMNS = (
    "STT", gettext_noop("Đơn vị"), gettext_noop("Đã phát hành"), gettext_noop("Gửi muộn"),
    gettext_noop("Có bản giấy"), gettext_noop("Đủ chữ ký số"),
    gettext_noop("Được chủ trì"), gettext_noop("Quá hạn"),
)  # fmt: skip
"""As the paper has them, and the page, which needs no number of the line, in the reader's language."""


class Quarter(NamedTuple):
    """A quarter of a year, from 1 to 4."""

    year: int
    number: int

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Its first moment, and that of the next one."""
        ends = (self.year, self.number * 3 + 1) if self.number < 4 else (self.year + 1, 1)
        begins = datetime(self.year, self.number * 3 - 2, 1, tzinfo=VIETNAM)
        return begins, datetime(*ends, 1, tzinfo=VIETNAM)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


@dataclass(frozen=True)
class Line:
    """A unit, how deep it lies in the tree, and its figures of a quarter.

    Attributes:
        issued: documents of the unit that were issued; `signed` of these by a person and by the agency.
        late, on_paper: of what left the agency, sent after its deadline; on paper as well or instead.
        led: incoming documents that the unit was given to lead; `overdue` of these done after their day, or not yet.
    """

    unit: Unit
    depth: int
    issued: int = 0
    late: int = 0
    on_paper: int = 0
    signed: int = 0
    led: int = 0
    overdue: int = 0

    @property
    def cells(self) -> tuple[str, ...]:
        """The figures as the paper has them, from the third column on."""
        figures = (self.issued, self.late, self.on_paper, self.signed, self.led, self.overdue)
        return tuple(str(one) for one in figures)


def quarter_of(at: datetime) -> Quarter:
    """The quarter of a moment."""
    day = at.astimezone(VIETNAM)
    return Quarter(day.year, (day.month + 2) // 3)


def lines(organization: Organization, quarter: Quarter, *, at: datetime) -> list[Line]:
    """The units that sent or led something in a quarter, in the order of the tree."""
    sent, led = _sent(organization, quarter), _led(organization, quarter, at)
    return [
        Line(unit, depth, **sent.get(unit.pk, {}), **led.get(unit.pk, {}))
        for unit, depth in units.tree(organization)
        if unit.pk in sent or unit.pk in led
    ]


def _by_unit(rows: Iterable[Any]) -> Mapping[int, dict[str, int]]:
    return {row["unit"]: {name: figure for name, figure in row.items() if name != "unit"} for row in rows}


def _sent(organization: Organization, quarter: Quarter) -> Mapping[int, dict[str, int]]:
    begin, end = quarter.bounds
    issued = OutgoingDocument.objects.filter(organization=organization, issued_at__gte=begin, issued_at__lt=end)
    outside = Q(Exists(Recipient.objects.filter(document=OuterRef("pk"))))
    rows = issued.order_by().values("unit").annotate(
        issued=Count("pk"),
        late=Count("pk", filter=outside & Q(issued_at__gt=F("send_due"))),
        on_paper=Count("pk", filter=outside & goes_on_paper()),
        signed=Count("pk", filter=signed_by_both()),
    )  # fmt: skip
    return _by_unit(rows)


def _led(organization: Organization, quarter: Quarter, at: datetime) -> Mapping[int, dict[str, int]]:
    begin, end = quarter.bounds
    given = Assignment.objects.filter(
        document__organization=organization, kind=Assignment.Kind.LEAD, ended_at=None, instruction__at__gte=begin,
        instruction__at__lt=end,
    )  # fmt: skip
    overdue = Q(finished_at__gt=F("due_at")) | Q(finished_at=None, due_at__lt=at)
    rows = given.order_by().values("unit").annotate(led=Count("pk"), overdue=Count("pk", filter=overdue))
    return _by_unit(rows)
