"""Checks the documentation: `python -m tests.docs`. Every relative link leads somewhere, the page of the law is what the
tests say, and the catalogues of refusals and of rules of presentation what the code says."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests import errors, presentation
from tests.law import page as law

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


def broken_links() -> Iterator[str]:
    """Relative links in Markdown files that lead nowhere."""
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)}: no {target}"


def main() -> None:
    """Print what is wrong and fail, or say nothing."""
    faults = list(broken_links())
    if law.PAGE.read_text(encoding="utf-8") != law.page():
        faults.append("docs/law.md is not what the tests say; run: python -m tests.law.page")
    if not errors.PAGE.exists() or errors.PAGE.read_text(encoding="utf-8") != errors.page():
        faults.append("docs/reference/errors.md is not what the code says; run: python -m tests.errors")
    if not presentation.PAGE.exists() or presentation.PAGE.read_text(encoding="utf-8") != presentation.page():
        faults.append("docs/reference/presentation.md is not what the code says; run: python -m tests.presentation")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
