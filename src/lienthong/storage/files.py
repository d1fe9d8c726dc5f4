"""Blobs in a folder: each is named by its SHA-256, written once, and on disk before its name is given out."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobMissing(LookupError):
    """There is no blob of this digest: it was removed, or never written."""


@dataclass(frozen=True)
class Blob:
    """What was written: its SHA-256 in lower-case hexadecimal, and its size in bytes."""

    digest: str
    size: int


class BlobWriter:
    """Takes bytes as they come and hashes them; a context manager that leaves nothing behind unless kept.

    `keep` puts the bytes in their place, durably: file and folder are synced before it returns, so that a database
    row that names the digest never names bytes that a power cut could take.
    """

    def __init__(self, blobs: FileBlobs) -> None:
        self._blobs = blobs
        self._path = blobs.incoming / secrets.token_hex(12)
        self._file: BinaryIO = self._path.open("xb")
        self._digest = hashlib.sha256()
        self._moved = False
        self.size = 0

    def __enter__(self) -> BlobWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if not self._moved:
            self._path.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> int:
        """Take the next bytes."""
        self._digest.update(chunk)
        self.size += len(chunk)
        return self._file.write(chunk)

    def read_back(self) -> Iterator[bytes]:
        """What came so far, piece by piece; not after `keep`."""
        self._file.flush()
        with self._path.open("rb") as file:
            while chunk := file.read(1 << 18):
                yield chunk

    @property
    def digest(self) -> str:
        """SHA-256 of what came so far."""
        return self._digest.hexdigest()

    def keep(self) -> Blob:
        """Make the bytes a blob. The same bytes twice are one blob; kept is kept, however often it is asked for."""
        if self._file.closed:
            return Blob(self.digest, self.size)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        target = self._blobs.path(self.digest)
        with self._blobs.locked(fcntl.LOCK_SH):
            if target.exists():
                # Its age says when it was last named: the sweeper leaves alone what came in again.
                os.utime(target)
            else:
                os.replace(self._path, target)
                self._moved = True
        _sync_folder(target.parent)
        return Blob(self.digest, self.size)


class FileBlobs:
    """Blobs in a folder.

    Args:
        root: made when missing. `ab/<sha-256>` below it holds the blobs; `incoming` what is being written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        self.held = root / "held"
        self.held.mkdir(exist_ok=True)
        # All folders at once: one made with its first blob would have to be on disk before that blob counts as kept.
        for first in range(256):
            (root / f"{first:02x}").mkdir(exist_ok=True)
        _sync_folder(root)

    def path(self, digest: str) -> Path:
        """Where a blob lies, or would lie. Raises `ValueError` for what is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"no SHA-256: {digest[:80]!r}")
        return self.root / digest[:2] / digest

    def writer(self) -> BlobWriter:
        """Begin a new blob."""
        return BlobWriter(self)

    def put(self, data: bytes) -> Blob:
        """Write a small blob."""
        with self.writer() as writer:
            writer.write(data)
            return writer.keep()

    def open(self, digest: str) -> BinaryIO:
        """Open a blob for reading. Raises `BlobMissing`."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError:
            raise BlobMissing(digest) from None

    def read(self, digest: str) -> bytes:
        """The bytes of a small blob. Raises `BlobMissing`."""
        with self.open(digest) as file:
            return file.read()

    def exists(self, digest: str) -> bool:
        """Whether the blob is here."""
        return self.path(digest).exists()

    def delete(self, digest: str) -> None:
        """Remove a blob; nothing happens when it is gone. While a backup is made, it is only put aside."""
        path = self.path(digest)
        with (self.root / "removals").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                with suppress(FileNotFoundError):
                    os.replace(path, self.held / digest)
            else:
                path.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def destroy(self, digest: str) -> None:
        """Remove a blob at once, also where it was put aside for a backup: a state secret is copied nowhere."""
        for path in (self.path(digest), self.held / digest):
            path.unlink(missing_ok=True)
        _sync_folder(self.path(digest).parent)

    def delete_older(self, digest: str, moment: float) -> bool:
        """Remove a blob unless it came in again since `moment`; gives whether it is gone.

        Whoever keeps the same bytes meanwhile either makes the blob young before it is looked at, or finds it gone and
        writes it anew: no row is left with a name of nothing.
        """
        with self.locked(fcntl.LOCK_EX):
            path = self.path(digest)
            if path.exists() and path.stat().st_mtime >= moment:
                return False
            self.delete(digest)
            return True

    @contextmanager
    def removals_held(self) -> Iterator[None]:
        """For whoever copies the store as it was at one moment: what is removed meanwhile is put aside, and goes at the
        end. Removals under way are waited for, so all of them came before."""
        with (self.root / "removals").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                self._empty_held()

    def everything(self) -> Iterator[Path]:
        """The file of each blob, and then of each that was removed since `removals_held` began: whatever was here at
        that moment comes, and perhaps some that came later."""
        for first in range(256):
            yield from (self.root / f"{first:02x}").iterdir()
        yield from self.held.iterdir()

    def _empty_held(self) -> None:
        for path in self.held.iterdir():
            path.unlink(missing_ok=True)

    @contextmanager
    def locked(self, how: int) -> Iterator[None]:
        """Keepers share the lock, a remover has it alone (`fcntl.LOCK_SH`, `LOCK_EX`), in all processes."""
        with (self.root / "lock").open("w") as file:
            fcntl.flock(file, how)
            yield

    def older_than(self, moment: float, part: int | None = None) -> Iterator[str]:
        """Digests of the blobs last named before `moment` (seconds since the epoch): what a sweeper looks at.

        Args:
            part: 0 … 255, those whose digest begins with this byte; without it all.
        """
        first = "??" if part is None else f"{part:02x}"
        for path in self.root.glob(f"{first}/*"):
            if path.stat().st_mtime < moment:
                yield path.name

    def measure(self, part: str) -> tuple[int, int]:
        """How many blobs there are whose digest begins with these two letters, and their bytes together."""
        count = size = 0
        for path in (self.root / part).glob("*"):
            try:
                size += path.stat().st_size
            except FileNotFoundError:
                continue  # it was removed meanwhile
            count += 1
        return count, size

    def forget_unfinished(self, moment: float) -> None:
        """Remove what was being written when a process was killed before `moment`, or left aside."""
        for path in self.incoming.iterdir():
            if path.stat().st_mtime < moment:
                path.unlink(missing_ok=True)
        with (self.root / "removals").open("w") as file, suppress(BlockingIOError):
            # Shared, so that a removal beside it is one: it only finds out that nobody copies the store.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            self._empty_held()  # a backup was killed before it could


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
