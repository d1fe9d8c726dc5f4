"""Who takes part, as the law names them: kinds of participants, codes of the first level, the mergers of 1 July 2025.

The tables are data beside this file, so that they can be corrected; a line of the first level tells its evidence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files


class Category(StrEnum):
    """Kinds of participants (Decision 28/2018/QĐ-TTg, Articles 2 and 7.3)."""

    MINISTRY = "ministry"
    GOVERNMENT = "government"
    COMMITTEE = "committee"
    UNIT = "unit"
    OTHER = "other"
    MANDATE = "mandate"

    @property
    def words(self) -> str:
        """In Vietnamese."""
        return _WORDS[self]


_WORDS = {
    Category.MINISTRY: "Bộ, cơ quan ngang bộ",
    Category.GOVERNMENT: "Cơ quan thuộc Chính phủ",
    Category.COMMITTEE: "Ủy ban nhân dân",
    Category.UNIT: "Đơn vị thuộc, trực thuộc",
    Category.OTHER: "Cơ quan, tổ chức khác (Điều 2.2)",
    Category.MANDATE: "Chức danh, tập thể có đầu mối tiếp nhận (Điều 7.3)",
}


class Grade(StrEnum):
    """How well a line is known: text of the law, what vendors' public code says, or unverified memory."""

    LAW = "law"
    VENDOR = "vendor"
    RECALL = "recall"


@dataclass(frozen=True)
class LevelOneCode:
    """A code of the first level (Decision 20/2020/QĐ-TTg; list of Decision 09/2025/QĐ-TTg).

    Attributes:
        valid_to: last day of validity, None where it is in force or its end is not known.
        note: what the line rests on, or what else is known.
    """

    code: str
    name: str
    category: Category
    grade: Grade
    valid_to: date | None
    note: str

    @property
    def old_code(self) -> str:
        """The 13 characters of QCVN 102:2016/BTTTT."""
        return f"000.00.00.{self.code}"


@dataclass(frozen=True)
class ProvinceMerger:
    """A province after 1 July 2025: from which it was made, and whose code it keeps."""

    name: str
    merged_from: tuple[str, ...]
    keeps_code_of: str


MERGERS_ON = date(2025, 7, 1)


def level_one() -> list[LevelOneCode]:
    """The table of the first level, as far as it is known."""
    return [
        LevelOneCode(
            row["code"], row["name"], Category(row["category"]), Grade(row["grade"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None, row["note"],
        )
        for row in _rows("level1.csv")
    ]  # fmt: skip


def mergers_2025() -> list[ProvinceMerger]:
    """63 provinces into 34 (a province that was not merged is its own only source)."""
    return [
        ProvinceMerger(row["name_after"], tuple(row["merged_from"].split(";")), row["kept_code_of"])
        for row in _rows("provinces-2025.csv")
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files(__package__).joinpath(name).open("r", encoding="utf-8") as file:
        yield from csv.DictReader(file)
