"""Where the words of a question stand in a text: as pieces, each a hit or not, so that a page can escape both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from lienthong.office.search.questions import LEAST_BEGUN
from lienthong.standards.plaintext import plain

BEFORE, AFTER = 50, 100
"""Characters of an extract around its first hit."""


class Piece(NamedTuple):
    """A part of a text, and whether it is what was looked for."""

    text: str
    hit: bool = False


class _Plain(dict[int, str]):
    """Each letter as one plain letter, so that places in the plain text are places in the text."""

    def __missing__(self, code: int) -> str:
        self[code] = found = (plain(chr(code)) or " ")[0]
        return found


_PLAIN = _Plain()


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """A text with every word of the question marked, wherever it stands."""
    return _pieces(unicodedata.normalize("NFC", text), _any_of(words)) if words else [Piece(text)]


def extract(text: str, words: Sequence[str]) -> list[Piece]:
    """The place of a text where the words stand together, marked; nothing where they do not."""
    pattern = _together(words)
    found = pattern.search(text.translate(_PLAIN))
    if found is None:
        return []
    start, end = max(0, found.start() - BEFORE), min(len(text), found.end() + AFTER)
    start = text.find(" ", start, found.start()) + 1 if start else 0
    cut = text.rfind(" ", found.end(), end) if end < len(text) else end
    shown = " ".join(text[max(start, 0) : cut if cut > 0 else end].split())
    pieces = _pieces(shown, pattern)
    return [*([Piece("… ")] if start else []), *pieces, *([Piece(" …")] if end < len(text) else [])]


def _pieces(text: str, pattern: re.Pattern[str]) -> list[Piece]:
    pieces, done = list[Piece](), 0
    for found in pattern.finditer(text.translate(_PLAIN)):
        if found.start() > done:
            pieces.append(Piece(text[done : found.start()]))
        pieces.append(Piece(text[found.start() : found.end()], hit=True))
        done = found.end()
    return [*pieces, Piece(text[done:])] if done < len(text) else pieces


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    *whole, last = words
    said = [rf"{re.escape(word)}(?![a-z0-9])" for word in whole] + [_last(last)]
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(said)})")


def _together(words: Sequence[str]) -> re.Pattern[str]:
    *whole, last = words
    before = "".join(f"{re.escape(word)}[^a-z0-9]+" for word in whole)
    # Where words stand together the last may have begun with a letter; a word alone is whole.
    end = f"{re.escape(last)}[a-z0-9]*" if whole else rf"{re.escape(last)}(?![a-z0-9])"
    return re.compile(rf"(?<![a-z0-9]){before}{end}")


def _last(word: str) -> str:
    """A word that may have only begun: all of it is marked."""
    return rf"{re.escape(word)}[a-z0-9]*" if len(word) >= LEAST_BEGUN else rf"{re.escape(word)}(?![a-z0-9])"
