"""The day of a clerk on screens: what came in is checked, accepted or refused; what was signed is numbered, sealed and
sent; what is on its way is followed; the books are read in the evening."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest
from playwright.sync_api import Browser, expect

from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.documents import DECISION, REPORT
from lienthong.runtime.demo.story import REFUSAL, Story
from tests.journey.days.scenes import letter, send
from tests.journey.screens import Window, look

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("days")]

HOUSE = "H41"
URGENT = letter(
    "Về việc báo cáo tình hình kết nối, liên thông văn bản điện tử", to="Ủy ban nhân dân tỉnh Nghệ An", urgency="2"
)
OPINION = letter("Về việc góp ý dự thảo Nghị định về công tác văn thư", to="Ủy ban nhân dân tỉnh Nghệ An")


@pytest.mark.law("D30-21-2", "D30-21-3", "D30-22-2", "R-5.4-1")
def test_a_day_of_the_clerk(browser: Browser, country: Country) -> None:
    with Story(country) as story:
        story.press(
            HOUSE, "lanh.dao", story.draft_and_check(REPORT, ("G22",), house=HOUSE), "approve_and_sign", "signed",
            pin=country.pin(HOUSE, "lanh.dao"),
        )  # fmt: skip
        for text in (DECISION, OPINION, URGENT):
            send(story, text, HOUSE)
    clerk = Window.of(browser, country, HOUSE, "van.thu")
    morning(clerk)
    accept_what_is_urgent(clerk)
    refuse(clerk)
    accept_from_the_list_and_present(clerk)
    register_what_came_on_paper(clerk)
    number_seal_and_send(clerk, country.pin(HOUSE))
    follow(clerk)
    evening(clerk)
    assert clerk.faults == []


def morning(clerk: Window) -> None:
    """The most urgent document is the next thing to do."""
    expect(clerk.page.locator(".next")).to_contain_text(URGENT.subject)
    expect(clerk.page.locator("[data-list=out]")).to_contain_text(REPORT.subject)
    clerk.show("van-thu-hom-nay")


def accept_what_is_urgent(clerk: Window) -> None:
    """One key opens it; what it is worth and three checks stand beside it; one key accepts, and it is presented."""
    clerk.begin_next(URGENT.subject)
    expect(clerk.page.locator(".legal")).to_contain_text("Có giá trị pháp lý như bản giấy")
    expect(clerk.page.locator("[data-check]")).to_have_count(3)
    clerk.show("van-thu-kiem-tra")
    clerk.press("a")
    clerk.await_state("Đã tiếp nhận, chờ chỉ đạo")
    expect(clerk.page.locator(".dochead")).to_contain_text("Số đến")
    expect(clerk.page.locator("[data-unpresented]")).to_have_count(0)


def refuse(clerk: Window) -> None:
    """The decision names an annex that is not there: it goes back, with the reason."""
    clerk.go("/van-ban-den/?muc=cho-tiep-nhan")
    clerk.open_row(DECISION.subject)
    expect(clerk.page.locator("[data-check=completeness]")).to_have_attribute("data-result", "failed")
    clerk.press("r")
    dialog = clerk.opened("Từ chối tiếp nhận, trả lại bên gửi")
    dialog.get_by_label("Lý do").select_option(value="MISSING_FILE")
    dialog.get_by_label("Diễn giải").fill(REFUSAL)
    clerk.show("van-thu-tu-choi")
    dialog.get_by_role("button", name="Từ chối và trả lại").click()
    clerk.await_state("Đã trả lại")


def accept_from_the_list_and_present(clerk: Window) -> None:
    """What passes every check is accepted from the list; what is not urgent is presented by a key of its own."""
    clerk.go("/van-ban-den/?muc=cho-tiep-nhan")
    clerk.page.get_by_role("checkbox", name=OPINION.subject).check()
    look(clerk.page, "van-thu-tiep-nhan-nhieu")
    clerk.page.get_by_role("button", name="Tiếp nhận các văn bản đã chọn").click()
    done = clerk.page.get_by_role("status", name="Kết quả")
    expect(done).to_contain_text("Đã tiếp nhận, số đến")
    done.get_by_role("link").click()
    clerk.await_drawn()
    clerk.show("van-thu-trinh")
    clerk.present()


def register_what_came_on_paper(clerk: Window) -> None:
    """A letter in an envelope has its arrival number from the same register."""
    page = clerk.page
    clerk.go("/van-ban-den/")
    page.get_by_role("link", name="Đăng ký văn bản ngoài Trục").click()
    page.get_by_label("Cơ quan, tổ chức gửi").fill("Công ty Cổ phần Xây dựng Sông Lam")
    page.get_by_label("Số, ký hiệu").fill("27/CV-SL")
    page.get_by_label("Ngày văn bản").fill("2026-11-23")
    page.get_by_label("Loại văn bản").fill("Công văn")
    page.get_by_label("Người ký").fill("Hồ Viết Lợi")
    page.get_by_label("Số trang").fill("2")
    page.get_by_label("Trích yếu").fill("Đề nghị gia hạn thời gian hoàn thành công trình kè sông Lam")
    clerk.show("van-thu-van-ban-giay")
    page.get_by_role("button", name="Đăng ký, cấp số đến").click()
    expect(page.locator(".dochead")).to_contain_text("Số đến")


def number_seal_and_send(clerk: Window, pin: str) -> None:
    """What the leader signed is numbered and sealed with the PIN of the seal; then it is issued."""
    clerk.go("/phat-hanh/")
    clerk.open_row(REPORT.subject)
    expect(clerk.page.get_by_role("button", name="Cấp số và đóng dấu")).to_be_visible()
    clerk.show("van-thu-cap-so")
    clerk.sign_with(pin, "Cấp số và đóng dấu")
    clerk.await_state("Đã đóng dấu, chờ phát hành")
    clerk.press("a")
    dialog = clerk.opened("Phát hành")
    look(clerk.page, "van-thu-phat-hanh")
    dialog.get_by_role("button", name="Gửi", exact=True).click()
    clerk.await_state("Đã phát hành")


def follow(clerk: Window) -> None:
    """Where it is, recipient by recipient."""
    clerk.await_shown(clerk.recipient("G22").get_by_text("Đã đến", exact=True))
    clerk.show("van-thu-theo-doi")
    clerk.page.get_by_role("link", name="Theo dõi gửi").click()
    expect(clerk.page.get_by_role("row").filter(has_text=REPORT.subject)).to_contain_text("Đã đến")


def evening(clerk: Window) -> None:
    """The register has all that came, on the screen and on paper."""
    clerk.page.get_by_role("link", name="Sổ văn bản").click()
    clerk.page.get_by_role("link", name="Văn bản đến", exact=True).last.click()
    for words in (URGENT.subject, OPINION.subject, "Công ty Cổ phần Xây dựng Sông Lam"):
        expect(clerk.page.locator("main")).to_contain_text(words)
    clerk.show("van-thu-so-den")
    printed = pypdf.PdfReader(BytesIO(clerk.page.pdf(prefer_css_page_size=True)))
    text = "".join("".join(one.extract_text() for one in printed.pages).split())
    assert "Sổđăngkývănbảnđến" in text
    assert "Insổ" not in text
    assert "Theodõigửi" not in text  # the register, not the frame
