"""Updates, replacements and correction letters that come in (Decision 28, Articles 8–9; Decree 30, 18.3): the clerk
sees what changes and takes it (15) or does not (16); the earlier version stays, and the links stand on both documents.
A correction letter is accepted or returned like any other: with that it is settled."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import SHORTEST_REASON, DeclineNeedsReason, IllegalMove
from lienthong.office.models import (
    Amendment,
    IncomingDocument,
    IncomingFile,
    IncomingState,
    Person,
    Role,
)
from lienthong.office.packets import queue_status
from lienthong.office.people.access import heads_of, require
from lienthong.office.people.actors import record, service_of
from lienthong.office.people.lineage import spellings_of_line
from lienthong.office.people.notices import notify, notify_role
from lienthong.office.workflow import holds
from lienthong.office.workflow import incoming as workflow
from lienthong.standards.edxml import Document, Related
from lienthong.standards.plaintext import says_correction
from lienthong.standards.statuses import BusinessType, StatusCode, Urgency, Words

S = Amendment.State
_OVER = (IncomingState.CANCELLED, IncomingState.SET_ASIDE)
KINDS = {BusinessType.UPDATE: Amendment.Kind.UPDATE, BusinessType.REPLACE: Amendment.Kind.REPLACE}


# -- coming in -------------------------------------------------------------------------------------------------------


def arrive(message: Document, document: IncomingDocument, *, at: datetime) -> Amendment | None:
    """Take what an update, a replacement or a correction letter wants; None for a document that amends nothing, or an
    update of what never came here: to this agency it is a new document."""
    corrected = _corrected(message)
    kind = Amendment.Kind.CORRECT if corrected else KINDS.get(message.business.type)
    if kind is None:
        return None
    identifiers = [one.identifier for one in corrected if one.identifier] if corrected else _identifiers(message)
    issuers = spellings_of_line(document.sender_code)
    targets = _targets(document, identifiers, issuers) or _by_number(document, corrected, issuers)
    if kind is Amendment.Kind.UPDATE and not targets:
        return None
    staff = message.business.staff
    amendment = Amendment.objects.create(
        organization=document.organization, document=document, kind=kind, identifiers=identifiers,
        reason=message.business.reason, ordered_by=staff.name if staff else "", received_at=at,
        state=S.PENDING if targets else S.NOT_HERE,
    )  # fmt: skip
    _attach(amendment, targets, at)
    return amendment


def _identifiers(message: Document) -> list[str]:
    business = message.business
    replaced = [one.identifier for one in business.replacements if one.identifier]
    if business.type is BusinessType.REPLACE and replaced:
        return replaced
    return [business.identifier or message.identifier]


def _corrected(message: Document) -> list[Related]:
    """The documents that a letter corrects: it says that it is a correction, and refers to what its sender wrote, or an
    agency that the sender follows."""
    if message.business.type is not BusinessType.NEW or not says_correction(f"{message.kind_name} {message.subject}"):
        return []
    issuers = spellings_of_line(message.sender.code)
    return [one for one in message.answers if one.organ in issuers and (one.identifier or one.number)]


def _by_number(document: IncomingDocument, corrected: list[Related], issuers: Set[str]) -> list[IncomingDocument]:
    """What is corrected, of which the letter says number and day alone."""
    meant = Q(pk__in=[])
    for one in corrected:
        number, _slash, notation = one.number.partition("/")
        if one.issued_on is not None:
            meant |= Q(number=number, notation=notation, promulgated_on=one.issued_on)
    found = IncomingDocument.objects.filter(meant, organization=document.organization, sender_code__in=issuers)
    return list(found.exclude(pk=document.pk).exclude(state__in=_OVER).order_by("-arrived_at"))


def _targets(document: IncomingDocument, identifiers: list[str], issuers: Set[str]) -> list[IncomingDocument]:
    """What is amended, as far as it is here: of an update the one document that is worked on."""
    found = IncomingDocument.objects.filter(
        organization=document.organization, sender_code__in=issuers, identifier__in=identifiers
    )
    return list(found.exclude(pk=document.pk).exclude(state__in=_OVER).order_by("-arrived_at"))


def _attach(amendment: Amendment, targets: list[IncomingDocument], at: datetime) -> None:
    if not targets:
        return
    amendment.targets.add(*targets)
    number = targets[0].printed_number
    words = {
        Amendment.Kind.UPDATE: Words(f"Bên gửi cập nhật {number}", f"The sender updates {number}"),
        Amendment.Kind.REPLACE: Words(f"Bên gửi thay thế {number}", f"The sender replaces {number}"),
        Amendment.Kind.CORRECT: Words(f"Bên gửi đính chính {number}", f"The sender corrects {number}"),
    }[Amendment.Kind(amendment.kind)]
    for target in targets:
        actor = service_of(amendment.organization)
        record(OfficeEvent.AMENDMENT_RECEIVED, actor, target, at, amendment=amendment.pk, kind=amendment.kind)
    notify_role(amendment.document, Role.CLERK, words, at=at)


def meet(document: IncomingDocument, *, at: datetime) -> None:
    """A document arrives after what amends it: an update has its place already, a replacement asks for it now; a letter
    that was accepted corrects it."""
    later = IncomingDocument.objects.filter(
        organization=document.organization, identifier=document.identifier, business_type=BusinessType.UPDATE
    )
    later = later.exclude(pk=document.pk).exclude(state__in=_OVER).order_by("-arrived_at")
    is_first = document.business_type == BusinessType.NEW and document.identifier
    newer = next((one for one in later if _may_amend(one, document)), None) if is_first else None
    if newer is not None:
        workflow.advance(document, to=IncomingState.SET_ASIDE, set_aside_for=newer)
        record(OfficeEvent.AMENDMENT_APPLIED, service_of(document.organization), document, at, by=newer.pk)
    waiting = Amendment.objects.filter(
        organization=document.organization, state=S.NOT_HERE, identifiers__contains=[document.identifier]
    ).select_related("document")
    for amendment in waiting if document.identifier else ():
        if not _may_amend(amendment.document, document):
            continue
        if Amendment.objects.filter(pk=amendment.pk, state=S.NOT_HERE).update(state=S.PENDING):
            _attach(amendment, [document], at)
            _correct(amendment, service_of(document.organization), at)


def _may_amend(amending: IncomingDocument, document: IncomingDocument) -> bool:
    """Whether it came from the document's own sender, or from who follows that."""
    return document.sender_code in spellings_of_line(amending.sender_code)


