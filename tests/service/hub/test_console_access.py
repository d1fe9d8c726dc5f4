"""Every route of the console with everybody: a new route cannot be forgotten here, for the list is the table itself."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html

from lienthong.hub import operators
from lienthong.hub.http.console.access import AGAIN, IDLE_SECONDS, Route
from lienthong.hub.http.console.routes import ROUTES, urlpatterns
from lienthong.hub.models import Operator
from lienthong.hub.operators import Role
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.models import Event
from tests.service.hub.conftest import Country, now
from tests.service.hub.people import PASSWORD, sit_down

OPEN = {"hub-signin", "hub-language"}
"""Routes that ask for nobody: the door itself, and its language."""
NOTHING = "00000000-0000-0000-0000-000000000000"


def address(route: Route) -> str:
    """The route's address; what it names is not there."""
    return "/console/" + route.place.replace("<uuid:packet>", NOTHING).replace("<int:key>", "999999").replace(
        "<str:code>", "KHONG.CO"
    ).replace("<int:number>", "999").replace("<str:kind>", "la")


def ask(client: Client, route: Route, method: str = "") -> int:
    return int(getattr(client, (method or route.method).lower())(address(route)).status_code)


def test_the_table_is_all_there_is() -> None:
    names = {pattern.name for pattern in urlpatterns}
    assert names == OPEN | {f"hub-{route.name}" for route in ROUTES}
    assert len(names) == len(urlpatterns)
    under = [str(one.pattern) for one in get_resolver("lienthong.hub.http.urls").url_patterns]
    assert [one for one in under if one.startswith("console")] == ["console/"]
    assert all("<" not in address(route) for route in ROUTES), "teach `address` the new placeholder"


@pytest.mark.law("SEC-6")
@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_nobody_passes_without_signing_in(route: Route) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(address(route))
        assert answer.status_code == 302, method
        assert answer["Location"].startswith("/console/dang-nhap/")


@pytest.mark.law("SEC-6")
@pytest.mark.parametrize("role", Role)
def test_each_role_does_what_is_its_own_and_nothing_else(country: Country, role: Role) -> None:
    client = sit_down(role, "H41" if role is Role.AGENCY else "")
    for route in sorted(ROUTES, key=lambda route: route.name == "signout"):
        status = ask(client, route)
        if role in route.roles:
            assert status not in (401, 403, 405, 500), (route.name, status)
        else:
            assert status == 403, (route.name, status)


@pytest.mark.law("SEC-6")
def test_what_changes_something_is_sent_as_a_form_with_its_token(country: Country) -> None:
    client = sit_down()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    acts = [route for route in ROUTES if route.method == "POST" and Role.OPERATOR in route.roles]
    assert acts
    for route in acts:
        assert ask(client, route, "GET") == 405, route.name
        assert ask(strict, route) == 403, route.name


@pytest.mark.django_db
def test_an_account_of_nobody_at_the_console_does_not_pass(django_user_model) -> None:  # type: ignore[no-untyped-def]
    django_user_model.objects.create_user("khach", password=PASSWORD, is_staff=True, is_superuser=True)
    visitor = Client()
    assert visitor.post("/console/dang-nhap/", {"username": "khach", "password": PASSWORD}).status_code == 401
    visitor.force_login(django_user_model.objects.get())
    assert visitor.get("/console/van-ban/").status_code == 302
    assert visitor.post("/console/dang-nhap/", {"username": "a\0b", "password": "x"}).status_code == 400


def sign_in(account: str, password: str = PASSWORD, **query: str) -> Client:
    client = Client()
    answer = client.post(
        reverse("hub-signin", urlconf="lienthong.runtime.urls_hub", query=query),
        {"username": account, "password": password},
    )
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.mark.law("SEC-2")
@pytest.mark.django_db
def test_who_fails_too_often_waits() -> None:
    operators.add("truc.ban", name="Trực Ban", role=Role.OPERATOR, password=PASSWORD, at=now())
    sign_in("truc.ban")
    wrong = {"username": "truc.ban", "password": "sai"}
    for _ in range(5):
        assert Client().post("/console/dang-nhap/", wrong).status_code == 401
    answer = Client().post("/console/dang-nhap/", {**wrong, "password": PASSWORD})
    assert answer.status_code == 401
    assert "tạm khóa" in answer.content.decode()
    stranger = Client().post("/console/dang-nhap/", {"username": "khong.ai", "password": "sai"})
    told = [html.fromstring(one.content).xpath("//*[@role='alert']")[0].text_content() for one in (answer, stranger)]
    assert told[0] == told[1]  # the door says nothing of which accounts exist


@pytest.mark.law("SEC-2")
@pytest.mark.django_db
def test_a_session_in_which_nothing_is_done_is_locked() -> None:
    operators.add("truc.ban", name="Trực Ban", role=Role.OPERATOR, password=PASSWORD, at=now())
    client = sign_in("truc.ban")
    assert client.get("/console/van-ban/").status_code == 200
    session = SessionStore(Session.objects.get().session_key)
    session["seen"] = session["seen"] - IDLE_SECONDS - 1
    session.save()
    answer = client.get("/console/van-ban/?q=1")
    assert answer.status_code == 302
    door = client.get(answer["Location"])
    assert "lâu không thao tác" in door.content.decode()
    assert "next=%2Fconsole%2Fvan-ban%2F" in answer["Location"]
    assert client.get("/console/van-ban/").status_code == 302
    assert Event.objects.filter(name="operator.session_locked", actor="truc.ban").count() == 1
    where = reverse("hub-signin", urlconf="lienthong.runtime.urls_hub") + "?" + answer["Location"].partition("?")[2]
    back = client.post(where, {"username": "truc.ban", "password": PASSWORD})
    assert back["Location"] == "/console/van-ban/?q=1"


