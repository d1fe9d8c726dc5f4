"""What recipients signed before statements had a table of their own is not lost: it waits there to be judged."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lienthong.office import proofs
from lienthong.office.models import OutboxPacket, SignedStatement, Transmission
from tests.service.office.conftest import Office, issued, now
from tests.service.office.test_proofs import RECIPIENT, KeyHub, Sent

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
    OutboxPacket.objects.filter(pk=packet.pk).update(packet_id="p-1")
    said = Sent(document, packet).statement()
    token = RECIPIENT.sign(said)
    before = migrate(BEFORE)
    sendings = before.get_model("office", "Transmission").objects
    sendings.filter(pk=sending.pk).update(handover_statement=token, handed_over=now(), delivery_id=said.delivery_id)
    sendings.exclude(pk=sending.pk).update(handover_statement="head.body.signature", handed_over=now())
    migrate(AFTER)
    other, one = SignedStatement.objects.order_by("agency")
    assert (one.token, one.kind, one.agency, one.standing) == (token, "handover", "H41", "waiting")
    assert (one.kid, other.kid) == (RECIPIENT.id, "")
    assert (one.document_id, one.organization_id, one.next_at) == (document.pk, document.organization_id, one.kept_at)
    assert one.claim["digest"] == packet.digest
    assert one.claim["facts"]["delivery_id"] == said.delivery_id
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes("office"))
    assert proofs.judge_waiting(KeyHub(), at=now()) == 2
    found = dict(SignedStatement.objects.values_list("agency", "standing"))
    assert found == {"H26": "invalid", "H41": "proven"}
