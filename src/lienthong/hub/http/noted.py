"""What both doors note of a call: for the system's own list of its last calls, and how far its clock is off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import perf_counter

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.evidence.receipts import InvalidStatement, read_unverified
from lienthong.hub import calls, policy
from lienthong.hub.http.described import PLACE
from lienthong.protocol.messages import Header, Reminder

WAITED = timedelta(seconds=30)
"""A statement that is older may have waited in its sender's outbox: it tells nothing of the clock."""
IN_SECONDS = timedelta(seconds=0.5)
"""What a time in whole seconds lies behind the moment that it was taken at, on average."""
NAMES = {"packet_id": "packet", "delivery_id": "delivery"}
"""Part of a route → what it names in the list."""


def admitted(request: HttpRequest, system: str, door: str, at: datetime) -> None:
    """From now on the call is this system's; its `Date`, where it has one, tells of its clock."""
    request.system, request.door = system, door  # type: ignore[attr-defined]
    said = _date(request.headers.get("Date", ""))
    if said is not None:
        measured(request, said + IN_SECONDS, at)


def tell(request: HttpRequest, **names: str) -> None:
    """Note what a call is about: `digest`, `packet`, `delivery`."""
    request.about = {**getattr(request, "about", {}), **names}  # type: ignore[attr-defined]


def stated(request: HttpRequest, statement: str, at: datetime) -> None:
    """Take the time of a statement that the caller signed for this call, unless `Date` has told better."""
    try:
        said = datetime.fromisoformat(str(read_unverified(statement).get("iat", "")))
    except (InvalidStatement, ValueError):
        return
    if said.tzinfo is not None and said > at - WAITED and not hasattr(request, "skew"):
        measured(request, said, at)


def measured(request: HttpRequest, said: datetime, at: datetime) -> None:
    """Note how far the caller's clock is ahead of the hub's, in seconds."""
    request.skew = (said - at).total_seconds()  # type: ignore[attr-defined]
    policy.note_skew(request.system, request.skew, at)  # type: ignore[attr-defined]


def warn(request: HttpRequest, response: HttpResponseBase) -> None:
    """Tell a caller whose clock is off, so that it is mended before it is refused."""
    skew = getattr(request, "skew", 0.0)
    if abs(skew) > policy.SKEW_TOLD:
        response[Header.SKEW] = f"{skew:+.1f}"


def finished(request: HttpRequest, response: HttpResponseBase, problem: str, begun: float, at: datetime) -> None:
    """Put a call into the list of its system; who is not known has none.

    Args:
        problem: code of the refusal, empty for none.
        begun: `perf_counter` when it came.
    """
    system = getattr(request, "system", "")
    if not system:
        return
    match = request.resolver_match
    parameters = dict(match.kwargs) if match else {}
    about = {NAMES[name]: str(value)[:36] for name, value in parameters.items() if name in NAMES}
    length = request.headers.get("Content-Length", "")
    calls.note(
        calls.Call(
            system=system,
            at=at,
            door=request.door,  # type: ignore[attr-defined]
            operation=_operation(request)[:80],
            status=response.status_code,
            problem=problem,
            milliseconds=round((perf_counter() - begun) * 1000),
            received=int(length) if length.isdigit() and len(length) < 18 else 0,
            sent=_sent(response),
            key_hash=calls.key_hash(request.headers.get(Header.IDEMPOTENCY_KEY, "")),
            **{**about, **getattr(request, "about", {})},
        )
    )


def _operation(request: HttpRequest) -> str:
    """The route's name: with places for what it is about, never with a caller's text."""
    name = (request.resolver_match.view_name or "") if request.resolver_match else ""
    door, _, place = name.partition(":")
    path = PLACE.sub(r"{\1}", place)
    return place if door == "vxp" else f"{request.method} /{path}"


def _sent(response: HttpResponseBase) -> int | None:
    if response.has_header("Content-Length"):
        return int(response["Content-Length"])
    return None if response.streaming else len(getattr(response, "content", b""))


def _date(text: str) -> datetime | None:
    try:
        said = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def reminders(request: HttpRequest) -> tuple[Reminder, ...]:
    """What a caller whose clock is off is told beside its token."""
    skew = getattr(request, "skew", 0.0)
    if abs(skew) <= policy.SKEW_TOLD:
        return ()
    vi = f"Đồng hồ của hệ thống lệch {skew:+.1f} giây so với giờ của Trục; đồng bộ theo GET /time (Điều 14.4)."
    en = f"The system's clock is {skew:+.1f} seconds off the hub's; synchronise it by GET /time (Article 14.4)."
    return (Reminder("clock_skew", vi, en),)
