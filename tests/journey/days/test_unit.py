"""The days of a specialist and of the head of the unit on screens: what is given to the unit is handed on, worked on,
answered and finished; what is drafted is checked or given back; the papers are kept in a dossier."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.story import Story, annex_pdf
from tests.journey.days.scenes import assign, draft, hand, in_days, letter, send
from tests.journey.screens import Window, look

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("days")]

HOUSE = "H26"
UNIT = "KSTTHC"
ASKED = letter("Về việc rà soát, đơn giản hóa thủ tục hành chính nội bộ", to="Ủy ban nhân dân thành phố Hà Nội")
NEW = letter("Về việc công bố danh mục thủ tục hành chính năm 2027", to="Ủy ban nhân dân thành phố Hà Nội", urgency="1")
ANSWER = "Về việc trả lời kết quả rà soát thủ tục hành chính nội bộ"
GOOD, POOR, VAGUE = (
    letter(subject, of="Ủy ban nhân dân thành phố Hà Nội", to="Văn phòng Chính phủ", unit=UNIT)
    for subject in (
        "Về việc cử cán bộ dự tập huấn cải cách thủ tục hành chính",
        "Về việc đăng ký lịch làm việc với đoàn kiểm tra",
        "Về việc đề nghị hỗ trợ kết nối cơ sở dữ liệu thủ tục hành chính",
    )
)
TO_MEND = "Ghi rõ thời gian, địa điểm làm việc; bổ sung số điện thoại của đầu mối."


@pytest.mark.law("D30-24-2", "D30-29-1", "AVI-G1")
def test_a_day_of_the_specialist(browser: Browser, country: Country) -> None:
    with Story(country) as story:
        given = send(story, ASKED, HOUSE)
        story.accept_and_present(HOUSE, given)
        assign(story, HOUSE, given, UNIT)
        hand(story, HOUSE, given, "chuyen.vien")
        returned = draft(story, HOUSE, POOR, ("G22",))
        story.press(HOUSE, "truong.dv", returned, "give_back", "draft", note=TO_MEND)
    specialist = Window.of(browser, country, HOUSE, "chuyen.vien")
    begin_to_work(specialist)
    ask_for_more_time(specialist)
    answer(specialist)
    upload(specialist)
    mend(specialist)
    keep_in_a_dossier(specialist)
    finish(specialist)
    find_again(specialist)
    assert specialist.faults == []


def begin_to_work(specialist: Window) -> None:
    """What the head handed on is there, and what was given back."""
    page = specialist.page
    expect(page.locator("[data-list=in]")).to_contain_text(ASKED.subject)
    expect(page.locator("[data-list=out]")).to_contain_text(POOR.subject)
    specialist.show("chuyen-vien-hom-nay")
    specialist.open_row(ASKED.subject)
    specialist.show("chuyen-vien-viec")
    specialist.press("a")
    specialist.await_state("Đang xử lý")


def ask_for_more_time(specialist: Window) -> None:
    """Whoever gave the task decides."""
    specialist.page.get_by_role("button", name="Xin gia hạn").click()
    dialog = specialist.opened("Xin gia hạn")
    dialog.get_by_label("Hạn mới").fill(in_days(8))
    dialog.get_by_label("Lý do").fill("Chờ số liệu của các sở, ban, ngành đến hết tuần này.")
    look(specialist.page, "chuyen-vien-gia-han")
    dialog.get_by_role("button", name="Gửi đề nghị").click()
    expect(specialist.page.locator("[data-extension]")).to_be_visible()


def answer(specialist: Window) -> None:
    """The answer is drafted from the document: its recipient is known. Laid out at once, then handed in."""
    page = specialist.page
    page.get_by_role("link", name="Soạn trả lời").click()
    page.get_by_label("Loại văn bản").select_option(value="Công văn")
    page.get_by_label("Trích yếu").fill(ANSWER)
    page.get_by_label("Kính gửi").fill("Văn phòng Chính phủ")
    page.get_by_label("Nội dung").first.fill(
        "Ủy ban nhân dân thành phố Hà Nội báo cáo kết quả rà soát: 42 thủ tục hành chính nội bộ được đơn giản hóa.\n"
        "Trân trọng báo cáo./."
    )
    page.get_by_label("Nơi nhận in trên văn bản").fill("- Như trên;\n- Lưu: VT, KSTTHC.")
    page.get_by_label("Trích yếu").focus()
    specialist.show("chuyen-vien-soan")
    page.get_by_role("button", name="Lưu dự thảo").click()
    specialist.await_state("Dự thảo")
    specialist.show("chuyen-vien-du-thao")
    specialist.press("a")
    specialist.await_state("Đang trình duyệt")


def upload(specialist: Window) -> None:
    """A document that was made elsewhere is uploaded as PDF."""
    page = specialist.page
    specialist.go("/van-ban-di/soan/")
    page.get_by_label("Loại văn bản").select_option(value="Công văn")
    page.get_by_label("Trích yếu").fill("Về việc gửi danh mục mã trạng thái")
    file = {"name": "danh-muc.pdf", "mimeType": "application/pdf", "buffer": annex_pdf()}
    page.get_by_label("Hoặc tải lên văn bản").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("Nguồn gốc của tệp PDF").select_option(value="digital")
    page.get_by_role("button", name="Lưu dự thảo").click()
    specialist.await_state("Dự thảo")
    specialist.await_drawn()


def mend(specialist: Window) -> None:
    """What was given back says what is to be mended; mended, it is handed in again."""
    page = specialist.page
    specialist.go("/")
    specialist.open_row(POOR.subject)
    expect(page.locator("[data-returned]")).to_contain_text(TO_MEND)
    specialist.show("chuyen-vien-bi-tra-lai")
    page.get_by_role("link", name="Sửa", exact=True).click()
    page.get_by_label("Nội dung").first.fill("Thời gian: 8 giờ 30 phút ngày 02/12/2026; đầu mối: bà Tạ Bích Ngọc./.")
    page.get_by_role("button", name="Lưu dự thảo").click()
    specialist.await_drawn()
    specialist.press("a")
    specialist.await_state("Đang trình duyệt")


def keep_in_a_dossier(specialist: Window) -> None:
    """A dossier of one's own, and the document in it."""
    page = specialist.page
    page.get_by_role("link", name="Hồ sơ", exact=True).click()
    page.get_by_role("heading", name="Hồ sơ công việc").wait_for()
    specialist.press("a")
    page.get_by_role("button", name="Hồ sơ ngoài Danh mục").click()
    dialog = specialist.opened("Hồ sơ ngoài Danh mục")
    dialog.get_by_label("Tiêu đề hồ sơ").fill("Rà soát thủ tục hành chính nội bộ năm 2026")
    dialog.get_by_label("Số, ký hiệu").fill("07.KSTTHC")
    dialog.get_by_label("Bảo quản (số năm)").fill("10")
    dialog.get_by_role("button", name="Mở hồ sơ").click()
    page.get_by_role("heading", name="Rà soát thủ tục hành chính nội bộ năm 2026").wait_for()
    specialist.go("/van-ban-den/?muc=dang-xu-ly")
    specialist.open_row(ASKED.subject)
    page.locator("#ho-so summary").click()
    page.get_by_label("Xếp vào hồ sơ").select_option(index=1)
    page.get_by_role("button", name="Xếp vào hồ sơ").click()
    page.locator("[data-dossier] a").click()
    expect(page.locator("main")).to_contain_text(ASKED.subject)
    specialist.show("chuyen-vien-ho-so")


