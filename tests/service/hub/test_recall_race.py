"""A fetch and a recall at the same moment, at a hub of two web processes: whoever comes first, both sides know the same."""

import io
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.problems import ContentGone
from lienthong.runtime.commands.bench_exchange import RECIPIENT, SENDER, start_hub
from tests.service.hub.conftest import make_document, make_recall, submit

pytestmark = pytest.mark.xdist_group("killed")

ROUNDS = 24


@pytest.mark.law("R-8.2-3", "R-9.2-2")
def test_a_fetch_and_a_recall_never_both_win_and_never_both_lose() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-race-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, _ = start_hub(Path(folder), stack)
        address = hub.settings.address
        connections = [
            NativeConnection(address, system=code, key=keys[code]) for code in (SENDER, RECIPIENT, RECIPIENT)
        ]
        for each in connections:
            stack.callback(each.close)
        sender, fetcher, looker = connections
        won: dict[bool, int] = {True: 0, False: 0}
        for number in range(ROUNDS):
            document = make_document((RECIPIENT,), sender=SENDER)
            sent = submit(sender, document)
            item = looker.inbox()[0]
            start, fetched = threading.Barrier(2), []

            def fetch(item=item, start=start, fetched=fetched) -> None:  # type: ignore[no-untyped-def]
                into = io.BytesIO()
                start.wait(20)
                try:
                    fetcher.fetch(item, into)
                except ContentGone:
                    fetched.append(False)
                else:
                    fetched.append(bool(into.getvalue()))

            thread = threading.Thread(target=fetch)
            thread.start()
            start.wait(20)
            if number % 2:
                fetcher.time()  # now this one, now that one a little later
            submit(sender, make_recall(document, (RECIPIENT,)))
            thread.join(30)
            waiting = sorted(one.business_type or 0 for one in looker.inbox())
            view = httpx.get(f"{address}/api/v1/packets/{sent.packet_id}", headers=sender._bearer()).json()
            delivery = view["deliveries"][0]
            if fetched == [True]:
                assert waiting == [0, 1]  # he has it, so he is asked
                assert (delivery["state"], delivery["requests"][0]["state"]) == ("processing", "open")
            else:
                assert fetched == [False]
                assert waiting == []  # he never had it, and need not know
                assert (delivery["state"], delivery["requests"][0]["state"]) == ("withdrawn", "withdrawn")
            won[fetched == [True]] += 1
            for one in looker.inbox():
                looker.fetch(one, io.BytesIO())
                looker.acknowledge(one)
        assert sum(won.values()) == ROUNDS
