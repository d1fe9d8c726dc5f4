"""Connected systems: who is well and who is not, and the page of one system."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from lienthong.hub import calls, connected, policy
from lienthong.hub.connected import Health
from lienthong.hub.http.console.access import not_here, show
from lienthong.hub.http.console.asked import typed
from lienthong.hub.http.console.words import event_words
from lienthong.hub.models import System, SystemCertificate, SystemKey, Webhook
from lienthong.hub.operators import Officer, Role
from lienthong.hub.participants import NEAR_END
from lienthong.hub.webhooks import endpoints, sending, targets
from lienthong.look.language import choose, figures
from lienthong.standards.plaintext import plain_words

ACTING = {Role.OPERATOR, Role.REGISTRY}
"""Who may stop a system, and give it other keys."""
CALLS_SHOWN = 40
LISTS = {"tat-ca": _("Tất cả"), "can-xem": _("Cần xem"), "tam-ngung": _("Tạm ngừng"), "thi-diem": _("Thí điểm")}
ENDS = {
    "key": _("khóa cũ"),
    "secret": _("khóa dùng chung cũ"),
    "certificate": _("chứng thư TLS"),
    "declaration": _("công bố hợp quy"),
}


def page(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Every system in a line, those in trouble first."""
    wanted, chosen = typed(request.GET.get("q", "")), request.GET.get("muc", "")
    every = connected.overview(datetime.now(UTC), officer.scope)
    lists = {
        "tat-ca": every,
        "can-xem": [one for one in every if one.trouble or one.ends],
        "tam-ngung": [one for one in every if one.row.suspended_at],
        "thi-diem": [one for one in every if one.pilot],
    }
    chosen = chosen if chosen in lists else "tat-ca"
    shown = [one for one in lists[chosen] if _meets(one, wanted)]
    context = {
        "rows": [(one, _state(one), ENDS.get(one.ends_what, ""), _skew(one.row)) for one in shown],
        "tabs": [(key, LISTS[key], len(rows), key == chosen) for key, rows in lists.items()],
        "wanted": wanted, "chosen": chosen, "any": bool(every), "keeps": officer.role is Role.REGISTRY,
    }  # fmt: skip
    return show(request, officer, "systems/systems.html", context, live=True)


def system(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Everything on record of one system."""
    return show_system(request, officer, code)


def show_system(
    request: HttpRequest, officer: Officer, code: str, problem: dict[str, str] | None = None, **more: Any
) -> HttpResponseBase:
    """The page of one system; with what was refused, or with what is shown this once."""
    now = datetime.now(UTC)
    one = connected.of_system(code, now) if connected.serves(code, officer.scope) else None
    if one is None:
        raise not_here()
    papers = connected.papers(code)
    whole = connected.is_within(code, officer.scope)
    if not whole:
        # A system of several houses: its journal and its refused packets are not this officer's business alone.
        papers = replace(papers, quarantined=(), events=())
    agencies = [agency for agency in papers.agencies if officer.sees(agency.code)]
    context = {
        "one": one, "row": one.row, "state": _state(one), "ends_words": ENDS.get(one.ends_what, ""), "papers": papers,
        "agencies": agencies, "keys": [(key, _key_state(key, now)) for key in papers.keys],
        "certificates": [(each, _certificate_state(each, now)) for each in papers.certificates],
        "reminders": [choose(each.vi, each.en) for each in one.reminders], "today": now.date(),
        "declarations": [(each, each.valid_from <= now.date() <= each.valid_to) for each in papers.declarations],
        "quarantined": [
            (each, choose(each.problem["detail"], each.problem["detail_en"])) for each in papers.quarantined
        ],
        "events": [(event, event_words(event.name)) for event in papers.events],
        "calls": calls.newest(code, limit=CALLS_SHOWN) if whole else (), "skew": _skew(one.row),
        "webhooks": [_webhook(each, now) for each in endpoints.of_system(code)],
        "old_secret_opens": one.row.vxp_secret_before_until is not None and one.row.vxp_secret_before_until > now,
        "acts": officer.role in ACTING, "keeps": officer.role is Role.REGISTRY, "problem": problem,
        "largest_mb": (one.row.largest_packet or 0) >> 20, "secrets_given": connected.secrets_given(code), **more,
    }  # fmt: skip
    return show(request, officer, "systems/system.html", context, status=422 if problem else 200, live=True)


def _meets(one: Health, wanted: str) -> bool:
    """Whether a system is meant: by the beginnings of the words of its name and code."""
    there = [*plain_words(one.row.name), one.row.code.lower()]
    return all(any(each.startswith(word) for each in there) for word in plain_words(wanted))


def _state(one: Health) -> tuple[str, Any]:
    """Disc and words of a system."""
    if one.row.suspended_at:
        return "stop", _("Tạm ngừng")
    if not _has_door(one.row):
        return "stop", _("Đóng cả hai cổng")
    if one.row.last_contact_at is None:
        return "wait", _("Chưa liên lạc")
    if one.silent:
        return "warn", _("Im lặng")
    return "done", _("Hoạt động")


def _has_door(row: System) -> bool:
    return row.native or row.vxp


def _skew(row: System) -> dict[str, Any] | None:
    """How far a system's clock is off, in seconds as they are read; None where it was never measured."""
    if row.clock_skew_ms is None:
        return None
    seconds = row.clock_skew_ms / 1000
    sign = "+" if seconds > 0 else "−" if seconds < 0 else ""
    return {"seconds": f"{sign}{figures().decimal(abs(seconds))}", "off": abs(seconds) > policy.SKEW_TOLD}


def _webhook(row: Webhook, at: datetime) -> dict[str, Any]:
    """An endpoint: its host alone, for an address may hold a secret of the receiver."""
    host, _ = targets.host_and_port(row.url)
    state = _WEBHOOK_STATES[sending.breaker_of(row, at)] if row.enabled else ("back", gettext("Đã tắt"))
    return {"row": row, "host": host, "state": state, "waiting": row.messages.count()}


_WEBHOOK_STATES = {
    sending.Breaker.CLOSED: ("done", _("Đang gửi")),
    sending.Breaker.OPEN: ("stop", _("Tạm ngắt")),
    sending.Breaker.HALF_OPEN: ("warn", _("Đang thử lại")),
}


def _certificate_state(row: SystemCertificate, at: datetime) -> tuple[str, Any]:
    if row.revoked_at:
        return "stop", pgettext("key", "Đã thu hồi")
    if row.valid_to <= at:
        return "back", _("Hết hạn")
    return ("warn", _("Sắp hết hạn")) if row.valid_to - at < NEAR_END else ("done", _("Đang dùng"))


def _key_state(key: SystemKey, at: datetime) -> tuple[str, Any]:
    if key.revoked_for:
        return "stop", pgettext("key", "Đã thu hồi")
    if key.retired_at is None:
        return "done", _("Đang dùng")
    return ("warn", _("Sắp ngừng")) if key.retired_at > at else ("back", _("Đã ngừng"))
