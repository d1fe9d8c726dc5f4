"""The form of a backup: a tar stream, sealed as an age file, so that in ten years `age`, `tar` and `pg_restore` open it
without this program.

In this order: `about.json`; the database in parts, `database/000000` and on, which joined are a dump in PostgreSQL's
custom format; `secret`; `trust/…`; `blobs/<SHA-256>`; and `manifest.jws`, which counts and chains all that came before
and is signed by the machine that made it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lienthong.evidence.receipts import InvalidStatement, KeyRing, SigningKey, read_header, read_unverified
from lienthong.runtime.backup.problems import BackupDamaged, NotABackup, WrongKey, WrongSigner
from lienthong.storage.age import Damaged, Identity, NotForUs, SealedReader, SealedWriter

FORM = "lienthong-backup-1"
SUFFIX = ".tar.age"
STEP = 1 << 20
SMALL = 4 << 20
"""Bytes of an entry that is read whole."""
NAMES = re.compile(
    r"about\.json|manifest\.jws|secret|database/\d{6,9}|blobs/[0-9a-f]{64}"
    r"|trust/(?:seals/)?[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.(?:pem|crt|crl)"
)
"""What an entry may be called. Nothing else is ever made a path of."""


@dataclass(frozen=True)
class Entry:
    """What the manifest knows of an entry."""

    name: str
    size: int
    digest: str


class Chain:
    """All entries in their order, as one digest; and how many of which kind."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.counts: dict[str, int] = {}
        self.bytes = 0

    def add(self, entry: Entry) -> None:
        """The next entry."""
        self._digest.update(f"{entry.name} {entry.size} {entry.digest}\n".encode())
        kind = entry.name.split("/")[0]
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.bytes += entry.size

    def told(self) -> dict[str, Any]:
        """As the manifest says it."""
        return {"chain": self._digest.hexdigest(), "counts": self.counts, "bytes": self.bytes}


class ArchiveWriter:
    """Writes entries one after the other; whole once `finish` has returned.

    Args:
        out: where the sealed file goes.
        recipients: `age1…`.
    """

    def __init__(self, out: BinaryIO, recipients: Sequence[str]) -> None:
        self._sealed = SealedWriter(out, recipients)
        self._tar = tarfile.open(fileobj=self._sealed, mode="w|", format=tarfile.PAX_FORMAT, bufsize=STEP)  # noqa: SIM115
        self.chain = Chain()

    def add(self, name: str, data: bytes) -> None:
        """A small entry."""
        self.add_stream(name, io.BytesIO(data), len(data))

    def add_stream(self, name: str, source: BinaryIO, size: int, modified: float = 0) -> str:
        """An entry of so many bytes; gives its SHA-256."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, int(modified), 0o600
        hashed = _Hashed(source)
        self._tar.addfile(info, hashed)
        self._tar.members.clear()  # type: ignore[attr-defined]
        self.chain.add(Entry(name, size, hashed.digest))
        return hashed.digest

    def finish(self, claims: dict[str, Any], key: SigningKey) -> None:
        """Write the manifest, with what else is to be known, and the end."""
        signed = key.sign_claims({**claims, **self.chain.told(), "key": key.public_jwk()}, kind=FORM)
        self.add("manifest.jws", signed.encode())
        self._tar.close()
        self._sealed.close()

    def abandon(self) -> None:
        """Give up: the file gets no end."""
        self._sealed.abandon()


class _Hashed:
    """Hashes what is read through it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        return data

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


class ArchiveReader:
    """Reads a backup from its beginning to its proven end, entry by entry.

    Args:
        file: the backup.
        signer: id of the key that must have signed it; empty: whichever did.

    Raises:
        WrongKey, BackupDamaged, NotABackup, WrongSigner: on opening, or on reading, at the place where it is seen.
    """

    def __init__(self, file: Path, identity: Identity, *, signer: str = "") -> None:
        self.file, self._identity, self._signer = file, identity, signer
        self.manifest: dict[str, Any] = {}
        self.signed_by = ""

    def entries(self) -> Iterator[tuple[str, BinaryIO]]:
        """Name and content of each entry but the manifest; a content is to be read before the next one is asked for.
        Once this has ended, `manifest` is true of all that came."""
        chain = Chain()
        try:
            with (
                self.file.open("rb") as source,
                io.BufferedReader(SealedReader(source, [self._identity]), STEP) as opened,
            ):
                with tarfile.open(fileobj=opened, mode="r|", bufsize=STEP) as tar:
                    yield from self._walk(tar, chain)
                while opened.read(STEP):
                    pass  # tar pads its end; the seal has to be proven to its own
        except NotForUs as reason:
            raise WrongKey(file=self.file.name) from reason
        except Damaged as reason:
            raise BackupDamaged(file=self.file.name, why=reason) from reason
        except tarfile.TarError as reason:
            raise NotABackup(file=self.file.name, why="tar") from reason

    def _walk(self, tar: tarfile.TarFile, chain: Chain) -> Iterator[tuple[str, BinaryIO]]:
        for info in tar:
            tar.members.clear()  # type: ignore[attr-defined]
            if self.manifest:
                raise self._malformed("something follows the manifest")
            if not info.isreg() or not NAMES.fullmatch(info.name):
                raise self._malformed(f"an entry is called {info.name[:80]!r}")
            content = tar.extractfile(info)
            assert content is not None  # noqa: S101 - it is a regular file
            if info.name == "manifest.jws":
                self._believe(content.read(SMALL).decode(errors="replace"), chain)
                continue
            hashed = _Hashed(content)  # type: ignore[arg-type]
            yield info.name, hashed  # type: ignore[misc]
            while hashed.read(STEP):
                pass
            if info.name.startswith("blobs/") and info.name != f"blobs/{hashed.digest}":
                raise self._malformed(f"{info.name} holds other bytes than its name says")
            chain.add(Entry(info.name, info.size, hashed.digest))
        if not self.manifest:
            raise self._malformed("it has no manifest")

    def _believe(self, token: str, chain: Chain) -> None:
        """The manifest, once its signature and its chain fit."""
        try:
            key = read_unverified(token).get("key")
            claims = KeyRing([key if isinstance(key, dict) else {}]).verify_claims(token, kind=FORM)
            self.signed_by = str(read_header(token).get("kid", ""))
        except InvalidStatement as reason:
            raise self._malformed(f"the manifest: {reason}") from reason
        if self._signer and self._signer != self.signed_by:
            raise WrongSigner(file=self.file.name, found=self.signed_by, wanted=self._signer)
        if any(claims.get(name) != value for name, value in chain.told().items()):
            raise self._malformed("the manifest tells of other entries")
        self.manifest = claims

    def _malformed(self, why: str) -> NotABackup:
        return NotABackup(file=self.file.name, why=why)


def read_about(content: BinaryIO) -> dict[str, Any]:
    """What `about.json` says."""
    told = json.loads(content.read(SMALL))
    return told if isinstance(told, dict) else {}
