"""The demo's country: one database server, a test authority, the hub and four offices, each a process of its own with
its own database and role, all in one folder and on loopback."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asn1crypto import pem

from lienthong.evidence.receipts import SigningKey
from lienthong.runtime.demo import foreign
from lienthong.runtime.demo.cast import CONSOLE, HOUSES, House, Member
from lienthong.runtime.demo.desk import Desk
from lienthong.runtime.demo.keys import end, image_of, key_plan, new_password, new_pin, start_authority, write_secret
from lienthong.runtime.embedded import Cluster
from lienthong.runtime.ports import free_port
from lienthong.runtime.prepare import prepare_apart
from lienthong.runtime.settings import Door, Service, Settings
from lienthong.runtime.supervisor import Supervisor
from lienthong.testing.pki import TestAuthority

Say = Callable[[str], None]

PATTERN = "office_pattern"
"""The database whose tables those of the offices begin with: they are made once."""


@dataclass
class Country:
    """Everything that runs. Use as a context manager.

    Args:
        folder: keeps all data; started again, the country goes on where it stopped.
        say: is told what is going on.
        door: by which door of the hub the offices go.
    """

    folder: Path
    say: Say = lambda _text: None
    door: Door = Door.NATIVE
    passwords: dict[str, str] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)
    foreign_secret: str = ""
    authority: TestAuthority = field(init=False)
    supervisors: dict[str, Supervisor] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Country:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for supervisor in self.supervisors.values():
            supervisor.ask_to_stop()
        self._stack.close()

    # -- what the story and the printed table need ---------------------------------------------------------------

    def address(self, who: str) -> str:
        """The address of `hub`, or of an office by its agency's code."""
        return self.supervisors[who].settings.address

    def desk(self, code: str, login: str) -> Desk:
        """A person at their desk, not yet signed in."""
        house = next(one for one in HOUSES if one.code == code)
        name = next(member.name for member in house.members if member.login == login)
        account = f"{login}.{code.lower()}"
        return Desk(self.address(code), account, self.passwords[account], name)

    def pin(self, code: str, login: str = "") -> str:
        """The PIN of a person's key, or of the agency's seal."""
        return self.pins[f"{login}.{code.lower()}" if login else code]

    def pid_of_worker(self, who: str) -> int:
        """Process id of a service's worker."""
        return int((self.supervisors[who].settings.data / "run" / "worker.pid").read_text())

    @property
    def foreign(self) -> foreign.ForeignAgency:
        """The agency whose system is existing client software."""
        return foreign.ForeignAgency(self.authority)

    # -- steps ---------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        ports = self._ports()
        self.say("Cơ sở dữ liệu…")
        cluster = Cluster(self.folder / "postgres")
        self._stack.enter_context(cluster.running())
        with ThreadPoolExecutor(2) as beside:
            tables = [beside.submit(prepare_apart, settings) for settings in self._patterns(cluster)]
            self.say("Cơ quan chứng thực thử nghiệm…")
            self.authority = self._start_authority(ports["pki"])
            self.say("Chứng thư, con dấu, chữ ký…")
            self.foreign.found()
            plans = self._plans(self.authority)
            self.say("Bảng dữ liệu của Trục và bốn cơ quan…")
            for made in tables:
                made.result()
        self.say("Khởi động các dịch vụ…")
        for who, settings in self._settings(cluster, ports):
            self.supervisors[who] = self._stack.enter_context(Supervisor(settings, plans[who]))

    def await_all(self) -> None:
        """Wait until every service answers. Raises `NotReady`."""
        for supervisor in self.supervisors.values():
            supervisor.await_ready()

    def _ports(self) -> dict[str, int]:
        """Ports are chosen once and kept: printed addresses and certificates stay true."""
        file = self.folder / "ports.json"
        known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        names = ["hub", "pki", *(house.code for house in HOUSES)]
        for name in names:
            if name not in known:
                known[name] = free_port(known.values())
        file.write_text(json.dumps(known))
        return known

    def _start_authority(self, port: int) -> TestAuthority:
        authority, server = start_authority(self.folder / "pki", self.folder / "trust", port, self.folder / "pki.log")
        self._stack.callback(end, server)
        return authority

    def _patterns(self, cluster: Cluster) -> list[Settings]:
        """At the first start: the hub, and the pattern whose tables the offices' databases begin with."""
        if (self.folder / "hub").exists():
            return []
        return [
            Settings(service=service, data=self.folder / name, database_url=cluster.database_url(name))
            for service, name in ((Service.HUB, "hub"), (Service.OFFICE, PATTERN))
        ]

    def _settings(self, cluster: Cluster, ports: dict[str, int]) -> Iterator[tuple[str, Settings]]:
        """Each service's settings, as soon as its database is there; the hub first."""
        hub = Settings(
            service=Service.HUB, data=self.folder / "hub", database_url=cluster.database_url("hub"), port=ports["hub"],
            processes=2,
        )  # fmt: skip
        yield "hub", hub
        pki = f"http://127.0.0.1:{ports['pki']}"
        for house in HOUSES:
            data = self.folder / house.code
            database = cluster.database_url(f"office_{house.code.lower()}", like=PATTERN)
            yield house.code, Settings(
                service=Service.OFFICE, data=data, database_url=database, port=ports[house.code], processes=1,
                hub_url=hub.address, hub_door=self.door, system=house.code,
                system_key=str(data / "keys" / "system.json"), vxp_secret=str(data / "keys" / "vxp-secret"),
                tsa_url=f"{pki}/tsa", trust=str(self.folder / "trust"), unsafe_server_keys=True,
            )  # fmt: skip

    def _plans(self, authority: TestAuthority) -> dict[str, dict[str, Any]]:
        """What each service is told at set-up; passwords and PINs are made anew each time."""
        plans = {house.code: self._office_plan(house, authority) for house in HOUSES}
        code, alias, name = foreign.CODE, foreign.ALIAS, foreign.NAME
        self._vouch_for(code, self.foreign.seal.certificate)
        self.foreign_secret = secrets.token_urlsafe(32)
        self.passwords |= {one.login: new_password() for one in CONSOLE}
        systems = [
            {
                "code": house.code, "name": house.name, "agencies": [house.code], "key": self._system_key(house),
                "vxp_secret": self._vxp_secret(house),
            }
            for house in HOUSES
        ]  # fmt: skip
        systems.append({"code": alias, "name": name, "agencies": [code], "vxp_secret": self.foreign_secret})
        plans["hub"] = {
            "agencies": [
                *({"code": house.code, "name": house.name, "aliases": [house.alias]} for house in HOUSES),
                {"code": code, "name": name, "aliases": [alias]},
            ],
            "systems": systems,
            "seals": [
                *({"agency": house.code, "certificate": plans[house.code]["seal"]["certificate"]} for house in HOUSES),
                {"agency": code, "certificate": base64.b64encode(self.foreign.seal.certificate).decode()},
            ],
            "operators": [
                {
                    "login": one.login,
                    "name": one.name,
                    "role": one.role,
                    "agency": one.agency,
                    "password": self.passwords[one.login],
                }
                for one in CONSOLE
            ],
        }  # fmt: skip
        return plans

    def _vouch_for(self, code: str, certificate: bytes) -> None:
        """Whose seal it is: for `lienthong verify`, and for offices whose hub vouches for none."""
        folder = self.folder / "trust" / "seals"
        folder.mkdir(exist_ok=True)
        (folder / f"{code}.pem").write_bytes(pem.armor("CERTIFICATE", certificate))

    def _office_plan(self, house: House, authority: TestAuthority) -> dict[str, Any]:
        keys = self.folder / house.code / "keys"
        keys.mkdir(parents=True, exist_ok=True)
        keys.chmod(0o700)
        seal = authority.identity(f"seal-{house.code}", lambda: authority.issue_agency(house.name, house.alias))
        self._vouch_for(house.code, seal.certificate)
        self.pins[house.code] = new_pin()
        return {
            "agency": {
                "code": house.code, "alias": house.alias, "name": house.name, "short_name": house.short_name,
                "abbreviation": house.abbreviation, "place": house.place, "address": house.address,
                "superior_name": house.superior_name,
            },
            "second_factor": False,  # or nobody would come in by what is printed alone
            "units": list(house.units),
            "people": [self._person_plan(house, member, authority, keys) for member in house.members],
            "seal": key_plan(keys / "seal.p12", seal, self.pins[house.code], self._image("seal", house.name)),
        }  # fmt: skip

    def _person_plan(self, house: House, member: Member, authority: TestAuthority, keys: Path) -> dict[str, Any]:
        account = f"{member.login}.{house.code.lower()}"
        self.passwords[account] = new_password()
        plan: dict[str, Any] = {
            "login": account, "name": member.name, "password": self.passwords[account], "role": member.role,
            "unit": member.unit, "position": member.position, "competence": member.competence,
        }  # fmt: skip
        if member.role == "leader":
            identity = authority.identity(
                f"person-{account}", lambda: authority.issue_person(member.name, member.position, house.name, ec=True)
            )
            self.pins[account] = new_pin()
            image = self._image("signature", member.name)
            plan["key"] = key_plan(keys / f"{member.login}.p12", identity, self.pins[account], image)
        return plan

    def _image(self, kind: str, name: str) -> bytes:
        return image_of(self.folder / "images", kind, name)

    def _system_key(self, house: House) -> dict[str, Any]:
        file = self.folder / house.code / "keys" / "system.json"
        if not file.exists():
            write_secret(file, json.dumps(SigningKey.generate().private_jwk()).encode())
        return SigningKey(json.loads(file.read_text())).public_jwk()

    def _vxp_secret(self, house: House) -> str:
        file = self.folder / house.code / "keys" / "vxp-secret"
        if not file.exists():
            write_secret(file, secrets.token_urlsafe(32).encode())
        return file.read_text()
