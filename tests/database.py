"""Starts one real PostgreSQL for the whole test run, before Django reads its settings; workers of a parallel run use
the one of their parent. Named in `addopts` of pyproject.toml, for a conftest.py would come too late."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from lienthong.runtime.embedded import Cluster

VARIABLE = "LIENTHONG_TEST_DATABASE_URL"
_cluster: Cluster | None = None
_folder: Path | None = None


def _start() -> None:
    global _cluster, _folder
    _folder = Path(tempfile.mkdtemp(prefix="lienthong-test-"))
    _folder.chmod(0o755)
    _cluster = Cluster(_folder / "postgres")
    _cluster.start()
    os.environ[VARIABLE] = _cluster.superuser_url()
    os.environ["LIENTHONG_TEST_DATA"] = str(_folder / "data")


if VARIABLE not in os.environ:
    _start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and forget its data."""
    if _cluster is not None:
        _cluster.stop()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
