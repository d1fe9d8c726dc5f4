"""What the hub refused for good is sent anew from the document's page, once its cause is mended."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.office.config import blobs
from lienthong.office.exchange import outbox
from lienthong.office.models import DirectoryAgency, OutboxPacket
from lienthong.office.outgoing import board
from lienthong.protocol.problems import NotYourAgency
from lienthong.standards import edxml
from tests.service.office.conftest import PIN, Office, issued, now, press
from tests.service.office.test_incoming import MemoryHub


@pytest.mark.law("R-8.2-2", "C-7")
def test_what_the_hub_refused_goes_anew_to_everybody_but_who_gets_paper(office: Office, hub: MemoryHub) -> None:
    document = issued(office)
    hub.refuses = NotYourAgency(system="G22", agency="H41")
    assert outbox.send_one(hub, at=now())
    clerk = office.client("van.thu")
    shown = clerk.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "data-refused-by-hub" in shown
    assert "send_anew" not in office.client("chuyen.vien").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "rail-h" in clerk.get("/theo-doi/").content.decode()

    DirectoryAgency.objects.filter(code="H26").update(open=False)  # why the hub refused it
    assert press(office, "van.thu", document, "send_anew") == "bad_recipients"
    gone = document.recipients.get(code="H26")
    assert press(office, "van.thu", document, "paper", recipient=gone.pk, reason="connection") == ""

    hub.refuses = None
    assert press(office, "van.thu", document, "send_anew") == ""
    again = OutboxPacket.objects.latest("pk")
    assert (again.recipients, again.state) == (["H41"], "waiting")
    assert outbox.send_one(hub, at=now())
    (sending,) = board.current(document)
    assert (sending.recipient.code, sending.attempt, board.state_of(sending)) == ("H41", 2, "at_hub")
    shown = clerk.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "data-refused-by-hub" not in shown
    assert press(office, "van.thu", document, "send_anew") == "illegal_move"


def test_all_that_one_packet_was_for_goes_in_one_packet_again(office: Office, hub: MemoryHub) -> None:
    document = issued(office)
    hub.refuses = NotYourAgency(system="G22", agency="H41")
    assert outbox.send_one(hub, at=now())
    assert press(office, "van.thu", document, "send_anew") == ""
    assert OutboxPacket.objects.count() == 2
    assert OutboxPacket.objects.latest("pk").recipients == ["H41", "H26"]
    assert [one.attempt for one in board.current(document)] == [2, 2]


def test_sending_anew_asks_as_much_for_three_recipients_as_for_one(office: Office, hub: MemoryHub) -> None:
    asked = []
    for recipients in (("H41",), ("H41",), ("H41", "H26", "G12")):  # the first of a session notes it
        document = issued(office, recipients=recipients)
        hub.refuses = NotYourAgency(system="G22", agency="H41")
        assert outbox.send_one(hub, at=now())
        with CaptureQueriesContext(connection) as statements:
            assert press(office, "van.thu", document, "send_anew") == ""
        asked.append(len(statements))
        assert sorted(OutboxPacket.objects.latest("pk").recipients) == sorted(recipients)
        hub.refuses = None
        assert outbox.send_one(hub, at=now())
    assert asked[1] == asked[2]


def test_a_file_that_was_added_since_goes_under_the_seal_as_well(office: Office, hub: MemoryHub) -> None:
    document = issued(office)
    hub.refuses = NotYourAgency(system="G22", agency="H41")
    assert outbox.send_one(hub, at=now())
    place = f"/van-ban-di/{document.pk}/"
    asked_for_pin = re.compile(r"data-refused-by-hub>(?:(?!</form>).)*name=\"pin\"", re.DOTALL)
    assert not asked_for_pin.search(office.client("van.thu").get(place).content.decode())
    annex = SimpleUploadedFile("phu-luc.pdf", blobs().read(document.versions.earliest("ordinal").digest))
    assert press(office, "van.thu", document, "enclose", file=annex) == ""
    assert asked_for_pin.search(office.client("van.thu").get(place).content.decode())
    assert press(office, "van.thu", document, "send_anew", pin="000000") == "wrong_pin"
    assert OutboxPacket.objects.count() == 1
    assert press(office, "van.thu", document, "send_anew", pin=PIN) == ""
    enclosure = document.enclosures.get()
    assert enclosure.sealed_digest
    with blobs().open(OutboxPacket.objects.latest("pk").digest) as file:
        assert enclosure.sealed_digest in {one.digest for one in edxml.read(file).attachments}


@pytest.mark.law("R-8.2-3")
def test_an_update_brings_what_was_added_since_under_the_seal(office: Office, hub: MemoryHub) -> None:
    document = issued(office)
    assert outbox.send_one(hub, at=now())
    place, text = f"/van-ban-di/{document.pk}/", SimpleUploadedFile("ghi-chu.txt", b"ghi ch\xc3\xba")
    asked_for_pin = re.compile(r"<dialog id=\"update\">(?:(?!</dialog>).)*name=\"pin\"", re.DOTALL)
    assert not asked_for_pin.search(office.client("van.thu").get(place).content.decode())
    told = {
        "recipient": document.recipients.get(code="H41").pk,
        "reason": "Bổ sung phụ lục",
        "authority": "Chánh Văn phòng",
    }
    assert press(office, "van.thu", document, "enclose", file=text) == ""
    assert press(office, "van.thu", document, "update", **told) == ""  # no PDF, no seal of its own
    annex = SimpleUploadedFile("phu-luc.pdf", blobs().read(document.versions.earliest("ordinal").digest))
    assert press(office, "van.thu", document, "enclose", file=annex) == ""
    assert asked_for_pin.search(office.client("van.thu").get(place).content.decode())
    assert press(office, "van.thu", document, "update", **told, pin="000000") == "wrong_pin"
    assert OutboxPacket.objects.count() == 2
    assert press(office, "van.thu", document, "update", **told, pin=PIN) == ""
    sealed = document.enclosures.get(name="phu-luc.pdf").sealed_digest
    assert sealed
    with blobs().open(OutboxPacket.objects.latest("pk").digest) as file:
        assert sealed in {one.digest for one in edxml.read(file).attachments}
