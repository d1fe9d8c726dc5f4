"""Two agencies of one installation exchange documents inside it, where a decision lets them: what the clerks of both see
is what they would by the hub, and no hub is asked."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from lienthong.evidence.receipts import SigningKey
from lienthong.journal.models import Event
from lienthong.office import jobs
from lienthong.office.config import blobs
from lienthong.office.exchange import inbox, local, outbox
from lienthong.office.incoming import arrival
from lienthong.office.models import (
    Carrier,
    DirectoryAgency,
    IncomingDocument,
    LocalDelivery,
    LocalExchange,
    Notice,
    OutboxPacket,
    PaperTask,
    ReceivedPacket,
    SignedStatement,
)
from lienthong.office.outgoing import board
from lienthong.office.people import local_exchange, setup
from lienthong.office.people.setup import SETUP
from lienthong.protocol.messages import Submission
from lienthong.protocol.problems import HubUnreachable
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, issued, now, press, refusal, sealed
from tests.service.office.local_exchange import (
    DECISION,
    WHY,
    arrived,
    carry,
    handled,
    inside,
    key,
    recipient,
    tracked,
)
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.test_law_incoming import opened as opened_incoming
from tests.service.office.test_law_incoming import press as press_incoming

__all__ = ["inside", "key"]


# -- whose decision it is ----------------------------------------------------------------------------------------------


@pytest.mark.law("R-3.3-1")
@pytest.mark.refuses("R-3.3-1")
def test_without_a_decision_what_agencies_of_one_installation_send_each_other_goes_by_the_hub(
    office: Office, key: SigningKey, nghe_an: Office
) -> None:
    document = sealed(office, recipients=("H41",))
    page = office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "Gửi tới 1 nơi nhận qua Trục liên thông" in page
    assert "data-inside" not in page
    assert press(office, "van.thu", document, "issue") == ""
    assert list(document.packets.values_list("carrier", flat=True)) == ["hub"]
    carry()
    assert not IncomingDocument.objects.exists()
    told = office.client("quan.tri").get("/co-quan/").content.decode()
    assert 'data-local-exchange="off"' in told


def test_the_decision_is_named_shown_to_each_agency_and_taken_back(office: Office, nghe_an: Office) -> None:
    local_exchange.switch_on(DECISION, actor=SETUP, at=now())
    local_exchange.switch_on(f"  {DECISION}", actor=SETUP, at=now())  # as it is
    for one in (office, nghe_an):
        page = one.client("quan.tri").get("/co-quan/").content.decode()
        assert 'data-local-exchange="on"' in page
        assert page.count(DECISION) == 2  # what holds, and the history
    local_exchange.switch_on("15/QĐ-UBND ngày 20/11/2026", actor=SETUP, at=now())
    local_exchange.switch_off(actor=SETUP, at=now())
    local_exchange.switch_off(actor=SETUP, at=now())
    assert LocalExchange.objects.filter(until=None).count() == 0
    events = Event.objects.filter(name="agency.local_exchange_set", subject="H41")
    assert [one.data["on"] for one in events.order_by("id")] == [True, True, False]
    assert 'data-local-exchange="off"' in office.client("quan.tri").get("/co-quan/").content.decode()


@pytest.mark.parametrize("facts", [{"open": False}, {"successor": "H26"}, {"gateway": "G22"}])
def test_whom_the_directory_sends_elsewhere_is_left_to_the_hub(
    office: Office, inside: Office, facts: dict[str, object]
) -> None:
    document = sealed(office, recipients=("H41",))
    DirectoryAgency.objects.filter(code="H41").update(**facts)
    page = office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "data-inside" not in page


# -- a document's way ----------------------------------------------------------------------------------------------------


@pytest.mark.law("R-8.2-2", "R-6.3-1", "R-9.1-1", "R-4.1-1")
def test_a_document_goes_inside_is_judged_and_worked_on_and_each_step_is_seen_by_its_sender(
    office: Office, inside: Office
) -> None:
    """No hub is there at all: the worker's other loops are not run."""
    document = sealed(office, recipients=("H41", "H26"))
    page = office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "Gửi tới 1 nơi nhận trong nội bộ hệ thống, không qua Trục" in page
    assert "Gửi tới 1 nơi nhận qua Trục liên thông" in page
    assert press(office, "van.thu", document, "issue") == ""
    assert tracked(office, document) == {"H41": "waiting", "H26": "waiting"}
    received = arrived(document)
    assert received.legal_value == "equivalent"
    assert {check["result"] for check in received.checks} == {"passed"}
    assert tracked(office, document) == {"H41": "01", "H26": "waiting"}, "the hub's part waits for the hub"
    packet = OutboxPacket.objects.get(document=document, carrier="local")
    assert received.packet is not None
    assert received.packet.digest == packet.digest == document.packets.get(carrier="hub").digest, "the same bytes"
    assert {one["code"] for one in received.recipients} == {H41.alias, "000.00.00.H26"}
    assert Notice.objects.filter(person=inside["van.thu"], text__contains=document.printed_number).exists()
    handled(inside, received)
    carry()
    assert tracked(office, document)["H41"] == "06"
    page = office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    for step in ("gửi", "giao", "đến", "tiếp nhận", "phân công", "xử lý", "xong"):
        assert f"<span>{step} " in page
    assert page.count('data-carrier="local"') == 1
    assert 'data-carrier="local"' in opened_incoming(inside, "van.thu", received)
    assert "<b>1</b>" in office.client("van.thu").get("/theo-doi/").content.decode()
    codes = OutboxPacket.objects.filter(organization=inside.organization).order_by("pk")
    assert [(one.status_code, one.carrier) for one in codes] == [(c, "local") for c in ("01", "03", "04", "05", "06")]


