"""Whom we trust, by which policy: roots, known issuers, known revocation lists; building a chain at a moment."""

from collections.abc import Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, TypeVar

from asn1crypto import pem, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    PathError,
    ValidationError,
)
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

T = TypeVar("T")


@dataclass(frozen=True)
class Policy:
    """What a signature must satisfy, as data.

    Attributes:
        digests: hash functions accepted, by their names in CMS (QCVN on electronic signatures: SHA-256 or better).
        weak_digests: hash functions refused in certificates and revocation information.
        rsa_bits: smallest RSA modulus.
        ec_bits: smallest order of an elliptic curve.
        usages: key usages of which a signer's certificate must allow one (RFC 5280, 4.2.1.3).
    """

    digests: frozenset[str] = frozenset({"sha256", "sha384", "sha512"})
    weak_digests: frozenset[str] = frozenset({"md2", "md5", "sha1"})
    rsa_bits: int = 2048
    ec_bits: int = 256
    usages: frozenset[str] = frozenset({"digital_signature", "non_repudiation"})


MOST_CHAINS = 512
"""Chains that a trust remembers. One that held holds at every moment at which all its certificates are valid: whose
they are, what they permit and who signed them does not depend on time."""


LARGEST_KEPT = 16 << 10
"""Bytes of a certificate that is remembered, some ten times what one has: a document may bring any number of any size,
and what it brings is not held when it was judged."""


class ChainProblem(Exception):
    """No acceptable chain: `indication` is the sub-indication of ETSI EN 319 102-1, 5.1.3."""

    def __init__(self, indication: str, detail: str = "") -> None:
        self.indication = indication
        super().__init__(detail)


def certificate(der: bytes) -> x509.Certificate:
    """The certificate as pyHanko takes it; parsed once, and wholly, for threads share it."""
    return _kept(der) if len(der) <= LARGEST_KEPT else x509.Certificate.load(der)


@lru_cache(maxsize=512)
def _kept(der: bytes) -> x509.Certificate:
    own = x509.Certificate.load(der)
    with suppress(Exception):  # what is broken, in whatever way, says so to whoever asks for that part
        _ = own.native, own.critical_extensions
    return own


@lru_cache(maxsize=512)
def pyca_certificate(der: bytes) -> pyca.Certificate:
    """The certificate as `cryptography` takes it; parsed once."""
    return pyca.load_der_x509_certificate(der)


@dataclass(frozen=True)
class Trust:
    """The trust a judgement rests on.

    Attributes:
        roots: trust anchors, DER.
        issuers: certificates between, known beforehand, DER; they help to build chains and confer no trust.
        crls: revocation lists at hand, DER.
        policy: what signatures must satisfy.
    """

    roots: tuple[bytes, ...]
    issuers: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    policy: Policy = Policy()
    _manager: Any = field(init=False, repr=False, compare=False)
    _chains: dict[bytes, tuple[bytes, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        anchors = [CertTrustAnchor(certificate(der)) for der in self.roots]
        object.__setattr__(self, "_manager", SimpleTrustManager.build(trust_roots=anchors))

    @classmethod
    def from_pem(cls, files: Mapping[str, bytes] | Iterable[bytes], *, policy: Policy | None = None) -> Self:
        """Sort PEM blocks: self-signed certificates are roots, others issuers; revocation lists are kept.

        Raises:
            ValueError: a block is neither, or there is no root.
        """
        roots: list[bytes] = []
        issuers: list[bytes] = []
        crls: list[bytes] = []
        for content in files.values() if isinstance(files, Mapping) else files:
            for kind, _, der in pem.unarmor(content, multiple=True):
                if kind == "X509 CRL":
                    crls.append(der)
                elif kind == "CERTIFICATE":
                    own = certificate(der)
                    (roots if own.subject == own.issuer else issuers).append(der)
                else:
                    raise ValueError(f"PEM block {kind!r} is neither a certificate nor a revocation list")
        if not roots:
            raise ValueError("no trust anchor among the given certificates")
        return cls(tuple(roots), tuple(issuers), tuple(crls), policy or Policy())

    @classmethod
    def from_directory(cls, directory: Path, *, policy: Policy | None = None) -> Self:
        """Read every `*.pem` and `*.crt` of a directory; see `from_pem`."""
        names = sorted(p for p in directory.iterdir() if p.suffix in {".pem", ".crt"})
        return cls.from_pem([path.read_bytes() for path in names], policy=policy)

    def chain(self, der: bytes, others: Iterable[bytes], moment: datetime) -> tuple[bytes, ...]:
        """The chain of a certificate, leaf first, root last, all valid at `moment` (RFC 5280, 6.1; no revocation).

        Raises:
            ChainProblem: NO_CERTIFICATE_CHAIN_FOUND, EXPIRED, NOT_YET_VALID, CRYPTO_CONSTRAINTS_FAILURE or
                CERTIFICATE_CHAIN_GENERAL_FAILURE; of several chains the last one tried speaks.
        """
        pool = tuple(others)
        asked = _digest((_digest((der,)), *sorted({_digest((one,)) for one in pool})))
        found = self._chains.get(asked)
        if found is None or not _all_valid(found, moment):
            found = self._built(der, pool, moment)
            if len(self._chains) >= MOST_CHAINS:
                self._chains.clear()
            self._chains[asked] = found
        return found

    def _built(self, der: bytes, others: tuple[bytes, ...], moment: datetime) -> tuple[bytes, ...]:
        leaf = certificate(der)
        context = ValidationContext(
            trust_manager=self._manager,
            other_certs=[certificate(other) for other in (*self.issuers, *others)],
            moment=moment,
            algorithm_usage_policy=DisallowWeakAlgorithmsPolicy(
                weak_hash_algos=self.policy.weak_digests, rsa_key_size_threshold=self.policy.rsa_bits
            ),
        )
        try:
            path = _at_once(CertificateValidator(leaf, validation_context=context).async_validate_path())
        except ExpiredError as error:
            raise ChainProblem("EXPIRED", str(error)) from error
        except NotYetValidError as error:
            raise ChainProblem("NOT_YET_VALID", str(error)) from error
        except DisallowedAlgorithmError as error:
            raise ChainProblem("CRYPTO_CONSTRAINTS_FAILURE", str(error)) from error
        except PathBuildingError as error:
            raise ChainProblem("NO_CERTIFICATE_CHAIN_FOUND", str(error)) from error
        except (PathError, ValidationError, ValueError) as error:
            raise ChainProblem("CERTIFICATE_CHAIN_GENERAL_FAILURE", str(error)) from error
        return tuple(item.dump() for item in reversed(list(path)))

    def key_is_strong(self, der: bytes) -> bool:
        """Is the certificate's key long enough for the policy?"""
        key = pyca_certificate(der).public_key()
        if isinstance(key, rsa.RSAPublicKey):
            return key.key_size >= self.policy.rsa_bits
        return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= self.policy.ec_bits


def _at_once(walk: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that waits for nothing: everything it needs is at hand, and so it needs no event loop,
    whose making costs as much as a third of the walk."""
    try:
        walk.send(None)
    except StopIteration as end:
        found: T = end.value
        return found
    raise RuntimeError("a certificate chain is built from what is at hand, and waits for nothing")


def _digest(parts: Iterable[bytes]) -> bytes:
    return sha256(b"".join(parts)).digest()


def _all_valid(chain: Iterable[bytes], moment: datetime) -> bool:
    own = [pyca_certificate(der) for der in chain]
    return all(one.not_valid_before_utc <= moment <= one.not_valid_after_utc for one in own)
