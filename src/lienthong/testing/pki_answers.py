"""How the test authority answers: time stamps (RFC 3161), certificate standing (RFC 6960), revocation lists (RFC 5280).

Pure functions over held keys: the time, the key and the list of revoked certificates come in as arguments.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

STAMP_POLICY = "1.3.6.1.4.1.32473.1"
"""The time-stamping policy: from the arc kept for documentation (RFC 5612); nobody should trust this authority."""
CRL_LIFE = timedelta(days=7)
"""How long a revocation list is current."""
OCSP_LIFE = timedelta(hours=12)
"""How long an OCSP answer is current."""
_IMPRINTS = {"sha256": 32, "sha384": 48, "sha512": 64}
"""Hash functions that the time-stamping authority takes, with the length of their values in bytes."""


@dataclass(frozen=True)
class Office:
    """A key of the authority with its certificate and the certificates above it, nearest first."""

    certificate: x509.Certificate
    key: PrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @cached_property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def authority_key_id(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """The issuer's key, named as the issuer's own certificate names it (RFC 5280, 4.2.1.1)."""
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


# --- revocation list --------------------------------------------------------------------------------------------------


def revocation_list(issuer: Office, revoked: Mapping[int, datetime], at: datetime) -> bytes:
    """The issuer's complete list at the moment `at` (DER): the certificates revoked until then, by serial number."""
    moment = at.replace(microsecond=0)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(moment)
        .next_update(moment + CRL_LIFE)
        .add_extension(x509.CRLNumber(int(moment.timestamp())), False)
        .add_extension(authority_key_id(issuer.certificate), False)
    )
    for serial, since in revoked.items():
        if since <= at:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
            builder = builder.add_revoked_certificate(entry)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


# --- standing of one certificate --------------------------------------------------------------------------------------


