"""A digitised paper, and the standard for it: PDF 1.4 or later, in colour, 200 dpi or more (Decree 30/2020, Annex I,
Part II, I.2). Its scale cannot be told from the file."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lienthong.office.typeset.pages import opened, said_when_broken

DPI = 200
ROUNDING = 0.98
"""Scanners round the size of a page to whole points."""
OLDEST = (1, 4)
LARGEST_SIDE = 14_400 / 72
"""Inches: the side of a page (ISO 32000-2, Annex C)."""
GREY = frozenset({"/DeviceGray", "/CalGray"})
_VERSION = re.compile(rb"%PDF-(\d)\.(\d)")


class Fault(NamedTuple):
    """What is below the standard, in both languages."""

    vi: str
    en: str


def fault_of(pdf: bytes) -> Fault | None:
    """The first thing below the standard. Raises `TypesetProblem` for what is no readable PDF."""
    version = _VERSION.search(pdf[:1024])
    if version is None or (int(version[1]), int(version[2])) < OLDEST:
        return Fault("không phải PDF từ phiên bản 1.4", "it is no PDF of version 1.4 or later")
    with said_when_broken():
        for number, page in enumerate(opened(pdf).pages, 1):
            if fault := _fault_of(number, page):
                return fault
    return None


def _fault_of(number: int, page: Any) -> Fault | None:
    pictures = list(_pictures(page))
    if not pictures:
        return Fault(f"trang {number} không có ảnh", f"page {number} has no picture")
    width = min(float(page.mediabox.width) / 72, LARGEST_SIDE)
    height = min(float(page.mediabox.height) / 72, LARGEST_SIDE)
    dpi = max(_dpi(one, width, height) for one in pictures)
    if dpi < DPI * ROUNDING:
        return Fault(f"trang {number} chỉ {dpi:.0f} dpi", f"page {number} has {dpi:.0f} dpi")
    if not any(map(_is_coloured, pictures)):
        return Fault(f"trang {number} không phải ảnh màu", f"page {number} is not in colour")
    return None


def _pictures(page: Any) -> Any:
    resources = page["/Resources"].get_object() if "/Resources" in page else {}
    known = resources["/XObject"].get_object() if "/XObject" in resources else {}
    objects = (one.get_object() for one in known.values())
    return (one for one in objects if one.get("/Subtype") == "/Image")


def _dpi(picture: Any, width: float, height: float) -> float:
    """Dots for an inch of the page that the picture fills, whichever way it lies on it."""
    dots = sorted((int(picture["/Width"]), int(picture["/Height"])))
    inches = sorted((width, height))
    return min(dots[0] / inches[0], dots[1] / inches[1])


def _is_coloured(picture: Any) -> bool:
    space = picture.get("/ColorSpace")
    space = space.get_object() if space is not None else None
    if picture.get("/ImageMask"):
        return False
    if space is None:
        return str(picture.get("/Filter")) == "/JPXDecode"  # the picture brings its own
    if not isinstance(space, list) or len(space) < 2:
        return str(space) not in GREY
    kind, base = space[0], space[1].get_object()
    if kind == "/ICCBased":
        return int(base["/N"]) >= 3
    if kind == "/Indexed":
        return str(base[0] if isinstance(base, list) else base) not in GREY
    return str(kind) not in GREY
