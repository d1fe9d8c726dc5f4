"""What recipients signed before statements had a table of their own is not lost: it waits there to be judged."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lienthong.office.models import OutboxPacket, SignedStatement, Transmission
from tests.service.office.conftest import Office, issued, now

BEFORE, AFTER = [("office", "0011_named_digests")], [("office", "0012_statements")]


@pytest.fixture
def migrate() -> Iterator[Any]:
    def go(target: list[tuple[str, str]]) -> Any:
        executor = MigrationExecutor(connection)
        executor.loader.build_graph()
        return executor.migrate(target).apps

    yield go
    go(MigrationExecutor(connection).loader.graph.leaf_nodes("office"))


def test_what_was_signed_before_is_kept(office: Office, migrate: Any) -> None:
    document = issued(office)
    packet = OutboxPacket.objects.get()
    sending = Transmission.objects.get(recipient__code="H41")
    before = migrate(BEFORE)
    before.get_model("office", "Transmission").objects.filter(pk=sending.pk).update(
        handover_statement="head.body.signature", handed_over=now(), delivery_id="d-1"
    )
    migrate(AFTER)
    [one] = SignedStatement.objects.all()
    assert (one.token, one.kind, one.agency, one.standing) == ("head.body.signature", "handover", "H41", "waiting")
    assert (one.document, one.organization, one.next_at) == (document, document.organization, one.kept_at)
    assert one.claim["digest"] == packet.digest
    assert one.claim["facts"]["delivery_id"] == "d-1"
