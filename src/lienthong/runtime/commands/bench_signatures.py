"""`lienthong bench signatures`: how long the acts on a document take, with keys loaded and no network between."""

import asyncio
import json as json_module
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import typer
import typst
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lienthong.runtime.processes import settle
from lienthong.standards.signatures.agency import AgencySeals
from lienthong.standards.signatures.engine import HeldSigner
from lienthong.standards.signatures.judge import judge
from lienthong.standards.signatures.keys import SoftKey
from lienthong.standards.signatures.layout import Place, Slot
from lienthong.standards.signatures.material import Validation
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.sign import fill, prepare, seal, sign_person
from lienthong.standards.signatures.trust import Trust

ROUNDS = 20
LIMITS_MS = {"sign_person": 100.0, "judge": 30.0}
"""What each act may take at the median; the others are shown for comparison."""
_SLOTS = (
    Slot(Place.NUMBER, 1, 100, 70, 34, 14),
    Slot(Place.DAY, 1, 330, 70, 18, 14),
    Slot(Place.MONTH, 1, 380, 70, 18, 14),
    Slot(Place.SIGNATURE, 2, 340, 500, 140, 70),
    Slot(Place.SEAL, 2, 285, 485, 100, 100),
)
_PAGE = '#set page("a4")\n#set text(font: "Liberation Serif", size: 13pt)\n#lorem(300)\n#pagebreak()\n#lorem(200)'


@dataclass(frozen=True)
class Measure:
    """Milliseconds of one act over all rounds: median and the slowest."""

    act: str
    median_ms: float
    worst_ms: float


class _Authority:
    """Throw-away RSA certificates, time stamps and revocation lists; lives as long as the measurement."""

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


def _usage(authority: bool) -> x509.KeyUsage:
    signs = not authority
    return x509.KeyUsage(signs, signs, False, False, False, authority, authority, False, False)


def measure(rounds: int = ROUNDS) -> list[Measure]:
    """Run all acts on a two-page document, RSA 2048, `rounds` times after one to warm up."""
    now = datetime.now(UTC).replace(microsecond=0)
    authority = _Authority(now)
    stamps = TimeStamps("http://bench/tsa", authority.fetch)
    root = x509.load_der_x509_certificate(authority.root.certificate).public_bytes(Encoding.PEM)
    trust = Trust.from_pem([root])
    validation = Validation(trust, authority.fetch)
    agency = AgencySeals("BENCH", "Bench agency", ((authority.agency.certificate, now - timedelta(days=1), None),))
    draft = typst.compile(_PAGE.encode())
    times: dict[str, list[float]] = {}

    def timed(act: str, run: Callable[[], bytes]) -> bytes:
        start = time.perf_counter()
        made = run()
        times.setdefault(act, []).append((time.perf_counter() - start) * 1000)
        return made

    def judged(pdf: bytes) -> bytes:
        report = judge(pdf, trust=trust, at=now + timedelta(minutes=1), agency=agency, signer_name="Bench person")
        if not report.equivalent or any(signature.stamped_at is None for signature in report.signatures):
            raise RuntimeError(report.reason_en)
        return b""

    person, sealer = authority.person, authority.agency
    for _ in range(rounds + 1):
        ready = timed("prepare", partial(prepare, draft, _SLOTS))
        signed = timed("sign_person", partial(sign_person, ready, key=person, timestamps=stamps, at=now, image=None))
        full = timed("fill", partial(fill, signed, number="15", day="02", month="3"))
        act = partial(seal, full, key=sealer, timestamps=stamps, validation=validation, at=now, image=None)
        sealed = timed("seal", act)
        timed("judge", partial(judged, sealed))
    return [
        Measure(act, round(statistics.median(found[1:]), 1), round(max(found[1:]), 1)) for act, found in times.items()
    ]


def run(json: bool) -> None:
    """Measure as in a process that serves, and print; with `json` as one object of act → figures."""
    settle()
    found = measure()
    if json:
        figures = {m.act: {"median_ms": m.median_ms, "worst_ms": m.worst_ms} for m in found}
        typer.echo(json_module.dumps({"rounds": ROUNDS, "limits_ms": LIMITS_MS, "acts": figures}))
        return
    for m in found:
        limit = f"   limit {LIMITS_MS[m.act]:.0f} ms" if m.act in LIMITS_MS else ""
        typer.echo(f"{m.act:12} median {m.median_ms:6.1f} ms   worst {m.worst_ms:6.1f} ms{limit}")
