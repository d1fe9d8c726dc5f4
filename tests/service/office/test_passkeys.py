"""Keys as a second step, in a real browser with an authenticator of its own: added, asked, removed; and every answer
that does not hold."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from html import unescape
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from fido2.cose import ES256, CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from playwright.sync_api import CDPSession, Page

from lienthong.journal.models import Event
from lienthong.office.models import Notice, Passkey, Person, SecondFactor
from lienthong.office.people import passkeys, second_factor
from tests import pictures
from tests.browser import DESK, chromium
from tests.doors import ENTERED
from tests.service.office.conftest import Office, now
from tests.service.office.test_second_factor import Phone, door, enrol

OWN = "/hai-buoc/"


@pytest.fixture
def server(office: Office, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The office under a name, as keys need it."""
    url = str(live_server.url).replace("127.0.0.1", "localhost")
    monkeypatch.setattr(settings, "LIENTHONG", replace(settings.LIENTHONG, public_url=url))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # a browser that is driven has a loop of its own
    return url


@contextmanager
def window(url: str, held: Client | None = None) -> Iterator[tuple[Page, CDPSession]]:
    """A browser with a security key in it; signed in, where `held` is."""
    sys.audit(ENTERED)
    with chromium() as browser:
        page = browser.new_page(viewport=DESK, locale="vi-VN")  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        if held is not None:
            cookie = held.cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        wire = page.context.new_cdp_session(page)
        wire.send("WebAuthn.enable")
        yield page, wire


def plug_in(wire: CDPSession) -> str:
    made = wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    return str(made["authenticatorId"])


def add(page: Page, url: str, name: str, *, code: str = "") -> None:
    page.goto(f"{url}{OWN}")
    page.get_by_label("Tên khóa").fill(name)
    if code:
        page.locator("[data-keys]").get_by_label("Mã xác thực hoặc mã dự phòng").fill(code)
    page.get_by_role("button", name="Thêm khóa").click()


def half_way(page: Page, url: str, person: Person) -> None:
    """The password is given."""
    page.goto(f"{url}/dang-nhap/?next=/van-ban-di/")
    page.get_by_label("Tên đăng nhập").fill(person.user.get_username())
    page.get_by_label("Mật khẩu").fill("x")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="Dùng khóa bảo mật").wait_for()


@pytest.mark.law("SEC-4")
def test_a_key_is_added_asked_at_sign_in_and_removed(office: Office, server: str) -> None:
    clerk = office["van.thu"]
    with window(server, office.client("van.thu")) as (page, wire):
        plug_in(wire)
        add(page, server, "Khóa USB của tôi")
        page.locator("[data-recovery]").wait_for()  # the first factor of a person comes with recovery codes
        code = page.locator("[data-recovery] [data-code]").first.inner_text()
        page.goto(f"{server}{OWN}")
        page.locator("[data-passkey-row]").wait_for()
        pictures.FOLDER.mkdir(parents=True, exist_ok=True)
        pictures.keep(page, pictures.FOLDER / "passkeys.png")
        assert page.goto(f"{server}/van-ban-di/").status == 200  # type: ignore[union-attr]
        page.context.clear_cookies()
        half_way(page, server, clerk)
        pictures.keep(page, pictures.FOLDER / "signin-passkey.png")
        assert "/dang-nhap/" in page.goto(f"{server}/van-ban-di/").url  # type: ignore[union-attr] # not in yet
        half_way(page, server, clerk)
        page.get_by_role("button", name="Dùng khóa bảo mật").click()
        page.wait_for_url(f"{server}/van-ban-di/")
        assert Passkey.objects.get().counter > 0
        add(page, server, "Lần nữa", code="sai-sai")  # the same key is not added twice
        page.get_by_text("Không thêm được khóa").wait_for()
        assert Passkey.objects.count() == 1
        page.get_by_role("button", name="Gỡ khóa: Khóa USB của tôi").click()
        page.locator("dialog[open]").get_by_label("Mã dự phòng").fill("sai-sai")
        page.locator("dialog[open]").get_by_role("button", name="Gỡ khóa").click()
        page.locator('[data-problem="wrong_code"]').first.wait_for()
        page.goto(f"{server}{OWN}")
        page.get_by_role("button", name="Gỡ khóa: Khóa USB của tôi").click()
        page.locator("dialog[open]").get_by_label("Mã dự phòng").fill(code)
        page.locator("dialog[open]").get_by_role("button", name="Gỡ khóa").click()
        page.locator("[data-factor=off]").wait_for()
    assert not SecondFactor.objects.exists()
    assert Event.objects.filter(name="account.second_factor_added", actor="van.thu.g22").count() == 1
    assert Event.objects.filter(name="account.second_factor_removed", actor="van.thu.g22").count() == 1
    assert Notice.objects.filter(person=office["quan.tri"], link=OWN).exists()
    assert door(office, "van.thu").get("/van-ban-di/").status_code == 200


