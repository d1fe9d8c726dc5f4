"""Incoming documents: arrive by themselves, are judged, accepted or refused, worked on, finished, destroyed on recall.
What arrives comes from a hub that stands in memory: it keeps what a hub keeps, and loses an answer when told to."""

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from uuid import uuid4

import pytest
from django.db import DataError, OperationalError

from lienthong.journal.models import AccessLog, Event
from lienthong.office import errors
from lienthong.office.config import blobs
from lienthong.office.exchange import inbox, outbox
from lienthong.office.incoming import acts, checks, recalls
from lienthong.office.models import (
    Assignment,
    Carrier,
    IncomingDocument,
    IncomingFile,
    Notice,
    OutboxPacket,
    RecallOrder,
    ReceivedPacket,
)
from lienthong.office.outgoing import board, issuing
from lienthong.office.web.frame import todo_incoming
from lienthong.protocol.messages import Acknowledgement, Agency, Change, DeliveryPromise, InboxItem, Kind, Submission
from lienthong.protocol.problems import (
    DigestMismatch,
    DoorClosed,
    ForeignNetwork,
    HubUnreachable,
    NotYourAgency,
    Problem,
    Suspended,
    Unauthenticated,
)
from lienthong.standards import edxml
from lienthong.standards.statuses import BusinessType, RefusalReason, StatusCode
from tests.museum.exchange import ATTACHED, attached_packet
from tests.museum.packets import DOCUMENT, PDF, document_packet, status_packet
from tests.service.office.conftest import Office, issued, now, press, sealed


@dataclass
class MemoryHub:
    """What an office sees of a hub. `lost` answers are carried out and then not heard of."""

    waiting: dict[str, tuple[InboxItem, bytes]] = field(default_factory=dict)
    submitted: dict[str, bytes] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    refuses: Problem | None = None
    publishes_keys: bool = True

    def put(
        self, packet: bytes, *, kind: Kind = Kind.DOCUMENT, sender: str = "000.00.00.H41", to: str = "G22"
    ) -> InboxItem:
        item = InboxItem(
            delivery_id=str(uuid4()), packet_id=str(uuid4()), kind=kind, sender=sender, recipient=to, routed_to=to,
            document_id="", business_type=0, urgency=0, size=len(packet), digest=hashlib.sha256(packet).hexdigest(),
            submitted_at=datetime.now(UTC), state="initial", receipt="",
        )  # fmt: skip
        self.waiting[item.delivery_id] = (item, packet)
        return item

    def fetch(self, item: InboxItem, into: BinaryIO) -> InboxItem:
        self._lose("fetch")
        packet = self.waiting[item.delivery_id][1]
        if hashlib.sha256(packet).hexdigest() != item.digest:
            raise DigestMismatch()  # every connection compares
        into.write(packet)
        return item

    def acknowledge(self, item: InboxItem) -> Acknowledgement:
        self.waiting.pop(item.delivery_id, None)
        self._lose("acknowledge")
        return Acknowledgement(item.delivery_id, "done", "receipt")

    def refuse(self, item: InboxItem, *, code: str, detail: str) -> None:
        self.failed.append(code)

    def submit(
        self, open_packet: Callable[[], BinaryIO], *, digest: str, size: int, sender: str, recipients: Sequence[str],
        document_id: str, idempotency_key: str, kind: Kind = Kind.DOCUMENT,
    ) -> Submission:  # fmt: skip
        if self.refuses is not None:
            raise self.refuses
        with open_packet() as packet:
            self.submitted[idempotency_key] = packet.read()
        self._lose("submit")
        deliveries = tuple(DeliveryPromise(str(uuid4()), code, code) for code in recipients)
        return Submission(str(uuid4()), digest, datetime.now(UTC), deliveries, "receipt")

    def time(self) -> datetime:
        return datetime.now(UTC)

    def directory(self) -> list[Agency]:
        return []

    def inbox(self, *, wait: float = 0, limit: int = 50, failed: bool = False) -> list[InboxItem]:
        return [item for item, _ in self.waiting.values()]

    def changes(self, *, after: int, limit: int = 200, wait: float = 0) -> list[Change]:
        return []

    def _lose(self, answer: str) -> None:
        if answer in self.lost:
            self.lost.discard(answer)
            raise HubUnreachable(answer)


