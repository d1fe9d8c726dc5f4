"""A person before a screen of a real browser: signed in, reading, typing and pressing keys."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect, sync_playwright

from lienthong.runtime.demo.country import Country
from tests import pictures
from tests.doors import ENTERED

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "src" / "lienthong" / "look" / "static" / "vendor" / "test" / "axe.min.js"
PICTURES = Path(os.environ.get("LIENTHONG_PICTURES", ROOT / "build" / "pictures"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1440, "height": 900}
WAIT_MS = 15_000
"""How long a page may take to say what it should."""
BETWEEN_LOOKS_MS = 1_000
"""How long one looks at a page before reading it again."""
TRAVEL_S = 30.0
"""How long a document or an answer may be on its way."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of Debian's packages."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS) as browser,
    ):
        yield browser


def sign_in(browser: Browser, country: Country, code: str, login: str, **options: object) -> Page:
    """A window of its own for a person of the cast, on their first screen."""
    page = browser.new_page(**{"viewport": DESK, "locale": "vi-VN", "bypass_csp": True, **options})  # type: ignore[arg-type]
    page.set_default_timeout(WAIT_MS)
    account = f"{login}.{code.lower()}"
    page.goto(country.address(code))
    sys.audit(ENTERED)
    page.get_by_label("Tên đăng nhập").fill(account)
    page.get_by_label("Mật khẩu").fill(country.passwords[account])
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("heading", name="Hôm nay").wait_for()
    return page


def look(page: Page, name: str) -> None:
    """Keep a picture, and find no barrier and nothing that sticks out."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    pictures.keep(page, PICTURES / f"{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{name} is wider than the screen"
    )
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })")
    faults = [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in found["violations"]]
    assert faults == [], f"{name}: {faults}"


@dataclass
class Window:
    """A person's window on a document system.

    Attributes:
        faults: what the scripts of the pages complained about.
    """

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))

    @classmethod
    def of(cls, browser: Browser, country: Country, code: str, login: str) -> Window:
        """Signs the person in."""
        return cls(sign_in(browser, country, code, login), country.address(code))

    def begin_next(self, subject: str) -> None:
        """From the first screen into what it names as the next thing to do, which is this document: one key."""
        self.page.goto(self.base)
        self.await_shown(self.page.locator(".next").get_by_text(subject))
        self.press("a")
        self.await_drawn()

    def await_drawn(self) -> None:
        """Wait until the document can be read in its page."""
        self.page.locator("canvas[data-drawn]").first.wait_for()

    def press(self, keys: str) -> None:
        """Press one key, or several together."""
        self.page.keyboard.press(keys)

    def sign_with(self, pin: str, button: str) -> None:
        """The page's main act asks for the PIN; typing it and Enter carry the act out."""
        expect(self.page.get_by_role("button", name=button)).to_be_visible()
        self.press("a")
        expect(self.page.locator("input[name=pin]:visible")).to_be_focused()
        self.page.keyboard.type(pin)
        self.press("Enter")

    def opened(self, title: str) -> Locator:
        """The dialog that is open, under its title."""
        dialog = self.page.locator("dialog[open]")
        dialog.get_by_role("heading", name=title).wait_for()
        return dialog

    def await_state(self, words: str) -> None:
        """Wait until the head of the document says so."""
        self.page.locator(".dochead").get_by_text(words, exact=True).wait_for()

    def await_shown(self, wanted: Locator, seconds: float = TRAVEL_S) -> None:
        """Read the page again until it shows this, as somebody does who waits for an answer."""
        end = monotonic() + seconds
        while True:
            try:
                return wanted.first.wait_for(timeout=BETWEEN_LOOKS_MS)
            except TimeoutError:
                if monotonic() > end:
                    raise
                self.page.reload()

    def recipient(self, code: str) -> Locator:
        """A recipient's line on the board of a sent document."""
        return self.page.locator(f"tr[data-recipient={code}]")
