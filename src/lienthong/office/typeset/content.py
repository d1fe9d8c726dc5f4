"""What is laid out: a draft, and its text taken apart by light rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lienthong.standards.statuses import Urgency

_ARTICLE = re.compile(r"^(?P<head>(?:Điều|Khoản|Mục)\s+[0-9IVXLC]+[a-zđ]?\s*[.:]|\d{1,2}[.)]|[a-zđ]\))\s*(?P<text>.*)$")
_BASIS = re.compile(r"^(Căn cứ|Theo đề nghị|Xét đề nghị|Thực hiện)\b.*[;,.]$")
_HEADING = re.compile(r"^(?:Chương|CHƯƠNG|Phần|PHẦN|Phụ lục|PHỤ LỤC)\b.{0,120}$")
_AUTHORITY = re.compile(r"^[A-ZÀ-ỸĐ\s]{4,60}:?$")
_MARKDOWN = re.compile(r"^#{1,6}\s*|\*\*|__|`")

Block = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A document to be laid out.

    Attributes:
        superior, agency: name of the superior agency (may be empty) and of the issuing one.
        type_name: empty for a letter (công văn), whose subject stands under its number.
        notation: what follows the number and the slash.
        year: of the date line; day and month are kept open.
        body: the text, one paragraph a line; see `blocks_of`.
        addressees: lines of "Kính gửi" of a letter.
        competence: authority lines above the position, separated by semicolons.
        recipients: lines of "Nơi nhận".
        annexes: (title, text) of annexes that are part of the document.
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
    type_name: str = ""
    addressees: tuple[str, ...] = ()
    competence: str = ""
    recipients: tuple[str, ...] = ()
    urgency: int = 0
    annexes: tuple[tuple[str, str], ...] = field(default=())

    def as_data(self) -> dict[str, Any]:
        """What the layout reads."""
        belongs = f"{self.type_name or 'Công văn'} số        /{self.notation}"
        return {
            "superior": self.superior,
            "agency": self.agency,
            "type_name": self.type_name,
            "notation": self.notation,
            "place": self.place,
            "year": self.year,
            "subject": self.subject,
            "addressees": list(self.addressees),
            "competence": [part.strip() for part in self.competence.split(";") if part.strip()],
            "position": self.position,
            "signer": self.signer,
            "recipients": list(self.recipients),
            "urgency_mark": Urgency(self.urgency).words.vi if self.urgency else "",
            "blocks": blocks_of(self.body),
            "annexes": [
                {"title": title, "belongs": belongs, "blocks": blocks_of(text)} for title, text in self.annexes
            ],
        }


def blocks_of(text: str) -> list[Block]:
    """A text as blocks: bases (căn cứ) in italics, articles with a bold head, bullets, tables of `|` rows, headings,
    paragraphs. What no rule knows is a paragraph, so nothing that people wrote is lost."""
    blocks: list[Block] = []
    for raw in text.splitlines():
        line = " ".join(_MARKDOWN.sub("", raw.replace("\xa0", " ")).split())
        if not line or set(line) <= set("-=*_ "):
            continue
        if line.startswith("|"):
            _add_row(blocks, line)
        else:
            blocks.append(_block(line))
    return blocks


def _block(line: str) -> Block:
    if article := _ARTICLE.match(line):
        return {"kind": "article", "head": article["head"], "text": article["text"]}
    if _BASIS.match(line):
        return {"kind": "basis", "text": line}
    if line.startswith(("- ", "• ", "+ ")):
        return {"kind": "bullet", "text": line[2:]}
    if _HEADING.match(line):
        return {"kind": "heading", "text": line}
    if _AUTHORITY.match(line):
        return {"kind": "authority", "text": line}
    return {"kind": "paragraph", "text": line}


def _add_row(blocks: list[Block], line: str) -> None:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if all(set(cell) <= set("-: ") for cell in cells):
        return
    if blocks and blocks[-1]["kind"] == "table":
        width = len(blocks[-1]["rows"][0])
        blocks[-1]["rows"].append((cells + [""] * width)[:width])
    else:
        blocks.append({"kind": "table", "rows": [cells]})
