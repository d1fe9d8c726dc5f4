"""Every page of the console in a real browser: each role, both languages, desk and phone, light and dark, on paper."""

from collections.abc import Iterator
from io import BytesIO

import pypdf
import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from lienthong.hub.models import Alert, Delivery, System
from lienthong.hub.operators import Role
from lienthong.hub.watch import alerts
from tests import pictures
from tests.browser import AXE, FITS, barriers, chromium
from tests.service.hub import screens
from tests.service.hub.conftest import Country, now
from tests.service.hub.people import sit_down

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("console")]

PICTURES = pictures.FOLDER / "console"
WAYS = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "english": {"viewport": {"width": 1440, "height": 900}},
    "english-phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
CUT = """[...document.querySelectorAll(".u, .s, .figure, td.r, h1, .ax, .btn")]
    .filter(e => !e.closest("dialog") && e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
                 && getComputedStyle(e).display !== "inline" && !(e instanceof SVGElement))
    .map(e => e.className + ": " + e.textContent.trim())"""


class Desk:
    """A browser in one way, whoever sits before it."""

    def __init__(self, context: BrowserContext, address: str, way: str) -> None:
        self.context, self.address, self.way = context, address, way
        context.add_init_script(path=AXE)  # so the content policy of the page stays in force
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    def sit(self, session: str) -> None:
        """Another person sits down."""
        language = "en" if self.way.startswith("english") else "vi"
        self.context.clear_cookies()
        cookies = {django_settings.SESSION_COOKIE_NAME: session, django_settings.LANGUAGE_COOKIE_NAME: language}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        )

    def look(self, place: str, name: str) -> None:
        """Open a page, keep its picture, and find nothing cut, nothing that sticks out, and no barrier."""
        self.page.goto(self.address + place)
        self.page.evaluate("document.fonts.ready.then(() => true)")
        self.keep(name)
        assert self.page.evaluate(FITS), f"{name} is too wide"
        assert self.page.evaluate(CUT) == [], name
        assert barriers(self.page) == [], name

    def keep(self, name: str) -> None:
        """Keep a picture."""
        pictures.keep(self.page, PICTURES / f"{name}-{self.way}.png")


