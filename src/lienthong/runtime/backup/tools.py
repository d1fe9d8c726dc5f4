"""The programs that read and write a whole database: those of the server's own version, whichever it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lienthong.runtime.backup.problems import DumpFailed, RestoreFailed, ToolsMissing
from lienthong.runtime.embedded import SYSTEM_BINARIES, EmbeddedDatabaseError, find_binaries

PART = 4 << 20
"""Bytes of a dump that are taken at a time."""
_MAJOR = re.compile(r"\) (\d+)")


def server_version(connection: psycopg.Connection) -> int:
    """The server's major version."""
    return connection.info.server_version // 10_000


def program(name: str, version: int) -> Path:
    """`pg_dump` or `pg_restore` of this major version. Raises `ToolsMissing`."""
    for folder in _folders(version):
        found = folder / name
        if found.exists() and _version_of(found) == version:
            return found
    raise ToolsMissing(program=name, version=version)


def _folders(version: int) -> Iterator[Path]:
    yield SYSTEM_BINARIES / str(version) / "bin"
    with suppress(EmbeddedDatabaseError):
        yield find_binaries()
    if beside := shutil.which("pg_dump"):
        yield Path(beside).parent


def _version_of(found: Path) -> int:
    said = subprocess.run([found, "--version"], capture_output=True, check=False, text=True).stdout
    number = _MAJOR.search(said)
    return int(number[1]) if number else 0


def dump(url: str, version: int, snapshot: str) -> Iterator[bytes]:
    """The database as it is in an exported snapshot, in PostgreSQL's custom format, part by part.

    Raises:
        ToolsMissing.
        DumpFailed: it ended before its end; what was given out until then is worth nothing.
    """
    command: list[str | Path] = [
        program("pg_dump", version),
        "--format=custom",
        f"--snapshot={snapshot}",
        "--no-owner",
        "--no-privileges",
    ]
    with subprocess.Popen(command, env=_environment(url), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        assert process.stderr is not None  # noqa: S101 - as above
        try:
            while part := process.stdout.read(PART):
                yield part
        except GeneratorExit:
            process.kill()
            raise
        why = process.stderr.read()
    if process.returncode:
        raise DumpFailed(why=_last_line(why))


def restore(url: str, version: int, file: Path) -> None:
    """Bring a dump into an empty database: whole, or not at all. Raises `ToolsMissing`, `RestoreFailed`."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"]
    done = _run([program("pg_restore", version), *options, f"--dbname={_environment(url)['PGDATABASE']}", file], url)
    if done.returncode:
        raise RestoreFailed(why=_last_line(done.stderr))


def _run(command: Sequence[str | Path], url: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, env=_environment(url), capture_output=True, check=False)


def _environment(url: str) -> dict[str, str]:
    """The address in variables: what stands in a command line, every user of the machine can read."""
    told = conninfo_to_dict(url)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
             "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return plain | {names[name]: str(value) for name, value in told.items() if name in names} | {"LC_ALL": "C.UTF-8"}


def _last_line(said: bytes) -> str:
    """The last thing that a program said: its first words may be rows."""
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if "error:" in line]
    return lines[0][:300] if lines else "pg"
