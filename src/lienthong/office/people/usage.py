"""How often the system and what is in it were used, by day, by kind and by unit: figures only, for who manages the
agency (Decree 30/2020, Annex VI, III.6a, b). What somebody read stands with each document (`actors.readers_of`)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_noop

from lienthong.journal.models import AccessLog, Event
from lienthong.journal.vocabulary import Access, OfficeEvent
from lienthong.office.models import Organization
from lienthong.standards.times import VIETNAM

COLUMNS = (
    gettext_noop("Ngày"), gettext_noop("Lượt đăng nhập"), gettext_noop("Người đăng nhập"),
    gettext_noop("Lượt mở văn bản, hồ sơ"), gettext_noop("Lượt xem, tải tệp"), gettext_noop("Văn bản, hồ sơ được mở"),
)  # fmt: skip
"""As the paper has them, and the page in the reader's language."""


@dataclass(frozen=True)
class Day:
    """A day in figures.

    Attributes:
        sign_ins, people: how often somebody signed in, and how many did.
        opened, taken: how often a page was opened, and a file shown or taken away.
        subjects: how many documents and dossiers these were.
    """

    day: date
    sign_ins: int = 0
    people: int = 0
    opened: int = 0
    taken: int = 0
    subjects: int = 0

    @property
    def cells(self) -> tuple[str, ...]:
        """As the table has it."""
        figures = (self.sign_ins, self.people, self.opened, self.taken, self.subjects)
        return (f"{self.day:%d/%m/%Y}", *map(str, figures))


def of_month(organization: Organization, first: date) -> list[Day]:
    """The days of a month on which anything was used, in order."""
    begin, end = _bounds(first)
    known = _sign_ins(organization, begin, end)
    for day, figures in _reading(organization, begin, end).items():
        known.setdefault(day, {}).update(figures)
    return [Day(day, **known[day]) for day in sorted(known)]


def total(days: Iterable[Day]) -> tuple[int, int, int]:
    """Sign-ins, pages opened and files taken of all these days; people and subjects of days do not add up."""
    rows = list(days)
    return sum(one.sign_ins for one in rows), sum(one.opened for one in rows), sum(one.taken for one in rows)


def _sign_ins(organization: Organization, begin: datetime, end: datetime) -> dict[date, dict[str, int]]:
    rows = Event.objects.filter(
        name=OfficeEvent.SIGNED_IN.value, agency=organization.code, at__gte=begin, at__lt=end
    ).order_by()
    counted = rows.values(day=TruncDate("at", tzinfo=VIETNAM)).annotate(
        sign_ins=Count("id"), people=Count("actor", distinct=True)
    )
    return {row["day"]: {"sign_ins": row["sign_ins"], "people": row["people"]} for row in counted}


def _reading(organization: Organization, begin: datetime, end: datetime) -> dict[date, dict[str, int]]:
    rows = AccessLog.objects.filter(agency=organization.code, at__gte=begin, at__lt=end).order_by()
    counted = rows.values(day=TruncDate("at", tzinfo=VIETNAM)).annotate(
        opened=Count("id", filter=Q(access=Access.OPENED.value)),
        taken=Count("id", filter=Q(access=Access.DOWNLOADED.value)),
        incoming=Count("subject", distinct=True, filter=Q(subject_kind="incoming")),
        outgoing=Count("subject", distinct=True, filter=Q(subject_kind="outgoing")),
        dossiers=Count("subject", distinct=True, filter=Q(subject_kind="dossier")),
    )
    return {
        row["day"]: {
            "opened": row["opened"], "taken": row["taken"],
            "subjects": row["incoming"] + row["outgoing"] + row["dossiers"],
        }
        for row in counted
    }  # fmt: skip


def _bounds(first: date) -> tuple[datetime, datetime]:
    """The month from its first moment to the first of the next, in this country."""
    begin = datetime.combine(first.replace(day=1), time(), tzinfo=VIETNAM)
    return begin, begin + timedelta(days=monthrange(first.year, first.month)[1])
