"""What a form, or the body of a request, may hold though nobody can have meant it: it is refused by name, and what is
kept can be shown afterwards."""

from datetime import UTC, datetime

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import requests, systems
from lienthong.hub.models import Agency, ChangeRequest, CodeChange, Declaration, Notice, System, SystemKey
from lienthong.hub.operators import Role
from lienthong.journal.record import Actor
from lienthong.protocol.problems import BadRequest
from tests.service.hub.conftest import Country, now
from tests.service.hub.people import sit_down
from tests.service.hub.test_console_registry import act, text

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
LONG = "Sở " * 100
ADD = "co-quan/them/ghi/"


@pytest.mark.parametrize("name", ["", " ", LONG])
def test_an_agency_has_a_name_that_fits(country: Country, name: str) -> None:
    assert "tối đa 200 ký tự" in act(sit_down(Role.REGISTRY), ADD, code="H41.10", name=name, parent="H41")
    assert not Agency.objects.filter(code="H41.10").exists()


def test_a_decision_is_kept_as_far_as_it_fits(country: Country) -> None:
    form = {"code": "H41.10", "name": "Sở", "parent": "H41", "on": "2027-01-01", "decision": LONG}
    assert act(sit_down(Role.REGISTRY), ADD, **form) == ""
    assert CodeChange.objects.get().decision == LONG[:200]


def test_a_day_before_all_others_is_none(country: Country) -> None:
    registry, officer, operator = sit_down(Role.REGISTRY), sit_down(Role.AGENCY, "H41"), sit_down()
    dated = {"name": "Sở", "on": FIRST_DAY, "decision": "1/QĐ"}
    assert "Ngày không đọc được" in act(registry, ADD, code="H41.10", parent="H41", **dated)
    assert "Ngày không đọc được" in act(registry, "co-quan/thay-doi/ghi/", kind="rename", codes="H41", **dated)
    assert "cần cả ngày hiệu lực" in act(
        officer, "co-quan/yeu-cau/gui/", act="register", code="H41.10", pcode="H41", **dated
    )
    assert not CodeChange.objects.exists()
    assert not ChangeRequest.objects.exists()
    # Of a notice it is no beginning: read back, it would stop everybody's list.
    assert (
        act(operator, "thong-bao/moi/", kind="rules", title="Chuẩn mới", text="x", starts_at=f"{FIRST_DAY}T00:00") == ""
    )
    assert Notice.objects.get().starts_at is None
    assert "Chuẩn mới" in text(operator, "thong-bao/")
    told = httpx.get(f"{country.url}/api/v1/notices", headers=country.native("H26")._bearer())
    assert told.status_code == 200
    key = SigningKey.generate().public_jwk()
    systems.change_key("G22", key, old_until=now(), at=now())
    since = {"kid": key["kid"], "reason": "mất máy", "since": f"{FIRST_DAY}T00:00"}
    assert "Ngày không đọc được" in act(operator, "he-thong/ma/G22/thu-hoi-khoa/", **since)
    assert SystemKey.objects.get(kid=key["kid"]).compromised_from is None
    text(operator, "he-thong/ma/G22/")


def test_a_declaration_without_end_can_be_shown(country: Country) -> None:
    registry = sit_down(Role.REGISTRY)
    form = {"product": "eOffice", "version": "1", "owner": "A", "number": "7/2026", "valid_from": "2026-01-01"}
    assert act(registry, "he-thong/ma/G22/hop-quy/", valid_to=LAST_DAY, **form) == ""
    assert Declaration.objects.get().valid_to.isoformat() == LAST_DAY
    assert "G22" in text(registry, "he-thong/")
    assert "eOffice" in text(registry, "he-thong/ma/G22/")


@pytest.mark.parametrize("place", ["he-thong/ma/G22/chung-thu/", "co-quan/ma/H41/chung-thu/"])
def test_a_certificate_without_end_can_be_shown(country: Country, place: str) -> None:
    """RFC 5280, 4.1.2.5: who knows no end of a certificate writes 99991231235959Z."""
    person = sit_down(Role.REGISTRY if place.startswith("co-quan") else Role.OPERATOR)
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "G22")]),
    )
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(7).not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    built = built.not_valid_after(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    der = built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    assert act(person, place, certificate=SimpleUploadedFile("a.der", der)) == ""
    text(person, place.replace("chung-thu/", ""))
    text(person, "he-thong/")
    listed = httpx.get(f"{country.url}/api/v1/agencies", headers=country.native("H26")._bearer())
    assert listed.status_code == 200


def test_a_system_is_not_connected_by_a_slip_in_an_address(country: Country) -> None:
    answer = sit_down(Role.REGISTRY).post("/console/he-thong/ma/KHONG.CO/co-quan/", {"agencies": "H41"})
    assert answer.status_code == 404
    assert not System.objects.filter(code="KHONG.CO").exists()


@pytest.mark.parametrize("odd", ["\ud800", "a\x00b"])
def test_what_no_database_can_hold_is_no_wish(country: Country, odd: str) -> None:
    asker = requests.officer(Actor("person", "a", "A", "H41"))
    with pytest.raises(BadRequest):
        requests.ask_to_register(asker, {"code": "H41.07", "name": odd, "pcode": "H41"}, at=now())
