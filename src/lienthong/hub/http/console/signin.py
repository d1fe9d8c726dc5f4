"""The console's door: signing in and out, and one's own password. Every attempt is in the journal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import authenticate, get_user_model, login, logout, update_session_auth_hash
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lienthong.hub.http.console.access import show
from lienthong.hub.http.console.asked import typed
from lienthong.hub.http.edge import note_refusal
from lienthong.hub.operators import Officer, choose_password, officer_of
from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import HubEvent
from lienthong.look.accounts import FAULTS, wanted_of
from lienthong.protocol.problems import Unauthenticated


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The page where people of the console sign in."""
    refusal = gettext("Phiên làm việc đã khóa vì lâu không thao tác. Đăng nhập để tiếp tục.")
    refusal = refusal if "locked" in request.GET else ""
    name = typed(request.POST.get("username", ""))
    status = 200
    if request.method == "POST":
        if _admitted(request, name):
            return redirect(wanted_of(request, home=reverse("hub-console")))
        # One text for a wrong name, a wrong password and a locked account: the door tells nobody which accounts exist.
        refusal = gettext("Tên đăng nhập hoặc mật khẩu không đúng. Sau năm lần sai, tài khoản tạm khóa 15 phút.")
        status = 401
    return render(request, "hub/console/signin.html", {"refusal": refusal, "name": name}, status=status)


def _admitted(request: HttpRequest, name: str) -> bool:
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if is_locked(name, at=datetime.now(UTC)):  # looked at last: a locked account takes as long as any other
        return False
    officer = officer_of(user) if user is not None else None
    if officer is None and not get_user_model().objects.filter(username=name).exists():
        # A stranger may make up any number of names: they are counted, not written down one by one.
        note_refusal(request, Unauthenticated(reason="không có tài khoản này"), "console")
        return False
    if officer is None:
        note_attempt(HubEvent.SIGN_IN_REFUSED, account=name, actor=Actor("person", name[:60]), at=datetime.now(UTC))
        return False
    assert isinstance(user, AbstractBaseUser)  # noqa: S101 - there is no officer without a user
    login(request, user)
    request.session["seen"] = datetime.now(UTC).timestamp()
    note_attempt(HubEvent.SIGNED_IN, account=name, actor=officer.actor, at=datetime.now(UTC))
    return True


def sign_out(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """End the session."""
    note_attempt(HubEvent.SIGNED_OUT, account=officer.account, actor=officer.actor, at=datetime.now(UTC))
    logout(request)
    return redirect("hub-signin")


def password(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The form of one's own password."""
    return _ask(request, officer, [])


def set_password(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Choose another password; this session goes on, all others of this person end."""
    new = request.POST.get("new", "")
    now = datetime.now(UTC)
    if new != request.POST.get("again", ""):
        faults = ["twice"]
    elif is_locked(officer.account, at=now):
        faults = ["locked"]
    else:
        faults = choose_password(officer, old=request.POST.get("old", ""), new=new, at=now)
    if faults:
        if "old" in faults:  # who sits at another's unlocked console may not try passwords without end
            note_attempt(HubEvent.SIGN_IN_REFUSED, account=officer.account, actor=officer.actor, at=now)
        return _ask(request, officer, faults)
    user = get_user_model().objects.get(username=officer.account)  # with the new password, which the session is tied to
    update_session_auth_hash(request, user)
    return redirect("hub-console")


def _ask(request: HttpRequest, officer: Officer, faults: list[str]) -> HttpResponseBase:
    context: dict[str, Any] = {"faults": [FAULTS.get(fault, FAULTS["password_too_common"]) for fault in faults]}
    return show(request, officer, "password.html", context, status=422 if faults else 200)
