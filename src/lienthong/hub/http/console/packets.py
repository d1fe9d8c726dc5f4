"""Văn bản: finding deliveries, and the way of one packet. Metadata only: no route shows an operator a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.hub import proofs, routing, trail
from lienthong.hub.agencies import directory
from lienthong.hub.http.console.access import not_here, show
from lienthong.hub.http.console.asked import as_number, day, typed
from lienthong.hub.http.console.words import ROUTED, spoken
from lienthong.hub.models import Delivery, Packet, Quarantined, ReportedStatus
from lienthong.hub.operators import Officer
from lienthong.journal.models import Event
from lienthong.look.language import figures
from lienthong.standards.statuses import (
    BusinessType,
    StatusCode,
    TransportState,
    Urgency,
    Words,
    furthest,
    read_refusal,
)

ANSWERS = {
    StatusCode.AGREED.value: Words("Đã thu hồi", "Recalled"),
    StatusCode.DECLINED.value: Words("Không thu hồi", "Recall declined"),
}
"""What a recipient answers to a recall."""
TRANSPORT_KINDS = {"initial": "wait", "processing": "move", "done": "done", "fail": "stop", "withdrawn": "back"}
REPORT_KINDS = {
    "01": "wait",
    "02": "stop",
    "03": "move",
    "04": "move",
    "05": "move",
    "06": "done",
    "15": "back",
    "16": "stop",
}
ANSWERED = (StatusCode.REFUSED, StatusCode.ACCEPTED, StatusCode.ASSIGNED, StatusCode.PROCESSING, StatusCode.FINISHED)
PATIENCE = timedelta(days=1)
"""A silence of so long stands in amber: receipt is told on the same day (Decree 30/2020, 21.2)."""
STATES = (trail.OPEN, *TransportState)
STATE_OPEN = _("Chưa giao xong")
EVENTS = 100


# -- the list --------------------------------------------------------------------------------------------------------


def listing(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Deliveries by what is asked for, a page at a time."""
    asked = {name: typed(value) for name, value in request.GET.items() if name != "tu" and isinstance(value, str)}
    packet = trail.exact(asked.get("q", ""))
    if packet is not None and trail.seen_packet(packet.pk, officer.scope):
        return redirect("hub-packet", packet=packet.pk)
    wanted = _wanted(asked)
    found = trail.find(wanted, officer.scope, trail.Cursor.read(request.GET.get("tu", "")))
    recalls = _recalls({one.packet.identifier for one in found.deliveries})
    filters = {name: value for name, value in asked.items() if value}
    context = {
        "packets": reverse("hub-packets"),
        "rows": [_row(one, recalls.get((one.packet.sender_id, one.packet.identifier))) for one in found.deliveries],
        "asked": asked,
        "q": asked.get("q", ""),
        "filtered": bool(filters),
        "beyond": bool(request.GET.get("tu")),
        "first": f"?{urlencode(filters)}",
        "next": f"?{urlencode({**filters, 'tu': found.next.as_text()})}" if found.next else "",
        "looked_until": found.looked_until,
        "states": [(state, _state_words(state)) for state in STATES],
        "urgencies": [(str(int(one)), spoken(one.words)) for one in reversed(Urgency)],
        "tabs": _tabs(asked) if officer.scope is not None else [],
        "oldest_first": wanted.oldest_first,
    }
    return show(request, officer, "packets.html", context, live=True)


def _wanted(asked: dict[str, str]) -> trail.Wanted:
    urgency = asked.get("urgency", "")
    until = day(asked.get("until", ""))
    return trail.Wanted(
        text=asked.get("q", ""),
        sender=_code(asked.get("sender", "")),
        recipient=_code(asked.get("recipient", "")),
        system=asked.get("system", ""),
        state=asked.get("state", "") if asked.get("state") in STATES else "",
        urgency=int(urgency) if urgency in {str(int(one)) for one in Urgency} else None,
        since=day(asked.get("since", "")),
        until=until + timedelta(days=1) if until else None,
        sent=asked.get("way") == "sent",
    )


def _code(spelling: str) -> str:
    """The code of an agency in any of its spellings; as it was typed where there is none."""
    agency = directory().find(spelling) if spelling else None
    return agency.code if agency else spelling


def _tabs(asked: dict[str, str]) -> list[dict[str, Any]]:
    """An agency officer looks at what came in, or at what went out."""
    rest = {name: value for name, value in asked.items() if value and name != "way"}
    sent = asked.get("way") == "sent"
    return [
        {"title": gettext("Nhận về"), "url": f"?{urlencode(rest)}", "current": not sent},
        {"title": gettext("Gửi đi"), "url": f"?{urlencode({**rest, 'way': 'sent'})}", "current": sent},
    ]


