"""The day of a leader on screens: what was presented is instructed, what was checked is approved and signed, at a desk
and on a phone; what comes due is urged."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.story import Story
from tests.browser import PHONE
from tests.journey.days.scenes import assign, letter, send
from tests.journey.screens import Window, look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("days")]

HOUSE = "G12"
PRESENTED = letter("Về việc góp ý dự thảo Nghị định về công tác văn thư", to="Bộ Tài chính")
AT_WORK = letter("Về việc báo cáo kinh phí xây dựng cơ sở dữ liệu quốc gia", to="Bộ Tài chính", urgency="1")
ANSWERS = [
    letter(subject, of="Bộ Tài chính", to="Ủy ban nhân dân tỉnh Nghệ An", unit="NSNN")
    for subject in (
        "Về việc bố trí kinh phí chuyển đổi số năm 2027",
        "Về việc quyết toán vốn đầu tư công năm 2026",
        "Về việc cấp bù học phí học kỳ I năm học 2026-2027",
    )
]


@pytest.mark.law("D30-23-2")
def test_a_day_of_the_leader(browser: Browser, country: Country) -> None:
    with Story(country) as story:
        for text in ANSWERS:
            story.draft_and_check(text, ("H41",), house=HOUSE)
        at_work = send(story, AT_WORK, HOUSE)
        story.accept_and_present(HOUSE, at_work)
        assign(story, HOUSE, at_work, "NSNN", days=1)
        story.accept_and_present(HOUSE, send(story, PRESENTED, HOUSE))
    pin = country.pin(HOUSE, "lanh.dao")
    on_the_way(browser, country, pin)
    leader = Window.of(browser, country, HOUSE, "lanh.dao")
    instruct(leader)
    sign_one(leader, pin)
    sign_together(leader, pin)
    urge(leader)
    look_after(leader)
    assert leader.faults == []


def on_the_way(browser: Browser, country: Country, pin: str) -> None:
    """In the car: what waits, one document read and signed on the phone."""
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    phone = Window(sign_in(browser, country, HOUSE, "lanh.dao", **options), country.address(HOUSE))
    look(phone.page, "lanh-dao-dien-thoai")
    phone.go("/trinh-ky/")
    phone.open_row(ANSWERS[0].subject)
    phone.page.get_by_label("PIN").fill(pin)
    phone.show("lanh-dao-dien-thoai-ky")
    phone.page.get_by_role("button", name="Duyệt và ký số").click()
    phone.await_state("Đã ký, chờ cấp số")
    assert phone.faults == []


def instruct(leader: Window) -> None:
    """The next thing is what was presented: an instruction, one lead, and a deadline."""
    expect(leader.page.locator("[data-list=out]")).to_contain_text(ANSWERS[1].subject)
    leader.show("lanh-dao-hom-nay")
    leader.begin_next(PRESENTED.subject)
    leader.press("a")
    dialog = leader.opened("Ý kiến chỉ đạo, phân công")
    dialog.get_by_label("Ý kiến chỉ đạo").fill("Giao Vụ Ngân sách nhà nước chủ trì, trình văn bản góp ý trước hạn.")
    dialog.get_by_label("Hạn xử lý").select_option(index=4)
    dialog.get_by_label("Vụ Ngân sách nhà nước", exact=True).select_option(label="Chủ trì")
    dialog.get_by_label("Văn phòng Bộ", exact=True).select_option(label="Để biết")
    leader.show("lanh-dao-chi-dao")
    leader.narrow()
    look(leader.page, "lanh-dao-dien-thoai-chi-dao")
    leader.widen()
    dialog.get_by_role("button", name="Phân công").click()
    leader.await_state("Đã chuyển xử lý")


def sign_one(leader: Window, pin: str) -> None:
    """Read, then approved and signed with the PIN."""
    leader.page.get_by_role("link", name="Trình ký").click()
    leader.open_row(ANSWERS[1].subject)
    expect(leader.page.get_by_role("button", name="Trả lại")).to_be_visible()
    leader.show("lanh-dao-duyet")
    leader.sign_with(pin, "Duyệt và ký số")
    leader.await_state("Đã ký, chờ cấp số")


def sign_together(leader: Window, pin: str) -> None:
    """The rest by one PIN; the list says what was not opened."""
    leader.page.get_by_role("link", name="Trình ký").click()
    leader.page.get_by_role("checkbox", name=ANSWERS[2].subject).check()
    leader.page.get_by_label("PIN").fill(pin)
    look(leader.page, "lanh-dao-trinh-ky")
    leader.page.keyboard.press("Enter")
    expect(leader.page.get_by_role("status", name="Kết quả")).to_contain_text("Đã ký số")


def urge(leader: Window) -> None:
    """What comes due is urged from the list; somebody may be named to do so."""
    leader.go("/van-ban-den/?muc=sap-den-han")
    leader.page.get_by_role("checkbox", name=AT_WORK.subject).check()
    leader.page.get_by_label("Nội dung đôn đốc").fill("Báo cáo tiến độ trong ngày.")
    leader.show("lanh-dao-don-doc")
    leader.page.get_by_role("button", name="Đôn đốc", exact=False).last.click()
    expect(leader.page.get_by_role("status", name="Kết quả")).to_contain_text("Đã đôn đốc")
    leader.go("/van-ban-den/?muc=qua-han")
    expect(leader.page.locator("main")).to_contain_text("Không có văn bản nào ở mục này")


def look_after(leader: Window) -> None:
    """Exceptions, and who got which right."""
    leader.page.get_by_role("link", name="Ngoại lệ").click()
    expect(leader.page.get_by_role("heading", name="Ngoại lệ")).to_be_visible()
    leader.page.get_by_role("link", name="Cán bộ và quyền").click()
    leader.page.get_by_role("link", name="Thay đổi quyền").click()
    expect(leader.page.locator("h1")).to_be_visible()
