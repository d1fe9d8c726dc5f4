"""Papers of dossiers as files: a PDF to print and sign, or a workbook; who took one away is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from urllib.parse import quote

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from lienthong.journal.record import Subject, log_access
from lienthong.journal.vocabulary import Access
from lienthong.look.tables import as_xlsx
from lienthong.office.dossiers.papers import Paper
from lienthong.office.errors import NotFound, NotPdf
from lienthong.office.models import Person
from lienthong.office.people.actors import actor_of
from lienthong.office.typeset import TypesetProblem
from lienthong.office.web.guards import now

Laid = TypeVar("Laid")
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def taken(person: Person, paper: Paper, kind: str, subject: Subject, detail: str) -> HttpResponseBase:
    """A paper with one table, as PDF or XLSX. Raises `NotFound` for another kind, `NotPdf`."""
    if kind not in ("pdf", "xlsx"):
        raise NotFound()
    content = [laid(paper.as_pdf, paper.title)] if kind == "pdf" else as_xlsx(paper.rows, paper.columns)
    note_taken(person, subject, f"{detail} {kind}")
    return attached(content, f"{paper.file}.{kind}")


def laid(make: Callable[[], Laid], name: str) -> Laid:
    """What is laid out. Raises `NotPdf`."""
    try:
        return make()
    except TypesetProblem as reason:
        raise NotPdf(name=name, reason=reason.vi, reason_en=reason.en) from reason


def note_taken(person: Person, subject: Subject, detail: str) -> None:
    """Note who took it away."""
    log_access(Access.DOWNLOADED, actor=actor_of(person), subject=subject, at=now(), detail=detail)


def attached(content: Iterable[bytes], name: str) -> HttpResponseBase:
    """A file to keep, sent piece by piece."""
    answer = StreamingHttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
