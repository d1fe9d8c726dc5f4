"""Hết thời hạn bảo quản: the dossiers whose retention is over, and their list on paper."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.look.paging import beyond
from lienthong.office.dossiers import outlived, papers, rules
from lienthong.office.models import Dossier, Person
from lienthong.office.web import given
from lienthong.office.web.dossier_papers import taken
from lienthong.office.web.guards import page, show
from lienthong.office.web.submissions import KEEPERS_OF_RECORDS

PAGE_ROWS = 50


@page(*KEEPERS_OF_RECORDS)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What has been kept for its time, a page after the other."""
    rows = _seen(person, timezone.localdate()).select_related("unit")
    start = given.row_of(request.GET.get("sau", ""), 2)
    if start:
        rows = rows.filter(beyond(("last_year", "pk"), start, down=False))
    found = list(rows[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    last = shown[-1] if len(found) > PAGE_ROWS else None
    context = {
        "rows": shown, "beyond": bool(start), "most": outlived.MOST_PRINTED,
        "next": f"{last.last_year}-{last.pk}" if last else "",  # type: ignore[attr-defined]
    }  # fmt: skip
    return show(request, person, "dossiers_outlived.html", context)


@page(*KEEPERS_OF_RECORDS)
def printed(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """Danh mục hồ sơ hết thời hạn bảo quản, for the council that looks at them."""
    today = timezone.localdate()
    dossiers = outlived.to_propose(_seen(person, today))
    paper = papers.of_outlived(person.organization, dossiers, person, today)
    return taken(person, paper, kind, Subject("report", "outlived"), "list")


def _seen(person: Person, today: date) -> QuerySet[Dossier]:
    """What is outlived, of what this person may see: on the page and on paper alike."""
    return outlived.outlived(person.organization, today).filter(pk__in=rules.seen_by(person).values("pk"))
