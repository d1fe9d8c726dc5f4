"""What `make` runs before the demo and before the tests: it installs what is missing where it may, and else says in one
line what to install, and fails."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lienthong.runtime import setup

FOLDER = Path(setup.__file__).parent
TOOLS, FONTS = FOLDER / "test_tools.sh", FOLDER / "fonts.sh"
PACKAGES = {
    "chromium-headless-shell": "chromium-headless-shell",
    "pdfsig": "poppler-utils",
    "softhsm2-util": "softhsm2",
    "promtool": "prometheus",
    "nginx": "nginx",
    "tesseract": "tesseract-ocr tesseract-ocr-vie",
}
"""Program → Debian's packages."""
NOBODY, ROOT = 65534, 0


class Machine:
    """A machine whose programs are these alone.

    Attributes:
        asked: what was asked of apt-get, a line each.
    """

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.programs.mkdir()
        self._log = folder / "asked"

    @property
    def asked(self) -> list[str]:
        return self._log.read_text().splitlines() if self._log.exists() else []

    def has(self, *programs: str, does: str = "exit 0") -> None:
        """Put programs on it, which do this."""
        for name in programs:
            (self.programs / name).write_text(f"#!/bin/bash\n{does}\n")
            (self.programs / name).chmod(0o755)

    def is_used_by(self, user: int) -> None:
        """Who runs things there."""
        self.has("id", does=f"echo {user}")

    def has_packages(self, installing: str) -> None:
        """Put apt-get on it, for which installing is this."""
        self.has("apt-get", does=f'echo "$*" >> {self._log}\n[ "$1" = install ] || exit 0\n{installing}')

    def run(self, script: Path) -> tuple[int, list[str]]:
        """The exit code, and the lines that were said on either stream."""
        done = subprocess.run(
            ["/bin/bash", script], env={"PATH": str(self.programs)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout.splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def tools_line(*packages: str) -> Callable[[str], bool]:
    """Whether a line says that the tests need just these."""
    return lambda line: (
        line.startswith("The tests need: apt-get install ") and set(line.split()[5:]) == set(" ".join(packages).split())
    )


def test_an_empty_machine_is_told_in_one_line_what_the_tests_need(machine: Machine) -> None:
    code, said = machine.run(TOOLS)
    assert code == 1
    assert len(said) == 1
    assert tools_line(*PACKAGES.values())(said[0]), said


def test_only_what_is_missing_is_named(machine: Machine) -> None:
    machine.has(*(program for program in PACKAGES if program != "pdfsig"))
    assert machine.run(TOOLS) == (1, ["The tests need: apt-get install poppler-utils"])


def test_nothing_is_said_where_nothing_is_missing(machine: Machine) -> None:
    machine.has(*PACKAGES)
    machine.has_packages("exit 1")
    machine.is_used_by(ROOT)
    assert machine.run(TOOLS) == (0, [])
    assert machine.asked == []


def test_an_ordinary_user_installs_nothing(machine: Machine) -> None:
    machine.has_packages("exit 0")
    machine.is_used_by(NOBODY)
    code, said = machine.run(TOOLS)
    assert (code, len(said), machine.asked) == (1, 1, [])
    assert tools_line(*PACKAGES.values())(said[0]), said


def test_root_installs_what_is_missing(machine: Machine) -> None:
    machine.has("nginx", "promtool")
    machine.has_packages(
        f"for one in chromium-headless-shell pdfsig softhsm2-util tesseract; do /bin/cp {machine.programs}/nginx {machine.programs}/$one; done"
    )
    machine.is_used_by(ROOT)
    code, said = machine.run(TOOLS)
    assert code == 0
    assert len(said) == 1
    assert said[0].startswith("Installing ")
    assert set(machine.asked[-1].split()) > {
        "install",
        "chromium-headless-shell",
        "poppler-utils",
        "softhsm2",
        "tesseract-ocr",
        "tesseract-ocr-vie",
    }
    assert not {"nginx", "prometheus"} & set(machine.asked[-1].split())


def test_what_could_not_be_installed_is_named_and_fails(machine: Machine) -> None:
    machine.has_packages("exit 100")
    machine.is_used_by(ROOT)
    code, said = machine.run(TOOLS)
    assert code == 1
    assert tools_line(*PACKAGES.values())(said[-1]), said


# -- the typeface ------------------------------------------------------------------------------------------------------

MISSING = (
    "The font Liberation Serif with all Vietnamese letters is missing. Install it: apt-get install fonts-liberation2"
)


def test_where_the_typeface_is_nothing_is_said(machine: Machine) -> None:
    machine.has("python", does=f'exec {sys.executable} "$@"')
    assert machine.run(FONTS) == (0, [])


@pytest.mark.parametrize("user", [None, NOBODY, ROOT], ids=["an empty machine", "an ordinary user", "root in vain"])
def test_a_missing_typeface_is_named_in_one_line(machine: Machine, user: int | None) -> None:
    if user is not None:
        machine.has("python", does="exit 1")
        machine.has_packages("exit 100")
        machine.is_used_by(user)
    code, said = machine.run(FONTS)
    assert (code, said[-1]) == (1, MISSING)
    assert len(said) == (2 if user == ROOT else 1), "root is told besides what is tried"
    assert [line.split()[-1] for line in machine.asked] == (
        ["-qq", "fonts-liberation2", "fonts-liberation"] if user == ROOT else []
    )


def test_root_gets_the_typeface(machine: Machine) -> None:
    here = machine.programs / "typeface"
    machine.has("python", does=f"[ -e {here} ]")
    machine.has_packages(f'[ "${{@: -1}}" = fonts-liberation ] && : > {here}')
    machine.is_used_by(ROOT)
    code, said = machine.run(FONTS)
    assert (code, said) == (0, ["Installing the font Liberation Serif …"])
    assert machine.asked[-1].endswith("fonts-liberation"), "where the first name is not known"
