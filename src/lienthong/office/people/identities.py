"""Whose an identity at a provider is. An administrator links it, or the staff code that the provider vouches for; an
identity of nobody gives no access, and none gives rights (SEC-5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Missing
from lienthong.office.models import (
    FederatedIdentity,
    IdentityProtocol,
    IdentityProvider,
    Organization,
    Person,
    RightKind,
    Role,
    TakenAssertion,
)
from lienthong.office.people import access, openid, saml_metadata, staff
from lienthong.office.people.actors import actor_of, service_of
from lienthong.office.people.sign_in_errors import IdentityTaken, IdentityUnknown

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,28}[a-z0-9]")


@dataclass(frozen=True)
class Declared:
    """A provider as it is set up.

    Attributes:
        slug: in addresses; `name`: on the sign-in page.
        staff_claim: the claim whose value is the staff code; empty: people are linked by hand alone.
    """

    slug: str
    name: str
    issuer: str
    client_id: str
    secret: str
    staff_claim: str = ""
    active: bool = True


@dataclass(frozen=True)
class DeclaredSaml:
    """A provider of SAML as it is set up.

    Attributes:
        metadata: how it describes itself, XML.
        slug, name, staff_claim, active: as in `Declared`; the staff code is an attribute, or `sub`: the NameID itself.
    """

    slug: str
    name: str
    metadata: bytes
    staff_claim: str = ""
    active: bool = True


def declare(organization: Organization, told: Declared, who: Actor, *, at: datetime) -> IdentityProvider:
    """Set up a provider of an agency, or change it; journalled without its secret. Sessions that came by one that is
    turned off end. Raises `Missing`: something is not named, or its address is neither https nor on this machine."""
    if not _is_named(told) or not told.client_id.strip() or not told.secret.strip():
        raise Missing(
            what="tên ngắn (chữ thường, số, gạch nối), tên gọi, client id và mật khẩu của hệ thống",
            what_en="slug (small letters, digits, hyphens), name, client id and secret",
        )
    if not openid.is_safe(told.issuer):
        raise Missing(what="địa chỉ https của nơi cấp", what_en="an https address of the issuer")
    values = {
        "issuer": told.issuer[:300], "client_id": told.client_id.strip()[:200],
        "secret": openid.SAFE.hide(told.secret.strip()), "sign_in_at": "", "certificates": "", "valid_until": None,
    }  # fmt: skip
    return _set(organization, told, IdentityProtocol.OPENID, values, who, at)


def declare_saml(organization: Organization, told: DeclaredSaml, who: Actor, *, at: datetime) -> IdentityProvider:
    """Set up a provider that speaks SAML, or change it, as `declare` does. Raises `Missing`, `SamlMetadataRefused`."""
    if not _is_named(told):
        raise Missing(
            what="tên ngắn (chữ thường, số, gạch nối) và tên gọi",
            what_en="slug (small letters, digits, hyphens) and name",
        )
    described = saml_metadata.read(told.metadata, at=at)
    values = {
        "issuer": described.issuer, "client_id": "", "secret": b"", "sign_in_at": described.sign_in_at,
        "certificates": described.certificates, "valid_until": described.valid_until,
    }  # fmt: skip
    return _set(organization, told, IdentityProtocol.SAML, values, who, at)


def turn_off(organization: Organization, slug: str, who: Actor, *, at: datetime) -> None:
    """Let nobody in by a provider any more, whatever it is; sessions that came by it end. Raises `Missing`."""
    with transaction.atomic():
        provider = IdentityProvider.objects.filter(organization=organization, slug=slug).first()
        if provider is None:
            raise Missing(what="tên ngắn của một nơi cấp đã khai báo", what_en="the slug of a provider that is known")
        if IdentityProvider.objects.filter(pk=provider.pk, active=True).update(active=False):
            provider.active = False
            _record_set(organization, provider, who, at)


def _is_named(told: Declared | DeclaredSaml) -> bool:
    return bool(SLUG.fullmatch(told.slug) and told.name.strip())


def _set(
    organization: Organization, told: Declared | DeclaredSaml, protocol: IdentityProtocol, values: dict[str, Any],
    who: Actor, at: datetime,
) -> IdentityProvider:  # fmt: skip
    if IdentityProvider.objects.filter(slug=told.slug).exclude(organization=organization).exists():
        raise Missing(what="tên ngắn chưa ai dùng", what_en="a slug that is free")
    with transaction.atomic():
        _forget_those_of_another(organization, told.slug, protocol, values["issuer"], who, at)
        provider, _ = IdentityProvider.objects.update_or_create(
            slug=told.slug,
            defaults={
                "organization": organization, "protocol": protocol, "name": told.name.strip()[:100],
                "staff_claim": told.staff_claim.strip()[:200], "active": told.active, **values,
            },
        )  # fmt: skip
        _record_set(organization, provider, who, at)
    return provider


def _record_set(organization: Organization, provider: IdentityProvider, who: Actor, at: datetime) -> None:
    record(
        OfficeEvent.IDENTITY_PROVIDER_SET, actor=who, subject=Subject("agency", organization.code), at=at,
        provider=provider.slug, protocol=provider.protocol, issuer=provider.issuer, active=provider.active,
    )  # fmt: skip


def _forget_those_of_another(
    organization: Organization, slug: str, protocol: IdentityProtocol, issuer: str, who: Actor, at: datetime
) -> None:
    """What one issuer says of a subject means nothing at another, nor in another protocol: with the issuer its
    identities go, and what it said and nobody came on with yet."""
    former = IdentityProvider.objects.filter(slug=slug, organization=organization).exclude(
        issuer=issuer, protocol=protocol
    )
    TakenAssertion.objects.filter(provider__in=former, used_at=None).update(used_at=at)
    for one in FederatedIdentity.objects.filter(provider__in=former).select_related("person__user", "provider"):
        why = "nơi cấp tài khoản đã đổi"
        one.delete()
        staff.note_change(RightKind.IDENTITY_UNLINKED, one.person, None, at, reason=why)
        _record(OfficeEvent.IDENTITY_UNLINKED, one.person, who, at, one.provider, reason=why)


def link(
    person: Person, provider: IdentityProvider, subject: str, *, reason: str, actor: Person, at: datetime
) -> FederatedIdentity:
    """Say whose an identity is; alerts as a change of rights, for it opens the account.

    Raises:
        Forbidden, OwnRights, ReasonNeeded, Missing, IdentityTaken.
    """
    why = staff.require_may_change(actor, person, reason)
    if not subject.strip() or provider.organization_id != person.organization_id:
        raise Missing(what="mã người dùng ở nơi cấp", what_en="the identifier at the provider")
    return _link(person, provider, subject.strip()[:255], why, actor, at)


def unlink(identity: FederatedIdentity, *, reason: str, actor: Person, at: datetime) -> None:
    """Take an identity away from a person; sessions that came by it end. Raises `Forbidden`, `OwnRights`,
    `ReasonNeeded`."""
    person = identity.person
    why = staff.require_may_change(actor, person, reason)
    with transaction.atomic():
        if FederatedIdentity.objects.filter(pk=identity.pk).delete()[0]:
            staff.note_change(RightKind.IDENTITY_UNLINKED, person, actor, at, reason=why)
            _record(OfficeEvent.IDENTITY_UNLINKED, person, actor_of(actor), at, identity.provider, reason=why)


def of_claims(provider: IdentityProvider, claims: dict[str, Any], *, at: datetime) -> FederatedIdentity:
    """The identity of who signed in at the provider, with its person. One that is new is linked by the staff code,
    where the provider vouches for it; administrators are linked by hand alone. Raises `IdentityUnknown`."""
    known = FederatedIdentity.objects.select_related(
        "provider", "person__organization__sign_in_rules", "person__user", "person__second_factor"
    )
    found = known.filter(provider=provider, subject=claims["sub"]).first()
    if found is None and (person := _by_staff_code(provider, claims)) is not None:
        made = _link(person, provider, claims["sub"], "theo mã cán bộ mà nơi cấp xác nhận", None, at)
        found = known.get(pk=made.pk)
    if found is None or not found.person.user.is_active:
        raise IdentityUnknown(provider=provider.name)
    if found.linked_by_id is None and Role.ADMINISTRATOR in access.roles(found.person):
        raise IdentityUnknown(provider=provider.name)  # an administrator since: to be linked by hand
    FederatedIdentity.objects.filter(pk=found.pk).update(used_at=at)
    return found


def note_lock(person: Person, *, at: datetime) -> None:
    """A session of the person was locked, because nothing was done in it (SEC-1): from now on no provider lets them in
    by a session of its own that began before."""
    Person.objects.filter(pk=person.pk).update(locked_at=at)


def is_fresh(person: Person, shown_at: datetime | None, *, begun_at: datetime | None, at: datetime) -> bool:
    """Whether a person showed the provider who they are lately enough.

    Args:
        shown_at: when they did, as the provider says; None: it does not say.
        begun_at: when this sign-in began, where the provider was asked to have it shown anew.
    """
    earliest = max((one for one in (person.locked_at, begun_at) if one is not None), default=None)
    if shown_at is None:
        return earliest is None
    leeway = timedelta(seconds=openid.LEEWAY_SECONDS)
    oldest = at - timedelta(seconds=openid.OLDEST_SECONDS)
    return max(oldest, earliest or oldest) - leeway <= shown_at <= at + leeway


def _by_staff_code(provider: IdentityProvider, claims: dict[str, Any]) -> Person | None:
    code = claims.get(provider.staff_claim) if provider.staff_claim else None
    if not isinstance(code, str) or not code.strip():
        return None
    known = Person.objects.filter(organization=provider.organization, user__is_active=True, staff_code=code.strip())
    person = known.exclude(identities__provider=provider).select_related("user", "organization").first()
    if person is None or Role.ADMINISTRATOR in access.roles(person):
        return None
    return person


def _link(
    person: Person, provider: IdentityProvider, subject: str, why: str, actor: Person | None, at: datetime
) -> FederatedIdentity:
    try:
        with transaction.atomic():
            made = FederatedIdentity.objects.create(
                provider=provider, person=person, subject=subject, linked_at=at, linked_by=actor
            )
            staff.note_change(RightKind.IDENTITY_LINKED, person, actor, at, reason=why)
            who = actor_of(actor) if actor else service_of(provider.organization)
            _record(OfficeEvent.IDENTITY_LINKED, person, who, at, provider, reason=why)
    except IntegrityError:
        raise IdentityTaken(provider=provider.name) from None
    return made


def _record(
    event: OfficeEvent, person: Person, who: Actor, at: datetime, provider: IdentityProvider, **data: object
) -> None:
    subject = Subject("account", person.user.get_username()[:64])
    record(event, actor=who, subject=subject, at=at, name=person.full_name, provider=provider.slug, **data)
