"""The native API, `/api/v1` (docs/reference/native-api.md). Views parse, call and answer; the rules are inside."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from lienthong.evidence.receipts import InvalidStatement, read_unverified
from lienthong.hub import agencies, delivery, hubkeys, intake, lookup, participants
from lienthong.hub.agencies import Member, directory
from lienthong.hub.blobs import blobs
from lienthong.hub.http.edge import (
    CHUNK,
    TOKEN_SECONDS,
    TOKEN_TYPE,
    answer,
    authenticated,
    body_chunks,
    body_json,
    now,
    number,
    route,
)
from lienthong.hub.models import Packet, UsedAssertion
from lienthong.hub.wakeup import Watch
from lienthong.protocol import messages
from lienthong.protocol.messages import Header
from lienthong.protocol.problems import (
    AssertionReplayed,
    BadRequest,
    ContentGone,
    DoorClosed,
    LengthRequired,
    Unauthenticated,
    UnknownPacket,
    UnsupportedVersion,
)
from lienthong.standards.versions import VERSIONS, Subject, readable
from lienthong.storage import BlobMissing

LONGEST_WAIT = 25.0
LONGEST_ASSERTION = timedelta(minutes=5)
SKEW = timedelta(seconds=30)
LONGEST_QUESTION = 200


# -- without a token -------------------------------------------------------------------------------------------------


def issue_token(request: HttpRequest) -> HttpResponseBase:
    """An access token for a signed assertion (RFC 7523, section 2.2)."""
    assertion = request.POST.get("client_assertion", "")
    if request.POST.get("grant_type") != "client_credentials" or not assertion:
        raise BadRequest(reason="cần grant_type=client_credentials và client_assertion")
    try:
        unverified = read_unverified(assertion)
    except InvalidStatement as reason:
        raise Unauthenticated(reason="client_assertion không đọc được") from reason
    member = directory().systems.get(str(unverified.get("iss", "")))
    if member is None:
        raise Unauthenticated(reason="hệ thống không đăng ký")
    try:
        claims = member.keys.verify_claims(assertion)
    except InvalidStatement as reason:
        raise Unauthenticated(reason="client_assertion không khớp khóa đã đăng ký") from reason
    if not member.native:
        raise DoorClosed(system=member.code)
    _require_fresh(request, claims)
    moment = now()
    token = hubkeys.current(moment).sign_claims(
        {
            "iss": settings.LIENTHONG.hub_id,
            "sub": member.code,
            "iat": int(moment.timestamp()),
            "exp": int(moment.timestamp()) + TOKEN_SECONDS,
            "jti": secrets.token_hex(8),
        },
        kind=TOKEN_TYPE,
    )
    warnings = participants.note_connection(member.code, moment)
    return answer({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "warnings": warnings})


def _require_fresh(request: HttpRequest, claims: dict[str, object]) -> None:
    """An assertion is for this hub, short-lived and used once."""
    moment = now()
    # Behind a proxy the request's own address is not the one that members know.
    public = f"{settings.LIENTHONG.address}/api/v1/token"
    audience = {settings.LIENTHONG.hub_id, request.build_absolute_uri(), public}
    expires = datetime.fromtimestamp(float(str(claims.get("exp", 0))), UTC)
    if claims.get("aud") not in audience or claims.get("sub") != claims.get("iss"):
        raise Unauthenticated(reason="client_assertion dành cho nơi khác")
    if not moment - SKEW <= expires <= moment + LONGEST_ASSERTION + SKEW:
        raise Unauthenticated(reason="client_assertion hết hạn hoặc quá dài hạn")
    jti = str(claims.get("jti", ""))
    if not 8 <= len(jti) <= 100:
        raise Unauthenticated(reason="client_assertion thiếu jti")
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(jti=jti, until=expires + SKEW)
    except IntegrityError:
        raise AssertionReplayed() from None


def show_time(_request: HttpRequest) -> HttpResponseBase:
    """The hub's clock."""
    return answer({"time": now()})


