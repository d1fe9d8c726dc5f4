"""The end of a dossier: looked through, what does not belong there taken out, retention and title set for good, and
frozen; opened again only with a reason (Decree 30/2020, Article 29.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.dossiers import contents, tasks
from lienthong.office.dossiers.errors import CodeTaken, DossierEmpty
from lienthong.office.dossiers.limits import submit_by
from lienthong.office.dossiers.rules import hold_open, note, require_answering, require_head_of_records, tell
from lienthong.office.dossiers.work_errors import PartsOpen, TasksOpen
from lienthong.office.errors import IllegalMove, Missing, require_why
from lienthong.office.models import Dossier, DossierState, Person
from lienthong.office.people.calendar import calendar_of
from lienthong.office.people.staff_errors import BadTime
from lienthong.office.workflow import dossiers as workflow
from lienthong.office.workflow import holds
from lienthong.standards.statuses import Words


@dataclass(frozen=True)
class Ending:
    """What its maker says of a dossier when it ends.

    Attributes:
        retention_years: None: for ever.
        ended_on: when the work ended; of a construction, when its account was settled.
        taken_out: item → why it does not belong there.
    """

    title: str
    code: str
    retention_years: int | None
    ended_on: date | None
    taken_out: Mapping[int, str]


def close(dossier: Dossier, ending: Ending, *, actor: Person, at: datetime) -> None:
    """Close a dossier; from now on nothing comes in and nothing goes out.

    Raises:
        Forbidden, Missing, BadTime, CodeTaken, DossierEmpty, Held, DossierShut, TasksOpen, PartsOpen.
    """
    require_answering(actor, dossier)
    title, code = " ".join(ending.title.split())[:500], "".join(ending.code.split())[:20]
    if not title or not code or ending.ended_on is None:
        raise Missing(what="tiêu đề, ký hiệu và ngày công việc kết thúc", what_en="title, code and the day of its end")
    if not dossier.started_on <= ending.ended_on <= timezone.localdate(at):
        raise BadTime(
            why="ngày kết thúc trước ngày bắt đầu hoặc ở tương lai",
            why_en="it ends before it begins, or in the future",
        )
    if not set(ending.taken_out.values()) <= set(contents.Removal.values):
        raise Missing(what="lý do loại khỏi hồ sơ", what_en="why something is taken out")
    try:
        with transaction.atomic():
            hold_open(dossier)
            _require_done(dossier)
            contents.count_pages(dossier)
            for item in dossier.items.filter(pk__in=list(ending.taken_out), removed_at=None):
                contents.remove(dossier, item, ending.taken_out[item.pk], actor=actor, at=at)
            if not dossier.items.filter(removed_at=None).exists():
                raise DossierEmpty()
            due = submit_by(
                dossier.kind, ending.retention_years, ending.ended_on, calendar=calendar_of(dossier.organization)
            )  # fmt: skip
            workflow.advance(
                dossier, to=DossierState.CLOSED, title=title, code=code, retention_years=ending.retention_years,
                ended_on=ending.ended_on, closed_at=at, submit_by=due, warned_at=None, progress=100,
            )  # fmt: skip
            note(
                OfficeEvent.DOSSIER_CLOSED, dossier, actor, at, retention=dossier.retention,
                submit_by=due.isoformat() if due else None, taken_out=len(ending.taken_out),
            )  # fmt: skip
    except IntegrityError:
        raise CodeTaken(taken=code, year=dossier.year) from None


def _require_done(dossier: Dossier) -> None:
    """In the transaction that holds the dossier open."""
    if count := tasks.open_in(dossier):
        raise TasksOpen(count=count)
    if count := dossier.parts.filter(state=DossierState.OPEN).count():
        raise PartsOpen(count=count)


def reopen(dossier: Dossier, *, reason: str, actor: Person, at: datetime) -> None:
    """Open a closed dossier again, before the archive has it; a part only while the whole is open. Raises `Forbidden`,
    `ReasonNeeded`, `Held`, `IllegalMove`."""
    require_head_of_records(actor)
    why = require_why(reason)
    with transaction.atomic():
        holds.require_free(dossier)
        if dossier.parent_id is not None:
            whole = Dossier.objects.select_for_update().get(pk=dossier.parent_id)
            if whole.state != DossierState.OPEN:
                raise IllegalMove(state=whole.get_state_display())
        over: dict[str, object] = {"submit_by": None, "warned_at": None, "kept_until": None, "kept_consent": ""}
        workflow.advance(dossier, to=DossierState.OPEN, **over)
        note(OfficeEvent.DOSSIER_REOPENED, dossier, actor, at, reason=why)
        words = Words(f"Hồ sơ {dossier.code} được mở lại", f"Dossier {dossier.code} was opened again")
        tell([dossier.keeper], dossier, words, at=at)
