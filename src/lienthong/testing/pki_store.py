"""Where the test authority lives: the table of what it consists of, its files, its ledger, its refusals."""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fcntl import LOCK_EX, flock
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from lienthong.testing.pki_answers import Office, PrivateKey, authority_key_id

YEAR = timedelta(days=365)
_BEFORE = 10 * YEAR
"""The authority is older than anything it certifies, so that certificates of the past can be made."""
_STATE, _LOCK = "authority.json", "authority.lock"
_COMMON_NAME_BYTES = 64
"""Upper bound of a common name (RFC 5280, appendix A.1); longer names of agencies stand in full as organization."""


@dataclass(frozen=True)
class Declared:
    """One certificate of the authority itself: its file, its owner's name, who issues it, how long, and for what."""

    file: str
    name: str
    issuer: str
    bits: int
    life: timedelta
    purpose: ObjectIdentifier | None = None

    @property
    def authority(self) -> bool:
        return self.purpose is None


AUTHORITY = (
    Declared("root", "Chứng thực gốc thử nghiệm", "root", 4096, 30 * YEAR),
    Declared("issuing", "Cơ quan chứng thực thử nghiệm", "root", 2048, 25 * YEAR),
    Declared("tsa", "Dấu thời gian thử nghiệm", "issuing", 2048, 20 * YEAR, ExtendedKeyUsageOID.TIME_STAMPING),
    Declared("ocsp", "Trả lời trạng thái thử nghiệm", "issuing", 2048, 20 * YEAR, ExtendedKeyUsageOID.OCSP_SIGNING),
)
"""The authority: every certificate it consists of, issuers first."""


# --- refusals ---------------------------------------------------------------------------------------------------------


class AuthorityProblem(OSError):
    """A named refusal of the test authority. An `OSError`, as a fetcher's caller expects; `http` for the server."""

    code: ClassVar[str] = "test_authority_problem"
    http: ClassVar[int] = 500
    vi: ClassVar[str] = "Cơ quan chứng thực thử nghiệm không trả lời được."
    en: ClassVar[str] = "The test authority cannot answer."
    next_vi: ClassVar[str] = ""
    next_en: ClassVar[str] = ""

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.en.format_map(data))

    @property
    def message_vi(self) -> str:
        return self.vi.format_map(self.data)


class AuthorityMissing(AuthorityProblem):
    """The directory holds no authority."""

    code = "test_authority_missing"
    vi = "Thư mục {directory} không có cơ quan chứng thực thử nghiệm."
    en = "The directory {directory} holds no test authority."
    next_vi = "Tạo mới bằng TestAuthority.create, hoặc chọn đúng thư mục."
    next_en = "Make one with TestAuthority.create, or name the right directory."


class AuthorityExists(AuthorityProblem):
    """The directory holds an authority already: a second one would orphan its certificates."""

    code = "test_authority_exists"
    vi = "Thư mục {directory} đã có cơ quan chứng thực thử nghiệm."
    en = "The directory {directory} holds a test authority already."
    next_vi = "Dùng TestAuthority.open hoặc chọn thư mục trống."
    next_en = "Use TestAuthority.open, or name an empty directory."


class AddressUnknown(AuthorityProblem):
    """Nothing is served at this address."""

    code = "test_authority_address_unknown"
    http = 404
    vi = "Cơ quan chứng thực thử nghiệm không phục vụ địa chỉ {address}."
    en = "The test authority serves nothing at {address}."
    next_vi = "Dùng /tsa, /ocsp, /crl, /crl/root, /ca/issuing hoặc /ca/root."
    next_en = "Use /tsa, /ocsp, /crl, /crl/root, /ca/issuing or /ca/root."


class RequestWrong(AuthorityProblem):
    """The address exists, but not for this kind of request."""

    code = "test_authority_request_wrong"
    http = 415
    vi = "Địa chỉ {address} chỉ nhận POST với kiểu nội dung {expected}."
    en = "The address {address} takes only POST of {expected}."
    next_vi = "Gửi lại yêu cầu với đúng kiểu nội dung."
    next_en = "Send the request again with that content type."


# --- files ------------------------------------------------------------------------------------------------------------


def replace(path: Path, content: bytes, mode: int) -> None:
    """Write a file whole or not at all; nobody ever sees a part of it, and a key is never readable by others."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep other threads and processes from changing the directory."""
    with (directory / _LOCK).open("w") as file:
        flock(file, LOCK_EX)
        yield


def write_pair(stem: Path, certificate: x509.Certificate, key: PrivateKey) -> None:
    """Write `stem`.key (mode 0600) and `stem`.pem. The certificate comes last: where it stands, its key stands too."""
    stem.parent.mkdir(exist_ok=True)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace(_beside(stem, "key"), private, 0o600)
    replace(_beside(stem, "pem"), certificate.public_bytes(Encoding.PEM), 0o644)


def has_pair(stem: Path) -> bool:
    return _beside(stem, "pem").exists()


