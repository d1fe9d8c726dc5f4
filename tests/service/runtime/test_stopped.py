"""What the framework itself answers — no such address, an old form, a page that broke — is a page of ours that says
what to do next, in both languages."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from lxml import html

from tests.service.office.test_languages import foreign

HUB, OFFICE = "lienthong.runtime.urls_hub", "lienthong.runtime.urls_office"


EVERY_TEMPLATE = """
import django
django.setup()
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
names = {str(file.relative_to(folder)) for folder in get_app_template_dirs("templates") if "lienthong" in str(folder)
    for file in folder.rglob("*.html")}
for name in names:
    get_template(name)
print(len(names))
"""


def break_down(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("so-bi-mat-4711")


urlpatterns = [path("hong/", break_down), path("", include(OFFICE))]


def problem(page: bytes) -> str:
    return str(html.fromstring(page.decode()).find(".//main").get("data-problem"))


@pytest.mark.django_db
@pytest.mark.parametrize("routes", [HUB, OFFICE])
def test_an_unknown_address(settings: Any, routes: str) -> None:
    settings.ROOT_URLCONF = routes
    client = Client()
    answer = client.get("/khong/co/<b>gi</b>/")
    assert (answer.status_code, problem(answer.content)) == (404, "unknown_place")
    assert "mở lại từ trang đầu" in answer.content.decode()
    assert b"<b>" not in answer.content
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/khong/co/").content.decode()
    assert "begin again from the first page" in page
    assert foreign(page, []) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("routes", "place"), [(HUB, "/console/ngon-ngu/"), (OFFICE, "/ngon-ngu/")])
def test_the_address_of_a_form_opened_as_a_page(settings: Any, routes: str, place: str) -> None:
    settings.ROOT_URLCONF = routes
    client = Client()
    answer = client.get(place)
    assert (answer.status_code, answer["Allow"], problem(answer.content)) == (405, "POST", "wrong_method")
    assert "Không có gì được ghi." in answer.content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(place).content.decode()
    assert "Nothing was written." in page
    assert foreign(page, []) == []


@pytest.mark.django_db
def test_the_first_page_of_a_hub_is_its_console(settings: Any) -> None:
    settings.ROOT_URLCONF = HUB
    assert Client().get("/")["Location"] == "/console/"


@pytest.mark.law("SEC-6")
@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("vi", "tải lại trang rồi gửi lần nữa"), ("en", "send it again")])
def test_a_form_from_before_the_latest_signing_in(settings: Any, language: str, words: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.get("/dang-nhap/")
    answer = client.post("/dang-nhap/", {"csrfmiddlewaretoken": "a" * 64})
    assert (answer.status_code, problem(answer.content)) == (403, "stale_form")
    assert words in " ".join(answer.content.decode().split())


@pytest.mark.django_db
def test_a_name_of_the_machine_that_nobody_declared() -> None:
    answer = Client(headers={"host": "elsewhere.example"}).get("/dang-nhap/")
    assert (answer.status_code, problem(answer.content)) == (400, "bad_request")
    assert b"elsewhere" not in answer.content


@pytest.mark.django_db
def test_a_page_that_broke_says_why_only_to_the_log(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.ROOT_URLCONF = __name__
    answer = Client(raise_request_exception=False).get("/hong/")
    assert (answer.status_code, problem(answer.content)) == (500, "internal_error")
    assert b"4711" not in answer.content
    assert [str(line.exc_info[1]) for line in caplog.records if line.exc_info] == ["so-bi-mat-4711"]
    for words in ("Tải lại sau ít phút", "Reload it in a few minutes"):
        assert words in answer.content.decode()


@pytest.mark.parametrize("service", ["hub", "office"])
def test_a_service_has_all_that_its_pages_load(service: str, tmp_path: Path) -> None:
    """Under test both services stand in one process, and each could borrow from the other."""
    told = {
        "DJANGO_SETTINGS_MODULE": f"lienthong.runtime.django.{service}",
        "LIENTHONG_SERVICE": service,
        "LIENTHONG_DATA": str(tmp_path),
        "LIENTHONG_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = subprocess.run([sys.executable, "-c", EVERY_TEMPLATE], env=os.environ | told, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-600:]
    assert int(done.stdout) > 20
