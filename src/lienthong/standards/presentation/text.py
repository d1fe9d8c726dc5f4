"""The text between head and end: size, first lines, distance of lines (Annex I, II.6e)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from lienthong.standards.presentation.findings import Finding, Part, at, check_form, fits, numbers
from lienthong.standards.presentation.reading import PT, Line, Page
from lienthong.standards.presentation.rules import LIMITS, TOLERANCES, Range
from lienthong.standards.presentation.sheets import content

_PROSE = 0.55
"""Share of the text's width from which on a line is one of a paragraph, not a heading or a cell of a table."""
_CELL_GAP = 6.0
"""Millimetres between words that no justified line leaves."""
_DEEPEST = 25.0
_AT_EDGE = 1.0
_PARAGRAPH = 9.0
_EARLY = 10.0
"""Millimetres before the right edge at which a line ends that is the last of its paragraph."""


def lines_of_text(pages: tuple[Page, ...], head_ends: float, closing: tuple[int, float]) -> list[tuple[Page, Line]]:
    """The lines of paragraphs, in their order."""
    page_of_closing, top = closing
    found = [
        (page, line)
        for page in pages
        if page.number <= page_of_closing
        for line in content(page)
        if (page.number > 1 or line.base > head_ends + 1) and (page.number < page_of_closing or line.base < top - 1)
    ]
    if not found:
        return []
    width = max(line.right for _, line in found) - min(line.left for _, line in found)
    return [
        (page, line) for page, line in found if line.width > _PROSE * width and max(line.gaps, default=0) < _CELL_GAP
    ]


def check_text(lines: list[tuple[Page, Line]]) -> Iterator[Finding]:
    """Size of most letters, indent of most first lines, distance of most lines."""
    if not lines:
        return
    sizes: Counter[float] = Counter()
    for _, line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    most = sizes.most_common(1)[0][0]
    page, line = next((page, line) for page, line in lines if round(line.size, 1) == most)
    yield from check_form("body_form", Part(page.number, line.words))
    yield from _check_indent(lines)
    yield from _check_spacing(lines)


def _check_indent(lines: list[tuple[Page, Line]]) -> Iterator[Finding]:
    """A first line is followed by one at the edge. It stands in, or what came before it ended early."""
    edge, right = min(line.left for _, line in lines), max(line.right for _, line in lines)
    indents: list[tuple[float, Part]] = []
    ended = True
    for (page, first), (next_page, second) in pairwise(lines):
        goes_on = page is next_page and 0 < second.base - first.base < _PARAGRAPH
        indent = first.left - edge
        if goes_on and second.left - edge < _AT_EDGE and indent < _DEEPEST and (ended or indent > _AT_EDGE):
            indents.append((indent, Part(page.number, first.words)))
        ended = first.right < right - _EARLY and first.text[-1] in ".;:!?"
    wrong = [
        (indent, part) for indent, part in indents
        if all(abs(indent - allowed) > TOLERANCES.indent for allowed in LIMITS.indents)
    ]  # fmt: skip
    if len(wrong) * 2 > len(indents):
        indent, part = wrong[0]
        yield at("indent", part, **numbers(max(indent, 0)))


def _check_spacing(lines: list[tuple[Page, Line]]) -> Iterator[Finding]:
    """Within paragraphs only: their lines begin at one edge."""
    edge = min(line.left for _, line in lines)
    spaced = [
        ((second.base - first.base) / (second.size * PT), Part(page.number, second.words))
        for (page, first), (next_page, second) in pairwise(lines)
        if page is next_page and 0 < second.base - first.base < 2.5 * second.size * PT and second.left - edge < _AT_EDGE
    ]
    if len(spaced) < 3:
        return
    usual = median(ratio for ratio, _ in spaced)
    least, most = LIMITS.spacing
    if not fits(usual, Range(least * (1 - TOLERANCES.spacing), most * (1 + TOLERANCES.spacing)), 0):
        yield at("spacing", spaced[0][1], **numbers(usual / least))
