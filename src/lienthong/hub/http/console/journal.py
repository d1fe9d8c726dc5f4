"""Nhật ký: looking into the journal; an auditor may take a selection away, which is journaled itself."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.hub.http.console.access import show
from lienthong.hub.http.console.asked import as_number, day, typed
from lienthong.hub.http.console.words import EVENTS, spoken
from lienthong.hub.operators import Officer, Role
from lienthong.journal.models import Event
from lienthong.journal.record import Subject, record
from lienthong.journal.search import Wanted, find, select
from lienthong.journal.vocabulary import HubEvent
from lienthong.look.tables import harmless

SIGN_INS = (
    HubEvent.SIGNED_IN, HubEvent.SIGN_IN_REFUSED, HubEvent.SIGNED_OUT, HubEvent.SESSION_LOCKED,
    HubEvent.PASSWORD_CHANGED, HubEvent.PASSWORD_RESET,
)  # fmt: skip
NOTHING = "-"
"""The name of no event: two wishes that exclude each other."""
MOST_EXPORTED = 20_000
COLUMNS = (
    "id",
    "at",
    "event",
    "words",
    "actor_kind",
    "actor",
    "actor_name",
    "agency",
    "subject_kind",
    "subject",
    "facts",
)
LINKED = {"packet": "hub-packets", "delivery": "hub-packets"}
"""Kinds of subjects that a page can show, by the route that finds them."""


def page(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """A page of the journal, newest first."""
    asked = _asked(request.GET)
    below = request.GET.get("tu", "")
    found = find(_wanted(asked), below=as_number(below, digits=18))
    context = {
        **_form(officer, asked),
        "rows": [_row(event) for event in found.events],
        "beyond": bool(below),
        "next": f"?{urlencode({**asked, 'tu': found.next})}" if found.next else "",
        "looked_until": found.looked_until,
    }
    return show(request, officer, "journal.html", context, live=True)


def export(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """What is asked for as CSV. That it was taken away, by whom and what, is in the journal before it is given."""
    asked = _asked(request.POST)
    events = select(_wanted(asked), most=MOST_EXPORTED)
    if len(events) > MOST_EXPORTED:
        problem = {
            "cause": gettext("Vùng chọn có hơn 20.000 mục."),
            "way_out": gettext("Thu hẹp khoảng ngày hoặc chọn loại sự kiện, rồi xuất lại."),
        }
        context = {**_form(officer, asked), "rows": [], "problem": problem}
        return show(request, officer, "journal.html", context, status=422)
    now = datetime.now(UTC)
    with transaction.atomic():
        record(
            HubEvent.JOURNAL_EXPORTED, actor=officer.actor, subject=Subject("journal", officer.account), at=now,
            asked=asked, amount=len(events),
        )  # fmt: skip
    name = f"nhat-ky-{timezone.localtime(now):%Y%m%d-%H%M%S}.csv"
    return HttpResponse(
        _as_csv(events), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def _asked(parameters: Any) -> dict[str, str]:
    names = ("log", "event", "actor", "subject", "since", "until")
    return {name: value for name in names if (value := typed(parameters.get(name, "")))}


def _wanted(asked: dict[str, str]) -> Wanted:
    names = [asked["event"]] if asked.get("event") in EVENTS else []
    if asked.get("log") == "sign-ins":
        names = [each.value for each in SIGN_INS if not names or each.value in names] or [NOTHING]
    until = day(asked.get("until", ""))
    return Wanted(
        names=names, actor=asked.get("actor", ""), subject=asked.get("subject", "")[:64],
        since=day(asked.get("since", "")), until=until + timedelta(days=1) if until else None,
    )  # fmt: skip


def _form(officer: Officer, asked: dict[str, str]) -> dict[str, Any]:
    rest = {name: value for name, value in asked.items() if name not in ("log", "event")}
    signs = asked.get("log") == "sign-ins"
    return {
        "asked": asked,
        "filtered": bool({name for name in asked if name != "log"}),
        "tabs": tabs("sign-ins" if signs else "all", rest),
        "events": sorted(((name, spoken(words)) for name, words in EVENTS.items()), key=lambda pair: pair[0]),
        "may_export": officer.role is Role.AUDITOR,
        "first": f"?{urlencode(asked)}",
    }


def tabs(current: str, rest: dict[str, str]) -> list[dict[str, Any]]:
    """What the journal is looked at by; `rest`: what is asked for beside."""
    place = reverse("hub-journal")
    shown = (
        ("all", gettext("Tất cả"), f"{place}?{urlencode(rest)}"),
        ("sign-ins", gettext("Đăng nhập"), f"{place}?{urlencode({**rest, 'log': 'sign-ins'})}"),
        ("heads", gettext("Niêm phong"), reverse("hub-journal-heads")),
    )
    return [{"title": title, "url": url, "current": name == current} for name, title, url in shown]


def _row(event: Event) -> dict[str, Any]:
    facts = {name: value for name, value in event.data.items() if value not in ("", None, [], {})}
    return {
        "event": event,
        "facts": ", ".join(f"{name}={_short(value)}" for name, value in facts.items()),
        "linked": event.subject_kind in LINKED,
        "kind": "stop" if event.name in TROUBLE else "",
    }


DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
TROUBLE = {
    HubEvent.SIGN_IN_REFUSED.value, HubEvent.PACKET_REFUSED.value, HubEvent.PACKET_DESTROYED.value,
    HubEvent.DELIVERY_FAILED.value, HubEvent.SYSTEM_SUSPENDED.value, HubEvent.SYSTEM_KEY_REVOKED.value,
}  # fmt: skip


def _short(value: object) -> str:
    if isinstance(value, list) and len(value) > 3:
        return f"[{len(value)}]"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
    return DIGEST.sub(lambda found: f"{found[0][:12]}…", text)


def _as_csv(events: Iterable[Event]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for event in events:
        words = spoken(EVENTS[event.name]) if event.name in EVENTS else ""
        facts = json.dumps(event.data, ensure_ascii=False, sort_keys=True)
        at = timezone.localtime(event.at).isoformat()
        row = (
            event.pk, at, event.name, words, event.actor_kind, event.actor, event.actor_name, event.agency,
            event.subject_kind, event.subject, facts,
        )  # fmt: skip
        writer.writerow([harmless(str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")
