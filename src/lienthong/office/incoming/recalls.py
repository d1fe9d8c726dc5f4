"""Recalls and take-backs that come in (Decision 28, 9.2; Decree 30, Annex VI, III.8): access stops at once, the clerk
confirms, the content goes, a tombstone stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.contents import of_incoming, release
from lienthong.office.errors import DeclineNeedsReason, IllegalMove
from lienthong.office.models import (
    Carrier,
    Extension,
    IncomingDocument,
    IncomingState,
    IncomingWay,
    Person,
    RecallOrder,
    ReceivedPacket,
    Role,
)
from lienthong.office.packets import queue_answer, queue_status
from lienthong.office.people.access import require
from lienthong.office.people.actors import record, service_of
from lienthong.office.people.lineage import spellings_of_line
from lienthong.office.people.notices import notify, notify_role
from lienthong.office.people.overrides import record_override
from lienthong.office.workflow import holds
from lienthong.office.workflow import incoming as workflow
from lienthong.standards import edxml
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
        issuers=sorted(spellings_of_line(message.sender.code)),
        identifier=message.business.identifier or message.identifier,
        code=message.printed_number,
        issued_on=message.issued_on,
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
        issuers=sorted(spellings_of_line(report.sender.code)),
        identifier=report.about.identifier,
        code=report.about.number,
        issued_on=report.about.issued_on,
        reason=report.description,
        ordered_by=report.staff.name if report.staff else "",
        received_at=at,
    )
    _attach(order, at)
    return order


def apply_waiting(document: IncomingDocument, *, at: datetime) -> None:
    """A recall that overtook its document stops it on arrival; one that is open holds every further copy."""
    lapsed = _orders_for(document, RecallOrder.State.LAPSED)
    lapsed.update(state=PENDING, answered_at=None, answer="")  # it has come after all: the recall stands
    for order in _orders_for(document).filter(document__isnull=True):
        _attach(order, at)


def lapse(before: datetime, *, at: datetime) -> int:
    """Tell the senders of recalls whose document has not come since (15): nothing is here that could be destroyed.

    The recall stays in force: should the document come later, it is stopped.

    Returns:
        How many.
    """
    waiting = RecallOrder.objects.filter(state=PENDING, document__isnull=True, received_at__lt=before)
    lapsed = 0
    for order in waiting.select_related("organization", "packet")[:100]:
        if _is_found_now(order, at):
            continue
        said = "Văn bản không đến hệ thống của nơi nhận; nếu đến sẽ bị giữ lại theo thu hồi"
        with transaction.atomic():
            changed = RecallOrder.objects.filter(pk=order.pk, state=PENDING, document__isnull=True).update(
                state=RecallOrder.State.LAPSED, answered_at=at, answer=said
            )
            if changed:
                about = edxml.Related(order.sender_code, order.code, order.identifier, order.issued_on)
                carrier = Carrier(order.packet.carrier)
                queue_answer(order.organization, about, StatusCode.AGREED, carrier=carrier, description=said, at=at)
                lapsed += 1
    return lapsed


def _is_found_now(order: RecallOrder, at: datetime) -> bool:
    """Whether what it recalls is here after all: that its sender follows the one that issued it may have become known
    later."""
    order.issuers = sorted(spellings_of_line(order.sender_code))
    with transaction.atomic():
        _attach(order, at)
        order.save(update_fields=["issuers"])
    return order.document is not None


def pending(document: IncomingDocument) -> RecallOrder | None:
    """The open recall of a document, by whichever copy it was found: while there is one, its content is closed."""
    if document.state == IncomingState.CANCELLED:
        return None
    return _orders_for(document).order_by("-received_at").first()


def obey(order: RecallOrder, *, actor: Person, at: datetime) -> None:
    """Destroy every copy that was received and say so (15): content, subject and names go; ids, digests, order, actors
    and times stay. Blobs go with their last reference. All open orders for the document are answered by it.

    Raises:
        Forbidden, IllegalMove.
        Held: an order keeps it from being destroyed; its content stays closed meanwhile.
    """
    require(actor, Role.CLERK)
    copies = list(_copies_of(order))
    digests = [digest for document in copies for digest in of_incoming(document)]
    with transaction.atomic():
        for document in copies:
            holds.require_document_free(document)
        workflow.hold(*copies)
        _answer(order, RecallOrder.State.AGREED, "Đã hủy văn bản điện tử", actor, at)
        for number, document in enumerate(copies):
            workflow.advance(document, to=IncomingState.CANCELLED, cancelled_at=at)
            if number == 0:
                # Before the tombstone: the status says of which document it speaks.
                said = "Đã hủy văn bản theo thu hồi"
                queue_status(document, StatusCode.AGREED, description=said, staff=actor, at=at)
            _entomb(document, at)
            record(OfficeEvent.RECALL_OBEYED, actor, document, at, order=order.pk, digests=len(digests))
        transaction.on_commit(lambda: release(digests))


def decline(order: RecallOrder, *, reason: str, actor: Person, at: datetime) -> None:
    """Keep the document and say why (16): an exception, shown as one.

    Raises:
        Forbidden, DeclineNeedsReason, IllegalMove.
    """
    require(actor, Role.CLERK, Role.LEADER)
    if len(reason.strip()) < 10:
        raise DeclineNeedsReason()
    document = _copies_of(order)[0]
    with transaction.atomic():
        _answer(order, RecallOrder.State.DECLINED, reason.strip(), actor, at)
        queue_status(document, StatusCode.DECLINED, description=reason.strip()[:500], staff=actor, at=at)
        record_override(OfficeEvent.RECALL_DECLINED, actor, document, at, reason=reason, order=order.pk)


def _orders_for(document: IncomingDocument, state: RecallOrder.State = PENDING) -> QuerySet[RecallOrder]:
    """Open orders of the document's sender, or of who follows it, for this identifier; where it has none, for its
    number."""
    orders = RecallOrder.objects.filter(
        organization=document.organization, issuers__contains=[document.sender_code], state=state
    )
    if document.identifier:
        return orders.filter(identifier=document.identifier)
    return orders.filter(identifier="", code=document.printed_number)


def _documents_of(order: RecallOrder) -> list[IncomingDocument]:
    """Every copy of what an order speaks of, the newest first, returned ones too; not what was destroyed."""
    found = IncomingDocument.objects.filter(organization=order.organization, sender_code__in=order.issuers)
    found = found.filter(way=IncomingWay.HUB)  # paper is not destroyed by an order of the hub
    found = found.filter(identifier=order.identifier).exclude(state=IncomingState.CANCELLED).order_by("-arrived_at")
    return [one for one in found if order.identifier or one.printed_number == order.code]


def _attach(order: RecallOrder, at: datetime) -> None:
    """Find the document, freeze it and ring for who must act."""
    document = next(iter(_documents_of(order)), None)
    if document is None:
        return
    workflow.hold(document)  # who acts on it goes first, or finds it closed
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


def _copies_of(order: RecallOrder) -> list[IncomingDocument]:
    """What an open order is about. Raises `IllegalMove` when it is answered, or nothing of it is here."""
    copies = _documents_of(order) if order.state == PENDING else []
    if not copies:
        raise IllegalMove(state=order.get_state_display())
    return copies


def _answer(order: RecallOrder, state: RecallOrder.State, answer: str, actor: Person, at: datetime) -> None:
    """Answer the order, and with it every other one that asks for the same: the button may have been pressed twice."""
    answered = {"state": state, "answered_at": at, "answered_by": actor, "answer": answer}
    if not RecallOrder.objects.filter(pk=order.pk, state=PENDING).update(**answered):
        order.refresh_from_db()
        raise IllegalMove(state=order.get_state_display())
    same = RecallOrder.objects.filter(organization=order.organization, state=PENDING)
    same = same.filter(Q(sender_code__in=order.issuers) | Q(issuers__contains=[order.sender_code]))
    same = same.filter(identifier=order.identifier) if order.identifier else same.filter(identifier="", code=order.code)
    same.update(**answered)


def _entomb(document: IncomingDocument, at: datetime) -> None:
    """Take away everything that was said, and leave what proves that it was here and is gone."""
    IncomingDocument.objects.filter(pk=document.pk).update(
        subject="", place="", type_name="", signer_name="", signer_position="", signer_competence="",
        recipients=[], appendixes=[], other={}, checks=[], signatures=[], outcome="",
    )  # fmt: skip
    document.instructions.update(text="")
    document.assignments.filter(ended_at__isnull=True).update(ended_at=at)
    document.assignments.update(result="")
    Extension.objects.filter(assignment__document=document).update(reason="")
    document.files.update(name="(đã hủy)", media_type="")
    ReceivedPacket.objects.filter(incoming=document).update(content_removed_at=at)
