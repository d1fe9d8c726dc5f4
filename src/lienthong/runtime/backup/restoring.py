"""Bring a backup back: first all of it is read and proven into a folder of its own, then it takes its place at once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from lienthong.runtime.backup import tools
from lienthong.runtime.backup.archive import STEP, ArchiveReader, read_about
from lienthong.runtime.backup.problems import BadIdentity, NotABackup, RestoreFailed, TargetNotEmpty, TargetUnwritable
from lienthong.runtime.embedded import Cluster
from lienthong.runtime.settings import Service
from lienthong.storage import FileBlobs
from lienthong.storage.age import Identity


@dataclass(frozen=True)
class Unpacked:
    """A backup that was read to its proven end.

    Attributes:
        folder: holds `blobs`, `secret` and `trust` as a service has them, and `database.dump`.
        manifest: what its maker says of it; `signed_by` is the id of the maker's key.
    """

    folder: Path
    manifest: dict[str, Any]
    signed_by: str

    @property
    def service(self) -> Service:
        """Whose backup it is."""
        return Service(self.manifest["service"])

    @property
    def dump(self) -> Path:
        """The database."""
        return self.folder / "database.dump"


def read_identity(file: Path) -> Identity:
    """The private key in a file. Raises `BadIdentity`."""
    try:
        return Identity.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:
        raise BadIdentity(file=file, why=reason) from reason


def unpack(file: Path, identity: Identity, folder: Path, *, signer: str = "") -> Unpacked:
    """Read a backup into an empty folder.

    Raises:
        WrongKey, BackupDamaged, NotABackup, WrongSigner: what lies in the folder then is not to be used.
        TargetUnwritable: there is no room for it.
    """
    reader = ArchiveReader(file, identity, signer=signer)
    try:
        blobs = FileBlobs(folder / "blobs")
        for name, content in reader.entries():
            _put(name, content, folder, blobs)
    except OSError as reason:
        raise TargetUnwritable(target=folder, why=reason.strerror or reason) from reason
    found = Unpacked(folder, reader.manifest, reader.signed_by)
    if reader.manifest.get("service") not in list(Service) or not found.dump.exists():
        raise NotABackup(file=file.name, why="it holds no service")
    return found


def _put(name: str, content: BinaryIO, folder: Path, blobs: FileBlobs) -> None:
    """Write an entry where it belongs. Its name is one of those that `archive.NAMES` allows."""
    kind = name.partition("/")[0]
    if kind == "about.json":
        read_about(content)
    elif kind == "blobs":
        with blobs.writer() as writer:
            while part := content.read(STEP):
                writer.write(part)
            writer.keep()
    elif kind == "database":
        with (folder / "database.dump").open("ab") as out:
            shutil.copyfileobj(content, out, STEP)
    else:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            shutil.copyfileobj(content, out, STEP)


def restore(
    file: Path, identity: Identity, data: Path, *, url: str = "", signer: str = "", replace: bool = False
) -> Unpacked:
    """Bring a service back into a folder that is not there yet, or empty.

    Args:
        url: its database, without any table; where none is given, one of its own is made below the folder.
        replace: what is in the folder is put beside it, under a name with the time; nothing is removed.

    Raises:
        TargetNotEmpty, RestoreFailed, ToolsMissing, and what `unpack` raises: the target is as it was.
    """
    data = data.resolve()
    _require_room(data, url, replace=replace)
    with _beside(data) as room:
        found = unpack(file, identity, room, signer=signer)
        if url:
            _load(url, found.dump)
        else:
            with Cluster(room / "postgres").running() as cluster:
                _load(cluster.database_url(found.service.value), found.dump)
        found.dump.unlink()
        _take_place(room, data)
    return Unpacked(data, found.manifest, found.signed_by)


def _require_room(data: Path, url: str, *, replace: bool) -> None:
    """Raises `TargetNotEmpty`."""
    if data.exists() and any(data.iterdir()) and not replace:
        raise TargetNotEmpty(
            target=data,
            way_vi="Chọn thư mục khác, hoặc nêu --replace: dữ liệu đang có được chuyển sang bên cạnh, không bị xóa.",
            way_en="Choose another folder, or give --replace: what is there is put beside it, and not removed.",
        )
    if url and _has_tables(url):
        raise TargetNotEmpty(
            target="DATABASE_URL",
            way_vi="Tạo cơ sở dữ liệu trống khác và nêu địa chỉ của nó; lệnh này không bao giờ xóa bảng.",
            way_en="Make another, empty database and name it; this command never drops a table.",
        )


def _has_tables(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1")
            return found.fetchone() is not None
    except psycopg.OperationalError as reason:
        raise RestoreFailed(why=type(reason).__name__) from reason


@contextmanager
def _beside(data: Path) -> Iterator[Path]:
    """A folder on the same disk that is gone in the end, unless it has taken its place."""
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{data.name}.restoring-", dir=data.parent))
    except OSError as reason:
        raise TargetUnwritable(target=data.parent, why=reason.strerror or reason) from reason
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _load(url: str, dump: Path) -> None:
    with psycopg.connect(url) as connection:
        version = tools.server_version(connection)
    tools.restore(url, version, dump)


def _take_place(room: Path, data: Path) -> None:
    if data.exists():
        if any(data.iterdir()):
            os.rename(data, data.with_name(f"{data.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"))
        else:
            data.rmdir()
    room.chmod(0o755)
    os.rename(room, data)
