"""The screens in a real browser: what people see, with the keyboard, on a phone, and without barriers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from lienthong.runtime.demo.cast import OPERATOR
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.documents import DECISION, LETTER
from lienthong.runtime.demo.story import Story
from tests.journey.screens import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey")]


@pytest.fixture(scope="module")
def letter(country: Country) -> None:
    """A letter that H41 has received."""
    with Story(country) as story:
        clerk = story.desk("G22", "van.thu")
        sealed = clerk.open(story.draft_and_seal(LETTER, ("H41",)))
        story.find("H41", "van.thu", clerk.send(sealed.form("issue")).data("identifier"))


@pytest.mark.usefixtures("letter")
def test_the_register_is_printed_as_a_book(browser: Browser, country: Country) -> None:
    clerk = sign_in(browser, country, "G22", "van.thu")
    clerk.get_by_role("link", name="Sổ văn bản").click()
    clerk.locator("[data-number]").first.wait_for()
    look(clerk, "register")
    clerk.get_by_role("button", name="In sổ").click()
    look(clerk, "register-print")
    with clerk.expect_download() as book:
        clerk.get_by_role("button", name="Tải PDF").click()
    assert book.value.suggested_filename.startswith("So van ban di")


def test_recipients_are_chosen_as_one_types_and_by_group(browser: Browser, country: Country) -> None:
    clerk = sign_in(browser, country, "G22", "van.thu")
    clerk.goto(f"{country.address('G22')}/van-ban-di/nhom-noi-nhan/moi/")
    chosen, found = clerk.locator("[data-chosen]"), clerk.locator("[data-found]")
    clerk.get_by_text("Chưa chọn nơi nhận nào.").wait_for()
    clerk.get_by_label("Tìm cơ quan").fill("nghe an")
    found.get_by_text("Hà Nội").wait_for(state="detached")
    clerk.keyboard.press("Enter")  # takes the first that was found
    chosen.get_by_text("Nghệ An").wait_for()
    clerk.get_by_label("Tìm cơ quan").fill("ha noi")
    found.get_by_label("Hà Nội").check()
    assert chosen.locator("input:checked").count() == 2
    name = f"Hai địa phương {uuid4().hex[:6]}"
    clerk.get_by_label("Tên nhóm").fill(name)
    look(clerk, "recipient-group")
    clerk.get_by_role("button", name="Lưu nhóm").click()
    clerk.get_by_role("link", name=name).wait_for()
    look(clerk, "recipient-groups")
    clerk.goto(f"{country.address('G22')}/van-ban-di/soan/")
    clerk.get_by_label("Thêm cả nhóm").select_option(label=f"{name} (2)")
    chosen.get_by_text("Hà Nội").wait_for()
    assert chosen.locator("input:checked").count() == 2
    chosen.get_by_label("Nghệ An").uncheck()
    assert chosen.locator("input:checked").count() == 1
    look(clerk, "draft-recipients")
    clerk.set_viewport_size({"width": 390, "height": 844})
    look(clerk, "draft-recipients-phone")


def test_the_clerk_records_an_authority_to_sign(browser: Browser, country: Country) -> None:
    clerk = sign_in(browser, country, "H26", "van.thu")
    clerk.get_by_role("link", name="Ủy quyền ký").click()
    clerk.get_by_role("button", name="Ghi nhận giấy ủy quyền").click()
    clerk.get_by_label("Chức vụ ghi sau TUQ.").fill("CHỦ TỊCH")
    clerk.locator("select[name=person]").select_option(index=1)
    clerk.get_by_label("Chức vụ của người được ủy quyền").fill("Chánh Văn phòng")
    clerk.get_by_label("Giấy mời").check()
    clerk.get_by_label("Nội dung ủy quyền").fill("Mời họp về kiểm soát thủ tục hành chính")
    clerk.get_by_label("Số, ngày của giấy ủy quyền").fill("05/GUQ-UBND ngày 02/11/2026")
    clerk.get_by_label("Từ ngày").fill("2026-11-02")
    clerk.get_by_label("Đến hết ngày").fill("2099-12-31")
    look(clerk, "authority-dialog")
    clerk.get_by_role("button", name="Ghi nhận", exact=True).click()
    clerk.get_by_text("đang có hiệu lực").first.wait_for()
    look(clerk, "authorities")
    clerk.set_viewport_size({"width": 390, "height": 844})
    look(clerk, "authorities-phone")


def test_the_clerk_records_how_documents_are_numbered(browser: Browser, country: Country) -> None:
    clerk = sign_in(browser, country, "H26", "van.thu")
    clerk.get_by_role("link", name="Sổ văn bản").click()
    clerk.get_by_role("link", name="Cách đánh số").click()
    clerk.get_by_role("button", name="Ghi nhận quyết định").click()
    clerk.get_by_label("Áp dụng từ năm").select_option(index=1)
    clerk.get_by_label("Số, ngày của quyết định").fill("07/QĐ-UBND ngày 20/11/2026")
    clerk.get_by_label("Chung A", exact=True).fill("Văn bản hành chính")
    for key in ("QĐ", "TB", "CV"):
        clerk.locator(f"select[name='group-{key}']").select_option("a")
    look(clerk, "numbering-dialog")
    clerk.get_by_role("button", name="Ghi nhận", exact=True).click()
    clerk.get_by_text("07/QĐ-UBND ngày 20/11/2026").first.wait_for()
    assert "Quyết định, Thông báo, Công văn" in clerk.inner_text("main")
    look(clerk, "numbering")
    clerk.set_viewport_size({"width": 390, "height": 844})
    look(clerk, "numbering-phone")


def test_certificates_are_listed_handed_over_and_asked_for(browser: Browser, country: Country) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    clerk = sign_in(browser, country, "H26", "van.thu")
    clerk.get_by_role("link", name="Chứng thư số").click()
    clerk.locator("[data-certificate]").first.wait_for()
    look(clerk, "certificates")
    clerk.get_by_role("link", name="Ủy ban nhân dân thành phố Hà Nội").click()
    clerk.get_by_role("button", name="Đề nghị cấp lại, thu hồi").click()
    clerk.get_by_label("Lý do").fill("Chứng thư số sắp hết hạn, cần cấp lại")
    look(clerk, "certificate-ask")
    clerk.get_by_role("button", name="Gửi lãnh đạo duyệt").click()
    clerk.get_by_text("Chờ lãnh đạo duyệt").first.wait_for()
    leader = sign_in(browser, country, "H26", "lanh.dao")
    leader.get_by_role("heading", name="Đề nghị về chứng thư số chờ anh/chị").wait_for()
    look(leader, "home-certificate-request")
    leader.get_by_role("link", name="Cấp lại chứng thư số").click()
    look(leader, "certificate-request")
    leader.keyboard.press("a")
    leader.get_by_text("Đã duyệt, chờ gửi").first.wait_for()
    leader.get_by_role("link", name="Ủy ban nhân dân thành phố Hà Nội").click()
    leader.get_by_role("button", name="Ghi bàn giao thiết bị").click()
    leader.get_by_label("Người nhận").select_option(label="Đỗ Thị Hương")
    leader.get_by_label("Thời điểm bàn giao").fill(f"{yesterday}T08:00")
    leader.get_by_label("Số, ngày văn bản cho phép").fill("12/QĐ-UBND ngày 01/11/2026")
    leader.get_by_label("Số, ngày biên bản bàn giao").fill("05/BB-UBND ngày 02/11/2026")
    look(leader, "custody-dialog")
    leader.get_by_role("button", name="Ghi vào sổ").click()
    leader.locator("[data-hand-over]").first.wait_for()
    look(leader, "certificate")
    administrator = sign_in(browser, country, "H26", "quan.tri")
    administrator.goto(f"{country.address('H26')}/chung-thu/")
    administrator.get_by_role("button", name="Đăng ký chứng thư số").click()
    look(administrator, "certificate-register")
    administrator.goto(f"{country.address('H26')}/chung-thu/de-nghi/")
    look(administrator, "certificate-requests")
    administrator.get_by_role("link", name="Cấp lại chứng thư số").first.click()
    administrator.get_by_role("button", name="Đã gửi nhà cung cấp").click()
    administrator.get_by_label("Ngày gửi").fill(yesterday)
    administrator.get_by_label("Số, ngày văn bản gửi").fill("88/UBND-VP ngày 20/11/2026")
    look(administrator, "certificate-request-send")
    administrator.get_by_role("button", name="Ghi nhận", exact=True).click()
    administrator.get_by_text("Đã gửi, chờ kết quả").first.wait_for()
    look(administrator, "certificate-request-sent")
    with administrator.expect_download() as table:
        administrator.goto(f"{country.address('H26')}/chung-thu/")
        administrator.get_by_role("link", name="XLSX").click()
    assert table.value.suggested_filename == "Chung thu so H26.xlsx"
    for page, name in ((leader, "certificate-phone"), (administrator, "certificates-phone")):
        page.set_viewport_size({"width": 390, "height": 844})
        look(page, name)
    administrator.goto(f"{country.address('H26')}/chung-thu/de-nghi/")
    look(administrator, "certificate-requests-phone")


def test_what_the_list_names_goes_on_paper_as_well_and_the_clerk_notes_it(browser: Browser, country: Country) -> None:
    leader = sign_in(browser, country, "G22", "lanh.dao")
    leader.get_by_role("link", name="Danh mục bản giấy").click()
    look(leader, "paper-list-empty")
    leader.get_by_role("button", name="Thêm mục").click()
    leader.get_by_label("Quyết định", exact=True).check()
    leader.get_by_label("Mã nơi nhận").fill("G12")
    leader.get_by_label("Số quyết định").fill("15/QĐ-VPCP")
    for label in ("Ngày quyết định", "Từ ngày"):
        leader.get_by_label(label).fill("2026-11-02")
    look(leader, "paper-list-dialog")
    leader.get_by_role("button", name="Ghi nhận", exact=True).click()
    leader.get_by_text("đang có hiệu lực").first.wait_for()
    look(leader, "paper-list")
    leader.set_viewport_size({"width": 390, "height": 844})
    look(leader, "paper-list-phone")
    leader.set_viewport_size({"width": 1440, "height": 900})
    with Story(country) as story:
        address = story.draft_and_seal(DECISION, ("G12",))
    clerk = sign_in(browser, country, "G22", "van.thu")
    clerk.goto(f"{country.address('G22')}/van-ban-di/{address.rstrip('/').rpartition('/')[2]}/")
    clerk.locator("canvas[data-drawn]").first.wait_for()
    clerk.keyboard.press("a")
    clerk.get_by_text("1 nơi nhận thêm bản giấy").wait_for()
    clerk.get_by_label("Lý do vẫn gửi").fill("Phụ lục gửi sau theo yêu cầu của lãnh đạo")
    look(clerk, "issue-with-paper")
    clerk.get_by_role("button", name="Gửi", exact=True).click()
    clerk.locator("[data-paper-state=owed]").wait_for()
    look(clerk, "paper-owed")
    clerk.get_by_role("button", name="Ghi nhận đã gửi").click()
    clerk.get_by_label("Người ký nhận").fill("RA 123 456 789 VN")
    look(clerk, "paper-dialog")
    clerk.set_viewport_size({"width": 390, "height": 844})
    look(clerk, "paper-dialog-phone")
    clerk.set_viewport_size({"width": 1440, "height": 900})
    clerk.get_by_role("button", name="Ghi nhận", exact=True).click()
    clerk.locator("[data-paper-state=sent]").wait_for()
    look(clerk, "paper-sent")
    clerk.goto(f"{country.address('G22')}/so-van-ban/buu-dien/")
    look(clerk, "post-register")
    clerk.set_viewport_size({"width": 390, "height": 844})
    look(clerk, "post-register-phone")
    leader.get_by_role("link", name="Ngoại lệ").click()
    leader.get_by_text("gửi khi chưa đủ tệp").last.wait_for()
    look(leader, "overrides")
    leader.set_viewport_size({"width": 390, "height": 844})
    look(leader, "overrides-phone")
    leader.goto(f"{country.address('G22')}/danh-muc-ban-giay/")
    leader.get_by_role("button", name="Kết thúc").first.click()
    leader.get_by_label("Lý do").fill("Danh mục mới thay thế")
    leader.get_by_role("button", name="Kết thúc mục").click()
    leader.get_by_text("Danh mục mới thay thế").first.wait_for()


def test_several_are_signed_with_one_pin_and_sent_with_another(browser: Browser, country: Country) -> None:
    with Story(country) as story:
        texts = [replace(LETTER, subject=f"Về việc góp ý dự thảo Thông tư số {number}") for number in (1, 2, 3)]
        for text in texts:
            story.draft_and_check(text, ("H41", "H26"), house="G12")
    phone = sign_in(browser, country, "G12", "lanh.dao", viewport={"width": 390, "height": 844}, is_mobile=True)
    phone.goto(country.address("G12") + "/trinh-ky/")
    look(phone, "to-sign-phone")
    leader = sign_in(browser, country, "G12", "lanh.dao")
    leader.get_by_role("link", name="Trình ký").click()
    leader.get_by_role("link", name=texts[0].subject).click()
    leader.locator("canvas[data-drawn]").first.wait_for()
    leader.get_by_role("link", name="Trình ký").click()
    leader.get_by_text("đã mở xem", exact=True).wait_for()
    for text in texts[:2]:
        leader.get_by_role("checkbox", name=text.subject).check()
    leader.get_by_text("2 / 3").wait_for()
    look(leader, "to-sign")
    leader.keyboard.press("Escape")
    leader.get_by_label("PIN").fill(country.pin("G12", "lanh.dao"))
    leader.keyboard.press("Enter")
    leader.get_by_role("status", name="Kết quả").get_by_text("Đã ký số").nth(1).wait_for()
    look(leader, "signed-together")
    assert leader.locator("[data-rows] tbody tr").count() == 1
    clerk = sign_in(browser, country, "G12", "van.thu")
    clerk.get_by_role("link", name="Cấp số, phát hành").click()
    clerk.get_by_role("button", name="Chọn tất cả").click()
    look(clerk, "to-issue")
    clerk.get_by_label("PIN con dấu").fill("000000")
    clerk.get_by_role("button", name="Cấp số, đóng dấu và gửi").click()
    clerk.locator("[data-problem]").wait_for()
    assert clerk.get_by_role("checkbox", checked=True).count() == 2  # what was chosen stays so
    look(clerk, "to-issue-refused")
    clerk.get_by_label("PIN con dấu").fill(country.pin("G12"))
    clerk.keyboard.press("Enter")
    clerk.get_by_role("status", name="Kết quả").get_by_text("Đã phát hành").nth(1).wait_for()
    look(clerk, "issued-together")


def test_in_the_dark_and_on_a_phone(browser: Browser, country: Country) -> None:
    dark = sign_in(browser, country, "G22", "lanh.dao", color_scheme="dark")
    look(dark, "home-dark")
    phone = sign_in(browser, country, "G22", "lanh.dao", viewport={"width": 390, "height": 844}, is_mobile=True)
    look(phone, "home-phone")
    phone.get_by_role("button", name="Danh mục").click()
    phone.get_by_role("link", name="Văn bản đến").click()
    phone.get_by_role("heading", name="Văn bản đến").wait_for()
    look(phone, "incoming-phone")


def test_the_door_and_a_wrong_password(browser: Browser, country: Country) -> None:
    page = browser.new_page(bypass_csp=True)
    page.goto(country.address("H26"))
    look(page, "sign-in")
    page.get_by_label("Tên đăng nhập").fill("van.thu.h26")
    page.get_by_label("Mật khẩu").fill("sai mật khẩu")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_text("không đúng").wait_for()


@pytest.mark.usefixtures("letter")
def test_the_policy_of_the_page_holds(browser: Browser, country: Country) -> None:
    """With the page's own policy in force nothing that we ship is blocked."""
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    account = "van.thu.h41"
    page.goto(country.address("H41"))
    page.get_by_label("Tên đăng nhập").fill(account)
    page.get_by_label("Mật khẩu").fill(country.passwords[account])
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("heading", name="Hôm nay").wait_for()
    page.goto(f"{country.address('H41')}/van-ban-den/?muc=tat-ca")
    page.locator("[data-rows] tbody tr a").first.click()
    page.locator("canvas[data-drawn]").first.wait_for()
    assert [text for text in said if "Content Security Policy" in text] == []


