"""Finds Liberation Serif, metric twin of Times New Roman (Decree 30/2020, Annex I, I.4), with all Vietnamese letters.

Version 1 of the family, which some systems still carry, lacks the letters with two marks; another typeface would then
stand in for them in the middle of a word. `python -m lienthong.standards.signatures.fonts` says whether the right one
is here.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

FAMILY = "Liberation Serif"
FOLDERS = (
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/liberation-serif",
    "/usr/share/fonts/liberation-serif-fonts",
    "/usr/local/share/fonts",
)
_PROBE = "ẠảẤẫậỀểễệỔỗộỞỡợỦứữựỲỹĐđƠƯ"


class FontMissing(RuntimeError):
    """There is no Liberation Serif with all Vietnamese letters; the message says what to install."""


@cache
def folder() -> Path:
    """The folder with the family's files. Raises `FontMissing`."""
    own = [Path.home() / ".local" / "share" / "fonts", Path.home() / ".fonts"]
    for place in [Path(os.environ.get("LIENTHONG_FONTS", "/nowhere")), *map(Path, FOLDERS), *own]:
        for regular in sorted(place.rglob("LiberationSerif-Regular.ttf")) if place.is_dir() else ():
            with TTFont(regular, lazy=True) as font:
                if set(map(ord, _PROBE)) <= set(font.getBestCmap()):
                    return regular.parent
    raise FontMissing("Thiếu phông chữ Liberation Serif đủ chữ Việt; cài: apt-get install fonts-liberation2")


@cache
def fonts() -> typst.Fonts:
    """The family for typesetting, and nothing else: a missing letter is a fault, not another typeface."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder())])


if __name__ == "__main__":
    try:
        folder()
    except FontMissing as reason:
        sys.exit(str(reason))
