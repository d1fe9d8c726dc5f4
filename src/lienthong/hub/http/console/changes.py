"""Changes of codes: what is planned, what was, and a form for each kind that tells what it would do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lienthong.hub import agencies, codes, tree
from lienthong.hub.codes import Kind, Plan, Preview, Units
from lienthong.hub.http.console.access import not_here, show
from lienthong.hub.http.console.agencies import tabs
from lienthong.hub.http.console.asked import typed
from lienthong.hub.http.console.refusals import Outcome, day
from lienthong.hub.http.console.registry_words import CHANGE_STATES, CHANGE_WORDS
from lienthong.hub.models import CodeChange
from lienthong.hub.operators import Officer, Role
from lienthong.standards.times import VIETNAM

AT_ONCE = 50
MOST_PLANNED = 200
SHOWN = 12
"""So many agencies of a preview are named; the others are counted."""
FORMS = {
    Kind.RENAME.value: _("Cơ quan có tên mới từ ngày hiệu lực; mã giữ nguyên."),
    Kind.MOVE.value: _("Cơ quan và mọi đơn vị bên dưới chuyển sang cơ quan cấp trên khác; mã giữ nguyên."),
    Kind.MERGE.value: _("Mã cũ chuyển tiếp đến cơ quan kế thừa; văn bản đang trên đường không mất."),
    Kind.SPLIT.value: _("Mã cũ ngừng nhận văn bản mới; cơ quan kế thừa đầu tiên tiếp quản việc đang dở."),
    Kind.CLOSE.value: _("Mã ngừng nhận văn bản; các đơn vị trực thuộc phải được xử lý trước."),
}
"""The kinds that have a form, and what each does. An agency is opened where it is added."""
_GAPS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Asked:
    """A change as it was typed."""

    kind: str
    codes: tuple[str, ...]
    into: tuple[str, ...]
    name: str
    on: str
    decision: str
    units: str

    def plan(self) -> Plan:
        """As the book of changes takes it. Raises `BadDay`."""
        return Plan(Kind(self.kind), self.codes, day(self.on), self.decision, self.into, self.name, Units(self.units))


def page(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """What is planned, the nearest first; below it what was, the newest first."""
    past = CodeChange.objects.exclude(state="planned").order_by("-effective_at", "-id")
    shown = Paginator(past, AT_ONCE).get_page(request.GET.get("trang", 1))
    context = {
        **_planned(), "past": _rows(list(shown)), "shown": shown,
        "keeps": officer.role is Role.REGISTRY, "kinds": [(kind, CHANGE_WORDS[kind]) for kind in FORMS],
        **tabs(officer, "changes"),
    }  # fmt: skip
    return show(request, officer, "agencies/changes.html", context, live=True)


def form(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The form of a change; `loai` is its kind, `ma` a code that changes."""
    asked = _asked(request.GET, kind=request.GET.get("loai", "rename"), codes=request.GET.get("ma", ""))
    return _ask(request, officer, asked)


