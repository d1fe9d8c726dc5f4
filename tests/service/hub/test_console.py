"""The hub's console: operators only, metadata only."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from lxml import html

from lienthong.hub.models import Delivery
from lienthong.standards.edxml import Document
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, make_recall, make_status, receive_all, submit

S = StatusCode


@pytest.mark.law("SEC-6")
@pytest.mark.django_db
def test_nobody_sees_the_console_without_being_an_operator() -> None:
    get_user_model().objects.create_user("khach", password="một-mật-khẩu-dài")
    visitor = Client()
    assert visitor.get("/console/").status_code == 302
    assert visitor.post("/console/dang-nhap/", {"username": "khach", "password": "một-mật-khẩu-dài"}).status_code == 401
    visitor.force_login(get_user_model().objects.get(username="khach"))
    assert visitor.get("/console/").status_code == 302
    assert visitor.post("/console/dang-nhap/", {"username": "a\0b", "password": "x"}).status_code == 401
    assert visitor.get("/console/dang-xuat/").status_code == 405


def test_an_operator_sees_the_way_and_no_content(country: Country) -> None:
    document = make_document(subject="Trích yếu không được lộ ở Trục")
    submit(country.native("G22"), document)
    operator = Client()
    operator.force_login(get_user_model().objects.create_user("van.hanh", is_staff=True))
    page = operator.get("/console/", {"q": document.identifier}).content.decode()
    assert document.identifier in page
    assert "Chờ bên nhận lấy" in page
    assert "không được lộ" not in page
    assert operator.get("/console/", {"q": "\0"}).status_code == 200
    assert document.printed_number not in operator.get("/console/", {"q": "khác"}).content.decode()


def rows_of(operator: Client, document: Document) -> list[tuple[str, str]]:
    """Business type and words of what was reported, of each row, newest first."""
    page = html.document_fromstring(operator.get("/console/", {"q": document.identifier}).content.decode())
    return [(row.get("data-business"), row.xpath("string(td[6])")) for row in page.xpath("//tr[@data-business]")]


@pytest.mark.law("R-8.2-1")
def test_an_operator_sees_what_became_of_a_recall(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26"))
    operator = Client()
    operator.force_login(get_user_model().objects.create_user("van.hanh", is_staff=True))
    submit(sender, document)
    for code in ("H41", "H26"):
        receive_all(country.native(code))
        submit(country.native(code), make_status(document, S.ACCEPTED, code))
    assert rows_of(operator, document) == [("0", "03 Đã tiếp nhận")] * 2
    submit(sender, make_recall(document, ("H41", "H26")))
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    submit(country.native("H26"), make_status(document, S.DECLINED, "H26", "Đã thi hành xong"))
    seen = rows_of(operator, document)
    assert sorted(seen) == [("0", "15 Đã thu hồi"), ("0", "16 Không thu hồi"), ("1", "–"), ("1", "–")]
    page = operator.get("/console/", {"q": document.identifier}).content.decode()
    assert page.count("<strong>Thu hồi</strong>") == 2


def test_an_agreed_update_is_no_recall(country: Country) -> None:
    document = make_document()
    operator = Client()
    operator.force_login(get_user_model().objects.create_user("van.hanh", is_staff=True))
    submit(country.native("G22"), document)
    receive_all(country.native("H41"))
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    assert rows_of(operator, document) == [("0", "15 Đồng ý cập nhật, thu hồi")]


@pytest.mark.law("SEC-2")
@pytest.mark.django_db
def test_an_operator_who_fails_too_often_waits() -> None:
    get_user_model().objects.create_user("truc.ban", password="một-mật-khẩu-dài", is_staff=True)
    right = {"username": "truc.ban", "password": "một-mật-khẩu-dài"}
    assert Client().post("/console/dang-nhap/", right).status_code == 302
    for _ in range(5):
        assert Client().post("/console/dang-nhap/", {**right, "password": "sai"}).status_code == 401
    answer = Client().post("/console/dang-nhap/", right)
    assert answer.status_code == 401
    assert "tạm khóa" in answer.content.decode()


def test_what_a_recipients_system_could_not_take_is_shown_to_operators(old_country: Country) -> None:
    document, good = make_document(("H41",), sender="G22"), make_document(("H41",), sender="G22")
    for each in (document, good):
        submit(old_country.native("H26"), make_document(("H41",), sender="H26"))
        old_country.java("G22").send_edoc(document_packet(each), sender="000.00.00.G22")
    client = old_country.java("H41")
    failed = Delivery.objects.get(packet__identifier=document.identifier)
    client.update_status(str(failed.pk), "fail")
    operator = Client()
    operator.force_login(get_user_model().objects.create_user("van.hanh", is_staff=True))
    assert "Bên nhận báo lỗi: 1" in operator.get("/console/").content.decode()
    page = operator.get("/console/", {"state": "fail"}).content.decode()
    assert document.identifier in page
    assert "hệ thống nhận báo fail" in page
    assert good.identifier not in page
    client.update_status(str(failed.pk), "done")
    assert document.identifier not in operator.get("/console/", {"state": "fail"}).content.decode()
    assert Client().get("/console/", {"state": "fail"}).status_code == 302
