"""A small world to sign in: an authority with a clock that can be turned, people, agencies, a draft with its places."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import typst
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lienthong.standards.signatures.agency import AgencySeals, SealPeriod
from lienthong.standards.signatures.engine import HeldSigner
from lienthong.standards.signatures.judge import Expected, judge
from lienthong.standards.signatures.keys import SoftKey
from lienthong.standards.signatures.layout import Place, Slot
from lienthong.standards.signatures.material import Validation
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.report import Report
from lienthong.standards.signatures.sign import fill, prepare, seal, sign_person
from lienthong.standards.signatures.trust import Trust

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
PERSON, AGENCY = "Nguyễn Thị Hoà", "Ủy ban nhân dân tỉnh Thử Nghiệm"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_DRAFT = """
#set page("a4")
#set text(font: "Liberation Serif", size: 13pt, lang: "vi")
#let slot(name, width) = box(width: width, height: 14pt, context [
  #let p = here().position()
  #metadata((name, p.page, p.x.pt(), p.y.pt(), width.pt()))<slot>
])
Số: #slot("so", 34pt)/QĐ-UBND #h(1fr) ngày #slot("ngay", 18pt) tháng #slot("thang", 14pt) năm 2026

#lorem(120)
"""
"""A page as an office's layout program makes it: empty boxes on the line, which tell where they came to stand."""


def _slots() -> tuple[Slot, ...]:
    found = json.loads(typst.query(_DRAFT.encode(), "<slot>", field="value"))
    kept = [Slot(Place(name), page, x, y, width, 14) for name, page, x, y, width in found]
    return (*kept, Slot(Place.SIGNATURE, 1, 340, 500, 140, 70), Slot(Place.SEAL, 1, 285, 485, 100, 100))


SLOTS = _slots()


@dataclass(frozen=True)
class Owner:
    """A certificate, its key, and the key as an act takes it."""

    certificate: x509.Certificate
    private: PrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def pkcs12(self, password: str) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"key", self.private, self.certificate, self.chain, BestAvailableEncryption(password.encode())
        )

    @property
    def key(self) -> SoftKey:
        return SoftKey(self.der, tuple(c.public_bytes(Encoding.DER) for c in self.chain), self.private)


