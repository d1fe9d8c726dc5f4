"""The process that `apart` starts: a file comes in, its text goes out. It writes no file and ends itself when it takes
more than it was given."""

from __future__ import annotations

import json
import resource
import sys

from lienthong.standards.texts.problems import NoText, Why
from lienthong.standards.texts.reading import text_of


def main() -> None:
    """Take the text of what stands on standard input, with the means that the first argument names."""
    asked = json.loads(sys.argv[1])
    for what, most in (
        (resource.RLIMIT_CPU, asked["processor"]),
        (resource.RLIMIT_AS, asked["memory"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
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
