"""Whoever signed is asked about, whatever stands beside their certificate: a document that carries only what was said
before a revocation does not keep its judge from hearing of it. What travels beside a signature nobody signed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.standards.signatures.engine import sign_field
from lienthong.standards.signatures.layout import Place
from lienthong.standards.signatures.material import Material, Validation, embed
from lienthong.standards.signatures.pdf import open_reader
from lienthong.standards.signatures.report import Verdict
from lienthong.standards.signatures.sign import material_at_hand
from lienthong.standards.signatures.trust import Trust
from tests.unit.signatures.world import AGENCY, PERSON, T0, Owner, World, numbered

Change = Callable[[cms.SignedData], None]


def twin(of: bytes) -> bytes:
    """A certificate that anybody can make: of the same issuer and number, by name."""
    own, key = x509.load_der_x509_certificate(of), ec.generate_private_key(ec.SECP256R1())
    made = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(own.issuer).public_key(key.public_key())
    made = made.serial_number(own.serial_number).not_valid_before(T0).not_valid_after(T0 + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def signers(signed: cms.SignedData) -> bytes:
    """Whose signature it is."""
    serial = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    return next(one.chosen.dump() for one in signed["certificates"] if one.chosen.serial_number == serial)


def tokens(signed: cms.SignedData) -> list[cms.SignedData]:
    """The time stamps of a signature."""
    found = signed["signer_infos"][0]["unsigned_attrs"]
    return [attribute["values"][0]["content"] for attribute in found] if found else []


def with_a_twin_before(signed: cms.SignedData) -> None:
    for stamp in tokens(signed):
        with_a_twin_before(stamp)
    own = [one.chosen.dump() for one in signed["certificates"]]
    together(signed, [twin(signers(signed)), *own])


def with_a_twin_as_it_is_named(signed: cms.SignedData) -> None:
    """The signature names its issuer in other bytes than the certificate does, and the twin in the same."""
    for stamp in tokens(signed):
        with_a_twin_before(stamp)
    own, real = [one.chosen.dump() for one in signed["certificates"]], signers(signed)
    other = asn1.Certificate.load(twin(real))
    other["tbs_certificate"]["issuer"] = respelt(other.issuer)
    together(signed, [other.dump(), *own])
    signed["signer_infos"][0]["sid"].chosen["issuer"] = respelt(asn1.Certificate.load(real).issuer)


def respelt(name: asn1.Name) -> asn1.Name:
    """The same words in the other kind of text."""
    parts = [
        asn1.RelativeDistinguishedName([
            asn1.NameTypeAndValue({
                "type": part["type"].native,
                "value": asn1.DirectoryString(name="bmp_string", value=asn1.BMPString(part["value"].native))
                if part["type"].native == "common_name" else part["value"],
            })
            for part in group
        ])
        for group in name.chosen
    ]  # fmt: skip
    return asn1.Name(name="", value=asn1.RDNSequence(parts))


def with_a_broken_stamp(signed: cms.SignedData) -> None:
    """The time stamp has no certificates."""
    for stamp in tokens(signed):
        together(stamp, [])


def alone(signed: cms.SignedData) -> None:
    """The issuers' certificates stand with what the document carries for the long term, and not here."""
    for one in (signed, *tokens(signed)):
        together(one, [signers(one)])


def together(signed: cms.SignedData, ders: list[bytes]) -> None:
    """These certificates, in this order."""
    signed["certificates"] = cms.CertificateSet([
        cms.CertificateChoices(name="certificate", value=asn1.Certificate.load(der)) for der in ders
    ])  # fmt: skip


def changed(pdf: bytes, place: int, change: Change) -> bytes:
    """The file with another CMS in the room of one signature, as long as it was."""
    found = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[place]
    old = bytes(found.pkcs7_content)
    info = cms.ContentInfo.load(old)
    change(info["content"])
    new = info.dump()
    assert len(new) <= len(old)
    start = pdf.index(old.hex().encode()) if old.hex().encode() in pdf else pdf.index(old.hex().upper().encode())
    return pdf[:start] + new.hex().encode().ljust(2 * len(old), b"0") + pdf[start + 2 * len(old) :]


def as_it_is(_: cms.SignedData) -> None:
    """No change."""


@pytest.mark.parametrize(
    ("of_person", "of_seal"),
    [
        (with_a_twin_before, with_a_twin_before),
        (with_a_twin_as_it_is_named, with_a_twin_as_it_is_named),
        (with_a_broken_stamp, as_it_is),
        (alone, alone),
    ],
)
def test_what_stands_beside_a_signature_hides_no_revocation(world: World, of_person: Change, of_seal: Change) -> None:
    """Sealed by who asks nobody, with what was good before; both signatures are of one authority, whose list tells."""
    person, agency = world.issue(PERSON), world.issue(AGENCY)
    approved = numbered(changed(world.approved(person), 0, of_person))
    writer = IncrementalPdfFileWriter(BytesIO(approved), strict=False)
    sealed = sign_field(writer, Place.SEAL.value, key=agency.key, timestamps=world.stamps, at=T0)
    said = Material()
    for one in (person, agency, world.stamper):
        said += world.validation.collect(one.der, [world.issuing.der], T0)
    pdf = embed(open_reader(changed(sealed, 1, of_seal)), said)
    for trust in (world.trust, replace(world.trust, issuers=())):
        assert world.judged(pdf, agency, trust=trust).equivalent
        assert revoked(world, pdf, agency, trust)[1] is Verdict.FAILED


def revoked(world: World, pdf: bytes, agency: Owner, trust: Trust) -> list[Verdict]:
    """The verdicts of a judge who asks, when the seal was revoked before it was set, as became known after."""
    world.revoked[agency.certificate.serial_number] = T0 - timedelta(days=1)
    try:
        at_hand = material_at_hand(pdf, Validation(trust, world.fetch), T0 + timedelta(minutes=10))
    finally:
        del world.revoked[agency.certificate.serial_number]
    return [one.verdict for one in world.judged(pdf, agency, trust=trust, material=at_hand).signatures]
