"""Signing in by another service: SAML 2.0, Web Browser SSO with the request by redirection and the answer by POST
(SAML 2.0 Profiles, 4.1; Bindings, 3.4 and 3.5). A provider's word says who somebody is there, as with `openid`."""

from __future__ import annotations

import secrets
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from django.db import IntegrityError, transaction
from lxml import etree

from lienthong.office.models import IdentityProvider, TakenAssertion
from lienthong.office.people import saml_metadata, saml_xml
from lienthong.office.people.openid import LEEWAY_SECONDS
from lienthong.office.people.saml_errors import (
    SamlBadSignature,
    SamlCertificateEnded,
    SamlEncrypted,
    SamlMetadataEnded,
    SamlNobody,
    SamlNotNow,
    SamlNotVouched,
    SamlReplayed,
    SamlUnreadable,
    SamlUnsafe,
    SamlUnsigned,
    SamlUnsolicited,
    SamlWeakSignature,
    SamlWrapped,
    SamlWrongAudience,
    SamlWrongIssuer,
    SamlWrongPlace,
)
from lienthong.office.people.saml_xml import ASSERTION, NAMES, PROTOCOL, SIGNATURE, one, text

LARGEST = 128 << 10
"""Characters of an answer, as base64."""
LONGEST = 255
"""Characters of an identifier, and of a staff code."""
LEEWAY = timedelta(seconds=LEEWAY_SECONDS)
LONGEST_LIFE = timedelta(hours=24)
"""For which an assertion may hold: so long it is remembered."""
SHOWN = "urn:oasis:names:tc:SAML:2.0:assertion:AuthnInstant"
"""Among the claims: when the person showed who they are. No attribute has this name."""
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"


@dataclass(frozen=True)
class Office:
    """This office towards a provider.

    Attributes:
        known_as: its entityID; `takes_at`: where it takes assertions.
    """

    known_as: str
    takes_at: str


@dataclass(frozen=True)
class Said:
    """What an assertion that holds says.

    Attributes:
        claims: `sub`, and the staff code by the provider's attribute for it.
        request: of the request that it answers; `assertion`: its own identifier.
        until: when it holds no more, the clocks' difference included.
    """

    claims: dict[str, str]
    request: str
    assertion: str
    until: datetime


def fresh_request() -> str:
    """The identifier of a new request."""
    return f"_{secrets.token_hex(20)}"


def begin(provider: IdentityProvider, request: str, office: Office, *, at: datetime, fresh: bool = False) -> str:
    """The address at the provider where the person signs in, with the request in it; where `fresh`, they show there
    anew who they are (`ForceAuthn`), whatever session they have. Raises `SamlMetadataEnded`."""
    _require_known(provider, at)
    root = etree.Element(
        saml_xml.name(PROTOCOL, "AuthnRequest"), ID=request, Version="2.0", IssueInstant=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        Destination=provider.sign_in_at, AssertionConsumerServiceURL=office.takes_at,
        ProtocolBinding=saml_metadata.POST, nsmap={"samlp": PROTOCOL, "saml": ASSERTION},
    )  # fmt: skip
    if fresh:
        root.set("ForceAuthn", "true")
    etree.SubElement(root, saml_xml.name(ASSERTION, "Issuer")).text = office.known_as
    etree.SubElement(root, saml_xml.name(PROTOCOL, "NameIDPolicy"), AllowCreate="true")
    packer = zlib.compressobj(wbits=-15)  # without a head (Bindings, 3.4.4.1)
    packed = packer.compress(etree.tostring(root)) + packer.flush()
    told = urlencode({"SAMLRequest": b64encode(packed).decode()})
    return f"{provider.sign_in_at}{'&' if urlsplit(provider.sign_in_at).query else '?'}{told}"


def read(provider: IdentityProvider, answer: str, office: Office, *, at: datetime) -> Said:
    """What a provider's answer says, once everything of it holds. Raises what `saml_errors` names."""
    by = {"provider": provider.name}
    _require_known(provider, at)
    try:
        root = saml_xml.read(_decoded(answer))
        return _checked(provider, _signed_within(provider, root, at), root, office, at)
    except saml_xml.Unsafe as fault:
        raise SamlUnsafe(**by) from fault
    except saml_xml.Weak as fault:
        raise SamlWeakSignature(**by) from fault
    except saml_xml.Forged as fault:
        raise SamlBadSignature(**by) from fault
    except saml_xml.Wrapped as fault:
        raise SamlWrapped(**by) from fault
    except saml_xml.Unreadable as fault:
        raise SamlUnreadable(**by) from fault


