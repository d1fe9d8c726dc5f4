"""Keeps the processes of one service running: web server and worker, each started again when it dies."""

from __future__ import annotations

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

import httpx

from lienthong.runtime.settings import Service, Settings

READY_SECONDS = 90
LONGEST_PAUSE = 5.0
REFUSED = 2
"""Exit code of `prepare` when the database is another kind of hub's."""


class NotReady(RuntimeError):
    """The service did not become ready. The message says where its log is."""


@dataclass
class Child:
    """A process of the service, with the module it runs."""

    name: str
    module: str
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    again_at: float = 0.0


@dataclass
class Supervisor:
    """Runs one service. Use as `with Supervisor(settings) as running: …` or `Supervisor(settings).serve(...)`."""

    settings: Settings
    migrates: bool = True
    children: list[Child] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _answered: bool = False

    def __enter__(self) -> Supervisor:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Bring the database up to date and start the processes. Raises `NotReady`."""
        self._run_directory().mkdir(parents=True, exist_ok=True)
        self._prepare()
        self.children = [Child("web", "lienthong.runtime.server"), Child("worker", "lienthong.runtime.worker")]
        if self.settings.sandbox:
            self.children.append(Child("counterparts", "lienthong.runtime.counterparts"))
        for child in self.children:
            self._launch(child)
        threading.Thread(target=self._keep_running, name="supervisor", daemon=True).start()

    def await_ready(self) -> None:
        """Wait until the service answers that it and its database are well. Raises `NotReady`."""
        if self._answered:
            return
        end = monotonic() + READY_SECONDS
        with httpx.Client(base_url=self.settings.local_address, timeout=5) as http:
            while monotonic() < end and not self._stopping.is_set():
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

    def _last_words(self) -> str:
        """The end of the log: what an operator would look for first."""
        with suppress(OSError):
            return self.log.read_bytes()[-2000:].decode(errors="replace").strip()
        return ""

    def ask_to_stop(self) -> None:
        """Tell the processes to stop, without waiting for them."""
        self._stopping.set()
        for process in self._processes():
            process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Stop the processes; each finishes what it has in hand."""
        if not self._stopping.is_set() or any(process.poll() is None for process in self._processes()):
            self.ask_to_stop()
        for process in self._processes():
            try:
                process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def serve(self, ready: Callable[[], None]) -> None:
        """Run until SIGTERM or SIGINT; `ready` is called once, when the service answers."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        with self:
            self.await_ready()
            ready()
            self._stopping.wait()

    def _processes(self) -> list[subprocess.Popen[bytes]]:
        return [child.process for child in self.children if child.process is not None]

    @property
    def log(self) -> Path:
        """The log file of the service's processes."""
        return self.settings.data / "logs" / f"{self.settings.service}.log"

    def _run_directory(self) -> Path:
        return self.settings.data / "run"

    def _environment(self) -> dict[str, str]:
        return os.environ | self.settings.to_environment() | {"PYTHONUNBUFFERED": "1"}

    def _prepare(self) -> None:
        """Tables up to date, and for a hub: whether it is what it is started as."""
        if not self.migrates and self.settings.service is not Service.HUB:
            return
        done = subprocess.run(
            [sys.executable, "-m", "lienthong.runtime.prepare", *(["--migrate"] if self.migrates else [])],
            env=self._environment(), capture_output=True, check=False,
        )  # fmt: skip
        words = done.stderr.decode(errors="replace").strip()[-1500:]
        if done.returncode == REFUSED:
            raise NotReady(words)
        if done.returncode:
            raise NotReady(f"the database could not be prepared: {words}")

    def _launch(self, child: Child) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            # A killed supervisor must not leave its children behind: they would hold the port.
            command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", child.module]
            child.process = subprocess.Popen(
                command,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        child.started = monotonic()
        (self._run_directory() / f"{child.name}.pid").write_text(str(child.process.pid))

    def _keep_running(self) -> None:
        while not self._stopping.wait(0.1):
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    self._start_again(child)

    def _start_again(self, child: Child) -> None:
        """Start at once what ran well and died; wait longer each time for what dies at its start."""
        now = monotonic()
        if not child.again_at:
            child.failures = 0 if now - child.started > 10 else child.failures + 1
            child.again_at = now + min(LONGEST_PAUSE, 0.1 * 2**child.failures)
        if now >= child.again_at and not self._stopping.is_set():
            child.again_at = 0.0
            self._launch(child)
