"""Cảnh báo, Sự cố, hỗ trợ, Thông báo, Vận hành: what a hub's team needs to run the axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lienthong.hub import maintenance, notices, tickets
from lienthong.hub.http.console.access import not_here, show
from lienthong.hub.http.console.asked import typed
from lienthong.hub.models import Alert, AlertChannel, Incident, Notice, Ticket, Worker
from lienthong.hub.operators import Officer, Role
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.watch import alerts, gauges, words
from lienthong.hub.watch.rules import BY_CODE
from lienthong.look.language import choose, is_english
from lienthong.protocol.problems import Problem
from lienthong.standards.times import VIETNAM, meant

ROWS = 200
ENDED_SHOWN = timedelta(days=7)
FIGURES_OVER = timedelta(days=90)
MUTES = (4, 24, 72)
"""Hours that the page offers."""
STATE_DISCS = {
    "open": "stop", "acknowledged": "move", "muted": "warn", "resolved": "done", "in_progress": "move",
    "waiting": "warn", "solved": "done", "closed": "done", "investigating": "stop", "identified": "move",
    "monitoring": "warn",
}  # fmt: skip
STATE_WORDS = {
    "open": _("chưa ai xử lý"),
    "acknowledged": _("đang xử lý"),
    "muted": _("tạm không nhắc"),
    "resolved": _("đã hết"),
}
TICKET_WORDS = {
    Ticket.State.OPEN: _("mới"),
    Ticket.State.IN_PROGRESS: _("đang xử lý"),
    Ticket.State.WAITING: _("chờ cơ quan bổ sung"),
    Ticket.State.SOLVED: _("đã giải quyết"),
    Ticket.State.CLOSED: _("đã đóng"),
}
INCIDENT_WORDS = {
    Incident.State.INVESTIGATING: _("đang xác minh"),
    Incident.State.IDENTIFIED: _("đã rõ nguyên nhân"),
    Incident.State.MONITORING: _("đã khắc phục, đang theo dõi"),
    Incident.State.RESOLVED: _("đã kết thúc"),
}
IMPACT_WORDS = {
    Incident.Impact.MINOR: _("chậm, ảnh hưởng nhỏ"),
    Incident.Impact.MAJOR: _("một phần không dùng được"),
    Incident.Impact.CRITICAL: _("không trao đổi được văn bản"),
}
NOTICE_WORDS = {
    Notice.Kind.MAINTENANCE: _("Bảo trì"),
    Notice.Kind.RULES: _("Thay đổi quy định, chuẩn"),
    Notice.Kind.OTHER: _("Khác"),
}


def _now() -> datetime:
    return datetime.now(UTC)


def _done(act: Callable[[], object]) -> dict[str, str] | None:
    """Do it; gives the problem that stood in the way, for the page to show."""
    try:
        act()
    except RegistryRefused as refusal:
        return {"cause": choose(refusal.vi, refusal.en), "way_out": ""}
    except Problem as refusal:
        return {
            "cause": choose(refusal.detail, refusal.detail_en), "way_out": choose(refusal.next_vi, refusal.next_en),
        }  # fmt: skip
    return None


def _moment(text: str) -> datetime | None:
    """What a field for a local time holds; None for nothing, or for no time."""
    try:
        return meant(datetime.fromisoformat(text)).replace(tzinfo=VIETNAM) if text else None
    except ValueError:
        return None


# -- Cảnh báo ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AlertRow:
    """An alert as the page shows it."""

    alert: Alert
    severity: str
    what: str
    next: str
    subject: str
    name: str
    facts: str
    state: str
    disc: str
    live: bool


def waiting_alerts(officer: Officer) -> int:
    """How many alerts nobody looks after."""
    return alerts.live(officer.scope).filter(state=Alert.State.OPEN).count()


def list_alerts(
    request: HttpRequest, officer: Officer, problem: dict[str, str] | None = None
) -> HttpResponseBase:  # fmt: skip
    """What asks for attention, and what ended lately."""
    live = alerts.by_need(alerts.live(officer.scope)[:ROWS])
    ended = Alert.objects.filter(state=Alert.State.RESOLVED, resolved_at__gte=_now() - ENDED_SHOWN)
    if officer.scope is not None:
        ended = ended.filter(subject_kind="agency", subject__in=officer.scope)
    over = list(ended.order_by("-resolved_at")[:ROWS])
    names = words.names_of([*live, *over])
    limits = {each.rule.code: each.value for each in alerts.thresholds()}
    context = {
        "rows": [_alert_row(one, names, limits) for one in live],
        "over": [_alert_row(one, names, limits) for one in over],
        "acts": officer.role is Role.OPERATOR, "mutes": MUTES, "problem": problem,
    }  # fmt: skip
    return show(request, officer, "operations/alerts.html", context, status=422 if problem else 200, live=True)


def _alert_row(one: Alert, names: dict[tuple[str, str], str], limits: dict[str, float]) -> AlertRow:
    rule, english = BY_CODE[one.rule], is_english()
    return AlertRow(
        alert=one,
        severity=words.SEVERITIES[one.severity][english],
        what=words.said(rule, limits[one.rule], english=english),
        next=choose(rule.next_vi, rule.next_en),
        subject="" if one.subject_kind == "hub" else f"{words.SUBJECTS[one.subject_kind][english]} {one.subject}",
        name=names.get((one.subject_kind, one.subject), ""),
        facts=words.facts_of(one, english=english),
        state=str(STATE_WORDS[one.state]),
        disc=STATE_DISCS[one.state],
        live=one.state != Alert.State.RESOLVED,
    )


def acknowledge_alert(request: HttpRequest, officer: Officer, key: int) -> HttpResponseBase:
    """Look after an alert."""
    problem = _done(lambda: alerts.acknowledge(key, actor=officer.actor, at=_now()))
    return list_alerts(request, officer, problem) if problem else redirect("hub-alerts")


def mute_alert(request: HttpRequest, officer: Officer, key: int) -> HttpResponseBase:
    """Be reminded of an alert later."""
    hours = request.POST.get("hours", "")
    until = _now() + timedelta(hours=int(hours) if hours in {str(one) for one in MUTES} else 0)
    reason = typed(request.POST.get("reason", ""))
    problem = _done(lambda: alerts.mute(key, until=until, reason=reason, actor=officer.actor, at=_now()))
    return list_alerts(request, officer, problem) if problem else redirect("hub-alerts")


# -- Sự cố, hỗ trợ -----------------------------------------------------------------------------------------------------


def waiting_tickets(officer: Officer) -> int:
    """How many tickets wait for this side."""
    mine = tickets.visible(officer.scope)
    if officer.role is Role.AGENCY:
        return mine.filter(state=Ticket.State.WAITING).count()
    return mine.filter(state=Ticket.State.OPEN).count()


def desk(request: HttpRequest, officer: Officer, problem: dict[str, str] | None = None) -> HttpResponseBase:
    """Incidents as members are told of them, and the tickets."""
    now = _now()
    rows = tickets.visible(officer.scope).select_related("agency", "system").order_by("-opened_at")[:ROWS]
    context: dict[str, Any] = {
        "incidents": [
            {
                "one": one, "title": choose(one.title, one.title_en or one.title),
                "disc": STATE_DISCS.get(one.state, "done"),
                "state": INCIDENT_WORDS[Incident.State(one.state)], "impact": IMPACT_WORDS[Incident.Impact(one.impact)],
                "updates": [
                    {"at": each.at, "state": INCIDENT_WORDS[Incident.State(each.state)],
                     "text": choose(each.text, each.text_en or each.text)}
                    for each in sorted(one.updates.all(), key=lambda row: -row.pk)
                ],
            }
            for one in notices.incidents(now)
        ],
        "tickets": [_ticket_row(one) for one in rows],
        "figures": tickets.figures(now - FIGURES_OVER, now) if officer.scope is None else None,
        "operator": officer.role is Role.OPERATOR, "reporter": officer.role is Role.AGENCY,
        "impacts": IMPACT_WORDS.items(), "states": INCIDENT_WORDS.items(), "problem": problem,
    }  # fmt: skip
    return show(request, officer, "operations/desk.html", context, status=422 if problem else 200, live=True)


def _ticket_row(one: Ticket) -> dict[str, Any]:
    state = Ticket.State(one.state)
    return {"one": one, "state": TICKET_WORDS[state], "disc": STATE_DISCS.get(state.value, "stop")}


def open_incident(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Tell members of a disturbance."""
    impact = request.POST.get("impact", "")
    problem = _done(
        lambda: notices.open_incident(
            title=typed(request.POST.get("title", "")), text=typed(request.POST.get("text", "")),
            title_en=typed(request.POST.get("title_en", "")), text_en=typed(request.POST.get("text_en", "")),
            impact=Incident.Impact(impact) if impact in Incident.Impact.values else Incident.Impact.MINOR,
            actor=officer.actor, at=_now(),
        )
    )  # fmt: skip
    return desk(request, officer, problem) if problem else redirect("hub-desk")


