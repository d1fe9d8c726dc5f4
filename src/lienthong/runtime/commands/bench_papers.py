"""What is measured with: certificates that live as long as the measurement, and documents that are really signed."""

import asyncio
import secrets
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import typst
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

from lienthong.standards.signatures.agency import AgencySeals
from lienthong.standards.signatures.engine import HeldSigner
from lienthong.standards.signatures.judge import judge
from lienthong.standards.signatures.keys import SoftKey
from lienthong.standards.signatures.layout import Place, Slot
from lienthong.standards.signatures.material import Validation
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.sign import fill_and_seal, prepare, sign_person
from lienthong.standards.signatures.trust import Trust

SLOTS = (
    Slot(Place.NUMBER, 1, 100, 70, 34, 14),
    Slot(Place.DAY, 1, 330, 70, 18, 14),
    Slot(Place.MONTH, 1, 380, 70, 18, 14),
    Slot(Place.SIGNATURE, 2, 340, 500, 140, 70),
    Slot(Place.SEAL, 2, 285, 485, 100, 100),
)
_TEXT = '#set page("a4")\n#set text(font: "Liberation Serif", size: 13pt)\n#lorem(300)\n#pagebreak()\n#lorem(200)'
_SCAN = '\n#pagebreak()\n#image("scan.png", width: 16cm)'
_ACROSS = 400
"""Pixels of a line of the scanned page."""


class Authority:
    """Throw-away RSA certificates, time stamps and revocation lists, answered in process; no network between.

    Args:
        now: the moment at which everything is signed (aware, whole seconds).
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._private: dict[bytes, rsa.RSAPrivateKey] = {}
        self.root = self._issue("Bench root", None, authority=True)
        self.person = self._issue("Bench person", self.root)
        self.agency = self._issue("Bench agency", self.root)
        self.stamper = self._issue("Bench time stamps", self.root, stamps=True)
        self.crl = self._crl()

    def _issue(self, name: str, above: SoftKey | None, *, authority: bool = False, stamps: bool = False) -> SoftKey:
        private = rsa.generate_private_key(65537, 2048)
        signer = private if above is None else self._private[above.certificate]
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = subject if above is None else x509.load_der_x509_certificate(above.certificate).subject
        builder = (
            x509.CertificateBuilder(issuer, subject, private.public_key(), x509.random_serial_number())
            .not_valid_before(self.now - timedelta(days=1))
            .not_valid_after(self.now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(authority, None), True)
            .add_extension(_usage(authority), True)
        )
        points = x509.DistributionPoint([x509.UniformResourceIdentifier("http://bench/crl")], None, None, None)
        if above is not None:
            builder = builder.add_extension(x509.CRLDistributionPoints([points]), False)
        if stamps:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        der = builder.sign(signer, hashes.SHA256()).public_bytes(Encoding.DER)
        self._private[der] = private
        return SoftKey(der, () if above is None else (above.certificate,), private)

    def _crl(self) -> bytes:
        issuer = x509.load_der_x509_certificate(self.root.certificate).subject
        builder = x509.CertificateRevocationListBuilder(
            issuer, self.now - timedelta(hours=1), self.now + timedelta(days=1)
        )
        return builder.sign(self._private[self.root.certificate], hashes.SHA256()).public_bytes(Encoding.DER)

    def fetch(self, url: str, body: bytes | None, content_type: str) -> bytes:
        """Answer in process, so that the figures are those of the acts."""
        if body is None:
            return self.crl
        request = tsp.TimeStampReq.load(body)
        info = {"version": "v1", "policy": "1.2.3.4", "message_imprint": request["message_imprint"]}
        info |= {"serial_number": 1, "gen_time": self.now, "nonce": request["nonce"]}
        text = cms.ParsableOctetString(tsp.TSTInfo(info).dump())
        content = cms.EncapsulatedContentInfo({"content_type": "tst_info", "content": text})
        signing = HeldSigner(self.stamper).async_sign_general_data(content, "sha256", detached=False)
        with ThreadPoolExecutor(1) as aside:  # the caller's event loop is running in this thread
            token = aside.submit(asyncio.run, signing).result()
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    @cached_property
    def stamps(self) -> TimeStamps:
        """Time stamps of this authority."""
        return TimeStamps("http://bench/tsa", self.fetch)

    @cached_property
    def validation(self) -> Validation:
        """What a seal asks for of those who signed before it."""
        return Validation(self._trust, self.fetch)

    @cached_property
    def _trust(self) -> Trust:
        return Trust.from_pem([x509.load_der_x509_certificate(self.root.certificate).public_bytes(Encoding.PEM)])

    @cached_property
    def _agency(self) -> AgencySeals:
        return AgencySeals("BENCH", "Bench agency", ((self.agency.certificate, self.now - timedelta(days=1), None),))

    def judge(self, pdf: bytes) -> None:
        """Judge a document. Raises `RuntimeError` when it is not equal to paper, or a signature has no time stamp."""
        at = self.now + timedelta(minutes=1)
        report = judge(pdf, trust=self._trust, at=at, agency=self._agency, signer_name="Bench person")
        if not report.equivalent or any(signature.stamped_at is None for signature in report.signatures):
            raise RuntimeError(report.reason_en)


def _usage(authority: bool) -> x509.KeyUsage:
    signs = not authority
    return x509.KeyUsage(signs, signs, False, False, False, authority, authority, False, False)


def draft() -> bytes:
    """Two pages of text, not signed yet."""
    return typst.compile(_TEXT.encode())


def signed_documents(kilobytes: int, count: int) -> Iterator[bytes]:
    """Documents signed by a person, numbered and sealed by an agency, each judged: two pages of text and a scanned one,
    which makes each of them its own and as large as was asked, nearly.

    Raises:
        RuntimeError: one that was signed is not valid.
    """
    authority = Authority(datetime.now(UTC).replace(microsecond=0))
    _sealed(authority, draft(), 1)  # the first leaves more room for time stamps, whose length nobody knows before
    frame = len(_sealed(authority, _with_scan(b""), 1))
    for number in range(1, count + 1):
        scan = secrets.token_bytes(max(0, kilobytes * 1024 - frame))
        document = _sealed(authority, _with_scan(scan), number)
        authority.judge(document)
        yield document


def _sealed(authority: Authority, pdf: bytes, number: int) -> bytes:
    ready = prepare(pdf, SLOTS)
    signed = sign_person(ready, key=authority.person, timestamps=authority.stamps, at=authority.now, image=None)
    return fill_and_seal(
        signed, number=str(number), day="02", month="3", key=authority.agency, timestamps=authority.stamps,
        validation=authority.validation, at=authority.now, image=None,
    )  # fmt: skip


def _with_scan(points: bytes) -> bytes:
    """Two pages of text and a picture of these points, in grey; each takes a byte of the file, for noise is not made
    smaller."""
    lines = max(1, len(points) // _ACROSS)
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder:
        picture = Image.frombytes("L", (_ACROSS, lines), points[: lines * _ACROSS].ljust(lines * _ACROSS))
        picture.save(Path(folder) / "scan.png")
        (source := Path(folder) / "document.typ").write_text(_TEXT + _SCAN)
        return typst.compile(source)
