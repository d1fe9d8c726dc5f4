"""Cách đánh số: which documents share a sequence of numbers, as the head of the agency decided."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.office.errors import OfficeProblem
from lienthong.office.models import Organization, Person
from lienthong.office.people import access, bodies
from lienthong.office.registers import numbering
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show

ADMINISTRATIVE_TOGETHER = "Văn bản hành chính"
"""What the one sequence of all administrative types is called where nobody calls it otherwise."""
GROUPS = ("a", "b", "c")
"""Places for shared sequences in the form: an agency that needs more numbers by type."""


@page(acts=True)
def rules(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The sequences of this year and, where it is decided, of the next; their keepers record a decision."""
    problem = None
    year = timezone.localdate().year
    if request.method == "POST":
        try:
            _decide(request, person, year)
            return redirect("office:numbering")
        except OfficeProblem as refused:
            problem = refused
    organization = person.organization
    numbered = numbering.has_numbers(organization, year)
    chosen = request.POST.get("from_year") or str(year + 1 if numbered else year)
    typed = request.POST or _as_decided(organization, int(chosen))
    context = {
        "years": [_of_year(organization, one) for one in (year, year + 1)],
        "decisions": organization.numbering_decisions.select_related("recorded_by"),
        "keeps": bool(access.roles(person) & {role.value for role in numbering.KEEPERS}),
        "chosen_year": chosen,
        "types": [
            {"key": key, "name": numbering.NAMES[key], "group": typed.get(f"group-{key}", "")}
            for key in numbering.TOGETHER
        ],
        "groups": [(one, typed.get(f"title-{one}", "")) for one in GROUPS],
        "given": request.POST,
        "plans": (
            ("", gettext("chọn từng loại ở dưới")),
            ("each", gettext("mỗi loại một hệ thống số")),
            ("common", gettext("mọi loại văn bản hành chính chung một hệ thống số")),
        ),
        "numbered": numbered,
        "newest": newest.pk if (newest := numbering.newest(organization)) else 0,
        "bodies": [one for one in organization.advisory_bodies.all() if bodies.is_in_force(one, timezone.localdate())],
    }
    return show(request, person, "numbering.html", context, problem=problem)


def _as_decided(organization: Organization, year: int) -> dict[str, str]:
    """The form as the decision fills it that holds in a year: what nobody touches stays as it is."""
    form: dict[str, str] = {}
    for place, one in zip(GROUPS, numbering.groups_in(organization, year), strict=False):
        form |= {f"title-{place}": one.title, **{f"group-{key}": place for key in one.types}}
    return form


def _of_year(organization: Organization, year: int) -> dict[str, Any]:
    """A year's rules in words: which decision holds, what is numbered together, and what by itself."""
    groups = numbering.groups_in(organization, year)
    shared = {key for one in groups for key in one.types}
    return {
        "year": year,
        "decision": numbering.decision_in(organization, year),
        "groups": [(one.title, [numbering.NAMES[key] for key in one.types]) for one in groups],
        "alone": [name for key, name in numbering.NAMES.items() if key not in shared],
    }


def _decide(request: HttpRequest, person: Person, year: int) -> None:
    form = request.POST
    wanted = form.get("from_year", "")
    numbering.decide(
        person.organization, _groups(form), from_year=int(wanted) if wanted in (str(year), str(year + 1)) else 0,
        reference=form.get("reference", "")[:200], reason=form.get("reason", ""),
        seen=given.number(form.get("seen", "")), actor=person, at=now(),
    )  # fmt: skip


def _groups(form: QueryDict) -> list[numbering.Group]:
    """What is to be numbered together: everything, nothing, or what is chosen type by type."""
    title = form.get("title-a", "").strip()[:100] or ADMINISTRATIVE_TOGETHER
    match form.get("plan"):
        case "common":
            return [numbering.Group(title, numbering.TOGETHER)]
        case "each":
            return []
    return [
        numbering.Group(title, types)
        for one in GROUPS
        if (title := form.get(f"title-{one}", "").strip()[:100])
        or any(form.get(f"group-{key}") == one for key in numbering.TOGETHER)
        for types in [[key for key in numbering.TOGETHER if form.get(f"group-{key}") == one]]
    ]
