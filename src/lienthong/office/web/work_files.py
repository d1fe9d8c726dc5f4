"""The work that a dossier is about, on its page: tasks, parts, documents drafted from it; and how it goes, by unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.office.dossiers import keeping, progress, rules, tasks
from lienthong.office.models import Dossier, DossierTask, Person, TaskState
from lienthong.office.people import access
from lienthong.office.web import given
from lienthong.office.web.dossier_papers import taken
from lienthong.office.web.guards import now, page, show

TASK_ROWS = 25
"""Tasks on one page of a dossier: with each come the questions of what can be done to it."""


def shown(
    request: HttpRequest, found: Dossier, person: Person, *, works: bool, answers: bool, opened: bool
) -> dict[str, Any]:
    """What the page of a dossier says of its work."""
    rows = Paginator(tasks.of(found), TASK_ROWS).get_page(request.GET.get("nhiem-vu"))
    return {
        "task_page": rows,
        "tasks": [(one, opened and _to_do(one) and tasks.may_report(person, one, found)) for one in rows],
        "tasks_open": tasks.open_in(found),
        "doers": keeping.receivers(person) if opened and answers else [],
        "parts": rules.seen_by(person).filter(parent=found).select_related("keeper").order_by("pk"),
        "larger": rules.seen_by(person).filter(pk=found.parent_id).first() if found.parent_id else None,
        "transfers": found.historical_transfers.all(),
        "can_draft": opened and works and access.may_draft(person),
    }


def _to_do(task: DossierTask) -> bool:
    return task.state == TaskState.TO_DO


@page()
def by_unit(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Báo cáo tiến độ: how the work in dossiers goes, unit by unit."""
    at = now()
    context = {"rows": progress.lines(person, at), "columns": progress.COLUMNS[1:], "today": timezone.localdate(at)}
    return show(request, person, "dossier_progress.html", context)


@page()
def by_unit_taken(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The same as a paper or a workbook."""
    at = now()
    day = timezone.localdate(at).isoformat()
    return taken(person, progress.paper(person, at), kind, Subject("report", "progress"), day)


# -- acts --------------------------------------------------------------------------------------------------------------


def _give(request: HttpRequest, found: Dossier, person: Person) -> None:
    form = request.POST
    doer = keeping.receivers(person).filter(pk=given.number(form.get("doer", ""))).first()
    tasks.give(found, form.get("text", ""), doer, given.day_of(form.get("due_on", "")), actor=person, at=now())


def _report(request: HttpRequest, found: Dossier, person: Person) -> None:
    form = request.POST
    task = tasks.one(found, given.number(form.get("task", "")))
    percent = given.number(form.get("progress", ""), -1)
    tasks.report(task, percent, form.get("note", ""), actor=person, at=now())


def _drop(request: HttpRequest, found: Dossier, person: Person) -> None:
    task = tasks.one(found, given.number(request.POST.get("task", "")))
    tasks.drop(task, reason=request.POST.get("reason", ""), actor=person, at=now())


ACTS: dict[str, Callable[[HttpRequest, Dossier, Person], None]] = {
    "task": _give,
    "task_report": _report,
    "task_drop": _drop,
}
