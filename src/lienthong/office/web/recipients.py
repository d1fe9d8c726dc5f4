"""Choosing recipients: the directory as one types, and groups of agencies that receive together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from lienthong.office.errors import OfficeProblem
from lienthong.office.exchange import directory
from lienthong.office.models import DirectoryAgency, Person, RecipientGroup
from lienthong.office.outgoing import groups
from lienthong.office.people import access
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show


def choices(request: HttpRequest, person: Person, chosen: Iterable[str]) -> dict[str, Any]:
    """What the field of recipients needs: who is chosen, with a group that was asked for, and what the directory has.

    Args:
        chosen: codes, in their order.
    """
    wanted = request.POST.get("group", "") if request.POST.get("act") == "add_group" else ""
    added = groups.find(person, given.number(wanted)).codes if wanted else []
    codes = list(dict.fromkeys([*chosen, *added]))
    question = request.POST.get("find", "")
    found = directory.search(question, besides=person.organization.code)
    return {
        "chosen_agencies": _listed(codes),
        "found_agencies": [one for one in found if one.code not in codes],
        "find": question,
        "groups": groups.visible_to(person),
        "most_found": directory.MOST_FOUND,
    }


def _listed(codes: list[str]) -> list[DirectoryAgency]:
    """The agencies of these codes in their order; one that the directory has not is shown as what it is."""
    known = DirectoryAgency.objects.in_bulk(codes)
    return [known.get(code) or DirectoryAgency(code=code, open=False, connected=False) for code in codes]


@page(*access.DRAFTERS)
def found(request: HttpRequest, person: Person) -> HttpResponse:
    """Rows to choose from: what was asked for, or the agencies of a group; a piece of the page that asks."""
    group = request.GET.get("nhom", "")
    if group:
        rows = groups.members(groups.find(person, given.number(group)))
    else:
        rows = directory.search(request.GET.get("q", "")[:200], besides=person.organization.code)
    return render(request, "office/parts/recipients/rows.html", {"rows": rows, "checked": bool(group)})


@page(*access.DRAFTERS)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """Nhóm nơi nhận: one's own, and those of the agency."""
    rows = [
        {"group": one, "agencies": groups.members(one), "may_change": groups.may_change(person, one)}
        for one in groups.visible_to(person)
    ]
    return show(request, person, "recipient_groups.html", {"rows": rows})


@page(*access.DRAFTERS, acts=True)
def edit(request: HttpRequest, person: Person, pk: int = 0) -> HttpResponseBase:
    """A group: made, changed or removed."""
    group = groups.find(person, pk) if pk else None
    act = request.POST.get("act", "")
    if request.method == "POST" and act in ("save", "remove"):
        try:
            _do(act, request, group, person)
        except OfficeProblem as problem:
            return show(request, person, "recipient_group.html", _context(request, person, group), problem=problem)
        return redirect("office:recipient-groups")
    return show(request, person, "recipient_group.html", _context(request, person, group))


def _do(act: str, request: HttpRequest, group: RecipientGroup | None, person: Person) -> None:
    name, codes = request.POST.get("name", ""), request.POST.getlist("recipients")
    if group is None:
        groups.create(name=name, codes=codes, shared=request.POST.get("shared") == "1", actor=person, at=now())
    elif act == "remove":
        groups.remove(group, actor=person, at=now())
    else:
        groups.change(group, name=name, codes=codes, actor=person, at=now())


def _context(request: HttpRequest, person: Person, group: RecipientGroup | None) -> dict[str, Any]:
    chosen = request.POST.getlist("recipients") if request.method == "POST" else (group.codes if group else [])
    return {
        "group": group,
        "may_share": groups.keeps_shared(person),
        "may_change": group is None or groups.may_change(person, group),
        "given": request.POST,
        **choices(request, person, chosen),
    }
