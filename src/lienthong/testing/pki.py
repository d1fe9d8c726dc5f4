"""A declared test authority: root, issuing authority, time stamps, OCSP; people and agencies; all kept in a directory.

Nobody should trust it: its private keys lie in plain files. It exists so that tests and the demo can sign and judge
with certificates of the same shape as those of the government's authority, without a network.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

from lienthong.standards.signatures.keys import SoftKey
from lienthong.testing import pki_store as store
from lienthong.testing.pki_answers import Office, PrivateKey, Stamper, revocation_list, standing_answer
from lienthong.testing.pki_store import (
    AddressUnknown,
    AuthorityExists,
    AuthorityMissing,
    AuthorityProblem,
    Ledger,
    RequestWrong,
)

__all__ = [
    "AddressUnknown",
    "AuthorityExists",
    "AuthorityMissing",
    "AuthorityProblem",
    "Clock",
    "Identity",
    "RequestWrong",
    "TestAuthority",
]

Clock = Callable[[], datetime]


# --- a certificate with its key ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Identity:
    """A person's or an agency's certificate (DER), its private key, and the chain above it (DER, nearest first)."""

    certificate: bytes
    private_key: PrivateKey = field(repr=False, compare=False)
    chain: tuple[bytes, ...] = field(repr=False)

    @property
    def x509(self) -> x509.Certificate:
        """The certificate, parsed."""
        return x509.load_der_x509_certificate(self.certificate)

    @property
    def serial(self) -> int:
        """The certificate's serial number."""
        return self.x509.serial_number

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.x509.public_bytes(Encoding.PEM)

    @property
    def key(self) -> SoftKey:
        """The key as the acts of signing take it."""
        return SoftKey(self.certificate, self.chain, self.private_key)

    def write(self, stem: Path) -> None:
        """Write `stem`.pem, the certificate with its chain, and `stem`.key, readable by the owner alone: for TLS."""
        store.write_pair(stem, self.x509, self.private_key)
        above = (x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in self.chain)
        store.replace(stem.with_name(f"{stem.name}.pem"), self.pem + b"".join(above), 0o644)

    def pkcs12(self, password: str) -> bytes:
        """Key, certificate and chain as a PKCS#12 file (RFC 7292) under PBES2: AES-256 and SHA-256."""
        encryption = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(20_000)
            .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
            .hmac_hash(hashes.SHA256())
            .build(password.encode())
        )
        above = [x509.load_der_x509_certificate(der) for der in self.chain]
        return pkcs12.serialize_key_and_certificates(b"key", self.private_key, self.x509, above, encryption)


# --- the authority ----------------------------------------------------------------------------------------------------