LETTER = replace(
    DOCUMENT,
    sender=edxml.Organ("000.00.00.H41", "Ủy ban nhân dân tỉnh Nghệ An"),
    recipients=(edxml.Organ("000.00.00.G22", "Văn phòng Chính phủ"),),
    identifier="000.00.00.H41,2026/11/23,15/UBND-VX",
    number="15",
    notation="UBND-VX",
    appendixes=(),
    answers=(),
)


def arrived(hub: MemoryHub, message: edxml.Document = LETTER, **files: bytes) -> IncomingDocument:
    item = hub.put(document_packet(message, **files))
    inbox.receive(hub, item, at=now())
    return IncomingDocument.objects.get(packet__delivery_id=item.delivery_id)


def queued(code: StatusCode) -> int:
    return OutboxPacket.objects.filter(status_code=code.value).count()


S = StatusCode


# -- arrival -----------------------------------------------------------------------------------------------------------


def test_a_document_arrives_by_itself_and_is_reported(office: Office, hub: MemoryHub) -> None:
    document = arrived(hub)
    assert (document.state, document.legal_value) == ("arrived", "information")
    assert queued(S.ARRIVED) == 1
    assert hub.waiting == {}
    results = {check["name"]: check["result"] for check in document.checks}
    assert results["completeness"] == "passed"
    assert results["authenticity"] == "failed"
    assert Notice.objects.filter(person=office["van.thu"]).count() == 1
    assert document.packet.acknowledgement


@pytest.mark.parametrize("lost", ["fetch", "acknowledge"])
def test_a_lost_answer_neither_loses_nor_doubles(office: Office, hub: MemoryHub, lost: str) -> None:
    item = hub.put(document_packet(LETTER))
    hub.lost = {lost}
    with pytest.raises(HubUnreachable):
        inbox.receive(hub, item, at=now())
    for _ in range(2):
        inbox.receive(hub, item, at=now())
    assert IncomingDocument.objects.count() == 1
    assert queued(S.ARRIVED) == 1
    assert ReceivedPacket.objects.get().acknowledged_at is not None


