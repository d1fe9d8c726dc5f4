"""What later judges need, kept in the document: certificates, revocation lists, OCSP answers (PAdES B-LT)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from asn1crypto import cms, crl, ocsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPRequestBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.dss import DocumentSecurityStore

from lienthong.standards.signatures.errors import CertificateRevoked, MaterialUnavailable
from lienthong.standards.signatures.network import Fetcher
from lienthong.standards.signatures.pdf import BROKEN, entry, finish, writer_over
from lienthong.standards.signatures.revocation import standing
from lienthong.standards.signatures.trust import ChainProblem, Trust, certificate, pyca_certificate
from lienthong.standards.times import to_the_second


@dataclass(frozen=True)
class Material:
    """Certificates, revocation lists and OCSP answers, all DER."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()

    def __add__(self, other: "Material") -> "Material":
        return Material(
            tuple(dict.fromkeys(self.certificates + other.certificates)),
            tuple(dict.fromkeys(self.crls + other.crls)),
            tuple(dict.fromkeys(self.responses + other.responses)),
        )


@dataclass(frozen=True)
class Validation:
    """Where validation material comes from: the trust, and the network."""

    trust: Trust
    fetch: Fetcher

    def collect(self, leaf: bytes, others: Iterable[bytes], moment: datetime) -> Material:
        """Everything needed to judge `leaf` (DER) at `moment` without a network.

        Raises:
            MaterialUnavailable: no chain to a trusted root, or no revocation information for a link of it.
            CertificateRevoked: a link of it was revoked before `moment`.
        """
        pool = tuple(others)
        try:
            chain = self.trust.chain(leaf, pool, moment)
        except ChainProblem as error:
            raise MaterialUnavailable(subject=subject(leaf)) from error
        gathered = Material(certificates=chain)
        for der, issuer in pairwise(chain):
            gathered += self._revocation(der, issuer, moment)
        return gathered

    def _revocation(self, der: bytes, issuer: bytes, moment: datetime) -> Material:
        for got in self._sources(der, issuer):
            said = standing(der, issuer, crls=got.crls, responses=got.responses, at=moment)
            if said.revoked_at is not None and said.revoked_at <= moment:
                raise CertificateRevoked(subject=subject(der), since=to_the_second(said.revoked_at))
            if said.known:
                return got
        raise MaterialUnavailable(subject=subject(der))

    def at_hand(self, leaf: bytes, others: Iterable[bytes], moment: datetime) -> Material:
        """What can be had about `leaf` for a judge: bad news too, and nothing where nobody answers.

        Only an authority of the trust is asked: an address counts when it stands in a certificate with a chain to a
        root, so nobody makes us call elsewhere. An expired certificate is asked about as of its end.
        """
        moment = min(moment, pyca_certificate(leaf).not_valid_after_utc)
        try:
            chain = self.trust.chain(leaf, tuple(others), moment)
        except ChainProblem:
            return Material()
        gathered = Material(certificates=chain)
        for der, issuer in pairwise(chain):
            for got in self._sources(der, issuer):
                gathered += got
                if standing(der, issuer, crls=got.crls, responses=got.responses, at=moment).known:
                    break
        return gathered

    def _sources(self, der: bytes, issuer: bytes) -> Iterable[Material]:
        yield Material(crls=self.trust.crls) if self.trust.crls else Material()
        own, above = pyca_certificate(der), pyca_certificate(issuer)
        for url in _crl_addresses(own):
            try:
                yield Material(crls=(self.fetch(url, None, ""),))
            except OSError:
                continue
        request = OCSPRequestBuilder().add_certificate(own, above, hashes.SHA256()).build()
        for url in _ocsp_addresses(own):
            try:
                answer = self.fetch(url, request.public_bytes(Encoding.DER), "application/ocsp-request")
            except OSError:
                continue
            yield Material(responses=(answer,))


def _crl_addresses(own: x509.Certificate) -> list[str]:
    try:
        points = own.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name.value for point in points for name in point.full_name or ()]
    return [name for name in names if isinstance(name, str) and name.startswith(("http://", "https://"))]


def _ocsp_addresses(own: x509.Certificate) -> list[str]:
    try:
        access = own.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return [item.access_location.value for item in access if item.access_method == AuthorityInformationAccessOID.OCSP]


def subject(der: bytes) -> str:
    """The common name of a certificate's owner, else the whole name."""
    own = certificate(der)
    return str(own.subject.native.get("common_name") or own.subject.human_friendly)


def cms_certificates(signed: cms.SignedData) -> tuple[bytes, ...]:
    """The X.509 certificates that travel inside a signature."""
    if not isinstance(signed["certificates"], cms.CertificateSet):
        return ()
    return tuple(item.chosen.dump() for item in signed["certificates"] if item.name == "certificate")


def signer_certificate(signed: cms.SignedData) -> bytes:
    """The certificate that a signature names as its signer's (RFC 5652, 5.3): that by which the judge goes.

    Who signs copies the names of the certificate as they stand, so their bytes are compared; pyHanko, which compares
    them as words, takes ten times as long. It is asked wherever it could find another: nobody signs what travels beside
    a signature, and anybody can make a certificate of the same issuer and number.
    """
    named = signed["signer_infos"][0]["sid"]
    if named.name == "issuer_and_serial_number":
        issuer, serial = (named.chosen[part] for part in ("issuer", "serial_number"))
        numbered = [der for der in cms_certificates(signed) if certificate(der).serial_number == serial.native]
        if len(numbered) == 1 and certificate(numbered[0]).issuer.dump() == issuer.dump():
            return numbered[0]
    return bytes(extract_certificate_info(signed).signer_cert.dump())


def read(reader: PdfFileReader) -> Material:
    """The material a document carries; empty when it has none, or it is unreadable."""
    try:
        return Material(*(tuple(_streams(reader, key)) for key in ("/Certs", "/CRLs", "/OCSPs")))
    except BROKEN:
        return Material()


def _streams(reader: PdfFileReader, key: str) -> Iterable[bytes]:
    for reference in entry(entry(reader.root, "/DSS", generic.DictionaryObject()), key, ()):
        yield bytes(reference.get_object().data)


def embed(reader: PdfFileReader, material: Material) -> bytes:
    """The open document with material added as a revision of its own (ETSI EN 319 142-1, 5.4.2)."""
    writer = writer_over(reader)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[asn1.Certificate.load(der) for der in material.certificates],
        crls=[crl.CertificateList.load(der) for der in material.crls],
        ocsps=[ocsp.OCSPResponse.load(der) for der in material.responses],
    )
    return finish(writer)
