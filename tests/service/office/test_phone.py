"""Signing on a phone: a narrow screen, one thumb, and a line that breaks in the middle (Decision 28, Article 18.2)."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import sleep
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page

from lienthong.office.models import OutgoingDocument, OutgoingState
from lienthong.office.outgoing import remote, signing
from lienthong.office.outgoing.remote_requests import PAUSE
from lienthong.testing.csc_service import Credential, CscService
from tests import pictures
from tests.browser import DESK, chromium
from tests.doors import ENTERED
from tests.service.office.conftest import PIN, Office
from tests.service.office.test_queue import SIGNING, checked, post, state, value
from tests.service.office.test_remote_signing import attach, declare, issued, key, service  # noqa: F401 - fixtures

S = OutgoingState
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(office: Office, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The leader's phone, on which they are signed in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # a browser that is driven has a loop of its own
    with chromium() as browser:
        page = browser.new_page(viewport=PHONE, locale="vi-VN", has_touch=True, is_mobile=True)  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        held = office.client("lanh.dao").cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": held, "url": live_server.url}])
        yield page


def look(page: Page, name: str) -> None:
    """Nothing is wider than the screen, and what is pressed is wide enough for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = page.locator(".btn-primary:visible, .btn-stop:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 36).map(one => one.innerText)"
    )
    assert small == []
    pictures.FOLDER.mkdir(parents=True, exist_ok=True)
    pictures.keep(page, pictures.FOLDER / f"{name}.png", full_page=True)


def work_elsewhere() -> None:
    """The worker's round, in a thread of its own as in a service: that of a driven browser is taken."""

    def work() -> None:
        remote.go_on_with_all(lambda: datetime.now(UTC) + 2 * PAUSE)
        connection.close()

    with ThreadPoolExecutor(1) as aside:
        aside.submit(work).result()


@pytest.mark.law("R-18.2-1", "C-11")
def test_the_leader_signs_several_with_one_thumb_and_one_consent(
    office: Office,
    service: CscService,  # noqa: F811 - the fixture
    key: Credential,  # noqa: F811
    live_server: Any,
    phone: Page,
) -> None:
    documents = [checked(office, subject=f"Về việc phân công trực ban đợt {number}") for number in (1, 2)]
    sys.audit(ENTERED)
    phone.goto(f"{live_server.url}{SIGNING}")
    phone.get_by_role("button", name="Chọn tất cả").tap()
    look(phone, "phone-to-sign")
    phone.get_by_role("button", name="Duyệt và ký từ xa").tap()
    waiting = phone.locator("[data-remote=waiting]")
    waiting.wait_for()
    look(phone, "phone-waiting")
    shown = waiting.locator("[data-code]").inner_text()
    assert shown in next(iter(service.consents.values())).description
    phone.goto(f"{live_server.url}/van-ban-di/{documents[0].pk}/")
    phone.locator("[data-remote=waiting]").wait_for()
    look(phone, "phone-document-waiting")
    phone.set_viewport_size(DESK)
    pictures.keep(phone, pictures.FOLDER / "document-waiting.png")
    phone.set_viewport_size(PHONE)
    phone.goto("about:blank")  # the phone is put away
    service.agree()
    work_elsewhere()
    assert [state(one) for one in documents] == [S.SIGNED, S.SIGNED]
    third = checked(office, subject="Về việc thứ ba")
    phone.goto(f"{live_server.url}/van-ban-di/{third.pk}/")
    look(phone, "phone-document-to-sign")
    phone.get_by_role("button", name="Duyệt và ký từ xa").tap()
    phone.locator("[data-remote=waiting]").wait_for()
    service.agree()
    work_elsewhere()
    phone.locator("[data-state=signed]").first.wait_for()  # the page has looked by itself
    assert state(third) == S.SIGNED


@pytest.mark.law("R-18.2-1")
def test_the_leader_signs_several_with_one_pin_on_a_phone(office: Office, live_server: Any, phone: Page) -> None:
    documents = [checked(office, subject=f"Về việc số {number}") for number in (1, 2)]
    sys.audit(ENTERED)
    phone.goto(f"{live_server.url}{SIGNING}")
    phone.get_by_role("button", name="Chọn tất cả").tap()
    phone.get_by_label("PIN").fill(PIN)
    look(phone, "phone-to-sign-pin")
    phone.get_by_role("button", name="Duyệt và ký số").tap()
    phone.locator("[data-outcome=done]").nth(1).wait_for()
    assert [state(one) for one in documents] == [S.SIGNED, S.SIGNED]


@pytest.mark.law("R-18.2-1", "C-13")
def test_a_line_that_breaks_after_the_press_loses_nothing_and_doubles_nothing(office: Office, live_server: Any) -> None:
    """The form has arrived; its answer never does. The office signs to the end, and says so when the phone is back."""
    documents = [checked(office, subject=f"Về việc số {number}") for number in (1, 2, 3)]
    leader = office.client("lanh.dao")
    form = {"document": [value(one) for one in documents], "pin": PIN}
    send_and_hang_up(live_server.url, SIGNING, form, leader)
    for _ in range(300):
        if all(state(one) == S.SIGNED for one in documents):
            break
        sleep(0.1)
    for _ in range(50):  # the session is written after the last signature
        said = leader.get(SIGNING).content.decode()
        if "data-outcome" in said:
            break
        sleep(0.1)
    assert said.count('data-outcome="done"') == 3
    again = leader.post(SIGNING, form, follow=True).content.decode()  # as a browser sends a form anew
    assert again.count('data-outcome="version_changed"') == 3
    assert all(one.versions.filter(stage="signed").count() == 1 for one in documents)


class Killed(BaseException):
    """The process ends here, as by a SIGKILL."""


@pytest.mark.law("R-18.2-1", "D30-11-1")
def test_whoever_is_killed_in_the_middle_of_several_leaves_each_at_its_last_step(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [checked(office, subject=f"Về việc số {number}") for number in (1, 2, 3)]
    leader, keep = office.client("lanh.dao"), signing.keep_signed

    def second_is_the_last(document: OutgoingDocument, *given: Any, **named: Any) -> Any:
        if document.pk == documents[1].pk:
            raise Killed
        return keep(document, *given, **named)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(signing, "keep_signed", second_is_the_last)
        with pytest.raises(Killed):
            post(leader, SIGNING, *documents)
    assert [state(one) for one in documents] == [S.SIGNED, S.APPROVED, S.IN_REVIEW]
    said = leader.get(SIGNING).content.decode()
    assert documents[0].subject not in said
    assert documents[1].subject in said
    said = post(leader, SIGNING, *documents[1:]).content.decode()
    assert said.count('data-outcome="done"') == 2
    assert [one.versions.filter(stage="signed").count() for one in documents] == [1, 1, 1]


def send_and_hang_up(server: str, path: str, form: dict[str, Any], client: Any) -> None:
    """Post a form, and close the line before any answer."""
    page = client.get(path)
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    body = urlencode({**form, "csrfmiddlewaretoken": token}, doseq=True).encode()
    place = urlsplit(server)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nCookie: {cookies}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((place.hostname or "", place.port or 0)) as line:
        line.sendall(head.encode() + body)