@pytest.mark.law("SEC-4", "SEC-2")
def test_another_key_another_place_an_old_question_and_an_answer_that_was_sent_before_let_nobody_in(
    office: Office, server: str
) -> None:
    clerk = office["van.thu"]
    with window(server, office.client("van.thu")) as (page, wire):
        mine = plug_in(wire)
        add(page, server, "Của tôi")
        page.locator("[data-recovery]").wait_for()
        page.context.clear_cookies()
        page.goto(server)
        question, asked = passkeys.ask_to_pass(clerk, at=now())  # type: ignore[misc]
        answer = answered(page, question)
        other = json.loads(answer)
        other["response"]["signature"] = other["response"]["signature"][::-1]
        for wrong in ("", "x", "[]", "{}", json.dumps(other), "x" * 20_000):
            assert not passkeys.passes(clerk, wrong, asked, at=now())
        assert not passkeys.passes(clerk, answer, None, at=now())
        assert not passkeys.passes(clerk, answer, {**asked, "at": asked["at"] - 301}, at=now())
        assert not passkeys.passes(office["lanh.dao"], answer, asked, at=now())
        elsewhere = replace(settings.LIENTHONG, public_url="http://localhost:1")
        with pytest.MonkeyPatch.context() as moved:
            moved.setattr(settings, "LIENTHONG", elsewhere)
            assert not passkeys.passes(clerk, answer, asked, at=now())
        form = door(office, "van.thu")
        held = question_of(form)
        assert held["publicKey"]["allowCredentials"][0]["type"] == "public-key"
        refused = form.post("/dang-nhap/ma/", {"answer": answer})  # to another question
        assert refused.status_code == 401
        assert form.get("/van-ban-di/").status_code == 302
        assert passkeys.passes(clerk, answer, asked, at=now())
        assert not passkeys.passes(clerk, answer, asked, at=now())  # its counter does not grow
        assert form.post("/dang-nhap/ma/", {"answer": answered(page, question_of(form))})["Location"] == "/van-ban-di/"
        wire.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": mine})
    form = door(office, "van.thu")
    for _ in range(5):
        assert form.post("/dang-nhap/ma/", {"answer": "{}"}).status_code == 401
    assert "tạm khóa" in form.post("/dang-nhap/ma/", {"answer": "{}"}).content.decode()


@pytest.mark.law("SEC-4")
def test_a_key_stands_beside_codes_and_goes_with_them(office: Office, server: str) -> None:
    held = office.client("van.thu")
    phone, codes = enrol(held)
    with window(server, held) as (page, wire):
        plug_in(wire)
        add(page, server, "Của ai đó", code="sai-sai")  # who sits at another's open desk adds no key of their own
        page.locator('[data-problem="wrong_code"]').first.wait_for()
        assert not Passkey.objects.exists()
        add(page, server, "Thêm vào mã", code=codes[0])
        page.locator("[data-passkey-row]").wait_for()
        assert not page.locator("[data-recovery]").count()  # the codes of before still hold
    form = door(office, "van.thu")
    assert form.post("/dang-nhap/ma/", {"code": phone.code()}).status_code == 302
    assert held.get("/van-ban-di/").status_code == 200
    row = Passkey.objects.get()
    taken = {"act": "remove_key", "key": row.pk, "code": phone.code(1)}
    stranger = office.client("lanh.dao")
    assert stranger.post(OWN, taken).status_code == 409  # another's key is not there
    assert form.post(OWN, taken).status_code == 302
    assert not Passkey.objects.exists()
    assert SecondFactor.objects.count() == 1
    assert form.get("/van-ban-di/").status_code == 200
    assert held.get("/van-ban-di/").status_code == 302  # where the key was added, and wherever else, it is shown anew
    assert door(office, "van.thu").post("/dang-nhap/ma/", {"code": codes[1]}).status_code == 302


