"""Every route with every role, and with people who must not pass: a new route cannot be forgotten here, for the list of
routes is the URL configuration itself."""

from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lienthong.journal.models import Event
from lienthong.office.models import CertificateRequest, IncomingDocument, OutgoingDocument, Recipient, SigningKey
from lienthong.office.people import access, setup
from lienthong.office.web import certificate_requests as request_pages
from lienthong.office.web import certificates as certificate_pages
from lienthong.office.web import incoming as incoming_pages
from lienthong.office.web import outgoing as outgoing_pages
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, drafted, install, issued, now
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
                    path = path.replace(f"<int:{name}>", "1").replace("<str:kind>", "pdf")
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


OUT = {
    "submit": {"chuyen.vien"}, "check_content": {"truong.dv"}, "check_presentation": {"the.thuc"},
    "give_back": {"truong.dv", "the.thuc", "lanh.dao", "van.thu"}, "comment": {"truong.dv", "the.thuc", "lanh.dao"},
    "hand_down": {"truong.dv"}, "approve": {"lanh.dao"}, "approve_and_sign": {"lanh.dao"},
    "sign": {"lanh.dao"}, "number": {"van.thu"}, "sub_number": {"van.thu"}, "number_and_seal": {"van.thu"}, "seal": {"van.thu"},
    "issue": {"van.thu"}, "enclose": {"chuyen.vien", "van.thu"}, "remove_enclosure": {"chuyen.vien"},
    "paper": {"van.thu"}, "paper_sent": {"van.thu"}, "paper_dropped": {"van.thu"}, "send_again": {"van.thu"}, "recall": {"van.thu", "lanh.dao"}, "void": {"van.thu"},
    "update": {"van.thu"},
}  # fmt: skip
IN = {
    "accept": {"van.thu"}, "origin": {"van.thu"}, "refuse": {"van.thu"}, "instruct": {"lanh.dao"}, "hand": {"truong.dv"},
    "start": {"chuyen.vien"}, "contribute": {"chuyen.vien"}, "finish": {"chuyen.vien"}, "obey": {"van.thu"},
    "decline": {"van.thu", "lanh.dao"}, "agree": {"van.thu"}, "decline_change": {"van.thu", "lanh.dao"},
}  # fmt: skip
"""Act → who may ever do it, of the people of G22; whether it is the moment for it is another question."""


def test_the_table_of_acts_is_whole() -> None:
    assert set(OUT) == set(outgoing_pages.ACTS)
    assert set(IN) == set(incoming_pages.ACTS)


@pytest.mark.law("SEC-6", "SEC-5")
def test_nobody_does_what_is_anothers_to_do(world: tuple[Office, Office]) -> None:
    """Every act on every document by everybody who may not: refused, and nothing is changed or journaled."""
    office, other = world
    colleague = setup.install_person(
        office.organization, login="th.g22", name="Người Đơn Vị Khác", password="x", at=now()
    )
    setup.install_post(colleague, office.units["TH"], "specialist", position="Chuyên viên", since=now().date())
    clients = {login: office.client(login) for login in SEES}
    clients |= {
        "another unit": Client(),
        **{f"{login} of H41": other.client(login) for login in ("van.thu", "lanh.dao")},
    }
    clients["another unit"].force_login(colleague.user)
    said = {"pin": PIN, "note": "x" * 20, "reason": "x" * 20, "text": "x" * 20, "authority": "x", "outcome": "x"}
    said |= {"origin": "digital", "recipient": str(Recipient.objects.latest("pk").pk), "incomplete": "x" * 20}
    before = (Event.objects.count(), states())
    refuse_the_acts_on_certificates(office, clients)
    for kind, acts in (("van-ban-di", OUT), ("van-ban-den", IN)):
        rows = OutgoingDocument.objects.all() if acts is OUT else IncomingDocument.objects.all()
        for (act, doers), row in product(acts.items(), rows):
            for who in set(clients) - doers:
                answer = clients[who].post(f"/{kind}/{row.pk}/", {"act": act, **said})
                assert answer.status_code in (403, 404, 409, 422), (who, act, answer.status_code)
    assert (Event.objects.count(), states()) == before


ON_CERTIFICATES = {
    ("", "register"): {"quan.tri"},
    ("", "ask"): {"quan.tri", "van.thu"},
    ("certificate", "ask"): {"quan.tri", "van.thu"},
    ("certificate", "hand_over"): {"quan.tri", "lanh.dao"},
    ("request", "approve"): {"lanh.dao"}, ("request", "refuse"): {"lanh.dao"},
    ("request", "send"): {"quan.tri"}, ("request", "receive"): {"quan.tri"},
}  # fmt: skip
"""Place and act → who may ever do it, about the agency's seal."""


def test_the_table_of_acts_on_certificates_is_whole() -> None:
    pages = {"": certificate_pages.ACTS, "certificate": certificate_pages.ACTS_ON_ONE, "request": request_pages.ACTS}
    assert set(ON_CERTIFICATES) == {(place, act) for place, acts in pages.items() for act in acts}


def refuse_the_acts_on_certificates(office: Office, clients: dict[str, Client]) -> None:
    key = SigningKey.objects.get(organization=office.organization)
    asked = CertificateRequest.objects.create(
        organization=office.organization,
        kind="renew",
        key=key,
        reason="x" * 20,
        filed_by=office["quan.tri"],
        filed_at=now(),
    )
    places = {"": "/chung-thu/", "certificate": f"/chung-thu/{key.pk}/", "request": f"/chung-thu/de-nghi/{asked.pk}/"}
    said = {
        "owner": "co-quan", "kind": "new", "reason": "x" * 20, "taken_by": str(office["van.thu"].pk), "basis": "x",
        "minutes": "x", "handed_at": "2026-11-02T08:00", "sent_on": "2026-11-02", "reference": "x",
    }  # fmt: skip
    for (place, act), doers in ON_CERTIFICATES.items():
        for who in set(clients) - doers:
            if place == "" and act == "ask" and who.endswith("of H41"):
                continue  # asks for their own agency
            answer = clients[who].post(places[place], {"act": act, **said})
            assert answer.status_code in (403, 404), (who, place, act, answer.status_code)
    asked.refresh_from_db()
    assert asked.state == "filed"


def states() -> list[str]:
    rows = [*OutgoingDocument.objects.order_by("pk"), *IncomingDocument.objects.order_by("pk")]
    return [row.state for row in rows]


def test_every_page_says_what_a_browser_may_load(world: tuple[Office, Office]) -> None:
    office, _ = world
    clerk = office.client("van.thu")
    for name in (
        "", "van-ban-den/", "van-ban-di/", "theo-doi/", "so-van-ban/", "so-van-ban/den/", "so-van-ban/ban-sao/",
        "nguoi-ky-ban-sao/", "thong-bao/", "chung-thu/",
    ):  # fmt: skip
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
