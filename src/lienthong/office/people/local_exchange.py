"""Whether agencies of this installation exchange their documents inside it, in place of the hub.

The law has the hub for what goes between agencies (Decision 28/2018/QĐ-TTg, Articles 3.3 and 8.2), so this is off until
whoever runs the installation says by which decision it is on.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lienthong.journal.record import Actor, Subject, record_all
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Missing
from lienthong.office.models import LocalExchange, Organization


def in_force() -> LocalExchange | None:
    """The decision by which it is on; None where documents go through the hub, as the law has it."""
    return LocalExchange.objects.filter(until=None).first()


def switch_on(reference: str, *, actor: Actor, at: datetime) -> None:
    """Let new documents between agencies of this installation stay inside it; the same decision again changes nothing.

    Args:
        reference: number and date of the decision.

    Raises:
        Missing: there is none.
    """
    reference = " ".join(reference.split())[:200]
    if not reference:
        raise Missing(
            what="số, ngày của quyết định (--reference)", what_en="number and date of the decision (--reference)"
        )
    with transaction.atomic():
        known = LocalExchange.objects.select_for_update().filter(until=None).first()
        if known is not None and known.reference == reference:
            return
        LocalExchange.objects.filter(until=None).update(until=at)
        LocalExchange.objects.create(reference=reference, since=at)
        _tell(on=True, reference=reference, actor=actor, at=at)


def switch_off(*, actor: Actor, at: datetime) -> None:
    """Let new documents go through the hub; what went inside the installation, and its answers, stay there."""
    with transaction.atomic():
        if LocalExchange.objects.filter(until=None).update(until=at):
            _tell(on=False, reference="", actor=actor, at=at)


def _tell(*, on: bool, reference: str, actor: Actor, at: datetime) -> None:
    """Each agency finds it in its own history."""
    codes = Organization.objects.values_list("code", flat=True)
    told = {"on": on, **({"reference": reference} if reference else {})}
    record_all(
        [(OfficeEvent.LOCAL_EXCHANGE_SET, Subject("agency", code), dict(told)) for code in codes], actor=actor, at=at
    )
