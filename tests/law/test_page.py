"""The page of the law says what the tests say."""

from tests.law.page import PAGE, page, proofs, requirements


def test_every_marker_names_a_known_requirement() -> None:
    unknown = {identifier: tests for identifier, tests in proofs().items() if identifier not in requirements()}
    assert unknown == {}


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.law.page"
