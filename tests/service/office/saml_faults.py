"""In how many ways an answer by SAML, or a provider's description of itself, does not hold, and how each is called."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from lienthong.office.people import saml
from lienthong.office.people.openid import LEEWAY_SECONDS
from lienthong.testing.saml_provider import (
    ENVELOPED,
    EXCLUSIVE,
    RSA_SHA256,
    SHA1,
    SamlProvider,
    certificate_of,
    said,
    sole,
)

NAMED, BROUGHT, CONDITIONS = (
    "a:Assertion/a:Subject/a:NameID", "a:Assertion/a:Subject/a:SubjectConfirmation/a:SubjectConfirmationData",
    "a:Assertion/a:Conditions",
)  # fmt: skip
FORGED = rsa.generate_private_key(public_exponent=65537, key_size=2048)
Fault = Callable[[SamlProvider], None]


def changed(path: str, name: str, value: str | None) -> Fault:
    """What is signed says something else: an attribute, or (with no name) the text, of the elements at a path."""

    def fault(provider: SamlProvider) -> None:
        def change(root: etree._Element) -> None:
            for found in root.findall(path, namespaces={"a": saml.ASSERTION, "p": saml.PROTOCOL}):
                if not name:
                    found.text = value
                elif value is None:
                    del found.attrib[name]
                else:
                    found.set(name, value)

        provider.before = change

    return fault


def gone(path: str) -> Fault:
    """An element is not there."""

    def fault(provider: SamlProvider) -> None:
        def change(root: etree._Element) -> None:
            found = sole(root, path)
            found.getparent().remove(found)  # type: ignore[union-attr]

        provider.before = change

    return fault


def added(path: str, written: str) -> Fault:
    """An element more, within what is signed."""

    def fault(provider: SamlProvider) -> None:
        within = f'<x xmlns="{saml.ASSERTION}" xmlns:saml="{saml.ASSERTION}">{written}</x>'
        provider.before = lambda root: sole(root, path).append(etree.fromstring(within)[0])

    return fault


def encrypted_name(provider: SamlProvider) -> None:
    provider.before = lambda root: setattr(sole(root, NAMED), "tag", f"{{{saml.ASSERTION}}}EncryptedID")


def later(change: Callable[[etree._Element], None]) -> Fault:
    """Somebody changed it on its way."""

    def fault(provider: SamlProvider) -> None:
        provider.after = change

    return fault


def given(**values: Any) -> Fault:
    def fault(provider: SamlProvider) -> None:
        for name, value in values.items():
            setattr(provider, name, value)

    return fault


def both_signed_and_changed(provider: SamlProvider) -> None:
    provider.covers = ("a:Assertion", ".")
    provider.after = lambda root: root.set("IssueInstant", "2020-01-01T00:00:00Z")


def evil_of(root: etree._Element) -> tuple[etree._Element, etree._Element]:
    """The assertion, and one of somebody else's made after it, without a signature."""
    good = sole(root, "a:Assertion")
    evil = deepcopy(good)
    evil.remove(sole(evil, "s:Signature"))
    evil.set("ID", "_evil")
    sole(evil, "a:Subject/a:NameID").text = "u-1"
    return good, evil


def wrapped_beside(root: etree._Element) -> None:
    root.insert(2, evil_of(root)[1])


def wrapped_behind(root: etree._Element) -> None:
    root.append(evil_of(root)[1])


def within_extensions(root: etree._Element) -> None:
    held = etree.Element(f"{{{saml.PROTOCOL}}}Extensions")
    root.insert(1, held)
    held.append(sole(root, "a:Assertion"))


def unsolicited(provider: SamlProvider) -> None:
    def change(root: etree._Element) -> None:
        for path in (".", BROUGHT):
            del sole(root, path).attrib["InResponseTo"]

    provider.before = change


def wrapped_in_its_signature(root: etree._Element) -> None:
    good, evil = evil_of(root)
    signature = sole(good, "s:Signature")
    root.replace(good, evil)
    evil.insert(1, signature)
    etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object").append(good)


def wrapped_in_extensions(root: etree._Element) -> None:
    good, evil = evil_of(root)
    signature = deepcopy(sole(good, "s:Signature"))
    root.replace(good, evil)
    evil.insert(1, signature)
    held = etree.Element(f"{{{saml.PROTOCOL}}}Extensions")
    root.insert(1, held)
    held.append(good)


def wrapped_around(root: etree._Element) -> None:
    """The whole answer stands within another one."""
    good, evil = evil_of(root)
    held = etree.SubElement(evil, f"{{{saml.ASSERTION}}}Advice")
    root.replace(good, evil)
    held.append(good)


