"""How the acts reach the network: one callable, given by the caller."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol


class Fetcher(Protocol):
    """Fetch one address: GET when `body` is None, otherwise POST of `body` as `content_type`.

    Returns the body of a 200 answer. Anything else raises an `OSError` (or a subclass).
    """

    def __call__(self, url: str, body: bytes | None, content_type: str) -> bytes: ...


@dataclass(frozen=True)
class TimeStamps:
    """A time-stamping authority (RFC 3161): its address, and the way to it."""

    url: str
    fetch: Fetcher


@dataclass
class KeptLists:
    """A fetcher that keeps what it got without a body (revocation lists) for `keep` seconds, and for `peace` seconds
    leaves an address in peace that did not answer. Answers to a body (OCSP) are each their own."""

    fetch: Fetcher
    keep: float
    peace: float
    clock: Callable[[], float] = monotonic
    _kept: dict[str, tuple[float, bytes | str]] = field(default_factory=dict, repr=False)

    def __call__(self, url: str, body: bytes | None, content_type: str) -> bytes:
        until, known = self._kept.get(url, (0.0, ""))
        if until > self.clock():
            if isinstance(known, str):
                raise OSError(known)
            if body is None:
                return known
        try:
            answer = self.fetch(url, body, content_type)
        except OSError as reason:
            self._kept[url] = (self.clock() + self.peace, str(reason))
            raise
        if body is None:
            self._kept[url] = (self.clock() + self.keep, answer)
        return answer