def preview(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Say what a change would do, and ask whether to file it; changes nothing."""
    asked = _asked(request.POST)
    seen, plan = None, None
    with Outcome() as outcome:
        plan = asked.plan()
        seen = codes.preview(plan)
    if seen is None or plan is None:
        return _ask(request, officer, asked, outcome.problem)
    context = {"asked": asked, "kind_words": CHANGE_WORDS[asked.kind], **_told(plan, seen), **tabs(officer, "changes")}
    return show(request, officer, "agencies/change_preview.html", context)


def file(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """File a change."""
    asked = _asked(request.POST)
    with Outcome() as outcome:
        codes.file(asked.plan(), by=officer.actor, at=datetime.now(UTC))
    if outcome.problem:
        return _ask(request, officer, asked, outcome.problem)
    agencies.forget_copy()
    return redirect("hub-changes")


def undo(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """Strike out a change before its day."""
    with Outcome() as outcome:
        codes.undo(number, by=officer.actor, at=datetime.now(UTC))
    if outcome.problem:
        context = {
            **_planned(), "past": [], "keeps": True, "problem": outcome.problem, **tabs(officer, "changes"),
        }  # fmt: skip
        return show(request, officer, "agencies/changes.html", context, status=422)
    return redirect("hub-changes")


def _asked(form: QueryDict, *, kind: str = "", codes: str = "") -> Asked:
    kind = kind or form.get("kind", "")
    if kind not in FORMS:
        raise not_here()
    units = form.get("units", "")
    return Asked(
        kind=kind, codes=_codes(codes or form.get("codes", "")), into=_codes(form.get("into", "")),
        name=typed(form.get("name", "")), on=typed(form.get("on", "")), decision=typed(form.get("decision", ""))[:200],
        units=units if units in Units.values else Units.MOVE.value,
    )  # fmt: skip


def _codes(text: str) -> tuple[str, ...]:
    """Codes as they were typed, each once, in any spelling of theirs."""
    known = agencies.directory()
    written = [one for one in _GAPS.split(typed(text)) if one]
    return tuple(dict.fromkeys(found.code if (found := known.find(one)) else one for one in written))


def _ask(
    request: HttpRequest, officer: Officer, asked: Asked, problem: dict[str, str] | None = None
) -> HttpResponseBase:
    concerned = tree.nodes([*asked.codes, *asked.into])
    context = {
        "asked": asked, "problem": problem, "does": FORMS[asked.kind], "kind_words": CHANGE_WORDS[asked.kind],
        "kinds": [(kind, CHANGE_WORDS[kind], kind == asked.kind) for kind in FORMS],
        "chosen": [(code, concerned.get(code)) for code in asked.codes],
        "heirs": [(code, concerned.get(code)) for code in asked.into],
        **tabs(officer, "changes"),
    }  # fmt: skip
    return show(request, officer, "agencies/change.html", context, status=422 if problem else 200)


def _told(plan: Plan, seen: Preview) -> dict[str, Any]:
    """What the preview's page names."""
    named = [*plan.codes[:SHOWN], *plan.into[:SHOWN], *seen.forwarding[:SHOWN], *seen.moved[:SHOWN], *seen.unconnected]
    nodes = tree.nodes(named)

    def some(codes: tuple[str, ...]) -> list[Any]:
        return [nodes[code] for code in codes[:SHOWN] if code in nodes]

    return {
        "plan": plan, "seen": seen, "changing": some(plan.codes), "heirs": some(plan.into),
        "forwarding": some(seen.forwarding), "moved": some(seen.moved), "unconnected": some(seen.unconnected),
        "more_changing": max(0, len(plan.codes) - SHOWN), "more_forwarding": max(0, len(seen.forwarding) - SHOWN),
        "more_moved": max(0, len(seen.moved) - SHOWN), "at_once": plan.effective_on <= _today(),
    }  # fmt: skip


def _today() -> date:
    return datetime.now(VIETNAM).date()


def _planned() -> dict[str, Any]:
    """What is planned, the nearest first."""
    planned = CodeChange.objects.filter(state="planned").order_by("effective_at", "id")
    return {"planned": _rows(list(planned[:MOST_PLANNED])), "more_planned": max(0, planned.count() - MOST_PLANNED)}


def _rows(changes: list[CodeChange]) -> list[dict[str, Any]]:
    """Changes as the lists show them, with the names that are known."""
    wanted = {code for change in changes for code in [*change.codes[:3], *change.into[:3]]}
    nodes = tree.nodes(wanted)
    return [
        {
            "change": change, "kind": CHANGE_WORDS[change.kind], "state": CHANGE_STATES[change.state],
            "codes": [nodes.get(code) or code for code in change.codes[:3]], "more": max(0, len(change.codes) - 3),
            "into": [nodes.get(code) or code for code in change.into[:3]],
        }
        for change in changes
    ]  # fmt: skip
