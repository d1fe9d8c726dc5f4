"""What other software sends, before the eyes of the clerk who receives it: each document is found in the list, opened,
and read: what it is worth, why, and how each signature stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from playwright.sync_api import Locator, expect

from lienthong.runtime.demo import foreign
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.foreign import Case
from lienthong.testing.vxp_client import JavaClient
from tests.journey.screens import Window, look

IN_LIST = {"equivalent": "Như bản giấy", "information": "Để biết"}
ON_PAGE = {"equivalent": "Có giá trị pháp lý như bản giấy", "information": "Để biết, tham khảo"}
ALOUD = {"passed": "đạt", "failed": "không đạt", "warning": "cần xem xét"}
GOOD, BAD, OPEN = "Hợp lệ", "Không hợp lệ", "Chưa xác nhận được"


@dataclass(frozen=True)
class Said:
    """What the page must say of a document.

    Attributes:
        why: the reason beside the legal value.
        person, seal: what each signature is worth; "" where there is none.
    """

    why: str
    person: str = GOOD
    seal: str = GOOD


ALL_IS_WELL = Said("Chữ ký người có thẩm quyền và cơ quan đều hợp lệ.")
SAID = {
    "90": ALL_IS_WELL,
    "91": Said("Văn bản chưa được ký số.", "", ""),
    "92": Said(
        "Chữ ký của cơ quan: Chữ ký số này được đăng ký cho cơ quan khác (G22), không phải Ủy ban nhân dân Thành phố "
        "Hồ Chí Minh.", seal=BAD,
    ),
    "93": Said("Nội dung văn bản đã bị thay đổi sau khi ký.", BAD, BAD),
    "94": Said("Chữ ký của người có thẩm quyền: Chứng thư số đã bị thu hồi từ", BAD),
    "95": Said("Chữ ký của người có thẩm quyền: Chứng thư số đã hết hạn trước thời điểm ký.", BAD),
    "96": ALL_IS_WELL,
    "97": Said(
        "Chữ ký của cơ quan: Chứng thư số của cơ quan chưa được đăng ký trong danh bạ tại thời điểm ký.", seal=OPEN
    ),
    "98": Said(
        "Chữ ký của người có thẩm quyền: Người ký theo chứng thư số là “Đoàn Minh Khoa”, khác với người ký ghi trên văn "
        "bản là “Người Ký Nào Đó”.", BAD,
    ),
}  # fmt: skip
"""Number of the document → what its page says."""
PICTURED = ("91", "93", "97")
"""Of each kind of page one: without signatures, with bad ones, with one that nobody can confirm."""


class OtherSoftware:
    """The agency whose software is not ours, by the door of existing clients. It begins with what is signed with a
    certificate that is about to end."""

    def __init__(self, country: Country) -> None:
        self.agency = country.foreign
        self.client = JavaClient(country.address("hub"), foreign.ALIAS, country.foreign_secret)
        with self._apart() as signing:
            self.ending, self.end = signing.submit(self.agency.sign_before_the_end).result()

    def cases(self, sealed_by_another: bytes) -> tuple[Case, ...]:
        """Each way of being valid or not, once the certificate has ended."""
        with self._apart() as signing:
            foreign.await_end(self.end)
            return signing.submit(self.agency.cases, sealed_by_another, self.ending).result()

    def send(self, case: Case) -> None:
        """The hub takes it, whatever it is worth."""
        assert self.client.send_edoc(case.packet(), sender=foreign.ALIAS)["status"] == "OK"

    def send_what_is_changed_on_the_way(self, case: Case) -> None:
        """The hub notices, and refuses it."""
        packet = case.packet()
        answer = self.client.send_edoc(packet, sender=foreign.ALIAS, arriving=foreign.changed(packet))
        assert (answer["status"], answer["ErrorCode"]) == ("FAIL", "21"), answer

    @staticmethod
    def _apart() -> ThreadPoolExecutor:
        """What signs has a loop of its own, and a thread that drives a browser is in one already."""
        return ThreadPoolExecutor(1)


@dataclass
class Reader:
    """The clerk of the recipient, before the list and before each document.

    Attributes:
        links: where the list leads, by the number of the document.
    """

    window: Window
    links: dict[str, str] = field(default_factory=dict)

    def find_all(self, cases: tuple[Case, ...], absent: Case) -> None:
        """All have arrived, each with its worth, and what was changed on the way has not."""
        page = self.window.page
        page.goto(f"{self.window.base}/van-ban-den/")
        for case in cases:
            self.window.await_shown(self._row(case))
        for case in cases:
            expect(self._row(case).locator(".lv")).to_have_text(IN_LIST[case.legal])
            self.links[case.number] = f"{self.window.base}{self._row(case).get_by_role('link').get_attribute('href')}"
        expect(self._row(absent)).to_have_count(0)
        look(page, "day-34-judged-list")

    def read(self, case: Case) -> None:
        """The page says what the document is worth and why, what each check came to, and how each signature stands."""
        page, said = self.window.page, SAID[case.number]
        page.goto(self.links[case.number])
        expect(page.locator(".legal b")).to_have_text(ON_PAGE[case.legal])
        expect(page.locator(".legal .meta")).to_contain_text(said.why)
        for check, result in (("integrity", case.integrity), ("authenticity", case.authenticity)):
            line = page.locator(f"[data-check={check}]")
            expect(line.get_by_role("img")).to_have_accessible_name(ALOUD[result])
        for role, worth in (("person", said.person), ("agency", said.seal)):
            signature = page.locator(f".sig[data-role={role}]")
            expect(signature).to_have_count(1 if worth else 0)
            if worth and case.legal == "information":  # else the section is closed: there is nothing to be looked into
                expect(signature.locator("[data-worth]")).to_be_in_viewport()
                expect(signature.locator("[data-worth]")).to_have_text(worth)
        expect(page.locator("main")).to_contain_text(case.indication)
        if case.number in PICTURED:
            self.window.await_drawn()
            look(page, f"day-35-judged-{case.number}")

    def read_on(self, words: str) -> None:
        """Where all is well the signatures are one click away."""
        page = self.window.page
        page.locator("summary").filter(has_text="Chữ ký số").click()
        expect(page.locator(".sig[data-role=person]")).to_contain_text(words)
        expect(page.locator(".sig [data-worth]")).to_have_text([GOOD, GOOD])
        self.window.await_drawn()
        look(page, "day-36-ended-but-stamped")

    def _row(self, case: Case) -> Locator:
        return self.window.page.locator("tr[data-document]").filter(has_text=case.words)


def never_to_arrive(case: Case) -> Case:
    """Another document of the same agency, for what never arrives."""
    return replace(case, number="99", words="Gói tin bị đổi trên đường truyền")


def moment_of(within: Locator) -> datetime:
    """The time that a place of the page shows, to the fraction of a second."""
    return datetime.fromisoformat(within.locator("time").first.get_attribute("datetime") or "")
