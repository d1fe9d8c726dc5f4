"""What all routes of the native API share: who calls, how problems are said, the hub's time."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from lienthong.evidence.receipts import InvalidStatement
from lienthong.hub import hubkeys, policy
from lienthong.hub.agencies import Member, directory
from lienthong.protocol.messages import Header
from lienthong.protocol.problems import (
    BadRequest,
    DoorClosed,
    InternalError,
    Problem,
    TokenExpired,
    Unauthenticated,
    Unavailable,
)
from lienthong.protocol.wire import write_value

CHUNK = 1 << 18
MOST_DRAINED = 1 << 28
"""Bytes of a refused body that are read before the refusal is said."""
TOKEN_SECONDS = 600
TOKEN_KEY = "key"  # noqa: S105 - a claim: the id of the key whose assertion the token was given for
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the media type of RFC 9068

log = structlog.get_logger("hub.http")
View = Callable[..., HttpResponseBase]


def now() -> datetime:
    """The hub's clock, the authoritative one (Article 14.4)."""
    return datetime.now(UTC)


def route(**methods: View) -> View:
    """A route of the native API: one view for each method; problems become `application/problem+json`."""

    @csrf_exempt
    def view(request: HttpRequest, **parameters: str) -> HttpResponseBase:
        handler = methods.get((request.method or "").lower())
        if handler is None:
            response: HttpResponseBase = HttpResponse(status=405, headers={"Allow": ", ".join(methods).upper()})
        else:
            try:
                response = handler(request, **parameters)
            except Problem as problem:
                drain(request)
                response = said(problem)
            except OperationalError:
                log.exception("database is away")
                response = said(Unavailable())
            except DatabaseError:
                log.exception("database refused")
                response = said(InternalError())
            except Exception:  # the edge: whatever is wrong inside, nothing of it leaks out
                log.exception("fault")
                response = said(InternalError())
        response[Header.HUB_TIME] = write_value(now())
        return response

    view.handlers = methods  # type: ignore[attr-defined]
    return view


def said(problem: Problem) -> HttpResponse:
    """The answer that says a problem (RFC 9457)."""
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    if "retry_after" in problem.data:
        headers["Retry-After"] = str(problem.data["retry_after"])
    return JsonResponse(
        write_value(problem.as_json()), status=problem.status, content_type="application/problem+json",
        headers=headers, json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def answer(value: dict[str, Any], *, status: int = 200) -> JsonResponse:
    """A JSON answer; values of `protocol.messages` inside are written out."""
    plain = {name: write_value(item) for name, item in value.items()}
    return JsonResponse(plain, status=status, json_dumps_params={"ensure_ascii": False})


def authenticated(view: Callable[..., HttpResponseBase]) -> View:
    """Give the view the calling system. Raises `Unauthenticated`, `TokenExpired`, `DoorClosed`."""

    @functools.wraps(view)
    def checked(request: HttpRequest, **parameters: str) -> HttpResponseBase:
        return view(request, member_of(request), **parameters)

    checked.authenticated = True  # type: ignore[attr-defined]
    return checked


def member_of(request: HttpRequest) -> Member:
    """The system whose access token the request carries."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(reason="thiếu mã truy cập")
    try:
        claims = hubkeys.token_claims(token, kind=TOKEN_TYPE, at=now())
    except InvalidStatement as reason:
        raise Unauthenticated(reason="mã truy cập không hợp lệ") from reason
    if claims.get("iss") != settings.LIENTHONG.hub_id:
        raise Unauthenticated(reason="mã truy cập của trục khác")
    if now().timestamp() >= float(claims.get("exp", 0)):
        raise TokenExpired()
    member = directory().systems.get(str(claims.get("sub", "")))
    if member is None:
        raise Unauthenticated(reason="hệ thống không còn đăng ký")
    if not member.native:
        raise DoorClosed(system=member.code)
    if claims.get(TOKEN_KEY) not in member.keys:
        raise TokenExpired()  # the key that asked for it is out of use; a new token needs another key
    admit(request, member.code, "native")
    return member


def admit(request: HttpRequest, system: str, door: str) -> None:
    """Let an authenticated call through. Raises `Suspended`, `ForeignNetwork`, `TooManyRequests`."""
    address = policy.caller(request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""))
    policy.admit(system, door=door, address=address, at=now())


def body_chunks(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes, never whole in memory."""
    while chunk := request.read(CHUNK):
        yield chunk


def drain(request: HttpRequest) -> None:
    """Let the rest of a refused body come, up to a bound: a client listens only when it has sent everything, and would
    take the line that we hang up for a fault of the network, and send again for ever."""
    left = MOST_DRAINED
    try:
        while left > 0 and (chunk := request.read(CHUNK)):
            left -= len(chunk)
    except OSError:
        return  # it has hung up itself


def body_json(request: HttpRequest) -> dict[str, Any]:
    """A small JSON object. Raises `BadRequest`."""
    raw = request.read(1 << 20)
    try:
        value = json.loads(raw or b"{}")
    except ValueError as reason:
        raise BadRequest(reason="không phải JSON") from reason
    if not isinstance(value, dict):
        raise BadRequest(reason="không phải đối tượng JSON")
    return value


def number(request: HttpRequest, name: str, default: float, most: float) -> float:
    """A number of the query between 0 and `most`. Raises `BadRequest`."""
    try:
        value = float(request.GET.get(name, default))
    except ValueError:
        raise BadRequest(reason=f"{name} phải là số") from None
    if not 0 <= value < 1e18:
        raise BadRequest(reason=f"{name} phải không âm")
    return min(value, most)
