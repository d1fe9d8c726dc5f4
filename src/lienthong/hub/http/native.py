"""The native API, `/api/v1` (docs/reference/native-api.md). Views parse, call and answer; the rules are inside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.evidence.proving import PublishedKey
from lienthong.hub import (
    agencies,
    answers,
    delivery,
    hubkeys,
    intake,
    lists,
    lookup,
    maintenance,
    memberkeys,
    relations,
    retention,
    security,
    uploads,
)
from lienthong.hub.agencies import Member, directory
from lienthong.hub.blobs import blobs
from lienthong.hub.delivery import Handover
from lienthong.hub.http import catalogue, desk, journal, noted, openapi, quarantine, sandbox, tokens, webhooks
from lienthong.hub.http import uploads as uploading
from lienthong.hub.http.described import LIMIT, PACKET, WAIT, described, header, query
from lienthong.hub.http.edge import (
    CHUNK,
    answer,
    authenticated,
    body_chunks,
    body_json,
    body_of,
    flag,
    kept,
    monitored,
    now,
    nowhere,
    piece,
    route,
    seconds,
    text_of,
    texts_of,
    whole,
)
from lienthong.hub.models import Delivery, Packet
from lienthong.hub.wakeup import Watch
from lienthong.protocol import messages, support
from lienthong.protocol.messages import Header
from lienthong.protocol.problems import (
    BadRange,
    BadRequest,
    BodyTruncated,
    ClockAhead,
    ClosedRecipient,
    ClosedSender,
    CodeForTests,
    ContentGone,
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
    Problem,
    RealCode,
    RecipientNotInPacket,
    StatementInvalid,
    StateSecret,
    TooLarge,
    TwinDocument,
    Unauthenticated,
    UnknownDelivery,
    UnknownDocument,
    UnknownKey,
    UnknownPacket,
    UnknownRecipient,
    UnknownUpload,
    UnsupportedVersion,
    UploadIncomplete,
    WrongState,
)
from lienthong.standards.statuses import TransportState
from lienthong.standards.versions import VERSIONS, Subject, readable
from lienthong.storage import BlobMissing

LONGEST_WAIT = 25.0
LONGEST_QUESTION = 200
KEY_SECONDS = 60
"""For how long a published key may be relied on: a revocation is known everywhere after this."""


# -- without a token -------------------------------------------------------------------------------------------------


@described(answers={200: messages.Clock})
def show_time(_request: HttpRequest) -> HttpResponseBase:
    """The hub's clock."""
    return answer(messages.Clock(now()))


@described(answers={200: messages.KeySet})
def show_keys(_request: HttpRequest) -> HttpResponseBase:
    """The keys with which the hub signs, and signed before (RFC 7517)."""
    return answer(messages.KeySet(tuple(hubkeys.published(now()))))


@described(
    header("If-None-Match", "The `ETag` that you have: 304 while nothing has changed."),
    answers={200: PublishedKey, 304: None},
    headers={"ETag": "Of what is said of the key.", "Cache-Control": "For how long it may be relied on."},
    problems=(UnknownKey,),
)
def show_key(request: HttpRequest, kid: str) -> HttpResponseBase:
    """A key with which a connected system, or the hub, signs statements or signed them: whose it is, and from when
    until when what it signed is proof.

    Nobody needs a token: who holds a statement has read the key's id in it. Keys are never listed.
    """
    found = memberkeys.find(kid, now())
    if found is None:
        raise UnknownKey()
    return kept(request, answer(found), seconds=KEY_SECONDS)


@described(answers={200: messages.Hub})
def show_hub(_request: HttpRequest) -> HttpResponseBase:
    """Who this hub is and what it speaks."""
    told = settings.LIENTHONG
    return answer(
        messages.Hub(
            id=told.hub_id,
            name=told.hub_name,
            api=("v1",),
            packet=("http://www.mic.gov.vn/TBT/QCVN_102_2016",),
            max_packet_bytes=told.max_packet_bytes,
            maintenance=maintenance.told(),
        )
    )


def show_description(_request: HttpRequest) -> HttpResponseBase:
    """This API as an OpenAPI 3.1 document."""
    return answer(_description(settings.LIENTHONG.address, settings.LIENTHONG.sandbox))


@cache
def _description(address: str, with_sandbox: bool) -> dict[str, Any]:
    routes = {**DESCRIBED, **sandbox.DESCRIBED} if with_sandbox else DESCRIBED
    return openapi.document(routes, address=address, version=version("lienthong"))


@described(answers={200: messages.Standards})
def show_standards(_request: HttpRequest) -> HttpResponseBase:
    """Versions of the packet format and of the rules for codes and identifiers."""
    return answer(messages.Standards(tuple(VERSIONS)))


@described(answers={200: messages.ProblemKinds})
def list_problems(_request: HttpRequest) -> HttpResponseBase:
    """The catalogue of refusals: what each means, and what to do next."""
    return answer(
        messages.ProblemKinds(tuple(catalogue.kinds({**DESCRIBED, **sandbox.DESCRIBED}, settings.LIENTHONG.address)))
    )


