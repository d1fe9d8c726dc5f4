"""Templates stay readable."""

from pathlib import Path

import lienthong

LONGEST = 140


def test_no_line_of_a_template_is_long() -> None:
    templates = list(Path(lienthong.__file__).parent.rglob("*.html"))
    lines = [(file.name, line) for file in templates for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(templates) > 20
    assert [one for one in lines if len(one[1]) > LONGEST] == []