@pytest.mark.law("R-5.4-1", "R-5.4-2")
def test_what_is_refused_opens_the_senders_task_and_goes_again_the_same_way(office: Office, inside: Office) -> None:
    document = issued(office, recipients=("H41",))
    said = {"reason": "MISSING_FILE", "text": "Thiếu phụ lục kèm theo"}
    assert press_incoming(inside, "van.thu", arrived(document), "refuse", **said) == ""
    carry()
    assert tracked(office, document) == {"H41": "02"}
    assert office.client("van.thu").get("/").content.decode().count(document.printed_number)
    local_exchange.switch_off(actor=SETUP, at=now())
    assert press(office, "van.thu", document, "send_again", recipient=recipient(document), pin=PIN) == ""
    again = arrived(document)
    assert again.legal_value == "equivalent"
    assert tracked(office, document) == {"H41": "01"}
    assert set(document.packets.values_list("carrier", flat=True)) == {"local"}, "the hub knows nothing of the first"


@pytest.mark.law("R-8.2-3", "R-9.2-1", "R-9.2-2")
def test_a_recall_destroys_the_recipients_copy_and_leaves_the_senders(office: Office, inside: Office) -> None:
    document = issued(office, recipients=("H41",))
    received = arrived(document)
    assert press_incoming(inside, "van.thu", received, "accept") == ""
    file = received.files.get(ordinal=0)
    place = f"/van-ban-den/{received.pk}/tep/{file.pk}/"
    answer = inside.client("van.thu").get(place)
    assert (answer.status_code, b"".join(answer.streaming_content)[:5]) == (200, b"%PDF-")  # type: ignore[arg-type]
    answer.close()
    assert press(office, "van.thu", document, "recall", recipient=recipient(document), **WHY) == ""
    carry()
    assert tracked(office, document) == {"H41": "recalling"}
    assert refusal(inside.client("van.thu").get(place))
    assert press_incoming(inside, "van.thu", received, "obey") == ""
    carry()
    assert (tracked(office, document), received.state, received.subject) == ({"H41": "recalled"}, "cancelled", "")
    assert refusal(inside.client("van.thu").get(place))
    document.refresh_from_db()
    assert document.state == "recalled"
    assert blobs().read(file.digest), "the sender keeps what it issued"


@pytest.mark.law("R-8.2-3")
def test_what_nobody_has_fetched_is_withdrawn_by_its_recall_and_the_recipient_hears_of_neither(
    office: Office, inside: Office
) -> None:
    document = issued(office, recipients=("H41",))
    carrier = local.LocalCarrier()
    assert local.send_one(carrier, at=now())
    assert tracked(office, document) == {"H41": "moved"}
    assert press(office, "van.thu", document, "recall", recipient=recipient(document), **WHY) == ""
    (item,) = carrier.inbox()  # as a reader had it, who is slower than the recall
    assert local.send_one(carrier, at=now())
    inbox_of_nobody = carrier.inbox(failed=True)
    assert inbox_of_nobody == []
    jobs._take(carrier, [item], threading.Event(), way=Carrier.LOCAL)
    carry()
    assert not IncomingDocument.objects.exists()
    assert not ReceivedPacket.objects.exists()
    assert tracked(office, document) == {"H41": "recalled"}
    document.refresh_from_db()
    assert document.state == "recalled"


