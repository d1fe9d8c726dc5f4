"""What holds for every page: paper, margins, typefaces, coding, ink, page numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from lienthong.standards.presentation.findings import Finding, Part, at, check_form, numbers, on, shortened
from lienthong.standards.presentation.reading import Line, Page, Word
from lienthong.standards.presentation.rules import LEGACY_FACES, LIMITS, TOLERANCES, TYPEFACES

_FOOT = 25.0
"""Millimetres above the lower edge where the agency's address may stand on page 1 (box 13), in letters to 12 points."""
_WIDE = 100.0
"""Millimetres from which on a line shows where the text ends at the right."""
_ILLEGIBLE = 0.1
"""Share of characters that are no text from which on nothing else is asked."""
_STAMPS = ("KHẨN", "HỎA TỐC", "HOẢ TỐC", "XEM XONG TRẢ LẠI", "LƯU HÀNH NỘI BỘ")


def check_paper(pages: tuple[Page, ...]) -> Iterator[Finding]:
    """A4; a page may lie across where it holds a table (I.1, I.2)."""
    for page in pages:
        sides = sorted((page.width, page.height))
        if any(abs(side - wanted) > TOLERANCES.page for side, wanted in zip(sides, LIMITS.page, strict=True)):
            yield on("page_size", page.number, found=f"{page.width:.0f} × {page.height:.0f}")
            return


class Extent(NamedTuple):
    """The margins that the text of a page leaves free."""

    page: int
    top: float
    bottom: float
    left: float
    right: float


def check_margins(pages: tuple[Page, ...], closing_page: int) -> Iterator[Finding]:
    """Text keeps out of the margins on every page (I.3), and somewhere comes up to them.

    How far down text may go shows only on pages before the last two of the document proper, and only on several: what
    is kept together leaves the page before it open.
    """
    extents = [_extent(page) for page in pages if not page.turned and content(page)]
    full = [one for one in extents if one.page < closing_page - 1]
    wide = extents if any(line.width > _WIDE for page in pages for line in content(page)) else []
    for rule, side, allowed, slack, telling in (
        ("margin_top", attrgetter("top"), LIMITS.top_and_bottom, TOLERANCES.slack, extents),
        (
            "margin_bottom",
            attrgetter("bottom"),
            LIMITS.top_and_bottom,
            TOLERANCES.last_line,
            full if len(full) > 1 else [],
        ),
        ("margin_left", attrgetter("left"), LIMITS.left, TOLERANCES.slack, extents),
        ("margin_right", attrgetter("right"), LIMITS.right, TOLERANCES.slack, wide),
    ):
        narrowest = min(extents, key=side, default=None)
        if narrowest is None:
            return
        free: float = side(narrowest)
        loose = telling and min(map(side, telling)) > allowed.most + slack
        if free < allowed.least - TOLERANCES.edge:
            yield on(rule, narrowest.page, **numbers(free))
        elif loose:
            yield on(rule, telling[0].page, **numbers(min(map(side, telling))))


def _extent(page: Page) -> Extent:
    words = [word for line in content(page) for word in line.words]
    return Extent(
        page.number,
        min(word.top for word in words),
        page.height - max(word.bottom for word in words),
        min(word.left for word in words),
        page.width - max(word.right for word in words),
    )


def content(page: Page) -> tuple[Line, ...]:
    """The lines that lie between the margins: without page number and address."""
    return tuple(line for line in page.lines if not _is_number(line, page) and not _is_address(line, page))


def _is_number(line: Line, page: Page) -> bool:
    return line.text.strip("-– ").isdigit() and not 24 < line.base < page.height - 24


def _is_address(line: Line, page: Page) -> bool:
    return page.number == 1 and line.base > page.height - _FOOT and line.size <= 12 + TOLERANCES.size


