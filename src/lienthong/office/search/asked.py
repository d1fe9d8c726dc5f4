"""A search as an address says it: the box, the filters, the order. What makes no sense is as if it were not said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Exists, Manager, OuterRef, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from lienthong.look.language import choose, figures
from lienthong.office.models import (
    Amendment,
    IncomingState,
    LegalValue,
    Origin,
    OutgoingState,
    RecallOrder,
    Reply,
    Transmission,
)
from lienthong.office.search import questions
from lienthong.standards.statuses import Urgency

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

IN, OUT = "in", "out"
LONGEST = 200


@dataclass(frozen=True)
class Order:
    """An order of what is found: the column, and whether the largest comes first."""

    title: StrPromise
    column: str
    down: bool


ORDERS = {
    "moi": Order(_("Mới nhất trước"), "at", True),
    "cu": Order(_("Cũ nhất trước"), "at", False),
    "ngay": Order(_("Ngày văn bản mới nhất trước"), "dated", True),
    "han": Order(_("Hạn xử lý gần nhất trước"), "due", False),
}
KINDS = {"": _("Tất cả"), "den": _("Văn bản đến"), "di": _("Văn bản đi")}
_KIND = {"den": IN, "di": OUT}

LABELS = {
    "trich-yeu": ("t", _("Trích yếu")),
    "noi-gui": ("s", _("Bên gửi, mã định danh")),
    "noi-nhan": ("r", _("Bên nhận, mã định danh")),
    "loai": ("y", _("Loại văn bản")),
    "nguoi-ky": ("k", _("Người ký, chức vụ")),
    "dia-danh": ("p", _("Địa danh")),
    "phu-luc": ("d", _("Phụ lục, tài liệu kèm theo")),
    "khac": ("o", _("Thông tin khác")),
}
"""Filters over the words of one fact."""
NUMBER, IDENTIFIER = "so", "ma"
DAYS = {
    "ngay-tu": (_("Ngày văn bản từ"), "promulgated_on__gte"),
    "ngay-den": (_("Ngày văn bản đến"), "promulgated_on__lte"),
    "han-tu": (_("Hạn xử lý từ"), "due_on__gte"),
    "han-den": (_("Hạn xử lý đến"), "due_on__lte"),
}
MOMENTS = {"luc-tu": (_("Gửi, nhận từ"), "gte"), "luc-den": (_("Gửi, nhận đến"), "lte")}
"""Of the time sent or received: the time of arrival, or of the issue."""
ARRIVAL, ARRIVAL_YEAR = "so-den", "nam-den"


def _urgency(one: Urgency) -> str:
    return choose(*one.words)


_said = lazy(_urgency, str)
CHOICES: dict[str, tuple[StrPromise, str, list[tuple[str, StrPromise | str]]]] = {
    "trang-thai": (
        _("Trạng thái"), "state",
        [*((f"den-{state.value}", state.label) for state in IncomingState),
         *((f"di-{state.value}", state.label) for state in OutgoingState)],
    ),
    "khan": (_("Mức độ khẩn"), "urgency", [(str(int(one)), _said(one)) for one in reversed(Urgency)]),
    "gia-tri": (_("Giá trị pháp lý"), "legal_value", [(one.value, one.label) for one in LegalValue]),
    "nguon-goc": (_("Nguồn gốc"), "origin", [(one.value, one.label) for one in Origin]),
}  # fmt: skip
HISTORY = "lich-su"
EXCHANGED: dict[str, tuple[StrPromise, Callable[[], Q]]] = {
    "den-thu-hoi": (_("Đến: bên gửi yêu cầu thu hồi"), lambda: _named_by(RecallOrder.objects, "document")),
    "den-sua-doi": (_("Đến: bên gửi cập nhật, thay thế, đính chính"), lambda: _named_by(Amendment.objects, "targets")),
    "den-da-phuc-dap": (_("Đến: đã có văn bản trả lời"), lambda: _named_by(Reply.objects, "incoming")),
    "di-chua-den": (_("Đi: có nơi chưa nhận"), lambda: _sent(arrived=None, refused=None, recall_agreed=None)),
    "di-tra-lai": (_("Đi: có nơi từ chối, trả lại"), lambda: _sent(refused__isnull=False)),
    "di-hoan-thanh": (_("Đi: có nơi đã xử lý xong"), lambda: _sent(finished__isnull=False)),
    "di-khong-thu-hoi": (_("Đi: có nơi không đồng ý thu hồi"), lambda: _sent(recall_declined__isnull=False)),
}
"""What became of a document on its way (Article 10.2p): the direction stands before the dash."""
ONLY_INCOMING = {ARRIVAL, ARRIVAL_YEAR, "gia-tri", "dia-danh", "khac"}
"""What only an incoming document has."""
BY_DIRECTION = ("trang-thai", HISTORY)
"""Filters whose choices belong to one direction."""
FILTERS: tuple[str, ...] = (*LABELS, NUMBER, IDENTIFIER, HISTORY, *DAYS, *MOMENTS, ARRIVAL, ARRIVAL_YEAR, *CHOICES)


@dataclass(frozen=True)
class Asked:
    """A search.

    Attributes:
        typed: the box. kind: `den`, `di`, or both. everywhere: a number is looked for in texts as well.
        filters: by their names in an address, none of them empty.
    """

    typed: str = ""
    kind: str = ""
    order: str = "moi"
    everywhere: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def question(self) -> questions.Question:
        """What the box asks."""
        return questions.read(self.typed)

    @property
    def is_anything(self) -> bool:
        """Whether anything at all is looked for."""
        return bool(self.question or self.filters)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The directions in which something can be found."""
        wanted = (_KIND[self.kind],) if self.kind else (IN, OUT)
        sides = {self.filters[name].partition("-")[0] for name in BY_DIRECTION if name in self.filters}
        without = {OUT} if ONLY_INCOMING & set(self.filters) or "den" in sides else set()
        without |= {IN} if "di" in sides else set()
        return tuple(one for one in wanted if one not in without)

    def address(self, **changes: str) -> str:
        """The search as the end of an address, with some of it said otherwise."""
        said = {
            "q": self.typed, "muc": self.kind, "thu-tu": "" if self.order == "moi" else self.order,
            "ca": "1" if self.everywhere else "", **self.filters, **changes,
        }  # fmt: skip
        return urlencode({name: text for name, text in said.items() if text})


