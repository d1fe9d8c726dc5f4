"""Every piece of the museum at the hub's native door: refused by its name, and the service unharmed."""

import hashlib

import pytest

from lienthong.hub.blobs import blobs
from lienthong.hub.models import Delivery, Packet, Quarantined
from lienthong.journal.models import Event
from lienthong.protocol.problems import Problem
from tests.museum.exchange import LETTER, SAID
from tests.museum.packets import PIECES
from tests.service.hub.conftest import Country, close, make_document, now, submit


@pytest.mark.law("R-14.2-1")
@pytest.mark.refuses("R-6.2-3", "R-10.2-1", "R-14.2-1")
def test_a_bad_packet_is_refused_by_name_and_place_and_nothing_is_half_written(country: Country) -> None:
    sender = country.native("G22")
    for defect, piece in PIECES.items():
        with pytest.raises(Problem) as refused:
            submit(sender, piece.make(), sender="G22")
        assert refused.value.code == "packet_invalid", defect
        first = refused.value.data["problems"][0]
        assert (first["code"], first["path"]) == (piece.code, piece.path), defect
    assert not Packet.objects.exists()
    assert not Delivery.objects.exists()
    assert len(submit(sender, make_document()).deliveries) == 1


@pytest.mark.law("R-14.2-1", "R-1.2-1", "R-6.3-1")
@pytest.mark.refuses("R-1.2-1", "R-6.1-1", "R-6.3-1")
@pytest.mark.parametrize("defect", SAID)
def test_what_a_packet_says_wrongly_is_refused_by_name_and_goes_to_nobody(country: Country, defect: str) -> None:
    said = SAID[defect]
    sender = country.native("G22")
    for make in said.before:
        submit(sender, make(), sender="G22")
    if said.closed:
        close(said.closed)
    before = (Packet.objects.count(), Delivery.objects.count())
    system = country.native(said.system, clock=lambda: now() + said.ahead)
    packet = said.make()
    with pytest.raises(Problem) as refused:
        submit(system, packet, sender=said.sender, to=said.to, announced=said.announced)
    assert refused.value.code == said.code
    assert (Packet.objects.count(), Delivery.objects.count()) == before
    digest = hashlib.sha256(packet).hexdigest()
    secret = said.code == "state_secret"
    assert blobs().exists(digest) is not secret
    assert Quarantined.objects.filter(digest=digest).exists() is not secret
    name = "packet.destroyed" if secret else "packet.refused"
    event = Event.objects.filter(name=name).get()
    assert (event.data["problem"], event.data["digest"]) == (said.code, digest)
    if secret:
        ids = {name: event.data[name] for name in ("identifier", "sender", "recipients")}
        assert ids == said.ids, "digest and ids are all that remains, and they do (R-1.2-1)"
        assert LETTER.subject not in str(event.data)
    assert len(submit(sender, make_document(("G12",))).deliveries) == 1