@pytest.mark.django_db
def test_a_page_that_asks_for_itself_keeps_nobody_signed_in() -> None:
    operators.add("truc.ban", name="Trực Ban", role=Role.OPERATOR, password=PASSWORD, at=now())
    client = sign_in("truc.ban")
    client.get("/console/van-ban/")
    key = Session.objects.get().session_key
    session = SessionStore(key)
    session["seen"] = before = session["seen"] - IDLE_SECONDS + 60
    session.save()
    assert client.get("/console/van-ban/", headers={AGAIN: "1"}).status_code == 200
    assert SessionStore(key)["seen"] == before
    assert client.get("/console/van-ban/").status_code == 200
    assert SessionStore(key)["seen"] > before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil", "nowhere", "hub-packet", "?x=1"]
)
def test_signing_in_leads_nowhere_else(elsewhere: str) -> None:
    operators.add("truc.ban", name="Trực Ban", role=Role.OPERATOR, password=PASSWORD, at=now())
    form = {"username": "truc.ban", "password": PASSWORD}
    answer = Client().post(f"/console/dang-nhap/?{urlencode({'next': elsewhere})}", form)
    assert answer["Location"] == "/console/"


@pytest.mark.law("SEC-2")
@pytest.mark.django_db
def test_a_password_for_one_use_is_changed_before_anything_else() -> None:
    once = operators.add("kiem.tra", name="Đoàn Văn Chiến", role=Role.AUDITOR, at=now())
    client = sign_in("kiem.tra", once)
    assert client.get("/console/van-ban/")["Location"] == "/console/mat-khau/"
    new = "Một câu ngắn dễ nhớ, năm 2026"

    def change(old: str, new: str, again: str) -> str:
        answer = client.post("/console/mat-khau/doi/", {"old": old, "new": new, "again": again})
        return "" if answer.status_code == 302 else answer.content.decode()

    assert "không giống nhau" in change(once, new, new + "!")
    assert "không đúng" in change("sai", new, new)
    assert "14 ký tự" in change(once, "ngắn", "ngắn")
    assert "chữ hoa" in change(once, "không có chữ hoa nào 1", "không có chữ hoa nào 1")
    assert "phải khác" in change(once, once, once)
    assert change(once, new, new) == ""
    assert client.get("/console/van-ban/").status_code == 200
    sign_in("kiem.tra", new)
    names = list(Event.objects.filter(actor="kiem.tra").values_list("name", flat=True))
    assert "operator.password_changed" in names
    assert not any(text in str(row) for row in Event.objects.values_list("data", flat=True) for text in (once, new))


@pytest.mark.law("SEC-2")
@pytest.mark.django_db
def test_a_closed_account_and_a_reset_password_end_what_is_open() -> None:
    operators.add("truc.ban", name="Trực Ban", role=Role.OPERATOR, password=PASSWORD, at=now())
    first, second = sign_in("truc.ban"), sign_in("truc.ban")
    operators.close("truc.ban", at=now())
    assert first.get("/console/van-ban/").status_code == 302
    refused = Client().post("/console/dang-nhap/", {"username": "truc.ban", "password": PASSWORD})
    assert refused.status_code == 401
    operators.reopen("truc.ban", at=now())
    assert second.get("/console/van-ban/").status_code == 200
    once = operators.reset_password("truc.ban", at=now())
    assert second.get("/console/van-ban/").status_code == 302
    sign_in("truc.ban", once)
    names = list(Event.objects.filter(subject="truc.ban", subject_kind="operator").values_list("name", flat=True))
    assert names == ["operator.added", "operator.closed", "operator.reopened", "operator.password_reset"]


@pytest.mark.django_db(transaction=True)
def test_an_account_fits_its_role(country: Country) -> None:
    for wrong in (
        {"role": Role.AGENCY},
        {"role": Role.AUDITOR, "agency": "H41"},
        {"role": Role.AGENCY, "agency": "KHONG.CO"},
        {"role": Role.AUDITOR, "name": " "},
    ):
        with pytest.raises(RegistryRefused):
            operators.add("ai.do", **{"name": "Ai Đó", "at": now(), **wrong})  # type: ignore[arg-type]
    operators.add("ai.do", name="Ai Đó", role=Role.AGENCY, agency="H41", at=now())
    assert operators.add("ai.do", name="Ai Đó", role=Role.AUDITOR, at=now()) == ""
    assert Operator.objects.get().agency_id is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Operator.objects.update(role="agency")


def test_a_subtree_is_what_lies_below_and_what_it_follows(country: Country) -> None:
    from lienthong.hub import agencies

    agencies.add_agency("H41.01", name="Sở Nội vụ", parent="H41", at=now())
    agencies.add_agency("H41.01.02", name="Chi cục", parent="H41.01", at=now())
    assert operators.subtree("H41") == {"H41", "H41.01", "H41.01.02"}
    assert operators.subtree("H41.01") == {"H41.01", "H41.01.02"}
    assert operators.subtree("G22") == {"G22"}


def test_every_page_says_what_a_browser_may_load(country: Country) -> None:
    client = sit_down()
    for route in ROUTES:
        if route.method == "GET" and Role.OPERATOR in route.roles and "<" not in route.place:
            answer = client.get(address(route), follow=True)
            assert answer.status_code == 200, route.name
            assert "default-src 'self'" in answer["Content-Security-Policy"]
            assert answer["Cache-Control"] == "no-store"
            assert b"style=" not in answer.content, route.name
            assert b"onclick" not in answer.content, route.name
    assert timedelta(seconds=IDLE_SECONDS) <= timedelta(minutes=15)
