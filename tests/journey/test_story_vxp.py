"""The story where the hub is of existing client software: all four offices go by that door, and everything holds."""

import tempfile
from pathlib import Path

import pytest

from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.story import Story
from lienthong.runtime.settings import Door

pytestmark = pytest.mark.xdist_group("journey")


@pytest.mark.law("R-3.3-1", "R-6.3-1", "R-9.2-1", "R-9.2-2", "AVI-2c", "AVI-G6")
def test_the_story_holds_by_the_door_of_existing_software() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-journey-vxp-") as folder:
        Path(folder).chmod(0o755)
        with Country(Path(folder) / "country", door=Door.VXP) as country:
            country.await_all()
            with Story(country) as story:
                assert len(story.act()) > 40
