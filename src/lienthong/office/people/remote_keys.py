"""Keys that a service keeps for people (Decision 28, Article 18.2: signing on a phone): which services an agency has,
and whose credential is where. The certificate stands in the one inventory, like any other."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction
from django.db.models import QuerySet

from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Missing
from lienthong.office.models import (
    KeyKind,
    Organization,
    Person,
    RemoteCredential,
    RemoteService,
    SigningKey,
)
from lienthong.office.people import certificates
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.office.people.certificate_errors import NotListed
from lienthong.office.people.certificates import Owner
from lienthong.office.people.csc import Csc, Offered
from lienthong.office.people.identities import SLUG
from lienthong.office.people.openid import SAFE, is_safe
from lienthong.office.people.remote_errors import UnfitCredential
from lienthong.standards.signatures.certificates import Certificate
from lienthong.standards.signatures.trust import Trust

EXPLICIT, BY_BROWSER = "explicit", "oauth2code"
"""How owners agree: by what they type, or on their phone; or in a browser, on a page of the service."""


@dataclass(frozen=True)
class Holder:
    """Who has a key that is not at hand.

    Attributes:
        name: as the journal says it.
        chain: the issuers' certificates that travel with a signature, DER, nearest first.
    """

    name: str
    chain: tuple[bytes, ...]


@dataclass(frozen=True)
class Declared:
    """A service as it is set up; `address` up to and with /csc/v2."""

    slug: str
    name: str
    address: str
    client_id: str
    secret: str
    active: bool = True


def declare(organization: Organization, told: Declared, who: Actor, *, at: datetime) -> RemoteService:
    """Set up a service of an agency, or change it; journalled without its secret. Raises `Missing`: something is not
    named, or its address is neither https nor on this machine."""
    if not SLUG.fullmatch(told.slug) or not told.name.strip() or not told.client_id.strip() or not told.secret.strip():
        raise Missing(
            what="tên ngắn (chữ thường, số, gạch nối), tên gọi, client id và mật khẩu của hệ thống",
            what_en="slug (small letters, digits, hyphens), name, client id and secret",
        )
    if not is_safe(told.address):
        raise Missing(what="địa chỉ https của dịch vụ", what_en="an https address of the service")
    if RemoteService.objects.filter(slug=told.slug).exclude(organization=organization).exists():
        raise Missing(what="tên ngắn chưa ai dùng", what_en="a slug that is free")
    with transaction.atomic():
        service, _ = RemoteService.objects.update_or_create(
            slug=told.slug,
            defaults={
                "organization": organization, "name": told.name.strip()[:100], "address": told.address.strip()[:300],
                "client_id": told.client_id.strip()[:200], "secret": SAFE.hide(told.secret.strip()),
                "active": told.active,
            },
        )  # fmt: skip
        record(
            OfficeEvent.REMOTE_SERVICE_SET, actor=who, subject=Subject("agency", organization.code), at=at,
            service=service.slug, address=service.address, active=service.active,
        )  # fmt: skip
    return service


def services_of(organization: Organization) -> QuerySet[RemoteService]:
    """The services of an agency."""
    return RemoteService.objects.filter(organization=organization)


def credentials_of(organization: Organization) -> QuerySet[RemoteCredential]:
    """Whose key is at a service now."""
    found = RemoteCredential.objects.filter(
        key__person__organization=organization, key__retired_at=None, key__kind=KeyKind.REMOTE
    )
    return found.select_related("key__person", "service").order_by("key__person__sort_key", "pk")


def attach(
    person: Person, service: RemoteService, user: str, *, trust: Trust, actor: Person, at: datetime
) -> SigningKey:
    """Let a person sign with the key that they have at a service, where they are called `user`: of the credentials
    there the one that names them and lasts longest. What they signed with before is replaced.

    Raises:
        Forbidden, NotListed; Missing: no user name.
        ServiceAway, ServiceRefused.
        UnfitCredential: there is none, or it cannot be used here.
        WrongOwner: every certificate there is another's; CertificateExpired, UnfitCertificate.
    """
    require(actor, *certificates.KEEPERS)
    if {person.organization_id, service.organization_id} != {actor.organization_id} or not service.active:
        raise NotListed()
    if not user.strip():
        raise Missing(what="mã người dùng ở dịch vụ", what_en="the user name at the service")
    found = _of_person(person, Csc(service).credentials(user.strip()[:200]))
    read = Certificate.read(found.certificates[0])
    _require_usable(found)
    certificates.require_current(person, read, trust, at)
    typed = found.asks if found.mode == EXPLICIT else ()
    before = SigningKey.objects.filter(person=person, retired_at=None).exclude(image=None).first()
    with transaction.atomic():
        key = certificates.keep_key(
            person, read.der, kind=KeyKind.REMOTE, location=f"{service.slug}|{found.name}"[:500],
            image=bytes(cast("bytes", before.image)) if before else None, actor=actor_of(actor), at=at,
        )  # fmt: skip
        RemoteCredential.objects.update_or_create(
            key=key,
            defaults={
                "service": service, "credential": found.name, "algorithm": found.algorithm,
                "chain": [b64encode(one).decode() for one in found.certificates[1:]],
                "asks": [{"id": one["id"], "label": one["label"]} for one in typed],
                "most": found.most, "by_browser": found.mode == BY_BROWSER,
            },
        )  # fmt: skip
    return key


def detach(credential: RemoteCredential, *, actor: Person, at: datetime) -> None:
    """Let a person sign no more with a key at a service: the phone is lost, or the service is left. What waits there is
    not put in any more. Raises `Forbidden`, `NotListed`."""
    require(actor, *certificates.KEEPERS)
    key = credential.key
    if key.person is None or key.person.organization_id != actor.organization_id:
        raise NotListed()
    with transaction.atomic():
        if not SigningKey.objects.filter(pk=key.pk, retired_at=None).update(retired_at=at):
            raise NotListed()
        record(
            OfficeEvent.KEY_DETACHED, actor=actor_of(actor), subject=certificates.subject_of(key), at=at,
            owner=key.owner_name, service=credential.service.slug,
        )  # fmt: skip


def newest_of(owner: Owner) -> SigningKey | None:
    """The key that a person signs with now, or the clerk seals with, wherever it is."""
    whose = {"person": owner} if isinstance(owner, Person) else {"organization": owner}
    found = SigningKey.objects.filter(**whose, retired_at=None).exclude(kind=KeyKind.NONE)
    return found.select_related("credential__service").order_by("-registered_at").first()


def of_person(person: Person) -> RemoteCredential | None:
    """Where the key lies that a person signs with now; None when it is no service's."""
    key = newest_of(person)
    return key.credential if key is not None and key.kind == KeyKind.REMOTE else None


