"""Rules of presentation in the office: what the check finds in a version, what is shown of it, and whether it blocks
(Decision 28/2018, Article 6.4; Decree 30/2020, Article 12 and Annex I)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lienthong.look.language import choose
from lienthong.office.errors import SHORTEST_REASON, PresentationFaults
from lienthong.office.models import PresentationPolicy, Version
from lienthong.standards.presentation import Finding, Known, Severity, Unreadable, check_apart

Row = dict[str, Any]


def findings(pdf: bytes, known: Known) -> list[Row]:
    """What breaks the rules in a PDF, for storage. What cannot be read is a note: it keeps nobody from drafting."""
    try:
        found = check_apart(pdf, known)
    except Unreadable as reason:
        found = (Finding("not_checked", seen={"found": reason.words.vi, "found_en": reason.words.en}),)
    return [one.as_dict() for one in found]


def faults(version: Version) -> list[Row]:
    """What is missing or wrong; notes only say what could not be judged."""
    return [row for row in version.findings or [] if row["severity"] != Severity.NOTE]


def blocking(version: Version) -> list[Row]:
    """The faults that keep the presentation from being confirmed, by the agency's policy."""
    policy = version.document.organization.presentation_policy
    return faults(version) if policy == PresentationPolicy.BLOCK else []


def require_reason(blocked_by: list[Row], reason: str) -> None:
    """Raises `PresentationFaults`, which lists them, unless there is a reason to confirm all the same."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise PresentationFaults(
            count=len(blocked_by),
            faults="; ".join(row["found"] for row in blocked_by),
            faults_en="; ".join(row["found_en"] for row in blocked_by),
        )


@dataclass(frozen=True)
class Shown:
    """What a page shows of a check.

    Attributes:
        made: whether there was one; versions from before it have none.
        faults, notes: rows with `found`, `should`, `clause`, `page`, `box`, in the language of the page.
    """

    made: bool
    faults: list[Row]
    notes: list[Row]

    @property
    def rows(self) -> list[Row]:
        return self.faults + self.notes


def shown(version: Version) -> Shown:
    """The findings of a version in words."""
    rows = [
        {
            **row,
            "found": choose(row["found"], row["found_en"]),
            "should": choose(row["should"], row["should_en"]),
            "box": ",".join(map(str, row["box"] or ())),
        }
        for row in version.findings or []
    ]
    return Shown(
        made=version.findings is not None,
        faults=[row for row in rows if row["severity"] != Severity.NOTE],
        notes=[row for row in rows if row["severity"] == Severity.NOTE],
    )
