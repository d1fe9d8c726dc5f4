"""Cán bộ và quyền: accounts, roles and units of the agency; every change alerts until it is confirmed (AVI-3c)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.office.dossiers import keeping
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import Person, RightChange, Role
from lienthong.office.people import access, staff
from lienthong.office.people.staff_errors import NoSuchPerson
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show

LOOKERS = (Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR)
CHANGES_SHOWN = 100


@page(*LOOKERS, acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Everybody of the agency by unit, with roles and accounts; the administrator adds people and units."""
    problem, added = None, None
    if request.method == "POST":
        try:
            added = _add(request, person)
            if added is None:
                return redirect("office:people")
        except OfficeProblem as refused:
            problem = refused
    people = list(staff.everyone(person.organization))
    context = {
        "rows": [_row(one) for one in people],
        "units": person.organization.units.select_related("parent"),
        "added": added,
        **_common(request, person),
    }
    return show(request, person, "people.html", context, problem=problem)


@page(*LOOKERS, acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A person's account, roles with their times, and what was changed of them."""
    found = staff.everyone(person.organization).filter(pk=pk).first()
    if found is None:
        raise NoSuchPerson()
    problem, password = None, ""
    if request.method == "POST":
        try:
            password = _do(request, person, found)
            if not password:
                return redirect("office:person", pk=pk)
        except OfficeProblem as refused:
            problem = refused
    context = {
        "row": _row(found),
        "posts": found.posts.select_related("unit").order_by("-valid_from", "-pk"),
        "changes": found.right_changes.select_related("post__unit", "made_by", "confirmed_by")[:CHANGES_SHOWN],
        "password": password,
        "own": found.pk == person.pk,
        "kept": staff.dossiers_kept(found),
        "hands_over": keeping.may_hand_over_of(person, found),
        "units": person.organization.units.all(),
        **_common(request, person),
    }
    return show(request, person, "person.html", context, problem=problem)


@page(*LOOKERS, acts=True)
def changes(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What was changed of people's rights; who may, confirms."""
    problem = None
    known = RightChange.objects.filter(organization=person.organization)
    if request.method == "POST":
        try:
            change = known.filter(pk=given.number(request.POST.get("change", ""))).first()
            if change is None:
                raise NoSuchPerson()
            staff.confirm(change, actor=person, at=now())
            return redirect("office:right-changes")
        except OfficeProblem as refused:
            problem = refused
    shown = known.select_related("person", "post__unit", "made_by", "confirmed_by")
    context = {
        "waiting": shown.filter(confirmed_at=None).order_by("made_at", "id"),
        "mine": set(staff.unconfirmed(person).values_list("pk", flat=True)),
        "confirmed": shown.exclude(confirmed_at=None)[:CHANGES_SHOWN],
    }
    return show(request, person, "right_changes.html", context, problem=problem)


def _add(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """Carry out an act of the list; gives who was added, with the password that was made."""
    form, at = request.POST, now()
    match form.get("act"):
        case "add_person":
            login, name, place = form.get("login", "").strip(), form.get("name", ""), _place(request, person)
            newcomer, password = staff.add_person(login, name, place, actor=person, at=at)
            return {"person": newcomer, "password": password}
        case "add_unit":
            parent = person.organization.units.filter(pk=given.number(form.get("parent", ""))).first()
            staff.add_unit(form.get("abbreviation", ""), form.get("unit_name", ""), parent, actor=person, at=at)
            return None
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _do(request: HttpRequest, person: Person, found: Person) -> str:
    """Carry out an act on a person's page; gives a password that was made, if one was."""
    form, at = request.POST, now()
    reason = form.get("reason", "")
    match form.get("act"):
        case "give":
            staff.give(found, _place(request, person), actor=person, at=at)
        case "end":
            post = found.posts.select_related("unit", "person").filter(pk=given.number(form.get("post", ""))).first()
            last_day = given.day_of(form.get("last_day", ""))
            if post is None or last_day is None:
                raise Missing(what="vai trò và ngày cuối", what_en="the role and its last day")
            staff.end(post, last_day=last_day, reason=reason, actor=person, at=at)
        case "reset":
            return staff.reset_password(found, reason=reason, actor=person, at=at)
        case "close":
            staff.close(found, reason=reason, actor=person, at=at)
        case "reopen":
            staff.reopen(found, reason=reason, actor=person, at=at)
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")
    return ""


def _place(request: HttpRequest, person: Person) -> staff.Place:
    form = request.POST
    unit = person.organization.units.filter(pk=given.number(form.get("unit", ""))).first()
    if unit is None or form.get("role") not in Role.values:
        raise Missing(what="đơn vị và vai trò", what_en="unit and role")
    return staff.Place(
        unit=unit, role=Role(form["role"]), position=form.get("position", ""), competence=form.get("competence", ""),
        since=given.day_of(form.get("since", "")) or timezone.localdate(), until=given.day_of(form.get("until", "")),
    )  # fmt: skip


def _row(one: Person) -> dict[str, Any]:
    """A person as the list shows them: today's roles first in mind, the account, and what is odd about it."""
    today = timezone.localdate()
    posts = [post for post in one.posts.all() if post.valid_to is None or post.valid_to >= today]
    last = one.user.last_login
    return {
        "person": one,
        "posts": sorted(posts, key=lambda post: (post.valid_from > today, post.unit.name, post.role)),
        "today": today,
        "open": one.user.is_active,
        "idle": one.user.is_active and (last or one.user.date_joined) < now() - staff.IDLE_AFTER,
    }


def _common(request: HttpRequest, person: Person) -> dict[str, Any]:
    keeps = bool(access.roles(person) & {role.value for role in staff.KEEPERS})
    return {"keeps": keeps, "role_choices": Role.choices, "given": request.POST, "today": timezone.localdate()}