@described(
    query("after", "The `cursor` of the page before, or of your copy; nothing for the beginning.", type="string"),
    header("If-None-Match", "The `ETag` that you have: 304 while nothing has changed."),
    answers={200: messages.PublishedCodes, 304: None},
    headers={"ETag": "Of the page.", "Cache-Control": "For how long it may be relied on."},
    problems=(BadRequest,),
)
def list_codes(request: HttpRequest) -> HttpResponseBase:
    """The published list of agencies and their codes (Article 16.1), and what changed in it since: for everybody."""
    page = lookup.changed_since(request.GET.get("after", ""))
    codes = tuple(
        messages.PublishedCode(one.code, one.name, one.aliases, one.parent, one.open, one.successor, one.ended_at)
        for one in page.agencies
    )
    return kept(request, answer(messages.PublishedCodes(codes, page.cursor, page.more)), seconds=KEY_SECONDS)


# -- with a token ----------------------------------------------------------------------------------------------------


@described(answers={200: messages.Agencies})
@authenticated
def list_agencies(_request: HttpRequest, _member: Member) -> HttpResponseBase:
    """The directory, with the seal certificates that it vouches for."""
    return answer(messages.Agencies(tuple(agencies.published(now()))))


@described(
    query("q", "What is typed.", type="string", minLength=1, maxLength=LONGEST_QUESTION),
    LIMIT,
    answers={200: messages.Agencies},
    problems=(BadRequest,),
)
@authenticated
def search_agencies(request: HttpRequest, _member: Member) -> HttpResponseBase:
    """Agencies as one types: by the beginnings of words, with diacritics or without."""
    text = request.GET.get("q", "")
    if not 0 < len(text) <= LONGEST_QUESTION or "\0" in text:
        raise BadRequest(reason=f"cần q, tối đa {LONGEST_QUESTION} ký tự")
    limit = whole(request, "limit", default=20, least=1, most=lookup.MOST_FOUND)
    return answer(messages.Agencies(tuple(agencies.views(lookup.search(text, limit=limit), now()))))


@described(
    query("after", "The `cursor` of the page before; nothing for the beginning.", type="string"),
    LIMIT,
    answers={200: messages.AgencyPage},
    problems=(BadRequest,),
)
@authenticated
def list_agency_changes(request: HttpRequest, _member: Member) -> HttpResponseBase:
    """The directory's changes since a cursor; from the beginning without one."""
    limit = whole(request, "limit", default=lookup.MOST_CHANGED, least=1, most=lookup.MOST_CHANGED)
    page = lookup.changed_since(request.GET.get("after", ""), limit=limit)
    return answer(messages.AgencyPage(tuple(agencies.views(page.agencies, now())), page.cursor, page.more))


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


