"""A running country for the journeys: the demo's own, in a folder that is thrown away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from lienthong.runtime.demo.country import Country
from tests.browser import chromium
from tests.journey.countries import fresh_country

pytestmark = pytest.mark.xdist_group("journey")


@pytest.fixture(scope="package")
def country() -> Iterator[Country]:
    with fresh_country() as running:
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
