"""Handing a packet in, and where each of its deliveries stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.hub import (
    answers,
    intake,
    lists,
    relations,
    uploads,
)
from lienthong.hub.agencies import Member, directory
from lienthong.hub.http import noted
from lienthong.hub.http.described import LIMIT, PACKET, described, header, query
from lienthong.hub.http.edge import (
    CHUNK,
    answer,
    authenticated,
    body_chunks,
    now,
    whole,
)
from lienthong.hub.models import Delivery, Packet
from lienthong.protocol import messages
from lienthong.protocol.messages import Header
from lienthong.protocol.problems import (
    BadRequest,
    BodyTruncated,
    ClockAhead,
    ClosedRecipient,
    ClosedSender,
    CodeForTests,
    DigestMismatch,
    FromMismatch,
    IdempotencyKeyReused,
    LengthRequired,
    NoStorage,
    NotARecipient,
    NotConnected,
    NotTheSender,
    NotYourAgency,
    PacketInvalid,
    RealCode,
    RecipientNotInPacket,
    StatementInvalid,
    StateSecret,
    TooLarge,
    TwinDocument,
    UnknownDocument,
    UnknownPacket,
    UnknownRecipient,
    UnknownUpload,
    UnsupportedVersion,
    UploadIncomplete,
)
from lienthong.standards.statuses import TransportState
from lienthong.standards.versions import Subject, readable


@described(
    header(Header.IDEMPOTENCY_KEY, "Yours, for this submission: a repeat with it gets the first answer.",
           required=True, minLength=8, maxLength=100),
    header(Header.FROM, "Code of the agency for which you send; the packet's From.", required=True, minLength=1),
    header(Header.TO, "Codes with commas: reach only these of the packet's recipients."),
    header(Header.PACKET_VERSION, "Version of the packet format; see `GET /standards`."),
    header(Header.UPLOAD, "Instead of a body: the id of a complete upload."),
    header(Header.STATEMENT, "Your signed `SubmissionRequest` over the packet's digest.", required=True),
    body=(PACKET, PACKET),
    answers={200: messages.Submission, 201: messages.Submission},
    problems=(
        CodeForTests, RealCode,
        BadRequest, LengthRequired, BodyTruncated, TooLarge, NotYourAgency, ClosedSender, FromMismatch, NotARecipient,
        NotTheSender,
        PacketInvalid, DigestMismatch, StatementInvalid, ClockAhead, UnknownRecipient, ClosedRecipient, NotConnected,
        RecipientNotInPacket, UnknownDocument, StateSecret, TwinDocument, IdempotencyKeyReused, NoStorage,
        UnknownUpload, UploadIncomplete, UnsupportedVersion,
    ),
)  # fmt: skip
@authenticated
def submit(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Take a packet: 201, or 200 for a repeat. Nothing is answered before it is durable.

    The body is the edXML packet itself. After 5xx, or no answer, send it again with the same key; after 4xx mend it
    first, and take a new key.
    """
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or "chunked" in request.headers.get("Transfer-Encoding", ""):
        raise LengthRequired()
    key = request.headers.get(Header.IDEMPOTENCY_KEY, "")
    sender = request.headers.get(Header.FROM, "")
    if not 8 <= len(key) <= 100 or not sender:
        raise BadRequest(reason=f"cần {Header.FROM} và {Header.IDEMPOTENCY_KEY} (8 đến 100 ký tự)")
    _require_known_version(request.headers.get(Header.PACKET_VERSION, ""))
    to = request.headers.get(Header.TO, "")
    upload_id = request.headers.get(Header.UPLOAD, "")
    upload = uploads.find(member, upload_id, at=now()) if upload_id else None
    if upload is None:  # a statement for an upload was signed before its pieces went out
        noted.stated(request, request.headers.get(Header.STATEMENT, ""), now())
    try:
        submission = intake.accept(
            intake.Request(
                member=member,
                door="native",
                sender=sender,
                recipients=tuple(code.strip() for code in to.split(",") if code.strip()),
                length=upload.length if upload else int(length),
                statement=request.headers.get(Header.STATEMENT, ""),
                idempotency_key=key,
            ),
            _chunks_of(uploads.whole(upload)) if upload else body_chunks(request),
            at=now(),
        )
    except StateSecret:
        if upload:
            uploads.end(upload)  # it is destroyed wherever it lies
        raise
    noted.tell(request, digest=submission.digest, packet=submission.packet_id)
    return answer(submission, status=200 if submission.repeated else 201)


