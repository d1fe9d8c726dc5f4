"""The tracking board: what became of each sending, computed from what was reported, never typed in (R-6.3-1)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import (
    CorrectionTask,
    DirectoryAgency,
    OutboxPacket,
    OutgoingDocument,
    OutgoingState,
    Role,
    Transmission,
)
from lienthong.office.people.actors import record, service_of
from lienthong.office.people.notices import notify, notify_role
from lienthong.office.workflow import outgoing as workflow
from lienthong.protocol.messages import Change, Submission
from lienthong.standards.edxml import StatusReport
from lienthong.standards.statuses import StatusCode, TransportState, Words, read_refusal

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

STATES = {
    # state: (words, kind of disc)
    "waiting": (_("Chờ gửi"), "waiting"),
    "failed": (_("Trục từ chối"), "refused"),
    "at_hub": (_("Trục đã nhận"), "active"),
    "delivered": (_("Đã giao"), "active"),
    "01": (_("Đã đến"), "active"),
    "02": (_("Từ chối tiếp nhận"), "refused"),
    "03": (_("Đã tiếp nhận"), "active"),
    "04": (_("Đã phân công"), "active"),
    "05": (_("Đang xử lý"), "active"),
    "06": (_("Hoàn thành"), "done"),
    "recalling": (_("Chờ xác nhận thu hồi"), "waiting"),
    "recalled": (_("Đã thu hồi"), "stopped"),
    "recall_declined": (_("Không thu hồi"), "refused"),
}


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
    if one.at_hub:
        return "at_hub"
    return "failed" if one.packet.state == OutboxPacket.State.FAILED else "waiting"


def current(document: OutgoingDocument) -> list[Transmission]:
    """The newest sending to each recipient, in the order of the recipients."""
    newest: dict[int, Transmission] = {}
    rows = Transmission.objects.filter(recipient__document=document).select_related("recipient", "packet")
    for one in rows.order_by("recipient_id", "attempt"):
        newest[one.recipient_id] = one
    return list(newest.values())


def apply_submission(packet: OutboxPacket, submission: Submission, *, at: datetime) -> None:
    """The hub has the packet: note its names of the deliveries."""
    if packet.business_type != 0:
        return
    promised = {_canonical(promise.recipient): promise for promise in submission.deliveries}
    for one in packet.transmissions.select_related("recipient"):
        promise = promised.get(one.recipient.code)
        if promise is not None:
            one.delivery_id, one.at_hub, one.transport = promise.delivery_id, at, TransportState.INITIAL.value
            one.save(update_fields=["delivery_id", "at_hub", "transport"])


def apply_change(change: Change, *, at: datetime) -> None:
    """Take an entry of the hub's feed: hand-over with its proof, failure, withdrawal."""
    one = Transmission.objects.filter(delivery_id=change.delivery_id).select_related("recipient__document").first()
    if one is None:
        return
    document = one.recipient.document
    with transaction.atomic():
        fields: dict[str, object] = {"transport": change.state}
        if change.state == TransportState.DONE:
            fields |= {"handed_over": change.at, "handover_statement": change.statement}
            actor = service_of(document.organization)
            record(OfficeEvent.HANDED_OVER, actor, document, at, recipient=one.recipient.code)
        if change.state == TransportState.WITHDRAWN:
            fields["recall_agreed"] = change.at
        Transmission.objects.filter(pk=one.pk).update(**fields)
        _conclude_recall(document, at)


def apply_status(report: StatusReport, document: OutgoingDocument, *, at: datetime) -> bool:
    """Take what a recipient reported; False when it is none of the document's recipients.

    A repeat changes nothing. A refusal opens a task and rings; an answer to a recall concludes it once all have
    answered.
    """
    code = _canonical(report.sender.code)
    one = Transmission.objects.filter(recipient__document=document, recipient__code=code).order_by("-attempt").first()
    if one is None or report.code not in FIELDS:
        return False
    with transaction.atomic():
        field = FIELDS[report.code]
        fields: dict[str, object] = {field: report.at or at}
        if report.code is StatusCode.REFUSED:
            reason, text = read_refusal(report.description)
            fields |= {"refusal_reason": reason.value, "refusal_text": text}
        if report.code in (StatusCode.AGREED, StatusCode.DECLINED):
            fields["recall_answer"] = report.description
        changed = Transmission.objects.filter(pk=one.pk, **{f"{field}__isnull": True}).update(**fields)
        if changed:
            actor = service_of(document.organization)
            record(OfficeEvent.STATUS_RECEIVED, actor, document, at, code=report.code.value, recipient=code)
            if report.code is StatusCode.REFUSED:
                _open_task(one, document, at)
            _conclude_recall(document, at)
    return True


def _open_task(one: Transmission, document: OutgoingDocument, at: datetime) -> None:
    CorrectionTask.objects.get_or_create(
        transmission=one, defaults={"organization": document.organization, "opened_at": at}
    )
    words = Words(
        f"{one.recipient.name} trả lại {document.printed_number}",
        f"{one.recipient.name} refused {document.printed_number}",
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


def _canonical(code: str) -> str:
    """The agency's code of the directory for any spelling."""
    if DirectoryAgency.objects.filter(code=code).exists():
        return code
    found = DirectoryAgency.objects.filter(aliases__contains=[code]).first()
    return found.code if found else code
