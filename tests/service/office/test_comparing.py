"""Two versions of a draft stand side by side, with what the later one says otherwise (Decree 30, 10.3)."""

import pytest

from tests.service.office.conftest import Office, drafted
from tests.service.office.test_law_outgoing import draft_form, opened


def rows(page: str) -> str:
    return " ".join(page.split())


@pytest.mark.law("D30-10-2", "AVI-5a")
def test_what_a_mended_version_says_otherwise_is_seen_beside_what_it_said(office: Office) -> None:
    document = drafted(office)
    assert "data-compare" not in opened(office, "chuyen.vien", document)  # there is one version
    place = f"/van-ban-di/{document.pk}/so-sanh/"
    assert "chỉ có một bản dự thảo" in office.client("chuyen.vien").get(place).content.decode()
    form = draft_form(
        office, type="Quyết định", subject="Về việc ban hành Quy chế", addressees="",
        body="Căn cứ Quyết định số 28/2018/QĐ-TTg;\nĐiều 1. Ban hành Quy chế mẫu.\nĐiều 2. Hiệu lực kể từ ngày ký./.",
    )  # fmt: skip
    assert office.client("chuyen.vien").post(f"/van-ban-di/{document.pk}/soan/", form).status_code == 302
    assert "data-compare" in opened(office, "chuyen.vien", document)
    page = rows(office.client("truong.dv").get(place).content.decode())
    assert "data-changed" in page
    assert "<del>Ban hành Quy chế.</del>" in page
    assert "<ins>Ban hành Quy chế mẫu.</ins>" in page
    assert "<del>Căn cứ" not in page
    same = office.client("chuyen.vien").get(place, {"truoc": "2", "sau": "2"}).content.decode()
    assert "data-changed" in same  # of one version nothing can be said: the newest two are shown
    assert office.client("van.thu").get(place).status_code == 404