def _chunks_of(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _require_known_version(announced: str) -> None:
    known = readable(Subject.PACKET)
    if announced and announced not in known:
        raise UnsupportedVersion(version=announced[:60], supported=", ".join(known))


@described(
    query("after", "`delivery_id` of the last delivery that you have; nothing for the first.", type="string"),
    LIMIT,
    answers={200: messages.PacketView},
    problems=(BadRequest, UnknownPacket),
)
@authenticated
def show_packet(request: HttpRequest, member: Member, packet_id: str) -> HttpResponseBase:
    """A packet that this system sent, or an agency that it acts for by now: where each of its deliveries stands, what
    was asked and answered, and what it has to do with other documents.

    A recipient sees its own deliveries. What relates the packet to documents that the system neither sent nor received
    is not told.
    """
    try:
        key = UUID(packet_id)
    except ValueError:
        raise UnknownPacket() from None
    packet = Packet.objects.filter(pk=key).first()
    if packet is None:
        raise UnknownPacket()
    deliveries = packet.deliveries.select_related("packet").order_by("submitted_at", "id")
    sent = packet.system_id == member.code or packet.sender_id in member.agencies
    if not sent:
        deliveries = deliveries.filter(agency_id__in=member.agencies).exclude(state=TransportState.WITHDRAWN.value)
    limit = whole(request, "limit", default=lists.LONGEST_LIST, least=1, most=lists.LONGEST_LIST)
    after = request.GET.get("after", "")
    read = list((_after(deliveries, after) if after else deliveries)[: limit + 1])
    if not read and not after:
        raise UnknownPacket()
    found, copy = read[:limit], directory()
    stand = answers.of_deliveries(found, copy)
    document = packet.kind == messages.Kind.DOCUMENT
    at = None if sent else [one.agency_id for one in found]
    standing = relations.standing(packet, copy, at=at) if document else None
    return answer(
        messages.PacketView(
            packet_id=str(packet.pk),
            digest=packet.digest,
            kind=messages.Kind(packet.kind),
            document_id=packet.identifier,
            deliveries=tuple(_delivery_view(one, stand[one.pk]) for one in found),
            more=len(read) > limit,
            relations=relations.seen_by(packet, member.agencies, member.code),
            force=standing.force.value if standing else "",
            force_since=standing.since if standing else None,
            content_removed_at=packet.content_removed_at,
            content_removed_for=packet.content_removed_for,
        )
    )


def _after(deliveries: QuerySet[Delivery], delivery_id: str) -> QuerySet[Delivery]:
    """The deliveries, in their order, after one of them. Raises `BadRequest`."""
    try:
        last = deliveries.filter(pk=UUID(delivery_id)).first()
    except ValueError:
        last = None
    if last is None:
        raise BadRequest(reason="after phải là delivery_id của gói tin này")
    return deliveries.filter(Q(submitted_at__gt=last.submitted_at) | Q(submitted_at=last.submitted_at, pk__gt=last.pk))


def _delivery_view(one: Delivery, stands: answers.Answer) -> messages.DeliveryView:
    return messages.DeliveryView(
        delivery_id=str(one.pk),
        recipient=one.recipient,
        routed_to=one.agency_id,
        state=one.state,
        submitted_at=one.submitted_at,
        fetched_at=one.fetched_at,
        acknowledged_at=one.done_at,
        statement=one.statement,
        statuses=tuple((row.code, row.at) for row in stands.reported),
        waits_for=stands.awaited.value,
        turn=stands.turn.value,
        since=stands.since,
        reason=stands.reason,
        requests=tuple(request.view for request in stands.requests),
    )
