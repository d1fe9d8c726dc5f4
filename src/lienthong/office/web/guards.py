"""What every page passes: who asks, whether they may, and how a refusal is shown."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from lienthong.journal.attempts import note_attempt
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.accounts import is_idle
from lienthong.look.language import choose
from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.models import Person, Role
from lienthong.office.people import identities, second_factor, sign_in_rules
from lienthong.office.people.access import require
from lienthong.office.people.access import roles as roles_of
from lienthong.office.people.actors import actor_of
from lienthong.office.web import sessions
from lienthong.office.web.frame import frame
from lienthong.protocol.channel import FORWARDED_FOR, Proxies
from lienthong.standards.signatures.errors import SignatureProblem

Problem = OfficeProblem | SignatureProblem
View = Callable[..., HttpResponseBase]
IDLE_SECONDS = 15 * 60
"""A session in which nothing is done for so long is locked (SEC-1)."""
IDLE_SECONDS_OF_ADMINISTRATORS = 5 * 60


def now() -> datetime:
    """The moment of the request."""
    return datetime.now(UTC)


def page(
    *roles: Role, acts: bool = False, asks_by_itself: bool = False, before_password: bool = False,
    before_second: bool = False,
) -> Callable[[View], View]:  # fmt: skip
    """A page for people who are signed in, and who have one of these roles where any is named.

    The view gets the request and the person; a refusal becomes a page that names cause, clause and way out.

    Args:
        acts: whether forms are posted to it; what only shows is asked for with GET or HEAD, and nothing else.
        asks_by_itself: a page asks it while nobody may be there, so it is no sign that somebody is (unless it says
            `active`: keys or pointer were used since it last asked).
        before_password: open to who must choose another password first.
        before_second: open to who must set up a second factor first.
    """
    methods = ["GET", "HEAD", "POST"] if acts else ["GET", "HEAD"]

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
            person = of_request(request)
            try:
                if person is None:
                    raise NotFound()
                noting = not asks_by_itself or "active" in request.GET
                if is_idle(request.session, idle_seconds(person), noting=noting):
                    return _lock(request, person)
                if not sessions.still_holds(request.session, person):
                    return _leave(request, person)
                if not before_password and sessions.needs_password(request.session, person, now()):
                    return redirect("office:password")
                if not (before_password or before_second) and needs_second_factor(request, person):
                    return redirect("office:second-factor")
                if roles:
                    require(person, *roles)
                if request.method not in methods:
                    return HttpResponseNotAllowed(methods)
                return view(request, person, **parameters)
            except (OfficeProblem, SignatureProblem) as problem:
                return refused(request, person, problem)

        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorate


def idle_seconds(person: Person) -> int:
    """How long this person's session stays open while nothing is done in it (SEC-1)."""
    return IDLE_SECONDS_OF_ADMINISTRATORS if Role.ADMINISTRATOR in roles_of(person) else IDLE_SECONDS


def lock_if_idle(request: HttpRequest) -> None:
    """Lock the session from which somebody goes to sign in anew, where nothing was done in it for so long: to open no
    page of it before is no way around its lock (SEC-1)."""
    person = of_request(request) if request.user.is_authenticated else None
    if person is not None and is_idle(request.session, idle_seconds(person), noting=False):
        _lock(request, person)


def _lock(request: HttpRequest, person: Person) -> HttpResponseBase:
    account = person.user.get_username()
    note_attempt(OfficeEvent.PERSON_SESSION_LOCKED, account=account, actor=actor_of(person), at=now())
    identities.note_lock(person, at=now())
    left = _leave(request, person, khoa="1")
    request.session[sessions.LOCKED] = True
    return left


def _leave(request: HttpRequest, person: Person, **why: str) -> HttpResponseBase:
    sessions.drop_begun(request.session, person)
    logout(request)
    query = urlencode({"next": request.get_full_path(), **why})
    return redirect(f"{settings.LOGIN_URL}?{query}")


def of_request(request: HttpRequest) -> Person | None:
    """Who is signed in, with what every page asks of them."""
    known = Person.objects.select_related("organization__sign_in_rules", "user", "second_factor")
    return known.filter(user=request.user.pk).first()


def needs_second_factor(request: HttpRequest, person: Person) -> bool:
    """Whether the agency asks a second factor of this person at this place, and there is none yet (SEC-4)."""
    return second_factor.of(person) is None and sign_in_rules.asks(person, caller(request))


def caller(request: HttpRequest) -> str:
    """The address that the request comes from; behind a trusted proxy the one that it names."""
    proxies = Proxies.of(settings.LIENTHONG.trusted_proxies)
    return proxies.caller(str(request.META.get("REMOTE_ADDR", "")), request.headers.get(FORWARDED_FOR, ""))


def show(
    request: HttpRequest, person: Person, template: str, context: dict[str, Any], *, problem: Problem | None = None
) -> HttpResponse:
    """A page in the frame; with a refusal on top, and its status, where an act was refused."""
    everything = {**frame(request, person), **context, "problem": as_words(problem) if problem else None}
    return render(request, f"office/{template}", everything, status=problem.status if problem else 200)


def refused(request: HttpRequest, person: Person | None, problem: Problem) -> HttpResponse:
    """The page of a refusal; before somebody is known, it stands at the door."""
    template, around = ("error.html", frame(request, person)) if person else ("signin_refused.html", {})
    return render(request, f"office/{template}", {**around, "refusal": as_words(problem)}, status=problem.status)


def as_words(problem: Problem) -> dict[str, str]:
    """A refusal as pages show it."""
    if isinstance(problem, OfficeProblem):
        way_out = choose(problem.way_out_vi, problem.way_out_en)
    else:
        way_out = choose(problem.next_vi, problem.next_en)
    return {
        "code": problem.code,
        "cause": choose(problem.message_vi, problem.message_en),
        "clause": getattr(problem, "clause", ""),
        "way_out": way_out,
    }
