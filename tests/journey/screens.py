"""A person before a screen of a real browser: signed in, reading, typing and pressing keys."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import datetime, time
from time import monotonic

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from lienthong.runtime.demo.country import Country
from lienthong.standards.times import VIETNAM
from tests import pictures
from tests.browser import AXE, DESK, PHONE, barriers, sideways
from tests.doors import ENTERED

WAIT_MS = 15_000
"""How long a page may take to say what it should."""
BETWEEN_LOOKS_MS = 1_000
"""How long one looks at a page before reading it again."""
TRAVEL_S = 30.0
"""How long a document or an answer may be on its way."""
DAY_ENDS = time(23, 50)
"""From about here on what is accepted is presented with that: nobody could undo it any more on this day."""


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
    pictures.keep(page, pictures.FOLDER / f"{name}.png")
    page.add_script_tag(path=AXE)
    assert [*sideways(page), *barriers(page)] == [], name


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

    def go(self, place: str) -> None:
        """Open a page of the office by its address."""
        self.page.goto(f"{self.base}{place}")

    def open_row(self, subject: str) -> None:
        """Open the document whose row of the list that is shown has this subject."""
        self.page.get_by_role("row").filter(has_text=subject).first.get_by_role("link").first.click()
        self.await_drawn()

    def show(self, name: str) -> None:
        """Look at what stands on the screen as a page of `docs/guide` shows it, and keep the picture for it."""
        if self.page.locator("[data-pdf]").count():
            self.await_drawn()
        self.page.evaluate("document.fonts.ready.then(() => true)")
        pictures.keep_for_guide(self.page, name)
        look(self.page, f"guide-{name}")

    def narrow(self) -> None:
        """The same page on a phone."""
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def widen(self) -> None:
        """Back at the desk."""
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]

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

    def present(self) -> None:
        """The key after acceptance: the leaders have the document from now on, and its sender is told."""
        waiting = self.page.locator("[data-unpresented]")
        if datetime.now(VIETNAM).time() < DAY_ENDS:
            expect(waiting).to_be_visible()
        if waiting.count():
            self.press("a")
        expect(waiting).to_have_count(0)

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
