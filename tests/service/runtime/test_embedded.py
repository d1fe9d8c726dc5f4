"""The private database server keeps what it was given, whatever happens to it."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest

from lienthong.runtime import embedded
from lienthong.runtime.embedded import Cluster, EmbeddedDatabaseError

pytestmark = pytest.mark.xdist_group("embedded")


@pytest.fixture(params=[0o755, 0o700], ids=["open folder", "closed folder"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(request.param)
        cluster = Cluster(Path(folder) / "postgres")
        with cluster.running():
            yield cluster
        assert Path(folder).stat().st_mode & 0o777 == request.param, "permissions outside the folder stay as they were"


def patient_connect(url: str) -> psycopg.Connection:
    end = monotonic() + 20
    while True:
        try:
            return psycopg.connect(url, connect_timeout=3)
        except psycopg.OperationalError:
            if monotonic() > end:
                raise
            sleep(0.05)


def test_what_was_committed_survives_a_killed_server(cluster: Cluster) -> None:
    url = cluster.database_url("hub")
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (28)")
    os.kill(cluster.server_pid, signal.SIGKILL)
    with patient_connect(url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (28,)


def test_a_role_reaches_its_own_database_only(cluster: Cluster) -> None:
    hub = cluster.database_url("hub")
    cluster.database_url("office_g22")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(hub.rsplit("/", 1)[0] + "/office_g22")


def test_a_second_process_uses_the_server_that_runs(cluster: Cluster) -> None:
    with Cluster(cluster.folder).running() as other:
        assert other.database_url("hub") == cluster.database_url("hub")
    psycopg.connect(cluster.superuser_url()).close()


def test_the_wheels_server_serves_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "SYSTEM_BINARIES", Path("/nowhere"))
    with (
        tempfile.TemporaryDirectory() as folder,
        Cluster(Path(folder) / "postgres").running() as cluster,
        psycopg.connect(cluster.superuser_url()) as connection,
    ):
        assert connection.info.server_version >= 150000


def test_without_any_server_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "SYSTEM_BINARIES", Path("/nowhere"))
    monkeypatch.setattr(embedded.sys, "path", [])
    with pytest.raises(EmbeddedDatabaseError, match="apt-get install postgresql"):
        embedded.find_binaries()
