"""The house keeps its shape: files of a readable size that say what they are, rooms that do not relate through the
database, and no word of where it was built."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lienthong"
MODULES = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
LONGEST = 620


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_says_what_it_is_and_stays_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no docstring"
    assert text.count("\n") < LONGEST


def test_no_model_relates_to_another_room() -> None:
    rooms = {"hub", "office", "journal"}
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in rooms:
            continue
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if other is not None and field.concrete:
                assert other._meta.app_label in {room, "auth"}, f"{model.__name__}.{field.name}"


WORDS = re.compile(r"(/root/|/work/|pypi\.org|npmjs|deb\.debian|files\.pythonhosted|\bTODO\b|\bFIXME\b|\bXXX\b)")


def test_no_word_of_where_it_was_built() -> None:
    for folder in ("src", "tests", "docs", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if (
                path.suffix in {".py", ".md", ".html", ".css", ".js", ".typ", ".sh", ".txt"}
                and "vendor" not in path.parts
            ):
                if path == Path(__file__):
                    continue
                found = WORDS.search(path.read_text(encoding="utf-8"))
                assert not found, f"{path.relative_to(ROOT)}: {found[0]}"


BESIDE_THE_PAGES = re.compile(r"\b(psycopg|django|lienthong\.runtime\.embedded|lienthong\.(hub|office)\.models)\b")


@pytest.mark.parametrize("name", ["story", "desk", "foreign"])
def test_who_acts_the_story_sees_pages_and_answers_and_no_database(name: str) -> None:
    text = (SOURCE / "runtime" / "demo" / f"{name}.py").read_text(encoding="utf-8")
    imported = [
        f"{node.module}.{one.name}" if isinstance(node, ast.ImportFrom) else one.name
        for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom) for one in node.names
    ]  # fmt: skip
    assert imported
    assert [one for one in imported if BESIDE_THE_PAGES.match(one)] == []
    assert "database" not in text
