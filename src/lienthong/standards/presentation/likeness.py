"""When two Vietnamese texts say the same: case, the place of a tone mark and the kind of a dash make no difference."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher


def _pairs() -> dict[str, str]:
    """ "hoà" is written "hòa" as well, "uỷ" as "ủy": the later place of the mark to the earlier one."""
    pairs: dict[str, str] = {}
    for first, last in (("òóỏõọ", "àáảãạ"), ("òóỏõọ", "èéẻẽẹ"), ("ùúủũụ", "ỳýỷỹỵ")):
        plain = {"à": "a", "è": "e", "ỳ": "y"}[last[0]]
        vowel = {"ò": "o", "ù": "u"}[first[0]]
        pairs |= {vowel + late: early + plain for early, late in zip(first, last, strict=True)}
    return pairs | {late.upper(): early.upper() for late, early in pairs.items()}


_LATE = _pairs()
_LATE_MARK = re.compile("(?<![qQ])(?:" + "|".join(_LATE) + ")")
_SHORT = (("ủy ban nhân dân", "ubnd"), ("hội đồng nhân dân", "hđnd"))


def placed(text: str) -> str:
    """A text composed, with single spaces and its tone marks at one place."""
    return _LATE_MARK.sub(lambda found: _LATE[found[0]], " ".join(unicodedata.normalize("NFC", text).split()))


def plain(text: str) -> str:
    """What is compared where only the letters count."""
    return re.sub(r"\s*[-–—]\s*", "-", placed(text)).casefold().strip(" .,;:/")


def abbreviated(text: str) -> str:
    """The same, with the common words of a superior agency's name as they are abbreviated (Annex I, II.2a)."""
    text = plain(text)
    for whole, short in _SHORT:
        text = text.replace(whole, short)
    return text


def alike(text: str, wanted: str) -> float:
    """How much a text looks like another one, from 0 to 1."""
    matcher = SequenceMatcher(None, plain(text), plain(wanted), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() > 0.6 else 0.0
