"""A real browser, and what every page must stand in it: no barrier, and nothing that sticks out sideways."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "src" / "lienthong" / "look" / "static" / "vendor" / "test" / "axe.min.js"
PROGRAM = "/usr/bin/chromium-headless-shell"
"""Chromium's engine without the windows around it, for a quarter of the time that the whole browser takes."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters stand where the font has them, as in the whole browser
]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
"""Whether a page need not be pushed sideways. `innerWidth` would not tell: a phone zooms out until a page that is too wide fits."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of Debian's packages."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS) as browser,
    ):
        yield browser


def sideways(page: Page) -> list[str]:
    """What sticks out of the screen to the right; nothing, where the page need not be pushed sideways."""
    if page.evaluate(FITS):
        return []
    out = page.evaluate(
        """[...document.querySelectorAll("body *")].filter(e => e.checkVisibility()
        && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 100))"""
    )
    return [f"wider than the screen: {out[-1] if out else ''}"]


def barriers(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA in a page that has axe (`AXE`) loaded."""
    found = page.evaluate(
        "axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })"
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in found["violations"]]
