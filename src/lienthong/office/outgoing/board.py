"""The tracking board: what became of each sending, computed from what was reported, never typed in (R-6.3-1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.evidence.proving import Claim
from lienthong.evidence.receipts import EvidenceEvent
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import (
    Carrier,
    Channel,
    CorrectionTask,
    DirectoryAgency,
    EarlyChange,
    OutboxPacket,
    OutgoingDocument,
    OutgoingState,
    Role,
    SignedStatement,
    Transmission,
)
from lienthong.office.packets import wire_codes
from lienthong.office.people.actors import record, service_of
from lienthong.office.people.lineage import spellings_of_line
from lienthong.office.people.notices import notify, notify_role
from lienthong.office.proofs import keep
from lienthong.office.workflow import outgoing as workflow
from lienthong.protocol.messages import Change, Submission
from lienthong.protocol.problems import StateSecret
from lienthong.protocol.wire import read_value, write_value
from lienthong.standards.edxml import StatusReport
from lienthong.standards.statuses import BusinessType, StatusCode, TransportState, Words, read_refusal

log = structlog.get_logger("board")

FIELDS = {
    StatusCode.ARRIVED: "arrived",
    StatusCode.REFUSED: "refused",
    StatusCode.ACCEPTED: "accepted",
    StatusCode.ASSIGNED: "assigned",
    StatusCode.PROCESSING: "processing",
    StatusCode.FINISHED: "finished",
    StatusCode.AGREED: "recall_agreed",
    StatusCode.DECLINED: "recall_declined",
}

CHANGE_FIELDS = {StatusCode.AGREED: "change_agreed", StatusCode.DECLINED: "change_declined"}
"""15 and 16 where they answer an update or a replacement."""

ON_THE_BOARD = (BusinessType.NEW, BusinessType.REPLACE)
"""Packets whose deliveries the board shows, each as a sending."""

KINDS = {
    TransportState.DONE: (SignedStatement.Kind.HANDOVER, EvidenceEvent.CONTENT_HANDOVER),
    TransportState.FAIL: (SignedStatement.Kind.FAILURE, EvidenceEvent.CONTENT_HANDOVER_FAILURE),
}
"""What is signed when a delivery comes to this state."""

STATES = {
    # state: (words, kind of disc)
    "waiting": (_("Chờ gửi"), "waiting"),
    "failed": (_("Trục từ chối"), "refused"),
    "at_hub": (_("Trục đã nhận"), "active"),
    "moved": (_("Đã chuyển nội bộ"), "active"),
    "delivered": (_("Đã giao"), "active"),
    "not_taken": (_("Bên nhận không lấy được"), "refused"),
    "01": (_("Đã đến"), "active"),
    "02": (_("Từ chối tiếp nhận"), "refused"),
    "03": (_("Đã tiếp nhận"), "active"),
    "04": (_("Đã phân công"), "active"),
    "05": (_("Đang xử lý"), "active"),
    "06": (_("Hoàn thành"), "done"),
    "recalling": (_("Chờ xác nhận thu hồi"), "waiting"),
    "recalled": (_("Đã thu hồi"), "stopped"),
    "recall_declined": (_("Không thu hồi"), "refused"),
    "paper_owed": (_("Chờ gửi bản giấy"), "waiting"),
    "paper_sent": (_("Đã gửi bản giấy"), "done"),
    "paper_dropped": (_("Không gửi bản giấy nữa"), "stopped"),
}

UNREACHED = ("failed", "not_taken")
"""The electronic document could not reach its recipient."""

TROUBLE = ("failed", "not_taken", "02")
"""Somebody of the sender has to do something."""

ENDED = ("delivered", "01", "03", "04", "05", "06", "recalled", "paper_sent", "paper_dropped")
"""Nothing is left for the sender to do: the recipient has it, or gave it back."""


def is_closed(states: Iterable[str]) -> bool:
    """Whether the dispatch of a document is closed: nobody waits for it, neither for the packet nor for paper
    (R-7.2-1)."""
    found = set(states)
    return bool(found) and found <= set(ENDED)


def state_of(one: Transmission) -> str:
    """Where a sending stands; a key of `STATES`.

    A recall comes first; a refusal counts only while nothing of 03 or later has come; else the furthest that was
    reported; else how far the transport got.
    """
    if one.recall_agreed:
        return "recalled"
    if one.recall_asked:
        return "recall_declined" if one.recall_declined else "recalling"
    for code in ("06", "05", "04", "03"):
        if getattr(one, FIELDS[StatusCode(code)]):
            return code
    if one.refused:
        return "02"
    if one.arrived:
        return "01"
    if one.handed_over:
        return "delivered"
    if one.transport == TransportState.FAIL:
        return "not_taken"
    if one.at_hub:
        return "moved" if one.packet.carrier == Carrier.LOCAL else "at_hub"
    return "failed" if one.packet.state == OutboxPacket.State.FAILED else "waiting"


def current(document: OutgoingDocument) -> list[Transmission]:
    """The newest sending to each recipient, in the order of the recipients."""
    return current_of([document])[document.pk]


def current_of(documents: Iterable[OutgoingDocument]) -> dict[int, list[Transmission]]:
    """Document id → its newest sendings, for a whole list of documents in one question."""
    newest: dict[int, dict[int, Transmission]] = {document.pk: {} for document in documents}
    # A packet has many sendings: it is read once, without what is the longer the more they are.
    packets = Prefetch("packet", OutboxPacket.objects.defer("receipt", "routes", "recipients"))
    rows = sendings_of(newest).select_related("recipient").prefetch_related(packets)
    for one in rows.order_by("recipient_id", "attempt"):
        newest[one.recipient.document_id][one.recipient_id] = one
    return {pk: list(found.values()) for pk, found in newest.items()}


def sendings_of(documents: Iterable[int]) -> QuerySet[Transmission]:
    """The sendings of documents, by their ids; whom the electronic document could not reach may get paper instead."""
    return Transmission.objects.filter(recipient__document__in=list(documents), recipient__channel=Channel.ELECTRONIC)


def can_be_sent_again(one: Transmission) -> bool:
    """Whether its recipient waits for it anew: it was refused, or could not be taken (R-5.4-2)."""
    return one.recipient.channel == Channel.ELECTRONIC and state_of(one) in ("02", "not_taken")


@transaction.atomic
def apply_submission(packet: OutboxPacket, submission: Submission, *, at: datetime) -> None:
    """The hub has the packet: note its names of the deliveries, and what it told of them before."""
    _hold(submission.packet_id)
    if packet.document is not None:
        workflow.hold(packet.document)
    packet.routes = {promise.delivery_id: promise.routed_to for promise in submission.deliveries}
    OutboxPacket.objects.filter(pk=packet.pk).update(routes=packet.routes)
    if packet.business_type not in ON_THE_BOARD:
        _apply_early(packet.routes, at=at)
        return
    codes = canonical_of([promise.recipient for promise in submission.deliveries])
    names = [promise.delivery_id for promise in submission.deliveries]
    with connection.cursor() as cursor:
        told = [names, [codes[promise.recipient] for promise in submission.deliveries]]
        cursor.execute(_PROMISED, [at, TransportState.INITIAL.value, *told, packet.pk])
    _apply_early(packet.routes, at=at)


_PROMISED = """
UPDATE office_transmission one SET delivery_id = promise.name, at_hub = %s, transport = %s
FROM unnest(%s::text[], %s::text[]) AS promise (name, code), office_recipient recipient
WHERE one.packet_id = %s AND recipient.id = one.recipient_id AND recipient.code = promise.code
"""
"""All deliveries of a packet in one statement: there may be thousands."""


def _apply_early(deliveries: Iterable[str], *, at: datetime) -> None:
    for early in EarlyChange.objects.filter(delivery_id__in=[each for each in deliveries if each]):
        apply_change(read_value(Change, early.change), at=at)
        early.delete()


def apply_change(change: Change, *, at: datetime) -> None:
    """Take an entry of the hub's feed: hand-over with its proof, failure, withdrawal.

    The recipient may be faster than our own note of the submission, and a killed sender notes it only at its next
    attempt: what is told of a delivery without a name here waits for it. What is told again changes nothing: some
    hubs have no feed, and tell all of it at each question.
    """
    one = _transmission_of(change)
    if one is None:
        if _keep_beside_the_board(change, at):
            return
        one = _named_meanwhile(change, at)
        if one is None:
            return
    if (one.transport, one.failure) == (change.state, change.reason or one.failure):
        return
    document = one.recipient.document
    with transaction.atomic():
        workflow.hold(document)
        fields: dict[str, object] = {"transport": change.state, "delivery_id": change.delivery_id}
        if change.state == TransportState.DONE:
            fields["handed_over"] = change.at
            _keep(change, one.packet, at)
            actor = service_of(document.organization)
            record(OfficeEvent.HANDED_OVER, actor, document, at, recipient=one.recipient.code)
        if change.state == TransportState.WITHDRAWN:
            fields |= _withdrawn(one, change)
        if change.state == TransportState.FAIL:
            fields["failure"] = change.reason
            _keep(change, one.packet, at)
            record(
                OfficeEvent.NOT_TAKEN, service_of(document.organization), document, at, recipient=one.recipient.code,
                reason=change.reason,
            )  # fmt: skip
            secret = change.reason.startswith(StateSecret.code)
            _open_task(one, document, at, _secret(one, document) if secret else _not_taken(one, document))
        Transmission.objects.filter(pk=one.pk).update(**fields)
        _conclude_recall(document, at)


def _named_meanwhile(change: Change, at: datetime) -> Transmission | None:
    """The sending that was noted since we looked; where there is none, the change waits for it.

    Whoever notes the submission holds the packet until it is committed (`apply_submission`): either it finds what
    waits here, or we find what it noted.
    """
    with transaction.atomic():
        _hold(change.packet_id)
        one = _transmission_of(change)
        if one is None and not _keep_beside_the_board(change, at):
            EarlyChange.objects.get_or_create(
                delivery_id=change.delivery_id, change=write_value(change), defaults={"received_at": at}
            )
    return one


def _hold(packet_id: str) -> None:
    """Keep whoever else names deliveries of this packet, or waits for their names, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lienthong.early'), hashtext(%s))", [packet_id])


