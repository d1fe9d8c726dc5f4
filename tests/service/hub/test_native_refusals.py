"""The native API: packets and requests that are refused by name, and what becomes of them."""

import hashlib
import uuid
from datetime import timedelta

import httpx
import pytest

from lienthong.hub import agencies
from lienthong.hub.blobs import blobs
from lienthong.hub.models import Agency, Delivery, Packet, Quarantined
from lienthong.journal.models import Event
from lienthong.protocol import problems
from tests.museum.packets import PIECES, document_packet
from tests.service.hub.conftest import Country, make_document, now, submit


@pytest.mark.law("R-6.1-1")
@pytest.mark.refuses("R-6.1-1")
def test_a_packet_changed_on_the_way_is_not_delivered(country: Country) -> None:
    packet = document_packet(make_document())
    with pytest.raises(problems.DigestMismatch):
        submit(country.native("G22"), packet, sender="G22", announced="0" * 64)
    assert not Delivery.objects.exists()
    assert Quarantined.objects.get().problem["code"] == "digest_mismatch"


@pytest.mark.law("R-14.2-1")
@pytest.mark.refuses("R-14.2-1")
@pytest.mark.parametrize("name", ["cut-in-content", "doctype", "recipient-twice", "no-subject", "content-not-base64"])
def test_a_bad_packet_is_refused_by_name_and_kept_for_its_owner(country: Country, name: str) -> None:
    with pytest.raises(problems.PacketInvalid) as refused:
        submit(country.native("G22"), PIECES[name].make(), sender="G22")
    assert refused.value.data["problems"][0]["code"] == PIECES[name].code
    assert not Packet.objects.exists()
    assert Quarantined.objects.count() == 1
    assert country.native("G22").time()


@pytest.mark.law("R-8.2-1")
@pytest.mark.refuses("R-8.2-1")
def test_all_recipients_or_none(country: Country) -> None:
    agencies.add_agency("H99", name="Tỉnh đã sáp nhập", at=now())
    Agency.objects.filter(code="H99").update(open=False, successor="H41")
    agencies.add_agency("H98", name="Chưa kết nối", at=now())
    with pytest.raises(problems.UnknownRecipient) as refused:
        submit(country.native("G22"), make_document(("H41", "X01", "H99", "H98")))
    rows = {row["code"]: row for row in refused.value.data["recipients"]}
    assert set(rows) == {"X01", "H99", "H98"}
    assert rows["H99"]["successor"] == "H41"
    with pytest.raises(problems.PacketInvalid) as twice:
        submit(country.native("G22"), make_document(("H41", "H41")))
    assert twice.value.data["problems"][0]["code"] == "duplicate_recipient"
    assert country.native("H41").inbox() == []
    # Two spellings of one agency are one recipient.
    assert len(submit(country.native("G22"), make_document(("H41", "000.00.00.H41"))).deliveries) == 1


def test_a_merged_agencys_code_forwards(country: Country) -> None:
    agencies.add_agency("H42", name="Tỉnh cũ", at=now())
    Agency.objects.filter(code="H42").update(successor="H41")
    agencies.forget_copy()
    submission = submit(country.native("G22"), make_document(("H42",)))
    assert [(one.recipient, one.routed_to) for one in submission.deliveries] == [("H42", "H41")]


@pytest.mark.law("R-1.2-1")
@pytest.mark.refuses("R-1.2-1")
def test_a_state_secret_is_destroyed_before_the_answer(country: Country) -> None:
    packets = [document_packet(make_document(sphere=mark)) for mark in ("TỐI MẬT", "Mật")]
    for packet in packets:
        with pytest.raises(problems.StateSecret):
            submit(country.native("G22"), packet, sender="G22")
    assert not Quarantined.objects.exists()
    assert not Packet.objects.exists()
    assert not any(blobs().exists(hashlib.sha256(packet).hexdigest()) for packet in packets)
    destroyed = Event.objects.filter(name="packet.destroyed")
    assert [one.data["problem"] for one in destroyed] == ["state_secret", "state_secret"]


@pytest.mark.law("R-16.1-2")
@pytest.mark.refuses("R-16.1-2")
def test_the_versions_of_format_and_rules_are_served_and_another_is_refused_by_name(country: Country) -> None:
    served = httpx.get(f"{country.url}/api/v1/standards").json()["versions"]
    assert {one["subject"] for one in served} == {"packet", "agency_code", "document_identifier"}
    packets = [one["id"] for one in served if one["subject"] == "packet" and one["read"]]
    assert any(one["valid_from"] == "2020-09-15" for one in served)

    def announce(version: str) -> httpx.Response:
        headers = country.native("G22")._bearer() | {
            "Lienthong-From": "G22", "Idempotency-Key": uuid.uuid4().hex, "Lienthong-Packet-Version": version,
        }  # fmt: skip
        return httpx.post(f"{country.url}/api/v1/packets", headers=headers, content=b"<edXML/>")

    refused = announce("qcvn-102-2030")
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_version")
    assert all(one in refused.json()["supported"] for one in packets)
    assert {announce(one).json()["code"] for one in packets} == {"packet_invalid"}


@pytest.mark.law("R-1.2-1")
@pytest.mark.refuses("R-1.2-1")
@pytest.mark.parametrize("fault", ["digest", "subject", "cut", "no header end", "cdata", "utf-16"])
def test_a_state_secret_with_another_fault_is_destroyed_as_well(country: Country, fault: str) -> None:
    subject = "x" * 600 if fault == "subject" else "Kế hoạch"
    packet = document_packet(make_document(sphere="TUYỆT MẬT", subject=subject), ke_hoach_pdf=b"%PDF the plans")
    header = packet.rindex(b"edXMLHeader>")
    packet = {
        "cut": packet[: header + 200],
        "no header end": packet[:header] + b"x" + packet[header:],
        "cdata": packet.replace("TUYỆT MẬT".encode(), "<![CDATA[TUYỆT MẬT]]>".encode())[:-9],
        "utf-16": packet.decode().encode("utf-16"),
    }.get(fault, packet)
    with pytest.raises(problems.StateSecret):
        submit(country.native("G22"), packet, sender="G22", announced="0" * 64 if fault == "digest" else "")
    assert not Quarantined.objects.exists()
    assert not blobs().exists(hashlib.sha256(packet).hexdigest())
    assert Event.objects.filter(name="packet.destroyed").count() == 1


def test_a_body_without_length_is_refused(country: Country) -> None:
    headers = country.native("G22")._bearer() | {"Lienthong-From": "G22", "Idempotency-Key": uuid.uuid4().hex}
    answer = httpx.post(f"{country.url}/api/v1/packets", headers=headers, content=iter([b"<a/>"]))
    assert answer.status_code == 411


@pytest.mark.refuses("R-14.4-1")
def test_a_claimed_time_far_ahead_is_refused(country: Country) -> None:
    fast = country.native("G22", clock=lambda: now() + timedelta(seconds=20))
    assert submit(fast, make_document())
    fast._clock = lambda: now() + timedelta(seconds=45)
    with pytest.raises(problems.ClockAhead):
        submit(fast, make_document())


@pytest.mark.law("R-14.4-1")
def test_every_answer_tells_the_hubs_time_with_its_offset(country: Country) -> None:
    stamp = httpx.get(f"{country.url}/api/v1/time").headers["Lienthong-Time"]
    assert stamp.endswith("+07:00")
    connection = country.native("G22")
    connection.directory()
    assert connection.skew is not None
    assert abs(connection.skew.total_seconds()) < 1