def show_keys(_request: HttpRequest) -> HttpResponseBase:
    """The keys with which the hub signs, and signed before (RFC 7517)."""
    return answer({"keys": hubkeys.published(now())})


def show_hub(_request: HttpRequest) -> HttpResponseBase:
    """Who this hub is and what it speaks."""
    return answer(
        {
            "id": settings.LIENTHONG.hub_id,
            "name": settings.LIENTHONG.hub_name,
            "api": ["v1"],
            "packet": ["http://www.mic.gov.vn/TBT/QCVN_102_2016"],
            "max_packet_bytes": settings.LIENTHONG.max_packet_bytes,
        }
    )


def show_standards(_request: HttpRequest) -> HttpResponseBase:
    """Versions of the packet format and of the rules for codes and identifiers."""
    return answer({"versions": list(VERSIONS)})


# -- with a token ----------------------------------------------------------------------------------------------------


@authenticated
def list_agencies(_request: HttpRequest, _member: Member) -> HttpResponseBase:
    """The directory, with the seal certificates that it vouches for."""
    return answer({"agencies": agencies.published(now())})


@authenticated
def search_agencies(request: HttpRequest, _member: Member) -> HttpResponseBase:
    """Agencies as one types: by the beginnings of words, with diacritics or without."""
    text = request.GET.get("q", "")
    if not 0 < len(text) <= LONGEST_QUESTION:
        raise BadRequest(reason=f"cần q, tối đa {LONGEST_QUESTION} ký tự")
    limit = int(number(request, "limit", 20, lookup.MOST_FOUND)) or 1
    return answer({"agencies": agencies.views(lookup.search(text, limit=limit), now())})


@authenticated
def list_agency_changes(request: HttpRequest, _member: Member) -> HttpResponseBase:
    """The directory's changes since a cursor; from the beginning without one."""
    limit = int(number(request, "limit", lookup.MOST_CHANGED, lookup.MOST_CHANGED)) or 1
    page = lookup.changed_since(request.GET.get("after", ""), limit=limit)
    views = agencies.views(page.agencies, now())
    return answer({"agencies": views, "cursor": page.cursor, "more": page.more})


