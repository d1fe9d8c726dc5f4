"""What all tests share: no network beyond this machine, no silent skip.

A test that needs the database uses the fixture `db` or the mark `django_db`. Both services' tables lie in one test
database; tests of the hub's routes carry `@pytest.mark.urls("lienthong.runtime.urls_hub")`.
"""

import functools
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)
"""A property holds or does not; how long an example takes on a busy machine is none of its business."""
settings.load_profile("house")

_NO_EXAMPLES = "the published examples do not lie beside the project"
ALLOWED_SKIPS = {
    "test_the_published_examples_read_without_a_fault[NOTSET]": _NO_EXAMPLES,
    "test_the_published_examples_are_written_again_byte_for_byte[NOTSET]": _NO_EXAMPLES,
    "test_by_their_values_alone_the_examples_are_written_as_we_write[NOTSET]": _NO_EXAMPLES,
    "test_libreoffice_itself_lays_out_what_a_word_processor_wrote[NOTSET]": "this machine has no LibreOffice",
}
"""Tests that may be skipped under CI: name of the test → reason."""


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Under CI a skipped test has failed, unless it is on the list with its reason."""
    outcome = yield
    if item.name not in ALLOWED_SKIPS:
        _no_skip_under_ci(outcome.get_result())  # type: ignore[attr-defined]


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Neither does a module leave with all its tests, for want of something to import."""
    outcome = yield
    _no_skip_under_ci(outcome.get_result())  # type: ignore[attr-defined]


def _no_skip_under_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") and report.skipped:
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)  # pytest counts no failure of what was expected to fail
        report.longrepr = f"{report.nodeid} was skipped, and is not on the list of allowed skips: {report.longrepr}"


@pytest.fixture(autouse=True, scope="session")
def _authorities_are_read_once() -> Iterator[None]:
    """`httpx.get` reads all authorities of the machine anew, although nearly all tests speak plain HTTP: a sixth of the
    time of the run."""
    from httpx._transports import default

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(default, "create_ssl_context", functools.cache(default.create_ssl_context))
        yield


@pytest.fixture(autouse=True)
def _only_this_machine(socket_enabled: None) -> None:
    """Tests reach loopback and nothing else."""
    from pytest_socket import socket_allow_hosts

    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
