"""Envelopes addressed to a person by name, or to a mass organisation in the agency: the clerk hands them on unopened,
and the receiver brings back what concerns the common work, for the clerk to register (Decree 30/2020, Article 21.1b).

The book says what stands on the envelope; of what is within it knows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day as in_words
from lienthong.office.errors import BookTooThick, Forbidden, Missing, require_why
from lienthong.office.incoming.unopened_errors import NoEnvelope, SecretEnvelope
from lienthong.office.models import (
    EnvelopeSecrecy,
    EnvelopeState,
    IncomingDocument,
    Organization,
    Person,
    Role,
    Unit,
    UnopenedEnvelope,
)
from lienthong.office.people import access
from lienthong.office.people.actors import actor_of
from lienthong.office.people.notices import ring
from lienthong.office.people.typed import line_of
from lienthong.office.registers.volumes import MOST_IN_BOOK
from lienthong.office.workflow import unopened as workflow
from lienthong.standards.statuses import Urgency, Words

S = EnvelopeState
COLUMNS = (
    "Ngày chuyển",
    "Nơi gửi",
    "Số, ký hiệu ghi ngoài bì",
    "Chữ ghi trên bì; dấu khẩn, mật",
    "Nơi nhận",
    "Ký nhận",
    "Ghi chú",
)
"""The book's own: Annex IV has no form for it."""
KEEPERS = (Role.CLERK, Role.AUDITOR)
"""Who reads the whole book; leaders too have no part in what is sent to others by name."""


@dataclass(frozen=True)
class Cover:
    """What is seen of an envelope, and to whom it goes.

    Attributes:
        number: number and notation on the cover; `written`: what else stands there.
        secrecy: one of `EnvelopeSecrecy`.
        person: who is named, or takes it for the mass organisation `body`.
    """

    sender: str
    person: Person | None
    number: str = ""
    written: str = ""
    urgency: int = 0
    secrecy: str = ""
    body: str = ""


# -- who sees it, and who does what ----------------------------------------------------------------------------------


def seen_by(person: Person) -> QuerySet[UnopenedEnvelope]:
    """The lines that a person reads: their own; those who keep the book, and administer nothing, all of the agency."""
    held, own = access.roles(person), UnopenedEnvelope.objects.filter(organization_id=person.organization_id)
    keeps = bool(held & {role.value for role in KEEPERS}) and Role.ADMINISTRATOR not in held
    found = own if keeps else own.filter(person=person)
    return found.select_related("person", "handed_by", "document")


def one(person: Person, pk: int) -> UnopenedEnvelope:
    """One of them. Raises `NoEnvelope` when there is none, or none for this person."""
    found = seen_by(person).filter(pk=pk).first()
    if found is None:
        raise NoEnvelope()
    return found


def to_take(person: Person) -> QuerySet[UnopenedEnvelope]:
    """What this person has to sign for, the most urgent first."""
    found = UnopenedEnvelope.objects.filter(person=person, state=S.HANDED)
    return found.order_by("-urgency", "handed_at", "pk")


def to_register(person: Person) -> QuerySet[UnopenedEnvelope]:
    """What was brought back and waits for the clerk, the most urgent first; nothing for who is none."""
    found = UnopenedEnvelope.objects.filter(organization_id=person.organization_id, state=S.BROUGHT)
    found = found if Role.CLERK in access.roles(person) else found.none()
    return found.select_related("person").order_by("-urgency", "brought_at", "pk")


def receivers(organization: Organization) -> list[tuple[Unit, list[Person]]]:
    """Whom an envelope may name: everybody who holds a post today, administrators too."""
    return access.holders_by_unit(access.posts_on(timezone.localdate()).filter(unit__organization=organization))


# -- acts ------------------------------------------------------------------------------------------------------------


