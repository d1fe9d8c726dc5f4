"""What stands on the pages of a PDF: words with their places, letters and colours, put together to lines.

Places are in millimetres from the upper left corner of the page. A file comes from anybody, so what it may cost is
bounded (`BOUNDS`); the time it may take is bounded by whoever starts this apart (`apart`).
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from lienthong.standards.presentation.problems import Unreadable, Why

PT = 25.4 / 72
"""Millimetres of a point."""
SAME_LINE = 1.0
"""Millimetres by which the baselines of one line may differ."""
INVISIBLE = 3
"""The rendering mode of text that is not painted: what a reader of scans lays over a picture."""


_WRITTEN_RULE = re.compile(r"[_—–-]{4,}")
_THIN, _SHORT = 4.0, 14.0
"""Points: what is thicker or shorter is no rule below a line of text."""
_LARGEST = 1000.0
"""Points from which on letters are a drawing."""
_WORD = re.compile(r"[^\s\u200b\ufeff\x00]+")


class Bounds(NamedTuple):
    """What a file may cost: its bytes, its pages, the characters and drawn objects of a page."""

    size: int = 60_000_000
    pages: int = 1_000
    characters: int = 30_000
    objects: int = 50_000


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Style:
    """How a word is set. `size` in points as shown; `font` without the mark of a subset; `ink` is red, green, blue."""

    font: str
    size: float
    bold: bool
    italic: bool
    embedded: bool
    ink: tuple[int, int, int]
    painted: bool = True


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space. `base` is its baseline."""

    text: str
    left: float
    right: float
    base: float
    style: Style

    @property
    def top(self) -> float:
        """Upper edge of its capitals."""
        return self.base - 0.66 * self.style.size * PT

    @property
    def bottom(self) -> float:
        """Lower edge of its descenders."""
        return self.base + 0.2 * self.style.size * PT


@dataclass(frozen=True)
class Line:
    """Words on one baseline, from the left."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def size(self) -> float:
        return max(word.style.size for word in self.words)

    @cached_property
    def gaps(self) -> tuple[float, ...]:
        """The space before each word but the first."""
        return tuple(b.left - a.right for a, b in pairwise(self.words))

    def between(self, left: float, right: float) -> Line | None:
        """The words whose middle lies between two places, or None."""
        kept = tuple(word for word in self.words if left <= (word.left + word.right) / 2 < right)
        return Line(kept) if kept else None


class Stroke(NamedTuple):
    """A thin horizontal rule that is drawn, or written as a row of underscores."""

    left: float
    right: float
    base: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        pictured: it shows a picture as large as half of it.
        undecoded: how many of its characters are no text.
        strokes: of the first page, its rules; None where pictures or nested drawings may hold some that are not seen.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    pictured: bool
    undecoded: int
    turned: bool
    strokes: tuple[Stroke, ...] | None = None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines, from the top."""
        return lines_of(self.words)

    @property
    def printed(self) -> bool:
        """Whether its text is text, not a picture of one."""
        return any(word.style.painted for word in self.words)


