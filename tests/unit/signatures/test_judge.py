"""What passes, and why; what a verdict says."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from lienthong.standards.signatures.agency import same_person
from lienthong.standards.signatures.judge import Expected
from lienthong.standards.signatures.report import LegalValue, Report, Role, Verdict
from lienthong.standards.signatures.words import CHANGES, FINDINGS, REASONS
from tests.unit.signatures.world import AGENCY, PERSON, T0, YEAR, Owner, World, draft, seals


def test_a_good_document_equals_paper(world: World, agency: Owner, good: bytes) -> None:
    report = world.judged(good, agency)
    assert report.legal_value is LegalValue.EQUIVALENT, report.reason
    person, seal = report.signatures
    assert (person.role, person.who, person.verdict) == (Role.PERSON, PERSON, Verdict.PASSED)
    assert (seal.role, seal.who, seal.verdict) == (Role.AGENCY, AGENCY, Verdict.PASSED)
    assert person.signed_at == seal.stamped_at == T0
    assert report.values == {"so": "15", "ngay": "02", "thang": "3"}
    assert Report.from_json(report.to_json()) == report


def test_judged_without_a_network(agency: Owner, good: bytes, world: World) -> None:
    """What the document carries is enough: the judge is given roots and nothing else."""
    bare = replace(world.trust, issuers=())
    assert world.judged(good, agency, trust=bare).equivalent


@pytest.mark.parametrize("years", [1, 2, 19])
def test_judged_again_years_later(agency: Owner, good: bytes, world: World, years: int) -> None:
    """Lists grow old and certificates expire; the time stamp keeps the document good."""
    report = world.judged(good, agency, at=T0 + years * YEAR)
    assert report.equivalent, report.to_json()
    assert ("hết hạn" in report.signatures[0].vi) is (years > 3)


def test_revoked_after_signing_changes_nothing(agency: Owner, world: World) -> None:
    signer = world.issue(PERSON)
    pdf = world.issued(signer, agency)
    world.revoked[signer.certificate.serial_number] = T0 + timedelta(days=1)
    try:
        later = replace(world.trust, crls=(world.crl(world.issuing),))
        assert world.judged(pdf, agency, at=T0 + timedelta(days=2), trust=later).equivalent
    finally:
        del world.revoked[signer.certificate.serial_number]


def test_a_list_that_came_later_speaks_too(agency: Owner, world: World) -> None:
    """The document carries a list from before the revocation was entered; a newer one at hand tells the truth."""
    signer = world.issue(PERSON)
    pdf = world.issued(signer, agency)
    world.revoked[signer.certificate.serial_number] = T0 - timedelta(days=1)
    try:
        later = replace(world.trust, crls=(world.crl(world.issuing),))
    finally:
        del world.revoked[signer.certificate.serial_number]
    report = world.judged(pdf, agency, trust=later)
    assert report.signatures[0].verdict is Verdict.FAILED
    assert report.signatures[0].indication == "REVOKED"


def test_the_seal_proves_the_time_of_an_unstamped_signature(agency: Owner, world: World) -> None:
    from tests.museum.make_pdfs import plain
    from tests.unit.signatures.world import numbered, prepared

    signer = world.issue(PERSON, valid_to=T0 + timedelta(minutes=5))
    signed = plain(prepared(), signer, "LanhDao", world, stamped=False)
    report = world.judged(world.sealed(numbered(signed), agency), agency, at=T0 + timedelta(hours=1))
    assert report.signatures[0].stamped_at is None
    assert report.equivalent, report.to_json()


def test_leading_zeros_make_no_other_number(agency: Owner, good: bytes, world: World) -> None:
    assert world.judged(good, agency, expected=Expected("15", "2", "03")).equivalent
    assert world.judged(good, agency, expected=None).equivalent


def test_changes_are_listed_in_both_languages(agency: Owner, world: World, good: bytes) -> None:
    from tests.museum.make_pdfs import annotate, empty_page
    from tests.unit.signatures.world import appended

    spoiled = world.judged(appended(appended(good, empty_page), annotate("Hết hiệu lực")), agency)
    kinds = {change.kind for change in spoiled.signatures[1].changes}
    assert kinds == {"page_content", "annotation_added"}
    assert "nội dung trang 1" in spoiled.signatures[1].vi
    assert "content of page 1" in spoiled.signatures[1].en


def test_nobody_else_may_lend_a_name() -> None:
    assert same_person("Nguyễn Thị Hoà", "NGUYỄN  THỊ HÒA")
    assert same_person("Nguye\u0302\u0303n An", "Nguyễn An")
    assert not same_person("Nguyễn Thị Hoa", "Nguyễn Thị Hoà")


def test_every_code_has_words() -> None:
    for vi, en in [*(row[2:] for row in FINDINGS.values()), *CHANGES.values(), *REASONS.values()]:
        assert vi
        assert en
        assert vi != en


def test_a_certificate_registered_for_both_stays_ours(world: World, agency: Owner, good: bytes) -> None:
    from lienthong.standards.signatures.agency import fingerprint

    known = seals(agency, **{fingerprint(agency.der): "H09"})
    assert world.judged(good, known).equivalent


def test_unsigned_is_for_information(world: World, agency: Owner) -> None:
    report = world.judged(draft(), agency)
    assert report.legal_value is LegalValue.INFORMATION
    assert report.signatures == ()
    assert "tham khảo" in report.reason_vi


def test_no_single_byte_of_a_sealed_document_may_change(world: World, agency: Owner, good: bytes) -> None:
    """Spoil bytes that the seal covers, anywhere: no verdict stays good, and none raises."""
    from lienthong.standards.signatures.pdf import open_reader

    _, first, second, rest = (int(n) for n in open_reader(good).embedded_regular_signatures[-1].byte_range)
    chance = Random(20260302)  # noqa: S311 - the same places every time
    for _ in range(40):
        place = chance.choice([chance.randrange(first), second + chance.randrange(rest)])
        spoiled = bytearray(good)
        spoiled[place] ^= 1 << chance.randrange(8)
        assert not world.judged(bytes(spoiled), agency).equivalent, place