def hand(cover: Cover, *, actor: Person, at: datetime) -> UnopenedEnvelope:
    """The clerk hands an envelope on, unopened; the receiver is told.

    Raises:
        Forbidden: not a clerk. TextTooLong. Missing: the sender, the receiver, or a mark that is none.
    """
    access.require(actor, Role.CLERK)
    sender = line_of(cover.sender, 200, Words("Nơi gửi", "The sender"))
    if not sender:
        raise Missing(what="nơi gửi ghi trên bì", what_en="the sender on the envelope")
    if cover.urgency not in [one.value for one in Urgency] or cover.secrecy not in EnvelopeSecrecy.values:
        raise Missing(what="dấu khẩn, dấu mật trên bì", what_en="the marks on the envelope")
    person = _receiver(cover.person, actor)
    with transaction.atomic():
        made = UnopenedEnvelope.objects.create(
            organization=actor.organization, sender=sender, person=person, urgency=cover.urgency,
            written=line_of(cover.written, 300, Words("Chữ ghi trên bì", "What stands on the envelope")),
            number=line_of(cover.number, 100, Words("Số, ký hiệu", "Number")), secrecy=cover.secrecy,
            body=line_of(cover.body, 100, Words("Tổ chức đoàn thể", "Mass organisation")), handed_at=at,
            handed_by=actor,
        )  # fmt: skip
        _note(OfficeEvent.ENVELOPE_HANDED, made, actor, at, to=person.user.get_username(), secrecy=made.secrecy)
        words = Words(f"Bì gửi đích danh chờ ký nhận, từ {sender}", f"An envelope in your name, from {sender}")
        ring([person], words, link=link(made), at=at, urgent=bool(made.urgency))
    return made


def take(envelope: UnopenedEnvelope, *, actor: Person, at: datetime) -> None:
    """The receiver signs for it. Raises `Forbidden`: it is another's; `IllegalMove`: it is not the moment."""
    _require_own(envelope, actor)
    with transaction.atomic():
        workflow.go(envelope, S.TAKEN, taken_at=at)
        _note(OfficeEvent.ENVELOPE_TAKEN, envelope, actor, at)


def bring_back(envelope: UnopenedEnvelope, *, note: str, actor: Person, at: datetime) -> None:
    """What is within concerns the common work of the agency: the receiver brings it to the clerk, who is told.

    Raises:
        Forbidden: it is another's. TextTooLong. IllegalMove: not signed for, or brought back already.
    """
    _require_own(envelope, actor)
    said = line_of(note, 500, Words("Ghi chú", "The note"))
    with transaction.atomic():
        workflow.go(envelope, S.BROUGHT, brought_at=at, note=said)
        _note(OfficeEvent.ENVELOPE_BROUGHT, envelope, actor, at)
        words = Words(
            f"{actor.full_name} chuyển lại bì của {envelope.sender}: liên quan đến công việc chung, chờ đăng ký",
            f"{actor.full_name} brings back the envelope of {envelope.sender}, to be registered",
        )
        clerks = access.people_with(envelope.organization_id, Role.CLERK)
        ring(clerks, words, link=link(envelope), at=at, urgent=bool(envelope.urgency))


def require_to_register(envelope: UnopenedEnvelope, actor: Person) -> None:
    """Raises `Forbidden`: not a clerk; `SecretEnvelope`: what is within has no place here."""
    access.require(actor, Role.CLERK)
    if envelope.secrecy:
        raise SecretEnvelope(mark=str(envelope.get_secrecy_display()))


def note_registered(
    envelope: UnopenedEnvelope, document: IncomingDocument, number: int, *, actor: Person, at: datetime
) -> None:
    """With the registration of what was within, in its transaction; who brought it is told its arrival number.

    Raises:
        Forbidden; SecretEnvelope; IllegalMove: nobody brought it back, or it is registered.
    """
    require_to_register(envelope, actor)
    workflow.go(envelope, S.REGISTERED, document=document, ended_at=at)
    _note(OfficeEvent.ENVELOPE_REGISTERED, envelope, actor, at, document=document.pk)
    _tell_registered(envelope, f"số đến {number}", f"as no. {number}", at)


def note_registered_apart(envelope: UnopenedEnvelope, place: str, *, actor: Person, at: datetime) -> None:
    """What bore a mark of secrecy was registered in the book of secrets, which is kept elsewhere (Article 22.4).

    Raises:
        Forbidden: not a clerk. Missing: its number there, or there was no mark. TextTooLong; IllegalMove.
    """
    access.require(actor, Role.CLERK)
    where = line_of(place, 100, Words("Số trong sổ văn bản mật", "The number in the book of secrets"))
    if not where or not envelope.secrecy:
        raise Missing(what="số trong sổ văn bản mật, của bì có dấu mật", what_en="the number in the book of secrets")
    with transaction.atomic():
        workflow.go(envelope, S.REGISTERED, apart=where, ended_at=at)
        _note(OfficeEvent.ENVELOPE_REGISTERED, envelope, actor, at, apart=True)
        _tell_registered(envelope, "sổ văn bản mật", "in the book of secrets", at)


