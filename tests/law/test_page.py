"""The page of the law says what the tests say."""

from tests.law.page import PAGE, page, proofs, refused, requirements, trials


def test_every_marker_names_a_known_requirement() -> None:
    unknown = {identifier: tests for identifier, tests in proofs().items() if identifier not in requirements()}
    assert unknown == {}


def test_what_is_refused_is_said_of_a_known_requirement_and_every_trial_tries_something() -> None:
    assert [identifier for identifier in refused() if identifier not in requirements()] == []
    assert {identifier: tests for identifier, tests in trials().items() if identifier not in refused()} == {}


def test_whatever_the_law_forbids_is_tried_or_it_is_said_why_not() -> None:
    """A reason goes once a test tries it."""
    open_ones = {identifier for identifier in refused() if identifier not in trials()}
    assert open_ones == {identifier for identifier, one in refused().items() if one.untried}


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.law.page"
