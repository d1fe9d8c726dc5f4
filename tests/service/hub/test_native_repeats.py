"""The native API: what is sent again is there once, and reaches who still lacks it."""

import threading
import uuid

import pytest

from lienthong.hub.models import Delivery, Packet
from lienthong.protocol import problems
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, make_status, receive_all, submit

S = StatusCode


def test_a_repeat_gets_the_old_answer_and_delivers_nothing_twice(country: Country) -> None:
    sender, packet, key = country.native("G22"), document_packet(make_document()), uuid.uuid4().hex
    first = submit(sender, packet, sender="G22", key=key)
    again = submit(sender, packet, sender="G22", key=key)
    other_key = submit(sender, packet, sender="G22")
    assert [one.repeated for one in (first, again, other_key)] == [False, True, True]
    assert {one.packet_id for one in (first, again, other_key)} == {first.packet_id}
    assert Delivery.objects.count() == 1


def test_many_who_send_the_same_at_once_make_one_packet(country: Country) -> None:
    packet = document_packet(make_document(("H41", "H26")))
    answers: list[str] = []

    def send() -> None:
        answers.append(submit(country.native("G22"), packet, sender="G22").packet_id)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert Delivery.objects.count() == 2


def test_the_same_packet_to_others_later_reaches_them(country: Country) -> None:
    sender, packet = country.native("G22"), document_packet(make_document(("H41", "H26")))
    submit(sender, packet, sender="G22", to=("H41",))
    later = submit(sender, packet, sender="G22", to=("H26",))
    assert not later.repeated
    assert [one.routed_to for one in later.deliveries] == ["H26"]
    assert len(country.native("H41").inbox()) == 1


def test_a_key_stands_for_one_content(country: Country) -> None:
    sender, key = country.native("G22"), uuid.uuid4().hex
    submit(sender, make_document(), key=key)
    with pytest.raises(problems.IdempotencyKeyReused):
        submit(sender, make_document(), key=key)
    assert Packet.objects.count() == 1


@pytest.mark.refuses("R-10.2-2")
def test_a_known_identifier_with_other_bytes_is_a_twin(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26"))
    submit(sender, document, van_pdf=b"%PDF-1", to=("H41",))
    with pytest.raises(problems.TwinDocument):
        submit(sender, document, van_pdf=b"%PDF-2")
    assert len(submit(sender, document, van_pdf=b"%PDF-2", to=("H26",)).deliveries) == 1


def test_who_could_not_take_it_gets_it_anew(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26"))
    submit(sender, document)
    recipient = country.native("H41")
    recipient.refuse(recipient.inbox()[0], code="digest_mismatch", detail="hỏng trên đường")
    assert [one.recipient for one in submit(sender, document, van_pdf=b"%PDF-2", to=("H41",)).deliveries] == ["H41"]
    assert len(recipient.inbox()) == 1
    with pytest.raises(problems.TwinDocument):
        submit(sender, document, van_pdf=b"%PDF-3", to=("H26",))


@pytest.mark.law("R-5.4-2")
def test_who_refused_gets_it_anew_and_nobody_else(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26"))
    packet = document_packet(document)
    submit(sender, packet, sender="G22")
    for code in ("H41", "H26"):
        receive_all(country.native(code))
        submit(country.native(code), make_status(document, S.ARRIVED, code))
    submit(country.native("H26"), make_status(document, S.REFUSED, "H26", "MISSING_FILE: thiếu Phụ lục I"))
    submit(country.native("H41"), make_status(document, S.ACCEPTED, "H41"))
    submit(sender, packet, sender="G22")
    assert [item.document_id for item in country.native("H26").inbox()] == [document.identifier]
    assert country.native("H41").inbox() == []
    receive_all(country.native("H26"))
    with pytest.raises(problems.TwinDocument):
        submit(sender, document, van_pdf=b"%PDF", phu_pdf=b"%PDF-phu", to=("H26",))
    submit(country.native("H26"), make_status(document, S.REFUSED, "H26", "MISSING_FILE: vẫn thiếu Phụ lục I"))
    completed = submit(sender, document, van_pdf=b"%PDF", phu_pdf=b"%PDF-phu", to=("H26",))
    assert [one.routed_to for one in completed.deliveries] == ["H26"]


def test_a_key_stands_for_one_content_also_where_the_other_one_is_known(country: Country) -> None:
    sender, key, other = country.native("G22"), uuid.uuid4().hex, make_document()
    submit(sender, make_document(), key=key)
    submit(sender, other)
    with pytest.raises(problems.IdempotencyKeyReused):
        submit(sender, other, key=key)
    assert submit(sender, other).repeated