@pytest.mark.law("R-9.2-3", "D30-18-2")
def test_an_update_and_a_replacement_go_the_way_of_what_they_change(office: Office, inside: Office) -> None:
    document = issued(office, recipients=("H41",))
    received = arrived(document)
    assert press_incoming(inside, "van.thu", received, "accept") == ""
    sent = {"recipient": recipient(document), "due_on": "2027-03-01", **WHY}
    assert press(office, "van.thu", document, "update", **sent) == ""
    carry()
    assert 'data-amendment="update"' in opened_incoming(inside, "van.thu", received)
    assert press_incoming(inside, "van.thu", received, "agree") == ""
    carry()
    assert str(received.due_on) == "2027-03-01"
    page = office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert 'data-change="agreed"' in page
    assert set(OutboxPacket.objects.values_list("carrier", flat=True)) == {"local"}


def test_who_got_it_by_the_hub_gets_what_follows_by_the_hub(
    office: Office, key: SigningKey, nghe_an: Office, hub: MemoryHub
) -> None:
    document = issued(office, recipients=("H41",))
    assert outbox.send_one(hub, at=now())
    item = hub.put(blobs().read(document.packets.get().digest), sender="000.00.00.G22", to="H41")
    inbox.receive(hub, item, at=now())
    local_exchange.switch_on(DECISION, actor=SETUP, at=now())
    received = IncomingDocument.objects.get()
    assert press_incoming(nghe_an, "van.thu", received, "accept") == ""
    assert press(office, "van.thu", document, "recall", recipient=recipient(document), **WHY) == ""
    assert set(OutboxPacket.objects.values_list("carrier", flat=True)) == {"hub"}


@pytest.mark.law("R-6.2-3")
def test_what_is_urgent_overtakes(office: Office, inside: Office) -> None:
    slow, fast = sealed(office, recipients=("H41",)), sealed(office, recipients=("H41",), urgency=3)
    for document in (slow, fast):
        assert press(office, "van.thu", document, "issue") == ""
    carrier = local.LocalCarrier()
    assert local.send_one(carrier, at=now())
    assert local.send_one(carrier, at=now())
    assert [item.document_id for item in carrier.inbox()] == [fast.identifier, slow.identifier]
    sent = LocalDelivery.objects.order_by("pk").values_list("packet__document", flat=True)
    assert list(sent) == [fast.pk, slow.pk]


def test_a_hub_that_is_away_holds_up_nothing_inside(office: Office, inside: Office, hub: MemoryHub) -> None:
    document = issued(office, recipients=("H26", "H41"))
    hub.lost = {"submit"}
    with pytest.raises(HubUnreachable):
        outbox.send_one(hub, at=now())
    assert arrived(document)
    assert tracked(office, document) == {"H41": "01", "H26": "waiting"}


def test_an_agency_that_has_no_system_at_the_hub_yet_is_reached_all_the_same(office: Office, inside: Office) -> None:
    DirectoryAgency.objects.filter(code="H41").update(connected=False)
    document = issued(office, recipients=("H41",))
    assert arrived(document)
    assert not PaperTask.objects.exists()


# -- whoever is killed -----------------------------------------------------------------------------------------------


class Killed(BaseException):
    """What no handler of ours catches."""