class TestAuthority:
    """The test authority. `create` makes one in a directory, `load` takes up an existing one, `open` does either.

    `clock` tells the authority's time (aware): certificates, stamps, lists and answers are dated by it. Several
    processes may hold the same directory: what one issues or revokes, the others answer for.
    """

    __test__: ClassVar[bool] = False  # The name is no test's.

    def __init__(self, directory: Path, base_url: str | None = None, *, clock: Clock | None = None) -> None:
        """Take up the authority of `directory`; with a `base_url` make it first if there is none.

        Raises:
            AuthorityMissing: there is none, and no `base_url` to make it with.
        """
        if Ledger.version(directory) is None:
            if base_url is None:
                raise AuthorityMissing(directory=directory)
            _make(directory, base_url, clock, anew=False)
        self._directory = directory
        self._clock = clock or _utc_now
        self._guard = threading.Lock()
        self._seen: tuple[tuple[int, int], Ledger] | None = None
        self._offices: dict[str, Office] = {}
        for declared in store.AUTHORITY:
            certificate, key = store.read_pair(directory / declared.file)
            above: tuple[x509.Certificate, ...] = ()
            if declared.issuer != declared.file:
                issuer = self._offices[declared.issuer]
                above = (issuer.certificate, *issuer.above)
            self._offices[declared.file] = Office(certificate, key, above)
        self._stamper = Stamper(self._offices["tsa"])
        self.base_url = self._ledger().base_url

    @classmethod
    def create(cls, directory: Path, base_url: str, *, clock: Clock | None = None) -> Self:
        """Make an authority whose certificates point to `base_url` (no slash at its end); its keys get mode 0600.

        Raises:
            AuthorityExists: the directory holds one already.
        """
        _make(directory, base_url, clock, anew=True)
        return cls(directory, clock=clock)

    @classmethod
    def load(cls, directory: Path, *, clock: Clock | None = None) -> Self:
        """Take up the authority of a directory.

        Raises:
            AuthorityMissing: there is none.
        """
        return cls(directory, clock=clock)

    @classmethod
    def open(cls, directory: Path, base_url: str, *, clock: Clock | None = None) -> Self:
        """Take up the authority of a directory, or make it. An existing one keeps the address it was made with."""
        return cls(directory, base_url, clock=clock)

    # --- what it is ---

    @property
    def root_der(self) -> bytes:
        return self._offices["root"].der

    @property
    def issuing_der(self) -> bytes:
        return self._offices["issuing"].der

    @property
    def tsa_der(self) -> bytes:
        return self._offices["tsa"].der

    def trust_pem(self) -> dict[str, bytes]:
        """What a member that trusts this authority keeps, by file name."""
        kept = ("root", "issuing", "tsa")
        return {f"{name}.pem": self._offices[name].certificate.public_bytes(Encoding.PEM) for name in kept}

    def write_trust(self, directory: Path) -> None:
        """Write `trust_pem` into a directory, which is made if it is missing."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in self.trust_pem().items():
            store.replace(directory / name, content, 0o644)

    # --- what it issues and revokes ---

    def issue_person(
        self,
        name: str,
        position: str = "",
        organization: str = "",
        *,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        ec: bool = False,
        usage_ok: bool = True,
    ) -> Identity:
        """A person's certificate, by default valid from a day ago for three years.

        `ec` takes a key on P-256 instead of RSA 2048. `usage_ok=False` makes a certificate that may not sign.
        """
        subject = [(NameOID.ORGANIZATION_NAME, organization), (NameOID.TITLE, position), (NameOID.COMMON_NAME, name)]
        return self._issue(subject, valid_from, valid_to, elliptic=ec, usage_ok=usage_ok)

    def issue_agency(
        self,
        name: str,
        code: str,
        *,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        ec: bool = False,
        usage_ok: bool = True,
    ) -> Identity:
        """An agency's certificate, its code (QCVN 102) as organizationIdentifier; for the rest see `issue_person`."""
        subject = [
            (NameOID.ORGANIZATION_NAME, name),
            (NameOID.ORGANIZATION_IDENTIFIER, code),
            (NameOID.COMMON_NAME, store.common_name(name)),
        ]
        return self._issue(subject, valid_from, valid_to, elliptic=ec, usage_ok=usage_ok)

    def issue_server(self, name: str, hosts: Sequence[str]) -> Identity:
        """A TLS server's certificate for these host names and addresses (P-256)."""
        subject = [(NameOID.COMMON_NAME, name)]
        return self._issue(subject, None, None, elliptic=True, usage_ok=True, extensions=store.for_server(hosts))

    def issue_client(
        self, name: str, code: str, *, valid_from: datetime | None = None, valid_to: datetime | None = None
    ) -> Identity:
        """The TLS client certificate of a connected system (P-256)."""
        subject = [(NameOID.ORGANIZATION_IDENTIFIER, code), (NameOID.COMMON_NAME, store.common_name(name))]
        return self._issue(subject, valid_from, valid_to, elliptic=True, usage_ok=True, extensions=store.for_client())

    def identity(self, key: str, make: Callable[[], Identity]) -> Identity:
        """The identity remembered under `key`; the first time `make` issues it. `make` must be of this authority."""
        stem = self._directory / "identities" / quote(key, safe="")
        if not store.has_pair(stem):
            made = make()
            with store.locked(self._directory):
                if not store.has_pair(stem):
                    store.write_pair(stem, made.x509, made.private_key)
        certificate, private_key = store.read_pair(stem)
        return Identity(certificate.public_bytes(Encoding.DER), private_key, self._chain)

    def revoke(self, identity_or_serial: Identity | int, at: datetime) -> None:
        """Revoke a certificate from the moment `at` on. An earlier revocation stands."""
        found = identity_or_serial
        serial = found.serial if isinstance(found, Identity) else found
        with store.locked(self._directory):
            old = self._ledger()
            since = min(at, old.revoked.get(serial, at))
            Ledger(old.base_url, old.issued, {**old.revoked, serial: since}).write(self._directory)

    # --- what it answers ---

    def crl(self, at: datetime | None = None) -> bytes:
        """The issuing authority's revocation list (DER) at the moment `at`, by default now."""
        return self._list("issuing", at or self._clock())

    def fetch(self, url: str, body: bytes | None, content_type: str) -> bytes:
        """Answer in this process what the server would answer at `url`; a fetcher for the acts of signing and judging.

        A path alone (`/crl`) is taken as this authority's.

        Raises:
            AddressUnknown: `url` is not of this authority, or nothing is served there.
            RequestWrong: the address takes another kind of request.
        """
        if not url.startswith((f"{self.base_url}/", "/")):
            raise AddressUnknown(address=url)
        return self.answer(url.removeprefix(self.base_url), body, content_type)[0]

    def answer(self, path: str, body: bytes | None, content_type: str) -> tuple[bytes, str]:
        """The answer to a request for `path`, and its content type; raises as `fetch` does."""
        at = self._clock()
        if path == "/tsa":
            request = _posted(path, body, content_type, "application/timestamp-query")
            return self._stamper.answer(request, at), "application/timestamp-reply"
        if path == "/ocsp":
            request = _posted(path, body, content_type, "application/ocsp-request")
            return self._standing(request, at), "application/ocsp-response"
        if path in {"/crl", "/crl/root"}:
            return self._list("root" if path.endswith("root") else "issuing", at), "application/pkix-crl"
        if path in {"/ca/root", "/ca/issuing"}:
            return self._offices[path.removeprefix("/ca/")].der, "application/pkix-cert"
        raise AddressUnknown(address=path)

    def _standing(self, request: bytes, at: datetime) -> bytes:
        ledger = self._ledger()
        return standing_answer(
            request,
            issuer=self._offices["issuing"].certificate,
            responder=self._offices["ocsp"],
            issued=ledger.issued | self._own_below_issuing(),
            revoked=ledger.revoked,
            at=at,
        )

    def _own_below_issuing(self) -> set[int]:
        """The authority's own certificates that its issuing part gave: of time stamps, of OCSP answers."""
        below = [declared.file for declared in store.AUTHORITY if declared.issuer == "issuing"]
        return {self._offices[name].certificate.serial_number for name in below}

    def _list(self, level: str, at: datetime) -> bytes:
        # A list names its own issuer's certificates only, and of those the root issued one.
        of_root = self._offices["issuing"].certificate.serial_number
        revoked = self._ledger().revoked
        mine = {serial: since for serial, since in revoked.items() if (serial == of_root) == (level == "root")}
        return revocation_list(self._offices[level], mine, at)

    # --- how it works inside ---

    @property
    def _chain(self) -> tuple[bytes, ...]:
        return self.issuing_der, self.root_der

    def _issue(
        self,
        subject: list[tuple[ObjectIdentifier, str]],
        start: datetime | None,
        end: datetime | None,
        *,
        elliptic: bool,
        usage_ok: bool,
        extensions: Sequence[x509.ExtensionType] = (),
    ) -> Identity:
        key = store.new_key(elliptic)
        start = start or self._clock() - timedelta(days=1)
        builder = store.owner(store.name_of(subject), key, start, end or start + 3 * store.YEAR, may_sign=usage_ok)
        for extension in extensions:
            builder = builder.add_extension(extension, False)
        certificate = store.signed(builder, self._offices["issuing"], "issuing", self.base_url)
        with store.locked(self._directory):
            old = self._ledger()
            issued = old.issued | {certificate.serial_number}
            Ledger(old.base_url, issued, old.revoked).write(self._directory)
        return Identity(certificate.public_bytes(Encoding.DER), key, self._chain)

    def _ledger(self) -> Ledger:
        """The ledger as it stands in the directory now; read again only when it has changed."""
        version = Ledger.version(self._directory)
        if version is None:
            raise AuthorityMissing(directory=self._directory)
        with self._guard:
            if self._seen is None or self._seen[0] != version:
                self._seen = version, Ledger.read(self._directory)
            return self._seen[1]


def _make(directory: Path, base_url: str, clock: Clock | None, *, anew: bool) -> None:
    """Make an authority; one that is there already is left alone, or refused if it must be made `anew`."""
    directory.mkdir(parents=True, exist_ok=True)
    with store.locked(directory):
        if Ledger.version(directory) is None:
            store.found(directory, base_url.rstrip("/"), (clock or _utc_now)())
        elif anew:
            raise AuthorityExists(directory=directory)


def _posted(path: str, body: bytes | None, content_type: str, expected: str) -> bytes:
    if body is None or content_type.partition(";")[0].strip().lower() != expected:
        raise RequestWrong(address=path, expected=expected)
    return body


def _utc_now() -> datetime:
    return datetime.now(UTC)
