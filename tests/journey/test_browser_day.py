"""One day at four agencies and the hub, in a real browser: every act of the story is clicked and typed by the person
whose act it is, and judged by what the pages show."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from lienthong.runtime.demo.cast import HOUSES, OPERATOR
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.documents import DECISION, LETTER, REPORT, Text
from lienthong.runtime.demo.story import ANNEX_NAME, RECALL_REASON, REFUSAL, Story, annex_pdf
from lienthong.standards.times import VIETNAM
from tests.browser import DESK, PHONE
from tests.journey.countries import fresh_country
from tests.journey.others import OtherSoftware, Reader, moment_of, never_to_arrive
from tests.journey.screens import WAIT_MS, Window, look

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey")]

NAMES = {house.code: house.name for house in HOUSES}
INSTRUCTION = "Giao Phòng Chuyển đổi số chủ trì, báo cáo trước hạn."
OPINION = "Thống nhất, không có ý kiến bổ sung."
WHY_INCOMPLETE = "Phụ lục gửi sau theo yêu cầu của lãnh đạo"


@pytest.fixture(scope="module")
def country() -> Iterator[Country]:
    """A country of its own: on the first screens stands what the day brings, and nothing else."""
    with fresh_country() as running:
        yield running


class Day:
    """The acts of the day, in their order. A person's window stays open from their first act on."""

    def __init__(self, browser: Browser, country: Country) -> None:
        self.browser, self.country = browser, country
        self.windows: dict[str, Window] = {}

    def at(self, code: str, login: str) -> Window:
        """The window of a person, who signs in at their first act."""
        key = f"{login}.{code}"
        if key not in self.windows:
            self.windows[key] = Window.of(self.browser, self.country, code, login)
        return self.windows[key]

    def see(self, window: Window, name: str) -> None:
        """Look at what the act came to, once the document is drawn where one is shown."""
        if window.page.locator("[data-pdf]").count():
            window.await_drawn()
        look(window.page, f"day-{name}")

    # -- 1: draft, review, approve and sign --------------------------------------------------------------------------

    def draft_from_the_template(self) -> None:
        """A specialist types the decision into the statutory template, and finds the recipients by typing."""
        window = self.at("G22", "chuyen.vien")
        page = window.page
        self.see(window, "01-home-empty")
        page.get_by_role("link", name="Soạn văn bản").click()
        self._type(window, DECISION)
        for words, code in (("nghe an", "H41"), ("ha noi", "H26"), ("bo tai chinh", "G12")):
            page.get_by_label("Tìm cơ quan").fill(words)
            expect(page.locator("[data-found] label.pick").first).to_contain_text(NAMES[code])
            window.press("Enter")
            expect(page.locator("[data-chosen]").get_by_label(NAMES[code])).to_be_checked()
        self.see(window, "02-draft-typed")
        page.get_by_role("button", name="Lưu dự thảo").click()
        window.await_state("Dự thảo")
        window.await_drawn()
        expect(page.locator("#the-thuc")).to_contain_text("Không thấy lỗi thể thức.")
        self.see(window, "03-draft-laid-out")
        window.press("a")
        window.await_state("Đang trình duyệt")
        expect(page.locator(".dochead")).to_contain_text("chờ kiểm tra nội dung, kiểm tra thể thức")

    def review_and_sign(self, code: str, subject: str) -> None:
        """The unit's head confirms the content, a checker the presentation; the leader approves and signs."""
        for login, button, said in (
            ("truong.dv", "Xác nhận nội dung", "Kiểm tra nội dung"),
            ("the.thuc", "Xác nhận thể thức", "Kiểm tra thể thức"),
        ):
            window = self.at(code, login)
            window.begin_next(subject)
            expect(window.page.get_by_role("button", name=button)).to_be_visible()
            self.see(window, f"04-{code}-{login}")
            window.press("a")
            window.page.get_by_role("button", name=button).wait_for(state="detached")
            expect(window.page.locator("[data-review]").last).to_contain_text(said)
        leader = self.at(code, "lanh.dao")
        leader.begin_next(subject)
        self.see(leader, f"05-{code}-to-sign")
        leader.sign_with(self.country.pin(code, "lanh.dao"), "Duyệt và ký số")
        leader.await_state("Đã ký, chờ cấp số")
        leader.await_drawn()
        self.see(leader, f"06-{code}-signed")

    # -- 2, 3: number, seal, send ------------------------------------------------------------------------------------

    def number_and_seal(self, code: str, subject: str) -> None:
        """The clerk numbers and seals: both signatures are there."""
        clerk = self.at(code, "van.thu")
        clerk.begin_next(subject)
        clerk.sign_with(self.country.pin(code), "Cấp số và đóng dấu")
        clerk.await_state("Đã đóng dấu, chờ phát hành")
        clerk.await_drawn()
        self.see(clerk, f"07-{code}-sealed")

    def issue_incomplete(self) -> None:
        """The annex that the decision names is not there: nothing leaves before the clerk says why it goes."""
        clerk = self.at("G22", "van.thu")
        clerk.press("a")
        dialog = clerk.opened("Phát hành")
        expect(dialog).to_contain_text("Gửi tới 3 nơi nhận")
        expect(dialog).to_contain_text("Chưa kèm tệp")
        self.see(clerk, "08-issue")
        dialog.get_by_role("button", name="Gửi", exact=True).click()
        refused = clerk.opened("Phát hành")
        expect(refused.get_by_role("alert")).to_be_visible()
        self.see(clerk, "09-issue-refused")
        refused.get_by_label("Lý do vẫn gửi").fill(WHY_INCOMPLETE)
        refused.get_by_role("button", name="Gửi", exact=True).click()
        clerk.await_state("Đã phát hành")

    # -- 4: the recipients -------------------------------------------------------------------------------------------

    def arrives_by_itself(self) -> None:
        """The bell of a recipient's clerk rings on the screen that stands open; the sender sees three arrivals."""
        clerk = self.at("H41", "van.thu")
        clerk.page.locator("[data-bell-count] sup").wait_for(timeout=TWO_RINGS_MS)
        clerk.page.reload()
        self.see(clerk, "10-arrived-home")
        clerk.press("a")
        clerk.await_drawn()
        expect(clerk.page.locator(".legal")).to_contain_text("Có giá trị pháp lý như bản giấy")
        expect(clerk.page.locator(".checks")).to_contain_text("Phụ lục I. Danh mục mã trạng thái văn bản")
        look(clerk.page, "incoming-document")
        sender = self.at("G22", "van.thu")
        for code in ("H41", "H26", "G12"):
            sender.await_shown(sender.recipient(code).get_by_text("Đã đến", exact=True))
        self.see(sender, "11-arrived-everywhere")

    def accept(self, code: str) -> None:
        """One key: the document has its arrival number; one more, and it is presented."""
        clerk = self.at(code, "van.thu")
        clerk.begin_next(DECISION.subject)
        clerk.press("a")
        clerk.await_state("Đã tiếp nhận, chờ chỉ đạo")
        expect(clerk.page.locator(".dochead")).to_contain_text("Số đến 1")
        clerk.present()

    def instruct(self) -> None:
        """The leader writes an instruction, and assigns one lead and one coordinator with a deadline."""
        leader = self.at("H41", "lanh.dao")
        leader.begin_next(DECISION.subject)
        leader.press("a")
        dialog = leader.opened("Ý kiến chỉ đạo, phân công")
        dialog.get_by_label("Ý kiến chỉ đạo").fill(INSTRUCTION)
        dialog.get_by_label("hoặc đến lúc").fill(_in_days(5))
        dialog.get_by_label("Phòng Chuyển đổi số", exact=True).select_option(label="Chủ trì")
        dialog.get_by_label("Phòng Nội chính", exact=True).select_option(label="Phối hợp")
        self.see(leader, "12-instruct")
        dialog.get_by_role("button", name="Phân công").click()
        leader.await_state("Đã chuyển xử lý")
        self.see(leader, "13-assigned")

    def hand_over(self, head: str, to: str, name: str) -> None:
        """A unit's head hands the task to a person, who finds it as the next thing to do."""
        window = self.at("H41", head)
        window.begin_next(DECISION.subject)
        expect(window.page.locator("main")).to_contain_text(INSTRUCTION)
        window.press("a")
        dialog = window.opened("Giao người xử lý")
        dialog.get_by_label("Người xử lý").select_option(label=name)
        dialog.get_by_label("hoặc đến lúc").fill(_in_days(3))
        dialog.get_by_label("Ý kiến").fill("Đề nghị xử lý đúng hạn.")
        self.see(window, f"14-hand-{head}")
        dialog.get_by_role("button", name="Giao", exact=True).click()
        expect(window.page.locator("[data-assignment]").filter(has_text=name)).to_be_visible()
        self.at("H41", to).begin_next(DECISION.subject)

    def coordinate_and_start(self) -> None:
        """The coordinator gives an opinion; the lead starts."""
        window = self.at("H41", "chuyen.vien.nc")
        self.see(window, "15-to-coordinate")
        window.press("a")
        dialog = window.opened("Ý kiến phối hợp")
        dialog.get_by_label("Ý kiến").fill(OPINION)
        dialog.get_by_role("button", name="Gửi ý kiến").click()
        expect(window.page.locator("[data-assignment=coordinate]")).to_contain_text(OPINION)
        lead = self.at("H41", "chuyen.vien")
        lead.press("a")
        lead.await_state("Đang xử lý")
        expect(lead.page.locator("[data-assignment=coordinate]")).to_contain_text(OPINION)
        self.see(lead, "16-in-process")

    def reply(self) -> None:
        """The lead drafts the reply from the document; its recipient is known."""
        lead = self.at("H41", "chuyen.vien")
        lead.page.get_by_role("link", name="Soạn trả lời").click()
        expect(lead.page.get_by_role("heading", name="Soạn văn bản").locator("..")).to_contain_text(NAMES["G22"])
        expect(lead.page.locator("[data-chosen]").get_by_label(NAMES["G22"])).to_be_checked()
        self._type(lead, REPORT)
        self.see(lead, "17-reply-typed")
        lead.page.get_by_role("button", name="Lưu dự thảo").click()
        lead.await_state("Dự thảo")
        lead.await_drawn()
        lead.press("a")
        lead.await_state("Đang trình duyệt")

    def issue_reply(self) -> None:
        """Issuing the reply finishes the work: nobody presses a second time."""
        clerk = self.at("H41", "van.thu")
        clerk.press("a")
        dialog = clerk.opened("Phát hành")
        dialog.get_by_role("button", name="Gửi", exact=True).click()
        clerk.await_state("Đã phát hành")
        clerk.page.goto(f"{clerk.base}/van-ban-den/?muc=tat-ca")
        row = clerk.page.locator("tr[data-document]").filter(has_text=DECISION.subject)
        expect(row).to_contain_text("Hoàn thành")
        clerk.press("j")
        self.see(clerk, "18-incoming-list")
        clerk.press("Enter")
        clerk.await_state("Hoàn thành")
        expect(clerk.page.locator("main")).to_contain_text("Văn bản trả lời:")
        self.see(clerk, "19-finished")

    def refuse(self) -> None:
        """H26 refuses with a reason and a text; at the sender it is a task on the first screen."""
        clerk = self.at("H26", "van.thu")
        clerk.begin_next(DECISION.subject)
        clerk.press("r")
        dialog = clerk.opened("Từ chối tiếp nhận")
        dialog.get_by_label("Lý do").select_option(value="MISSING_FILE")
        dialog.get_by_label("Diễn giải").fill(REFUSAL)
        self.see(clerk, "20-refuse")
        dialog.get_by_role("button", name="Từ chối và trả lại").click()
        clerk.await_state("Đã trả lại")
        self.see(clerk, "21-refused")
        sender = self.at("G22", "van.thu")
        sender.page.goto(sender.base)
        sender.await_shown(sender.page.locator("[data-list=task]").get_by_text(REFUSAL))
        self.see(sender, "22-task-home")

    def complete_and_send_again(self) -> None:
        """The clerk encloses the annex, which the seal's key signs, and sends again to H26 alone; it is accepted."""
        clerk = self.at("G22", "van.thu")
        clerk.page.locator("[data-list=task] tbody a").first.click()
        clerk.await_drawn()
        expect(clerk.recipient("H26")).to_contain_text(REFUSAL)
        self.see(clerk, "23-refusal-seen")
        file = {"name": ANNEX_NAME, "mimeType": "application/pdf", "buffer": annex_pdf()}
        clerk.page.locator("input[name=file]").set_input_files(file)  # type: ignore[arg-type]
        clerk.page.get_by_role("button", name="Thêm tệp").click()
        clerk.page.locator(f"[data-enclosure='{ANNEX_NAME}']").wait_for()
        clerk.page.get_by_role("button", name="Bổ sung và gửi lại").click()
        dialog = clerk.opened("Gửi lại")
        dialog.get_by_label("PIN con dấu").fill(self.country.pin("G22"))
        self.see(clerk, "24-send-again")
        dialog.get_by_role("button", name="Gửi lại").click()
        expect(clerk.recipient("H26")).to_contain_text("lần 2")
        recipient = self.at("H26", "van.thu")
        recipient.begin_next(DECISION.subject)
        expect(recipient.page.locator("[data-check=completeness]")).to_have_attribute("data-result", "passed")
        self.see(recipient, "25-completed")
        recipient.press("a")
        recipient.await_state("Đã tiếp nhận, chờ chỉ đạo")
        recipient.present()
        clerk.await_shown(clerk.recipient("H26").get_by_text("Đã tiếp nhận", exact=True))
        clerk.page.goto(clerk.base)
        expect(clerk.page.locator("[data-list=task]")).to_have_attribute("data-count", "0")

    def recall(self) -> None:
        """G22 recalls from G12 with a reason; the content closes at once; the clerk confirms, and it is gone."""
        self.accept("G12")
        sender = self.at("G22", "van.thu")
        sender.page.goto(f"{sender.base}/theo-doi/")
        sender.page.get_by_role("row").filter(has_text=DECISION.subject).get_by_role("link").click()
        sender.await_shown(sender.recipient("G12").get_by_text("Đã tiếp nhận", exact=True))
        sender.page.get_by_role("button", name="Thu hồi…").click()
        dialog = sender.opened("Thu hồi")
        dialog.get_by_label(NAMES["G12"]).check()
        dialog.get_by_label("Lý do").fill(RECALL_REASON)
        dialog.get_by_label("Người quyết định").fill("Trần Quốc Vượng")
        self.see(sender, "26-recall")
        dialog.get_by_role("button", name="Gửi yêu cầu thu hồi").click()
        expect(sender.recipient("G12")).to_contain_text("Chờ xác nhận thu hồi")
        clerk = self.at("G12", "van.thu")
        clerk.await_shown(clerk.page.get_by_text(RECALL_REASON))
        expect(clerk.page.locator("canvas")).to_have_count(0)
        self.see(clerk, "27-recall-asked")
        clerk.press("a")
        clerk.await_state("Đã hủy theo thu hồi")
        expect(clerk.page.locator("[data-tombstone]")).to_be_visible()
        expect(clerk.page.locator("body")).not_to_contain_text(DECISION.subject)
        self.see(clerk, "28-tombstone")
        sender.await_shown(sender.recipient("G12").get_by_text("Đã thu hồi", exact=True))

    # -- 5: everyone sees the truth ----------------------------------------------------------------------------------

    def board_tells_the_truth(self) -> None:
        """The sender's board: three recipients, three true states, with times."""
        sender = self.at("G22", "van.thu")
        for code, words in (("H41", "Hoàn thành"), ("H26", "Đã tiếp nhận"), ("G12", "Đã thu hồi")):
            sender.await_shown(sender.recipient(code).get_by_text(words, exact=True))
        expect(sender.recipient("H41").locator(".steps")).to_contain_text("xong")
        expect(sender.recipient("G12")).to_contain_text("nơi nhận đã hủy")
        sender.await_drawn()
        look(sender.page, "tracking-document")
        sender.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.see(sender, "29-board-phone")
        sender.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        sender.page.goto(f"{sender.base}/theo-doi/")
        row = sender.page.get_by_role("row").filter(has_text=DECISION.subject)
        for words in ("Hoàn thành", "Đã tiếp nhận", "Đã thu hồi"):
            expect(row).to_contain_text(words)
        self.see(sender, "30-tracking")

    def reply_came_back(self) -> None:
        """The reply is at G22: genuine, it names what it answers, and is accepted with one key."""
        clerk = self.at("G22", "van.thu")
        clerk.begin_next(REPORT.subject)
        expect(clerk.page.locator(".legal")).to_contain_text("Có giá trị pháp lý như bản giấy")
        expect(clerk.page.locator("dt", has_text="Phúc đáp").locator("+ dd")).to_contain_text("QĐ-VPCP")
        self.see(clerk, "31-reply-arrived")
        clerk.press("a")
        clerk.await_state("Đã tiếp nhận, chờ chỉ đạo")

    def hub_tells_the_same(self) -> None:
        """The hub's console has the same states, and not a word of the content."""
        page = self.browser.new_page(viewport=DESK, locale="vi-VN", bypass_csp=True)  # type: ignore[arg-type]
        page.set_default_timeout(WAIT_MS)
        page.goto(f"{self.country.address('hub')}/console/")
        page.get_by_label("Tên đăng nhập").fill(OPERATOR)
        page.get_by_label("Mật khẩu").fill(self.country.passwords[OPERATOR])
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("link", name="Văn bản", exact=True).click()
        for code, reported in (("H41", "06"), ("H26", "03"), ("G12", "15")):
            row = page.locator(f"tr[data-agency={code}][data-business='0'][data-reported='{reported}']")
            row.first.wait_for()
        expect(page.locator("body")).not_to_contain_text(DECISION.subject)
        look(page, "day-32-hub")

    def _type(self, window: Window, text: Text) -> None:
        """The fields of the draft, as the drafter fills them."""
        page = window.page
        page.get_by_label("Loại văn bản").select_option(value=text.kind)
        page.get_by_label("Trích yếu").click()
        page.keyboard.type(text.subject)
        page.get_by_label(re.compile("^Nội dung")).fill(text.body)
        page.get_by_label("Phụ lục nêu trong văn bản").fill(text.appendixes)
        page.get_by_label("Nơi nhận in trên văn bản").fill(text.recipients_text)


