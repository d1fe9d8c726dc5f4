"""How texts become what is found by: the database and the pages say a word alike."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lienthong.standards.plaintext import plain

VIETNAMESE = "aáàảãạăắằẳẵặâấầẩẫậbcdđeéèẻẽẹêếềểễệghiíìỉĩịklmnoóòỏõọôốồổỗộơớờởỡợpqrstuúùủũụưứừửữựvxyýỳỷỹỵ"


def told(question: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {question}", values)
        row = cursor.fetchone()
    return row[0]


@pytest.mark.django_db
def test_database_and_pages_take_the_same_diacritics_away() -> None:
    said = [VIETNAMESE, VIETNAMESE.upper(), "Ủy ban nhân dân tỉnh Đắk Lắk", "Điê\u0323n Biên", "hoà / hòa", "Ðà Nẵng"]

    @given(st.lists(st.text(VIETNAMESE + VIETNAMESE.upper() + " /-.0189\u0301\u0323", max_size=40), max_size=5))
    def alike(texts: list[str]) -> None:
        for text in (*said, *texts):
            assert told("office_plain(%s)", text) == plain(text), text

    alike()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "forms"),
    [
        ("28/2018/QĐ-TTg", {"#28/2018/qd-ttg", "#2018/qd-ttg", "#qd-ttg"}),
        ("05/QĐ-VPCP", {"#5/qd-vpcp", "#qd-vpcp"}),
        ("12a/BC-SYT", {"#12a/bc-syt", "#bc-syt"}),
        ("", set()),
    ],
)
def test_a_number_is_found_from_its_beginning_and_by_its_notation(number: str, forms: set[str]) -> None:
    assert set(str(told("office_number(%s)", number)).split()) == forms


@pytest.mark.django_db
def test_a_fact_is_found_by_its_words_alone_and_under_its_label() -> None:
    said = ["28/QĐ", "UBND", "Ủy ban nhân dân tỉnh Nghệ An", None, "Về việc  «quản lý»", "", "x" * 90, "[]"]
    held = set(str(told("array_to_string(tsvector_to_array(office_vector('#28/qd', %s)), ' ')", said)).split())
    assert {"#28/qd", "n=28", "qd", "s=ubnd", "r=ubnd", "r=nghe", "an", "t=quan", "ly", "k=" + "x" * 64} <= held
    assert not any(one.endswith("=") or one.startswith(("y=", "p=", "d=")) for one in held)
