"""The keys that a member has asked its hub for, kept for a while: most statements name one of a few."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from lienthong.evidence.proving import PublishedKey, is_key_id

FRESH_SECONDS = 60.0
"""How long a key, or that there is none, is relied on: a revocation counts after this."""
MOST_KEYS = 4096


@dataclass(frozen=True)
class Told:
    """What the hub said of a key; `key` is None when it publishes none of this id."""

    key: PublishedKey | None
    tag: str = ""


Ask = Callable[[str, str], Told | None]
"""Asks the hub for a key: its id, and the tag of what is known; None while that still holds."""


class KeyBook:
    """Keys by their ids. Safe for several threads."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Told, float]] = {}

    def find(self, kid: str) -> PublishedKey | None:
        """The key as of at most `FRESH_SECONDS` ago; an unknown one is asked for once more before it is called so.

        Raises:
            HubUnreachable, Problem: the hub could not be asked.
        """
        if not is_key_id(kid):
            return None
        told, asked_at = self._kept.get(kid, (None, 0.0))
        if told is not None and monotonic() - asked_at < FRESH_SECONDS:
            return told.key
        told = self._ask(kid, told.tag if told else "") or told or Told(None)
        if told.key is None:
            told = self._ask(kid, "") or told
        with self._lock:
            if len(self._kept) >= MOST_KEYS:
                self._kept.clear()
            self._kept[kid] = (told, monotonic())
        return told.key
