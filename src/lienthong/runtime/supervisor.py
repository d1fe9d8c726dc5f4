"""Keeps one service running: starts its processes, waits until it answers, starts it again when it dies whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import IO

import httpx

from lienthong.runtime.plans import Plan
from lienthong.runtime.settings import Settings, kept_secret

WRONG_KIND = 2
"""Exit code when the database is of another kind: a real one for a test or a training service, or the reverse."""
PREPARED = "prepared"
"""The file below `run/` that says that the database is up to date and the processes have been started."""
READY_SECONDS = 90
STOP_SECONDS = 30.0
PAUSE = 0.5
"""Seconds before a service that died whole is started again."""


class NotReady(RuntimeError):
    """The service did not become ready. The message says where its log is."""


@dataclass
class Supervisor:
    """Runs one service. Use as `with Supervisor(settings) as running: …` or `Supervisor(settings).serve(...)`.

    Args:
        plan: what is to be in the database before the processes start.
    """

    settings: Settings
    plan: Plan | None = None
    _process: subprocess.Popen[bytes] | None = None
    _log_began: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _answered: bool = False
    _asked: bool = False

    def __enter__(self) -> Supervisor:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to bring the database up to date and to start the processes; `await_ready` says how it went."""
        self._run_directory().mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        kept_secret(self.settings.data / "secret")
        self._launch()
        threading.Thread(target=self._keep_running, name="supervisor", daemon=True).start()

    def await_ready(self) -> None:
        """Wait until the service answers that it and its database are well. Raises `NotReady`."""
        if self._answered:
            return
        end = monotonic() + READY_SECONDS
        with httpx.Client(base_url=self.settings.local_address, timeout=5) as http:
            while monotonic() < end and not self._stopping.is_set():
                self._require_prepared()
                try:
                    if http.get("/readyz").status_code == 200:
                        self._answered = True
                        return
                except httpx.HTTPError:
                    pass
                sleep(0.05)
        raise NotReady(
            f"{self.settings.service} is not ready on {self.settings.local_address}; "
            f"the last of {self.log}:\n{self._last_words()}"
        )

    def _require_prepared(self) -> None:
        """What could not even be prepared is not tried again. Raises `NotReady`."""
        code = self._process.poll() if self._process else None
        if code is None or self._is_prepared():
            return
        words = self._last_words()
        raise NotReady(words if code == WRONG_KIND else f"the database could not be prepared: {words}")

    def _is_prepared(self) -> bool:
        return (self._run_directory() / PREPARED).exists()

    def _last_words(self) -> str:
        """The end of the log since the start: what an operator would look for first."""
        with suppress(OSError):
            return self.log.read_bytes()[self._log_began :][-2000:].decode(errors="replace").strip()
        return ""

    def ask_to_stop(self) -> None:
        """Tell the processes to stop, without waiting for them; told twice, they do not hear it twice."""
        self._stopping.set()
        if self._process is not None and not self._asked:
            self._asked = True
            self._process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Stop the processes; each finishes what it has in hand."""
        self.ask_to_stop()
        if self._process is None:
            return
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"{self.settings.service}: not stopped within {STOP_SECONDS:.0f} s, killed", file=sys.stderr)
            self._process.kill()  # and with it all that it started
            self._process.wait()

    def serve(self, ready: Callable[[], None]) -> None:
        """Run until SIGTERM or SIGINT; `ready` is called once, when the service answers. Raises `NotReady`."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        with self:
            self.await_ready()
            ready()
            self._stopping.wait()

    @property
    def log(self) -> Path:
        """The log file of the service's processes."""
        return self.settings.data / "logs" / f"{self.settings.service}.log"

    def _run_directory(self) -> Path:
        return self.settings.data / "run"

    def _launch(self) -> None:
        (self._run_directory() / PREPARED).unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self._log_began = log.tell()
            # A killed supervisor must not leave its children behind: they would hold the port.
            command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "lienthong.runtime.processes"]
            self._process = subprocess.Popen(
                command, env=os.environ | self.settings.to_environment() | {"PYTHONUNBUFFERED": "1"},
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._tell_plan(self._process.stdin)
        (self._run_directory() / "service.pid").write_text(str(self._process.pid))

    def _tell_plan(self, listener: IO[bytes] | None) -> None:
        assert listener is not None  # noqa: S101 - a pipe was asked for
        with suppress(BrokenPipeError), listener:  # who died before it listened is seen by who waits for it
            listener.write(json.dumps(self.plan).encode())

    def _keep_running(self) -> None:
        """Start again what ran and died whole, as after `kill -9`; not what could not be prepared."""
        while not self._stopping.wait(0.1):
            if self._process is not None and self._process.poll() is not None and self._is_prepared():
                self._stopping.wait(PAUSE)
                if not self._stopping.is_set():
                    self._launch()
