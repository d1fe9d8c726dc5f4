"""Statuses: where a document stands follows from all that was reported, in whatever order."""

from itertools import permutations

import pytest

from lienthong.standards.statuses import (
    BusinessType,
    RefusalReason,
    StatusCode,
    TransportState,
    Urgency,
    furthest,
    read_refusal,
    write_refusal,
)

S = StatusCode


@pytest.mark.parametrize(
    ("reported", "stands"),
    [
        ((), None),
        ((S.ARRIVED,), S.ARRIVED),
        ((S.ARRIVED, S.REFUSED), S.REFUSED),
        ((S.REFUSED, S.ACCEPTED), S.ACCEPTED),
        ((S.ARRIVED, S.ACCEPTED, S.FINISHED), S.FINISHED),
        ((S.ARRIVED, S.ACCEPTED, S.ASSIGNED, S.PROCESSING), S.PROCESSING),
        ((S.FINISHED, S.AGREED), S.FINISHED),
        ((S.AGREED,), None),
    ],
)
def test_the_order_of_arrival_does_not_matter(reported: tuple[StatusCode, ...], stands: StatusCode | None) -> None:
    for order in permutations(reported):
        assert furthest(order) is stands
        assert furthest(order * 2) is stands


def test_everything_has_words_in_both_languages() -> None:
    for kind in (StatusCode, BusinessType, Urgency, RefusalReason, TransportState):
        for member in kind:
            assert member.words.vi
            assert member.words.en


def test_a_refusal_carries_its_reason() -> None:
    text = write_refusal(RefusalReason.MISSING_FILE, "thiếu Phụ lục I: danh mục")
    assert read_refusal(text) == (RefusalReason.MISSING_FILE, "thiếu Phụ lục I: danh mục")
    assert read_refusal("Gửi nhầm: trả lại") == (RefusalReason.OTHER, "Gửi nhầm: trả lại")
