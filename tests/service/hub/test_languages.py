"""The hub's console in both languages."""

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from tests.service.hub.conftest import NAMES, Country, make_document, submit
from tests.service.hub.people import sit_down
from tests.service.office.test_languages import foreign


def test_the_console_in_english(country: Country) -> None:
    document = make_document()
    submit(country.native("G22"), document)
    operator = sit_down()
    assert html.fromstring(operator.get("/console/van-ban/").content.decode()).get("lang") == "vi"
    answer = operator.post("/console/ngon-ngu/", {"language": "en", "next": "/console/van-ban/"})
    assert answer["Location"] == "/console/van-ban/"
    page = operator.get("/console/van-ban/").content.decode()
    assert html.fromstring(page).get("lang") == "en"
    assert foreign(page, [document.printed_number, *NAMES.values()]) == []
    assert "Waits for the recipient" in page
    operator.logout()
    operator.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for door in (operator.get("/console/dang-nhap/"), operator.post("/console/dang-nhap/", {"username": "x"})):
        assert foreign(door.content.decode(), []) == []


@pytest.mark.law("SEC-6")
@pytest.mark.django_db
def test_the_switch_needs_the_token_and_leads_nowhere_else() -> None:
    assert Client(enforce_csrf_checks=True).post("/console/ngon-ngu/", {"language": "en"}).status_code == 403
    assert Client().get("/console/ngon-ngu/").status_code == 405
    answer = Client().post("/console/ngon-ngu/", {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in answer.get("Location", "")
