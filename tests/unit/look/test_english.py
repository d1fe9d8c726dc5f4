"""English: the catalogue is complete, and times and figures have their English form."""

from datetime import UTC, datetime, timedelta

import pytest

from lienthong.look import english
from tests import words

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam


def test_every_word_has_an_english_text_and_none_is_left_over() -> None:
    assert list(words.faults()) == []


def test_the_words_are_found_in_templates_and_modules() -> None:
    assert (None, "Văn bản đến") in set(words.of_templates())
    assert ("act", "Trả lại") in set(words.of_templates())
    assert (None, "Đã phát hành") in set(words.of_modules())


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOON, "12:00"),
        (NOON - timedelta(days=1), "12:00 22 Nov"),
        (NOON - timedelta(days=365), "12:00 23 Nov 2025"),
    ],
)
def test_a_moment(at: datetime, words: str) -> None:
    assert english.moment(at, NOON) == words


@pytest.mark.parametrize(
    ("span", "words", "date"),
    [
        (timedelta(seconds=30), "less than a minute left", "12:00"),
        (timedelta(minutes=1), "1 minute left", "12:01"),
        (timedelta(hours=2), "2 hours left", "14:00"),
        (timedelta(days=3), "3 days left", "26 Nov"),
        (timedelta(days=-1), "1 day overdue", "22 Nov"),
        (timedelta(days=60), "60 days left", "22 Jan 2027"),
    ],
)
def test_a_deadline(span: timedelta, words: str, date: str) -> None:
    assert (english.left(NOON + span, NOON), english.due_date(NOON + span, NOON)) == (words, date)


def test_figures() -> None:
    assert (english.number(1234567), english.decimal(0.25), english.day(NOON.date())) == (
        "1,234,567",
        "0.2",
        "23 Nov 2026",
    )
