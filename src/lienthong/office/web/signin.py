"""Signing in and out; every attempt is in the journal, and who fails too often waits (SEC-2)."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import Organization, Person
from lienthong.office.people.actors import actor_of
from lienthong.office.web.guards import now


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The page where people sign in."""
    name, refusal = request.POST.get("username", "").strip(), ""
    if request.method == "POST":
        if is_locked(name, at=now()):
            refusal = gettext("Tài khoản tạm khóa do nhập sai nhiều lần. Thử lại sau 15 phút hoặc liên hệ quản trị.")
        else:
            user = authenticate(request, username=name, password=request.POST.get("password", ""))
            person = Person.objects.filter(user=user).first() if user else None
            if user is not None and person is not None:
                login(request, user)
                note_attempt(OfficeEvent.SIGNED_IN, account=name, actor=actor_of(person), at=now())
                return redirect(_next(request))
            note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=name, actor=Actor("person", name[:60]), at=now())
            refusal = gettext("Tên đăng nhập hoặc mật khẩu không đúng.")
    context = {"refusal_text": refusal, "name": name, "organization": Organization.objects.first()}
    return render(request, "office/signin.html", context, status=401 if refusal else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    person = Person.objects.filter(user=request.user).first() if request.user.is_authenticated else None
    if person is not None:
        account = request.user.get_username()
        note_attempt(OfficeEvent.SIGNED_OUT, account=account, actor=actor_of(person), at=now())
    logout(request)
    return redirect("office:signin")


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else reverse("office:home")
