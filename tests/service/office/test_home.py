"""«Hôm nay»: each role's first screen has what is theirs, and says so where there is nothing."""

import re

from tests.service.office.conftest import Office, drafted, press

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
