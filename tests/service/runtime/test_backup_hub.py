"""A hub that was told a target makes its backups by itself; they are proven in the same way, receipt by receipt."""

import io
import json
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import psycopg
import pytest

from lienthong.evidence.receipts import SigningKey
from lienthong.protocol.client.native import NativeConnection
from lienthong.runtime.commands.bench_exchange import RECIPIENT, SENDER, make_packet, start_hub
from lienthong.runtime.embedded import Cluster
from lienthong.runtime.ports import free_port
from lienthong.runtime.supervisor import Supervisor
from lienthong.storage.age import Identity
from tests import commands
from tests.service.runtime.test_commands import plain_environment

pytestmark = pytest.mark.xdist_group("killed")


def backup(*words: str, url: str = "", expected: int = 0) -> str:
    environment = plain_environment() | ({"DATABASE_URL": url} if url else {})
    done = commands.run("backup", *words, environment=environment)
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


def until_there(target: Path, count: int) -> list[Path]:
    end = monotonic() + 60
    while len(found := sorted(target.glob("*.tar.age"))) < count:
        assert monotonic() < end, "no backup was made"
        sleep(0.2)
    return found


@pytest.mark.law("R-19.1đ-1", "SEC-9")
def test_a_hub_backs_itself_up_and_its_receipts_are_judged_again(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    identity = Identity.generate()
    key, public, target = tmp_path / "key", tmp_path / "pub", tmp_path / "target"
    key.write_text(identity.text)
    public.write_text(identity.recipient)
    target.mkdir()
    with ExitStack() as stack:
        hub, keys, url = start_hub(tmp_path, stack, backup_to=str(target), backup_recipients=str(public))
        (by_itself,) = until_there(target, 1)
        packet, digest = make_packet(1, identifier="x")
        with closing(NativeConnection(hub.settings.address, system=SENDER, key=keys[SENDER])) as sender:
            for _ in range(2):
                sender.submit(
                    lambda: io.BytesIO(packet), digest=digest, size=len(packet), sender=SENDER, recipients=(RECIPIENT,),
                    document_id="x", idempotency_key=str(uuid4()),
                )  # fmt: skip
        where = ["--data", str(hub.settings.data), "--to", str(target)]
        backup("create", "hub", *where, "--recipients", str(public), url=url)
        report = json.loads(
            backup("verify", str(until_there(target, 2)[1]), "--identity", str(key), "--any-signer", "--json")
        )
        found = {one["name"]: (one["looked_at"], one["faulty"]) for one in report["checks"]}
        assert found["receipts"] == (1, 0)
        assert found["bytes"] == (1, 0)
        listed = backup("list", "hub", *where, url=url).splitlines()
        assert [line.split()[3] for line in listed] == ["good", "unproven"]
        assert by_itself.name.startswith(listed[1].split()[0])

        with psycopg.connect(url) as connection:
            connection.execute("UPDATE hub_packet SET receipt = statement")
        backup("create", "hub", *where, "--recipients", str(public), url=url)
        newest = until_there(target, 3)[-1]
        report = json.loads(backup("verify", str(newest), "--identity", str(key), "--any-signer", "--json", expected=1))
        assert [one["faulty"] for one in report["checks"] if one["name"] == "receipts"] == [1]


BURN = "DO $$ BEGIN FOR n IN 1..5000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


@pytest.mark.law("R-19.1đ-1")
def test_a_hub_brought_back_on_another_machine_tells_members_what_comes_after_what_they_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    identity, target = Identity.generate(), tmp_path / "target"
    (tmp_path / "key").write_text(identity.text)
    (tmp_path / "pub").write_text(identity.recipient)
    target.mkdir()
    with ExitStack() as stack:
        hub, keys, url = start_hub(tmp_path, stack)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(BURN)  # a hub that has served for a while; another cluster begins far below
        (read,) = exchanged(hub.settings.address, keys, after=0)
        words = ["--data", str(hub.settings.data), "--to", str(target), "--recipients", str(tmp_path / "pub")]
        backup("create", "hub", *words, url=url)
    (file,) = target.glob("*.tar.age")
    data = tmp_path / "brought-back"
    with Cluster(tmp_path / "elsewhere").running() as cluster:
        url = cluster.database_url("hub")
        backup("restore", str(file), "--identity", str(tmp_path / "key"), "--any-signer", "--data", str(data), url=url)
        settings = hub.settings.at(data=data, database_url=url, port=free_port())
        with Supervisor(settings) as again:
            again.await_ready()
            (following,) = exchanged(settings.address, keys, after=read)
    assert following > read


def exchanged(address: str, keys: Mapping[str, SigningKey], *, after: int) -> list[int]:
    """Send a packet and take it; gives the places of what the sender's feed tells after a place."""
    packet, digest = make_packet(1)
    with (
        closing(NativeConnection(address, system=SENDER, key=keys[SENDER])) as sender,
        closing(NativeConnection(address, system=RECIPIENT, key=keys[RECIPIENT])) as recipient,
    ):
        sender.submit(
            lambda: io.BytesIO(packet), digest=digest, size=len(packet), sender=SENDER, recipients=(RECIPIENT,),
            document_id="", idempotency_key=str(uuid4()),
        )  # fmt: skip
        (item,) = recipient.inbox(wait=5)
        recipient.fetch(item, io.BytesIO())
        recipient.acknowledge(item)
        end = monotonic() + 20
        while not (told := [one for one in sender.changes(after=after, wait=1) if one.state == "done"]):
            assert monotonic() < end, "the sender hears of nothing"
        return [one.seq for one in told]
