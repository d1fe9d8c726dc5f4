"""The language of the page, for words that stand in both languages side by side: statuses, checks, refusals."""

from __future__ import annotations

from types import ModuleType

from django.utils.translation import get_language

from lienthong.look import english, vietnamese

ENGLISH = "en"


def is_english() -> bool:
    """Whether this person reads English; everybody reads Vietnamese until they ask for another language."""
    return get_language() == ENGLISH


def choose(vi: str, en: str) -> str:
    """The text of the language chosen; what has no English text stays Vietnamese."""
    return en if en and is_english() else vi


def figures() -> ModuleType:
    """How times and figures are written: `vietnamese` or `english`, which have the same functions."""
    return english if is_english() else vietnamese
