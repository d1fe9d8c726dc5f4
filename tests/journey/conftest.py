"""A running country for the journeys: the demo's own, in a folder that is thrown away."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lienthong.runtime.demo.country import Country
from tests.browser import chromium

pytestmark = pytest.mark.xdist_group("journey")


@pytest.fixture(scope="package")
def country() -> Iterator[Country]:
    with tempfile.TemporaryDirectory(prefix="lienthong-journey-") as folder:
        Path(folder).chmod(0o755)
        with Country(Path(folder) / "country") as running:
            running.await_all()
            yield running


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def browser(chrome: Browser) -> Iterator[Browser]:
    """The browser; its windows are closed after each test, for every open page goes on asking its office."""
    yield chrome
    for window in list(chrome.contexts):
        window.close()
