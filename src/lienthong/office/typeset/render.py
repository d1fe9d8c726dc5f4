"""From a draft to a PDF, and the places that it keeps."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

from lienthong.office.config import TRAINING_MARK, training
from lienthong.office.typeset.content import Draft
from lienthong.standards.signatures.fonts import FontMissing, folder, fonts
from lienthong.standards.signatures.layout import Place, Slot

MM = 72 / 25.4
SEAL_SIZE = 36 * MM
"""Diameter of an agency's seal: 36 mm (Circular 07/2010/TT-BCA), shown in its real size (Annex I, II.8)."""
BOX = "□"
"""For a letter that the typeface lacks."""
OVERLAP = 1 / 3
"""The seal covers a third of the signature, from its left."""
_LEADINGS = (0.62, 0.68, 0.74, 0.82, 0.9)
"""Space between lines, of the size of letters, from 1.1 to 1.4 lines (Annex I, II.6e: from 1 to 1.5); a wider one only
when a long last paragraph would leave the signatures alone on a page."""
_TRAINING = f"""#set page(background: {{
  set text(font: "Liberation Serif", weight: "bold", lang: "vi")
  layout(room => if room.width > 100mm {{
    place(center + horizon, rotate(-52deg, text(size: 60pt, fill: rgb(120, 120, 120, 50), "ĐÀO TẠO")))
    place(bottom + center, dy: -4mm, text(size: 9pt, "{TRAINING_MARK}"))
  }})
}})
"""
"""Behind the text of every sheet of a training office; a stamp is no sheet."""
_SOURCE = Path(__file__).with_name("official.typ")
_BOOK = Path(__file__).with_name("register.typ")


class TypesetProblem(Exception):
    """A text or file cannot be laid out; `vi` and `en` say why and what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi)
        self.vi, self.en = vi, en


@dataclass(frozen=True)
class Typeset:
    """A laid-out document: its PDF, the places it keeps, and how many pages at its end were added to an upload."""

    pdf: bytes
    slots: tuple[Slot, ...]
    added: int = 0


def render(draft: Draft) -> Typeset:
    """Lay out a draft (Annex I). Raises `TypesetProblem`, also for a letter that the typeface does not have."""
    data = draft.as_data()
    for leading in _LEADINGS:
        pdf, found = _compile({**data, "leading": leading})
        ends = [row[1] for row in found if row[0] == "end"]
        slots = with_seal(_slot(row) for row in found if row[0] != "end")
        if not ends or slots[-1].page == ends[0]:
            break
    return Typeset(pdf, slots)


def render_annex(draft: Draft, title: str, text: str) -> bytes:
    """An annex of a draft as a PDF of its own (Annex III, template 2.2); it has no number line and no signatures, the
    agency's seal comes into its upper right corner (Annex I, III.1d).

    Args:
        title: "Phụ lục I" and, on a line of its own, the name.

    Raises:
        TypesetProblem.
    """
    return _compile(
        {**draft.as_data(), "annexes": [draft.annex_data(title, text)], "alone": True, "leading": _LEADINGS[0]}
    )[0]


def render_book(data: dict[str, Any]) -> bytes:
    """A register as a book: cover, then its lines (Annex IV). Raises `TypesetProblem`.

    Args:
        data: `superior`, `agency`, `title`, `kind`, `ordinal` and the lines of `span` on the cover; `columns`, their
            `widths` in mm (0: what is left), the cells of `lines`, and `sum`, what stands above the keeper's name.
    """
    return laid_out(_BOOK.read_bytes(), data, told=True)[0]


def _compile(data: dict[str, Any]) -> tuple[bytes, list[Any]]:
    source = _SOURCE.read_bytes()
    pdf, inputs = laid_out(source, data)
    found = typst.query(source, "<slot>", field="value", font_paths=fonts(), sys_inputs=inputs)
    return pdf, json.loads(found)


def laid_out(source: bytes, data: dict[str, Any], *, told: bool = False) -> tuple[bytes, dict[str, str]]:
    """A text of typst with its data as a PDF, and the data as they were given.

    Args:
        told: it tells what others wrote, as a register does: a letter that the typeface lacks is a box there, and keeps
            nobody from printing all the rest.
    """
    try:
        texts = json.dumps(_clean(data), ensure_ascii=False)
        if told:
            texts = "".join(char if ord(char) in _letters() else BOX for char in texts)
        _require_letters(texts)
        sheet = _TRAINING.encode() + source if training() else source
        return typst.compile(sheet, font_paths=fonts(), sys_inputs={"draft": texts}), {"draft": texts}
    except FontMissing as reason:
        raise TypesetProblem(
            str(reason), "the font Liberation Serif is missing: apt-get install fonts-liberation2"
        ) from reason
    except typst.TypstError as reason:
        said = str(reason).splitlines()[0][:120]
        raise TypesetProblem(f"không dàn trang được ({said})", f"it cannot be laid out ({said})") from reason


def _clean(value: Any) -> Any:
    """Letters composed (TCVN 6909), and nothing invisible: a mark that turns the direction of writing would show
    another text than the one that is checked and signed."""
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, str):
        seen = (" " if char in "\n\t" else char for char in unicodedata.normalize("NFC", value))
        return "".join(char for char in seen if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return value


def _require_letters(texts: str) -> None:
    """A letter that the typeface lacks would be printed as an empty box, and signed so."""
    if missing := sorted({char for char in texts if ord(char) not in _letters()}):
        shown = ", ".join(f"“{char}” (U+{ord(char):04X})" for char in missing[:5])
        raise TypesetProblem(
            f"phông chữ của văn bản không có {shown}; thay bằng chữ khác",
            f"the typeface of documents has no {shown}; use other letters",
        )


@cache
def _letters() -> frozenset[int]:
    with TTFont(folder() / "LiberationSerif-Regular.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def _slot(row: list[Any]) -> Slot:
    name, page, x, y, width, height = row
    return Slot(Place(name), page, x, y, width, height)


def with_seal(slots: Any) -> tuple[Slot, ...]:
    """The places, with the one of the seal: over a third of the signature, from its left, centred on its height."""
    kept = tuple(slots)
    signature = next(slot for slot in kept if slot.place is Place.SIGNATURE)
    x = signature.x + signature.width * OVERLAP - SEAL_SIZE
    y = signature.y + signature.height / 2 - SEAL_SIZE / 2
    return (*kept, Slot(Place.SEAL, signature.page, x, y, SEAL_SIZE, SEAL_SIZE))


def slot_to_json(slot: Slot) -> dict[str, Any]:
    """A place, for storage."""
    return {**vars(slot), "place": slot.place.value}


def slot_from_json(row: dict[str, Any]) -> Slot:
    """A stored place."""
    return Slot(**{**row, "place": Place(row["place"])})