def read_pair(stem: Path) -> tuple[x509.Certificate, PrivateKey]:
    """Read what `write_pair` wrote."""
    certificate = x509.load_pem_x509_certificate(_beside(stem, "pem").read_bytes())
    # The check of an RSA key takes 38 ms and guards against strangers' keys; these are our own.
    key = load_pem_private_key(_beside(stem, "key").read_bytes(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError(f"{stem}: neither RSA nor EC")
    return certificate, key


def _beside(stem: Path, kind: str) -> Path:
    return stem.with_name(f"{stem.name}.{kind}")


@dataclass(frozen=True)
class Ledger:
    """What the authority remembers between runs: its address, what it issued, what it revoked since when."""

    base_url: str
    issued: frozenset[int] = frozenset()
    revoked: dict[int, datetime] = field(default_factory=dict)

    @staticmethod
    def version(directory: Path) -> tuple[int, int] | None:
        """Changes whenever the ledger does; None: there is no ledger, and no authority."""
        try:
            stat = (directory / _STATE).stat()
        except FileNotFoundError:
            return None
        return stat.st_mtime_ns, stat.st_ino

    @classmethod
    def read(cls, directory: Path) -> Self:
        found = json.loads((directory / _STATE).read_text("utf-8"))
        revoked = {int(serial): datetime.fromisoformat(since) for serial, since in found["revoked"].items()}
        return cls(found["base_url"], frozenset(map(int, found["issued"])), revoked)

    def write(self, directory: Path) -> None:
        # Serial numbers are longer than the numbers of JSON: they travel as text.
        values = {
            "base_url": self.base_url,
            "issued": sorted(map(str, self.issued)),
            "revoked": {str(serial): since.isoformat() for serial, since in self.revoked.items()},
        }
        replace(directory / _STATE, json.dumps(values, indent=1).encode(), 0o644)


# --- making certificates ----------------------------------------------------------------------------------------------


def found(directory: Path, base_url: str, now: datetime) -> None:
    """Make every certificate of the table, and an empty ledger last: where it stands, the authority is whole."""
    offices: dict[str, Office] = {}
    for declared in AUTHORITY:
        key = rsa.generate_private_key(65537, declared.bits)
        subject = name_of([(NameOID.ORGANIZATION_NAME, "Liên Thông"), (NameOID.COMMON_NAME, declared.name)])
        start = (now - _BEFORE).replace(microsecond=0)
        builder = _builder(subject, key, start, start + _BEFORE + declared.life)
        builder = _purpose(builder, declared)
        issuer = offices.get(declared.issuer)
        if issuer is None:
            certificate = builder.issuer_name(subject).sign(key, hashes.SHA256())
        else:
            certificate = signed(builder, issuer, declared.issuer, base_url)
        offices[declared.file] = Office(certificate, key)
        write_pair(directory / declared.file, certificate, key)
    Ledger(base_url).write(directory)


def _purpose(builder: x509.CertificateBuilder, declared: Declared) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(declared.authority, None), True)
    if declared.purpose is None:
        return builder.add_extension(usage(key_cert_sign=True, crl_sign=True), True)
    builder = builder.add_extension(usage(digital_signature=True), True)
    # RFC 3161, 2.3: the purpose of a stamper's key is critical, and its only one.
    stamps = declared.purpose == ExtendedKeyUsageOID.TIME_STAMPING
    builder = builder.add_extension(x509.ExtendedKeyUsage([declared.purpose]), stamps)
    # RFC 6960, 4.2.2.2.1: nobody needs to ask the responder about itself.
    return builder if stamps else builder.add_extension(x509.OCSPNoCheck(), False)


def owner(
    subject: x509.Name, key: PrivateKey, start: datetime, end: datetime, *, may_sign: bool
) -> x509.CertificateBuilder:
    """A person's or an agency's certificate, not yet signed."""
    allowed = usage(digital_signature=True, content_commitment=True) if may_sign else usage(key_encipherment=True)
    builder = _builder(subject, key, start, end).add_extension(x509.BasicConstraints(False, None), True)
    return builder.add_extension(allowed, True)


def for_server(hosts: Sequence[str]) -> list[x509.ExtensionType]:
    """What a TLS server's certificate says: for these host names and addresses."""
    names = [x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host) for host in hosts]
    return [x509.SubjectAlternativeName(names), x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])]


def for_client() -> list[x509.ExtensionType]:
    """What a TLS client's certificate says."""
    return [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])]


def signed(builder: x509.CertificateBuilder, issuer: Office, level: str, base_url: str) -> x509.Certificate:
    """Sign a certificate as `issuer` (its file's name: `level`), with the addresses where its standing is told."""
    certificate = issuer.certificate
    names = {"root": "/crl/root", "issuing": "/crl"}
    points = x509.CRLDistributionPoints([x509.DistributionPoint([_uri(base_url + names[level])], None, None, None)])
    access = [
        x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, _uri(f"{base_url}/ca/{level}")),
    ]
    if level == "issuing":
        access.append(x509.AccessDescription(AuthorityInformationAccessOID.OCSP, _uri(f"{base_url}/ocsp")))
    return (
        builder.issuer_name(certificate.subject)
        .add_extension(authority_key_id(certificate), False)
        .add_extension(points, False)
        .add_extension(x509.AuthorityInformationAccess(access), False)
        .sign(issuer.key, hashes.SHA256())
    )


def name_of(parts: list[tuple[ObjectIdentifier, str]]) -> x509.Name:
    """A subject in Việt Nam; empty parts are left out."""
    filled = [x509.NameAttribute(kind, value) for kind, value in parts if value]
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), *filled])


def common_name(name: str) -> str:
    """As many whole words of a name as a common name holds."""
    words = name.split()
    while len(" ".join(words).encode()) > _COMMON_NAME_BYTES and len(words) > 1:
        words.pop()
    return " ".join(words)


def new_key(elliptic: bool) -> PrivateKey:
    """A fresh key of an owner: P-256, or RSA of 2048 bits."""
    return ec.generate_private_key(ec.SECP256R1()) if elliptic else rsa.generate_private_key(65537, 2048)


def usage(**allowed: bool) -> x509.KeyUsage:
    """A key usage extension that allows what is named."""
    kinds = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{kind: allowed.get(kind, False) for kind in kinds})


def _builder(subject: x509.Name, key: PrivateKey, start: datetime, end: datetime) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
    )


def _uri(address: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(address)
