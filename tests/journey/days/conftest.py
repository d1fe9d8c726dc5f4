"""The days share a country: each has its agency, or its people, to itself, and finds in the morning what it made."""

from collections.abc import Iterator

import pytest

from lienthong.runtime.demo.country import Country
from tests.journey.countries import fresh_country


@pytest.fixture(scope="package")
def country() -> Iterator[Country]:
    with fresh_country() as running:
        yield running