def void(envelope: UnopenedEnvelope, *, reason: str, actor: Person, at: datetime) -> None:
    """The line was a mistake: it stays in the book, with the reason; the receiver is told.

    Raises:
        Forbidden, ReasonNeeded, TextTooLong; IllegalMove: somebody signed for it.
    """
    access.require(actor, Role.CLERK)
    why = line_of(require_why(reason), 500, Words("Lý do", "The reason"))
    with transaction.atomic():
        workflow.go(envelope, S.VOIDED, note=why, ended_at=at)
        _note(OfficeEvent.ENVELOPE_VOIDED, envelope, actor, at, reason=why)
        words = Words(
            f"Bì của {envelope.sender} ghi nhầm cho anh/chị", f"The envelope of {envelope.sender} was not yours"
        )
        ring([envelope.person], words, link=link(envelope), at=at)


def _receiver(person: Person | None, actor: Person) -> Person:
    if person is not None and person.organization_id == actor.organization_id and person.user.is_active:
        return person
    raise Missing(what="người có tên trên bì, hoặc người nhận thay đoàn thể", what_en="whom the envelope names")


def _require_own(envelope: UnopenedEnvelope, actor: Person) -> None:
    if envelope.person_id != actor.pk:
        raise Forbidden(who=f"người có tên trên bì: {envelope.person.full_name}", who_en=envelope.person.full_name)


def _tell_registered(envelope: UnopenedEnvelope, where: str, where_en: str, at: datetime) -> None:
    words = Words(
        f"Đã đăng ký văn bản anh/chị chuyển lại, từ {envelope.sender}: {where}",
        f"What you brought back from {envelope.sender} is registered {where_en}",
    )
    ring([envelope.person], words, link=link(envelope), at=at)


def link(envelope: UnopenedEnvelope) -> str:
    """Where it is seen."""
    return f"/so-van-ban/bi-dich-danh/{envelope.pk}/"


def subject_of(envelope: UnopenedEnvelope) -> Subject:
    """The envelope as the journal names it."""
    return Subject("envelope", str(envelope.pk))


def _note(event: OfficeEvent, envelope: UnopenedEnvelope, actor: Person, at: datetime, **data: object) -> None:
    into_journal(event, actor=actor_of(actor), subject=subject_of(envelope), at=at, **data)


# -- the book --------------------------------------------------------------------------------------------------------


def handed(person: Person, first: date, last: date) -> QuerySet[UnopenedEnvelope]:
    """What was handed on from one day to another, both within, that a person may read of; oldest first."""
    begin, end = (timezone.make_aware(datetime.combine(one, time())) for one in (first, last + timedelta(days=1)))
    return seen_by(person).filter(handed_at__gte=begin, handed_at__lt=end).order_by("handed_at", "id")


def lines(envelopes: QuerySet[UnopenedEnvelope]) -> list[tuple[UnopenedEnvelope, tuple[str, ...]]]:
    """The lines of the book. Raises `BookTooThick`: more than can be bound."""
    found = list(envelopes[: MOST_IN_BOOK + 1])
    if len(found) > MOST_IN_BOOK:
        raise BookTooThick(most=MOST_IN_BOOK)
    return [(each, _cells(each)) for each in found]


def _cells(envelope: UnopenedEnvelope) -> tuple[str, ...]:
    marks = [Urgency(envelope.urgency).words.vi if envelope.urgency else "", _mark(envelope.secrecy)]
    return (
        in_words(timezone.localdate(envelope.handed_at)),
        envelope.sender,
        envelope.number,
        "; ".join(filter(None, [envelope.written, *marks])),
        "; ".join(filter(None, [envelope.body, envelope.person.full_name])),
        f"{envelope.person.full_name} {_when(envelope.taken_at)}" if envelope.taken_at else "",
        _remark(envelope),
    )


def _mark(secrecy: str) -> str:
    return {"a": "Tuyệt mật", "b": "Tối mật", "c": "Mật"}.get(secrecy, "")


def _remark(envelope: UnopenedEnvelope) -> str:
    if envelope.state == S.VOIDED:
        return f"Ghi nhầm: {envelope.note}"
    if envelope.document:
        return f"Chuyển lại {_when(envelope.brought_at)}; số đến {envelope.document.arrival_number or 'đã hủy'}"
    if envelope.apart:
        return f"Chuyển lại {_when(envelope.brought_at)}; sổ văn bản mật: {envelope.apart}"
    return f"Chuyển lại {_when(envelope.brought_at)}, chờ đăng ký" if envelope.brought_at else ""


def _when(moment: datetime | None) -> str:
    return in_words(timezone.localdate(moment)) if moment else ""
