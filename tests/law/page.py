"""Writes `docs/law.md`: every requirement, and the tests that prove it.

The markers `@pytest.mark.law("R-6.2-1")` are read from the source of the tests, so that the page needs no test run.
`python -m tests.law.page` writes the page; a test holds page and markers together.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "law.md"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")

GROUPS = {
    "R-": "Decision 28/2018/QĐ-TTg",
    "D30-": "Decree 30/2020/NĐ-CP",
    "AVI-": "Decree 30/2020/NĐ-CP, Annex VI",
    "SEC-": "Security of the system",
    "C-": "What people complain of in systems of today",
    "CAL-": "The working calendar (Decision 28/2018/QĐ-TTg, Article 6.2)",
}


def requirements() -> dict[str, str]:
    """Every requirement id with what it asks, in the order of the law."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    cells = (line.partition(" | ") for line in lines if line and not line.startswith("#"))
    return {identifier: text for identifier, _, text in cells}


def proofs() -> dict[str, list[str]]:
    """Requirement id → the tests that carry its marker, as `path::name`."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for identifier, test in _markers(path):
            found.setdefault(identifier, []).append(test)
    return found


def _markers(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                for identifier in _law_ids(decorator):
                    yield identifier, f"{path.relative_to(ROOT)}::{node.name}"


def _law_ids(decorator: ast.expr) -> list[str]:
    if not (isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.law"):
        return []
    return [argument.value for argument in decorator.args if isinstance(argument, ast.Constant)]  # type: ignore[misc]


def page() -> str:
    """The text of `docs/law.md`."""
    asked, proven = requirements(), proofs()
    done = sum(1 for identifier in asked if identifier in proven)
    parts = [
        "# The law and its tests\n",
        "Made by `python -m tests.law.page` from the markers of the tests. Do not edit by hand.\n",
        f"{done} of {len(asked)} requirements have at least one test; the others are open. Each test entered through a\n"
        "public door when it passed: one that did not fails (`tests/doors.py`).\n",
    ]
    for prefix, title in GROUPS.items():
        parts.append(f"## {title}\n")
        parts.append("| requirement | what it asks | proven by |\n|---|---|---|")
        rows = [(i, text) for i, text in asked.items() if i.startswith(prefix)]
        parts += [
            f"| {i} | {text} | {'<br>'.join(f'`{t}`' for t in proven.get(i, [])) or 'open'} |" for i, text in rows
        ]
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
