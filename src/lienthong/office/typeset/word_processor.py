"""A word processor's file as a PDF, by LibreOffice where the machine has it.

The file comes from anybody. It is laid out by a process group of its own, with a fresh profile that runs no macros and
follows no link of the file; what it may take of memory, of the processor and of the disk is bounded, and all of it ends
when the time is over. Its network is not taken away: who wants that gives the service none.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path, PurePath
from threading import BoundedSemaphore

from lienthong.office.typeset.render import TypesetProblem

BEGINS = {".docx": b"PK\x03\x04", ".odt": b"PK\x03\x04", ".doc": b"\xd0\xcf\x11\xe0", ".rtf": b"{\\rtf"}
"""How a file begins that is what its name says: of anything else LibreOffice would print the bytes as text."""
PATIENCE = 60.0
"""Seconds that LibreOffice may take: a first start takes ten on a slow machine."""
_AT_ONCE = BoundedSemaphore(1)
"""One at a time in a process: each takes a processor and some 200 MB."""
_BOUNDS = ("-v 4000000", "-f 400000", "-t 60", "-c 0")
"""Memory in kB, a file in blocks of 512 or 1,024 bytes, seconds of the processor; no image of a crash."""
LARGEST = 50 << 20
"""Bytes of a PDF that is taken: what an office signs as a whole."""
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""


class ConverterMissing(TypesetProblem):
    """There is no LibreOffice on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "máy chủ không có LibreOffice để chuyển sang PDF; xuất PDF từ trình soạn thảo",
            "this server has no LibreOffice to turn it into a PDF; export a PDF from the word processor",
        )


class ConversionFailed(TypesetProblem):
    """LibreOffice made no PDF of it."""

    def __init__(self) -> None:
        super().__init__(
            "LibreOffice không chuyển được sang PDF; xuất PDF từ trình soạn thảo",
            "LibreOffice could not turn it into a PDF; export a PDF from the word processor",
        )


class ConversionTooSlow(TypesetProblem):
    """LibreOffice had not finished in time."""

    def __init__(self, patience: float) -> None:
        super().__init__(
            f"LibreOffice chưa chuyển xong sau {patience:g} giây; xuất PDF từ trình soạn thảo",
            f"LibreOffice had not finished after {patience:g} seconds; export a PDF from the word processor",
        )


def is_of_one(name: str) -> bool:
    """Whether a file's name says that a word processor wrote it."""
    return _suffix(name) in BEGINS


def is_here() -> bool:
    """Whether this machine has LibreOffice."""
    return _program() is not None


def lay_out(name: str, content: bytes, *, patience: float = PATIENCE) -> bytes:
    """The file as a PDF.

    Args:
        name: its suffix says which kind it is.
        patience: seconds, also for the turn to come.

    Raises:
        ConverterMissing, ConversionFailed, ConversionTooSlow.
    """
    program, suffix = _program(), _suffix(name)
    if program is None:
        raise ConverterMissing()
    if not content.startswith(BEGINS[suffix]):
        raise ConversionFailed()
    if not _AT_ONCE.acquire(timeout=patience):
        raise ConversionTooSlow(patience)
    try:
        with tempfile.TemporaryDirectory(prefix="lienthong-") as folder:
            return _made(program, Path(folder), suffix, content, patience)
    finally:
        _AT_ONCE.release()


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _made(program: str, folder: Path, suffix: str, content: bytes, patience: float) -> bytes:
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_PROFILE, encoding="utf-8")
    given, made = folder / f"given{suffix}", folder / "given.pdf"
    given.write_bytes(content)
    bounds = "; ".join(f"ulimit {bound}" for bound in _BOUNDS)
    within_bounds = ["/bin/sh", "-c", f'{bounds}; exec "$@"', "sh"]
    command = [
        *within_bounds, program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
        "--convert-to", "pdf", "--outdir", str(folder), str(given),
    ]  # fmt: skip
    if _run(command, folder, patience) or not made.is_file() or made.stat().st_size > LARGEST:
        raise ConversionFailed()
    return made.read_bytes()


def _run(command: list[str], folder: Path, patience: float) -> int:
    """The exit code. The process is a group of its own: with it ends all that it started. It is told nothing of this
    one: no settings, no secrets. Raises `ConversionTooSlow`."""
    told = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=told, cwd=folder,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            raise ConversionTooSlow(patience) from None
        finally:
            with suppress(ProcessLookupError):  # also what it left behind when it ended
                os.killpg(process.pid, signal.SIGKILL)
