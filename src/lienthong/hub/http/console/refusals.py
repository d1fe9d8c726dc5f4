"""How an act that the registry or the policy refuses is told above the page."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext

from lienthong.hub.refusals import RegistryRefused
from lienthong.look.language import choose
from lienthong.protocol.problems import Problem
from lienthong.standards.identifiers import InvalidCode
from lienthong.standards.times import meant


class BadDay(ValueError):
    """No day of the calendar."""


def day(text: str) -> date:
    """A day that somebody gave. Raises `BadDay`."""
    try:
        return meant(date.fromisoformat(text))
    except ValueError as reason:
        raise BadDay from reason


class Outcome:
    """Does something that may be refused by name: `problem` says then what, and what to do next.

    `with Outcome() as outcome: …`; a fault that no rule foresaw goes on.
    """

    def __init__(self) -> None:
        self.problem: dict[str, str] | None = None

    def __enter__(self) -> Outcome:
        return self

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> bool:
        self.problem = _told(fault) if fault else None
        return self.problem is not None


def _told(fault: BaseException) -> dict[str, str] | None:
    if isinstance(fault, RegistryRefused):
        return _in_two(choose(fault.vi, fault.en))
    if isinstance(fault, Problem):
        return {"cause": choose(fault.detail, fault.detail_en), "way_out": ""}
    if isinstance(fault, InvalidCode):
        return {
            "cause": gettext("Mã định danh có ký tự lạ, trống hoặc dài quá 35 ký tự."),
            "way_out": gettext("Chỉ dùng chữ in hoa không dấu, chữ số và dấu chấm, ví dụ H41.05."),
        }
    if isinstance(fault, BadDay):
        return {
            "cause": gettext("Ngày không đọc được."),
            "way_out": gettext("Chọn ngày theo lịch, ví dụ ngày hiệu lực ghi trong quyết định."),
        }
    return None


def _in_two(sentence: str) -> dict[str, str]:
    """Cause and way out stand in one sentence, with a semicolon between."""
    cause, _, way_out = sentence.partition("; ")
    return {"cause": cause.rstrip(".") + ".", "way_out": way_out[:1].upper() + way_out[1:]}
