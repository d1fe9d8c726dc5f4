"""An authority of the tests' own, made once per worker; tests that revoke or turn the clock make theirs."""

from pathlib import Path
from shutil import copytree

import pytest

from lienthong.testing.pki import TestAuthority
from tests.unit.testing.world import BASE, Watch


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of an authority. Making its keys takes most of a second, copying them nothing."""
    directory = tmp_path_factory.mktemp("founded") / "authority"
    TestAuthority.create(directory, BASE, clock=Watch())
    return directory


@pytest.fixture(scope="session")
def shared(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    """An authority that no test changes beyond issuing."""
    return TestAuthority.load(copytree(founded, tmp_path_factory.mktemp("shared") / "authority"), clock=Watch())


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    """Another authority, with keys of its own."""
    return TestAuthority.create(tmp_path_factory.mktemp("stranger"), BASE, clock=Watch())


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def authority(founded: Path, tmp_path: Path, watch: Watch) -> TestAuthority:
    """An authority for one test, whose time is `watch`."""
    return TestAuthority.load(copytree(founded, tmp_path / "authority"), clock=watch)
