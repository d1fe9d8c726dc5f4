"""The closed list of refusals: each with its name, words in both languages and a way out; both doors say the same."""

import json

import pytest

from lienthong.protocol import vxp
from lienthong.protocol.problems import ALL, BY_CODE, Problem, UnknownProblem

FIELD_CODES = {"10", "15", "18", "19", "20", "21", "22", "23"}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.code)
def test_every_problem_is_complete(kind: type[Problem]) -> None:
    assert kind.vi
    assert kind.en
    assert kind.next_vi
    assert kind.next_en
    assert kind.vxp in FIELD_CODES
    assert 400 <= kind.status < 600
    assert kind.__doc__


def test_no_two_problems_share_a_name() -> None:
    assert len(BY_CODE) == len(ALL)


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind is not UnknownProblem], ids=lambda kind: kind.code)
def test_a_problem_survives_the_wire(kind: type[Problem]) -> None:
    sent = kind(codes="H41", identifier="x")
    got = Problem.from_json(json.loads(json.dumps(sent.as_json())), sent.status)
    assert type(got) is kind
    assert got.detail == sent.detail


def test_what_this_version_does_not_know_keeps_its_words() -> None:
    got = Problem.from_json({"code": "from_the_future", "detail": "Chưa biết"}, 499)
    assert isinstance(got, UnknownProblem)
    assert "Chưa biết" in got.detail


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.code)
def test_the_old_door_says_it_in_one_line_of_ascii_without_nulls(kind: type[Problem]) -> None:
    body = vxp.failure(kind())
    answer = json.loads(body.decode("ascii"))
    assert b"\n" not in body
    assert (answer["status"], answer["DocId"], answer["data"]) == ("FAIL", "", "")
    assert None not in answer.values()