def _keep(change: Change, packet: OutboxPacket, at: datetime) -> None:
    """Keep what was signed of a delivery; it is proof once it was judged to speak of just this one."""
    if change.state not in KINDS:
        return
    kind, event = KINDS[TransportState(change.state)]
    code = canonical(change.recipient)
    facts = {
        "delivery_id": change.delivery_id, "packet_id": change.packet_id, "identifier": packet.identifier,
        "recipients": wire_codes([code])[0],
    }  # fmt: skip
    recipients = frozenset({packet.routes.get(change.delivery_id, code)})
    claim = Claim(
        event, packet.digest, change.at, recipients if kind is SignedStatement.Kind.HANDOVER else frozenset(), facts,
        named=frozenset({"delivery_id"}),
    )  # fmt: skip
    keep(
        change.statement, kind, claim, agency=code, organization=packet.organization, document=packet.document,
        received=packet.incoming.packet if packet.incoming else None, status_code=packet.status_code, at=at,
    )  # fmt: skip


def _keep_beside_the_board(change: Change, at: datetime) -> bool:
    """Keep what was signed of a recall, an update or a status of ours, whose deliveries are on no board; False when the
    packet is none of these, or is not known yet."""
    packet = (
        OutboxPacket.objects.filter(packet_id=change.packet_id)
        .exclude(packet_id="")
        .exclude(business_type__in=ON_THE_BOARD)
        .select_related("organization", "document", "incoming__packet")
        .first()
    )
    if packet is None:
        return False
    with transaction.atomic():
        _keep(change, packet, at)
    return True


