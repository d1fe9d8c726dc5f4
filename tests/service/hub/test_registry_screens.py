"""The pages of agencies and systems in a real browser: whole at each width, in both languages, light and dark."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from lienthong import office
from lienthong.hub.models import ChangeRequest, TableImport
from lienthong.hub.operators import Role
from tests.service.hub.conftest import Country
from tests.service.hub.people import sit_down
from tests.service.hub.registry_scene import furnish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("registry-screens")]

AXE = Path(office.__file__).parent / "static" / "vendor" / "test" / "axe.min.js"
PICTURES = Path(__file__).resolve().parents[3] / "build" / "pictures" / "console"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WAYS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "english": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
CUT = """[...document.querySelectorAll(".no, .s, .due, .btn, td.r, h1, .code")]
    .filter(e => !e.closest("dialog") && e.offsetParent && e.scrollWidth > e.clientWidth + 1
                 && getComputedStyle(e).display !== "inline")
    .map(e => e.className + ": " + e.textContent.trim())"""


@dataclass
class Desk:
    """A browser before the console, signed in as somebody."""

    url: str
    session: dict[Role, str]
    cookie: str
    language_cookie: str
    browser: Browser
    wish: int
    table: int

    def sit(self, role: Role = Role.REGISTRY, way: str = "desk") -> Page:
        context = self.browser.new_context(**WAYS[way])
        language = "en" if way == "english" else "vi"
        context.add_cookies(
            [
                {"name": self.cookie, "value": self.session[role], "url": self.url},
                {"name": self.language_cookie, "value": language, "url": self.url},
            ]
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page


@pytest.fixture
def desk(country: Country, settings: Any) -> Iterator[Desk]:
    furnish(country)
    sessions = {
        role: sit_down(role, "H41" if role is Role.AGENCY else "").cookies[settings.SESSION_COOKIE_NAME].value
        for role in Role
    }
    wish = ChangeRequest.objects.get(code="H41.02").pk
    table = TableImport.objects.get().pk
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS) as browser,
    ):
        cookie, language = settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME
        yield Desk(country.url, sessions, cookie, language, browser, wish, table)


def screens(desk: Desk) -> dict[str, str]:
    """Each page by its picture's name."""
    return {
        "agencies": "co-quan/?mo=H41.01",
        "agencies-found": "co-quan/?q=so+noi",
        "agencies-none": "co-quan/?q=khong+co+dau",
        "agency": "co-quan/ma/H41/",
        "agency-ended": "co-quan/ma/H41.44/",
        "agency-other": "co-quan/ma/D01/",
        "agency-new": "co-quan/them/",
        "level-one": "co-quan/cap-1/",
        "changes": "co-quan/thay-doi/",
        "change-merge": "co-quan/thay-doi/lap/?loai=merge&ma=H41.45",
        "requests": "co-quan/yeu-cau/",
        "request": f"co-quan/yeu-cau/{desk.wish}/",
        "requests-decided": "co-quan/yeu-cau/?muc=da-xu-ly",
        "tables": "co-quan/bang/",
        "table": f"co-quan/bang/{desk.table}/",
        "systems": "he-thong/",
        "system": "he-thong/ma/G22/",
        "system-suspended": "he-thong/ma/000.00.00.G12/",
        "system-new": "he-thong/them/",
    }


def look(page: Page, name: str, way: str) -> list[str]:
    """Faults of a page as it is drawn: barriers, what is cut, what sticks out."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })")
    faults = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
    faults += [f"cut: {one}" for one in page.evaluate(CUT)]
    if page.evaluate(WIDER):
        faults.append("wider than the window")
    (PICTURES / way).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / way / f"{name}.png", full_page=way == "phone")
    return [f"{way} {name}: {fault}" for fault in faults]


@pytest.mark.parametrize("way", WAYS)
def test_every_screen_is_whole(desk: Desk, way: str) -> None:
    page = desk.sit(way=way)
    broken: list[str] = []
    page.on("pageerror", lambda fault: broken.append(str(fault)))
    for name, place in screens(desk).items():
        answer = page.goto(f"{desk.url}/console/{place}")
        assert answer is not None
        assert answer.status == 200, name
        broken += look(page, name, way)
    assert broken == []
