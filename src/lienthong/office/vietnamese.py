"""Vietnamese order and figures. Databases without ICU cannot order names, so a key is stored beside each."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django.utils import timezone

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"": "0", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_ORDER = {letter: f"{index:02d}" for index, letter in enumerate(_LETTERS)}


def sort_key(text: str) -> str:
    """A key by which names stand in Vietnamese order: letters first (đ after d), tones last, words apart."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", text).lower():
        base, tone = _split(char)
        letters.append(_ORDER.get(base, base if base.isalnum() else " "))
        tones.append(_TONES.get(tone, "0"))
    return f"{''.join(letters)}|{''.join(tones)}"


def _split(char: str) -> tuple[str, str]:
    """A letter without its tone, and the tone."""
    parts = unicodedata.normalize("NFD", char)
    tone = next((part for part in parts if part in _TONES and part), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "", 1)) if tone else char, tone


def number(value: int) -> str:
    """`1.234.567`."""
    return f"{value:,}".replace(",", ".")


def moment(value: datetime | None, now: datetime | None = None) -> str:
    """`14:05`; with the day on another day, with the year in another year."""
    if value is None:
        return ""
    local, today = timezone.localtime(value), timezone.localtime(now or timezone.now())
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%H:%M %d/%m}" if local.year == today.year else f"{local:%H:%M %d/%m/%Y}"


def left(due: datetime | None, now: datetime | None = None) -> str:
    """How long there is, the time first: `còn 2 giờ`, `còn 3 ngày`, `quá hạn 1 ngày`."""
    if due is None:
        return ""
    seconds = (due - (now or timezone.now())).total_seconds()
    span = abs(seconds)
    if span < 3600:
        words = f"{int(span // 60)} phút"
    elif span < 86_400:
        words = f"{int(span // 3600)} giờ"
    else:
        words = f"{int(span // 86_400)} ngày"
    return f"còn {words}" if seconds >= 0 else f"quá hạn {words}"
