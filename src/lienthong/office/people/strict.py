"""Reading what a service that nobody here runs answers: JSON of the kinds and lengths that are expected, in texts that
the database can hold. Everything raises `ValueError`."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

LONGEST = 16 << 10
"""Characters of what is passed back to a service as it came."""
DEEPEST = 20
"""Objects and lists within one another."""


def an_object(raw: bytes) -> dict[str, Any]:
    """A JSON object, every text in which can be kept."""
    try:
        told = json.loads(raw.decode(), parse_constant=_no_number)
    except RecursionError as fault:
        raise ValueError("it is too deep") from fault
    if not isinstance(told, dict):
        raise ValueError("it is no object")
    _require_storable(told, DEEPEST)
    return told


def text(told: object, most: int) -> str:
    """A text of at most so many characters."""
    if not isinstance(told, str) or len(told) > most:
        raise ValueError("it is no text, or too long")
    return told


def optional(told: object, most: int) -> str:
    """A text; "" for one that is not there."""
    return "" if told is None else text(told, most)


def listed(told: object, most: int) -> list[Any]:
    """A list of at most so many."""
    if not isinstance(told, list) or len(told) > most:
        raise ValueError("it is no list, or too long")
    return told


def number(told: object, most: int) -> int:
    """A whole number between 1 and `most`; a greater one counts as this."""
    if not isinstance(told, int):
        raise ValueError("it is no whole number")
    return max(1, min(told, most))


def octets(told: object, most: int) -> bytes:
    """Bytes out of base64."""
    return b64decode(text(told, 2 * most), validate=True)


def _require_storable(told: object, deepest: int) -> None:
    if deepest < 0:
        raise ValueError("it is too deep")
    if isinstance(told, str):
        told.encode()  # half of a pair, as \\ud800 is, is a UnicodeEncodeError: a ValueError
        if "\0" in told:
            raise ValueError("PostgreSQL holds no NUL")
    elif isinstance(told, dict):
        for name, value in told.items():
            _require_storable(name, deepest)
            _require_storable(value, deepest - 1)
    elif isinstance(told, list):
        for one in told:
            _require_storable(one, deepest - 1)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
