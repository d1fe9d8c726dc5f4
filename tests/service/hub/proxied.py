"""A real nginx with the configuration that the project ships, before a hub: a test's own ports and certificates in
place of the example's."""

import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType

from lienthong.protocol.client.tls import ClientTls
from lienthong.runtime.ports import free_port
from lienthong.testing.pki import TestAuthority

SHIPPED = Path(__file__).parents[3] / "deploy" / "nginx" / "lienthong-hub.conf"

AROUND = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/lienthong-hub.conf;
}}
"""


@dataclass
class Nginx:
    """nginx before a hub that listens on `hub`. Use as a context manager.

    Args:
        changes: text of the shipped configuration → what stands there instead.
    """

    folder: Path
    hub: int
    changes: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def plain_address(self) -> str:
        return f"http://127.0.0.1:{self.plain_port}"

    @property
    def log(self) -> str:
        return (self.folder / "error.log").read_text(errors="replace")

    def __enter__(self) -> "Nginx":
        self.folder.mkdir(parents=True, exist_ok=True)
        text = SHIPPED.read_text()
        for old, new in self._all_changes().items():
            assert old in text, f"the shipped configuration has no {old!r}"
            text = text.replace(old, new)
        (self.folder / "lienthong-hub.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder, user=user))
        with (self.folder / "stderr.log").open("wb") as words:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "nginx", "-p", str(self.folder), "-c",
                 str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log")],
                stdin=subprocess.DEVNULL, stderr=words, start_new_session=True,
            )  # fmt: skip
        self._await()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGTERM)  # its own group: the master and its workers
        self._process.wait(timeout=10)

    def _all_changes(self) -> dict[str, str]:
        return {
            "127.0.0.1:8100": f"127.0.0.1:{self.hub}",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            "server_name hub.example.gov.vn;": "server_name 127.0.0.1;",
            "/etc/lienthong/tls": str(self.folder.parent / "tls"),
            **self.changes,
        }

    def _await(self) -> None:
        end = monotonic() + 10
        while monotonic() < end:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            sleep(0.05)
        raise AssertionError(f"nginx does not run: {(self.folder / 'stderr.log').read_text()} {self.log}")


@dataclass
class Papers:
    """The certificates of a test: the server's, and those of clients by name."""

    folder: Path
    authority: TestAuthority

    @classmethod
    def make(cls, folder: Path) -> "Papers":
        """A test authority, and in `folder`/tls the files that the shipped configuration names."""
        authority = TestAuthority.create(folder / "pki", "http://127.0.0.1:9")
        papers = cls(folder / "tls", authority)
        papers.folder.mkdir()
        authority.issue_server("Trục thử nghiệm", ["127.0.0.1"]).write(papers.folder / "server")
        trust = authority.trust_pem()
        (papers.folder / "ca.pem").write_bytes(trust["root.pem"])
        (papers.folder / "clients-ca.pem").write_bytes(trust["root.pem"] + trust["issuing.pem"])
        return papers

    def issue(self, name: str) -> Path:
        """A client's certificate in `name`.pem and `name`.key."""
        self.authority.issue_client(name, name).write(self.folder / name)
        return self.folder / f"{name}.pem"

    def tls(self, name: str = "") -> ClientTls:
        """What a member is told: whom to believe, and the certificate of `name` to show."""
        stem = self.folder / name
        return ClientTls(
            self.folder / "ca.pem",
            stem.with_name(f"{name}.pem") if name else None,
            stem.with_name(f"{name}.key") if name else None,
        )

    def context(self, name: str = "") -> ssl.SSLContext:
        return self.tls(name).context()
