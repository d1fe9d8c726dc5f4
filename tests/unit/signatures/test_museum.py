"""Every bad document of the museum gets the verdict it deserves, and no judgement raises."""

import pytest

from lienthong.standards.signatures.report import LegalValue, Report
from tests.museum.make_pdfs import Piece, pieces, workshop
from tests.unit.signatures.world import AGENCY, PERSON, Owner, World

NAMES = [
    "not-a-pdf", "empty-file", "truncated", "cut-in-half", "number-that-is-none",
    "table-in-unknown-filter", "encrypted", "encrypted-for-certificates", "unsigned", "prepared-but-unsigned", "never-sealed", "signature-zeroed", "byte-changed", "page-emptied-after-seal",
    "page-emptied-before-seal", "number-changed-after-seal", "date-changed-after-seal", "number-removed-after-seal",
    "note-added-after-seal", "script-added-after-seal", "signature-moved-after-seal",
    "other-field-changed-before-seal", "number-changed-in-unlocked-seal", "number-as-annotation",
    "number-as-new-field", "no-material", "seal-of-another-agency", "seal-unregistered", "seal-registered-later",
    "seal-registration-ended", "agency-unknown", "wrong-name", "untrusted-root", "key-not-for-signing",
    "other-number-than-sent", "other-date-than-sent", "never-numbered", "signed-after-expiry",
    "signed-before-validity", "expired-without-stamp", "person-revoked", "seal-revoked",
]  # fmt: skip


@pytest.fixture(scope="module")
def museum() -> tuple[World, Owner, dict[str, Piece]]:
    world = World()
    agency = world.issue(AGENCY)
    made = pieces(workshop(world, world.issue(PERSON), agency))
    return world, agency, {piece.defect: piece for piece in made}


def test_the_list_is_whole(museum: tuple[World, Owner, dict[str, Piece]]) -> None:
    assert list(museum[2]) == NAMES


@pytest.mark.parametrize("defect", NAMES)
def test_piece(museum: tuple[World, Owner, dict[str, Piece]], defect: str) -> None:
    world, agency, all_pieces = museum
    piece = all_pieces[defect]
    report = world.judged(piece.pdf, **{"agency": agency, **piece.given})
    codes = {found.code for signature in report.signatures for found in signature.findings}
    assert report.reason == piece.reason, (report.reason, codes)
    assert piece.findings <= codes
    assert report.legal_value is LegalValue.INFORMATION
    assert Report.from_json(report.to_json()) == report
