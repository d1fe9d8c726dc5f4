"""An office with its people, a test authority in process, and the hub's directory as if just read."""

import base64
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db.models import Value
from django.db.models.functions import Replace
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from lienthong.office import config
from lienthong.office.exchange.directory import search_words
from lienthong.office.incoming import presenting
from lienthong.office.models import DirectoryAgency, Organization, OutgoingDocument, Person, SigningKey, Unit
from lienthong.office.outgoing import drafting, issuing, review, signing
from lienthong.office.people import setup, sign_in_rules
from lienthong.runtime.demo.cast import G12, G22, H26, H41, House
from lienthong.standards.doctypes import by_name
from lienthong.testing.pki import Identity, TestAuthority
from tests.database import Kept

if TYPE_CHECKING:
    from tests.service.office.test_incoming import MemoryHub

PIN = "246810"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def long_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not yet evening: an acceptance can be undone for as long as ever, whatever the hour of the test."""
    monkeypatch.setattr(presenting, "end_of_day", lambda at: at + timedelta(days=1))


@dataclass
class Office:
    """An installed agency and its people by their names to sign in with."""

    organization: Organization
    people: dict[str, Person]
    units: dict[str, Unit]
    seal: Identity
    authority: TestAuthority
    identities: dict[str, Identity] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Person:
        return self.people[login]

    def client(self, login: str) -> Client:
        """A browser in which this person is signed in."""
        client = Client()
        client.force_login(self.people[login].user)
        return client


def install(house: House, authority: TestAuthority, folder: Path) -> Office:
    facts = setup.AgencyFacts(
        house.code, house.alias, house.name, house.short_name, house.abbreviation, house.place, house.address
    )
    organization = setup.install_agency(facts)
    sign_in_rules.install(organization, setup.SETUP, administrators=False, at=now())  # as in the demo
    units = {short: setup.install_unit(organization, short, name) for short, name in house.units}
    people, identities = {}, {}
    for member in house.members:
        login = f"{member.login}.{house.code.lower()}"
        person = setup.install_person(organization, login=login, name=member.name, password="x", at=now())
        setup.install_post(
            person, units[member.unit], member.role, position=member.position, competence=member.competence,
            since=(now() - timedelta(days=30)).date(),
        )  # fmt: skip
        people[member.login] = person
        if member.role == "leader":
            identity = authority.identity(login, lambda name=member.name: authority.issue_person(name))  # type: ignore[misc]
            identities[member.login] = identity
            register(person, identity, folder / f"{login}.p12")
    seal = authority.identity(house.code, lambda: authority.issue_agency(house.name, house.alias))
    register(organization, seal, folder / f"{house.code}.p12")
    return Office(organization, people, units, seal, authority, identities)


def register(owner: Person | Organization, identity: Identity, file: Path) -> None:
    file.write_bytes(identity.pkcs12(PIN))
    setup.register_key(owner, location=file, certificate=identity.certificate, image=None, at=now())


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority.open(tmp_path_factory.mktemp("pki"), "http://127.0.0.1:9")


@pytest.fixture
def _signing(authority: TestAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings of an office whose network is the authority in this process."""
    trust = tmp_path / "trust"
    authority.write_trust(trust)
    told = replace(
        django_settings.LIENTHONG, data=tmp_path / "data", trust=str(trust), tsa_url="http://127.0.0.1:9/tsa",
        unsafe_server_keys=True,
    )  # fmt: skip
    monkeypatch.setattr(django_settings, "LIENTHONG", told, raising=False)
    monkeypatch.setattr(config, "fetch", authority.fetch)
    for made_once in (config.blobs, config.trust, config.timestamps, config.validation, config.standing):
        made_once.cache_clear()
    yield
    for made_once in (config.blobs, config.trust, config.timestamps, config.validation, config.standing):
        made_once.cache_clear()


@pytest.fixture(scope="session")
def kept_agency(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    authority: TestAuthority,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Kept, Office, Path]:
    """Văn phòng Chính phủ and the directory with its neighbours, entered once; the last is where its key files lie."""
    folder = tmp_path_factory.mktemp("keys")
    with django_db_blocker.unblock():
        made = install(G22, authority, folder)
        for house in (G22, H41, H26, G12):
            seals = []
            if house is G22:
                seals = [
                    {
                        "certificate": base64.b64encode(made.seal.certificate).decode(),
                        "valid_from": "2026-01-01T00:00:00+00:00",
                        "valid_to": None,
                    }
                ]
            DirectoryAgency.objects.create(
                code=house.code, name=house.name, search_key=house.code, aliases=[house.alias], connected=True,
                open=True, words=search_words(house.name, house.code, house.alias), seals=seals,
            )  # fmt: skip
        return Kept("office_agency"), made, folder


