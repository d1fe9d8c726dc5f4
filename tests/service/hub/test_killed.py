"""Killed with -9 under load: what was acknowledged is compared with what arrived. None lost, none twice."""

import hashlib
import io
import os
import signal
import tempfile
import threading
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import httpx
import psutil
import pytest

from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.problems import HubUnreachable, Problem
from lienthong.runtime.commands.bench_exchange import RECIPIENT, SENDER, make_packet, start_hub

pytestmark = pytest.mark.xdist_group("killed")

DOCUMENTS = 120
SECONDS = 60


def test_nothing_acknowledged_is_lost_and_nothing_arrives_twice() -> None:  # noqa: C901 - one scene, three roles
    with tempfile.TemporaryDirectory(prefix="lienthong-killed-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, _ = start_hub(Path(folder), stack)
        address = hub.settings.address
        acknowledged: list[str] = []
        arrived: Counter[str] = Counter()
        packets = [make_packet(20) for _ in range(DOCUMENTS)]
        waiting, lock, end = list(packets), threading.Lock(), monotonic() + SECONDS

        def send() -> None:
            """Each packet with one key until the hub has answered, as a member's outbox does."""
            connection = NativeConnection(address, system=SENDER, key=keys[SENDER], timeout=10)
            stack.callback(connection.close)
            while monotonic() < end:
                with lock:
                    if not waiting:
                        return
                    packet, digest = waiting.pop()
                key = uuid4().hex
                while monotonic() < end:
                    try:
                        connection.submit(
                            lambda body=packet: io.BytesIO(body), digest=digest, size=len(packet), sender=SENDER,  # type: ignore[misc]
                            recipients=(), document_id="", idempotency_key=key,
                        )  # fmt: skip
                    except (HubUnreachable, Problem):
                        sleep(0.05)
                        continue
                    with lock:
                        acknowledged.append(digest)
                    break

        def receive() -> None:
            """Fetch, keep, acknowledge; a delivery whose acknowledgement was lost is kept once, as an inbox does."""
            connection = NativeConnection(address, system=RECIPIENT, key=keys[RECIPIENT], timeout=10)
            stack.callback(connection.close)
            kept: set[str] = set()
            while len(kept) < DOCUMENTS and monotonic() < end:
                try:
                    for item in connection.inbox(wait=1, limit=20):
                        if item.delivery_id not in kept:
                            into = io.BytesIO()
                            connection.fetch(item, into)
                            arrived[hashlib.sha256(into.getvalue()).hexdigest()] += 1
                            kept.add(item.delivery_id)
                        connection.acknowledge(item)
                except (HubUnreachable, Problem):
                    sleep(0.05)

        threads = [threading.Thread(target=act) for act in (send, send, receive)]
        for thread in threads:
            thread.start()
        killed = 0
        while any(thread.is_alive() for thread in threads[:2]) and killed < 6:
            sleep(0.25)
            try:
                pid = httpx.get(f"{address}/healthz", timeout=2).json()["pid"]
                os.kill(pid, signal.SIGKILL)
                killed += 1
            except (httpx.HTTPError, ProcessLookupError):
                continue
        for thread in threads:
            thread.join(SECONDS)
        assert killed >= 1
        assert sorted(acknowledged) == sorted(digest for _, digest in packets)
        assert arrived == Counter(acknowledged)


def test_the_hub_recovers_by_itself_when_postgresql_dies() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-killed-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, _ = start_hub(Path(folder), stack)
        sender = NativeConnection(hub.settings.address, system=SENDER, key=keys[SENDER])
        stack.callback(sender.close)
        sender.directory()
        os.kill(int((Path(folder) / "postgres" / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        packet, digest = make_packet(20)
        end, key = monotonic() + 40, uuid4().hex
        while True:
            try:
                submission = sender.submit(
                    lambda: io.BytesIO(packet), digest=digest, size=len(packet), sender=SENDER, recipients=(),
                    document_id="", idempotency_key=key,
                )  # fmt: skip
            except (HubUnreachable, Problem):
                assert monotonic() < end, "the hub did not recover"
                sleep(0.2)
                continue
            break
        assert submission.digest == digest
        assert httpx.get(f"{hub.settings.address}/readyz").status_code == 200


def test_a_hub_that_is_killed_whole_comes_back_and_nothing_of_the_old_one_stays() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-killed-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, _, _ = start_hub(Path(folder), stack)
        run = hub.settings.data / "run"
        first = psutil.Process(int((run / "service.pid").read_text()))
        old = [first, *first.children(recursive=True)]
        assert {"web.pid", "worker.pid"} <= {file.name for file in run.glob("*.pid")}
        first.kill()
        psutil.wait_procs(old, timeout=SECONDS)
        assert not [one for one in old if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        end = monotonic() + SECONDS
        while monotonic() < end:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{hub.settings.address}/readyz").status_code == 200:
                    break
            sleep(0.1)
        assert httpx.get(f"{hub.settings.address}/healthz").json()["pid"] not in {one.pid for one in old}
        assert int((run / "service.pid").read_text()) != first.pid


def test_a_stop_waits_for_what_is_being_taken_in_and_takes_nothing_more() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-killed-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, _ = start_hub(Path(folder), stack)
        sender = NativeConnection(hub.settings.address, system=SENDER, key=keys[SENDER])
        stack.callback(sender.close)
        packet, digest = make_packet(1000)
        goes_on = threading.Event()

        class Slow(io.BytesIO):
            """Half of the packet, then the rest when told."""

            def read(self, size: int | None = -1) -> bytes:
                if self.tell() > len(packet) // 2:
                    goes_on.wait(SECONDS)
                return super().read(16_384)

        answers: list[str] = []

        def send() -> None:
            answers.append(
                sender.submit(
                    lambda: Slow(packet), digest=digest, size=len(packet), sender=SENDER, recipients=(),
                    document_id="", idempotency_key=uuid4().hex,
                ).digest
            )  # fmt: skip

        sending = threading.Thread(target=send)
        sending.start()
        incoming = hub.settings.data / "blobs" / "incoming"  # made with the first packet
        end = monotonic() + SECONDS
        while not (incoming.is_dir() and any(file.stat().st_size for file in incoming.iterdir())):
            assert monotonic() < end, "the hub takes nothing in"
            sleep(0.05)
        stopping = threading.Thread(target=hub.stop)
        stopping.start()
        sleep(2)
        assert _is_closed(hub.settings.address)
        assert stopping.is_alive()
        goes_on.set()
        sending.join(SECONDS)
        stopping.join(SECONDS)
        assert answers == [digest]
        assert not stopping.is_alive()


def _is_closed(address: str) -> bool:
    try:
        httpx.get(f"{address}/healthz", timeout=3)
    except httpx.TransportError:
        return True
    return False
