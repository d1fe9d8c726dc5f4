"""The native door: a packet goes through, once, with proof, and only those see it who may."""

import base64
import hashlib
import io
import json
import threading
from dataclasses import replace
from time import monotonic
from typing import Any

import httpx
import pytest
from django.db import connection, transaction

from lienthong.evidence.receipts import EvidenceEvent, KeyRing
from lienthong.hub import hubkeys, lifecycle
from lienthong.hub.models import Delivery, Packet
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.protocol import problems
from lienthong.standards.edxml import Organ
from lienthong.standards.statuses import StatusCode, TransportState, Urgency
from tests.horizon import await_final
from tests.museum.packets import document_packet
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
