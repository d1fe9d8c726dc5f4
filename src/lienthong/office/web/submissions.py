"""Nộp lưu: what is due at the archive, handing it in, and the archive's check (Decree 30/2020, Articles 30–31)."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.office.dossiers import archive, papers, rules
from lienthong.office.dossiers.limits import WARNED_BEFORE
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import Person, Role, Submission, SubmissionState
from lienthong.office.people import access
from lienthong.office.web import given, older
from lienthong.office.web.dossier_papers import attached, laid, note_taken, taken
from lienthong.office.web.guards import now, page, show

KEEPERS_OF_RECORDS = (Role.CLERK, Role.LEADER, Role.AUDITOR)
"""Who sees what the whole agency keeps back."""


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What this person has to hand in, what was handed in, and what is kept back."""
    problem = None
    if request.method == "POST":
        try:
            return redirect("office:submission", pk=_submitted(request, person).pk)
        except OfficeProblem as refused:
            problem = refused
    today = timezone.localdate()
    shown, below = older.below(request, archive.submissions_of(person).order_by("-pk"))
    keeps = bool(access.roles(person) & {role.value for role in KEEPERS_OF_RECORDS})
    waiting = archive.to_submit(person).select_related("keeper", "unit")[: archive.MOST_AT_ONCE]
    kept = archive.kept_back(person).select_related("keeper", "unit")[: archive.MOST_AT_ONCE]
    marked = request.POST.getlist("dossier") or request.GET.getlist("ho-so")
    context = {
        "waiting": waiting, "soon": today + WARNED_BEFORE, "today": today, "rows": shown,
        "below": below, "keeps": keeps,
        "kept_back": kept if keeps else [],
        "chosen": {given.number(pk) for pk in marked}, "given": request.POST,
    }  # fmt: skip
    return show(request, person, "submissions.html", context, problem=problem)


def _submitted(request: HttpRequest, person: Person) -> Submission:
    keys = [given.number(one) for one in request.POST.getlist("dossier")]
    chosen = list(archive.to_submit(person).filter(pk__in=keys).select_related("organization", "unit"))
    return archive.submit(
        chosen, title=request.POST.get("title", ""), condition=request.POST.get("condition", ""), actor=person,
        at=now(),
    )  # fmt: skip


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A submission: the archive checks it against the list, takes it over or gives it back."""
    found, problem = archive.submission(person, pk), None
    if request.method == "POST":
        try:
            _answer(request, found, person)
            return redirect("office:submission", pk=pk)
        except OfficeProblem as refused:
            problem = refused
            found = archive.submission(person, pk)
    dossiers = list(found.dossiers.select_related("keeper").order_by("year", "code"))
    rows = list(zip(dossiers, papers.known_rows(dossiers, person), strict=True))
    open_now = found.state == SubmissionState.SENT
    context = {
        "found": found, "rows": rows, "columns": papers.SUBMITTED_COLUMNS, "files": papers.files_of(dossiers),
        "left_out": rules.seen_by(person).filter(pk__in=found.left_out.values("pk")).order_by("year", "code"),
        "left_out_count": found.left_out.count(),
        "can_answer": open_now and Role.CLERK in access.roles(person) and found.given_by_id != person.pk,
        "given": request.POST,
    }  # fmt: skip
    return show(request, person, "submission.html", context, problem=problem)


def _answer(request: HttpRequest, found: Submission, person: Person) -> None:
    match request.POST.get("act"):
        case "take_over":
            archive.take_over(found, actor=person, at=now())
        case "send_back":
            archive.send_back(found, reason=request.POST.get("reason", ""), actor=person, at=now())
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


@page()
def printed(request: HttpRequest, person: Person, pk: int, paper: str, kind: str) -> HttpResponseBase:
    """The list of what is submitted (`muc-luc`), or the minutes in two copies (`bien-ban`)."""
    found = archive.submission(person, pk)
    subject = Subject("submission", str(pk))
    if paper == "muc-luc":
        return taken(person, papers.of_submission(found, person), kind, subject, "list")
    if paper != "bien-ban" or kind != "pdf":
        raise NotFound()
    content = laid(lambda: papers.minutes(found), "biên bản")
    note_taken(person, subject, "minutes pdf")
    return attached([content], f"Bien ban giao nhan {pk}.pdf")


@page(*KEEPERS_OF_RECORDS)
def kept_printed(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """Danh mục hồ sơ, tài liệu giữ lại."""
    dossiers = list(archive.kept_back(person)[: archive.MOST_AT_ONCE])
    paper = papers.of_kept_back(person.organization, dossiers, person, timezone.localdate())
    return taken(person, paper, kind, Subject("submission", "kept"), "kept back")