def _transmission_of(change: Change) -> Transmission | None:
    """The sending that a delivery's name stands for; of a hub that tells no names at submission, the packet's to that
    recipient."""
    sendings = Transmission.objects.select_related(
        "recipient__document__organization", "packet__organization", "packet__document", "packet__incoming__packet"
    )
    unnamed = Q(packet__packet_id=change.packet_id, recipient__code=canonical(change.recipient), delivery_id="")
    return sendings.filter(Q(delivery_id=change.delivery_id) | unnamed).first()


def apply_status(report: StatusReport, document: OutgoingDocument, *, at: datetime) -> bool:
    """Take what a recipient reported, or who follows it; False when it is none of the document's recipients.

    A repeat changes nothing. A refusal opens a task and rings; an answer to a recall concludes it once all have
    answered.
    """
    code = canonical(report.sender.code)
    with transaction.atomic():
        workflow.hold(document)  # of two who answer at once the later one sees the other's answer
        one = _newest_to(document, code, FIELDS[report.code]) if report.code in FIELDS else None
        if one is None:
            return False
        about = _question(one)
        if report.code in CHANGE_FIELDS and about is None:
            log.warning("an answer to what nobody asked for", document=document.pk, recipient=code)
            return True
        field = (
            CHANGE_FIELDS[report.code] if report.code in CHANGE_FIELDS and about == "change" else FIELDS[report.code]
        )
        fields: dict[str, object] = {field: report.at or at}
        if report.code is StatusCode.REFUSED:
            reason, text = read_refusal(report.description)
            fields |= {"refusal_reason": reason.value, "refusal_text": text}
        if report.code in CHANGE_FIELDS:
            fields[f"{about}_answer"] = report.description
        changed = Transmission.objects.filter(pk=one.pk, **{f"{field}__isnull": True}).update(**fields)
        if changed:
            actor = service_of(document.organization)
            record(OfficeEvent.STATUS_RECEIVED, actor, document, at, code=report.code.value, recipient=code)
            if report.code is StatusCode.REFUSED:
                _open_task(one, document, at, _returned(one, document))
            _conclude_recall(document, at)
    return True