def holder_of(credential: RemoteCredential) -> Holder:
    """The service that has it."""
    return Holder(credential.service.name, tuple(b64decode(one) for one in credential.chain))


def is_still(offered: Offered, key: SigningKey) -> bool:
    """Whether what the service has under that name is what is registered here, and may be used now."""
    same = offered.certificates[:1] == (bytes(cast("bytes", key.certificate)),)
    return same and offered.enabled and offered.mode == (BY_BROWSER if key.credential.by_browser else EXPLICIT)


def _of_person(person: Person, offered: list[Offered]) -> Offered:
    read = [(one, Certificate.read(one.certificates[0])) for one in offered if one.certificates]
    if not read:
        raise UnfitCredential(why="người dùng này chưa có chứng thư số nào", why_en="this user has none there")
    mine = [(one, told) for one, told in read if told.is_of_person(person.full_name)]
    if not mine:
        certificates.require_owner(person, read[0][1])
    return max(mine, key=lambda pair: (pair[0].enabled, pair[1].valid_to))[0]


def _require_usable(offered: Offered) -> None:
    if not offered.enabled:
        raise UnfitCredential(
            why="khóa đang bị tắt hoặc hết hiệu lực", why_en="the key is disabled, or its time is over"
        )
    typed = offered.mode == EXPLICIT and all(one["kind"] == "Password" for one in offered.asks)
    if not typed and offered.mode != BY_BROWSER:
        raise UnfitCredential(
            why="cách xác nhận của nó chưa được hỗ trợ", why_en="its way of consenting is not supported here"
        )
    if not offered.algorithm:
        raise UnfitCredential(
            why="không ký được SHA-256 theo RSA hoặc ECDSA", why_en="it signs no SHA-256 by RSA or ECDSA"
        )
