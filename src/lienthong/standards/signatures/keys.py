"""Signing keys behind one narrow door: a PKCS#12 file, a PKCS#11 token, or a key far away whose signature came."""

import hashlib
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

from asn1crypto.algos import DSASignature
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from lienthong.standards.signatures.errors import KeyUnusable, WrongPin

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class Key(Protocol):
    """A signing key and the certificate that names its owner.

    `certificate` is DER, `chain` the issuers' certificates as far as known (DER, nearest first).
    """

    @property
    def certificate(self) -> bytes: ...

    @property
    def chain(self) -> tuple[bytes, ...]: ...

    def sign(self, data: bytes, digest: str) -> bytes:
        """Sign `data` hashed by `digest` (sha256, sha384, sha512): RSA PKCS#1 v1.5, or ECDSA as DER.

        Raises:
            KeyUnusable: the device is gone or refuses.
        """
        ...


@dataclass(frozen=True)
class SoftKey:
    """A key held in memory. It is parsed once: parsing checks an RSA key, which costs more than signing."""

    certificate: bytes
    chain: tuple[bytes, ...]
    _key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def from_pkcs12(cls, data: bytes, password: str) -> Self:
        """Open a PKCS#12 file (RFC 7292).

        Raises:
            WrongPin: the password does not open it.
            KeyUnusable: it holds no key, no certificate, or a key of another kind than RSA or EC.
        """
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode())
        except ValueError as error:
            if "password" in str(error).lower() or "mac" in str(error).lower():
                raise WrongPin from error
            raise KeyUnusable(reason="PKCS#12") from error
        if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise KeyUnusable(reason="PKCS#12: RSA / EC")
        chain = tuple(c.public_bytes(Encoding.DER) for c in others)
        return cls(certificate.public_bytes(Encoding.DER), chain, key)

    def sign(self, data: bytes, digest: str) -> bytes:
        """See `Key.sign`."""
        algorithm = _HASHES[digest]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))


class TokenKey:
    """A key on a PKCS#11 token. The PIN is given once, at opening; one signature at a time."""

    def __init__(self, session: Any, key: Any, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        self._session = session
        self._key = key
        self._lock = threading.Lock()
        self.certificate = certificate
        self.chain = chain

    @classmethod
    def open(cls, module: Path, *, token: str, pin: str, label: str) -> "TokenKey":
        """Open the token named `token` through the vendor's `module` and find key and certificate named `label`.

        Raises:
            WrongPin: the PIN is refused or locked.
            KeyUnusable: no such module, token, key or certificate.
        """
        import pkcs11

        try:
            session = pkcs11.lib(str(module)).get_token(token_label=token).open(user_pin=pin)
        except (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinLenRange, pkcs11.PinInvalid) as error:
            raise WrongPin from error
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
            raise KeyUnusable(reason=type(error).__name__) from error
        try:
            return cls._find(session, label)
        except (pkcs11.PKCS11Error, StopIteration) as error:
            session.close()
            raise KeyUnusable(reason=label) from error

    @classmethod
    def _find(cls, session: Any, label: str) -> "TokenKey":
        from pkcs11 import Attribute, ObjectClass

        key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
        found = [
            (bytes(item[Attribute.VALUE]), item[Attribute.LABEL])
            for item in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        ]
        certificate = next(der for der, name in found if name == label)
        return cls(session, key, certificate, tuple(der for der, name in found if name != label))

    def sign(self, data: bytes, digest: str) -> bytes:
        """See `Key.sign`."""
        import pkcs11
        from pkcs11 import Mechanism

        rsa_key = isinstance(x509.load_der_x509_certificate(self.certificate).public_key(), rsa.RSAPublicKey)
        try:
            with self._lock:
                if rsa_key:
                    return bytes(self._key.sign(data, mechanism=Mechanism[f"{digest.upper()}_RSA_PKCS"]))
                raw = self._key.sign(hashlib.new(digest, data).digest(), mechanism=Mechanism.ECDSA)
        except pkcs11.PKCS11Error as error:
            raise KeyUnusable(reason=type(error).__name__) from error
        # The token gives r and s side by side; CMS wants them as a SEQUENCE (RFC 5753).
        return bytes(DSASignature.from_p1363(raw).dump())

    def close(self) -> None:
        """Log out; the key cannot be used afterwards."""
        self._session.close()


@dataclass(frozen=True)
class FarKey:
    """A key that somebody else holds for its owner. What it signs is asked for elsewhere; here is what came back.

    Attributes:
        signature: over the data that `sign` will be given; None while it is awaited.
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    signature: bytes | None = None

    def sign(self, data: bytes, digest: str) -> bytes:
        """See `Key.sign`: the signature that came, once it is seen that this certificate's key made it over `data`."""
        public = x509.load_der_x509_certificate(self.certificate).public_key()
        try:
            if isinstance(public, rsa.RSAPublicKey):
                public.verify(self.signature or b"", data, padding.PKCS1v15(), _HASHES[digest])
            elif isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(self.signature or b"", data, ec.ECDSA(_HASHES[digest]))
            else:
                raise KeyUnusable(reason="RSA / EC")
        except InvalidSignature as error:
            raise KeyUnusable(reason="chữ ký nhận về không khớp / the signature does not fit") from error
        return self.signature or b""
