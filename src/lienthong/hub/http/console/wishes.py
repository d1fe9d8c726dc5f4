"""Requests: what systems and agencies' officers ask of the registry, compared with what is, approved or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lienthong.hub import requests, tree
from lienthong.hub.http.console.access import not_here, show
from lienthong.hub.http.console.agencies import tabs
from lienthong.hub.http.console.asked import typed
from lienthong.hub.http.console.refusals import Outcome
from lienthong.hub.http.console.registry_words import REQUEST_STATES
from lienthong.hub.models import ChangeRequest
from lienthong.hub.operators import Officer, Role
from lienthong.hub.tree import Node

AT_ONCE = 50
FIELDS = {
    "name": _("Tên"), "parent": _("Cơ quan cấp trên"), "mail": _("Thư điện tử"), "mobile": _("Điện thoại"),
    "fax": _("Fax"), "state": _("Hoạt động"),
}  # fmt: skip
STATE_VALUES = {"open": _("đang hoạt động"), "closed": _("giải thể")}


def page(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """What waits, the oldest first; or with `muc` what was decided, the newest first."""
    decided = request.GET.get("muc") == "da-xu-ly"
    visible = _visible(officer)
    found = (
        visible.exclude(state="filed").order_by("-decided_at", "-id")
        if decided
        else visible.filter(state="filed").order_by("filed_at", "id")
    )
    shown = Paginator(found, AT_ONCE).get_page(request.GET.get("trang", 1))
    nodes = tree.nodes(asked.code for asked in shown)
    context = {
        "rows": [_row(asked, nodes.get(asked.code)) for asked in shown], "shown": shown, "decided": decided,
        "asks": officer.role is Role.AGENCY, **tabs(officer, "requests"),
    }  # fmt: skip
    return show(request, officer, "agencies/requests.html", context, live=True)


def request_page(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """One request: what is asked against what is."""
    return _show(request, officer, number)


def form(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The form in which an agency's officer asks; `ma` is an agency that is there."""
    code = typed(request.GET.get("ma", ""))
    known = tree.nodes([code]).get(code) if officer.sees(code) else None
    above = tree.path(code)[-2:-1] if known else ()
    asked = {
        "code": known.code if known else "", "name": known.name if known else "",
        "pcode": above[0].code if above else officer.agency, "act": request.GET.get("viec", "register"),
    }  # fmt: skip
    return _ask(request, officer, asked)


def file(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """File a request."""
    names = ("act", "code", "name", "pcode", "mail", "mobile", "on", "decision")
    asked = {name: typed(request.POST.get(name, "")) for name in names}
    asker, now = requests.officer(officer.actor), datetime.now(UTC)
    with Outcome() as outcome:
        if asked["act"] == "close":
            requests.ask_to_close(asker, asked["code"], asked, at=now)
        else:
            requests.ask_to_register(asker, asked, at=now)
    return _ask(request, officer, asked, outcome.problem) if outcome.problem else redirect("hub-requests")


def approve(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """Apply a request."""
    with Outcome() as outcome:
        requests.approve(number, by=officer.actor, at=datetime.now(UTC))
    return _show(request, officer, number, outcome.problem) if outcome.problem else redirect("hub-requests")


def refuse(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """Refuse a request; whoever asked reads the reason."""
    with Outcome() as outcome:
        reason = typed(request.POST.get("reason", ""))
        requests.refuse(number, by=officer.actor, reason=reason, at=datetime.now(UTC))
    return _show(request, officer, number, outcome.problem) if outcome.problem else redirect("hub-requests")


def _visible(officer: Officer) -> QuerySet[ChangeRequest]:
    """Requests that are this person's business: all, or those of the officer's subtree."""
    every = ChangeRequest.objects.select_related("system")
    return every.filter(asked_for__in=officer.scope) if officer.scope is not None else every


def _show(
    request: HttpRequest, officer: Officer, number: int, problem: dict[str, str] | None = None
) -> HttpResponseBase:
    asked = _visible(officer).filter(pk=number).first()
    if asked is None:
        raise not_here()
    waits = asked.state == "filed"
    known = tree.nodes([asked.code]).get(asked.code)
    context = {
        **_row(asked, known), "differences": _differences(asked), "problem": problem, "waits": waits,
        "on": date.fromisoformat(asked.wish["on"]) if "on" in asked.wish else None,
        "decides": waits and officer.role is Role.REGISTRY, "known": known,
        "path": tree.path(asked.code if known else asked.wish.get("parent") or ""),
        **tabs(officer, "requests"),
    }  # fmt: skip
    return show(request, officer, "agencies/request.html", context, status=422 if problem else 200)


def _row(asked: ChangeRequest, known: Node | None) -> dict[str, Any]:
    closes = asked.wish["act"] == "close"
    kind = _("Giải thể") if closes else _("Sửa thông tin") if known else _("Thêm cơ quan")
    name = asked.wish.get("name") or (known.name if known else "")
    return {"asked": asked, "kind": kind, "name": name, "state": REQUEST_STATES[asked.state]}


def _differences(asked: ChangeRequest) -> list[dict[str, Any]]:
    """The lines of the comparison; of an agency above also its name."""
    found = requests.differences(asked)
    nodes = tree.nodes(value for one in found if one.field == "parent" for value in (one.now, one.asked))

    def words(field: str, value: str) -> Any:
        if field == "state":
            return STATE_VALUES[value]
        return f"{value} · {nodes[value].name}" if field == "parent" and value in nodes else value

    return [
        {"field": FIELDS[one.field], "now": words(one.field, one.now), "asked": words(one.field, one.asked)}
        for one in found
    ]


def _ask(
    request: HttpRequest, officer: Officer, asked: dict[str, str], problem: dict[str, str] | None = None
) -> HttpResponseBase:
    context = {
        "asked": asked, "problem": problem, "closes": asked.get("act") == "close",
        "known": tree.nodes([asked["code"]]).get(asked["code"]) if officer.sees(asked["code"]) else None,
        **tabs(officer, "requests"),
    }  # fmt: skip
    return show(request, officer, "agencies/request_form.html", context, status=422 if problem else 200)
