"""What is known of a document before it is read, and what is found when it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from lienthong.standards.presentation.reading import Page, Style, Word, lines_of
from lienthong.standards.presentation.rules import BY_ID, TOLERANCES, Form, Range, Severity, number
from lienthong.standards.statuses import Words

_BELOW = 7.0
"""Millimetres below a line within which its rule stands."""
LONGEST = 200
"""Characters of a text that a finding repeats."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres from the upper left corner of the page."""


@dataclass(frozen=True)
class Known:
    """What the record says of the document. What is empty is taken from the pages where they tell it, or not asked.

    Attributes:
        type_name: as in `doctypes`; a type without an abbreviation has the form of a letter.
        competence: authority lines above the position, separated by semicolons.
        office: another office of the signer, above the name: of who signs for an advisory body (II.7c).
        urgency: 0 to 4.
        added: pages at the end that the system put there: they may bear signer and recipients, and are not judged.
    """

    type_name: str = ""
    agency: str = ""
    superior: str = ""
    notation: str = ""
    position: str = ""
    competence: str = ""
    office: str = ""
    signer: str = ""
    urgency: int = 0
    added: int = 0


@dataclass(frozen=True)
class Part:
    """A part of the document: words on one page."""

    page: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return (
            min(word.left for word in self.words),
            min(word.top for word in self.words),
            max(word.right for word in self.words),
            max(word.bottom for word in self.words),
        )

    @property
    def base(self) -> float:
        """The lowest baseline."""
        return max(word.base for word in self.words)

    def share(self, holds: Callable[[Style], bool]) -> float:
        """Which share of its letters has a style."""
        total = sum(len(word.text) for word in self.words)
        return sum(len(word.text) for word in self.words if holds(word.style)) / total

    @property
    def size(self) -> float:
        """The size of most of its letters, in points."""
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[round(word.style.size, 1)] += len(word.text)
        return sizes.most_common(1)[0][0]


@dataclass(frozen=True)
class Finding:
    """A rule that speaks: where, and what was seen there.

    Attributes:
        rule: id of the rule.
        page: page number, from 1; None for the document as a whole.
        seen: what the words of the rule are filled with.
    """

    rule: str
    page: int | None = None
    box: Box | None = None
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return BY_ID[self.rule].severity

    @property
    def clause(self) -> str:
        return BY_ID[self.rule].clause

    @property
    def found(self) -> Words:
        """What is there."""
        return _filled(BY_ID[self.rule].found, self.seen)

    @property
    def should(self) -> Words:
        """What should be there."""
        return _filled(BY_ID[self.rule].should, self.seen)

    def as_dict(self) -> dict[str, Any]:
        """For storage and for programs, words included: they stay what was said when it was found."""
        return {
            "rule": self.rule, "severity": self.severity.value, "clause": self.clause, "page": self.page,
            "box": [round(side, 1) for side in self.box] if self.box else None,
            "found": self.found.vi, "found_en": self.found.en,
            "should": self.should.vi, "should_en": self.should.en,
        }  # fmt: skip


def _filled(words: Words, seen: dict[str, str]) -> Words:
    """What is not known leaves no gap."""
    vi, en = (" ".join(text.format_map(seen).split()).replace(" .", ".") for text in words)
    return Words(vi, en)


def at(rule: str, part: Part, **seen: str) -> Finding:
    """A finding at a part."""
    return Finding(rule, part.page, part.box, _shown(seen))


def on(rule: str, page: int, **seen: str) -> Finding:
    """A finding on a page."""
    return Finding(rule, page, None, _shown(seen))


def _shown(seen: dict[str, str]) -> dict[str, str]:
    """What a file says, fit to be shown and stored: short, and nothing that turns or hides other text."""
    return {
        name: shortened("".join(char for char in text if char.isprintable()), LONGEST) for name, text in seen.items()
    }


def numbers(value: float) -> dict[str, str]:
    """A figure as `found`, in both writings."""
    return {"found": number(value), "found_en": number(value).replace(",", ".")}


def fits(value: float, allowed: Range, tolerance: float) -> bool:
    """Whether a value lies in a range, or so near that it cannot be told apart."""
    return allowed.least - tolerance <= value <= allowed.most + tolerance


def check_form(rule: str, part: Part | None) -> Iterable[Finding]:
    """Whether a part that is there is set as its rule asks; says only what is not."""
    form = BY_ID[rule].form
    if part is None or form is None:
        return
    vi, en = zip(*_deviations(part, form), strict=True) if any(_deviations(part, form)) else ((), ())
    if vi:
        yield at(rule, part, found=", ".join(vi), found_en=", ".join(en))


def check_line(rule: str, part: Part | None, page: Page, length: Range) -> Iterable[Finding]:
    """Whether a rule of its length stands below a part, where the page shows all its rules."""
    if part is None or page.strokes is None:
        return
    left, _, right, _ = part.box
    below = [
        stroke for stroke in page.strokes
        if -0.5 < stroke.base - part.base < _BELOW and abs(stroke.middle - (left + right) / 2) < TOLERANCES.middle
    ]  # fmt: skip
    if not below:
        yield at(f"{rule}_line", part)
        return
    nearest = min(below, key=lambda stroke: stroke.base)
    share = (nearest.right - nearest.left) / _longest_line(part)
    if not fits(share, length, TOLERANCES.rule):
        yield at(f"{rule}_line_length", part, found=f"{share * 100:.0f}")


def _longest_line(part: Part) -> float:
    return max(line.width for line in lines_of(part.words))


def _deviations(part: Part, form: Form) -> list[Words]:
    found = []
    if not fits(part.size, form.size, TOLERANCES.size):
        size = number(part.size)
        found.append(Words(f"cỡ chữ {size}", f"{size.replace(',', '.')} pt"))
    slope = part.share(lambda style: style.italic)
    weight = part.share(lambda style: style.bold)
    for share, wanted, yes, no in (
        (slope, form.italic, Words("nghiêng", "in italics"), Words("đứng", "upright")),
        (weight, form.bold, Words("đậm", "bold"), Words("không đậm", "not bold")),
    ):
        if wanted is not None and (share >= 0.5) != wanted:
            found.append(yes if share >= 0.5 else no)
    if form.capitals is not None and part.text.isupper() != form.capitals:
        found.append(Words("chữ thường", "in lower case") if form.capitals else Words("in hoa", "in capitals"))
    return found


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text, for a message."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def own_pages(pages: tuple[Page, ...], known: Known) -> tuple[Page, ...]:
    """The pages that people made."""
    return pages[: len(pages) - known.added] if known.added else pages
