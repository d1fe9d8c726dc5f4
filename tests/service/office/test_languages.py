"""The language of the pages: Vietnamese until someone asks for English, and then English to the last word."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from lxml import html

from lienthong.office.models import IncomingDocument, OutgoingDocument, RequestKind, SigningKey
from lienthong.office.people import certificate_requests, custody, expiry, keys
from lienthong.office.people.custody import HandOver
from tests.service.office.conftest import Office, drafted, issued, now
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived

LETTERS = re.compile("[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]", re.IGNORECASE)
LISTS = [
    "/",
    "/van-ban-den/?muc=tat-ca",
    "/van-ban-di/?muc=tat-ca",
    "/theo-doi/",
    "/so-van-ban/",
    "/so-van-ban/den/",
    "/thong-bao/",
    "/chung-thu/?muc=tat-ca",
    "/chung-thu/de-nghi/",
]
PEOPLE = ["van.thu", "lanh.dao", "chuyen.vien", "quan.tri"]


def english(client: Client) -> Client:
    client.post("/ngon-ngu/", {"language": "en", "next": "/"})
    return client


def texts(of: Any) -> Iterator[str]:
    """All strings in a stored value."""
    if isinstance(of, str):
        yield of
        yield from of.splitlines()
    elif isinstance(of, dict):
        for one in of.values():
            yield from texts(one)
    elif isinstance(of, list | tuple):
        for one in of:
            yield from texts(one)


def data() -> list[str]:
    """What people and other agencies wrote, as the database holds it; the longest first."""
    found: set[str] = set()
    for app in ("office", "journal"):
        for model in apps.get_app_config(app).get_models():
            for row in model._default_manager.values():
                found.update(" ".join(text.split()) for text in texts(row) if LETTERS.search(text))
    return sorted(found, key=len, reverse=True)


def foreign(page: str, known: list[str]) -> list[str]:
    """Vietnamese words of a page, but for data and for what is marked as Vietnamese."""
    root = html.fromstring(page)
    for marked in root.xpath("//*[@lang='vi'][not(self::html)]|//script"):
        marked.drop_tree()
    said = [*root.itertext(), *root.xpath("//@aria-label|//@placeholder|//@title|//@data-words|//@alt")]
    left = []
    for text in (" ".join(one.split()) for one in said):
        for piece in known:
            text = text.replace(piece, "")
        if LETTERS.search(text):
            left.append(text)
    return left


def places(office: Office) -> list[str]:
    drafted(office)
    issued(office)
    arrived(MemoryHub(), LETTER)
    found = [f"/van-ban-di/{one.pk}/" for one in OutgoingDocument.objects.all()]
    found += [f"/van-ban-den/{one.pk}/" for one in IncomingDocument.objects.all()]
    return [*LISTS, *found, *of_certificates(office), "/van-ban-di/soan/"]


def of_certificates(office: Office) -> list[str]:
    """A seal that ends soon, with its custody and a request; what the worker tells of it rings as well."""
    seal, clerk, leader = keys.seal_of(office.organization), office["van.thu"], office["lanh.dao"]
    papers = HandOver(given_by=None, taken_by=clerk, handed_at=now(), basis="Quyết định số 12", minutes="Biên bản số 5")
    custody.hand_over(seal, papers, actor=leader, at=now())
    wish = certificate_requests.Wish(RequestKind.RENEW, office.organization, seal, "Chứng thư số sắp hết hạn")
    one = certificate_requests.file(wish, actor=clerk, at=now())
    certificate_requests.approve(one, actor=leader, at=now())
    SigningKey.objects.filter(pk=seal.pk).update(valid_to=now() + timedelta(days=20))
    expiry.warn(office.organization, at=now())
    return [f"/chung-thu/{seal.pk}/", f"/chung-thu/de-nghi/{one.pk}/"]


def test_english_pages_speak_english_only(office: Office) -> None:
    pages, known, seen = places(office), data(), 0
    for login in PEOPLE:
        client = english(office.client(login))
        for place in pages:
            answer = client.get(place)
            page = answer.content.decode()
            assert html.fromstring(page).get("lang") == "en"
            assert foreign(page, known) == [], (login, place)
            seen += answer.status_code == 200
    assert seen > 2 * len(LISTS)
    door = english(Client())
    for answer in (door.get("/dang-nhap/"), door.post("/dang-nhap/", {"username": "ai", "password": "sai"})):
        assert foreign(answer.content.decode(), known) == []


ENGLISH = re.compile(r"\b(?:the|and|of|to|Incoming|Outgoing|Sent|Issued|Today|Sign|Recipients)\b")


def test_vietnamese_pages_leave_nothing_in_english(office: Office) -> None:
    pages = places(office)
    for login in PEOPLE:
        client = office.client(login)
        for place in pages:
            root = html.fromstring(client.get(place).content.decode())
            assert root.get("lang") == "vi"
            for marked in root.xpath("//*[@lang='en']|//script"):
                marked.drop_tree()
            said = [*root.itertext(), *root.xpath("//@aria-label|//@placeholder|//@data-words")]
            assert [text for text in said if ENGLISH.search(text)] == [], (login, place)


def test_a_refusal_is_told_in_the_language_chosen(office: Office) -> None:
    clerk = office.client("van.thu")
    assert "Không có văn bản này" in clerk.get("/van-ban-den/999/").content.decode()
    told = english(clerk).get("/van-ban-den/999/").content.decode()
    assert "There is no such document" in told
    assert foreign(told, data()) == []


def test_english_is_one_click_away_and_so_is_the_way_back(office: Office) -> None:
    client = office.client("van.thu")
    form = html.fromstring(client.get("/theo-doi/").content.decode()).xpath("//form[@action='/ngon-ngu/']")[0]
    assert form.xpath(".//button/@value") == ["en"]
    answer = client.post("/ngon-ngu/", {"language": "en", "next": form.xpath(".//input[@name='next']/@value")[0]})
    assert answer["Location"] == "/theo-doi/"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")
    page = html.fromstring(client.get("/theo-doi/").content.decode())
    assert page.xpath("//h1/text()") == ["Tracking"]
    assert page.xpath("//form[@action='/ngon-ngu/']//button/@value") == ["vi"]
    client.post("/ngon-ngu/", {"language": "vi", "next": "/"})
    assert "Theo dõi gửi" in client.get("/theo-doi/").content.decode()


@pytest.mark.django_db
def test_a_browser_that_prefers_english_is_answered_in_vietnamese() -> None:
    answer = Client().get("/dang-nhap/", headers={"accept-language": "en-US,en"})
    assert answer["Content-Language"] == "vi"
    assert "Đăng nhập" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.law("SEC-6")
@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_switch_leads_nowhere_else(wanted: str) -> None:
    answer = Client().post(
        "/ngon-ngu/", {"language": "en", "next": wanted}, headers={"referer": "https://evil.example/"}
    )
    assert "evil" not in answer.get("Location", "")
    assert "javascript" not in answer.get("Location", "")


@pytest.mark.django_db
@pytest.mark.law("SEC-6")
def test_the_switch_needs_the_token_and_a_post() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/ngon-ngu/", {"language": "en"}).status_code == 403
    assert strict.get("/ngon-ngu/").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "xx", "", "en'"])
def test_an_unknown_language_is_vietnamese(language: str) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert client.get("/dang-nhap/")["Content-Language"] == "vi"


def test_a_notice_is_told_in_the_language_of_who_reads_it(office: Office) -> None:
    arrived(MemoryHub(), LETTER)
    clerk = office.client("van.thu")
    assert "Văn bản đến " in html.fromstring(clerk.get("/thong-bao/").content.decode()).xpath("string(//td/a)")
    told = html.fromstring(english(clerk).get("/thong-bao/").content.decode()).xpath("string(//td/a)")
    assert "Incoming " in told
    assert "Văn bản đến" not in told