def lines_of(words: Sequence[Word]) -> tuple[Line, ...]:
    """Words put together to lines, from the top."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.base, one.left)):
        if rows and abs(rows[-1][0].base - word.base) <= SAME_LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(Line(tuple(sorted(row, key=lambda one: one.left))) for row in rows)


def read(pdf: bytes) -> tuple[Page, ...]:
    """The pages of a PDF. Raises `Unreadable`."""
    import pypdfium2  # loads a library of its own, which no other command need wait for

    if len(pdf) > BOUNDS.size:
        raise Unreadable(Why.TOO_LARGE)
    if b"%PDF-" not in pdf[:1024]:
        raise Unreadable(Why.NO_PDF)
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as reason:
        locked = getattr(reason, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unreadable(Why.LOCKED if locked else Why.BROKEN) from reason
    try:
        if not 0 < len(document) <= BOUNDS.pages:
            raise Unreadable(Why.TOO_LARGE if len(document) else Why.BROKEN)
        return tuple(_page(document, index) for index in range(len(document)))
    except pypdfium2.PdfiumError as reason:
        raise Unreadable(Why.BROKEN) from reason
    finally:
        document.close()


def _page(document: Any, index: int) -> Page:
    from pypdfium2 import raw

    page = document[index]
    width, height = page.get_size()
    left, bottom, _, upper = page.get_cropbox()
    textpage = page.get_textpage()
    count = textpage.count_chars()
    if count > BOUNDS.characters or raw.FPDFPage_CountObjects(page) > BOUNDS.objects:
        raise Unreadable(Why.TOO_LARGE)
    reader = _Reader(textpage, left, upper, (width * PT, height * PT))
    words = tuple(reader.words(count))
    return Page(
        number=index + 1,
        width=width * PT,
        height=height * PT,
        words=words,
        pictured=_is_pictured(page, width * (upper - bottom)),
        undecoded=reader.undecoded,
        turned=page.get_rotation() != 0,
        strokes=_strokes(page, words, left, upper) if index == 0 else None,
    )


def _is_pictured(page: Any, area: float) -> bool:
    from pypdfium2 import raw

    for one in page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = one.get_bounds()
        if (right - left) * (top - bottom) > area / 2:
            return True
    return False


def _is_no_text(char: str) -> bool:
    """What stands where a glyph has no letter: the sign for it, a control character, one of private use."""
    return char == "\ufffd" or char < " " or "\ue000" <= char <= "\uf8ff"


def _strokes(page: Any, words: tuple[Word, ...], x: float, top: float) -> tuple[Stroke, ...] | None:
    from pypdfium2 import raw

    found = [Stroke(word.left, word.right, word.base) for word in words if _WRITTEN_RULE.fullmatch(word.text)]
    for one in page.get_objects(max_depth=1):
        if one.type in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            return None
        if one.type == raw.FPDF_PAGEOBJ_PATH:
            left, lower, right, upper = one.get_bounds()
            if upper - lower < _THIN and right - left > _SHORT:
                found.append(Stroke((left - x) * PT, (right - x) * PT, (top - (upper + lower) / 2) * PT))
    return tuple(found)


class _Reader:
    """Reads the characters of a page. A word has the style of its first letter; what lies off the page
    is not seen, and not read."""

    def __init__(self, textpage: Any, left: float, top: float, size: tuple[float, float]) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._text, self._left, self._top = textpage.raw, left, top
        self._width, self._height = size
        self._styles: dict[int, Style | None] = {}
        self._fonts: dict[int, tuple[str, bool, bool, bool]] = {}
        self._sides = [ctypes.c_double() for _ in range(6)]
        self.undecoded = 0

    def words(self, count: int) -> Iterator[Word]:
        for found in _WORD.finditer(self._characters(count)):
            if word := self._word(found[0], found.start(), found.end() - 1):
                self.undecoded += sum(map(_is_no_text, found[0]))
                yield word

    def _characters(self, count: int) -> str:
        """One for each place of the page: the whole at once where the library gives it so, else one by one."""
        buffer = (ctypes.c_ushort * (count + 1))()
        if self._raw.FPDFText_GetText(self._text, 0, count, buffer) == count + 1:
            text = bytes(buffer)[:-2].decode("utf-16-le", "replace")
            if len(text) == count:
                return text
        codes = (self._raw.FPDFText_GetUnicode(self._text, index) for index in range(count))
        return "".join(chr(code) if code else "\ufffd" for code in codes)

    def _word(self, letters: str, first: int, last: int) -> Word | None:
        style = self._style(first)
        x, y, left, right, bottom, top = self._sides
        if style is None or not self._raw.FPDFText_GetCharOrigin(self._text, first, x, y):
            return None
        self._raw.FPDFText_GetCharBox(self._text, last, left, right, bottom, top)
        start, end = (x.value - self._left) * PT, (right.value - self._left) * PT
        base = (self._top - y.value) * PT
        on_page = 0 <= start <= self._width and 0 <= base <= self._height and start <= end < 2 * self._width
        return Word(letters, start, end, base, style) if on_page else None

    def _style(self, index: int) -> Style | None:
        """None for what does not stand upright or is no size of letters, and for what the library adds."""
        drawn = self._raw.FPDFText_GetTextObject(self._text, index)
        if not drawn:
            return None
        key = ctypes.addressof(drawn.contents)
        if key not in self._styles:
            self._styles[key] = self._style_of(drawn, index)
        return self._styles[key]

    def _style_of(self, drawn: Any, index: int) -> Style | None:
        raw, matrix = self._raw, self._raw.FS_MATRIX()
        if not raw.FPDFText_GetMatrix(self._text, index, matrix):
            return None
        if abs(matrix.b) > 0.2 * abs(matrix.a) or matrix.a <= 0:
            return None
        size = raw.FPDFText_GetFontSize(self._text, index) * abs(matrix.d)
        if not 0 < size < _LARGEST:
            return None
        font, bold, italic, embedded = self._font(raw.FPDFTextObj_GetFont(drawn))
        ink = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFPageObj_GetFillColor(drawn, *ink)
        return Style(
            font=font,
            size=round(size, 2),
            bold=bold,
            italic=italic or abs(matrix.c) > 0.1 * abs(matrix.d),
            embedded=embedded,
            ink=(ink[0].value, ink[1].value, ink[2].value),
            painted=raw.FPDFTextObj_GetTextRenderMode(drawn) != INVISIBLE,
        )

    def _font(self, font: Any) -> tuple[str, bool, bool, bool]:
        """Name, bold, italic, embedded."""
        key = ctypes.addressof(font.contents) if font else 0
        if key not in self._fonts:
            self._fonts[key] = self._described(font) if key else ("", False, False, False)
        return self._fonts[key]

    def _described(self, font: Any) -> tuple[str, bool, bool, bool]:
        raw, name, angle = self._raw, ctypes.create_string_buffer(200), ctypes.c_int()
        raw.FPDFFont_GetBaseFontName(font, name, 200)
        plain = name.value.decode("utf-8", "replace")
        if len(plain) > 7 and plain[6] == "+":
            plain = plain[7:]
        raw.FPDFFont_GetItalicAngle(font, angle)
        lower = plain.lower()
        bold = "bold" in lower or "black" in lower or raw.FPDFFont_GetWeight(font) >= 600
        italic = "italic" in lower or "oblique" in lower or angle.value != 0
        return plain, bold, italic, raw.FPDFFont_GetIsEmbedded(font) == 1