# -- what is to be seen ----------------------------------------------------------------------------------------------


def pending(document: IncomingDocument) -> Amendment | None:
    """The open update or replacement that came as this document, or the update that would change it."""
    if document.state in _OVER:
        return None
    own = Amendment.objects.filter(document=document, state=S.PENDING).exclude(kind=Amendment.Kind.CORRECT).first()
    updates = document.amendments.filter(state=S.PENDING, kind=Amendment.Kind.UPDATE)
    return own or updates.order_by("-received_at").first()


def correction(document: IncomingDocument) -> Amendment | None:
    """What a correction letter says that it corrects; None for any other document."""
    return Amendment.objects.filter(document=document, kind=Amendment.Kind.CORRECT).first()


def corrected_by(document: IncomingDocument) -> list[IncomingDocument]:
    """The letters that correct a document: those that were not returned or recalled, the newest first."""
    letters = IncomingDocument.objects.filter(amendment__targets=document, amendment__kind=Amendment.Kind.CORRECT)
    return list(letters.exclude(state__in=[IncomingState.REFUSED, *_OVER]).order_by("-arrived_at"))


@dataclass(frozen=True)
class Changed:
    """One thing that an amendment changes: its name, and both texts."""

    name: Any
    before: str
    after: str


_FIELDS = {
    "printed_number": _("Số, ký hiệu"),
    "promulgated_on": _("Ngày văn bản"),
    "type_name": _("Loại văn bản"),
    "subject": _("Trích yếu"),
    "signer_name": _("Người ký"),
    "due_on": _("Hạn trả lời"),
    "urgency": _("Mức độ khẩn"),
    "recipients": _("Bên nhận"),
    "appendixes": _("Kèm theo"),
}


