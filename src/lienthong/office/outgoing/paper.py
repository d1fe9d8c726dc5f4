"""Paper: which recipients get it with the electronic document, what is still owed, and how it went
(Decision 28/2018, Articles 5.3, 7.1, 7.2)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day as in_words
from lienthong.office.errors import BookTooThick, IllegalMove, Missing
from lienthong.office.models import (
    OutgoingDocument,
    PaperClause,
    PaperRule,
    PaperTask,
    PaperWay,
    Person,
    Recipient,
    Role,
)
from lienthong.office.people import access
from lienthong.office.people.actors import record
from lienthong.office.people.overrides import record_override
from lienthong.office.people.paper_rules import in_force
from lienthong.office.registers.volumes import MOST_IN_BOOK

MOST_COPIES = 999
"""Lines in one volume: a book that can be bound."""
POST_COLUMNS = (
    "Ngày chuyển",
    "Số, ký hiệu văn bản",
    "Nơi nhận văn bản",
    "Số lượng bì",
    "Ký nhận và dấu bưu điện",
    "Ghi chú",
)
"""The six columns of the post register (Decree 30/2020, Annex IV), in their order."""


# -- the rules ---------------------------------------------------------------------------------------------------------


def rules_for(document: OutgoingDocument, recipients: Iterable[Recipient], *, at: datetime) -> dict[int, PaperRule]:
    """Recipient → the entry of Article 7.2 by which paper goes there with the electronic document; others get none."""
    rules = list(in_force(document.organization, timezone.localdate(at)))
    found = {}
    for one in recipients:
        if (rule := next((rule for rule in rules if _governs(rule, document, one)), None)) is not None:
            found[one.pk] = rule
    return found


def _governs(rule: PaperRule, document: OutgoingDocument, recipient: Recipient) -> bool:
    """Every condition of the entry holds."""
    if rule.types and document.type_name not in rule.types:
        return False
    if rule.recipients and recipient.code not in rule.recipients:
        return False
    if rule.keyword and _plain(rule.keyword) not in _plain(document.subject):
        return False
    return not rule.addressees or any(_addressed(document, name) for name in rule.addressees)


def _addressed(document: OutgoingDocument, name: str) -> bool:
    """Whether a line of "Kính gửi" or "Nơi nhận" begins with a name: "- Thủ tướng Chính phủ (để b/c);" does so."""
    lines = [*document.content.get("addressees", ()), *document.recipients_text.splitlines()]
    return any(_plain(line).lstrip("-–+• \t").startswith(_plain(name)) for line in lines)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


# -- what is owed ------------------------------------------------------------------------------------------------------


def owe(
    recipient: Recipient, document: OutgoingDocument, *, rule: PaperRule | None, at: datetime, actor: Person
) -> PaperTask:
    """Open the task of a recipient's paper, in the caller's transaction: by an entry of Article 7.2, with the
    electronic document; without one by Article 7.1, instead of it."""
    clause = rule.clause if rule else PaperClause.UNCONNECTED
    facts = {"organization": document.organization, "clause": clause, "rule": rule, "opened_at": at}
    anew = {"dropped": "", "closed_at": None, "closed_by": None}  # it was to be recalled, and is not
    task, _ = PaperTask.objects.update_or_create(recipient=recipient, defaults=facts | anew, create_defaults=facts)
    if rule is not None:
        reason = f"{rule.decision}, {in_words(rule.decided_on)}"
        record_override(
            OfficeEvent.PAPER_OWED, actor, document, at, reason=reason, recipient=recipient.code, point=rule.clause
        )
    return task


def tasks_of(document: OutgoingDocument) -> list[PaperTask]:
    """What paper a document's recipients are owed, or got, in their order."""
    found = PaperTask.objects.filter(recipient__document=document).select_related("recipient", "rule", "closed_by")
    return list(found.order_by("recipient_id"))


def counts_of(documents: Iterable[OutgoingDocument]) -> dict[int, dict[str, int]]:
    """Document id → how many of its papers are owed, sent, and dropped: keys of `board.STATES`."""
    counts: dict[int, dict[str, int]] = {document.pk: {} for document in documents}
    rows = PaperTask.objects.filter(recipient__document__in=list(counts))
    for pk, closed, dropped in rows.values_list("recipient__document", "closed_at", "dropped"):
        state = _state(closed, dropped)
        counts[pk][state] = counts[pk].get(state, 0) + 1
    return counts


def counted(tasks: Iterable[PaperTask]) -> dict[str, int]:
    """The same of the tasks of one document."""
    return dict(Counter(_state(one.closed_at, one.dropped) for one in tasks))


def _state(closed: datetime | None, dropped: str) -> str:
    return "paper_owed" if closed is None else "paper_dropped" if dropped else "paper_sent"


