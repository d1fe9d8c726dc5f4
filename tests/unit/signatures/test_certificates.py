"""What a certificate says, and whose it is."""

from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from lienthong.standards.signatures.certificates import Certificate
from lienthong.testing.pki import TestAuthority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority.create(tmp_path_factory.mktemp("authority"), "http://127.0.0.1:9")


def test_it_is_read_as_pem_and_as_der_and_says_what_stands_in_it(authority: TestAuthority) -> None:
    begins, ends = datetime(2026, 1, 2, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)
    made = authority.issue_person("Lê Hoà", "Vụ trưởng", "Bộ Y tế", valid_from=begins, valid_to=ends, ec=True)
    read = Certificate.read(made.certificate)
    assert read == Certificate.read(made.pem)
    assert (read.name, read.title, read.organization, read.code) == ("Lê Hoà", "Vụ trưởng", "Bộ Y tế", "")
    assert (read.valid_from, read.valid_to, read.serial) == (begins, ends, f"{made.serial:X}")
    assert len(read.fingerprint) == 64
    assert read.is_of_person("LÊ  HÒA")
    assert not read.is_of_person("Lê Hoa")
    for bad in (b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(ValueError, match=r".*"):
            Certificate.read(bad)


LONG = "Ủy ban nhân dân tỉnh Nghệ An"


@pytest.mark.parametrize(
    ("name", "code", "names", "codes", "its"),
    [
        (LONG, "H41", {LONG}, {"H41", "000.00.00.H41"}, True),
        (LONG, "000.00.00.H41", {LONG}, {"H41", "000.00.00.H41"}, True),
        (LONG, "", {LONG, "UBND tỉnh Nghệ An"}, {"H41"}, True),
        ("Ủy ban nhân dân tỉnh", "H41", {LONG}, {"H41"}, True),  # cut short, as authorities do: the code decides
        ("Ủy ban nhân dân tỉnh", "", {LONG}, {"H41"}, False),  # of which province nobody can tell
        ("Ủy ban nhân dân t", "H41", {LONG}, {"H41"}, False),
        (LONG, "H42", {LONG}, {"H41"}, False),
        ("Nguyễn Đình Sơn", "H41", {LONG}, {"H41"}, False),  # a person's, with the agency's code in it
        ("Bộ Tài chính", "G12", {LONG}, {"H41"}, False),
    ],
)
def test_a_seal_is_of_the_agency_that_its_code_or_whole_name_says(
    authority: TestAuthority, name: str, code: str, names: Collection[str], codes: Collection[str], its: bool
) -> None:
    made = Certificate.read(authority.issue_agency(name, code, ec=True).certificate)
    assert made.is_of_agency(names, codes) is its


def test_a_name_of_no_words_is_nobodys(authority: TestAuthority) -> None:
    made = Certificate.read(authority.issue_agency("", "H41", ec=True).certificate)
    assert not made.is_of_agency({LONG}, {"H41"})
