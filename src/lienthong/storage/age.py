"""Streams that only the holder of a key can read: the file format age, version 1 (https://age-encryption.org/v1), with
X25519 recipients. Whoever makes a file needs the recipient's public key alone, and cannot read it back.

A file is a head, which hands the file's key to each recipient, and the content in pieces of 64 KiB, each sealed with
ChaCha20-Poly1305 under its place in the row; the last says that it is the last. So a bit that was turned, a piece that
was moved and an end that is missing are all found, at the latest where they stand, and nothing unproven is given out.
"""

from __future__ import annotations

import base64
import hmac
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lienthong.storage.bech32 import BadBech32, decode, encode

FIRST_LINE = b"age-encryption.org/v1\n"
PIECE = 64 * 1024
SEALED_PIECE = PIECE + 16
MOST_HEAD = 1 << 16
"""Bytes of a head that is read: a recipient takes about a hundred."""
PUBLIC, PRIVATE = "age", "age-secret-key-"
_WRAP = b"age-encryption.org/v1/X25519"


class BadKey(ValueError):
    """This text is no recipient, or no identity."""


class NotForUs(ValueError):
    """None of the identities opens this file."""


class Damaged(ValueError):
    """The file is not what was written: cut off, changed, put together from others, or no age file at all."""


@dataclass(frozen=True)
class Identity:
    """A private key: it opens what was sealed for its `recipient`."""

    key: X25519PrivateKey

    @classmethod
    def generate(cls) -> Identity:
        """A new one."""
        return cls(X25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> Identity:
        """From `AGE-SECRET-KEY-1…`; lines that begin with # are skipped. Raises `BadKey`."""
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        if len(lines) != 1:
            raise BadKey("one line AGE-SECRET-KEY-1… is expected")
        return cls(X25519PrivateKey.from_private_bytes(_key_of(PRIVATE, lines[0])))

    @property
    def text(self) -> str:
        """`AGE-SECRET-KEY-1…`: whoever has it reads everything."""
        return encode(PRIVATE, self.key.private_bytes_raw()).upper()

    @property
    def recipient(self) -> str:
        """`age1…`, its public half."""
        return encode(PUBLIC, self.key.public_key().public_bytes_raw())


def recipient_key(text: str) -> X25519PublicKey:
    """The public key of a recipient `age1…`. Raises `BadKey`."""
    return X25519PublicKey.from_public_bytes(_key_of(PUBLIC, text.strip()))


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
    """

    def __init__(self, out: BinaryIO, recipients: Sequence[str]) -> None:
        self._out = out
        self._waiting = bytearray()
        self._place = 0
        file_key = os.urandom(16)
        head = FIRST_LINE + b"".join(_stanza(recipient_key(one), file_key) for one in recipients) + b"---"
        nonce = os.urandom(16)
        out.write(head + b" " + _plain_base64(_mac(file_key, head)) + b"\n" + nonce)
        self._cipher = ChaCha20Poly1305(_derived(file_key, salt=nonce, info=b"payload"))

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        """Take the next bytes."""
        given = memoryview(data).cast("B")  # type: ignore[arg-type]
        self._waiting += given
        # One piece always waits: it may turn out to be the last.
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(given)

    def close(self) -> None:
        """Write the end."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()

    def abandon(self) -> None:
        """Write no end: the file stays one that nobody takes for whole."""
        super().close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._place, last=last), piece, None))
        self._place += 1