def test_a_crash_while_storing_leaves_nothing_and_the_item_listed(
    office: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = hub.put(document_packet(LETTER))

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(inbox.arrival, "queue_status", crash)
        with pytest.raises(KeyboardInterrupt):
            inbox.receive(hub, item, at=now())
    assert not ReceivedPacket.objects.exists()
    assert list(hub.waiting) == [item.delivery_id]
    inbox.receive(hub, item, at=now())
    assert IncomingDocument.objects.count() == 1


def test_what_cannot_be_read_is_answered_with_a_failure(office: Office, hub: MemoryHub) -> None:
    item = hub.put(b"<not-a-packet/>")
    inbox.receive(hub, item, at=now())
    foreign = hub.put(document_packet(LETTER), to="X99")
    inbox.receive(hub, foreign, at=now())
    assert hub.failed == ["not_edxml", "not_our_agency"]
    assert not ReceivedPacket.objects.exists()


@pytest.mark.refuses("R-5.4-1")
@pytest.mark.parametrize("defect", [name for name, make in ATTACHED.items() if make().code])
def test_a_file_that_cannot_be_unpacked_ends_as_a_failure_with_a_name_and_the_others_come(
    office: Office, hub: MemoryHub, defect: str
) -> None:
    """Nothing of it is kept, the sender's side hears why, the clerk is told once, however often it is tried."""
    piece = ATTACHED[defect]()
    message = replace(LETTER, subject="Nội dung không ai được thấy ở nhật ký")
    poison, sound = hub.put(attached_packet(piece, message)), hub.put(document_packet(LETTER))
    for _ in range(2):
        for item in (poison, sound):
            inbox.receive_or_refuse(hub, item, at=now())
    assert hub.failed == [piece.code, piece.code]
    document = IncomingDocument.objects.get()
    assert document.packet.digest == sound.digest
    kept = {document.packet.digest, *document.files.values_list("digest", flat=True)}
    assert set(blobs().older_than(9e12)) == kept | set(OutboxPacket.objects.values_list("digest", flat=True))
    event = Event.objects.get(name="incoming.not_taken")
    assert (event.data["problem"], event.data["digest"], event.subject) == (
        piece.code,
        poison.digest,
        poison.delivery_id,
    )
    assert message.subject not in str(event.data)
    page = office.client("van.thu").get("/thong-bao/").content.decode()
    assert page.count("Không nhận được gói tin của 000.00.00.H41") == 1
    assert piece.name in page
    assert "Không nhận được" not in office.client("chuyen.vien").get("/thong-bao/").content.decode()


@pytest.mark.parametrize("defect", [name for name, make in ATTACHED.items() if not make().code])
def test_an_attachment_that_lies_is_kept_where_it_harms_nobody(office: Office, hub: MemoryHub, defect: str) -> None:
    """Under a name that leads nowhere, and given out as what a browser saves, or as a PDF that it may not take for
    anything else."""
    piece = ATTACHED[defect]()
    item = hub.put(attached_packet(piece, LETTER))
    inbox.receive(hub, item, at=now())
    name, content = piece.kept
    document = IncomingDocument.objects.get()
    file = document.files.get(ordinal=1)
    assert (file.name, blobs().read(file.digest)) == (name, content)
    answer = office.client("van.thu").get(f"/van-ban-den/{document.pk}/tep/{file.pk}/")
    assert b"".join(answer.streaming_content) == content  # type: ignore[arg-type]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] in ("application/pdf", "application/octet-stream")
    assert answer["Content-Disposition"].startswith("inline" if name.endswith(".pdf") else "attachment")


@pytest.mark.law("R-6.1-1")
@pytest.mark.refuses("R-6.1-1")
def test_what_changed_on_the_way_is_not_taken_and_both_sides_are_told(office: Office, hub: MemoryHub) -> None:
    item = hub.put(document_packet(LETTER))
    hub.waiting[item.delivery_id] = (item, document_packet(replace(LETTER, subject="Nội dung khác")))
    inbox.receive(hub, item, at=now())
    assert hub.failed == ["digest_mismatch"]
    assert not IncomingDocument.objects.exists()
    assert list(blobs().older_than(9e12)) == []
    page = office.client("van.thu").get("/thong-bao/").content.decode()
    assert "nội dung đến khác nội dung Trục đã công bố" in page
    assert Event.objects.get(name="incoming.not_taken").data["problem"] == "digest_mismatch"


def test_a_packet_that_brings_a_fault_to_light_does_not_stop_the_others(
    office: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, sound = hub.put(document_packet(LETTER)), hub.put(document_packet(replace(LETTER, identifier="sound")))
    arrive = inbox.arrival.arrive

    def stumble(message: edxml.Document, *rest: object, **named: object) -> object:
        if message.identifier == LETTER.identifier:
            raise DataError("value too long")
        return arrive(message, *rest, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as faulty:
        faulty.setattr(inbox.arrival, "arrive", stumble)
        for item in (poison, sound):
            inbox.receive_or_refuse(hub, item, at=now())
    assert hub.failed == ["cannot_be_filed"]
    assert Event.objects.get(name="incoming.not_taken").data["problem"] == "cannot_be_filed"
    assert "phần mềm tại đây gặp lỗi" in office.client("van.thu").get("/thong-bao/").content.decode()
    assert IncomingDocument.objects.get().identifier == "sound"
    inbox.receive_or_refuse(hub, poison, at=now())
    assert IncomingDocument.objects.count() == 2


@pytest.mark.law("R-4.2-1")
def test_a_document_too_large_to_be_judged_is_for_information_whatever_lies_beside_it(
    office: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = blobs().read(sealed(office).versions.get(stage="sealed").digest)
    monkeypatch.setattr(checks, "LARGEST_JUDGED", len(genuine))
    document = arrived(hub, LETTER, gia_mao_pdf=b"%PDF-1.7 " + bytes(len(genuine)), that_pdf=genuine)
    assert document.legal_value == "information"
    assert {check["name"]: check["result"] for check in document.checks}["authenticity"] == "failed"
    page = office.client("van.thu").get(f"/van-ban-den/{document.pk}/").content.decode()
    shown = document.files.get(
        name="gia_mao.pdf" if document.files.filter(name="gia_mao.pdf").exists() else "gia.mao.pdf"
    )
    assert f'data-pdf="/van-ban-den/{document.pk}/tep/{shown.pk}/"' in page


def test_a_missing_annex_and_a_missing_file_are_seen(office: Office, hub: MemoryHub) -> None:
    document = arrived(hub, replace(LETTER, appendixes=("Phụ lục I",)))
    completeness = document.checks[0]
    assert completeness["result"] == "failed"
    assert "Phụ lục I" in completeness["vi"]


def test_the_same_number_again_is_warned_of(office: Office, hub: MemoryHub) -> None:
    arrived(hub)
    second = arrived(hub, LETTER, other_pdf=PDF + b" ")
    assert [check["name"] for check in second.checks][-1] == "duplicate"


# -- accept, refuse, work ----------------------------------------------------------------------------------------------


def test_acceptance_gives_the_next_number_and_tells_the_sender(office: Office, hub: MemoryHub) -> None:
    first, second = arrived(hub), arrived(hub, replace(LETTER, number="16", identifier="x"))
    assert acts.accept(first, actor=office["van.thu"], at=now()) == 1
    assert acts.accept(second, actor=office["van.thu"], at=now()) == 2
    assert queued(S.ACCEPTED) == 2
    with pytest.raises(errors.IllegalMove):
        acts.accept(first, actor=office["van.thu"], at=now())
    assert queued(S.ACCEPTED) == 2


def test_a_refusal_says_why(office: Office, hub: MemoryHub) -> None:
    document = arrived(hub)
    with pytest.raises(errors.RefusalNeedsReason):
        acts.refuse(document, reason=RefusalReason.MISSING_FILE, text="thiếu", actor=office["van.thu"], at=now())
    acts.refuse(
        document, reason=RefusalReason.MISSING_FILE, text="Thiếu Phụ lục I kèm theo", actor=office["van.thu"], at=now()
    )
    with blobs().open(OutboxPacket.objects.get(status_code="02").digest) as file:
        report = edxml.read(file).message
    assert isinstance(report, edxml.StatusReport)
    assert report.description == "MISSING_FILE: Thiếu Phụ lục I kèm theo"
    assert report.about.organ == "000.00.00.H41"


def test_the_work_goes_its_way_and_each_step_is_reported_once(office: Office, hub: MemoryHub) -> None:
    document = arrived(hub)
    lead = acts.Task(Assignment.Kind.LEAD, office.units["KSTT"], now() + timedelta(days=3))
    with pytest.raises(errors.NotRegistered):
        acts.instruct(document, text="", tasks=[lead], actor=office["lanh.dao"], at=now())
    acts.accept(document, actor=office["van.thu"], at=now())
    second_lead = replace(lead, unit=office.units["TH"])
    with pytest.raises(errors.OneLead):
        acts.instruct(document, text="", tasks=[lead, second_lead], actor=office["lanh.dao"], at=now())
    late = acts.Task(Assignment.Kind.COORDINATE, office.units["TH"], now() + timedelta(days=9))
    with pytest.raises(errors.DeadlineOutOfBounds):
        acts.instruct(document, text="", tasks=[lead, late], actor=office["lanh.dao"], at=now())
    acts.instruct(document, text="Chủ trì", tasks=[lead], actor=office["lanh.dao"], at=now())
    assignment = document.assignments.get()
    with pytest.raises(errors.Forbidden):
        acts.start(assignment, actor=office["the.thuc"], at=now())
    acts.hand_to_person(
        assignment, person=office["chuyen.vien"], due_at=None, text="", actor=office["truong.dv"], at=now()
    )
    assert list(todo_incoming(office["chuyen.vien"])) == [document]
    for _ in range(2):
        acts.start(document.assignments.get(), actor=office["chuyen.vien"], at=now())
    acts.finish(document, outcome="Đã thực hiện xong", actor=office["chuyen.vien"], at=now())
    assert [queued(code) for code in (S.ACCEPTED, S.ASSIGNED, S.PROCESSING, S.FINISHED)] == [1, 1, 1, 1]
    with pytest.raises(errors.IllegalMove):
        acts.finish(document, outcome="lần nữa", actor=office["chuyen.vien"], at=now())


def test_who_coordinates_gives_an_opinion_and_does_not_begin_the_work(office: Office, hub: MemoryHub) -> None:
    document = arrived(hub)
    acts.accept(document, actor=office["van.thu"], at=now())
    tasks = [
        acts.Task(Assignment.Kind.LEAD, office.units["TH"]),
        acts.Task(Assignment.Kind.COORDINATE, office.units["KSTT"]),
    ]
    acts.instruct(document, text="Phối hợp", tasks=tasks, actor=office["lanh.dao"], at=now())
    part = document.assignments.get(kind=Assignment.Kind.COORDINATE)
    acts.hand_to_person(part, person=office["chuyen.vien"], due_at=None, text="", actor=office["truong.dv"], at=now())
    part.refresh_from_db()
    page = office.client("chuyen.vien").get(f"/van-ban-den/{document.pk}/").content.decode()
    assert 'value="contribute"' in page
    assert 'value="start"' not in page
    with pytest.raises(errors.Forbidden):
        acts.start(part, actor=office["chuyen.vien"], at=now())
    acts.contribute(part, result="Thống nhất", actor=office["chuyen.vien"], at=now())
    assert queued(S.PROCESSING) == 0


# -- recall ------------------------------------------------------------------------------------------------------------


def recalled(hub: MemoryHub, at_once: bool = True) -> InboxItem:
    business = edxml.Business(BusinessType.RECALL, "Ban hành nhầm", LETTER.identifier)
    item = hub.put(document_packet(replace(LETTER, business=business)))
    if at_once:
        inbox.receive(hub, item, at=now())
    return item


def test_an_obeyed_recall_leaves_nothing_but_the_tombstone(office: Office, hub: MemoryHub) -> None:
    document = arrived(hub)
    acts.accept(document, actor=office["van.thu"], at=now())
    digests = [document.packet.digest, *document.files.values_list("digest", flat=True)]
    clerk = office.client("van.thu")
    clerk.get(f"/van-ban-den/{document.pk}/")
    clerk.get(f"/van-ban-den/{document.pk}/tep/{document.files.get().pk}/").close()
    recalled(hub)
    order = recalls.pending(document)
    assert order is not None
    with pytest.raises(errors.Frozen):
        acts.finish(document, outcome="xong", actor=office["van.thu"], at=now())
    with pytest.raises(errors.Forbidden):
        recalls.obey(order, actor=office["chuyen.vien"], at=now())
    recalls.obey(order, actor=office["van.thu"], at=now())
    document.refresh_from_db()
    assert (document.state, document.subject, document.signatures, document.other) == ("cancelled", "", [], {})
    assert document.identifier == LETTER.identifier
    assert not any(blobs().exists(digest) for digest in digests)
    assert queued(S.AGREED) == 1
    left = (
        str(list(AccessLog.objects.values())) + str(list(Notice.objects.values())) + str(list(Event.objects.values()))
    )
    assert "van-ban.pdf" not in left
    assert LETTER.subject not in left
    with pytest.raises(errors.IllegalMove):
        recalls.obey(order, actor=office["van.thu"], at=now())


def test_the_files_of_a_recall_are_not_kept(office: Office, hub: MemoryHub) -> None:
    item = recalled(hub)
    assert not blobs().exists(item.digest)
    assert not IncomingFile.objects.exists()
    assert RecallOrder.objects.get().document is None


def test_a_recall_closes_and_destroys_every_copy_however_often_it_is_asked(office: Office, hub: MemoryHub) -> None:
    first, second = arrived(hub), arrived(hub)
    acts.accept(first, actor=office["van.thu"], at=now())
    recalled(hub)
    recalled(hub)
    third = arrived(hub)
    for copy in (first, second, third):
        assert recalls.pending(copy) is not None
        with pytest.raises(errors.Frozen):
            acts.refuse(
                copy, reason=RefusalReason.DUPLICATE, text="Đã nhận văn bản này", actor=office["van.thu"], at=now()
            )
    order = recalls.pending(first)
    assert order is not None
    recalls.obey(order, actor=office["van.thu"], at=now())
    for copy in (first, second, third):
        copy.refresh_from_db()
        assert copy.state == "cancelled"
        assert recalls.pending(copy) is None
    assert not blobs().exists(first.packet.digest)
    assert queued(S.AGREED) == 1
    assert not RecallOrder.objects.filter(state="pending").exists()


def test_a_recall_that_overtakes_stops_the_document_on_arrival(office: Office, hub: MemoryHub) -> None:
    recalled(hub)
    document = arrived(hub)
    assert recalls.pending(document) is not None
    with pytest.raises(errors.Frozen):
        acts.accept(document, actor=office["van.thu"], at=now())


def test_declining_a_recall_needs_a_reason(office: Office, hub: MemoryHub) -> None:
    document = arrived(hub)
    recalled(hub)
    order = recalls.pending(document)
    assert order is not None
    with pytest.raises(errors.DeclineNeedsReason):
        recalls.decline(order, reason="", actor=office["van.thu"], at=now())
    recalls.decline(order, reason="Đã thi hành xong, không thể hủy", actor=office["van.thu"], at=now())
    assert queued(S.DECLINED) == 1
    acts.accept(document, actor=office["van.thu"], at=now())


# -- sending -----------------------------------------------------------------------------------------------------------


def test_a_lost_receipt_is_asked_for_again_with_the_same_key(office: Office, hub: MemoryHub) -> None:
    document = issued(office)
    hub.lost = {"submit"}
    with pytest.raises(HubUnreachable):
        outbox.send_one(hub, at=now())
    packet = OutboxPacket.objects.get()
    assert (packet.state, packet.problem["final"]) == ("waiting", False)  # type: ignore[index]
    assert outbox.send_one(hub, at=now() + timedelta(minutes=10))
    assert list(hub.submitted) == [packet.idempotency_key]
    assert [board.state_of(one) for one in board.current(document)] == ["at_hub", "at_hub"]


def test_an_answer_that_could_not_be_noted_is_asked_for_again_at_once(
    office: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, hand = issued(office), outbox.Hand()

    def away(*_: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(outbox, "_note_sent", away)
        with pytest.raises(OperationalError):
            outbox.send_one(hub, at=now(), hand=hand)
    assert not outbox.send_one(hub, at=now())  # for another worker it is still in that hand
    assert outbox.send_one(hub, at=now(), hand=hand)
    assert list(hub.submitted) == [OutboxPacket.objects.get().idempotency_key]
    assert [board.state_of(one) for one in board.current(document)] == ["at_hub", "at_hub"]


def test_a_recall_never_overtakes_what_it_recalls(office: Office, hub: MemoryHub) -> None:
    document = issued(office)
    OutboxPacket.objects.update(next_at=now() + timedelta(minutes=5))  # it waits for another attempt
    issuing.recall(
        document, list(document.recipients.all()), reason="Ban hành nhầm", authority="PCN", actor=office["van.thu"],
        at=now(),
    )  # fmt: skip
    assert not outbox.send_one(hub, at=now())
    later = now() + timedelta(minutes=6)
    assert outbox.send_one(hub, at=later)
    assert outbox.send_one(hub, at=later)
    kinds = [edxml.read(io.BytesIO(packet)).message.business.type for packet in hub.submitted.values()]  # type: ignore[union-attr]
    assert kinds == [BusinessType.NEW, BusinessType.RECALL]


def test_what_the_hub_refuses_for_good_is_shown_and_rings(office: Office, hub: MemoryHub) -> None:
    document = issued(office)
    hub.refuses = NotYourAgency(system="G22", agency="H41")
    assert outbox.send_one(hub, at=now())
    assert OutboxPacket.objects.get().state == "failed"
    assert {board.state_of(one) for one in board.current(document)} == {"failed"}
    assert Notice.objects.filter(person=office["van.thu"], text__contains="Trục từ chối").exists()


@pytest.mark.parametrize(
    "problem",
    [
        Suspended(system="G22", reason="kiểm tra"),
        Unauthenticated(reason="khóa đã đổi"),
        ForeignNetwork(system="G22", address="10.0.0.1"),
        DoorClosed(system="G22"),
    ],
    ids=lambda problem: problem.code,
)
def test_a_refusal_of_this_system_is_not_the_packets_fault(office: Office, hub: MemoryHub, problem: Problem) -> None:
    """Whoever rotates a key late, or is suspended for an hour, has nothing to send again by hand afterwards."""
    document = issued(office)
    hub.refuses = problem
    assert outbox.send_one(hub, at=now())
    packet = OutboxPacket.objects.get()
    assert (packet.state, packet.problem) == ("waiting", {"detail": problem.detail, "final": False})
    assert {board.state_of(one) for one in board.current(document)} == {"waiting"}
    hub.refuses = None
    assert outbox.send_one(hub, at=now() + timedelta(minutes=10))
    assert {board.state_of(one) for one in board.current(document)} == {"at_hub"}


@pytest.mark.law("R-6.2-3")
def test_the_most_urgent_leaves_first(office: Office, hub: MemoryHub) -> None:
    for urgency in (0, 3, 1):
        assert press(office, "van.thu", sealed(office, urgency=urgency), "issue") == ""
    order = []
    while outbox.send_one(hub, at=now()):
        order.append(OutboxPacket.objects.filter(state="sent").latest("sent_at").urgency)
    assert order == [3, 1, 0]


def test_a_leased_packet_comes_back_after_its_worker_was_killed(office: Office, hub: MemoryHub) -> None:
    issued(office)
    assert outbox.claim(now(), Carrier.HUB) is not None  # its worker is killed now
    assert not outbox.send_one(hub, at=now())
    assert outbox.send_one(hub, at=now() + timedelta(minutes=3))


def test_a_status_finds_its_document(office: Office, hub: MemoryHub) -> None:
    document = issued(office)
    about = edxml.Related("000.00.00.G22", document.printed_number, "another-id", document.promulgated_on)
    report = edxml.StatusReport(edxml.Organ("000.00.00.H41"), about, S.FINISHED, "", now())
    inbox.receive(hub, hub.put(status_packet(report), kind=Kind.STATUS), at=now())
    assert {one.recipient.code: board.state_of(one) for one in board.current(document)}["H41"] == "06"
    assert issuing.missing_files(document) == []
