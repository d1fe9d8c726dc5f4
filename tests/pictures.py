"""Pictures of screens, as the tests of a browser keep them; and of those, the ones that the documentation shows."""

import os
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Error, Page

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("LIENTHONG_PICTURES", ROOT / "build" / "pictures"))
DOCS = ROOT / "docs"
RENEWED = bool(os.environ.get("LIENTHONG_KEEP_PICTURES"))
"""Whether the pictures of `docs/` are written anew: `make pictures`."""
_CONSOLE = ("overview", "packets", "packet", "journal", "heads", "agencies", "change-preview", "system")
_SHOWN = {"incoming-document.png": 128, "tracking-document.png": 128} | {
    f"console/{name}-desk.png": 96 for name in _CONSOLE
}
"""Picture that `docs/pictures` has a copy of → in how many colours."""
_OF_THE_GUIDE = 64
"""Colours of a picture of `docs/guide`."""
PLANES = 8
"""As many colours a screen has in planes."""


def keep(page: Page, path: Path, **options: Any) -> None:
    """Keep a picture of a page. A browser on a busy machine now and then cannot take one; it is asked once more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=path, **options)
    except Error as refusal:
        if "Unable to capture screenshot" not in refusal.message:
            raise
        page.screenshot(path=path, **options)
    name = str(path.relative_to(FOLDER)) if path.is_relative_to(FOLDER) else ""
    if RENEWED and name in _SHOWN:
        _copy(path, DOCS / "pictures" / name.replace("/", "-"), _SHOWN[name])


def keep_for_guide(page: Page, name: str) -> None:
    """Keep a picture that a page of `docs/guide` shows."""
    path = FOLDER / "guide" / f"{name}.png"
    keep(page, path)
    if RENEWED:
        _copy(path, DOCS / "guide" / "pictures" / path.name, _OF_THE_GUIDE)


def _copy(path: Path, to: Path, colours: int) -> None:
    """A small copy, in few colours; the planes keep theirs, or white would melt into what is nearly white."""
    with Image.open(path) as taken:
        whole = taken.convert("RGB")
    few = whole.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).convert("RGB")
    counted: list[tuple[int, Any]] = whole.getcolors(whole.width * whole.height) or []
    for _, colour in sorted(counted, reverse=True)[:PLANES]:
        red, green, blue = ImageChops.difference(whole, Image.new("RGB", whole.size, colour)).split()
        same = ImageChops.lighter(ImageChops.lighter(red, green), blue).point([255] + [0] * 255)
        few.paste(colour, mask=same)
    to.parent.mkdir(parents=True, exist_ok=True)
    few.quantize(256, dither=Image.Dither.NONE).save(to, optimize=True)
