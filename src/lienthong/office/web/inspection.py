"""Kiểm tra định kỳ: how each unit keeps Decision 28, in figures of a quarter (Article 19.4)."""

from __future__ import annotations

from itertools import accumulate, repeat

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.journal.record import Subject
from lienthong.look.vietnamese import day
from lienthong.office.dossiers.papers import Paper
from lienthong.office.models import Person
from lienthong.office.outgoing import inspection
from lienthong.office.outgoing.inspection import Quarter
from lienthong.office.web.dossier_papers import taken
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.usage import MANAGE
from lienthong.standards.times import VIETNAM

OFFERED = 12
"""Quarters that can be chosen: three years."""


@page(*MANAGE)
def by_unit(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The units in figures of a quarter; nothing of any document."""
    chosen = _quarter(request)
    context = {
        "rows": inspection.lines(person.organization, chosen, at=now()), "columns": inspection.COLUMNS[1:],
        "chosen": chosen, "quarters": _quarters(),
    }  # fmt: skip
    return show(request, person, "inspection.html", context)


@page(*MANAGE)
def by_unit_taken(request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The same as a paper or a workbook."""
    chosen, organization, at = _quarter(request), person.organization, now()
    lines = inspection.lines(organization, chosen, at=at)
    paper = Paper(
        f"Kiem tra {chosen.year} quy {chosen.number}", "KIỂM TRA GỬI, NHẬN VĂN BẢN ĐIỆN TỬ THEO ĐƠN VỊ",
        organization.name, organization.superior_name, inspection.COLUMNS, (12, 0, 26, 26, 30, 26, 26, 24),
        [(str(number), one.unit.name, *one.cells) for number, one in enumerate(lines, 1)],
        (f"Quý {chosen.number} năm {chosen.year}, số liệu đến ngày {day(at.astimezone(VIETNAM).date())}",),
    )  # fmt: skip
    return taken(person, paper, kind, Subject("report", "inspection"), f"{chosen.year}-{chosen.number}")


def _quarters() -> list[Quarter]:
    """This quarter and those before it."""
    return list(accumulate(repeat(inspection.quarter_of(now()), OFFERED), lambda last, _: last.before))


def _quarter(request: HttpRequest) -> Quarter:
    """The quarter that is asked for (`2026-4`) if it is offered; else this one."""
    asked = request.GET.get("quy", "")
    offered = _quarters()
    return next((one for one in offered if f"{one.year}-{one.number}" == asked), offered[0])
