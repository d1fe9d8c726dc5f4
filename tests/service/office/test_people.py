"""Accounts and roles: changed by the administrator, alerting until confirmed by another, sessions and passwords."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.utils import timezone
from lxml import html

from lienthong.journal.models import Event
from lienthong.office.models import Notice, Person, Post, RightChange, Role, Unit
from lienthong.office.people import access, passwords, staff
from lienthong.office.people.staff_errors import LoginTaken
from lienthong.office.web.guards import IDLE_SECONDS, IDLE_SECONDS_OF_ADMINISTRATORS
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, install, now

NEW = "Một câu dễ nhớ, năm 2026"
REASON = "Theo quyết định điều động số 12/QĐ-VPCP"


def added(office: Office, **changes: str) -> dict[str, str]:
    """The form of a new person."""
    unit = str(office.units["KSTT"].pk)
    return {
        "act": "add_person", "login": "nguyen.van.moi", "name": "Nguyễn Văn Mới", "unit": unit, "role": "specialist",
        "position": "Chuyên viên", "since": timezone.localdate().isoformat(), **changes,
    }  # fmt: skip


def problem(client: Client, place: str, form: dict[str, str]) -> str:
    """The code of the refusal."""
    answer = client.post(place, form)
    found = html.fromstring(answer.content).xpath("//@data-problem")
    assert answer.status_code >= 400, answer.status_code
    return str(found[0]) if found else str(answer.status_code)


@pytest.mark.law("C-9")
def test_a_newcomer_gets_a_password_for_one_use_and_chooses_another_before_anything_else(office: Office) -> None:
    page = office.client("quan.tri").post("/can-bo/", added(office))
    once = html.fromstring(page.content).xpath("//*[@data-password]")[0].text_content()
    newcomer = Client()
    assert newcomer.post("/dang-nhap/", {"username": "nguyen.van.moi", "password": once}).status_code == 302
    for place in ("/", "/van-ban-di/", "/can-bo/"):
        assert newcomer.get(place)["Location"] == "/mat-khau/"

    def change(old: str, new: str, again: str = "") -> str:
        answer = newcomer.post("/mat-khau/", {"old": old, "new": new, "again": again or new})
        return "" if answer.status_code == 302 else answer.content.decode()

    assert "14 ký tự" in change(once, "Ngắn 1!")
    assert "chữ hoa" in change(once, "không có chữ hoa nào 1")
    assert "không giống nhau" in change(once, NEW, NEW + "!")
    assert "không đúng" in change("sai", NEW)
    assert "phải khác" in change(once, once)
    assert change(once, NEW) == ""
    assert newcomer.get("/van-ban-di/").status_code == 200
    fresh = Client()
    assert fresh.post("/dang-nhap/", {"username": "nguyen.van.moi", "password": once}).status_code == 401
    assert fresh.post("/dang-nhap/", {"username": "nguyen.van.moi", "password": NEW}).status_code == 302
    assert not any(once in str(row) or NEW in str(row) for row in Event.objects.values_list("data", flat=True))


@pytest.mark.law("AVI-3c", "SEC-6")
def test_a_change_of_rights_alerts_until_another_who_may_confirms_it(office: Office) -> None:
    office.client("quan.tri").post("/can-bo/", added(office))
    leader = office.client("lanh.dao")
    home = html.fromstring(leader.get("/").content)
    assert home.xpath("//*[@data-list='right']/@data-count") == ["2"]  # the account, and its first role
    assert Notice.objects.filter(person=office["lanh.dao"], link="/can-bo/thay-doi/").count() == 2
    change = RightChange.objects.order_by("pk").last()
    assert change is not None
    confirm = {"act": "confirm", "change": str(change.pk)}
    assert problem(office.client("quan.tri"), "/can-bo/thay-doi/", confirm) == "forbidden"
    for login in ("van.thu", "truong.dv", "chuyen.vien", "the.thuc"):
        assert office.client(login).post("/can-bo/thay-doi/", confirm).status_code == 403
    assert leader.post("/can-bo/thay-doi/", confirm).status_code == 302
    assert problem(leader, "/can-bo/thay-doi/", confirm) == "illegal_move"
    change.refresh_from_db()
    assert change.confirmed_by == office["lanh.dao"]
    home = html.fromstring(leader.get("/").content)
    assert home.xpath("//*[@data-list='right']/@data-count") == ["1"]
    shown = html.fromstring(leader.get("/can-bo/thay-doi/").content)
    assert shown.xpath("//@data-confirmed") == ["no", "yes"]
    assert Event.objects.filter(name="right_change.confirmed").count() == 1


@pytest.mark.law("AVI-3c", "SEC-6")
def test_nobody_changes_or_confirms_their_own_rights(office: Office) -> None:
    administrator, leader = office["quan.tri"], office["lanh.dao"]
    own = f"/can-bo/{administrator.pk}/"
    place = {key: value for key, value in added(office).items() if key in ("unit", "role", "position", "since")}
    client = office.client("quan.tri")
    assert problem(client, own, {"act": "give", **place}) == "own_rights"
    assert problem(client, own, {"act": "close", "reason": REASON}) == "own_rights"
    assert problem(client, own, {"act": "reset", "reason": REASON}) == "own_rights"
    theirs = f"/can-bo/{leader.pk}/"
    assert client.post(theirs, {"act": "give", **place, "role": "unit_head"}).status_code == 302
    change = RightChange.objects.get(person=leader)
    confirm = {"act": "confirm", "change": str(change.pk)}
    assert problem(office.client("lanh.dao"), "/can-bo/thay-doi/", confirm) == "own_rights"
    assert office.client("kiem.tra").post("/can-bo/thay-doi/", confirm).status_code == 302


@pytest.mark.law("SEC-5", "SEC-6")
def test_roles_are_given_for_a_time_once_and_administering_is_apart(office: Office) -> None:
    client, person = office.client("quan.tri"), office["chuyen.vien"]
    place = f"/can-bo/{person.pk}/"
    today = timezone.localdate()
    head = {
        "act": "give", "unit": str(office.units["KSTT"].pk), "role": "unit_head", "position": "Phó Vụ trưởng",
        "since": today.isoformat(), "until": (today + timedelta(days=10)).isoformat(),
    }  # fmt: skip
    assert client.post(place, head).status_code == 302
    assert problem(client, place, head) == "post_held"
    assert problem(client, place, {**head, "role": "administrator"}) == "roles_apart"
    assert problem(client, place, {**head, "role": "checker", "until": "2020-01-01"}) == "bad_time"
    assert problem(client, place, {**head, "role": "king"}) == "missing"
    assert problem(client, place, {**head, "unit": "999999"}) == "missing"
    assert problem(client, place, {**head, "role": "checker", "position": " "}) == "missing"
    post = Post.objects.get(person=person, role="unit_head")
    end = {"act": "end", "post": str(post.pk), "last_day": today.isoformat(), "reason": REASON}
    assert problem(client, place, {**end, "reason": ""}) == "reason_needed"
    assert problem(client, place, {**end, "last_day": "2020-01-01"}) == "bad_time"
    assert client.post(place, end).status_code == 302
    assert problem(client, place, end) == "illegal_move"
    post.refresh_from_db()
    assert post.valid_to == today
    assert not RightChange.objects.filter(
        reason__contains="theo quyết định của"
    ).exists()  # nobody else's name is added


@pytest.mark.law("SEC-6")
def test_a_role_given_by_mistake_is_taken_back_at_once(office: Office) -> None:
    client, person = office.client("quan.tri"), office["chuyen.vien"]
    place, today = f"/can-bo/{person.pk}/", timezone.localdate()
    wrong = {"act": "give", "unit": str(office.units["KSTT"].pk), "role": "leader", "position": "Lãnh đạo"}
    for since in (today, today + timedelta(days=9)):
        assert client.post(place, {**wrong, "since": since.isoformat()}).status_code == 302
        post = Post.objects.filter(role="leader", person=person).latest("pk")
        held = since == today
        assert (office.client("chuyen.vien").get("/danh-muc-ban-giay/").status_code == 200) is held
        end = {"act": "end", "post": str(post.pk), "reason": REASON}
        before = since - timedelta(days=1)
        assert problem(client, place, {**end, "last_day": (before - timedelta(days=1)).isoformat()}) == "bad_time"
        assert client.post(place, {**end, "last_day": before.isoformat()}).status_code == 302
        assert office.client("chuyen.vien").get("/danh-muc-ban-giay/").status_code == 403
        assert "chưa từng có hiệu lực" in client.get(place).content.decode()
    assert client.post(place, {**wrong, "since": today.isoformat()}).status_code == 302  # and may be given again


def test_a_name_that_two_give_at_once_is_one_persons(office: Office) -> None:
    def add(name: str) -> str:
        try:
            unit = office.units["KSTT"]
            place = staff.Place(unit, Role.SPECIALIST, "Chuyên viên", timezone.localdate())
            staff.add_person("cung.ten", name, place, actor=Person.objects.get(pk=office["quan.tri"].pk), at=now())
        except LoginTaken:
            return "taken"
        finally:
            connections.close_all()
        return "added"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(add, ("Người Một", "Người Hai"))) == ["added", "taken"]
    person = Person.objects.get(user__username="cung.ten")
    assert person.posts.count() == 1
    assert person.right_changes.count() == 2


def test_who_has_left_is_handed_nothing_and_told_nothing(office: Office) -> None:
    unit, client = office.units["KSTT"], office.client("quan.tri")
    assert office["chuyen.vien"] in access.works_in(unit)
    assert access.heads_of(unit) == [office["truong.dv"]]
    post = office["chuyen.vien"].posts.get()
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    end = {"act": "end", "post": str(post.pk), "last_day": yesterday, "reason": REASON}
    client.post(f"/can-bo/{office['chuyen.vien'].pk}/", end)
    client.post(f"/can-bo/{office['truong.dv'].pk}/", {"act": "close", "reason": REASON})
    assert not access.works_in(unit).exists()
    assert access.heads_of(unit) == []
    assert list(access.people_with(office.organization.pk, Role.UNIT_HEAD)) == []


@pytest.mark.law("SEC-5")
def test_a_closed_account_is_out_at_once_and_may_come_back(office: Office) -> None:
    client, person = office.client("quan.tri"), office["chuyen.vien"]
    place, at_work = f"/can-bo/{person.pk}/", office.client("chuyen.vien")
    assert at_work.get("/van-ban-di/").status_code == 200
    assert client.post(place, {"act": "close", "reason": REASON}).status_code == 302
    assert at_work.get("/van-ban-di/")["Location"].startswith("/dang-nhap/")
    name = person.user.get_username()
    assert Client().post("/dang-nhap/", {"username": name, "password": "x"}).status_code == 401
    assert problem(client, place, {"act": "close", "reason": REASON}) == "illegal_move"
    assert client.post(place, {"act": "reopen", "reason": REASON}).status_code == 302
    assert Client().post("/dang-nhap/", {"username": name, "password": "x"}).status_code == 302
    page = client.post(place, {"act": "reset", "reason": REASON})
    once = html.fromstring(page.content).xpath("//*[@data-password]")[0].text_content()
    assert Client().post("/dang-nhap/", {"username": name, "password": "x"}).status_code == 401
    back = Client()
    assert back.post("/dang-nhap/", {"username": name, "password": once}).status_code == 302
    assert back.get("/van-ban-di/")["Location"] == "/mat-khau/"


@pytest.mark.law("SEC-5")
def test_one_name_is_one_persons_and_idle_accounts_are_seen(office: Office) -> None:
    client = office.client("quan.tri")
    assert client.post("/can-bo/", added(office)).status_code == 200
    assert problem(client, "/can-bo/", added(office)) == "login_taken"
    for login in ("", "Có Dấu", "a", "x" * 61, "-ab", "a b"):
        assert problem(client, "/can-bo/", added(office, login=login)) == "bad_login"
    assert problem(client, "/can-bo/", added(office, login="nguoi.khac", name="  ")) == "missing"
    for since in ("0001-01-01", (timezone.localdate() - timedelta(days=1)).isoformat()):
        assert problem(client, "/can-bo/", added(office, login="nguoi.khac", since=since)) == "bad_time"
    assert problem(client, "/can-bo/", added(office, login="nguoi.khac", act="việc khác")) == "missing"
    assert not Person.objects.filter(user__username="nguoi.khac").exists()
    user = office["van.thu"].user
    user.date_joined = user.last_login = now() - timedelta(days=46)
    user.save()
    page = html.fromstring(client.get("/can-bo/").content)
    row = page.xpath(f"//tr[@data-person='{user.get_username()}']")[0]
    assert "quá 45 ngày" in row.text_content()
    assert page.text_content().count("quá 45 ngày không dùng") == 1


def test_units_are_added_renamed_and_never_below_themselves(office: Office) -> None:
    client = office.client("quan.tri")
    unit = {"act": "add_unit", "abbreviation": "cntt", "unit_name": "Phòng Công nghệ thông tin", "parent": ""}
    top = office.units["KSTT"]
    assert client.post("/can-bo/", {**unit, "parent": str(top.pk)}).status_code == 302
    made = Unit.objects.get(abbreviation="CNTT")
    assert made.parent == top
    assert client.post("/can-bo/", {**unit, "unit_name": "Trung tâm Tin học"}).status_code == 302
    assert Unit.objects.get(pk=made.pk).name == "Trung tâm Tin học"
    client.post("/can-bo/", {**unit, "parent": str(top.pk)})
    circle = {**unit, "abbreviation": top.abbreviation, "unit_name": top.name, "parent": str(made.pk)}
    assert problem(client, "/can-bo/", circle) == "unit_below_itself"
    assert problem(client, "/can-bo/", {**unit, "abbreviation": " "}) == "missing"


@pytest.mark.law("SEC-6")
def test_only_the_agencys_own_are_seen_and_only_by_who_may(
    office: Office,
    authority: TestAuthority,
    tmp_path,  # type: ignore[no-untyped-def]
) -> None:
    other = install(H41, authority, tmp_path)
    theirs = f"/can-bo/{office['chuyen.vien'].pk}/"
    stranger = other.client("quan.tri")
    assert stranger.get(theirs).status_code == 404
    assert stranger.post(theirs, {"act": "close", "reason": REASON}).status_code == 404
    assert "van.thu.g22" not in stranger.get("/can-bo/").content.decode()
    assert problem(stranger, "/can-bo/", added(office, login="nguoi.la")) == "missing"  # another agency's unit
    for login in ("van.thu", "truong.dv", "chuyen.vien", "the.thuc"):
        for place in ("/can-bo/", "/can-bo/thay-doi/", theirs):
            assert office.client(login).get(place).status_code == 403
    for login in ("lanh.dao", "kiem.tra"):
        assert office.client(login).get(theirs).status_code == 200
        assert problem(office.client(login), theirs, {"act": "close", "reason": REASON}) == "forbidden"
        assert problem(office.client(login), "/can-bo/", added(office)) == "forbidden"
    assert Person.objects.get(pk=office["chuyen.vien"].pk).user.is_active


@pytest.mark.law("SEC-1")
@pytest.mark.parametrize(
    ("login", "seconds"), [("van.thu", IDLE_SECONDS), ("quan.tri", IDLE_SECONDS_OF_ADMINISTRATORS)]
)
def test_a_session_in_which_nothing_is_done_is_locked(office: Office, login: str, seconds: int) -> None:
    assert timedelta(seconds=seconds) <= timedelta(minutes=5 if login == "quan.tri" else 15)
    name, client = office[login].user.get_username(), Client()
    client.post("/dang-nhap/", {"username": name, "password": "x"})
    session = SessionStore(Session.objects.get().session_key)
    session["seen"] -= seconds - 5
    session.save()
    assert client.get("/thong-bao/moi/").status_code == 200  # the bell asks by itself: nobody need be there
    assert SessionStore(session.session_key)["seen"] == session["seen"]
    assert client.get("/thong-bao/moi/?active").status_code == 200  # somebody types: that is being there
    session = SessionStore(session.session_key)
    session["seen"] -= seconds + 5
    session.save()
    door = client.get("/van-ban-den/?q=1")
    assert door["Location"] == "/dang-nhap/?next=%2Fvan-ban-den%2F%3Fq%3D1&khoa=1"
    assert "lâu không thao tác" in client.get(door["Location"]).content.decode()
    assert client.get("/van-ban-den/").status_code == 302
    assert Event.objects.filter(name="account.session_locked", actor=name).count() == 1
    back = client.post(door["Location"], {"username": name, "password": "x"})
    assert back["Location"] == "/van-ban-den/?q=1"


def test_an_administrators_password_holds_two_months(office: Office) -> None:
    client = office.client("quan.tri")
    assert client.get("/can-bo/").status_code == 200
    Person.objects.update(password_set_at=now() - passwords.HOLDS - timedelta(days=1))
    assert client.get("/can-bo/")["Location"] == "/mat-khau/"
    assert office.client("van.thu").get("/").status_code == 200