AMISS = {
    "deep": "[" * 9_000,
    "deep_object": '{"a":' * 3_000,
    "list": "[[[]]]",
    "cut": json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {
        "clientDataJSON": websafe_encode(bytes(CollectedClientData.create("webauthn.get", b"x", "http://localhost"))),
        "authenticatorData": websafe_encode(b"\0" * 32 + b"\x41" + b"\0" * 4), "signature": "AA",
        "attestationObject": websafe_encode(b"\xa3")}}),
}  # fmt: skip
"""Answers over which the library stumbles, each in its own way."""


@pytest.mark.law("SEC-2", "SEC-4")
@pytest.mark.parametrize("kind", AMISS)
def test_whatever_is_no_answer_is_refused_and_counts_as_an_attempt(office: Office, server: str, kind: str) -> None:
    client = office.client("van.thu")
    _, codes = enrol(client)
    factor = SecondFactor.objects.get()
    data = AttestedCredentialData.create(b"\0" * 16, b"khoa", ES256.from_cryptography_key(_public()))
    Passkey.objects.create(factor=factor, name="x", credential=b"khoa", data=bytes(data), added_at=now())
    form = door(office, "van.thu")
    for _ in range(5):
        form.get("/dang-nhap/ma/")  # the question
        assert form.post("/dang-nhap/ma/", {"answer": AMISS[kind]}).status_code == 401
    assert "tạm khóa" in form.post("/dang-nhap/ma/", {"answer": AMISS[kind]}).content.decode()
    client.get(OWN)
    refused = client.post(OWN, {"act": "add_key", "answer": AMISS[kind], "name": "x", "code": codes[0]})
    assert refused.status_code == 422
    assert 'data-problem="passkey_refused"' in refused.content.decode()


@pytest.mark.law("SEC-4")
@pytest.mark.parametrize("identifier", [b"khoa", b"k" * 1_500])
def test_a_key_that_could_never_answer_is_not_added(office: Office, server: str, identifier: bytes) -> None:
    """Of an algorithm that nobody checks here, or with an identifier that no key may have."""
    client = office.client("van.thu")
    client.get(OWN)
    known = ES256.from_cryptography_key(_public())
    key = known if len(identifier) > 1_023 else CoseKey({**known, 3: -70_000})
    data = AttestedCredentialData.create(b"\0" * 16, identifier, key)
    flags = AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP
    own = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, data)
    told = CollectedClientData.create("webauthn.create", client.session["adds"]["challenge"], server)
    response = {
        "clientDataJSON": websafe_encode(bytes(told)),
        "attestationObject": websafe_encode(bytes(AttestationObject.create("none", own, {}))),
    }
    name = websafe_encode(identifier)
    answer = json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
    refused = client.post(OWN, {"act": "add_key", "answer": answer, "name": "x"})
    assert 'data-problem="passkey_refused"' in refused.content.decode()
    assert not Passkey.objects.exists()


def _public() -> ec.EllipticCurvePublicKey:
    return ec.generate_private_key(ec.SECP256R1()).public_key()


