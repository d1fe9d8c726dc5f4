"""How the work in dossiers goes, unit by unit: only dossiers that the one who asks may see are counted (Decree 30/2020,
Article 29; Annex VI, III.6a: figures of dossiers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from lienthong.look.vietnamese import day
from lienthong.office.dossiers import rules
from lienthong.office.dossiers.papers import Paper
from lienthong.office.models import DossierState, DossierTask, Person, TaskState, Unit
from lienthong.office.people import units
from lienthong.office.people.calendar import soon_until
from lienthong.standards.times import VIETNAM

COLUMNS = (
    "STT", gettext_noop("Đơn vị"), gettext_noop("Đang mở"), gettext_noop("Quá hạn"), gettext_noop("Sắp đến hạn"),
    gettext_noop("Tiến độ bình quân"), gettext_noop("Nhiệm vụ đang thực hiện"), gettext_noop("Nhiệm vụ quá hạn"),
    gettext_noop("Kết thúc trong năm"),
)  # fmt: skip
"""As the paper has them, and the page, which needs no number of the line, in the reader's language."""


@dataclass(frozen=True)
class Line:
    """A unit, how deep it lies in the tree, and how the work in its dossiers goes.

    Attributes:
        average: mean progress of the open dossiers, in percent; None: none is open.
        closed: dossiers whose work ended within the year.
    """

    unit: Unit
    depth: int
    open: int
    late: int
    soon: int
    average: int | None
    tasks: int
    late_tasks: int
    closed: int

    @property
    def cells(self) -> tuple[str, ...]:
        """The figures as the paper has them, from the third column on."""
        average = "–" if self.average is None else f"{self.average}%"
        figures = (self.open, self.late, self.soon, average, self.tasks, self.late_tasks, self.closed)
        return tuple(str(one) for one in figures)


def lines(person: Person, at: datetime) -> list[Line]:
    """Every unit in which the person sees a dossier, in the order of the tree; each counts its own dossiers. What is
    due soon is as near as the agency reminds of it."""
    today, soon = timezone.localdate(at), timezone.localdate(soon_until(person.organization, at))
    seen = rules.seen_by(person)
    opened = Q(state=DossierState.OPEN)
    figures = {
        row["unit"]: row
        for row in seen.order_by().values("unit").annotate(
            open=Count("pk", filter=opened),
            late=Count("pk", filter=opened & Q(due_on__lt=today)),
            soon=Count("pk", filter=opened & Q(due_on__gte=today, due_on__lte=soon)),
            average=Avg("progress", filter=opened),
            closed=Count("pk", filter=Q(ended_on__year=today.year)),
        )
    }  # fmt: skip
    to_do = DossierTask.objects.filter(dossier__in=seen.filter(opened).values("pk"), state=TaskState.TO_DO)
    tasks = {
        row["dossier__unit"]: row
        for row in to_do.order_by()
        .values("dossier__unit")
        .annotate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    }
    return [
        _line(unit, depth, figures[unit.pk], tasks.get(unit.pk, {"all": 0, "late": 0}))
        for unit, depth in units.tree(person.organization)
        if unit.pk in figures
    ]


def paper(person: Person, at: datetime) -> Paper:
    """Báo cáo tiến độ hồ sơ công việc, as a paper with one table."""
    organization, moment = person.organization, at.astimezone(VIETNAM)
    today = moment.date()
    rows = [(str(number), one.unit.name, *one.cells) for number, one in enumerate(lines(person, at), 1)]
    return Paper(
        f"Tien do ho so {today.isoformat()}", "BÁO CÁO TIẾN ĐỘ HỒ SƠ CÔNG VIỆC", organization.name,
        organization.superior_name, COLUMNS, (12, 0, 22, 20, 24, 26, 24, 24, 26), rows,
        (f"Số liệu lúc {moment:%H:%M}, ngày {day(today)}, trong phạm vi {person.full_name} được xem",),
    )  # fmt: skip


def _line(unit: Unit, depth: int, row: Mapping[str, Any], tasks: Mapping[str, Any]) -> Line:
    average = None if row["average"] is None else round(row["average"])
    return Line(unit, depth, row["open"], row["late"], row["soon"], average, tasks["all"], tasks["late"], row["closed"])