def standing_answer(
    request: bytes,
    *,
    issuer: x509.Certificate,
    responder: Office,
    issued: Collection[int],
    revoked: Mapping[int, datetime],
    at: datetime,
) -> bytes:
    """Answer an OCSP request (DER in, DER out).

    Unreadable requests are answered `malformedRequest`, certificates of another issuer `unauthorized` (RFC 6960,
    2.3); a serial number that the issuer never gave is `unknown` (2.2).
    """
    try:
        asked = ocsp.load_der_ocsp_request(request)
        named = (asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number, asked.hash_algorithm)
        extensions = asked.extensions
    except (ValueError, TypeError, NotImplementedError):
        return _unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    name_hash, key_hash, serial, algorithm = named
    if (name_hash, key_hash) != _issuer_hashes(issuer, algorithm):
        return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    since = revoked.get(serial)
    if since is not None and since > at:
        since = None
    status = ocsp.OCSPCertStatus.GOOD if serial in issued else ocsp.OCSPCertStatus.UNKNOWN
    if since is not None:
        status = ocsp.OCSPCertStatus.REVOKED
    moment = at.replace(microsecond=0)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        name_hash, key_hash, serial, algorithm, status, moment, moment + OCSP_LIFE, since, None
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
    builder = builder.certificates([responder.certificate])
    for extension in extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, False)
    return builder.sign(responder.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _issuer_hashes(issuer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> tuple[bytes, bytes]:
    certificate = asn1.Certificate.load(issuer.public_bytes(Encoding.DER))
    # The key's hash is taken over the bits alone, without algorithm and count of unused bits (RFC 6960, 4.1.1).
    key_bits = certificate.public_key["public_key"].contents[1:]
    return _digest(certificate.subject.dump(), algorithm), _digest(key_bits, algorithm)


def _digest(data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


# --- time stamps ------------------------------------------------------------------------------------------------------


class _Response(core.Sequence):  # type: ignore[misc] # asn1crypto is untyped
    """TimeStampResp as RFC 3161, 2.4.2 has it: a refusal carries no token. asn1crypto's own demands one."""

    _fields: ClassVar[list[Any]] = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class _Refused(Exception):
    """A request that gets a refusal: `failure` is a PKIFailureInfo bit, the message goes into its status string."""

    def __init__(self, failure: str, why: str) -> None:
        self.failure = failure
        super().__init__(why)


class Stamper:
    """A time-stamping authority over a held RSA key. What does not change between tokens is made once."""

    def __init__(self, office: Office) -> None:
        if not isinstance(office.key, rsa.RSAPrivateKey):
            raise TypeError("the test time-stamping authority signs with RSA")
        self._key = office.key
        own = asn1.Certificate.load(office.der)
        self._name = own.subject
        self._sid = cms.SignerIdentifier(
            name="issuer_and_serial_number",
            value=cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number}),
        )
        chain = [asn1.Certificate.load(each.public_bytes(Encoding.DER)) for each in office.above]
        # The root stays at home: whoever trusts it has it (RFC 5652, 5.1 leaves the choice).
        sent = [own, *(each for each in chain if each.subject != each.issuer)]
        hashed = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(office.der).digest()})
        signing_certificate = tsp.SigningCertificateV2({"certs": [hashed]})
        self._attributes = [
            _attribute("content_type", "tst_info"),
            _attribute("signing_certificate_v2", signing_certificate),
        ]
        self._certificates = _frozen(cms.CertificateSet(sent))
        self._digest = _frozen(algos.DigestAlgorithm({"algorithm": "sha256"}))
        self._digests = _frozen(cms.DigestAlgorithms([self._digest]))
        self._signature = _frozen(algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}))

    def answer(self, request: bytes, at: datetime) -> bytes:
        """Answer a TimeStampReq (DER) at the moment `at` by a TimeStampResp (DER): a token, or a refusal."""
        try:
            info, certificates = self._info(request, at)
        except _Refused as refusal:
            status = {"status": "rejection", "status_string": [str(refusal)], "fail_info": {refusal.failure}}
            return bytes(_Response({"status": status}).dump())
        token = self._token(info, certificates)
        return bytes(_Response({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _info(self, request: bytes, at: datetime) -> tuple[tsp.TSTInfo, bool]:
        """What the token will say (RFC 3161, 2.4.2), and whether certificates are wanted in it (2.4.1, certReq)."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            version, imprint, nonce = asked["version"].native, asked["message_imprint"], asked["nonce"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            hashed = imprint["hashed_message"].native
            policy, extensions = asked["req_policy"].native, asked["extensions"].native
            certificates = bool(asked["cert_req"].native)
        except (ValueError, TypeError, KeyError) as error:
            raise _Refused("bad_data_format", "the request is no TimeStampReq") from error
        _check(version, algorithm, hashed, policy, extensions)
        content = {
            "version": "v1",
            "policy": STAMP_POLICY,
            "message_imprint": imprint,
            "serial_number": x509.random_serial_number(),
            "gen_time": at.replace(microsecond=0),
            "accuracy": {"seconds": 1},
            "tsa": asn1.GeneralName(name="directory_name", value=self._name),
        }
        if nonce.native is not None:
            content["nonce"] = nonce
        return tsp.TSTInfo(content), certificates

    def _token(self, info: tsp.TSTInfo, certificates: bool) -> cms.ContentInfo:
        """The signed token (RFC 5652; the attributes that RFC 3161, 2.4.2 and RFC 5816 ask for)."""
        content = info.dump()
        digest = _attribute("message_digest", hashlib.sha256(content).digest())
        attributes = _frozen(cms.CMSAttributes([*self._attributes, digest]))
        signer = {
            "version": "v1",
            "sid": self._sid,
            "digest_algorithm": self._digest,
            "signed_attrs": attributes,
            "signature_algorithm": self._signature,
            "signature": self._key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()),
        }
        signed: dict[str, Any] = {
            "version": "v3",
            "digest_algorithms": self._digests,
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
            "signer_infos": [signer],
        }
        if certificates:
            signed["certificates"] = self._certificates
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


def _check(version: str, algorithm: str, hashed: bytes, policy: str | None, extensions: Any) -> None:
    if version != "v1":
        raise _Refused("bad_request", "only version 1 is served")
    if algorithm not in _IMPRINTS:
        raise _Refused("bad_alg", "the hash function must be SHA-256, SHA-384 or SHA-512")
    if len(hashed) != _IMPRINTS[algorithm]:
        raise _Refused("bad_data_format", "the hash value has the wrong length")
    if policy not in {None, STAMP_POLICY}:
        raise _Refused("unaccepted_policy", f"the only policy is {STAMP_POLICY}")
    if extensions:
        raise _Refused("unaccepted_extensions", "no extension is served")


def _attribute(name: str, value: Any) -> cms.CMSAttribute:
    return _frozen(cms.CMSAttribute({"type": name, "values": [value]}))


def _frozen(value: Any) -> Any:
    """The value read back from its bytes: asn1crypto copies them then, instead of encoding every part again."""
    return type(value).load(value.dump())
