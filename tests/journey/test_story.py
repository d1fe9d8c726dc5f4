"""The story, by HTTP: with the demo's own documents, and with the law's."""

from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.documents import DECISION, Text
from lienthong.runtime.demo.story import Story

pytestmark = pytest.mark.xdist_group("journey")

SPEC = Path(__file__).resolve().parents[3] / "shared" / "spec"
LAW = [path for path in (SPEC / "decision-28-2018.md", SPEC / "decree-30-2020" / "decree.md") if path.exists()]


@pytest.mark.law("R-3.3-1", "R-5.4-1", "R-5.4-2", "R-6.3-1", "R-8.2-1", "R-9.1-1", "R-9.2-1", "R-9.2-2", "R-10.1-1")
def test_the_story_holds(country: Country) -> None:
    with Story(country) as story:
        assert len(story.act()) > 40


@pytest.mark.parametrize("path", LAW, ids=lambda path: path.stem)
def test_the_story_holds_with_the_text_of_the_law(country: Country, path: Path) -> None:
    with Story(country, upload=(path.name, path.read_bytes())) as story:
        decision = story.draft_and_seal(_as_sent(), ("H41",), upload=story.upload)
        desk = story.desk("G22", "van.thu")
        page = desk.send(desk.open(decision).form("issue"))
        assert page.data("state") == "issued"
        received = story.find("H41", "van.thu", page.data("identifier"))
        assert received.data("legal") == "equivalent"


def _as_sent() -> Text:
    return replace(DECISION, appendixes="")
