"""How a member's connection speaks HTTP: kept connections, whole answers or their bytes as they come, and one name for
a hub that does not answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from time import monotonic
from typing import Any, BinaryIO
from urllib.parse import urlencode, urlsplit

import urllib3

from lienthong.protocol.client.kind import OwnKind
from lienthong.protocol.client.tls import ClientTls, verification
from lienthong.protocol.problems import HubUnreachable

CHUNK = 1 << 18
"""Bytes that are sent or taken at once."""
CONNECTIONS = 16
"""How many connections to a hub are open at once; who needs another waits."""


@dataclass(frozen=True)
class Answer:
    """What the hub answered, whole.

    Attributes:
        headers: their names in any case.
        took: from the first byte of the request to the last of the answer.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    took: timedelta

    def json(self) -> Any:
        """What the body says. Raises `ValueError` where it is no JSON."""
        return json.loads(self.body)


class HubHttp:
    """HTTP to one hub. Safe for several threads; follows no redirections and repeats nothing by itself.

    Args:
        address: of the hub; what is asked for lies below it.
        tls: whom to believe at an `https` address, and which client certificate to show.
        timeout: seconds until a connection stands, or one of those that stand is free.
        patience: seconds without a byte of the answer; None for `timeout`.
        training: the kind of hub that is spoken to alone (`kind.OwnKind`); None: whatever the hub is.
        harmless: path of a request that says nothing, by which the hub is asked what it is before anything else.

    Every call raises `WrongKindOfHub` before anything leaves for a hub of the other kind.
    """

    def __init__(
        self, address: str, *, tls: ClientTls | None = None, timeout: float, patience: float | None = None,
        training: bool | None = None, harmless: str = "",
    ) -> None:  # fmt: skip
        self.address = f"{address.rstrip('/')}/"
        where = urlsplit(self.address)
        self._path = where.path
        self._kind = None if training is None else OwnKind(training=training, hub=where.hostname or "")
        self._harmless = harmless
        self._own = {"User-Agent": "lienthong", **(self._kind.headers if self._kind else {})}
        self._timeout = timeout
        trusted = {"ssl_context": verification(address, tls)} if address.startswith("https:") else {}
        self._pool = urllib3.connection_from_url(
            self.address, maxsize=CONNECTIONS, block=True, blocksize=CHUNK, retries=False,
            timeout=urllib3.Timeout(connect=timeout, read=patience or timeout), **trusted,
        )  # fmt: skip

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | BinaryIO | Iterable[bytes] | None = None,
    ) -> Answer:
        """Send a request and take the whole answer, whatever its status. A body that is no `bytes` has its
        `Content-Length` among the headers.

        Raises:
            HubUnreachable: there is no answer, or no whole one: nothing is known of what the hub did.
        """
        began = monotonic()
        with self._opened(method, f"{path}?{urlencode(params)}" if params else path, headers, body) as answer:
            got = answer.read()
        return Answer(answer.status, answer.headers, got, timedelta(seconds=monotonic() - began))

    @contextmanager
    def stream(
        self, method: str, path: str, *, headers: Mapping[str, str]
    ) -> Iterator[tuple[int, Mapping[str, str], Iterator[bytes]]]:
        """Status, headers and the bytes of an answer as they come, `CHUNK` of them at once.

        Raises:
            HubUnreachable: as `ask`; while the bytes are read as well, when they end too early.
        """
        with self._opened(method, path, headers, None) as answer:
            yield answer.status, answer.headers, answer.stream(CHUNK)

    @contextmanager
    def _opened(
        self, method: str, path: str, headers: Mapping[str, str] | None, body: Any
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """What the hub answers, once it is known to be of the right kind."""
        if self._kind is not None and not self._kind.is_known:
            with self._sent("GET", self._harmless, None, None) as answer:
                answer.read()
            if answer.status >= 500:
                raise HubUnreachable(f"HTTP {answer.status}")
            self._kind.believe()
        with self._sent(method, path, headers, body) as answer:
            yield answer

    @contextmanager
    def _sent(
        self, method: str, path: str, headers: Mapping[str, str] | None, body: Any
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        try:
            answer = self._pool.urlopen(
                method, self._path + path, body, self._own | dict(headers or {}),
                redirect=False, preload_content=False, pool_timeout=ceil(self._timeout),
            )  # fmt: skip
            try:
                if self._kind is not None:
                    self._kind.look_at(answer.status, answer.headers)
                yield answer
            except BaseException:
                answer.close()  # what is left of the answer would be taken for the next one
                raise
            answer.drain_conn()
        except urllib3.exceptions.HTTPError as reason:
            raise HubUnreachable(f"{type(reason).__name__}: {reason}") from reason
