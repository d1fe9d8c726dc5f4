"""From a draft to a PDF, and the places that it keeps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from lienthong.office.typeset.content import Draft
from lienthong.standards.signatures.fonts import FontMissing, fonts
from lienthong.standards.signatures.layout import Place, Slot

MM = 72 / 25.4
SEAL_SIZE = 36 * MM
"""Diameter of an agency's seal: 36 mm (Circular 07/2010/TT-BCA), shown in its real size (Annex I, II.8)."""
OVERLAP = 1 / 3
"""The seal covers a third of the signature, from its left."""
_SOURCE = Path(__file__).with_name("official.typ")


class TypesetProblem(Exception):
    """A text or file cannot be laid out; the message, in Vietnamese, says why and what to do."""


@dataclass(frozen=True)
class Typeset:
    """A laid-out document: its PDF, the places it keeps, its number of pages."""

    pdf: bytes
    slots: tuple[Slot, ...]


def render(draft: Draft) -> Typeset:
    """Lay out a draft (Annex I). Raises `TypesetProblem`."""
    inputs = {"draft": json.dumps(draft.as_data(), ensure_ascii=False)}
    source = _SOURCE.read_bytes()
    try:
        pdf = typst.compile(source, font_paths=fonts(), sys_inputs=inputs)
        found = json.loads(typst.query(source, "<slot>", field="value", font_paths=fonts(), sys_inputs=inputs))
    except FontMissing as reason:
        raise TypesetProblem(str(reason)) from reason
    except typst.TypstError as reason:
        raise TypesetProblem(f"không dàn trang được ({str(reason).splitlines()[0][:120]})") from reason
    return Typeset(pdf, with_seal(_slot(row) for row in found))


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
