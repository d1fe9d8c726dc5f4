"""Who receives for whom: the sender is told, the packet stays as it was."""

import pytest

from lienthong.hub import agencies, codes, contacts
from lienthong.hub.codes import Kind, Plan
from lienthong.hub.refusals import RegistryRefused
from lienthong.protocol import problems
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, make_status, now, receive_all, submit
from tests.service.hub.test_code_changes import DECISION, today


def routes(country: Country, *to: str) -> list[tuple[str, str, str]]:
    promises = submit(country.native("H41"), make_document(to, sender="H41")).deliveries
    return [(one.recipient, one.routed_to, one.routed_because) for one in promises]


@pytest.fixture
def mandates(country: Country) -> Country:
    contacts.add_mandate("TTG", name="Thủ tướng Chính phủ", office="G22", aliases=["000.00.00.TTG"], at=now())
    contacts.add_mandate("H26.CT", name="Chủ tịch Ủy ban nhân dân thành phố Hà Nội", office="H26", at=now())
    return country


@pytest.mark.law("R-7.3-1")
@pytest.mark.refuses("R-7.3-1")
def test_an_address_of_the_prime_minister_goes_to_the_office_that_receives_for_him(mandates: Country) -> None:
    document = make_document(("000.00.00.TTG", "H26.CT", "G12"), sender="H41")
    packet = document_packet(document)
    answer = submit(mandates.native("H41"), packet, sender="H41")
    assert [(one.recipient, one.routed_to, one.routed_because) for one in answer.deliveries] == [
        ("000.00.00.TTG", "G22", "contact_point"), ("H26.CT", "H26", "contact_point"), ("G12", "G12", ""),
    ]  # fmt: skip
    item = mandates.native("G22").inbox()[0]
    assert (item.recipient, item.routed_to) == ("000.00.00.TTG", "G22")
    assert receive_all(mandates.native("G22")) == [packet]
    submit(mandates.native("G22"), make_status(document, StatusCode.ACCEPTED, "G22"))
    assert len(receive_all(mandates.native("H41"))) == 1
    again = submit(mandates.native("H41"), packet, sender="H41")
    assert (again.repeated, set(again.deliveries)) == (True, set(answer.deliveries))


@pytest.mark.law("R-7.3-1", "R-3.4-1")
@pytest.mark.refuses("R-3.4-1")
def test_nobody_sends_under_a_mandate_and_no_system_serves_one(mandates: Country) -> None:
    with pytest.raises(problems.NotYourAgency):
        submit(mandates.native("G22"), make_document(("H41",), sender="TTG"))
    with pytest.raises(RegistryRefused, match="văn phòng tiếp nhận"):
        agencies.add_system("G22", name="x", agencies=["TTG"], at=now())


@pytest.mark.refuses("R-7.3-1")
def test_a_mandate_whose_office_is_not_connected_gets_nothing(country: Country) -> None:
    agencies.add_agency("G99", name="Văn phòng chưa kết nối", at=now())
    contacts.add_mandate("G99.BT", name="Bộ trưởng", office="G99", at=now())
    with pytest.raises(problems.NotConnected) as refused:
        submit(country.native("H41"), make_document(("G99.BT",), sender="H41"))
    assert refused.value.data["recipients"] == [{"code": "G99.BT", "gateway": "G99"}]


def test_a_contact_point_moves_with_its_office(mandates: Country) -> None:
    codes.file(Plan(Kind.MERGE, ("H26",), today(), DECISION, ("G12",)), at=now())
    agencies.forget_copy()
    assert routes(mandates, "H26.CT") == [("H26.CT", "G12", "contact_point")]


@pytest.mark.law("R-21.2-2")
@pytest.mark.refuses("R-21.2-2")
def test_units_of_a_single_gateway_are_reached_through_it(country: Country) -> None:
    agencies.add_agency("G12.1", name="Cục", parent="G12", at=now())
    agencies.add_agency("G12.1.1", name="Phòng", parent="G12.1", at=now())
    agencies.add_system("H26", name="Hệ thống riêng của phòng", agencies=["H26", "G12.1.1"], at=now())
    assert routes(country, "G12.1.1") == [("G12.1.1", "G12.1.1", "")]
    contacts.be_single_gateway("G12", True, at=now())
    assert routes(country, "G12.1.1") == [("G12.1.1", "G12", "single_gateway")]
    assert routes(country, "G12.1", "G12.1.1") == [("G12.1", "G12", "single_gateway")]
    assert len(country.native("G12").inbox()) == 2
    contacts.be_single_gateway("G12", False, at=now())
    assert routes(country, "G12.1.1") == [("G12.1.1", "G12.1.1", "")]


@pytest.mark.law("R-19.1d-1")
def test_a_unit_without_a_system_is_reached_through_its_gateway(country: Country) -> None:
    agencies.add_agency("H26.1", name="Xã", parent="H26", at=now())
    contacts.receive_for(["H26.1"], office="H26", at=now())
    assert routes(country, "H26.1") == [("H26.1", "H26", "gateway")]
    contacts.receive_for(["H26.1"], office=None, at=now())
    with pytest.raises(problems.NotConnected):
        routes(country, "H26.1")


def test_what_leads_nowhere_is_refused(mandates: Country) -> None:
    contacts.receive_for(["G12"], office="H41", at=now())
    faults = {
        "no_mandate": lambda: contacts.add_mandate("G12", name="x", office="G22", at=now()),
        "office_is_mandate": lambda: contacts.receive_for(["G12"], office="TTG", at=now()),
        "gateway_ring": lambda: contacts.receive_for(["H41"], office="G12", at=now()),
        "unknown_code": lambda: contacts.be_single_gateway("X99", True, at=now()),
    }
    for refusal, act in faults.items():
        with pytest.raises(RegistryRefused) as refused:
            act()
        assert refused.value.refusal == refusal
