"""What every page of the console passes: who asks, whether they may, and how a refusal is shown."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext

from lienthong.hub.http.console.frame import Nav, frame
from lienthong.hub.operators import Officer, Role, officer_of
from lienthong.journal.attempts import note_attempt
from lienthong.journal.vocabulary import HubEvent
from lienthong.look.accounts import is_idle

View = Callable[..., HttpResponseBase]
EVERYONE = frozenset(Role)
STAFF = EVERYONE - {Role.AGENCY}
"""Those whose office is the whole axis."""
AGAIN = "Lienthong-Again"
"""The header by which a page asks for itself again."""
REFRESH_SECONDS = 10
IDLE_SECONDS = 15 * 60
"""A session in which nothing is done for so long is locked: consoles stand in rooms where people
come and go (SEC-1)."""


@dataclass(frozen=True)
class Route:
    """A route of the console, and who may use it.

    Attributes:
        name: of the route, without the `hub-` before it.
        place: below `/console/`.
        view: is called with the request, the officer, and what the place names.
        roles: who may; all others are told that they may not.
        method: GET for what shows, POST for what changes something.
        asks_by_itself: a page asks it while nobody may be there, so it is no sign that somebody is.
        nav: its entry in the navigation, if it has one.
    """

    name: str
    place: str
    view: View
    roles: frozenset[Role]
    method: str = "GET"
    asks_by_itself: bool = False
    nav: Nav | None = None


class Refused(Exception):
    """A page that is not shown, or an act that is not carried out: cause and way out, in the language of the page."""

    def __init__(self, status: int, cause: str, way_out: str) -> None:
        self.status, self.cause, self.way_out = status, cause, way_out
        super().__init__(cause)


def not_here() -> Refused:
    """What is asked for is not there, or is none of this person's business: the answer is the same."""
    return Refused(
        404, gettext("Không có mục này, hoặc mục không thuộc phạm vi của anh/chị."), gettext("Kiểm tra lại mã đã nhập.")
    )


def guarded(route: Route) -> View:
    """The view of a route behind its rule."""

    @functools.wraps(route.view)
    def view(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        officer = officer_of(request.user) if request.user.is_authenticated else None
        if officer is None:
            logout(request)
            return _to_the_door(request)
        if is_idle(request.session, IDLE_SECONDS, noting=not (route.asks_by_itself or AGAIN in request.headers)):
            return _lock(request, officer)
        if officer.password_due and route.name not in ("password", "password-set", "signout"):
            return redirect("hub-password")
        try:
            if officer.role not in route.roles:
                raise _not_for()
            if request.method != route.method and not (route.method == "GET" and request.method == "HEAD"):
                return HttpResponseNotAllowed([route.method])
            return route.view(request, officer, **parameters)
        except Refused as refusal:
            return show(request, officer, "error.html", {"refusal": refusal}, status=refusal.status)

    return view


def show(
    request: HttpRequest,
    officer: Officer,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    live: bool = False,
) -> HttpResponse:
    """A page in the frame. `context` may hold a `problem` with `cause` and `way_out`, shown above the page.

    Args:
        live: the page asks for itself again while somebody looks at it, and puts in place what stands in elements with
            `data-part` (`static/hub/live.js`).
    """
    whole = {**frame(request, officer), **context}
    if live and request.method == "GET":
        if AGAIN in request.headers:
            # The token of a form is another one each time: a page that says the same would never be the same.
            parts = {**whole, "again": True, "csrf_token": "same"}
            return when_changed(request, render_to_string(f"hub/console/{template}", parts, request))
        whole |= {"live": request.get_full_path(), "refresh": REFRESH_SECONDS}
    return render(request, f"hub/console/{template}", whole, status=status)


def when_changed(request: HttpRequest, body: str) -> HttpResponse:
    """What a page asked for by itself; 304 where it is what the page has."""
    tag = f'"{hashlib.sha256(f"{get_language()}{body}".encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return HttpResponse(body, headers={"ETag": tag})


def _to_the_door(request: HttpRequest, **more: str) -> HttpResponseBase:
    asked = {"next": request.get_full_path(), **more} if request.method == "GET" else more
    return redirect(f"{reverse('hub-signin')}?{urlencode(asked)}" if asked else reverse("hub-signin"))


def _not_for() -> Refused:
    return Refused(
        403, gettext("Vai trò của anh/chị không có quyền với trang này."),
        gettext("Liên hệ đơn vị quản trị Trục nếu cần quyền khác."),
    )  # fmt: skip


def _lock(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    note_attempt(HubEvent.SESSION_LOCKED, account=officer.account, actor=officer.actor, at=datetime.now(UTC))
    logout(request)
    return _to_the_door(request, locked="1")
