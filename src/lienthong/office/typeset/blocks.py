"""A text taken apart by light rules: what a drafter types, one paragraph a line, as the parts that Annex I names.

What no rule knows is a paragraph, so nothing that people wrote is lost. A rule that could be wrong in the middle of a
sentence asks for more than one sign: "Phần lớn các cơ quan…" is no heading, "Thực hiện chỉ đạo…" no legal basis.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

Block = dict[str, Any]

_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_HASHES = re.compile(r"^#{1,6}\s+")
_ARTICLE = re.compile(r"^(?P<head>Điều\s+\d+[a-zđ]?\s*[.:]?)(?:\s+(?P<text>.*))?$")
_NUMBERED = re.compile(r"^(?:[IVX]{1,6}[.)]|\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}[.)]?)\s+\S")
_POINT = re.compile(r"^(?:[-+•]\s+)?(?P<text>[a-zđ]\d?\)\s+.*)$")
_BULLET = re.compile(r"^(?P<sign>[-+•–\uf0b7\u25cf])\s+(?P<text>.*)$")
_DIVISION = re.compile(
    r"^(?P<label>(?:Phần|Chương|Mục|Tiểu mục|Phụ lục)\s+(?:[IVXLC]+|\d{1,3}|thứ\s+\w+))(?P<sign>\s*[.:–-])?"
    r"(?:\s+(?P<title>.*))?$",
    re.IGNORECASE,
)
_BASIS = re.compile(r"^(?:Căn cứ|Theo đề nghị|Xét|Thực hiện)\b")
_FINAL = (".", ";", ":", ",", "./", "?", "!")
_TITLE_LENGTH = 200
_CAPS_LENGTH = 120
_RULE = frozenset("-=*_ ")


def blocks_of(text: str) -> list[Block]:
    """The parts of a text, in its order. Each has a `kind`:

    - `basis`: a legal basis (căn cứ), in italics; `authority`: a line in capitals, centred;
    - `division`: part, chapter, section, with `label` and `title`;
    - `titled`: the title of an article or of what has a number, bold, kept with what follows it;
    - `article`: an article whose `head` alone is bold, with its `text`;
    - `paragraph`, `bullet`: text;
    - `table`: `rows`, the first being the head, and `columns` as in `_columns`.
    """
    blocks: list[Block] = []
    for raw in text.splitlines():
        line = " ".join(_BOLD.sub(r"\1", _HASHES.sub("", raw.strip())).split())
        if not line or set(line) <= _RULE:
            continue
        if line.startswith("|"):
            _add_row(blocks, line)
        elif _is_title_of_division(blocks, line):
            blocks[-1]["title"] = line
        else:
            blocks.append(_block(line))
    _mark_bases(blocks)
    _mark_titles(blocks)
    for block in blocks:
        if block["kind"] == "table":
            _finish_table(block)
    return blocks


def _block(line: str) -> Block:
    if (division := _DIVISION.match(line)) and _is_heading(division):
        return {"kind": "division", "label": division["label"], "title": (division["title"] or "")}
    if article := _ARTICLE.match(line):
        return {"kind": "article", "head": article["head"], "text": article["text"] or ""}
    if point := _POINT.match(line):
        return {"kind": "paragraph", "text": point["text"], "point": True}
    if _NUMBERED.match(line):
        return {"kind": "paragraph", "text": line, "numbered": True}
    if bullet := _BULLET.match(line):
        return {"kind": "bullet", "text": ("+ " if bullet["sign"] == "+" else "- ") + bullet["text"]}
    if _is_capitals(line):
        return {"kind": "authority", "text": line}
    return {"kind": "paragraph", "text": line}


def _is_heading(division: re.Match[str]) -> bool:
    title = division["title"] or ""
    if not title or title.isupper():
        return True
    return bool(division["sign"]) and not title.endswith(_FINAL) and len(title) <= _TITLE_LENGTH


def _is_capitals(line: str) -> bool:
    letters = sum(char.isalpha() for char in line)
    return line.isupper() and letters >= 4 and len(line) <= _CAPS_LENGTH and not line.endswith((".", ";", ","))


def _is_title_of_division(blocks: list[Block], line: str) -> bool:
    if not blocks or blocks[-1]["kind"] != "division" or blocks[-1]["title"]:
        return False
    plain = _block(line)["kind"] in ("paragraph", "authority") and not _NUMBERED.match(line) and not _POINT.match(line)
    return plain and not line.endswith(_FINAL) and len(line) <= _TITLE_LENGTH


def _mark_bases(blocks: list[Block]) -> None:
    """A run of lines "Căn cứ …;" before the first article. A letter that opens with "Căn cứ …, đề nghị …" has none."""
    start = 0
    while start < len(blocks) and blocks[start]["kind"] in ("paragraph", "authority"):
        end = start
        while end < len(blocks) and blocks[end]["kind"] == "paragraph" and _BASIS.match(blocks[end]["text"]):
            end += 1
        run = blocks[start:end]
        decreed = end < len(blocks) and blocks[end]["kind"] == "authority"
        if decreed or any(block["text"].endswith(";") for block in run):
            for block in run:
                if decreed or block["text"].endswith(";") or not block["text"].startswith("Thực hiện"):
                    block["kind"] = "basis"
        start = max(end, start + 1)


def _mark_titles(blocks: list[Block]) -> None:
    """An article or a number has a title when its line ends without a stop and text of its own comes below it."""
    for block, below in pairwise(blocks):
        text = str(block.get("text", ""))
        if not text or text.endswith(_FINAL) or len(text) > _TITLE_LENGTH:
            continue
        if block["kind"] == "article" and below["kind"] not in ("article", "division"):
            block.update(kind="titled", text=f"{block['head']} {text}")
        elif block.get("numbered") and (text.isupper() or _is_below(below)):
            block["kind"] = "titled"


def _is_below(block: Block) -> bool:
    return not block.get("numbered") and block["kind"] not in ("article", "division")


def _add_row(blocks: list[Block], line: str) -> None:
    cells = [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
    if "-" in line and all(set(cell) <= set("-: ") for cell in cells):
        # Markdown's line below a head: after other rows, that head begins a table of its own.
        if blocks and blocks[-1]["kind"] == "table" and len(blocks[-1]["rows"]) > 1:
            blocks.append({"kind": "table", "rows": [blocks[-1]["rows"].pop()]})
        return
    if blocks and blocks[-1]["kind"] == "table":
        blocks[-1]["rows"].append(cells)
    else:
        blocks.append({"kind": "table", "rows": [cells]})


def _finish_table(table: Block) -> None:
    width = max(len(row) for row in table["rows"])
    table["rows"] = [row + [""] * (width - len(row)) for row in table["rows"]]
    table["columns"] = _columns(table["rows"])


def _columns(rows: list[list[str]]) -> list[Block]:
    """Of each column its `share` of the width, or how many letters a `narrow` one needs; and if it holds figures."""
    columns = []
    for cells in zip(*rows, strict=True):
        longest = max(map(len, cells))
        word = max((len(part) for cell in cells for part in cell.split()), default=0)
        body = [cell for cell in cells[1:] if cell]
        figures = bool(body) and all(re.fullmatch(r"[-–—]|[\d.,%+/ –-]*\d[\d.,%+/ –-]*", cell) for cell in body)
        narrow = max(longest, 1) if longest <= 6 else 0
        columns.append({"share": max(word, min(longest, 36), 1), "narrow": narrow, "figures": figures})
    if all(column["narrow"] for column in columns) or sum(column["narrow"] for column in columns) > 30:
        columns = [{**column, "narrow": 0} for column in columns]
    return columns
