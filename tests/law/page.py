"""Writes `docs/law.md`: every requirement and the tests that prove it, what it forbids and the tests that try that.

The markers `@pytest.mark.law("R-6.2-1")` and `@pytest.mark.refuses("R-6.2-1")` are read from the source of the tests, so
that the page needs no test run. `python -m tests.law.page` writes the page; a test holds page and markers together.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "law.md"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
REFUSED = Path(__file__).with_name("refused.txt")

GROUPS = {
    "R-": "Decision 28/2018/QĐ-TTg",
    "D30-": "Decree 30/2020/NĐ-CP",
    "AVI-": "Decree 30/2020/NĐ-CP, Annex VI",
    "SEC-": "Security of the system",
    "C-": "What people complain of in systems of today",
    "CAL-": "The working calendar (Decision 28/2018/QĐ-TTg, Article 6.2)",
}


class Refused(NamedTuple):
    """What a requirement forbids, in short; and why no test tries it, empty where one does."""

    what: str
    untried: str = ""


def requirements() -> dict[str, str]:
    """Every requirement id with what it asks, in the order of the law."""
    return {identifier: text for identifier, text, *_ in _rows(REQUIREMENTS)}


def beyond() -> dict[str, str]:
    """Requirement id → what of it no test can show, and who answers for it; of the others nothing is said."""
    return {identifier: told[0] for identifier, _text, *told in _rows(REQUIREMENTS) if told}


def refused() -> dict[str, Refused]:
    """Requirement id → what must not be possible, of those that forbid something."""
    return {identifier: Refused(*told) for identifier, *told in _rows(REFUSED)}


def _rows(file: Path) -> Iterator[list[str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return (line.split(" | ") for line in lines if line and not line.startswith("#"))


def proofs() -> dict[str, list[str]]:
    """Requirement id → the tests that carry its marker, as `path::name`."""
    return _marked("law")


def trials() -> dict[str, list[str]]:
    """Requirement id → the tests in which what it forbids is tried, and refused."""
    return _marked("refuses")


@cache
def _marked(marker: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for identifier, test in _markers(path, marker):
            found.setdefault(identifier, []).append(test)
    return found


def _markers(path: Path, marker: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                for identifier in _ids(decorator, marker):
                    yield identifier, f"{path.relative_to(ROOT)}::{node.name}"


def _ids(decorator: ast.expr, marker: str) -> list[str]:
    if not (isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == f"pytest.mark.{marker}"):
        return []
    return [argument.value for argument in decorator.args if isinstance(argument, ast.Constant)]  # type: ignore[misc]


def page() -> str:
    """The text of `docs/law.md`."""
    asked, proven, forbidden, tried, rest = requirements(), proofs(), refused(), trials(), beyond()
    done = sum(1 for identifier in asked if identifier in proven)
    held = sum(1 for identifier in forbidden if identifier in tried)
    parts = [
        "# The law and its tests\n",
        "Made by `python -m tests.law.page` from the markers of the tests. Do not edit by hand.\n",
        f"{done} of {len(asked)} requirements have at least one test; the others are open. Each test entered through a\n"
        "public door when it passed: one that did not fails (`tests/doors.py`). What no test can show is said beside it, with\n"
        "who answers for it.\n",
        f"{len(forbidden)} requirements say what must not be possible. For {held} of these a test tries it through a public\n"
        "door and is refused; the others say why none does. How each is meant where the text leaves it open stands in\n"
        "[divergences.md](divergences.md).\n",
    ]
    for prefix, title in GROUPS.items():
        group = [identifier for identifier in asked if identifier.startswith(prefix)]
        parts.append(f"## {title}\n")
        parts.append("| requirement | what it asks | proven by |\n|---|---|---|")
        parts += [
            f"| {one} | {asked[one]} | {_listed(proven.get(one, []))}{_left(rest.get(one, ''))} |" for one in group
        ]
        parts.append("")
        if rows := _refused_rows(group, forbidden, tried):
            parts.append(f"### What must not be possible: {title}\n")
            parts.append("| requirement | what is refused | tried by |\n|---|---|---|")
            parts += [*rows, ""]
    return "\n".join(parts)


def _refused_rows(
    group: Sequence[str], forbidden: Mapping[str, Refused], tried: Mapping[str, Sequence[str]]
) -> list[str]:
    """A line for each requirement that forbids something; what nobody tries says why."""
    lines = []
    for one in (one for one in group if one in forbidden):
        what, untried = forbidden[one]
        lines.append(f"| {one} | {what} | {_listed(tried.get(one, []))}{f': {untried}' if untried else ''} |")
    return lines


def _left(said: str) -> str:
    return f"<br>not by a test: {said}" if said else ""


def _listed(tests: Sequence[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests) or "open"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
