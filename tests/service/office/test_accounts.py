"""Passwords that come back, accounts that nobody uses, and the list that is looked through (SEC-3, SEC-5)."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import html
from openpyxl import load_workbook

from lienthong.journal.models import AccessLog, Event
from lienthong.office.models import AccountReview, FormerPassword, Notice, RightChange
from lienthong.office.people import accounts, passwords
from lienthong.office.people.setup import install_person
from tests.service.office.conftest import Office, now
from tests.service.office.test_people import problem


@pytest.mark.law("SEC-3")
def test_none_of_the_last_ten_passwords_comes_back(office: Office) -> None:
    client = office.client("van.thu")
    here, chosen = "x", []

    def change(new: str) -> str:
        answer = client.post("/mat-khau/", {"old": here, "new": new, "again": new})
        return "" if answer.status_code == 302 else answer.content.decode()

    for turn in range(passwords.KEPT + 1):
        assert change(f"Mật khẩu thứ {turn}, năm 2026") == ""
        here = f"Mật khẩu thứ {turn}, năm 2026"
        chosen.append(here)
    for former in chosen[1:-1]:
        assert "mười mật khẩu gần đây" in change(former)
    assert FormerPassword.objects.filter(person=office["van.thu"]).count() == passwords.KEPT
    assert change(chosen[0]) == ""  # the eleventh from last


@pytest.mark.law("SEC-3")
def test_other_sessions_end_with_another_password(office: Office) -> None:
    here, elsewhere = office.client("van.thu"), office.client("van.thu")
    assert elsewhere.get("/van-ban-di/").status_code == 200
    new = "Một câu dễ nhớ, năm 2026"
    assert here.post("/mat-khau/", {"old": "x", "new": new, "again": new}).status_code == 302
    assert here.get("/van-ban-di/").status_code == 200
    assert elsewhere.get("/van-ban-di/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil", "nowhere", "office:home", "incoming-document", "?x=1"],
)
def test_signing_in_leads_nowhere_but_to_an_address_of_the_office(office: Office, elsewhere: str) -> None:
    """What is neither an address nor away from here was taken for the name of a route, and broke the page."""
    form = {"username": "van.thu.g22", "password": "x"}
    assert Client().post(f"/dang-nhap/?{urlencode({'next': elsewhere})}", form)["Location"] == "/"
    assert Client().post("/dang-nhap/?next=/van-ban-den/%3Ftrang=x", form)["Location"] == "/van-ban-den/?trang=x"


def unused_for(office: Office, login: str, days: int) -> None:
    user = office[login].user
    user.date_joined = user.last_login = now() - timedelta(days=days)
    user.save()


def rounds(office: Office, days: int = 0) -> tuple[int, int]:
    """What the worker does on a day: warned of, closed."""
    at = now() + timedelta(days=days)
    return accounts.warn_idle(office.organization, at=at), accounts.close_idle(office.organization, at=at)


@pytest.mark.law("SEC-5")
def test_an_account_that_nobody_uses_is_warned_of_and_then_closed(office: Office) -> None:
    unused_for(office, "van.thu", 60)
    unused_for(office, "chuyen.vien", 39)
    assert rounds(office) == (2, 0)  # however long unused: nobody is shut out without a warning
    assert rounds(office) == (0, 0)
    assert Notice.objects.filter(person=office["quan.tri"], link="/can-bo/?xem=lau-khong-dung").count() == 1
    page = office.client("quan.tri").get("/can-bo/?xem=lau-khong-dung").content.decode()
    assert "van.thu.g22" in page
    assert "chuyen.vien.g22" in page
    assert "the.thuc.g22" not in page
    assert office.client("chuyen.vien").get("/").status_code == 200  # who comes back is not closed
    assert rounds(office, 7) == (0, 1)
    assert Client().post("/dang-nhap/", {"username": "van.thu.g22", "password": "x"}).status_code == 401
    assert Client().post("/dang-nhap/", {"username": "chuyen.vien.g22", "password": "x"}).status_code == 302
    change = RightChange.objects.get(kind="account_closed")
    assert (change.person, change.made_by) == (office["van.thu"], None)
    assert Event.objects.get(name="account.closed").actor_kind == "service"
    place = f"/can-bo/{office['van.thu'].pk}/"
    assert office.client("quan.tri").post(place, {"act": "reopen", "reason": "Đi học dài hạn về"}).status_code == 302
    assert rounds(office, 8) == (0, 0)  # opened again is used again
    assert Client().post("/dang-nhap/", {"username": "van.thu.g22", "password": "x"}).status_code == 302


def test_the_last_administrator_is_never_shut_out(office: Office) -> None:
    unused_for(office, "quan.tri", 100)
    assert rounds(office)[0] == 1
    assert rounds(office, 46) == (
        office.organization.people.count() - 1,
        0,
    )  # by then the others were not used either, and are warned of
    assert Client().post("/dang-nhap/", {"username": "quan.tri.g22", "password": "x"}).status_code == 302


@pytest.mark.law("SEC-5")
def test_the_list_is_looked_through_by_who_does_not_keep_it(office: Office) -> None:
    def due(login: str) -> str:
        return str(html.fromstring(office.client(login).get("/can-bo/").content).xpath("//@data-review")[0])

    assert due("quan.tri") == "due"
    form = {"act": "review", "note": "Đã khóa hai tài khoản thôi việc"}
    assert problem(office.client("quan.tri"), "/can-bo/", form) == "forbidden"
    assert problem(office.client("van.thu"), "/can-bo/", form) == "forbidden"
    assert office.client("kiem.tra").post("/can-bo/", form).status_code == 302
    assert due("lanh.dao") == "done"
    assert "Đã khóa hai tài khoản" in office.client("lanh.dao").get("/can-bo/").content.decode()
    made = AccountReview.objects.get()
    assert made.accounts == office.organization.people.count()
    assert Event.objects.get(name="agency.accounts_reviewed").data == {"accounts": made.accounts}
    AccountReview.objects.update(at=now() - timedelta(days=183))
    assert due("quan.tri") == "due"


@pytest.mark.law("SEC-5", "SEC-7")
def test_the_list_is_taken_away_whole_and_noted(office: Office) -> None:
    for login in ("van.thu", "truong.dv", "chuyen.vien", "the.thuc"):
        assert office.client(login).get("/can-bo/tai/xlsx/").status_code == 403
    assert office.client("kiem.tra").get("/can-bo/tai/exe/").status_code == 404
    answer = office.client("kiem.tra").get("/can-bo/tai/xlsx/")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[arg-type]
    assert sheet is not None
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert len(rows) == 1 + office.organization.people.count()
    clerk = next(row for row in rows if row[2] == "van.thu.g22")
    assert clerk[3].startswith("Văn thư, ")
    log = AccessLog.objects.get(subject_kind="people")
    assert (log.access, log.actor, log.subject, log.detail) == ("downloaded", "kiem.tra.g22", "G22", "xlsx")


def test_a_long_list_comes_in_pages_and_is_searched(office: Office) -> None:
    for number in range(110):
        install_person(
            office.organization, login=f"can.bo.{number:03}", name=f"Lê Thị {number:03}", password="x", at=now()
        )
    client, seen, place = office.client("quan.tri"), [], "/can-bo/"
    while place:
        page = html.fromstring(client.get(place).content)
        rows = page.xpath("//tr/@data-person")
        assert len(rows) <= 100
        seen += rows
        more = page.xpath("//a[@rel='next']/@href")
        place = f"/can-bo/{more[0]}" if more else ""
    assert len(seen) == len(set(seen)) == office.organization.people.count()
    found = html.fromstring(client.get("/can-bo/?q=thị 042").content).xpath("//tr/@data-person")
    assert found == ["can.bo.042"]
