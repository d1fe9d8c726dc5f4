"""The one place where a PDF signature is made: pyHanko with a held key, a given time and a given network."""

import asyncio
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import tsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import Signer
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp.noop import NoOpStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lienthong.standards.signatures.errors import KeyUnusable, TimeStampRefused
from lienthong.standards.signatures.keys import Key
from lienthong.standards.signatures.network import TimeStamps

DIGEST = "sha256"
_RESERVED = 32_768
"""Hexadecimal digits kept for signature, certificates and time stamp.

pyHanko would ask the time-stamping authority for a token to throw away, only to learn its size.
"""


class HeldSigner(Signer):  # type: ignore[misc] # pyHanko is untyped here
    """A signer over a `Key`. pyHanko's own parses the private key again for every signature (38 ms for RSA)."""

    def __init__(self, key: Key) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple([x509.Certificate.load(der) for der in key.chain])
        super().__init__(signing_cert=x509.Certificate.load(key.certificate), cert_registry=registry)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(512) if dry_run else self._key.sign(data, digest_algorithm)


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
        return token


def sign_field(
    writer: IncrementalPdfFileWriter,
    name: str,
    *,
    key: Key,
    timestamps: TimeStamps,
    at: datetime,
    certify: bool = False,
    new_field: SigFieldSpec | None = None,
) -> bytes:
    """Sign the field `name` (PAdES B-T, ETSI EN 319 142-1) and return the whole file.

    `at` is the claimed signing time (aware). `certify` makes it the document's certification that lets forms be filled
    (DocMDP, P=2).

    Raises:
        TimeStampRefused, KeyUnusable.
    """
    metadata = PdfSignatureMetadata(
        field_name=name,
        md_algorithm=DIGEST,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS if certify else MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    signer = PdfSigner(
        metadata,
        HeldSigner(key),
        timestamper=FetchedTimeStamper(timestamps),
        stamp_style=NoOpStampStyle(),
        new_field_spec=new_field,
    )
    return asyncio.run(_sign(signer, writer, at, create=new_field is not None))


async def _sign(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime, *, create: bool) -> bytes:
    session = signer.init_signing_session(writer, existing_fields_only=not create)
    session.system_time = at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED)
    prepared, output = document.digest_tbs_document(output=BytesIO())
    attributes = PdfCMSSignedAttributes(signing_time=at)
    try:
        await document.perform_signature(prepared.document_digest, pdf_cms_signed_attrs=attributes)
    except SigningError as error:
        raise KeyUnusable(reason=str(error)) from error
    assert isinstance(output, BytesIO)  # noqa: S101 - what digest_tbs_document was given
    return output.getvalue()
