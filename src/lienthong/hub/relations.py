"""The relation of documents: what each packet says of others, kept at intake, also when the other one comes later or
never, and shown only to whom both are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from lienthong.hub.agencies import Directory
from lienthong.hub.models import Delivery, Packet, Relation
from lienthong.protocol import messages
from lienthong.protocol.messages import Kind
from lienthong.standards.edxml import Document, Related, StatusReport
from lienthong.standards.plaintext import says_correction
from lienthong.standards.statuses import BusinessType, RelationKind, StatusCode

MOST_RELATIONS = 100
"""Other documents of which a packet may speak: what it names beyond them is not kept as a relation."""
MOST_SHOWN = 200
_CARRYING = (int(BusinessType.NEW), int(BusinessType.UPDATE), int(BusinessType.REPLACE))
"""The business types of packets that carry a document: a recall carries none."""
_OF_BUSINESS = {
    BusinessType.RECALL: RelationKind.RECALLS,
    BusinessType.UPDATE: RelationKind.UPDATES,
    BusinessType.REPLACE: RelationKind.REPLACES,
}


@dataclass(frozen=True)
class Told:
    """What a packet says of one other document, in its own words but for `organ`, the agency's code."""

    kind: RelationKind
    organ: str
    identifier: str = ""
    number: str = ""
    issued_on: date | None = None
    concerns: tuple[str, ...] = ()


def told_by(message: Document | StatusReport, sender: str, directory: Directory) -> list[Told]:
    """What a packet says of other documents: its business first, then what it answers; each document once.

    A status but for 13 says what became of a document: that is kept with the document's delivery, as no relation.
    """
    if isinstance(message, StatusReport):
        about = message.about
        if message.code is not StatusCode.TAKE_BACK:
            return []
        return [Told(RelationKind.TAKES_BACK, sender, about.identifier[:200], about.number[:60], about.issued_on)]
    told: dict[tuple[str, str, str], Told] = {}
    for one in (*_by_business(message, sender), *_by_answers(message, sender, directory)):
        told.setdefault((one.organ, one.identifier, "" if one.identifier else one.number), one)
    return list(told.values())[:MOST_RELATIONS]


def _by_business(message: Document, sender: str) -> Iterator[Told]:
    business = message.business
    if business.type is BusinessType.NEW:
        return
    kind = _OF_BUSINESS[business.type]
    if business.type is BusinessType.REPLACE and any(one.identifier for one in business.replacements):
        for one in business.replacements:
            if one.identifier:
                yield Told(kind, sender, one.identifier[:200], concerns=tuple(filter(None, one.organs)))
        return
    named = business.identifier or message.identifier
    own_number = named == message.identifier  # else the number is the packet's own, not that of the other document
    yield Told(
        kind, sender, named[:200], message.printed_number[:60] if own_number else "",
        message.issued_on if own_number else None,
    )  # fmt: skip


def _by_answers(message: Document, sender: str, directory: Directory) -> Iterator[Told]:
    corrects = says_correction(f"{message.kind_name} {message.subject}")
    for one in message.answers:
        organ = directory.find(one.organ)
        code = organ.code if organ else one.organ[:35]
        own = directory.same_or_successor(sender, code)
        kind = RelationKind.CORRECTS if own and corrects else RelationKind.ANSWERS
        if one.identifier or one.number:
            yield _told(kind, code, one)


def _told(kind: RelationKind, organ: str, one: Related) -> Told:
    return Told(kind, organ, one.identifier[:200], one.number[:60], one.issued_on)


# -- keeping ---------------------------------------------------------------------------------------------------------


def keep(packet: Packet, told: Sequence[Told], directory: Directory) -> list[Relation]:
    """Keep what a packet says, each with the packet of the other document where the hub has it."""
    return Relation.objects.bulk_create(
        Relation(
            packet=packet, kind=one.kind.value, organ=one.organ, identifier=one.identifier, number=one.number,
            issued_on=one.issued_on, concerns=list(one.concerns), target=find_document(one, directory, but=packet),
        )
        for one in told
    )  # fmt: skip


def find_document(told: Told, directory: Directory, *, but: Packet | None = None) -> Packet | None:
    """The newest packet of the document that is meant: by identifier, else by number and date; of its issuer."""
    found = list(documents().filter(identifier=told.identifier)) if told.identifier else []
    if not found and told.number and told.issued_on:
        lineage = directory.lineage(told.organ)
        found = list(documents().filter(sender_id__in=lineage, number=told.number, issued_on=told.issued_on))
    fitting = [
        one for one in found if (but is None or one.pk != but.pk) and issued_by(told.organ, one.sender_id, directory)
    ]
    return max(fitting, key=lambda one: one.submitted_at, default=None)


def documents() -> QuerySet[Packet]:
    """The packets that carry a document: new ones, updates and replacements."""
    return Packet.objects.filter(kind=Kind.DOCUMENT.value, business_type__in=_CARRYING)


def issued_by(organ: str, sender: str, directory: Directory) -> bool:
    """Whether the agency that is named is the sender, or one follows the other: names change, documents stay."""
    return directory.same_or_successor(organ, sender) or directory.same_or_successor(sender, organ)


def meet(packet: Packet, directory: Directory) -> list[Relation]:
    """A document has come: those that spoke of it before are told which it is. Gives them."""
    named = Q(identifier=packet.identifier) & ~Q(identifier="")
    numbered = Q(identifier="", number=packet.number, issued_on=packet.issued_on)
    waiting = Relation.objects.select_related("packet").filter(named | numbered, target__isnull=True)
    met = [
        one
        for one in waiting.exclude(packet=packet)
        if issued_by(one.organ, packet.sender_id, directory) and _may_amend(one, packet, directory)
    ]
    for one in met:
        one.target = packet
    Relation.objects.bulk_update(met, ["target"])
    return met


