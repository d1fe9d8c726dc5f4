"""A hub that ran before keys were published knows afterwards who acts for whom, and which keys were in other hands."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lienthong.hub.models import Agency, Service, System, SystemKey
from lienthong.journal.models import Event
from tests.service.hub.conftest import now

BEFORE, AFTER = [("hub", "0002_guards")], [("hub", "0003_published_keys")]


@pytest.fixture
def migrate(transactional_db: None) -> Iterator[Any]:
    def go(target: list[tuple[str, str]]) -> Any:
        executor = MigrationExecutor(connection)
        executor.loader.build_graph()
        return executor.migrate(target).apps

    yield go
    go(MigrationExecutor(connection).loader.graph.leaf_nodes("hub"))


def test_what_was_registered_before_counts_from_then_on(migrate: Any) -> None:
    long_ago, lately = now() - timedelta(days=90), now() - timedelta(days=2)
    before = migrate(BEFORE)
    system = before.get_model("hub", "System").objects.create(code="H41", name="Nghệ An", added_at=long_ago)
    for code, served in (("H41", system), ("H26", None)):
        before.get_model("hub", "Agency").objects.create(code=code, name=code, added_at=long_ago, system=served)
    for kid, retired_at, revoked_for in (("a", None, ""), ("b", lately, ""), ("c", lately, "Mất máy trạm")):
        before.get_model("hub", "SystemKey").objects.create(
            system=system, kid=kid, jwk={}, added_at=long_ago, retired_at=retired_at, revoked_for=revoked_for
        )
    migrate(AFTER)
    assert [(one.agency_id, one.system_id, one.since, one.until) for one in Service.objects.all()] == [
        ("H41", "H41", long_ago, None)
    ]
    found = dict(SystemKey.objects.values_list("kid", "compromised_from"))
    assert found == {"a": None, "b": None, "c": lately}
    Agency.objects.filter(code="H26").update(system=System.objects.get(code="H41"))
    assert Service.objects.filter(agency="H26", until=None).count() == 1
    Agency.objects.filter(code="H41").update(system=None)
    assert not Service.objects.filter(agency="H41", until=None).exists()


def test_the_journal_tells_who_acted_before(migrate: Any) -> None:
    first, second, third = (now() - timedelta(days=days) for days in (90, 60, 30))
    before = migrate(BEFORE)
    registered = before.get_model("hub", "System").objects
    systems = {code: registered.create(code=code, name=code, added_at=first) for code in ("H41", "H26")}
    for code, served in (("H41", "H26"), ("H41.1", "H26"), ("H41.2", "H41"), ("H26", "H26")):
        before.get_model("hub", "Agency").objects.create(
            code=code, name=code, added_at=first, system=systems[served]
        )  # fmt: skip
    before.get_model("hub", "ChangeRequest").objects.create(
        system=systems["H41"], code="H41.1", wish={"act": "register"}, state="applied", filed_at=first, decided_at=first
    )
    for at, system, agencies in (
        (first, "H41", ["H41", "H41.2"]), (second, "H41", ["H41", "H999"]), (second, "H26", []),
        (third, "H26", ["H41", "H41.1", "H41.2"]),
    ):  # fmt: skip
        Event.objects.create(
            at=at, name="system.added", actor_kind="service", actor="registry", subject_kind="system", subject=system,
            data={"agencies": agencies},
        )  # fmt: skip
    migrate(AFTER)
    found: dict[str, list[tuple[str, datetime, datetime | None]]] = {}
    for one in Service.objects.order_by("agency_id", "since", "until"):
        found.setdefault(one.agency_id, []).append((one.system_id, one.since, one.until))
    left = sorted(found.pop("H41.2"), key=lambda period: period[2] or now())
    assert found == {
        "H26": [("H26", first, None)],  # of which the journal says nothing
        "H41": [("H41", first, third), ("H26", third, None)],
        "H41.1": [("H41", first, third), ("H26", third, None)],
    }
    # The journal ends with another than the one of today: that one has acted as far as anybody knows.
    assert {(system, since) for system, since, _ in left} == {("H41", first), ("H26", third)}
    assert [system for system, _, until in left if until is None] == ["H41"]