def update_incident(request: HttpRequest, officer: Officer, key: int) -> HttpResponseBase:
    """Tell members how it stands."""
    state = request.POST.get("state", "")
    problem = _done(
        lambda: notices.update_incident(
            key, state=Incident.State(state) if state in Incident.State.values else Incident.State.INVESTIGATING,
            text=typed(request.POST.get("text", "")), text_en=typed(request.POST.get("text_en", "")),
            actor=officer.actor, at=_now(),
        )
    )  # fmt: skip
    return desk(request, officer, problem) if problem else redirect("hub-desk")


def open_ticket(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """An officer reports a difficulty of his agency."""
    problem = _done(
        lambda: tickets.open_ticket(
            tickets.of_officer(officer.actor, officer.agency), subject=typed(request.POST.get("subject", "")),
            text=typed(request.POST.get("text", "")), at=_now(),
        )
    )  # fmt: skip
    return desk(request, officer, problem) if problem else redirect("hub-desk")


def one_ticket(
    request: HttpRequest, officer: Officer, key: int, problem: dict[str, str] | None = None
) -> HttpResponseBase:  # fmt: skip
    """A ticket with everything that was written."""
    found = tickets.visible(officer.scope).select_related("agency", "system").filter(number=key).first()
    if found is None:
        raise not_here()
    live = found.state != Ticket.State.CLOSED
    context = {
        **_ticket_row(found),
        "entries": [
            {"one": entry, "state": TICKET_WORDS[Ticket.State(entry.state)]} for entry in found.entries.order_by("pk")
        ],
        "operator": live and officer.role is Role.OPERATOR, "reporter": live and officer.role is Role.AGENCY,
        "answers": [(state.value, TICKET_WORDS[state]) for state in tickets.OPERATORS_MOVES], "problem": problem,
    }  # fmt: skip
    return show(request, officer, "operations/ticket.html", context, status=422 if problem else 200, live=True)


def answer_ticket(request: HttpRequest, officer: Officer, key: int) -> HttpResponseBase:
    """An operator answers, or the officer writes more or closes it."""
    found = tickets.visible(officer.scope).filter(number=key).first()
    if found is None:
        raise not_here()
    text, to = typed(request.POST.get("text", "")), request.POST.get("state", "")
    if officer.role is Role.OPERATOR:
        state = Ticket.State(to) if to in Ticket.State.values else Ticket.State.IN_PROGRESS
        problem = _done(lambda: tickets.answer(found, text=text, to=state, actor=officer.actor, at=_now()))
    elif to == Ticket.State.CLOSED:
        problem = _done(lambda: tickets.close_own(found, officer.actor, at=_now()))
    else:
        problem = _done(lambda: tickets.add(found, officer.actor, text=text, at=_now()))
    if problem:
        return one_ticket(request, officer, key, problem)
    return redirect(reverse("hub-ticket", kwargs={"key": key}))


# -- Thông báo ---------------------------------------------------------------------------------------------------------


def list_notices(
    request: HttpRequest, officer: Officer, problem: dict[str, str] | None = None
) -> HttpResponseBase:  # fmt: skip
    """What every agency is told."""
    now = _now()
    rows = [
        {
            "one": one, "kind": NOTICE_WORDS[Notice.Kind(one.kind)],
            "title": choose(one.title, one.title_en or one.title),
            "text": choose(one.text, one.text_en or one.text),
            "shown": one.withdrawn_at is None and not (one.ends_at and one.ends_at <= now),
        }
        for one in Notice.objects.order_by("-published_at", "-pk")[:ROWS]
    ]  # fmt: skip
    context = {
        "rows": rows, "acts": officer.role is Role.OPERATOR, "kinds": NOTICE_WORDS.items(), "problem": problem,
    }  # fmt: skip
    return show(request, officer, "operations/notices.html", context, status=422 if problem else 200)


def publish_notice(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Tell every agency."""
    kind = request.POST.get("kind", "")
    problem = _done(
        lambda: notices.publish(
            kind=Notice.Kind(kind) if kind in Notice.Kind.values else Notice.Kind.OTHER,
            title=typed(request.POST.get("title", "")), text=typed(request.POST.get("text", "")),
            title_en=typed(request.POST.get("title_en", "")), text_en=typed(request.POST.get("text_en", "")),
            starts_at=_moment(request.POST.get("starts_at", "")), ends_at=_moment(request.POST.get("ends_at", "")),
            actor=officer.actor, at=_now(),
        )
    )  # fmt: skip
    return list_notices(request, officer, problem) if problem else redirect("hub-notices")


def withdraw_notice(request: HttpRequest, officer: Officer, key: int) -> HttpResponseBase:
    """Show a notice no more."""
    problem = _done(lambda: notices.withdraw(key, actor=officer.actor, at=_now()))
    return list_notices(request, officer, problem) if problem else redirect("hub-notices")


# -- Vận hành ----------------------------------------------------------------------------------------------------------


def running(request: HttpRequest, officer: Officer, problem: dict[str, str] | None = None) -> HttpResponseBase:
    """Maintenance, workers, disk, how operators are told."""
    now = _now()
    known = {(name, tuple(sorted(labels.items()))): value for name, labels, value in gauges.current(now)}
    value = {name.removeprefix("lienthong_hub_"): int(told) for (name, labels), told in known.items() if not labels}
    full = value.get("disk_full_days", -1)
    waiting = sum(told for (name, _labels), told in known.items() if name == "lienthong_hub_open_deliveries")
    context = {
        "maintenance": maintenance.current(),
        "workers": [
            {"one": one, "silent": now - one.round_at > timedelta(seconds=300)}
            for one in Worker.objects.order_by("node")
        ],
        "value": value, "free": _share(value.get("disk_free_bytes"), value.get("disk_size_bytes")),
        "waiting": int(waiting),
        "days": None if full < 0 else int(full), "channels": AlertChannel.objects.order_by("kind"),
        "acts": officer.role is Role.OPERATOR, "problem": problem,
    }  # fmt: skip
    return show(request, officer, "operations/running.html", context, status=422 if problem else 200)


def _share(part: float | None, whole: float | None) -> int | None:
    return int(100 * part / whole) if part is not None and whole else None


def begin_maintenance(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Take nothing new from now on."""
    problem = _done(
        lambda: maintenance.begin(
            reason=typed(request.POST.get("reason", "")), until=_moment(request.POST.get("until", "")),
            reads=request.POST.get("reads") == "1", actor=officer.actor, at=_now(),
        )
    )  # fmt: skip
    return running(request, officer, problem) if problem else redirect("hub-running")


def end_maintenance(_request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Take everything again."""
    maintenance.end(actor=officer.actor, at=_now())
    return redirect("hub-running")
