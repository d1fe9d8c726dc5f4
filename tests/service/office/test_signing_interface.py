"""The page that documents how another provider of signatures is plugged in is true: a service that takes what the page
names and answers with what the page names, and nothing else, is enough to sign (Decision 28/2018, Article 18.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lienthong.office.people import csc
from lienthong.testing.csc_service import OTP, PIN, CscService
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, press
from tests.service.office.test_remote_signing import USER, S, attach, checked, declare, issued, state, work

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "signing-interface.md"
ROW = re.compile(r"^\| `((?:credentials|signatures)/\w+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAME = re.compile(r"`([\w.\[\]]+)`")


def documented() -> dict[str, tuple[set[str], set[str]]]:
    """Method → the names that it is asked with, and those that are read of its answer."""
    rows = {
        method: (set(NAME.findall(asked)), set(NAME.findall(read)))
        for method, asked, read in ROW.findall(PAGE.read_text())
    }
    of_one = rows["credentials/info"][1]
    asked, _ = rows["credentials/list"]
    rows["credentials/list"] = (
        asked,
        {"credentialInfos[].credentialID", *(f"credentialInfos[].{one}" for one in of_one)},
    )
    return rows


def narrowed(told: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Of an answer only what these names say."""
    found: dict[str, Any] = {}
    for first in {name.split(".")[0] for name in names}:
        rest = [name.split(".", 1)[1] for name in names if name.startswith(f"{first}.")]
        key = first.removesuffix("[]")
        if key not in told:
            continue
        if not rest:
            found[key] = told[key]
        elif first.endswith("[]"):
            found[key] = [narrowed(one, rest) for one in told[key]]
        else:
            found[key] = narrowed(told[key], rest)
    return found


class ByThePage(CscService):
    """A service that knows the page and nothing else."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {}
        super().__init__()

    def answer(self, method: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked, read = documented().get(method, (set[str](), set[str]()))
        if not set(body) <= asked:
            return 400, {"error": "invalid_request"}
        self.seen.setdefault(method, set()).update(body)
        status, told = super().answer(method, body)
        return status, (narrowed(told, read) if status < 400 else told)


@pytest.fixture
def service() -> Iterator[ByThePage]:
    csc._tokens.clear()
    with ByThePage() as running:
        yield running


@pytest.mark.law("R-18.3-1", "AVI-2c", "AVI-G6")
@pytest.mark.parametrize("phone", [True, False])
def test_a_service_that_is_written_from_the_page_is_plugged_in_and_signs(
    office: Office, service: ByThePage, authority: TestAuthority, phone: bool
) -> None:
    service.keep(USER, issued(authority, office), phone=phone)
    declare(office, service)
    assert attach(office) == ""
    document = checked(office)
    typed = {} if phone else {"code-PIN": PIN, "code-OTP": OTP}
    assert press(office, "lanh.dao", document, "approve_and_sign", **typed) == ""
    if phone:
        work()
        service.agree()
        work(seconds=10)
    assert state(document) == S.SIGNED
    assert press(office, "van.thu", document, "number_and_seal", pin="246810") == ""
    # And the page names nothing that is not asked.
    wanted = {method: asked for method, (asked, _read) in documented().items()}
    if phone:
        wanted["credentials/authorize"].discard("authData")
    else:
        del wanted["credentials/authorizeCheck"]
    assert service.seen == wanted
