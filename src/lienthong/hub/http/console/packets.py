"""Văn bản: deliveries, metadata only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.hub.http.console.access import show
from lienthong.hub.http.console.signin import typed
from lienthong.hub.http.console.words import spoken
from lienthong.hub.models import Delivery, Packet, ReportedStatus
from lienthong.hub.operators import Officer
from lienthong.protocol.messages import Kind
from lienthong.standards.statuses import BusinessType, StatusCode, TransportState, Words, furthest

ROWS = 200
ANSWERS = {
    StatusCode.AGREED.value: Words("Đã thu hồi", "Recalled"),
    StatusCode.DECLINED.value: Words("Không thu hồi", "Recall declined"),
}
"""What a recipient answers to a recall."""


def deliveries(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The newest deliveries, or those of one document by its identifier or number; or those that a recipient's system
    could not take and that still wait for it."""
    wanted = typed(request.GET.get("q", ""))
    failed = Delivery.objects.filter(state=TransportState.FAIL.value)
    only_failed = request.GET.get("state") == TransportState.FAIL.value
    query = failed if only_failed else Delivery.objects.filter(kind=Kind.DOCUMENT.value)
    query = query.select_related("packet", "agency")
    if officer.scope is not None:
        own = Q(agency__in=officer.scope) | Q(packet__sender__in=officer.scope)
        query, failed = query.filter(own), failed.filter(own)
    if wanted:
        query = query.filter(packet__identifier=wanted) | query.filter(packet__number=wanted)
    newest = list(query.prefetch_related("reported").order_by("-submitted_at")[:ROWS])
    asked = _recalls({one.packet.identifier for one in newest})
    rows = [_row(one, asked.get((one.packet.sender_id, one.packet.identifier))) for one in newest]
    shown = {"rows": rows, "q": wanted, "failed": failed.count(), "only_failed": only_failed}
    return show(request, officer, "packets.html", shown)


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
        "business_words": "" if business is BusinessType.NEW else spoken(business.words),
        "transport": spoken(TransportState(one.state).words),
        "reported": reported,
        "words": words,
    }


def _reported(statuses: list[ReportedStatus], recalled: datetime | None) -> tuple[str, str]:
    """Code and words of what the recipient reported: the answer to a recall or update, else where the document stands.

    15 and 16 do not move the document, yet whoever asks what became of it is to hear of them first.
    """
    answers = [row for row in statuses if row.code in ANSWERS]
    if answers:
        last = max(answers, key=lambda row: (row.at, row.pk))
        answers_recall = recalled is not None and last.at >= recalled
        return last.code, spoken(ANSWERS[last.code] if answers_recall else StatusCode(last.code).words)
    stands = furthest(StatusCode(row.code) for row in statuses)
    return (stands.value, spoken(stands.words)) if stands else ("", "")