@dataclass
class World:
    """An authority in memory: root, issuing authority, time stamps, revocation lists; the time is `now`."""

    now: datetime = T0
    use_rsa: bool = False
    reachable: bool = True
    revoked: dict[int, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root = self.issue("Gốc thử nghiệm", above=None, authority=True)
        self.issuing = self.issue("Cơ quan chứng thực thử nghiệm", above=self.root, authority=True)
        self.stamper = self.issue("Dấu thời gian thử nghiệm", stamps=True)

    def issue(
        self,
        name: str,
        *,
        above: "Owner | str | None" = "issuing",
        authority: bool = False,
        stamps: bool = False,
        usage: bool = True,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
    ) -> Owner:
        """A certificate for `name`; `above=None` is self-signed."""
        issuer = self.issuing if isinstance(above, str) else above
        private: PrivateKey = (
            rsa.generate_private_key(65537, 2048) if self.use_rsa else ec.generate_private_key(ec.SECP256R1())
        )
        subject = x509.Name(
            [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
        )
        signer = issuer.private if issuer else private
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid_from or T0 - YEAR)
            .not_valid_after(valid_to or T0 + (20 if authority else 3) * YEAR)
            .add_extension(x509.BasicConstraints(authority, None), True)
            .add_extension(_usage(authority, usage), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
        )
        if stamps:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        if issuer:
            level = "root" if issuer.certificate.subject == issuer.certificate.issuer else "issuing"
            uri = x509.UniformResourceIdentifier(f"http://pki.test/{level}.crl")
            points = x509.CRLDistributionPoints([x509.DistributionPoint([uri], None, None, None)])
            builder = builder.add_extension(points, False)
        chain = () if issuer is None else tuple(c for c in (issuer.certificate, *issuer.chain))
        return Owner(builder.sign(signer, hashes.SHA256()), private, chain)

    def fetch(self, url: str, body: bytes | None, content_type: str) -> bytes:
        """Answer like the authority's web server would."""
        if not self.reachable:
            raise ConnectionRefusedError(url)
        if url.endswith("/tsa"):
            assert body is not None
            assert content_type == "application/timestamp-query"
            return self._stamp(tsp.TimeStampReq.load(body))
        return self.crl(self.root if "root" in url else self.issuing)

    def _stamp(self, request: tsp.TimeStampReq) -> bytes:
        """A time-stamp response of this moment (RFC 3161)."""
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.3.6.1.4.1.4146.2.2",
                "message_imprint": request["message_imprint"],
                "serial_number": x509.random_serial_number(),
                "gen_time": self.now,
                "nonce": request["nonce"],
            }
        )
        content = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": cms.ParsableOctetString(info.dump())}
        )
        signing = HeldSigner(self.stamper.key).async_sign_general_data(content, "sha256", detached=False)
        # The acts run an event loop of their own; a second loop needs a thread of its own.
        with ThreadPoolExecutor(1) as aside:
            token = aside.submit(asyncio.run, signing).result()
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def crl(self, issuer: Owner) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(self.now - timedelta(hours=1))
            .next_update(self.now + timedelta(days=7))
        )
        for serial, at in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(issuer.private, hashes.SHA256()).public_bytes(Encoding.DER)

    @property
    def stamps(self) -> TimeStamps:
        return TimeStamps("http://pki.test/tsa", self.fetch)

    @property
    def trust(self) -> Trust:
        return Trust.from_pem([self.root.pem, self.issuing.pem])

    @property
    def validation(self) -> Validation:
        return Validation(self.trust, self.fetch)

    def approved(self, person: Owner, pdf: bytes | None = None) -> bytes:
        """A prepared draft that the person has signed."""
        ready = prepared() if pdf is None else pdf
        return sign_person(ready, key=person.key, timestamps=self.stamps, at=self.now, image=None)

    def sealed(self, numbered: bytes, agency: Owner) -> bytes:
        """The agency's seal with its material."""
        return seal(
            numbered, key=agency.key, timestamps=self.stamps, validation=self.validation, at=self.now, image=None
        )

    def issued(self, person: Owner, agency: Owner) -> bytes:
        """The whole way: signed, numbered, sealed."""
        return self.sealed(numbered(self.approved(person)), agency)

    def judged(self, pdf: bytes, agency: "Owner | AgencySeals | None", **changed: Any) -> Report:
        """Judge ten minutes later, as a receiver would who knows the agency's seal."""
        known = seals(agency) if isinstance(agency, Owner) else agency
        given: dict[str, Any] = {
            "trust": self.trust,
            "at": self.now + timedelta(minutes=10),
            "agency": known,
            "signer_name": PERSON,
            "expected": Expected("15", "02", "3"),
        }
        return judge(pdf, **{**given, **changed})


def seals(*owners: Owner, start: datetime = T0 - YEAR, end: datetime | None = None, **others: Any) -> AgencySeals:
    """The seals of our agency as the directory lists them."""
    listed: tuple[SealPeriod, ...] = tuple((owner.der, start, end) for owner in owners)
    return AgencySeals("H01", AGENCY, listed, others)


def numbered(approved: bytes) -> bytes:
    return fill(approved, number="15", day="02", month="3")


def _usage(authority: bool, usage: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=usage and not authority,
        content_commitment=usage and not authority,
        key_encipherment=not usage,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@cache
def draft() -> bytes:
    """The unsigned page."""
    return bytes(typst.compile(_DRAFT.encode(), pdf_standards="a-2b"))


@cache
def prepared() -> bytes:
    return prepare(draft(), SLOTS)


def appended(pdf: bytes, change: Any) -> bytes:
    """The file with one more revision, made by `change(writer)`, as any PDF tool could."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
