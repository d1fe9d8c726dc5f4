"""Content and its end: gone when its days are over, never before its last recipient has it, and told when and why."""

import hashlib
import io
import os
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from lienthong.hub import jobs, retention
from lienthong.hub.blobs import blobs
from lienthong.hub.models import Delivery, LegalHold, Packet, Quarantined
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.protocol import problems
from lienthong.standards.statuses import StatusCode
from tests.horizon import await_final
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, make_recall, make_status, now, receive_all, submit

DAYS = timedelta(days=90)
OPERATOR = Actor("person", "van.hanh")


def age_of(digest: str, days: int) -> None:
    """The bytes were last named so long ago."""
    moment = (now() - timedelta(days=days)).timestamp()
    os.utime(blobs().path(digest), (moment, moment))


def over() -> datetime:
    return now() + DAYS + timedelta(days=2)


def test_content_goes_when_the_last_recipient_has_had_it_long_enough(country: Country) -> None:
    packet = document_packet(make_document(("H41", "H26")))
    digest = hashlib.sha256(packet).hexdigest()
    sent = submit(country.native("G22"), packet, sender="G22")
    item = country.native("H41").inbox()[0]
    receive_all(country.native("H41"))
    age_of(digest, 40)
    assert retention.remove_delivered(over()) == 0
    assert blobs().exists(digest)  # one recipient has not fetched it: nothing that is undelivered is removed
    late = now() + DAYS
    receive_all(country.native("H26"))
    Delivery.objects.filter(recipient="H26").update(done_at=late)
    assert retention.remove_delivered(over() + timedelta(days=1)) == 0  # … and that was only a moment ago
    age_of(digest, 40)
    assert retention.remove_delivered(late + DAYS + timedelta(days=2)) == 1
    assert not blobs().exists(digest)
    with pytest.raises(problems.ContentGone) as gone:
        country.native("H41").fetch(item, io.BytesIO())
    assert gone.value.data["why"] == "retention"
    assert gone.value.data["since"]
    assert "hết thời hạn lưu" in gone.value.detail
    assert "days of keeping" in gone.value.detail_en
    kept = Packet.objects.get(pk=sent.packet_id)
    assert (kept.digest, bool(kept.receipt), bool(kept.statement)) == (digest, True, True)
    assert Delivery.objects.exclude(receipt="").count() == 2
    assert Event.objects.filter(name="packet.content_removed").count() == 1


def test_bytes_go_with_their_last_reference(country: Country) -> None:
    packet = document_packet(make_document(("H41", "H26")))
    digest = hashlib.sha256(packet).hexdigest()
    for to in ("H41", "H26"):
        submit(country.native("G22"), packet, sender="G22", to=(to,))
    receive_all(country.native("H41"))
    age_of(digest, 40)
    assert retention.remove_delivered(over()) == 1
    assert blobs().exists(digest)
    assert receive_all(country.native("H26")) == [packet]
    age_of(digest, 40)
    assert retention.remove_delivered(over() + timedelta(days=2)) == 1
    assert not blobs().exists(digest)


