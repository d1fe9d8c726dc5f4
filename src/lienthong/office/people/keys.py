"""Opening the keys that people sign and seal with. The PIN is asked at every act and never kept (D30, Article 32)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from django.db.models import QuerySet

from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import config
from lienthong.office.errors import KeyLocked, NoKey, ServerKeyForbidden
from lienthong.office.models import KeyKind, Organization, Person, SigningKey
from lienthong.office.people.actors import actor_of
from lienthong.office.people.certificate_errors import OtherKey
from lienthong.office.people.certificates import require_usable
from lienthong.office.people.custody import require_holder
from lienthong.office.people.remote_errors import RemoteCodeWrong, SignsFromAfar
from lienthong.office.people.seal_errors import SealAtDesk
from lienthong.standards.signatures.errors import WrongPin
from lienthong.standards.signatures.keys import Key, SoftKey, TokenKey


def key_of_person(person: Person) -> SigningKey:
    """The key that a person signs with now. Raises `NoKey`."""
    return _newest(SigningKey.objects.filter(person=person), person.full_name)


def seal_of(organization: Organization) -> SigningKey:
    """The key that an agency's clerk seals with now. Raises `NoKey`."""
    return _newest(SigningKey.objects.filter(organization=organization), organization.name)


def open_key(key: SigningKey, pin: str, *, actor: Person, at: datetime) -> Key:
    """Open a key with the PIN given for this one act. Every attempt is in the journal.

    Raises:
        What `certificates.require_usable` raises, before the PIN is looked at.
        NotTheHolder: somebody else holds the agency's device.
        OtherKey: what was opened is not the key of the registered certificate.
        KeyLocked: the PIN was wrong too often.
        ServerKeyForbidden: a person's key file lies on the server, which is for the demo alone.
        SignsFromAfar, SealAtDesk: a service keeps the key, or its owner, or the clerk, has it at their machine.
        WrongPin, KeyUnusable.
    """
    if key.kind == KeyKind.OWN_TOKEN and key.organization_id is not None:
        raise SealAtDesk(owner=key.owner_name)
    if key.kind in (KeyKind.REMOTE, KeyKind.OWN_TOKEN):
        raise SignsFromAfar(owner=key.owner_name)
    require_usable(key, at)
    if key.organization_id is not None:
        require_holder(key, actor)
    with tried(key, actor=actor, at=at):
        opened = _open(key, pin)
    if opened.certificate != bytes(cast("bytes", key.certificate)):
        raise OtherKey(owner=key.owner_name)
    return opened


def require_not_locked(key: SigningKey, at: datetime) -> None:
    """Raises `KeyLocked`: the PIN was wrong too often."""
    if is_locked(f"key:{key.pk}", at=at):
        raise KeyLocked()


@contextmanager
def tried(key: SigningKey, *, actor: Person, at: datetime) -> Iterator[None]:
    """An attempt to use a key, which is in the journal; who is wrong too often waits (SEC-2). Raises `KeyLocked`."""
    require_not_locked(key, at)
    account = f"key:{key.pk}"
    try:
        yield
    except (WrongPin, RemoteCodeWrong):
        note_attempt(OfficeEvent.PIN_REFUSED, account=account, actor=actor_of(actor), at=at)
        raise
    note_attempt(OfficeEvent.KEY_OPENED, account=account, actor=actor_of(actor), at=at)


def _open(key: SigningKey, pin: str) -> Key:
    if key.kind == KeyKind.PKCS11:
        module, token, label = key.location.split("|")
        return TokenKey.open(Path(module), token=token, pin=pin, label=label)
    if key.person_id is not None and not config.unsafe_server_keys():
        raise ServerKeyForbidden()
    return SoftKey.from_pkcs12(Path(key.location).read_bytes(), pin)


def _newest(keys: QuerySet[SigningKey], owner: str) -> SigningKey:
    found = keys.filter(retired_at__isnull=True).exclude(kind=KeyKind.NONE).order_by("-registered_at").first()
    if found is None:
        raise NoKey(owner=owner)
    return found
