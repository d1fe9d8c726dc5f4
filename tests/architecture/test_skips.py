"""Under CI a skipped test is a failure, unless it is on the short list: tried with small sessions of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ALLOWED_SKIPS

ROOT = Path(__file__).resolve().parents[2]
LISTED = next(iter(ALLOWED_SKIPS))
NAME = LISTED.removesuffix("[NOTSET]")

ON_THE_LIST = f"""
import pytest

@pytest.mark.parametrize("one", [])
def {NAME}(one): ...
"""
NOT_ON_IT = {
    "by a mark": """
import pytest

@pytest.mark.skip(reason="no time")
def test_one(): ...
""",
    "while it runs": """
import pytest

def test_one():
    pytest.skip("no time")
""",
    "by its fixture": """
import pytest

@pytest.fixture
def tool():
    pytest.skip("no such program")

def test_one(tool): ...
""",
    "with its whole module": """
import pytest

pytest.importorskip("a_module_that_nobody_has")

def test_one(): ...
""",
    "as expected to fail": """
import pytest

@pytest.mark.xfail
def test_one():
    assert False
""",
}


def session(folder: Path, *, ci: bool) -> str:
    """Run all of these under the rules of ours; what was said at the end. The exit code fits it."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    for number, tests in enumerate((ON_THE_LIST, *NOT_ON_IT.values())):
        (folder / f"test_small_{number}.py").write_text(tests)
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_ADDOPTS")}
    environment |= {"PYTHONPATH": str(ROOT)} | ({"CI": "true"} if ci else {})
    without = [
        word for plugin in ("cacheprovider", "django", "schemathesis", "xdist") for word in ("-p", f"no:{plugin}")
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", *without, "-rfEsx", "--continue-on-collection-errors",
         "--rootdir", str(folder), "-c", str(folder / "pytest.ini"), str(folder)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == (pytest.ExitCode.TESTS_FAILED if ci else pytest.ExitCode.OK), done.stdout + done.stderr
    return done.stdout


def test_under_ci_a_test_that_is_skipped_has_failed_unless_it_is_on_the_list(tmp_path: Path) -> None:
    said = session(tmp_path, ci=True)
    assert re.search(r"2 failed, 1 skipped, 3 errors", said), said
    told = set(re.findall(r"(test_small_\d)\S* was skipped, and is not on the list of allowed skips", said))
    assert told == {f"test_small_{number}" for number, _ in enumerate(NOT_ON_IT, start=1)}, said


def test_at_a_desk_a_test_may_be_skipped(tmp_path: Path) -> None:
    assert re.search(r"5 skipped, 1 xfailed", session(tmp_path, ci=False))


def test_who_is_on_the_list_is_a_test_of_ours() -> None:
    known = {
        name for file in ROOT.glob("tests/**/test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text())
    }
    assert {name.partition("[")[0] for name in ALLOWED_SKIPS} <= known
    assert all(ALLOWED_SKIPS.values()), "each with its reason"
