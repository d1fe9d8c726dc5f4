"""Every route with every role, and with people who must not pass: a new route cannot be forgotten here, for the list of
routes is the URL configuration itself."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lienthong.office.models import IncomingDocument, OutgoingDocument
from lienthong.office.people import access
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, drafted, install, issued
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived

OPEN = {"office:signin", "office:signout", "office:language", "healthz", "readyz", "metrics"}
"""Routes that ask for nobody: signing in and out, the language, and the process's health (metrics: this machine only)."""


def routes() -> dict[str, str]:
    """Name of each route → its path with the placeholders filled by 1."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], prefix: str, space: str) -> None:
        for one in patterns:
            path = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, path, f"{one.namespace}:" if one.namespace else space)
            else:
                for name in ("pk", "ordinal", "file_pk", "enclosure_pk"):
                    path = path.replace(f"<int:{name}>", "1")
                found[f"{space}{one.name}"] = "/" + path

    walk(get_resolver("lienthong.runtime.urls_office").url_patterns, "", "")
    return found


@pytest.mark.law("SEC-6")
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(routes()) - OPEN))
def test_nobody_passes_without_signing_in(name: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(routes()[name])
        assert answer.status_code == 302, (name, method)
        assert answer["Location"].startswith("/dang-nhap/")


@pytest.fixture
def world(office: Office, authority: TestAuthority, tmp_path) -> tuple[Office, Office]:  # type: ignore[no-untyped-def]
    """G22 with a draft, an issued document and an arrived one; and another agency in the same installation."""
    drafted(office)
    issued(office)
    arrived(MemoryHub(), LETTER)
    return office, install(H41, authority, tmp_path)


def document_routes() -> list[tuple[str, str]]:
    out = OutgoingDocument.objects.order_by("pk")
    arrived_one = IncomingDocument.objects.get()
    draft_version = out[0].versions.get()
    return [
        ("draft", f"/van-ban-di/{out[0].pk}/"),
        ("draft", f"/van-ban-di/{out[0].pk}/ban/{draft_version.ordinal}/"),
        ("issued", f"/van-ban-di/{out[1].pk}/"),
        ("issued", f"/van-ban-di/{out[1].pk}/ban/1/"),
        ("arrived", f"/van-ban-den/{arrived_one.pk}/"),
        ("arrived", f"/van-ban-den/{arrived_one.pk}/tep/{arrived_one.files.get().pk}/"),
    ]


SEES = {
    "chuyen.vien": {"draft", "issued"},
    "truong.dv": {"draft", "issued"},
    "the.thuc": {"issued"},
    "lanh.dao": {"issued", "arrived"},
    "van.thu": {"issued", "arrived"},
    "kiem.tra": {"issued"},
    "quan.tri": set(),
}


@pytest.mark.law("SEC-6", "SEC-5")
def test_each_role_sees_its_own_and_a_stranger_nothing(world: tuple[Office, Office]) -> None:
    office, other = world
    for login, sees in SEES.items():
        client = office.client(login)
        for kind, path in document_routes():
            answer = client.get(path)
            answer.close()
            assert answer.status_code == (200 if kind in sees else 404), (login, path)
    for login in ("van.thu", "lanh.dao", "truong.dv", "chuyen.vien", "quan.tri"):
        client = other.client(login)
        for _, path in document_routes():
            assert client.get(path).status_code == 404, (login, path)
            assert client.post(path, {"act": "accept"}).status_code in (404, 405), (login, path)


@pytest.mark.law("SEC-6")
@pytest.mark.parametrize(
    "act", ["accept", "refuse", "instruct", "finish", "obey", "submit", "sign", "seal", "issue", "recall", "void"]
)
def test_an_act_is_refused_by_name_to_who_may_see_but_not_do(world: tuple[Office, Office], act: str) -> None:
    office, _ = world
    auditor = office.client("kiem.tra")
    issued_one = OutgoingDocument.objects.get(state="issued")
    answer = auditor.post(
        f"/van-ban-di/{issued_one.pk}/",
        {"act": act, "pin": "1", "reason": "x" * 20, "authority": "x", "recipient": "1"},
    )
    assert answer.status_code in (403, 404, 409, 422)
    issued_one.refresh_from_db()
    assert issued_one.state == "issued"


def test_every_page_says_what_a_browser_may_load(world: tuple[Office, Office]) -> None:
    office, _ = world
    clerk = office.client("van.thu")
    for name in ("", "van-ban-den/", "van-ban-di/", "theo-doi/", "so-van-ban/", "thong-bao/"):
        answer = clerk.get(f"/{name}")
        assert answer.status_code == 200, name
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"
        assert b"style=" not in answer.content


@pytest.mark.law("SEC-2")
def test_who_fails_too_often_waits(office: Office) -> None:
    person = office["van.thu"]
    person.user.set_password("đúng-mật-khẩu-dài")
    person.user.save()
    form = {"username": "van.thu.g22", "password": "sai"}
    for _ in range(5):
        assert Client().post("/dang-nhap/", form).status_code == 401
    right = {**form, "password": "đúng-mật-khẩu-dài"}
    answer = Client().post("/dang-nhap/", right)
    assert answer.status_code == 401
    assert "tạm khóa" in answer.content.decode()


def test_no_view_fetches_documents_past_the_access_rules() -> None:
    from pathlib import Path

    web = Path(access.__file__).parents[1] / "web"
    for file in web.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        assert "IncomingDocument.objects" not in source, file
        assert "OutgoingDocument.objects" not in source, file