def check_letters(pages: tuple[Page, ...]) -> Iterator[Finding]:
    """Times New Roman, in Unicode, black, and in the file (I.4): each said once, at its first place."""
    words = [(page, word) for page in pages for word in page.words if any(char.isalpha() for char in word.text)]
    if words and not any(word.style.font for _, word in words):
        yield Finding("unnamed_fonts")
        return
    styles = {word.style for _, word in words}
    old = {style for style in styles if _is_old(style.font)}
    foreign = {style for style in styles - old if style.font and not _simple(style.font).startswith(TYPEFACES)}
    apart = {style for style in styles if not style.embedded}
    for rule, wrong in (("old_coding", old), ("typeface", foreign), ("not_embedded", apart)):
        if wrong:
            yield from _first(words, rule, lambda word: word.style in wrong, lambda word: word.style.font)  # noqa: B023
    yield from _first(
        words, "not_composed", lambda word: not unicodedata.is_normalized("NFC", word.text), lambda word: word.text
    )
    if any(page.undecoded for page in pages):
        yield _undecoded(pages)
    yield from _coloured(pages)


def _simple(font: str) -> str:
    return font.replace(" ", "").replace("-", "").lower()


def _is_old(font: str) -> bool:
    return font.lower().startswith(LEGACY_FACES)


def _first(
    words: list[tuple[Page, Word]], rule: str, breaks: Callable[[Word], bool], seen: Callable[[Word], str]
) -> Iterator[Finding]:
    for page, word in words:
        if breaks(word):
            yield at(rule, Part(page.number, (word,)), found=seen(word))
            return


def _coloured(pages: tuple[Page, ...]) -> Iterator[Finding]:
    """The first run of words in another colour than black, except the stamps of boxes 10 and 11."""
    for page in pages:
        for line in page.lines:
            for coloured, run in groupby(line.words, lambda word: max(word.style.ink) > TOLERANCES.ink):
                part = Part(page.number, tuple(run))
                if coloured and not any(stamp in part.text for stamp in _STAMPS):
                    yield at("ink", part, found=shortened(part.text))
                    return


def check_page_numbers(pages: tuple[Page, ...], closing_page: int) -> Iterator[Finding]:
    """In the middle of the top margin, from page 2 (I.7). An annex counts its pages anew (III.1đ)."""
    for page in pages:
        found = next((line for line in page.lines if _is_number(line, page) and line.base < 24), None)
        part = Part(page.number, found.words) if found else None
        starts_annex = page.number > closing_page and any(line.text.startswith("Phụ lục") for line in page.lines[:2])
        if page.number == 1:
            if part or any(_is_number(line, page) for line in page.lines):
                yield on("first_page_number", 1)
            continue
        if starts_annex:
            continue
        if part is None or not _is_right(part, page, closing_page):
            yield on("page_number", page.number, found=str(page.number))
            return
        if faults := list(check_form("page_number_form", part)):
            yield from faults
            return


def _is_right(part: Part, page: Page, closing_page: int) -> bool:
    """Arabic digits, the page's own number, and in the middle of the page or of the text."""
    left, _, right, _ = part.box
    middle = (left + right) / 2
    of_text = page.width / 2 + (LIMITS.left.most - LIMITS.right.least) / 2
    centred = page.width / 2 - TOLERANCES.middle <= middle <= of_text + TOLERANCES.middle
    return centred and (page.number > closing_page or part.text == str(page.number))


def check_readable(pages: tuple[Page, ...]) -> Finding | None:
    """What makes every other question idle: a first page that is a picture, letters that are no text."""
    scanned = [page.number for page in pages if not page.printed and (page.pictured or not page.words)]
    if scanned and scanned[0] == 1:
        return Finding("scanned", 1, None, {"found": _listed(scanned)})
    undecoded = sum(page.undecoded for page in pages)
    if undecoded > _ILLEGIBLE * sum(len(word.text) for page in pages for word in page.words):
        return _undecoded(pages)
    return None


def _undecoded(pages: tuple[Page, ...]) -> Finding:
    first = next(page.number for page in pages if page.undecoded)
    return on("not_text", first, found=str(sum(page.undecoded for page in pages)))


def _listed(pages: list[int]) -> str:
    return f"{pages[0]}–{pages[-1]}" if len(pages) > 1 else str(pages[0])
