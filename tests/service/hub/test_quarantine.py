"""Refused packets are kept for their system, which may submit them anew, once, as they were."""

import hashlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from lienthong.evidence.receipts import EvidenceEvent, Statement
from lienthong.hub import agencies, quarantine, replays
from lienthong.hub.blobs import blobs
from lienthong.hub.models import Delivery, Packet, Quarantined, WebhookMessage
from lienthong.hub.webhooks import endpoints
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.protocol import problems
from lienthong.protocol.problems import Problem, UnknownQuarantined
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, now, submit

OPERATOR = Actor("person", "truc.ca", "Trực ca")


class Owner:
    """A system at the routes of its quarantine."""

    def __init__(self, country: Country, system: str) -> None:
        self.http = httpx.Client(
            base_url=f"{country.url}/api/v1/", headers=country.native(system)._bearer(), timeout=20
        )

    def shown(self) -> dict[str, Any]:
        return dict(self.http.get("quarantine").json())

    def replay(self, one: dict[str, Any]) -> httpx.Response:
        return self.http.post(f"quarantine/{one['id']}/replay")


@pytest.fixture
def owner(country: Country) -> Iterator[Owner]:
    one = Owner(country, "G22")
    yield one
    one.http.close()


def refused(country: Country, to: tuple[str, ...] = ("H77",), **changes: Any) -> bytes:
    """A packet that was refused, for nobody knows its recipient."""
    packet = document_packet(make_document(to, **changes))
    with pytest.raises(Problem):
        submit(country.native("G22"), packet, sender="G22")
    return packet


def open_agency(code: str = "H77") -> None:
    agencies.add_agency(code, name="Sở Mới", at=now())
    agencies.add_system(f"S{code}", name="Sở Mới", agencies=[code], vxp_secret="Zm9v", at=now())
    agencies.forget_copy()


def test_a_refused_packet_is_shown_to_its_system(country: Country, owner: Owner) -> None:
    packet = refused(country)
    told = owner.shown()
    [one] = told["packets"]
    assert (one["problem"], one["digest"], one["times"]) == (
        "unknown_recipient", hashlib.sha256(packet).hexdigest(), 1,
    )  # fmt: skip
    assert "H77" in one["detail"]
    assert told["used"] == len(packet) == one["size"]
    assert told["quota"] > 0


def test_a_packet_refused_again_and_again_is_kept_once(country: Country, owner: Owner) -> None:
    packet = document_packet(make_document(("H77",)))
    for _ in range(4):
        with pytest.raises(problems.UnknownRecipient):
            submit(country.native("G22"), packet, sender="G22")
    told = owner.shown()
    assert [one["times"] for one in told["packets"]] == [4]
    assert told["used"] == len(packet)


def test_it_is_submitted_anew_when_the_way_is_free(country: Country, owner: Owner) -> None:
    packet = refused(country, ("H77", "H41"))
    [one] = owner.shown()["packets"]
    again = owner.replay(one)
    assert (again.status_code, again.json()["code"]) == (422, "unknown_recipient")
    open_agency()
    taken = owner.replay(one)
    assert taken.status_code == 201, taken.text
    assert taken.json()["digest"] == hashlib.sha256(packet).hexdigest()
    assert {one["routed_to"] for one in taken.json()["deliveries"]} == {"H77", "H41"}
    stored = Packet.objects.get()
    assert stored.statement  # the sender's own, as it was signed for the first attempt
    assert len(country.native("H41").inbox()) == 1
    told = owner.shown()
    assert (told["packets"][0]["packet_id"], told["used"]) == (taken.json()["packet_id"], 0)
    assert told["packets"][0]["replayed_at"]
    assert Event.objects.filter(name="quarantine.replayed").count() == 1


def test_a_repeated_replay_gets_the_old_answer(country: Country, owner: Owner) -> None:
    refused(country)
    open_agency()
    [one] = owner.shown()["packets"]
    first, second = owner.replay(one), owner.replay(one)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["packet_id"] == second.json()["packet_id"]
    assert Delivery.objects.count() == 1
    assert Event.objects.filter(name="quarantine.replayed").count() == 1


def test_what_was_changed_on_the_way_never_passes(country: Country, owner: Owner) -> None:
    packet = document_packet(make_document())
    with pytest.raises(problems.DigestMismatch):
        submit(country.native("G22"), packet, sender="G22", announced="0" * 64)
    [one] = owner.shown()["packets"]
    assert owner.replay(one).json()["code"] == "digest_mismatch"
    # Nor at the door whose clients sign nothing.
    Quarantined.objects.update(door="vxp", statement="")
    assert owner.replay(one).json()["code"] == "digest_mismatch"
    assert not Packet.objects.exists()