def changes(before: IncomingDocument, after: IncomingDocument) -> list[Changed]:
    """What differs between two versions: facts, and files by their names and bytes."""
    facts = [
        Changed(words, _text(before, name), _text(after, name))
        for name, words in _FIELDS.items()
        if _text(before, name) != _text(after, name)
    ]
    return [*facts, *_changed_files(before, after)]


def _text(document: IncomingDocument, name: str) -> str:
    value = getattr(document, name)
    if name == "urgency":
        return Urgency(value).words.vi
    if name == "recipients":
        return "; ".join(one["name"] or one["code"] for one in value)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value or "")


def _changed_files(before: IncomingDocument, after: IncomingDocument) -> Iterator[Changed]:
    old, new = ({one.name: one.digest for one in each.files.all()} for each in (before, after))
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Changed(name, _version(old.get(name)), _version(new.get(name)))


def _version(digest: str | None) -> str:
    return digest[:12] if digest else ""


# -- the clerk's act -------------------------------------------------------------------------------------------------


def agree(amendment: Amendment, *, actor: Person, at: datetime) -> None:
    """Take an update or a replacement, and say so (15).

    An update's content takes the place of the document's, whose number, assignments and history go on; what it said
    before is kept beside it. What is replaced keeps its place, marked, and whoever works on it hears of it.

    Raises:
        Forbidden, IllegalMove.
        Held: an order keeps what would be changed as it is.
    """
    require(actor, Role.CLERK)
    with transaction.atomic():
        document, targets = amendment.document, list(amendment.targets.all())
        for target in targets:
            holds.require_document_free(target)
        workflow.hold(document, *targets)
        _answer(amendment, S.AGREED, "", actor, at)
        queue_status(document, StatusCode.AGREED, description=_said(amendment), staff=actor, at=at)
        for target in targets:
            record(OfficeEvent.AMENDMENT_APPLIED, actor, target, at, amendment=amendment.pk, kind=amendment.kind)
            _tell_workers(amendment, target, at)
        if amendment.kind == Amendment.Kind.UPDATE:
            _exchange(targets[0], document)
            workflow.advance(document, to=IncomingState.SET_ASIDE, set_aside_for=targets[0])
            for older in targets[1:]:
                workflow.advance(older, to=IncomingState.SET_ASIDE, set_aside_for=targets[0])


def decline(amendment: Amendment, *, reason: str, actor: Person, at: datetime) -> None:
    """Leave the document as it is, and say why (16). An update is laid aside; a replacement stays a document that is
    accepted or refused by itself.

    Raises:
        Forbidden, DeclineNeedsReason, IllegalMove.
    """
    require(actor, Role.CLERK, Role.LEADER)
    if len(reason.strip()) < SHORTEST_REASON:
        raise DeclineNeedsReason()
    with transaction.atomic():
        document = amendment.document
        workflow.hold(document)
        _answer(amendment, S.DECLINED, reason.strip(), actor, at)
        queue_status(document, StatusCode.DECLINED, description=reason.strip()[:500], staff=actor, at=at)
        for target in amendment.targets.all():
            record(OfficeEvent.AMENDMENT_DECLINED, actor, target, at, amendment=amendment.pk, kind=amendment.kind)
        if amendment.kind == Amendment.Kind.UPDATE:
            workflow.advance(document, to=IncomingState.SET_ASIDE, set_aside_for=amendment.targets.first())