@pytest.fixture
def office(
    _signing: None, kept_agency: tuple[Kept, Office, Path], tmp_path: Path, transactional_db: None
) -> Office:  # fmt: skip
    """Văn phòng Chính phủ, and the directory with its neighbours; its key files are the test's own."""
    rows, made, folder = kept_agency
    rows.put_back()
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    SigningKey.objects.update(location=Replace("location", Value(str(folder)), Value(str(tmp_path))))
    organization = Organization.objects.get(pk=made.organization.pk)
    people = Person.objects.select_related("user").in_bulk([one.pk for one in made.people.values()])
    units = Unit.objects.in_bulk([one.pk for one in made.units.values()])
    for one in (*people.values(), *units.values()):
        one.organization = organization
    return replace(
        made, organization=organization, people={login: people[one.pk] for login, one in made.people.items()},
        units={name: units[one.pk] for name, one in made.units.items()}, identities=dict(made.identities),
    )  # fmt: skip


@pytest.fixture
def nghe_an(office: Office, authority: TestAuthority, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A second agency of the installation."""
    return install(H41, authority, tmp_path_factory.mktemp("h41"))


def manuscript(office: Office, **changes: object) -> drafting.Manuscript:
    kind = by_name("Quyết định")
    assert kind is not None
    base = drafting.Manuscript(
        kind=kind,
        subject="Về việc ban hành Quy chế",
        signer=office["lanh.dao"],
        body="Căn cứ Quyết định số 28/2018/QĐ-TTg;\nĐiều 1. Ban hành Quy chế.\nĐiều 2. Hiệu lực kể từ ngày ký./.",
        recipients=("H41", "H26"),
        recipients_text="- Như Điều 2;\n- Lưu: VT.",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def drafted(office: Office, **changes: object) -> OutgoingDocument:
    """A draft of the specialist, in the specialist's unit."""
    drafter = office["chuyen.vien"]
    return drafting.create(manuscript(office, **changes), unit=drafter.posts.get().unit, actor=drafter, at=now())


def approved(office: Office, **changes: object) -> OutgoingDocument:
    return approve(office, drafted(office, **changes))


def approve(office: Office, document: OutgoingDocument) -> OutgoingDocument:
    """Take a draft of the specialist through all that is done before it is signed."""
    review.submit(document, actor=office["chuyen.vien"], at=now())
    review.check_content(document, actor=office["truong.dv"], at=now())
    review.check_presentation(document, actor=office["the.thuc"], at=now())
    review.approve(document, actor=office["lanh.dao"], at=now())
    return document


def signed(office: Office, **changes: object) -> OutgoingDocument:
    document = approved(office, **changes)
    signing.sign(document, pin=PIN, actor=office["lanh.dao"], at=now())
    return document


def sealed(office: Office, **changes: object) -> OutgoingDocument:
    document = signed(office, **changes)
    signing.take_number_and_date(document, actor=office["van.thu"], at=now())
    signing.seal(document, pin=PIN, actor=office["van.thu"], at=now())
    return document


def issued(office: Office, **changes: object) -> OutgoingDocument:
    document = sealed(office, **changes)
    issuing.issue(document, actor=office["van.thu"], at=now(), incomplete="Phụ lục gửi sau")
    return document


@pytest.fixture
def hub() -> "MemoryHub":
    """A hub in memory: what it holds for the office, and what the office gave it."""
    from tests.service.office.test_incoming import MemoryHub  # which has need of this module

    return MemoryHub()


def press(office: Office, login: str, document: OutgoingDocument, act: str, **fields: object) -> str:
    """Post one act on an outgoing document's page as this person; the code of the refusal, or "" when it was done."""
    answer = office.client(login).post(f"/van-ban-di/{document.pk}/", {"act": act, **fields})
    document.refresh_from_db()
    return "" if answer.status_code == 302 else refusal(answer)


def refusal(answer: HttpResponse) -> str:
    """The code of the problem that a page names; its cause and its way out are words, never empty."""
    assert answer.status_code in (403, 404, 409, 422), answer.status_code
    text = answer.content.decode()
    if found := re.search(r'data-problem="(\w+)"', text):
        return found[1]
    assert "Không có văn bản này" in text
    return "not_found"


def fresh() -> str:
    return uuid4().hex
