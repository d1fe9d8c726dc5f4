"""Standing told by OCSP answers (RFC 6960), no list within reach: what sealing gathers, what the judge believes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from shutil import copytree

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lienthong.standards.signatures.agency import AgencySeals
from lienthong.standards.signatures.engine import sign_field
from lienthong.standards.signatures.errors import CertificateRevoked, MaterialUnavailable
from lienthong.standards.signatures.judge import judge
from lienthong.standards.signatures.layout import Place
from lienthong.standards.signatures.material import Material, Validation, read
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.pdf import open_reader
from lienthong.standards.signatures.report import Report, SignatureVerdict, Verdict
from lienthong.standards.signatures.sign import seal, sign_person
from lienthong.standards.signatures.trust import Trust
from lienthong.testing.pki import Identity, TestAuthority
from lienthong.testing.pki_answers import Office, standing_answer
from tests.unit.signatures.world import AGENCY, PERSON, numbered, prepared
from tests.unit.testing.world import DAY, T0, Watch, standing_request

BASE = "http://answers.test"  # an address of its own: how long time stamps are is remembered by address
QUESTION = "application/ocsp-request"


@dataclass
class Town:
    """An authority that gives no list of its certificates, only answers; a person, an agency, a clock."""

    authority: TestAuthority
    watch: Watch
    closed: set[str] = field(default_factory=lambda: {f"{BASE}/crl"})

    def __post_init__(self) -> None:
        self.person = self.authority.issue_person(PERSON)
        self.agency = self.authority.issue_agency(AGENCY, "H01")
        self.trust = Trust.from_pem(self.authority.trust_pem())

    def fetch(self, url: str, body: bytes | None, content_type: str) -> bytes:
        if url in self.closed:
            raise ConnectionRefusedError(url)
        return self.authority.fetch(url, body, content_type)

    @property
    def stamps(self) -> TimeStamps:
        return TimeStamps(f"{BASE}/tsa", self.fetch)

    @property
    def numbered(self) -> bytes:
        """Signed by the person and numbered."""
        ready = prepared()
        return numbered(sign_person(ready, key=self.person.key, timestamps=self.stamps, at=self.watch.now, image=None))

    def sealed(self) -> bytes:
        """The whole way, with the material that the network gives."""
        validation = Validation(self.trust, self.fetch)
        return seal(
            self.numbered, key=self.agency.key, timestamps=self.stamps, validation=validation, at=T0, image=None
        )

    def bare(self) -> bytes:
        """Signed and sealed by offices that asked nobody about their certificates: no material inside."""
        writer = IncrementalPdfFileWriter(BytesIO(self.numbered), strict=False)
        return sign_field(writer, Place.SEAL.value, key=self.agency.key, timestamps=self.stamps, at=T0)

    def answer(self, der: bytes) -> bytes:
        """What the authority answers about a certificate now."""
        return self.authority.fetch(f"{BASE}/ocsp", self.question(der), QUESTION)

    def question(self, der: bytes) -> bytes:
        own, above = x509.load_der_x509_certificate(der), x509.load_der_x509_certificate(self.authority.issuing_der)
        request = ocsp.OCSPRequestBuilder().add_certificate(own, above, hashes.SHA256()).build()
        return request.public_bytes(Encoding.DER)

    def forged(self, by: Office, *, revoked: bool = False) -> bytes:
        """An answer about the person, right in every word but signed by another."""
        return standing_answer(
            standing_request(self.person),
            issuer=x509.load_der_x509_certificate(self.authority.issuing_der),
            responder=by,
            issued={self.person.serial},
            revoked={self.person.serial: T0 - DAY} if revoked else {},
            at=self.watch.now,
        )

    def material(self, about_person: bytes | None) -> Material:
        """What a judge has at hand of everybody else, and this answer about the person."""
        others = (self.agency.certificate, self.authority.tsa_der)
        told = tuple(self.answer(der) for der in others) + (() if about_person is None else (about_person,))
        return Material(crls=(self.authority.fetch(f"{BASE}/crl/root", None, ""),), responses=told)

    def judged(self, pdf: bytes, material: Material | None = None) -> Report:
        seals = AgencySeals("H01", AGENCY, ((self.agency.certificate, T0 - DAY, None),))
        at = self.watch.now + DAY / 24
        return judge(pdf, trust=self.trust, at=at, agency=seals, signer_name=PERSON, material=material)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("answering") / "authority"
    TestAuthority.create(directory, BASE, clock=Watch())
    return directory


@pytest.fixture
def town(founded: Path, tmp_path: Path) -> Town:
    watch = Watch()
    return Town(TestAuthority.load(copytree(founded, tmp_path / "authority"), clock=watch), watch)


def codes(signature: SignatureVerdict) -> set[str]:
    return {found.code for found in signature.findings}


# --- good -------------------------------------------------------------------------------------------------------------


def test_answers_alone_make_a_document_good(town: Town) -> None:
    pdf = town.sealed()
    kept = read(open_reader(pdf))
    assert len(kept.responses) == 3, "of the person, the agency and the time stamps"
    root = x509.load_der_x509_certificate(town.authority.root_der)
    assert {x509.load_der_x509_crl(crl).issuer for crl in kept.crls} == {root.subject}, (
        "no list of the issuing authority"
    )
    report = town.judged(pdf)
    assert report.equivalent, report.to_json()


def test_answers_kept_in_a_document_speak_years_later(town: Town) -> None:
    pdf = town.sealed()
    town.watch.now = T0 + 10 * 365 * DAY
    assert town.judged(pdf).equivalent


def test_answers_at_hand_are_as_good_as_those_inside(town: Town) -> None:
    pdf = town.bare()
    assert codes(town.judged(pdf).signatures[0]) == {"no_revocation_information"}
    assert town.judged(pdf, town.material(town.answer(town.person.certificate))).equivalent


def test_the_issuer_may_answer_itself(town: Town) -> None:
    issuing = town.authority._offices["issuing"]
    assert town.judged(town.bare(), town.material(town.forged(issuing))).equivalent


# --- revoked ----------------------------------------------------------------------------------------------------------


def test_the_revoked_are_not_sealed(town: Town) -> None:
    town.authority.revoke(town.person, T0 - DAY)
    with pytest.raises(CertificateRevoked):
        town.sealed()


def test_a_revocation_before_the_signature_fails_it(town: Town) -> None:
    """Also one that became known only later, against the good answer that the document carries."""
    pdf = town.sealed()
    town.authority.revoke(town.person, T0 - DAY)
    town.watch.now = T0 + DAY
    report = town.judged(pdf, Material(responses=(town.answer(town.person.certificate),)))
    person, agency = report.signatures
    assert (person.verdict, person.indication, agency.verdict) == (Verdict.FAILED, "REVOKED", Verdict.PASSED)
    assert not report.equivalent


def test_a_revocation_after_the_signature_does_not(town: Town) -> None:
    pdf = town.sealed()
    town.authority.revoke(town.person, T0 + DAY)
    town.watch.now = T0 + 2 * DAY
    answer = town.answer(town.person.certificate)
    assert ocsp.load_der_ocsp_response(answer).certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert town.judged(pdf, Material(responses=(answer,))).equivalent


# --- not to be believed -----------------------------------------------------------------------------------------------


def stale(town: Town) -> bytes:
    """An answer whose time was over before the signature."""
    town.watch.now = T0 - 2 * DAY
    answer = town.answer(town.person.certificate)
    town.watch.now = T0
    return answer


def of_a_stranger(town: Town, *, revoked: bool = False) -> bytes:
    """Signed by somebody else's responder."""
    other = Town(TestAuthority.create(town.authority._directory.parent / "other", BASE, clock=town.watch), town.watch)
    return town.forged(other.authority._offices["ocsp"], revoked=revoked)