@pytest.fixture
def hub(country: Country, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A busy hub, and the sessions of its people by role."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # only at the end of the test, when its tables are emptied
    known = screens.at_work(country, timezone.localtime(now()))
    for role in Role:
        client = sit_down(role, "H41" if role is Role.AGENCY else "")
        known[role.value] = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    return known


@pytest.fixture
def desk(hub: dict[str, str], live_server: LiveServer, way: str) -> Iterator[Desk]:
    with chromium() as browser:
        context = browser.new_context(locale="vi-VN", **WAYS[way])  # type: ignore[arg-type]
        desk = Desk(context, live_server.url, way)
        yield desk
        context.close()
        assert desk.faults == []


def places(hub: dict[str, str], role: Role) -> dict[str, str]:
    """The pages that a role walks through, and one for each kind of empty page."""
    pages = {
        "overview": "/console/",
        "packets": "/console/van-ban/?q=&sender=&state=",
        "open": "/console/van-ban/?state=open",
        "packet": f"/console/van-ban/{hub['way']}/",
        "none": "/console/van-ban/?q=KHONG-CO",
        "password": "/console/mat-khau/",
    }
    if role is not Role.AGENCY:
        journal = {"journal": "/console/nhat-ky/", "sign-ins": "/console/nhat-ky/?log=sign-ins&actor=ai"}
        journal["heads"] = f"/console/nhat-ky/niem-phong/?since={timezone.localtime(now()).date()}"
        pages |= {**journal, "recall": f"/console/van-ban/{hub['recall']}/"}
    return pages


@pytest.mark.parametrize("way", WAYS)
def test_every_page_in_every_role(desk: Desk, hub: dict[str, str], way: str) -> None:
    desk.page.goto(f"{desk.address}/console/dang-nhap/")
    desk.look("/console/dang-nhap/", "door")
    for role in (Role.AUDITOR, Role.OPERATOR, Role.REGISTRY, Role.AGENCY):
        desk.sit(hub[role.value])
        for name, place in places(hub, role).items():
            whole = role is Role.AUDITOR or (role is Role.AGENCY and name in ("overview", "packets", "packet"))
            if whole or way == "desk":
                desk.look(place, name if role is Role.AUDITOR else f"{name}-{role.value}")


@pytest.mark.parametrize("way", ["phone"])
def test_one_looks_things_up_on_a_phone(desk: Desk, hub: dict[str, str], way: str) -> None:
    desk.sit(hub["operator"])
    desk.page.goto(f"{desk.address}/console/nhat-ky/")
    desk.page.get_by_role("search").get_by_role("textbox").fill(hub["way"])
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/van-ban/{hub['way']}/")


@pytest.mark.parametrize("way", ["phone"])
def test_the_open_tab_is_in_sight_on_a_phone(desk: Desk, hub: dict[str, str], way: str) -> None:
    desk.sit(hub["operator"])
    desk.page.goto(f"{desk.address}/console/co-quan/cap-1/")
    expect(desk.page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("way", ["desk"])
def test_the_keyboard_finds_and_moves(desk: Desk, hub: dict[str, str], way: str) -> None:
    page = desk.page
    desk.sit(hub["operator"])
    page.goto(f"{desk.address}/console/van-ban/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("tr[data-agency] a").nth(1)
    assert page.evaluate("document.activeElement.textContent") == second.text_content()
    page.keyboard.press("/")
    page.keyboard.type(hub["way"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/van-ban/{hub['way']}/")


@pytest.mark.parametrize("way", ["desk"])
def test_the_figures_change_without_reloading(
    desk: Desk, hub: dict[str, str], way: str, live_server: LiveServer
) -> None:
    """Parts that changed are put in place, what somebody has unfolded stays so; without the hub the page says so; a hidden
    page asks nothing; a locked session leads to the door."""
    page, asked = desk.page, list[str]()
    desk.sit(hub["operator"])
    page.clock.install()
    page.on("request", lambda request: asked.append(request.url) if "tong-quan" in request.url else None)
    page.goto(f"{desk.address}/console/")
    page.get_by_text("Xem bảng số").click()
    page.evaluate("document.querySelector('[data-part=ledger]').id = 'same'")
    page.route(
        "**/tong-quan/",
        lambda route: route.fulfill(
            body='<dl data-part="ledger"><div>mới</div></dl><section data-part="chart">' + "</section>",
            headers={"ETag": '"x"'},
            content_type="text/html",
        ),
    )
    page.clock.run_for(11_000)
    page.locator("#same").get_by_text("mới").wait_for()
    page.unroute("**/tong-quan/")
    page.route("**/tong-quan/", lambda route: route.abort())
    page.clock.run_for(11_000)
    page.get_by_text("mất liên lạc với Trục").wait_for()
    desk.faults.clear()  # the browser tells of the broken line
    page.unroute("**/tong-quan/")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    asked.clear()
    page.clock.run_for(31_000)
    assert asked == []
    page.evaluate("Object.defineProperty(document, 'hidden', { value: false, configurable: true })")
    desk.context.clear_cookies()
    page.clock.run_for(11_000)
    page.wait_for_url("**/dang-nhap/**")


@pytest.mark.parametrize("way", ["desk"])
def test_a_list_changes_before_ones_eyes_and_what_one_types_stays(
    desk: Desk, hub: dict[str, str], way: str, live_server: LiveServer
) -> None:
    page = desk.page
    desk.sit(hub["operator"])
    page.clock.install()
    page.goto(f"{desk.address}/console/van-ban/?state=open")
    page.get_by_label("Bên gửi").fill("G2")
    page.keyboard.press("Escape")
    second = page.locator("tr[data-agency] a").nth(1)
    second.focus()
    link = second.get_attribute("href")
    rows = page.locator("tr[data-transport=initial]")
    waiting = rows.count()
    place = rows.locator("a").first.get_attribute("href") or ""
    gone = Delivery.objects.filter(state="initial", packet_id=place.split("/")[-2]).update(state="withdrawn")
    page.clock.run_for(11_000)
    expect(rows).to_have_count(waiting - gone)
    assert page.get_by_label("Bên gửi").input_value() == "G2"
    assert page.evaluate("document.activeElement.getAttribute('href')") == link

    Alert.objects.all().delete()
    System.objects.update(last_contact_at=now().replace(year=2020))
    alerts.look(now())
    page.goto(f"{desk.address}/console/canh-bao/")
    page.get_by_text("Tạm không nhắc").first.click()
    page.get_by_label("Lý do").first.fill("đã gọi")
    page.get_by_role("heading", level=1).click()  # away from the field
    count = page.locator(".alert").count()
    Alert.objects.filter(pk=Alert.objects.order_by("-pk").values("pk")[:1]).update(state="resolved", resolved_at=now())
    page.clock.run_for(21_000)
    page.wait_for_timeout(500)
    assert page.get_by_label("Lý do").first.input_value() == "đã gọi"
    assert page.locator(".alert").count() == count
    page.get_by_label("Lý do").first.fill("")
    page.get_by_role("heading", level=1).click()
    page.clock.run_for(11_000)
    expect(page.locator(".alert")).to_have_count(count - 1)
    with page.expect_navigation():  # and the token of its forms is that of the page
        page.get_by_role("button", name="Nhận xử lý").first.click()
    assert Alert.objects.filter(state="acknowledged").count() == 1


@pytest.mark.parametrize("way", ["desk"])
def test_a_packet_on_paper(desk: Desk, hub: dict[str, str], way: str) -> None:
    """What is printed is the packet's way, not the frame."""
    desk.sit(hub["operator"])
    desk.page.goto(f"{desk.address}/console/van-ban/{hub['way']}/")
    printed = pypdf.PdfReader(BytesIO(desk.page.pdf(prefer_css_page_size=True)))
    text = "".join("".join(one.extract_text() for one in printed.pages).split())
    assert len(printed.pages) <= 3
    assert "SHA-256" in text
    assert "Từchốitiếpnhận" in text
    assert "Tổngquan" not in text
    assert "TạQuangDuy" not in text
