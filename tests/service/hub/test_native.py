"""The native door: a packet goes through, once, with proof, and only those see it who may."""

import base64
import hashlib
import io
import json
import threading
import uuid
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Any

import httpx
import pytest
from django.db import connection, transaction

from lienthong.evidence.receipts import TYPE, EvidenceEvent, KeyRing, SigningKey, Statement
from lienthong.hub import agencies, hubkeys, lifecycle
from lienthong.hub.blobs import blobs
from lienthong.hub.models import Agency, Delivery, Packet, Quarantined
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.protocol import problems
from lienthong.protocol.messages import InboxItem
from lienthong.standards.edxml import Organ
from lienthong.standards.statuses import StatusCode, TransportState, Urgency
from tests.horizon import await_final
from tests.museum.packets import PIECES, document_packet
from tests.service.hub.conftest import Country, make_document, make_recall, make_status, now, receive_all, submit

S = StatusCode


@pytest.mark.law("R-3.3-1", "R-6.1-1", "R-14.2-1")
def test_a_document_reaches_every_recipient_as_it_was_sent(country: Country) -> None:
    document = make_document(("H41", "000.00.00.H26", "G12"))
    sent = document_packet(document)
    submission = submit(country.native("G22"), sent, sender="G22")
    assert [one.routed_to for one in submission.deliveries] == ["H41", "H26", "G12"]
    for code in ("H41", "H26", "G12"):
        assert receive_all(country.native(code)) == [sent]
        assert country.native(code).inbox() == []


def test_every_step_is_a_signed_statement_that_both_sides_can_check(country: Country) -> None:
    submission = submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    item = recipient.inbox()[0]
    recipient.fetch(item, io.BytesIO())
    done = recipient.acknowledge(item)
    hub = KeyRing(httpx.get(f"{country.url}/api/v1/keys").json()["keys"])
    accepted, handed_over = hub.verify(submission.receipt), hub.verify(done.receipt)
    assert (accepted.event, accepted.digest) == (EvidenceEvent.SUBMISSION_ACCEPTANCE, submission.digest)
    assert (handed_over.event, handed_over.delivery_id) == (EvidenceEvent.CONTENT_HANDOVER, item.delivery_id)
    await_final()
    change = country.native("G22").changes(after=0)[-1]
    said = KeyRing([country.keys["H41"].public_jwk()]).verify(change.statement)
    assert (said.event, said.issuer, said.digest) == (EvidenceEvent.CONTENT_HANDOVER, "H41", submission.digest)
    assert Packet.objects.get().statement


def test_the_hubs_old_statements_hold_after_its_key_was_rotated(country: Country) -> None:
    submission = submit(country.native("G22"), make_document())
    hubkeys.rotate(now())
    later = submit(country.native("G22"), make_document())
    hub = KeyRing(httpx.get(f"{country.url}/api/v1/keys").json()["keys"])
    assert hub.verify(submission.receipt).packet_id == submission.packet_id
    assert hub.verify(later.receipt).packet_id == later.packet_id


@pytest.mark.law("R-6.2-3", "R-6.2-4")
def test_an_express_document_overtakes(country: Country) -> None:
    sender = country.native("G22")
    order = [Urgency.NORMAL, Urgency.URGENT, Urgency.NORMAL, Urgency.EXPRESS, Urgency.VERY_URGENT]
    for urgency in order:
        submit(sender, make_document(urgency=urgency))
    assert [item.urgency for item in country.native("H41").inbox()] == [3, 2, 1, 0, 0]


def feed(country: Country) -> list[tuple[str, str]]:
    """The sender's feed, once it tells all that happened."""
    await_final()
    return [(change.recipient, change.state) for change in country.native("G22").changes(after=0)]