TWO_RINGS_MS = 30_000
"""The bell asks every ten seconds; the document may come just after it asked."""


def _in_days(days: int) -> str:
    return (datetime.now(VIETNAM) + timedelta(days=days)).strftime("%Y-%m-%dT16:30")


@pytest.mark.law("R-3.3-1", "R-5.4-1", "R-5.4-2", "R-6.3-1", "R-8.2-3", "R-9.2-1", "AVI-G1")
def test_one_day_on_screens(browser: Browser, country: Country) -> None:
    day = Day(browser, country)
    day.draft_from_the_template()
    day.review_and_sign("G22", DECISION.subject)
    day.at("H41", "van.thu")  # on their first screen when the document comes
    day.number_and_seal("G22", DECISION.subject)
    day.issue_incomplete()
    day.arrives_by_itself()
    day.accept("H41")
    day.instruct()
    day.hand_over("truong.dv", "chuyen.vien", "Phan Thị Mai")
    day.hand_over("truong.nc", "chuyen.vien.nc", "Trương Văn Bảo")
    day.coordinate_and_start()
    day.reply()
    day.review_and_sign("H41", REPORT.subject)
    day.number_and_seal("H41", REPORT.subject)
    day.issue_reply()
    day.refuse()
    day.complete_and_send_again()
    day.recall()
    day.board_tells_the_truth()
    day.reply_came_back()
    day.hub_tells_the_same()
    assert {key: window.faults for key, window in day.windows.items() if window.faults} == {}