def going_along(recipients: Iterable[Recipient]) -> set[int]:
    """To which of these recipients, by their keys, paper goes with the electronic document."""
    owed = PaperTask.objects.filter(recipient__in=[one.pk for one in recipients], dropped="")
    return set(owed.exclude(clause=PaperClause.UNCONNECTED).values_list("recipient_id", flat=True))


# -- how it went -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dispatch:
    """How paper went to a recipient.

    Attributes:
        receipt: who signed for it; of what went by post, the number or mark of the post office, if there is one.
    """

    way: str
    sent_on: date | None
    copies: int
    envelopes: int
    receipt: str = ""


def mark_sent(task: PaperTask, dispatch: Dispatch, *, actor: Person, at: datetime) -> None:
    """Note that the paper went, and how: the task is closed.

    Raises:
        Forbidden: not a clerk.
        Missing: a day that is none of those from the issue to today, no copies, no way, no name of who took it.
        IllegalMove: it was noted before.
    """
    access.require(actor, Role.CLERK)
    document = task.recipient.document
    _require_whole(dispatch, document, at)
    with transaction.atomic():
        closed = PaperTask.objects.filter(pk=task.pk, closed_at__isnull=True).update(
            **{**vars(dispatch), "receipt": dispatch.receipt.strip()[:100]}, closed_at=at, closed_by=actor
        )
        if not closed:
            raise IllegalMove(state="đã gửi bản giấy")
        record(
            OfficeEvent.PAPER_SENT, actor, document, at, recipient=task.recipient.code, way=dispatch.way,
            copies=dispatch.copies, clause=task.clause,
        )  # fmt: skip


def drop(tasks: QuerySet[PaperTask], document: OutgoingDocument, *, why: str, actor: Person, at: datetime) -> int:
    """No paper goes any more to these recipients of a document, in the caller's transaction; how many it was owed.

    Args:
        why: the reason and who decided it (`errors.require_reason`).
    """
    owed = list(tasks.filter(recipient__document=document, closed_at__isnull=True).select_for_update())
    PaperTask.objects.filter(pk__in=[one.pk for one in owed]).update(dropped=why, closed_at=at, closed_by=actor)
    if owed:
        codes = Recipient.objects.filter(paper_task__in=owed).values_list("code", flat=True)
        record(OfficeEvent.PAPER_DROPPED, actor, document, at, recipients=sorted(codes), reason=why)
    return len(owed)


def _require_whole(dispatch: Dispatch, document: OutgoingDocument, at: datetime) -> None:
    if dispatch.way not in PaperWay:
        raise Missing(what="cách gửi", what_en="how it went")
    issued = timezone.localdate(document.issued_at) if document.issued_at else None
    if dispatch.sent_on is None or issued is None or not issued <= dispatch.sent_on <= timezone.localdate(at):
        raise Missing(what="ngày gửi, từ ngày phát hành đến hôm nay", what_en="the day, from the issue to today")
    if not (1 <= dispatch.copies <= MOST_COPIES and 1 <= dispatch.envelopes <= MOST_COPIES):
        raise Missing(what=f"số bản, số bì (1 đến {MOST_COPIES})", what_en=f"copies and envelopes (1 to {MOST_COPIES})")
    if dispatch.way == PaperWay.HAND and not dispatch.receipt.strip():
        raise Missing(what="họ tên người ký nhận", what_en="the name of who signed for it")


# -- the post register -------------------------------------------------------------------------------------------------


def posted(person: Person, first: date, last: date) -> QuerySet[PaperTask]:
    """What went by post from one day to another, both within, of the documents that a person may see, oldest first."""
    visible = access.outgoing_of(person).values("pk")
    sent = PaperTask.objects.filter(organization_id=person.organization_id, sent_on__range=(first, last))
    sent = sent.filter(way=PaperWay.POST, recipient__document__in=visible)
    return sent.select_related("recipient__document").order_by("sent_on", "id")


def post_lines(tasks: QuerySet[PaperTask]) -> list[tuple[str, ...]]:
    """The lines of the post register. Raises `BookTooThick`: more than can be bound."""
    found = list(tasks[: MOST_IN_BOOK + 1])
    if len(found) > MOST_IN_BOOK:
        raise BookTooThick(most=MOST_IN_BOOK)
    return list(_post_cells(found))


def _post_cells(tasks: Sequence[PaperTask]) -> Iterator[tuple[str, ...]]:
    for one in tasks:
        remark = f"{one.copies} bản" + ("" if one.clause == PaperClause.UNCONNECTED else "; gửi kèm bản điện tử")
        yield (
            in_words(one.sent_on) if one.sent_on else "",
            one.recipient.document.printed_number,
            one.recipient.name,
            str(one.envelopes),
            one.receipt,
            remark,
        )
