"""The guide in `docs/guide` cannot go stale: what it puts in «…» is what a screen says, and its pictures are those that the
days on screens make."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PIL import Image

from tests import words

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
DAYS = ROOT / "tests" / "journey" / "days"
ROLES = ("van-thu", "chuyen-vien", "lanh-dao-don-vi", "lanh-dao", "quan-tri", "kiem-tra")
MOST_PICTURES, MOST_BYTES = 28, 90_000


def test_each_role_has_its_page_and_the_index_leads_there() -> None:
    assert {one.stem for one in GUIDE.glob("*.md")} == {"README", *ROLES}
    index = (GUIDE / "README.md").read_text(encoding="utf-8")
    assert all(f"({role}.md)" in index for role in ROLES)


@pytest.mark.parametrize("page", ["README", *ROLES])
def test_what_is_quoted_stands_on_a_screen(page: str) -> None:
    quotes = list(quoted((GUIDE / f"{page}.md").read_text(encoding="utf-8")))
    assert quotes
    wrong = [one for one in quotes if one not in said() and not _with_gaps(one)]
    assert wrong == []


def test_the_check_of_quotes_hears_a_word_that_no_screen_says() -> None:
    assert list(quoted("bấm «Nút không có» và «Việc «{x}» này»")) == ["Nút không có", "Việc «{x}» này"]
    assert _with_gaps("Việc này dành cho …")
    assert not _with_gaps("Việc kia dành cho …")
    assert not _with_gaps("Trình…")  # a button that opens a dialog: it is there, or it is not
    assert "Nút không có" not in said()


def test_the_pictures_are_those_that_the_days_make() -> None:
    named = [name for page in GUIDE.glob("*.md") for name in _pictures(page)]
    made = [name for file in DAYS.glob("test_*.py") for name in _shown(file)]
    kept = [one.stem for one in (GUIDE / "pictures").glob("*.png")]
    assert sorted(named) == sorted(made)
    assert sorted(kept) == sorted(made), "run: make pictures"
    assert len(made) <= MOST_PICTURES


def test_the_pictures_are_small() -> None:
    for file in (GUIDE / "pictures").glob("*.png"):
        assert file.stat().st_size <= MOST_BYTES, file.name
        with Image.open(file) as picture:
            assert picture.mode == "P", file.name


@cache
def said() -> frozenset[str]:
    """Whatever a screen may say: the words of the catalogue, and those of refusals and labels in modules."""
    found = set()
    with words.CATALOGUE.open("rb") as opened:
        for entry in read_po(opened, locale="en"):
            found |= {entry.id} if isinstance(entry.id, str) else set(entry.id)
    for file in (words.SOURCE / "office").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(" ".join(one.split()) for one in found)


def quoted(text: str) -> Iterator[str]:
    """What stands between « and »; what is quoted within a quotation belongs to it."""
    depth = start = 0
    for at, sign in enumerate(text):
        if sign == "«":
            start = start if depth else at + 1
            depth += 1
        elif sign == "»":
            depth -= 1
            if not depth:
                yield " ".join(text[start:at].split())
    assert not depth, "a quotation has no end"


def _with_gaps(quote: str) -> bool:
    """Whether a line says this where the quotation has an ellipsis by itself, for what differs from case to case."""
    if "…" not in quote or re.search(r"\w…", quote):
        return False
    pattern = re.escape(quote).replace("…", ".+")
    return any(re.fullmatch(pattern, line) for line in said())


def _pictures(page: Path) -> list[str]:
    return re.findall(r"\]\(pictures/([\w-]+)\.png\)", page.read_text(encoding="utf-8"))


def _shown(file: Path) -> Iterator[str]:
    """The names that a day gives to `Window.show`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "show":
            assert isinstance(node.args[0], ast.Constant), (
                f"{file.name}:{node.lineno}: a name, so that it can be looked up"
            )
            yield str(node.args[0].value)
