"""Signing by a token at the signer's own machine (Decision 28, Article 18; Decree 30, Articles 13 and 32): a token of
SoftHSM, the helper as a process with a window that somebody sits at, and a browser at the page. Then everybody who would
have a signature by another way. Whom the helper itself answers: `test_token_helper`."""

from __future__ import annotations

import json
import socket
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import connection
from lxml import html
from playwright.sync_api import Page

from lienthong.journal.models import Event
from lienthong.office import config
from lienthong.office.models import KeyKind, OutgoingDocument, OutgoingState, RemoteRequest, RemoteState, SigningKey
from lienthong.office.outgoing import drafting, remote
from lienthong.testing.pki import TestAuthority
from tests import pictures, softtoken
from tests.browser import AXE, DESK, PHONE, barriers, chromium, sideways
from tests.doors import ENTERED
from tests.service.office.conftest import Office, manuscript, now, press, refusal
from tests.service.office.test_queue import SIGNING, checked, state, value
from tests.service.office.test_remote_signing import of_the_leader, the_request, work
from tests.softtoken import Helper, SoftToken

S = OutgoingState
R = RemoteState
ORIGIN = "https://van-ban.example.gov.vn"


@pytest.fixture
def port() -> int:
    """One that is free."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def token(office: Office, tmp_path: Path, port: int) -> SoftToken:
    """The leader's own, on which the office knows their key to be."""
    made = SoftToken.make(tmp_path / "softhsm")
    made.put("ky", office.identities["lanh.dao"])
    assert move(office, port=port) == ""
    return made


@pytest.fixture
def helper(token: SoftToken, tmp_path: Path, port: int) -> Iterator[Helper]:
    with softtoken.helper(token, ORIGIN, tmp_path / "paired.json", port=port) as running:
        running.wait_for("Signing for this office")
        yield running


def move(office: Office, *, by: str = "quan.tri", whose: str = "lanh.dao", port: object = 18_299) -> str:
    """The key is on a token at its owner's machine, says the certificate's page; the code of the refusal, or ""."""
    key = office[whose].keys.latest("registered_at")
    answer = office.client(by).post(f"/chung-thu/{key.pk}/", {"act": "at_owner", "port": port})
    return "" if answer.status_code == 302 else refusal(answer)  # type: ignore[arg-type]


def call(helper: Helper, path: str, told: object, *, origin: str | None = ORIGIN, **headers: str) -> httpx.Response:
    """What a page of an origin asks the helper."""
    sent = {"Origin": origin} if origin else {}
    return httpx.post(f"http://127.0.0.1:{helper.port}{path}", json=told, headers={**sent, **headers}, timeout=30)


def pair(helper: Helper) -> dict[str, str]:
    """What a paired browser sends along."""
    code = helper.wait_for(r"pairing code: (\d{4}-\d{4})")[1]
    answer = call(helper, "/pair", {"code": code})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['secret']}"}


def question(office: Office, document: OutgoingDocument) -> dict[str, Any]:
    """What the page of a document that waits would have signed."""
    page = html.fromstring(office.client("lanh.dao").get(f"/van-ban-di/{document.pk}/").content.decode())
    return dict(json.loads(unescape(str(page.xpath("string(//form[@data-token]/@data-question)")))))


def asked(office: Office, **changes: object) -> OutgoingDocument:
    """A document that waits for the token."""
    document = checked(office, **changes)
    assert press(office, "lanh.dao", document, "approve_and_sign") == ""
    return document


def bring(office: Office, document: OutgoingDocument, told: object, request: RemoteRequest | None = None) -> str:
    """The page brings what the helper gave."""
    answer = told if isinstance(told, str) else json.dumps(told)
    pk = (request or the_request()).pk
    return press(office, "lanh.dao", document, "take_signature", request=pk, answer=answer)


def signed_by(helper: Helper, paired: dict[str, str], told: object) -> dict[str, Any]:
    """The window's user enters the PIN; what the page gets."""
    threading.Thread(target=helper.enter_pin, daemon=True).start()
    answer = call(helper, "/sign", told, **paired)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
