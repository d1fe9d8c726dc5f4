"""Recalls and take-backs that come in (Decision 28, 9.2; Decree 30, Annex VI, III.8): access stops at once, the clerk
confirms, the content goes, a tombstone stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.config import blobs
from lienthong.office.errors import DeclineNeedsReason, IllegalMove
from lienthong.office.models import (
    Enclosure,
    IncomingDocument,
    IncomingFile,
    IncomingState,
    OutboxPacket,
    Person,
    RecallOrder,
    ReceivedPacket,
    Role,
    Version,
)
from lienthong.office.packets import queue_status
from lienthong.office.people.access import require
from lienthong.office.people.actors import record, service_of
from lienthong.office.people.notices import notify, notify_role
from lienthong.office.workflow import incoming as workflow
from lienthong.standards.edxml import Document, StatusReport
from lienthong.standards.statuses import StatusCode, Words

PENDING = RecallOrder.State.PENDING


def arrive(message: Document, received: ReceivedPacket, *, at: datetime) -> RecallOrder:
    """Take a recall (business type 1); one whose document is not here yet waits for it."""
    staff = message.business.staff
    order = RecallOrder.objects.create(
        organization=received.organization,
        packet=received,
        sender_code=message.sender.code,
        identifier=message.business.identifier or message.identifier,
        code=message.printed_number,
        reason=message.business.reason,
        ordered_by=staff.name if staff else "",
        received_at=at,
    )
    _attach(order, at)
    return order


def arrive_take_back(report: StatusReport, received: ReceivedPacket, *, at: datetime) -> RecallOrder:
    """Take a take-back (status 13) of one misdirected copy."""
    order = RecallOrder.objects.create(
        organization=received.organization,
        packet=received,
        sender_code=report.sender.code,
        identifier=report.about.identifier,
        code=report.about.number,
        reason=report.description,
        ordered_by=report.staff.name if report.staff else "",
        received_at=at,
    )
    _attach(order, at)
    return order


def apply_waiting(document: IncomingDocument, *, at: datetime) -> None:
    """A recall that overtook its document stops it on arrival."""
    waiting = RecallOrder.objects.filter(organization=document.organization, document__isnull=True, state=PENDING)
    for order in waiting.filter(identifier=document.identifier, sender_code=document.sender_code):
        _attach(order, at)


def pending(document: IncomingDocument) -> RecallOrder | None:
    """The open recall of a document: while there is one, its content is closed."""
    return document.recalls.filter(state=PENDING).order_by("-received_at").first()


def obey(order: RecallOrder, *, actor: Person, at: datetime) -> None:
    """Destroy what was received and say so (15): content, subject and names go; ids, digests, order, actors and times
    stay. Blobs go with their last reference.

    Raises:
        Forbidden, IllegalMove.
    """
    require(actor, Role.CLERK)
    document = _document_of(order)
    digests = [document.packet.digest, *document.files.exclude(digest="").values_list("digest", flat=True)]
    with transaction.atomic():
        workflow.advance(document, to=IncomingState.CANCELLED, cancelled_at=at)
        _answer(order, RecallOrder.State.AGREED, "Đã hủy văn bản điện tử", actor, at)
        # Before the tombstone: the status says of which document it speaks.
        queue_status(document, StatusCode.AGREED, description="Đã hủy văn bản theo thu hồi", staff=actor, at=at)
        _entomb(document, at)
        record(OfficeEvent.RECALL_OBEYED, actor, document, at, order=order.pk, digests=len(digests))
        transaction.on_commit(lambda: _release(digests))


def decline(order: RecallOrder, *, reason: str, actor: Person, at: datetime) -> None:
    """Keep the document and say why (16): an exception, shown as one.

    Raises:
        Forbidden, DeclineNeedsReason, IllegalMove.
    """
    require(actor, Role.CLERK, Role.LEADER)
    if len(reason.strip()) < 10:
        raise DeclineNeedsReason()
    document = _document_of(order)
    with transaction.atomic():
        _answer(order, RecallOrder.State.DECLINED, reason.strip(), actor, at)
        queue_status(document, StatusCode.DECLINED, description=reason.strip()[:500], staff=actor, at=at)
        record(OfficeEvent.RECALL_DECLINED, actor, document, at, order=order.pk)


def _attach(order: RecallOrder, at: datetime) -> None:
    """Find the document, freeze it and ring for who must act."""
    document = (
        IncomingDocument.objects.filter(
            organization=order.organization, identifier=order.identifier, sender_code=order.sender_code
        )
        .exclude(state__in=[IncomingState.REFUSED, IncomingState.CANCELLED])
        .order_by("-arrived_at")
        .first()
    )
    if document is None:
        return
    order.document = document
    order.save(update_fields=["document"])
    record(OfficeEvent.RECALL_RECEIVED, service_of(order.organization), document, at, order=order.pk)
    words = Words(f"Bên gửi thu hồi {document.printed_number}", f"The sender asks to recall {document.printed_number}")
    notify_role(document, Role.CLERK, words, at=at)
    workers = document.assignments.filter(ended_at__isnull=True, person__isnull=False).select_related("person")
    notify(
        [one.person for one in workers if one.person],
        document,
        Words(f"{words.vi}: dừng xử lý", f"{words.en}: stop processing"),
        at=at,
    )


def _document_of(order: RecallOrder) -> IncomingDocument:
    if order.state != PENDING or order.document is None:
        raise IllegalMove(state=order.get_state_display())
    return order.document


def _answer(order: RecallOrder, state: RecallOrder.State, answer: str, actor: Person, at: datetime) -> None:
    moved = RecallOrder.objects.filter(pk=order.pk, state=PENDING).update(
        state=state, answered_at=at, answered_by=actor, answer=answer
    )
    if not moved:
        order.refresh_from_db()
        raise IllegalMove(state=order.get_state_display())


def _entomb(document: IncomingDocument, at: datetime) -> None:
    """Take away everything that was said, and leave what proves that it was here and is gone."""
    IncomingDocument.objects.filter(pk=document.pk).update(
        subject="", place="", type_name="", signer_name="", signer_position="", signer_competence="",
        recipients=[], appendixes=[], other={}, checks=[], signatures=[], outcome="",
    )  # fmt: skip
    document.instructions.update(text="")
    document.assignments.filter(ended_at__isnull=True).update(ended_at=at)
    document.assignments.update(result="")
    document.files.update(name="(đã hủy)", media_type="")
    ReceivedPacket.objects.filter(pk=document.packet_id).update(content_removed_at=at)


def _release(digests: list[str]) -> None:
    """Remove blobs that nothing names any more: another document may hold the same bytes."""
    for digest in set(digests):
        named = (
            ReceivedPacket.objects.filter(digest=digest, content_removed_at__isnull=True).exists()
            or IncomingFile.objects.filter(digest=digest).exclude(document__state=IncomingState.CANCELLED).exists()
            or OutboxPacket.objects.filter(digest=digest).exists()
            or Version.objects.filter(digest=digest).exists()
            or Enclosure.objects.filter(digest=digest).exists()
            or Enclosure.objects.filter(sealed_digest=digest).exists()
        )
        if not named:
            blobs().delete(digest)
