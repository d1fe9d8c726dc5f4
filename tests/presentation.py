"""Writes the rules in `docs/reference/presentation.md`: `python -m tests.presentation`; a check holds it to the code."""

from pathlib import Path

from lienthong.standards.presentation import RULES, Severity

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "presentation.md"
HEAD = """# Rules of presentation

Made by `python -m tests.presentation` from `lienthong/standards/presentation/rules.py`. Do not edit by hand.

The check reads the PDF itself: letters with their places, sizes, faces and colours. It speaks only of what it can see; tolerances
and interpretations stand in [divergences](../divergences.md#presentation). The id of a rule never changes its meaning.

- In the office each version of a draft is checked when it is kept; the page of the document and that of the draft show what was
  found. An agency lets findings that are `missing` or `wrong` only warn, or block the act «Xác nhận thể thức»
  (on «Cơ quan», or `lienthong office presentation CODE warn|block --reference DECISION --data …`); the checker may then confirm
  with a written reason, which is journalled (`outgoing.presentation_overridden`).
- On the command line: `lienthong document check FILE [--json]`, with `--type`, `--agency`, … for what should stand there.
  Exit code 0: nothing found; 1: findings; 2: the file cannot be read.
- A file that cannot be read is refused by name: `no_pdf`, `locked`, `broken`, `too_large`, `too_slow`. In the office that is the
  note `not_checked`.

`{found}` and `{wanted}` are filled with what was seen and what the record says. All clauses are those of Decree 30/2020/NĐ-CP,
Annex I, part I.
"""
KINDS = {
    Severity.MISSING: "A part is not there",
    Severity.WRONG: "A part is not as it should be",
    Severity.NOTE: "What could not be judged",
}


def page() -> str:
    """The text of the page."""
    parts = [HEAD]
    for severity, title in KINDS.items():
        parts += [
            f"## {title}: `{severity.value}`\n",
            "| rule | clause | says | asks for |",
            "|---|---|---|---|",
            *(
                f"| `{rule.id}` | {rule.clause.removeprefix('Phụ lục I, mục ')} | {rule.found.vi}<br>{rule.found.en} "
                f"| {rule.should.vi}<br>{rule.should.en} |"
                for rule in RULES
                if rule.severity is severity
            ),
            "",
        ]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