def _may_amend(one: Relation, document: Packet, directory: Directory) -> bool:
    """Whoever speaks of a document may be anybody; it is recalled, updated and replaced by its sender or successor."""
    if one.kind in (RelationKind.ANSWERS, RelationKind.CORRECTS):
        return True
    return directory.same_or_successor(one.packet.sender_id, document.sender_id)


# -- showing ---------------------------------------------------------------------------------------------------------


def seen_by(packet: Packet, agencies: Iterable[str], system: str) -> tuple[messages.DocumentRelation, ...]:
    """The relations of a packet as one system may see them: what the packet itself says, with the other document only
    where the system sent or received it, and what was said of it in packets that the system sent or received."""
    ours = _visible(Packet.objects.all(), agencies, system)
    told = list(packet.relations.select_related("target").order_by("id")[:MOST_SHOWN])
    known = set(ours.filter(pk__in=[one.target_id for one in told if one.target_id]).values_list("pk", flat=True))
    back = _same_document(packet)
    back = back.filter(packet__in=ours).exclude(packet=packet).select_related("packet").order_by("-id")[:MOST_SHOWN]
    return (
        *(_as_told(one, one.target if one.target_id in known else None) for one in told),
        *(_as_heard(one) for one in back),
    )


def _visible(packets: QuerySet[Packet], agencies: Iterable[str], system: str) -> QuerySet[Packet]:
    mine = list(agencies)
    received = Delivery.objects.filter(packet=OuterRef("pk"), agency_id__in=mine).exclude(state="withdrawn")
    return packets.filter(Q(system_id=system) | Q(sender_id__in=mine) | Exists(received))


def _same_document(packet: Packet) -> QuerySet[Relation]:
    """What was said of this packet, or of another one that carries the same document."""
    same = Packet.objects.filter(sender_id=packet.sender_id, identifier=packet.identifier)
    return Relation.objects.filter(target__in=same) if packet.identifier else packet.related_by.all()


def _as_told(one: Relation, target: Packet | None) -> messages.DocumentRelation:
    return messages.DocumentRelation(
        kind=one.kind,
        agency=one.organ,
        identifier=one.identifier or (target.identifier if target else ""),
        number=one.number or (target.number if target else ""),
        issued_on=one.issued_on or (target.issued_on if target else None),
        packet_id=str(target.pk) if target else None,
    )


def _as_heard(one: Relation) -> messages.DocumentRelation:
    other = one.packet
    return messages.DocumentRelation(
        kind=RelationKind(one.kind).back,
        agency=other.sender_id,
        identifier=other.identifier,
        number=other.number,
        issued_on=other.issued_on,
        packet_id=str(other.pk),
    )


# -- in force or not -------------------------------------------------------------------------------------------------


class Force(StrEnum):
    """Whether a document is in force, as far as the packets tell: never stored, always computed from its relations."""

    IN_FORCE = "in_force"
    RECALLED = "recalled"
    PARTLY_RECALLED = "partly_recalled"
    REPLACED = "replaced"
    PARTLY_REPLACED = "partly_replaced"


@dataclass(frozen=True)
class Standing:
    """In force or not, since when, and by which packet; nothing of both while it is in force."""

    force: Force
    since: datetime | None = None
    by: Packet | None = None


def standing(packet: Packet, directory: Directory, *, at: Iterable[str] | None = None) -> Standing:
    """Whether the document of a packet is in force for these of its recipients; for all of them without `at`.

        recalled    replaced     it is
        for all     –            recalled
        for some    –            partly recalled
        for none    for all      replaced
        for none    for some     partly replaced
        for none    for none     in force

    A recall that was declined (16) is a recall all the same: the sender's will counts, not the recipient's.
    """
    reached = _holders(packet) if at is None else _holders(packet) & set(at)
    acts = _same_document(packet).filter(kind__in=[RelationKind.RECALLS, RelationKind.REPLACES]).exclude(packet=packet)
    newest = list(acts.select_related("packet").order_by("-packet__submitted_at"))
    for kind, wholly, partly in (
        (RelationKind.RECALLS, Force.RECALLED, Force.PARTLY_RECALLED),
        (RelationKind.REPLACES, Force.REPLACED, Force.PARTLY_REPLACED),
    ):
        those = [one for one in newest if one.kind == kind]
        met = {code for one in those for code in reached if _concerns(one, code, directory)}
        if those and met:
            by = those[0].packet
            return Standing(wholly if met == reached else partly, by.submitted_at, by)
    return Standing(Force.IN_FORCE)


def _holders(packet: Packet) -> set[str]:
    same = Q(packet=packet)
    if packet.identifier:
        same |= Q(packet__in=documents().filter(sender_id=packet.sender_id, identifier=packet.identifier))
    return set(Delivery.objects.filter(same).values_list("agency_id", flat=True))


def _concerns(one: Relation, agency: str, directory: Directory) -> bool:
    """Whether a recall reaches an agency, or a replacement is for it."""
    if one.kind == RelationKind.REPLACES:
        listed = [found.code for code in one.concerns if (found := directory.find(code))]
        return not one.concerns or any(issued_by(code, agency, directory) for code in listed)
    asked = one.packet.deliveries.values_list("agency_id", flat=True)
    return any(issued_by(code, agency, directory) for code in asked)
