"""What all routes of the native API share: who calls, how problems are said, the hub's time."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedReader
from socket import socket
from time import monotonic, perf_counter
from typing import Any, BinaryIO

import structlog
from django.conf import settings
from django.db import OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from lienthong.evidence.receipts import InvalidStatement
from lienthong.hub import agencies, hubkeys, maintenance, mode, monitors, policy, refusal_counts
from lienthong.hub.agencies import Member
from lienthong.hub.http import noted
from lienthong.hub.http.described import PACKET, Described
from lienthong.hub.peers import Certificate, read_escaped
from lienthong.hub.rows import can_hold
from lienthong.protocol.channel import CLIENT_CERTIFICATE, FORWARDED_FOR
from lienthong.protocol.messages import Header
from lienthong.protocol.problems import (
    BadRange,
    BadRequest,
    DoorClosed,
    InternalError,
    Problem,
    TokenBound,
    TokenExpired,
    Unauthenticated,
    Unavailable,
    UnknownPlace,
    WrongMethod,
)
from lienthong.protocol.wire import write_value

CHUNK = 1 << 19
LARGEST_NUMBER = 10**18
RETRY_SECONDS = 5
PASSING = (423, 429)
"""HTTP statuses, beside 5xx, of what may succeed later as it is."""
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{1,18})?")
MOST_DRAINED = 1 << 28
"""Bytes of a refused body that are read before the refusal is said."""
MOST_DRAINED_OF_STRANGERS = 32 << 20
DRAINED_WITHIN = 120
DRAINED_WITHIN_OF_STRANGERS = 30
"""Seconds that a refused body may take: whoever only trickles keeps a thread no longer than this."""
TOKEN_SECONDS = 600
TOKEN_KEY = "key"  # noqa: S105 - a claim: the id of the key whose assertion the token was given for
TOKEN_BINDING = ("cnf", "x5t#S256")
"""Claim and member that name the certificate for whose holder the token was given (RFC 8705, section 3.1)."""
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
        begun, at, refusal = perf_counter(), now(), ""
        try:
            if handler is None:
                raise WrongMethod(method=str(request.method), allowed=", ".join(methods).upper())
            mode.require_no_training(request.headers.get(Header.SANDBOX, ""))
            _require_known(request, handler)
            response = handler(request, **parameters)
        except Exception as reason:
            drain(request)
            problem = problem_of(reason)
            note_refusal(request, problem, "native")
            response, refusal = said(problem), problem.code
        response[Header.HUB_TIME] = write_value(now())
        noted.warn(request, response)
        noted.finished(request, response, refusal, begun, at)
        return response

    view.handlers = methods  # type: ignore[attr-defined]
    view.refuse = _refuse_unheard  # type: ignore[attr-defined]
    return view


def _refuse_unheard(request: HttpRequest, problem: Problem) -> HttpResponseBase:
    """What is said to a call that does not even reach its view."""
    drain(request)
    note_refusal(request, problem, "native")
    response = said(problem)
    response[Header.HUB_TIME] = write_value(now())
    return response


def problem_of(reason: Exception) -> Problem:
    """What a door says of whatever went wrong; what no rule foresaw goes to the log."""
    if isinstance(reason, Problem):
        return reason
    if isinstance(reason, OperationalError):
        log.error("database is away", exc_info=reason)
        return Unavailable()
    log.error("fault", exc_info=reason)
    return InternalError()


def said_by(request: HttpRequest, system: str) -> None:
    """Note whom a call says that it is from: what it is refused is counted for that system."""
    request.claimed = system  # type: ignore[attr-defined]


def address_of(request: HttpRequest) -> str:
    """Where a call comes from."""
    return policy.caller(request.META.get("REMOTE_ADDR", ""), request.headers.get(FORWARDED_FOR, ""))


def note_refusal(request: HttpRequest, problem: Problem, door: str) -> None:
    """Count a refusal, for figures and for security monitoring."""
    refusal_counts.note(
        problem, door=door, system=getattr(request, "claimed", ""), address=address_of(request),
        known=getattr(request, "admitted", False), at=now(),
    )  # fmt: skip


def _require_known(request: HttpRequest, handler: View) -> None:
    """What would be passed over in silence is refused: a misspelt part of the query, and one that is said
    several times. Raises `BadRequest`."""
    if not request.META.get("QUERY_STRING"):
        return
    told: Described | None = getattr(handler, "described", None)
    known = {one.name for one in told.parameters if one.where == "query"} if told else set()
    if unknown := sorted(set(request.GET) - known):
        raise BadRequest(reason=f"không có tham số {', '.join(unknown)[:200]}")
    if repeated := sorted(name for name, values in request.GET.lists() if len(values) > 1):
        raise BadRequest(reason=f"tham số lặp lại: {', '.join(repeated)}")


def nowhere(_request: HttpRequest, **_parameters: str) -> HttpResponseBase:
    """What is no place of the API."""
    raise UnknownPlace()


def said(problem: Problem) -> HttpResponse:
    """The answer that says a problem (RFC 9457)."""
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    headers |= retry_after(problem)
    if isinstance(problem, WrongMethod):
        headers["Allow"] = problem.data["allowed"]
    if isinstance(problem, BadRange):
        headers["Content-Range"] = f"bytes */{problem.data['size']}"
    return JsonResponse(
        _marked(body_of(problem)), status=problem.status, content_type="application/problem+json",
        headers=headers, json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def body_of(problem: Problem) -> dict[str, Any]:
    """What is said of a problem (RFC 9457); its `type` leads to the page about it."""
    said: dict[str, Any] = write_value(problem.as_json(f"{settings.LIENTHONG.address}/problems/"))
    return said


def retry_after(problem: Problem) -> dict[str, str]:
    """The header that says after how many seconds to try again, where that may help."""
    passing = problem.status in PASSING or problem.status >= 500
    return {"Retry-After": str(problem.data.get("retry_after", RETRY_SECONDS))} if passing else {}


def answer(value: object, *, status: int = 200) -> JsonResponse:
    """A value of `protocol.messages` as a JSON answer."""
    return JsonResponse(_marked(write_value(value)), status=status, json_dumps_params={"ensure_ascii": False})


def kept(request: HttpRequest, given: HttpResponse, *, seconds: int) -> HttpResponse:
    """An answer that may be kept for some seconds, and asked for again by its tag: 304 while it is the same."""
    tag = f'"{hashlib.sha256(given.content).hexdigest()[:32]}"'
    asked = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    if asked & {tag, "*"}:
        given = HttpResponse(status=304)
        del given["Content-Type"]
    given["ETag"] = tag
    given["Cache-Control"] = f"public, max-age={seconds}"
    return given


def _marked(body: dict[str, Any]) -> dict[str, Any]:
    """Every answer of a test hub says so."""
    return {"sandbox": True, **body} if settings.LIENTHONG.sandbox else body


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
        raise mode.refusal_of(token, Unauthenticated(reason="mã truy cập không hợp lệ")) from reason
    if claims.get("iss") != settings.LIENTHONG.hub_id:
        raise Unauthenticated(reason="mã truy cập của trục khác")
    if now().timestamp() >= float(claims.get("exp", 0)):
        raise TokenExpired()
    member = agencies.member(str(claims.get("sub", "")))
    if member is None:
        raise Unauthenticated(reason="hệ thống không còn đăng ký")
    said_by(request, member.code)
    if not member.native:
        raise DoorClosed(system=member.code)
    if claims.get(TOKEN_KEY) not in member.keys:
        raise TokenExpired()  # the key that asked for it is out of use; a new token needs another key
    _require_bound(claims, certificate_of(request))
    admit(request, member.code, "native")
    return member


def _require_bound(claims: Mapping[str, Any], shown: Certificate | None) -> None:
    """A token that was given over a certificate is worth nothing without it. Raises `TokenBound`."""
    claim, member = TOKEN_BINDING
    bound = claims.get(claim, {}).get(member)
    if bound is not None and (shown is None or shown.thumbprint != bound):
        raise TokenBound()


def certificate_of(request: HttpRequest) -> Certificate | None:
    """The certificate that the client showed to a trusted proxy; what anybody else says of one is not believed."""
    if not policy.proxies().believes(request.META.get("REMOTE_ADDR", "")):
        return None
    return read_escaped(request.headers.get(CLIENT_CERTIFICATE, ""))


def monitored(view: View) -> View:
    """Let only a reader of security monitoring in. Raises `Unauthenticated`."""

    @functools.wraps(view)
    def checked(request: HttpRequest, **parameters: str) -> HttpResponseBase:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not monitors.may_read(token, at=now()):
            raise Unauthenticated(reason="cần mã đọc của hệ thống giám sát (lienthong hub monitor add)")
        return view(request, **parameters)

    checked.monitored = True  # type: ignore[attr-defined]
    return checked


def admit(request: HttpRequest, system: str, door: str) -> None:
    """Let an authenticated call through. Raises what the policy refuses, and `UnderMaintenance`."""
    said_by(request, system)
    request.admitted = True  # type: ignore[attr-defined]
    at = now()
    noted.admitted(request, system, door, at)
    policy.admit(system, door=door, address=address_of(request), certificate=certificate_of(request), at=at)
    maintenance.require_service()


def body_chunks(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes, never whole in memory."""
    while chunk := request.read(CHUNK):
        yield chunk


