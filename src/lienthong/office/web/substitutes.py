"""Người thay thế: who stands in for whom while they are away."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import Person, Substituted, Substitution
from lienthong.office.people import access, staff, substitutes
from lienthong.office.people.substitution_errors import UnfitSubstitute
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show

SHOWN = 100


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """One's own substitutes and whom one stands in for; for who looks after rights, the whole agency's."""
    problem = None
    if request.method == "POST":
        try:
            _do(request, person)
            return redirect("office:substitutions")
        except OfficeProblem as refused:
            problem = refused
    rows = substitutes.concerning(person)
    keeps = bool(access.roles(person) & {role.value for role in staff.KEEPERS})
    context = {
        "standing": _marked(person, list(rows.filter(substitutes.standing_now()).order_by("valid_from", "pk")[:SHOWN])),
        "past": rows.exclude(substitutes.standing_now())[:SHOWN],
        "acts": Substituted.choices,
        "colleagues": substitutes.colleagues(person),
        "keeps": keeps,
        "given": request.POST,
        "today": timezone.localdate(),
    }
    return show(request, person, "substitutions.html", context, problem=problem)


def _marked(person: Person, rows: list[Substitution]) -> list[dict[str, object]]:
    today = timezone.localdate()
    return [
        {"row": row, "now": row.valid_from <= today, "ends": substitutes.may_name_for(person, row.absent)}
        for row in rows
    ]  # fmt: skip


def _do(request: HttpRequest, person: Person) -> None:
    form = request.POST
    match form.get("act"):
        case "name":
            absent = _by_account(person, form["absent"]) if form.get("absent", "").strip() else person
            first, last = given.day_of(form.get("valid_from", "")), given.day_of(form.get("valid_to", ""))
            if first is None or last is None:
                raise Missing(what="từ ngày, đến ngày", what_en="from which day to which")
            wish = substitutes.Wish(
                absent, _by_account(person, form.get("substitute", "")),
                [act for act in Substituted if act.value in form.getlist("acts")], first, last, form.get("reason", ""),
            )  # fmt: skip
            substitutes.name(wish, actor=person, at=now())
        case "end":
            substitutes.end(given.number(form.get("substitution", "")), actor=person, at=now())
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _by_account(person: Person, account: str) -> Person:
    """Who of the agency signs in so. Raises `UnfitSubstitute`."""
    known = Person.objects.select_related("user", "organization").filter(organization_id=person.organization_id)
    found = known.filter(user__username=account.strip().split(" ")[0].lower()).first()
    if found is None:
        raise UnfitSubstitute(
            why="không phải tài khoản đang mở của cơ quan", why_en="it is no open account of the agency"
        )
    return found
