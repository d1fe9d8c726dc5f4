"""A province in one installation: its committee, 40 departments and 166 communes, each an agency of its own with people
and documents. Nobody sees another agency's, and what a page costs is that of one agency."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TypeVar

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lienthong.office.models import (
    IncomingDocument,
    Organization,
    OutgoingDocument,
    Person,
    Post,
    Recipient,
    RegisterNumber,
    Role,
    Sequence,
    Unit,
    Version,
)
from lienthong.office.people import setup, sign_in_rules
from tests.service.office.conftest import Office, issued, now
from tests.service.office.test_incoming import MemoryHub, arrived

DEPARTMENTS, COMMUNES = 40, 166
ROLES = {
    Role.CLERK: "Văn thư", Role.LEADER: "Lãnh đạo", Role.UNIT_HEAD: "Trưởng đơn vị", Role.SPECIALIST: "Chuyên viên",
    Role.CHECKER: "Kiểm tra thể thức", Role.AUDITOR: "Giám sát", Role.ADMINISTRATOR: "Quản trị",
}  # fmt: skip
LISTS = ("/", "/van-ban-di/?muc=tat-ca", "/van-ban-den/", "/theo-doi/", "/so-van-ban/", "/so-van-ban/den/")


@dataclass(frozen=True)
class Member:
    """An agency of the province, and the word that all of its documents bear."""

    organization: Organization
    mark: str
    people: dict[Role, Person]
    outgoing: OutgoingDocument
    incoming: IncomingDocument


def agencies() -> Iterator[tuple[str, str, str]]:
    """Code, name and abbreviation of each; none of them is real."""
    yield "H99", "Ủy ban nhân dân tỉnh Bịa", "UBND"
    for number in range(1, DEPARTMENTS + 1):
        yield f"H99.{number:03}", f"Sở Bịa số {number}", f"SB{number}"
    for number in range(1, COMMUNES + 1):
        yield f"H99.X{number:03}", f"Ủy ban nhân dân xã Bịa số {number}", f"XB{number}"


@pytest.fixture
def province(office: Office) -> list[Member]:
    """Each agency with one person of each role, and a document of each direction: copies of real ones, with its mark."""
    sent, received = issued(office, subject="Mẫu"), arrived(MemoryHub())
    ordinals = count(1)
    return [
        _member(next(ordinals), code, name, short, sent=sent, received=received) for code, name, short in agencies()
    ]


def _member(
    ordinal: int, code: str, name: str, short: str, *, sent: OutgoingDocument, received: IncomingDocument
) -> Member:
    organization = setup.install_agency(setup.AgencyFacts(code, "", name, name, short, "Bịa", "Số 1"))
    sign_in_rules.install(organization, setup.SETUP, administrators=False, at=now())
    unit = Unit.objects.create(organization=organization, name=f"Phòng của {code}", abbreviation="P")
    people = {
        role: _person(organization, unit, f"{role.value}.{code.lower()}", title, role) for role, title in ROLES.items()
    }
    mark = f"Dấu riêng {ordinal:03}"
    drafter, signer = people[Role.SPECIALIST], people[Role.LEADER]
    facts = {"organization": organization, "unit": unit, "drafter": drafter, "signer": signer, "subject": mark}
    outgoing = _copied(sent, identifier=f"{code},2026/11/27,01", notation=f"QĐ-{short}", **facts)
    Recipient.objects.create(document=outgoing, code="H41", name="Ủy ban nhân dân tỉnh Nghệ An")
    version = sent.versions.latest("ordinal")
    Version.objects.create(
        document=outgoing, ordinal=1, stage="sealed", digest=version.digest, size=version.size, author=signer,
        made_at=now(),
    )  # fmt: skip
    sequence = Sequence.objects.create(
        organization=organization, key="outgoing:QĐ", year=timezone.localdate().year, last=1
    )
    RegisterNumber.objects.create(
        sequence=sequence, number=1, document=outgoing, state="used", taken_at=now(), taken_by=people[Role.CLERK]
    )
    incoming = _copied(received, organization=organization, subject=mark, packet=None, way="paper")
    return Member(organization, mark, people, outgoing, incoming)


Row = TypeVar("Row", OutgoingDocument, IncomingDocument)


def _copied(row: Row, **facts: object) -> Row:
    made = type(row).objects.get(pk=row.pk)
    made.pk, made._state.adding = None, True
    for name, value in facts.items():
        setattr(made, name, value)
    made.save()
    return made


def _person(organization: Organization, unit: Unit, login: str, title: str, role: Role) -> Person:
    user = User.objects.create(username=login, password="!")  # nobody signs in by it: the test opens the session
    name = f"{title} của {organization.code}"
    person = Person.objects.create(
        user=user, organization=organization, full_name=name, sort_key=name.casefold(), password_set_at=now()
    )
    begun = timezone.localdate() - timedelta(days=9)
    Post.objects.create(person=person, unit=unit, role=role, position=title, valid_from=begun)
    return person


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


@pytest.mark.law("SEC-6", "R-3.4-1")
def test_in_a_province_of_207_agencies_nobody_sees_anothers(province: list[Member]) -> None:
    assert len(province) == 1 + DEPARTMENTS + COMMUNES
    looked = [province[0], province[1], province[DEPARTMENTS], province[DEPARTMENTS + 1], province[-1]]
    cost = {}
    for member in looked:
        others = [one for one in province if one is not member]
        for role, person in member.people.items():
            client = browser(person)
            for place in LISTS:
                with CaptureQueriesContext(connection) as asked:
                    page = client.get(place).content.decode()
                assert "Dấu riêng" not in page.replace(member.mark, ""), (member.organization.code, role, place)
                cost.setdefault((role, place), set()).add(len(asked))
            for other in (others[0], others[DEPARTMENTS], others[-1]):
                for place in (f"/van-ban-di/{other.outgoing.pk}/", f"/van-ban-di/{other.outgoing.pk}/ban/1/",
                              f"/van-ban-den/{other.incoming.pk}/"):  # fmt: skip
                    assert client.get(place).status_code == 404, (member.organization.code, role, place)
    clerk = browser(looked[0].people[Role.CLERK])
    for place in LISTS[1:5]:
        assert looked[0].mark in clerk.get(place).content.decode(), place
    uneven = {key: found for key, found in cost.items() if max(found) > min(found) + 1}  # a session is noted once
    assert not uneven, uneven


def test_the_search_of_one_agency_finds_nothing_of_the_206_others(province: list[Member]) -> None:
    member = province[7]
    page = browser(member.people[Role.CLERK]).get("/tra-cuu/", {"q": "Dấu riêng"}).content.decode()
    assert member.mark in page
    assert "Dấu riêng" not in page.replace(member.mark, "").replace('value="Dấu riêng"', "").replace("«Dấu riêng»", "")
