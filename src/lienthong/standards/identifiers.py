"""Codes of agencies, and numbers and identifiers of documents.

Two systems of agency codes are in use: QCVN 102:2016/BTTTT (13 characters, smallest unit first: `000.00.00.G22`) and
Decision 20/2020/QĐ-TTg (at most 35 characters, largest unit first: `G22`). Their group widths are not fixed and the
published mappings are data, so a code is opaque text: checked for alphabet and length, never taken apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

LONGEST_CODE = 35
"""Characters of an agency code (Decision 20/2020, Article 4; Circular 01/2022/TT-BTTTT)."""

TEST_GROUP = "Z99"
"""The group at an end of every code of a test hub; no real agency ever gets it."""

_OFFICIAL = re.compile(r"[.0-9A-Z]+")
_FIELD = re.compile(r"[.\-_0-9A-Za-z]+")
_OLD_FORM = re.compile(r"(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})")


class InvalidCode(ValueError):
    """A text is no agency code: empty, too long, or with characters that no code has."""


def is_test_code(text: str) -> bool:
    """Whether a code is one of a test hub: its first or its last group is `Z99`, whichever end is the top."""
    groups = text.strip().upper().split(".")
    return TEST_GROUP in (groups[0], groups[-1])


class CodeSystem(StrEnum):
    """Which system a code looks like; for display only."""

    QCVN_102_2016 = "QCVN 102:2016/BTTTT"
    DECISION_20_2020 = "20/2020/QĐ-TTg"


@dataclass(frozen=True)
class AgencyCode:
    """An agency's code (mã định danh cơ quan), as written.

    Attributes:
        text: at most 35 characters of `.0-9A-Z`.
        warning: True for a code that the field uses although its alphabet is wider, like `vxp.saas.03`.
    """

    text: str
    warning: bool = field(default=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> AgencyCode:
        """Check a code. Raises `InvalidCode`."""
        text = text.strip()
        if not 0 < len(text) <= LONGEST_CODE:
            raise InvalidCode(f"an agency code has 1 to {LONGEST_CODE} characters: {text[:60]!r}")
        if _OFFICIAL.fullmatch(text):
            return cls(text)
        if _FIELD.fullmatch(text):
            return cls(text, warning=True)
        raise InvalidCode(f"an agency code has only letters, digits and dots: {text!r}")

    @property
    def system(self) -> CodeSystem:
        """The code system that this spelling belongs to."""
        return CodeSystem.QCVN_102_2016 if _OLD_FORM.fullmatch(self.text) else CodeSystem.DECISION_20_2020

    def suggested_alias(self) -> AgencyCode | None:
        """The spelling in the other system by the natural rule, or None.

        A suggestion for the registry officer only: agencies re-issued their tables, so what counts is the published
        mapping (`Aliases`).
        """
        old = _OLD_FORM.fullmatch(self.text)
        if old:
            smallest, small, middle, level1 = old.groups()
            groups = [level1, middle, small, smallest]
            while set(groups[-1]) == {"0"}:
                groups.pop()
            return AgencyCode(".".join(groups))
        new = re.fullmatch(r"([A-Z]\d{2})(?:\.(\d{1,2}))?(?:\.(\d{1,2}))?(?:\.(\d{1,3}))?", self.text)
        if new:
            level1, middle, small, smallest = (group or "" for group in new.groups())
            return AgencyCode(f"{smallest.zfill(3)}.{small.zfill(2)}.{middle.zfill(2)}.{level1}")
        return None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Aliases:
    """Which spellings mean the same agency: published data, not a rule.

    Attributes:
        canonical: every known spelling → the agency's code.
    """

    canonical: Mapping[str, str]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Iterable[str]]]) -> Aliases:
        """From rows of (code, its other spellings). Raises `InvalidCode` when a spelling would mean two agencies."""
        canonical: dict[str, str] = {}
        for code, others in rows:
            for spelling in (code, *others):
                if canonical.setdefault(spelling, code) != code:
                    raise InvalidCode(f"{spelling} would mean both {canonical[spelling]} and {code}")
        return cls(canonical)

    def resolve(self, spelling: str) -> str | None:
        """The agency's code for any of its spellings, or None when nobody has it."""
        return self.canonical.get(spelling.strip())


_NUMBER = re.compile(r"(?P<number>\d{1,10})(?P<sub>[a-zđ]{0,3})/(?P<notation>[^\s/]+(?:/[^\s/]+)*)")


class InvalidNumber(ValueError):
    """A text is no document number and notation."""


@dataclass(frozen=True)
class DocumentNumber:
    """Number and notation of a document (số, ký hiệu; Decree 30/2020, Annex I, II.3).

    Attributes:
        number: from 1.
        notation: what follows the first slash; `28/2018/QĐ-TTg` is number 28, notation `2018/QĐ-TTg`.
        sub: letters of a sub-number (số phụ), mostly empty.
    """

    number: int
    notation: str
    sub: str = ""

    @classmethod
    def parse(cls, text: str) -> DocumentNumber:
        """Read `05/BNV-VP`, `12a/QĐ-UBND`, `28/2018/QĐ-TTg`. Raises `InvalidNumber`."""
        found = _NUMBER.fullmatch(unicodedata.normalize("NFC", text).strip())
        if not found:
            raise InvalidNumber(f"no number and notation: {text[:80]!r}")
        return cls(int(found["number"]), found["notation"], found["sub"])

    @property
    def printed_number(self) -> str:
        """The number as printed: below ten with a leading zero."""
        return f"{self.number:02d}{self.sub}"

    def __str__(self) -> str:
        return f"{self.printed_number}/{self.notation}"


class IdentifierForm(StrEnum):
    """The forms of document identifiers that are known on the wire (`wire.md` 2.4)."""

    DATED = "code,date,number/notation"
    YEARLY = "code,year,serial"
    UUID = "uuid"
    OTHER = "other"


_DATED = re.compile(r"([^,]+),(\d{4})/(\d{1,2})/(\d{1,2}),(.+)")
_YEARLY = re.compile(r"([^,]+),(\d{4}),(\d+)")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class DocumentIdentifier:
    """A document's identifier (mã định danh văn bản; Decision 28/2018, Article 10.2b): opaque text.

    Two identifiers are the same document when their texts are equal; the known forms are recognised for display and
    for matching by number only.
    """

    text: str

    @classmethod
    def compose(cls, agency: str, issued: date, number: DocumentNumber) -> DocumentIdentifier:
        """The form that existing software reads: `000.00.00.G22,2026/11/23,28/QĐ-VPCP`."""
        return cls(f"{agency},{issued:%Y/%m/%d},{number}")

    @property
    def form(self) -> IdentifierForm:
        """Which of the known forms this is."""
        for form, pattern in (
            (IdentifierForm.DATED, _DATED),
            (IdentifierForm.YEARLY, _YEARLY),
            (IdentifierForm.UUID, _UUID),
        ):
            if pattern.fullmatch(self.text):
                return form
        return IdentifierForm.OTHER

    @property
    def printed_number(self) -> str:
        """`number/notation` when the form carries it, else empty."""
        dated = _DATED.fullmatch(self.text)
        return dated[5] if dated else ""

    def __str__(self) -> str:
        return self.text