def test_who_is_cut_short_goes_on(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    packet = document_packet(make_document())
    digest = hashlib.sha256(packet).hexdigest()
    submit(country.native("G22"), packet, sender="G22")
    receive_all(country.native("H41"))
    age_of(digest, 40)
    with monkeypatch.context() as patch:
        patch.setattr(retention, "release", lambda *_: 0)  # killed between the commit and the removal of the bytes
        assert retention.remove_delivered(over()) == 1
    assert blobs().exists(digest)
    retention.sweep(over(), part=(int(digest[:2], 16) + 1) % 256)
    assert blobs().exists(digest)
    assert retention.sweep(over(), part=int(digest[:2], 16)) >= 1
    assert not blobs().exists(digest)


def test_a_repeat_after_all_that_brings_the_content_back(country: Country) -> None:
    document = make_document()
    packet = document_packet(document)
    submit(country.native("G22"), packet, sender="G22")
    receive_all(country.native("H41"))
    submit(country.native("H41"), make_status(document, StatusCode.REFUSED, "H41", "OTHER: gửi lại sau"))
    age_of(hashlib.sha256(packet).hexdigest(), 40)
    assert retention.remove_delivered(over()) == 1
    assert not submit(country.native("G22"), packet, sender="G22").repeated
    assert receive_all(country.native("H41")) == [packet]


def test_a_hold_keeps_what_is_due_until_it_is_lifted(country: Country) -> None:
    document = make_document()
    packet = document_packet(document)
    digest = hashlib.sha256(packet).hexdigest()
    sent = submit(country.native("G22"), packet, sender="G22").packet_id
    receive_all(country.native("H41"))
    age_of(digest, 40)
    with pytest.raises(ValueError, match="lý do"):
        retention.hold(document.identifier, reason=" ", by=OPERATOR, at=now())
    held = retention.hold(document.identifier, reason="Thanh tra yêu cầu", by=OPERATOR, at=now())
    assert [str(one) for one in held] == [sent]
    assert retention.hold(sent, reason="lần nữa", by=OPERATOR, at=now())
    assert LegalHold.objects.count() == 1
    assert retention.remove_delivered(over()) == 0
    retention.lift_hold(sent, by=OPERATOR, at=now())
    assert retention.remove_delivered(over() + timedelta(days=2)) == 1
    names = Event.objects.filter(name__startswith="packet.hold").order_by("id").values_list("name", flat=True)
    assert list(names) == ["packet.hold_placed", "packet.hold_placed", "packet.hold_released"]


def test_what_was_withdrawn_says_so(country: Country) -> None:
    document = make_document()
    submit(country.native("G22"), document)
    item = country.native("H41").inbox()[0]
    submit(country.native("G22"), make_recall(document, ("H41",)))
    with pytest.raises(problems.ContentGone) as gone:
        country.native("H41").fetch(item, io.BytesIO())
    assert (gone.value.data["why"], bool(gone.value.data["since"])) == ("withdrawn", True)


def test_refused_packets_age_out(country: Country) -> None:
    packet = document_packet(make_document(("X01",)))
    digest = hashlib.sha256(packet).hexdigest()
    with pytest.raises(problems.UnknownRecipient):
        submit(country.native("G22"), packet, sender="G22")
    age_of(digest, 40)
    later = now() + timedelta(days=settings.LIENTHONG.quarantine_days - 1)
    jobs.work_once(later)
    assert Quarantined.objects.count() == 1
    jobs.forget_old(later + timedelta(days=2))
    assert not Quarantined.objects.exists()
    assert retention.sweep(later) >= 1
    assert not blobs().exists(digest)


def test_a_round_costs_what_is_due_and_not_what_is_kept(country: Country) -> None:
    """What is undelivered for years is looked at once a day, not in each round, and hides nothing behind it."""
    for _ in range(3):
        submit(country.native("G22"), make_document())
    Packet.objects.update(keep_until=now() - timedelta(days=400))
    packet = document_packet(make_document(("H26",)))
    sent = submit(country.native("G22"), packet, sender="G22").packet_id
    receive_all(country.native("H26"))
    long_ago = now() - timedelta(days=300)
    Delivery.objects.filter(packet=sent).update(done_at=long_ago)
    Packet.objects.filter(pk=sent).update(keep_until=long_ago)
    assert retention.remove_delivered(now()) == 1
    assert not Packet.objects.filter(content_removed_at=None, keep_until__lte=now()).exists()
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM hub_packet WHERE content_removed_at IS NULL AND keep_until <= now() "
            "ORDER BY keep_until LIMIT 500"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "content_due" in plan
    assert "Sort" not in plan


# -- marks of secrecy ------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-1.2-1")
@pytest.mark.refuses("R-1.2-1")
def test_what_a_recipient_finds_to_be_secret_is_destroyed_and_both_sides_are_told(country: Country) -> None:
    packet = document_packet(make_document(("H41", "H26", "G12")))
    digest = hashlib.sha256(packet).hexdigest()
    sent = submit(country.native("G22"), packet, sender="G22")
    receive_all(country.native("G12"))
    finder, other = country.native("H41"), country.native("H26")
    item, others = finder.inbox()[0], other.inbox()[0]
    finder.fetch(item, io.BytesIO())
    finder.refuse(item, code="state_secret", detail="the packet bears a mark of secrecy; it was destroyed")
    assert not blobs().exists(digest)
    assert other.inbox() == finder.inbox(failed=True) == []
    for connected, one in ((finder, item), (other, others)):
        with pytest.raises(problems.ContentGone) as gone:
            connected.fetch(one, io.BytesIO())
        assert gone.value.data["why"] == "secret"
    await_final()
    told = [(one.recipient, one.state, one.reason[:12]) for one in country.native("G22").changes(after=0)]
    assert ("H41", "fail", "state_secret") in told
    assert ("H26", "withdrawn", "state_secret") in told
    kept = Packet.objects.get(pk=sent.packet_id)
    assert (kept.digest, kept.content_removed_for) == (digest, "secret")
    event = Event.objects.get(name="packet.destroyed")
    assert (event.data["digest"], event.data["told_by"], event.data["sender"]) == (digest, "H41", "G22")


@pytest.mark.law("R-1.2-1")
def test_bytes_left_by_a_killed_process_are_destroyed_in_the_next_round(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = document_packet(make_document())
    digest = hashlib.sha256(packet).hexdigest()
    submit(country.native("G22"), packet, sender="G22")
    recipient = country.native("H41")
    with monkeypatch.context() as patch:
        patch.setattr(type(blobs()), "destroy", lambda *_: None)
        recipient.refuse(recipient.inbox()[0], code="state_secret", detail="x")
    assert blobs().exists(digest)
    jobs.work_once(now())
    assert not blobs().exists(digest)


@pytest.mark.law("R-1.2-1")
def test_what_was_destroyed_is_not_taken_again(country: Country) -> None:
    packet = document_packet(make_document(("H41", "H26")))
    digest = hashlib.sha256(packet).hexdigest()
    submit(country.native("G22"), packet, sender="G22", to=("H41",))
    recipient = country.native("H41")
    recipient.refuse(recipient.inbox()[0], code="state_secret", detail="x")
    for to in (("H41",), ("H26",), ()):
        with pytest.raises(problems.StateSecret):
            submit(country.native("G22"), packet, sender="G22", to=to)
    assert not blobs().exists(digest)
    assert country.native("H26").inbox() == []


def test_what_is_destroyed_at_this_moment_does_not_come_back(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender repeats it while a recipient reports the mark: each question was answered before the mark stood."""
    packet = document_packet(make_document(("H41",)))
    submit(country.native("G22"), packet, sender="G22")
    recipient = country.native("H41")
    recipient.refuse(recipient.inbox()[0], code="state_secret", detail="x")
    monkeypatch.setattr(retention, "was_destroyed", lambda _digest: False)
    monkeypatch.setattr(retention, "is_known_as_destroyed", lambda _digest: False)
    with pytest.raises(problems.StateSecret):
        submit(country.native("G22"), packet, sender="G22")
    assert not blobs().exists(hashlib.sha256(packet).hexdigest())
    assert Packet.objects.get().content_removed_for == "secret"
    assert Delivery.objects.count() == 1
