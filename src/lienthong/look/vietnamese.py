"""Vietnamese order and figures. Databases without ICU cannot order names, so a key is stored beside each."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from django.utils import timezone

MINUTE, HOUR, DAY = 60, 3600, 86_400
"""Spans in seconds."""

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"": "0", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_END, _GAP, _FIRST_LETTER, _FOREIGN = "00", "01", 22, "99"
_ORDER = {letter: f"{index:02d}" for index, letter in enumerate(_LETTERS, _FIRST_LETTER)}
_PIECES = re.compile(r"[0-9]+|.", re.DOTALL)


def sort_key(text: str) -> str:
    """A key by which names stand in Vietnamese order: letters first (đ after d), tones last, numbers by size.

    Every sign takes two digits and every tone one, so that two keys never slip against each other, and any database
    orders them alike whatever its collation.
    """
    letters, tones = [], []
    plain = unicodedata.normalize("NFC", text).lower().replace("ð", "đ")  # old fonts typed the Icelandic letter
    for piece in _PIECES.findall(plain):
        if piece[0] in "0123456789":
            letters.append(_number_key(piece))
            continue
        base, tone = _split(piece)
        letters.append(_ORDER.get(base, _FOREIGN if base.isalnum() else _GAP))
        tones.append(_TONES[tone])
    return f"{''.join(letters)}{_END}{''.join(tones).rstrip('0')}"


def _number_key(digits: str) -> str:
    """A number stands before all letters; the one with more digits is the larger."""
    figures = digits.lstrip("0") or "0"
    return f"{1 + min(len(figures), 10):02d}" + "".join(f"{12 + int(figure):02d}" for figure in figures)


def _split(char: str) -> tuple[str, str]:
    """A letter without its tone, and the tone."""
    parts = unicodedata.normalize("NFD", char)
    tone = next((part for part in parts if part in _TONES and part), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "", 1)) if tone else char, tone


def number(value: int) -> str:
    """`1.234.567`."""
    return f"{value:,}".replace(",", ".")


DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def in_words(value: int) -> str:
    """A whole number below a million in words, as minutes and lists write it: “Một trăm linh năm”.

    Raises:
        ValueError: it is negative, or a million or more.
    """
    if not 0 <= value < 1_000_000:
        raise ValueError("a number from 0 to 999 999")
    thousands, rest = divmod(value, 1000)
    words = [f"{_hundreds(thousands, whole=False)} nghìn"] if thousands else []
    if rest or not thousands:
        words.append(_hundreds(rest, whole=bool(thousands)))
    text = " ".join(words)
    return text[0].upper() + text[1:]


def _hundreds(value: int, *, whole: bool) -> str:
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if tens:
        words.append("mười" if tens == 1 else f"{DIGITS[tens]} mươi")
    elif words and ones:
        words.append("linh")
    if ones or not (words or tens):
        special = {1: "mốt"} if tens > 1 else {}
        words.append({**special, **({5: "lăm"} if tens else {})}.get(ones, DIGITS[ones]))
    return " ".join(words)


def decimal(value: float) -> str:
    """`0,2`."""
    return f"{value:.1f}".replace(".", ",")


def day(value: date) -> str:
    """`23/11/2026`."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime | None, now: datetime | None = None) -> str:
    """`14:05`; with the day on another day, with the year in another year."""
    if value is None:
        return ""
    local, today = timezone.localtime(value), timezone.localtime(now or timezone.now())
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%H:%M %d/%m}" if local.year == today.year else f"{local:%H:%M %d/%m/%Y}"


def in_full(value: datetime | None) -> str:
    """A moment as a notice keeps it: what is "today" when it is written is not when it is read."""
    return f"{timezone.localtime(value):%H:%M %d/%m/%Y}" if value else ""


def left(due: datetime | None, now: datetime | None = None) -> str:
    """How long there is, the time first: `còn 2 giờ`, `còn 3 ngày`, `quá hạn 1 ngày`."""
    if due is None:
        return ""
    seconds = (due - (now or timezone.now())).total_seconds()
    span = abs(seconds)
    if span < MINUTE:
        words = "chưa đầy 1 phút"
    elif span < HOUR:
        words = f"{int(span // MINUTE)} phút"
    elif span < DAY:
        words = f"{int(span // HOUR)} giờ"
    else:
        words = f"{int(span // DAY)} ngày"
    return f"còn {words}" if seconds >= 0 else f"quá hạn {words}"


def due_date(due: datetime, now: datetime | None = None) -> str:
    """When a deadline falls: `14:35` within a day of it, `20/11` beyond, with the year in another year."""
    now = now or timezone.now()
    if abs((due - now).total_seconds()) < DAY:
        return f"{timezone.localtime(due):%H:%M}"
    local = timezone.localtime(due)
    return f"{local:%d/%m}" if local.year == timezone.localtime(now).year else f"{local:%d/%m/%Y}"


def span(seconds: float) -> str:
    """A length of time in its largest units: `1,1 giây`, `41 giây`, `26 phút`, `4 giờ 53 phút`, `3 ngày 2 giờ`."""
    return in_units(seconds, decimal(seconds), ("giây", "phút", "giờ", "ngày"))


def in_units(seconds: float, exactly: str, units: tuple[str, str, str, str]) -> str:
    """A length of time in its largest units, of these for seconds, minutes, hours and days; below ten seconds it is
    written `exactly`."""
    second, minute, hour, day = units
    if seconds < MINUTE:
        return f"{exactly if seconds < 10 else int(seconds)} {second}"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} {minute}"
    if seconds < DAY:
        hours, minutes = divmod(int(seconds // MINUTE), 60)
        return f"{hours} {hour} {minutes} {minute}" if minutes else f"{hours} {hour}"
    days, hours = divmod(int(seconds // HOUR), 24)
    return f"{days} {day} {hours} {hour}" if hours else f"{days} {day}"


def weekday(at: datetime) -> str:
    """`thứ Hai`."""
    return _WEEKDAYS[timezone.localtime(at).weekday()]


_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
