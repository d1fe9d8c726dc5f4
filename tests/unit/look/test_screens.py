"""The crowded screens in a real browser: nothing that matters is cut, at any width, in light and dark, and on paper."""

import mimetypes
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any

import pypdf
import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from lienthong import look, office
from tests import pictures
from tests.browser import AXE, FITS, barriers, chromium
from tests.unit.look import gallery

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("look")]

STATIC = [Path(room.__file__).parent / "static" for room in (look, office)]
PICTURES = Path(__file__).resolve().parents[3] / "build" / "pictures" / "look"
WAYS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "notebook": {"viewport": {"width": 1366, "height": 768}},
    "small": {"viewport": {"width": 1024, "height": 768}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "english": {"viewport": {"width": 1440, "height": 900}},
    "english-phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
CUT = """[...document.querySelectorAll(".no, .u, .s, .lv, .due, .btn, td.r, .counts, h1")]
    .filter(e => !e.closest("dialog") && e.offsetParent && e.scrollWidth > e.clientWidth + 1
                 && getComputedStyle(e).display !== "inline")
    .map(e => e.className + ": " + e.textContent.trim())"""
SUBJECTS = "Math.min(...[...document.querySelectorAll('.l .sum')].map(e => e.clientWidth), 9999)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def file_of_two_pages() -> bytes:
    """A PDF whose second page lies across."""
    writer, out = pypdf.PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_blank_page(842, 595)
    writer.write(out)
    return out.getvalue()


def answer(route: Route, language: str) -> None:
    """Pages come from the templates, assets from the folder that is shipped; nothing goes over a network."""
    path = route.request.url.partition("office.test")[2].partition("?")[0]
    if path.startswith("/static/"):
        kind = "text/javascript" if path.endswith("js") else mimetypes.guess_type(path)[0]
        file = next(place for room in STATIC if (place := room / path.removeprefix("/static/")).exists())
        route.fulfill(path=file, content_type=kind or "application/octet-stream")
    elif "/tep/" in path:
        route.fulfill(body=file_of_two_pages(), content_type="application/pdf")
    elif "/ban/" in path:
        route.fulfill(body=gallery.badly_presented().pdf, content_type="application/pdf")
    elif path[1:] in gallery.SCREENS:
        with translation.override(language):
            route.fulfill(body=gallery.SCREENS[path[1:]](), content_type="text/html; charset=utf-8")
    else:
        route.fulfill(status=404, body="")


@pytest.fixture
def page(browser: Browser, way: str) -> Iterator[Page]:
    context = browser.new_context(**WAYS[way])
    page, faults = context.new_page(), list[str]()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.route("**/*", lambda route: answer(route, "en" if way.startswith("english") else "vi"))
    yield page
    context.close()
    assert faults == []


def keep(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    pictures.keep(page, PICTURES / f"{name}.png")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", gallery.SCREENS)
def test_nothing_that_matters_is_cut(page: Page, name: str, way: str) -> None:
    """Numbers, urgency, states, times and buttons are whole; the subject has room; axe finds no barrier."""
    page.goto(f"http://office.test/{name}")
    page.evaluate("document.fonts.ready")
    keep(page, f"{name}-{way}")
    assert page.evaluate(FITS)
    assert page.evaluate(CUT) == []
    assert page.evaluate(SUBJECTS) >= 240
    page.add_script_tag(path=AXE)
    assert barriers(page) == []


@pytest.mark.parametrize("way", ["desk"])
@pytest.mark.parametrize(("name", "pages", "lying"), [("incoming-list", 2, True), ("document", 1, False)])
def test_on_paper(page: Page, name: str, pages: int, lying: bool) -> None:
    """A list lies across the paper and a document's sheet stands; what is printed is the content, not the frame."""
    page.goto(f"http://office.test/{name}")
    printed = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    box = printed.pages[0].mediabox
    # Digits are of another font than letters, and an extractor parts words there: compare without spaces.
    text = "".join("".join(one.extract_text() for one in printed.pages).split())
    assert (len(printed.pages), box.width > box.height) == (pages, lying)
    assert "8421/BNV-VTLT" in text
    assert "Thượngkhẩn" in text
    assert "Trụcliênthông" not in text
    assert "HoàngThịLam" not in text


@pytest.mark.parametrize("way", ["desk"])
def test_the_viewer_counts_and_zooms(page: Page, way: str) -> None:
    page.goto("http://office.test/document")
    pages = page.locator("canvas[data-page]")
    page.locator("canvas[data-drawn]").first.wait_for()
    assert page.locator(".vzoom").inner_text().split() == ["Trang", "1", "/", "2", "100%"]
    before = pages.first.bounding_box()
    page.get_by_role("button", name="Phóng to").click()
    page.get_by_text("125%").wait_for()
    after = pages.first.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] / before["width"] == pytest.approx(1.25, abs=0.01)
    pages.nth(1).scroll_into_view_if_needed()
    page.locator("canvas[data-page='2'][data-drawn]").wait_for()
    across = pages.nth(1).bounding_box()
    assert across is not None
    assert across["width"] > across["height"]  # the page that lies across keeps its shape
    page.get_by_text("Trang 2 / 2").wait_for()


@pytest.mark.parametrize("way", ["desk", "phone"])
def test_a_finding_leads_to_its_place(page: Page, way: str) -> None:
    page.goto("http://office.test/presentation")
    page.locator("canvas[data-drawn]").first.wait_for()
    page.locator("[data-rule=signer_form] [data-turn]").click()
    page.locator("canvas[data-page='2'][data-drawn]").wait_for()
    spot, sheet = page.locator(".spot").bounding_box(), page.locator("canvas[data-page='2']").bounding_box()
    assert spot is not None
    assert sheet is not None
    assert sheet["x"] + sheet["width"] / 2 < spot["x"] < spot["x"] + spot["width"] < sheet["x"] + sheet["width"]
    assert 0 < spot["y"] < spot["y"] + spot["height"] < page.viewport_size["height"]  # type: ignore[index]
    keep(page, f"finding-{way}")
    page.locator("[data-rule=motto_words] [data-turn]").focus()
    page.keyboard.press("Enter")
    assert page.locator(".spot").count() == 1


@pytest.mark.parametrize("way", ["desk"])
def test_a_file_that_cannot_be_shown_leaves_its_link(page: Page, way: str) -> None:
    page.route("**/tep/**", lambda route: route.fulfill(status=500, body=""))
    page.goto("http://office.test/document")
    page.locator(".canvas.plain").wait_for()
    assert page.get_by_role("link", name="Mở tệp PDF").is_visible()


@pytest.mark.parametrize("way", ["desk"])
def test_the_keyboard_goes_through_a_list(page: Page, way: str) -> None:
    page.route("**/van-ban-den/*/", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("http://office.test/home")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "3355/BGDĐT-KHTC"
    page.keyboard.press("Enter")
    page.wait_for_url("**/van-ban-den/2/")


@pytest.mark.parametrize("way", ["desk"])
def test_the_bell_takes_a_number_and_nothing_else(page: Page, way: str) -> None:
    """Once the session is over the bell's address leads to the door; the frame must not swallow that page."""
    page.add_init_script(
        "window.answered = 0; const ask = window.fetch;"
        "window.fetch = (...said) => ask(...said).finally(() => window.answered++)"
    )
    page.clock.install()
    page.route("**/thong-bao/**", lambda route: route.fulfill(status=302, headers={"location": "/document"}))
    page.goto("http://office.test/home")
    _ring(page)
    assert page.locator("[data-bell]").inner_text().strip() == "3"
    page.unroute("**/thong-bao/**")
    asked = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("if-none-match"))
        if asked[-1] == '"7-9-9"':
            route.fulfill(status=304, headers={"ETag": asked[-1]})
        else:
            told = {"count": 7, "urgent": 9}
            route.fulfill(json=told, headers={"ETag": '"7-9-9"'})

    page.route("**/thong-bao/**", answer)
    _ring(page)
    page.get_by_label("7 thông báo mới").wait_for()
    assert page.locator("[data-bell-count]").inner_html() == "<sup>7</sup>"
    assert page.title().startswith("(7) ")
    assert page.evaluate("localStorage.getItem('rung')") == "9"
    _ring(page)
    assert asked == [None, '"7-9-9"']
    assert page.title().startswith("(7) ")


def _ring(page: Page) -> None:
    """The bell's hour has come: it has asked, and was answered."""
    before = page.evaluate("window.answered")
    page.clock.run_for(11_000)
    end = monotonic() + 15
    while page.evaluate("window.answered") == before:
        assert monotonic() < end, "the bell did not ask"


@pytest.mark.parametrize("way", ["phone"])
def test_the_menu_of_a_phone_opens_and_closes(page: Page, way: str) -> None:
    page.goto("http://office.test/home")
    button = page.get_by_role("button", name="Danh mục")
    button.click()
    page.get_by_role("link", name="Sổ văn bản").wait_for()
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Sổ văn bản").wait_for(state="hidden")
    assert button.get_attribute("aria-expanded") == "false"
