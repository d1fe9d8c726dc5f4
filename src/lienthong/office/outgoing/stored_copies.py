"""The use of stored copies of what was issued: who had one, by whose leave, and when it came back (Decree 30/2020,
Articles 6.3c and 19; the book of Annex IV, IV)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day as in_words
from lienthong.office.errors import BookTooThick, IllegalMove, Missing
from lienthong.office.models import OutgoingDocument, OutgoingState, Person, Role, StoredCopyUse
from lienthong.office.people import access
from lienthong.office.people.actors import record
from lienthong.office.registers.volumes import MOST_IN_BOOK

COLUMNS = (
    "Ngày tháng",
    "Họ tên người sử dụng",
    "Số, ký hiệu ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Số và ký hiệu HS",
    "Ký nhận",
    "Ngày trả",
    "Người cho phép sử dụng",
    "Ghi chú",
)
"""The nine columns of Annex IV, IV.2, in their order."""
S = OutgoingState
STORED = (S.ISSUED, S.RECALLING, S.RECALLED, S.PARTLY_RECALLED)
"""The states of a document of which a copy is stored: it was issued (Article 19)."""


@dataclass(frozen=True)
class Use:
    """What the clerk writes down.

    Attributes:
        receipt: how it was signed for; `file_code`: of the dossier that holds the copy, where it is in one.
    """

    used_on: date | None
    user_name: str
    allowed_by: str
    file_code: str = ""
    receipt: str = ""
    note: str = ""


def lend(document: OutgoingDocument, use: Use, *, actor: Person, at: datetime) -> StoredCopyUse:
    """Write down that somebody uses the stored copy of an issued document.

    Raises:
        Forbidden: not a clerk. IllegalMove: it was not issued, so that no copy of it is stored.
        Missing: no name, nobody who allowed it, or a day that is none of those from the issue to today.
    """
    access.require(actor, Role.CLERK)
    if document.state not in STORED or document.issued_at is None:
        raise IllegalMove(state=document.get_state_display())
    if not use.user_name.strip():
        raise Missing(what="họ tên người sử dụng", what_en="the name of who uses it")
    if not use.allowed_by.strip():
        raise Missing(what="người cho phép sử dụng", what_en="who allowed it")
    issued, today = timezone.localdate(document.issued_at), timezone.localdate(at)
    if use.used_on is None or not issued <= use.used_on <= today:
        raise Missing(what="ngày sử dụng, từ ngày phát hành đến hôm nay", what_en="the day, from the issue to today")
    with transaction.atomic():
        made = StoredCopyUse.objects.create(
            organization=document.organization, document=document, used_on=use.used_on,
            user_name=use.user_name.strip()[:100], allowed_by=use.allowed_by.strip()[:200],
            file_code=use.file_code.strip()[:50], receipt=use.receipt.strip()[:100], note=use.note.strip()[:200],
            recorded_at=at, recorded_by=actor,
        )  # fmt: skip
        record(OfficeEvent.STORED_COPY_LENT, actor, document, at, user=made.user_name, allowed_by=made.allowed_by)
    return made


def take_back(use: StoredCopyUse, returned_on: date | None, *, actor: Person, at: datetime) -> None:
    """Write down that a stored copy came back.

    Raises:
        Forbidden: not a clerk. IllegalMove: it is back already.
        Missing: a day that is none of those from its use to today.
    """
    access.require(actor, Role.CLERK)
    if returned_on is None or not use.used_on <= returned_on <= timezone.localdate(at):
        raise Missing(what="ngày trả, từ ngày sử dụng đến hôm nay", what_en="the day, from its use to today")
    with transaction.atomic():
        if not StoredCopyUse.objects.filter(pk=use.pk, returned_on=None).update(returned_on=returned_on):
            raise IllegalMove(state="đã trả bản lưu")
        record(OfficeEvent.STORED_COPY_BACK, actor, use.document, at, user=use.user_name)


def used(person: Person, first: date, last: date) -> QuerySet[StoredCopyUse]:
    """The uses from one day to another, both within, of the documents in which a person has a part, oldest first: who
    only got one to read is told nothing of what became of it."""
    visible = access.taking_part_in(person).values("pk")
    found = StoredCopyUse.objects.filter(organization_id=person.organization_id, used_on__range=(first, last))
    return found.filter(document__in=visible).select_related("document").order_by("used_on", "id")


def one(person: Person, pk: int) -> StoredCopyUse | None:
    """One use, where the person may see its document."""
    visible = access.outgoing_of(person).values("pk")
    return StoredCopyUse.objects.filter(pk=pk, document__in=visible).select_related("document").first()


def lines(uses: QuerySet[StoredCopyUse]) -> list[tuple[StoredCopyUse, tuple[str, ...]]]:
    """The lines of the book. Raises `BookTooThick`: more than can be bound."""
    found = list(uses[: MOST_IN_BOOK + 1])
    if len(found) > MOST_IN_BOOK:
        raise BookTooThick(most=MOST_IN_BOOK)
    return [(each, _cells(each)) for each in found]


def _cells(use: StoredCopyUse) -> tuple[str, ...]:
    document = use.document
    dated = in_words(document.promulgated_on) if document.promulgated_on else ""
    return (
        in_words(use.used_on),
        use.user_name,
        f"{document.printed_number} {dated}".strip(),
        f"{document.type_name}: {document.subject}",
        use.file_code,
        use.receipt,
        in_words(use.returned_on) if use.returned_on else "",
        use.allowed_by,
        use.note,
    )
