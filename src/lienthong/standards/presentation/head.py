"""The head of the first page: national name and motto, agencies, number, date, type, subject, addressees, urgency."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lienthong.standards.doctypes import LETTER, TYPES, by_name
from lienthong.standards.presentation.findings import Known, Part
from lienthong.standards.presentation.likeness import abbreviated, alike, plain
from lienthong.standards.presentation.reading import Line, Page, Word, lines_of
from lienthong.standards.presentation.rules import MOTTO, NATIONAL_NAME

HEAD_ENDS = 130.0
"""Millimetres from the top above which everything of the head stands."""
NEAR = 15.0
"""Millimetres below one part within which the next one of its column begins."""
NEXT_LINE = 9.0
"""Millimetres within which a text goes on."""
_ALIKE = 0.75
_COLUMN_GAP = 3.0
_GAP = r"[\d.…_]*"
_DATE = re.compile(rf"\bngày\s*{_GAP}\s*tháng\s*{_GAP}\s*năm\s*{_GAP}[.]?$", re.IGNORECASE)
_TYPE_NAMES = {plain(kind.name): kind.name for kind in TYPES if kind.abbreviation}


@dataclass(frozen=True)
class Head:
    """The parts of the head that were found."""

    national_name: Part | None
    motto: Part | None
    left: tuple[Part, ...]
    superior: Part | None
    agency: Part | None
    number: Part | None
    date: Part | None
    letter_subject: Part | None
    type_name: Part | None
    subject: Part | None
    addressees: Part | None
    type_known: str

    @property
    def is_letter(self) -> bool:
        kind = by_name(self.type_known)
        return kind is not None and not kind.abbreviation

    @property
    def ends(self) -> float:
        """The lowest baseline of the head."""
        parts = (self.number, self.letter_subject, self.type_name, self.subject, self.addressees, self.agency)
        return max((part.base for part in parts if part), default=0.0)


def locate(page: Page, known: Known) -> Head:
    """Find the parts of the head."""
    # 1. what stands at the right tells where the left column ends
    lines = tuple(line for line in page.lines if line.base < HEAD_ENDS)
    national = _like(lines, NATIONAL_NAME)
    start = national.base if national else 0.0
    below = tuple(line for line in lines if not national or 0 < line.base - start < NEAR)
    motto = _like(below, MOTTO)
    split = min((part.box[0] for part in (national, motto) if part), default=page.width * 0.45)
    # 2. number and date, which may share a line
    numbered = next((line for line in lines if re.match(r"Số\b", line.text, re.IGNORECASE)), None)
    number = _part(_number_words(numbered)) if numbered else None
    date = next(filter(None, map(_date_part, lines)), None)
    # 3. the agencies, above the number
    lowest = numbered.base - 1 if numbered else start + 30
    left = tuple(_part(line.words) for line in lines_of(_left_of(lines, split)) if start - NEAR < line.base < lowest)
    agency = _named(left, known.agency)
    superior = _named(_above(left, agency), known.superior, abbreviated) if known.superior else None
    # 4. what follows the number
    from_here = numbered.base if numbered else start
    rest = tuple(line for line in lines if line.base > from_here + 1)
    letter_subject = _letter_subject(rest, split)
    title, type_name = _title(rest, known, letter_subject)
    return Head(
        national_name=national, motto=motto, left=left, number=number, date=date, agency=agency,
        superior=superior if known.superior else _first_plain(left, agency),
        letter_subject=letter_subject, type_name=title, subject=_subject(rest, title),
        addressees=_addressees(rest), type_known=type_name,
    )  # fmt: skip


def _part(words: tuple[Word, ...], page: int = 1) -> Part:
    return Part(page, words)


def _like(lines: tuple[Line, ...], wanted: str) -> Part | None:
    """The end of a line that looks most like a text: what stands at the left is no part of it."""
    length, best, found = len(wanted.split()), _ALIKE, None
    for line in lines:
        for start in range(max(0, len(line.words) - length - 3), max(1, len(line.words) - 2)):
            words = line.words[start:]
            score = alike(" ".join(word.text for word in words), wanted)
            if score > best:
                best, found = score, _part(words)
    return found


def _left_of(lines: tuple[Line, ...], split: float) -> tuple[Word, ...]:
    return tuple(word for line in lines for word in line.words if (word.left + word.right) / 2 < split)


def _parting(words: tuple[Word, ...], start: int) -> int | None:
    """The index of the word with which another column begins, from a word on: after a change of slope, for a date is in
    italics and a number is not; else after the widest gap."""
    after = range(max(1, start), len(words))
    if sloped := [i for i in after if words[i].style.italic != words[i - 1].style.italic]:
        return sloped[0]
    widest = max(((words[i].left - words[i - 1].right, i) for i in after), default=(0.0, 0))
    return widest[1] if widest[0] >= _COLUMN_GAP else None


def _after_slash(words: tuple[Word, ...]) -> int:
    return next((i + 1 for i, word in enumerate(words) if "/" in word.text and len(word.text) > 1), 2)


def _number_words(line: Line) -> tuple[Word, ...]:
    """The words of a line up to the date that may stand on it; the gap for the number is none of its ends."""
    found = _DATE.search(line.text)
    words = line.words
    if found:
        words = words[: len(line.text[: found.start()].split())]
    return words[: _parting(words, _after_slash(words))]


def _date_part(line: Line) -> Part | None:
    found = _DATE.search(line.text)
    if not found:
        return None
    before = line.words[: len(line.text[: found.start()].split())]
    numbered = re.match(r"Số\b", line.text, re.IGNORECASE)
    start = _parting(before, _after_slash(before) if numbered else 0)
    return _part(line.words[start or (len(before) if numbered else 0) :])


def _named(left: tuple[Part, ...], name: str, simplified: Callable[[str], str] = plain) -> Part | None:
    """The lines that together read as a name; of an unknown name the bold lines, or the last ones."""
    if not left:
        return None
    if not name:
        bold = [part for part in left if part.share(lambda style: style.bold) > 0.5]
        words = tuple(word for part in bold or left[-1:] for word in part.words)
        return _part(words)
    # From below: an agency may be called as the one above it.
    for first in reversed(range(len(left))):
        for last in range(first + 1, len(left) + 1):
            words = tuple(word for part in left[first:last] for word in part.words)
            if simplified(" ".join(word.text for word in words)) == simplified(name):
                return _part(words)
    return None


def _above(left: tuple[Part, ...], agency: Part | None) -> tuple[Part, ...]:
    return tuple(part for part in left if agency is None or part.base < agency.box[1])


def _first_plain(left: tuple[Part, ...], agency: Part | None) -> Part | None:
    """Of an unknown superior: the lines above the issuing agency."""
    above = _above(left, agency) if agency else ()
    return _part(tuple(word for part in above for word in part.words)) if above else None


def _letter_subject(rest: tuple[Line, ...], split: float) -> Part | None:
    column = lines_of(_left_of(rest, split))
    for index, line in enumerate(column):
        if re.match(r"V/v\b", line.text, re.IGNORECASE):
            return _part(_running(column[index:], lambda one: not one.text.startswith("Kính gửi")))
    return None


def _running(lines: tuple[Line, ...], belongs: Callable[[Line], bool]) -> tuple[Word, ...]:
    """The first line and those that go on from it."""
    words, last = list(lines[0].words), lines[0].base
    for line in lines[1:]:
        if line.base - last > NEXT_LINE or not belongs(line):
            break
        words.extend(line.words)
        last = line.base
    return tuple(words)


def _title(rest: tuple[Line, ...], known: Known, letter_subject: Part | None) -> tuple[Part | None, str]:
    """The line of the type's name, and the type: as known, or as the page tells."""
    if known.type_name:
        found = next((line for line in rest if _is_title(line) and plain(line.text) == plain(known.type_name)), None)
        return (_part(found.words) if found else None), known.type_name
    if letter_subject:
        return None, LETTER.name
    for line in rest:
        if _is_title(line) and line.text.isupper() and plain(line.text) in _TYPE_NAMES:
            return _part(line.words), _TYPE_NAMES[plain(line.text)]
    return None, ""


def _is_title(line: Line) -> bool:
    """ "QUYẾT ĐỊNH:" begins what is decided; the type's name has no colon."""
    return not line.text.endswith(":")


def _subject(rest: tuple[Line, ...], title: Part | None) -> Part | None:
    """The lines below the type's name that are centred as it is, or bold."""
    if title is None:
        return None
    below = tuple(line for line in rest if line.base > title.base + 1)
    if not below or below[0].base - title.base > NEAR or re.match(r"(Căn cứ|Kính gửi|Điều|I\.|1\.)", below[0].text):
        return None
    middle = (title.box[0] + title.box[2]) / 2

    def belongs(line: Line) -> bool:
        bold = _part(line.words).share(lambda style: style.bold) > 0.5
        return bold or (abs(line.middle - middle) < 4 and line.width < 135)

    return _part(_running(below, belongs)) if belongs(below[0]) else None


def _addressees(rest: tuple[Line, ...]) -> Part | None:
    for index, line in enumerate(rest):
        if re.match(r"Kính gửi", line.text, re.IGNORECASE):
            return _part(_running(rest[index:], lambda one: one.text.startswith("-")))
    return None