def page(office: Office, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The leader's browser, signed in at the office."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # a browser that is driven has a loop of its own
    with browser_of("lanh.dao", office, live_server) as window:
        yield window


@contextmanager
def browser_of(login: str, office: Office, live_server: Any) -> Iterator[Page]:
    """A browser in which somebody is signed in at the office."""
    held = office.client(login).cookies[settings.SESSION_COOKIE_NAME].value
    sys.audit(ENTERED)
    with chromium() as browser:
        window = browser.new_page(viewport=DESK, locale="vi-VN")  # type: ignore[arg-type]
        window.set_default_timeout(15_000)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": held, "url": live_server.url}
        window.context.add_cookies([cookie])  # type: ignore[list-item]
        yield window


@pytest.mark.browser
@pytest.mark.law("R-18.1-1", "R-18.2-1", "D30-13-2")
def test_the_leader_signs_in_a_browser_with_the_token_at_their_machine(
    office: Office, token: SoftToken, port: int, page: Page, live_server: Any, tmp_path: Path
) -> None:
    document = checked(office)
    page.goto(f"{live_server.url}/van-ban-di/{document.pk}/")
    page.get_by_role("button", name="Duyệt và ký bằng thiết bị").click()
    said = page.locator("[data-said='away']")  # nothing runs at this machine yet: what to do is said
    said.wait_for()
    assert "lienthong token serve" in said.inner_text()
    assert not page.get_by_label("Mã ghép nối").is_visible()  # it is asked for when the helper asks
    assert state(document) == S.APPROVED
    paired = tmp_path / "paired.json"
    with softtoken.helper(token, live_server.url, paired, port=port) as helper:
        code = helper.wait_for(r"pairing code: (\d{4}-\d{4})")[1]
        page.get_by_role("button", name="Ký bằng thiết bị").click()
        page.locator("[data-said='not_paired']").wait_for()
        page.get_by_label("Mã ghép nối").fill("0000-0000" if code != "0000-0000" else "1111-1111")
        page.get_by_role("button", name="Ký bằng thiết bị").click()
        page.locator("[data-said='pairing_code_wrong']").wait_for()
        see(page, "own-token")
        page.get_by_label("Mã ghép nối").fill(code)
        page.get_by_role("button", name="Ký bằng thiết bị").click()
        page.locator("[data-pairs]").wait_for(state="hidden")
        shown = page.locator("[data-code]").inner_text()
        assert helper.wait_for(r"đối chiếu / code: (\S+)")[1] == shown  # what page and window let their reader compare
        assert document.subject in helper.wait_for(r"1\. (.*)\r")[1]
        helper.enter_pin("000000")
        page.locator("[data-said='wrong_pin']").wait_for()
        page.get_by_role("button", name="Ký bằng thiết bị").click()
        helper.enter_pin("")
        page.locator("[data-said='declined']").wait_for()
        page.reload()  # the line was lost; the request is still there, and goes on
        page.get_by_role("button", name="Ký bằng thiết bị").click()
        helper.enter_pin()
        page.locator("[data-token]").wait_for(state="detached")
        assert state(document) == S.SIGNED
        # The next ones, with what is kept of the pairing: one press, one PIN.
        both = [checked(office, subject=f"Về việc {name}") for name in ("một", "hai")]
        page.goto(f"{live_server.url}{SIGNING}")
        page.get_by_role("button", name="Chọn tất cả").click()
        page.get_by_role("button", name="Duyệt và ký bằng thiết bị").click()
        helper.enter_pin()
        page.locator("[data-outcome='done']").nth(1).wait_for()
        assert [state(one) for one in both] == [S.SIGNED, S.SIGNED]
        assert softtoken.PIN not in helper.shown
    assert paired.stat().st_mode & 0o077 == 0
    with ThreadPoolExecutor(1) as apart:  # the driven browser's loop runs in this thread
        assert apart.submit(judged, office, [document, *both]).result()


def judged(office: Office, documents: list[OutgoingDocument]) -> bool:
    """Whether each carries the leader's signature."""
    try:
        return all(of_the_leader(office, one) for one in documents)
    finally:
        connection.close()


def see(page: Page, name: str) -> None:
    """With one's own eyes, and axe's."""
    pictures.FOLDER.mkdir(parents=True, exist_ok=True)
    for width, viewport in (("desk", DESK), ("phone", PHONE)):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        pictures.keep(page, pictures.FOLDER / f"{name}-{width}.png")
        assert sideways(page) == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert barriers(page) == []


@pytest.mark.law("D30-11-1", "D30-13-2")
def test_a_signature_for_another_document_is_not_taken(office: Office, helper: Helper) -> None:
    first = asked(office, subject="Về việc một")
    paired, of_first = pair(helper), the_request()
    made = signed_by(helper, paired, question(office, first))
    second = asked(office, subject="Về việc hai")
    of_second = the_request()
    assert bring(office, second, made, of_second) == "foreign_signature"
    for wrong in (
        "",
        "[]",
        "{}",
        {"signatures": []},
        {"signatures": made["signatures"] * 2},
        {"signatures": ["zz"]},
        {"signatures": [7]},
    ):
        assert bring(office, second, wrong, of_second) == "foreign_signature"
    of_second.refresh_from_db()
    assert (of_second.state, state(second)) == (R.WAITING, S.APPROVED)  # it still waits for its own
    assert bring(office, first, made, of_first) == ""
    assert state(first) == S.SIGNED
    assert bring(office, first, made, of_first) == "nothing_waits"  # and is taken once
    assert Event.objects.filter(name="outgoing.signed", subject=str(first.pk)).count() == 1


@pytest.mark.law("D30-13-2", "R-18.1-1")
def test_the_certificate_of_another_person_signs_nothing(
    office: Office, token: SoftToken, authority: TestAuthority, tmp_path: Path, port: int
) -> None:
    document = asked(office)
    token.put("nguoi-khac", authority.issue_person("Người Khác"))
    told = question(office, document)
    with softtoken.helper(token, ORIGIN, tmp_path / "paired.json", label="nguoi-khac", port=port) as helper:
        paired = pair(helper)
        threading.Thread(target=helper.enter_pin, daemon=True).start()
        assert call(helper, "/sign", told, **paired).json()["code"] == "certificate_on_token_differs"
    # Who leaves the helper out, and signs with a key of their own.
    other = authority.issue_person("Người Khác", ec=True).private_key
    assert isinstance(other, ec.EllipticCurvePrivateKey)
    forged = other.sign(b64decode(told["documents"][0]["attributes"]), ec.ECDSA(hashes.SHA256()))
    assert bring(office, document, {"signatures": [forged.hex()]}) == "foreign_signature"
    assert state(document) == S.APPROVED


@pytest.mark.law("SEC-6")
def test_nobody_brings_a_signature_to_anothers_request_and_only_its_page_may_call_the_helper(
    office: Office, helper: Helper
) -> None:
    document = asked(office)
    request = the_request()
    assert press(office, "truong.dv", document, "take_signature", request=request.pk, answer="{}") == "forbidden"
    answer = office.client("truong.dv").post(SIGNING, {"act": "take_signature", "request": request.pk, "answer": "{}"})
    assert refusal(answer) == "not_found"  # type: ignore[arg-type]
    leader, address = office.client("lanh.dao"), f"/van-ban-di/{document.pk}/"
    policy = leader.get(address).headers["Content-Security-Policy"]
    assert policy.endswith(f"; connect-src 'self' http://127.0.0.1:{helper.port}")
    assert "connect-src" in leader.get(SIGNING).headers["Content-Security-Policy"]
    for client, place in ((office.client("truong.dv"), address), (leader, "/van-ban-di/"), (leader, "/")):
        assert "connect-src" not in client.get(place).headers["Content-Security-Policy"]
    made = signed_by(helper, pair(helper), question(office, document))
    assert bring(office, document, made) == ""
    assert "connect-src" not in leader.get(address).headers["Content-Security-Policy"]  # nothing waits any more


@pytest.mark.law("R-18.2-1", "D30-11-1")
def test_what_waits_is_cancelled_lapses_or_is_dropped_when_the_document_changes(office: Office, helper: Helper) -> None:
    paired = pair(helper)
    first = asked(office)
    made = signed_by(helper, paired, question(office, first))
    assert press(office, "lanh.dao", first, "cancel_remote") == ""
    assert bring(office, first, made) == "nothing_waits"
    assert press(office, "lanh.dao", first, "sign") == ""
    assert press(office, "lanh.dao", first, "sign") == "remote_already_asked"
    assert bring(office, first, made) == "foreign_signature"  # of the request before: another time is claimed
    made = signed_by(helper, paired, question(office, first))
    late = the_request()
    RemoteRequest.objects.filter(pk=late.pk).update(expires_at=now())
    assert bring(office, first, made) == "nothing_waits"
    RemoteRequest.objects.filter(pk=late.pk).update(claimed_until=now())
    work()
    late.refresh_from_db()
    assert (late.state, state(first)) == (R.LAPSED, S.APPROVED)
    assert press(office, "lanh.dao", first, "sign") == ""
    made = signed_by(helper, paired, question(office, first))
    changing = the_request()
    drafting.change(first, manuscript(office, subject="Về việc khác"), actor=office["chuyen.vien"], at=now())
    answer = office.client("lanh.dao").post(
        SIGNING, {"act": "take_signature", "request": changing.pk, "answer": json.dumps(made)}, follow=True
    )
    assert 'data-outcome="remote_not_signed"' in answer.content.decode()
    assert state(first) == S.DRAFT
    assert not first.versions.filter(stage="signed").exists()


@pytest.mark.law("R-18.2-1")
def test_a_signature_that_came_waits_for_its_time_stamp_and_is_not_asked_for_again(
    office: Office, helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = asked(office)
    work(minutes=5)  # nobody works on what its signer has to do
    assert the_request().state == R.WAITING
    made = signed_by(helper, pair(helper), question(office, document))

    def away(*_: object) -> bytes:
        raise OSError("away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(config, "fetch", away)
        config.timestamps.cache_clear()
        assert bring(office, document, made) == ""
    config.timestamps.cache_clear()
    assert (the_request().state, state(document)) == (R.SIGNED, S.APPROVED)
    shown = office.client("lanh.dao").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "đang ghi vào văn bản" in shown
    assert "data-token=" not in shown
    remote.go_on_with_all(lambda: now() + timedelta(minutes=20))  # it does not lapse by then
    assert state(document) == S.SIGNED
    assert of_the_leader(office, document)


@pytest.mark.law("SEC-5", "R-18.1-1")
def test_the_administrator_says_where_the_key_is_and_only_of_a_certificate_that_may_sign(office: Office) -> None:
    assert move(office, by="van.thu") == "forbidden"
    assert move(office, port="80") == "missing"
    assert move(office, port="x") == "missing"
    key = SigningKey.objects.get(person=office["lanh.dao"])
    client = office.client("quan.tri")
    SigningKey.objects.filter(pk=key.pk).update(revoked_at=now())
    assert move(office) == "not_found"
    SigningKey.objects.filter(pk=key.pk).update(revoked_at=None)
    assert move(office) == ""
    key.refresh_from_db()
    assert (key.kind, key.location) == (KeyKind.OWN_TOKEN, "18299")
    assert Event.objects.filter(name="key.registered", data__kind="own_token").count() == 1
    assert move(office, port=18_300) == ""  # their helper listens elsewhere; the next to look finds that it does
    shown = client.get(f"/chung-thu/{key.pk}/").content.decode()
    assert "thiết bị ở máy người ký (cổng 18300)" in shown
    assert html.fromstring(shown).xpath("string(//input[@name='port']/@value)") == "18300"
    document = checked(office)
    form = {"document": value(document), "pin": "246810"}
    assert "Đang chờ ký bằng thiết bị" in office.client("lanh.dao").post(SIGNING, form, follow=True).content.decode()
    assert state(document) == S.APPROVED  # no PIN that reaches this server signs