def read(said: Mapping[str, str]) -> Asked:
    """A search from an address."""
    given = {name: said.get(name, "").strip()[:LONGEST] for name in FILTERS}
    return Asked(
        typed=" ".join(said.get("q", "").split())[: questions.LONGEST],
        kind=said.get("muc", "") if said.get("muc", "") in KINDS else "",
        order=said.get("thu-tu", "") if said.get("thu-tu", "") in ORDERS else "moi",
        everywhere=said.get("ca") == "1",
        filters={name: text for name, text in given.items() if text and _makes_sense(name, text)},
    )


def facts_of(filters: Mapping[str, str]) -> str:
    """The filters over words, as one question to the facts."""
    return questions.all_of(
        [
            *(questions.by_facts(questions.words_of(text), LABELS[name][0])
              for name, text in filters.items() if name in LABELS),
            *(questions.by_number_typed(text) for name, text in filters.items() if name == NUMBER),
            *(questions.by_code_typed(text) for name, text in filters.items() if name == IDENTIFIER),
        ]
    )  # fmt: skip


def columns_of(filters: Mapping[str, str]) -> Q:
    """The filters over columns of the document itself."""
    wanted = Q()
    for name, text in filters.items():
        if name in DAYS:
            wanted &= Q(**{DAYS[name][1]: date.fromisoformat(text)})
        elif name in (ARRIVAL, ARRIVAL_YEAR):
            wanted &= Q(**{"arrival_number" if name == ARRIVAL else "arrival_year": int(text)})
        elif name in CHOICES:
            wanted &= Q(**{CHOICES[name][1]: text.split("-", 1)[1] if name == "trang-thai" else text})
        elif name == HISTORY:
            wanted &= EXCHANGED[text][1]()
    return wanted


def _named_by(rows: Manager[Any], field: str) -> Q:
    return Q(pk__in=rows.exclude(**{field: None}).values(field))


def _sent(**said: object) -> Q:
    """What went to somebody of whom this is true; of each recipient counts every sending."""
    return Q(Exists(Transmission.objects.filter(recipient__document=OuterRef("pk"), **said)))


def choices(name: str) -> list[tuple[str, StrPromise | str]]:
    """What can be chosen of a filter: value and words."""
    if name == HISTORY:
        return [(key, words) for key, (words, _rows) in EXCHANGED.items()]
    return CHOICES[name][2]


def chips(asked: Asked) -> list[tuple[str, str]]:
    """The filters in words, each with the address without it."""
    return [(_in_words(name, text), asked.address(**{name: ""})) for name, text in asked.filters.items()]


def _in_words(name: str, text: str) -> str:
    if name == HISTORY:
        return str(EXCHANGED[text][0])
    if name in CHOICES:
        title, _column, choices = CHOICES[name]
        return f"{title}: {dict(choices)[text]}"
    if name in DAYS or name in MOMENTS:
        title = DAYS[name][0] if name in DAYS else MOMENTS[name][0]
        return f"{title} {figures().day(date.fromisoformat(text))}"
    return f"{LABELS[name][1] if name in LABELS else OTHERS[name]}: {text}"


OTHERS = {
    NUMBER: _("Số, ký hiệu"), IDENTIFIER: _("Mã định danh văn bản"), HISTORY: _("Lịch sử gửi, nhận"),
    ARRIVAL: _("Số đến"), ARRIVAL_YEAR: _("Năm của số đến"),
}  # fmt: skip


def _makes_sense(name: str, text: str) -> bool:
    checks: list[tuple[bool, Callable[[str], bool]]] = [
        (name in LABELS or name in (NUMBER, IDENTIFIER), lambda text: bool(questions.words_of(text))),
        (name in DAYS or name in MOMENTS, _is_day),
        (name == ARRIVAL, lambda text: text.isascii() and text.isdecimal() and len(text) < 10),
        (name == ARRIVAL_YEAR, lambda text: text.isascii() and text.isdecimal() and len(text) < 5),
        (name == HISTORY, lambda text: text in EXCHANGED),
        (name in CHOICES, lambda text: text in dict(CHOICES[name][2]) if name in CHOICES else False),
    ]
    return any(applies and check(text) for applies, check in checks)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
