"""Was a certificate revoked? CRL (RFC 5280, 6.3) and OCSP (RFC 6960), from bytes at hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from lienthong.standards.signatures.trust import pyca_certificate


@dataclass(frozen=True)
class Standing:
    """What revocation information says of one certificate.

    `known` is false when nothing usable covers the moment asked for. `revoked_at` is the moment from which the
    certificate is revoked, whether or not that lies before the moment asked for; `on_hold` when it is suspended only
    (certificateHold), which its authority may lift again.
    """

    known: bool
    revoked_at: datetime | None = None
    on_hold: bool = False


def standing(der: bytes, issuer: bytes, *, crls: Iterable[bytes], responses: Iterable[bytes], at: datetime) -> Standing:
    """The standing of the certificate `der` issued by `issuer` at the moment `at` (aware).

    Information counts when it was current at `at`, or is younger and the certificate had not expired when it was made
    (an authority may drop expired certificates from its lists). A revocation found anywhere wins.
    """
    own, above = pyca_certificate(der), pyca_certificate(issuer)
    found = [_by_crl(own, above, crl, at) for crl in crls]
    found += [_by_ocsp(own, above, response, at) for response in responses]
    revoked = [item for item in found if item and item.revoked_at]
    if revoked:
        since = min(item.revoked_at for item in revoked if item.revoked_at)
        return Standing(True, since, on_hold=all(item.on_hold for item in revoked))
    return Standing(any(item is not None for item in found))


@lru_cache(maxsize=64)
def _crl(der: bytes) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_der_x509_crl(der)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _crl_signed_by(der: bytes, issuer: bytes) -> bool:
    crl = _crl(der)
    key = pyca_certificate(issuer).public_key()
    if crl is None or not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return False
    return _is_strong(crl.signature_hash_algorithm) and crl.is_signature_valid(key)


def _is_strong(algorithm: hashes.HashAlgorithm | None) -> bool:
    return isinstance(algorithm, hashes.SHA256 | hashes.SHA384 | hashes.SHA512)


def _covers(made: datetime, until: datetime | None, certificate: x509.Certificate, at: datetime) -> bool:
    if made <= at:
        return until is not None and at <= until
    return made <= certificate.not_valid_after_utc


def _by_crl(own: x509.Certificate, above: x509.Certificate, der: bytes, at: datetime) -> Standing | None:
    crl = _crl(der)
    if crl is None or crl.issuer != own.issuer or not _may_sign_crls(above) or not _in_scope(crl, own):
        return None
    if not _crl_signed_by(der, above.public_bytes(Encoding.DER)):
        return None
    entry = crl.get_revoked_certificate_by_serial_number(own.serial_number)
    reason = _reason(entry) if entry is not None else None
    if entry is not None and reason is not x509.ReasonFlags.remove_from_crl:
        return Standing(True, entry.revocation_date_utc, on_hold=reason is x509.ReasonFlags.certificate_hold)
    return Standing(True) if _covers(crl.last_update_utc, crl.next_update_utc, own, at) else None


def _may_sign_crls(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _in_scope(crl: x509.CertificateRevocationList, own: x509.Certificate) -> bool:
    """Is this a complete, direct list for certificates of this kind? Delta and indirect lists are left aside."""
    for extension in crl.extensions:
        if extension.oid == ExtensionOID.ISSUING_DISTRIBUTION_POINT:
            value = extension.value
            if not isinstance(value, x509.IssuingDistributionPoint):
                return False
            if value.indirect_crl or value.only_contains_attribute_certs or value.only_some_reasons:
                return False
            if (value.only_contains_ca_certs and not _is_ca(own)) or (value.only_contains_user_certs and _is_ca(own)):
                return False
            if value.full_name and not _names(own).intersection(name.value for name in value.full_name):
                return False
        elif extension.critical:
            return False
    return True


def _is_ca(own: x509.Certificate) -> bool:
    try:
        return own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _names(own: x509.Certificate) -> set[object]:
    try:
        points = own.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {name.value for point in points for name in point.full_name or ()}


@lru_cache(maxsize=64)
def _response(der: bytes) -> ocsp.OCSPResponse | None:
    try:
        response = ocsp.load_der_ocsp_response(der)
    except ValueError:
        return None
    return response if response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL else None


def _by_ocsp(own: x509.Certificate, above: x509.Certificate, der: bytes, at: datetime) -> Standing | None:
    response = _response(der)
    if response is None or not _signed_for(response, above):
        return None
    for single in response.responses:
        if single.serial_number != own.serial_number or not _is_issuer(single, above):
            continue
        if single.certificate_status is ocsp.OCSPCertStatus.REVOKED and single.revocation_time_utc is not None:
            held = single.revocation_reason is x509.ReasonFlags.certificate_hold
            return Standing(True, single.revocation_time_utc, on_hold=held)
        if single.certificate_status is not ocsp.OCSPCertStatus.GOOD:
            continue
        # Without nextUpdate newer information is always to be had: the answer speaks for the moment it was made.
        until = single.next_update_utc or single.this_update_utc
        if _covers(single.this_update_utc, until, own, at):
            return Standing(True)
    return None


def _is_issuer(single: ocsp.OCSPSingleResponse, above: x509.Certificate) -> bool:
    key = above.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = hashes.Hash(single.hash_algorithm)
    digest.update(_key_bits(key))
    return single.issuer_key_hash == digest.finalize()


def _key_bits(spki: bytes) -> bytes:
    from asn1crypto.keys import PublicKeyInfo

    return bytes(PublicKeyInfo.load(spki)["public_key"].contents[1:])


def _signed_for(response: ocsp.OCSPResponse, above: x509.Certificate) -> bool:
    """Is the answer signed by the issuer, or by a responder that the issuer named (RFC 6960, 4.2.2.2)?"""
    candidates = [above]
    for certificate in response.certificates:
        try:
            certificate.verify_directly_issued_by(above)
            usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
        lived = certificate.not_valid_before_utc <= response.produced_at_utc <= certificate.not_valid_after_utc
        if lived and ExtendedKeyUsageOID.OCSP_SIGNING in usages:
            candidates.append(certificate)
    return any(_verifies(response, certificate) for certificate in candidates)


def _verifies(response: ocsp.OCSPResponse, certificate: x509.Certificate) -> bool:
    key, algorithm = certificate.public_key(), response.signature_hash_algorithm
    if algorithm is None or not _is_strong(algorithm):
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True
