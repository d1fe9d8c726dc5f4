"""The processes of one service: `python -m lienthong.runtime.processes`, settings in the environment, a plan (or
`null`) on standard input.

The first process makes the database ready, reads the code once, and forks the others: the web server's master, the
worker, the maker of backups where there is a target for them and, for a test hub, its counterparts. So they share the
memory of what they have in common, and one that dies is there again at once. How that was weighed is in
`docs/decisions/0013-one-reading.md`.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import NoReturn

from lienthong.runtime import logs, server, worker
from lienthong.runtime.prepare import WrongKind, prepare
from lienthong.runtime.settings import Settings
from lienthong.runtime.supervisor import PREPARED, WRONG_KIND

LONGEST_PAUSE = 5.0
STOP_SECONDS = 25.0
WATCHED = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_PR_SET_PDEATHSIG = 1


YOUNG_OBJECTS = 20_000
"""Objects made since the collector last looked for cycles: a request makes some thousands, and hardly a cycle. At
Python's own 700 the hub spent a twentieth of its time looking."""


@dataclass
class Part:
    """One process of the service: what it is called, and what it does until it is told to stop."""

    name: str
    main: Callable[[], None]
    pid: int = 0
    failures: int = 0
    started: float = 0.0
    again_at: float = 0.0


def main() -> None:
    """Prepare, and keep the processes running until told to stop."""
    settings = Settings.from_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"lienthong.runtime.django.{settings.service}"
    run = settings.data / "run"
    _empty(run / "metrics")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(run / "metrics")
    logs.configure(settings.service, "processes")
    import django

    django.setup()
    try:
        prepare(settings, json.load(sys.stdin))
    except WrongKind as reason:
        print(reason, file=sys.stderr)
        raise SystemExit(WRONG_KIND) from None
    importlib.import_module(f"lienthong.runtime.urls_{settings.service}")
    importlib.import_module(f"lienthong.{settings.service}.jobs")
    parts = [Part("web", server.main), Part("worker", worker.main)]
    if settings.backup_to:
        from lienthong.runtime.backup import schedule

        parts.append(Part("backup", schedule.main))
    if settings.sandbox:
        from lienthong.runtime import counterparts

        parts.append(Part("counterparts", counterparts.main))
    settle()
    one = _keep_running(parts, run)
    if one is None:
        _leave(0)
    try:
        one.main()
    except SystemExit as end:  # of the part, or of a process that it forked in turn
        _leave(end.code if isinstance(end.code, int) else int(bool(end.code)))
    _leave(0)


def settle() -> None:
    """Let the collector leave alone what is there by now, which stays shared so, and look less often at what comes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


def _leave(code: int) -> NoReturn:
    """End at once: what is to be done at the end is done, and the memory is not taken apart piece by piece, which takes
    half a second of each of a dozen processes."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _keep_running(parts: list[Part], run: Path) -> Part | None:
    """Keep the processes running; gives nothing when all have ended, and in each forked process the part that it is."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    for part in parts:
        if _is_fork(part, run):
            return part
    (run / PREPARED).touch()
    while True:
        due = [part.again_at for part in parts if not part.pid]
        got = signal.sigtimedwait(WATCHED, max(0.0, min(due) - monotonic()) if due else 3600)
        if got is not None and got.si_signo != signal.SIGCHLD:
            _stop(parts)
            return None
        _bury(parts)
        for part in parts:
            if not part.pid and monotonic() >= part.again_at and _is_fork(part, run):
                return part


def _is_fork(part: Part, run: Path) -> bool:
    """Start a process of the part. As with `fork`, the answer differs: true in the new process alone."""
    parent = os.getpid()
    part.pid, part.started = os.fork(), monotonic()
    if part.pid:
        (run / f"{part.name}.pid").write_text(str(part.pid))
        return False
    # A killed parent must not leave its children behind: they would hold the port.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before it could be asked to tell
        os._exit(0)
    os.setsid()
    Path("/proc/self/comm").write_text(f"lienthong-{part.name}"[:15])
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
    return True


def _bury(parts: list[Part]) -> None:
    """Note who has died: started at once what ran well, later each time what dies at its start."""
    for part in parts:
        if not part.pid or os.waitpid(part.pid, os.WNOHANG)[0] == 0:
            continue
        now = monotonic()
        part.failures = 0 if now - part.started > 10 else part.failures + 1
        part.pid, part.again_at = 0, now + (min(LONGEST_PAUSE, 0.1 * 2**part.failures) if part.failures else 0.0)


def _stop(parts: list[Part]) -> None:
    """Tell all to stop; each finishes what it has in hand, within its time."""
    _tell(parts, signal.SIGTERM)
    end = monotonic() + STOP_SECONDS
    _bury(parts)
    while any(part.pid for part in parts):
        if monotonic() > end:
            _tell(parts, signal.SIGKILL)
        signal.sigtimedwait((signal.SIGCHLD,), 0.5)
        _bury(parts)


def _tell(parts: list[Part], number: int) -> None:
    for part in parts:
        if part.pid:
            with suppress(ProcessLookupError):
                os.kill(part.pid, number)


if __name__ == "__main__":
    main()
