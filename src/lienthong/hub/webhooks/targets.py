"""Where a webhook may go, and one guarded request to it.

The hub stands inside: whoever could let it call any address could reach what the world does not see. So only https to
public addresses is called; the address that was checked is the one that is connected to, whatever a name is made to say
a moment later; no redirect is followed, and hardly anything of the answer is read.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import IPPROTO_TCP, gaierror, getaddrinfo
from time import monotonic
from urllib.parse import urlsplit

import httpcore

LONGEST_URL = 400
DEADLINE_SECONDS = 10.0
"""For a whole attempt, however slowly the answer drips."""
MOST_OF_AN_ANSWER = 16 << 10
"""Bytes of an answer that are read, so that the connection ends well; none is kept."""
LONGEST_PAUSE = 3600
"""Seconds at most that a receiver can ask to be left alone for (`Retry-After`)."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_NEVER = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10")))
"""IPv6 that stands for IPv4 and would lead around the check, and the site-local addresses of old (RFC 3879)."""


class TargetRefused(ValueError):
    """The hub does not call this address. The message says why, in Vietnamese and English."""

    def __init__(self, vi: str, en: str) -> None:
        self.vi, self.en = vi, en
        super().__init__(f"{vi} / {en}")


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended.

    Attributes:
        word: `delivered`, or what went wrong: `answered` (see `status`), `redirect`, `target_refused`, `no_address`,
            `no_connection`, `tls`, `timeout`, `broken`.
        retry_after: seconds for which the receiver asks to be left alone; 0 if it does not.
    """

    word: str
    status: int | None
    milliseconds: int
    retry_after: int = 0

    @property
    def delivered(self) -> bool:
        """Whether the receiver has taken it."""
        return self.word == "delivered"


def require_allowed(url: str, networks: str) -> None:
    """See by the looks of an address whether it may be called; what its name leads to is seen at each attempt.

    Args:
        networks: CIDR ranges with commas between that are called although they are not public.

    Raises:
        TargetRefused: by its reason.
    """
    host, _ = host_and_port(url)
    literal = _literal(host)
    if literal is not None:
        _require([literal], url, networks)
    elif host == "localhost" or host.endswith(".localhost"):
        _require([ip_address("127.0.0.1")], url, networks)
    elif urlsplit(url).scheme != "https":
        raise TargetRefused("địa chỉ phải là https", "the address must be https")


def post(url: str, body: bytes, headers: Mapping[str, str], *, networks: str) -> Outcome:
    """Send a body, once, with no redirect; nothing that goes wrong is raised."""
    begun = monotonic()
    word, status, pause = _attempt(url, body, headers, networks, begun + DEADLINE_SECONDS)
    return Outcome(word, status, round((monotonic() - begun) * 1000), pause)


def _attempt(
    url: str, body: bytes, headers: Mapping[str, str], networks: str, end: float
) -> tuple[str, int | None, int]:
    try:
        address = _checked_address(url, networks)
        # One connection for each attempt: an endpoint is called seldom, and a kept one would outlive the check.
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=_Pinned(address, end)) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as answer,
        ):
            read = 0
            for chunk in answer.iter_stream():
                read += len(chunk)
                if read > MOST_OF_AN_ANSWER:
                    break
            return _judge(answer)
    except TargetRefused:
        return "target_refused", None, 0
    except gaierror:
        return "no_address", None, 0
    except httpcore.TimeoutException:
        return "timeout", None, 0
    except httpcore.ConnectError as reason:
        return ("tls" if isinstance(reason.__cause__ or reason.__context__, ssl.SSLError) else "no_connection"), None, 0
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError):
        return "broken", None, 0


def _judge(answer: httpcore.Response) -> tuple[str, int | None, int]:
    if 200 <= answer.status < 300:
        return "delivered", answer.status, 0
    pause = dict(answer.headers).get(b"Retry-After", b"") or dict(answer.headers).get(b"retry-after", b"")
    seconds = min(int(pause), LONGEST_PAUSE) if pause.isdigit() and len(pause) < 10 else 0
    return ("redirect" if 300 <= answer.status < 400 else "answered"), answer.status, seconds


def host_and_port(url: str) -> tuple[str, int]:
    """Whom an address calls. Raises `TargetRefused` when it is not in its form."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise TargetRefused("địa chỉ không đọc được", "the address cannot be read") from None
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if parts.scheme not in ("https", "http") or not host or not plain or len(url) > LONGEST_URL:
        raise TargetRefused(
            f"địa chỉ phải là https://…, chỉ gồm ký tự ASCII, tối đa {LONGEST_URL} ký tự",
            f"the address must be https://…, in ASCII, of at most {LONGEST_URL} characters",
        )
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        raise TargetRefused(
            "địa chỉ không được chứa tên, mật khẩu, dấu # hoặc cổng 0",
            "the address must not hold a name, a password, a fragment or port 0",
        )
    return host, port or (443 if parts.scheme == "https" else 80)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _checked_address(url: str, networks: str) -> Address:
    """The address to connect to: of a name, every address must be allowed, for any of them might be taken."""
    host, port = host_and_port(url)
    found = [ip_address(info[4][0]) for info in getaddrinfo(host, port, proto=IPPROTO_TCP)]
    _require(found, url, networks)
    return found[0]


def _require(addresses: Sequence[Address], url: str, networks: str) -> None:
    allowed = _networks(networks)
    for address in map(_plain, addresses):
        if not (_is_public(address) or any(address in each for each in allowed)):
            raise TargetRefused(
                "địa chỉ nội bộ không được phép; đề nghị đơn vị vận hành mở dải mạng",
                "an address that is not public is not called; ask the operators to allow its network",
            )
    if urlsplit(url).scheme != "https" and not all(_plain(each).is_loopback for each in addresses):
        raise TargetRefused("địa chỉ phải là https", "the address must be https")


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one wraps."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in each for each in _NEVER)


@cache
def _networks(ranges: str) -> tuple[Network, ...]:
    return tuple(ip_network(each.strip()) for each in ranges.split(",") if each.strip())


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Pinned(httpcore.NetworkBackend):
    """Connects to the one address that was checked, and lets nothing last beyond the end."""

    def __init__(self, address: Address, end: float) -> None:
        self._address, self._end = address, end

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._end, httpcore.ConnectTimeout)
        stream = httpcore.SyncBackend().connect_tcp(str(self._address), port, left, local_address, socket_options)
        return _Ending(stream, self._end)


class _Ending(httpcore.NetworkStream):
    """A connection that ends at a moment."""

    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream, self._end = stream, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._end, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._end, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._end, httpcore.ConnectTimeout)
        return _Ending(self._stream.start_tls(ssl_context, server_hostname, left), self._end)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(end: float, timeout: type[httpcore.TimeoutException]) -> float:
    left = end - monotonic()
    if left <= 0:
        raise timeout("the time of this attempt is over")
    return left