def finish(specialist: Window) -> None:
    """The work is done: its result is written, and the sender is told."""
    specialist.go("/van-ban-den/?muc=dang-xu-ly")
    specialist.open_row(ASKED.subject)
    specialist.press("a")
    dialog = specialist.opened("Hoàn thành xử lý")
    dialog.get_by_label("Kết quả").fill("Đã dự thảo văn bản trả lời, đang trình ký.")
    dialog.get_by_role("button", name="Hoàn thành").click()
    specialist.await_state("Hoàn thành")


def find_again(specialist: Window) -> None:
    """Found from any page by the key, with the marks forgotten."""
    specialist.press("/")
    specialist.page.keyboard.type("thu tuc hanh chinh noi bo")
    specialist.press("Enter")
    expect(specialist.page.locator("main")).to_contain_text(ASKED.subject)
    look(specialist.page, "chuyen-vien-tra-cuu")


@pytest.mark.law("D30-24-1")
def test_a_day_of_the_head_of_the_unit(browser: Browser, country: Country) -> None:
    with Story(country) as story:
        given = send(story, NEW, HOUSE)
        story.accept_and_present(HOUSE, given)
        assign(story, HOUSE, given, UNIT)
        name_as_monitor(story)
        draft(story, HOUSE, GOOD, ("G22",))
        draft(story, HOUSE, VAGUE, ("G22",))
    head = Window.of(browser, country, HOUSE, "truong.dv")
    hand_on(head)
    check(head)
    give_back(head)
    ask_the_leader_for_more_time(head)
    urge(head)
    assert head.faults == []


