"""Packets that speak of another one: statuses, take-backs, recalls, updates, replacements.

Who may say what: 01–06, 15 and 16 a recipient of the document; 13 and business types 1–3 its sender, or the agency
that follows it (Decision 28/2018, Articles 8–9).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from lienthong.hub import lifecycle, relations
from lienthong.hub.agencies import Directory
from lienthong.hub.errors import IllegalMove
from lienthong.hub.models import Delivery, Packet, Relation, ReportedStatus, Request
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.problems import NotARecipient, NotTheSender, UnknownDocument
from lienthong.standards.edxml import Document, StatusReport
from lienthong.standards.statuses import (
    BusinessType,
    RelationKind,
    RequestKind,
    RequestState,
    StatusCode,
    TransportState,
    furthest,
)

ANSWERS = {StatusCode.AGREED: RequestState.AGREED, StatusCode.DECLINED: RequestState.DECLINED}
SPOKEN = (StatusCode.REFUSED, StatusCode.AGREED, StatusCode.DECLINED)
"""The statuses whose words say why: they are kept for the sender."""
KIND_OF_REQUEST = {
    RelationKind.RECALLS: RequestKind.RECALL,
    RelationKind.TAKES_BACK: RequestKind.TAKE_BACK,
    RelationKind.UPDATES: RequestKind.UPDATE,
    RelationKind.REPLACES: RequestKind.REPLACE,
}
_ASKING = [kind.value for kind in KIND_OF_REQUEST]


# -- who may ---------------------------------------------------------------------------------------------------------


def document_of_amendment(message: Document, sender: str, directory: Directory) -> Packet | None:
    """The document that a recall, update or replacement acts on; of several replaced ones the first that is known.

    None for a recall that overtakes its document, and for a replacement of what never passed the hub: both are kept
    (Article 9.2), and take effect when the document comes.

    Raises:
        UnknownDocument: an update of what the hub never took.
        NotTheSender: another agency sent it.
    """
    told = [one for one in relations.told_by(message, sender, directory) if one.kind.value in _ASKING]
    own = [found for one in told if (found := relations.find_document(one, directory))]
    for packet in own:
        if not directory.same_or_successor(sender, packet.sender_id):
            raise NotTheSender(agency=sender)
    if not own:
        identifiers = {one.identifier for one in told if one.identifier}
        if relations.documents().filter(identifier__in=identifiers).exists():
            raise NotTheSender(agency=sender)
        if message.business.type is BusinessType.UPDATE:
            raise UnknownDocument(identifier=message.business.identifier or message.identifier)
        return None
    return own[0]


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
        return _of_early_recall(report, issuer, recipient, directory)
    deliveries = _deliveries_to(recipient, packets, directory)
    if not deliveries:
        raise NotARecipient(agency=recipient)
    return deliveries[-1].packet, deliveries


def _of_early_recall(
    report: StatusReport, issuer: str, recipient: str, directory: Directory
) -> tuple[Packet, list[Delivery]]:
    """A recall whose document never came is answered all the same. Raises `UnknownDocument` where there is none."""
    identifier = report.about.identifier
    asked = Relation.objects.select_related("packet").filter(identifier=identifier, kind=RelationKind.RECALLS)
    recalls = [one.packet for one in asked if relations.issued_by(issuer, one.packet.sender_id, directory)]
    deliveries = _deliveries_to(recipient, recalls, directory) if identifier and report.code in ANSWERS else []
    if not deliveries:
        raise UnknownDocument(identifier=identifier or report.about.number)
    return deliveries[-1].packet, deliveries


def _deliveries_to(recipient: str, packets: Sequence[Packet], directory: Directory) -> list[Delivery]:
    return [
        delivery
        for delivery in Delivery.objects.select_related("packet")
        .filter(packet__in=packets)
        .order_by("submitted_at", "id")
        if directory.same_or_successor(recipient, delivery.agency_id)
    ]


def _find_document(report: StatusReport, issuer: str, directory: Directory) -> list[Packet]:
    """By identifier; where other software wrote none or another one, by agency, number and date."""
    about = report.about
    found = list(relations.documents().filter(identifier=about.identifier)) if about.identifier else []
    if not found and issuer and about.number and about.issued_on:
        lineage = directory.lineage(issuer)
        found = list(
            relations.documents().filter(sender_id__in=lineage, number=about.number, issued_on=about.issued_on)
        )
    if not issuer:
        return found
    return [packet for packet in found if directory.same_or_successor(issuer, packet.sender_id)]


# -- statuses --------------------------------------------------------------------------------------------------------


def note_status(
    report: StatusReport, packet: Packet, deliveries: Sequence[Delivery], directory: Directory, *, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Keep what a recipient reported; 15 and 16 answer the latest request that is open."""
    newest = deliveries[-1]
    reason = report.description[:500] if report.code in SPOKEN else ""
    ReportedStatus.objects.create(delivery=newest, code=report.code.value, at=at, packet=packet, reason=reason)
    record(
        HubEvent.STATUS_REPORTED,
        actor=actor, subject=Subject("delivery", str(newest.pk)), at=at, code=report.code.value, packet=str(packet.pk),
    )  # fmt: skip
    if report.code in ANSWERS:
        _answer(report, packet, deliveries, directory, actor=actor, at=at)


