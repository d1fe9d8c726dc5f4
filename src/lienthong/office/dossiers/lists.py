"""The year's list of dossiers: drafted by the clerk, issued by the head (Decree 30/2020, Article 28; Annex V, I–II)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day
from lienthong.office.dossiers.errors import BadRetention, CodeTaken, ListEmpty, ListExists, ListIssued
from lienthong.office.errors import Missing
from lienthong.office.models import DossierList, ListEntry, ListHeading, Organization, Person, Role, Unit
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of

COLUMNS = (
    "Số và ký hiệu hồ sơ",
    "Tên đề mục và tiêu đề hồ sơ",
    "Thời hạn bảo quản",
    "Người lập hồ sơ",
    "Ghi chú",
)
"""The five columns of Annex V, II."""
FOR_EVER = "vv"
"""What a form says for “Vĩnh viễn”."""
LONGEST_RETENTION = 100
FIRST_YEAR, LAST_YEAR = 2000, 2199
_ROMAN = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))
State = DossierList.State


@dataclass(frozen=True)
class Entry:
    """A dossier of the list as it is added.

    Attributes:
        retention_years: None: for ever.
        keeper, unit: who makes it, one of the two.
    """

    title: str
    retention_years: int | None
    keeper: Person | None = None
    unit: Unit | None = None
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the list as it is read: a heading with its numeral, or a dossier."""

    text: str
    heading: ListHeading | None = None
    entry: ListEntry | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The five cells of Annex V, II."""
        if self.entry is None:
            return ("", self.text, "", "", "")
        one = self.entry
        return (one.code, one.title, one.retention, one.kept_by, one.note)


@dataclass(frozen=True)
class Account:
    """How many dossiers a list names, and how long they are kept (Annex V, II)."""

    total: int
    permanent: int

    @property
    def term(self) -> int:
        """Those that are kept for a term."""
        return self.total - self.permanent


def of(organization: Organization) -> QuerySet[DossierList]:
    """The lists of an agency, the newest year first."""
    return DossierList.objects.filter(organization=organization).select_related("organization", "issued_by")


def begin(year: int, numbering: str, *, copied: bool, actor: Person, at: datetime) -> DossierList:
    """Begin the list of a year, empty or with the headings and dossiers of the newest list before it.

    Raises:
        Forbidden, Missing, ListExists.
    """
    require(actor, Role.CLERK)
    if not FIRST_YEAR <= year <= LAST_YEAR or numbering not in DossierList.Numbering.values:
        raise Missing(what="năm và cách đánh số", what_en="the year and how dossiers are numbered")
    before = of(actor.organization).filter(year__lt=year).first() if copied else None
    try:
        with transaction.atomic():
            made = DossierList.objects.create(
                organization=actor.organization, year=year, numbering=numbering, begun_at=at, begun_by=actor
            )
            if before is not None:
                _copy(before, made)
                renumber(made)
            _note(OfficeEvent.DOSSIER_LIST_BEGUN, made, actor, at, copied_from=before.year if before else None)
    except IntegrityError:
        raise ListExists(year=year) from None
    return made


def add_heading(
    found: DossierList, title: str, abbreviation: str, parent: ListHeading | None, *, actor: Person, at: datetime
) -> ListHeading:
    """Add a main heading with its abbreviation, or one below it. Raises `Forbidden`, `ListIssued`, `Missing`,
    `CodeTaken`."""
    words, short = " ".join(title.split())[:200], "".join(abbreviation.upper().split())[:15]
    if not words or (parent is None) == (not short) or (parent is not None and parent.parent_id is not None):
        raise Missing(
            what="tên đề mục, và chữ viết tắt của đề mục lớn",
            what_en="the heading's name, and the abbreviation of a main one",
        )
    try:
        with transaction.atomic():
            _hold(found, actor)
            made = ListHeading.objects.create(list=found, parent=parent, title=words, abbreviation=short)
            _note(OfficeEvent.DOSSIER_LIST_CHANGED, found, actor, at, added=words)
    except IntegrityError:
        raise CodeTaken(taken=short, year=found.year) from None
    return made


def add_entry(heading: ListHeading, entry: Entry, *, actor: Person, at: datetime) -> ListEntry:
    """Add a dossier below a heading; all are numbered anew. Raises `Forbidden`, `ListIssued`, `Missing`."""
    title = " ".join(entry.title.split())[:500]
    if not title or (entry.keeper is None) == (entry.unit is None):
        raise Missing(what="tiêu đề và người lập hồ sơ", what_en="the title, and who makes the dossier")
    with transaction.atomic():
        _hold(heading.list, actor)
        made = ListEntry.objects.create(
            heading=heading, title=title, retention_years=entry.retention_years, keeper=entry.keeper, unit=entry.unit,
            note=" ".join(entry.note.split())[:200],
        )  # fmt: skip
        renumber(heading.list)
        _note(OfficeEvent.DOSSIER_LIST_CHANGED, heading.list, actor, at, added=title)
    made.refresh_from_db()
    return made


def remove(found: DossierList, thing: ListHeading | ListEntry, *, actor: Person, at: datetime) -> None:
    """Take a dossier away, or a heading with all below it. Raises `Forbidden`, `ListIssued`."""
    with transaction.atomic():
        _hold(found, actor)
        thing.delete()
        renumber(found)
        _note(OfficeEvent.DOSSIER_LIST_CHANGED, found, actor, at, removed=thing.title)


def issue(found: DossierList, number: str, decided_on: date | None, *, actor: Person, at: datetime) -> None:
    """The head issues the list with the number and date of the decision; from now on it stays as it is.

    Raises:
        Forbidden, ListIssued, ListEmpty, Missing.
    """
    require(actor, Role.LEADER)
    if not number.strip() or decided_on is None:
        raise Missing(what="số, ngày của quyết định ban hành", what_en="number and date of the decision")
    if not account(found).total:
        raise ListEmpty()
    with transaction.atomic():
        changed = DossierList.objects.filter(pk=found.pk, state=State.DRAFT).update(
            state=State.ISSUED, decision_number=number.strip()[:100], decided_on=decided_on,
            decided_by=found.organization.name, issued_at=at, issued_by=actor,
        )  # fmt: skip
        if not changed:
            raise ListIssued(year=found.year)
        counts = account(found)
        _note(
            OfficeEvent.DOSSIER_LIST_ISSUED, found, actor, at, decision=number.strip()[:100],
            decided_on=decided_on.isoformat(), dossiers=counts.total, permanent=counts.permanent,
        )  # fmt: skip


def account(found: DossierList) -> Account:
    """The sums of a list."""
    entries = ListEntry.objects.filter(heading__list=found)
    return Account(entries.count(), entries.filter(retention_years=None).count())


def lines(found: DossierList) -> list[Line]:
    """The list in its order: main headings (I), what is right below them, headings below (1), and their dossiers."""
    headings, entries = defaultdict(list), defaultdict(list)
    for heading in found.headings.select_related("parent").order_by("pk"):
        headings[heading.parent_id].append(heading)
    rows = ListEntry.objects.filter(heading__list=found)
    for entry in rows.select_related("heading__parent", "keeper", "unit", "dossier").order_by("number", "pk"):
        entries[entry.heading_id].append(entry)
    told: list[Line] = []
    for place, main in enumerate(headings[None], 1):
        told.append(Line(f"{roman(place)}. {main.title}", heading=main))
        told += [Line(one.title, entry=one) for one in entries[main.pk]]
        for lower_place, lower in enumerate(headings[main.pk], 1):
            told.append(Line(f"{lower_place}. {lower.title}", heading=lower))
            told += [Line(one.title, entry=one) for one in entries[lower.pk]]
    return told


def cover(found: DossierList) -> list[str]:
    """What stands above the table: year, decision, sums (Annex V, II)."""
    counts = account(found)
    decision = (
        f"(Kèm theo Quyết định số {found.decision_number} ngày {day(found.decided_on)} của {found.decided_by})"
        if found.decided_on
        else "(Dự thảo, chưa ban hành)"
    )
    return [
        f"Năm {found.year}",
        decision,
        f"Danh mục hồ sơ này có {counts.total} hồ sơ, bao gồm:",
        f"{counts.permanent} hồ sơ bảo quản vĩnh viễn;",
        f"{counts.term} hồ sơ bảo quản có thời hạn.",
    ]


def renumber(found: DossierList) -> None:
    """Number the dossiers in the order in which they stand, from 01: through the whole list, or in each main heading
    (Annex V, I.2)."""
    number, main = 0, None
    changed = []
    for entry in _in_order(found):
        top = entry.heading.parent_id or entry.heading_id
        if found.numbering == DossierList.Numbering.HEADING and top != main:
            number, main = 0, top
        number += 1
        if entry.number != number:
            entry.number = number
            changed.append(entry)
    ListEntry.objects.bulk_update(changed, ["number"])


def retention_of(text: str) -> int | None:
    """A time of keeping as a form gives it; None: for ever. Raises `BadRetention`."""
    if text == FOR_EVER:
        return None
    if not text.isdecimal() or len(text) > 3 or not 1 <= int(text) <= LONGEST_RETENTION:
        raise BadRetention()
    return int(text)


def roman(number: int) -> str:
    """A Roman numeral."""
    text = ""
    for sign, worth in _ROMAN:
        times, number = divmod(number, worth)
        text += sign * times
    return text


def _in_order(found: DossierList) -> Iterator[ListEntry]:
    headings = defaultdict(list)
    for heading in found.headings.order_by("pk"):
        headings[heading.parent_id].append(heading.pk)
    order = [pk for main in headings[None] for pk in (main, *headings[main])]
    rows = ListEntry.objects.filter(heading__list=found).select_related("heading")
    yield from sorted(rows, key=lambda one: (order.index(one.heading_id), one.pk))


def _copy(before: DossierList, made: DossierList) -> None:
    """The headings and dossiers of a list, for another year."""
    new: dict[int, ListHeading] = {}
    for old in before.headings.order_by(F("parent").asc(nulls_first=True), "pk"):
        parent = new[old.parent_id] if old.parent_id else None
        new[old.pk] = ListHeading.objects.create(
            list=made, parent=parent, title=old.title, abbreviation=old.abbreviation
        )
    ListEntry.objects.bulk_create(
        ListEntry(
            heading=new[old.heading_id], title=old.title, retention_years=old.retention_years, keeper=old.keeper,
            unit=old.unit, note=old.note,
        )
        for old in ListEntry.objects.filter(heading__list=before).order_by("heading", "number", "pk")
    )  # fmt: skip


def _hold(found: DossierList, actor: Person) -> None:
    """In the change's transaction: two who change a draft at once come one after the other."""
    require(actor, Role.CLERK)
    if DossierList.objects.select_for_update().get(pk=found.pk).state != State.DRAFT:
        raise ListIssued(year=found.year)


def _note(event: OfficeEvent, found: DossierList, actor: Person, at: datetime, **data: object) -> None:
    subject = Subject("dossier_list", str(found.pk))
    into_journal(event, actor=actor_of(actor), subject=subject, at=at, year=found.year, **data)
