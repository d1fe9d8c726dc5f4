"""Ủy quyền ký: the written authorities under which somebody signs TUQ., recorded and revoked."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import Authorization, Person, Role
from lienthong.office.people import access, authorizations
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.standards.doctypes import TYPES


@page(Role.CLERK, Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """All of the agency, those in force first; its keepers record and revoke."""
    problem = None
    if request.method == "POST":
        try:
            _do(request, person)
            return redirect("office:authorizations")
        except OfficeProblem as refused:
            problem = refused
    today = timezone.localdate()
    rows = Authorization.objects.filter(organization=person.organization).select_related("person", "granted_by")
    in_force = set(authorizations.in_force(person.organization, today).values_list("pk", flat=True))
    context = {
        "rows": sorted(rows, key=lambda one: one.pk not in in_force),
        "in_force": in_force,
        "today": today,
        "keeps": bool(access.roles(person) & {role.value for role in authorizations.KEEPERS}),
        "leaders": access.people_with(person.organization_id, Role.LEADER),
        "heads": access.people_with(person.organization_id, Role.UNIT_HEAD),
        "types": TYPES,
        "given": request.POST,
        "given_types": request.POST.getlist("types"),
    }
    return show(request, person, "authorizations.html", context, problem=problem)


def _do(request: HttpRequest, person: Person) -> None:
    form = request.POST
    if form.get("act") == "revoke":
        wanted = form.get("authorization", "")
        known = Authorization.objects.filter(organization=person.organization)
        one = known.filter(pk=given.number(wanted)).first()
        if one is None:
            raise NotFound()
        authorizations.revoke(one, reason=form.get("reason", ""), actor=person, at=now())
        return
    authorizations.register(_paper(request, person), actor=person, at=now())


def _paper(request: HttpRequest, person: Person) -> authorizations.Paper:
    form = request.POST
    begins, ends = given.day_of(form.get("valid_from", "")), given.day_of(form.get("valid_to", ""))
    if begins is None or ends is None:
        raise Missing(what="thời hạn ủy quyền", what_en="the time of the authority")
    return authorizations.Paper(
        granted_by=_colleague(person, form.get("granted_by", "")),
        person=_colleague(person, form.get("person", "")),
        on_behalf=form.get("on_behalf", "").strip().upper()[:90],
        position=form.get("position", "").strip().upper()[:100],
        types=form.getlist("types"),
        scope=form.get("scope", "").strip(),
        reference=form.get("reference", "").strip()[:200],
        valid_from=begins,
        valid_to=ends,
    )


def _colleague(person: Person, wanted: str) -> Person:
    found = person.organization.people.filter(pk=given.number(wanted)).first()
    if found is None:
        raise Missing(what="người ủy quyền và người được ủy quyền", what_en="who authorises, and whom")
    return found
