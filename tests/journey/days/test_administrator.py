"""The day of an administrator on screens: people and their rights, the calendar, the regulation, certificates and
backups; no document is seen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.story import annex_pdf
from lienthong.standards.times import VIETNAM
from lienthong.standards.workdays import WorkCalendar
from tests.journey.screens import Window, look

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("days")]

HOUSE = "H41"


@pytest.mark.law("R-19.1a-1", "AVI-G3")
def test_a_day_of_the_administrator(browser: Browser, country: Country) -> None:
    administrator = Window.of(browser, country, HOUSE, "quan.tri")
    expect(administrator.page.locator("main")).to_contain_text("Không có việc quản trị nào đang chờ")
    add_a_person(administrator)
    give_another_role(administrator)
    rules_of_signing_in(administrator)
    calendar(administrator)
    regulation(administrator)
    certificates(administrator)
    backups(administrator)
    assert administrator.faults == []


def add_a_person(administrator: Window) -> None:
    """An account with a role; the first password is shown once."""
    page = administrator.page
    page.get_by_role("link", name="Cán bộ và quyền").click()
    page.locator("[data-review]").wait_for()
    look(administrator.page, "quan-tri-can-bo")
    administrator.press("a")
    dialog = administrator.opened("Thêm cán bộ")
    dialog.get_by_label("Họ tên").fill("Nguyễn Cảnh Toàn")
    dialog.get_by_label("Tên đăng nhập").fill("nguyen.canh.toan")
    dialog.locator("select[name=unit]").select_option(label="Phòng Chuyển đổi số")
    dialog.locator("select[name=role]").select_option(label="Chuyên viên")
    dialog.get_by_label("Chức vụ", exact=True).fill("Chuyên viên")
    administrator.show("quan-tri-them-can-bo")
    dialog.get_by_role("button", name="Mở tài khoản").click()
    expect(page.locator("main")).to_contain_text("Nguyễn Cảnh Toàn")
    look(administrator.page, "quan-tri-mat-khau")


def give_another_role(administrator: Window) -> None:
    """A role for some days; leaders are told until one of them confirms it."""
    page = administrator.page
    page.get_by_role("link", name="Trương Văn Bảo").click()
    page.get_by_role("heading", name="Trương Văn Bảo").wait_for()
    administrator.press("a")
    dialog = administrator.opened("Giao vai trò")
    dialog.locator("select[name=role]").select_option(value="checker")
    dialog.get_by_label("Chức vụ", exact=True).fill("Chuyên viên")
    dialog.get_by_label("Đến hết ngày").fill(_day(30))
    dialog.get_by_role("button", name="Giao vai trò").click()
    expect(page.locator("[data-post]")).to_have_count(2)


def rules_of_signing_in(administrator: Window) -> None:
    """Who must prove a second step, and what changed in that."""
    administrator.page.get_by_role("link", name="Cán bộ và quyền").first.click()
    administrator.page.get_by_role("link", name="Cách đăng nhập").click()
    expect(administrator.page.get_by_role("heading", name="Xác thực hai bước")).to_be_visible()


def calendar(administrator: Window) -> None:
    """A day off and the day that is worked instead."""
    page = administrator.page
    page.get_by_role("link", name="Cơ quan", exact=True).click()
    page.get_by_role("link", name="Lịch làm việc").click()
    page.locator(".months").wait_for()
    administrator.press("a")
    dialog = administrator.opened("Ghi ngày nghỉ, ngày làm bù")
    dialog.get_by_label("Ngày", exact=True).fill(_working_day())
    dialog.get_by_label("Là ngày").select_option(index=0)
    dialog.get_by_label("Lý do").fill("Nghỉ theo thông báo của Ủy ban nhân dân tỉnh")
    dialog.get_by_label("Số, ngày của quyết định").fill("312/TB-UBND ngày 20/11/2026")
    dialog.get_by_role("button", name="Ghi", exact=True).click()
    page.locator("[data-row]").first.wait_for()
    administrator.show("quan-tri-lich")


def regulation(administrator: Window) -> None:
    """The regulation of the agency is kept with its clauses."""
    page = administrator.page
    page.get_by_role("link", name="Quy chế, kế hoạch").click()
    page.get_by_role("heading", name="Chưa lưu quy chế nào").wait_for()
    administrator.press("a")
    dialog = administrator.opened("Lưu quy chế")
    dialog.get_by_label("Tên quy chế").fill("Quy chế tiếp nhận, xử lý, phát hành và quản lý văn bản")
    dialog.get_by_label("Số, ngày").fill("88/QĐ-UBND ngày 02/11/2026")
    dialog.get_by_label("Hiệu lực từ").fill("2026-11-02")
    dialog.locator("input[name^=clause-]").first.fill("Điều 7.2")
    dialog.locator("input[name^=clause-]").last.fill("Điều 12")
    file = {"name": "quy-che.pdf", "mimeType": "application/pdf", "buffer": annex_pdf()}
    dialog.get_by_label("Tệp PDF").set_input_files(file)  # type: ignore[arg-type]
    dialog.get_by_role("button", name="Lưu", exact=True).click()
    page.locator("[data-regulation]").wait_for()
    administrator.show("quan-tri-quy-che")


def certificates(administrator: Window) -> None:
    """Whose certificate ends when."""
    page = administrator.page
    page.get_by_role("link", name="Chứng thư số").click()
    page.locator("[data-certificate]").first.wait_for()
    look(administrator.page, "quan-tri-chung-thu")


def backups(administrator: Window) -> None:
    """Whether there are backups, and whether they were proven."""
    page = administrator.page
    page.get_by_role("link", name="Cơ quan", exact=True).click()
    page.get_by_role("link", name="Sao lưu").click()
    expect(page.locator("[data-backups]")).to_be_visible()
    look(administrator.page, "quan-tri-sao-luu")


def _working_day() -> str:
    """A week from now, or the first day after it that is worked: what is off already cannot be taken off."""
    day = datetime.now(VIETNAM).date() + timedelta(days=6)
    return WorkCalendar().next_workday(day).isoformat()


def _day(days: int) -> str:
    return (datetime.now(VIETNAM) + timedelta(days=days)).date().isoformat()
