"""Văn bản: the way of packets, metadata only."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import agencies, tally, trail
from lienthong.hub.http.console.routes import ROUTES
from lienthong.hub.models import Delivery, Packet
from lienthong.hub.operators import Role
from lienthong.journal.models import Event
from lienthong.protocol.problems import Problem
from lienthong.standards.edxml import Document, Signer
from lienthong.standards.statuses import StatusCode, Urgency
from tests.museum.packets import document_packet
from tests.service.hub.conftest import (
    Country,
    make_document,
    make_recall,
    make_status,
    now,
    receive_all,
    submit,
)
from tests.service.hub.people import sit_down
from tests.service.hub.test_console_access import NOTHING, address

S = StatusCode


def test_an_operator_sees_the_way_and_no_content(country: Country) -> None:
    document = make_document(subject="Trích yếu không được lộ ở Trục")
    submit(country.native("G22"), document)
    operator = sit_down()
    page = operator.get("/console/van-ban/", {"q": document.identifier}).content.decode()
    assert document.identifier in page
    assert "Chờ bên nhận lấy" in page
    assert "không được lộ" not in page
    assert operator.get("/console/van-ban/", {"q": "\0"}).status_code == 400
    assert document.printed_number not in operator.get("/console/van-ban/", {"q": "khác"}).content.decode()


def rows_of(operator: Client, document: Document) -> list[tuple[str, str]]:
    """Business type and words of what was reported, of each row, newest first."""
    page = html.document_fromstring(operator.get("/console/van-ban/", {"q": document.identifier}).content.decode())
    return [
        (row.get("data-business"), f"{row.get('data-reported')} {row.xpath('string(td[4])').strip()}".strip() or "–")
        for row in page.xpath("//tr[@data-business]")
    ]


@pytest.mark.law("R-8.2-3")
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
    assert page.count("<b>Thu hồi</b>") == 2


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
    page = operator.get("/console/van-ban/", {"state": "fail"}).content.decode()
    assert document.identifier in page
    assert good.identifier not in page
    way = operator.get(f"/console/van-ban/{failed.packet_id}/").content.decode()
    assert "hệ thống nhận báo fail" in way
    assert good.identifier not in page
    client.update_status(str(failed.pk), "done")
    assert document.identifier not in operator.get("/console/van-ban/", {"state": "fail"}).content.decode()


def numbers(client: Client, **query: str) -> list[str]:
    """Numbers of the rows of a page."""
    page = html.document_fromstring(client.get("/console/van-ban/", query).content.decode())
    return [row.xpath("string(td[1])").strip() for row in page.xpath("//tr[@data-agency]")]


def test_documents_are_found_by_whatever_somebody_has_in_hand(country: Country) -> None:
    first = make_document(("H41", "H26"), urgency=Urgency.EXPRESS)
    second = make_document(("H41",), sender="H26")
    for document in (first, second):
        submit(country.native(document.sender.code), document)
    operator = sit_down()
    one, two = first.printed_number, second.printed_number
    assert numbers(operator) == [two, one, one]
    for query, found in (
        ({"q": first.identifier}, [one, one]),
        ({"q": two[:-2]}, [two]),
        ({"sender": "000.00.00.H26"}, [two]),
        ({"recipient": "H26"}, [one]),
        ({"recipient": "H41", "sender": "G22"}, [one]),
        ({"system": "H26"}, [two]),
        ({"urgency": "3"}, [one, one]),
        ({"state": "open"}, [one, one, two]),
        ({"state": "done"}, []),
        ({"since": "2099-01-01"}, []),
        ({"until": "2099-01-01", "urgency": "0"}, [two]),
        ({"since": "sai", "state": "sai", "urgency": "9", "tu": "sai"}, [two, one, one]),
    ):
        assert sorted(numbers(operator, **query)) == sorted(found), query
    for code, place in (("000.00.00.H26", "/console/co-quan/ma/H26/"), ("khác", "/console/van-ban/?q=kh%C3%A1c")):
        assert operator.get("/console/tim/", {"q": code})["Location"] == place
    packet = Packet.objects.get(identifier=second.identifier)
    delivery = packet.deliveries.get()
    for key in (packet.pk, delivery.pk):
        answer = operator.get("/console/tim/", {"q": str(key)}, follow=True)
        assert answer.redirect_chain[-1][0] == f"/console/van-ban/{packet.pk}/"


def test_pages_go_through_everything_once_whatever_is_asked_for(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(9):
        document = make_document(("H41", "H26"), urgency=Urgency.URGENT if index % 4 == 0 else Urgency.NORMAL)
        submit(country.native("G22"), document)
    monkeypatch.setattr(trail, "PAGE", 4)
    monkeypatch.setattr(trail, "LOOKED_AT", 5)
    everything = {str(one.pk) for one in Delivery.objects.all()}
    urgent = {str(one.pk) for one in Delivery.objects.filter(urgency=1)}

    def walk(wanted: trail.Wanted, scope: frozenset[str] | None = None) -> list[str]:
        seen, after = [], None
        for _ in range(40):
            found = trail.find(wanted, scope, after)
            seen += [str(one.pk) for one in found.deliveries]
            after = trail.Cursor.read(found.next.as_text()) if found.next else None
            if after is None:
                return seen
        raise AssertionError("no end")

    W = trail.Wanted
    for wanted, scope, expected in (
        (W(), None, everything),
        (W(sender="G22"), None, everything),
        (W(system="G22", urgency=1), None, urgent),
        (W(state="open"), None, everything),
        (W(urgency=1), None, urgent),
        (W(), frozenset({"H41", "H26"}), everything),
        (W(sent=True), frozenset({"G22", "G12"}), everything),
        (W(urgency=1), frozenset({"H41", "H26"}), urgent),
        (W(state="open"), frozenset({"G12"}), set()),
        (W(sent=True, state="initial"), frozenset({"G22"}), everything),
    ):
        seen = walk(wanted, scope)
        assert (len(seen), set(seen)) == (len(expected), expected), (wanted, scope)


def test_the_way_of_a_packet(country: Country) -> None:
    document = make_document(("H41", "H26"))
    submit(country.native("G22"), document)
    receive_all(country.native("H41"))
    submit(country.native("H41"), make_status(document, S.REFUSED, "H41", "MISSING_FILE: thiếu tệp của ông Năm"))
    submit(country.native("G22"), make_recall(document, ("H41", "H26")))
    packet = Packet.objects.get(identifier=document.identifier, business_type=0)
    Delivery.objects.filter(packet=packet, agency="H26").update(submitted_at=now() - timedelta(days=3))
    operator = sit_down()
    said = operator.get(f"/console/van-ban/{packet.pk}/").content.decode()
    page = html.document_fromstring(said)
    legs = {leg.get("data-agency"): " ".join(leg.text_content().split()) for leg in page.xpath("//li[@data-agency]")}
    assert "02 Từ chối tiếp nhận: Thiếu tệp, phụ lục" in legs["H41"]
    assert "ông Năm" not in said
    assert "hợp lệ" in legs["H41"]
    assert "Đã rút trước khi giao" in legs["H26"]
    assert [link.text_content() for link in page.xpath("//a[@class='link']")] == [document.printed_number]
    proofs = " ".join(page.xpath("//section[@aria-labelledby='proofs']")[0].text_content().split())
    assert proofs.count("hợp lệ") == 2
    assert "khóa của Trục" in proofs
    Packet.objects.filter(pk=packet.pk).update(receipt=packet.receipt[:-6] + "AAAAAA")
    assert "không hợp lệ" in operator.get(f"/console/van-ban/{packet.pk}/").content.decode()


@pytest.mark.law("R-1.1-1")
def test_each_transfer_says_which_system_sent_it_which_took_it_and_under_which_number(country: Country) -> None:
    key = SigningKey.generate()
    agencies.add_system("LGSP.H41", name="Nền tảng của tỉnh", agencies=["H41"], key=key.public_jwk(), at=now())
    document = make_document(("H41", "H26"))
    sent = submit(country.native("G22"), document)
    receive_all(country.native("LGSP.H41", key))
    page = html.document_fromstring(sit_down().get(f"/console/van-ban/{sent.packet_id}/").content.decode())
    names, values = (page.xpath(f"//section[@aria-labelledby='facts']//{kind}") for kind in ("dt", "dd"))
    facts = {a.text_content(): " ".join(b.text_content().split()) for a, b in zip(names, values, strict=True)}
    assert facts["Mã gói"] == sent.packet_id
    assert facts["Hệ thống gửi"] == "Văn phòng Chính phủ G22 · native"
    legs = {leg.get("data-agency"): " ".join(leg.text_content().split()) for leg in page.xpath("//li[@data-agency]")}
    assert "hợp lệ · LGSP.H41 ·" in legs["H41"]
    assert "Bên nhận ký" not in legs["H26"]  # nobody has taken it, and nothing says that somebody has


@pytest.mark.parametrize("asked", ["", "?sender=G22", "?state=open"])
def test_a_list_costs_as_much_with_many_lines_as_with_one(
    country: Country, django_assert_max_num_queries: Any, asked: str
) -> None:
    operator = sit_down()
    for _ in range(12):
        submit(country.native("G22"), make_document(("H41", "H26")))
    agencies.forget_copy()  # and read here, or a slow machine would read it below
    agencies.directory()
    with django_assert_max_num_queries(14):
        page = operator.get(f"/console/van-ban/{asked}")
    assert page.content.decode().count("data-transport=") == 24


def test_the_page_of_a_packet_costs_as_much_with_many_recipients_as_with_one(country: Country) -> None:
    operator = sit_down()

    def questions(recipients: tuple[str, ...]) -> int:
        document = make_document(recipients)
        submit(country.native("G22"), document)
        for code in recipients:
            receive_all(country.native(code))
        page = f"/console/van-ban/{Packet.objects.get(identifier=document.identifier).pk}/"
        assert operator.get(page).content.decode().count("hợp lệ") == 2 + len(recipients)
        agencies.forget_copy()  # and the keys with it; the directory is read here, or a slow machine would read it below
        agencies.directory()
        with CaptureQueriesContext(connection) as asked:
            operator.get(page)
        return len(asked)

    assert questions(("H41",)) == questions(("G12", "H26", "H41"))


def test_a_silence_is_told_with_its_age(country: Country) -> None:
    document = make_document(("H41", "H26"))
    submit(country.native("G22"), document)
    receive_all(country.native("H41"))
    Delivery.objects.filter(agency="H41").update(done_at=now() - timedelta(days=3))
    operator = sit_down()
    page = operator.get("/console/van-ban/").content.decode()
    assert "chưa trả lời 3 ngày" in page
    assert "chưa giao 1 phút" in page
    submit(country.native("H41"), make_status(document, S.ACCEPTED))
    assert "chưa trả lời" not in operator.get("/console/van-ban/").content.decode()


@pytest.mark.law("SEC-6")
def test_an_agency_officer_sees_the_own_subtree_alone(country: Country) -> None:
    ours, theirs, sent = make_document(("H41", "H26")), make_document(("H26",)), make_document(("G12",), sender="H41")
    for document in (ours, theirs, sent):
        submit(country.native(document.sender.code), document)
    officer = sit_down(Role.AGENCY, "H41")
    assert numbers(officer) == [ours.printed_number]
    assert numbers(officer, way="sent") == [sent.printed_number]
    assert numbers(officer, q=theirs.identifier) == []
    assert numbers(officer, recipient="H26") == []
    assert numbers(officer, state="open") == [ours.printed_number]
    foreign_packet = Packet.objects.get(identifier=theirs.identifier)
    assert officer.get(f"/console/van-ban/{foreign_packet.pk}/").status_code == 404
    assert officer.get("/console/van-ban/", {"q": str(foreign_packet.pk)}).status_code == 200
    of_h41 = officer.get(f"/console/van-ban/{Packet.objects.get(identifier=ours.identifier).pk}/").content.decode()
    assert "H41" in of_h41
    assert "thành phố Hà Nội" not in of_h41
    other = sit_down(Role.AGENCY, "G12")
    assert other.get(f"/console/van-ban/{Packet.objects.get(identifier=ours.identifier).pk}/").status_code == 404


@pytest.mark.law("SEC-6")
def test_no_route_shows_a_document_to_anybody(
    country: Country, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Content planted wherever a packet has room for it never comes out at the console, in no role, nor into the log."""
    planted = "NỘI-DUNG-GIEO-7F3A"
    document = make_document(
        ("H41",), subject=f"Trích yếu {planted}", signer=Signer(f"Ông {planted}", f"CHỦ TỊCH {planted}")
    )
    submit(country.native("G22"), document, tep=f"nội dung tệp {planted}".encode())
    receive_all(country.native("H41"))
    submit(country.native("H41"), make_status(document, S.REFUSED, "H41", f"MISSING_FILE: {planted}"))
    with pytest.raises(Problem):
        submit(country.native("G22"), make_document(("KHONG.CO",), subject=planted))
    tally.keep(now() + timedelta(seconds=1), since=now() - timedelta(minutes=2))
    packets = [*map(str, Packet.objects.values_list("pk", flat=True)), NOTHING]
    for role in Role:
        client = sit_down(role, "H41" if role is Role.AGENCY else "")
        for route in ROUTES:
            for packet in packets if "<uuid:packet>" in route.place else packets[:1]:
                place = address(route).replace(NOTHING, packet).replace("KHONG.CO", "H41")
                if route.name == "signout":
                    continue
                answer = getattr(client, route.method.lower())(place, {"q": document.identifier})
                assert planted.encode() not in answer.getvalue(), (role, route.name)
    assert planted not in capsys.readouterr().out + caplog.text
    assert not any(planted in str(row) for row in Event.objects.values_list("data", flat=True))
