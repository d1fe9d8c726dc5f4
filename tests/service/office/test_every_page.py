"""Every page that a person opens in the office, in a real browser: no barrier at a desk, nothing that must be pushed
sideways on a phone. What answers with something else than a page stands in a list, with what it answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from lienthong.testing.pki import TestAuthority
from tests import pictures
from tests.browser import AXE, DESK, PHONE, barriers, chromium, sideways
from tests.service.office.conftest import Office
from tests.service.office.furnished import Furnished, furnished_twice
from tests.service.office.test_walk import routes
from tests.service.office.walk import EVERYBODY, WALK

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

PICTURES = pictures.FOLDER / "pages"
NO_PAGE = {
    "bell": "the count of news that open pages ask for",
    "recipients-found": "the piece of the form that shows what was found",
    "incoming-file": "a file of a received document",
    "outgoing-version": "the PDF of a version",
    "outgoing-enclosure": "a file that is enclosed",
    "regulation-file": "the file of the regulation",
    "copy-file": "the PDF of a copy",
    "dossier-material": "a file in a dossier",
    "dossier-export": "a dossier as one archive",
    "incoming-slip": "the slip as PDF",
    "paper-envelope": "an envelope as PDF",
    "certificate-letter": "the letter to the provider as a file",
    "certificates-taken": "a table",
    "people-taken": "a table",
    "people-import-pattern": "a table",
    "search-taken": "a table",
    "dossier-list-book": "a book",
    "dossier-contents": "a book",
    "kept-back-book": "a book",
    "submission-book": "a book",
    "register-book": "a book",
    "register-incoming-book": "a book",
    "register-handling-book": "a book",
    "register-copies-book": "a book",
    "register-post-book": "a book",
    "register-stored-book": "a book",
    "register-unopened-book": "a book",
    "usage-taken": "a table",
    "dossier-progress-taken": "a book",
    "transfer-book": "a book",
    "inspection-taken": "a table",
    "outlived-book": "a book",
    "template-preview": "a sample as PDF",
    "outgoing-marked": "a print as PDF",
    "incoming-marked": "a print as PDF",
    "remote-request": "how far a signature from afar is, asked for by the page that waits",
    "identity-begin": "the way to a provider of identities",
    "identity-return": "the way back from there",
    "identity-assertion": "what a provider of identities says, by a browser",
    "identity-metadata": "this office as a provider of identities imports it",
    "identity-leave": "the way back after leaving",
    "signout": "an act",
    "language": "an act",
    "healthz": "the health of the process",
    "readyz": "the health of the process",
    "security-txt": "where weaknesses are told, for a program",
    "metrics": "figures for a program",
}
"""Routes that answer with no page → what they answer."""
DOORS = {"signin", "second-step"}
"""Pages before somebody is known."""
MANY_FACES = {"home", "incoming-document", "outgoing-document", "dossier"}
"""Pages that look otherwise to each role: all who may open them do."""
ORDER = ("van.thu", "lanh.dao", "truong.dv", "chuyen.vien", "the.thuc", "kiem.tra", "quan.tri")
"""Who opens a page first, where one is enough."""


def visits(own: Furnished) -> Iterator[tuple[str, str, str]]:
    """Route, object, and person of each visit."""
    for route in sorted(set(WALK) - set(NO_PAGE)):
        row = WALK[route]
        for thing, seers in (row.sees or {"": row.roles}).items():
            allowed = [one for one in ORDER if one in seers & row.roles]
            for person in allowed if route in MANY_FACES else allowed[:1]:
                yield route, thing, person


@pytest.fixture
def furnished(office: Office, authority: TestAuthority, tmp_path: Path) -> Furnished:
    own, _ = furnished_twice(office, authority, tmp_path)
    return own


@pytest.fixture
def context(furnished: Furnished, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    """A browser that knows axe. The page's own policy stays in force."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
    with chromium() as browser:
        made = browser.new_context(locale="vi-VN", viewport=DESK)  # type: ignore[arg-type]
        made.add_init_script(path=AXE)
        yield made
        made.close()


@pytest.mark.law("AVI-G10")
def test_every_page_is_free_of_barriers_and_fits(
    furnished: Furnished, context: BrowserContext, live_server: LiveServer
) -> None:
    """At a desk without barriers and, as soon as the window is as narrow as a phone, without pushing it sideways; no
    script complains, nothing that we ship is blocked."""
    assert {name.removeprefix("office:") for name in routes()} == set(NO_PAGE) | DOORS | {
        one[0] for one in visits(furnished)
    }
    assert pages_among_what_is_none(furnished) == []
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    sessions = {
        person: furnished.client(person).cookies[django_settings.SESSION_COOKIE_NAME].value for person in EVERYBODY
    }
    found: dict[str, list[str]] = {}
    for route, thing, person in visits(furnished):
        context.add_cookies(
            [{"name": django_settings.SESSION_COOKIE_NAME, "value": sessions[person], "url": live_server.url}]
        )
        answer = page.goto(live_server.url + furnished.address(route, thing))
        assert answer is not None
        assert answer.status == 200, (route, answer.status)
        name = "-".join(part.replace(" ", "-") for part in (route, thing, person) if part)
        found[name] = [*faults_of(page, name), *said]
        said.clear()
    found |= {name: faults_of(page, name) for name in at_the_doors(page, live_server.url)}
    assert {name: faults for name, faults in found.items() if faults} == {}


def at_the_doors(page: Page, address: str) -> Iterator[str]:
    """The pages of somebody who is not signed in, and of one who must prove a second step; then one who goes astray."""
    page.goto(f"{address}/van-ban-den/987654321/")
    yield "not-found"
    page.context.clear_cookies()
    page.goto(address)
    yield "signin"
    page.get_by_label("Tên đăng nhập").fill("co.dien.thoai.g22")
    page.get_by_label("Mật khẩu").fill("x")
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/dang-nhap/ma/**")
    yield "second-step"


def pages_among_what_is_none(furnished: Furnished) -> list[str]:
    """Routes of the list that answer with a whole page all the same, or not at all."""
    wrong = []
    for route in set(NO_PAGE) & set(WALK):
        row = WALK[route]
        thing, seers = next(iter((row.sees or {"": row.roles}).items()))
        person = next(one for one in ORDER if one in seers)
        answer = furnished.client(person).get(furnished.address(route, thing))
        if answer.status_code != 200 or (not answer.streaming and b"<html" in answer.content):
            wrong.append(route)
        answer.close()
    return wrong


def faults_of(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open. Pictures of it are kept."""
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    found = [*sideways(page), *barriers(page)]
    pictures.keep(page, PICTURES / f"{name}.png")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found += (f"on a phone {fault}" for fault in sideways(page))
    pictures.keep(page, PICTURES / f"{name}-phone.png")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found
