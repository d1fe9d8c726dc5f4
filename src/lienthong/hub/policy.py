"""What each system may do: suspended or not, from which networks, with which certificate, how often, how large; and
when it was last here.

A request costs no statement for this: each process keeps a copy, like that of the directory, and counts by itself. A
limit of calls holds for each process: with `n` web processes a system may get up to `n` times as many through.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from time import monotonic

from django.conf import settings

from lienthong.hub import secrets
from lienthong.hub.models import System, SystemCertificate
from lienthong.hub.peers import Certificate
from lienthong.protocol.channel import Network, Proxies, inside, networks
from lienthong.protocol.problems import (
    CertificateEnded,
    CertificateMissing,
    CertificateUnknown,
    ForeignNetwork,
    Suspended,
    TooManyRequests,
)

FRESH_SECONDS = 2.0
"""How long a process relies on its copy: a suspension is in force everywhere after this."""
CONTACT = timedelta(minutes=1)
"""How exactly the last contact of a system, and its clock, are kept."""
AGAIN = timedelta(seconds=5)
"""How soon a clock that goes wrong and right in turns is noted again."""
MOST_SKEW = 2_000_000_000
"""Milliseconds that are kept of a clock that is off by years."""

SKEW_TOLD = 2.0
"""Seconds from which a clock is off (architecture, "Times")."""

REFUSALS = (
    Suspended, ForeignNetwork, CertificateMissing, CertificateUnknown, CertificateEnded, TooManyRequests,
)  # fmt: skip
"""What `admit` refuses."""


@dataclass(frozen=True)
class Policy:
    """What one system may do.

    Attributes:
        suspended: the reason, None for a system in service.
        networks: where it calls from; empty for anywhere.
        per_minute: calls a minute, None for as many as it likes.
        largest_packet: bytes, None for the hub's own limit.
        auto_approves: whether what it registers in its own subtree holds at once.
        certificate_required: whether it gets in without a certificate.
        certificates: fingerprint of each that is registered → the period in which it opens.
        secret_before: its former shared secret, which opens until `secret_before_until`.
    """

    code: str
    suspended: str | None = None
    networks: tuple[Network, ...] = ()
    per_minute: int | None = None
    largest_packet: int | None = None
    auto_approves: bool = False
    certificate_required: bool = False
    certificates: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
    secret_before: str = field(default="", repr=False)
    secret_before_until: datetime | None = None

    def former_secret(self, at: datetime) -> str:
        """The secret before the present one while it still opens, else an empty text."""
        still = self.secret_before_until is not None and at < self.secret_before_until
        return self.secret_before if still else ""

    def packet_limit(self) -> int:
        """The largest packet that is taken from this system, in bytes."""
        largest: int = settings.LIENTHONG.max_packet_bytes
        return min(largest, self.largest_packet) if self.largest_packet else largest


class Bucket:
    """Calls that a system has left: filled evenly, never above one minute's worth.

    Args:
        per_minute: calls a minute.
        now: seconds of a clock that only goes forward.
    """

    def __init__(self, per_minute: int, now: float) -> None:
        self.per_minute = per_minute
        self._left = float(per_minute)
        self._at = now

    def take(self, now: float) -> int:
        """Take one call; gives 0, or after how many seconds to ask again."""
        per_second = self.per_minute / 60
        self._left = min(float(self.per_minute), self._left + (now - self._at) * per_second)
        self._at = now
        if self._left < 1:
            return ceil((1 - self._left) / per_second)
        self._left -= 1
        return 0


@dataclass(frozen=True)
class _Copy:
    policies: Mapping[str, Policy]
    read_at: float


_lock = threading.Lock()
_copy: _Copy | None = None
_buckets: dict[str, Bucket] = {}
_seen: dict[str, datetime] = {}
_skews: dict[str, tuple[datetime, bool]] = {}


def of(system: str) -> Policy:
    """The policy of a connected system as of at most two seconds ago; of one that is newer than that, as of now."""
    known = _policies()
    if system not in known:
        known = _policies(anew=True)
    return known.get(system) or Policy(system)


def admit(system: str, *, door: str, address: str, certificate: Certificate | None, at: datetime) -> Policy:
    """Let an authenticated call of a system through, and note that it was here.

    Args:
        door: `native` or `vxp`.
        address: where the call comes from, see `caller`.
        certificate: what the client showed to the proxy in front of us.

    Raises:
        Problem: one of `REFUSALS`.
    """
    policy = of(system)
    if policy.suspended is not None:
        raise Suspended(system=system, reason=policy.suspended)
    if policy.networks and not inside(address, policy.networks):
        raise ForeignNetwork(system=system, address=address)
    _require_certificate(policy, certificate, at)
    if policy.per_minute is not None and (seconds := _take(policy)):
        raise TooManyRequests(system=system, limit=policy.per_minute, retry_after=seconds)
    _note_contact(system, door, at)
    return policy


def caller(peer: str, forwarded: str) -> str:
    """The address that a call comes from, see `Proxies.caller`."""
    return proxies().caller(peer, forwarded)


def proxies() -> Proxies:
    """The proxies that this hub believes."""
    return Proxies.of(settings.LIENTHONG.trusted_proxies)


def _require_certificate(policy: Policy, shown: Certificate | None, at: datetime) -> None:
    """A system that has registered certificates shows none but those, whether it must show one or not."""
    if shown is None:
        if policy.certificate_required:
            raise CertificateMissing(system=policy.code)
        return
    if not policy.certificates and not policy.certificate_required:
        return
    period = policy.certificates.get(shown.fingerprint)
    if period is None:
        raise CertificateUnknown(system=policy.code, fingerprint=shown.fingerprint)
    if not period[0] <= at < period[1]:
        raise CertificateEnded(system=policy.code, fingerprint=shown.fingerprint)


def forget_copy() -> None:
    """Read the policies anew at the next question, and count from nothing."""
    global _copy
    with _lock:
        _copy = None
        _buckets.clear()
        _seen.clear()
        _skews.clear()


def _policies(*, anew: bool = False) -> Mapping[str, Policy]:
    global _copy
    copy = _copy
    if anew or copy is None or monotonic() - copy.read_at > FRESH_SECONDS:
        with _lock:
            copy = _copy
            if anew or copy is None or monotonic() - copy.read_at > FRESH_SECONDS:
                copy = _copy = _Copy(_read(), monotonic())
    return copy.policies


def _read() -> dict[str, Policy]:
    certificates: dict[str, dict[str, tuple[datetime, datetime]]] = {}
    for one in SystemCertificate.objects.filter(revoked_at__isnull=True):
        certificates.setdefault(one.system_id, {})[one.fingerprint] = (one.valid_from, one.valid_to)
    return {
        row.code: Policy(
            code=row.code,
            suspended=row.suspended_for if row.suspended_at else None,
            networks=networks(row.networks),
            per_minute=row.requests_per_minute,
            largest_packet=row.largest_packet,
            auto_approves=row.auto_approves,
            certificate_required=row.certificate_required,
            certificates=certificates.get(row.code, {}),
            secret_before=secrets.reveal(row.vxp_secret_before) if row.vxp_secret_before else "",
            secret_before_until=row.vxp_secret_before_until,
        )
        for row in System.objects.all()
    }


def _take(policy: Policy) -> int:
    limit = policy.per_minute or 0
    with _lock:
        bucket = _buckets.get(policy.code)
        if bucket is None or bucket.per_minute != limit:
            bucket = _buckets[policy.code] = Bucket(limit, monotonic())
        return bucket.take(monotonic())


def note_skew(system: str, seconds: float, at: datetime) -> None:
    """Keep how far a system's clock is ahead: once a minute, and at once when it goes wrong or is mended."""
    off = abs(seconds) > SKEW_TOLD
    known = _skews.get(system)
    if known is not None and (at - known[0] < CONTACT if known[1] == off else at - known[0] < AGAIN):
        return
    _skews[system] = (at, off)
    shown = max(-MOST_SKEW, min(MOST_SKEW, round(seconds * 1000)))
    System.objects.filter(code=system).update(clock_skew_ms=shown, clock_measured_at=at)


def _note_contact(system: str, door: str, at: datetime) -> None:
    seen = _seen.get(system)
    if seen is not None and at - seen < CONTACT:
        return
    _seen[system] = at
    System.objects.filter(code=system).update(last_contact_at=at, last_contact_door=door)
