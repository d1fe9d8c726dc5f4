"""Hồ sơ: the dossiers of a person, one dossier with everything that can be done with it, opening and handing over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.journal.record import history, log_access, readers
from lienthong.journal.vocabulary import Access
from lienthong.office.dossiers import (
    archive,
    closing,
    contents,
    converting,
    export,
    holding,
    keeping,
    limits,
    lists,
    papers,
    reading,
    rules,
)
from lienthong.office.dossiers.described import Described, described
from lienthong.office.dossiers.errors import NoDossier
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import WITH_AN_ARCHIVE, Dossier, DossierItem, DossierKind, DossierState, Person, Role
from lienthong.office.people import access, staff
from lienthong.office.people import habits as own
from lienthong.office.people.actors import actor_of
from lienthong.office.web import dossier_reading, files, given, habits, older, work_files
from lienthong.office.web.dossier_papers import attached, laid, taken
from lienthong.office.web.guards import now, page, show
from lienthong.office.workflow import holds

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ITEM_ROWS = 200
S = DossierState
TABS: dict[str, tuple[StrPromise, list[str]]] = {
    "dang-mo": (_("Đang mở"), [S.OPEN]),
    "da-ket-thuc": (_("Đã kết thúc"), [S.CLOSED]),
    "da-nop": (_("Đã nộp"), [S.SUBMITTED]),
    "luu-tru": (_("Lưu trữ"), [S.ARCHIVED, S.HISTORIC]),
}


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The list, by what is to be done, as this person looks at it."""
    if request.method != "POST":
        return _listed(request, person)
    try:
        if request.POST.get("act") != habits.CHOOSE:
            raise NotFound()
        habits.chosen(request, person, own.DOSSIERS)
    except OfficeProblem as problem:
        return _listed(request, person, problem=problem)
    tab = request.GET.get("muc", "")
    return redirect(f"/ho-so/?muc={tab if tab in TABS else ''}")


def _listed(request: HttpRequest, person: Person, *, problem: OfficeProblem | None = None) -> HttpResponse:
    """A page begins below a dossier: it costs the same wherever it is; whoever comes for a unit sees that one."""
    tab, habit = request.GET.get("muc", ""), own.of(person, own.DOSSIERS)
    tab = tab if tab in TABS else "dang-mo"
    if asked := person.organization.units.filter(pk=given.number(request.GET.get("don-vi", ""))).first():
        habit.unit = asked
    question = request.GET.get("q", "").strip()[:100]
    visible = keeping.found(person, question) if question else rules.seen_by(person)
    visible = visible.filter(own.narrowed(habit))
    counts = dict(visible.order_by().values_list("state").annotate(Count("pk")))
    rows = visible.filter(state__in=TABS[tab][1]).select_related("keeper", "unit").order_by("-pk")
    shown, below = older.below(request, rows, habit.rows)
    context = {
        "tabs": [
            {"key": key, "title": title, "count": sum(counts.get(one, 0) for one in states), "current": key == tab}
            for key, (title, states) in TABS.items()
        ],
        "tab": tab, "q": question, "rows": _with_totals(shown),
        "below": below,
        "may_keep": rules.may_keep(person), "to_open": keeping.to_open(person).count(),
        "asked_unit": asked.pk if asked else None, **habits.shown(person, habit),
    }  # fmt: skip
    return show(request, person, "dossiers.html", context, problem=problem)


def _with_totals(dossiers: list[Dossier]) -> list[tuple[Dossier, int]]:
    """Dossiers, each with how many documents lie in it."""
    items = DossierItem.objects.filter(dossier__in=dossiers, removed_at=None)
    totals = dict(items.order_by().values_list("dossier").annotate(Count("pk")))
    return [(one, totals.get(one.pk, 0)) for one in dossiers]