def signature_elsewhere(root: etree._Element) -> None:
    root.insert(1, sole(root, "a:Assertion/s:Signature"))


def twice_signed(root: etree._Element) -> None:
    found = sole(root, "a:Assertion")
    found.insert(1, deepcopy(sole(found, "s:Signature")))


def one_name_for_two(root: etree._Element) -> None:
    root.set("ID", sole(root, "a:Assertion").get("ID") or "")


def moment(**from_now: int) -> str:
    return said(datetime.now(UTC) + timedelta(**from_now))


FAULTS: dict[str, tuple[Fault, str]] = {
    "not signed": (given(covers=()), "saml_unsigned"),
    "only the answer is signed": (given(covers=(".",)), "saml_unsigned"),
    "its signature stands elsewhere": (later(signature_elsewhere), "saml_unsigned"),
    "another key": (given(signs_with=(FORGED, certificate_of(FORGED))), "saml_bad_signature"),
    "changed on its way": (later(lambda root: setattr(sole(root, NAMED), "text", "u-2")), "saml_bad_signature"),
    "the answer around it was changed": (both_signed_and_changed, "saml_bad_signature"),
    "an empty signature": (later(lambda r: setattr(sole(r, ".//s:SignatureValue"), "text", "")), "saml_bad_signature"),
    "SHA-1": (given(digest=SHA1), "saml_weak_signature"),
    "a digest by SHA-1": (given(digest=SHA1, method=RSA_SHA256), "saml_weak_signature"),
    "a shared secret": (given(method="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), "saml_weak_signature"),
    "about something else": (given(about="_else"), "saml_wrapped"),
    "about all": (given(about=""), "saml_wrapped"),
    "wrapped beside": (later(wrapped_beside), "saml_wrapped"),
    "wrapped behind": (later(wrapped_behind), "saml_wrapped"),
    "within extensions": (later(within_extensions), "saml_wrapped"),
    "changed by a program first": (
        given(transforms=(ENVELOPED, "http://www.w3.org/TR/1999/REC-xslt-19991116", EXCLUSIVE)), "saml_wrapped",
    ),
    "wrapped in its signature": (later(wrapped_in_its_signature), "saml_wrapped"),
    "wrapped in extensions": (later(wrapped_in_extensions), "saml_wrapped"),
    "wrapped in advice": (later(wrapped_around), "saml_wrapped"),
    "signed twice": (later(twice_signed), "saml_wrapped"),
    "one name for two": (later(one_name_for_two), "saml_wrapped"),
    "encrypted": (added(".", "<EncryptedAssertion/>"), "saml_encrypted"),
    "nobody signed in": (changed(".//p:StatusCode", "Value", "urn:x:AuthnFailed"), "saml_not_vouched"),
    "another issuer": (changed("a:Assertion/a:Issuer", "", "https://khac.vn"), "saml_wrong_issuer"),
    "an issuer around it": (changed("a:Issuer", "", "https://khac.vn"), "saml_wrong_issuer"),
    "an issuer of another kind": (changed("a:Assertion/a:Issuer", "Format", "urn:x"), "saml_wrong_issuer"),
    "another audience": (changed(".//a:Audience", "", "https://khac.vn"), "saml_wrong_audience"),
    "no audience": (gone(f"{CONDITIONS}/a:AudienceRestriction"), "saml_wrong_audience"),
    "two audiences to be in": (
        added(CONDITIONS, "<AudienceRestriction><Audience>x</Audience></AudienceRestriction>"), "saml_wrong_audience",
    ),
    "a condition of another kind": (added(CONDITIONS, "<Condition/>"), "saml_wrong_audience"),
    "another destination": (changed(".", "Destination", "https://khac.vn/"), "saml_wrong_place"),
    "no destination": (changed(".", "Destination", None), "saml_wrong_place"),
    "another recipient": (changed(BROUGHT, "Recipient", "https://khac.vn/"), "saml_wrong_place"),
    "no recipient": (changed(BROUGHT, "Recipient", None), "saml_wrong_place"),
    "over": (changed(BROUGHT, "NotOnOrAfter", moment(seconds=-LEEWAY_SECONDS - 5)), "saml_not_now"),
    "its conditions are over": (changed(CONDITIONS, "NotOnOrAfter", moment(minutes=-9)), "saml_not_now"),
    "the session there is over": (
        changed("a:Assertion/a:AuthnStatement", "SessionNotOnOrAfter", moment(minutes=-9)), "saml_not_now",
    ),
    "not yet": (changed(CONDITIONS, "NotBefore", moment(days=1)), "saml_not_now"),
    "not to be brought yet": (changed(BROUGHT, "NotBefore", moment(days=1)), "saml_not_now"),
    "issued in time to come": (changed("a:Assertion", "IssueInstant", moment(days=1)), "saml_not_now"),
    "without an end": (changed(BROUGHT, "NotOnOrAfter", None), "saml_not_now"),
    "for years": (
        lambda p: setattr(p, "before", lambda r: [sole(r, at).set("NotOnOrAfter", moment(days=9)) for at in (BROUGHT, CONDITIONS)]),
        "saml_not_now",
    ),
    "a time that is none": (changed(BROUGHT, "NotOnOrAfter", "2026-13-45T99:00:00Z"), "saml_unreadable"),
    "a time of a place": (changed(BROUGHT, "NotOnOrAfter", "2099-01-01T00:00:00+07:00"), "saml_unreadable"),
    "unsolicited": (unsolicited, "saml_unsolicited"),
    "unsolicited within": (changed(BROUGHT, "InResponseTo", None), "saml_unsolicited"),
    "unsolicited around it": (changed(".", "InResponseTo", None), "saml_unsolicited"),
    "to two requests": (changed(".", "InResponseTo", "_x"), "saml_unsolicited"),
    "of nobody": (gone(NAMED), "saml_nobody"),
    "of an empty name": (given(subject=" "), "saml_nobody"),
    "of too long a name": (given(subject="u" * 256), "saml_nobody"),
    "of a passing name": (
        changed(NAMED, "Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"), "saml_nobody",
    ),
    "of another's name": (changed(NAMED, "NameQualifier", "https://khac.vn"), "saml_nobody"),
    "of a name for another": (changed(NAMED, "SPNameQualifier", "https://khac.vn"), "saml_nobody"),
    "of an encrypted name": (encrypted_name, "saml_nobody"),
    "no conditions": (gone(CONDITIONS), "saml_unreadable"),
    "nothing about signing in": (gone("a:Assertion/a:AuthnStatement"), "saml_unreadable"),
    "holder of a key": (
        changed("a:Assertion/a:Subject/a:SubjectConfirmation", "Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"),
        "saml_unreadable",
    ),
    "no assertion": (later(lambda root: root.remove(sole(root, "a:Assertion"))), "saml_unreadable"),
    "SAML 1.1": (changed(".", "Version", "1.1"), "saml_unreadable"),
    "an assertion of SAML 1.1": (changed("a:Assertion", "Version", "1.1"), "saml_unreadable"),
    "instructions to a program": (later(lambda root: root.append(etree.ProcessingInstruction("x", "y"))), "saml_unsafe"),
}  # fmt: skip


METADATA: dict[str, tuple[Callable[[SamlProvider], bytes], str]] = {
    "no XML": (lambda p: b"no", "only one|duy nhất"),
    "a DTD": (lambda p: b"<!DOCTYPE x>" + p.metadata(), "DTD"),
    "too large": (lambda p: p.metadata() + b" " * (1 << 20), "quá lớn"),
    "of a client": (lambda p: p.metadata().replace(b"IDPSSO", b"SPSSO"), "duy nhất"),
    "something else": (lambda p: b"<x/>", "duy nhất"),
    "of two": (
        lambda p: b'<m:EntitiesDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata">'
        + 2 * p.metadata() + b"</m:EntitiesDescriptor>",
        "duy nhất",
    ),
    "over": (lambda p: p.metadata().replace(b"entityID", b'validUntil="2020-01-01T00:00:00Z" entityID'), "quá hạn"),
    "SAML 1.1": (lambda p: p.metadata().replace(b"SAML:2.0:protocol", b"SAML:1.1:protocol"), "SAML 2.0"),
    "without encryption": (lambda p: p.metadata().replace(b"http://127.0.0.1", b"http://khac.vn"), "https"),
    "without a name": (lambda p: p.metadata().replace(f'entityID="{p.issuer}"'.encode(), b'entityID=""'), "entityID"),
    "without a key": (lambda p: p.metadata().replace(b'use="signing"', b'use="encryption"'), "chứng thư số"),
    "with a key that ended": (
        lambda p: p.metadata(certificate_of(p.key, begins=timedelta(days=-9), ends=timedelta(days=-1))), "chứng thư số",
    ),
    "with too many keys": (lambda p: p.metadata(*[p.certificate] * 6), "chứng thư số"),
    "with a broken certificate": (lambda p: p.metadata().replace(b"Certificate>\nMII", b"Certificate>\nAAA"), "không đọc"),
    "with a short key": (
        lambda p: p.metadata(certificate_of(rsa.generate_private_key(public_exponent=65537, key_size=1024))), "quá ngắn",  # noqa: S505
    ),
}  # fmt: skip
