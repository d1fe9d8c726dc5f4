"""What the tags of the look promise."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lienthong import hub
from lienthong.look import tags
from lienthong.office.models import IncomingState, OutgoingState
from lienthong.office.templatetags import look
from lienthong.standards.signatures.report import Verdict
from lienthong.standards.statuses import Urgency
from tests.unit.look import gallery

OFFICE = Path(look.__file__).parents[1]
SHARED = Path(tags.__file__).parent
HUB = Path(hub.__file__).parent
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("urgency", [one for one in Urgency if one])
def test_urgency_always_has_its_word_and_its_rail(urgency: Urgency) -> None:
    assert urgency.words.vi in tags.urgency(urgency)
    assert tags.rail(urgency).startswith("rail-")


def test_a_usual_document_wears_nothing() -> None:
    assert (tags.urgency(0), tags.rail(0)) == ("", "")


@pytest.mark.parametrize("code", [*IncomingState.values, *OutgoingState.values])
def test_every_state_has_a_disc_of_its_own_kind(code: str) -> None:
    assert code in look.STATE_CLASSES


@pytest.mark.parametrize(("hours", "kind"), [(-1, "stop"), (3, "warn"), (48, "ink2")])
def test_a_deadline_changes_colour_as_it_comes_near(hours: int, kind: str) -> None:
    shown = tags.left(NOON + timedelta(hours=hours), NOON)
    assert f'class="due {kind}"' in shown
    assert re.search(r'datetime="2026-11-\d\dT\d\d:00\+07:00"', shown)


def test_no_deadline_is_nothing() -> None:
    assert tags.left(None) == ""


def test_a_time_has_its_seconds_one_hover_away() -> None:
    shown = tags.instant(datetime(2025, 11, 23, 7, 5, 20, 250_000, tzinfo=UTC))
    assert 'datetime="2025-11-23T14:05:20.250000+07:00"' in shown
    assert 'title="14:05:20 23/11/2025">14:05 23/11/2025<' in shown


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_word_and_a_drawing_of_its_own(verdict: Verdict) -> None:
    others = [one for one in Verdict if one is not verdict]
    assert look.verdict(verdict.value) not in {look.verdict(one.value) for one in others}
    assert look.verdict_icon(verdict.value) not in {look.verdict_icon(one.value) for one in others}


def test_what_a_user_wrote_stays_text() -> None:
    assert "<b>" not in look.state("draft", "<b>")
    assert "<b>" not in look.check_line({"name": "integrity", "result": "passed", "vi": "<b>x</b>"}).split("<span>")[1]


def test_every_icon_in_use_is_drawn() -> None:
    rooms = (OFFICE, SHARED, HUB)
    sprites = [file.read_text() for room in rooms for file in room.rglob("icons.svg")]
    drawn = set(re.findall(r'id="i-([a-z]+)"', "".join(sprites)))
    sources = [
        file
        for room in rooms
        for kind in ("html", "js")
        for file in room.rglob(f"*.{kind}")
        if "vendor" not in file.parts
    ]
    used = {
        name for source in sources for name in re.findall(r'{% icon "([a-z]+)"|button\("([a-z]+)"', source.read_text())
    }
    assert {name for pair in used for name in pair if name} <= drawn


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_a_page_has_no_inline_script_or_style(name: str) -> None:
    page = gallery.SCREENS[name]()
    assert not re.search(r"\s(style|on[a-z]+)=", page)
    assert not re.search(r"<style|<script(?![^>]* src=)", page)


@pytest.mark.parametrize("name", gallery.SCREENS)
def test_a_page_has_at_most_one_filled_button(name: str) -> None:
    page = re.sub(r"<dialog.*?</dialog>", "", gallery.SCREENS[name](), flags=re.DOTALL)
    assert page.count("btn-primary") <= 1
