"""No dead ends: the states of the code and the page that says whose turn it is are walked together. A state that is not
final has a line, an actor or the clock that takes it on, and a way to a final one."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lienthong.hub.answers import Awaited
from lienthong.hub.models import ChangeRequest, CodeChange
from lienthong.hub.watch.rules import BY_CODE
from lienthong.office.models import (
    Amendment,
    CopyState,
    DossierState,
    DraftingState,
    EnvelopeState,
    IncomingState,
    OutboxPacket,
    OutgoingState,
    RecallOrder,
    RemoteState,
    SubmissionState,
)
from lienthong.office.workflow import copies, dossiers, drafting_tasks, incoming, outgoing, remote, unopened
from lienthong.standards.statuses import REQUEST_MOVES, TRANSPORT_MOVES, RequestState, TransportState, Turn

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "states.md"
NOBODY = "nobody"


def into(moves: Mapping[Any, Iterable[Any]]) -> dict[str, set[str]]:
    """State → where it may go, from a table that says where each state may be entered from."""
    ways: dict[str, set[str]] = {}
    for target, sources in moves.items():
        for source in sources:
            ways.setdefault(str(source), set()).add(str(target))
    return ways


TABLES: dict[str, tuple[list[str], dict[str, set[str]]]] = {
    # section of the page: (every state that the code knows, state → where it may go)
    "Deliveries": ([str(state) for state in TransportState], into(TRANSPORT_MOVES)),
    "Requests: recall, take-back, update, replacement": ([str(one) for one in RequestState], into(REQUEST_MOVES)),
    "What a system asks of the registry": (
        [str(value) for value, _ in ChangeRequest._meta.get_field("state").choices or ()],
        {"filed": {"applied", "refused"}},
    ),
    "Changes of codes": (list(CodeChange.State.values), {"planned": {"in_force", "undone"}}),
    "Documents that come in": (list(IncomingState.values), into(incoming.OUT_OF)),
    "Recalls that come in": (
        list(RecallOrder.State.values),
        {"pending": {"agreed", "declined", "lapsed"}, "lapsed": {"pending"}},
    ),
    "Updates and replacements that come in": (
        list(Amendment.State.values),
        {"pending": {"agreed", "declined"}, "not_here": {"pending"}},
    ),
    "Documents that go out": (list(OutgoingState.values), into(outgoing.OUT_OF)),
    "Documents that somebody is given to write": (list(DraftingState.values), into(drafting_tasks.OUT_OF)),
    "Copies of documents": (list(CopyState.values), into(copies.OUT_OF)),
    "Signatures from afar": (list(RemoteState.values), into(remote.OUT_OF)),
    "Dossiers": (list(DossierState.values), into(dossiers.OUT_OF)),
    "Envelopes that are handed on unopened": (
        list(EnvelopeState.values),
        into({to: [before] for to, before in unopened.BEFORE.items()}),
    ),
    "Submissions to the archive": (list(SubmissionState.values), into(dossiers.ANSWERS)),
    "What waits for the hub": (list(OutboxPacket.State.values), {"waiting": {"sent", "failed"}}),
}


def lines(section: str) -> dict[str, list[str]]:
    """State → its cells: whose turn, what next, when nobody acts."""
    text = PAGE.read_text(encoding="utf-8").split(f"### {section}\n", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([\w]+)` \|(.*)\|$", text, re.MULTILINE)
    return {state: [cell.strip() for cell in cells.split("|")] for state, cells in rows}


@pytest.mark.parametrize("section", TABLES)
def test_the_page_names_every_state_of_the_code_and_no_other(section: str) -> None:
    states, _ = TABLES[section]
    assert sorted(lines(section)) == sorted(states)


@pytest.mark.parametrize("section", TABLES)
def test_who_has_the_turn_has_a_move_and_who_is_silent_is_seen(section: str) -> None:
    _, ways = TABLES[section]
    for state, (turn, what_next, silence) in lines(section).items():
        if turn == NOBODY:
            assert silence == "", state
            continue
        named = set(re.findall(r"`([\w]+)`", what_next)) & set(TABLES[section][0])
        assert named, f"{state}: nothing is said of what comes next"
        assert named <= ways.get(state, set()), f"{state}: the code does not go there"
        assert re.search("alert|the clock acts|the same", silence), f"{state}: nobody would notice"
        assert set(re.findall(r"alert `(\w+)`", silence)) <= set(BY_CODE), f"{state}: no such rule"


@pytest.mark.parametrize("section", TABLES)
def test_from_every_state_there_is_a_way_to_a_final_one(section: str) -> None:
    states, ways = TABLES[section]
    final = {state for state, (turn, *_) in lines(section).items() if turn == NOBODY}
    for state in states:
        reached, todo = {state}, [state]
        while todo:
            for after in ways.get(todo.pop(), set()) - reached:
                reached.add(after)
                todo.append(after)
        assert reached & final, f"{state} is a dead end"


def test_everything_that_is_awaited_has_somebody_to_do_it() -> None:
    for awaited in Awaited:
        assert awaited.words.vi
        assert awaited.words.en
        assert (awaited.turn is Turn.NOBODY) == (awaited is Awaited.NOTHING)
