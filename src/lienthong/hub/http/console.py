"""The hub's console: deliveries, metadata only. Operators do not read content, and no route of the hub shows any."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from lienthong.hub.models import Delivery
from lienthong.protocol.messages import Kind
from lienthong.standards.statuses import StatusCode, TransportState, Urgency, Words, furthest

ROWS = 200


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The operators' door."""
    refusal = ""
    if request.method == "POST":
        name, word = request.POST.get("username", ""), request.POST.get("password", "")
        user = authenticate(request, username=name, password=word)
        if user is not None and user.is_staff:
            login(request, user)
            return redirect("hub-console")
        refusal = gettext("Tên đăng nhập hoặc mật khẩu không đúng.")
    return render(request, "hub/signin.html", {"refusal": refusal}, status=401 if refusal else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    logout(request)
    return redirect("hub-signin")


def deliveries(request: HttpRequest) -> HttpResponseBase:
    """The newest deliveries, or those of one document by its identifier or number."""
    if not request.user.is_authenticated or not getattr(request.user, "is_staff", False):
        return redirect("hub-signin")
    wanted = request.GET.get("q", "").strip()
    query = Delivery.objects.filter(kind=Kind.DOCUMENT.value).select_related("packet", "agency")
    if wanted:
        query = query.filter(packet__identifier=wanted) | query.filter(packet__number=wanted)
    newest = query.prefetch_related("reported").order_by("-submitted_at")[:ROWS]
    return render(request, "hub/console.html", {"rows": [_row(one) for one in newest], "q": wanted})


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
