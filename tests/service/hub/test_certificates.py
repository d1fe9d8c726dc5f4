"""Which client certificate opens for which system, and when; what a proxy may say of one."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from django.test import Client

from lienthong.hub import certificates, policy
from lienthong.hub.models import System, SystemCertificate
from lienthong.hub.peers import Certificate
from lienthong.journal.models import Event
from lienthong.protocol.channel import Proxies, is_loopback
from lienthong.protocol.problems import CertificateEnded, CertificateMissing, CertificateUnknown, Problem
from lienthong.testing.pki import TestAuthority
from tests.service.hub.conftest import Country, now

SYSTEM = "G22"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def authority() -> Iterator[TestAuthority]:
    with tempfile.TemporaryDirectory() as folder:
        yield TestAuthority.create(Path(folder), "http://127.0.0.1:9")


@pytest.fixture
def behind_a_proxy() -> Iterator[None]:
    before = settings.LIENTHONG
    settings.LIENTHONG = before.at(trusted_proxies="127.0.0.1/32")
    yield
    settings.LIENTHONG = before


def refused(shown: bytes | None, *, later: timedelta = timedelta(0)) -> type[Problem] | None:
    """How the policy refuses a call of the system with this certificate, None when it lets it through."""
    certificate = Certificate.read(shown) if shown else None
    policy.forget_copy()
    try:
        policy.admit(SYSTEM, door="native", address="127.0.0.1", certificate=certificate, at=now() + later)
    except Problem as problem:
        return type(problem)
    return None


@pytest.mark.usefixtures("country")
def test_one_certificate_follows_another(authority: TestAuthority) -> None:
    old, new, other = (authority.issue_client(SYSTEM, SYSTEM).pem for _ in range(3))
    assert refused(None) is None
    assert refused(other) is None  # nothing is registered: whatever is shown says nothing
    first = certificates.add(SYSTEM, old, at=now())
    assert refused(other) is CertificateUnknown
    assert refused(None) is None
    certificates.require(SYSTEM, required=True, at=now())
    assert refused(None) is CertificateMissing
    second = certificates.add(SYSTEM, new, others_until=now() + 7 * DAY, at=now())
    assert [refused(old), refused(new), refused(other)] == [None, None, CertificateUnknown]
    assert [refused(old, later=8 * DAY), refused(new, later=8 * DAY)] == [CertificateEnded, None]
    certificates.remove(SYSTEM, second.fingerprint[:8].upper(), reason="Lộ khóa", at=now())
    assert refused(new) is CertificateUnknown
    told = Event.objects.filter(name__startswith="system.certificate_").order_by("id").values_list("name", "data")
    assert [(name.partition("_")[2], data["fingerprint"]) for name, data in told] == [
        ("added", first.fingerprint), ("added", second.fingerprint), ("ending", first.fingerprint),
        ("revoked", second.fingerprint),
    ]  # fmt: skip
    assert Event.objects.get(name="system.policy_changed").data == {"certificate_required": True}


@pytest.mark.usefixtures("country")
def test_an_earlier_end_can_be_set_and_set_again(authority: TestAuthority) -> None:
    pem = authority.issue_client(SYSTEM, SYSTEM).pem
    own_end = Certificate.read(pem).valid_to
    assert certificates.add(SYSTEM, pem, until=now() + DAY, at=now()).valid_to < own_end
    assert refused(pem, later=2 * DAY) is CertificateEnded
    assert certificates.add(SYSTEM, pem, until=own_end + DAY, at=now()).valid_to == own_end
    assert SystemCertificate.objects.count() == 1


@pytest.mark.usefixtures("country")
def test_what_opens_nothing_is_not_registered(authority: TestAuthority) -> None:
    ended = authority.issue_client(SYSTEM, SYSTEM, valid_from=now() - 9 * DAY, valid_to=now() - DAY).pem
    for raw, said in (
        (ended, "hết hạn"),
        (authority.issue_server("Máy chủ", ["localhost"]).pem, "clientAuth"),
        (b"-----BEGIN CERTIFICATE-----", "X.509"),
        (b"\x30\x00", "X.509"),
    ):
        with pytest.raises(ValueError, match=said):
            certificates.add(SYSTEM, raw, at=now())
    sound = authority.issue_client(SYSTEM, SYSTEM).pem
    with pytest.raises(ValueError, match="Không có hệ thống"):
        certificates.add("X99", sound, at=now())
    with pytest.raises(ValueError, match="certificate add"):
        certificates.require(SYSTEM, required=True, at=now())
    registered = certificates.add(SYSTEM, sound, at=now())
    for fingerprint, reason in ((registered.fingerprint, " "), ("", "Lộ"), ("0" * 64, "Lộ")):
        with pytest.raises(ValueError, match=r"[Ll]ý do|đúng một"):
            certificates.remove(SYSTEM, fingerprint, reason=reason, at=now())
    assert not System.objects.get(code=SYSTEM).certificate_required


@pytest.mark.law("R-13.2-1")
@pytest.mark.refuses("R-13.2-1")
def test_only_a_trusted_proxy_says_which_certificate_was_shown(country: Country, authority: TestAuthority) -> None:
    """Without one named, the hub believes nobody, on its own machine neither."""
    pem = authority.issue_client(SYSTEM, SYSTEM).pem
    certificates.add(SYSTEM, pem, at=now())
    bearer = country.native(SYSTEM)._bearer()
    certificates.require(SYSTEM, required=True, at=now())
    said = {"X-SSL-Client-Cert": quote(pem.decode()), **bearer}
    place = f"{country.url}/api/v1/inbox"
    answer = httpx.get(place, headers=said)
    assert (answer.status_code, answer.json()["code"]) == (403, CertificateMissing.code)
    before = settings.LIENTHONG
    settings.LIENTHONG = before.at(trusted_proxies="127.0.0.1/32")
    try:
        assert httpx.get(place, headers=said).status_code == 200
        garbled = {**said, "X-SSL-Client-Cert": "%%% no certificate"}
        assert httpx.get(place, headers=garbled).json()["code"] == CertificateMissing.code
        next_one = authority.issue_client(SYSTEM, SYSTEM).pem
        certificates.add(SYSTEM, next_one, at=now())
        certificates.remove(SYSTEM, Certificate.read(pem).fingerprint, reason="Lộ khóa", at=now())
        policy.forget_copy()
        answer = httpx.get(place, headers=said)
        assert (answer.status_code, answer.json()["code"]) == (403, CertificateUnknown.code)
        other = {**said, "X-SSL-Client-Cert": quote(next_one.decode())}
        assert httpx.get(place, headers=other).status_code == 200
    finally:
        settings.LIENTHONG = before


# -- how a call came -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "forwarded", "proto", "passes"),
    [
        ("127.0.0.1", "", "", True),
        ("", "", "", True),
        ("::1", "", "", True),
        ("127.0.0.1", "203.0.113.9", "https", True),
        ("10.0.0.2", "203.0.113.9", "HTTPS", True),
        ("127.0.0.1", "203.0.113.9", "http", False),
        ("127.0.0.1", "203.0.113.9", "", False),
        ("203.0.113.9", "", "https", False),
        ("203.0.113.9", "127.0.0.1", "https", False),
        ("10.0.0.2", "", "", False),
    ],
)
def test_what_others_could_have_read_does_not_pass(peer: str, forwarded: str, proto: str, passes: bool) -> None:
    assert Proxies.of("127.0.0.1/32,10.0.0.0/24").may_pass(peer, forwarded, proto) is passes


@pytest.mark.law("R-13.2-1")
@pytest.mark.refuses("R-13.2-1")
@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("place", ["/api/v1/time", "/sendEdoc", "/downloadEdoc", "/console/dang-nhap/", "/metrics"])
def test_a_call_from_beyond_this_machine_without_encryption_is_refused(client: Client, place: str) -> None:
    answer = client.get(place, REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")
    if place == "/sendEdoc":
        assert answer.json()["ErrorCode"] == "15"
    elif place == "/downloadEdoc":
        assert (answer.status_code, answer.content) == (403, b"")
    else:
        assert answer.status_code == 403
        assert "https" in answer.content.decode()


def test_names_of_this_machine_are_known() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "hub.example.gov.vn")))  # noqa: S104
