"""One installation for a whole province: its committee, 40 departments and 166 communes, made up. Nobody sees what came
to another agency or is written there, and how many there are costs nobody anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lienthong.office.exchange import inbox
from lienthong.office.models import IncomingDocument, Organization, OutgoingDocument, Person, Role
from lienthong.office.outgoing import drafting
from lienthong.office.people import setup
from lienthong.standards import edxml
from lienthong.standards.doctypes import by_name
from tests.service.office.conftest import Office, now
from tests.service.office.test_incoming import LETTER, MemoryHub, document_packet

DEPARTMENTS, COMMUNES = 40, 166
ROLES = {
    "van.thu": Role.CLERK,
    "lanh.dao": Role.LEADER,
    "truong.dv": Role.UNIT_HEAD,
    "chuyen.vien": Role.SPECIALIST,
}
EACH = 40
"""Of so many agencies one is looked at by everybody in it; in all of them the clerk searches."""
SUBJECT = re.compile(r"quý IV (?:gửi|của) (\S+;)")
SEE_WHAT_COMES, SEE_THE_DRAFT = ("van.thu", "lanh.dao"), ("chuyen.vien", "truong.dv")
LISTS = ("/van-ban-den/?muc=tat-ca", "/van-ban-di/?muc=tat-ca", "/so-van-ban/", "/tra-cuu/?q=bao+cao+quy+iv")


@dataclass(frozen=True)
class Agency:
    """An agency of the province, and a document that came to it."""

    organization: Organization
    people: dict[str, Person]
    came: IncomingDocument

    def came_page(self) -> str:
        return f"/van-ban-den/{self.came.pk}/"


def codes() -> Iterator[tuple[str, str]]:
    """Code and name of each agency."""
    yield "H41", "Ủy ban nhân dân tỉnh Nghệ An"
    for n in range(1, DEPARTMENTS + 1):
        yield f"H41.{n}", f"Sở số {n} tỉnh Nghệ An"
    for n in range(1, COMMUNES + 1):
        yield f"H41.{100 + n}", f"Ủy ban nhân dân xã Bịa {n}"


def made(code: str, name: str, hub: MemoryHub) -> Agency:
    facts = setup.AgencyFacts(code, f"000.00.00.{code}", name, name, f"B{code}".replace(".", ""), "Nghệ An", "")
    organization = setup.install_agency(facts)
    unit = setup.install_unit(organization, "VP", "Văn phòng")
    people = {}
    for login, role in ROLES.items():
        people[login] = setup.install_person(
            organization, login=f"{login}.{code}", name=f"Người Bịa {code}", password="x", at=now()
        )
        since = (now() - timedelta(days=1)).date()
        setup.install_post(people[login], unit, role, position="Chức vụ bịa", since=since)
    letter = replace(
        LETTER, recipients=(edxml.Organ(code, name),), number=code.replace(".", ""), subject=f"Báo cáo quý IV gửi {code};",
        sender=edxml.Organ("000.00.00.G22", "Văn phòng Chính phủ"), identifier=f"G22,2026,{code}",
    )  # fmt: skip
    item = hub.put(document_packet(letter), sender="000.00.00.G22", to=code)
    inbox.receive(hub, item, at=now())
    return Agency(organization, people, IncomingDocument.objects.get(organization=organization))


def drafted(agency: Agency) -> OutgoingDocument:
    kind = by_name("Báo cáo")
    assert kind is not None
    specialist = agency.people["chuyen.vien"]
    manuscript = drafting.Manuscript(
        kind=kind, subject=f"Báo cáo quý IV của {agency.organization.code};", signer=agency.people["lanh.dao"],
        body="Kính gửi.", recipients=("G22",), recipients_text="- Như trên.",
    )  # fmt: skip
    return drafting.create(manuscript, unit=specialist.posts.get().unit, actor=specialist, at=now())


@pytest.fixture
def hub() -> MemoryHub:
    return MemoryHub()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def statements(agency: Agency) -> list[int]:
    """How many statements each list costs the clerk of an agency."""
    clerk, counts = signed_in(agency.people["van.thu"]), []
    for place in ("/", *LISTS):
        clerk.get(place)
        with CaptureQueriesContext(connection) as ran:
            assert clerk.get(place).status_code == 200
        counts.append(len(ran))
    return counts


@pytest.mark.law("SEC-6")
def test_in_a_province_nobody_sees_what_is_anothers(office: Office, hub: MemoryHub) -> None:
    places = codes()
    province = [made(*next(places), hub)]
    alone = statements(province[0])
    province += [made(code, name, hub) for code, name in places]
    assert len(province) == 1 + DEPARTMENTS + COMMUNES
    assert statements(province[0]) == alone
    for agency in province:
        found = signed_in(agency.people["van.thu"]).get(LISTS[-1]).content.decode()
        assert SUBJECT.findall(found) == [f"{agency.organization.code};"]
    some = province[::EACH]
    drafts = [drafted(agency) for agency in some]
    for number, agency in enumerate(some):
        everybody_keeps_to_their_agency(agency, some[number - 1], drafts[number].pk, drafts[number - 1].pk)


def everybody_keeps_to_their_agency(agency: Agency, other: Agency, draft: int, others_draft: int) -> None:
    own = f"{agency.organization.code};"
    for login, person in agency.people.items():
        browser = signed_in(person)
        wanted = {
            agency.came_page(): 200 if login in SEE_WHAT_COMES else 404,
            f"/van-ban-di/{draft}/": 200 if login in SEE_THE_DRAFT else 404,
            other.came_page(): 404,
            f"/van-ban-di/{others_draft}/": 404,
        }
        assert {page: browser.get(page).status_code for page in wanted} == wanted, (own, login)
        for place in LISTS:
            assert set(SUBJECT.findall(browser.get(place).content.decode())) <= {own}, (own, login, place)
