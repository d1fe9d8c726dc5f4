"""Pictures of screens, as the tests of a browser keep them; and of those, the ones that the documentation shows."""

import os
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Error, Page

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("LIENTHONG_PICTURES", ROOT / "build" / "pictures"))
DOCS = ROOT / "docs"
RENEWED = bool(os.environ.get("LIENTHONG_KEEP_PICTURES"))
"""Whether the pictures of `docs/` are written anew: `make pictures`."""
_CONSOLE = ("overview", "packets", "packet", "journal", "agencies", "change-preview", "system")
_SHOWN = {"incoming-document.png": 128, "tracking-document.png": 128} | {
    f"console/{name}-desk.png": 96 for name in _CONSOLE
}
"""Picture that `docs/pictures` has a copy of → in how many colours."""
_OF_THE_GUIDE = 64
"""Colours of a picture of `docs/guide`."""


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
    """A small copy."""
    small = (
        Image.open(path).convert("RGB").quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    )
    to.parent.mkdir(parents=True, exist_ok=True)
    small.save(to, optimize=True)
