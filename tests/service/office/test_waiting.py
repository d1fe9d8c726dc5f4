"""What waits for a person is asked for by their part in it alone, which is cheap; none of it may be hidden from them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lienthong.look.paging import counted, counted_by
from lienthong.office.models import IncomingDocument, IncomingState, OutgoingDocument, OutgoingState, Person, Role
from lienthong.office.outgoing import batch
from lienthong.office.people import access
from lienthong.office.web import frame
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office
from tests.service.office.furnished import furnished_twice
from tests.service.office.walk import EVERYBODY

WAITING: list[tuple[Callable[[Person], Any], Callable[[Person], Any]]] = [
    (frame.todo_incoming, access.incoming_of), (frame.todo_outgoing, access.outgoing_of),
    (batch.to_sign, access.outgoing_of), (batch.to_issue, access.outgoing_of),
]  # fmt: skip


def test_what_waits_is_seen_and_tabs_are_counted_rightly(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    agencies = furnished_twice(office, authority, tmp_path)
    nothing_waits_for_anybody_who_may_not_see_it(agencies[0].people)
    tabs_are_counted_together_as_one_by_one(agencies[0].people)


def nothing_waits_for_anybody_who_may_not_see_it(people: Mapping[str, Person]) -> None:
    found = dict.fromkeys((waiting for waiting, _ in WAITING), 0)
    for model, states in ((OutgoingDocument, OutgoingState), (IncomingDocument, IncomingState)):
        kept = dict(model.objects.values_list("pk", "state"))
        for state in states:  # whatever there is, in whatever state
            model.objects.update(state=state)
            for name in EVERYBODY:
                for waiting, visible in WAITING:
                    keys = set(waiting(people[name]).values_list("pk", flat=True))
                    assert keys <= set(visible(people[name]).values_list("pk", flat=True)), (name, state, waiting)
                    found[waiting] += len(keys)
        for pk, state in kept.items():
            model.objects.filter(pk=pk).update(state=state)
    assert all(found.values()), found


def tabs_are_counted_together_as_one_by_one(people: Mapping[str, Person]) -> None:
    groups: dict[str, list[str]] = {
        "some": [OutgoingState.DRAFT, OutgoingState.ISSUED], "none": [], "all": list(OutgoingState.values),
    }  # fmt: skip
    everything = set()
    for name in EVERYBODY:
        visible = access.outgoing_of(people[name])
        together = counted_by(visible, "state", groups)
        assert together == {key: counted(visible.filter(state__in=states)) for key, states in groups.items()}, name
        assert not any(together.values()) or Role.ADMINISTRATOR not in access.roles(people[name])
        everything.add(together["all"])
    assert len(everything) > 2  # not everybody sees the same
