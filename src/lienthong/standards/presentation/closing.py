"""The end of the document: authority, position and name of the signer, and the recipients beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lienthong.standards.presentation.findings import Known, Part
from lienthong.standards.presentation.likeness import plain
from lienthong.standards.presentation.reading import Line, Page, Word

ABOVE_NAME = 75.0
"""Millimetres above the signer's name within which authority and position stand, the signature between them."""
_COLUMNS = (75.0, 130.0)
"""Between these places the two columns part."""
_COLUMN_GAP = 4.0
_HEADING = re.compile(r"^Nơi\s+nhận\b", re.IGNORECASE)
_ARCHIVE = re.compile(r"^[-–—+•]?\s*Lưu\b", re.IGNORECASE)


@dataclass(frozen=True)
class Closing:
    """The parts of the end that were found. `page`: where it stands, `top`: its first baseline there."""

    page: int
    top: float
    authority: tuple[Part, ...]
    signer: Part | None
    heading: Part | None
    recipients: Part | None
    archive: Part | None
    after_archive: Part | None


def locate(pages: tuple[Page, ...], known: Known) -> Closing:
    """Find the end, from the last page backwards: an annex may follow it, and the text may speak of recipients."""
    for page in reversed(pages):
        columns = [_parted(line, page) for line in page.lines]
        left = [(Part(page.number, words)) for words, _ in columns if words]
        right = [(Part(page.number, words)) for _, words in columns if words]
        heading = next((index for index, part in enumerate(left) if _HEADING.match(part.text)), None)
        start = left[heading].base if heading is not None else None
        signer = _signer(right, known.signer, start)
        if heading is not None or (signer and known.signer):
            return _closing(page, left[heading:] if heading is not None else [], right, signer, start)
    return Closing(pages[-1].number, pages[-1].height, (), None, None, None, None, None)


def _closing(page: Page, left: list[Part], right: list[Part], signer: Part | None, start: float | None) -> Closing:
    top = start if start is not None else (signer.base - ABOVE_NAME if signer else 0.0)
    ends = signer.base if signer else page.height
    above = [part for part in right if top - 2 <= part.base < ends - 1]
    bold = [part for part in above if signer and part.share(lambda style: style.bold) > 0.5]
    capitals = [part for part in above if part.text.isupper() or part in bold]
    listed = left[1:]
    archive = next((index for index, part in enumerate(listed) if _ARCHIVE.match(part.text)), None)
    after = (
        next((part for part in listed[archive + 1 :] if part.text[0] in "-–"), None) if archive is not None else None
    )
    first = capitals[0].base if capitals else ends
    return Closing(
        page=page.number,
        top=min(first, top if start is not None else first),
        authority=tuple(capitals),
        signer=signer,
        heading=_heading(left[0]) if left else None,
        recipients=_joined(page, listed[: (archive + 1) if archive is not None else None]),
        archive=listed[archive] if archive is not None else None,
        after_archive=after,
    )


def _parted(line: Line, page: Page) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """A line as two columns: apart at its widest gap about the middle of the page, else by where its words stand."""
    words = line.words
    gaps = [
        (words[i].left - words[i - 1].right, i) for i in range(1, len(words))
        if _COLUMNS[0] < (words[i].left + words[i - 1].right) / 2 < _COLUMNS[1]
    ]  # fmt: skip
    widest = max(gaps, default=(0.0, 0))
    if widest[0] >= _COLUMN_GAP:
        return words[: widest[1]], words[widest[1] :]
    return (words, ()) if line.middle < page.width / 2 or line.left < _COLUMNS[0] else ((), words)


def _signer(right: list[Part], name: str, start: float | None) -> Part | None:
    """The line that ends with the signer's name; of an unknown one the last bold line below the position."""
    if name:
        named = [part for part in right if plain(part.text).endswith(plain(name))]
        return named[-1] if named else None
    below = [part for part in right if start is not None and part.base > start + 3 and not part.text.isupper()]
    bold = [part for part in below if part.share(lambda style: style.bold) > 0.5]
    return next(reversed(bold or below), None)


def _heading(part: Part) -> Part:
    """ "Nơi nhận:" alone, also where the list begins on its line."""
    return Part(part.page, part.words[:2])


def _joined(page: Page, parts: list[Part]) -> Part | None:
    words = tuple(word for part in parts for word in part.words)
    return Part(page.number, words) if words else None
