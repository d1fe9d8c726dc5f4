"""What every request to either service passes: measuring, logging and protective headers."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from prometheus_client.registry import Collector

from lienthong.runtime import metrics
from lienthong.runtime.settings import Service

Handler = Callable[[HttpRequest], HttpResponseBase]
log = structlog.get_logger("http")

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
LARGEST_FORM_OF_STRANGERS = 64 << 10
QUIET = frozenset({"healthz", "readyz", "metrics"})


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
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
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
        with translation.override(language):
            response = handler(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return spoken


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


def announced_bytes(request: HttpRequest) -> int:
    """How long a request says that its body is; 0 where it says nothing that can be read, for then none is read."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdigit() else 0


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
    """Metrics of all web processes, in Prometheus' text format; only for this machine, whose agent collects them."""
    # A proxy on this machine calls from here too, for whomever: it says so.
    passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if passed_on or request.META.get("REMOTE_ADDR") not in {"127.0.0.1", "::1", ""}:
        return HttpResponse(status=404)
    return HttpResponse(metrics.text(*_own_collectors()), content_type="text/plain; version=0.0.4; charset=utf-8")
