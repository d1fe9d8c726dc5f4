"""Writes `docs/reference/errors.md`, the catalogue of refusals: `python -m tests.errors`; a check holds it to the code."""

import os
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "errors.md"
HEAD = """# What the hub refuses

Made by `python -m tests.errors` from `lienthong/protocol/problems.py` and the routes. Do not edit by hand.

Both doors refuse by the same list. The native API answers `application/problem+json` (RFC 9457) with `code`, `status`, `detail`,
`detail_en`, `next`, `next_en` and data; `type` leads to the page of the problem at the hub, `GET /api/v1/problems` gives them all.
The door of existing client software answers `ErrorCode` (column VXP) and `ErrorDesc`. A code never changes its meaning.

*Again*: the same request may succeed later, as it is; `Retry-After` stands on every 423, 429 and 5xx, at both doors.
"""


def page() -> str:
    """The text of the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.runtime.django.checks")
    django.setup()
    from lienthong.hub.http import catalogue, openapi, sandbox
    from lienthong.hub.http.native import DESCRIBED
    from lienthong.protocol.problems import SAID_BY_HUBS

    given = catalogue.routes_by_problem({**DESCRIBED, **sandbox.DESCRIBED})
    parts = [HEAD, "| code | HTTP | VXP | again | means | routes |", "|---|---|---|---|---|---|"]
    for kind in SAID_BY_HUBS:
        routes = "<br>".join(f"`{name}`" for name in given.get(kind, ())) or "only at the other door"
        if kind in openapi.EVERYWHERE:
            routes = "every route"
        elif kind in openapi.WITH_A_TOKEN:
            routes = "every route with a token"
        again = "yes" if kind.retryable else ""
        parts.append(
            f"| [`{kind.code}`](#{kind.code}) | {kind.status} | {kind.vxp} | {again} "
            f"| {catalogue.meaning(kind)} | {routes} |"
        )
    for kind in SAID_BY_HUBS:
        parts += [
            "",
            f"## {kind.code}",
            "",
            f"- {kind.vi} → {kind.next_vi}",
            f"- {kind.en} → {kind.next_en}",
        ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
