"""Units and people from a table: previewed, refused line by line, all or nothing, repeated without doubling."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from lxml import html
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from lienthong.journal.models import AccessLog, Event
from lienthong.look.tables import as_xlsx
from lienthong.office.models import Notice, PeopleImport, Person, Post, RightChange, Unit
from lienthong.office.people import importing, setup
from lienthong.office.people.tables import COLUMNS, PATTERN
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, install, now
from tests.service.office.test_people import problem

PAGE = "/can-bo/nhap/"
GOOD = """loại,ký hiệu đơn vị,tên đơn vị,thuộc đơn vị,mã cán bộ,họ tên,tên đăng nhập,vai trò,chức vụ
đơn vị,P2,Phòng Hai,P1,,,,,
đơn vị,P1,Phòng Một,,,,,,
cán bộ,P1,,,CB1,Nguyễn Văn Ân,,trưởng đơn vị,Trưởng phòng
cán bộ,P2,,,CB1,Nguyễn Văn Ân,,chuyên viên,Chuyên viên
cán bộ,P2,,,CB2,Nguyễn Văn An,,chuyên viên,Chuyên viên
cán bộ,KSTT,,,CB3,Đỗ Thị Ước,uoc.dt,văn thư,Văn thư
"""


def given(table: str | bytes, name: str = "can-bo.csv") -> dict[str, object]:
    content = table.encode() if isinstance(table, str) else table
    return {"act": "preview", "table": SimpleUploadedFile(name, content)}


def previewed(client: Client, table: str | bytes, name: str = "can-bo.csv") -> html.HtmlElement:
    answer = client.post(PAGE, given(table, name))
    assert answer.status_code == 200, answer.content.decode()
    return html.fromstring(answer.content)


def count(page: html.HtmlElement, what: str) -> int:
    return int(page.xpath(f"//dd[@data-{what}]")[0].text_content())


def confirm_of(page: html.HtmlElement) -> dict[str, str]:
    form = page.xpath("//section[@data-preview]//form")[0]
    return {"act": "confirm"} | {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}


def refused(page: html.HtmlElement) -> list[tuple[int, str]]:
    return [(int(row.get("data-line")), row.get("data-reason")) for row in page.xpath("//tr[@data-line]")]


@pytest.mark.law("SEC-5", "AVI-3c")
def test_a_table_is_previewed_confirmed_as_a_whole_and_doubles_nothing(office: Office) -> None:
    client, people, units = office.client("quan.tri"), Person.objects.count(), Unit.objects.count()
    page = previewed(client, GOOD)
    assert [count(page, what) for what in ("units", "added", "posts", "unchanged")] == [2, 3, 4, 0]
    assert refused(page) == []
    assert (Person.objects.count(), Unit.objects.count()) == (people, units)  # nothing yet
    assert client.post(PAGE, confirm_of(page)).status_code == 302
    assert (Person.objects.count(), Unit.objects.count()) == (people + 3, units + 2)
    assert Unit.objects.get(abbreviation="P2").parent == Unit.objects.get(abbreviation="P1")
    first, second = Person.objects.get(staff_code="CB1"), Person.objects.get(staff_code="CB2")
    assert (first.user.get_username(), second.user.get_username()) == ("nguyen.van.an", "nguyen.van.an2")
    assert first.posts.count() == 2
    assert Person.objects.get(user__username="uoc.dt").posts.get().valid_from == timezone.localdate()
    again = previewed(client, GOOD)
    assert [count(again, what) for what in ("units", "added", "posts", "unchanged")] == [0, 0, 0, 6]
    assert not again.xpath("//section[@data-preview]//form")
    more = (
        GOOD.replace("Phòng Một", "Phòng Thứ nhất") + "cán bộ,P1,,,CB2,Nguyễn Văn An,,kiểm tra thể thức,Chuyên viên\n"
    )
    page = previewed(client, more)
    assert [count(page, what) for what in ("units", "added", "posts", "unchanged")] == [1, 0, 1, 5]
    assert client.post(PAGE, confirm_of(page)).status_code == 302
    assert Person.objects.count() == people + 3
    assert Event.objects.filter(name="agency.people_imported").count() == 2
    assert Event.objects.filter(name="post.given", data__role="checker").count() == 1
    assert not PeopleImport.objects.exclude(content=None).exists()  # the table itself is not kept


@pytest.mark.law("AVI-3c", "SEC-6")
def test_its_rights_alert_once_and_who_is_in_it_does_not_confirm_it(office: Office) -> None:
    client, before = office.client("quan.tri"), RightChange.objects.count()
    login = office["lanh.dao"].user.get_username()
    table = GOOD + f"cán bộ,P1,,,LD1,{office['lanh.dao'].full_name},{login},trưởng đơn vị,Kiêm Trưởng phòng\n"
    page = previewed(client, table)
    assert count(page, "adopted") == 1  # the account is known and gets its staff code
    assert client.post(PAGE, confirm_of(page)).status_code == 302
    assert RightChange.objects.count() == before + 1
    assert Person.objects.get(pk=office["lanh.dao"].pk).staff_code == "LD1"
    told = Notice.objects.filter(link="/can-bo/thay-doi/")
    assert list(told.values_list("person", flat=True)) == [office["kiem.tra"].pk]
    change = RightChange.objects.get(kind="people_imported")
    form = {"act": "confirm", "change": change.pk}
    assert problem(office.client("quan.tri"), "/can-bo/thay-doi/", form) == "forbidden"
    assert problem(office.client("lanh.dao"), "/can-bo/thay-doi/", form) == "own_rights"
    assert html.fromstring(office.client("lanh.dao").get("/").content).xpath("//*[@data-list='right']") == []
    assert "can-bo.csv" in office.client("kiem.tra").get("/").content.decode()
    assert "can-bo.csv" in office.client("kiem.tra").get("/can-bo/thay-doi/").content.decode()
    assert office.client("kiem.tra").post("/can-bo/thay-doi/", form).status_code == 302
    assert Event.objects.filter(name="right_change.confirmed", subject="G22").count() == 1
    assert Event.objects.get(name="person.staff_code_set").data["name"] == office["lanh.dao"].full_name


@pytest.mark.law("AVI-3c")
def test_a_staff_code_alone_alerts_too(office: Office) -> None:
    """By it a provider of identities finds the account."""
    client, held = office.client("quan.tri"), office["lanh.dao"].posts.get()
    login = office["lanh.dao"].user.get_username()
    line = f"cán bộ,{held.unit.abbreviation},,,LD1,{office['lanh.dao'].full_name},{login},lãnh đạo,{held.position}\n"
    page = previewed(client, GOOD.splitlines()[0] + "\n" + line)
    assert count(page, "adopted") == 1
    assert client.post(PAGE, confirm_of(page)).status_code == 302
    assert RightChange.objects.filter(kind="people_imported").count() == 1


def test_every_refused_line_is_told_and_then_nothing_is_taken(office: Office) -> None:
    own = office["quan.tri"]
    head = "loại;ký hiệu đơn vị;tên đơn vị;thuộc đơn vị;mã cán bộ;họ tên;tên đăng nhập;vai trò;chức vụ;từ ngày;đến ngày"
    lines = {
        "chức;P1;;;;;;;;;": "kind", "đơn vị;P1;;;;;;;;;": "unit_name", "đơn vị;P2;Hai;P9;;;;;;;": "unit_parent",
        "đơn vị;P3;Ba;P4;;;;;;;": "unit_parent", "đơn vị;P4;Bốn;P3;;;;;;;": "unit_parent",
        "đơn vị;P5;Năm;;;;;;;;": "", "đơn vị;P5;Năm nữa;;;;;;;;": "twice",
        "cán bộ;KSTT;;;;Lê A;;chuyên viên;CV;;": "staff_code", "cán bộ;KSTT;;;C1;;;chuyên viên;CV;;": "name",
        "cán bộ;KSTT;;;C2;Lê A;Có Dấu;chuyên viên;CV;;": "login",
        "cán bộ;KSTT;;;C3;Lê A;van.thu.g22;chuyên viên;CV;;": "names_differ",
        "cán bộ;KSTT;;;C4;Lê A;khach;chuyên viên;CV;;": "login_taken", "cán bộ;P9;;;C5;Lê A;;chuyên viên;CV;;": "unit",
        "cán bộ;KSTT;;;C6;Lê A;;vua;CV;;": "role", "cán bộ;KSTT;;;C7;Lê A;;chuyên viên;;;": "position",
        "cán bộ;KSTT;;;C8;Lê A;;chuyên viên;CV;31/02/2026;": "day",
        "cán bộ;KSTT;;;C9;Lê A;;chuyên viên;CV;01/01/2020;": "day",
        "cán bộ;KSTT;;;C10;Lê A;;chuyên viên;CV;2099-01-02;2099-01-01": "day",
        "cán bộ;KSTT;;;C11;Lê A;le.a.mot;chuyên viên;CV;;": "", "cán bộ;HC;;;C11;Lê B;;chuyên viên;CV;;": "names_differ",
        "cán bộ;HC;;;C11;Lê A;;quản trị;CV;;": "apart", "cán bộ;HC;;;C12;Lê C;le.a.mot;chuyên viên;CV;;": "login_taken",
        f"cán bộ;HC;;;C13;{own.full_name};{own.user.get_username()};văn thư;VT;;": "own",
        "cán bộ;KSTT;;;C14;=Lê A;;chuyên viên;CV;;": "formula",
    }  # fmt: skip
    type(own.user).objects.create_user("khach")
    before = Person.objects.count()
    page = previewed(office.client("quan.tri"), "\n".join([head, *lines]))
    wanted = [(number, reason) for number, reason in enumerate(lines.values(), 2) if reason]
    assert refused(page) == wanted
    assert all(row.text_content().strip() for row in page.xpath("//tr[@data-line]/td[3]"))
    assert not page.xpath("//section[@data-preview]//form")
    run = PeopleImport.objects.get()
    form = {"act": "confirm", "run": str(run.pk), "mark": "x"}
    assert problem(office.client("quan.tri"), PAGE, form) == "lines_refused"  # not even by hand
    assert Person.objects.count() == before
    assert not Unit.objects.filter(abbreviation="P5").exists()


def test_what_is_no_table_says_so_and_what_changed_is_previewed_again(office: Office) -> None:
    client = office.client("quan.tri")
    for content in (b"\xff\xfe\x00", b"PK\x03\x04 broken", b"", b"a,b\n1,2\n", "mã cán bộ,họ tên\nCB1,A\n".encode()):
        assert problem(client, PAGE, given(content)) == "no_table"  # type: ignore[arg-type]
    assert problem(client, PAGE, {"act": "preview"}) == "missing"
    assert problem(client, PAGE, {"act": "confirm", "run": "1", "mark": ""}) == "missing"
    page = previewed(client, GOOD)
    form = confirm_of(page)
    assert problem(client, PAGE, {**form, "mark": "0" * 32}) == "table_changed"
    type(office["quan.tri"].user).objects.create_user("nguyen.van.an")  # taken meanwhile: the account would be another
    assert problem(client, PAGE, form) == "table_changed"
    assert client.post(PAGE, confirm_of(previewed(client, GOOD))).status_code == 302
    assert problem(client, PAGE, form) == "missing"  # what was previewed later took its place
    importing.forget_drafts(now())
    previewed(client, GOOD)
    importing.forget_drafts(now())
    assert not PeopleImport.objects.filter(confirmed_at=None).exists()


@pytest.mark.law("SEC-3", "SEC-7")
def test_newcomers_get_sheets_with_passwords_for_one_use(office: Office) -> None:
    client = office.client("quan.tri")
    assert client.post(PAGE, confirm_of(previewed(client, GOOD))).status_code == 302
    run = PeopleImport.objects.get()

    def sheet() -> dict[str, str]:
        answer = client.post(PAGE, {"act": "sheets", "run": run.pk})
        assert answer.status_code == 200
        book = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[arg-type]
        assert book is not None
        rows = [[str(cell or "") for cell in row] for row in book.iter_rows(values_only=True, min_row=2)]
        return {row[3]: row[4] for row in rows}

    def signs_in(login: str, password: str) -> Client | None:
        browser = Client()
        answer = browser.post("/dang-nhap/", {"username": login, "password": password})
        return browser if answer.status_code == 302 else None

    first = sheet()
    assert set(first) == {"nguyen.van.an", "nguyen.van.an2", "uoc.dt"}
    assert len(set(first.values())) == 3
    newcomer = signs_in("uoc.dt", first["uoc.dt"])
    assert newcomer is not None
    assert newcomer.get("/van-ban-di/")["Location"] == "/mat-khau/"
    second = sheet()
    assert set(second) == {"nguyen.van.an", "nguyen.van.an2"}  # who came in needs none
    assert signs_in("nguyen.van.an", first["nguyen.van.an"]) is None
    assert signs_in("nguyen.van.an", second["nguyen.van.an"]) is not None
    said = str(list(Event.objects.values_list("data", flat=True)))
    assert not any(password in said for password in (*first.values(), *second.values()))
    logged = AccessLog.objects.filter(subject_kind="people").order_by("pk")
    assert [row.detail for row in logged] == [f"sheets of import {run.pk}: 3", f"sheets of import {run.pk}: 2"]


@pytest.mark.law("SEC-6")
def test_only_the_agencys_administrator_takes_in_and_for_the_own_agency(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    for login in ("van.thu", "lanh.dao", "truong.dv", "chuyen.vien", "the.thuc", "kiem.tra"):
        assert office.client(login).get(PAGE).status_code == 403
        assert office.client(login).post(PAGE, given(GOOD)).status_code == 403
    client = office.client("quan.tri")
    form = confirm_of(previewed(client, GOOD))
    other = install(H41, authority, tmp_path)
    assert problem(other.client("quan.tri"), PAGE, form) == "missing"
    assert client.post(PAGE, form).status_code == 302
    sheets = {"act": "sheets", "run": str(PeopleImport.objects.get().pk)}
    assert other.client("quan.tri").post(PAGE, sheets).status_code == 404
    assert not Person.objects.filter(organization=other.organization, staff_code="CB1").exists()


def test_the_pattern_is_a_table_that_is_taken_in(office: Office) -> None:
    client = office.client("quan.tri")
    for kind in ("csv", "xlsx"):
        content = b"".join(client.get(f"{PAGE}mau/{kind}/").streaming_content)  # type: ignore[arg-type]
        page = previewed(client, content, f"mau.{kind}")
        assert [count(page, what) for what in ("units", "added", "posts")] == [1, 1, 1]
    assert client.get(f"{PAGE}mau/exe/").status_code == 404


def test_many_people_take_few_statements(office: Office, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    people = [
        ("cán bộ", "KSTT", "", "", f"CB{number}", f"Nguyễn Văn {number % 500}", "", "chuyên viên", "CV", "", "", "")
        for number in range(1500)
    ]
    content = b"".join(as_xlsx(people, tuple(COLUMNS.values())))
    with django_assert_max_num_queries(60):
        run = importing.take_in(content, "tinh.xlsx", office.organization, at=now())
    assert (run.added, run.posts, run.units) == (1500, 1500, 0)
    assert Post.objects.filter(person__organization=office.organization, role="specialist").count() == 1501
    with django_assert_max_num_queries(20):
        assert len(list(importing.sheets(run, setup.SETUP, at=now()))) == 1500
    assert len(PATTERN[0]) == len(COLUMNS)
