"""The limits of a packet are those of their page, and stand nowhere else."""

import re
from dataclasses import asdict
from pathlib import Path

from lienthong.standards import edxml
from lienthong.standards.edxml.limits import LIMITS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "packet-limits.md"
LARGE = re.compile(r"(?<![\w.])(?:\d{4,}|\d+_\d{3})(?![\w/])")


def test_the_page_says_what_the_code_takes() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: int(value) for name, value in rows} == asdict(LIMITS)


def test_no_limit_stands_outside_of_the_two_tables() -> None:
    """A large number anywhere else in the packet's room is one: of a ZIP's own layout, or a date."""
    room = Path(edxml.__file__).parent
    for file in room.glob("*.py"):
        if file.name in ("limits.py", "rules.py"):
            continue
        code = re.sub(r"\"\"\".*?\"\"\"|#.*", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert [found for found in LARGE.findall(code) if found != "1980"] == [], file.name