def _answer(
    report: StatusReport, packet: Packet, deliveries: Sequence[Delivery], directory: Directory, *, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    asked = _requests(report, packet, deliveries, directory)
    answered = next((one for one in asked if one.state == RequestState.OPEN), None)
    answered = answered or next((one for one in asked if one.state == RequestState.DECLINED), None)
    if answered is None:
        return  # nobody asked, or what was asked is settled: the report stands by itself
    try:
        lifecycle.settle(
            answered, to=ANSWERS[report.code], actor=actor, at=at, answer=packet, reason=report.description
        )
    except IllegalMove:
        return  # declined once more, or settled this very moment
    if report.code is StatusCode.AGREED and RequestKind(answered.kind).gives_back:
        for one in asked:
            if one.pk != answered.pk and one.state == RequestState.OPEN:
                _end(one, RequestState.SUPERSEDED, actor, at)  # what is given back needs no update


def _requests(
    report: StatusReport, packet: Packet, deliveries: Sequence[Delivery], directory: Directory
) -> list[Request]:
    """What was asked of the reporting agency about this document, the latest first; the answer may name the document
    that is acted on, or the one that acts (a replacement)."""
    spoken = {delivery.packet_id for delivery in deliveries}
    issuers = directory.lineage(deliveries[-1].packet.sender_id)
    asking = spoken | _asking_about(_same(spoken), [report.about.identifier], issuers)
    lineage = directory.lineage(packet.sender_id)
    found = Request.objects.filter(delivery__packet__in=asking, agency_id__in=lineage)
    return list(found.order_by("-asked_at", "-delivery_id"))


def _asking_about(targets: Iterable[UUID], identifiers: Iterable[str], issuers: Iterable[str]) -> set[UUID]:
    """The packets that ask something about these documents, or about one of this name that has not come."""
    known = Relation.objects.filter(target__in=list(targets), kind__in=_ASKING)
    awaiting = Relation.objects.filter(
        identifier__in=[one for one in identifiers if one], target__isnull=True, kind__in=_ASKING,
        packet__sender_id__in=list(issuers),
    )  # fmt: skip
    return {*known.values_list("packet_id", flat=True), *awaiting.values_list("packet_id", flat=True)}


def _same(packets: Iterable[UUID]) -> list[UUID]:
    """The packets that carry the same documents as these."""
    rows = relations.documents().filter(pk__in=list(packets)).values_list("sender_id", "identifier", "pk")
    same: set[UUID] = set()
    for sender, identifier, key in rows:
        same.add(key)
        if identifier:
            carriers = relations.documents().filter(sender_id=sender, identifier=identifier)
            same |= set(carriers.values_list("pk", flat=True))
    return list(same)


# -- recalls, take-backs, updates, replacements ------------------------------------------------------------------------


def ask(
    told: Sequence[Relation], deliveries: Sequence[Delivery], directory: Directory, *, actor: Actor, at: datetime
) -> None:
    """Ask each recipient of an amending packet for what it wants of it, and take back what nobody has fetched.

    Of whom the document never reached nothing is asked by an update or a replacement: to him it is a new document.
    """
    acting = [one for one in told if one.kind in _ASKING]
    if not acting:
        return
    kind = KIND_OF_REQUEST[RelationKind(acting[0].kind)]
    unknown = all(one.target_id is None for one in acting)
    copies = _Copies(acting, deliveries[0].packet, directory)
    asked = [
        one
        for one in deliveries
        if _concerns_any(acting, one, directory) and (kind.gives_back or unknown or copies.of(one))
    ]
    _supersede(asked, kind, acting, directory, actor, at)
    requests = lifecycle.ask(asked, kind, actor=actor, at=at)
    if kind.gives_back:
        for request, delivery in zip(requests, asked, strict=True):
            mine = copies.of(delivery)
            withdraw(mine, actor=actor, at=at)
            _end_where_nothing_is_there(request, delivery, mine, actor, at)


def _concerns_any(acting: Sequence[Relation], delivery: Delivery, directory: Directory) -> bool:
    """A replacement names whom it concerns; the others get it as a new document."""
    for one in acting:
        codes = [found.code for code in one.concerns if (found := directory.find(code))]
        if not one.concerns or any(relations.issued_by(code, delivery.agency_id, directory) for code in codes):
            return True
    return False


class _Copies:
    """All deliveries of the documents that are spoken of, by the agency that was written and by the one that receives.

    Recall and document belong together by the agencies that were written, for a merger in between changes only who
    receives: the recall may name the old code, or the successor, or whoever received.
    """

    def __init__(self, told: Iterable[Relation], but: Packet, directory: Directory) -> None:
        self._directory = directory
        self._by_agency: dict[str, list[Delivery]] = {}
        targets = _same(one.target_id for one in told if one.target_id)
        found = Delivery.objects.select_related("packet").filter(packet__in=targets).exclude(packet=but)
        for one in found.order_by("submitted_at", "id"):
            written = directory.find(one.recipient)
            for code in {written.code if written else one.recipient, one.agency_id}:
                self._by_agency.setdefault(code, []).append(one)

    def of(self, asking: Delivery) -> list[Delivery]:
        """Those that are for the same agency as a delivery that asks."""
        named = self._directory.find(asking.recipient)
        if named is None:
            return []
        return list(
            {one.pk: one for code in self._lineage(named.code) for one in self._by_agency.get(code, ())}.values()
        )

    def _lineage(self, code: str) -> frozenset[str]:
        return self._directory.lineage(code)


def _supersede(
    asked: Sequence[Delivery], kind: RequestKind, told: Sequence[Relation], directory: Directory, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """What was asked before in the same matter need not be answered any more: the newest question counts."""
    if not asked:
        return
    issuers = directory.lineage(asked[0].packet.sender_id)
    targets = _same(one.target_id for one in told if one.target_id)
    earlier = _asking_about(targets, [one.identifier for one in told], issuers) - {asked[0].packet_id}
    agencies = frozenset().union(*(directory.lineage(one.agency_id) for one in asked))
    open_ones = Request.objects.filter(
        delivery__packet__in=earlier, agency_id__in=agencies, state=RequestState.OPEN.value
    )
    for one in open_ones:
        if one.kind == kind or (kind.gives_back and RequestKind(one.kind).gives_back):
            _end(one, RequestState.SUPERSEDED, actor, at)


def _end_where_nothing_is_there(
    request: Request, delivery: Delivery, copies: Sequence[Delivery], actor: Actor, at: datetime
) -> None:
    """Who never fetched the document need not hear of its recall. Who has one copy and waits for another has the
    content; so may have who said that it could not take it."""
    if copies and all(one.state == TransportState.WITHDRAWN and one.fetched_at is None for one in copies):
        _end(request, RequestState.WITHDRAWN, actor, at)
        withdraw([delivery], actor=actor, at=at)


def _end(request: Request, to: RequestState, actor: Actor, at: datetime) -> None:
    try:
        lifecycle.settle(request, to=to, actor=actor, at=at)
    except IllegalMove:
        return  # answered this very moment


def withdraw(deliveries: Sequence[Delivery], *, actor: Actor, at: datetime) -> None:
    """Take back what is still in the inbox, and what its recipient could not take; with it what it asks."""
    gone = []
    for delivery in deliveries:
        if delivery.state not in (TransportState.INITIAL, TransportState.FAIL):
            continue
        try:
            lifecycle.advance(delivery, to=TransportState.WITHDRAWN, actor=actor, at=at)
        except IllegalMove:
            continue  # fetched this very moment: the recall goes to the recipient
        gone.append(delivery.pk)
    for request in Request.objects.filter(pk__in=gone, state=RequestState.OPEN.value):
        _end(request, RequestState.WITHDRAWN, actor, at)


def withdraw_from_removed(
    message: Document, document: Packet, directory: Directory, *, actor: Actor, at: datetime
) -> None:
    """An update lists a receiver to whom it does not go: he is removed, and what he has not fetched is withdrawn.

    What the two values of ReceiverType mean is not established (`wire.md` 1.2); who is among the recipients stays,
    whatever it says.
    """
    staying = {found.code for one in message.recipients if (found := directory.find(one.code))}
    listed = {found.code for code, _ in message.business.recipients if (found := directory.find(code))}
    removed = {code for code in listed if not any(directory.same_or_successor(code, each) for each in staying)}
    if not removed:
        return
    sent = Delivery.objects.select_related("packet").filter(packet__in=_same([document.pk]))
    withdraw(
        [one for one in sent if any(relations.issued_by(code, one.agency_id, directory) for code in removed)],
        actor=actor, at=at,
    )  # fmt: skip


def apply_early(met: Sequence[Relation], directory: Directory, *, actor: Actor, at: datetime) -> None:
    """A document comes after its recall: whom the recall names does not get it (Article 9.2)."""
    for relation in met:
        if relation.kind != RelationKind.RECALLS:
            continue
        copies = _Copies([relation], relation.packet, directory)
        for recall in relation.packet.deliveries.select_related("packet"):
            stopped = copies.of(recall)
            withdraw(stopped, actor=actor, at=at)
            request = Request.objects.filter(pk=recall.pk, state=RequestState.OPEN.value).first()
            if request is not None:
                _end_where_nothing_is_there(request, recall, stopped, actor, at)


# -- who has it ------------------------------------------------------------------------------------------------------


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