@dataclass(frozen=True)
class Sealed:
    """Documents of G22 to H41 that only have to be issued: addresses of their pages."""

    normal: tuple[str, ...]
    express: str
    genuine: bytes


@pytest.fixture(scope="module")
def others(country: Country) -> OtherSoftware:
    """The software that is not ours: one of its certificates ends while other things are done."""
    return OtherSoftware(country)


@pytest.fixture(scope="module")
def sealed(country: Country, others: OtherSoftware) -> Sealed:
    """Two documents and an express letter; of the first also its file."""
    with Story(country) as story:
        first = replace(DECISION, appendixes="")
        texts = (first, replace(first, subject="Về việc kiện toàn Tổ công tác cải cách thủ tục hành chính"))
        normal = tuple(story.draft_and_seal(text, ("H41",)) for text in texts)
        clerk = story.desk("G22", "van.thu")
        genuine = clerk.download(clerk.open(normal[0]).root.xpath("//a[@data-file='main']/@href")[0])
        return Sealed(normal, story.draft_and_seal(LETTER, ("H41",)), genuine)


@pytest.mark.law("R-6.2-3")
def test_an_express_letter_overtakes_what_already_waits(browser: Browser, country: Country, sealed: Sealed) -> None:
    """The sender's clerk sees three documents wait, and afterwards that the last one went first; at the recipient it is
    the next thing to do, and stands above what came after it."""
    sender = Window.of(browser, country, "G22", "van.thu")
    worker = country.pid_of_worker("G22")
    os.kill(worker, signal.SIGSTOP)
    for address in (*sealed.normal, sealed.express):
        issue(sender, address)
    sender.page.goto(f"{sender.base}/theo-doi/")
    expect(sender.page.get_by_role("row").filter(has_text="Chờ gửi")).to_have_count(3)
    expect(sender.page.locator(".hubline")).to_contain_text("Chờ gửi 3")
    look(sender.page, "day-33-all-wait")
    os.kill(worker, signal.SIGKILL)
    sent = []
    for address in (sealed.express, *sealed.normal):
        sender.page.goto(address)
        sender.await_shown(sender.recipient("H41").get_by_text("Đã đến", exact=True))
        sent.append(moment_of(sender.recipient("H41").locator(".steps")))
    assert sent[0] < min(sent[1:])
    recipient = Window.of(browser, country, "H41", "van.thu")
    expect(recipient.page.locator(".next")).to_contain_text(LETTER.subject)
    recipient.page.goto(f"{recipient.base}/van-ban-den/")
    rows = recipient.page.locator("tr[data-document]")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Hỏa tốc")
    expect(rows.first).to_contain_text(LETTER.subject)
    assert moment_of(rows.first) < min(moment_of(rows.nth(1)), moment_of(rows.nth(2)))
    look(recipient.page, "day-33-express-first")


def issue(clerk: Window, address: str) -> None:
    """The clerk sends a sealed document off."""
    clerk.page.goto(address)
    clerk.await_drawn()
    clerk.press("a")
    clerk.opened("Phát hành").get_by_role("button", name="Gửi", exact=True).click()
    clerk.await_state("Đã phát hành")


@pytest.mark.law("R-4.1-1", "R-4.2-1", "R-9.1-1", "D30-21-2")
def test_what_is_not_valid_is_seen_for_what_it_is(
    browser: Browser, country: Country, sealed: Sealed, others: OtherSoftware
) -> None:
    """What other software sends, good and bad; what was changed on the way is refused, and nobody here sees it."""
    clerk = Reader(Window.of(browser, country, "H41", "van.thu"))
    cases = others.cases(sealed.genuine)
    changed = never_to_arrive(cases[0])
    others.send_what_is_changed_on_the_way(changed)
    for case in cases:
        others.send(case)
    clerk.find_all(cases, absent=changed)
    for case in cases:
        clerk.read(case)
        if case.pdf == others.ending:
            clerk.read_on("chứng thư số đã hết hạn, nhưng dấu thời gian chứng minh")
    assert clerk.window.faults == []