def name_as_monitor(story: Story) -> None:
    """The leader names the head of the unit to follow the work."""
    leader = story.desk(HOUSE, "lanh.dao")
    page = leader.open("/van-ban-den/don-doc/")
    form = page.root.xpath("//form[.//select[@name='person']]")[0]
    person = form.xpath(f".//option[normalize-space()='{story.who(HOUSE, 'truong.dv')}']/@value")[0]
    token = form.xpath(".//input[@name='csrfmiddlewaretoken']/@value")[0]
    told = {"person": person, "reference": "21/QĐ-UBND ngày 23/11/2026", "csrfmiddlewaretoken": token}
    leader.http.post("/van-ban-den/don-doc/", data=told)


def hand_on(head: Window) -> None:
    """What the leader gave to the unit is given to a person, within the deadline of the unit."""
    expect(head.page.locator(".next")).to_contain_text(NEW.subject)
    head.show("truong-don-vi-hom-nay")
    head.begin_next(NEW.subject)
    head.press("a")
    dialog = head.opened("Giao người xử lý")
    dialog.get_by_label("Người xử lý").select_option(label="Tạ Bích Ngọc")
    dialog.get_by_label("hoặc đến lúc").fill(in_days(2))
    dialog.get_by_label("Ý kiến").fill("Đề nghị dự thảo văn bản trả lời, gửi tôi xem trước khi trình.")
    head.show("truong-don-vi-giao-viec")
    dialog.get_by_role("button", name="Giao", exact=True).click()
    expect(head.page.locator("[data-assignment]")).to_contain_text("Tạ Bích Ngọc")


def check(head: Window) -> None:
    """A draft is read, and its content confirmed."""
    head.go("/")
    head.open_row(GOOD.subject)
    head.show("truong-don-vi-kiem-tra")
    head.press("a")
    expect(head.page.locator("[data-review]").last).to_contain_text("Kiểm tra nội dung")


def give_back(head: Window) -> None:
    """Another goes back, with what is to be mended."""
    head.go("/")
    head.open_row(VAGUE.subject)
    head.press("r")
    dialog = head.opened("Trả lại để sửa")
    dialog.get_by_label("Điều cần sửa").fill(TO_MEND)
    look(head.page, "truong-don-vi-tra-lai")
    dialog.get_by_role("button", name="Trả lại").click()
    head.await_state("Dự thảo")


def ask_the_leader_for_more_time(head: Window) -> None:
    """The unit needs longer: the leader who gave the task decides."""
    head.go("/van-ban-den/?muc=dang-xu-ly")
    head.open_row(NEW.subject)
    head.page.get_by_role("button", name="Xin gia hạn").click()
    dialog = head.opened("Xin gia hạn")
    dialog.get_by_label("Hạn mới").fill(in_days(9))
    dialog.get_by_label("Lý do").fill("Phải lấy ý kiến của sáu sở trước khi công bố.")
    dialog.get_by_role("button", name="Gửi đề nghị").click()
    expect(head.page.locator("[data-extension]")).to_be_visible()


def urge(head: Window) -> None:
    """Named to follow the work, the head urges from the list."""
    head.go("/van-ban-den/?muc=dang-xu-ly")
    head.page.get_by_role("checkbox", name=NEW.subject).check()
    head.page.get_by_label("Nội dung đôn đốc").fill("Gửi dự thảo trước 11 giờ.")
    head.page.get_by_role("button", name="Đôn đốc").last.click()
    expect(head.page.get_by_role("status", name="Kết quả")).to_contain_text("Đã đôn đốc")