def drain(request: HttpRequest) -> None:
    """Let the rest of a refused body come, bounded in bytes and in time: a client listens only when it has sent
    everything, and would take the line that we hang up for a fault of the network, and send again for ever.

    A stranger, who may send anything for as long as he likes, is heard out only up to what most documents have. One who
    announces more than that is answered at once: the server then half-closes the line, so that who listens while he
    sends still hears the refusal.
    """
    admitted = getattr(request, "admitted", False)
    left = MOST_DRAINED if admitted else MOST_DRAINED_OF_STRANGERS
    announced = request.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > left:
        return
    end = monotonic() + (DRAINED_WITHIN if admitted else DRAINED_WITHIN_OF_STRANGERS)
    try:
        with _patience(request) as wait_until:
            while left > 0 and wait_until(end) and (chunk := _next_piece(request)):
                left -= len(chunk)
    except OSError:
        return  # it has hung up itself, or went silent


def _next_piece(request: HttpRequest) -> bytes:
    """What comes next of a body that nobody wants, after one wait at most: `read` would wait for a whole piece, byte by
    byte, for as long as somebody trickles."""
    stream = request.META.get("wsgi.input")
    return stream.read1(CHUNK) if isinstance(stream, BufferedReader) else request.read(CHUNK)


@contextmanager
def _patience(request: HttpRequest) -> Iterator[Callable[[float], bool]]:
    """Bounds how long a read of the body may wait: the function says whether there is time left until a moment, and
    lets the next read wait no longer."""
    line: socket | None = request.META.get("gunicorn.socket")
    before = line.gettimeout() if line else None

    def wait_until(end: float) -> bool:
        left = end - monotonic()
        if line and left > 0:
            line.settimeout(left)
        return left > 0

    try:
        yield wait_until
    finally:
        if line:
            line.settimeout(before)