def of_a_colleague(town: Town, *, revoked: bool = False) -> bytes:
    """Signed with a certificate of the same issuer that is not for answering."""
    return town.forged(_office(town, town.authority.issue_person("Lê Minh Đức", ec=True)), revoked=revoked)


def of_the_person(town: Town) -> bytes:
    """Signed by the one whom it is about."""
    return town.forged(_office(town, town.person))


def _office(town: Town, identity: Identity) -> Office:
    above = tuple(x509.load_der_x509_certificate(der) for der in identity.chain)
    return Office(identity.x509, identity.private_key, above)


def spoilt(town: Town) -> bytes:
    """A good answer with one bit of its signature changed."""
    answer = bytearray(town.answer(town.person.certificate))
    signature = ocsp.load_der_ocsp_response(bytes(answer)).signature
    answer[answer.index(signature) + 20] ^= 1
    return bytes(answer)


def about_another(town: Town) -> bytes:
    return town.answer(town.authority.issue_person(PERSON, ec=True).certificate)


def unknown(town: Town) -> bytes:
    """The issuer knows no such certificate."""
    issuer, offices = x509.load_der_x509_certificate(town.authority.issuing_der), town.authority._offices
    asked = standing_request(town.person)
    return standing_answer(asked, issuer=issuer, responder=offices["ocsp"], issued=(), revoked={}, at=T0)


def unsuccessful(town: Town) -> bytes:
    return town.authority.fetch(f"{BASE}/ocsp", b"junk", QUESTION)


def no_answer(town: Town) -> bytes:
    return b"<html>503</html>"


BAD = [stale, of_a_stranger, of_a_colleague, of_the_person, spoilt, about_another, unknown, unsuccessful, no_answer]


@pytest.mark.parametrize("made", BAD)
def test_the_judge_does_not_believe(made: Callable[[Town], bytes], town: Town) -> None:
    report = town.judged(town.bare(), town.material(made(town)))
    person, agency = report.signatures
    assert codes(person) == {"no_revocation_information"}
    assert (person.verdict, agency.verdict) == (Verdict.INDETERMINATE, Verdict.PASSED)
    assert not report.equivalent


@pytest.mark.parametrize("made", BAD)
def test_a_seal_is_not_set_on(made: Callable[[Town], bytes], town: Town) -> None:
    """Answers that will not be believed are not taken into a document; nothing is issued."""
    asked, answer = town.question(town.person.certificate), made(town)

    def fetch(url: str, body: bytes | None, content_type: str) -> bytes:
        return answer if body == asked else town.fetch(url, body, content_type)

    validation = Validation(town.trust, fetch)
    with pytest.raises(MaterialUnavailable):
        seal(town.numbered, key=town.agency.key, timestamps=town.stamps, validation=validation, at=T0, image=None)


@pytest.mark.parametrize("made", [of_a_stranger, of_a_colleague])
def test_nobody_else_can_revoke(made: Callable[..., bytes], town: Town) -> None:
    pdf = town.sealed()
    assert town.judged(pdf, Material(responses=(made(town, revoked=True),))).equivalent


# --- unreachable ------------------------------------------------------------------------------------------------------


def test_nothing_is_sealed_while_nobody_answers(town: Town) -> None:
    town.closed.add(f"{BASE}/ocsp")
    with pytest.raises(MaterialUnavailable):
        town.sealed()


def test_a_list_does_when_nobody_answers(town: Town) -> None:
    town.closed = {f"{BASE}/ocsp"}
    pdf = town.sealed()
    assert read(open_reader(pdf)).responses == ()
    assert town.judged(pdf).equivalent
