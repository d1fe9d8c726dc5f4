"""The vocabulary and its page say the same."""

from pathlib import Path

from lienthong.journal.vocabulary import HubEvent, OfficeEvent

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "events.md"


def test_every_event_is_on_the_page_and_nothing_else() -> None:
    listed = [line.split("`")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert sorted(listed) == sorted(event.value for event in (*HubEvent, *OfficeEvent))