@pytest.mark.law("SEC-4")
def test_who_has_keys_alone_renews_codes_adds_the_app_and_removes_a_key_by_a_touch(office: Office, server: str) -> None:
    held, clerk = office.client("van.thu"), office["van.thu"]
    with window(server, held) as (page, wire):
        plug_in(wire)
        add(page, server, "Khóa USB")
        page.locator("[data-recovery]").wait_for()
        form = door(office, "van.thu")
        asked = form.get("/dang-nhap/ma/").content.decode()
        assert "Dùng khóa bảo mật, hoặc nhập một mã dự phòng" in asked
        assert "mã 6 số" not in asked
        page.goto(f"{server}{OWN}")
        page.locator("[data-factor=keys]").wait_for()
        page.get_by_role("button", name="Tạo mã dự phòng mới…").click()
        pictures.keep(page, pictures.FOLDER / "passkey-in-dialog.png")
        page.locator("dialog[open]").get_by_role("button", name="Dùng khóa bảo mật").click()
        page.locator("[data-recovery]").wait_for()
        assert Event.objects.filter(name="account.recovery_codes_renewed").count() == 1
        page.goto(f"{server}{OWN}")
        open_desk = Client()
        cookie = {one["name"]: one["value"] for one in page.context.cookies()}[settings.SESSION_COOKIE_NAME]
        open_desk.cookies[settings.SESSION_COOKIE_NAME] = cookie
        assert 'data-problem="wrong_code"' in open_desk.post(OWN, {"act": "begin"}).content.decode()
        assert not SecondFactor.objects.get().secret  # who sits at another's open desk scans nothing
        page.goto(f"{server}{OWN}")
        page.get_by_role("button", name="Gắn điện thoại…").click()
        page.locator("dialog[open]").get_by_role("button", name="Dùng khóa bảo mật").click()
        page.locator("[data-qr]").wait_for()
        pictures.keep(page, pictures.FOLDER / "passkeys-and-app.png")
        phone = Phone(page.locator("[data-key]").inner_text())
        assert form.post("/dang-nhap/ma/", {"code": phone.code()}).status_code == 401  # no code of it came back yet
        page.get_by_label("2. Nhập mã 6 số ứng dụng đang hiện").fill(phone.code(-1))
        page.get_by_role("button", name="Gắn điện thoại").click()
        page.get_by_text("đã gắn", exact=True).wait_for()
        assert not page.locator("[data-recovery]").count()  # the codes of before still hold
        both = door(office, "van.thu")
        assert (
            "Nhập mã 6 số đang hiện trong ứng dụng xác thực, hoặc dùng" in both.get("/dang-nhap/ma/").content.decode()
        )
        assert both.post("/dang-nhap/ma/", {"code": phone.code()}).status_code == 302
        page.get_by_role("button", name="Gỡ khóa: Khóa USB").click()
        page.locator("dialog[open]").get_by_role("button", name="Dùng khóa bảo mật").click()
        page.get_by_text("Chạm khóa thay cho nhập mã").wait_for()
        cookie = {one["name"]: one["value"] for one in page.context.cookies()}[settings.SESSION_COOKIE_NAME]
    assert not Passkey.objects.exists()
    assert SecondFactor.objects.get(person=clerk).by_codes
    own = Client()
    own.cookies[settings.SESSION_COOKIE_NAME] = cookie
    refused = own.post(OWN, {"act": "remove", "answer": "{}"})
    assert 'data-problem="passkey_refused"' in refused.content.decode()
    assert own.post(OWN, {"act": "remove", "code": phone.code(1)}).status_code == 302
    assert not SecondFactor.objects.exists()


@pytest.mark.law("SEC-4")
def test_one_key_confirms_the_next_once_and_for_five_minutes(office: Office, server: str) -> None:
    with window(server, office.client("van.thu")) as (page, wire):
        first = plug_in(wire)
        add(page, server, "Thứ nhất")
        page.locator("[data-recovery]").wait_for()
        page.goto(f"{server}{OWN}")
        page.locator("[data-keys]").get_by_role("button", name="Dùng khóa bảo mật").click()
        page.locator("[data-shown]").wait_for()
        pictures.keep(page, pictures.FOLDER / "passkey-confirmed.png")
        wire.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": first})
        plug_in(wire)
        page.get_by_label("Tên khóa").fill("Thứ hai")
        page.get_by_role("button", name="Thêm khóa").click()
        page.locator("[data-passkey-row]").nth(1).wait_for()
        assert not page.locator("[data-shown]").count()  # it was for one key
        assert Passkey.objects.count() == 2
        own = Client()
        own.cookies[settings.SESSION_COOKIE_NAME] = {one["name"]: one["value"] for one in page.context.cookies()}[
            settings.SESSION_COOKIE_NAME
        ]
        assert 'data-problem="passkey_refused"' in own.post(OWN, {"act": "show", "answer": "{}"}).content.decode()
        assert 'data-problem="wrong_code"' in own.post(OWN, {"act": "show", "code": "x"}).content.decode()
        assert "data-shown" not in own.get(OWN).content.decode()
        mark = second_factor.mark_of(Person.objects.select_related("second_factor").get(pk=office["van.thu"].pk))
        for ago, of, shown in ((0, mark, True), (301, mark, False), (0, "another", False)):
            session = own.session
            session["shown"] = {"at": now().timestamp() - ago, "mark": of}
            session.save()
            assert ("data-shown" in own.get(OWN).content.decode()) is shown


def scanned(client: Client) -> Phone:
    """A phone that scans what the page shows."""
    shown = re.search(r"data-key>([^<]+)<", client.get(OWN).content.decode())
    assert shown
    return Phone(shown[1])