def _state_words(state: str) -> str:
    return str(STATE_OPEN) if state == trail.OPEN else spoken(TransportState(state).words)


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
    # Texts by their names, and no rows: a template asks an object for each of its dots in three ways.
    return {
        "packet": str(one.packet_id),
        "number": one.packet.number,
        "identifier": one.packet.identifier,
        "sender": one.packet.sender.name,
        "recipient": one.agency.name,
        "code": one.agency_id,
        "urgency": one.urgency,
        "state": one.state,
        "at": one.submitted_at,
        "business": str(int(business)),
        "business_words": "" if business is BusinessType.NEW else spoken(business.words),
        **_stand(one, recalled),
    }


def _stand(one: Delivery, recalled: datetime | None) -> dict[str, Any]:
    """Where a delivery stands, in words."""
    reported, words = _reported(list(one.reported.all()), recalled)
    return {
        "transport": spoken(TransportState(one.state).words),
        "transport_kind": TRANSPORT_KINDS[one.state],
        "reported": reported,
        "reported_kind": REPORT_KINDS.get(reported, "wait"),
        "words": words,
        **_silence(one, timezone.now()),
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


def _silence(one: Delivery, at: datetime) -> dict[str, Any]:
    """For how long a recipient has said nothing that it owes: not taken, not accepted nor refused."""
    if one.state == TransportState.WITHDRAWN:
        return {"silence": "", "silent": False}
    answered = any(row.code in ANSWERED or row.code in ANSWERS for row in one.reported.all())
    if answered or (one.packet.business_type or BusinessType.NEW) != BusinessType.NEW:
        return {"silence": "", "silent": False}
    handed_over = one.state == TransportState.DONE
    since = (one.done_at or one.submitted_at) if handed_over else one.submitted_at
    words = gettext("chưa trả lời %(span)s") if handed_over else gettext("chưa giao %(span)s")
    seconds = max(60.0, (at - since).total_seconds())
    return {"silence": words % {"span": figures().span(seconds)}, "silent": at - since > PATIENCE}


# -- one packet's way ------------------------------------------------------------------------------------------------


def way(request: HttpRequest, officer: Officer, packet: UUID) -> HttpResponseBase:
    """What became of one packet: every delivery with its states and times, what was signed, what speaks of it."""
    found = trail.seen_packet(packet, officer.scope)
    if found is None:
        raise not_here()
    number = min(as_number(request.GET.get("trang", ""), digits=5) or 1, 10_000)
    deliveries, count = trail.deliveries_of(found, officer.scope, page=number)
    recalled = _recalls({found.identifier}).get((found.sender_id, found.identifier))
    keys = proofs.keys_of(found, deliveries)
    states = trail.states_of(found, officer.scope)
    context = {
        "packet": found,
        "business": _business(found),
        "rows": [_leg(one, recalled, keys) for one in deliveries],
        "count": count,
        "states": [
            (TRANSPORT_KINDS[state], spoken(state.words), states[state]) for state in TransportState if state in states
        ],
        "page": number,
        "pages": -(-count // trail.SHOWN),
        "proofs": [
            ("submission", proofs.of_submission(found, keys)),
            ("acceptance", proofs.of_acceptance(found, keys)),
        ],
        "about": found.about if found.about and trail.seen_packet(found.about.pk, officer.scope) else None,
        "related": [(one, _business(one)) for one in trail.related(found, officer.scope)],
        "held": _held(found) if officer.scope is None else [],
        "events": _events(found, deliveries),
        "q": found.identifier,
    }
    return show(request, officer, "packet.html", context, live=True)


def _business(packet: Packet) -> str:
    if packet.status_code:
        return spoken(StatusCode(packet.status_code).words)
    business = BusinessType(packet.business_type or BusinessType.NEW)
    return spoken(business.words)


def _leg(one: Delivery, recalled: datetime | None, keys: proofs.Keys) -> dict[str, Any]:
    reason = routing.reason(one.recipient, one.agency_id, directory())
    return {
        "delivery": one,
        **_stand(one, recalled),
        "routed": spoken(ROUTED[reason]) if reason else "",
        "steps": [_step(row) for row in one.reported.all()],
        "proof": proofs.of_handover(one, keys),
        "receipt": proofs.of_handover_receipt(one, keys),
    }


def _step(row: ReportedStatus) -> dict[str, Any]:
    words = spoken(StatusCode(row.code).words)
    # What a recipient wrote beside the code may say what the document says: it is its sender's to read.
    reason = spoken(read_refusal(row.reason)[0].words) if row.code == StatusCode.REFUSED else ""
    return {"code": row.code, "words": words, "at": row.at, "reason": reason, "packet": row.packet_id}


def _held(packet: Packet) -> list[Quarantined]:
    """Copies of the same bytes that were refused and are kept."""
    return list(Quarantined.objects.filter(digest=packet.digest).select_related("system").order_by("at")[:20])


def _events(packet: Packet, deliveries: Sequence[Delivery]) -> list[Event]:
    """What the journal tells of a packet and the deliveries shown, oldest first."""
    ids = [str(one.pk) for one in deliveries[:EVENTS]]
    about = Q(subject_kind="packet", subject=str(packet.pk)) | Q(subject_kind="delivery", subject__in=ids)
    return list(Event.objects.filter(about).order_by("id")[:EVENTS])
