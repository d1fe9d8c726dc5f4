"""A provider of identity on this machine that speaks SAML 2.0: real HTTP, real signatures, one person who is always
willing to sign in; and it can misbehave."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler
from secrets import token_hex
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree

from lienthong.testing.served import Served

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
SPACES = {"p": PROTOCOL, "a": ASSERTION, "s": "http://www.w3.org/2000/09/xmldsig#"}
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
SHA256, SHA1 = "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"
HASHES: dict[str, hashes.HashAlgorithm] = {SHA256: hashes.SHA256(), SHA1: hashes.SHA1()}  # noqa: S303 # as nobody should
RSA_SHA256, RSA_SHA1 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
ENVELOPED, EXCLUSIVE = (
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
)
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
Change = Callable[[etree._Element], None]

ANSWER = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
  xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
  ID="{answer}" Version="2.0" IssueInstant="{now}" Destination="{place}" InResponseTo="{request}">
  <saml:Issuer>{issuer}</saml:Issuer>
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
  <saml:Assertion ID="{assertion}" Version="2.0" IssueInstant="{now}">
    <saml:Issuer>{issuer}</saml:Issuer>
    <saml:Subject>
      <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</saml:NameID>
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <saml:SubjectConfirmationData InResponseTo="{request}" NotOnOrAfter="{end}" Recipient="{place}"/>
      </saml:SubjectConfirmation>
    </saml:Subject>
    <saml:Conditions NotBefore="{now}" NotOnOrAfter="{end}">
      <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
    </saml:Conditions>
    <saml:AuthnStatement AuthnInstant="{shown}">
      <saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
      </saml:AuthnContext>
    </saml:AuthnStatement>
    <saml:AttributeStatement>{attributes}</saml:AttributeStatement>
  </saml:Assertion>
</samlp:Response>"""
DESCRIPTION = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
  entityID="{issuer}"{ends}>
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    {keys}
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{issuer}/post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
      Location="{issuer}/sso?here=1"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""
SIGNATURE = """<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<ds:SignatureMethod Algorithm="{method}"/>
<ds:Reference URI="#{about}"><ds:Transforms>{transforms}</ds:Transforms>
<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue>{hash}</ds:DigestValue></ds:Reference></ds:SignedInfo>
<ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>
</ds:KeyInfo></ds:Signature>"""
PAGE = """<!doctype html><title>Provider</title><form method="post" action="{place}">
<input type="hidden" name="SAMLResponse" value="{answer}"><input type="hidden" name="RelayState" value="{relay}">
<button>Tiếp tục</button></form>"""


