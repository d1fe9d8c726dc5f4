"""Tổng quan: how the exchange fares now, trouble first. The page asks for its figures again by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.hub import pulse
from lienthong.hub.http.console import chart
from lienthong.hub.http.console.access import REFRESH_SECONDS, show, when_changed
from lienthong.hub.http.console.frame import frame
from lienthong.hub.http.console.words import CLAUSES, PROBLEMS, WHY, spoken
from lienthong.hub.operators import Officer
from lienthong.look.language import figures
from lienthong.look.tags import short_agency

ROWS = 7
TOO_LATE = 0.05
"""A late share from which a duty stands in red."""
LONG = 3600
"""Seconds of waiting from which a delivery stands in amber."""


@dataclass(frozen=True)
class Cell:
    """A figure of the ledger: what, how much, of what unit, compared with what."""

    title: str
    figure: str
    unit: str
    note: str
    kind: str = ""


def page(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The page with its figures of now."""
    return show(request, officer, "overview.html", {**shown(officer, timezone.now()), "refresh": REFRESH_SECONDS})


def live(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The figures and the navigation alone; 304 where they are those that the page has."""
    side = render_to_string("hub/console/side.html", frame(request, officer, path=reverse("hub-console")), request)
    body = side + render_to_string("hub/console/overview_live.html", shown(officer, timezone.now()), request)
    return when_changed(request, body)


def shown(officer: Officer, at: datetime) -> dict[str, Any]:
    """What the figures are drawn from; the whole axis' own only for those whose office it is."""
    scope = officer.scope
    waiting = pulse.oldest(scope, at, limit=ROWS)
    silent = pulse.silent(scope, at)
    stuck = {
        "oldest": [_waiting(one, at) for one in waiting],
        "backlog": pulse.open_deliveries(scope).count(),
        "failed_now": pulse.failed_now(scope),
        "silent": [{"name": one.name, "code": one.code, "at": one.last_contact_at} for one in silent[:ROWS]],
        "silent_count": silent.count(),
        "systems": pulse.count_serving(scope),
        "ending": [_ending(one, at) for one in pulse.ending(scope, at, limit=4)],
        "whole": scope is None,
        "refresh": REFRESH_SECONDS,
    }
    whole = _of_the_axis(at) if scope is None else {}
    cells = [*whole.pop("cells", []), *_stuck_cells(stuck, whole.get("backlog_before"))]
    return {**stuck, **whole, "cells": _in_order(cells)}


def _in_order(cells: list[Cell]) -> list[Cell]:
    """As people look for them: the flow, what is stuck, what failed, who is silent."""
    if len(cells) < 6:
        return cells
    rate, delivered, failed, backlog, oldest, silent = cells
    return [rate, delivered, backlog, oldest, failed, silent]


def _stuck_cells(stuck: dict[str, Any], before: int | None) -> list[Cell]:
    number = figures().number
    first = stuck["oldest"][0] if stuck["oldest"] else None
    then = gettext("tuần trước %(figure)s") % {"figure": number(before)} if before is not None else ""
    cells = [
        Cell(gettext("Tồn đọng"), number(stuck["backlog"]), gettext("lượt giao"), then or gettext("chưa giao xong")),
        Cell(
            gettext("Cũ nhất chưa giao"),
            first["waited"] if first else "–",
            "",
            _way(first) if first else gettext("không có văn bản nào chờ"),
            first["kind"] if first else "",
        ),
    ]
    if not stuck["whole"]:
        cells.append(
            Cell(
                gettext("Bên nhận báo lỗi"), number(stuck["failed_now"]), gettext("lượt giao"),
                gettext("đang chờ lấy lại"), "stop" if stuck["failed_now"] else "",
            )
        )  # fmt: skip
    silent = stuck["silent_count"]
    of = f"/ {number(stuck['systems'])}"
    cells.append(
        Cell(gettext("Hệ thống im lặng"), number(silent), of, gettext("quá 30 phút"), "warn" if silent else "")
    )
    return cells


def _way(one: dict[str, Any]) -> str:
    return f"{short_agency(one['sender'])} → {short_agency(one['recipient'])}"


def _of_the_axis(at: datetime) -> dict[str, Any]:
    """The figures of the whole axis: today against the same weekday."""
    ago = at - pulse.WEEK
    today, before = pulse.day(at), pulse.day(ago)
    steps = pulse.series(pulse.midnight(at), at)
    steps_before = pulse.series(pulse.midnight(ago), pulse.midnight(ago) + chart.STEPS * pulse.STEP)
    refused = sum(count for _, count in today.refused)
    return {
        "cells": _flow_cells(at, today, before, refused),
        "compared_with": ago,
        "backlog_before": pulse.backlog_at(ago),
        "chart": chart.draw(steps, steps_before),
        "table": chart.rows(steps, steps_before),
        "urgencies": pulse.by_urgency(today),
        "refused": [(spoken(PROBLEMS[code]) if code in PROBLEMS else code, count) for code, count in today.refused[:5]],
        "refused_count": refused,
        "clauses": [_clause(one) for one in pulse.clauses(today)],
    }


def _flow_cells(at: datetime, today: pulse.Day, before: pulse.Day, refused: int) -> list[Cell]:
    number, decimal = figures().number, figures().decimal
    delivered, failed = today.total("delivered"), today.total("failed")
    errors = failed + refused
    parts = gettext("Trục trả %(refused)s, bên nhận lỗi %(failed)s") % {
        "refused": number(refused), "failed": number(failed),
    }  # fmt: skip
    return [
        Cell(
            gettext("Thông lượng"), decimal(pulse.rate(at)), gettext("gói/giây"),
            gettext("tuần trước %(figure)s") % {"figure": decimal(pulse.rate(at - pulse.WEEK))},
        ),
        Cell(
            gettext("Đã giao hôm nay"), number(delivered), gettext("lượt giao"),
            _compared(delivered, before.total("delivered"), at),
        ),
        Cell(gettext("Lỗi hôm nay"), number(errors), gettext("lượt"), parts, "stop" if errors else ""),
    ]  # fmt: skip


def _compared(today: int, before: int, at: datetime) -> str:
    """Today against the same weekday a week ago, at the same hour."""
    if not before:
        return gettext("%(weekday)s trước chưa có số liệu") % {"weekday": figures().weekday(at)}
    change = 100 * (today - before) / before
    words = gettext("tăng %(figure)s %%") if change >= 0 else gettext("giảm %(figure)s %%")
    return words % {"figure": figures().decimal(abs(change))}


def _waiting(one: pulse.Waiting, at: datetime) -> dict[str, Any]:
    seconds = (at - one.delivery.submitted_at).total_seconds()
    # To the minute: figures that only count seconds on would be news at every look.
    return {
        "waited": figures().span(max(60, seconds - seconds % 60)),
        "kind": "warn" if seconds >= LONG else "",
        "packet": one.delivery.packet_id,
        "urgency": one.delivery.urgency,
        "sender": one.delivery.packet.sender.name,
        "recipient": one.delivery.agency.name,
        "why": spoken(WHY[one.why]),
    }


def _ending(one: pulse.Ending, at: datetime) -> dict[str, Any]:
    soon = (one.at - at).total_seconds() < 7 * 86_400
    return {"whose": one.whose, "code": one.code, "kind": one.kind, "at": one.at, "soon": soon}


def _clause(one: pulse.Kept) -> dict[str, Any]:
    words = CLAUSES[one.clause]
    decided = one.on_time + one.late
    return {
        "words": spoken(words.duty), "law": spoken(words.law), "decided": decided,
        "on_time": figures().decimal(100 * (1 - one.late_share)), "late": figures().decimal(100 * one.late_share),
        "bar": round(min(one.late_share / 0.15, 1) * 40), "bad": one.late_share > TOO_LATE,
    }  # fmt: skip
