"""A copy to be printed: the copied pages, and the elements of the copy right below their end (Decree 30/2020, Annex I,
Part II, II.2a)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import typst

from lienthong.office.typeset.ink import lowest_mark
from lienthong.office.typeset.pages import said_when_broken, written
from lienthong.office.typeset.render import TypesetProblem, laid_out
from lienthong.standards.signatures.fonts import fonts

_SOURCE = Path(__file__).with_name("copy.typ")
MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
TOP, BOTTOM, GAP = 20 * MM, 20 * MM, 5 * MM
"""Margins of a page (Annex I, I.3), and the room between the copied document and the line."""


@dataclass(frozen=True)
class Elements:
    """The elements of a copy on paper (Annex I, Part II, II.1).

    Attributes:
        kind: "SAO Y", "SAO LỤC", "TRÍCH SAO".
        number: number and notation.
        competence: lines above the position, separated by semicolons.
        recipients: lines of "Nơi nhận".
    """

    kind: str
    agency: str
    number: str
    place: str
    day: date
    competence: str
    position: str
    signer: str
    recipients: tuple[str, ...]

    def as_data(self, top: float) -> dict[str, Any]:
        """What the layout reads; `top` in points from the upper edge of the page."""
        month = f"{self.day.month:02d}" if self.day.month < 3 else str(self.day.month)
        return {
            **vars(self),
            "day": f"{self.day.day:02d}", "month": month, "year": str(self.day.year),
            "competence": [part.strip() for part in self.competence.split(";") if part.strip()],
            "recipients": [line if line.startswith("-") else f"- {line}" for line in self.recipients],
            "top": top,
        }  # fmt: skip


def printable(pdf: bytes, elements: Elements) -> bytes:
    """The pages with the elements of the copy below their end; on a page of their own where there is no room.

    Args:
        pdf: pages as `as_seen` gives them.

    Raises:
        TypesetProblem.
    """
    from pypdf import PdfReader, PdfWriter

    first, inputs = laid_out(_SOURCE.read_bytes(), elements.as_data(TOP))
    found = typst.query(_SOURCE.read_bytes(), "<height>", field="value", font_paths=fonts(), sys_inputs=inputs)
    height = float(json.loads(found)[0])
    if height > A4[1] - TOP - BOTTOM:
        raise TypesetProblem(
            "nơi nhận dài hơn một trang; rút gọn lại", "the recipients take more than a page; shorten them"
        )
    with said_when_broken():
        writer = PdfWriter()
        writer.append(PdfReader(BytesIO(pdf)), import_outline=False)
        last = writer.pages[-1]
        begins = A4[1] - lowest_mark(last) + GAP
        if _is_a4(last) and begins + height <= A4[1] - BOTTOM:
            below, _ = laid_out(_SOURCE.read_bytes(), elements.as_data(max(begins, TOP)))
            last.merge_page(PdfReader(BytesIO(below)).pages[0])
        else:
            writer.append(PdfReader(BytesIO(first)), import_outline=False)
        return written(writer)


def _is_a4(page: Any) -> bool:
    """Upright, unturned, with its corner at 0: the page on which the elements have their places."""
    box = page.cropbox
    sides = (float(box.left), float(box.bottom), float(box.width) - A4[0], float(box.height) - A4[1])
    return page.rotation % 360 == 0 and all(abs(side) < 3 for side in sides)
