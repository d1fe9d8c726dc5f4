"""The hub's console: deliveries, metadata only. Operators do not read content, and no route of the hub shows any."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from lienthong.hub.models import Delivery
from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Kind
from lienthong.standards.statuses import StatusCode, TransportState, Urgency, Words, furthest

ROWS = 200


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The operators' door."""
    refusal = ""
    if request.method == "POST":
        name = request.POST.get("username", "").strip()
        if is_locked(name, at=timezone.now()):
            refusal = gettext("Tài khoản tạm khóa do nhập sai nhiều lần. Thử lại sau 15 phút.")
        elif _admitted(request, name):
            return redirect("hub-console")
        else:
            refusal = gettext("Tên đăng nhập hoặc mật khẩu không đúng.")
    return render(request, "hub/signin.html", {"refusal": refusal}, status=401 if refusal else 200)


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
    """The newest deliveries, or those of one document by its identifier or number; or those that a recipient's system
    could not take and that still wait for it."""
    if not request.user.is_authenticated or not getattr(request.user, "is_staff", False):
        return redirect("hub-signin")
    wanted = request.GET.get("q", "").strip()
    failed = Delivery.objects.filter(state=TransportState.FAIL.value)
    only_failed = request.GET.get("state") == TransportState.FAIL.value
    query = failed if only_failed else Delivery.objects.filter(kind=Kind.DOCUMENT.value)
    query = query.select_related("packet", "agency")
    if wanted:
        query = query.filter(packet__identifier=wanted) | query.filter(packet__number=wanted)
    newest = query.prefetch_related("reported").order_by("-submitted_at")[:ROWS]
    shown = {"rows": [_row(one) for one in newest], "q": wanted, "failed": failed.count(), "only_failed": only_failed}
    return render(request, "hub/console.html", shown)


def _row(one: Delivery) -> dict[str, Any]:
    stands = furthest(StatusCode(row.code) for row in one.reported.all())
    return {
        "delivery": one,
        "urgency": _spoken(Urgency(one.urgency).words) if one.urgency else "",
        "transport": _spoken(TransportState(one.state).words),
        "reported": stands.value if stands else "",
        "form": "H:i:s j M Y" if get_language() == "en" else "H:i:s d/m/Y",
        "words": _spoken(stands.words) if stands else "",
    }


def _spoken(words: Words) -> str:
    return words.en if get_language() == "en" else words.vi
