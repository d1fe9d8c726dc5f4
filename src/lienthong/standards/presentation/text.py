"""The text between head and end: size, first lines, distance of lines (Annex I, II.6e)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
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
_FEW = 3
"""Pairs of lines below which nothing is usual."""
_DEEPEST = 25.0
_AT_EDGE = 1.0
_PARAGRAPH = 9.0
_EARLY = 10.0
"""Millimetres before the right edge at which a line ends that is the last of its paragraph."""


@dataclass(frozen=True)
class Text:
    """The lines of paragraphs in their order, and where text begins and ends on a line."""

    lines: tuple[tuple[Page, Line], ...]
    left: float
    right: float


def locate(pages: tuple[Page, ...], head_ends: float, closing: tuple[int, float]) -> Text:
    """Find the paragraphs between the head and the end, which stands on a page at a place."""
    page_of_closing, top = closing
    every = [(page, line) for page in pages if page.number <= page_of_closing for line in content(page)]
    left = min((line.left for _, line in every), default=0.0)
    between = [
        (page, line)
        for page, line in every
        if (page.number > 1 or line.base > head_ends + 1) and (page.number < page_of_closing or line.base < top - 1)
    ]
    right = max((line.right for _, line in between), default=0.0)
    prose = (
        (page, line)
        for page, line in between
        if line.width > _PROSE * (right - left) and max(line.gaps, default=0) < _CELL_GAP
    )
    return Text(tuple(prose), left, right)


def check_text(text: Text) -> Iterator[Finding]:
    """Size of most letters, indent of most first lines, distance of most lines."""
    if not text.lines:
        return
    sizes: Counter[float] = Counter()
    for _, line in text.lines:
        sizes[round(line.size, 1)] += len(line.text)
    most = sizes.most_common(1)[0][0]
    page, line = next((page, line) for page, line in text.lines if round(line.size, 1) == most)
    yield from check_form("body_form", Part(page.number, line.words))
    yield from _check_indent(text)
    yield from _check_spacing(text)


def _check_indent(text: Text) -> Iterator[Finding]:
    """A first line is followed by one at the edge. It stands in, or what came before it ended early."""
    indents: list[tuple[float, Part]] = []
    ended = True
    for (page, first), (next_page, second) in pairwise(text.lines):
        goes_on = page is next_page and 0 < second.base - first.base < _PARAGRAPH
        indent = first.left - text.left
        if goes_on and second.left - text.left < _AT_EDGE and indent < _DEEPEST and (ended or indent > _AT_EDGE):
            indents.append((indent, Part(page.number, first.words)))
        ended = first.right < text.right - _EARLY and first.text[-1] in ".;:!?"
    wrong = [
        (indent, part) for indent, part in indents
        if all(abs(indent - allowed) > TOLERANCES.indent for allowed in LIMITS.indents)
    ]  # fmt: skip
    if len(wrong) * 2 > len(indents):
        indent, part = wrong[0]
        yield at("indent", part, **numbers(max(indent, 0)))


def _check_spacing(text: Text) -> Iterator[Finding]:
    """Within paragraphs only: their lines begin at one edge."""
    spaced = [
        ((second.base - first.base) / (second.size * PT), Part(page.number, second.words))
        for (page, first), (next_page, second) in pairwise(text.lines)
        if page is next_page
        and 0 < second.base - first.base < 2.5 * second.size * PT
        and second.left - text.left < _AT_EDGE
    ]
    if len(spaced) < _FEW:
        return
    usual = median(ratio for ratio, _ in spaced)
    least, most = LIMITS.spacing
    if not fits(usual, Range(least * (1 - TOLERANCES.spacing), most * (1 + TOLERANCES.spacing)), 0):
        yield at("spacing", spaced[0][1], **numbers(usual / least))
