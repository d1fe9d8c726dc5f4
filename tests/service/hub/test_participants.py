"""On which terms somebody takes part: readiness, conformity, security level, pilot; figures without a break."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import agencies, codes, figures, participants
from lienthong.hub.codes import Kind, Plan
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.models import Event
from lienthong.protocol import problems
from lienthong.standards.agencies import Category
from tests.service.hub.conftest import Country, make_document, now, receive_all, submit
from tests.service.hub.test_code_changes import DECISION, today

READY = {"infrastructure": True, "technology": True, "security": True}


@pytest.mark.law("R-2.2-1", "R-21.3-1", "R-6.5-1")
@pytest.mark.refuses("R-2.2-1")
def test_an_organisation_outside_the_law_joins_once_it_is_ready(country: Country) -> None:
    agencies.add_agency("D01", name="Hội Chữ thập đỏ Việt Nam", category=Category.OTHER, at=now())
    with pytest.raises(problems.NotConnected):
        submit(country.native("G22"), make_document(("D01",)))
    with pytest.raises(RegistryRefused, match="hạ tầng, công nghệ, an toàn thông tin"):
        agencies.add_system("D01", name="Hội", agencies=["D01"], at=now())
    participants.note_readiness("D01", **{**READY, "security": False}, at=now())
    with pytest.raises(RegistryRefused, match=": an toàn thông tin;"):
        agencies.add_system("D01", name="Hội", agencies=["D01"], at=now())
    participants.note_readiness("D01", **READY, note="Biên bản 12/BB-VPCP", at=now())
    agencies.add_system("D01", name="Hội", agencies=["D01"], at=now())
    assert submit(country.native("G22"), make_document(("D01",))).deliveries[0].routed_to == "D01"
    assert {one.code: one.connected for one in country.native("G22").directory()}["D01"]


@pytest.mark.law("R-2.2-1")
@pytest.mark.refuses("R-2.2-1")
def test_who_is_found_not_ready_any_more_is_no_recipient(country: Country) -> None:
    agencies.add_agency("D01", name="Hội", category=Category.OTHER, at=now())
    participants.note_readiness("D01", **READY, at=now())
    agencies.add_system("D01", name="Hội", agencies=["D01"], at=now())
    agencies.directory()
    participants.note_readiness("D01", **{**READY, "technology": False}, at=now())
    with pytest.raises(problems.NotConnected):
        submit(country.native("G22"), make_document(("D01",)))


def connect(country: Country, system: str) -> list[str]:
    """The codes of what a system is reminded of when it gets a token."""
    claims = {
        "iss": system, "sub": system, "aud": "000.00.00.TLT", "jti": SigningKey.generate().public_jwk()["kid"][:40],
        "exp": now().timestamp() + 60,
    }  # fmt: skip
    form = {"grant_type": "client_credentials", "client_assertion": country.keys[system].sign_claims(claims)}
    answer: dict[str, Any] = httpx.post(f"{country.url}/api/v1/token", data=form).json()
    assert answer["access_token"]
    return [one["code"] for one in answer["warnings"]]


def declare(system: str, days: int, **more: str) -> None:
    facts = {"product": "Liên Thông", "version": "0.1", "owner": "VPCP", "number": "01/CBHQ", **more}
    participants.declare(system, **facts, valid_from=today(), valid_to=today() + timedelta(days=days), at=now())  # type: ignore[arg-type]


@pytest.mark.law("R-16.1-3", "R-13.1-1")
@pytest.mark.refuses("R-16.1-3")
def test_a_system_that_is_not_registered_is_reminded_when_it_connects(country: Country) -> None:
    assert connect(country, "G22") == ["undeclared", "no_security_level"]
    assert connect(country, "G22") == ["undeclared", "no_security_level"]
    assert Event.objects.filter(name="system.undeclared_connected", subject="G22").count() == 1
    declare("G22", 10)
    assert connect(country, "G22") == ["declaration_ends", "no_security_level"]
    declare("G22", 400, number="02/CBHQ")
    participants.set_level("G22", level=3, decision="45/QĐ-VPCP", at=now())
    assert connect(country, "G22") == []
    assert [one.code for one in participants.reminders("G22", now() + timedelta(days=401))] == ["undeclared"]


def test_a_record_without_its_decision_is_no_record(country: Country) -> None:
    faults = {
        "declaration_incomplete": lambda: declare("G22", 10, number=" "),
        "level_incomplete": lambda: participants.set_level("G22", level=3, decision="", at=now()),
        "unknown_system": lambda: participants.set_level("X", level=3, decision="1", at=now()),
        "unknown_code": lambda: participants.note_readiness("X", **READY, at=now()),
    }
    for refusal, act in faults.items():
        with pytest.raises(RegistryRefused) as refused:
            act()
        assert refused.value.refusal == refusal
    with pytest.raises(RegistryRefused):
        declare("G22", -1)
    with pytest.raises(RegistryRefused):
        participants.set_level("G22", level=6, decision="1", at=now())


def count(code: str) -> tuple[int, int, int, int]:
    agencies.forget_copy()
    span = {"since": now() - timedelta(days=1), "until": now() + timedelta(days=1)}
    found = figures.of_agency(code, agencies.directory(), **span)
    return found.sent, found.received, found.pilot_sent, found.pilot_received


@pytest.mark.law("R-21.1-1", "R-11-1")
def test_pilots_are_counted_apart(country: Country) -> None:
    participants.set_pilot("H26", True, at=now())
    submit(country.native("G22"), make_document(("H41", "H26")))
    submit(country.native("H26"), make_document(("H41",), sender="H26"))
    for code in ("H41", "H26"):
        receive_all(country.native(code))
    assert (count("G22"), count("H26")) == ((1, 0, 0, 0), (0, 0, 1, 1))
    assert count("H41") == (0, 1, 0, 1)
    participants.set_pilot("H26", False, at=now())
    assert count("H41") == (0, 2, 0, 0)


@pytest.mark.law("R-16.1-1")
def test_figures_go_on_across_a_merger(country: Country) -> None:
    submit(country.native("G22"), make_document(("H41", "H26")))
    submit(country.native("H26"), make_document(("G22",), sender="H26"))
    receive_all(country.native("H26"))
    codes.file(Plan(Kind.MERGE, ("H26",), today(), DECISION, ("H41",)), at=now())
    agencies.forget_copy()
    receive_all(country.native("H41"))
    submit(country.native("G22"), make_document(("H26",)))
    receive_all(country.native("H41"))
    assert count("H41") == (1, 3, 0, 0)
    early = {"since": datetime.fromisoformat("2018-09-06T00:00:00+07:00"), "until": now() - timedelta(days=1)}
    assert figures.of_agency("H41", agencies.directory(), **early).received == 0
