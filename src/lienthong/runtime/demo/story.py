"""The story: a document is drafted, approved, signed, numbered, sealed and sent to three agencies; one processes it to
the end, one refuses it with a reason, one obeys a recall. Acted through the pages that people use, judged by what
pages and APIs say."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import IO, Any

import httpx

from lienthong.office.typeset import Draft, render_annex
from lienthong.runtime.demo import foreign
from lienthong.runtime.demo.cast import OPERATOR
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.desk import Desk, Page, Unexpected
from lienthong.runtime.demo.documents import ANNEX, DECISION, LETTER, REPORT, Text
from lienthong.runtime.settings import Door
from lienthong.standards.times import VIETNAM
from lienthong.testing.vxp_client import JavaClient

ANNEX_NAME = "Phu-luc-I-Danh-muc-ma-trang-thai.pdf"
REFUSAL = "Văn bản nêu Phụ lục I nhưng không có tệp kèm theo."
RECALL_REASON = "Ban hành nhầm phiên bản quy chế, sẽ gửi bản đúng sau."


@dataclass
class Step:
    """One thing that was expected, and held."""

    at: float
    text: str


@dataclass
class Story:
    """Acts the story in a running country.

    Args:
        upload: a document of the user's own, name and bytes, in the place of the decision's text.
        enclosure: a file of the user's own that cannot be laid out; it travels with the letter.
        say: is told each step, with the seconds since the beginning.
    """

    country: Country
    upload: tuple[str, bytes] | None = None
    enclosure: tuple[str, bytes] | None = None
    say: Callable[[Step], None] = lambda _step: None
    began: float = field(default_factory=monotonic)
    steps: list[Step] = field(default_factory=list)
    _desks: dict[str, Desk] = field(default_factory=dict)

    def __enter__(self) -> Story:
        return self

    def __exit__(self, *_: object) -> None:
        """Everybody leaves their desk."""
        for desk in self._desks.values():
            desk.http.close()

    def act(self) -> list[Step]:
        """Everything, in order. Raises `Unexpected` at the first thing that is not as it should be."""
        ending, end = self.country.foreign.sign_before_the_end()
        decision, _ = self.act_the_day()
        foreign.await_end(end)
        self.others_are_judged(decision, ending)
        return self.steps

    def act_the_day(self) -> tuple[str, str]:
        """What the four agencies do, from the draft to the last answer. Gives the address of the decision's page, and
        its identifier. Raises `Unexpected`."""
        decision = self.draft_and_seal(DECISION, ("H41", "H26", "G12"), upload=self.upload)
        letter = self.draft_and_seal(LETTER, ("H41",), enclosure=self.enclosure)
        self.express_overtakes(decision, letter)
        if self.enclosure:
            self.enclosure_arrives(letter, *self.enclosure)
        identifier = self.arrives_everywhere(decision)
        reply = self.processed_to_the_end(identifier)
        self.refused_completed_accepted(decision, identifier)
        self.recalled_and_destroyed(decision, identifier)
        self.reply_came_back(reply, identifier)
        self.board_tells_the_truth(decision)
        self.hub_tells_the_same(identifier)
        return decision, identifier

    # -- 1, 2: draft, review, sign, number, seal ---------------------------------------------------------------------

    def draft_and_seal(
        self, text: Text, to: tuple[str, ...], *, house: str = "G22", answers: str = "",
        upload: tuple[str, bytes] | None = None, enclosure: tuple[str, bytes | IO[bytes]] | None = None,
    ) -> str:  # fmt: skip
        """From the first word to the seal; gives the address of the document's page."""
        address = self.draft_and_check(text, to, house=house, answers=answers, upload=upload, enclosure=enclosure)
        pin = self.country.pin(house, "lanh.dao")
        self.press(house, "lanh.dao", address, "approve_and_sign", "signed", pin=pin)
        self.note(f"{self.who(house, 'lanh.dao')} duyệt và ký số (PAdES, có dấu thời gian)")
        page = self.press(house, "van.thu", address, "number_and_seal", "sealed", pin=self.country.pin(house))
        self.note(f"{self.who(house, 'van.thu')} cấp số {page.data('number')} và đóng dấu bằng chứng thư cơ quan")
        return address

    def draft_and_check(
        self, text: Text, to: tuple[str, ...], *, house: str = "G22", answers: str = "",
        upload: tuple[str, bytes] | None = None, enclosure: tuple[str, bytes | IO[bytes]] | None = None,
    ) -> str:  # fmt: skip
        """From the first word to the last check before the signature; gives the address of the document's page."""
        drafter, unit_head = ("chuyen.vien", "truong.dv")
        page = self.desk(house, drafter).open(f"/van-ban-di/soan/{answers}")
        values: dict[str, Any] = {
            "type": text.kind if text.kind != "Phụ lục" else "Công văn",
            "subject": text.subject,
            "body": "" if upload else text.body,
            "origin": "digital",
            "addressees": text.addressees,
            "appendixes": text.appendixes,
            "recipients_text": text.recipients_text,
            "urgency": text.urgency,
            "recipients": list(to),
        }
        files = {"upload": (upload[0], upload[1], "application/octet-stream")} if upload else None
        page = self.desk(house, drafter).send(page.form("save"), values, files)
        address = page.url
        self.expect(page.data("state") == "draft", page, f"{self.who(house, drafter)} soạn {text.kind.lower()}")
        if enclosure:
            file = {"file": (*enclosure, "application/octet-stream")}
            self.desk(house, drafter).send(page.form("enclose"), None, file)
        self.press(house, drafter, address, "submit", "in_review")
        self.press(house, unit_head, address, "check_content", "in_review")
        self.press(house, "the.thuc", address, "check_presentation", "in_review")
        self.note("Trưởng đơn vị kiểm tra nội dung, người kiểm tra thể thức xác nhận bản hiện tại")
        return address

    # -- 3: sending --------------------------------------------------------------------------------------------------

    def express_overtakes(self, normal: str, express: str) -> None:
        """While the worker hangs two documents queue; it is killed, and the express one goes first when it is back."""
        worker = self.country.pid_of_worker("G22")
        os.kill(worker, signal.SIGSTOP)
        self.note(f"Tiến trình gửi của G22 bị treo (pid {worker})")
        clerk = self.desk("G22", "van.thu")
        page = clerk.open(normal)
        refused = clerk.send(page.form("issue"))
        self.expect(
            refused.status == 409 and "chưa kèm tệp" in refused.text(), refused,
            "Phát hành thiếu phụ lục: hệ thống nêu tên phụ lục còn thiếu, chưa gửi gì",
        )  # fmt: skip
        page = clerk.send(refused.form("issue"), {"incomplete": "Phụ lục gửi sau theo yêu cầu của lãnh đạo"})
        self.expect(page.data("state") == "issued", page, "Văn thư chịu trách nhiệm gửi; văn bản vào hàng chờ")
        page = clerk.send(clerk.open(express).form("issue"))
        self.expect(page.data("state") == "issued", page, "Công văn hỏa tốc vào hàng chờ sau")
        os.kill(worker, signal.SIGKILL)
        self.note(f"Tiến trình gửi của G22 bị kill -9 (pid {worker})")
        first = self.wait("G22", "van.thu", express, lambda p: bool(p.data("at-hub")), "công văn hỏa tốc lên Trục")
        later = self.wait("G22", "van.thu", normal, lambda p: bool(p.data("at-hub")), "quyết định lên Trục")
        ahead, behind = first.data("at-hub"), later.data("at-hub")
        # A hub of existing client software tells its time to the second: both may have come within the same one.
        overtook = ahead < behind or (self.country.door is Door.VXP and ahead == behind)
        self.expect(overtook, later, "Hỏa tốc vượt văn bản thường đã xếp hàng trước")

    def enclosure_arrives(self, letter: str, name: str, content: bytes) -> None:
        """What is enclosed arrives whole, under its own name."""
        identifier = self.desk("G22", "van.thu").open(letter).data("identifier")
        page = self.find("H41", "van.thu", identifier)
        link = page.root.xpath(f"//a[@data-file and contains(., '{name}')]/@href")
        whole = bool(link) and self.desk("H41", "van.thu").download(link[0]) == content
        self.expect(whole, page, f"Tệp kèm theo {name} tới H41 nguyên vẹn từng byte")

    # -- 4: the recipients -------------------------------------------------------------------------------------------

    def arrives_everywhere(self, decision: str) -> str:
        """Each recipient receives by itself, judges, and reports 01."""
        identifier = self.desk("G22", "van.thu").open(decision).data("identifier")
        for house in ("H41", "H26", "G12"):
            page = self.find(house, "van.thu", identifier)
            self.expect(page.data("legal") == "equivalent", page, f"{house} nhận: có giá trị pháp lý như bản giấy")
            checks = dict(zip(page.all_data("check"), page.all_data("result"), strict=True))
            wanted = {"completeness": "failed", "integrity": "passed", "authenticity": "passed"}
            self.expect(checks == wanted, page, f"{house}: toàn vẹn, xác thực đạt; thấy thiếu phụ lục")
        self.wait("G22", "van.thu", decision, lambda p: _sendings(p) == {"H41": "01", "H26": "01", "G12": "01"}, "01")
        self.note("G22 thấy cả ba nơi đã đến (01), không ai phải bấm gì")
        return identifier

    def processed_to_the_end(self, identifier: str) -> str:
        """H41 accepts, instructs, processes, answers: 03, 04, 05, 06. Gives the identifier of the answer."""
        page = self.find("H41", "van.thu", identifier)
        place = page.url
        page = self.press("H41", "van.thu", place, "accept", "accepted")
        self.expect(page.data("arrival").isdigit(), page, f"H41 tiếp nhận, số đến {page.data('arrival')} (03)")
        leader = self.desk("H41", "lanh.dao")
        form = leader.open(place).form("instruct")
        due = (datetime.now(VIETNAM) + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
        units = {"CNTT": "lead", "NC": "coordinate"}
        chosen = {
            select.get("name"): units[select.get("data-unit")]
            for select in form.element.xpath(".//select[@data-unit]")
            if select.get("data-unit") in units
        }
        page = leader.send(form, {"text": "Giao Phòng Chuyển đổi số chủ trì, báo cáo trước hạn.", "due": due, **chosen})
        self.expect(page.data("state") == "assigned", page, "Lãnh đạo chỉ đạo, giao chủ trì và phối hợp có hạn (04)")
        self.hand("truong.dv", place, "chuyen.vien")
        self.hand("truong.nc", place, "chuyen.vien.nc")
        self.press("H41", "chuyen.vien.nc", place, "contribute", "", result="Thống nhất, không có ý kiến bổ sung.")
        self.press("H41", "chuyen.vien", place, "start", "in_process")
        self.note("Phòng phối hợp cho ý kiến; chuyên viên chủ trì bắt đầu xử lý (05)")
        number = place.rstrip("/").rpartition("/")[2]
        reply = self.draft_and_seal(REPORT, ("G22",), house="H41", answers=f"?tra-loi={number}")
        clerk = self.desk("H41", "van.thu")
        page = clerk.send(clerk.open(reply).form("issue"))
        self.expect(page.data("state") == "issued", page, "H41 phát hành báo cáo trả lời")
        answer = page.data("identifier")
        page = clerk.open(place)
        self.expect(page.data("state") == "finished", page, "Phát hành trả lời là hoàn thành, không bấm lần hai (06)")
        return answer

    def refused_completed_accepted(self, decision: str, identifier: str) -> None:
        """H26 refuses; G22 sees why, completes, sends to H26 alone; H26 accepts."""
        clerk = self.desk("H26", "van.thu")
        page = clerk.send(
            self.find("H26", "van.thu", identifier).form("refuse"), {"reason": "MISSING_FILE", "text": REFUSAL}
        )
        self.expect(page.data("state") == "refused", page, "H26 từ chối: MISSING_FILE kèm diễn giải (02)")
        page = self.wait(
            "G22", "van.thu", decision, lambda p: _sendings(p).get("H26") == "02", "lời từ chối về tới G22"
        )
        self.expect(page.data("reason") == "MISSING_FILE" and page.says(REFUSAL), page, "G22 thấy lý do và diễn giải")
        home = self.desk("G22", "van.thu").open("/")
        self.expect(REFUSAL in home.text("//*[@data-list='task']"), home, "Việc bổ sung hiện trên trang Hôm nay")
        g22 = self.desk("G22", "van.thu")
        annex = {"file": (ANNEX_NAME, annex_pdf(), "application/pdf")}
        page = g22.send(g22.open(decision).form("enclose"), None, annex)
        page = g22.send(page.form("send_again"), {"pin": self.country.pin("G22")})
        self.expect(page.status == 200, page, "G22 bổ sung Phụ lục I, ký số tệp, gửi lại riêng H26")
        page = self.find("H26", "van.thu", identifier, state="arrived")
        checks = dict(zip(page.all_data("check"), page.all_data("result"), strict=True))
        self.expect(checks.get("completeness") == "passed", page, "H26 nhận bản bổ sung: đủ tệp")
        place = page.url
        self.accept_and_present("H26", place)
        self.wait("G22", "van.thu", decision, lambda p: _sendings(p).get("H26") == "03", "03 của H26")
        self.note("H26 tiếp nhận, trình lãnh đạo; G22 thấy 03")

    def recalled_and_destroyed(self, decision: str, identifier: str) -> None:
        """G12 accepts; G22 recalls; a hub process is killed meanwhile; G12 confirms: content gone, tombstone kept."""
        page = self.find("G12", "van.thu", identifier)
        place = page.url
        self.accept_and_present("G12", place)
        file = page.root.xpath("//a[@data-file]/@href")[0]
        hub = httpx.get(f"{self.country.address('hub')}/healthz").json()["pid"]
        os.kill(int(hub), signal.SIGKILL)
        self.note(f"Một tiến trình của Trục bị kill -9 (pid {hub})")
        g22 = self.desk("G22", "van.thu")
        form = g22.open(decision).form("recall")
        target = form.element.xpath(".//input[@data-code='G12']/@value")
        page = g22.send(form, {"recipient": target, "reason": RECALL_REASON, "authority": self.who("G22", "lanh.dao")})
        self.expect(page.data("state") == "recalling", page, "G22 yêu cầu G12 thu hồi, nêu lý do")
        page = self.wait("G12", "van.thu", place, lambda p: bool(p.root.xpath("//@data-frozen")), "lệnh thu hồi")
        self.expect(RECALL_REASON in page.text(), page, "G12: nội dung khóa ngay, thấy lý do thu hồi")
        closed = self.desk("G12", "van.thu").open(file)
        self.expect(closed.status == 409, closed, "Tệp không mở được trong khi chờ xác nhận")
        page = self.press("G12", "van.thu", place, "obey", "cancelled")
        self.expect(
            bool(page.root.xpath("//@data-tombstone")) and not page.says(DECISION.subject), page,
            "G12 xác nhận: nội dung mất, dấu vết giữ lại (15)",
        )  # fmt: skip
        gone = self.desk("G12", "van.thu").open(file)
        self.expect(gone.status == 404, gone, "Tệp đã thu hồi không còn")
        self.wait("G22", "van.thu", decision, lambda p: _sendings(p).get("G12") == "recalled", "15 của G12")

    def reply_came_back(self, reply: str, identifier: str) -> None:
        """The reply of H41 refers to the decision, is genuine, and is accepted."""
        page = self.find("G22", "van.thu", reply)
        self.expect(page.data("legal") == "equivalent", page, "Báo cáo của H41 tới G22, có giá trị như bản giấy")
        number, answered = identifier.split(",")[-1], page.text("//dt[.='Phúc đáp']/following-sibling::dd[1]")
        self.expect(answered == number, page, f"Báo cáo ghi rõ phúc đáp văn bản số {number}")
        self.press("G22", "van.thu", page.url, "accept", "accepted")

    # -- 5: everyone sees the truth ----------------------------------------------------------------------------------

    def board_tells_the_truth(self, decision: str) -> None:
        """G22's board shows each recipient's true state with times."""
        wanted = {"H41": "06", "H26": "03", "G12": "recalled"}
        page = self.wait("G22", "van.thu", decision, lambda p: _sendings(p) == wanted, "bảng theo dõi")
        self.expect(page.says("xong") and page.says("nơi nhận đã hủy"), page, "Bảng theo dõi đúng, đủ thời điểm")
        self.everything_is_proven(decision)

    def everything_is_proven(self, decision: str) -> None:
        """G22's office has checked what each recipient's system signed; the other door carries no signatures."""
        page = self.wait(
            "G22", "van.thu", f"{decision.rstrip('/')}/bang-chung/",
            lambda p: "waiting" not in p.all_data("standing"), "kiểm tra bản xác nhận ký số",
        )  # fmt: skip
        signed = {
            str(row.get("data-agency"))
            for row in page.root.xpath("//tr[@data-statement='handover' and @data-standing='proven']")
        }
        native = self.country.door is Door.NATIVE
        sound = set(page.all_data("standing")) == ({"proven"} if native else set())
        wanted = {"H41", "H26", "G12"} if native else set()
        words = "Mọi bản ký nhận, ký báo trạng thái là bằng chứng" if native else "Cổng VXP không có bản xác nhận ký số"
        self.expect(sound and signed == wanted, page, words)

    def hub_tells_the_same(self, identifier: str) -> None:
        """The hub's console shows the same, and no content."""
        operator = Desk(self.country.address("hub"), OPERATOR, self.country.passwords[OPERATOR])
        self._desks[OPERATOR] = operator
        operator.sign_in("/console/dang-nhap/")
        page = operator.wait_for(
            f"/console/van-ban/?q={identifier}",
            lambda p: {"06", "15"} <= set(p.all_data("reported")),
            what="trạng thái trên Trục",
        )
        rows = {
            house: page.root.xpath(f"//tr[@data-agency='{house}' and @data-business='0']/@data-reported")
            for house in ("H41", "H26", "G12")
        }
        wanted = {"H41": ["06"], "H26": ["03", "02"], "G12": ["15"]}
        self.expect(
            rows == wanted and page.says("Đã thu hồi"), page, "Trục thấy cùng trạng thái: 06, 03, đã thu hồi (15)"
        )
        recall = page.text("//tr[@data-agency='G12' and @data-business='1']")
        self.expect("Thu hồi" in recall, page, "Trục ghi lệnh thu hồi thành dòng riêng, gọi đúng tên")
        self.expect(not page.says(DECISION.subject), page, "Trục chỉ giữ siêu dữ liệu, không có nội dung")

    # -- 6: what is not valid ----------------------------------------------------------------------------------------

    def others_are_judged(self, decision: str, ended: bytes) -> None:
        """What another agency's software sends, good and bad: each arrives with its verdict and its legal value; what
        was changed on the way does not arrive."""
        clerk = self.desk("G22", "van.thu")
        sealed = clerk.download(clerk.open(decision).root.xpath("//a[@data-file='main']/@href")[0])
        client = JavaClient(self.country.address("hub"), foreign.ALIAS, self.country.foreign_secret)
        cases = self.country.foreign.cases(sealed, ended)
        for case in cases:
            answer = client.send_edoc(case.packet(), sender=foreign.ALIAS)
            if answer["status"] != "OK":
                raise Unexpected(f"{case.words}: {answer}")
        for case in cases:
            self.judged_as_it_deserves(case)
        packet = cases[0].packet()
        answer = client.send_edoc(packet, sender=foreign.ALIAS, arriving=foreign.changed(packet))
        if answer["ErrorCode"] != "21":
            raise Unexpected(f"a packet changed on the way was taken: {answer}")
        self.note("Gói tin bị đổi trên đường truyền: Trục từ chối (21), không giao")

    def judged_as_it_deserves(self, case: foreign.Case) -> None:
        """The page of one arrived document says what it is worth, and why."""
        desk = self.desk("H41", "van.thu")
        page = desk.wait_for(
            "/van-ban-den/?muc=tat-ca", lambda p: p.says(case.words), what=f"H41 nhận: {case.words}", seconds=30
        )
        page = desk.open(page.root.xpath(f"//tr[@data-document][contains(., '{case.words}')]//a/@href")[0])
        checks = dict(zip(page.all_data("check"), page.all_data("result"), strict=True))
        found = (page.data("legal"), checks["integrity"], checks["authenticity"])
        wanted = (case.legal, case.integrity, case.authenticity)
        self.expect(found == wanted and page.says(case.indication), page, case.words)

    # -- tools -------------------------------------------------------------------------------------------------------

    def desk(self, house: str, login: str) -> Desk:
        """A person, signed in at their first use."""
        key = f"{login}.{house}"
        if key not in self._desks:
            self.country.supervisors[house].await_ready()
            self._desks[key] = self.country.desk(house, login)
            self._desks[key].sign_in()
        return self._desks[key]

    def who(self, house: str, login: str) -> str:
        """A person's name."""
        return self.desk(house, login).name

    def press(self, house: str, login: str, address: str, act: str, state: str, **values: str) -> Page:
        """Open a page and carry out one act; the document then is in this state."""
        desk = self.desk(house, login)
        page = desk.send(desk.open(address).form(act), values)
        if page.status != 200 or (state and page.data("state") != state):
            raise Unexpected(f"{act} by {login} at {house}: {page.status} {page.text('//*[@data-problem]')[:300]}")
        return page

    def accept_and_present(self, house: str, place: str) -> None:
        """The clerk accepts what has arrived and presents it; what is urgent, or comes in the last minutes of a day,
        is presented with its acceptance."""
        if self.press(house, "van.thu", place, "accept", "accepted").offers("present"):
            self.press(house, "van.thu", place, "present", "accepted")

    def hand(self, login: str, place: str, to: str) -> None:
        """A unit head gives the unit's task to one of its people."""
        desk = self.desk("H41", login)
        form = desk.open(place).form("hand")
        wanted = self.who("H41", to)
        person = form.element.xpath(f".//option[normalize-space()='{wanted}']/@value")
        page = desk.send(form, {"person": person, "text": "Đề nghị xử lý đúng hạn."})
        self.expect(page.status == 200, page, f"{self.who('H41', login)} giao {wanted}")

    def find(self, house: str, login: str, identifier: str, *, state: str = "") -> Page:
        """Wait until a document is in the list, and open it."""
        row = f"//tr[@data-document='{identifier}'" + (f" and @data-state='{state}'" if state else "") + "]"
        desk = self.desk(house, login)
        page = desk.wait_for(
            "/van-ban-den/?muc=tat-ca", lambda p: bool(p.root.xpath(row)), what=f"{house} nhận {identifier}", seconds=30
        )
        return desk.open(page.root.xpath(f"{row}//a/@href")[0])

    def wait(self, house: str, login: str, address: str, expected: Callable[[Page], bool], what: str) -> Page:
        """Read a page again until it says what is expected."""
        return self.desk(house, login).wait_for(address, expected, what=what, seconds=30)

    def expect(self, holds: bool, page: Page, text: str) -> None:
        """Note what held, or stop."""
        if not holds:
            raise Unexpected(f"{text} — {page.status} {page.url}: {page.text()[:900]}")
        self.note(text)

    def note(self, text: str) -> None:
        """Tell a step."""
        step = Step(monotonic() - self.began, text)
        self.steps.append(step)
        self.say(step)


def annex_pdf() -> bytes:
    """The annex that the decision names, as an enclosure in the layout of Annex III, template 2.2."""
    draft = Draft(
        agency="Văn phòng Chính phủ", notation="QĐ-VPCP", place="Hà Nội", year=datetime.now(VIETNAM).year,
        subject=ANNEX.subject, body=ANNEX.body, position="", signer="", type_name="Quyết định",
    )  # fmt: skip
    return render_annex(draft, f"Phụ lục I\n{ANNEX.subject}", ANNEX.body)


def _sendings(page: Page) -> dict[str, str]:
    """Recipient → state, as the board shows it."""
    return {
        str(row.get("data-recipient")): str(row.get("data-sending")) for row in page.root.xpath("//tr[@data-recipient]")
    }
