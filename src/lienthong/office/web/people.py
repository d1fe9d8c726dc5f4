"""Cán bộ và quyền: accounts, roles and units of the agency; every change alerts until it is confirmed (AVI-3c)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.record import Subject, log_access
from lienthong.journal.vocabulary import Access
from lienthong.look.tables import as_csv, as_xlsx
from lienthong.look.vietnamese import day, moment
from lienthong.office.dossiers import keeping
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import Person, RightChange, Role
from lienthong.office.outgoing import drafting_hand_over
from lienthong.office.people import access, accounts, identities, leaving, second_factor, staff
from lienthong.office.people.actors import actor_of
from lienthong.office.people.staff_errors import NoSuchPerson
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.registers import XLSX

PAGE_ROWS = 100
WARNED_AFTER = accounts.IDLE_AFTER - accounts.WARNED_BEFORE
COLUMNS = (
    "Mã cán bộ", "Họ tên", "Tên đăng nhập", "Vai trò, đơn vị, chức vụ (từ – đến)", "Đăng nhập gần nhất", "Tài khoản",
    "Xác thực hai bước",
)  # fmt: skip
KINDS: dict[str, tuple[Callable[..., Iterator[bytes]], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"), "xlsx": (as_xlsx, XLSX),
}  # fmt: skip
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
    context = {
        **_listed(request, person),
        "review": accounts.last_review(person.organization),
        "review_due": accounts.review_due(person.organization, now()),
        "confirms": bool(access.roles(person) & {role.value for role in staff.CONFIRMERS}),
        "units": person.organization.units.select_related("parent"),
        "added": added,
        **_common(request, person),
    }
    return show(request, person, "people.html", context, problem=problem)


def _listed(request: HttpRequest, person: Person) -> dict[str, Any]:
    """A page of the list, by key: a list of ten thousand people costs no more than one of ten."""
    question, idle = request.GET.get("q", "").strip()[:100], request.GET.get("xem") == "lau-khong-dung"
    known = staff.everyone(person.organization)
    if idle:
        known = known.filter(pk__in=accounts.unused(person.organization, now() - WARNED_AFTER).values("pk"))
    known = accounts.with_last_use(staff.named_like(known, question))
    after = person.organization.people.filter(pk=given.number(request.GET.get("sau", ""))).first()
    if after is not None:
        known = known.filter(Q(sort_key__gt=after.sort_key) | Q(sort_key=after.sort_key, pk__gt=after.pk))
    rows = list(known[: PAGE_ROWS + 1])
    return {
        "rows": [_row(one) for one in rows[:PAGE_ROWS]], "q": question, "idle_only": idle, "begun": after is not None,
        "after": rows[PAGE_ROWS - 1].pk if len(rows) > PAGE_ROWS else None,
    }  # fmt: skip


@page(*LOOKERS)
def taken_away(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The whole list, to be looked through on paper or in a workbook; who took it away is noted (SEC-5, SEC-7)."""
    if kind not in KINDS:
        raise NotFound()
    rows = (_cells(one) for one in accounts.with_last_use(staff.everyone(person.organization)).iterator(1000))
    write, media_type = KINDS[kind]
    log_access(
        Access.DOWNLOADED, actor=actor_of(person), subject=Subject("people", person.organization.code), at=now(),
        detail=kind,
    )  # fmt: skip
    answer = StreamingHttpResponse(write(rows, COLUMNS), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="can-bo-{timezone.localdate().isoformat()}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _cells(one: Person) -> tuple[str, ...]:
    row = _row(one)
    held = "; ".join(
        f"{post.get_role_display()}, {post.unit.name}, {post.position} ({day(post.valid_from)}"
        f"{f' – {day(post.valid_to)}' if post.valid_to else ''})"
        for post in row["posts"]
    )
    last = one.user.last_login
    return (
        one.staff_code, one.full_name, one.user.get_username(), held, moment(last) if last else "",
        "đang mở" if one.user.is_active else "đã khóa", "có" if row["second"] else "không",
    )  # fmt: skip


@page(*LOOKERS, acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A person's account, roles with their times, and what was changed of them."""
    found = accounts.with_last_use(staff.everyone(person.organization)).filter(pk=pk).first()
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
        "identities": found.identities.select_related("provider"),
        "providers": person.organization.identity_providers.filter(active=True),
        "own": found.pk == person.pk,
        "kept": leaving.dossiers_kept(found),
        "writes": leaving.drafting_held(found).count(),
        "hands_over_drafting": drafting_hand_over.held_by(person, found).exists(),
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
            change = (
                known.select_related("organization", "run")
                .filter(pk=given.number(request.POST.get("change", "")))
                .first()
            )
            if change is None:
                raise NoSuchPerson()
            staff.confirm(change, actor=person, at=now())
            return redirect("office:right-changes")
        except OfficeProblem as refused:
            problem = refused
    shown = known.select_related("person", "post__unit", "made_by", "confirmed_by", "run")
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
        case "review":
            accounts.review(note=form.get("note", ""), actor=person, at=at)
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
        case "link":
            provider = person.organization.identity_providers.filter(pk=given.number(form.get("provider", ""))).first()
            if provider is None:
                raise Missing(what="nơi cấp tài khoản", what_en="the provider")
            identities.link(found, provider, form.get("subject", ""), reason=reason, actor=person, at=at)
        case "unlink":
            identity = (
                found.identities.select_related("provider", "person__user")
                .filter(pk=given.number(form.get("identity", "")))
                .first()
            )
            if identity is None:
                raise NoSuchPerson()
            identities.unlink(identity, reason=reason, actor=person, at=at)
        case "reset_second":
            second_factor.reset(found, reason=reason, actor=person, at=at)
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
    return {
        "person": one,
        "posts": sorted(posts, key=lambda post: (post.valid_from > today, post.unit.name, post.role)),
        "today": today,
        "open": one.user.is_active,
        "second": second_factor.of(one) is not None,
        "idle": one.user.is_active and one.used_at < now() - accounts.IDLE_AFTER,  # type: ignore[attr-defined]
    }


def _common(request: HttpRequest, person: Person) -> dict[str, Any]:
    keeps = bool(access.roles(person) & {role.value for role in staff.KEEPERS})
    return {"keeps": keeps, "role_choices": Role.choices, "given": request.POST, "today": timezone.localdate()}