@authenticated
def submit(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Take a packet."""
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or "chunked" in request.headers.get("Transfer-Encoding", ""):
        raise LengthRequired()
    key = request.headers.get(Header.IDEMPOTENCY_KEY, "")
    sender = request.headers.get(Header.FROM, "")
    if not 8 <= len(key) <= 100 or not sender:
        raise BadRequest(reason=f"cần {Header.FROM} và {Header.IDEMPOTENCY_KEY} (8 đến 100 ký tự)")
    _require_known_version(request.headers.get(Header.PACKET_VERSION, ""))
    to = request.headers.get(Header.TO, "")
    submission = intake.accept(
        intake.Request(
            member=member,
            door="native",
            sender=sender,
            recipients=tuple(code.strip() for code in to.split(",") if code.strip()),
            length=int(length),
            statement=request.headers.get(Header.STATEMENT, ""),
            idempotency_key=key,
        ),
        body_chunks(request),
        at=now(),
    )
    return answer(vars(submission), status=200 if submission.repeated else 201)


def _require_known_version(announced: str) -> None:
    known = readable(Subject.PACKET)
    if announced and announced not in known:
        raise UnsupportedVersion(version=announced[:60], supported=", ".join(known))


@authenticated
def show_packet(_request: HttpRequest, member: Member, packet_id: str) -> HttpResponseBase:
    """A packet that this system sent, or an agency that it acts for by now, and where each of its deliveries stands."""
    packet = Packet.objects.filter(pk=packet_id).first()
    if packet is None or not (packet.system_id == member.code or packet.sender_id in member.agencies):
        raise UnknownPacket()
    deliveries = packet.deliveries.prefetch_related("reported").order_by("submitted_at", "id")
    return answer(
        {
            "packet_id": str(packet.pk),
            "digest": packet.digest,
            "kind": packet.kind,
            "document_id": packet.identifier,
            "deliveries": [
                messages.DeliveryView(
                    delivery_id=str(one.pk),
                    recipient=one.recipient,
                    routed_to=one.agency_id,
                    state=one.state,
                    submitted_at=one.submitted_at,
                    fetched_at=one.fetched_at,
                    acknowledged_at=one.done_at,
                    statement=one.statement,
                    statuses=tuple((row.code, row.at) for row in one.reported.all()),
                )
                for one in deliveries
            ],
        }
    )


@authenticated
def list_inbox(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What waits; holds the answer while nothing does, as long as asked for."""
    limit = int(number(request, "limit", 50, delivery.LONGEST_LIST)) or 1
    watch = Watch(number(request, "wait", 0, LONGEST_WAIT))
    agency = request.GET.get("agency", "")
    while True:
        found = delivery.waiting(member, limit=limit, agency=agency)
        if found or not watch.again():
            return answer({"items": [delivery.as_item(one) for one in found]})


@authenticated
def fetch(_request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """The bytes of a packet, as they came."""
    found = delivery.find(member, delivery_id)
    digest = delivery.begin_fetch(found, member, at=now())
    try:
        file = blobs().open(digest)
    except BlobMissing:
        raise ContentGone() from None

    response = FileResponse(file, content_type="application/xml", headers={Header.DIGEST: digest})
    response.block_size = CHUNK
    return response


@authenticated
def acknowledge(request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """Take the recipient's signed hand-over."""
    found = delivery.find(member, delivery_id)
    statement = str(body_json(request).get("statement", ""))
    done = delivery.acknowledge(found, member, statement=statement, at=now())
    return answer(vars(messages.Acknowledgement(str(done.pk), done.state, done.receipt)))


@authenticated
def refuse(request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """Note that the recipient could not take a packet."""
    found = delivery.find(member, delivery_id)
    body = body_json(request)
    code, detail = str(body.get("code", "")).strip(), str(body.get("detail", "")).strip()
    if not code:
        raise BadRequest(reason="cần code")
    done = delivery.fail(found, member, code=code[:60], detail=detail, at=now())
    return answer({"delivery_id": str(done.pk), "state": done.state})


@authenticated
def list_changes(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What became of what this system sent, after a cursor."""
    after = int(number(request, "after", 0, 1e18))
    limit = int(number(request, "limit", 200, delivery.LONGEST_LIST)) or 1
    watch = Watch(number(request, "wait", 0, LONGEST_WAIT))
    while True:
        found = delivery.changes(member, after=after, limit=limit)
        if found or not watch.again():
            break
    changes = [
        messages.Change(
            seq=one.transaction,
            packet_id=str(one.delivery.packet_id),
            delivery_id=str(one.delivery_id),
            recipient=one.delivery.recipient,
            state=one.state,
            at=one.at,
            statement=one.statement,
            reason=one.reason,
        )
        for one in found
    ]
    return answer({"changes": changes})


ROUTES = {
    "token": route(post=issue_token),
    "time": route(get=show_time),
    "keys": route(get=show_keys),
    "hub": route(get=show_hub),
    "standards": route(get=show_standards),
    "agencies": route(get=list_agencies),
    "agencies/search": route(get=search_agencies),
    "agencies/changes": route(get=list_agency_changes),
    "packets": route(post=submit),
    "packets/<uuid:packet_id>": route(get=show_packet),
    "inbox": route(get=list_inbox),
    "deliveries/<str:delivery_id>/packet": route(get=fetch),
    "deliveries/<str:delivery_id>/ack": route(post=acknowledge),
    "deliveries/<str:delivery_id>/fail": route(post=refuse),
    "changes": route(get=list_changes),
}