def take(provider: IdentityProvider, said: Said) -> str:
    """Take an assertion, once; gives the ticket by which the browser comes on. Raises `SamlReplayed`."""
    ticket = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            TakenAssertion.objects.create(
                provider=provider, digest=_digest(said.assertion), request=_digest(said.request),
                ticket=_digest(ticket), claims=said.claims, until=said.until,
            )  # fmt: skip
    except IntegrityError:
        raise SamlReplayed(provider=provider.name) from None
    return ticket


def shown_at(claims: dict[str, str]) -> datetime | None:
    """When the person showed the provider who they are (`AuthnInstant`)."""
    return datetime.fromisoformat(claims[SHOWN]) if SHOWN in claims else None


def redeem(provider: IdentityProvider, ticket: str, request: str, *, at: datetime) -> dict[str, str] | None:
    """What the provider said of who comes on with this ticket, once, and only where the request was begun; None for
    anybody else."""
    waiting = TakenAssertion.objects.filter(
        provider=provider, ticket=_digest(ticket), request=_digest(request), used_at=None, until__gt=at
    )
    found = waiting.first()
    if found is None or not waiting.update(used_at=at):
        return None
    claims: dict[str, str] = found.claims
    return claims


def forget(*, before: datetime) -> None:
    """Forget assertions that hold no more: what is refused for its time need not be known again."""
    TakenAssertion.objects.filter(until__lte=before).delete()


def _require_known(provider: IdentityProvider, at: datetime) -> None:
    """Raises `SamlMetadataEnded`: what is known of the provider holds no more, by its own word."""
    if provider.valid_until is not None and provider.valid_until <= at:
        raise SamlMetadataEnded(provider=provider.name)


def _decoded(answer: str) -> bytes:
    if not answer or len(answer) > LARGEST:
        raise saml_xml.Unreadable("there is none, or it is too long")
    try:
        return b64decode("".join(answer.split()), validate=True)
    except (NoBase64, ValueError) as fault:
        raise saml_xml.Unreadable("it is no base64") from fault


def _signed_within(provider: IdentityProvider, root: etree._Element, at: datetime) -> etree._Element:
    """The assertion of an answer as it was signed."""
    by = {"provider": provider.name}
    if root.tag != saml_xml.name(PROTOCOL, "Response") or root.get("Version") != "2.0":
        raise saml_xml.Unreadable("it is no answer of SAML 2.0")
    if one(root, "p:Status/p:StatusCode").get("Value") != SUCCESS:
        raise SamlNotVouched(**by)
    if next(root.iter(saml_xml.name(ASSERTION, "EncryptedAssertion")), None) is not None:
        raise SamlEncrypted(**by)
    assertion = _the_assertion(root)
    if not saml_xml.is_signed(assertion):
        raise SamlUnsigned(**by)
    known = saml_metadata.certificates_of(provider.certificates)
    valid = [each for each in known if each.not_valid_before_utc <= at <= each.not_valid_after_utc]
    if not valid:
        raise SamlCertificateEnded(**by)
    if saml_xml.is_signed(root):  # not needed; but what is claimed has to hold
        saml_xml.signed(root, valid, at=at)
    return saml_xml.signed(assertion, valid, at=at)


def _the_assertion(root: etree._Element) -> etree._Element:
    """The only assertion, where nothing can be mistaken for it or its signature. Raises `Wrapped`, `Unreadable`."""
    assertions = list(root.iter(saml_xml.name(ASSERTION, "Assertion")))
    if not assertions:
        raise saml_xml.Unreadable("it has no assertion")
    if len(assertions) > 1 or assertions[0].getparent() is not root:
        raise saml_xml.Wrapped("there are several assertions, or one within something else")
    holders = [found.getparent() for found in root.iter(saml_xml.name(SIGNATURE, "Signature"))]
    if any(holder not in (root, assertions[0]) for holder in holders) or len(set(holders)) < len(holders):
        raise saml_xml.Wrapped("there are signatures elsewhere")
    named = [each.get("ID") for each in root.iter() if each.get("ID") is not None]
    if len(set(named)) < len(named):
        raise saml_xml.Wrapped("two elements have one identifier")
    return assertions[0]