@page(acts=True)
def new(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Opening a dossier: from the year's list, or beside it."""
    problem = None
    if request.method == "POST":
        try:
            return redirect("office:dossier", pk=_opened(request, person).pk)
        except OfficeProblem as refused:
            problem = refused
    context = {
        "entries": keeping.to_open(person)[:ITEM_ROWS], "given": request.POST, "today": timezone.localdate(),
        "kinds": DossierKind.choices, "units": [post.unit for post in access.posts(person)],
        "may_keep": rules.may_keep(person), "part_of": _larger(request, person),
    }  # fmt: skip
    return show(request, person, "dossier_new.html", context, problem=problem)


def _opened(request: HttpRequest, person: Person) -> Dossier:
    form = request.POST
    match form.get("act"):
        case "open_listed":
            entry = keeping.to_open(person).filter(pk=given.number(form.get("entry", ""))).first()
            if entry is None:
                raise NoDossier()
            return keeping.open_listed(entry, _day(request, "started_on"), actor=person, at=now())
        case "open_beside":
            unit = person.organization.units.filter(pk=given.number(form.get("unit", ""))).first()
            parent = _larger(request, person)
            return keeping.open_beside(_facts(request), unit, actor=person, at=now(), parent=parent)
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _larger(request: HttpRequest, person: Person) -> Dossier | None:
    """The dossier of which the new one is to be a part. Raises `NoDossier`."""
    wanted = request.POST.get("part_of") or request.GET.get("thuoc") or ""
    return rules.one(person, given.number(wanted)) if wanted else None


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """One dossier: what lies in it, who works on it, what was said, and what comes next."""
    found, refused = rules.one(person, pk), None
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise NotFound()
            act(request, found, person)
            return redirect("office:dossier", pk=pk)
        except OfficeProblem as problem:
            found = rules.one(person, pk)
            refused = problem
    log_access(Access.OPENED, actor=actor_of(person), subject=rules.subject_of(found), at=now())
    return show(request, person, "dossier.html", _context(request, found, person), problem=refused)


def _context(request: HttpRequest, found: Dossier, person: Person) -> dict[str, Any]:
    shown = Paginator(contents.of(found), ITEM_ROWS).get_page(request.GET.get("trang"))
    items = list(shown)
    hold, answers = holds.on(found), rules.answers_for(person, found)
    works = answers or rules.works_on(person, found)
    opened, lets_read = found.state == S.OPEN and hold is None, reading.may_let_read(person, found)
    question = request.GET.get("tim", "").strip()[:100]
    members = [one for one in found.members.select_related("person") if one.ended_at is None]
    sums = found.items.filter(removed_at=None).aggregate(total=Count("pk"), known=Count("pages"), pages=Sum("pages"))
    return {
        "dossier": found, "shown": shown, "rows": list(described(found, person, items)), "hold": hold,
        "holds": found.holds.select_related("placed_by", "lifted_by"), "members": members,
        "notes": found.notes.select_related("person"), "question": question,
        "total": sums["total"], "pages": sums["pages"] or 0, "pages_known": sums["total"] == sums["known"],
        "candidates": contents.candidates(found, person, question) if opened and works and question else [],
        "removals": DossierItem.Removal.choices, "suspected": _suspected(found, person) if opened and answers else [],
        "kinds": DossierKind.choices,
        "taken_out": found.items.exclude(removed_at=None).select_related("removed_by"),
        "people": keeping.receivers(person).exclude(pk__in=[found.keeper_id, *(one.person_id for one in members)])
        if (opened and answers) or lets_read
        else [],
        "lets_read": lets_read,
        "can_work": opened and works,
        "can_convert": hold is None and converting.may_convert(person, found, works=works),
        "can_answer": opened and answers,
        "can_reopen": found.state == S.CLOSED and hold is None and rules.heads_records(person),
        "can_submit": found.state == S.CLOSED and hold is None and answers and found.submit_by is not None,
        "can_keep_back": found.state == S.CLOSED and hold is None and found.submit_by is not None
        and Role.LEADER in access.roles(person),
        "can_hold": Role.LEADER in access.roles(person),
        "last_kept": limits.last_kept(found), "today": timezone.localdate(), "for_ever": lists.FOR_EVER,
        "events": history(rules.subject_of(found)), "readers": readers(rules.subject_of(found)) if answers else [],
        "given": request.POST,
        **work_files.shown(request, found, person, works=works, answers=answers, opened=opened),
    }  # fmt: skip


def _suspected(found: Dossier, person: Person) -> list[tuple[Described, DossierItem.Removal]]:
    """What looks as if it did not belong there, with why."""
    items = list(contents.of(found))
    named = contents.suspects(items)
    doubtful = [item for item in items if item.pk in named]
    return [(row, named[row.item.pk]) for row in described(found, person, doubtful)]


@page()
def contents_printed(request: HttpRequest, person: Person, pk: int, kind: str) -> HttpResponseBase:
    """Mục lục văn bản, tài liệu of a dossier."""
    found = rules.one(person, pk)
    return taken(person, papers.of_contents(found, person), kind, rules.subject_of(found), "contents")


@page()
def exported(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """The dossier whole."""
    found = rules.one(person, pk)
    content = laid(lambda: export.export(found, person=person, at=now()), found.title[:100])
    return attached(content, export.file_name(found))


@page()
def material(request: HttpRequest, person: Person, pk: int, file_pk: int) -> HttpResponseBase:
    """A file that was put into a dossier."""
    found = rules.one(person, pk)
    made = contents.material_of(found, file_pk)
    detail = f"material {made.pk}"
    log_access(Access.DOWNLOADED, actor=actor_of(person), subject=rules.subject_of(found), at=now(), detail=detail)
    return files.stream(request, made.digest, made.name, made.media_type)


@page(acts=True)
def hand_over(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Bàn giao: what somebody keeps, and giving it to another (Article 31.3đ)."""
    wanted = given.number(request.POST.get("before", "") or request.GET.get("nguoi", ""), person.pk)
    before = staff.everyone(person.organization).filter(pk=wanted).first()
    if before is None or not keeping.may_hand_over_of(person, before):
        if wanted != person.pk:
            raise NoDossier()
        before = person
    problem = None
    kept = _handed(person, before)
    if request.method == "POST":
        try:
            chosen = kept.filter(pk__in=[given.number(one) for one in request.POST.getlist("dossier")])
            receiver = staff.everyone(person.organization).filter(pk=given.number(request.POST.get("receiver", "")))
            keeping.hand_over(
                list(chosen.select_related("organization", "keeper__user")), receiver.first(),
                reason=request.POST.get("reason", ""), actor=person, at=now(),
            )  # fmt: skip
            return redirect(f"/ho-so/ban-giao/?nguoi={before.pk}")
        except OfficeProblem as refused:
            problem = refused
    context = {
        "before": before, "own": before.pk == person.pk, "rows": kept.order_by("pk")[: keeping.MOST_HANDED_OVER],
        "receivers": keeping.receivers(person).exclude(pk=before.pk), "given": request.POST,
        "holders": _keepers(person),
    }  # fmt: skip
    return show(request, person, "dossier_hand_over.html", context, problem=problem)


def _handed(person: Person, before: Person) -> QuerySet[Dossier]:
    """What the person may hand over of what another keeps."""
    kept = keeping.kept_by(before)
    if person.pk == before.pk or Role.LEADER in access.roles(person):
        return kept
    return kept.filter(unit__in=access.units_led(person))


def _keepers(person: Person) -> QuerySet[Person]:
    """Whose dossiers the person may hand over beside their own."""
    kept = Dossier.objects.filter(organization=person.organization).exclude(state__in=WITH_AN_ARCHIVE)
    if Role.LEADER not in access.roles(person):
        kept = kept.filter(unit__in=access.units_led(person))
    return Person.objects.filter(pk__in=kept.values("keeper")).exclude(pk=person.pk).order_by("sort_key")


# -- acts --------------------------------------------------------------------------------------------------------------


def _day(request: HttpRequest, name: str) -> date:
    found = given.day_of(request.POST.get(name, ""))
    if found is None:
        raise Missing(what="ngày", what_en="the day")
    return found


def _facts(request: HttpRequest) -> keeping.Facts:
    form = request.POST
    return keeping.Facts(
        title=form.get("title", ""), code=form.get("code", ""), retention_years=_retention(request),
        started_on=_day(request, "started_on"), kind=form.get("kind", DossierKind.WORK.value),
        due_on=given.day_of(form.get("due_on", "")), language=form.get("language", ""), note=form.get("note", ""),
    )  # fmt: skip


def _retention(request: HttpRequest) -> int | None:
    """For ever where it is marked, else the years that are typed. Raises `BadRetention`."""
    text = lists.FOR_EVER if request.POST.get("for_ever") else request.POST.get("retention", "").strip()
    return lists.retention_of(text)


def _change(request: HttpRequest, found: Dossier, person: Person) -> None:
    keeping.change(found, _facts(request), actor=person, at=now())


def _progress(request: HttpRequest, found: Dossier, person: Person) -> None:
    percent = given.number(request.POST.get("progress", ""), -1)
    keeping.set_progress(found, percent, actor=person, at=now())


def _member(request: HttpRequest, found: Dossier, person: Person) -> None:
    keeping.add_member(found, dossier_reading.of_agency(request, found), actor=person, at=now())


def _end_member(request: HttpRequest, found: Dossier, person: Person) -> None:
    members = found.members.select_related("person__user").filter(ended_at=None)
    member = members.filter(pk=given.number(request.POST.get("member", ""))).first()
    if member is None:
        raise NoDossier()
    keeping.end_member(found, member, actor=person, at=now())


def _say(request: HttpRequest, found: Dossier, person: Person) -> None:
    keeping.say(found, request.POST.get("text", ""), actor=person, at=now())


def _put(request: HttpRequest, found: Dossier, person: Person) -> None:
    kind, _dash, pk = request.POST.get("document", "").partition("-")
    document: contents.Document
    if kind == "outgoing":
        document = access.outgoing(person, given.number(pk))
    elif kind == "incoming":
        document = access.incoming(person, given.number(pk))
    else:
        raise Missing(what="văn bản", what_en="the document")
    contents.put_in(found, document, share="share" in request.POST, actor=person, at=now())


def _material(request: HttpRequest, found: Dossier, person: Person) -> None:
    file = request.FILES.get("file")
    if file is None:
        raise Missing(what="tệp tài liệu", what_en="the file")
    upload = contents.Upload(
        title=request.POST.get("title", ""), dated_on=given.day_of(request.POST.get("dated_on", "")),
        name=str(file.name), media_type=file.content_type or "application/octet-stream", content=file.chunks(),
        author=request.POST.get("author", ""),
    )  # fmt: skip
    contents.add_material(found, upload, actor=person, at=now())


def _take_out(request: HttpRequest, found: Dossier, person: Person) -> None:
    item = found.items.filter(pk=given.number(request.POST.get("item", "")), removed_at=None).first()
    if item is None:
        raise NoDossier()
    contents.take_out(found, item, request.POST.get("why", ""), actor=person, at=now())


def _convert(request: HttpRequest, found: Dossier, person: Person) -> None:
    item = contents.of(found).filter(pk=given.number(request.POST.get("item", ""))).first()
    if item is None:
        raise NoDossier()
    converting.convert(found, item, actor=person, at=now())


def _close(request: HttpRequest, found: Dossier, person: Person) -> None:
    form = request.POST
    marked = {given.number(pk): form.get(f"why-{pk}", "") for pk in form.getlist("take_out")}
    ending = closing.Ending(
        title=form.get("title", ""), code=form.get("code", ""), retention_years=_retention(request),
        ended_on=given.day_of(form.get("ended_on", "")), taken_out=marked,
    )  # fmt: skip
    closing.close(found, ending, actor=person, at=now())


def _reopen(request: HttpRequest, found: Dossier, person: Person) -> None:
    closing.reopen(found, reason=request.POST.get("reason", ""), actor=person, at=now())


def _keep_back(request: HttpRequest, found: Dossier, person: Person) -> None:
    until = given.day_of(request.POST.get("until", ""))
    archive.keep_back(found, until, consent=request.POST.get("consent", ""), actor=person, at=now())


def _hold(request: HttpRequest, found: Dossier, person: Person) -> None:
    form = request.POST
    holding.hold(found, reference=form.get("reference", ""), reason=form.get("reason", ""), actor=person, at=now())


def _lift(request: HttpRequest, found: Dossier, person: Person) -> None:
    holding.lift(found, reason=request.POST.get("reason", ""), actor=person, at=now())


ACTS: dict[str, Callable[[HttpRequest, Dossier, Person], None]] = {
    **work_files.ACTS,
    **dossier_reading.ACTS,
    "convert": _convert,
    "change": _change,
    "progress": _progress,
    "member": _member,
    "end_member": _end_member,
    "say": _say,
    "put": _put,
    "material": _material,
    "take_out": _take_out,
    "close": _close,
    "reopen": _reopen,
    "keep_back": _keep_back,
    "hold": _hold,
    "lift": _lift,
}
