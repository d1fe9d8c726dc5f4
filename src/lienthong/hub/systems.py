"""What the operators do to a connected system: its doors, secrets, keys, networks, limits; suspending and resuming.

Each act is in the journal, never with a secret. Running processes take it up within two seconds.
"""

from __future__ import annotations

import secrets as random
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from lienthong.evidence.receipts import InvalidStatement, public_part, read_header
from lienthong.hub import agencies, policy, secrets
from lienthong.hub.models import Delivery, Packet, System, SystemKey
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.channel import networks

OPERATOR = Actor("service", "operator", "Đơn vị vận hành Trục")


@dataclass(frozen=True)
class Deed:
    """Something that a system did.

    Attributes:
        key: id of the key that signed it; empty where nothing was signed (a fetch, the door of existing software).
    """

    at: datetime
    event: str
    subject: str
    key: str


def set_doors(
    code: str, *, native: bool | None = None, vxp: bool | None = None, by: Actor = OPERATOR, at: datetime
) -> System:
    """Open or close the two doors; None leaves one as it is. Raises `RegistryRefused`."""

    def change(system: System) -> dict[str, Any]:
        if vxp and not system.vxp_secret:
            raise RegistryRefused("no_secret", code=code)
        wanted = {"native": native, "vxp": vxp}
        return {name: value for name, value in wanted.items() if value is not None}

    return _set(code, change, by, at)


def set_networks(code: str, ranges: Iterable[str], *, by: Actor = OPERATOR, at: datetime) -> System:
    """Say from which CIDR ranges the system calls; none for anywhere. Raises `RegistryRefused`."""
    try:
        known = [str(each) for each in networks(ranges)]
    except ValueError as reason:
        raise RegistryRefused("bad_network", reason=reason) from reason
    return _set(code, lambda _: {"networks": known}, by, at)


def set_limits(
    code: str, *, per_minute: int | None, largest_packet: int | None, by: Actor = OPERATOR, at: datetime
) -> System:
    """Limit the calls a minute and the bytes of a packet; None for no limit of its own. Raises `RegistryRefused`."""
    if any(limit is not None and limit < 1 for limit in (per_minute, largest_packet)):
        raise RegistryRefused("limit_below_one")
    return _set(code, lambda _: {"requests_per_minute": per_minute, "largest_packet": largest_packet}, by, at)


def set_approval(code: str, *, automatic: bool, by: Actor = OPERATOR, at: datetime) -> System:
    """Say whether what it registers below its own agencies holds at once. Raises `RegistryRefused`."""
    return _set(code, lambda _: {"auto_approves": automatic}, by, at)


def set_certificate_required(code: str, *, required: bool, by: Actor = OPERATOR, at: datetime) -> System:
    """Say whether it gets in without a certificate; `certificates.require` looks first whether it has one."""
    return _set(code, lambda _: {"certificate_required": required}, by, at)


def suspend(code: str, *, reason: str, by: Actor = OPERATOR, at: datetime) -> System:
    """Let nothing of the system through until `resume`; what is sent to it waits. Raises `RegistryRefused`."""
    if not reason.strip():
        raise RegistryRefused("reason_missing")
    return _set(
        code, lambda _: {"suspended_at": at, "suspended_for": reason.strip()[:200]}, by, at, HubEvent.SYSTEM_SUSPENDED
    )


def resume(code: str, *, by: Actor = OPERATOR, at: datetime) -> System:
    """End a suspension. Raises `RegistryRefused`."""
    return _set(code, lambda _: {"suspended_at": None, "suspended_for": ""}, by, at, HubEvent.SYSTEM_RESUMED)


# -- secrets and keys ------------------------------------------------------------------------------------------------


def change_secret(code: str, *, old_until: datetime, by: Actor = OPERATOR, at: datetime) -> str:
    """Give a system a new shared secret, which is shown this once; the old one opens until `old_until`.

    With `old_until` not after `at` the old one, and the one before it, open nothing from now on.

    Raises:
        RegistryRefused: no such system.
    """
    fresh = b64encode(random.token_bytes(32)).decode()
    with transaction.atomic():
        system = _system(code)
        overlaps = old_until > at and bool(system.vxp_secret)
        system.vxp_secret_before = system.vxp_secret if overlaps else b""
        system.vxp_secret_before_until = old_until if overlaps else None
        system.vxp_secret = secrets.hide(fresh)
        system.save(update_fields=["vxp_secret", "vxp_secret_before", "vxp_secret_before_until"])
        until = old_until.isoformat() if overlaps else ""
        record(HubEvent.SYSTEM_SECRET_CHANGED, actor=by, subject=_subject(code), at=at, old_until=until)
    _forget()
    return fresh


