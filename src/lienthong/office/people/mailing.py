"""Notices by e-mail beside the bell: how people want them, and what waits to be sent (`mail_sending`).

A mail says that something is here, number and sender of a document and where it is read: the exchange of documents goes
by the hub, never by mail (Decision 28/2018/QĐ-TTg, Article 1.1). It goes to addresses of the agency's own domain alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.secrets import Safe
from lienthong.office.models import MailServer, Notice, NoticeKind, NoticeMail, NoticeWay, Organization, Person
from lienthong.office.people.actors import actor_of
from lienthong.office.people.mail_errors import AddressElsewhere, BadMailServer, NoAgencyMail
from lienthong.protocol.mail import is_server

GATHER = timedelta(minutes=10)
"""How long notices are gathered for one mail; an urgent one does not wait."""
SAFE = Safe(b"lienthong-mail")
LONGEST = 100
"""Letters of an address."""
_PLACES = (
    ("/van-ban-den/", NoticeKind.INCOMING),
    ("/van-ban-di/", NoticeKind.OUTGOING),
    ("/theo-doi/", NoticeKind.OUTGOING),
)


def kind_of(notice: Notice) -> NoticeKind:
    """What a notice is about."""
    if notice.urgent:
        return NoticeKind.URGENT
    return next((kind for place, kind in _PLACES if notice.link.startswith(place)), NoticeKind.OTHER)


def queue(notices: Sequence[Notice]) -> None:
    """Let those notices go out by mail that their people want so; in the transaction of the notices."""
    wanted = dict(
        NoticeWay.objects.filter(person__in=[one.person_id for one in notices], refused_for="").values_list(
            "person", "kinds"
        )
    )
    NoticeMail.objects.bulk_create(
        NoticeMail(notice=one, person_id=one.person_id, due_at=one.at if one.urgent else one.at + GATHER)
        for one in notices
        if kind_of(one).value in wanted.get(one.person_id, ())
    )


def choose(person: Person, address: str, kinds: Iterable[str], *, silent: bool, at: datetime) -> None:
    """Say how one wants to be told beside the bell; without an address or a kind, by no mail.

    Raises:
        AddressElsewhere: the address is none, or lies outside the agency's domain.
        NoAgencyMail: the agency has no address itself, so nobody knows which domain is its own.
    """
    address = address.strip()
    wanted = sorted({kind for kind in kinds if kind in NoticeKind.values}) if address else []
    if address:
        _require_own(address, person.organization)
    with transaction.atomic():
        NoticeWay.objects.update_or_create(
            person=person, defaults={"address": address, "kinds": wanted, "refused_for": "", "changed_at": at}
        )
        Person.objects.filter(pk=person.pk).update(silent=silent)
        subject = Subject("account", person.user.get_username()[:64])
        record(
            OfficeEvent.NOTICE_WAY_CHANGED, actor=actor_of(person), subject=subject, at=at, address=address,
            kinds=wanted, silent=silent,
        )  # fmt: skip


def of_person(person: Person) -> NoticeWay | None:
    """How somebody wants to be told."""
    return NoticeWay.objects.filter(person=person).first()


def server() -> MailServer | None:
    """By which server mail goes out."""
    return MailServer.objects.first()


def set_server(address: str, *, sender: str, password: str, actor: Actor, at: datetime) -> None:
    """Send mail by this server from now on.

    Args:
        address: see `protocol.mail.MailServer`.

    Raises:
        BadMailServer: the address is none, or the sender's is.
    """
    try:
        validate_email(sender)
    except ValidationError:
        raise BadMailServer() from None
    if not is_server(address):
        raise BadMailServer()
    with transaction.atomic():
        hidden = SAFE.hide(password) if password else b""
        MailServer.objects.update_or_create(
            id=1,
            defaults={
                "address": address, "sender": sender, "secret": hidden, "failures": 0, "not_before": None,
                "last_error": "",
            },
        )  # fmt: skip
        _tell(actor, at, address=address, sender=sender)


def switch_off(*, actor: Actor, at: datetime) -> None:
    """Send no mail any more; what waits is forgotten."""
    with transaction.atomic():
        MailServer.objects.all().delete()
        NoticeMail.objects.filter(due_at__isnull=False).update(due_at=None)
        _tell(actor, at, off=True)


def _tell(actor: Actor, at: datetime, **facts: object) -> None:
    record(OfficeEvent.MAIL_SERVER_SET, actor=actor, subject=Subject("mail", "server"), at=at, **facts)


def _require_own(address: str, organization: Organization) -> None:
    own = _domain(organization)
    if not own:
        raise NoAgencyMail()
    try:
        validate_email(address)
    except ValidationError:
        raise AddressElsewhere(domain=own) from None
    if len(address) > LONGEST or not is_own(address, organization):
        raise AddressElsewhere(domain=own)


def is_own(address: str, organization: Organization) -> bool:
    """Whether an address lies in the agency's domain as it is now, in letters that every mail server takes."""
    domain, own = address.rpartition("@")[2].lower(), _domain(organization)
    return bool(own) and address.isascii() and (domain == own or domain.endswith(f".{own}"))


def _domain(organization: Organization) -> str:
    return organization.email.rpartition("@")[2].lower()
