"""A signature whose key is elsewhere: everything stands before it is asked for, and nothing but it is missing."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from lienthong.standards.signatures.engine import Prepared, finish_field
from lienthong.standards.signatures.errors import KeyUnusable, PdfAlreadySigned, TimeStampRefused
from lienthong.standards.signatures.keys import FarKey
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.sign import prepare_person
from tests.unit.signatures.world import AGENCY, PERSON, Owner, World, numbered, prepared


def far(owner: Owner, signature: bytes | None = None) -> FarKey:
    return FarKey(owner.der, owner.key.chain, signature)


def elsewhere(owner: Owner, digest: bytes) -> bytes:
    """What a remote service does: it sees a digest, never the document."""
    prehashed = Prehashed(hashes.SHA256())
    if isinstance(owner.private, rsa.RSAPrivateKey):
        return owner.private.sign(digest, padding.PKCS1v15(), prehashed)
    return owner.private.sign(digest, ec.ECDSA(prehashed))


def waiting(world: World, owner: Owner, pdf: bytes | None = None) -> Prepared:
    return prepare_person(pdf or prepared(), key=far(owner), timestamps=world.stamps, at=world.now, image=None)


@pytest.mark.parametrize("use_rsa", [True, False])
def test_a_signature_made_elsewhere_is_as_good_as_one_made_here(use_rsa: bool) -> None:
    world = World(use_rsa=use_rsa)
    person, agency = world.issue(PERSON), world.issue(AGENCY)
    file = waiting(world, person)
    again = Prepared(file.pdf, file.start, file.end, file.attributes)  # as another process reads it back
    signed = finish_field(again, key=far(person, elsewhere(person, file.digest)), timestamps=world.stamps)
    assert signed.startswith(prepared())
    assert signed[: file.start] == file.pdf[: file.start]
    assert signed[file.end :] == file.pdf[file.end :]
    report = world.judged(world.sealed(numbered(signed), agency), agency)
    assert report.equivalent, report.reason_en


def test_what_another_key_or_another_document_got_signed_is_not_taken(world: World, person: Owner) -> None:
    file, other = waiting(world, person), world.issue(PERSON)
    for signature in (elsewhere(other, file.digest), elsewhere(person, bytes(32)), b"", b"x" * 64, None):
        with pytest.raises(KeyUnusable):
            finish_field(file, key=far(person, signature), timestamps=world.stamps)


def test_a_signed_document_is_not_held_for_another_signature(world: World, person: Owner, approved: bytes) -> None:
    with pytest.raises(PdfAlreadySigned):
        waiting(world, person, approved)


def test_without_a_time_stamp_it_waits_and_is_finished_later(world: World, person: Owner) -> None:
    file = waiting(world, person)
    key = far(person, elsewhere(person, file.digest))
    with pytest.raises(TimeStampRefused):
        finish_field(file, key=key, timestamps=TimeStamps("http://pki.test/other", lambda url, body, kind: b""))
    assert finish_field(file, key=key, timestamps=world.stamps)