def body_json(request: HttpRequest) -> dict[str, Any]:
    """A small JSON object. Raises `BadRequest`."""
    raw = request.read(1 << 20)
    try:
        value = json.loads(raw or b"{}")
    except (ValueError, RecursionError) as reason:
        raise BadRequest(reason="không phải JSON") from reason
    if not isinstance(value, dict):
        raise BadRequest(reason="không phải đối tượng JSON")
    return value


def text_of(body: Mapping[str, Any], name: str, *, default: str | None = None) -> str:
    """A text of a JSON object; one without a default must be there and say something. Raises `BadRequest`."""
    value = body.get(name, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise BadRequest(reason=f"cần {name} là văn bản")
    if not can_hold(value):
        raise BadRequest(reason=f"{name} có ký tự không dùng được")
    return value.strip()


def texts_of(body: Mapping[str, Any], name: str, *, most: int) -> list[str]:
    """A list of texts of a JSON object, at least one. Raises `BadRequest`."""
    values = body.get(name)
    if not isinstance(values, list) or not 0 < len(values) <= most:
        raise BadRequest(reason=f"cần {name} là danh sách từ 1 đến {most} chuỗi ký tự")
    return [text_of({name: value}, name) for value in values]


def seconds(request: HttpRequest, name: str, most: float) -> float:
    """A time of the query, cut to `most`; 0 when it is not given. Raises `BadRequest`."""
    text = request.GET.get(name, "0")
    try:
        value = float(text)
    except ValueError:
        raise BadRequest(reason=f"{name} phải là số giây") from None
    if not 0 <= value < LARGEST_NUMBER or not text.isascii():
        raise BadRequest(reason=f"{name} phải là số giây, không âm")
    return min(value, most)


def whole(request: HttpRequest, name: str, *, default: int, least: int = 0, most: int | None = None) -> int:
    """A whole number of the query, cut to `most`. Raises `BadRequest`."""
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:20]) < LARGEST_NUMBER:
        raise BadRequest(reason=f"{name} phải là số nguyên, từ {least} trở lên")
    return int(text) if most is None else min(int(text), most)


def flag(request: HttpRequest, name: str) -> bool:
    """A yes or no of the query, written 1 or 0. Raises `BadRequest`."""
    text = request.GET.get(name, "0")
    if text not in ("0", "1"):
        raise BadRequest(reason=f"{name} phải là 0 hoặc 1")
    return text == "1"


def piece(request: HttpRequest, file: BinaryIO, digest: str) -> HttpResponseBase:
    """A packet's bytes, or the one range of them that is asked for (RFC 9110, section 14): who was cut off goes on.

    The digest is the entity's tag. A range of several pieces, or of other bytes (`If-Range`), gets the whole.
    """
    size = file.seek(0, 2)
    tag = f'"{digest}"'
    headers = {Header.DIGEST: digest, "ETag": tag, "Accept-Ranges": "bytes"}
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", tag) != tag:
        file.seek(0)
        response = FileResponse(file, content_type=PACKET, headers=headers)
    else:
        start = int(found[1])
        last = min(int(found[2] or size), size - 1)
        if start > last:
            file.close()
            raise BadRange(size=size)
        file.seek(start)
        response = FileResponse(_Cut(file, last - start + 1), status=206, content_type=PACKET, headers=headers)
        response["Content-Range"] = f"bytes {start}-{last}/{size}"
        response["Content-Length"] = str(last - start + 1)
    response.block_size = CHUNK
    return response


class _Cut:
    """The next bytes of a file, as a file."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._left = file, length

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()
