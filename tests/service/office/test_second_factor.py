"""A second step at sign-in: who is asked, what lets in and what does not, and that its secrets are nowhere to be read."""

import re
from base64 import b32decode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from lxml import html

from lienthong.journal.models import Event
from lienthong.office.models import Notice, Person, RecoveryCode, RightChange, Role, SecondFactor, SignInRules
from lienthong.office.people import staff
from lienthong.office.people.second_factor import STEP_SECONDS
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, install, now
from tests.service.office.test_people import problem

REASON = "Mất điện thoại, có đơn ngày 02/11/2026"


class Phone:
    """An authenticator as anybody has one."""

    def __init__(self, key: str) -> None:
        self.device = TOTP(b32decode(key.replace(" ", "")), 6, SHA1(), STEP_SECONDS)  # noqa: S303

    def code(self, steps: int = 0) -> str:
        """The code that it shows so many steps from now."""
        return self.device.generate(int(now().timestamp()) + steps * STEP_SECONDS).decode()


def enrol(client: Client) -> tuple[Phone, list[str]]:
    """Set up a phone on the page; gives it, and the recovery codes."""
    client.post("/hai-buoc/", {"act": "begin"})
    page = html.fromstring(client.get("/hai-buoc/").content)
    assert page.xpath("//*[@data-qr]//*[local-name()='svg']")
    phone = Phone(page.xpath("//*[@data-key]")[0].text_content())
    told = html.fromstring(client.post("/hai-buoc/", {"act": "confirm", "code": phone.code(-1)}).content)
    return phone, [one.text_content() for one in told.xpath("//*[@data-code]")]


def door(office: Office, login: str) -> Client:
    """A browser in which the password was given."""
    client = Client()
    client.post("/dang-nhap/?next=/van-ban-di/", {"username": office[login].user.get_username(), "password": "x"})
    return client


@pytest.mark.law("SEC-4")
def test_who_has_a_second_step_is_not_in_before_it_is_shown(office: Office) -> None:
    phone, codes = enrol(office.client("van.thu"))
    assert len(codes) == len(set(codes)) == 10
    client = Client()
    name = office["van.thu"].user.get_username()
    answer = client.post("/dang-nhap/?next=/van-ban-di/", {"username": name, "password": "x"})
    assert answer["Location"] == "/dang-nhap/ma/"
    assert client.get("/van-ban-di/")["Location"].startswith("/dang-nhap/?")  # the password alone opens nothing
    wrong = str((int(phone.code()) + 1) % 10**6).zfill(6)
    for code in (wrong, "mã gì đó", phone.code(-4), phone.code(4)):
        refused = client.post("/dang-nhap/ma/", {"code": code})
        assert refused.status_code == 401, code
        assert "Mã không đúng" in refused.content.decode()
    right = phone.code()
    assert client.post("/dang-nhap/ma/", {"code": f"{right[:3]} {right[3:]}"})["Location"] == "/van-ban-di/"
    assert client.get("/van-ban-di/").status_code == 200
    again = door(office, "van.thu")
    assert again.post("/dang-nhap/ma/", {"code": right}).status_code == 401  # a code lets in once
    assert again.post("/dang-nhap/ma/", {"code": phone.code(1)}).status_code == 302  # a clock that goes ahead a little
    assert Client().get("/dang-nhap/ma/")["Location"] == "/dang-nhap/"  # who gave no password is asked no code


@pytest.mark.law("SEC-2", "SEC-4")
def test_codes_are_not_tried_without_end(office: Office) -> None:
    at_work = office.client("van.thu")
    phone, _ = enrol(at_work)
    client = door(office, "van.thu")
    for _ in range(5):
        assert client.post("/dang-nhap/ma/", {"code": "không phải"}).status_code == 401
    assert "tạm khóa" in client.post("/dang-nhap/ma/", {"code": phone.code()}).content.decode()
    assert problem(at_work, "/hai-buoc/", {"act": "renew", "code": phone.code()}) == "codes_locked"


def test_the_second_step_is_not_waited_for_without_end(office: Office) -> None:
    phone, _ = enrol(office.client("van.thu"))
    client = door(office, "van.thu")
    session = client.session
    half = session["half"]
    session["half"] = {**half, "at": half["at"] - 301}
    session.save()
    assert client.post("/dang-nhap/ma/", {"code": phone.code()})["Location"] == "/dang-nhap/"
    client = door(office, "van.thu")
    user = office["van.thu"].user
    user.set_password("một mật khẩu khác")
    user.save()
    assert (
        client.post("/dang-nhap/ma/", {"code": phone.code()})["Location"] == "/dang-nhap/"
    )  # another password meanwhile
    assert not client.session.get("_auth_user_id")


