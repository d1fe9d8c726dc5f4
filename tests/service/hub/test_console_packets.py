"""Văn bản: the way of packets, metadata only."""

import pytest
from django.test import Client
from lxml import html

from lienthong.hub.models import Delivery
from lienthong.standards.edxml import Document
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, make_recall, make_status, receive_all, submit
from tests.service.hub.people import sit_down

S = StatusCode


def test_an_operator_sees_the_way_and_no_content(country: Country) -> None:
    document = make_document(subject="Trích yếu không được lộ ở Trục")
    submit(country.native("G22"), document)
    operator = sit_down()
    page = operator.get("/console/van-ban/", {"q": document.identifier}).content.decode()
    assert document.identifier in page
    assert "Chờ bên nhận lấy" in page
    assert "không được lộ" not in page
    assert operator.get("/console/van-ban/", {"q": "\0"}).status_code == 200
    assert document.printed_number not in operator.get("/console/van-ban/", {"q": "khác"}).content.decode()


def rows_of(operator: Client, document: Document) -> list[tuple[str, str]]:
    """Business type and words of what was reported, of each row, newest first."""
    page = html.document_fromstring(operator.get("/console/van-ban/", {"q": document.identifier}).content.decode())
    return [(row.get("data-business"), row.xpath("string(td[5])")) for row in page.xpath("//tr[@data-business]")]


@pytest.mark.law("R-8.2-1")
def test_an_operator_sees_what_became_of_a_recall(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26"))
    operator = sit_down()
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
    page = operator.get("/console/van-ban/", {"q": document.identifier}).content.decode()
    assert page.count("<strong>Thu hồi</strong>") == 2


def test_an_agreed_update_is_no_recall(country: Country) -> None:
    document = make_document()
    operator = sit_down()
    submit(country.native("G22"), document)
    receive_all(country.native("H41"))
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    assert rows_of(operator, document) == [("0", "15 Đồng ý cập nhật, thu hồi")]


def test_what_a_recipients_system_could_not_take_is_shown_to_operators(old_country: Country) -> None:
    document, good = make_document(("H41",), sender="G22"), make_document(("H41",), sender="G22")
    for each in (document, good):
        submit(old_country.native("H26"), make_document(("H41",), sender="H26"))
        old_country.java("G22").send_edoc(document_packet(each), sender="000.00.00.G22")
    client = old_country.java("H41")
    failed = Delivery.objects.get(packet__identifier=document.identifier)
    client.update_status(str(failed.pk), "fail")
    operator = sit_down()
    assert "Bên nhận báo lỗi: 1" in operator.get("/console/van-ban/").content.decode()
    page = operator.get("/console/van-ban/", {"state": "fail"}).content.decode()
    assert document.identifier in page
    assert "hệ thống nhận báo fail" in page
    assert good.identifier not in page
    client.update_status(str(failed.pk), "done")
    assert document.identifier not in operator.get("/console/van-ban/", {"state": "fail"}).content.decode()
