"""What others signed about a document is judged by the published keys: proof is shown as proof, a forgery as a forgery."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lienthong.evidence.proving import Claim, PublishedKey, Service, prove
from lienthong.evidence.receipts import EvidenceEvent, SigningKey, Statement
from lienthong.journal.models import Event
from lienthong.office import proofs
from lienthong.office.exchange import inbox, outbox
from lienthong.office.models import (
    DirectoryAgency,
    IncomingDocument,
    MemberKey,
    Notice,
    OutboxPacket,
    OutgoingDocument,
    SignedStatement,
    Standing,
    Transmission,
)
from lienthong.office.outgoing import board, issuing
from lienthong.protocol.client.vxp import VxpConnection
from lienthong.protocol.messages import Change, DeliveryPromise, Kind, Submission
from lienthong.protocol.problems import HubUnreachable, InternalError, Problem
from lienthong.protocol.wire import read_value, write_value
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet, status_packet
from tests.service.office.conftest import Office, issued, now
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived
from tests.service.office.test_outgoing import report

RECIPIENT, OTHER, HUB, STRANGER = (SigningKey.generate() for _ in range(4))
LONG_AGO = datetime.fromisoformat("2026-01-01T00:00:00+07:00")
DELIVERY = "5f0c6a4e-6f7f-4c57-8f52-5b9bd3f5d0aa"


@dataclass
class KeyHub(MemoryHub):
    """A hub that publishes keys: H41's, H26's and its own."""

    keys: dict[str, PublishedKey] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    away: Problem | HubUnreachable | None = None
    refused: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for key, owner in ((RECIPIENT, "H41"), (OTHER, "H26")):
            self.publish(key, owner)
        self.keys[HUB.id] = PublishedKey(HUB.id, "hub-1", True, HUB.public_jwk(), LONG_AGO)

    def publish(self, key: SigningKey, owner: str, **facts: Any) -> None:
        services = (Service(owner, LONG_AGO),)
        published = PublishedKey(key.id, owner, False, key.public_jwk(), LONG_AGO, agencies=services)
        self.keys[key.id] = replace(published, **facts)

    def key(self, kid: str) -> PublishedKey | None:
        self.asked.append(kid)
        if self.away:
            raise self.away
        if kid in self.refused:
            raise InternalError()
        return self.keys.get(kid)


@dataclass
class Sent:
    """A document that went to H41 and H26, known to the hub."""

    document: OutgoingDocument
    packet: OutboxPacket

    def statement(self, **changes: Any) -> Statement:
        said = Statement(
            EvidenceEvent.CONTENT_HANDOVER, "H41", now(), self.packet.digest, packet_id="p-1", delivery_id=DELIVERY,
            identifier=self.packet.identifier, recipients=("000.00.00.H41",),
        )  # fmt: skip
        return replace(said, **changes)

    def told(self, token: str, at: datetime | None = None) -> None:
        """The hub says that H41 has it, with this statement."""
        board.apply_change(Change(7, "p-1", DELIVERY, "H41", "done", at or now(), token), at=now())


@pytest.fixture
def sent(office: Office) -> Sent:
    document = issued(office)
    packet = OutboxPacket.objects.get()
    OutboxPacket.objects.filter(pk=packet.pk).update(packet_id="p-1")
    promises = (DeliveryPromise(DELIVERY, "H41", "H41"), DeliveryPromise("d-2", "H26", "H26"))
    board.apply_submission(packet, Submission("p-1", packet.digest, now(), promises, ""), at=now())
    return Sent(document, packet)


@pytest.fixture
def hub() -> KeyHub:
    return KeyHub()


def handover() -> SignedStatement:
    return SignedStatement.objects.get(kind="handover")


def copies_of(one: SignedStatement, count: int, **facts: Any) -> list[SignedStatement]:
    """More statements like it, as of other packets."""
    copies = []
    for number in range(count):
        copy = SignedStatement.objects.get(pk=one.pk)
        copy.pk, copy.fingerprint = None, f"{number:064}"
        for name, value in facts.items():
            setattr(copy, name, value)
        copies.append(copy)
    return SignedStatement.objects.bulk_create(copies)


def board_of(office: Office, sent: Sent, login: str = "van.thu") -> str:
    return office.client(login).get(f"/van-ban-di/{sent.document.pk}/").content.decode()


def page_of(office: Office, sent: Sent, login: str = "van.thu") -> str:
    return office.client(login).get(f"/van-ban-di/{sent.document.pk}/bang-chung/").content.decode()


@pytest.mark.law("SEC-8", "AVI-G4")
@pytest.mark.django_db
def test_what_the_recipients_system_signed_is_proof(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(RECIPIENT.sign(sent.statement()))
    assert 'data-proof="waiting"' in board_of(office, sent)
    assert proofs.judge_waiting(hub, at=now()) == 1
    one = handover()
    assert (one.standing, one.fault, one.signer, one.kid) == ("proven", "", "H41", RECIPIENT.id)
    assert 'data-proof="proven"' in board_of(office, sent)
    for login in ("van.thu", "kiem.tra"):
        page = page_of(office, sent, login)
        assert 'data-statement="handover" data-agency="H41" data-standing="proven"' in page
        assert "Bên nhận ký đã nhận" in page
    assert not Notice.objects.filter(link__contains="bang-chung").exists()
    assert not proofs.judge_waiting(hub, at=now() + timedelta(days=1))  # it is settled


FORGERIES = {
    "a member's other key": (lambda sent: OTHER.sign(sent.statement(issuer="H26")), "foreign_agency"),
    "another system in its name": (lambda sent: OTHER.sign(sent.statement()), "foreign_signer"),
    "the hub in its name": (lambda sent: HUB.sign(sent.statement()), "foreign_signer"),
    "the hub's own receipt": (lambda sent: HUB.sign(sent.statement(issuer="hub-1")), "foreign_agency"),
    "a key that nobody published": (lambda sent: STRANGER.sign(sent.statement()), "unknown_key"),
    "another packet": (lambda sent: RECIPIENT.sign(sent.statement(digest="cd" * 32)), "other_content"),
    "another delivery": (lambda sent: RECIPIENT.sign(sent.statement(delivery_id="d-2")), "other_content"),
    "another document": (lambda sent: RECIPIENT.sign(sent.statement(identifier="x")), "other_content"),
    "another recipient": (lambda sent: RECIPIENT.sign(sent.statement(recipients=("H26",))), "other_content"),
    "a time to come": (lambda sent: RECIPIENT.sign(sent.statement(at=now() + timedelta(hours=1))), "other_time"),
    "a changed text": (lambda sent: RECIPIENT.sign(sent.statement())[:-8] + "AAAAAAAA", "bad_signature"),
    "no statement": (lambda _: "xác nhận", "not_a_statement"),
}


@pytest.mark.law("SEC-8")
@pytest.mark.django_db
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_never_proof_and_is_kept_and_told(office: Office, sent: Sent, hub: KeyHub, forgery: str) -> None:
    make, fault = FORGERIES[forgery]
    token = make(sent)  # type: ignore[no-untyped-call]
    sent.told(token)
    proofs.judge_waiting(hub, at=now() + proofs.KNOWN_WITHIN)
    one = handover()
    standing = "unknown_key" if fault == "unknown_key" else "invalid"
    assert (one.standing, one.fault, one.token) == (standing, fault, token)
    event = Event.objects.get(name="statement.unproven")
    assert (event.data["fault"], event.data["agency"], event.subject) == (fault, "H41", str(sent.document.pk))
    assert f'data-proof="{standing}"' in board_of(office, sent)
    page = page_of(office, sent, "kiem.tra")
    assert f'data-fault="{fault}"' in page
    assert "không phải bằng chứng" in page or "khóa ký lạ" in page
    told = Notice.objects.filter(link=f"/van-ban-di/{sent.document.pk}/bang-chung/")
    assert {notice.person for notice in told} == {office["van.thu"], office["kiem.tra"]}
    assert "không phải bằng chứng" in told[0].text
    assert "is no proof" in told[0].text_en
    # What the hub says happened stays said: proof is one thing, the state another.
    assert board.state_of(Transmission.objects.get(delivery_id=DELIVERY)) == "delivered"


@pytest.mark.django_db
def test_the_hub_attests_for_a_system_that_cannot_sign(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(HUB.sign(sent.statement(issuer="hub-1", attested_for="000.00.00.H41")))
    proofs.judge_waiting(hub, at=now())
    one = handover()
    assert (one.standing, one.signer, one.attested_for) == ("attested", "hub-1", "000.00.00.H41")
    page = board_of(office, sent)
    assert 'data-proof="attested"' in page
    assert "cho hệ thống 000.00.00.H41 không ký được" in page


@pytest.mark.django_db
def test_what_an_older_key_signed_stays_proven_after_a_rotation(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(RECIPIENT.sign(sent.statement()))
    proofs.judge_waiting(hub, at=now())
    late = copies_of(handover(), 1, kept_at=now() + timedelta(minutes=2))
    hub.publish(RECIPIENT, "H41", valid_to=now() + timedelta(minutes=1))
    later = now() + timedelta(hours=1)
    proofs.ask_for_keys(hub, at=later)
    assert list(SignedStatement.objects.filter(next_at=later)) == late  # what may be worth something else now, no more
    assert proofs.judge_waiting(hub, at=later) == 1
    SignedStatement.objects.filter(pk=late[0].pk).delete()
    assert handover().standing == Standing.PROVEN
    assert not Event.objects.filter(name__startswith="statement.").exists()


@pytest.mark.django_db
def test_what_a_key_signed_once_it_was_stolen_loses_its_worth(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(RECIPIENT.sign(sent.statement()))
    proofs.judge_waiting(hub, at=now())
    hub.publish(RECIPIENT, "H41", valid_to=now(), compromised_from=now() - timedelta(hours=1))
    proofs.ask_for_keys(hub, at=now() + timedelta(minutes=1))
    assert handover().standing == Standing.PROVEN  # it is asked about keys now and then
    proofs.ask_for_keys(hub, at=now() + proofs.KEY_ASKED_EVERY)
    proofs.judge_waiting(hub, at=now() + proofs.KEY_ASKED_EVERY)
    assert (handover().standing, handover().fault) == ("invalid", "key_compromised")
    assert "ký từ khi khóa bị lộ hoặc nghi lộ" in board_of(office, sent)
    assert Event.objects.get(name="statement.unproven").data["fault"] == "key_compromised"


@pytest.mark.django_db
def test_a_thief_who_dates_back_is_found_out_by_the_hubs_clock(office: Office, sent: Sent, hub: KeyHub) -> None:
    theft = now() - timedelta(minutes=5)
    hub.publish(RECIPIENT, "H41", valid_to=theft, compromised_from=theft)
    sent.told(RECIPIENT.sign(sent.statement(at=theft - timedelta(hours=1))))
    proofs.judge_waiting(hub, at=now())
    assert handover().fault == "key_compromised"


@pytest.mark.django_db
def test_an_unknown_key_stops_nothing_and_may_become_known(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(STRANGER.sign(sent.statement()))
    change = Change(8, "p-1", "d-2", "H26", "done", now(), OTHER.sign(sent.statement(
        issuer="H26", delivery_id="d-2", recipients=("000.00.00.H26",)
    )))  # fmt: skip
    board.apply_change(change, at=now())
    assert proofs.judge_waiting(hub, at=now()) == 2
    standings = dict(SignedStatement.objects.values_list("agency", "standing"))
    assert standings == {"H41": "unknown_key", "H26": "proven"}
    assert not proofs.judge_waiting(hub, at=now())  # it is asked for again later, less and less often
    assert proofs.judge_waiting(hub, at=now() + timedelta(minutes=2)) == 1
    assert not proofs.judge_waiting(hub, at=now() + timedelta(minutes=2))
    assert Event.objects.filter(name="statement.unproven").count() == 1  # said once
    hub.publish(STRANGER, "H41")
    proofs.judge_waiting(hub, at=now() + timedelta(hours=7))
    assert SignedStatement.objects.get(agency="H41").standing == Standing.PROVEN
    assert Event.objects.filter(name="statement.proven").count() == 1


@pytest.mark.django_db
def test_a_hub_that_fails_at_a_key_holds_up_nothing(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(RECIPIENT.sign(sent.statement()))
    hub.away = InternalError()
    proofs.judge_waiting(hub, at=now())
    assert handover().standing == Standing.WAITING
    assert not proofs.judge_waiting(hub, at=now())
    hub.away = HubUnreachable("away")
    with pytest.raises(HubUnreachable):
        proofs.judge_waiting(hub, at=now() + timedelta(hours=1))
    hub.away = None
    proofs.judge_waiting(hub, at=now() + timedelta(hours=1))
    assert handover().standing == Standing.PROVEN


@pytest.mark.django_db
def test_only_who_follows_the_agency_may_speak_for_it(office: Office, sent: Sent, hub: KeyHub) -> None:
    DirectoryAgency.objects.filter(code="H41").update(successor="H26")
    sent.told(OTHER.sign(sent.statement(issuer="H26")))
    proofs.judge_waiting(hub, at=now())
    assert handover().standing == Standing.PROVEN


@pytest.mark.law("SEC-8")
@pytest.mark.django_db
def test_a_status_is_proof_by_whom_it_was_signed(office: Office, sent: Sent, hub: KeyHub) -> None:
    def comes(code: StatusCode, key: SigningKey) -> None:
        packet = status_packet(report(sent.document, code))
        item = hub.put(packet, kind=Kind.STATUS)
        receipt = Statement(
            EvidenceEvent.SUBMISSION_ACCEPTANCE, "hub-1", now(), item.digest, packet_id=item.packet_id
        )  # fmt: skip
        request = Statement(EvidenceEvent.SUBMISSION_REQUEST, "H41", now(), item.digest)
        inbox.receive(hub, replace(item, receipt=HUB.sign(receipt), statement=key.sign(request)), at=now())

    comes(StatusCode.ARRIVED, RECIPIENT)
    comes(StatusCode.ACCEPTED, OTHER)
    assert proofs.judge_waiting(hub, at=now()) == 4
    found = {(one.status_code, one.kind): one.standing for one in proofs.of_outgoing(sent.document)}
    assert found == {
        ("01", "acceptance"): "proven", ("01", "submission"): "proven",
        ("03", "acceptance"): "proven", ("03", "submission"): "invalid",
    }  # fmt: skip
    page = board_of(office, sent)
    assert page.count('data-proof="invalid"') == 1
    assert "khóa ký là của hệ thống khác" in page


@pytest.mark.django_db
def test_a_document_that_comes_in_brings_its_senders_proof(office: Office, hub: KeyHub) -> None:
    item = hub.put(document_packet(LETTER))
    receipt = Statement(
        EvidenceEvent.SUBMISSION_ACCEPTANCE, "hub-1", now(), item.digest, packet_id=item.packet_id,
        attested_for="000.00.00.H41",
    )  # fmt: skip
    inbox.receive(hub, replace(item, receipt=HUB.sign(receipt)), at=now())
    proofs.judge_waiting(hub, at=now())
    document = IncomingDocument.objects.get()
    page = office.client("van.thu").get(f"/van-ban-den/{document.pk}/bang-chung/").content.decode()
    assert 'data-statement="acceptance" data-agency="H41" data-standing="attested"' in page
    assert "cho hệ thống 000.00.00.H41 không ký được" in page


@pytest.mark.law("AVI-G5")
@pytest.mark.django_db
def test_proof_is_taken_away_and_checked_without_this_office_and_without_the_hub(
    office: Office, sent: Sent, hub: KeyHub
) -> None:
    sent.told(RECIPIENT.sign(sent.statement()))
    proofs.judge_waiting(hub, at=now())
    answer = office.client("kiem.tra").get(f"/van-ban-di/{sent.document.pk}/bang-chung/?tai=1")
    assert answer["Content-Disposition"] == f'attachment; filename="bang-chung-{sent.document.pk}.json"'
    taken = json.loads(answer.content)
    [one], [key] = taken["statements"], taken["keys"]
    claim = Claim(
        EvidenceEvent(one["claim"]["event"]), one["claim"]["digest"], datetime.fromisoformat(one["claim"]["at"]),
        frozenset(one["claim"]["agencies"]), one["claim"]["facts"], frozenset(one["claim"]["named"]),
    )  # fmt: skip
    assert prove(one["statement"], claim, read_value(PublishedKey, key)).delivery_id == DELIVERY
    assert "d" not in key["jwk"]
    assert office.client("quan.tri").get(f"/van-ban-di/{sent.document.pk}/bang-chung/").status_code == 404


@pytest.mark.django_db
def test_the_hand_over_of_a_recall_is_proof_too_also_when_it_is_told_early(
    office: Office, sent: Sent, hub: KeyHub
) -> None:
    issuing.recall(
        sent.document, list(sent.document.recipients.filter(code="H41")), reason="Ban hành nhầm", authority="PCN",
        actor=office["van.thu"], at=now(),
    )  # fmt: skip
    packet = OutboxPacket.objects.get(business_type=1)
    said = sent.statement(
        digest=packet.digest, packet_id="p-2", delivery_id="d-9", identifier=packet.identifier, issuer="H26"
    )
    board.apply_change(Change(9, "p-2", "d-9", "000.00.00.H41", "done", now(), OTHER.sign(said)), at=now())
    assert not SignedStatement.objects.exists()
    OutboxPacket.objects.filter(pk=packet.pk).update(packet_id="p-2")
    promises = (DeliveryPromise("d-9", "000.00.00.H41", "H26"),)  # the hub routes it to who receives for H41
    board.apply_submission(packet, Submission("p-2", packet.digest, now(), promises, ""), at=now())
    proofs.judge_waiting(hub, at=now())
    assert (handover().standing, handover().agency, handover().document) == ("proven", "H41", sent.document)
    assert 'data-statement="handover" data-agency="H41" data-standing="proven"' in page_of(office, sent)


@pytest.mark.django_db
def test_what_became_of_our_own_status_is_proof_with_the_document_that_came_in(office: Office, hub: KeyHub) -> None:
    document = arrived(hub)
    packet = OutboxPacket.objects.get(status_code="01")
    assert outbox.send_one(hub, at=now())
    packet.refresh_from_db()
    said = Statement(
        EvidenceEvent.CONTENT_HANDOVER, "H41", now(), packet.digest, delivery_id="d-7", recipients=("000.00.00.H41",)
    )
    change = Change(9, packet.packet_id, "d-7", "000.00.00.H41", "done", now(), RECIPIENT.sign(said))
    for _ in range(2):
        board.apply_change(change, at=now())
    proofs.judge_waiting(hub, at=now())
    found = {(one.kind, one.status_code): one.standing for one in proofs.of_incoming(document)}
    assert found == {
        ("acceptance", "01"): "invalid",
        ("handover", "01"): "proven",
    }  # that hub's receipt is no statement


@pytest.mark.django_db
def test_the_same_statement_is_kept_once(office: Office, sent: Sent, hub: KeyHub) -> None:
    token = RECIPIENT.sign(sent.statement())
    sent.told(token)
    sent.told(token)
    assert SignedStatement.objects.count() == 1


@pytest.mark.django_db
def test_who_has_just_taken_over_is_not_called_foreign_by_an_old_copy_of_its_key(
    office: Office, sent: Sent, hub: KeyHub
) -> None:
    sent.told(OTHER.sign(sent.statement(issuer="H26")))
    assert proofs.judge_waiting(hub, at=now()) == 1  # the key in hand is of before H26 acted for H41
    assert handover().standing == Standing.WAITING
    assert not proofs.judge_waiting(hub, at=now() + timedelta(minutes=1))
    hub.publish(OTHER, "H26", agencies=(Service("H26", LONG_AGO), Service("H41", now() - timedelta(seconds=20))))
    proofs.judge_waiting(hub, at=now() + proofs.KNOWN_WITHIN)
    assert handover().standing == Standing.PROVEN
    assert not Event.objects.filter(name__startswith="statement.").exists()


@pytest.mark.django_db
def test_who_is_said_later_to_have_acted_is_judged_anew(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(OTHER.sign(sent.statement(issuer="H26")))
    proofs.judge_waiting(hub, at=now() + proofs.KNOWN_WITHIN)
    assert handover().fault == "foreign_agency"
    hub.publish(OTHER, "H26", agencies=(Service("H26", LONG_AGO), Service("H41", now() - timedelta(seconds=20))))
    later = now() + timedelta(hours=1)
    proofs.ask_for_keys(hub, at=later)
    proofs.judge_waiting(hub, at=later)
    assert handover().standing == Standing.PROVEN


@pytest.mark.django_db
def test_a_successor_that_becomes_known_after_its_statement_speaks_for_the_agency(
    office: Office, sent: Sent, hub: KeyHub
) -> None:
    sent.told(OTHER.sign(sent.statement(issuer="H26")))
    DirectoryAgency.objects.filter(code="H41").update(successor="H26")
    proofs.judge_waiting(hub, at=now())
    assert (handover().standing, handover().claim["agencies"]) == ("proven", ["H26", "H41"])


@pytest.mark.django_db
def test_what_breaks_one_judgement_breaks_no_other(office: Office, sent: Sent, hub: KeyHub) -> None:
    said = sent.statement(issuer="H26", delivery_id="d-2", recipients=("000.00.00.H26",))
    board.apply_change(Change(8, "p-1", "d-2", "H26", "done", now(), OTHER.sign(said)), at=now())
    sent.told(RECIPIENT.sign(sent.statement()))
    hub.publish(RECIPIENT, "H41", jwk=None)  # which no hub of sense says
    assert proofs.judge_waiting(hub, at=now()) == 2
    assert dict(SignedStatement.objects.values_list("agency", "standing")) == {"H41": "waiting", "H26": "proven"}
    assert not proofs.judge_waiting(hub, at=now())
    hub.publish(RECIPIENT, "H41")
    proofs.judge_waiting(hub, at=now() + timedelta(hours=1))
    assert SignedStatement.objects.get(agency="H41").standing == Standing.PROVEN


@pytest.mark.django_db
def test_a_key_that_the_hub_cannot_tell_keeps_no_other_from_being_asked_for(
    office: Office, sent: Sent, hub: KeyHub
) -> None:
    for key in (OTHER, RECIPIENT):
        facts = write_value(hub.keys[key.id])
        MemberKey.objects.create(kid=key.id, facts=facts, asked_at=now() - timedelta(hours=1 + (key is OTHER)))
    hub.refused.add(OTHER.id)
    at = now()
    proofs.ask_for_keys(hub, at=at)
    assert hub.asked == [OTHER.id, RECIPIENT.id]
    assert set(MemberKey.objects.values_list("asked_at", flat=True)) == {at}  # each waits for its turn again


@pytest.mark.django_db
def test_a_new_statement_does_not_wait_behind_years_of_older_ones(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(RECIPIENT.sign(sent.statement()))
    newest = handover()
    copies_of(newest, proofs.AT_ONCE, next_at=now() - timedelta(hours=1))
    assert proofs.judge_waiting(hub, at=now()) == proofs.AT_ONCE
    assert SignedStatement.objects.get(pk=newest.pk).standing == Standing.PROVEN


@pytest.mark.django_db
def test_people_hear_once_of_all_that_a_stolen_key_signed(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(RECIPIENT.sign(sent.statement()))
    copies_of(handover(), 2)
    proofs.judge_waiting(hub, at=now())
    hub.publish(RECIPIENT, "H41", valid_to=now(), compromised_from=now() - timedelta(hours=1))
    later = now() + proofs.KEY_ASKED_EVERY
    proofs.ask_for_keys(hub, at=later)
    proofs.judge_waiting(hub, at=later)
    assert Event.objects.filter(name="statement.unproven").count() == 3
    [notice] = Notice.objects.filter(person=office["kiem.tra"], link__contains="bang-chung")
    assert notice.text.startswith(f"3 bản ký bằng khóa {RECIPIENT.id[:8]}… không còn là bằng chứng: ")
    assert notice.text_en.startswith(f"3 statements signed with the key {RECIPIENT.id[:8]}… are no longer proof: ")


@pytest.mark.django_db
def test_behind_a_door_without_keys_nothing_is_judged(office: Office, sent: Sent, hub: KeyHub) -> None:
    sent.told(RECIPIENT.sign(sent.statement()))
    proofs.judge_waiting(hub, at=now())
    copies_of(handover(), 1, standing="waiting", next_at=now())
    door = VxpConnection("http://127.0.0.1:9", system="G22", secret="shared", timeout=1)
    later = now() + timedelta(days=1)
    assert not proofs.judge_waiting(door, at=later)
    proofs.ask_for_keys(door, at=later)
    assert set(SignedStatement.objects.values_list("standing", flat=True)) == {"proven", "waiting"}
    assert not MemberKey.objects.filter(asked_at=later).exists()
    assert not Notice.objects.filter(link__contains="bang-chung").exists()
