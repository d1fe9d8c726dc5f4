"""Tags and filters that the pages of both services are drawn with; each service's own library begins with these."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lienthong.look import vietnamese
from lienthong.look.language import choose, figures
from lienthong.look.paging import COUNTED
from lienthong.standards.statuses import Urgency
from lienthong.standards.times import in_vietnam

register = template.Library()

URGENCY_CLASSES = {1: "u-k", 2: "u-t", 3: "u-h", 4: "u-h"}


def library() -> template.Library:
    """A library of tags that begins with those of this module."""
    fresh = template.Library()
    fresh.tags.update(register.tags)
    fresh.filters.update(register.filters)
    return fresh


@register.filter
def spoken(row: dict[str, str]) -> str:
    """A stored sentence, which stands in both languages, in the language of the page."""
    return choose(row["vi"], row.get("en", ""))


@register.simple_tag
@lru_cache(1024)
def icon(name: str, kind: str = "") -> SafeString:
    """A line icon of the sprite."""
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>', kind, name)


@register.simple_tag
def cells(values: Iterable[str], pages: str, key: int, leads: int = 1) -> SafeString:
    """The cells of a line of a register, one of which (counted from 1) leads to what the line is about. One tag for
    all: a page has thousands."""
    shown = list(values)
    shown[leads - 1] = format_html('<a href="{}{}/"><b class="md">{}</b></a>', pages, key, shown[leads - 1])
    return format_html_join("", '<td class="wrap">{}</td>', ((one,) for one in shown))


@register.simple_tag
def urgency(value: int) -> SafeString | str:
    """The urgency: always with its word, and the only word in a box."""
    if not value:
        return ""
    return _boxed(URGENCY_CLASSES[int(value)], choose(*Urgency(int(value)).words))


@lru_cache(64)
def _boxed(kind: str, words: str) -> SafeString:
    return format_html('<span class="u {}">{}</span>', kind, words)


@register.simple_tag
def rail(value: int) -> str:
    """The class of a row's left edge."""
    return {1: "rail-k", 2: "rail-t", 3: "rail-h", 4: "rail-h"}.get(int(value or 0), "")


@register.simple_tag
def disc(kind: str, words: str) -> SafeString:
    """A state: a disc of its kind (wait, move, done, stop, warn, back) and a word."""
    return _disc(kind, str(words))  # what is translated late is another text in another language


@lru_cache(1024)
def _disc(kind: str, words: str) -> SafeString:
    return format_html('<span class="s s-{0}"><i class="disc d-{0}" aria-hidden="true"></i>{1}</span>', kind, words)


@register.filter
def moment(value: datetime | None) -> str:
    """A time: the day left out today, the year within the year."""
    return str(figures().moment(value))


@register.filter
def stamp(value: datetime | None) -> str:
    """A time to the second: `14:05:20`; with the day on another day, with the year in another year."""
    return _to_the_second(timezone.localtime(value), moment(value)) if value else ""


def _to_the_second(local: datetime, words: str) -> str:
    """A time of `moment`'s words, with its seconds."""
    return f"{local:%H:%M:%S} {words.partition(' ')[2]}".rstrip()


@register.simple_tag
def instant(value: datetime) -> SafeString:
    """A time to the minute, whose seconds are one hover away: what came first within a minute can be seen."""
    local, words = timezone.localtime(value), moment(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), _to_the_second(local, words), words
    )


@register.filter
def left(value: datetime | None, now: datetime | None = None) -> SafeString | str:
    """A deadline: the time left first, the date second; red when it is over, amber within its last day."""
    if value is None:
        return ""
    now = now or timezone.now()
    seconds = (value - now).total_seconds()
    kind = "stop" if seconds < 0 else "warn" if seconds < vietnamese.DAY else "ink2"
    return format_html(
        '<time class="due {}" datetime="{}">{} <span>· {}</span></time>',
        kind, in_vietnam(value).isoformat(timespec="minutes"),
        figures().left(value, now), figures().due_date(value, now),
    )  # fmt: skip


@register.filter
def day(value: Any) -> str:
    """A day; of a moment the day in Vietnam."""
    if isinstance(value, datetime):
        value = in_vietnam(value)
    return str(figures().day(value)) if value else ""


@register.filter
def amount(value: int) -> str:
    """A number with separators."""
    return str(figures().number(value))


@register.filter
def many(value: int) -> str:
    """A count of a long list, which is counted only so far."""
    return f"{figures().number(COUNTED + 1)}+" if value > COUNTED else str(figures().number(value))


@register.filter
def size(value: int) -> str:
    """A size in bytes, as people read it."""
    if value >= 1 << 30:
        return f"{figures().decimal(value / (1 << 30))} GB"
    if value >= 1 << 20:
        return f"{figures().decimal(value / (1 << 20))} MB"
    return f"{max(1, round(value / 1024))} KB"


@register.filter
def iso_moment(value: str) -> str:
    """A stored time in words."""
    return str(figures().moment(datetime.fromisoformat(value))) if value else ""


SHORT = (
    (re.compile("^Ủy ban nhân dân (tỉnh|thành phố|Thành phố) "), ""),
    (re.compile("^Ủy ban nhân dân "), ""),
    (re.compile("^Văn phòng "), "VP "),
    (re.compile(" (tỉnh|thành phố) "), " "),
)
"""People say “Nghệ An”, “xã Mỹ Lý”, “Sở Y tế Lai Châu”."""


@register.filter
@lru_cache(4096)
def short_agency(name: str) -> str:
    """An agency's name as lists show it; the whole name is one hover away."""
    for whole, short in SHORT:
        name = whole.sub(short, name)
    return name


@register.filter
def lines(values: list[str] | None) -> str:
    """A list as people type it: a line each."""
    return "\n".join(values or ())


@register.filter
def lookup(values: dict[str, Any], key: str) -> Any:
    """The value of a key."""
    return values.get(key, "")
