"""What every request to either service passes: measuring, logging and protective headers."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    QueryDict,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from prometheus_client.registry import Collector

from lienthong.look.policy import content_policy
from lienthong.protocol.channel import FORWARDED_FOR, FORWARDED_PROTO, Proxies, is_loopback
from lienthong.protocol.messages import Header
from lienthong.protocol.problems import InsecureChannel, Problem
from lienthong.runtime import metrics
from lienthong.runtime.settings import Service
from lienthong.standards.text import ILLEGAL, as_meant

Handler = Callable[[HttpRequest], HttpResponseBase]
log = structlog.get_logger("http")

LARGEST_FORM_OF_STRANGERS = 64 << 10
LIVENESS = frozenset({"healthz", "readyz"})
QUIET = LIVENESS | {"metrics"}


def observe(handler: Handler) -> Handler:
    """Measure and log each request by the name of its route; never by its content or its parameters."""

    def observed(request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        request_id = uuid4().hex[:16]
        response = handler(request)
        seconds = perf_counter() - started
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "unknown"
        metrics.requests.labels(route, request.method or "", str(response.status_code)).observe(seconds)
        if route not in QUIET:
            log.info("request", id=request_id, route=route, status=response.status_code, ms=round(seconds * 1000, 1))
        response["X-Request-Id"] = request_id
        return response

    return observed


def protect(handler: Handler) -> Handler:
    """Headers that keep a browser from running or framing what is not ours, and from keeping pages of documents."""

    def protected(request: HttpRequest) -> HttpResponseBase:
        response = handler(request)
        response.headers.setdefault("Content-Security-Policy", content_policy())
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return protected


def speak(handler: Handler) -> Handler:
    """The language of the page: Vietnamese, until the reader chooses another; what a browser prefers is no choice."""

    def spoken(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        if language == settings.LANGUAGE_CODE:  # what holds by itself: systems ask often, and never for another
            response = handler(request)
        else:
            with translation.override(language):
                response = handler(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return spoken


def explain(handler: Handler) -> Handler:
    """Who opens the address of a form, or sends a form to a page, reads what to do; the framework says nothing."""

    def explained(request: HttpRequest) -> HttpResponseBase:
        response = handler(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page

    return explained


def mark_sandbox(handler: Handler) -> Handler:
    """Every answer of a test hub says that it is one."""

    def marked(request: HttpRequest) -> HttpResponseBase:
        response = handler(request)
        if settings.LIENTHONG.sandbox:
            response.headers[Header.SANDBOX] = "true"
        return response

    return marked


class EncryptedChannel:
    """Refuses what came without encryption from beyond this machine (Decision 28, Article 13.2), by name, in the
    shape that the door speaks; and lets everything behind know which scheme the caller really used.

    What only says whether the process lives is told to everyone: load balancers ask for it.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._proxies = Proxies.of(settings.LIENTHONG.trusted_proxies)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on with its true scheme: servers believe that header from whoever is on this machine."""
        encrypted = self._proxies.encrypted(_peer(request), request.headers.get(FORWARDED_PROTO, ""))
        request.META["wsgi.url_scheme"] = "https" if encrypted else "http"
        return self._handler(request)

    def process_view(
        self, request: HttpRequest, view: Handler, _args: object, _parameters: object
    ) -> HttpResponseBase | None:
        """403 for what others could have read on its way; None lets it pass."""
        match = request.resolver_match
        forwarded = [request.headers.get(name, "") for name in (FORWARDED_FOR, FORWARDED_PROTO)]
        if (match and match.view_name in LIVENESS) or self._proxies.may_pass(_peer(request), *forwarded):
            return None
        problem = InsecureChannel()
        refuse: Callable[[HttpRequest, Problem], HttpResponseBase] = getattr(view, "refuse", _refuse_in_words)
        return refuse(request, problem)


def _peer(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _refuse_in_words(_request: HttpRequest, problem: Problem) -> HttpResponse:
    text = f"{problem.detail} {problem.next_vi}\n{problem.detail_en} {problem.next_en}\n"
    return HttpResponse(text, status=problem.status, content_type="text/plain; charset=utf-8")


class SmallFormsOfStrangers:
    """Refuses a large form of somebody who is not signed in before anything of it is read: forms are written to disk
    while they are read, and the check against forged forms reads each.

    Views that need no such check (the doors of systems) say themselves who may send how much.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self._handler(request)

    def process_view(
        self, request: HttpRequest, view: Handler, _args: object, _parameters: object
    ) -> HttpResponseBase | None:
        """413 for what is too large; None lets it pass."""
        small = announced_bytes(request) <= LARGEST_FORM_OF_STRANGERS
        if small or getattr(view, "csrf_exempt", False) or request.user.is_authenticated:
            return None
        return HttpResponse(
            f"Biểu mẫu vượt {LARGEST_FORM_OF_STRANGERS} byte. Hãy đăng nhập rồi gửi lại.\n"
            f"The form has more than {LARGEST_FORM_OF_STRANGERS} bytes. Sign in, then send it again.\n",
            status=413, content_type="text/plain; charset=utf-8",
        )  # fmt: skip


