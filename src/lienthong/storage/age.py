"""Streams that only the holder of a key can read: the file format age, version 1 (https://age-encryption.org/v1), with
X25519 recipients, by the library pyrage. Whoever makes a file needs the recipient's public key alone, and cannot read
it back.

The format seals the content in pieces of 64 KiB under their place in the row, and the last as the last: a bit that was
turned, a piece that was moved and an end that is missing are all found, and nothing unproven is given out.

The library pulls what it seals, and pushes what it opens; a thread of its own stands between it and those who write
and read as with any file.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any, BinaryIO

import pyrage

STEP = 1 << 18
WAITING = 4
"""Pieces that wait between the two threads: memory stays flat, and neither waits for each."""


class BadKey(ValueError):
    """This text is no recipient, or no identity."""


class NotForUs(ValueError):
    """None of the identities opens this file."""


class Damaged(ValueError):
    """The file is not what was written: cut off, changed, put together from others, or no age file at all."""


class _GivenUp(Exception):
    """Ends the library's thread without an end of the file."""


@dataclass(frozen=True)
class Identity:
    """A private key: it opens what was sealed for its `recipient`.

    Attributes:
        text: `AGE-SECRET-KEY-1…`: whoever has it reads everything.
    """

    text: str = field(repr=False)

    @classmethod
    def generate(cls) -> Identity:
        """A new one."""
        return cls(str(pyrage.x25519.Identity.generate()))

    @classmethod
    def parse(cls, text: str) -> Identity:
        """From `AGE-SECRET-KEY-1…`; lines that begin with # are skipped. Raises `BadKey`."""
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        if len(lines) != 1:
            raise BadKey("one line AGE-SECRET-KEY-1… is expected")
        try:
            return cls(str(pyrage.x25519.Identity.from_str(lines[0])))
        except pyrage.IdentityError as reason:
            raise BadKey("it is no key AGE-SECRET-KEY-1…") from reason

    @property
    def key(self) -> Any:
        """As the library takes it."""
        return pyrage.x25519.Identity.from_str(self.text)

    @property
    def recipient(self) -> str:
        """`age1…`, its public half."""
        return str(self.key.to_public())


def recipient_key(text: str) -> Any:
    """A recipient `age1…` as the library takes it. Raises `BadKey`."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as reason:
        raise BadKey("it is no recipient age1…") from reason


def recipients_in(file: Path) -> list[str]:
    """The recipients in a file, one on each line; lines that begin with # are skipped.

    Raises:
        BadKey: one of them is none, or there is none at all.
        OSError: the file cannot be read.
    """
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    for one in found:
        recipient_key(one)
    if not found:
        raise BadKey("there is no recipient age1… in it")
    return found


class SealedWriter(io.RawIOBase):
    """Takes bytes as they come and writes them sealed. The file is whole once `close` has returned.

    Args:
        out: where the sealed bytes go; it is left open.
        recipients: `age1…`, each of whom opens the file alone.

    Raises:
        OSError: what `out` says, from the write or the close after it.
    """

    def __init__(self, out: BinaryIO, recipients: Sequence[str]) -> None:
        self._pieces: Queue[bytes | None] = Queue(WAITING)
        self._waiting = bytearray()
        self._fault: BaseException | None = None
        self._out = out
        keys = [recipient_key(one) for one in recipients]
        self._thread = threading.Thread(target=self._seal, args=(keys,), daemon=True, name="sealing")
        self._thread.start()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        """Take the next bytes."""
        given = memoryview(data).cast("B")  # type: ignore[arg-type]
        self._waiting += given
        if len(self._waiting) >= STEP:
            self._pass_on()
        return len(given)

    def close(self) -> None:
        """Write the end."""
        if not self.closed:
            super().close()
            try:
                self._pass_on()
            finally:
                self._end(b"")

    def abandon(self) -> None:
        """Write no end: the file stays one that nobody takes for whole."""
        if not self.closed:
            super().close()
            self._fault = _GivenUp()
            self._end(None)

    def _pass_on(self) -> None:
        if self._fault is not None:
            raise self._fault
        if self._waiting:
            self._pieces.put(bytes(self._waiting))
            self._waiting.clear()

    def _end(self, how: bytes | None) -> None:
        self._pieces.put(how)
        self._thread.join()
        if self._fault is not None and not isinstance(self._fault, _GivenUp):
            raise self._fault

    def _seal(self, keys: list[Any]) -> None:
        source, target = _Pulled(self._pieces), _Pushed(self._out)
        try:
            pyrage.encrypt_io(source, target, keys)
        except BaseException as reason:  # told to who writes
            self._fault = self._fault or target.fault or reason
            with suppress(_GivenUp):
                while not source.ended:  # who writes does not wait for ever
                    source.take()


class _Pulled:
    """What somebody writes, as the library reads it."""

    def __init__(self, pieces: Queue[bytes | None]) -> None:
        self._pieces, self._left, self.ended = pieces, b"", False

    def read(self, size: int = -1) -> bytes:
        if not self._left and not self.ended:
            self._left = self.take()
        given, self._left = (self._left, b"") if size < 0 else (self._left[:size], self._left[size:])
        return given

    def take(self) -> bytes:
        """The next piece; empty at the end."""
        piece = self._pieces.get()
        self.ended = not piece
        if piece is None:
            raise _GivenUp()
        return piece


class _Pushed:
    """Where the library writes; keeps the fault that it would tell of in words of its own."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.fault: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._out.write(data)
        except BaseException as reason:
            self.fault = reason
            raise
        return len(data)

    def flush(self) -> None:
        """The one whose file it is flushes."""


