"""The days of who checks the presentation and of who inspects, on screens: drafts are confirmed or given back before they
reach the leader; what was issued is looked through and nothing of it is changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.story import Story
from tests.journey.days.scenes import draft, letter, send
from tests.journey.screens import Window, look

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("days")]

HOUSE = "G22"
GOOD, POOR, SENT = (
    letter(subject, to="Ủy ban nhân dân thành phố Hà Nội")
    for subject in (
        "Về việc đôn đốc báo cáo kết quả cải cách hành chính",
        "Về việc mời dự hội nghị tổng kết công tác văn thư",
        "Về việc kiểm tra liên thông văn bản điện tử năm 2026",
    )
)
TO_MEND = "Bổ sung địa danh, ngày tháng năm; viết đúng thể thức phần Nơi nhận."


@pytest.mark.law("R-6.4-1")
def test_a_day_of_who_checks_the_presentation(browser: Browser, country: Country) -> None:
    with Story(country) as story:
        for text in (GOOD, POOR):
            story.press(HOUSE, "truong.dv", draft(story, HOUSE, text, ("H26",)), "check_content", "in_review")
    checker = Window.of(browser, country, HOUSE, "the.thuc")
    expect(checker.page.locator("[data-list=out]")).to_contain_text(GOOD.subject)
    checker.show("the-thuc-hom-nay")
    confirm(checker)
    give_back(checker)
    checker.go("/")
    expect(checker.page.locator("main")).not_to_contain_text(POOR.subject)
    assert checker.faults == []


def confirm(checker: Window) -> None:
    """The report of the file is read beside it; what is right is confirmed."""
    checker.open_row(GOOD.subject)
    checker.show("the-thuc-kiem-tra")
    checker.press("a")
    expect(checker.page.locator("[data-review]").last).to_contain_text("Kiểm tra thể thức")


def give_back(checker: Window) -> None:
    """It goes back by way of the head of the unit, with what is to be mended."""
    checker.go("/")
    checker.open_row(POOR.subject)
    checker.press("r")
    dialog = checker.opened("Trả lại để sửa")
    dialog.get_by_label("Điều cần sửa").fill(TO_MEND)
    look(checker.page, "the-thuc-tra-lai")
    dialog.get_by_role("button", name="Trả lại").click()
    checker.await_state("Trả lại, chờ trưởng đơn vị")


@pytest.mark.law("AVI-G3")
def test_a_day_of_who_inspects(browser: Browser, country: Country) -> None:
    with Story(country) as story:
        send(story, SENT, "H26")
    auditor = Window.of(browser, country, HOUSE, "kiem.tra")
    look(auditor.page, "kiem-tra-hom-nay")
    read_what_was_issued(auditor)
    look_through_the_exceptions(auditor)
    look_through_the_units(auditor)
    look_who_has_which_right(auditor)
    assert auditor.faults == []


def read_what_was_issued(auditor: Window) -> None:
    """The document, what became of it and who read it; no act is offered."""
    auditor.page.get_by_role("link", name="Văn bản đi").click()
    auditor.open_row(SENT.subject)
    expect(auditor.page.locator("main")).to_contain_text("Ủy ban nhân dân thành phố Hà Nội")
    expect(auditor.page.locator("main form[method=post] button.primary")).to_have_count(0)
    auditor.show("kiem-tra-van-ban")


def look_through_the_exceptions(auditor: Window) -> None:
    auditor.page.get_by_role("link", name="Ngoại lệ").click()
    expect(auditor.page.get_by_role("heading", name="Ngoại lệ")).to_be_visible()
    look(auditor.page, "kiem-tra-ngoai-le")


def look_through_the_units(auditor: Window) -> None:
    auditor.go("/co-quan/kiem-tra/")
    expect(auditor.page.locator("main table").first).to_be_visible()
    look(auditor.page, "kiem-tra-don-vi")


def look_who_has_which_right(auditor: Window) -> None:
    auditor.page.get_by_role("link", name="Cán bộ và quyền").click()
    auditor.page.get_by_role("link", name="Thay đổi quyền").click()
    expect(auditor.page.locator("h1")).to_be_visible()
