"""XML of SAML read strictly, and what a signature in it covers (SAML 2.0 Core, 5.4; XML Signature).

Of a signed element nothing is taken but what the verification gives back: the canonical bytes that were signed, read
anew. Whatever else stands in the answer cannot be mistaken for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.verifier import SignatureConfiguration, XMLVerifier

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
NAMES = {"p": PROTOCOL, "a": ASSERTION, "m": METADATA, "s": SIGNATURE}
METHODS = (
    SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512,
    SignatureMethod.SHA256_RSA_MGF1, SignatureMethod.SHA384_RSA_MGF1, SignatureMethod.SHA512_RSA_MGF1,
    SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA384, SignatureMethod.ECDSA_SHA512,
)  # fmt: skip
"""By which a provider may sign: never SHA-1, never a secret that both sides know."""
DIGESTS = (DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512)
TRANSFORMS = (
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
)
"""SAML 2.0 Core, 5.4.4: no others."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


class Unreadable(ValueError):
    """It is no XML, or not of the shape that is expected."""


class Unsafe(ValueError):
    """It declares a document type or entities, or has processing instructions."""


class Wrapped(ValueError):
    """The signature is of another element than the one that it stands in, or elements cannot be told apart."""


class Weak(ValueError):
    """It is signed by an algorithm that is not accepted."""


class Forged(ValueError):
    """The signature does not hold by any of the certificates."""


def read(raw: bytes) -> etree._Element:
    """The root of a document in UTF-8. Raises `Unreadable`, `Unsafe`."""
    try:
        written = raw.decode()
    except UnicodeDecodeError as fault:
        raise Unreadable("it is not UTF-8") from fault
    if "<!DOCTYPE" in written or "<!ENTITY" in written:
        raise Unsafe("it declares a document type")
    # The encoding is not left to the document: in another one, what was looked for above could hide.
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as fault:
        raise Unreadable("it is no XML") from fault
    document = root.getroottree()
    if document.docinfo.internalDTD is not None or document.xpath("//processing-instruction()"):
        raise Unsafe("it declares a document type, or has processing instructions")
    return root


def name(space: str, local: str) -> str:
    """A name as lxml writes it."""
    return f"{{{space}}}{local}"


def one(parent: etree._Element, path: str) -> etree._Element:
    """The only element at a path of the prefixes of `NAMES`. Raises `Unreadable`: there is none, or several."""
    found = parent.findall(path, namespaces=NAMES)
    if len(found) != 1:
        raise Unreadable("an element is missing, or there are several")
    return found[0]


def text(element: etree._Element) -> str:
    """What an element says, without the white space around it. Raises `Unreadable`: it has more within than text; a
    comment would hide what stands behind it."""
    if len(element):
        raise Unreadable("a text has more within than text")
    return (element.text or "").strip()


def moment(written: str | None) -> datetime | None:
    """A time of SAML, which is of UTC (Core, 1.3.3); None where none is given. Raises `Unreadable`."""
    if written is None:
        return None
    if not _MOMENT.fullmatch(written):
        raise Unreadable("it is no time")
    try:
        return datetime.fromisoformat(written[:-1]).replace(tzinfo=UTC)
    except ValueError as fault:
        raise Unreadable("it is no time") from fault


def is_signed(element: etree._Element) -> bool:
    """Whether a signature stands in an element, as its child."""
    return element.find("s:Signature", namespaces=NAMES) is not None


def signed(element: etree._Element, certificates: Sequence[x509.Certificate], *, at: datetime) -> etree._Element:
    """What a signature in an element says of that element, by one of these certificates: what was signed, read anew.

    Args:
        certificates: those that are valid at the moment `at`.

    Raises:
        Wrapped, Weak, Forged, Unreadable.
    """
    _require_about(element)
    expected = SignatureConfiguration(
        location="./", expect_references=1, signature_methods=frozenset(METHODS), digest_algorithms=frozenset(DIGESTS),
        verification_time=at, ignore_ambiguous_key_info=True,
    )  # fmt: skip
    raw = etree.tostring(element, with_tail=False)
    told = (_told(raw, certificate, expected) for certificate in certificates)
    found = next((each for each in told if each is not None), None)
    if found is None:
        raise Forged("no certificate of the provider made it")
    if found.tag != element.tag or found.get("ID") != element.get("ID"):
        raise Wrapped("something else is signed")
    return found


def _told(raw: bytes, certificate: x509.Certificate, expected: SignatureConfiguration) -> etree._Element | None:
    """What was signed by a certificate; None where it was not: then it is perhaps another's of the provider."""
    try:
        told = XMLVerifier().verify(raw, x509_cert=certificate, expect_config=expected, id_attribute="ID")
    except Exception:  # whatever the library stumbles over in a stranger's bytes is no signature
        return None
    return None if isinstance(told, list) else told.signed_xml


def _require_about(element: etree._Element) -> None:
    """The signature in an element is about that element alone, and by what is accepted. Raises `Wrapped`, `Weak`,
    `Unreadable`."""
    said = one(element, "s:Signature/s:SignedInfo")
    references = said.findall("s:Reference", namespaces=NAMES)
    if len(references) != 1 or not element.get("ID") or references[0].get("URI") != f"#{element.get('ID')}":
        raise Wrapped("the signature is about something else")
    used = [at.get("Algorithm") for at in references[0].findall("s:Transforms/s:Transform", namespaces=NAMES)]
    if not set(used) <= set(TRANSFORMS):
        raise Wrapped("what is signed is changed first")
    method, digest = one(said, "s:SignatureMethod"), one(references[0], "s:DigestMethod")
    if method.get("Algorithm") not in {known.value for known in METHODS}:
        raise Weak("the signature's algorithm is not accepted")
    if digest.get("Algorithm") not in {known.value for known in DIGESTS}:
        raise Weak("the digest's algorithm is not accepted")
