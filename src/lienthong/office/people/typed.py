"""Texts that people typed: kept whole, or refused."""

from __future__ import annotations

from lienthong.office.people.typed_errors import TextTooLong
from lienthong.standards.statuses import Words


def line_of(text: str, most: int, what: Words) -> str:
    """What was typed, as one line. Raises `TextTooLong`."""
    return text_of(" ".join(text.split()), most, what)


def text_of(text: str, most: int, what: Words) -> str:
    """What was typed, with its lines; a form ends each with two characters, and the field counts one.

    Args:
        most: so many characters may it have.
        what: the field as the page names it.

    Raises:
        TextTooLong: it has more.
    """
    whole = text.replace("\r\n", "\n").strip()
    if len(whole) > most:
        raise TextTooLong(what=what.vi, what_en=what.en, length=len(whole), most=most)
    return whole
