"""A print of a document that came in: its pages as they are seen, marked as a print, with the arrival stamp in a free
place, and the sheet that says what the signatures are worth. The stored original is never touched."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from lienthong.office.typeset.pages import as_seen, count, lay_over, said_when_broken, turn_upright, written
from lienthong.office.typeset.render import MM, TypesetProblem, laid_out
from lienthong.standards.room import Room, free_room

STAMP_MM = (50.0, 35.0)
"""Width and height of the stamp (Annex IV, V)."""
MOST_PAGES = 500
_FOLDER = Path(__file__).parent
A4_MM = (210.0, 297.0)
STAMP_ON_SHEET = Room(A4_MM[0] - 18 - STAMP_MM[0], 12)
"""Where the stamp stands on the sheet of the check, if the document has no room."""


@dataclass(frozen=True)
class Stamp:
    """What the arrival stamp says (Annex IV, V)."""

    agency: str
    number: str
    day: str
    to: str
    case_code: str


@dataclass(frozen=True)
class Sheet:
    """The sheet of the check: `facts` and `print` are (name, text), `signatures` have `role`, `who`, `facts`."""

    agency: str
    title: str
    worth: str
    facts: list[tuple[str, str]]
    signatures: list[dict[str, Any]]
    print: list[tuple[str, str]]
    note: str


@dataclass(frozen=True)
class Mark:
    """What every page says of being a print: a word across it, a line at its foot."""

    word: str
    line: str


@dataclass(frozen=True)
class Printed:
    """A print, and whether its first page had room for the stamp."""

    pdf: bytes
    stamped_first: bool


def render_print(pdf: bytes, stamp: Stamp, mark: Mark, sheet: Sheet) -> Printed:
    """The print of a document. Raises `TypesetProblem`: it is broken, has a password, or is a book."""
    from pypdf import PdfReader, PdfWriter

    if count(pdf) > MOST_PAGES:
        raise TypesetProblem(f"văn bản dài hơn {MOST_PAGES} trang", f"it has more than {MOST_PAGES} pages")
    seen = as_seen(pdf)
    last = laid_out((_FOLDER / "validation.typ").read_bytes(), vars(sheet), told=True)[0]
    drawn = laid_out((_FOLDER / "arrival.typ").read_bytes(), vars(stamp))[0]
    with said_when_broken():
        writer = PdfWriter()
        writer.append(PdfReader(BytesIO(seen)), import_outline=False)
        for page in writer.pages:
            turn_upright(writer, page)
        upright = BytesIO()
        writer.write(upright)
        room = free_room(upright.getvalue(), *STAMP_MM)
        marks: dict[tuple[float, float], Any] = {}
        for page in writer.pages:
            _lay(writer, page, _mark_of(page, mark, marks), 0, 0)
        if room is not None:
            _stamp(writer, writer.pages[0], drawn, room)
        first = len(writer.pages)
        writer.append(PdfReader(BytesIO(last)), import_outline=False)
        if room is None:
            _stamp(writer, writer.pages[first], drawn, STAMP_ON_SHEET)
        return Printed(written(writer), stamped_first=room is not None)


def marked(pdf: bytes, mark: Mark) -> bytes:
    """A document's pages as they are seen, every one marked as a print. Raises `TypesetProblem`: it is broken, has a
    password, or is a book."""
    from pypdf import PdfReader, PdfWriter

    if count(pdf) > MOST_PAGES:
        raise TypesetProblem(f"văn bản dài hơn {MOST_PAGES} trang", f"it has more than {MOST_PAGES} pages")
    seen = as_seen(pdf)
    with said_when_broken():
        writer = PdfWriter()
        writer.append(PdfReader(BytesIO(seen)), import_outline=False)
        marks: dict[tuple[float, float], Any] = {}
        for page in writer.pages:
            turn_upright(writer, page)
            _lay(writer, page, _mark_of(page, mark, marks), 0, 0)
        return written(writer)


def render_slip(data: dict[str, Any]) -> bytes:
    """The slip of an incoming document (Annex IV, VII). Raises `TypesetProblem`.

    Args:
        data: `agency`, `dated`, `about`, `arrival`, and the lines of `leader`, `heads`, `handler`.
    """
    return laid_out((_FOLDER / "slip.typ").read_bytes(), data, told=True)[0]


def render_envelope(data: dict[str, Any]) -> bytes:
    """An envelope (Annex IV, II). Raises `TypesetProblem`.

    Args:
        data: `agency`, `contact` as pairs of name and value, `urgency`, `number`, `recipient`.
    """
    return laid_out((_FOLDER / "envelope.typ").read_bytes(), data)[0]


def _mark_of(page: Any, mark: Mark, known: dict[tuple[float, float], Any]) -> Any:
    """The mark in the size of the page; pages of one size share it."""
    from pypdf import PdfReader

    size = (round(float(page.cropbox.width), 1), round(float(page.cropbox.height), 1))
    if min(size) < 10 * MM or max(size) > 14_400:
        raise TypesetProblem("khổ giấy của trang không in được", "a page has a size that cannot be printed")
    if size not in known:
        data = {"width": size[0], "height": size[1], "word": mark.word, "line": mark.line}
        drawn = laid_out((_FOLDER / "mark.typ").read_bytes(), data)[0]
        known[size] = PdfReader(BytesIO(drawn)).pages[0]
    return known[size]


def _stamp(writer: Any, page: Any, drawn: bytes, room: Room) -> None:
    from pypdf import PdfReader

    height = float(page.cropbox.height)
    stamp = PdfReader(BytesIO(drawn)).pages[0]
    _lay(writer, page, stamp, room.left * MM, height - (room.top + STAMP_MM[1]) * MM)


def _lay(writer: Any, page: Any, above: Any, x: float, y: float) -> None:
    """One page over another, from the lower left corner of what is seen of it."""
    lay_over(writer, page, above, float(page.cropbox.left) + x, float(page.cropbox.bottom) + y)
