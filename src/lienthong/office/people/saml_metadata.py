"""How a provider of SAML describes itself (SAML 2.0 Metadata), read from a file that an operator trusts, and how this
office does towards it. Nothing is fetched."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from lienthong.office.people import openid, saml_xml
from lienthong.office.people.saml_errors import SamlMetadataRefused
from lienthong.office.people.saml_xml import METADATA, NAMES, PROTOCOL

LARGEST = 1 << 20
"""Bytes of a description; a whole federation's is not taken."""
LONGEST_ADDRESS = 300
MOST_CERTIFICATES = 5
LEAST_BITS = 2048
LEAST_BITS_OF_CURVES = 256
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


@dataclass(frozen=True)
class Described:
    """A provider as it describes itself.

    Attributes:
        issuer: its entityID.
        sign_in_at: where the person is sent, by a redirection.
        certificates: PEM, one after the other, of the keys that it signs with.
        valid_until: when it holds no more, the earliest that it names; None where it names none.
    """

    issuer: str
    sign_in_at: str
    certificates: str
    valid_until: datetime | None


def read(raw: bytes, *, at: datetime) -> Described:
    """What a description says. Raises `SamlMetadataRefused`: it is none, of several, over, or nothing safe."""
    if len(raw) > LARGEST:
        raise _refused("tệp quá lớn", "the file is too large")
    try:
        root = saml_xml.read(raw)
        entity = _the_entity(root)
        role = saml_xml.one(entity, "m:IDPSSODescriptor")
        named = [saml_xml.moment(part.get("validUntil")) for part in (root, entity, role)]
        until = min((one for one in named if one is not None), default=None)
        if until is not None and until <= at:
            raise _refused("đã quá hạn hiệu lực ghi trong tệp", "the time that it names is over")
        if PROTOCOL not in (role.get("protocolSupportEnumeration") or "").split():
            raise _refused("nơi cấp không nói SAML 2.0", "it does not speak SAML 2.0")
        return Described(_issuer(entity), _sign_in_at(role), _certificates(role, at), until)
    except saml_xml.Unsafe as fault:
        raise _refused("tệp có DTD, thực thể hoặc lệnh xử lý", "it has a DTD, entities or instructions") from fault
    except saml_xml.Unreadable as fault:
        raise _refused("không đọc được một nơi cấp (IdP) duy nhất", "it does not describe one provider") from fault


def certificates_of(kept: str) -> list[x509.Certificate]:
    """The certificates that are kept of a provider."""
    return x509.load_pem_x509_certificates(kept.encode())


def of_this_office(*, known_as: str, takes_at: str) -> bytes:
    """This office as a provider imports it: its name, and the address that takes assertions.

    Args:
        known_as: the entityID, which is the address of this description.
        takes_at: the assertion consumer service, by POST.
    """
    root = etree.Element(saml_xml.name(METADATA, "EntityDescriptor"), entityID=known_as, nsmap={"md": METADATA})
    role = etree.SubElement(
        root, saml_xml.name(METADATA, "SPSSODescriptor"), AuthnRequestsSigned="false", WantAssertionsSigned="true",
        protocolSupportEnumeration=PROTOCOL,
    )  # fmt: skip
    etree.SubElement(role, saml_xml.name(METADATA, "NameIDFormat")).text = PERSISTENT
    etree.SubElement(
        role, saml_xml.name(METADATA, "AssertionConsumerService"), Binding=POST, Location=takes_at, index="0",
        isDefault="true",
    )  # fmt: skip
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _the_entity(root: etree._Element) -> etree._Element:
    """The provider itself, or the only one of a list of entities."""
    if root.tag == saml_xml.name(METADATA, "EntitiesDescriptor"):
        return saml_xml.one(root, "m:EntityDescriptor")
    if root.tag != saml_xml.name(METADATA, "EntityDescriptor"):
        raise saml_xml.Unreadable("it is no description")
    return root


def _issuer(entity: etree._Element) -> str:
    issuer = entity.get("entityID") or ""
    if not 0 < len(issuer) <= LONGEST_ADDRESS:
        raise _refused("entityID trống hoặc quá dài", "its entityID is empty or too long")
    return issuer


def _sign_in_at(role: etree._Element) -> str:
    for service in role.findall("m:SingleSignOnService", namespaces=NAMES):
        address = service.get("Location") or ""
        if service.get("Binding") == REDIRECT and len(address) <= LONGEST_ADDRESS and openid.is_safe(address):
            return address
    raise _refused(
        "không có địa chỉ đăng nhập https kiểu HTTP-Redirect", "it has no https address of sign-in by HTTP-Redirect"
    )


def _certificates(role: etree._Element, at: datetime) -> str:
    kept: list[x509.Certificate] = []
    for key in role.findall("m:KeyDescriptor", namespaces=NAMES):
        if key.get("use") not in (None, "signing"):
            continue
        kept += [_certificate(one) for one in key.findall("s:KeyInfo/s:X509Data/s:X509Certificate", namespaces=NAMES)]
    kept = [one for one in kept if at <= one.not_valid_after_utc]
    if not 0 < len(kept) <= MOST_CERTIFICATES:
        raise _refused(
            f"cần từ 1 đến {MOST_CERTIFICATES} chứng thư số ký còn hạn",
            f"it needs 1 to {MOST_CERTIFICATES} certificates for signing that have not ended",
        )
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in kept)


def _certificate(element: etree._Element) -> x509.Certificate:
    """A certificate whose key is strong enough, of a kind that signs here."""
    try:
        found = x509.load_der_x509_certificate(b64decode("".join(saml_xml.text(element).split()), validate=True))
        key = found.public_key()
    except saml_xml.Unreadable:
        raise
    except Exception as fault:  # whatever the library stumbles over is no certificate
        raise _refused("có chứng thư số không đọc được", "a certificate in it cannot be read") from fault
    strong = (isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_BITS) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= LEAST_BITS_OF_CURVES
    )
    if not strong:
        raise _refused("khóa của nơi cấp quá ngắn hoặc khác loại", "a key of it is too short, or of another kind")
    return found


def _refused(why: str, why_en: str) -> SamlMetadataRefused:
    return SamlMetadataRefused(why=why, why_en=why_en)