def test_an_item_stays_listed_until_it_is_acknowledged(country: Country) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    recipient.fetch(recipient.inbox()[0], io.BytesIO())
    assert [item.state for item in recipient.inbox()] == ["processing"]
    recipient.refuse(recipient.inbox()[0], code="disk_full", detail="hết chỗ")
    assert recipient.inbox() == []
    assert [item.state for item in recipient.inbox(failed=True)] == ["fail"]
    first = recipient.acknowledge(item := recipient.inbox(failed=True)[0])
    assert recipient.inbox(failed=True) == []
    assert recipient.acknowledge(item).receipt == first.receipt
    assert feed(country) == [("H41", "processing"), ("H41", "fail"), ("H41", "done")]


def test_the_feed_waits_for_a_commit_that_is_still_to_come(country: Country) -> None:
    """The row of a transaction that began earlier and commits later has the smaller number: it is not passed by."""
    sender, recipient = country.native("G22"), country.native("H41")
    for _ in range(2):
        submit(sender, make_document())
    first, second = recipient.inbox()
    row, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        delivery = Delivery.objects.select_related("packet").get(pk=second.delivery_id)
        with transaction.atomic():
            with connection.cursor() as cursor:  # takes its row number first …
                cursor.execute("SELECT nextval(pg_get_serial_sequence('hub_change', 'id'))")
            lifecycle.advance(delivery, to=TransportState.FAIL, actor=Actor("system", "H41"), at=now(), failure="x")
            row.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    row.wait(20)
    recipient.refuse(first, code="x", detail="")  # … and commits after this one
    seen = [change.delivery_id for change in sender.changes(after=0)]
    go_on.set()
    thread.join(20)
    cursor = 0
    end = monotonic() + 90  # what writes for long in another database of this server holds the horizon back as well
    while len(seen) < 2 and monotonic() < end:
        for change in sender.changes(after=cursor):
            if change.delivery_id not in seen:
                seen.append(change.delivery_id)
            cursor = change.seq
    assert sorted(seen) == sorted([first.delivery_id, second.delivery_id])


