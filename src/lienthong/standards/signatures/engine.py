"""The one place where a PDF signature is made: pyHanko with a held key, a given time and a given network."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import cms, tsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.attributes import CMSAttributeProvider, SigningCertificateV2Provider
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError, as_signing_certificate_v2
from pyhanko.sign.signers import Signer
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SignedAttributeProviderSpec
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTBSDocument
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp.noop import NoOpStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lienthong.standards.signatures.errors import KeyUnusable, TimeStampRefused
from lienthong.standards.signatures.keys import Key
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.trust import certificate

DIGEST = "sha256"
_TOKEN_UNKNOWN = 9_000
"""Bytes kept for a time stamp of an authority not asked before; most tokens with their certificates take 3 to 7 KB."""
_MARGIN = 1_536
"""Bytes kept beyond certificates and token, for the attributes, the signature and a token that grows a little."""
_token_sizes: dict[str, int] = {}
"""How long the tokens of each authority were: readers take hexadecimal digits one by one, so spare room costs time.

pyHanko would ask the authority for a token to throw away, only to learn its size.
"""


class HeldSigner(Signer):  # type: ignore[misc] # pyHanko is untyped here
    """A signer over a `Key`. pyHanko's own parses the private key again for every signature (38 ms for RSA)."""

    def __init__(self, key: Key) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple([certificate(der) for der in key.chain])
        super().__init__(signing_cert=certificate(key.certificate), cert_registry=registry)
        self.signed_attr_prov_spec = _NamesCertificate(key.certificate)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(512) if dry_run else self._key.sign(data, digest_algorithm)


class _NamesCertificate(SignedAttributeProviderSpec, SigningCertificateV2Provider):  # type: ignore[misc] # as above
    """What is signed beside the document's digest: which certificate it is (signing-certificate-v2, RFC 5035). PAdES
    keeps the time claimed elsewhere. It is the same for every document, and encoded once."""

    def __init__(self, der: bytes) -> None:
        super().__init__(certificate(der))

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> list[CMSAttributeProvider]:
        return [self]

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:
        return tsp.SigningCertificateV2.load(_encoded(self.signing_cert.dump()))


@lru_cache(maxsize=64)
def _encoded(der: bytes) -> bytes:
    return bytes(as_signing_certificate_v2(certificate(der)).dump())


class FetchedTimeStamper(TimeStamper):  # type: ignore[misc] # as above
    """RFC 3161 over the caller's network."""

    def __init__(self, stamps: TimeStamps) -> None:
        super().__init__()
        self._stamps = stamps

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        answer = self._stamps.fetch(self._stamps.url, req.dump(), "application/timestamp-query")
        return tsp.TimeStampResp.load(answer)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            info = token["content"]["encap_content_info"]["content"].parsed
            imprint = info["message_imprint"]["hashed_message"].native
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimeStampRefused(reason=str(error) or type(error).__name__) from error
        if imprint != message_digest:
            raise TimeStampRefused(reason="messageImprint")
        _token_sizes[self._stamps.url] = max(len(token.dump()), _token_sizes.get(self._stamps.url, 0))
        return token


def sign_field(
    writer: IncrementalPdfFileWriter,
    name: str,
    *,
    key: Key,
    timestamps: TimeStamps,
    at: datetime,
    certify: bool = False,
) -> bytes:
    """Sign the field `name` (PAdES B-T, ETSI EN 319 142-1) and return the whole file.

    `at` is the claimed signing time (aware). `certify` makes it the document's certification that lets forms be filled
    (DocMDP, P=2).

    Raises:
        TimeStampRefused, KeyUnusable.
    """
    return asyncio.run(_sign(_signer(name, key, timestamps, certify=certify), writer, at, _room(key, timestamps)))


@dataclass(frozen=True)
class Prepared:
    """A file in which everything stands but the signature, and what is to be signed for it.

    Attributes:
        pdf: the whole file, with the place kept empty.
        start, end: the place, as offsets into the file.
        attributes: the signed attributes (RFC 5652, 5.3), DER; they name the digest of the file, the time claimed and
            the certificate.
    """

    pdf: bytes
    start: int
    end: int
    attributes: bytes

    @property
    def digest(self) -> bytes:
        """What the key has to sign: the SHA-256 of the attributes."""
        return hashlib.sha256(self.attributes).digest()


def prepare_field(
    writer: IncrementalPdfFileWriter, name: str, *, key: Key, timestamps: TimeStamps, at: datetime, certify: bool
) -> Prepared:
    """As `sign_field`, up to where the key would be used: of `key` only the certificates are asked."""
    signer = _signer(name, key, timestamps, certify=certify)
    return asyncio.run(_prepare(signer, writer, at, _room(key, timestamps, least=_TOKEN_UNKNOWN)))


def finish_field(prepared: Prepared, *, key: Key, timestamps: TimeStamps) -> bytes:
    """The file that was prepared, with the signature that `key` gives for its attributes, and a time stamp over it.

    Raises:
        TimeStampRefused, KeyUnusable.
    """
    return asyncio.run(_finish(prepared, HeldSigner(key), FetchedTimeStamper(timestamps)))


def _signer(name: str, key: Key, timestamps: TimeStamps, *, certify: bool) -> PdfSigner:
    metadata = PdfSignatureMetadata(
        field_name=name,
        md_algorithm=DIGEST,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS if certify else MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    return PdfSigner(
        metadata, HeldSigner(key), timestamper=FetchedTimeStamper(timestamps), stamp_style=NoOpStampStyle()
    )


def _room(key: Key, timestamps: TimeStamps, *, least: int = 0) -> int:
    """Hexadecimal digits to keep in the file for the signature container; for a token of `least` bytes and more, where
    it comes later, and a place that is too small would cost somebody's consent."""
    certificates = sum(map(len, (key.certificate, *key.chain)))
    return 2 * (certificates + max(least, _token_sizes.get(timestamps.url, _TOKEN_UNKNOWN)) + _MARGIN)


async def _sign(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime, room: int) -> bytes:
    prepared = await _prepare(signer, writer, at, room)
    return await _finish(prepared, signer.signer, signer.default_timestamper)


async def _prepare(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime, room: int) -> Prepared:
    document = _to_be_signed(signer, writer, at, room)
    prepared, output = document.digest_tbs_document(output=BytesIO())
    assert isinstance(output, BytesIO)  # noqa: S101 - what digest_tbs_document was given
    attributes = await document.signer.signed_attrs(
        prepared.document_digest, DIGEST, attr_settings=PdfCMSSignedAttributes(signing_time=at), use_pades=True
    )
    return Prepared(
        output.getvalue(), prepared.reserved_region_start, prepared.reserved_region_end, bytes(attributes.dump())
    )


async def _finish(prepared: Prepared, signer: HeldSigner, timestamper: FetchedTimeStamper) -> bytes:
    attributes = cms.CMSAttributes.load(prepared.attributes)
    container = await signer.async_sign_prescribed_attributes(DIGEST, attributes, timestamper=timestamper)
    output = BytesIO(prepared.pdf)
    try:
        PreparedByteRangeDigest(b"", prepared.start, prepared.end).fill_with_cms(output, container)
    except SigningError as error:
        raise KeyUnusable(reason=str(error)) from error
    return output.getvalue()


def _to_be_signed(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime, room: int) -> PdfTBSDocument:
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    return session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
