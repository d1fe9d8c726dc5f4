"""Packets that speak of another one: statuses, take-backs, recalls, updates, replacements.

Who may say what: 01–06, 15 and 16 a recipient of the document; 13 and business types 1–3 its sender, or the agency
that follows it (Decision 28/2018, Articles 8–9).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from lienthong.hub import lifecycle
from lienthong.hub.agencies import Directory
from lienthong.hub.errors import IllegalMove
from lienthong.hub.models import Delivery, Packet, ReportedStatus
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Kind
from lienthong.protocol.problems import NotARecipient, NotTheSender, UnknownDocument
from lienthong.standards.edxml import Document, StatusReport
from lienthong.standards.statuses import BusinessType, StatusCode, TransportState, furthest, read_refusal


def document_of_amendment(message: Document, sender: str, directory: Directory) -> Packet:
    """The document that a recall, update or replacement acts on.

    Raises:
        UnknownDocument: the hub never took it.
        NotTheSender: another agency sent it.
    """
    identifier = message.business.identifier or message.identifier
    known = list(_documents().filter(identifier=identifier).order_by("submitted_at"))
    if not known:
        known = list(
            _documents()
            .filter(sender_id__in=directory.lineage(sender), number=message.printed_number, issued_on=message.issued_on)
            .order_by("submitted_at")
        )
    if not known:
        raise UnknownDocument(identifier=identifier)
    own = [packet for packet in known if directory.same_or_successor(sender, packet.sender_id)]
    if not own:
        raise NotTheSender(agency=sender)
    return own[-1]


def document_of_status(report: StatusReport, sender: str, directory: Directory) -> tuple[Packet, list[Delivery]]:
    """The document that a status is about, and the deliveries to the agency concerned, newest last.

    Raises:
        UnknownDocument, NotARecipient, NotTheSender.
    """
    other = directory.find(report.about.organ)
    other_code = other.code if other else report.about.organ
    issuer, recipient = (sender, other_code) if report.code is StatusCode.TAKE_BACK else (other_code, sender)
    packets = _find_document(report, issuer, directory)
    if not packets:
        if report.code is StatusCode.TAKE_BACK and _find_document(report, "", directory):
            raise NotTheSender(agency=sender)
        raise UnknownDocument(identifier=report.about.identifier or report.about.number)
    deliveries = [
        delivery
        for delivery in Delivery.objects.select_related("packet")
        .filter(packet__in=packets)
        .order_by("submitted_at", "id")
        if directory.same_or_successor(recipient, delivery.agency_id)
    ]
    if not deliveries:
        raise NotARecipient(agency=recipient)
    return deliveries[-1].packet, deliveries


def _find_document(report: StatusReport, issuer: str, directory: Directory) -> list[Packet]:
    """By identifier; where other software wrote none or another one, by agency, number and date."""
    about = report.about
    found = list(_documents().filter(identifier=about.identifier)) if about.identifier else []
    if not found and issuer and about.number and about.issued_on:
        found = list(
            _documents().filter(sender_id__in=directory.lineage(issuer), number=about.number, issued_on=about.issued_on)
        )
    if not issuer:
        return found
    return [packet for packet in found if directory.same_or_successor(issuer, packet.sender_id)]


def _documents() -> QuerySet[Packet]:
    return Packet.objects.filter(kind=Kind.DOCUMENT.value, business_type=BusinessType.NEW)


def note_status(
    report: StatusReport, packet: Packet, deliveries: Sequence[Delivery], *, actor: Actor, at: datetime
) -> None:
    """Keep what a recipient reported; a take-back withdraws what nobody has fetched yet."""
    newest = deliveries[-1]
    if report.code is StatusCode.TAKE_BACK:
        withdraw(deliveries, actor=actor, at=at)
        return
    reason = read_refusal(report.description)[0].value if report.code is StatusCode.REFUSED else ""
    ReportedStatus.objects.create(delivery=newest, code=report.code.value, at=at, packet=packet, reason=reason)
    record(
        HubEvent.STATUS_REPORTED,
        actor=actor, subject=Subject("delivery", str(newest.pk)), at=at, code=report.code.value, packet=str(packet.pk),
    )  # fmt: skip


def withdraw_recalled(
    document: Packet, recalls: Sequence[Delivery], directory: Directory, *, actor: Actor, at: datetime
) -> None:
    """Take back, for each recipient of a recall, what it has not fetched; who never got the document needs no recall.

    Who has one copy and waits for another has the content: it is to hear of the recall. Recall and document belong
    together by the agencies that were written, for a merger in between changes only who receives: the recall may name
    the old code, or the successor.
    """
    same = _documents().filter(sender_id=document.sender_id, identifier=document.identifier)
    sent = list(Delivery.objects.select_related("packet").filter(packet__in=same))
    for recall in recalls:
        concerned = [one for one in sent if _is_for(recall, one, directory)]
        withdraw(concerned, actor=actor, at=at)
        if concerned and all(one.state == TransportState.WITHDRAWN for one in concerned):
            Delivery.objects.filter(pk=recall.pk).update(state=TransportState.WITHDRAWN.value)


def _is_for(recall: Delivery, delivery: Delivery, directory: Directory) -> bool:
    named, reached = directory.find(recall.recipient), directory.find(delivery.recipient)
    return named is not None and reached is not None and directory.same_or_successor(named.code, reached.code)


def withdraw(deliveries: Sequence[Delivery], *, actor: Actor, at: datetime) -> None:
    """Take back what is still in the inbox."""
    for delivery in deliveries:
        if delivery.state != TransportState.INITIAL:
            continue
        try:
            lifecycle.advance(delivery, to=TransportState.WITHDRAWN, actor=actor, at=at)
        except IllegalMove:
            continue  # fetched this very moment: the recall goes to the recipient


def without_it(packets: Sequence[Packet]) -> set[str]:
    """The agencies that wait for the document anew: they returned it (02) and have not taken it since, or could not
    take it at all."""
    newest: dict[str, Delivery] = {}
    query = Delivery.objects.filter(packet__in=packets).prefetch_related("reported").order_by("submitted_at", "id")
    for delivery in query:
        newest[delivery.agency_id] = delivery
    return {agency for agency, delivery in newest.items() if _came_to_nothing(delivery)}


def _came_to_nothing(delivery: Delivery) -> bool:
    stands = furthest(StatusCode(row.code) for row in delivery.reported.all())
    return stands is StatusCode.REFUSED or (stands is None and delivery.state == TransportState.FAIL)


def holders(packets: Sequence[Packet]) -> set[str]:
    """The agencies that have, or will have, one of these packets: neither withdrawn nor come to nothing."""
    reached = set(
        Delivery.objects.filter(packet__in=packets)
        .exclude(state=TransportState.WITHDRAWN.value)
        .values_list("agency_id", flat=True)
    )
    return reached - without_it(packets)