@pytest.mark.usefixtures("letter")
@pytest.mark.parametrize("width", [1440, 390])
def test_english_is_one_click_away(browser: Browser, country: Country, width: int) -> None:
    """Every screen in English, at a desk and on a phone; the choice stays, from the door to the last page."""
    page = browser.new_page(viewport={"width": width, "height": 900}, is_mobile=width < 900, bypass_csp=True)
    page.set_default_timeout(15_000)
    page.goto(country.address("H41"))
    page.get_by_role("button", name="English").click()
    look(page, f"english-sign-in-{width}")
    page.get_by_label("User name").fill("van.thu.h41")
    page.get_by_label("Password").fill(country.passwords["van.thu.h41"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Today").wait_for()
    places = ["/", "/van-ban-den/?muc=tat-ca", "/van-ban-di/?muc=tat-ca", "/theo-doi/", "/so-van-ban/", "/thong-bao/"]
    for place in [
        *places,
        "/van-ban-di/soan/",
        "/van-ban-di/nhom-noi-nhan/",
        "/uy-quyen-ky/",
        "/so-van-ban/cach-danh-so/",
        "/chung-thu/",
        "/van-ban-den/999999/",
    ]:
        page.goto(country.address("H41") + place)
        look(page, f"english{place.partition('?')[0].replace('/', '-').rstrip('-')}-{width}")
    page.goto(f"{country.address('H41')}/van-ban-den/?muc=tat-ca")
    page.locator("[data-rows] tbody tr a").first.click()
    page.locator("canvas[data-drawn]").first.wait_for()
    look(page, f"english-document-{width}")
    page.get_by_role("button", name="Tiếng Việt").click()
    assert page.locator("html").get_attribute("lang") == "vi"


@pytest.mark.parametrize("width", [1440, 390])
def test_the_console_in_both_languages(browser: Browser, country: Country, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, is_mobile=width < 900, bypass_csp=True)
    page.set_default_timeout(15_000)
    page.goto(f"{country.address('hub')}/console/")
    look(page, f"console-door-vi-{width}")
    page.get_by_label("Tên đăng nhập").fill(OPERATOR)
    page.get_by_label("Mật khẩu").fill(country.passwords[OPERATOR])
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="English").wait_for()
    look(page, f"console-vi-{width}")
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Sign out").wait_for()
    look(page, f"console-en-{width}")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in").wait_for()
    look(page, f"console-door-en-{width}")


def test_a_copy_is_ordered_made_and_read(browser: Browser, country: Country) -> None:
    """The head's list of signers, the order, the copy and its book: at a desk and on a phone."""
    with Story(country) as story:
        number = story.draft_and_seal(DECISION, ("H41",)).rstrip("/").rpartition("/")[2]
    base = country.address("G22")
    leader = sign_in(browser, country, "G22", "lanh.dao")
    leader.goto(f"{base}/nguoi-ky-ban-sao/")
    look(leader, "copy-signers-empty")
    leader.get_by_role("button", name="Ghi người được ký").click()
    leader.get_by_label("Người được ký").select_option(index=1)
    leader.get_by_label("Quyền hạn ghi trên bản sao").fill("TL. BỘ TRƯỞNG, CHỦ NHIỆM")
    leader.get_by_label("Chức vụ ghi trên bản sao").fill("VỤ TRƯỞNG")
    leader.get_by_label("Số, ngày của quyết định").fill("15/QĐ-VPCP ngày 02/11/2026")
    leader.get_by_label("Từ ngày").fill("2026-11-01")
    look(leader, "copy-signers-dialog")
    leader.get_by_role("button", name="Ghi nhận").click()
    leader.locator("[data-copy-signer]").wait_for()
    look(leader, "copy-signers")

    clerk = sign_in(browser, country, "G22", "van.thu")
    clerk.goto(f"{base}/van-ban-di/{number}/")
    clerk.keyboard.press("a")
    clerk.get_by_label("Lý do vẫn gửi").fill("Phụ lục gửi sau theo yêu cầu của lãnh đạo")
    clerk.get_by_role("button", name="Gửi", exact=True).click()
    clerk.get_by_role("link", name="Sao văn bản").click()
    look(clerk, "copy-new")
    clerk.get_by_role("button", name="Cấp số và sao").click()
    clerk.locator("[data-copy-file]").wait_for()
    look(clerk, "copy")
    clerk.get_by_role("button", name="Hủy số").click()
    look(clerk, "copy-void")
    clerk.get_by_role("button", name="Thôi").first.click()
    copy = clerk.url
    clerk.goto(f"{base}/van-ban-di/{number}/")
    clerk.locator("[data-copy]").wait_for()
    clerk.locator("[data-copy]").scroll_into_view_if_needed()
    look(clerk, "copies-of-document")
    clerk.goto(f"{base}/so-van-ban/ban-sao/")
    look(clerk, "register-copies")

    phone = sign_in(browser, country, "G22", "van.thu", viewport={"width": 390, "height": 844})
    for name, place in (
        ("copy", copy), ("copy-new", f"{base}/van-ban-di/{number}/sao/"), ("register-copies", f"{base}/so-van-ban/ban-sao/"),
        ("copy-signers", f"{base}/nguoi-ky-ban-sao/"),
    ):  # fmt: skip
        phone.goto(place)
        look(phone, f"phone-{name}")


def test_the_agency_keeps_its_facts_and_its_advisory_bodies(browser: Browser, country: Country) -> None:
    """From the facts of the agency to a draft of a board: at a desk, on a phone, and in English."""
    base = country.address("G22")
    administrator = sign_in(browser, country, "G22", "quan.tri")
    administrator.get_by_role("link", name="Cơ quan", exact=True).click()
    administrator.get_by_role("button", name="Sửa thông tin").click()
    administrator.get_by_label("Thư điện tử").fill("vanphong@chinhphu.example.vn")
    administrator.get_by_label("Điện thoại").fill("080 43162")
    look(administrator, "agency-dialog")
    administrator.get_by_role("button", name="Ghi", exact=True).click()
    administrator.locator("[data-change]").first.wait_for()
    look(administrator, "agency")
    administrator.get_by_role("button", name="Ghi quyết định").click()
    look(administrator, "agency-decide")
    administrator.get_by_role("button", name="Thôi").last.click()
    administrator.get_by_role("link", name="Tổ chức tư vấn").click()
    look(administrator, "bodies-empty")
    administrator.get_by_role("button", name="Thêm tổ chức").click()
    administrator.get_by_label("Tên ghi trên văn bản").fill("Ban Chỉ đạo cải cách hành chính của Chính phủ")
    administrator.get_by_label("Chữ viết tắt trong ký hiệu").fill("BCĐCCHC")
    administrator.get_by_label("Số, ngày quyết định thành lập").fill("15/QĐ-VPCP ngày 02/11/2026")
    look(administrator, "body-dialog")
    administrator.get_by_role("button", name="Ghi nhận", exact=True).click()
    administrator.get_by_role("link", name="Ban Chỉ đạo").click()
    administrator.get_by_role("button", name="Thêm người ký").click()
    administrator.locator("select[name=person]").select_option(label="Trần Quốc Vượng")
    administrator.get_by_label("Chức danh trong tổ chức").fill("PHÓ TRƯỞNG BAN")
    administrator.get_by_label("Quyền hạn ghi trên chức danh").fill("KT. TRƯỞNG BAN")
    administrator.get_by_label("Chức vụ trong cơ quan").fill("PHÓ CHỦ NHIỆM VĂN PHÒNG CHÍNH PHỦ")
    look(administrator, "body-signer-dialog")
    administrator.get_by_role("button", name="Ghi nhận", exact=True).click()
    administrator.locator("[data-signer]").wait_for()
    look(administrator, "body")
    body = administrator.url

    drafter = sign_in(browser, country, "G22", "chuyen.vien")
    drafter.goto(f"{base}/van-ban-di/soan/")
    drafter.get_by_label("Loại văn bản").select_option("Thông báo")
    drafter.get_by_label("Người ký").select_option(label="Trần Quốc Vượng, PHÓ TRƯỞNG BAN")
    drafter.get_by_label("Trích yếu").fill("Kết luận của Phó Trưởng Ban tại phiên họp tháng 11")
    drafter.get_by_label("Nội dung", exact=False).first.fill("Phó Trưởng Ban kết luận: các bộ rà soát thủ tục./.")
    drafter.get_by_label("Nơi nhận in trên văn bản").fill("- Thành viên Ban Chỉ đạo;\n- Lưu: VT.")
    drafter.get_by_role("button", name="Lưu dự thảo").click()
    drafter.locator("canvas[data-drawn]").first.wait_for()
    look(drafter, "body-draft")

    screens = (("agency", f"{base}/co-quan/"), ("bodies", f"{base}/co-quan/to-chuc-tu-van/"), ("body", body))
    administrator.get_by_role("button", name="English").click()
    for name, place in (*screens, ("numbering", f"{base}/so-van-ban/cach-danh-so/")):
        administrator.goto(place)
        look(administrator, f"{name}-en")
    administrator.set_viewport_size({"width": 390, "height": 844})
    for name, place in screens:
        administrator.goto(place)
        look(administrator, f"{name}-phone")