@pytest.mark.law("SEC-4")
def test_a_phone_that_was_begun_before_the_first_key_is_nobodys_way_past_it(office: Office, server: str) -> None:
    """Whoever sat at an open desk before the first key came has seen the secret; whoever sits there now sees none."""
    desk = office.client("van.thu")
    desk.post(OWN, {"act": "begin"})
    seen = scanned(desk)
    factor = SecondFactor.objects.get()
    code = second_factor.new_codes(factor)[0]
    data = AttestedCredentialData.create(b"\0" * 16, b"khoa", ES256.from_cryptography_key(_public()))
    Passkey.objects.create(factor=factor, name="Khóa USB", credential=b"khoa", data=bytes(data), added_at=now())
    SecondFactor.objects.update(confirmed_at=now())
    session = desk.session
    session["second"] = second_factor.mark_of(Person.objects.select_related("second_factor").get(pk=factor.person_id))
    session.save()
    page = desk.get(OWN).content.decode()
    assert 'data-factor="keys"' in page
    assert "data-qr" not in page
    refused = desk.post(OWN, {"act": "confirm", "code": seen.code(-1)}).content.decode()
    assert 'data-problem="passkey_refused"' in refused
    assert not SecondFactor.objects.get().by_codes
    assert desk.post(OWN, {"act": "begin", "code": code}).status_code == 302
    own = scanned(desk)
    assert 'data-problem="wrong_code"' in desk.post(OWN, {"act": "confirm", "code": seen.code()}).content.decode()
    session = desk.session
    session["begun"]["at"] -= 301
    session.save()
    assert "data-qr" not in desk.get(OWN).content.decode()
    session["begun"]["at"] += 301
    session.save()
    assert desk.post(OWN, {"act": "confirm", "code": own.code()}).status_code == 302
    assert SecondFactor.objects.get().by_codes


@pytest.mark.law("SEC-4")
def test_the_eleventh_key_and_a_key_that_is_somebodys_are_refused_by_name(office: Office, server: str) -> None:
    leader = office.client("lanh.dao")
    with window(server, office.client("van.thu")) as (page, wire):
        mine = plug_in(wire)
        add(page, server, "Thứ nhất")
        page.locator("[data-recovery]").wait_for()
        first = Passkey.objects.get()
        Passkey.objects.bulk_create(
            Passkey(factor=first.factor, name=f"{n}", credential=bytes([n]), data=bytes(first.data), added_at=now())
            for n in range(passkeys.MOST - 1)
        )
        wire.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": mine})
        plug_in(wire)
        codes = second_factor.new_codes(first.factor)
        add(page, server, "Thứ mười một", code=codes[0])
        page.locator('[data-problem="too_many_passkeys"]').wait_for()
        assert Passkey.objects.count() == passkeys.MOST
        Passkey.objects.exclude(pk=first.pk).delete()
        question, asked = passkeys.ask_to_add(office["van.thu"], at=now())
        answer = answered(page, question, "create")
    clerk = office["van.thu"]
    passkeys.add(
        clerk, answer, asked, name="Thứ hai", shows=lambda: second_factor.passes(clerk, codes[1], at=now()), at=now()
    )
    session = leader.session
    session["adds"] = asked
    session.save()
    refused = leader.post(OWN, {"act": "add_key", "name": "Của người khác", "answer": answer})
    assert 'data-problem="passkey_taken"' in refused.content.decode()
    assert refused.status_code == 409
    assert not SecondFactor.objects.filter(person=office["lanh.dao"]).exists()


def test_an_address_without_a_name_has_no_keys(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIENTHONG", replace(settings.LIENTHONG, public_url="http://127.0.0.1:8000"))
    client = office.client("van.thu")
    assert "Thêm khóa" not in client.get(OWN).content.decode()
    answer = client.post(OWN, {"act": "add_key", "answer": "{}", "name": "x"})
    assert answer.status_code == 422
    assert 'data-problem="passkey_refused"' in answer.content.decode()


def question_of(client: Client) -> dict[str, Any]:
    """What the page of the second step asks a key."""
    found = re.search(r'data-question="([^"]+)"', client.get("/dang-nhap/ma/").content.decode())
    assert found
    asked: dict[str, Any] = json.loads(unescape(found[1]))
    return asked


def answered(page: Page, question: dict[str, Any], way: str = "get") -> str:
    """What the key in the browser answers, at the office's own address."""
    told = page.evaluate(
        """async ([question, way]) => {
            const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")),
                (one) => one.charCodeAt(0));
            const asks = question.publicKey;
            asks.challenge = bytes(asks.challenge);
            if (asks.user) asks.user.id = bytes(asks.user.id);
            for (const one of asks.allowCredentials ?? asks.excludeCredentials ?? []) one.id = bytes(one.id);
            return (await navigator.credentials[way](question)).toJSON();
        }""",
        [json.loads(json.dumps(question)), way],
    )
    return json.dumps(told)
