"""What is laid out: a draft, and its text taken apart by light rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lienthong.office.typeset.blocks import blocks_of
from lienthong.standards.statuses import Urgency

_STAMP_MM = {Urgency.URGENT: 20, Urgency.VERY_URGENT: 40, Urgency.EXPRESS: 30, Urgency.EXPRESS_TIMED: 50}
"""Widths of the urgency stamps, 8 mm high (Annex I, III.2b); the timed one, which the decree no longer names, has the
width that its words need."""
_SHORT = {"ủy ban nhân dân": "UBND", "uỷ ban nhân dân": "UBND", "hội đồng nhân dân": "HĐND"}
_LONG_NAME = re.compile("|".join(_SHORT), re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """A document to be laid out.

    Attributes:
        superior, agency: name of the superior agency (may be empty) and of the issuing one.
        type_name: empty for a letter (công văn), whose subject stands under its number.
        notation: what follows the number and the slash.
        year: of the date line; day and month are kept open.
        body: the text, one paragraph a line; see `blocks_of`.
        addressees: lines of "Kính gửi": of a letter, or of a report or submission to a higher agency.
        competence: authority lines above the position, separated by semicolons.
        office: another office of the signer, right above the name (box 7b).
        recipients: lines of "Nơi nhận".
        annexes: (title, text) of annexes that are part of the document; a line "Phụ lục II" of its own may begin the
            title.
        circulation: a limit such as "LƯU HÀNH NỘI BỘ" (box 11).
        drafter_mark: the drafter's initials and the number of copies (box 12).
        contact: address, telephone, e-mail at the foot of the first page (box 13).
    """

    agency: str
    notation: str
    place: str
    year: int
    subject: str
    body: str
    position: str
    signer: str
    superior: str = ""
    office: str = ""
    type_name: str = ""
    addressees: tuple[str, ...] = ()
    competence: str = ""
    recipients: tuple[str, ...] = ()
    urgency: int = 0
    annexes: tuple[tuple[str, str], ...] = field(default=())
    circulation: str = ""
    drafter_mark: str = ""
    contact: str = ""

    def as_data(self) -> dict[str, Any]:
        """What the layout reads."""
        urgency = Urgency(self.urgency)
        return {
            "superior": _LONG_NAME.sub(lambda found: _SHORT[found[0].lower()], self.superior),
            "agency": self.agency,
            "type_name": self.type_name,
            "notation": self.notation,
            "place": self.place,
            "year": self.year,
            "subject": self.subject,
            "addressees": _addressees(self.addressees),
            "competence": [part.strip() for part in self.competence.split(";") if part.strip()],
            "position": self.position,
            "office": self.office,
            "signer": self.signer,
            "recipients": [_dashed(line) for line in self.recipients],
            "urgency_mark": urgency.words.vi if urgency else "",
            "urgency_width": _STAMP_MM.get(urgency, 0),
            "circulation": self.circulation,
            "drafter_mark": self.drafter_mark,
            "contact": self.contact,
            "blocks": blocks_of(self.body),
            "annexes": [self.annex_data(title, text) for title, text in self.annexes],
            "alone": False,
        }

    def annex_data(self, title: str, text: str) -> dict[str, Any]:
        """What the layout reads of an annex."""
        label, _, name = title.strip().partition("\n")
        # Number and date stay blank on the annex of an electronic document (Annex I, III.1c; template 2.2).
        blank = "\u00a0" * 6
        number, date = f"số{blank}/{self.notation}", f"ngày{blank}tháng{blank}năm{blank}"
        belongs = f"(Kèm theo {self.type_name or 'Công văn'} {number} {date} của {self.agency})"
        return {"label": label, "name": name.strip(), "belongs": belongs, "blocks": blocks_of(text)}


def _addressees(lines: tuple[str, ...]) -> list[str]:
    """One addressee stands beside "Kính gửi:"; of several each has its line, closed by a semicolon, the last by a stop
    (Annex I, II.9d)."""
    names = [name for line in lines if (name := line.strip().removeprefix("-").strip().rstrip(";.,"))]
    if len(names) < 2:
        return names
    return [f"{name};" for name in names[:-1]] + [f"{names[-1]}."]


def _dashed(line: str) -> str:
    return line if line.startswith("-") else f"- {line}"
