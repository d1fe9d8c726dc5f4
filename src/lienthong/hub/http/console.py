"""The hub's console: deliveries, metadata only. Operators do not read content, and no route of the hub shows any."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from lienthong.hub.models import Delivery
from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Kind
from lienthong.standards.statuses import StatusCode, TransportState, Urgency, furthest

ROWS = 200


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The operators' door."""
    refusal = ""
    if request.method == "POST":
        name = _typed(request.POST.get("username", ""))
        if is_locked(name, at=timezone.now()):
            refusal = "Tài khoản tạm khóa do nhập sai nhiều lần. Thử lại sau 15 phút."
        elif _admitted(request, name):
            return redirect("hub-console")
        else:
            refusal = "Tên đăng nhập hoặc mật khẩu không đúng."
    return render(request, "hub/signin.html", {"refusal": refusal}, status=401 if refusal else 200)


def _typed(text: str) -> str:
    """What a person typed: nobody types what the database cannot hold."""
    return text.replace("\0", "").strip()


def _admitted(request: HttpRequest, name: str) -> bool:
    """Sign an operator in; every attempt is in the journal."""
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    admitted = user is not None and user.is_staff
    if admitted:
        login(request, user)
    event = HubEvent.SIGNED_IN if admitted else HubEvent.SIGN_IN_REFUSED
    note_attempt(event, account=name, actor=Actor("person", name[:60]), at=timezone.now())
    return admitted


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    logout(request)
    return redirect("hub-signin")


def deliveries(request: HttpRequest) -> HttpResponseBase:
    """The newest deliveries, or those of one document by its identifier or number."""
    if not request.user.is_authenticated or not getattr(request.user, "is_staff", False):
        return redirect("hub-signin")
    wanted = _typed(request.GET.get("q", ""))
    query = Delivery.objects.filter(kind=Kind.DOCUMENT.value).select_related("packet", "agency")
    if wanted:
        query = query.filter(packet__identifier=wanted) | query.filter(packet__number=wanted)
    newest = query.prefetch_related("reported").order_by("-submitted_at")[:ROWS]
    return render(request, "hub/console.html", {"rows": [_row(one) for one in newest], "q": wanted})


def _row(one: Delivery) -> dict[str, Any]:
    stands = furthest(StatusCode(row.code) for row in one.reported.all())
    return {
        "delivery": one,
        "urgency": Urgency(one.urgency).words.vi if one.urgency else "",
        "transport": TransportState(one.state).words.vi,
        "reported": stands.value if stands else "",
        "words": stands.words.vi if stands else "",
    }
