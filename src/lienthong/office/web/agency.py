"""Cơ quan: what the agency is called and how it decided to work, with the history of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.journal.models import Event
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.language import choose
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import Carrier, Organization, Person, Post, PresentationPolicy, Role
from lienthong.office.people import access, agency, local_exchange, regulation
from lienthong.office.web.guards import now, page, show

LOOKERS = (Role.CLERK, Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR)
CHANGES_SHOWN = 50
ACTS = {"facts": agency.FACTS, "decide": agency.DECIDED}
"""Forms of the page → the facts that they ask for."""


@page(*LOOKERS, acts=True)
def facts(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The agency's facts, each with its clause; who may, changes them."""
    problem = None
    if request.method == "POST":
        try:
            _change(request, person)
            return redirect("office:agency")
        except OfficeProblem as refused:
            problem = refused
    organization = Organization.objects.get(pk=person.organization_id)
    act = request.POST.get("act") if problem else None
    context = {
        "forms": [_form(request, person, organization, one, typed=one == act) for one in ACTS],
        "code": organization.code,
        "local_exchange": local_exchange.in_force(),
        "reference": request.POST.get("reference", ""),
        "leaders": _leaders(organization),
        "history": [_told(event) for event in agency.history(organization)[:CHANGES_SHOWN]],
    }
    return show(request, person, "agency.html", context, problem=problem)


def _leaders(organization: Organization) -> QuerySet[Post]:
    """Who signs by their office, with what stands above their names."""
    held = access.posts_on(timezone.localdate()).filter(unit__organization=organization, role=Role.LEADER)
    return held.filter(person__user__is_active=True).select_related("person").order_by("person__sort_key")


def _change(request: HttpRequest, person: Person) -> None:
    form = request.POST
    if (wanted := ACTS.get(form.get("act", ""))) is None:
        raise Missing(what="việc cần làm", what_en="what is to be done")
    agency.change(
        wanted, form, seen=form.get("seen", ""), reference=form.get("reference", ""), actor=person, at=now()
    )  # fmt: skip


def _form(request: HttpRequest, person: Person, organization: Organization, act: str, *, typed: bool) -> dict[str, Any]:
    """A group of facts as they are, and as somebody just typed them."""
    wanted = ACTS[act]
    stored = agency.texts(organization, wanted)
    cited = regulation.clauses_of(organization, timezone.localdate())
    rows = [
        {
            "cited": cited.get(fact.name, ""),
            "name": fact.name, "title": choose(*fact.words), "clause": fact.clause, "longest": fact.longest,
            "required": fact.required, "stored": stored[fact.name], "shown": _shown(fact.name, stored[fact.name]),
            "value": request.POST.get(fact.name, "") if typed else stored[fact.name],
            "choices": _choices(fact.name, organization),
        }
        for fact in wanted
    ]  # fmt: skip
    return {
        "act": act, "rows": rows, "seen": agency.mark(organization, wanted), "typed": typed,
        "keeps": bool(access.roles(person) & {role.value for role in agency.KEEPERS[wanted]}),
    }  # fmt: skip


def _choices(name: str, organization: Organization) -> list[tuple[str, str]]:
    """Between what is chosen, where it is not typed."""
    if name == "presentation_policy":
        return [(value, str(words)) for value, words in PresentationPolicy.choices]
    if name == "alias" and len(codes := agency.spellings(organization)) > 1:
        return [(code, code) for code in codes]
    return []


def _shown(name: str, text: str) -> str:
    """A value in words."""
    policy = name == "presentation_policy" and text in PresentationPolicy.values
    return str(PresentationPolicy(text).label) if policy else text


def _told(event: Event) -> dict[str, Any]:
    """A change as the page tells it."""
    if event.name == OfficeEvent.LOCAL_EXCHANGE_SET:
        between = gettext("Văn bản giữa các cơ quan dùng chung hệ thống")
        before, after = map(_way_between, (not event.data["on"], event.data["on"]))
        line = {"name": "local_exchange", "title": between, "before": before, "after": after}
        return {"event": event, "reference": event.data.get("reference", ""), "changes": [line]}
    changes = event.data.get("changes", {})
    if "policy" in event.data:
        changes = {"presentation_policy": [event.data.get("before", ""), event.data["policy"]]}
    return {"event": event, "reference": event.data.get("reference", ""), "changes": list(_lines(changes))}


def _way_between(inside: bool) -> str:
    return str((Carrier.LOCAL if inside else Carrier.HUB).label)


def _lines(changes: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    for name, (before, after) in changes.items():
        title = choose(*agency.BY_NAME[name].words)
        yield {"name": name, "title": title, "before": _shown(name, before), "after": _shown(name, after)}
