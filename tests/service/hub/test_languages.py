"""The hub's console in both languages."""

import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from lxml import html

from tests.service.hub.conftest import NAMES, Country, make_document, submit
from tests.service.office.test_languages import foreign


def test_the_console_in_english(country: Country) -> None:
    document = make_document()
    submit(country.native("G22"), document)
    operator = Client()
    operator.force_login(get_user_model().objects.create_user("van.hanh", is_staff=True))
    assert html.fromstring(operator.get("/console/").content.decode()).get("lang") == "vi"
    answer = operator.post("/console/ngon-ngu/", {"language": "en", "next": "/console/"})
    assert answer["Location"] == "/console/"
    page = operator.get("/console/").content.decode()
    assert html.fromstring(page).get("lang") == "en"
    assert foreign(page, [document.printed_number, *NAMES.values()]) == []
    assert "Waits for the recipient" in page
    assert re.search(r"\d\d:\d\d:\d\d \d{1,2} [A-Z][a-z]{2} \d{4}", page)
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
