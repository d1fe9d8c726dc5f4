"""An office is lost in the middle of its day and brought back from its backup: it goes on, and sends nothing twice."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lienthong.runtime.demo.desk import Desk
from lienthong.runtime.embedded import Cluster
from lienthong.storage.age import Identity
from tests import commands
from tests.service.runtime.test_commands import plain_environment
from tests.service.runtime.test_office_stops import LOGIN, PASSWORD, Running, running

pytestmark = pytest.mark.xdist_group("killed")


def backup(*words: str, url: str) -> str:
    done = commands.run("backup", *words, environment=plain_environment() | {"DATABASE_URL": url})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def clerk_at(office: Running) -> Iterator[Desk]:
    desk = Desk(office.settings.address, LOGIN, PASSWORD)
    with desk.http:
        desk.sign_in()
        yield desk


def documents(clerk: Desk) -> int:
    return int(clerk.open("/van-ban-den/").root.xpath("count(//tr[@data-document])"))


@pytest.mark.law("R-19.1đ-1", "AVI-5g")
def test_an_office_that_is_brought_back_goes_on_and_sends_nothing_twice(tmp_path: Path) -> None:
    identity = Identity.generate()
    (tmp_path / "key").write_text(identity.text)
    (tmp_path / "pub").write_text(identity.recipient)
    (tmp_path / "target").mkdir()
    with running() as office:
        _until_it_is_lost(office, tmp_path)
        settings = office.settings
        (file,) = (tmp_path / "target").glob("*.tar.age")
        url = Cluster(settings.data.parent / "postgres").database_url("another")
        data = settings.data.with_name("brought-back")
        backup("restore", str(file), "--identity", str(tmp_path / "key"), "--any-signer", "--data", str(data), url=url)
        office.settings = settings.at(data=data, database_url=url)
        _it_goes_on(office)


def _until_it_is_lost(office: Running, folder: Path) -> None:
    """A document came, and its report has reached the hub, whose answer is lost; then the backup; then one more document
    comes, is told to its sender, and the machine dies."""
    office.line.keeps = True
    with office.served() as process:
        office.receives()
        assert office.line.kept.wait(30), "the report of the arrival was not sent"
        os.kill(process.pid, signal.SIGTERM)
        process.wait(30)
    backup(
        "create", "office", "--data", str(office.settings.data), "--to", str(folder / "target"), "--recipients",
        str(folder / "pub"), url=office.settings.database_url,
    )  # fmt: skip
    office.line.keeps = False
    with office.served() as process:
        with clerk_at(office) as clerk:
            office.receives()
            clerk.wait_for("/", lambda page: documents(clerk) == 2, what="both are here", seconds=30)
            clerk.wait_for("/", lambda page: page.says("Chờ gửi 0"), what="and are reported", seconds=30)
        os.kill(process.pid, signal.SIGKILL)
    assert len(office.reported()) == 2


def _it_goes_on(office: Running) -> None:
    with office.served() as process:
        with clerk_at(office) as clerk:
            clerk.wait_for("/", lambda page: page.says("Chờ gửi 0"), what="the report is sent again", seconds=30)
            assert documents(clerk) == 1, "what came after the backup is not here: the sender has to be asked"
            assert len(office.reported()) == 2, "the report of the first was sent again under its key: no second one"
            office.receives()
            clerk.wait_for("/", lambda page: documents(clerk) == 2, what="the next one comes", seconds=30)
            clerk.wait_for("/", lambda page: page.says("Chờ gửi 0"), what="and is reported", seconds=30)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(30) == 0
    assert len(office.reported()) == 3
