"""Which browsers may ask: a code in the window is typed into a page once; from then on a long secret stands for it."""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from lienthong.runtime.token.refusals import NotPaired, WrongPairingCode

TRIES = 5
"""Wrong codes until none is taken any more, so that nobody finds one by trying."""


class Pairing:
    """The browsers that were paired for one office. Only digests of their secrets are kept, readable by their owner.

    Args:
        kept: the file of them; it is made when the first browser is paired.
        office: the origin whose pages may ask.
        show: tells the code to who sits at the machine.
    """

    def __init__(self, kept: Path, office: str, show: Callable[[str], None]) -> None:
        self._kept, self._office, self._show = kept, office, show
        self._lock = threading.Lock()
        self._code, self._tries = "", TRIES

    def offer(self) -> None:
        """Show a code by which one browser may be paired."""
        number = secrets.randbelow(10**8)
        self._code, self._tries = f"{number // 10**4:04d}-{number % 10**4:04d}", TRIES
        self._show(self._code)

    def pair(self, code: str) -> str:
        """The secret of a browser for the code that is shown, which is used up. Raises `WrongPairingCode`."""
        with self._lock:
            said = "".join(one for one in code if one.isdecimal() and one.isascii())
            right = secrets.compare_digest(said, self._code.replace("-", "")) and self._tries > 0
            if not right:
                self._tries -= 1
                raise WrongPairingCode
            secret = secrets.token_urlsafe(32)
            self._keep([*self._digests(), _digest(secret)])
            self.offer()
            return secret

    def require(self, secret: str) -> None:
        """Raises `NotPaired`: it is no secret of a paired browser."""
        if not any(secrets.compare_digest(one, _digest(secret)) for one in self._digests()):
            raise NotPaired

    def forget(self) -> None:
        """No browser is paired any more."""
        self._keep([])

    def _digests(self) -> list[str]:
        return list(self._all().get(self._office, []))

    def _all(self) -> dict[str, list[str]]:
        try:
            return dict(json.loads(self._kept.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}

    def _keep(self, digests: list[str]) -> None:
        self._kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._kept.with_name(f".{self._kept.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({**self._all(), self._office: digests}, file)
        fresh.replace(self._kept)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
