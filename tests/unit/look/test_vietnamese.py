"""Vietnamese order, times and deadlines."""

from datetime import UTC, datetime, timedelta

import pytest

from lienthong.look import vietnamese

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam


@pytest.mark.parametrize(
    "ordered",
    [
        ["Dung", "Dùng", "Dũng", "Dụng", "Dương", "Đà Nẵng"],  # đ after d; letters before tones
        ["a", "ả", "á", "ạ", "ă", "â", "b"],
        ["Ơn", "Uy", "Ứng", "Vinh"],
        ["An Giang", "Anh Sơn"],  # words apart
        ["Quận 2", "Quận 10", "Quận Ba"],  # numbers by size, before letters
        ["A1", "A2", "Ab", "Ai"],  # a digit is as wide as a letter
        ["Sở Tài chính", "Sở Tài nguyên", "Sở Xây dựng"],
    ],
)
def test_names_stand_in_vietnamese_order(ordered: list[str]) -> None:
    backwards = ordered[::-1]
    assert sorted(backwards, key=vietnamese.sort_key) == ordered


def test_case_form_and_look_alikes_do_not_matter() -> None:
    key = vietnamese.sort_key("Đức")
    assert (
        vietnamese.sort_key("đức") == vietnamese.sort_key("Đu\u031b\u0301c") == vietnamese.sort_key("\u00d0ức") == key
    )


def test_a_key_is_digits_alone_so_that_every_collation_agrees() -> None:
    assert vietnamese.sort_key("Ủy ban nhân dân xã Ia Đơk, số 12-A (cũ), Straße").isdigit()


@pytest.mark.parametrize(
    ("ago", "words"),
    [(timedelta(minutes=5), "11:55"), (timedelta(days=1), "12:00 22/11"), (timedelta(days=400), "12:00 19/10/2025")],
)
def test_a_moment_leaves_out_what_is_plain(ago: timedelta, words: str) -> None:
    assert vietnamese.moment(NOON - ago, NOON) == words


@pytest.mark.parametrize(
    ("span", "words", "date"),
    [
        (timedelta(seconds=20), "còn chưa đầy 1 phút", "12:00"),
        (timedelta(minutes=17), "còn 17 phút", "12:17"),
        (timedelta(hours=22), "còn 22 giờ", "10:00"),
        (timedelta(days=2), "còn 2 ngày", "25/11"),
        (timedelta(days=60), "còn 60 ngày", "22/01/2027"),
        (timedelta(hours=-5), "quá hạn 5 giờ", "07:00"),
        (timedelta(days=-3), "quá hạn 3 ngày", "20/11"),
    ],
)
def test_a_deadline_says_the_time_left_and_the_date(span: timedelta, words: str, date: str) -> None:
    assert (vietnamese.left(NOON + span, NOON), vietnamese.due_date(NOON + span, NOON)) == (words, date)


def test_numbers_have_vietnamese_separators() -> None:
    assert vietnamese.number(1234567) == "1.234.567"
