"""The papers of dossiers in the layouts of Decree 30/2020, Annex V: the year's list (II), the list of what is submitted
(III), the list of what lies in a dossier (IV), the minutes of the hand-over (V)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from lienthong.look.vietnamese import day, in_words
from lienthong.office.dossiers import lists
from lienthong.office.dossiers.described import described
from lienthong.office.dossiers.rules import seen_by
from lienthong.office.models import (
    Dossier,
    DossierItem,
    DossierList,
    HistoricalTransfer,
    IncomingState,
    Organization,
    Person,
    Post,
    Submission,
)
from lienthong.office.typeset.render import laid_out

SUBMITTED_COLUMNS = (
    "Số TT",
    "Số, ký hiệu hồ sơ",
    "Tiêu đề hồ sơ",
    "Thời gian tài liệu",
    "Thời hạn bảo quản",
    "Số tờ/ Số trang",
    "Ghi chú",
)
"""The seven columns of Annex V, III."""
HIDDEN = "(hồ sơ người xem không tham gia)"
CONTENTS_COLUMNS = (
    "STT",
    "Số, ký hiệu văn bản",
    "Ngày tháng năm văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Tác giả văn bản",
    "Tờ số/ Trang số",
    "Ghi chú",
)
"""The seven columns of Annex V, IV."""
_SOURCE = Path(__file__).with_name("paper.typ")
_MINUTES = Path(__file__).with_name("minutes.typ")


@dataclass(frozen=True)
class Paper:
    """A paper with one table.

    Attributes:
        head: lines below the title.
        below: lines above the table, at its left.
        signed: what stands at its foot, with who signs; empty: nobody does.
    """

    file: str
    title: str
    agency: str
    above: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[tuple[str, ...]]
    head: Sequence[str] = ()
    below: Sequence[str] = ()
    signed: Sequence[str] = ()
    motto: bool = True

    def as_pdf(self) -> bytes:
        """The paper as a PDF. Raises `TypesetProblem`."""
        return laid_out(_SOURCE.read_bytes(), self._data(), told=True)[0]

    def _data(self) -> dict[str, Any]:
        return {
            "title": self.title, "agency": self.agency, "above": self.above, "columns": list(self.columns),
            "widths": list(self.widths), "rows": [list(row) for row in self.rows], "head": list(self.head),
            "below": list(self.below), "signed": list(self.signed), "motto": self.motto,
        }  # fmt: skip


def of_list(found: DossierList) -> Paper:
    """Danh mục hồ sơ of a year (Annex V, II)."""
    first, decision, *sums = lists.cover(found)
    return Paper(
        f"Danh muc ho so {found.year}", "DANH MỤC HỒ SƠ", found.organization.name, found.organization.superior_name,
        lists.COLUMNS, (24, 0, 26, 40, 30), [line.cells for line in lists.lines(found)], (first, decision), sums,
    )  # fmt: skip


def of_contents(dossier: Dossier, person: Person) -> Paper:
    """Mục lục văn bản, tài liệu of a dossier (Annex V, IV), as this person may know it."""
    rows = [
        (
            str(place), one.number, day(one.dated), one.title, one.author, one.pages,
            "" if one.item.pages is not None else "chưa rõ số trang" if one.seen else "",
        )
        for place, one in enumerate(described(dossier, person), 1)
    ]  # fmt: skip
    head = (f"Số, ký hiệu hồ sơ: {dossier.code}", f"Năm {dossier.year}", dossier.title)
    return Paper(
        f"Muc luc van ban {dossier.code} {dossier.year}", "MỤC LỤC VĂN BẢN, TÀI LIỆU", "", "", CONTENTS_COLUMNS,
        (12, 36, 24, 0, 44, 22, 26), rows, head, motto=False,
    )  # fmt: skip


def of_submission(submission: Submission, person: Person) -> Paper:
    """Mục lục hồ sơ, tài liệu nộp lưu (Annex V, III), as this person may know it."""
    dossiers = list(submission.dossiers.order_by("year", "code"))
    on = timezone.localdate(submission.given_at)
    return Paper(
        f"Muc luc nop luu {submission.pk}", "MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU", submission.unit.name,
        submission.organization.name, SUBMITTED_COLUMNS, (12, 30, 0, 40, 26, 22, 34),
        known_rows(dossiers, person), (submission.title, f"Năm {on.year}"), _counted(len(dossiers)),
        _signed(submission.organization, on, submission.given_by),
    )  # fmt: skip


def of_transfer(transfer: HistoricalTransfer) -> Paper:
    """Mục lục hồ sơ nộp vào Lưu trữ lịch sử: the columns of what is submitted to an archive (Annex V, III)."""
    dossiers = list(transfer.dossiers.order_by("year", "code"))
    organization = transfer.organization
    return Paper(
        f"Muc luc nop luu tru lich su {transfer.pk}", "MỤC LỤC HỒ SƠ NỘP VÀO LƯU TRỮ LỊCH SỬ", organization.name,
        organization.superior_name, SUBMITTED_COLUMNS, (12, 30, 0, 40, 26, 22, 34), submitted_rows(dossiers),
        (f"Nơi nhận: {transfer.archive}", f"Biên bản giao nhận: {transfer.reference}"), _counted(len(dossiers)),
        _signed(organization, transfer.handed_on, transfer.recorded_by),
    )  # fmt: skip


def of_kept_back(organization: Organization, dossiers: Sequence[Dossier], person: Person, today: date) -> Paper:
    """Danh mục hồ sơ, tài liệu giữ lại (Article 31.3d): the columns of what is submitted, and until when it is kept."""
    return Paper(
        f"Danh muc giu lai {today.isoformat()}", "DANH MỤC HỒ SƠ, TÀI LIỆU GIỮ LẠI", organization.name,
        organization.superior_name, SUBMITTED_COLUMNS, (12, 30, 0, 40, 26, 22, 34), submitted_rows(dossiers),
        (f"Năm {today.year}",), _counted(len(dossiers)), _signed(organization, today, person),
    )  # fmt: skip


def of_outlived(organization: Organization, dossiers: Sequence[Dossier], person: Person, today: date) -> Paper:
    """Danh mục hồ sơ hết thời hạn bảo quản: the columns of what is submitted."""
    return Paper(
        f"Danh muc het thoi han {today.isoformat()}", "DANH MỤC HỒ SƠ HẾT THỜI HẠN BẢO QUẢN", organization.name,
        organization.superior_name, SUBMITTED_COLUMNS, (12, 30, 0, 40, 26, 22, 34), submitted_rows(dossiers),
        (f"Tính đến ngày {day(today)}",), _counted(len(dossiers)), _signed(organization, today, person),
    )  # fmt: skip


def submitted_rows(dossiers: Sequence[Dossier]) -> list[tuple[str, ...]]:
    """Dossiers as lines of the seven columns."""
    known = pages_of(dossiers)
    return [
        (
            str(place), one.code, one.title, period(one), one.retention, known.get(one.pk, ""),
            f"giữ lại đến {day(one.kept_until)} ({one.kept_consent})" if one.kept_until else one.note,
        )
        for place, one in enumerate(dossiers, 1)
    ]  # fmt: skip


def known_rows(dossiers: Sequence[Dossier], person: Person) -> list[tuple[str, ...]]:
    """The same as this person may know it: of a dossier that they may not see, nothing but that it is there."""
    seen = set(seen_by(person).filter(pk__in=[one.pk for one in dossiers]).values_list("pk", flat=True))
    blank = ("",) * (len(SUBMITTED_COLUMNS) - 3)
    return [
        row if one.pk in seen else (row[0], "", HIDDEN, *blank)
        for one, row in zip(dossiers, submitted_rows(dossiers), strict=True)
    ]


def pages_of(dossiers: Sequence[Dossier]) -> dict[int, str]:
    """Dossier → its pages where all are known; `≥` where some are not."""
    rows = DossierItem.objects.filter(dossier__in=dossiers, removed_at=None).values("dossier")
    sums = rows.annotate(total=Sum("pages"), known=Count("pages"), all=Count("pk")).order_by()
    return {
        row["dossier"]: f"{'' if row['known'] == row['all'] else '≥ '}{row['total']}" for row in sums if row["total"]
    }


def period(dossier: Dossier) -> str:
    """From when to when it is of."""
    return f"{day(dossier.started_on)} – {day(dossier.ended_on) if dossier.ended_on else '…'}"


def minutes(submission: Submission) -> bytes:
    """Biên bản giao nhận hồ sơ, tài liệu, in two copies: each side keeps one (Annex V, V). Raises `TypesetProblem`."""
    dossiers = list(submission.dossiers.order_by("year", "code"))
    span = submission.dossiers.aggregate(first=Min("started_on"), last=Max("ended_on"))
    on = timezone.localdate(submission.answered_at or submission.given_at)
    receiver = submission.answered_by
    data = {
        "superior": submission.organization.superior_name, "agency": submission.organization.name,
        "place_and_day": _place_and_day(submission.organization, on),
        "basis": ", ".join(f"Danh mục hồ sơ năm {year}" for year in sorted({one.year for one in dossiers})),
        "giver": submission.given_by.full_name, "giver_position": position(submission.given_by),
        "receiver": receiver.full_name if receiver else "", "receiver_position": position(receiver) if receiver else "",
        "title": submission.title, "span": f"{day(span['first'])} – {day(span['last'])}" if span["first"] else "",
        "dossiers": str(len(dossiers)), "files": str(files_of(dossiers)), "condition": submission.condition,
    }  # fmt: skip
    return laid_out(_MINUTES.read_bytes(), data, told=True)[0]


def files_of(dossiers: Sequence[Dossier]) -> int:
    """How many computer files lie in these dossiers (Annex V, V.3b); of what a recall destroyed, none."""
    items = DossierItem.objects.filter(dossier__in=dossiers, removed_at=None).order_by()
    mains = items.filter(incoming=None).count()  # of a document that goes out its newest version, or a file itself
    enclosed = items.aggregate(all=Count("outgoing__enclosures"))["all"]
    here = items.exclude(incoming__state=IncomingState.CANCELLED)
    received = here.aggregate(all=Count("incoming__files", filter=Q(incoming__files__present=True)))["all"]
    return int(mains + enclosed + received)


def position(person: Person) -> str:
    """The office of a person, as minutes name it."""
    post = Post.objects.filter(person=person).order_by("-valid_from", "-pk").first()
    return post.position if post else ""


def _counted(total: int) -> tuple[str, str]:
    return (
        f"Mục lục này gồm: {total} hồ sơ (đơn vị bảo quản).",
        f"Viết bằng chữ: {in_words(total)} hồ sơ (đơn vị bảo quản).",
    )


def _signed(organization: Organization, on: date, person: Person) -> tuple[str, ...]:
    return (
        _place_and_day(organization, on), "Người lập", "(Ký và ghi rõ họ và tên, chức vụ)",
        person.full_name, position(person),
    )  # fmt: skip


def _place_and_day(organization: Organization, on: date) -> str:
    return f"{organization.place}, ngày {on.day:02d} tháng {on.month:02d} năm {on.year}"