def _checked(
    provider: IdentityProvider, told: etree._Element, root: etree._Element, office: Office, at: datetime
) -> Said:
    """What an assertion says whose signature holds; of the answer around it only what could contradict is looked at."""
    by = {"provider": provider.name}
    if told.get("Version") != "2.0":
        raise saml_xml.Unreadable("it is no assertion of SAML 2.0")
    issuers = [*root.findall("a:Issuer", namespaces=NAMES), one(told, "a:Issuer")]
    if any(not _is_issuer(each, provider) for each in issuers):
        raise SamlWrongIssuer(**by)
    confirmed = _confirmed(told)
    if root.get("Destination") != office.takes_at or confirmed.get("Recipient") != office.takes_at:
        raise SamlWrongPlace(**by)
    request = confirmed.get("InResponseTo")
    if not request or root.get("InResponseTo") != request:
        raise SamlUnsolicited(**by)
    conditions = one(told, "a:Conditions")
    if not _is_audience(conditions, office.known_as):
        raise SamlWrongAudience(**by)
    until = _until(told, conditions, confirmed, at)
    if until is None:
        raise SamlNotNow(**by)
    subject = _subject(provider, told, office)
    if subject is None:
        raise SamlNobody(**by)
    claims = {**_staff_code(provider, told), "sub": subject, SHOWN: _shown(told).isoformat()}
    return Said(claims, request, told.get("ID") or "", until)


def _is_issuer(element: etree._Element, provider: IdentityProvider) -> bool:
    return element.get("Format") in (None, ENTITY) and text(element) == provider.issuer


def _confirmed(told: etree._Element) -> etree._Element:
    """By what whoever brings the assertion is the person that it speaks of: the only one, of a bearer. Raises
    `Unreadable`."""
    found = one(told, "a:Subject/a:SubjectConfirmation")
    if found.get("Method") != BEARER:
        raise saml_xml.Unreadable("it asks for another proof than being brought")
    return one(found, "a:SubjectConfirmationData")


def _is_audience(conditions: etree._Element, name: str) -> bool:
    """Whether an assertion is for this office; a condition of another kind cannot be judged, so it does not hold."""
    known = {saml_xml.name(ASSERTION, kind) for kind in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")}
    if any(each.tag not in known for each in conditions.iterchildren(tag=etree.Element)):
        return False
    groups = conditions.findall("a:AudienceRestriction", namespaces=NAMES)
    named = [[text(each) for each in group.findall("a:Audience", namespaces=NAMES)] for group in groups]
    return bool(named) and all(name in audiences for audiences in named)


def _until(
    told: etree._Element, conditions: etree._Element, confirmed: etree._Element, at: datetime
) -> datetime | None:
    """When an assertion holds no more; None where it does not hold now, or names no end, or one too far."""
    statements = told.findall("a:AuthnStatement", namespaces=NAMES)
    if not statements:
        raise saml_xml.Unreadable("it does not say that anybody signed in")
    begins = [told.get("IssueInstant"), conditions.get("NotBefore"), confirmed.get("NotBefore")]
    ends = [conditions.get("NotOnOrAfter"), *(each.get("SessionNotOnOrAfter") for each in statements)]
    end = saml_xml.moment(confirmed.get("NotOnOrAfter"))
    if end is None or not all(early <= at + LEEWAY for early in map(saml_xml.moment, begins) if early is not None):
        return None
    until = min([end, *(late for late in map(saml_xml.moment, ends) if late is not None)])
    return until + LEEWAY if at - LEEWAY < until <= at + LONGEST_LIFE else None


def _shown(told: etree._Element) -> datetime:
    """When the person showed who they are; of several statements the oldest. Raises `Unreadable`."""
    moments = [saml_xml.moment(each.get("AuthnInstant")) for each in told.findall("a:AuthnStatement", namespaces=NAMES)]
    if None in moments:
        raise saml_xml.Unreadable("it does not say when they signed in")
    return min(each for each in moments if each is not None)


def _subject(provider: IdentityProvider, told: etree._Element, office: Office) -> str | None:
    """Who signed in, by a name of the provider's own that stays the same."""
    names = told.findall("a:Subject/a:NameID", namespaces=NAMES)
    if len(names) != 1:
        return None
    named = names[0]
    own = named.get("NameQualifier") in (None, "", provider.issuer)
    ours = named.get("SPNameQualifier") in (None, "", office.known_as)
    if named.get("Format") == TRANSIENT or not own or not ours:
        return None
    return text(named) if 0 < len(text(named)) <= LONGEST else None


def _staff_code(provider: IdentityProvider, told: etree._Element) -> dict[str, str]:
    """The one value of the attribute that holds the staff code; nothing where there are none or several."""
    if not provider.staff_claim:
        return {}
    attributes = told.findall("a:AttributeStatement/a:Attribute", namespaces=NAMES)
    held = [each for each in attributes if each.get("Name") == provider.staff_claim]
    values = [value for each in held for value in each.findall("a:AttributeValue", namespaces=NAMES)]
    if len(values) != 1 or not 0 < len(text(values[0])) <= LONGEST:
        return {}
    return {provider.staff_claim: text(values[0])}


def _digest(told: str) -> str:
    return sha256(told.encode()).hexdigest()
