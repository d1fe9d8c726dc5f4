"""The inventory of certificates: the signing keys of an agency and its people, seen as what their certificates say
(Decision 28, Article 18.1). There is no list beside the keys: what is signed with is what is listed.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.db import models, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.journal.record import Actor, Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look import english, vietnamese
from lienthong.office.models import (
    CertificateRequest,
    KeyKind,
    Organization,
    Person,
    RequestKind,
    RequestState,
    Role,
    SigningKey,
)
from lienthong.office.people.access import posts_on, require, roles
from lienthong.office.people.actors import actor_of
from lienthong.office.people.certificate_errors import (
    CertificateExpired,
    CertificateNotYetValid,
    KnownCertificate,
    NoCertificate,
    NotListed,
    RevokedHere,
    UnfitCertificate,
    WrongOwner,
)
from lienthong.standards.signatures.certificates import Certificate, read_known
from lienthong.standards.signatures.trust import ChainProblem, Trust, certificate
from lienthong.standards.times import in_vietnam

Owner = Person | Organization
KEEPERS = (Role.ADMINISTRATOR,)
"""Who registers certificates."""
READERS = (Role.ADMINISTRATOR, Role.LEADER, Role.CLERK, Role.AUDITOR)
"""Who sees those of the whole agency; everybody else their own."""
LARGEST = 64 << 10
"""Bytes of a file with a certificate."""


class State(models.TextChoices):
    """How a certificate stands. The first that holds, in this order: revoked, replaced, expired, not yet, in force."""

    IN_FORCE = "in_force", _("Đang hiệu lực")
    NOT_YET = "not_yet", _("Chưa đến hiệu lực")
    EXPIRED = "expired", _("Hết hạn")
    REVOKED = "revoked", _("Đã bị thu hồi")
    REPLACED = "replaced", _("Đã thay")


def state_of(key: SigningKey, at: datetime) -> State:
    """How a certificate stands at a moment."""
    if key.revoked_at is not None:
        return State.REVOKED
    if key.retired_at is not None:
        return State.REPLACED
    if at > key.valid_to:
        return State.EXPIRED
    return State.NOT_YET if at < key.valid_from else State.IN_FORCE


def facts_of(key: SigningKey) -> Certificate:
    """What a registered certificate says."""
    return read_known(bytes(cast("bytes", key.certificate)))


def of_agency(organization: Organization) -> QuerySet[SigningKey]:
    """All certificates of an agency and its people, the agency's first, then by name; the newest of each first. Each
    person comes with the posts that they hold today, as `posts_today`."""
    own = Q(organization=organization) | Q(person__organization=organization)
    found = SigningKey.objects.filter(own).select_related("person__organization", "organization")
    found = found.prefetch_related(
        Prefetch("person__posts", queryset=posts_on(timezone.localdate()), to_attr="posts_today")
    )
    return found.order_by(models.F("organization_id").asc(nulls_last=True), "person__sort_key", "-registered_at")


def seen_by(person: Person) -> QuerySet[SigningKey]:
    """The certificates that a person may see."""
    found = of_agency(person.organization)
    if roles(person) & {role.value for role in READERS}:
        return found
    return found.filter(person=person)


def find(person: Person, pk: int) -> SigningKey:
    """One of those. Raises `NotListed`."""
    found = seen_by(person).filter(pk=pk).first()
    if found is None:
        raise NotListed()
    return found


def current(keys: QuerySet[SigningKey]) -> QuerySet[SigningKey]:
    """Of these, what nothing has taken the place of and nobody has revoked."""
    return keys.filter(retired_at=None, revoked_at=None)


def register(owner: Owner, raw: bytes, *, trust: Trust, actor: Person, at: datetime) -> SigningKey:
    """Register a certificate before its key is there (PEM or DER).

    Raises:
        Forbidden: only administrators register.
        NoCertificate, WrongOwner, CertificateExpired, UnfitCertificate, KnownCertificate.
    """
    require(actor, *KEEPERS)
    if organization_of(owner).pk != actor.organization_id:
        raise NotListed()
    read = _read(raw)
    require_current(owner, read, trust, at)
    with transaction.atomic():
        _lock(owner)
        if SigningKey.objects.filter(**_who(owner), fingerprint=read.fingerprint).exists():
            raise KnownCertificate()
        key = _create(owner, read, KeyKind.NONE, at=at)
        _record(OfficeEvent.CERTIFICATE_REGISTERED, key, actor_of(actor), at)
    return key


def keep_key(
    owner: Owner, raw: bytes, *, kind: KeyKind, location: str, image: bytes | None, actor: Actor, at: datetime
) -> SigningKey:
    """Say where the key of a certificate lies: from now on its owner signs with it, and with none before it. What is
    known already, at the same place, stays as it is.

    Raises:
        WrongOwner: the certificate is another's.
    """
    read = Certificate.read(raw)
    require_owner(owner, read)
    with transaction.atomic():
        _lock(owner)
        mine = SigningKey.objects.filter(**_who(owner), retired_at=None)
        key = mine.filter(fingerprint=read.fingerprint).first()
        same_image = image is None or (key is not None and image == (key.image and bytes(key.image)))
        if key is not None and (key.kind, key.location) == (kind, location) and same_image:
            return key
        mine.exclude(kind=KeyKind.NONE).exclude(fingerprint=read.fingerprint).update(retired_at=at)
        if key is None:
            key = _create(owner, read, kind, location=location, image=image, at=at)
        else:
            key.kind, key.location, key.image = kind, location, image or key.image
            key.save(update_fields=["kind", "location", "image"])
        _record(OfficeEvent.KEY_REGISTERED, key, actor, at, kind=kind.value)
    return key


def attach_key(serial: str, *, kind: KeyKind, location: str, actor: Actor, at: datetime) -> SigningKey:
    """Say where the key of a certificate lies that is registered already, known by its serial number (hexadecimal,
    with or without colons).

    Raises:
        NotListed: none in use has this number, or several have; WrongOwner.
    """
    wanted = serial.replace(":", "").upper().lstrip("0")
    known = current(SigningKey.objects.select_related("person__organization", "organization"))
    found = [key for key in known if facts_of(key).serial == wanted]
    if len(found) != 1:
        raise NotListed()
    raw = facts_of(found[0]).der
    return keep_key(owner_of(found[0]), raw, kind=kind, location=location, image=None, actor=actor, at=at)


def require_usable(key: SigningKey, at: datetime) -> None:
    """Whether something may be signed with it now. Raises `RevokedHere`, `CertificateNotYetValid`,
    `CertificateExpired`, `WrongOwner`."""
    if key.revoked_at is not None or _is_being_revoked(key):
        raise RevokedHere(owner=key.owner_name)
    if at < key.valid_from:
        raise CertificateNotYetValid(owner=key.owner_name, **_days(key.valid_from))
    if at > key.valid_to:
        raise CertificateExpired(owner=key.owner_name, **_days(key.valid_to))
    require_owner(owner_of(key), facts_of(key))


def require_current(owner: Owner, read: Certificate, trust: Trust, at: datetime) -> None:
    """Whether somebody can sign with a certificate from now on. Raises `WrongOwner`, `CertificateExpired`,
    `UnfitCertificate`."""
    require_owner(owner, read)
    if read.valid_to < at:
        raise CertificateExpired(owner=name_of(owner), **_days(read.valid_to))
    _require_fit(read, trust, at)


def require_owner(owner: Owner, read: Certificate) -> None:
    """Raises `WrongOwner`: the certificate names somebody else."""
    if isinstance(owner, Person):
        right = read.is_of_person(owner.full_name)
    else:
        codes = {owner.code, owner.alias} - {""}
        right = read.is_of_agency({owner.name, owner.short_name} - {""}, codes)
    if not right:
        named = f"{read.name} ({read.code})" if read.code else read.name
        raise WrongOwner(named=named, owner=name_of(owner))


def revoke(key: SigningKey, *, since: datetime, reason: str, actor: Actor, at: datetime) -> bool:
    """Note that a certificate is revoked, in the caller's transaction; False: that was known."""
    if not SigningKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=since, revoked_for=reason[:300]):
        return False
    _record(OfficeEvent.CERTIFICATE_REVOKED, key, actor, at, since=since.isoformat(), reason=reason[:300])
    return True