def settle_correction(document: IncomingDocument, *, actor: Person, at: datetime) -> None:
    """With the acceptance of a correction letter, or its return, in that transaction: what it corrects says so, and
    whoever works on it hears of it; what is returned corrects nothing. Any other document is left alone."""
    amendment = correction(document)
    if amendment is not None:
        _correct(amendment, actor, at)


def _correct(amendment: Amendment, actor: Person | Actor, at: datetime) -> None:
    letter = amendment.document
    if amendment.kind != Amendment.Kind.CORRECT or letter.state == IncomingState.ARRIVED:
        return
    taken = letter.state not in (IncomingState.REFUSED, *_OVER)
    waiting = Amendment.objects.filter(pk=amendment.pk, state=S.PENDING)
    who = actor if isinstance(actor, Person) else None
    if not waiting.update(state=S.AGREED if taken else S.DECLINED, answered_at=at, answered_by=who) or not taken:
        return
    for target in amendment.targets.all():
        record(OfficeEvent.AMENDMENT_APPLIED, actor, target, at, amendment=amendment.pk, kind=amendment.kind)
        _tell_workers(amendment, target, at)


def _answer(amendment: Amendment, state: Amendment.State, answer: str, actor: Person, at: datetime) -> None:
    answered = {"state": state, "answered_at": at, "answered_by": actor, "answer": answer}
    if not Amendment.objects.filter(pk=amendment.pk, state=S.PENDING).update(**answered):
        amendment.refresh_from_db()
        raise IllegalMove(state=amendment.get_state_display())


def _said(amendment: Amendment) -> str:
    update = amendment.kind == Amendment.Kind.UPDATE
    return "Đã cập nhật văn bản" if update else "Đã thay thế văn bản"


def _tell_workers(amendment: Amendment, target: IncomingDocument, at: datetime) -> None:
    number = target.printed_number
    words = {
        Amendment.Kind.UPDATE: Words(f"{number} đã được bên gửi cập nhật", f"{number} was updated by its sender"),
        Amendment.Kind.REPLACE: Words(
            f"{number} đã được thay thế bằng {amendment.document.printed_number}",
            f"{number} was replaced by {amendment.document.printed_number}",
        ),
        Amendment.Kind.CORRECT: Words(
            f"{number} được đính chính bằng {amendment.document.printed_number}",
            f"{number} is corrected by {amendment.document.printed_number}",
        ),
    }[Amendment.Kind(amendment.kind)]
    work = target.assignments.filter(ended_at__isnull=True).select_related("person", "unit")
    workers = [[one.person] if one.person else heads_of(one.unit) for one in work]
    notify(chain.from_iterable(workers), target, words, at=at)


_CONTENT = (
    "sender_name", "number", "notation", "promulgated_on", "place", "type_name", "subject", "urgency",
    "signer_competence", "signer_position", "signer_name", "due_on", "business_type", "recipients", "appendixes",
    "other", "legal_value", "checks", "signatures", "submitted_at", "arrived_at",
)  # fmt: skip
"""What an update brings; state, arrival number, assignments and answers are the document's own and stay."""


def _exchange(document: IncomingDocument, update: IncomingDocument) -> None:
    """Both rows exchange what they say, with packet and files: the one says the new, the other keeps the old."""
    old, new = ({name: getattr(one, name) for name in _CONTENT} for one in (document, update))
    packets = {document.pk: update.packet_id, update.pk: document.packet_id}
    files = [list(one.files.values_list("pk", flat=True)) for one in (document, update)]
    IncomingDocument.objects.filter(pk=document.pk).update(**new)
    IncomingDocument.objects.filter(pk=update.pk).update(**old)
    # In one statement: neither packet may be both documents' in between.
    IncomingDocument.objects.filter(pk__in=packets).update(
        packet_id=Case(*(When(pk=key, then=Value(packet)) for key, packet in packets.items()))
    )
    for keys, owner in zip(files, (update, document), strict=True):
        IncomingFile.objects.filter(pk__in=keys).update(document=owner)
    document.refresh_from_db()
    update.refresh_from_db()