def test_what_happened_together_comes_in_short_answers_and_none_of_it_twice(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recall withdraws a document from all its recipients at once: that may be more than an answer holds."""
    sender = country.native("G22")
    document = make_document(("H41", "H26", "G12"))
    submit(sender, document)
    submit(sender, make_recall(document, ("H41", "H26", "G12")))
    later = make_document(("H41",))
    submit(sender, later)
    receive_all(country.native("H41"))
    await_final()
    (withdrawn,) = {one.seq for one in sender.changes(after=0) if one.state == "withdrawn"}
    whole = [(one.delivery_id, one.state) for one in sender.changes(after=0)]
    together = [state for _, state in whole].count("withdrawn")
    assert together > 2
    for limit in (1, 2):
        seen, cursor = [], "0"
        while page := _changes(country, f"after={cursor}&limit={limit}"):
            assert len(page) <= limit
            seen += [(one["delivery_id"], one["state"]) for one in page]
            cursor = page[-1]["cursor"]
        assert seen == whole
        # A member's connection gives what happened together in one piece, and remembers where it ended by number.
        found = sender.changes(after=withdrawn - 1, limit=limit)
        assert [(one.delivery_id, one.state) for one in found] == whole[:together]
        assert [(one.delivery_id, one.state) for one in sender.changes(after=withdrawn)] == whole[together:]
    for cursor in ("x", "1-", "-1", "1-2-3", "٣", "9" * 50, ""):
        assert _changes(country, f"after={cursor}") == "bad_request", cursor
    assert _changes(country, f"after={'9' * 19}") == []


def _changes(country: Country, query: str) -> Any:
    """The feed as it stands on the wire; the code of a refusal."""
    headers = country.native("G22")._bearer()
    answer = httpx.get(f"{country.url}/api/v1/changes?{query}", headers=headers)
    return answer.json()["changes"] if answer.status_code == 200 else answer.json()["code"]


def test_a_waiting_inbox_answers_when_something_comes(country: Country) -> None:
    found: list[object] = []
    recipient = country.native("H41")
    waiting = threading.Thread(target=lambda: found.extend(recipient.inbox(wait=20)))
    waiting.start()
    submit(country.native("G22"), make_document())
    waiting.join(10)
    assert not waiting.is_alive()
    assert len(found) == 1


# -- once ------------------------------------------------------------------------------------------------------------


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


# -- who may -----------------------------------------------------------------------------------------------------------

NOBODY = uuid.UUID(int=28)
ROUTES = [
    ("GET", "agencies"), ("GET", "agencies/search?q=ha"), ("GET", "agencies/changes"), ("POST", "packets"), ("GET", "inbox"), ("GET", "changes"),
    ("GET", f"packets/{NOBODY}"), ("GET", f"deliveries/{NOBODY}/packet"),
    ("POST", f"deliveries/{NOBODY}/ack"), ("POST", f"deliveries/{NOBODY}/fail"),
]  # fmt: skip


@pytest.mark.law("R-13.2-1")
@pytest.mark.refuses("R-13.2-1")
@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer a.b.c", "Basic RzIyOng="])
def test_without_a_token_of_the_hub_there_is_nothing(country: Country, method: str, path: str, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    answer = httpx.request(method, f"{country.url}/api/v1/{path}", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_that_the_hub_did_not_sign_is_worth_nothing(country: Country) -> None:
    forged = SigningKey.generate().sign_claims({"iss": "000.00.00.TLT", "sub": "G22", "exp": 9e9}, kind="at+jwt")
    answer = httpx.get(f"{country.url}/api/v1/inbox", headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


def test_a_key_that_is_not_registered_gets_no_token(country: Country) -> None:
    stranger = country.native("G22", SigningKey.generate())
    with pytest.raises(problems.Unauthenticated):
        stranger.inbox()


def test_an_assertion_is_used_once(country: Country) -> None:
    claims = {
        "iss": "G22",
        "sub": "G22",
        "aud": "000.00.00.TLT",
        "jti": uuid.uuid4().hex,
        "exp": now().timestamp() + 60,
    }
    form = {"grant_type": "client_credentials", "client_assertion": country.keys["G22"].sign_claims(claims)}
    assert httpx.post(f"{country.url}/api/v1/token", data=form).status_code == 200
    assert httpx.post(f"{country.url}/api/v1/token", data=form).json()["code"] == "assertion_replayed"


@pytest.mark.parametrize(
    "odd",
    [
        {"exp": "abc"}, {"exp": "inf"}, {"exp": 1e300}, {"exp": None}, {"exp": [1]}, {"exp": True},
        {"jti": "a\0" * 8}, {"jti": 12345678}, {"aud": ["x"]}, {"aud": {}}, {"iss": []},
    ],
)  # fmt: skip
def test_an_assertion_of_odd_types_is_refused_by_name(country: Country, odd: dict[str, object]) -> None:
    claims = {"iss": "G22", "sub": "G22", "aud": "000.00.00.TLT", "jti": uuid.uuid4().hex}
    token = country.keys["G22"].sign_claims({**claims, "exp": int(now().timestamp()) + 60, **odd})
    form = {"grant_type": "client_credentials", "client_assertion": token}
    answer = httpx.post(f"{country.url}/api/v1/token", data=form)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("body", [{"code": "a\0"}, {"code": "a", "detail": "\0"}, {"code": "\ud800"}, {"code": 7}])
def test_a_failure_that_cannot_be_written_down_is_refused_by_name(country: Country, body: dict[str, object]) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    place = f"{country.url}/api/v1/deliveries/{recipient.inbox()[0].delivery_id}/fail"
    answer = httpx.post(place, headers=recipient._bearer(), content=json.dumps(body))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert Delivery.objects.get().state == "initial"


def test_another_systems_delivery_does_not_exist(country: Country) -> None:
    submission = submit(country.native("G22"), make_document())
    item = country.native("H41").inbox()[0]
    stranger = country.native("H26")
    for act in (lambda: stranger.fetch(item, io.BytesIO()), lambda: stranger.refuse(item, code="x", detail="")):
        with pytest.raises(problems.UnknownDelivery):
            act()
    with pytest.raises(problems.UnknownDelivery):
        stranger.acknowledge(item)
    token = stranger._bearer()
    answer = httpx.get(f"{country.url}/api/v1/packets/{submission.packet_id}", headers=token)
    assert answer.json()["code"] == "unknown_packet"
    assert country.native("H41").inbox()[0].state == "initial"


@pytest.mark.law("R-3.4-1")
def test_a_system_sends_for_its_own_agencies_only(country: Country) -> None:
    with pytest.raises(problems.NotYourAgency):
        submit(country.native("H26"), make_document())
    with pytest.raises(problems.FromMismatch):
        submit(country.native("G22"), make_document(), sender="H26")
    assert not Packet.objects.exists()


@pytest.mark.law("R-3.4-1")
@pytest.mark.refuses("R-3.4-1")
def test_a_person_neither_sends_nor_receives(country: Country) -> None:
    """Neither by a name, which is no code, nor under a code of their own, which the registry gives to agencies alone."""
    for name, code in (("Trần Quốc Vượng", "packet_invalid"), ("vuong@vpcp.gov.vn", "packet_invalid")):
        for document in (make_document((name,)), replace(make_document(), sender=Organ(name, name))):
            with pytest.raises(problems.Problem) as refused:
                submit(country.native("G22"), document, sender="G22")
            assert refused.value.code == code
            assert refused.value.data["problems"][0]["code"] == "wrong_form"
    with pytest.raises(problems.UnknownRecipient):
        submit(country.native("G22"), make_document(("G22.TranQuocVuong",)))
    with pytest.raises(problems.NotYourAgency):
        submit(country.native("G22"), make_document(sender="G22.TranQuocVuong"))
    assert not Packet.objects.exists()


def test_a_hand_over_is_signed_by_the_recipient_itself(country: Country) -> None:
    submit(country.native("G22"), make_document())
    item = country.native("H41").inbox()[0]
    impostor = country.native("H41")
    impostor._token, impostor._token_until = (
        country.native("H41")._bearer()["Authorization"][7:],
        now().replace(year=2099),
    )
    impostor._key = country.keys["H26"]
    with pytest.raises(problems.StatementInvalid):
        impostor.acknowledge(item)
    assert Delivery.objects.get().state == "initial"


def hand_over(country: Country, item: InboxItem, *, iat: str = "", **said: object) -> str:
    """What the hub answers to a hand-over that H41 signed: `done`, or the problem's code."""
    truth: dict[str, object] = {
        "digest": item.digest, "packet_id": item.packet_id, "delivery_id": item.delivery_id,
        "identifier": item.document_id, "sender": item.sender, "recipients": (item.recipient,), "at": now(),
    }  # fmt: skip
    statement = Statement(EvidenceEvent.CONTENT_HANDOVER, "H41", **{**truth, **said})  # type: ignore[arg-type]
    claims = statement.claims() | ({"iat": iat} if iat else {})
    answer = httpx.post(
        f"{country.url}/api/v1/deliveries/{item.delivery_id}/ack",
        headers=country.native("H41")._bearer(), json={"statement": country.keys["H41"].sign_claims(claims, kind=TYPE)},
    ).json()  # fmt: skip
    return str(answer.get("code") or answer["state"])


@pytest.mark.refuses("R-14.4-1")
def test_a_hand_over_says_the_truth_of_this_delivery(country: Country) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    item = recipient.inbox()[0]
    assert hand_over(country, item) == "wrong_state"  # nobody has fetched it
    recipient.fetch(item, io.BytesIO())
    false: list[dict[str, object]] = [
        {"packet_id": "another"}, {"identifier": "other"}, {"sender": "H26"}, {"recipients": ("H26",)},
        {"attested_for": "H26"}, {"at": item.submitted_at - timedelta(seconds=45)},
    ]  # fmt: skip
    for lie in false:
        assert hand_over(country, item, **lie) == "statement_invalid", lie
    assert hand_over(country, item, iat="0001-01-01T00:00:00+14:00") == "statement_invalid"
    assert hand_over(country, item, iat=f"{now():%Y-%m-%dT%H:%M:%S}") == "statement_invalid"  # of no zone
    assert hand_over(country, item, at=now() + timedelta(seconds=60)) == "clock_ahead"
    assert Delivery.objects.get().state == "processing"
    assert hand_over(country, item, packet_id="", identifier="", sender="", recipients=()) == "done"


# -- bad input ---------------------------------------------------------------------------------------------------------


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


# -- statuses and recalls ----------------------------------------------------------------------------------------------


@pytest.mark.law("R-6.3-1")
def test_a_status_reaches_the_sender(country: Country) -> None:
    document = make_document(("H41", "H26"))
    submission = submit(country.native("G22"), document)
    report = make_status(document, S.FINISHED)
    submit(country.native("H41"), report)
    assert len(receive_all(country.native("G22"))) == 1
    view = httpx.get(
        f"{country.url}/api/v1/packets/{submission.packet_id}", headers=country.native("G22")._bearer()
    ).json()
    reported = {one["recipient"]: [status[0] for status in one["statuses"]] for one in view["deliveries"]}
    assert reported == {"H41": ["06"], "H26": []}


def test_only_a_recipient_reports_and_only_of_what_is_known(country: Country) -> None:
    document = make_document(("H41",))
    submit(country.native("G22"), document)
    with pytest.raises(problems.NotARecipient):
        submit(country.native("H26"), make_status(document, S.ACCEPTED, "H26"))
    with pytest.raises(problems.UnknownDocument):
        submit(country.native("H41"), make_status(make_document(), S.ACCEPTED))
    taking_back = replace(make_status(document, S.TAKE_BACK, "H41"), sender=Organ("H26"))
    with pytest.raises(problems.NotTheSender):
        submit(country.native("H26"), taking_back)


@pytest.mark.law("R-8.2-3")
@pytest.mark.refuses("R-8.2-3")
def test_a_recall_before_the_fetch_withdraws_and_after_it_travels(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26"))
    submit(sender, document)
    receive_all(country.native("H41"))
    submit(sender, make_recall(document, ("H41", "H26")))
    assert [item.business_type for item in country.native("H41").inbox()] == [1]
    assert country.native("H26").inbox() == []
    assert ("H26", "withdrawn") in feed(country)
    with pytest.raises(problems.NotTheSender):
        submit(country.native("H26"), make_recall(document, ("H41",), sender=make_document(sender="H26").sender))


@pytest.mark.law("R-8.2-3")
def test_who_has_one_copy_and_waits_for_another_hears_of_the_recall(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26"))
    packet = document_packet(document)
    submit(sender, packet, sender="G22", to=("H41",))
    receive_all(country.native("H41"))
    submit(sender, packet, sender="G22")
    submit(sender, make_recall(document, ("H41", "H26")))
    assert [item.business_type for item in country.native("H41").inbox()] == [1]
    assert country.native("H26").inbox() == []


def test_an_answer_never_holds_a_secret_or_a_content(country: Country) -> None:
    packet = document_packet(make_document(subject="Nội dung không được lộ"))
    with pytest.raises(problems.DigestMismatch):
        submit(country.native("G22"), packet, sender="G22", announced="1" * 64)
    recorded = json.dumps(list(Event.objects.values_list("data", flat=True)))
    assert "không được lộ" not in recorded
    assert base64.b64encode(packet).decode()[:40] not in recorded
    assert hashlib.sha256(packet).hexdigest() in recorded
