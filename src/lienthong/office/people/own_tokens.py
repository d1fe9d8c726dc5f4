"""Keys on a token at somebody's own machine (Decision 28, Article 18.2; Decree 30, Article 32): a signer's, or the
agency's seal at the clerk's. A small helper there signs, which their page calls on loopback. Here stands only the
certificate, and the port of the helper."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from lienthong.office import config
from lienthong.office.errors import Missing
from lienthong.office.models import KeyKind, Organization, Person, SigningKey
from lienthong.office.people import certificates
from lienthong.office.people.access import require, roles
from lienthong.office.people.actors import actor_of
from lienthong.office.people.certificate_errors import NotListed
from lienthong.office.people.custody import require_holder
from lienthong.office.people.remote_keys import Holder, newest_of
from lienthong.standards.signatures.agreed import HELPER_PORT

PORTS = range(1024, 65_536)
NAME = "thiết bị ở máy người ký"
SEAL_NAME = "thiết bị ở máy văn thư"
"""What the journal says made the signature, of a person and of the agency."""


def of_person(person: Person) -> SigningKey | None:
    """The key on a token at their own machine; None where they sign with another now."""
    key = newest_of(person)
    return key if key is not None and key.kind == KeyKind.OWN_TOKEN else None


def seal_of(organization: Organization) -> SigningKey | None:
    """The agency's seal on a token at the clerk's machine; None where it is on the server, or there is none."""
    key = newest_of(organization)
    return key if key is not None and key.kind == KeyKind.OWN_TOKEN else None


def may_attach(key: SigningKey, actor: Person) -> bool:
    """Whether somebody may say that the key of this certificate is at its owner's machine, or the clerk's."""
    own = certificates.organization_of(certificates.owner_of(key)).pk == actor.organization_id
    in_use = key.retired_at is None and key.revoked_at is None
    return own and in_use and bool(roles(actor) & {role.value for role in certificates.KEEPERS})


def attach(key: SigningKey, port: int, *, actor: Person, at: datetime) -> SigningKey:
    """Let a person sign with the token at their own machine that holds the key of this certificate, or the clerk seal
    with the agency's at theirs. What was used before is replaced.

    Args:
        port: where the helper listens there.

    Raises:
        Forbidden: only administrators say where keys are.
        NotListed: it is none in use of the agency or one of its people.
        Missing: no port. WrongOwner, CertificateExpired, UnfitCertificate.
    """
    require(actor, *certificates.KEEPERS)
    if not may_attach(key, actor):
        raise NotListed()
    if port not in PORTS:
        raise Missing(what="cổng từ 1024 đến 65535", what_en="a port between 1024 and 65535")
    owner, read = certificates.owner_of(key), certificates.facts_of(key)
    certificates.require_current(owner, read, config.trust(), at)
    shown = key.image or next((one.image for one in (newest_of(owner),) if one is not None), None)
    return certificates.keep_key(
        owner, read.der, kind=KeyKind.OWN_TOKEN, location=str(port), actor=actor_of(actor), at=at,
        image=bytes(cast("bytes", shown)) if shown else None,
    )  # fmt: skip


def port_of(key: SigningKey) -> int:
    """Where the helper listens at its owner's machine; where it would, of a key that is elsewhere."""
    return int(key.location) if key.kind == KeyKind.OWN_TOKEN else HELPER_PORT


def address_of(key: SigningKey) -> str:
    """The origin of the helper at its owner's machine."""
    return f"http://127.0.0.1:{port_of(key)}"


def holder_of(key: SigningKey, at: datetime) -> Holder:
    """The token, with the issuers that are trusted here. Raises what `certificates.require_usable`
    and `certificates.require_current` raise."""
    certificates.require_usable(key, at)
    read = certificates.facts_of(key)
    certificates.require_current(certificates.owner_of(key), read, config.trust(), at)
    name = NAME if key.organization_id is None else SEAL_NAME
    return Holder(name, config.trust().chain(read.der, (), at)[1:])


def require_sealer(key: SigningKey, actor: Person, at: datetime) -> Holder:
    """The token with the agency's seal, for who holds it. The authority is asked before a number is taken, as nothing
    is sealed with a certificate that it revoked.

    Raises:
        NotTheHolder: the log names somebody else (Article 32.2c); what `holder_of` raises.
        CertificateRevoked, MaterialUnavailable: what the authority says, or that it does not answer.
    """
    require_holder(key, actor)
    holder = holder_of(key, at)
    config.validation().collect(bytes(cast("bytes", key.certificate)), holder.chain, at)
    return holder