class SealedReader(io.RawIOBase):
    """Gives out what was sealed, piece by piece, each proven before any of it is given.

    Raises:
        NotForUs: none of the identities opens it.
        Damaged: on opening or on reading, at the place where it is seen; the end is only given out when it is the end.
    """

    def __init__(self, source: BinaryIO, identities: Sequence[Identity]) -> None:
        self._source = source
        self._piece, self._place, self._ended = memoryview(b""), 0, False
        file_key = _open_head(source, identities)
        nonce = source.read(16)
        self._cipher = ChaCha20Poly1305(_derived(file_key, salt=nonce, info=b"payload"))
        self._next = source.read(SEALED_PIECE)

    def readable(self) -> bool:
        return True

    def readinto(self, into: object) -> int:
        """Fill `into` with what comes next; 0 only at the proven end."""
        wanted = memoryview(into).cast("B")  # type: ignore[arg-type]
        if not self._piece and not self._ended:
            self._unseal()
        given = self._piece[: len(wanted)]
        wanted[: len(given)] = given
        self._piece = self._piece[len(given) :]
        return len(given)

    def _unseal(self) -> None:
        sealed, self._next = self._next, self._source.read(SEALED_PIECE)
        last = not self._next
        try:
            piece = self._cipher.decrypt(_nonce(self._place, last=last), sealed, None)
        except (InvalidTag, ValueError) as reason:
            raise Damaged(f"piece {self._place + 1} is not what was written there") from reason
        if not piece and self._place:
            raise Damaged("an empty last piece")
        self._piece, self._ended, self._place = memoryview(piece), last, self._place + 1


def _open_head(source: BinaryIO, identities: Sequence[Identity]) -> bytes:
    """The file's key. Raises `NotForUs`, `Damaged`."""
    lines = [_line(source)]
    if lines[0] != FIRST_LINE:
        raise Damaged("it does not begin as an age file does")
    while not (line := _line(source)).startswith(b"---"):
        lines.append(line)
        if sum(map(len, lines)) > MOST_HEAD:
            raise Damaged("its head has no end")
    head = b"".join(lines) + b"---"
    for ephemeral, wrapped in _stanzas(lines[1:]):
        for identity in identities:
            if (file_key := _unwrapped(identity, ephemeral, wrapped)) is None:
                continue
            if not hmac.compare_digest(line, b"--- " + _plain_base64(_mac(file_key, head)) + b"\n"):
                raise Damaged("its head was changed")
            return file_key
    raise NotForUs("none of the keys opens it")


def _line(source: BinaryIO) -> bytes:
    line = source.readline(MOST_HEAD)
    if not line.endswith(b"\n"):
        raise Damaged("its head is cut off")
    return line


def _stanzas(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Ephemeral key and wrapped file key of each X25519 stanza; others are skipped, as the format asks."""
    found: list[tuple[list[bytes], bytes]] = []
    for line in lines:
        if line.startswith(b"-> "):
            found.append((line[3:].split(), b""))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line.strip())
    try:
        return [
            (_from_base64(words[1]), _from_base64(body))
            for words, body in found
            if len(words) == 2 and words[0] == b"X25519"
        ]
    except ValueError as reason:
        raise Damaged("its head is not readable") from reason


def _stanza(recipient: X25519PublicKey, file_key: bytes) -> bytes:
    ephemeral = X25519PrivateKey.generate()
    own, theirs = ephemeral.public_key().public_bytes_raw(), recipient.public_bytes_raw()
    wrapping = _derived(ephemeral.exchange(recipient), salt=own + theirs, info=_WRAP)
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    return b"-> X25519 " + _plain_base64(own) + b"\n" + _plain_base64(wrapped) + b"\n"


def _unwrapped(identity: Identity, ephemeral: bytes, wrapped: bytes) -> bytes | None:
    own = identity.key.public_key().public_bytes_raw()
    try:
        shared = identity.key.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        wrapping = _derived(shared, salt=ephemeral + own, info=_WRAP)
        file_key = ChaCha20Poly1305(wrapping).decrypt(bytes(12), wrapped, None)
    except (InvalidTag, ValueError):
        return None
    return file_key if len(file_key) == 16 else None


def _mac(file_key: bytes, head: bytes) -> bytes:
    return hmac.digest(_derived(file_key, salt=b"", info=b"header"), head, "sha256")


def _derived(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info).derive(secret)


def _nonce(place: int, *, last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([last])


def _plain_base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _from_base64(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)


def _key_of(kind: str, text: str) -> bytes:
    try:
        found, data = decode(text)
    except BadBech32 as reason:
        raise BadKey(str(reason)) from reason
    if found != kind or len(data) != 32:
        raise BadKey(f"it does not begin with {kind}1, or is not a key")
    return data
