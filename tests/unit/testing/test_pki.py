"""The test authority: its certificates, what it keeps, what it revokes."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from lienthong.standards.signatures.errors import CertificateRevoked, WrongPin
from lienthong.standards.signatures.keys import SoftKey
from lienthong.standards.signatures.material import Validation
from lienthong.standards.signatures.revocation import standing
from lienthong.standards.signatures.trust import ChainProblem, Trust
from lienthong.testing.pki import (
    AddressUnknown,
    AuthorityExists,
    AuthorityMissing,
    Identity,
    RequestWrong,
    TestAuthority,
)
from tests.unit.testing.world import BASE, DAY, T0, Watch, ask_standing, standing_request

PERSON = "Nguyễn Thị Hoà"


def test_a_persons_chain_leads_to_the_root(shared: TestAuthority) -> None:
    person = shared.issue_person(PERSON, "Chủ tịch", "Ủy ban nhân dân tỉnh")
    trust = Trust.from_pem(shared.trust_pem())

    chain = trust.chain(person.certificate, (), T0)

    assert chain == (person.certificate, shared.issuing_der, shared.root_der)
    assert person.chain == chain[1:]
    assert trust.key_is_strong(person.certificate)


def test_a_chain_of_another_authority_is_not_trusted(shared: TestAuthority, stranger: TestAuthority) -> None:
    person = stranger.issue_person(PERSON, ec=True)

    with pytest.raises(ChainProblem) as refused:
        Trust.from_pem(shared.trust_pem()).chain(person.certificate, person.chain, T0)
    assert refused.value.indication in {"NO_CERTIFICATE_CHAIN_FOUND", "CERTIFICATE_CHAIN_GENERAL_FAILURE"}


def test_subject_names_the_person(shared: TestAuthority) -> None:
    subject = shared.issue_person(PERSON, "Chủ tịch", "Ủy ban nhân dân tỉnh", ec=True).x509.subject

    found = {part.oid: part.value for part in subject}
    assert found[NameOID.COMMON_NAME] == PERSON
    assert found[NameOID.TITLE] == "Chủ tịch"
    assert found[NameOID.ORGANIZATION_NAME] == "Ủy ban nhân dân tỉnh"


def test_subject_names_the_agency_and_its_code(shared: TestAuthority) -> None:
    long = "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh Thừa Thiên Huế"
    found = {part.oid: part.value for part in shared.issue_agency(long, "H57.1", ec=True).x509.subject}

    assert found[NameOID.ORGANIZATION_NAME] == long
    assert found[NameOID.ORGANIZATION_IDENTIFIER] == "H57.1"
    common = found[NameOID.COMMON_NAME]
    assert isinstance(common, str)
    assert long.startswith(common)
    assert len(common.encode()) <= 64


def test_certificates_tell_where_their_standing_is(shared: TestAuthority) -> None:
    extensions = shared.issue_person(PERSON, ec=True).x509.extensions
    points = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    access = extensions.get_extension_for_class(x509.AuthorityInformationAccess).value

    assert [name.value for point in points for name in point.full_name or ()] == [f"{BASE}/crl"]
    addresses = {item.access_method: item.access_location.value for item in access}
    assert addresses[AuthorityInformationAccessOID.OCSP] == f"{BASE}/ocsp"
    assert shared.fetch(addresses[AuthorityInformationAccessOID.CA_ISSUERS], None, "") == shared.issuing_der


def test_the_stampers_only_purpose_is_critical(shared: TestAuthority) -> None:
    extension = x509.load_der_x509_certificate(shared.tsa_der).extensions.get_extension_for_class(x509.ExtendedKeyUsage)

    assert extension.critical
    assert [purpose.dotted_string for purpose in extension.value] == ["1.3.6.1.5.5.7.3.8"]


def test_usage_is_for_signing_unless_spoilt(shared: TestAuthority) -> None:
    good = shared.issue_person(PERSON, ec=True).x509.extensions.get_extension_for_class(x509.KeyUsage).value
    bad = shared.issue_person(PERSON, ec=True, usage_ok=False).x509.extensions.get_extension_for_class(x509.KeyUsage)

    assert good.digital_signature
    assert good.content_commitment
    assert not bad.value.digital_signature
    assert not bad.value.content_commitment


def test_keys_are_of_the_kind_asked_for(shared: TestAuthority) -> None:
    assert isinstance(shared.issue_agency("Sở Nội vụ", "H01.5", ec=True).private_key, ec.EllipticCurvePrivateKey)
    assert isinstance(shared.issue_agency("Sở Nội vụ", "H01.5").private_key, rsa.RSAPrivateKey)


def test_pkcs12_carries_key_and_chain(shared: TestAuthority) -> None:
    person = shared.issue_person(PERSON, ec=True)
    data = person.pkcs12("mật khẩu")

    key = SoftKey.from_pkcs12(data, "mật khẩu")

    assert (key.certificate, key.chain) == (person.certificate, person.chain)
    public = person.x509.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(key.sign(b"x", "sha256"), b"x", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(WrongPin):
        SoftKey.from_pkcs12(data, "sai")
    # PBES2 (1.2.840.113549.1.5.13) and none of the old ciphers of PKCS#12 (1.2.840.113549.1.12.1).
    assert bytes.fromhex("2a864886f70d01050d") in data
    assert bytes.fromhex("2a864886f70d010c01") not in data


def test_an_expired_certificate_was_good_before(authority: TestAuthority) -> None:
    person = authority.issue_person(PERSON, ec=True, valid_from=T0 - 400 * DAY, valid_to=T0 - 30 * DAY)
    trust = Trust.from_pem(authority.trust_pem())

    assert trust.chain(person.certificate, (), T0 - 31 * DAY)
    with pytest.raises(ChainProblem) as refused:
        trust.chain(person.certificate, (), T0)
    assert refused.value.indication == "EXPIRED"


def test_revocation_shows_in_list_and_answer(authority: TestAuthority, watch: Watch) -> None:
    person, colleague = authority.issue_person(PERSON, ec=True), authority.issue_person("Lê Minh Đức", ec=True)
    assert ask_standing(authority, standing_request(person)).certificate_status is ocsp.OCSPCertStatus.GOOD

    authority.revoke(person, T0 + DAY)
    before = authority.crl()
    watch.now = T0 + 2 * DAY

    crl = x509.load_der_x509_crl(authority.crl())
    entry = crl.get_revoked_certificate_by_serial_number(person.serial)
    assert entry is not None
    assert entry.revocation_date_utc == T0 + DAY
    assert crl.get_revoked_certificate_by_serial_number(colleague.serial) is None
    assert x509.load_der_x509_crl(before).get_revoked_certificate_by_serial_number(person.serial) is None
    answer = ask_standing(authority, standing_request(person))
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_time_utc == T0 + DAY
    assert ask_standing(authority, standing_request(colleague)).certificate_status is ocsp.OCSPCertStatus.GOOD


def test_judging_believes_list_and_answer(authority: TestAuthority, watch: Watch) -> None:
    person = authority.issue_person(PERSON, ec=True)
    validation = Validation(Trust.from_pem(authority.trust_pem()), authority.fetch)
    assert len(validation.collect(person.certificate, (), T0).crls) == 2

    authority.revoke(person.serial, T0)
    watch.now = T0 + DAY

    with pytest.raises(CertificateRevoked):
        validation.collect(person.certificate, (), watch.now)
    answer = authority.fetch(f"{BASE}/ocsp", standing_request(person), "application/ocsp-request")
    said = standing(person.certificate, authority.issuing_der, crls=(), responses=[answer], at=watch.now)
    assert said.revoked_at == T0


def test_the_issuing_authority_is_revoked_on_the_roots_list(authority: TestAuthority) -> None:
    serial = x509.load_der_x509_certificate(authority.issuing_der).serial_number
    authority.revoke(serial, T0)

    of_root = x509.load_der_x509_crl(authority.fetch(f"{BASE}/crl/root", None, ""))
    assert of_root.get_revoked_certificate_by_serial_number(serial) is not None
    assert x509.load_der_x509_crl(authority.crl()).get_revoked_certificate_by_serial_number(serial) is None


def test_the_earlier_revocation_stands(authority: TestAuthority) -> None:
    authority.revoke(77, T0 - 2 * DAY)
    authority.revoke(77, T0 - DAY)

    entry = x509.load_der_x509_crl(authority.crl()).get_revoked_certificate_by_serial_number(77)
    assert entry is not None
    assert entry.revocation_date_utc == T0 - 2 * DAY


def test_standing_answers_refuse_what_is_not_theirs(shared: TestAuthority, stranger: TestAuthority) -> None:
    person = stranger.issue_person(PERSON, ec=True)
    never_issued = standing_request(person, issuer=shared.issuing_der)

    broken = ask_standing(shared, b"junk")
    assert broken.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    foreign = ask_standing(shared, standing_request(person))
    assert foreign.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED
    assert ask_standing(shared, never_issued).certificate_status is ocsp.OCSPCertStatus.UNKNOWN


def test_standing_answers_give_the_nonce_back(shared: TestAuthority) -> None:
    answer = ask_standing(shared, standing_request(shared.issue_person(PERSON, ec=True), nonce=b"0123456789abcdef"))

    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"0123456789abcdef"


@pytest.mark.parametrize(
    ("address", "body", "kind", "error"),
    [
        (f"{BASE}/nowhere", None, "", AddressUnknown),
        ("http://other.test/crl", None, "", AddressUnknown),
        (f"{BASE}x/crl", None, "", AddressUnknown),
        (f"{BASE}/tsa", None, "", RequestWrong),
        (f"{BASE}/tsa", b"", "text/plain", RequestWrong),
        (f"{BASE}/ocsp", b"", "application/timestamp-query", RequestWrong),
    ],
)
def test_wrong_addresses_and_kinds_are_refused(
    shared: TestAuthority, address: str, body: bytes | None, kind: str, error: type[OSError]
) -> None:
    with pytest.raises(error):
        shared.fetch(address, body, kind)


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_keys_are_readable_by_their_owner_only(authority: TestAuthority, tmp_path: Path) -> None:
    authority.identity("van.thu@H41", lambda: authority.issue_person(PERSON, ec=True))

    keys = list(tmp_path.rglob("*.key"))
    assert len(keys) == 5
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_everything_outlives_the_process(authority: TestAuthority, tmp_path: Path, watch: Watch) -> None:
    person = authority.issue_person(PERSON, ec=True)
    authority.revoke(person, T0)

    again = TestAuthority.load(tmp_path / "authority", clock=watch)

    assert again.trust_pem() == authority.trust_pem()
    assert again.base_url == BASE
    assert ask_standing(again, standing_request(person)).certificate_status is ocsp.OCSPCertStatus.REVOKED


def test_two_holders_of_one_directory_see_each_other(authority: TestAuthority, tmp_path: Path, watch: Watch) -> None:
    other = TestAuthority.open(tmp_path / "authority", "http://elsewhere.test", clock=watch)
    person = authority.issue_person(PERSON, ec=True)

    assert other.base_url == BASE
    assert ask_standing(other, standing_request(person)).certificate_status is ocsp.OCSPCertStatus.GOOD
    other.revoke(person, T0)
    assert ask_standing(authority, standing_request(person)).certificate_status is ocsp.OCSPCertStatus.REVOKED


def test_nothing_is_lost_when_many_issue_at_once(authority: TestAuthority) -> None:
    with ThreadPoolExecutor(4) as pool:
        people = list(pool.map(lambda n: authority.issue_person(f"Người {n}", ec=True), range(16)))

    found = {ask_standing(authority, standing_request(one)).certificate_status for one in people}
    assert found == {ocsp.OCSPCertStatus.GOOD}


def test_an_identity_is_made_once(authority: TestAuthority, tmp_path: Path, watch: Watch) -> None:
    made: list[Identity] = []

    def make() -> Identity:
        made.append(authority.issue_person(PERSON, ec=True))
        return made[-1]

    first = authority.identity("lãnh đạo/H41", make)
    again = TestAuthority.load(tmp_path / "authority", clock=watch).identity("lãnh đạo/H41", make)

    assert len(made) == 1
    assert first == again == made[0]
    assert SoftKey.from_pkcs12(again.pkcs12("1"), "1").certificate == first.certificate


def test_an_authority_is_not_made_twice_nor_found_where_none_is(authority: TestAuthority, tmp_path: Path) -> None:
    with pytest.raises(AuthorityExists):
        TestAuthority.create(tmp_path / "authority", BASE)
    with pytest.raises(AuthorityMissing) as missing:
        TestAuthority.load(tmp_path / "nowhere")
    assert "không có" in missing.value.message_vi
    assert missing.value.next_vi


def test_trust_is_written_as_members_read_it(shared: TestAuthority, tmp_path: Path) -> None:
    shared.write_trust(tmp_path / "trust")

    trust = Trust.from_directory(tmp_path / "trust")
    assert trust.roots == (shared.root_der,)
    assert set(trust.issuers) == {shared.issuing_der, shared.tsa_der}


def test_without_a_clock_the_time_is_now(tmp_path: Path) -> None:
    authority = TestAuthority(tmp_path, BASE)
    own = authority.issue_person(PERSON, ec=True).x509

    assert own.not_valid_before_utc < datetime.now(UTC) < own.not_valid_after_utc
