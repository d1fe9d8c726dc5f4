"""Every route with everybody: each role, people of another unit, another agency of the same installation, and nobody at
all. A new route cannot be forgotten here: the list of routes is the URL configuration itself, and the table is `walk`."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lienthong.journal.models import AccessLog, Event
from lienthong.office.people import access
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office
from tests.service.office.furnished import Furnished, Place, at, furnished_twice
from tests.service.office.walk import EVERYBODY, FORBIDDEN_BY_PART, WALK

OPEN = {
    "office:identity-begin",
    "office:identity-return",
    "office:identity-assertion",
    "office:identity-metadata",
    "office:identity-leave",
    "office:signin",
    "office:second-step",
    "office:signout",
    "office:language",
    "healthz",
    "readyz",
    "security-txt",
    "metrics",
}
"""Routes that ask for nobody: signing in (the second step asks who gave the password), by a provider as well, and out, the language, the process's health (metrics: this machine only), and where weaknesses are told."""
ABSENT = 987_654_321
"""The number of nothing."""
_ROWS = {"pk", "file_pk", "enclosure_pk"}
"""Parts of an address that name a row."""
_TOKEN = re.compile(rb'value="[0-9A-Za-z]{64}"')


def routes() -> dict[str, str]:
    """Name of each route → its pattern."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> None:
        for one in patterns:
            if isinstance(one, URLResolver):
                walk(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
            else:
                name = f"{space}{one.name}"
                assert name not in found, name
                found[name] = str(one.pattern)

    walk(get_resolver("lienthong.runtime.urls_office").url_patterns, "")
    return found


def somewhere(route: str) -> Place:
    """What an address needs to name, filled with numbers of nothing."""
    named = re.findall(r"<(\w+):(\w+)>", routes()[f"office:{route}"])
    return {name: ABSENT if kind == "int" else "pdf" for kind, name in named}


def test_the_table_is_all_there_is() -> None:
    assert set(routes()) == OPEN | {f"office:{route}" for route in WALK}
    for route, row in WALK.items():
        assert bool(row.sees) == bool(somewhere(route)), route
        assert all(seen <= row.roles for seen in row.sees.values()), route


@pytest.mark.law("SEC-6", "AVI-G2")
@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(WALK))
def test_nobody_passes_without_signing_in(route: str) -> None:
    for method in ("get", "post", "put"):
        answer = getattr(Client(), method)(at(route, somewhere(route)))
        assert answer.status_code == 302, method
        assert answer["Location"].startswith("/dang-nhap/")


@pytest.mark.django_db
def test_an_account_of_nobody_in_the_office_sees_nothing(django_user_model) -> None:  # type: ignore[no-untyped-def]
    visitor = Client()
    visitor.force_login(django_user_model.objects.create_superuser("khach", password="x"))
    for route in WALK:
        for method in ("get", "post"):
            assert getattr(visitor, method)(at(route, somewhere(route))).status_code == 404, (route, method)


@pytest.fixture
def world(office: Office, authority: TestAuthority, tmp_path: Path) -> tuple[Furnished, Furnished]:
    """Two agencies in one installation, each with something of everything."""
    return furnished_twice(office, authority, tmp_path)


def ask(client: Client, method: str, address: str) -> tuple[int, bytes]:
    """Status and page, without what differs from one asking to the next; of a file only the status."""
    answer = getattr(client, method)(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
        return answer.status_code, b""
    return answer.status_code, _TOKEN.sub(b"", answer.content).replace(address.encode(), b"")


def expected(route: str, thing: str, person: str) -> int:
    row = WALK[route]
    if person not in row.roles or person in FORBIDDEN_BY_PART.get((route, thing), ()):
        return 403
    return 200 if not row.sees or person in row.sees[thing] else 404


@pytest.mark.law("SEC-6", "SEC-5", "AVI-G3")
def test_everybody_of_the_agency_gets_what_is_theirs_and_nothing_else(world: tuple[Furnished, Furnished]) -> None:
    own, _ = world
    people = sorted(EVERYBODY)
    wrong = [fault for person in people for fault in (*faults_of_pages(own, person), *faults_of_forms(own, person))]
    assert not wrong, "\n".join(map(str, wrong))
    pages_say_what_a_browser_may_load(own)


@pytest.mark.law("SEC-6", "SEC-5")
def test_a_stranger_can_not_tell_what_is_there_from_what_is_not(world: tuple[Furnished, Furnished]) -> None:
    own, other = world
    wrong = [fault for person in sorted(EVERYBODY) for fault in faults_of_strangers(other, own, person)]
    assert not wrong, "\n".join(map(str, wrong))


Fault = tuple[str, str, str, str, int]
"""Agency, person, route, object, and the status that is wrong."""


def faults_of_pages(agency: Furnished, person: str) -> Iterator[Fault]:
    """Every page with every object of one's agency."""
    client = agency.client(person)
    for route, row in WALK.items():
        for thing in row.sees or ("",):
            status, _ = ask(client, "get", agency.address(route, thing))
            if status != expected(route, thing, person):
                yield agency.code, person, route, thing, status


def faults_of_forms(agency: Furnished, person: str) -> Iterator[Fault]:
    """What only shows takes no form; a form on a page that one may not open is refused as the page is. None of these
    forms says anything, so nothing comes of them."""
    client, before = agency.client(person), Event.objects.count()
    for route, thing in ((route, thing) for route, row in WALK.items() for thing in row.sees or ("",)):
        posts, wanted = WALK[route].posts, expected(route, thing, person)
        right = {wanted} if posts else {wanted, 405} - {200}
        if posts and wanted == 200:
            right = {200, 302, 403, 404, 422}
        status, _ = ask(client, "post", agency.address(route, thing))
        if status not in right:
            yield agency.code, person, route, thing, status
    assert Event.objects.count() == before, person


def faults_of_strangers(agency: Furnished, foreign: Furnished, person: str) -> Iterator[Fault]:
    """One's own is there; another agency's object, alone or under a document of one's own, is refused in the words for
    one that is not there, and leaves no trace of having been looked for."""
    client = agency.client(person)
    routes = [route for route, row in WALK.items() if "pk" in somewhere(route) and person in row.roles]
    for route in routes:
        thing, place = next(iter(agency.places[route].items()))
        status, _ = ask(client, "get", at(route, place))
        if status != expected(route, thing, person):
            yield agency.code, person, route, thing, status
    noted = traces()
    for route in routes:
        mine = next(iter(agency.places[route].values()))
        for method, part in product(("get", "post") if WALK[route].posts else ("get",), sorted(_ROWS & set(mine))):
            absent = ask(client, method, at(route, {**mine, part: ABSENT}))
            theirs = {
                place
                for one in foreign.places[route].values()
                for place in (at(route, {**mine, part: one[part]}), at(route, one))
            }
            for place in sorted(theirs):
                answer = ask(client, method, place)
                if answer != absent or answer[0] not in (403, 404):
                    yield agency.code, person, route, f"{method} {place}", answer[0]
    assert traces() == noted, person


def traces() -> tuple[int, int]:
    return AccessLog.objects.count(), Event.objects.count()


def pages_say_what_a_browser_may_load(agency: Furnished) -> None:
    clerk = agency.client("van.thu")
    for route, row in WALK.items():
        if row.sees or "van.thu" not in row.roles or route in ("bell", "recipients-found"):
            continue
        answer = clerk.get(agency.address(route))
        assert answer.status_code == 200, route
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
    web = Path(access.__file__).parents[1] / "web"
    for file in web.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        assert "IncomingDocument.objects" not in source, file
        assert "OutgoingDocument.objects" not in source, file