def test_a_sender_who_is_killed_has_sent_nothing_and_the_next_one_sends_it_once(
    office: Office, inside: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issued(office, recipients=("H41",))
    with monkeypatch.context() as broken:
        broken.setattr(board, "apply_submission", _dies)
        with pytest.raises(Killed):
            local.send_one(local.LocalCarrier(), at=now())
    assert not LocalDelivery.objects.exists()
    assert tracked(office, document) == {"H41": "waiting"}
    carry()
    assert (LocalDelivery.objects.filter(packet__document=document).count(), tracked(office, document)) == (
        1, {"H41": "01"},
    )  # fmt: skip


@pytest.mark.parametrize("where", ["acknowledge", "fetch", "apply_change", "queue_status"])
def test_a_receiver_who_is_killed_anywhere_loses_nothing_and_does_nothing_twice(
    office: Office, inside: Office, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    document = issued(office, recipients=("H41",))
    place = {"apply_change": board, "queue_status": arrival}.get(where, local.LocalCarrier)
    carrier = local.LocalCarrier()
    local.send_one(carrier, at=now())
    with monkeypatch.context() as broken:
        broken.setattr(place, where, _dies)
        with pytest.raises(Killed):
            jobs._take(carrier, carrier.inbox(), threading.Event(), way=Carrier.LOCAL)
    carry()
    assert IncomingDocument.objects.filter(identifier=document.identifier).count() == 1
    assert OutboxPacket.objects.filter(status_code="01").count() == 1
    assert tracked(office, document) == {"H41": "01"}
    assert Event.objects.filter(name="outgoing.handed_over").count() == 1
    assert SignedStatement.objects.filter(kind="handover", document=document).count() == 1


def _dies(*_: object, **__: object) -> None:
    raise Killed


def test_a_disk_that_is_away_leaves_it_listed_and_what_cannot_be_filed_is_told_to_both_and_tried_again(
    office: Office, inside: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issued(office, recipients=("H41",))
    local.send_one(local.LocalCarrier(), at=now())
    with monkeypatch.context() as broken:
        broken.setattr("lienthong.office.exchange.inbox._take", _raises(OperationalError("away")))
        with pytest.raises(OperationalError):
            jobs.exchange_inside(threading.Event())
    assert LocalDelivery.objects.get(packet__document=document).state == "initial"
    with monkeypatch.context() as broken:
        broken.setattr("lienthong.office.exchange.inbox._take", _raises(KeyError("a fault")))
        jobs.exchange_inside(threading.Event())
    assert tracked(office, document) == {"H41": "not_taken"}
    assert Notice.objects.filter(person=inside["van.thu"], text__contains="Không nhận được gói tin").exists()
    carry()
    assert not IncomingDocument.objects.exists(), "not at once: the fault is still there"
    monkeypatch.setattr(jobs, "connect", lambda: hub)
    monkeypatch.setattr(jobs, "RETRY_SECONDS", 0)
    jobs.retry_failed(threading.Event())
    carry()
    assert tracked(office, document) == {"H41": "01"}


@pytest.mark.parametrize("fault", [KeyError("a fault"), IntegrityError("twice")])
def test_a_packet_that_brings_a_fault_to_light_does_not_hold_up_the_others(
    office: Office, inside: Office, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    poison, other = issued(office, recipients=("H41",), urgency=3), issued(office, recipients=("H41",))
    note = board.apply_submission

    def breaks(packet: OutboxPacket, submission: Submission, *, at: datetime) -> None:
        if packet.document_id == poison.pk:
            raise fault
        note(packet, submission, at=at)

    with monkeypatch.context() as broken:
        broken.setattr(board, "apply_submission", breaks)
        with pytest.raises(type(fault)):
            jobs.exchange_inside(threading.Event())
        jobs.exchange_inside(threading.Event())
    assert (tracked(office, poison), tracked(office, other)) == ({"H41": "waiting"}, {"H41": "delivered"})
    OutboxPacket.objects.filter(document=poison).update(next_at=now())
    carry()
    assert tracked(office, poison) == {"H41": "01"}


def test_bytes_that_are_lost_are_told_to_both_and_hold_up_nothing(office: Office, inside: Office) -> None:
    lost, other = issued(office, recipients=("H41",), urgency=3), issued(office, recipients=("H41",))
    blobs().delete(lost.packets.get().digest)
    carry()
    assert (tracked(office, lost), tracked(office, other)) == ({"H41": "not_taken"}, {"H41": "01"})
    assert Notice.objects.filter(person=inside["van.thu"], text__contains="Không nhận được gói tin").exists()


def test_workers_who_take_the_same_at_once_do_everything_once(office: Office, inside: Office) -> None:
    document = issued(office, recipients=("H41",))

    def work() -> None:
        jobs.exchange_inside(threading.Event())
        connection.close()

    for _ in range(3):
        threads = [threading.Thread(target=work) for _ in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    carry()
    assert IncomingDocument.objects.filter(identifier=document.identifier).count() == 1
    assert OutboxPacket.objects.filter(status_code="01").count() == 1
    assert set(LocalDelivery.objects.values_list("state", flat=True)) == {"done"}
    assert tracked(office, document) == {"H41": "01"}


def test_what_waits_goes_inside_though_it_is_turned_off_and_the_agency_closes_meanwhile(
    office: Office, inside: Office
) -> None:
    document = issued(office, recipients=("H41",))
    local_exchange.switch_off(actor=SETUP, at=now())
    DirectoryAgency.objects.filter(code="H41").update(open=False, successor="H26")
    assert arrived(document)
    assert tracked(office, document) == {"H41": "01"}


@pytest.mark.law("R-3.4-1")
def test_an_agency_that_says_it_is_written_like_another_gets_nothing_of_it_and_sends_nothing_in_its_name(
    office: Office, inside: Office
) -> None:
    """Its own spelling was set before the directory had the other one."""
    third = setup.install_agency(setup.AgencyFacts("Z01", H41.alias, "Cơ quan Z", "CQZ", "CQZ", "Hà Nội"))
    document = issued(office, recipients=("H41",))
    assert arrived(document)
    assert not IncomingDocument.objects.filter(organization=third).exists()
    type(third).objects.filter(pk=inside.organization.pk).update(alias="000.00.00.G22")
    received = IncomingDocument.objects.get()
    said = {"reason": "MISSING_FILE", "text": "Thiếu phụ lục kèm theo"}
    assert press_incoming(inside, "van.thu", received, "refuse", **said) == ""
    carry()
    told = OutboxPacket.objects.get(status_code="02")
    assert (told.state, told.problem["code"]) == ("failed", "not_your_agency")
    assert tracked(office, document) == {"H41": "01"}


def test_an_answer_to_an_agency_that_is_served_no_more_is_given_up_and_its_clerk_told(
    office: Office, inside: Office
) -> None:
    received = arrived(issued(office, recipients=("H41",)))
    IncomingDocument.objects.filter(pk=received.pk).update(sender_code="000.00.00.Z1")
    said = {"reason": "MISSING_FILE", "text": "Thiếu phụ lục kèm theo"}
    received.refresh_from_db()
    assert press_incoming(inside, "van.thu", received, "refuse", **said) == ""
    carry()
    assert OutboxPacket.objects.get(status_code="02").state == "failed"
    assert Notice.objects.filter(person=inside["van.thu"], text__contains="000.00.00.Z1").exists()


@pytest.mark.law("R-1.2-1")
def test_a_mark_of_secrecy_destroys_it_where_it_arrives_and_both_sides_hear_of_it(
    office: Office, inside: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issued(office, recipients=("H41",))
    monkeypatch.setattr(inbox, "_is_secret", lambda *_: True)
    carry()
    assert tracked(office, document) == {"H41": "not_taken"}
    assert not ReceivedPacket.objects.exists()
    assert Notice.objects.filter(person=office["van.thu"], text__contains="đã hủy tại nơi nhận").exists()
    assert Notice.objects.filter(person=inside["van.thu"], text__contains="đã hủy, không lưu").exists()


def _raises(fault: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise fault

    return fail


@pytest.mark.law("SEC-6", "R-3.4-1")
def test_nothing_but_the_packet_passes_between_agencies(
    office: Office, inside: Office, authority: TestAuthority
) -> None:
    third = setup.install_agency(setup.AgencyFacts("H26", "000.00.00.H26", "Hà Nội", "Hà Nội", "UBND", "Hà Nội"))
    document = issued(office, recipients=("H41",))
    received = arrived(document)
    assert not IncomingDocument.objects.filter(organization=third).exists()
    assert refusal(inside.client("van.thu").get(f"/van-ban-di/{document.pk}/")) == "not_found"
    assert refusal(office.client("van.thu").get(f"/van-ban-den/{received.pk}/")) == "not_found"
    page = opened_incoming(inside, "van.thu", received)
    assert office["chuyen.vien"].full_name not in page, "who drafted it stays with the sender"
    assert document.subject in page
    about = Event.objects.filter(subject_kind="incoming", subject=str(received.pk))
    assert {one.agency for one in about} == {"H41"}


def test_handing_over_to_many_costs_as_many_questions_as_to_one(office: Office, inside: Office) -> None:
    asked = []
    for number in (1, 30):
        codes = [f"H41.{number}.{each:02}" for each in range(number)]
        for code in codes:
            setup.install_agency(
                setup.AgencyFacts(code, "", f"Xã {code}", f"Xã {code}", f"X{number}{code[-2:]}", "Nghệ An")
            )
            DirectoryAgency.objects.create(code=code, name=code, search_key=code, connected=True, open=True)
        document = issued(office, recipients=tuple(codes))
        with CaptureQueriesContext(connection) as done:
            assert local.send_one(local.LocalCarrier(), at=now())
        asked.append(len(done))
        assert set(tracked(office, document).values()) == {"moved"}
    assert asked[0] == asked[1]
