"""Signing in and out; every attempt is in the journal, and who fails too often waits (SEC-2)."""

from __future__ import annotations

from django.contrib.auth import authenticate, get_user_model, login, logout, update_session_auth_hash
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
from lienthong.look.accounts import FAULTS, LEAST_LENGTH
from lienthong.office.models import Organization, Person
from lienthong.office.people import staff
from lienthong.office.people.actors import actor_of
from lienthong.office.web.guards import now, page, show


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The page where people sign in."""
    name = request.POST.get("username", "").strip()
    refusal = gettext("Phiên làm việc đã khóa vì lâu không thao tác. Đăng nhập để tiếp tục.")
    refusal = refusal if "khoa" in request.GET else ""
    status = 200
    if request.method == "POST":
        status = 401
        if is_locked(name, at=now()):
            refusal = gettext("Tài khoản tạm khóa do nhập sai nhiều lần. Thử lại sau 15 phút hoặc liên hệ quản trị.")
        else:
            user = authenticate(request, username=name, password=request.POST.get("password", ""))
            person = Person.objects.filter(user=user).first() if user else None
            if user is not None and person is not None:
                login(request, user)
                request.session["seen"] = now().timestamp()
                note_attempt(OfficeEvent.SIGNED_IN, account=name, actor=actor_of(person), at=now())
                return redirect(_next(request))
            note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=name, actor=Actor("person", name[:60]), at=now())
            refusal = gettext("Tên đăng nhập hoặc mật khẩu không đúng.")
    context = {"refusal_text": refusal, "name": name, "organization": Organization.objects.first()}
    return render(request, "office/signin.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    person = Person.objects.filter(user=request.user).first() if request.user.is_authenticated else None
    if person is not None:
        account = request.user.get_username()
        note_attempt(OfficeEvent.SIGNED_OUT, account=account, actor=actor_of(person), at=now())
    logout(request)
    return redirect("office:signin")


@page(acts=True, before_password=True)
def password(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Choose another password of one's own; this session goes on, all others of this person end."""
    faults: list[str] = []
    if request.method == "POST":
        faults = _choose(request, person)
        if not faults:
            user = get_user_model().objects.get(pk=person.user_id)  # with the new password: the session is tied to it
            update_session_auth_hash(request, user)
            return redirect("office:home")
    due = staff.must_choose_password(person, now())
    context = {
        "old": due and not person.password_due,
        "faults": [FAULTS.get(one, FAULTS["password_too_common"]) for one in faults],
        "least": LEAST_LENGTH,
    }
    answer = show(request, person, "password.html", context)
    answer.status_code = 422 if faults else 200
    return answer


def _choose(request: HttpRequest, person: Person) -> list[str]:
    account, old, new = person.user.get_username(), request.POST.get("old", ""), request.POST.get("new", "")
    if not old:
        return ["old"]
    if new != request.POST.get("again", ""):
        return ["twice"]
    if is_locked(account, at=now()):
        return ["locked"]
    faults = staff.choose_password(person, old=old, new=new, at=now())
    if "old" in faults:  # who sits at another's unlocked desk may not try passwords without end
        note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=account, actor=actor_of(person), at=now())
    return faults


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else reverse("office:home")
