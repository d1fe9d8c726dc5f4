"""How a call reached a service: from where, and whether it was encrypted (Decision 28, Article 13.2).

The services speak plain HTTP to a proxy beside them, which speaks TLS to everyone else. What the proxy says is believed
only when it comes from an address that the operators named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

FORWARDED_FOR = "X-Forwarded-For"
FORWARDED_PROTO = "X-Forwarded-Proto"
CLIENT_CERTIFICATE = "X-SSL-Client-Cert"
"""The certificate that a client showed to the proxy: PEM, percent-encoded (nginx: `$ssl_client_escaped_cert`)."""

Network = IPv4Network | IPv6Network


def networks(ranges: Iterable[str]) -> tuple[Network, ...]:
    """CIDR ranges out of their texts; empty texts are left out. Raises `ValueError`."""
    return tuple(ip_network(each.strip()) for each in ranges if each.strip())


def inside(address: str, ranges: Iterable[Network]) -> bool:
    """Whether an address lies in one of these ranges; what is no address lies in none."""
    found = _read(address)
    return found is not None and any(found in each for each in ranges)


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine itself; the peer of a Unix socket, which has none, is."""
    if host in ("", "localhost"):
        return True
    found = _read(host.strip("[]"))
    return found is not None and found.is_loopback


@lru_cache(maxsize=1024)
def _read(address: str) -> IPv4Address | IPv6Address | None:
    """An address out of its text, None for what is none; each call asks several times for the same few."""
    try:
        return ip_address(address)
    except ValueError:
        return None


@dataclass(frozen=True)
class Proxies:
    """The proxies that say truly where a call comes from, how it came, and which certificate it showed."""

    ranges: tuple[Network, ...]

    @staticmethod
    @cache
    def of(ranges: str) -> Proxies:
        """CIDR ranges with commas between. Raises `ValueError`."""
        return Proxies(networks(ranges.split(",")))

    def believes(self, peer: str) -> bool:
        """Whether what `peer`, the other end of the connection, says of a call is true."""
        return inside(peer, self.ranges)

    def caller(self, peer: str, forwarded_for: str) -> str:
        """The address that a call comes from: the peer's, or behind a trusted proxy the one that it names.

        Args:
            forwarded_for: `X-Forwarded-For`; of its addresses only those behind trusted ones are believed.
        """
        if not self.believes(peer):
            return peer
        named = [each.strip() for each in forwarded_for.split(",") if each.strip()]
        return next((each for each in reversed(named) if not inside(each, self.ranges)), peer)

    def encrypted(self, peer: str, forwarded_proto: str) -> bool:
        """Whether a call came through a trusted proxy that says that it came by TLS."""
        return self.believes(peer) and forwarded_proto.strip().lower() == "https"

    def may_pass(self, peer: str, forwarded_for: str, forwarded_proto: str) -> bool:
        """Whether nobody on the way could read along: by TLS, or from this machine itself."""
        return self.encrypted(peer, forwarded_proto) or is_loopback(self.caller(peer, forwarded_for))