class SealedReader(io.RawIOBase):
    """Gives out what was sealed, piece by piece, each proven before any of it is given.

    Raises:
        NotForUs: none of the identities opens it.
        Damaged: on reading, at the place where it is seen; the end is only given out when it is the end.
    """

    def __init__(self, source: BinaryIO, identities: Sequence[Identity]) -> None:
        self._opened: Queue[bytes | BaseException] = Queue(WAITING)
        self._piece, self._ended, self._left = memoryview(b""), False, threading.Event()
        keys = [one.key for one in identities]
        self._thread = threading.Thread(target=self._open, args=(source, keys), daemon=True, name="opening")
        self._thread.start()

    def readable(self) -> bool:
        return True

    def readinto(self, into: object) -> int:
        """Fill `into` with what comes next; 0 only at the proven end."""
        wanted = memoryview(into).cast("B")  # type: ignore[arg-type]
        while not self._piece and not self._ended:
            came = self._opened.get()
            if isinstance(came, BaseException):
                self._ended = True
                raise came
            self._piece, self._ended = memoryview(came), not came
        given = self._piece[: len(wanted)]
        wanted[: len(given)] = given
        self._piece = self._piece[len(given) :]
        return len(given)

    def close(self) -> None:
        """Let the library's thread end, wherever it stands."""
        if not self.closed:
            super().close()
            self._left.set()
            while self._thread.is_alive():
                self._drain()
                self._thread.join(0.01)

    def _drain(self) -> None:
        while not self._opened.empty():
            self._opened.get_nowait()

    def write(self, data: object) -> int:
        """Takes what the library has proven."""
        if self._left.is_set():
            raise _GivenUp()
        piece = bytes(data)  # type: ignore[call-overload]
        if piece:
            self._opened.put(piece)
        return len(piece)

    def _open(self, source: BinaryIO, keys: list[Any]) -> None:
        try:
            pyrage.decrypt_io(source, self, keys)
            said: bytes | BaseException = b""
        except BaseException as reason:  # told to who reads
            said = _meaning_of(reason)
        if not self._left.is_set():
            self._opened.put(said)


def _meaning_of(reason: BaseException) -> BaseException:
    if isinstance(reason, pyrage.DecryptError):
        return NotForUs("none of the keys opens it") if "No matching keys" in str(reason) else Damaged(str(reason))
    return Damaged(str(reason))
