"""What all registers share as books: pages on screen, and volumes that can be bound (Decree 30, Articles 16, 22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lienthong.look.vietnamese import day
from lienthong.office.errors import BookTooThick

PAGE_ROWS = 100
MOST_IN_BOOK = 2000
"""Numbers in one volume: a book that can be bound."""


@dataclass(frozen=True)
class Span:
    """A part of a year's numbers as a volume.

    Attributes:
        first, last: numbers, both within.
        ordinal: "Quyển số".

    Raises:
        BookTooThick: more than can be bound.
    """

    year: int
    first: int
    last: int
    ordinal: int = 1

    def __post_init__(self) -> None:
        if self.last - self.first >= MOST_IN_BOOK:
            raise BookTooThick(most=MOST_IN_BOOK)

    def on_the_cover(self, days: Sequence[date], numbers: Sequence[object]) -> list[str]:
        """The lines of the cover that say what is within: year, days and numbers."""
        return [
            f"Năm: {self.year}",
            f"Từ ngày {day(min(days)) if days else '…'} đến ngày {day(max(days)) if days else '…'}",
            f"Từ số {numbers[0] if numbers else '…'} đến số {numbers[-1] if numbers else '…'}",
        ]
