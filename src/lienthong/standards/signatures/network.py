"""How the acts reach the network: one callable, given by the caller."""

from dataclasses import dataclass
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