class LegibleText:
    """Takes texts of forms and addresses as they were meant (`standards.text`), and refuses characters that neither a
    database nor a packet can carry. It stands behind the check against forged forms, which has read them.

    Doors of systems say in their own way what they cannot read.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self._handler(request)

    def process_view(
        self, request: HttpRequest, view: Handler, _args: object, _parameters: object
    ) -> HttpResponseBase | None:
        """400 for what nobody can have meant; None lets it pass."""
        if getattr(view, "csrf_exempt", False):
            return None
        try:
            request.GET, request.POST = _as_meant(request.GET), _as_meant(request.POST)  # type: ignore[assignment]
        except UnreadablePostError:
            return HttpResponse(status=400)  # who sent it is gone
        if not any(_is_illegible(given) for given in (request.GET, request.POST)):
            return None
        return HttpResponse(
            "Biểu mẫu có ký tự điều khiển không đọc được. Hãy quay lại, gõ lại chỗ đó rồi gửi lại.\n"
            "The form has control characters that cannot be read. Go back, type that part anew, and send it again.\n",
            status=400, content_type="text/plain; charset=utf-8",
        )  # fmt: skip


def _as_meant(given: QueryDict) -> QueryDict:
    meant = given.copy()
    for name, values in given.lists():
        meant.setlist(name, [as_meant(one) for one in values])
    meant._mutable = False
    return meant


def _is_illegible(given: QueryDict) -> bool:
    return any(ILLEGAL.search(text) for name, values in given.lists() for text in (name, *values))


def announced_bytes(request: HttpRequest) -> int:
    """How long a request says that its body is; 0 where it says nothing that can be read, for then none is read."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def healthz(_request: HttpRequest) -> HttpResponse:
    """The process is alive; says which process answered, so that an operator can tell them apart."""
    return JsonResponse({"status": "ok", "pid": os.getpid()})


def readyz(_request: HttpRequest) -> HttpResponse:
    """The process is alive and its database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as reason:
        connection.close()
        said = {"status": "unavailable", "database": type(reason).__name__}
        return JsonResponse(said, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"status": "ok", "database": "ok", "pid": os.getpid()})


def _own_collectors() -> list[Collector]:
    if settings.LIENTHONG.service is not Service.HUB:
        return []
    from lienthong.hub.watch.gauges import Gauges

    return [Gauges()]


def exposition(request: HttpRequest) -> HttpResponse:
    """Metrics of all web processes, in Prometheus' text format; only for this machine, whose agent collects them, and
    not for whom a proxy on this machine brings along."""
    if not is_loopback(_peer(request)) or FORWARDED_FOR in request.headers:
        return HttpResponse(status=404)
    return HttpResponse(metrics.text(*_own_collectors()), content_type="text/plain; version=0.0.4; charset=utf-8")
