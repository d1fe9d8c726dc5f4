"""One authority, one person, one agency and one good document for all tests of a worker."""

import pytest

from tests.unit.signatures.world import AGENCY, PERSON, Owner, World, numbered


@pytest.fixture(scope="session")
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def person(world: World) -> Owner:
    return world.issue(PERSON)


@pytest.fixture(scope="session")
def agency(world: World) -> Owner:
    return world.issue(AGENCY)


@pytest.fixture(scope="session")
def approved(world: World, person: Owner) -> bytes:
    return world.approved(person)


@pytest.fixture(scope="session")
def good(world: World, approved: bytes, agency: Owner) -> bytes:
    return world.sealed(numbered(approved), agency)