@described(
    LIMIT,
    WAIT,
    query("agency", "Only what goes to this agency of yours.", type="string"),
    query("failed", "1: also what you answered with `fail`.", type="integer", enum=[0, 1]),
    answers={200: messages.Inbox},
    problems=(BadRequest,),
)
@authenticated
def list_inbox(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What waits; holds the answer while nothing does, as long as asked for.

    What the recipient could not take is listed only when asked for: it would be taken and failed again, round after
    round.
    """
    limit = whole(request, "limit", default=50, least=1, most=lists.LONGEST_LIST)
    watch = Watch(seconds(request, "wait", LONGEST_WAIT), member.code)
    agency, failed = request.GET.get("agency", ""), flag(request, "failed")
    while True:
        found = lists.inbox(member, limit=limit, agency=agency, failed=failed)
        if found or not watch.again():
            return answer(messages.Inbox(tuple(found)))


@described(
    header("Range", "One range of bytes, `bytes=1000-`: go on where you were cut off."),
    header("If-Range", "The `ETag` of the part that you have; when it differs, the whole is given."),
    answers={200: PACKET, 206: PACKET},
    headers={Header.DIGEST: "SHA-256 of the whole packet.", "ETag": "The same, as a tag."},
    problems=(UnknownDelivery, ContentGone, BadRange),
)
@authenticated
def fetch(request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """The bytes of a packet, as they came; the delivery becomes `processing`."""
    found = delivery.find(member, delivery_id)
    digest = delivery.begin_fetch(found, member, at=now())
    noted.tell(request, digest=digest, packet=str(found.packet_id))
    try:
        file = blobs().open(digest)
    except BlobMissing:
        raise retention.gone(found) from None
    return piece(request, file, digest)


@described(
    body=("application/json", messages.SignedStatement),
    answers={200: messages.Acknowledgement},
    problems=(BadRequest, UnknownDelivery, StatementInvalid, ClockAhead, WrongState),
)
@authenticated
def acknowledge(request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """Take the recipient's signed `ContentHandover`: the packet is stored durably there. A repeat gets the same."""
    found = delivery.find(member, delivery_id)
    statement = text_of(body_json(request), "statement")
    noted.stated(request, statement, now())
    noted.tell(request, digest=found.packet.digest, packet=str(found.packet_id))
    done = delivery.acknowledge(Handover(found, statement), member, at=now())
    return answer(_acknowledgement(done))


@described(
    body=("application/json", messages.SignedStatements),
    answers={200: messages.AnsweredTogether},
    problems=(BadRequest,),
)
@authenticated
def acknowledge_together(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Take signed hand-overs of several packets: who takes many says so at once.

    Each is decided by itself: one that is refused keeps back no other. A repeat gets the same.
    """
    statements = texts_of(body_json(request), "statements", most=messages.MOST_TOGETHER)
    noted.stated(request, statements[-1], now())
    found = delivery.handovers(member, statements)
    ready = [one for one in found if isinstance(one, Handover)]
    decided = iter(delivery.acknowledge_together(ready, member, at=now()))
    answers = (_answered(next(decided) if isinstance(one, Handover) else one) for one in found)
    return answer(messages.AnsweredTogether(tuple(answers)))


def _answered(what: Delivery | Problem) -> messages.Answered:
    if isinstance(what, Problem):
        return messages.Answered(problem=body_of(what))
    return messages.Answered(acknowledgement=_acknowledgement(what))


def _acknowledgement(done: Delivery) -> messages.Acknowledgement:
    return messages.Acknowledgement(str(done.pk), done.state, done.receipt)


@described(
    body=("application/json", messages.Failure),
    answers={200: messages.FailedDelivery},
    problems=(BadRequest, UnknownDelivery, WrongState),
)
@authenticated
def refuse(request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """Note that the recipient could not take a packet; its sender and the operators see why."""
    found = delivery.find(member, delivery_id)
    body = body_json(request)
    code, detail = text_of(body, "code"), text_of(body, "detail", default="")
    done = delivery.fail(found, member, code=code[:60], detail=detail, at=now())
    return answer(messages.FailedDelivery(str(done.pk), done.state))


@described(
    query("after", "The `cursor` of the last entry that you have; 0 for the beginning.", type="string",
          pattern=f"^{lists.CURSOR}$"),
    LIMIT,
    WAIT,
    answers={200: messages.Changes},
    problems=(BadRequest,),
)  # fmt: skip
@authenticated
def list_changes(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What became of what this system sent, after a cursor."""
    after = request.GET.get("after", "0")
    limit = whole(request, "limit", default=200, least=1, most=lists.LONGEST_LIST)
    watch = Watch(seconds(request, "wait", LONGEST_WAIT), member.code)
    while True:
        found = lists.changes(member, after=after, limit=limit)
        if found.changes or not watch.again():
            return answer(found)


# -- with the credential of security monitoring ------------------------------------------------------------------------


@described(
    query("after", "The cursor of the last event that you have; nothing for the beginning.", type="string"),
    LIMIT,
    WAIT,
    answers={200: support.SecurityEvents},
    problems=(BadRequest, Unauthenticated),
)
@monitored
def list_security_events(request: HttpRequest) -> HttpResponseBase:
    """What security monitoring wants to know of (Article 16.2), after a cursor."""
    after = request.GET.get("after", "")
    limit = whole(request, "limit", default=security.MOST, least=1, most=security.MOST)
    watch = Watch(seconds(request, "wait", LONGEST_WAIT))
    while True:
        page = security.feed(after, limit=limit)
        if page.events or not watch.again():
            return answer(page)


DESCRIBED = {
    **tokens.DESCRIBED,
    "time": route(get=show_time),
    "keys": route(get=show_keys),
    "keys/<str:kid>": route(get=show_key),
    "hub": route(get=show_hub),
    "standards": route(get=show_standards),
    "problems": route(get=list_problems),
    "codes": route(get=list_codes),
    "agencies": route(get=list_agencies),
    "agencies/search": route(get=search_agencies),
    "agencies/changes": route(get=list_agency_changes),
    "packets": route(post=submit),
    "packets/<str:packet_id>": route(get=show_packet),
    "inbox": route(get=list_inbox),
    "deliveries/<str:delivery_id>/packet": route(get=fetch),
    "deliveries/<str:delivery_id>/ack": route(post=acknowledge),
    "deliveries/<str:delivery_id>/fail": route(post=refuse),
    "acknowledgements": route(post=acknowledge_together),
    "changes": route(get=list_changes),
    "security-events": route(get=list_security_events),
    **uploading.DESCRIBED,
    **desk.DESCRIBED,
    **webhooks.DESCRIBED,
    **quarantine.DESCRIBED,
    **journal.DESCRIBED,
}
"""Every route of the API: what is here is served, and stands in its description."""

ROUTES = {
    **DESCRIBED,
    **sandbox.DESCRIBED,
    "openapi.json": route(get=show_description),
    "<path:elsewhere>": route(**dict.fromkeys(("get", "head", "post", "put", "patch", "delete"), nowhere)),
}
