"""The process that `apart` starts: a PDF comes in, findings go out. It writes no file and ends itself when it takes
more than it was given."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from lienthong.standards.presentation.check import check
from lienthong.standards.presentation.findings import Known
from lienthong.standards.presentation.problems import Unreadable, Why


def main() -> None:
    """Check what comes on standard input, with what the first argument says."""
    asked = json.loads(sys.argv[1])
    for what, most in (
        (resource.RLIMIT_CPU, asked["processor"]),
        (resource.RLIMIT_AS, asked["memory"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    json.dump(_answer(Known(**asked["known"])), sys.stdout)


def _answer(known: Known) -> dict[str, Any]:
    try:
        return {"findings": [asdict(finding) for finding in check(sys.stdin.buffer.read(), known)]}
    except Unreadable as reason:
        return {"unreadable": reason.why.value}
    except MemoryError:
        return {"unreadable": Why.TOO_LARGE.value}


if __name__ == "__main__":
    main()
