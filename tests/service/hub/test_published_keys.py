"""The hub publishes by their ids the keys that sign statements: a sender proves by himself what a recipient signed."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.evidence.proving import Claim, Fault, Unproven, key_id, prove
from lienthong.evidence.receipts import EvidenceEvent, SigningKey, Statement
from lienthong.hub import agencies, hubkeys, memberkeys, proofs, systems
from lienthong.hub.models import Delivery, SystemKey
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.messages import Change
from tests.service.hub.conftest import Country, forget_copies, make_document, move_to_vxp, now, submit

ONLY_PUBLIC = {"kty", "crv", "x", "y", "kid"}


def published(country: Country, kid: str, tag: str = "") -> httpx.Response:
    return httpx.get(f"{country.url}/api/v1/keys/{kid}", headers={"If-None-Match": tag} if tag else {}, timeout=30)


def handed_over(country: Country, key: SigningKey | None = None) -> tuple[NativeConnection, Change, Claim]:
    """G22 sends to H41, whose system takes it; what G22 is told, and what it has to be proof of."""
    sender = country.native("G22")
    packet = submit(sender, make_document(("H41",)))
    recipient = country.native("H41", key)
    [item] = [one for one in recipient.inbox() if one.packet_id == packet.packet_id]
    recipient.fetch(item, io.BytesIO())
    recipient.acknowledge(item)
    change = next(one for one in reversed(sender.changes(after=0)) if one.delivery_id == item.delivery_id)
    facts = {"delivery_id": item.delivery_id, "packet_id": packet.packet_id, "recipients": "H41"}
    claim = Claim(
        EvidenceEvent.CONTENT_HANDOVER, packet.digest, change.at, frozenset({"H41"}), facts,
        named=frozenset({"delivery_id"}),
    )  # fmt: skip
    return sender, change, claim


@pytest.mark.law("SEC-8")
def test_a_sender_proves_what_the_recipient_signed(country: Country) -> None:
    sender, change, claim = handed_over(country)
    key = sender.key(key_id(change.statement))
    assert key is not None
    assert (key.owner, key.hub, key.valid_to, key.compromised_from) == ("H41", False, None, None)
    assert [(one.agency, one.until) for one in key.agencies] == [("H41", None)]
    assert prove(change.statement, claim, key).issuer == "H41"


def test_the_recipient_gets_what_the_sender_signed(country: Country) -> None:
    packet = submit(country.native("G22"), make_document(("H41",)))
    recipient = country.native("H41")
    [item] = recipient.inbox()
    claim = Claim(EvidenceEvent.SUBMISSION_REQUEST, packet.digest, item.submitted_at, frozenset({"G22"}))
    assert prove(item.statement, claim, recipient.key(key_id(item.statement))).issuer == "G22"
    receipt = Claim(EvidenceEvent.SUBMISSION_ACCEPTANCE, packet.digest, item.submitted_at)
    of_hub = recipient.key(key_id(item.receipt))
    assert of_hub is not None
    assert of_hub.hub
    assert not prove(item.receipt, receipt, of_hub).attested_for


def test_for_who_cannot_sign_the_hub_attests(country: Country) -> None:
    move_to_vxp("H41")
    forget_copies()
    sender = country.native("G22")
    packet = submit(sender, make_document(("H41",)))
    java = country.java("H41")
    [row] = java.received()
    java.get_edoc(row["docId"])
    java.update_status(row["docId"], "done")
    change = sender.changes(after=0)[-1]
    claim = Claim(EvidenceEvent.CONTENT_HANDOVER, packet.digest, change.at, frozenset({"H41"}))
    said = prove(change.statement, claim, sender.key(key_id(change.statement)))
    assert said.attested_for == "000.00.00.H41"


def test_a_key_is_shown_to_everybody_without_its_secret_and_asked_for_again_by_its_tag(country: Country) -> None:
    kid = country.keys["H41"].id
    answer = published(country, kid)
    assert answer.status_code == 200
    assert set(answer.json()["jwk"]) <= ONLY_PUBLIC
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    again = published(country, kid, answer.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    systems.revoke_key("H41", kid, reason="Mất máy trạm", at=now())
    changed = published(country, kid, answer.headers["ETag"])
    assert changed.status_code == 200
    assert "Mất máy trạm" not in changed.text
    assert changed.json()["compromised_from"] == changed.json()["valid_to"] != None  # noqa: E711


@pytest.mark.parametrize("kid", ["x", "A" * 43, "%00" * 43, "a" * 99, "../../healthz"])
def test_an_unknown_key_is_said_to_be_unknown(country: Country, kid: str) -> None:
    answer = published(country, kid)
    assert answer.status_code == 404
    if kid != "../../healthz":
        assert answer.json()["code"] == "unknown_key"
    assert country.native("G22").key("A" * 43) is None


def test_a_rotated_key_still_proves_what_it_signed(country: Country) -> None:
    sender, change, claim = handed_over(country)
    fresh = SigningKey.generate()
    systems.change_key("H41", fresh.public_jwk(), old_until=now(), at=now())
    forget_copies()
    old = country.native("G22").key(key_id(change.statement))
    assert old is not None
    assert old.valid_to is not None
    assert prove(change.statement, claim, old).issuer == "H41"
    _, later, claim_of_later = handed_over(country, fresh)
    assert key_id(later.statement) == fresh.id
    assert prove(later.statement, claim_of_later, sender.key(fresh.id)).issuer == "H41"
    hub_before = key_id(change.statement)
    assert hub_before != fresh.id


def test_a_rotated_key_of_the_hub_still_proves_what_it_signed(country: Country) -> None:
    packet = submit(country.native("G22"), make_document(("H41",)))
    hubkeys.rotate(now())
    recipient = country.native("H41")
    [item] = recipient.inbox()
    key = recipient.key(key_id(item.receipt))
    assert key is not None
    assert key.valid_to is not None
    prove(item.receipt, Claim(EvidenceEvent.SUBMISSION_ACCEPTANCE, packet.digest, item.submitted_at), key)


def test_what_a_stolen_key_signed_proves_nothing_from_the_theft_on(country: Country) -> None:
    _, before, claim_before = handed_over(country)
    theft = now()
    _, after, claim_after = handed_over(country)
    kid = country.keys["H41"].id
    systems.revoke_key("H41", kid, reason="Mất máy trạm", since=theft, at=now())
    key = country.native("G22").key(kid)
    assert prove(before.statement, claim_before, key).issuer == "H41"
    with pytest.raises(Unproven) as refused:
        prove(after.statement, claim_after, key)
    assert refused.value.fault is Fault.KEY_COMPROMISED
    shown = {
        str(one.pk): proofs.of_handover(one, proofs.keys_of(one.packet, [one]))
        for one in Delivery.objects.select_related("packet")
    }
    assert shown[before.delivery_id].valid  # type: ignore[union-attr]
    assert shown[after.delivery_id].fault is Fault.KEY_COMPROMISED  # type: ignore[union-attr]


def test_a_system_speaks_for_an_agency_only_while_it_acts_for_it(country: Country) -> None:
    agencies.add_system("H26", name="Hà Nội", agencies=["H41"], at=now())
    [old] = country.native("G22").key(country.keys["H41"].id).agencies  # type: ignore[union-attr]
    now_acting = country.native("G22").key(country.keys["H26"].id).agencies  # type: ignore[union-attr]
    assert old.agency == "H41"
    assert old.until is not None
    assert {one.agency: one.until for one in now_acting} == {"H26": None, "H41": None}
    late = Claim(EvidenceEvent.CONTENT_HANDOVER, "ab" * 32, old.until + timedelta(minutes=5), frozenset({"H41"}))
    said = Statement(EvidenceEvent.CONTENT_HANDOVER, "H41", late.at, late.digest)
    key = country.native("G22").key(country.keys["H41"].id)
    with pytest.raises(Unproven) as refused:
        prove(country.keys["H41"].sign(said), late, key)
    assert refused.value.fault is Fault.FOREIGN_AGENCY
    prove(country.keys["H41"].sign(replace(said, at=old.since)), replace(late, at=old.since), key)


def test_a_theft_that_is_still_to_come_is_refused(country: Country) -> None:
    kid = country.keys["H41"].id
    with pytest.raises(systems.RegistryRefused) as refused:
        systems.revoke_key("H41", kid, reason="thử", since=now() + timedelta(hours=1), at=now())
    assert refused.value.refusal == "compromised_later"
    assert not SystemKey.objects.get(kid=kid).revoked_for


def test_a_member_asks_once_a_minute_for_a_key_and_twice_for_one_that_nobody_knows(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = country.native("G22")
    asked: list[str] = []
    ask = member._http.ask
    monkeypatch.setattr(member._http, "ask", lambda way, path, **named: asked.append(path) or ask(way, path, **named))
    for _ in range(3):
        assert member.key(country.keys["H41"].id) is not None
        assert member.key("B" * 43) is None
    assert sum(path.endswith(country.keys["H41"].id) for path in asked) == 1
    assert sum(path.endswith("B" * 43) for path in asked) == 2
    assert json.dumps(asked).count("keys/") == 3


def test_a_key_that_is_asked_for_again_and_again_costs_no_statement(country: Country) -> None:
    kid, of_hub = country.keys["H41"].id, hubkeys.current(now()).id
    memberkeys.find_many([kid, of_hub], now())
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):
            assert memberkeys.find_many([kid, of_hub, "x"], now()).keys() == {kid, of_hub}
    assert not asked.captured_queries
    with CaptureQueriesContext(connection) as asked:
        assert memberkeys.find("B" * 43, now()) is None
    assert len(asked) == 1
    systems.revoke_key("H41", kid, reason="Mất máy trạm", at=now())
    assert memberkeys.find_many([kid], now())[kid].compromised_from is not None