class SamlProvider(Served):
    """Use as `with SamlProvider() as provider: …`.

    Attributes:
        subject, attributes: what it says of who signs in.
        signs_with: key and certificate; another key than the published one is a forgery.
        digest, method, about: by which hash it signs, and what it says of how and of which element, where that is not
            so (None: it is); `transforms`: what it says was done to the element before, whatever was.
        before, after: change an answer before it is signed, and after.
        covers: what is signed: the assertion (`a:Assertion`), the answer (`.`), each in its turn.
        shown_at: when its person showed who they are last; a request that asks for it anew (`ForceAuthn`) moves it on,
            unless `lax`: then it vouches by its own session whatever is asked.
        asked: the last request that came, as XML.
        relay: what it sends along as RelayState.
    """

    def __init__(self, *, host: str = "127.0.0.1", key: Key | None = None) -> None:
        self.key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificate = certificate_of(self.key)
        self.signs_with: tuple[Key, x509.Certificate] = (self.key, self.certificate)
        self.digest = SHA256
        self.method: str | None = None
        self.about: str | None = None
        self.transforms: tuple[str, ...] = (ENVELOPED, EXCLUSIVE)
        self.subject = "u-1"
        self.attributes: dict[str, Sequence[str]] = {}
        self.before: Change = _nothing
        self.after: Change = _nothing
        self.covers: tuple[str, ...] = ("a:Assertion",)
        self.asked: etree._Element | None = None
        self.relay = ""
        self.shown_at, self.lax = datetime.now(UTC), False
        self._host = host
        super().__init__(self._handler())

    @property
    def issuer(self) -> str:
        """Its address, by which it is known."""
        return f"http://{self._host}:{self.port}"

    def metadata(self, *certificates: x509.Certificate, until: datetime | None = None) -> bytes:
        """How it describes itself, with its own certificate or these; `until` when, where it says so."""
        keys = "".join(
            f'<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n'
            f"{b64encode(one.public_bytes(Encoding.DER)).decode()}\n"
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            for one in certificates or (self.certificate,)
        )
        ends = f' validUntil="{said(until)}"' if until else ""
        return DESCRIPTION.format(issuer=self.issuer, keys=keys, ends=ends).encode()

    def answer(self, request: str, *, place: str, audience: str) -> bytes:
        """The answer to a request: who signed in, signed.

        Args:
            request: its identifier; `place`: where the assertion is taken; `audience`: by whom.
        """
        now = datetime.now(UTC)
        attributes = "".join(
            f'<saml:Attribute Name="{escape(name)}">'
            + "".join(f"<saml:AttributeValue>{escape(one)}</saml:AttributeValue>" for one in values)
            + "</saml:Attribute>"
            for name, values in self.attributes.items()
        )
        written = ANSWER.format(
            answer=f"_{token_hex(16)}", assertion=f"_{token_hex(16)}", now=said(now),
            end=said(now + timedelta(minutes=5)), shown=said(self.shown_at),
            place=escape(place), request=escape(request), issuer=self.issuer,
            audience=escape(audience), subject=escape(self.subject), attributes=attributes,
        )  # fmt: skip
        root = etree.fromstring(written)
        self.before(root)
        for path in self.covers:
            self._sign(root, path)
        self.after(root)
        return etree.tostring(root)

    def sign_in(self, query: str) -> tuple[str, str, str]:
        """The person signs in here, sent with a request in the address; gives where a browser posts what: the place,
        the answer as base64, and RelayState."""
        packed = b64decode(parse_qs(query)["SAMLRequest"][0])
        self.asked = etree.fromstring(zlib.decompress(packed, wbits=-15))
        if self.asked.get("ForceAuthn") == "true" and not self.lax:
            self.shown_at = datetime.now(UTC)
        place = self.asked.get("AssertionConsumerServiceURL") or ""
        audience = self.asked.findtext("a:Issuer", namespaces=SPACES) or ""
        answer = self.answer(self.asked.get("ID") or "", place=place, audience=audience)
        return place, b64encode(answer).decode(), self.relay

    def _sign(self, root: etree._Element, path: str) -> None:
        """Put a signature into one of the answer's elements, behind its Issuer, as the schema has it. It is reckoned
        here by itself: what checks it is not what made it."""
        (key, certificate), digest, found = self.signs_with, HASHES[self.digest], sole(root, path)
        signature = etree.fromstring(
            SIGNATURE.format(
                transforms="".join(f'<ds:Transform Algorithm="{one}"/>' for one in self.transforms),
                method=self.method or _method(key, self.digest), digest=self.digest,
                about=found.get("ID") if self.about is None else self.about,
                hash=_base64(_hashed(digest, _plain(found))),
                certificate=_base64(certificate.public_bytes(Encoding.DER)),
            )
        )  # fmt: skip
        found.insert(1, signature)
        signed = _signature(key, digest, _plain(sole(signature, "s:SignedInfo")))
        sole(signature, "s:SignatureValue").text = _base64(signed)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                place, answer, relay = provider.sign_in(urlsplit(self.path).query)
                page = PAGE.format(place=escape(place), answer=answer, relay=escape(relay)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def certificate_of(
    key: Key, *, begins: timedelta = timedelta(days=-1), ends: timedelta = timedelta(days=30)
) -> x509.Certificate:
    """A certificate that a key gives itself, as providers do."""
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nơi cấp")]), datetime.now(UTC)
    made = x509.CertificateBuilder(
        subject_name=name, issuer_name=name, public_key=key.public_key(), serial_number=x509.random_serial_number(),
        not_valid_before=now + begins, not_valid_after=now + ends,
    )  # fmt: skip
    return made.sign(key, hashes.SHA256())


def sole(root: etree._Element, path: str) -> etree._Element:
    """The only element at a path of the prefixes `p`, `a`, `s`."""
    (found,) = root.findall(path, namespaces=SPACES)
    return found


def said(moment: datetime) -> str:
    """A time as SAML writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _method(key: Key, digest: str) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return {SHA256: RSA_SHA256, SHA1: RSA_SHA1}[digest]
    return ECDSA_SHA256


def _plain(element: etree._Element) -> bytes:
    """The one way in which an element is written to be signed (Exclusive XML Canonicalization)."""
    return etree.tostring(element, method="c14n", exclusive=True)


def _hashed(digest: hashes.HashAlgorithm, told: bytes) -> bytes:
    reckoner = hashes.Hash(digest)
    reckoner.update(told)
    return reckoner.finalize()


def _signature(key: Key, digest: hashes.HashAlgorithm, told: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(told, padding.PKCS1v15(), digest)
    size = (key.key_size + 7) // 8
    return b"".join(one.to_bytes(size, "big") for one in decode_dss_signature(key.sign(told, ec.ECDSA(digest))))


def _base64(told: bytes) -> str:
    return b64encode(told).decode()


def _nothing(_root: etree._Element) -> None:
    """Leave it as it is."""