@pytest.mark.law("R-1.2-1")
def test_a_state_secret_is_not_kept_and_goes_when_it_is_found_later(country: Country, owner: Owner) -> None:
    packet = document_packet(make_document(sphere="TUYỆT MẬT"))
    with pytest.raises(problems.StateSecret):
        submit(country.native("G22"), packet, sender="G22")
    assert owner.shown()["packets"] == []
    # One that lies here from a time when its mark was not known:
    blob = blobs().put(packet)
    said = Statement(EvidenceEvent.SUBMISSION_REQUEST, "G22", now(), digest=blob.digest)
    Quarantined.objects.create(
        system_id="G22", at=now(), digest=blob.digest, size=blob.size, sender="G22",
        problem={"code": "unknown_recipient", "detail": "", "detail_en": ""},
        statement=country.keys["G22"].sign(said),
    )  # fmt: skip
    [one] = owner.shown()["packets"]
    assert owner.replay(one).json()["code"] == "state_secret"
    assert owner.shown()["packets"] == []
    assert not blobs().exists(blob.digest)


def test_a_packet_is_let_go(country: Country, owner: Owner) -> None:
    refused(country)
    [one] = owner.shown()["packets"]
    assert owner.http.delete(f"quarantine/{one['id']}").status_code == 204
    assert owner.shown() == {**owner.shown(), "packets": [], "used": 0}
    assert owner.http.delete(f"quarantine/{one['id']}").json()["code"] == "unknown_quarantined"
    assert owner.replay(one).json()["code"] == "unknown_quarantined"
    assert Event.objects.filter(name="quarantine.discarded").count() == 1


def test_what_does_not_fit_into_the_quota_is_not_kept(country: Country, owner: Owner, settings: Any) -> None:
    first = refused(country)
    settings.LIENTHONG = settings.LIENTHONG.at(quarantine_bytes=len(first) + 10)
    refused(country)
    assert len(owner.shown()["packets"]) == 1
    open_agency()
    owner.replay(owner.shown()["packets"][0])
    refused(country, ("H78",))  # the first is the packet's by now
    assert len(owner.shown()["packets"]) == 2


@pytest.mark.law("SEC-6")
@pytest.mark.parametrize(("method", "below"), [("POST", "/replay"), ("DELETE", "")])
def test_nobody_reaches_anothers_quarantine(country: Country, owner: Owner, method: str, below: str) -> None:
    refused(country)
    [one] = owner.shown()["packets"]
    stranger = Owner(country, "H41")
    assert stranger.shown()["packets"] == []
    answer = stranger.http.request(method, f"quarantine/{one['id']}{below}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_quarantined")
    assert httpx.request(method, f"{country.url}/api/v1/quarantine/{one['id']}{below}").status_code == 401
    for wrong in ("x", "-1", "9" * 30, "١"):
        assert stranger.http.request(method, f"quarantine/{wrong}{below}").status_code == 404
    stranger.http.close()
    assert len(owner.shown()["packets"]) == 1


def test_operators_propose_and_the_system_agrees(country: Country, owner: Owner) -> None:
    refused(country)
    endpoints.register("G22", "https://dms.example.vn/hook", [], actor=OPERATOR, at=now())
    number = Quarantined.objects.get().pk
    with pytest.raises(ValueError, match="lý do"):
        replays.propose(number, reason=" ", by=OPERATOR, at=now())
    replays.propose(number, reason="Mã H77 đã được mở", by=OPERATOR, at=now())
    [one] = owner.shown()["packets"]
    assert one["proposed_for"] == "Mã H77 đã được mở"
    assert not Packet.objects.exists()  # nobody but the system submits it
    message = WebhookMessage.objects.get(event="quarantine.replay_proposed")
    assert message.items == [{"quarantine_id": one["id"]}]
    open_agency()
    assert owner.replay(one).status_code == 201
    with pytest.raises(UnknownQuarantined):
        replays.propose(number, reason="lần nữa", by=OPERATOR, at=now())
    names = list(Event.objects.filter(name__startswith="quarantine.").order_by("id").values_list("name", flat=True))
    assert names == ["quarantine.replay_proposed", "quarantine.replayed"]


def test_a_packet_of_the_other_door_is_submitted_to_whom_it_was_meant_for(old_country: Country) -> None:
    """Its `to` overrides the packet's own list, also later."""
    packet = document_packet(make_document(("H26",)))
    answer = old_country.java("G22").send_edoc(packet, sender="000.00.00.G22", to=["H77"])
    assert answer["ErrorCode"] == "18"
    open_agency()
    member = agencies.directory().systems["000.00.00.G22"]
    [one] = quarantine.of_system(member.code)
    assert (one.door, one.recipients) == ("vxp", ["H77"])
    submission = replays.replay(member, str(one.pk), at=now())
    assert [each.routed_to for each in submission.deliveries] == ["H77"]


def test_the_bytes_may_be_gone(country: Country, owner: Owner) -> None:
    refused(country)
    [one] = owner.shown()["packets"]
    blobs().delete(one["digest"])
    assert owner.replay(one).json()["code"] == "content_gone"
