"""«Hôm nay»: each role's first screen has what is theirs, and says so where there is nothing."""

import re

from lxml import html

from lienthong.office.outgoing import board
from lienthong.standards.statuses import StatusCode
from tests.service.office.conftest import Office, drafted, issued, now, press
from tests.service.office.test_outgoing import report

TO_MEND = "Ghi rõ thời hạn báo cáo."


def lists(office: Office, login: str) -> list[str]:
    """The kinds of what is listed on a person's first screen."""
    return re.findall(r'data-list="(\w+)"', office.client(login).get("/").content.decode())


def test_an_administrator_is_told_of_no_documents(office: Office) -> None:
    assert lists(office, "quan.tri") == []
    page = office.client("quan.tri").get("/").content.decode()
    assert "Không có việc quản trị nào đang chờ" in page
    assert "Quản trị không xem văn bản." in page
    assert lists(office, "van.thu") == ["in", "out", "task", "paper"]
    assert lists(office, "chuyen.vien") == ["in", "out", "task"]


def test_an_administrator_is_led_to_no_list_of_documents(office: Office) -> None:
    def led(login: str) -> set[str]:
        page = html.fromstring(office.client(login).get("/").content)
        return {"/van-ban-den/", "/van-ban-di/", "/theo-doi/"} & set(page.xpath("//nav//a/@href"))

    assert led("quan.tri") == set()
    assert led("truong.dv") == led("van.thu") == {"/van-ban-den/", "/van-ban-di/", "/theo-doi/"}


def test_what_was_given_back_says_why_until_it_is_handed_in_again(office: Office) -> None:
    document = drafted(office)
    place = f"/van-ban-di/{document.pk}/"

    def said() -> str:
        page = office.client("chuyen.vien").get(place).content.decode()
        found = re.search(r"data-returned>(.*?)</div>\s*</div>", page, re.DOTALL)
        return found[1] if found else ""

    assert said() == ""
    press(office, "chuyen.vien", document, "submit")
    assert press(office, "truong.dv", document, "give_back", note=TO_MEND) == ""
    assert document.state == "draft"
    assert TO_MEND in said()
    assert office["truong.dv"].full_name in said()
    press(office, "chuyen.vien", document, "submit")
    assert said() == ""


def test_what_a_recipient_refused_is_the_next_thing_where_nothing_else_waits(office: Office) -> None:
    document = issued(office)
    home = html.fromstring(office.client("van.thu").get("/").content)
    assert not home.xpath("//*[contains(@class, 'next')]//a[@data-main]")
    board.apply_status(report(document, StatusCode.REFUSED, text="MISSING_FILE: Thiếu phụ lục"), document, at=now())
    home = html.fromstring(office.client("van.thu").get("/").content)
    (following,) = home.xpath("//section[contains(@class, 'next')]")
    assert document.subject in following.text_content()
    assert "Từ chối tiếp nhận" in following.text_content()
    assert following.xpath(".//a[@data-main]/@href") == [f"/van-ban-di/{document.pk}/#gui-nhan"]
    assert len(home.xpath("//*[contains(@class, 'btn-primary')]")) == 1
