"""What a running service is told, read once from the environment into one typed value."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from environs import Env

from lienthong.standards.identifiers import TEST_GROUP

PREFIX = "LIENTHONG_"
SANDBOX_ID = f"{TEST_GROUP}.TLT"
SANDBOX_NAME = "TRỤC THỬ NGHIỆM: Trục liên thông văn bản quốc gia, không dùng cho văn bản thật"


class Service(StrEnum):
    """Which of the two services a process belongs to."""

    HUB = "hub"
    OFFICE = "office"


class Door(StrEnum):
    """By which of the hub's doors an office goes: our API, or that of existing client software."""

    NATIVE = "native"
    VXP = "vxp"


MOST_PROCESSES_UNASKED = 5
"""Each holds up to fourteen connections to the database, of which a PostgreSQL as it is installed has a hundred."""


def processes_of_a_hub() -> int:
    """How many web processes a hub has where nobody says: one more than there are cores, for while the threads of one
    wait for the disk and for each other another takes packets in; at most `MOST_PROCESSES_UNASKED`."""
    return min(len(os.sched_getaffinity(0)) + 1, MOST_PROCESSES_UNASKED)


@dataclass(frozen=True)
class Settings:
    """The settings of one service.

    Attributes:
        service: hub or office.
        data: folder of the service: blobs, keys, logs, and the embedded database when there is one.
        database_url: `postgresql://…` of the service's own database.
        bind, port: where HTTP is served; loopback unless told otherwise.
        public_url: address under which others reach the service.
        processes, threads: web processes, and threads in each.
        hub_id, hub_name: how the hub names itself in statements and to its members.
        hub_url: (office) address of the hub; `hub_door`: by which of its doors.
        system: (office) code of this system at the hub; `system_key` is the file of its private JWK, `vxp_secret` the
            file of the secret that it shares with a hub of the other kind.
        tsa_url, trust: (office) time-stamp authority, and the folder of trusted certificates.
        unsafe_server_keys: (office) whether people's private keys may lie on this server: for the demo alone.
        hub_ca: (office) file of the authorities that may vouch for the hub; the machine's own where none is named.
        hub_certificate, hub_certificate_key: (office) files of the client certificate shown to the hub, PEM.
        trusted_proxies: CIDR ranges, with commas between, of proxies that say truly where a call comes from, whether it
            was encrypted, and which certificate it showed.
        webhook_networks: (hub) CIDR ranges, with commas between, that webhooks may go to although they are not public.
        max_packet_bytes: (hub) largest packet that is taken.
        quarantine_bytes: (hub) room for refused packets of one system.
        backup_to, backup_recipients, backup_at, backup_keep_days: folder that backups go to each day (empty: there are
            none), the file of the public keys that open them, the hour of Vietnam, and for how long they are kept.
        sandbox: (hub) whether it is a test hub; see `as_sandbox`.
        training: (office) whether it is a training office, whose data are plainly false.
        sandbox_days: (test hub) after how many days test data are forgotten.
        security_contact: where whoever finds a weakness tells it (`disclosure`); empty: nowhere.
        quarantine_days, content_days: (hub) how long refused packets and delivered content are kept, in days.
    """

    service: Service
    data: Path
    database_url: str
    bind: str = "127.0.0.1"
    port: int = 0
    public_url: str = ""
    processes: int = 2
    threads: int = 32
    hub_id: str = "000.00.00.TLT"
    hub_name: str = "Trục liên thông văn bản quốc gia"
    hub_url: str = ""
    hub_ca: str = ""
    hub_certificate: str = ""
    hub_certificate_key: str = ""
    hub_door: Door = Door.NATIVE
    system: str = ""
    system_key: str = ""
    vxp_secret: str = ""
    tsa_url: str = ""
    trust: str = ""
    unsafe_server_keys: bool = False
    trusted_proxies: str = ""
    webhook_networks: str = ""
    max_packet_bytes: int = 1 << 30
    quarantine_bytes: int = 1 << 28
    quarantine_days: int = 30
    content_days: int = 90
    backup_to: str = ""
    backup_recipients: str = ""
    backup_at: str = "01:30"
    backup_keep_days: int = 35
    sandbox: bool = False
    sandbox_days: int = 30
    training: bool = False
    security_contact: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the `LIENTHONG_…` variables. Raises `environs.EnvError` when one is missing or of the wrong kind."""
        if environment is not None:
            os.environ.update(environment)
        env = Env()
        with env.prefixed(PREFIX):
            return cls(
                service=Service(env.str("SERVICE")),
                data=Path(env.str("DATA")),
                database_url=env.str("DATABASE_URL"),
                bind=env.str("BIND", cls.bind),
                port=env.int("PORT", cls.port),
                public_url=env.str("PUBLIC_URL", cls.public_url),
                processes=env.int("PROCESSES", cls.processes),
                threads=env.int("THREADS", cls.threads),
                hub_id=env.str("HUB_ID", cls.hub_id),
                hub_name=env.str("HUB_NAME", cls.hub_name),
                hub_url=env.str("HUB_URL", cls.hub_url),
                hub_ca=env.str("HUB_CA", cls.hub_ca),
                hub_certificate=env.str("HUB_CERTIFICATE", cls.hub_certificate),
                hub_certificate_key=env.str("HUB_CERTIFICATE_KEY", cls.hub_certificate_key),
                hub_door=Door(env.str("HUB_DOOR", cls.hub_door)),
                system=env.str("SYSTEM", cls.system),
                system_key=env.str("SYSTEM_KEY", cls.system_key),
                vxp_secret=env.str("VXP_SECRET", cls.vxp_secret),
                tsa_url=env.str("TSA_URL", cls.tsa_url),
                trust=env.str("TRUST", cls.trust),
                unsafe_server_keys=env.bool("UNSAFE_SERVER_KEYS", cls.unsafe_server_keys),
                trusted_proxies=env.str("TRUSTED_PROXIES", cls.trusted_proxies),
                webhook_networks=env.str("WEBHOOK_NETWORKS", cls.webhook_networks),
                max_packet_bytes=env.int("MAX_PACKET_BYTES", cls.max_packet_bytes),
                quarantine_bytes=env.int("QUARANTINE_BYTES", cls.quarantine_bytes),
                quarantine_days=env.int("QUARANTINE_DAYS", cls.quarantine_days),
                content_days=env.int("CONTENT_DAYS", cls.content_days),
                backup_to=env.str("BACKUP_TO", cls.backup_to),
                backup_recipients=env.str("BACKUP_RECIPIENTS", cls.backup_recipients),
                backup_at=env.str("BACKUP_AT", cls.backup_at),
                backup_keep_days=env.int("BACKUP_KEEP_DAYS", cls.backup_keep_days),
                sandbox=env.bool("SANDBOX", cls.sandbox),
                sandbox_days=env.int("SANDBOX_DAYS", cls.sandbox_days),
                training=env.bool("TRAINING", cls.training),
                security_contact=env.str("SECURITY_CONTACT", cls.security_contact),
            )

    def to_environment(self) -> dict[str, str]:
        """The variables from which a child process reads these same settings."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            PREFIX + name.upper(): ("true" if value else "false") if isinstance(value, bool) else str(value)
            for name, value in values.items()
        }

    @property
    def address(self) -> str:
        """The address under which the service is reached."""
        return self.public_url or f"http://{self.bind}:{self.port}"

    @property
    def encrypted(self) -> bool:
        """Whether others reach the service by TLS."""
        return self.public_url.startswith("https://")

    @property
    def local_address(self) -> str:
        """The address under which this machine reaches the service, whatever others call it."""
        return f"http://{'127.0.0.1' if self.bind in ('0.0.0.0', '::') else self.bind}:{self.port}"  # noqa: S104

    @property
    def secret_key(self) -> str:
        """The service's secret for sessions and stored secrets: made at first use, kept readable by its owner only."""
        return kept_secret(self.data / "secret")

    def as_sandbox(self) -> Settings:
        """The same service as a test hub, which says so in its id and its name."""
        return self.at(sandbox=True, hub_id=SANDBOX_ID, hub_name=SANDBOX_NAME)

    def at(self, **changes: object) -> Settings:
        """The same settings with some changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def kept_secret(path: Path) -> str:
    """The secret in a file; made by whoever comes first, even when several come at once."""
    write_once(path, lambda: secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")


def write_once(path: Path, make: Callable[[], str]) -> None:
    """Write a secret text into a file that only its owner reads, unless somebody was first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            fresh.unlink()
