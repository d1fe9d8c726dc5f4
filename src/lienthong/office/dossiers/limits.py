"""The times of dossiers, in one table (Decree 30/2020, Articles 30.2, 31.3; Annex VI, III.5b)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from lienthong.office.models import Dossier, DossierKind
from lienthong.standards.workdays import WorkCalendar

MONTHS_TO_SUBMIT = {DossierKind.WORK: 12, DossierKind.CONSTRUCTION: 3}
"""Within so many months after the work ended, or the construction's account was settled, it is submitted (30.2)."""
YEARS_OF_ARCHIVE = 5
"""What is kept shorter never goes to the agency's archive (31.3c)."""
MOST_KEPT_BACK = 24
"""So many months after it was due a dossier may stay with its keeper, by consent (31.3d)."""
WARNED_BEFORE = timedelta(days=30)
"""So long before it is due its keeper is told (Annex VI, III.5b)."""


def submit_by(kind: str, retention_years: int | None, ended_on: date, *, calendar: WorkCalendar) -> date | None:
    """Until when a dossier is to be submitted; None: it never is. A time that would end on a day off of the agency's
    calendar ends with the next working day (Civil Code 2015, Article 148.5)."""
    if retention_years is not None and retention_years < YEARS_OF_ARCHIVE:
        return None
    day = months_after(ended_on, MONTHS_TO_SUBMIT[DossierKind(kind)])
    return day if calendar.is_workday(day) else calendar.next_workday(day)


def last_kept(dossier: Dossier) -> date | None:
    """Until when at most it may be kept back; None: it is not due at all."""
    return months_after(dossier.submit_by, MOST_KEPT_BACK) if dossier.submit_by else None


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