def test_a_recovery_code_lets_in_once_and_others_take_their_place(office: Office) -> None:
    at_work = office.client("van.thu")
    phone, codes = enrol(at_work)
    assert (
        door(office, "van.thu").post("/dang-nhap/ma/", {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    )
    assert door(office, "van.thu").post("/dang-nhap/ma/", {"code": codes[0]}).status_code == 401
    shown = html.fromstring(at_work.get("/hai-buoc/").content)
    assert shown.xpath("//*[@data-left]")[0].text_content() == "9"
    assert not shown.xpath("//*[@data-code]")  # shown once
    assert problem(at_work, "/hai-buoc/", {"act": "renew", "code": codes[0]}) == "wrong_code"
    told = html.fromstring(at_work.post("/hai-buoc/", {"act": "renew", "code": phone.code()}).content)
    fresh = [one.text_content() for one in told.xpath("//*[@data-code]")]
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert door(office, "van.thu").post("/dang-nhap/ma/", {"code": codes[1]}).status_code == 401
    assert door(office, "van.thu").post("/dang-nhap/ma/", {"code": fresh[1]}).status_code == 302
    used = Event.objects.filter(name="account.recovery_code_used")
    assert [event.data["left"] for event in used.order_by("pk")] == [9, 9]


@pytest.mark.law("SEC-4")
def test_administrators_set_it_up_before_anything_else_where_nothing_else_is_decided(office: Office) -> None:
    SignInRules.objects.all().delete()  # an agency that decided nothing
    client = door(office, "quan.tri")
    for place in ("/", "/can-bo/", "/can-bo/dang-nhap/"):
        assert client.get(place)["Location"] == "/hai-buoc/"
    assert (
        client.post("/can-bo/", {"act": "add_unit", "abbreviation": "X", "unit_name": "X"})["Location"] == "/hai-buoc/"
    )
    assert "Cơ quan yêu cầu" in client.get("/hai-buoc/").content.decode()
    assert client.get("/mat-khau/").status_code == 200
    phone, _ = enrol(client)
    assert client.get("/can-bo/").status_code == 200
    assert client.post("/hai-buoc/", {"act": "remove", "code": phone.code()}).status_code == 302
    assert client.get("/can-bo/")["Location"] == "/hai-buoc/"  # another one takes its place first
    assert office.client("van.thu").get("/van-ban-di/").status_code == 200  # others are not asked


@pytest.mark.law("SEC-4")
def test_the_agency_says_who_is_asked_and_others_do_not(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "/can-bo/dang-nhap/"
    outside = {"outside": "on", "inside": "10.1.0.0/16\n127.0.0.0/8"}
    for login in ("van.thu", "truong.dv", "chuyen.vien", "the.thuc"):
        assert office.client(login).get(page).status_code == 403
        assert problem(office.client(login), page, outside) == "forbidden"
    for login in ("lanh.dao", "kiem.tra"):
        assert office.client(login).get(page).status_code == 200
        assert problem(office.client(login), page, outside) == "forbidden"
    keeper = office.client("quan.tri")
    assert problem(keeper, page, {"outside": "on", "inside": "  "}) == "networks_needed"
    assert problem(keeper, page, {"outside": "on", "inside": "10.1.0.0/16\nnhà tôi"}) == "bad_networks"
    assert keeper.post(page, outside).status_code == 302
    assert Notice.objects.filter(person=office["lanh.dao"], link=page).count() == 1
    clerk = office.client("van.thu")
    assert clerk.get("/van-ban-di/").status_code == 200  # from inside: this machine
    assert clerk.get("/van-ban-di/", REMOTE_ADDR="::1").status_code == 302  # said to be inside was only IPv4
    told = replace(settings.LIENTHONG, trusted_proxies="127.0.0.1/32")
    monkeypatch.setattr(settings, "LIENTHONG", told)
    for address, status in (("10.1.2.3", 200), ("203.0.113.9", 302)):
        headers = {"x-forwarded-for": address, "x-forwarded-proto": "https"}
        answer = office.client("van.thu").get("/van-ban-di/", headers=headers)
        assert answer.status_code == status, address
    assert keeper.post(page, {"everyone": "on"}).status_code == 302
    assert clerk.get("/van-ban-di/")["Location"] == "/hai-buoc/"
    assert Event.objects.filter(name="agency.sign_in_rules_set").latest("pk").data["everyone"] is True


@pytest.mark.law("SEC-4")
def test_a_lost_phone_is_removed_by_another_administrator_and_alerts(office: Office) -> None:
    at_work = office.client("van.thu")
    enrol(at_work)
    person = office["van.thu"]
    place = f"/can-bo/{person.pk}/"
    form = {"act": "reset_second", "reason": REASON}
    for login in ("lanh.dao", "kiem.tra"):
        assert problem(office.client(login), place, form) == "forbidden"
    keeper = office.client("quan.tri")
    assert problem(keeper, place, {**form, "reason": ""}) == "reason_needed"
    assert problem(keeper, f"/can-bo/{office['lanh.dao'].pk}/", form) == "no_factor"
    assert keeper.post(place, form).status_code == 302
    assert at_work.get("/van-ban-di/")["Location"].startswith("/dang-nhap/")  # its sessions end
    change = RightChange.objects.get(kind="second_factor_reset")
    assert (change.person, change.reason) == (person, REASON)
    assert Event.objects.get(name="account.second_factor_reset").data["reason"] == REASON
    assert problem(keeper, f"/can-bo/{office['quan.tri'].pk}/", form) == "own_rights"


def test_who_runs_the_server_lets_the_only_administrator_in_again(office: Office) -> None:
    keeper = office["quan.tri"]
    enrol(office.client("quan.tri"))
    post = keeper.posts.get()
    place = staff.Place(post.unit, Role.ADMINISTRATOR, post.position, timezone.localdate())
    once = staff.install(office.organization, keeper.user.get_username(), keeper.full_name, place, at=now())
    client = Client()
    form = {"username": keeper.user.get_username(), "password": once}
    assert client.post("/dang-nhap/", form)["Location"] == "/"  # no code is asked
    assert client.get("/can-bo/")["Location"] == "/mat-khau/"
    assert RightChange.objects.filter(kind="second_factor_reset", person=keeper, made_by=None).count() == 1


def test_a_session_from_before_ends_when_a_phone_is_set_up(office: Office) -> None:
    elsewhere, here = office.client("van.thu"), office.client("van.thu")
    assert elsewhere.get("/van-ban-di/").status_code == 200
    enrol(here)
    assert here.get("/van-ban-di/").status_code == 200
    assert elsewhere.get("/van-ban-di/")["Location"].startswith("/dang-nhap/")


@pytest.mark.law("SEC-3")
def test_a_short_password_holds_beside_a_second_step_alone(office: Office) -> None:
    client = office.client("van.thu")

    def change(old: str, new: str) -> str:
        answer = client.post("/mat-khau/", {"old": old, "new": new, "again": new})
        return "" if answer.status_code == 302 else answer.content.decode()

    assert "14 ký tự" in change("x", "tám chữ c")
    phone, _ = enrol(client)
    assert "8 ký tự" in change("x", "bảy chữ")
    assert "quá phổ biến" in change("x", "password1")
    assert change("x", "tám chữ c") == ""
    assert client.get("/van-ban-di/").status_code == 200
    assert client.post("/hai-buoc/", {"act": "remove", "code": phone.code()}).status_code == 302
    assert client.get("/van-ban-di/")["Location"] == "/mat-khau/"  # it does not stand alone
    assert change("tám chữ c", "Một câu dài hơn, năm 2026") == ""


@pytest.mark.law("SEC-8")
def test_no_secret_is_in_journal_log_address_or_database_as_it_is(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as logged:
        client = office.client("van.thu")
        client.post("/hai-buoc/", {"act": "begin"})
        key = html.fromstring(client.get("/hai-buoc/").content).xpath("//*[@data-key]")[0].text_content()
        phone = Phone(key)
        told = html.fromstring(client.post("/hai-buoc/", {"act": "confirm", "code": phone.code(-1)}).content)
        codes = [one.text_content() for one in told.xpath("//*[@data-code]")]
        door(office, "van.thu").post("/dang-nhap/ma/", {"code": codes[0]})
        door(office, "van.thu").post("/dang-nhap/ma/", {"code": "999999"})
    kept = bytes(SecondFactor.objects.get().secret)
    raw = b32decode(key.replace(" ", ""))
    assert raw not in kept
    assert raw.hex().encode() not in kept
    said = f"{logged} {capsys.readouterr()} {list(Event.objects.values_list('data', flat=True))}"
    for secret in (key, key.replace(" ", ""), raw.hex(), *codes, "999999"):
        assert secret not in said
    assert not {code.replace("-", "") for code in codes} & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert re.fullmatch(r"[0-9a-f]{64}", RecoveryCode.objects.first().digest)  # type: ignore[union-attr]


def test_nothing_is_confirmed_that_was_not_begun_and_nothing_twice(office: Office) -> None:
    client = office.client("van.thu")
    for act in ("confirm", "renew", "remove"):
        assert problem(client, "/hai-buoc/", {"act": act, "code": "000000"}) == "no_factor"
    assert problem(client, "/hai-buoc/", {"act": "gì đó"}) == "missing"
    client.post("/hai-buoc/", {"act": "begin"})
    first = bytes(SecondFactor.objects.get().secret)
    client.post("/hai-buoc/", {"act": "begin"})
    assert bytes(SecondFactor.objects.get().secret) == first  # what was scanned stays worth something
    assert problem(client, "/hai-buoc/", {"act": "confirm", "code": "không phải"}) == "wrong_code"
    assert SecondFactor.objects.get().confirmed_at is None
    assert door(office, "van.thu").get("/van-ban-di/").status_code == 200  # what was only begun is not asked


def test_another_agencys_rules_are_its_own(office: Office, authority: TestAuthority, tmp_path: Path) -> None:
    other = install(H41, authority, tmp_path)
    office.client("quan.tri").post("/can-bo/dang-nhap/", {"everyone": "on"})
    assert other.client("van.thu").get("/van-ban-di/").status_code == 200
    assert office.client("van.thu").get("/van-ban-di/").status_code == 302
    assert Person.objects.filter(second_factor=None).count() == Person.objects.count()
    assert timezone.now() >= Event.objects.latest("pk").at


@pytest.mark.law("SEC-4")
def test_a_phone_that_was_begun_counts_in_the_session_that_began_it_alone(office: Office) -> None:
    stranger = office.client("van.thu")  # whoever sits at the open desk of somebody who has no second step
    stranger.post("/hai-buoc/", {"act": "begin"})
    theirs = html.fromstring(stranger.get("/hai-buoc/").content).xpath("//*[@data-key]")[0].text_content()
    owner = office.client("van.thu")
    page = html.fromstring(owner.get("/hai-buoc/").content)
    assert not page.xpath("//*[@data-key]")  # the secret that somebody else saw is not offered to be scanned
    assert page.xpath("//*[@data-factor='off']")
    code = Phone(theirs).code(-1)
    assert problem(owner, "/hai-buoc/", {"act": "confirm", "code": code}) == "phone_begun_elsewhere"
    phone, _ = enrol(owner)
    assert phone.code() != Phone(theirs).code()
    ended = stranger.post("/hai-buoc/", {"act": "confirm", "code": code})  # a session from before the second step
    assert ended["Location"].startswith("/dang-nhap/")
    assert door(office, "van.thu").post("/dang-nhap/ma/", {"code": Phone(theirs).code()}).status_code == 401


@pytest.mark.law("SEC-4")
@pytest.mark.parametrize("how", ["signs out", "is locked", "waits"])
def test_what_was_begun_ends_with_its_session_and_after_five_minutes(office: Office, how: str) -> None:
    client = office.client("van.thu")
    client.post("/hai-buoc/", {"act": "begin"})
    first = bytes(SecondFactor.objects.get().secret)
    session = client.session
    if how == "signs out":
        client.post("/dang-xuat/")
    elif how == "is locked":
        session["seen"] = session.get("seen", timezone.now().timestamp()) - 3600
        session.save()
        assert "khoa=1" in client.get("/hai-buoc/")["Location"]
    else:
        session["begun"] = {**session["begun"], "at": session["begun"]["at"] - 301}
        session.save()
        assert not html.fromstring(client.get("/hai-buoc/").content).xpath("//*[@data-key]")
        client.post("/hai-buoc/", {"act": "begin"})
        assert bytes(SecondFactor.objects.get().secret) not in (first, b"")
        return
    assert bytes(SecondFactor.objects.get().secret) == b""


@pytest.mark.law("SEC-4")
def test_of_two_sessions_that_begin_at_once_none_is_shown_the_secret_of_the_other(office: Office) -> None:
    owner, stranger, begins = office.client("van.thu"), office.client("van.thu"), [True]

    def between(execute: Callable[..., object], sql: str, *told: object) -> object:
        done = execute(sql, *told)
        if sql.startswith('UPDATE "office_secondfactor"') and begins:
            begins.clear()
            stranger.post("/hai-buoc/", {"act": "begin"})
        return done

    with connection.execute_wrapper(between):
        owner.post("/hai-buoc/", {"act": "begin"})
    shown = [html.fromstring(client.get("/hai-buoc/").content).xpath("//*[@data-key]") for client in (owner, stranger)]
    assert [len(one) for one in shown] == [0, 1]
