"""Tổ chức tư vấn: councils, boards and groups that issue documents under the agency's seal, and who signs for them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import AdvisoryBody, Person
from lienthong.office.people import access, bodies
from lienthong.office.people.agency_errors import NoSuchBody
from lienthong.office.web import given
from lienthong.office.web.agency import LOOKERS
from lienthong.office.web.guards import now, page, show

CHANGES_SHOWN = 50


@page(*LOOKERS, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The agency's advisory bodies with their time and their signers; who may, records one."""
    problem = None
    if request.method == "POST":
        try:
            bodies.found(_founding(request), actor=person, at=now())
            return redirect("office:advisory-bodies")
        except OfficeProblem as refused:
            problem = refused
    context = {
        "rows": [_row(one) for one in bodies.of_agency(person.organization)],
        "abbreviation": person.organization.abbreviation,
        **_common(request, person),
    }
    return show(request, person, "advisory_bodies.html", context, problem=problem)


@page(*LOOKERS, acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A body: its decision, its time, who signs for it, what was recorded of it."""
    body = _find(person, pk)
    problem = None
    if request.method == "POST":
        try:
            _do(request, person, body)
            return redirect("office:advisory-body", pk=pk)
        except OfficeProblem as refused:
            problem = refused
            body = _find(person, pk)  # as it is, whoever changed it
    context = {
        "row": _row(body),
        "history": [_told(event) for event in bodies.history(body)[:CHANGES_SHOWN]],
        "sequences": body.sequences.order_by("-year"),
        "people": bodies.may_be_named(person),
        **_common(request, person),
    }
    return show(request, person, "advisory_body.html", context, problem=problem)


def _find(person: Person, pk: int) -> AdvisoryBody:
    found = bodies.of_agency(person.organization).filter(pk=pk).first()
    if found is None:
        raise NoSuchBody()
    return found


def _founding(request: HttpRequest) -> bodies.Founding:
    form = request.POST
    if form.get("act") != "found":
        raise Missing(what="việc cần làm", what_en="what is to be done")
    return bodies.Founding(
        name=form.get("name", ""), abbreviation=form.get("abbreviation", ""), decision=form.get("decision", ""),
        valid_from=given.day_of(form.get("valid_from", "")) or timezone.localdate(),
        valid_to=given.day_of(form.get("valid_to", "")),
    )  # fmt: skip


def _do(request: HttpRequest, person: Person, body: AdvisoryBody) -> None:
    form, at = request.POST, now()
    reason = form.get("reason", "")
    match form.get("act"):
        case "last_day":
            last_day, seen = (given.day_of(form.get(name, "")) for name in ("last_day", "seen"))
            bodies.set_last_day(body, last_day, seen=seen, reason=reason, actor=person, at=at)
        case "name_signer":
            bodies.name_signer(body, _naming(request, person), actor=person, at=at)
        case "end_signer":
            signer = body.signers.filter(pk=given.number(form.get("signer", ""))).first()
            if signer is None:
                raise Missing(what="người ký", what_en="the signer")
            bodies.end_signer(signer, reason=reason, actor=person, at=at)
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _naming(request: HttpRequest, person: Person) -> bodies.Naming:
    form = request.POST
    signer = person.organization.people.filter(pk=given.number(form.get("person", "")), user__is_active=True).first()
    if signer is None:
        raise Missing(what="người ký", what_en="the signer")
    return bodies.Naming(
        person=signer, title=form.get("title", ""), competence=form.get("competence", ""),
        office=form.get("office", ""), decision=form.get("decision", ""),
        valid_from=given.day_of(form.get("valid_from", "")) or timezone.localdate(),
    )  # fmt: skip


def _row(body: AdvisoryBody) -> dict[str, Any]:
    """A body as the pages show it."""
    today = timezone.localdate()
    signers = list(body.signers.all())
    state = "in_force" if bodies.is_in_force(body, today) else "not_yet" if body.valid_from > today else "expired"
    if body.valid_to is not None and body.valid_to < body.valid_from:
        state = "taken_back"
    return {
        "body": body, "state": state, "signers": signers, "signing": [one for one in signers if one.ended_at is None],
    }  # fmt: skip


def _told(event: Event) -> dict[str, Any]:
    """What was recorded of a body, with the last days that it had before and after."""
    before, after = (given.day_of(str(event.data.get(name, ""))) for name in ("before", "last_day"))
    return {"event": event, "before": before, "after": after, "is_time": "last_day" in event.data}


def _common(request: HttpRequest, person: Person) -> dict[str, Any]:
    keeps = bool(access.roles(person) & {role.value for role in bodies.KEEPERS})
    return {"keeps": keeps, "given": request.POST, "today": timezone.localdate()}
