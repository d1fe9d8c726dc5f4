"""The worker is killed with -9 again and again while systems are told: everything is told, by whole messages."""

import io
import json
import os
import signal
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import httpx
import pytest

from lienthong.protocol import webhooks
from lienthong.protocol.client.native import NativeConnection
from lienthong.runtime.commands.bench_exchange import RECIPIENT, SENDER, make_packet, start_hub
from lienthong.testing.webhook_receiver import Call, Receiver

pytestmark = pytest.mark.xdist_group("killed")

DOCUMENTS = 30
SECONDS = 90


def test_every_delivery_is_told_though_the_worker_is_killed() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-webhooks-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, _ = start_hub(Path(folder), stack, webhook_networks="127.0.0.0/8")
        worker = hub.settings.data / "run" / "worker.pid"
        killed = 0

        def kill(call: Call) -> int:
            """The first and the third call take their worker with them, in the middle of the attempt."""
            nonlocal killed
            if len(receiver.calls) in (1, 3):
                with suppress(ProcessLookupError, ValueError):
                    os.kill(int(worker.read_text()), signal.SIGKILL)
                    killed += 1
            return 204

        receiver = stack.enter_context(Receiver(kill))
        sender = NativeConnection(hub.settings.address, system=SENDER, key=keys[SENDER])
        recipient = NativeConnection(hub.settings.address, system=RECIPIENT, key=keys[RECIPIENT])
        stack.callback(sender.close)
        stack.callback(recipient.close)
        made = httpx.post(
            f"{hub.settings.address}/api/v1/webhooks", headers=recipient._bearer(),
            json={"url": receiver.url, "events": ["delivery.waiting"]},
        ).json()  # fmt: skip
        sent = set()
        for _ in range(DOCUMENTS):
            packet, digest = make_packet(5)
            submission = sender.submit(
                lambda body=packet: io.BytesIO(body), digest=digest, size=len(packet), sender=SENDER,  # type: ignore[misc]
                recipients=(), document_id="", idempotency_key=uuid4().hex,
            )  # fmt: skip
            sent.add(submission.deliveries[0].delivery_id)
            sleep(0.1)
        end = monotonic() + SECONDS
        while sent - told(receiver, made["secret"]) and monotonic() < end:
            sleep(0.2)
        assert killed == 2
        assert told(receiver, made["secret"]) == sent
        assert len(recipient.inbox()) == DOCUMENTS


def told(receiver: Receiver, secret: str) -> set[str]:
    """The deliveries that were told of, each by one message, however often that came."""
    bodies: dict[str, bytes] = {}
    for call in list(receiver.calls):
        webhooks.verify(call.headers, call.body, secrets=[secret], at=datetime.now(UTC))
        assert bodies.setdefault(call.headers[webhooks.ID], call.body) == call.body
    named = Counter(item["delivery_id"] for body in bodies.values() for item in json.loads(body)["data"]["items"])
    assert set(named.values()) <= {1}, "a delivery was told by two messages"
    return set(named)
