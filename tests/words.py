"""Checks the catalogue: `python -m tests.words`. Every word that the pages show has an English text, and none is left
over."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lienthong"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
FUNCTIONS = {
    "gettext": None,
    "_": None,
    "gettext_noop": None,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(?:p?gettext|_)\((?:(?P<context>{STRING}), )?(?P<word>{STRING})\)")
Word = tuple[str | None, str]
"""A context, where one text has two meanings, and the text."""
MARKS = re.compile(r"%\(\w+\)s")


def of_templates() -> Iterator[Word]:
    """The words of the templates."""
    for file in sorted(SOURCE.rglob("*.html")):
        for found in CALL.finditer(templatize(file.read_text(encoding="utf-8"), origin=str(file))):
            yield ast.literal_eval(found["context"] or "None"), ast.literal_eval(found["word"])


def of_modules() -> Iterator[Word]:
    """The words of the modules, of lists and labels."""
    for file in sorted(SOURCE.rglob("*.py")):
        with file.open("rb") as opened:
            for _, word, _, context in extract("python", opened, FUNCTIONS):
                yield context, str(word)


def faults() -> Iterator[str]:
    """What is wrong with the catalogue, a line each."""
    with CATALOGUE.open("rb") as opened:
        catalogue = read_po(opened, locale="en")
    known = {(entry.context, str(entry.id)): entry for entry in catalogue if entry.id}
    needed = set(of_templates()) | set(of_modules())
    for word in sorted(needed - set(known), key=str):
        yield f"no English for: {word[1]}"
    for word in sorted(set(known) - needed, key=str):
        yield f"no page says: {word[1]}"
    for (_, word), entry in known.items():
        if not entry.string or entry.fuzzy:
            yield f"empty or fuzzy: {word}"
        elif MARKS.findall(word) != MARKS.findall(str(entry.string)):
            yield f"other placeholders: {word}"


def main() -> None:
    """Print what is wrong and fail, or say nothing."""
    found = list(faults())
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
