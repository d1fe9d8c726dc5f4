"""The catalogue of refusals is served and true; what may succeed later says when."""

from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from django.db import OperationalError
from django.test import Client

from lienthong.hub import lists
from lienthong.hub.http import edge, vxp
from lienthong.hub.http.native import DESCRIBED
from lienthong.protocol import problems
from lienthong.protocol.problems import SAID_BY_HUBS, Problem
from lienthong.runtime import web
from tests import errors
from tests.service.hub.conftest import Country

LATER = [kind for kind in SAID_BY_HUBS if kind.status in (423, 429) or kind.status >= 500]


def test_the_page_is_what_the_code_says() -> None:
    assert errors.PAGE.read_text(encoding="utf-8") == errors.page()


def test_the_catalogue_is_given_to_everybody(country: Country) -> None:
    told = httpx.get(f"{country.url}/api/v1/problems").json()["problems"]
    assert [one["code"] for one in told] == [kind.code for kind in SAID_BY_HUBS]
    by_code = {one["code"]: one for one in told}
    assert "POST /packets" in by_code["twin_document"]["routes"]
    assert by_code["closed_agency"]["routes"] == []  # only the other door registers agencies
    assert len(by_code["internal_error"]["routes"]) >= len(DESCRIBED)


def test_a_type_leads_to_a_page_in_both_languages(country: Country, settings: Any) -> None:
    settings.LIENTHONG = settings.LIENTHONG.at(public_url=country.url)
    refusal = httpx.get(f"{country.url}/api/v1/inbox").json()
    assert refusal["type"] == f"{country.url}/problems/unauthenticated"
    page = httpx.get(refusal["type"])
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    kind = problems.Unauthenticated
    for words in (kind.next_vi, kind.next_en, "GET /inbox", "401"):
        assert words in page.text.replace("&#x27;", "'")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SAID_BY_HUBS, ids=lambda kind: kind.code)
def test_every_code_has_its_page(kind: type[Problem]) -> None:
    assert Client().get(f"/problems/{kind.code}").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("vi", "Cách xử lý"), ("en", "What to do next")])
def test_the_pages_speak_both_languages(settings: Any, language: str, words: str) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert words in client.get("/problems/").content.decode()
    missing = client.get("/problems/no_such_code")
    assert missing.status_code == 404
    assert words in missing.content.decode()


@pytest.mark.parametrize("kind", LATER, ids=lambda kind: kind.code)
def test_what_may_succeed_later_says_when(kind: type[Problem]) -> None:
    assert kind.retryable
    for problem, seconds in ((kind(), str(edge.RETRY_SECONDS)), (kind(retry_after=17), "17")):
        assert edge.said(problem).headers["Retry-After"] == seconds
        for act in (vxp.send_edoc, vxp.download_edoc):
            assert vxp.refuse(act, problem).headers["Retry-After"] == seconds


@pytest.mark.parametrize("kind", [kind for kind in SAID_BY_HUBS if kind not in LATER], ids=lambda kind: kind.code)
def test_what_must_be_mended_does_not(kind: type[Problem]) -> None:
    assert "Retry-After" not in edge.said(kind(size=1, allowed="GET")).headers


def test_a_hub_without_its_database_says_when(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("away")

    bearer = country.native("H41")._bearer()
    monkeypatch.setattr(lists, "changes", away)
    monkeypatch.setattr(web, "connection", SimpleNamespace(cursor=away, close=lambda: None))
    for place in ("/readyz", "/api/v1/changes"):
        answer = httpx.get(country.url + place, headers=bearer, timeout=20)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), place
    assert httpx.get(f"{country.url}/healthz").json()["status"] == "ok", "the process itself is well"
