"""What is shown and given out of a document that was found: the items of Article 10.2 as columns, for either
direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.look.language import choose, figures
from lienthong.office.models import ChosenColumns, Findable, IncomingDocument, OutgoingDocument, Person
from lienthong.office.search.asked import IN
from lienthong.office.search.finding import document_of
from lienthong.standards.statuses import Urgency

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Document = IncomingDocument | OutgoingDocument


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        text: what it says of a document.
        needs: rows beside it that it needs, as `prefetch_related` names them from a `Findable`.
        width: class of its width on the page; on paper in mm, 0 takes the rest.
    """

    title: StrPromise
    text: Callable[[Document], str]
    needs: tuple[str, ...] = ()
    width: str = "w-a"
    mm: int = 26


def _day(value: date | None) -> str:
    return str(figures().day(value)) if value else ""


def _when(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%H:%M %d/%m/%Y}" if value else ""


def _arrival(one: Document) -> str:
    return str(one.arrival_number or "") if isinstance(one, IncomingDocument) else ""


def _sender(one: Document) -> str:
    return one.sender_name if isinstance(one, IncomingDocument) else one.organization.name


def _sender_code(one: Document) -> str:
    return one.sender_code if isinstance(one, IncomingDocument) else one.organization.code


def _recipients(one: Document) -> str:
    if isinstance(one, IncomingDocument):
        return "; ".join(agency.get("name") or agency.get("code", "") for agency in one.recipients)
    return "; ".join(agency.name for agency in one.recipients.all())


def _enclosed(one: Document) -> str:
    files = one.files.all() if isinstance(one, IncomingDocument) else one.enclosures.all()
    return "; ".join(file.name for file in files)


def _signer(one: Document) -> str:
    position = one.signer_position if isinstance(one, IncomingDocument) else one.position
    return ", ".join(filter(None, (one.signer_name, position)))


def _legal(one: Document) -> str:
    return str(one.get_legal_value_display()) if isinstance(one, IncomingDocument) else ""


def _moment(one: Document) -> str:
    return _when(one.arrived_at if isinstance(one, IncomingDocument) else one.issued_at)


COLUMNS: dict[str, Column] = {
    "huong": Column(
        _("Đến, đi"), lambda one: gettext("Đến") if isinstance(one, IncomingDocument) else gettext("Đi"), (), "w-n", 11
    ),
    "so-den": Column(_("Số đến"), _arrival, (), "w-n", 14),
    "so": Column(_("Số, ký hiệu"), lambda one: one.printed_number, (), "w-c", 32),
    "trich-yeu": Column(_("Trích yếu"), lambda one: one.subject, (), "", 0),
    "ngay": Column(_("Ngày văn bản"), lambda one: _day(one.promulgated_on), (), "w-t", 20),
    "loai": Column(_("Loại văn bản"), lambda one: one.type_name, (), "w-a", 22),
    "noi-gui": Column(_("Bên gửi"), _sender, (), "w-a", 34),
    "ma-co-quan": Column(_("Mã định danh bên gửi"), _sender_code, (), "w-a", 28),
    "noi-nhan": Column(_("Bên nhận"), _recipients, ("outgoing__recipients",), "w-a", 40),
    "nguoi-ky": Column(_("Người ký, chức vụ"), _signer, (), "w-a", 34),
    "khan": Column(_("Mức độ khẩn"), lambda one: choose(*Urgency(one.urgency).words), (), "w-t", 20),
    "trang-thai": Column(_("Trạng thái"), lambda one: str(one.get_state_display()), (), "w-s", 28),
    "han": Column(_("Hạn xử lý"), lambda one: _day(one.due_on), (), "w-t", 20),
    "gia-tri": Column(_("Giá trị pháp lý"), _legal, (), "w-v", 26),
    "nguon-goc": Column(
        _("Nguồn gốc"), lambda one: str(one.get_origin_display()) if one.origin else "", (), "w-a", 24
    ),
    "kem": Column(
        _("Tài liệu gửi kèm"), _enclosed, ("incoming__files", "outgoing__enclosures"), "w-a", 40
    ),
    "ma": Column(_("Mã định danh văn bản"), lambda one: one.identifier, (), "w-c", 40),
    "luc": Column(_("Lúc gửi, nhận"), _moment, (), "w-t", 26),
}  # fmt: skip
ALWAYS = ("so", "trich-yeu")
"""Without these nobody knows which document it is."""
USUAL = ("huong", "so-den", "so", "trich-yeu", "noi-gui", "loai", "trang-thai", "luc")


def of(person: Person) -> tuple[str, ...]:
    """The columns that a person chose, in the order of the table; the usual ones until they choose."""
    chosen = ChosenColumns.objects.filter(person=person).values_list("columns", flat=True).first()
    return _known(chosen) if chosen else USUAL


def choose_columns(person: Person, columns: Sequence[str]) -> None:
    """Remember which columns a person wants."""
    ChosenColumns.objects.update_or_create(person=person, defaults={"columns": list(_known(columns))})


def _known(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in COLUMNS if name in columns or name in ALWAYS)


def fetch(rows: Sequence[Findable], columns: Sequence[str]) -> None:
    """Bring what the columns need, in a few questions however many rows there are."""
    needs = {need for name in columns for need in COLUMNS[name].needs}
    for need in sorted(needs):
        kind, _, _rest = need.partition("__")
        concerned = [row for row in rows if (row.kind == IN) == (kind == "incoming")]
        if concerned:
            prefetch_related_objects(concerned, need)


def cells(row: Findable, columns: Sequence[str]) -> tuple[str, ...]:
    """What the columns say of a document."""
    document = document_of(row)
    return tuple(COLUMNS[name].text(document) for name in columns)
