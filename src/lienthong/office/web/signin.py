"""Signing in and out; every attempt is in the journal, and who fails too often waits (SEC-2). Who has a second factor
shows it before anybody is signed in (SEC-4)."""

from __future__ import annotations

import json

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.accounts import is_idle, wanted_of
from lienthong.office.models import FederatedIdentity, IdentityProtocol, IdentityProvider, Organization, Person
from lienthong.office.people import identities, passkeys, second_factor
from lienthong.office.people.actors import actor_of
from lienthong.office.web import sessions
from lienthong.office.web.guards import idle_seconds, now


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The page where people sign in."""
    name = request.POST.get("username", "").strip()
    refusal = gettext("Phiên làm việc đã khóa vì lâu không thao tác. Đăng nhập để tiếp tục.")
    refusal = refusal if "khoa" in request.GET else ""
    status, wanted = 200, wanted_of(request, home=reverse("office:home"))
    if request.method == "POST":
        status = 401
        if is_locked(name, at=now()):
            refusal = _locked()
        else:
            person = _by_password(request, name)
            if person is not None:
                return admit(request, person, wanted=wanted)
            note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=name, actor=Actor("person", name[:60]), at=now())
            refusal = gettext("Tên đăng nhập hoặc mật khẩu không đúng.")
    context = {
        "refusal_text": refusal, "name": name, "organization": Organization.objects.first(),
        "providers": IdentityProvider.objects.filter(active=True), "wanted": wanted,
        "left": IdentityProvider.objects.filter(active=True, slug=request.GET.get("thoat", "")[:30]).first(),
    }  # fmt: skip
    return render(request, "office/signin.html", context, status=status)


def second_step(request: HttpRequest) -> HttpResponseBase:
    """The page where the second factor is shown, by who showed the first a moment ago."""
    found = sessions.half_of(request, now())
    if found is None:
        request.session.pop(sessions.HALF, None)
        return redirect("office:signin")
    person, identity, wanted = found
    refusal, status, account = "", 200, person.user.get_username()
    if request.method == "POST":
        status = 401
        if is_locked(account, at=now()):
            refusal = _locked()
        elif _shows_second(request, person):
            sessions.open_for(request, person, at=now(), identity=identity)
            return redirect(wanted)
        else:
            note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=account, actor=actor_of(person), at=now())
            refusal = gettext("Mã không đúng, đã dùng hoặc đã quá hạn.")
            if request.POST.get("answer"):
                refusal = gettext("Khóa không xác nhận được. Thử lại, hoặc nhập mã.")
    context = {"refusal_text": refusal, "organization": person.organization, "name": account}
    context["app"] = person.second_factor.by_codes
    if (asked := passkeys.ask_to_pass(person, at=now())) is not None:
        question, request.session[sessions.ASKED] = asked
        context["touch"] = json.dumps(question)
    return render(request, "office/signin_code.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session; who came by a provider is offered to leave there as well."""
    person = Person.objects.filter(user=request.user).first() if request.user.is_authenticated else None
    came_by, locked = request.session.get(sessions.BY), False
    if person is not None:
        account = request.user.get_username()
        note_attempt(OfficeEvent.SIGNED_OUT, account=account, actor=actor_of(person), at=now())
        locked = is_idle(request.session, idle_seconds(person), noting=False)
        if locked:  # to leave a locked session is no way around its lock
            identities.note_lock(person, at=now())
        sessions.drop_begun(request.session, person)
    logout(request)
    if locked:
        request.session[sessions.LOCKED] = True
    leaves = IdentityProvider.objects.filter(protocol=IdentityProtocol.OPENID)
    provider = leaves.filter(identities__pk=came_by).first() if came_by else None
    return redirect(reverse("office:signin") + (f"?thoat={provider.slug}" if provider else ""))


def admit(
    request: HttpRequest, person: Person, *, wanted: str, identity: FederatedIdentity | None = None
) -> HttpResponseBase:
    """Let in who showed the password, or whom a provider vouched for; who has a second factor is asked for it first."""
    if second_factor.of(person) is not None:
        sessions.begin_half(request, person, wanted=wanted, at=now(), identity=identity)
        return redirect("office:second-step")
    sessions.open_for(request, person, at=now(), identity=identity)
    return redirect(wanted)


def _by_password(request: HttpRequest, name: str) -> Person | None:
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if user is None:
        return None
    return Person.objects.select_related("organization", "user", "second_factor").filter(user=user).first()


def _shows_second(request: HttpRequest, person: Person) -> bool:
    """By a key that answers what it was asked, or by a code."""
    if answer := request.POST.get("answer", ""):
        return passkeys.passes(person, answer, request.session.pop(sessions.ASKED, None), at=now())
    return second_factor.passes(person, request.POST.get("code", "")[:40], at=now())


def _locked() -> str:
    return gettext("Tài khoản tạm khóa do nhập sai nhiều lần. Thử lại sau 15 phút hoặc liên hệ quản trị.")
