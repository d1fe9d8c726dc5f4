"""The hub's console: deliveries, metadata only. Operators do not read content, and no route of the hub shows any."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from lienthong.hub.models import Delivery, Packet, ReportedStatus
from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Kind
from lienthong.standards.statuses import BusinessType, StatusCode, TransportState, Urgency, Words, furthest

ROWS = 200
ANSWERS = {
    StatusCode.AGREED.value: Words("Đã thu hồi", "Recalled"),
    StatusCode.DECLINED.value: Words("Không thu hồi", "Recall declined"),
}
"""What a recipient answers to a recall."""


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The operators' door."""
    refusal = ""
    if request.method == "POST":
        name = _typed(request.POST.get("username", ""))
        if is_locked(name, at=timezone.now()):
            refusal = gettext("Tài khoản tạm khóa do nhập sai nhiều lần. Thử lại sau 15 phút.")
        elif _admitted(request, name):
            return redirect("hub-console")
        else:
            refusal = gettext("Tên đăng nhập hoặc mật khẩu không đúng.")
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
    """The newest deliveries, or those of one document by its identifier or number; or those that a recipient's system
    could not take and that still wait for it."""
    if not request.user.is_authenticated or not getattr(request.user, "is_staff", False):
        return redirect("hub-signin")
    wanted = _typed(request.GET.get("q", ""))
    failed = Delivery.objects.filter(state=TransportState.FAIL.value)
    only_failed = request.GET.get("state") == TransportState.FAIL.value
    query = failed if only_failed else Delivery.objects.filter(kind=Kind.DOCUMENT.value)
    query = query.select_related("packet", "agency")
    if wanted:
        query = query.filter(packet__identifier=wanted) | query.filter(packet__number=wanted)
    newest = list(query.prefetch_related("reported").order_by("-submitted_at")[:ROWS])
    asked = _recalls({one.packet.identifier for one in newest})
    rows = [_row(one, asked.get((one.packet.sender_id, one.packet.identifier))) for one in newest]
    shown = {"rows": rows, "q": wanted, "failed": failed.count(), "only_failed": only_failed}
    return render(request, "hub/console.html", shown)


def _recalls(identifiers: set[str]) -> dict[tuple[str, str], datetime]:
    """When the recall of each of these documents was first asked for, by sender and identifier."""
    asking = Q(business_type=BusinessType.RECALL) | Q(status_code=StatusCode.TAKE_BACK.value)
    found = Packet.objects.filter(asking, about__identifier__in=identifiers).order_by("-submitted_at")
    return {
        (sender, identifier): at
        for sender, identifier, at in found.values_list("about__sender_id", "about__identifier", "submitted_at")
    }


def _row(one: Delivery, recalled: datetime | None) -> dict[str, Any]:
    business = BusinessType(one.packet.business_type or BusinessType.NEW)
    reported, words = _reported(list(one.reported.all()), recalled)
    return {
        "delivery": one,
        "business": int(business),
        "business_words": "" if business is BusinessType.NEW else _spoken(business.words),
        "urgency": _spoken(Urgency(one.urgency).words) if one.urgency else "",
        "transport": _spoken(TransportState(one.state).words),
        "reported": reported,
        "form": "H:i:s j M Y" if get_language() == "en" else "H:i:s d/m/Y",
        "words": words,
    }


def _spoken(words: Words) -> str:
    return words.en if get_language() == "en" else words.vi


def _reported(statuses: list[ReportedStatus], recalled: datetime | None) -> tuple[str, str]:
    """Code and words of what the recipient reported: the answer to a recall or update, else where the document stands.

    15 and 16 do not move the document, yet whoever asks what became of it is to hear of them first.
    """
    answers = [row for row in statuses if row.code in ANSWERS]
    if answers:
        last = max(answers, key=lambda row: (row.at, row.pk))
        answers_recall = recalled is not None and last.at >= recalled
        return last.code, _spoken(ANSWERS[last.code] if answers_recall else StatusCode(last.code).words)
    stands = furthest(StatusCode(row.code) for row in statuses)
    return (stands.value, _spoken(stands.words)) if stands else ("", "")
