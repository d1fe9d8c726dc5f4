"""The directory as a tree: branch by branch, with counts, at any depth."""

import pytest

from lienthong.hub import agencies, codes, tree
from lienthong.hub.codes import Kind, Plan
from tests.service.hub.conftest import Country, now
from tests.service.hub.test_code_changes import DECISION, today


@pytest.fixture
def province(country: Country) -> Country:
    """H41 with departments, one of which has an office below it."""
    for code, name, parent in [
        ("H41.2", "Sở Y tế", "H41"), ("H41.10", "Sở Xây dựng", "H41"), ("H41.1", "Sở Nội vụ", "H41"),
        ("H41.1.1", "Chi cục Văn thư", "H41.1"),
    ]:  # fmt: skip
        agencies.add_agency(code, name=name, parent=parent, at=now())
    return country


def test_a_branch_is_opened_by_itself(province: Country) -> None:
    top = {node.code: node for node in tree.branch(None).nodes}
    assert set(top) == {"G12", "G22", "H26", "H41"}
    assert (top["H41"].units, top["H41"].connected, top["G22"].units) == (3, True, 0)
    assert [node.code for node in tree.branch("H41").nodes] == ["H41.1", "H41.2", "H41.10"]
    assert [node.code for node in tree.path("H41.1.1")] == ["H41", "H41.1", "H41.1.1"]
    assert tree.path("X99") == ()
    assert tree.size_below("H41") == 4


def test_a_long_branch_comes_in_parts(province: Country) -> None:
    first = tree.branch("H41", most=2)
    assert ([node.code for node in first.nodes], first.left, first.last) == (["H41.1", "H41.2"], 1, "H41.2")
    rest = tree.branch("H41", after=first.last, most=2)
    assert ([node.code for node in rest.nodes], rest.left) == (["H41.10"], 0)


def test_ended_codes_are_there_for_who_asks(province: Country) -> None:
    codes.file(Plan(Kind.MERGE, ("H41.2",), today(), DECISION, ("H41.1",)), at=now())
    assert "H41.2" not in [node.code for node in tree.branch("H41").nodes]
    ended = next(node for node in tree.branch("H41", ended=True).nodes if node.code == "H41.2")
    assert ended.successor == "H41.1"
    assert ended.ended_at is not None
    assert tree.counts() == (7, 4, 1)
