"""A copy of something that the database holds, kept in each process for a moment: no request pays for reading it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

FRESH_SECONDS = 2.0
"""How long a process relies on a copy: a change is in force everywhere after this."""


class Kept(Generic[T]):
    """A value that is read at first use, and anew when it is older than `seconds`.

    Args:
        read: gives the value; one thread of the process reads at a time, the others wait for it.
    """

    def __init__(self, read: Callable[[], T], seconds: float = FRESH_SECONDS) -> None:
        self._read = read
        self._seconds = seconds
        self._lock = threading.Lock()
        self._copy: tuple[T, float] | None = None

    def get(self) -> T:
        """The value, as of at most so many seconds ago."""
        copy = self._copy
        if copy is None or monotonic() - copy[1] > self._seconds:
            with self._lock:
                copy = self._copy
                if copy is None or monotonic() - copy[1] > self._seconds:
                    copy = self._copy = (self._read(), monotonic())
        return copy[0]

    def forget(self) -> None:
        """Read anew at the next question."""
        self._copy = None
