"""Who holds the paper of an incoming document: the clerk, until it is handed to a unit, which signs for it (Decree
30/2020, Article 23.3, 23.4)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Forbidden
from lienthong.office.incoming.act_errors import PaperElsewhere
from lienthong.office.models import IncomingDocument, PaperHolding, Person, Role, Unit
from lienthong.office.people.access import heads_of, require, roles, works_in
from lienthong.office.people.actors import record
from lienthong.office.people.notices import notify
from lienthong.standards.statuses import Words


def is_expected(document: IncomingDocument) -> bool:
    """Whether there is paper, registered here: it came so, or its sender says that paper follows."""
    said = document.other.get("original") or document.other.get("paper")
    return bool(said) and document.arrival_number is not None


def holdings_of(document: IncomingDocument) -> list[PaperHolding]:
    """How the paper went, in its order."""
    return list(document.holdings.select_related("unit", "handed_by", "received_by"))


def hand(document: IncomingDocument, *, unit: Unit, actor: Person, at: datetime) -> None:
    """Hand the paper on: the clerk, or somebody of the unit that holds it; the next unit signs for it.

    Raises:
        Forbidden; PaperElsewhere: it is under way, there already, or there is none.
    """
    holder = _holder(document)
    if holder is None:
        require(actor, Role.CLERK)
    else:
        _require_of(holder.unit, actor)
    if not is_expected(document):
        raise PaperElsewhere(where="chưa được đăng ký", where_en="not registered")
    if holder is not None and (holder.received_at is None or holder.unit_id == unit.pk):
        raise _elsewhere(holder)
    try:
        with transaction.atomic():
            PaperHolding.objects.create(document=document, unit=unit, handed_at=at, handed_by=actor)
            record(OfficeEvent.PAPER_HANDED, actor, document, at, unit=unit.abbreviation)
            number = document.printed_number
            words = Words(f"Bản giấy {number} chờ ký nhận", f"The paper of {number} waits to be signed for")
            notify(heads_of(unit), document, words, at=at, urgent=False)
    except IntegrityError:
        raise PaperElsewhere(where="trên đường chuyển", where_en="under way") from None


def take(document: IncomingDocument, *, actor: Person, at: datetime) -> None:
    """Somebody of the unit signs for the paper.

    Raises:
        PaperElsewhere: nothing waits to be signed for; Forbidden: they do not work in the unit.
    """
    holder = _holder(document)
    if holder is None or holder.received_at is not None:
        raise PaperElsewhere(where="không chờ ai ký nhận", where_en="waiting for nobody's signature")
    _require_of(holder.unit, actor)
    with transaction.atomic():
        waiting = PaperHolding.objects.filter(pk=holder.pk, received_at=None)
        if not waiting.update(received_at=at, received_by=actor):
            raise _elsewhere(holder)
        record(OfficeEvent.PAPER_RECEIVED, actor, document, at, unit=holder.unit.abbreviation)


def can_hand(document: IncomingDocument, person: Person) -> bool:
    """Whether the page offers it."""
    holder = _holder(document)
    if holder is None:
        return is_expected(document) and Role.CLERK in roles(person)
    return holder.received_at is not None and _is_of(holder.unit, person)


def can_take(document: IncomingDocument, person: Person) -> bool:
    """Whether the page offers it."""
    holder = _holder(document)
    return holder is not None and holder.received_at is None and _is_of(holder.unit, person)


def _holder(document: IncomingDocument) -> PaperHolding | None:
    return document.holdings.select_related("unit").last()


def _is_of(unit: Unit, person: Person) -> bool:
    return works_in(unit).filter(pk=person.pk).exists()


def _require_of(unit: Unit, person: Person) -> None:
    if not _is_of(unit, person):
        raise Forbidden(who=f"người của {unit.name}", who_en=f"people of {unit.name}")


def _elsewhere(holder: PaperHolding) -> PaperElsewhere:
    unit = holder.unit.name
    if holder.received_at is None:
        return PaperElsewhere(where=f"chờ {unit} ký nhận", where_en=f"to be signed for by {unit}")
    return PaperElsewhere(where=f"ở {unit}", where_en=f"with {unit}")