def change_key(code: str, jwk: Mapping[str, Any], *, old_until: datetime, by: Actor = OPERATOR, at: datetime) -> str:
    """Add a public key, and let the others serve until `old_until`; gives its id. Raises `RegistryRefused`."""
    try:
        public = public_part(jwk)
    except InvalidStatement as reason:
        raise RegistryRefused("unusable_key", reason=reason) from reason
    kid = public["kid"]
    with transaction.atomic():
        system = _system(code)
        if SystemKey.objects.filter(kid=kid).exists():
            raise RegistryRefused("key_known", kid=kid)
        others = _usable(code, at).exclude(retired_at__lt=old_until)
        for other in others:
            record(
                HubEvent.SYSTEM_KEY_RETIRED, actor=by, subject=_subject(code), at=at, kid=other.kid,
                until=max(old_until, at).isoformat(),
            )  # fmt: skip
        others.update(retired_at=max(old_until, at))
        SystemKey.objects.create(system=system, kid=kid, jwk=public, added_at=at)
        record(HubEvent.SYSTEM_KEY_ADDED, actor=by, subject=_subject(code), at=at, kid=kid)
    _forget()
    return str(kid)


def revoke_key(
    code: str, kid: str, *, reason: str, since: datetime | None = None, by: Actor = OPERATOR, at: datetime
) -> SystemKey:
    """Let a key open and sign nothing from now on: it is, or may be, in other hands.

    Args:
        since: from when on it may have been: what it signed from then on proves nothing; without it, from now on.

    Raises:
        RegistryRefused: no such key, no reason, or a moment that is still to come.
    """
    if since is not None and since > at:
        raise RegistryRefused("compromised_later")
    if not reason.strip():
        raise RegistryRefused("reason_missing")
    with transaction.atomic():
        key = SystemKey.objects.select_for_update().filter(system_id=code, kid=kid).first()
        if key is None:
            raise RegistryRefused("unknown_key", code=code, kid=kid)
        key.retired_at = min(key.retired_at or at, at)
        key.revoked_for = reason.strip()[:200]
        key.compromised_from = min(since or at, key.compromised_from or at)
        key.save(update_fields=["retired_at", "revoked_for", "compromised_from"])
        record(
            HubEvent.SYSTEM_KEY_REVOKED, actor=by, subject=_subject(code), at=at, kid=kid, reason=reason,
            compromised_from=key.compromised_from.isoformat(),
        )  # fmt: skip
    _forget()
    return key


def done_since(code: str, since: datetime, *, kid: str = "") -> Iterator[Deed]:
    """What a system did since a moment, oldest first: for a key or a secret that was in other hands.

    Args:
        kid: leaves out what another key has signed; what nobody signed (fetches) stays in the list.
    """
    own = set(SystemKey.objects.filter(system_id=code).values_list("kid", flat=True))
    for event in Event.objects.filter(actor_kind="system", actor=code, at__gte=since).order_by("id").iterator():
        signer = _signer(event)
        signer = signer if signer in own else ""  # for who cannot sign the hub does
        if not kid or signer in ("", kid):
            yield Deed(event.at, event.name, f"{event.subject_kind} {event.subject}", signer)


def _signer(event: Event) -> str:
    """The id of the key that signed what an event tells of."""
    statement = ""
    if event.name == HubEvent.PACKET_ACCEPTED:
        statement = Packet.objects.filter(pk=event.subject).values_list("statement", flat=True).first() or ""
    elif event.name == HubEvent.DELIVERY_DONE:
        statement = Delivery.objects.filter(pk=event.subject).values_list("statement", flat=True).first() or ""
    try:
        return str(read_header(statement).get("kid", "")) if statement else ""
    except InvalidStatement:
        return ""


# -- shared ----------------------------------------------------------------------------------------------------------


def _set(
    code: str,
    change: Callable[[System], dict[str, Any]],
    by: Actor,
    at: datetime,
    event: HubEvent = HubEvent.SYSTEM_POLICY_CHANGED,
) -> System:
    with transaction.atomic():
        system = _system(code)
        changes = change(system)
        for name, value in changes.items():
            setattr(system, name, value)
        system.save(update_fields=list(changes))
        facts = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in changes.items()}
        record(event, actor=by, subject=_subject(code), at=at, **facts)
    _forget()
    return system


def _system(code: str) -> System:
    system = System.objects.select_for_update().filter(code=code).first()
    if system is None:
        raise RegistryRefused("unknown_system", code=code)
    return system


def _usable(code: str, at: datetime) -> Any:
    return SystemKey.objects.filter(Q(retired_at__isnull=True) | Q(retired_at__gt=at), system_id=code)


def _subject(code: str) -> Subject:
    return Subject("system", code)


def _forget() -> None:
    agencies.forget_copy()
    policy.forget_copy()
