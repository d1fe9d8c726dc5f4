"""Codes, numbers and identifiers."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.standards.identifiers import (
    AgencyCode,
    Aliases,
    CodeSystem,
    DocumentIdentifier,
    DocumentNumber,
    IdentifierForm,
    InvalidCode,
    InvalidNumber,
)

CODE_TEXT = st.text(".0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=35)


@given(CODE_TEXT)
def test_every_text_of_the_alphabet_is_a_code_and_stays_what_it_is(text: str) -> None:
    assert str(AgencyCode.parse(text)) == text
    assert not AgencyCode.parse(text).warning


@given(st.text())
def test_any_text_is_a_code_or_refused_by_name(text: str) -> None:
    with suppress(InvalidCode):
        assert AgencyCode.parse(text).text == text.strip()


@pytest.mark.parametrize("text", ["", "  ", "G" * 36, "H41\u0110", "G22;DROP", "H 41", "<H41>"])
def test_what_no_code_looks_like_is_refused(text: str) -> None:
    with pytest.raises(InvalidCode):
        AgencyCode.parse(text)


def test_a_code_of_the_field_outside_the_alphabet_is_taken_with_a_warning() -> None:
    assert AgencyCode.parse("vxp.saas.03").warning


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.00.G22", "G22"),
        ("000.00.18.G12", "G12.18"),
        ("000.12.30.A36", "A36.30.12"),
        ("001.00.10.H47", "H47.10.00.001"),
    ],
)
def test_the_suggested_spelling_in_the_other_system(old: str, new: str) -> None:
    assert AgencyCode(old).system is CodeSystem.QCVN_102_2016
    assert str(AgencyCode(old).suggested_alias()) == new
    assert str(AgencyCode(new).suggested_alias()) == old


def test_aliases_are_data_and_mean_one_agency() -> None:
    aliases = Aliases.of([("G22", ["000.00.00.G22"]), ("H41", ["000.00.00.H41"])])
    assert aliases.resolve(" 000.00.00.G22 ") == "G22"
    assert aliases.resolve("G22") == "G22"
    assert aliases.resolve("G22.1") is None
    with pytest.raises(InvalidCode, match="both"):
        Aliases.of([("G22", ["X1"]), ("H41", ["X1"])])


@pytest.mark.parametrize(
    ("text", "number", "notation", "printed"),
    [
        ("28/2018/QĐ-TTg", 28, "2018/QĐ-TTg", "28/2018/QĐ-TTg"),
        ("30/2020/NĐ-CP", 30, "2020/NĐ-CP", "30/2020/NĐ-CP"),
        ("5/BNV-VP", 5, "BNV-VP", "05/BNV-VP"),
        ("12/UBND-VX", 12, "UBND-VX", "12/UBND-VX"),
        ("7816/VPCP-TTĐT", 7816, "VPCP-TTĐT", "7816/VPCP-TTĐT"),
        ("12a/QyĐ-SNV", 12, "QyĐ-SNV", "12a/QyĐ-SNV"),
        ("15/QĐ-BNV", 15, "QĐ-BNV", "15/QĐ-BNV"),
    ],
)
def test_number_and_notation(text: str, number: int, notation: str, printed: str) -> None:
    parsed = DocumentNumber.parse(text)
    assert (parsed.number, parsed.notation, str(parsed)) == (number, notation, printed)
    assert DocumentNumber.parse(printed) == parsed


@pytest.mark.parametrize("text", ["", "QĐ-TTg", "28", "28/", "/QĐ", "28 / QĐ", "28/QĐ TTg"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidNumber):
        DocumentNumber.parse(text)


@given(st.integers(1, 10**9), st.from_regex(r"[A-ZĐ]{1,5}(-[A-ZĐa-z]{1,6}){0,2}", fullmatch=True))
def test_a_number_reads_back_as_it_was_printed(number: int, notation: str) -> None:
    printed = str(DocumentNumber(number, notation))
    assert DocumentNumber.parse(printed) == DocumentNumber(number, notation)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("000.00.00.G22,2015/09/30,7816/VPCP-TTĐT", IdentifierForm.DATED),
        ("000.00.01.H01,2018,10", IdentifierForm.YEARLY),
        ("0b5a8c1e-7f0e-4c55-9b0d-6a2f4c8e1d01", IdentifierForm.UUID),
        ("bất kỳ", IdentifierForm.OTHER),
    ],
)
def test_the_known_forms_of_identifiers(text: str, form: IdentifierForm) -> None:
    assert DocumentIdentifier(text).form is form
    assert str(DocumentIdentifier(text)) == text


def test_the_identifier_that_we_write() -> None:
    identifier = DocumentIdentifier.compose("000.00.00.G22", date(2026, 11, 23), DocumentNumber(28, "QĐ-VPCP"))
    assert str(identifier) == "000.00.00.G22,2026/11/23,28/QĐ-VPCP"
    assert identifier.printed_number == "28/QĐ-VPCP"
