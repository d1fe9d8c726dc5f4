"""A training office: an agency that does not exist, its people, their keys and a few documents, at a test hub
(requirement R-19.4-1). Everything lies in one folder; started again it goes on with the same agency."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import pem

from lienthong.evidence.receipts import SigningKey
from lienthong.protocol.client.tls import ClientTls
from lienthong.runtime import testmember
from lienthong.runtime.demo.cast import Member
from lienthong.runtime.demo.keys import (
    end,
    image_of,
    key_plan,
    new_password,
    new_pin,
    start_authority,
    write_secret,
)
from lienthong.runtime.ports import free_port
from lienthong.runtime.settings import Service, Settings
from lienthong.runtime.supervisor import Supervisor
from lienthong.testing.pki import TestAuthority

NAME = "Ủy ban nhân dân tỉnh Mẫu (đào tạo)"
UNITS = (("VP", "Văn phòng (đào tạo)"), ("TH", "Phòng Tổng hợp (đào tạo)"))
PEOPLE = (
    Member("van.thu", "Học Viên Văn Thư", "clerk", "VP", "Văn thư"),
    Member("lanh.dao", "Học Viên Lãnh Đạo", "leader", "VP", "PHÓ CHỦ TỊCH", "KT. CHỦ TỊCH"),
    Member("truong.phong", "Học Viên Trưởng Phòng", "unit_head", "TH", "Trưởng phòng"),
    Member("chuyen.vien", "Học Viên Chuyên Viên", "specialist", "TH", "Chuyên viên"),
    Member("the.thuc", "Học Viên Thể Thức", "checker", "VP", "Chánh Văn phòng"),
    Member("quan.tri", "Học Viên Quản Trị", "administrator", "VP", "Quản trị hệ thống"),
)


@dataclass(frozen=True)
class Account:
    """How somebody signs in, and signs where they do."""

    login: str
    name: str
    position: str
    password: str
    pin: str


@dataclass
class Room:
    """The folder of a training office.

    Args:
        folder: keeps everything.
        hub: address of the test hub.
        tls: whom to believe as the hub.
        port: of HTTP.
    """

    folder: Path
    hub: str
    tls: ClientTls
    port: int

    @contextmanager
    def office(self, database_url: str) -> Iterator[tuple[Supervisor, list[Account], str]]:
        """The office, not yet started, who works in it, and the PIN of its seal; its authority runs meanwhile.

        Raises:
            Problem: it is no test hub, or it takes nobody in just now.
            HubUnreachable: the hub does not answer.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        (self.folder / "keys").mkdir(mode=0o700, exist_ok=True)
        known = self._known()
        trust = self.folder / "trust"
        authority, server = start_authority(self.folder / "pki", trust, known["pki"], self.folder / "pki.log")
        try:
            settings = Settings(
                service=Service.OFFICE, data=self.folder, database_url=database_url, port=self.port, processes=1,
                hub_url=self.hub, hub_ca=str(self.tls.ca or ""), system=known["system"], training=True,
                system_key=str(self._key_file), trust=str(trust), tsa_url=f"{authority.base_url}/tsa",
                unsafe_server_keys=True,
            )  # fmt: skip
            accounts, seal_pin, plan = self._plan(known, authority)
            yield Supervisor(settings, plan), accounts, seal_pin
        finally:
            end(server)

    @property
    def _key_file(self) -> Path:
        return self.folder / "keys" / "system.json"

    def _known(self) -> dict[str, Any]:
        """What the test hub gave at the first start: the system's code, and the agency's."""
        file = self.folder / "training.json"
        if not file.exists():
            if not self._key_file.exists():
                write_secret(self._key_file, json.dumps(SigningKey.generate().private_jwk()).encode())
            file.write_text(json.dumps({**self._register(), "pki": free_port([])}))
        found: dict[str, Any] = json.loads(file.read_text())
        return found

    def _register(self) -> dict[str, str]:
        key = SigningKey(json.loads(self._key_file.read_text()))
        made = testmember.register(self.hub, self.tls, NAME, [NAME], key)
        return {"system": made.system, "code": made.agencies[0], "alias": made.alias}

    def _plan(self, known: dict[str, Any], authority: TestAuthority) -> tuple[list[Account], str, dict[str, Any]]:
        """Who works there and what the office is told; passwords and PINs are made anew each time."""
        code, keys, images = known["code"], self.folder / "keys", self.folder / "images"
        seal = authority.identity(f"seal-{code}", lambda: authority.issue_agency(NAME, known["alias"] or code))
        (self.folder / "trust" / "seals").mkdir(exist_ok=True)
        (self.folder / "trust" / "seals" / f"{code}.pem").write_bytes(pem.armor("CERTIFICATE", seal.certificate))
        accounts, people = [], []
        for one in PEOPLE:
            signs = one.role == "leader"
            account = Account(one.login, one.name, one.position, new_password(), new_pin() if signs else "")
            person: dict[str, Any] = {
                "login": one.login, "name": one.name, "password": account.password, "role": one.role, "unit": one.unit,
                "position": one.position, "competence": one.competence,
            }  # fmt: skip
            if signs:
                issue = _signer(authority, one)
                person["key"] = key_plan(
                    keys / f"{one.login}.p12", issue, account.pin, image_of(images, "signature", one.name)
                )
            accounts.append(account)
            people.append(person)
        seal_pin = new_pin()
        agency = {
            "code": code, "alias": known["alias"], "name": NAME, "short_name": "UBND tỉnh Mẫu",
            "abbreviation": "UBND", "place": "Mẫu", "address": "",
        }  # fmt: skip
        return accounts, seal_pin, {
            "agency": agency, "second_factor": False, "units": list(UNITS), "people": people, "samples": True,
            "seal": key_plan(keys / "seal.p12", seal, seal_pin, image_of(images, "seal", NAME)),
        }  # fmt: skip


def _signer(authority: TestAuthority, one: Member) -> Any:
    return authority.identity(
        f"person-{one.login}", lambda: authority.issue_person(one.name, one.position, NAME, ec=True)
    )
