"""The pages of agencies and systems in a real browser: whole at each width, in both languages, light and dark."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page

from lienthong.hub import imports
from lienthong.hub.models import ChangeRequest, TableImport
from lienthong.hub.operators import Role
from tests import pictures
from tests.browser import AXE, barriers, chromium
from tests.service.hub.conftest import Country, now
from tests.service.hub.people import sit_down
from tests.service.hub.registry_scene import furnish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("registry-screens")]

PICTURES = pictures.FOLDER / "console"
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
    with chromium() as browser:
        cookie, language = settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME
        yield Desk(country.url, sessions, cookie, language, browser, wish, table)


def screens(desk: Desk) -> dict[str, str]:
    """Each page by its picture's name."""
    return {
        "agencies": "co-quan/?mo=H41",
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
    faults = barriers(page)
    faults += [f"cut: {one}" for one in page.evaluate(CUT)]
    if page.evaluate(WIDER):
        faults.append("wider than the window")
    pictures.keep(page, PICTURES / f"{name}-{way}.png", full_page=way == "phone")
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


def aside(act: Callable[[], object]) -> None:
    """Do something with the database, which the thread of the browser may not."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: (act(), connection.close())).result(timeout=60)


def test_the_registrys_work_is_done_by_keyboard(desk: Desk) -> None:
    page = desk.sit()
    page.goto(f"{desk.url}/console/co-quan/")
    # The tree: its first agency is reached by Tab, opened by the arrows, left by Enter.
    page.locator("[data-code=H41]").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("treeitem", name="Sở Nội vụ").first.wait_for()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.code") == "H41.01"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.code") == "H41"
    page.keyboard.press("ArrowLeft")
    assert page.locator("[data-code=H41]").get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ủy ban nhân dân tỉnh Nghệ An").wait_for()
    # The search answers as one types, and Enter opens the first.
    page.goto(f"{desk.url}/console/co-quan/")
    page.get_by_label("Tìm cơ quan").press_sequentially("so y t")
    page.locator("#found td", has_text="Sở Y tế").wait_for()
    assert page.locator("[data-tree]").is_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sở Y tế").wait_for()
    # A change of codes: agencies are chosen from what is found, its effects are told, then it is filed.
    page.goto(f"{desk.url}/console/co-quan/thay-doi/lap/?loai=merge")
    page.get_by_role("combobox", name="Các mã thay đổi").press_sequentially("hung nguyen")
    page.get_by_role("option", name="H41.45").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Cơ quan kế thừa").press_sequentially("H41.40")
    page.get_by_role("option", name="H41.40").wait_for()
    page.keyboard.press("Enter")
    page.get_by_label("Ngày hiệu lực").fill("2027-07-01")
    page.get_by_label("Số, ký hiệu quyết định").fill("1677/NQ-UBTVQH15")
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_text("mã chuyển tiếp về H41.40").wait_for()
    assert look(page, "change-preview", "desk") == []
    page.get_by_role("button", name="Lập thay đổi, hiệu lực 01/07/2027").click()
    page.get_by_role("cell", name="1677/NQ-UBTVQH15").wait_for()
    # A table is confirmed; the page follows the worker by itself.
    page.goto(f"{desk.url}/console/co-quan/bang/{desk.table}/")
    page.get_by_role("button", name="Nhập 3 dòng").click()
    page.get_by_text("đang chờ đến lượt").wait_for()
    aside(lambda: imports.work_once(now()))
    page.get_by_text("cơ quan đã thêm").wait_for()


def test_a_secret_is_shown_once_in_the_browser(desk: Desk) -> None:
    page = desk.sit(Role.OPERATOR)
    page.goto(f"{desk.url}/console/he-thong/ma/G22/")
    page.get_by_text("Cấp khóa").first.click()
    page.get_by_role("button", name="Cấp khóa").click()
    page.get_by_text("chỉ hiện một lần").first.wait_for()
    secret = page.locator("#secret").inner_text()
    assert look(page, "system-secret", "desk") == []
    page.goto(f"{desk.url}/console/he-thong/ma/G22/")
    assert secret not in page.content()
    page.get_by_role("button", name="Tạm ngừng…").click()
    dialog = page.get_by_role("dialog", name="Tạm ngừng hệ thống?")
    dialog.get_by_label("Lý do").fill("Bảo trì đột xuất")
    dialog.get_by_role("button", name="Tạm ngừng").click()
    page.get_by_text("Bảo trì đột xuất").first.wait_for()
    page.get_by_role("button", name="Cho hoạt động lại").click()
    page.get_by_role("button", name="Tạm ngừng…").wait_for()


def test_an_officers_request_is_asked_and_decided(desk: Desk) -> None:
    officer = desk.sit(Role.AGENCY)
    officer.goto(f"{desk.url}/console/co-quan/ma/H41.06/")
    officer.get_by_role("link", name="Yêu cầu thay đổi").click()
    officer.get_by_label("Tên đầy đủ").fill("Sở Nông nghiệp và Môi trường tỉnh Nghệ An")
    officer.get_by_role("button", name="Gửi yêu cầu").click()
    officer.get_by_role("cell", name="Sở Nông nghiệp và Môi trường tỉnh Nghệ An").wait_for()
    registry = desk.sit()
    registry.goto(f"{desk.url}/console/co-quan/yeu-cau/")
    registry.locator("tr", has_text="Sở Nông nghiệp và Môi trường tỉnh").get_by_role("link").click()
    registry.get_by_role("heading", name="Sở Nông nghiệp và Môi trường tỉnh Nghệ An").wait_for()
    registry.keyboard.press("r")
    registry.get_by_label("Lý do, bên yêu cầu sẽ đọc").fill("Tên không có trong quyết định")
    registry.get_by_role("button", name="Từ chối", exact=True).click()
    registry.get_by_role("heading", name="Yêu cầu thay đổi danh mục").wait_for()
    officer.goto(f"{desk.url}/console/co-quan/yeu-cau/?muc=da-xu-ly")
    officer.get_by_text("Từ chối").first.wait_for()
