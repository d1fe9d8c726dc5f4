"""The process that `apart` starts: a PDF comes in, findings go out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from lienthong.standards import apart
from lienthong.standards.presentation.check import check
from lienthong.standards.presentation.findings import Known
from lienthong.standards.presentation.problems import Unreadable, Why


def main() -> None:
    """Check what comes on standard input, with what is known of it."""
    known = Known(**apart.begin())
    apart.write_nothing()
    json.dump(_answer(known), sys.stdout)


def _answer(known: Known) -> dict[str, Any]:
    try:
        return {"findings": [asdict(finding) for finding in check(sys.stdin.buffer.read(), known)]}
    except Unreadable as reason:
        return {"unreadable": reason.why.value}
    except MemoryError:
        return {"unreadable": Why.TOO_LARGE.value}


if __name__ == "__main__":
    main()
