"""Signing in and out; every attempt is in the journal, and who fails too often waits (SEC-2)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import Organization, Person
from lienthong.office.people.actors import actor_of
from lienthong.office.web.guards import now, page

ATTEMPTS = 5
LOCKED_FOR = timedelta(minutes=15)


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The page where people sign in."""
    name, refusal = request.POST.get("username", "").strip(), ""
    if request.method == "POST":
        if _is_locked(name):
            refusal = gettext("Tài khoản tạm khóa do nhập sai nhiều lần. Thử lại sau 15 phút hoặc liên hệ quản trị.")
        else:
            user = authenticate(request, username=name, password=request.POST.get("password", ""))
            person = Person.objects.filter(user=user).first() if user else None
            if user is not None and person is not None:
                login(request, user)
                _note(OfficeEvent.SIGNED_IN, actor_of(person), name)
                return redirect(_next(request))
            _note(OfficeEvent.SIGN_IN_REFUSED, Actor("person", name[:60]), name)
            refusal = gettext("Tên đăng nhập hoặc mật khẩu không đúng.")
    context = {"refusal_text": refusal, "name": name, "organization": Organization.objects.first()}
    return render(request, "office/signin.html", context, status=401 if refusal else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    person = Person.objects.filter(user=request.user).first() if request.user.is_authenticated else None
    if person is not None:
        _note(OfficeEvent.SIGNED_OUT, actor_of(person), request.user.get_username())
    logout(request)
    return redirect("office:signin")


@page()
def whoami(_request: HttpRequest, person: Person) -> HttpResponse:
    """Who is signed in; for the keyboard and the bell."""
    return HttpResponse(person.full_name, content_type="text/plain; charset=utf-8")


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else reverse("office:home")


def _is_locked(name: str) -> bool:
    """Too many refusals since the last success, within a quarter of an hour."""
    recent = Event.objects.filter(subject_kind="account", subject=name[:64], at__gt=now() - LOCKED_FOR).order_by("-id")
    failures = 0
    for event in recent[:ATTEMPTS]:
        if event.name != OfficeEvent.SIGN_IN_REFUSED.value:
            break
        failures += 1
    return failures >= ATTEMPTS


def _note(event: OfficeEvent, actor: Actor, name: str) -> None:
    with transaction.atomic():
        record(event, actor=actor, subject=Subject("account", name[:64]), at=now())
