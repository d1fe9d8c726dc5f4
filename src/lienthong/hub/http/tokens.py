"""Access tokens for signed assertions: `POST /api/v1/token` (RFC 7523)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import BadRequest as UnreadableForm
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase

from lienthong.evidence.receipts import InvalidStatement, read_header, read_unverified
from lienthong.hub import agencies, hubkeys, mode, participants, policy, refusal_counts
from lienthong.hub.agencies import Member
from lienthong.hub.http import noted
from lienthong.hub.http.described import described
from lienthong.hub.http.edge import (
    TOKEN_BINDING,
    TOKEN_KEY,
    TOKEN_SECONDS,
    TOKEN_TYPE,
    admit,
    answer,
    certificate_of,
    now,
    route,
    said_by,
)
from lienthong.hub.models import UsedAssertion
from lienthong.hub.rows import can_hold
from lienthong.protocol import messages
from lienthong.protocol.problems import (
    AssertionReplayed,
    BadRequest,
    DoorClosed,
    FromSandbox,
    TooLarge,
    Unauthenticated,
    UnderMaintenance,
)

LONGEST_ASSERTION = timedelta(minutes=5)
SKEW = timedelta(seconds=30)
LARGEST_TOKEN_REQUEST = 64 << 10
LARGEST_MOMENT = 1 << 36
"""Seconds since 1970: far beyond any assertion, and still a date."""


@described(
    answers={200: messages.Token},
    body=("application/x-www-form-urlencoded", messages.TokenRequest),
    problems=(
        BadRequest,
        TooLarge,
        Unauthenticated,
        AssertionReplayed,
        FromSandbox,
        DoorClosed,
        UnderMaintenance,
        *policy.REFUSALS,
    ),
)
def issue_token(request: HttpRequest) -> HttpResponseBase:
    """An access token for a signed assertion (RFC 7523, section 2.2)."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > LARGEST_TOKEN_REQUEST:  # before a byte of a stranger's is read
        raise TooLarge(limit=LARGEST_TOKEN_REQUEST)
    form = _form_of(request)
    assertion = form.get("client_assertion", "")
    if form.get("grant_type") != "client_credentials" or not assertion:
        raise BadRequest(reason="cần grant_type=client_credentials và client_assertion")
    try:
        unverified = read_unverified(assertion)
    except InvalidStatement as reason:
        raise Unauthenticated(reason="client_assertion không đọc được") from reason
    member = agencies.member(str(unverified.get("iss", "")))
    if member is None:
        raise mode.refusal_of(assertion, Unauthenticated(reason="hệ thống không đăng ký"))
    said_by(request, member.code)
    try:
        claims = member.keys.verify_claims(assertion)
    except InvalidStatement as reason:
        if refusal_counts.is_revoked(_key_of(assertion)):
            raise Unauthenticated(reason="khóa đã bị thu hồi", revoked=True) from reason
        raise Unauthenticated(reason="client_assertion không khớp khóa đã đăng ký") from reason
    if not member.native:
        raise DoorClosed(system=member.code)
    admit(request, member.code, "native")
    _require_fresh(request, claims)
    moment = now()
    token = _token(request, member, read_header(assertion)["kid"], moment)
    issued = datetime.fromtimestamp(float(str(claims["iat"])), UTC) if _is_moment(claims.get("iat")) else None
    if issued is not None:
        noted.measured(request, issued + noted.IN_SECONDS, moment)
    warnings = (*participants.note_connection(member.code, moment), *noted.reminders(request))
    return answer(messages.Token(token, token_type="Bearer", expires_in=TOKEN_SECONDS, warnings=warnings))  # noqa: S106


def _form_of(request: HttpRequest) -> QueryDict:
    """The form of a stranger. Raises `BadRequest` for what is none: too many fields, another alphabet, broken parts, or
    cut off."""
    try:
        return request.POST
    except (SuspiciousOperation, UnreadableForm, MultiPartParserError, UnreadablePostError) as reason:
        raise BadRequest(reason="biểu mẫu không đọc được") from reason


def _token(request: HttpRequest, member: Member, key: str, at: datetime) -> str:
    """An access token; over a client certificate it is bound to it (RFC 8705, section 3)."""
    claims: dict[str, object] = {
        "iss": settings.LIENTHONG.hub_id,
        "sub": member.code,
        "iat": int(at.timestamp()),
        "exp": int(at.timestamp()) + TOKEN_SECONDS,
        "jti": secrets.token_hex(8),
        TOKEN_KEY: key,
    }
    if settings.LIENTHONG.sandbox:
        claims["sandbox"] = True
    if shown := certificate_of(request):
        claim, name = TOKEN_BINDING
        claims[claim] = {name: shown.thumbprint}
    return hubkeys.current(at).sign_claims(claims, kind=TOKEN_TYPE)


def _key_of(assertion: str) -> str:
    try:
        return str(read_header(assertion).get("kid", ""))
    except InvalidStatement:
        return ""


def _require_fresh(request: HttpRequest, claims: dict[str, object]) -> None:
    """An assertion is for this hub, short-lived and used once."""
    moment = now()
    # Behind a proxy the request's own address is not the one that members know.
    public = f"{settings.LIENTHONG.address}/api/v1/token"
    audience = {settings.LIENTHONG.hub_id, request.build_absolute_uri(), public}
    expires = _moment(claims.get("exp"))
    meant = claims.get("aud")
    if not isinstance(meant, str) or meant not in audience or claims.get("sub") != claims.get("iss"):
        raise Unauthenticated(reason="client_assertion dành cho nơi khác")
    if not moment - SKEW <= expires <= moment + LONGEST_ASSERTION + SKEW:
        raise Unauthenticated(reason="client_assertion hết hạn hoặc quá dài hạn")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 8 <= len(jti) <= 100 or not can_hold(jti):
        raise Unauthenticated(reason="client_assertion thiếu jti (8 đến 100 ký tự)")
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(jti=jti, until=expires + SKEW)
    except IntegrityError:
        raise AssertionReplayed() from None


def _moment(seconds: object) -> datetime:
    """A time of a claim (RFC 7519, section 2). Raises `Unauthenticated`."""
    if _is_moment(seconds):
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    raise Unauthenticated(reason="client_assertion: exp phải là số giây")


def _is_moment(seconds: object) -> bool:
    return isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 <= seconds < LARGEST_MOMENT


DESCRIBED = {"token": route(post=issue_token)}
