"""Overrides: acts that go beside a rule, each with the clause of that rule and the reason, in the journal
(R-5.1-1). Whoever adds such an act names it here; `record_override` is the only way to record one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.journal.models import Event
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import IncomingDocument, Organization, OutgoingDocument, Person
from lienthong.office.people.actors import record

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Overridden:
    """A rule that an act goes beside.

    Attributes:
        clause: of the law, as cited.
        rule: what the rule asks.
        act: what was done instead.
    """

    clause: str
    rule: StrPromise
    act: StrPromise


OVERRIDES: dict[OfficeEvent, Overridden] = {
    OfficeEvent.PRESENTATION_OVERRIDDEN: Overridden(
        "Điều 6.4 Quyết định 28/2018/QĐ-TTg", _("Đúng thể thức, kỹ thuật trình bày"), _("xác nhận dù còn lỗi thể thức")
    ),
    OfficeEvent.ISSUED_INCOMPLETE: Overridden(
        "Điều 10.1 Quyết định 28/2018/QĐ-TTg", _("Gửi đủ hồ sơ, tài liệu kèm theo"), _("gửi khi chưa đủ tệp")
    ),
    OfficeEvent.PUT_ON_PAPER: Overridden(
        "Điều 5.2, 7.1 Quyết định 28/2018/QĐ-TTg", _("Gửi điện tử mọi văn bản"), _("gửi bản giấy thay bản điện tử")
    ),
    OfficeEvent.PAPER_OWED: Overridden(
        "Điều 5.3, 7.2 Quyết định 28/2018/QĐ-TTg",
        _("Không phát hành bản giấy khi đã gửi điện tử"),
        _("gửi kèm bản giấy"),
    ),
    OfficeEvent.RECALL_DECLINED: Overridden(
        "Điều 9.2 Quyết định 28/2018/QĐ-TTg", _("Hủy văn bản khi bên gửi thu hồi"), _("không đồng ý thu hồi")
    ),
}


def record_override(
    event: OfficeEvent,
    actor: Person,
    document: IncomingDocument | OutgoingDocument,
    at: datetime,
    *,
    reason: str,
    **data: object,
) -> None:
    """Journal that somebody went beside a rule, why, and by which clause; in the transaction of the act.

    Raises:
        ValueError: there is no reason. Callers ask people for one before.
    """
    if not reason.strip():
        raise ValueError(f"{event} without a reason")
    record(event, actor, document, at, reason=reason.strip(), clause=OVERRIDES[event].clause, **data)


def overrides_of(
    organization: Organization, first: date, last: date, kind: OfficeEvent | None = None
) -> QuerySet[Event]:
    """The overrides of an agency from one day to another, both within, the newest first."""
    begins, ends = (timezone.make_aware(datetime.combine(day, time())) for day in (first, last + timedelta(days=1)))
    names = [kind.value] if kind else [event.value for event in OVERRIDES]
    found = Event.objects.filter(agency=organization.code, name__in=names, at__gte=begins, at__lt=ends)
    return found.order_by("-id")
