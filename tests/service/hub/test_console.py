"""The hub's console: operators only, metadata only."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

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
