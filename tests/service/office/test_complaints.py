"""Small things that users of other systems complain of, and that cannot happen here."""

import re

import pytest
from django.utils.html import strip_tags
from lxml import html

from tests.service.office.conftest import Office

LEVELS = ["Khẩn", "Thượng khẩn", "Hỏa tốc"]


@pytest.mark.law("C-8")
@pytest.mark.parametrize(
    ("login", "place", "field"),
    [
        ("chuyen.vien", "/van-ban-di/soan/", "urgency"),
        ("van.thu", "/van-ban-den/dang-ky/", "urgency"),
        ("van.thu", "/tra-cuu/", "khan"),
    ],
)
def test_every_list_of_urgencies_has_all_three(office: Office, login: str, place: str, field: str) -> None:
    page = html.fromstring(office.client(login).get(place).content)
    offered = [strip_tags(one.text_content()).strip() for one in page.xpath(f"//select[@name='{field}']/option")]
    assert [one for one in offered if one in LEVELS] in (LEVELS, LEVELS[::-1])


@pytest.mark.law("C-9", "SEC-3")
def test_a_reset_makes_a_password_that_nobody_knows_and_for_one_use(office: Office) -> None:
    person, given = office["chuyen.vien"], []
    for _ in range(2):
        page = office.client("quan.tri").post(
            f"/can-bo/{person.pk}/",
            {"act": "reset", "reason": "Quên mật khẩu, đã kiểm tra", "authority": "Chánh Văn phòng"},
        )
        given.append(html.fromstring(page.content).xpath("//*[@data-password]")[0].text_content().strip())
    assert given[0] != given[1]
    assert all(len(one) >= 14 and not re.search(person.user.username, one) for one in given)
    person.user.refresh_from_db()
    assert person.user.check_password(given[1])
    assert not person.user.check_password(given[0])