def owner_of(key: SigningKey) -> Owner:
    """Whose it is."""
    return key.person or cast("Organization", key.organization)


def organization_of(owner: Owner) -> Organization:
    """The agency itself, or the one where the person works."""
    return owner.organization if isinstance(owner, Person) else owner


def name_of(owner: Owner) -> str:
    """What the owner is called."""
    return owner.full_name if isinstance(owner, Person) else owner.name


def subject_of(key: SigningKey) -> Subject:
    """A certificate as the journal names it."""
    return Subject("certificate", str(key.pk))


def _read(raw: bytes) -> Certificate:
    try:
        return Certificate.read(raw)
    except ValueError as reason:
        raise NoCertificate() from reason


def _require_fit(read: Certificate, trust: Trust, at: datetime) -> None:
    usage = certificate(read.der).key_usage_value
    if usage is not None and not trust.policy.usages & set(usage.native):
        raise UnfitCertificate(why="chứng thư số không dùng để ký", why_en="it is not for signing")
    if not trust.key_is_strong(read.der):
        raise UnfitCertificate(why="khóa không đủ mạnh", why_en="its key is too weak")
    try:
        trust.chain(read.der, (), max(at, read.valid_from))
    except ChainProblem as reason:
        raise UnfitCertificate(
            why=f"nơi cấp «{read.issuer}» không được tin cậy ở đây", why_en=f"«{read.issuer}» is not trusted here"
        ) from reason


def _is_being_revoked(key: SigningKey) -> bool:
    under_way = CertificateRequest.objects.filter(
        key=key, kind=RequestKind.REVOKE, state__in=(RequestState.APPROVED, RequestState.SENT)
    )
    return under_way.exists()


def _create(
    owner: Owner, read: Certificate, kind: KeyKind, *, location: str = "", image: bytes | None = None, at: datetime
) -> SigningKey:
    return SigningKey.objects.create(
        **_who(owner), kind=kind, location=location, image=image, certificate=read.der, fingerprint=read.fingerprint,
        valid_from=read.valid_from, valid_to=read.valid_to, registered_at=at,
    )  # fmt: skip


def _record(event: OfficeEvent, key: SigningKey, actor: Actor, at: datetime, **data: object) -> None:
    read = facts_of(key)
    facts = {"owner": key.owner_name, "serial": read.serial, "until": read.valid_to.isoformat()}
    into_journal(event, actor=actor, subject=subject_of(key), at=at, **facts, **data)


def _lock(owner: Owner) -> None:
    """Of two who change the keys of one owner at once, one waits."""
    type(owner)._default_manager.select_for_update().get(pk=owner.pk)


def _who(owner: Owner) -> dict[str, Owner]:
    return {"person": owner} if isinstance(owner, Person) else {"organization": owner}


def _days(moment: datetime) -> dict[str, str]:
    local = in_vietnam(moment)
    return {"day": vietnamese.day(local), "day_en": english.day(local)}
