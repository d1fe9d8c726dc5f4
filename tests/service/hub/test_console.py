"""The hub's console: operators only, metadata only."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from lienthong.hub.models import Delivery
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, submit


@pytest.mark.law("SEC-6")
@pytest.mark.django_db
def test_nobody_sees_the_console_without_being_an_operator() -> None:
    get_user_model().objects.create_user("khach", password="một-mật-khẩu-dài")
    visitor = Client()
    assert visitor.get("/console/").status_code == 302
    assert visitor.post("/console/dang-nhap/", {"username": "khach", "password": "một-mật-khẩu-dài"}).status_code == 401
    visitor.force_login(get_user_model().objects.get(username="khach"))
    assert visitor.get("/console/").status_code == 302
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
    assert document.printed_number not in operator.get("/console/", {"q": "khác"}).content.decode()


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