def _question(one: Transmission) -> str | None:
    """What 15 and 16 answer: the latest question that is open, else the latest; None where nothing was asked."""
    asked = [
        (one.recall_asked, one.recall_agreed or one.recall_declined, "recall"),
        (one.change_asked, one.change_agreed or one.change_declined, "change"),
    ]
    put = [(at, answered, what) for at, answered, what in asked if at is not None]
    if not put:
        return None
    return max(put, key=lambda each: (each[1] is None, each[0]))[2]


def _returned(one: Transmission, document: OutgoingDocument) -> Words:
    name, number = one.recipient.name, document.printed_number
    return Words(f"{name} trả lại {number}", f"{name} refused {number}")


def _not_taken(one: Transmission, document: OutgoingDocument) -> Words:
    name, number = one.recipient.name, document.printed_number
    return Words(f"{name} không lấy được {number}", f"{name} could not take {number}")


def _withdrawn(one: Transmission, change: Change) -> dict[str, object]:
    """Taken back before it was fetched, or destroyed at the hub for a mark of secrecy: then it says so and stays."""
    if one.recall_asked:
        return {"recall_agreed": change.at}
    return {"transport": TransportState.FAIL.value, "failure": one.failure or change.reason}


def _secret(one: Transmission, document: OutgoingDocument) -> Words:
    name, number = one.recipient.name, document.printed_number
    at_hub = one.packet.carrier == Carrier.HUB
    vi, en = ("tại Trục", "at the hub") if at_hub else ("tại nơi nhận", "where it arrived")
    return Words(
        f"{name} báo {number} có dấu chỉ độ mật: đã hủy {vi}, xử lý theo quy định về bảo vệ bí mật nhà nước",
        f"{name} says that {number} bears a mark of secrecy: it was destroyed {en}; follow the rules for secrets",
    )


def _newest_to(document: OutgoingDocument, code: str, field: str) -> Transmission | None:
    """The last sending to this agency. One that follows other recipients has several copies, and no report says which
    it is about: the first for which this is news and not the contrary of what was reported, its own before others'."""
    sent = Transmission.objects.filter(recipient__document=document).order_by("-attempt", "recipient_id")
    own = sent.filter(recipient__code=code).first()
    if own is not None and _is_news(own, field):
        return own
    followed: dict[int, Transmission] = {}
    for one in sent.filter(recipient__code__in=spellings_of_line(code)).exclude(recipient__code=code):
        followed.setdefault(one.recipient_id, one)
    of_line = [*([own] if own is not None else []), *followed.values()]
    return next((one for one in of_line if _is_news(one, field)), of_line[0] if of_line else None)


def _is_news(one: Transmission, field: str) -> bool:
    """Whether this was not reported of it, nor what excludes it: nobody works on a copy that was refused."""
    contrary = {"refused": one.accepted, **dict.fromkeys(_HANDLED, one.refused)}.get(field)
    return getattr(one, field) is None and contrary is None


_HANDLED = ("accepted", "assigned", "processing", "finished")
"""What only a copy comes to that was not refused."""


def forget_early(before: datetime) -> None:
    """Forget what was told of deliveries that nobody here came to name: of a system that sends from elsewhere too."""
    EarlyChange.objects.filter(received_at__lt=before).delete()


def _open_task(one: Transmission, document: OutgoingDocument, at: datetime, words: Words) -> None:
    CorrectionTask.objects.get_or_create(
        transmission=one, defaults={"organization": document.organization, "opened_at": at}
    )
    notify_role(document, Role.CLERK, words, at=at)
    notify([document.drafter], document, words, at=at)


def _conclude_recall(document: OutgoingDocument, at: datetime) -> None:
    """Once every recipient that was asked has answered, the recall is over, wholly or in part."""
    document.refresh_from_db(fields=["state"])
    if document.state != OutgoingState.RECALLING:
        return
    rows = current(document)
    asked = [one for one in rows if one.recall_asked]
    if any(one.recall_agreed is None and one.recall_declined is None for one in asked):
        return
    kept = [one for one in rows if one.recall_agreed is None and one.refused is None]
    to = OutgoingState.PARTLY_RECALLED if kept else OutgoingState.RECALLED
    workflow.advance(document, to=to)
    record(OfficeEvent.RECALL_ANSWERED, service_of(document.organization), document, at, outcome=to.value)


def canonical(code: str) -> str:
    """The agency's code of the directory for any spelling."""
    return canonical_of([code])[code]


def canonical_of(codes: Sequence[str]) -> dict[str, str]:
    """Spelling → the agency's code of the directory, for many at once; what is not there stays as it is written."""
    spelled = Q(code__in=codes) | Q(aliases__has_any_keys=codes)
    known = dict(DirectoryAgency.objects.filter(spelled).order_by("-code").values_list("code", "aliases"))
    of_alias = {alias: code for code, aliases in known.items() for alias in aliases}
    return {code: code if code in known else of_alias.get(code, code) for code in codes}
