"""The process that `apart` starts: a file comes in, its text goes out."""

from __future__ import annotations

import json
import sys

from lienthong.standards import apart
from lienthong.standards.texts.problems import NoText, Why
from lienthong.standards.texts.reading import text_of


def main() -> None:
    """Take the text of what stands on standard input."""
    apart.begin()
    apart.write_nothing()
    json.dump(_answer(), sys.stdout)


def _answer() -> dict[str, object]:
    try:
        return text_of(sys.stdin.buffer.read())._asdict()
    except NoText as reason:
        return {"none": reason.why.value}
    except MemoryError:
        return {"none": Why.TOO_LARGE.value}


if __name__ == "__main__":
    main()
