"""One installation with two agencies, by HTTP and with the processes as they run: a document stays inside it by a named
decision while the hub is gone, a worker is killed on the way, and the other agency's answers come back."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from lienthong.runtime.demo.cast import G22, H41, House
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.desk import Desk, Page
from lienthong.runtime.demo.documents import DECISION
from lienthong.runtime.demo.story import Story
from lienthong.runtime.prepare import prepare_apart
from tests import commands
from tests.journey.countries import fresh_country

pytestmark = pytest.mark.xdist_group("journey-inside")

SECOND = replace(
    H41, code="G22.01", alias="000.00.01.G22", name="Cục Bịa", short_name="Cục Bịa", abbreviation="CB", place="Hà Nội"
)
"""The second agency that the office of G22 serves."""


@dataclass
class Inside:
    """The country in which the office of G22 serves a second agency, and people of that."""

    country: Country
    desks: dict[str, Desk]

    def desk(self, login: str) -> Desk:
        """A person of the second agency, signed in."""
        if login not in self.desks:
            account = f"{login}.{SECOND.code.lower()}"
            self.desks[login] = Desk(self.country.address("G22"), account, self.country.passwords[account])
            self.desks[login].sign_in()
        return self.desks[login]

    def command(self, *words: str) -> str:
        """Run `lienthong office WORDS` beside the running office."""
        told = self.country.supervisors["G22"].settings
        beside = {**os.environ, "DATABASE_URL": told.database_url}
        done = commands.run("office", *words, "--data", str(told.data), environment=beside)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def inside() -> Iterator[Inside]:
    with fresh_country() as country:
        _add(country, SECOND)
        found = Inside(country, {})
        yield found
        for desk in found.desks.values():
            desk.http.close()


def _add(country: Country, house: House) -> None:
    """Register an agency at the hub for the system of G22, and set it up in that system's office."""
    plan = country._office_plan(house, country.authority)
    prepare_apart(country.supervisors["G22"].settings, plan)
    keys = country.supervisors["G22"].settings.data / "keys"
    registered = {
        "agencies": [{"code": house.code, "name": house.name, "aliases": [house.alias]}],
        "systems": [
            {
                "code": "G22", "name": G22.name, "agencies": ["G22", house.code], "key": country._system_key(G22),
                "vxp_secret": (keys / "vxp-secret").read_text(),
            }
        ],
        "seals": [{"agency": house.code, "certificate": plan["seal"]["certificate"]}],
        "operators": [],
    }  # fmt: skip
    prepare_apart(country.supervisors["hub"].settings, json.loads(json.dumps(registered)))


@pytest.mark.law("R-3.3-1", "R-6.3-1", "R-8.2-2", "R-8.2-3", "R-9.2-1")
def test_a_document_stays_inside_and_comes_to_its_end_while_the_hub_is_gone(inside: Inside) -> None:
    country = inside.country
    with Story(country) as story:
        clerk = story.desk("G22", "van.thu")
        drafter = story.desk("G22", "chuyen.vien")
        drafter.wait_for("/van-ban-di/soan/", lambda p: p.says("Cục Bịa"), what="Cục Bịa trong danh mục", seconds=60)
        assert "12/QĐ-VPCP" in inside.command("local-exchange", "--reference", "12/QĐ-VPCP ngày 02/11/2026")
        assert clerk.open("/co-quan/").says("12/QĐ-VPCP ngày 02/11/2026")
        country.supervisors["hub"].stop()
        address = story.draft_and_seal(replace(DECISION, appendixes=""), (SECOND.code, "H41"))
        page = clerk.open(address)
        assert page.says("Gửi tới 1 nơi nhận trong nội bộ hệ thống, không qua Trục")
        worker = country.pid_of_worker("G22")
        os.kill(worker, signal.SIGSTOP)
        identifier = clerk.send(page.form("issue")).data("identifier")
        os.kill(worker, signal.SIGKILL)

        def stands(*states: str) -> Page:
            return clerk.wait_for(
                address, lambda p: p.all_data("sending") == list(states), what=f"{states} tại bên gửi", seconds=60
            )

        page = stands("01", "waiting")
        assert page.root.xpath("//tr[@data-recipient='G22.01']//*[@data-carrier='local']")
        assert not page.root.xpath("//tr[@data-recipient='H41']//*[@data-carrier='local']")
        there = inside.desk("van.thu")
        row = f"//tr[@data-document='{identifier}']"
        listed = there.open("/van-ban-den/")
        assert len(listed.root.xpath(row)) == 1
        received = there.open(listed.root.xpath(f"{row}//a/@href")[0])
        assert received.data("legal") == "equivalent"
        assert set(received.all_data("result")) == {"passed"}
        assert there.send(received.form("accept")).data("state") == "accepted"
        recall = clerk.open(address).form("recall")
        (chosen,) = recall.element.xpath(".//label[contains(., 'Cục Bịa')]//input/@value")
        clerk.send(recall, {"recipient": chosen, "reason": "Ban hành nhầm thẩm quyền", "authority": "Phó Chủ nhiệm"})
        recalled = there.wait_for(received.url, lambda p: p.offers("obey"), what="lệnh thu hồi")
        assert there.send(recalled.form("obey")).data("state") == "cancelled"
        stands("recalled", "waiting")
        proofs = clerk.open(f"{address}bang-chung/")
        assert proofs.says("không có biên nhận của Trục")
        assert {"submission", "handover"} <= set(proofs.all_data("statement"))
        assert "acceptance" not in proofs.all_data("statement")
