"""The background work of a service: a part of `lienthong.runtime.processes`."""

import importlib
import signal
import threading

from lienthong.runtime import logs
from lienthong.runtime.settings import Settings


def main() -> None:
    """Work until told to stop."""
    settings = Settings.from_environment()
    logs.configure(settings.service, "worker")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    importlib.import_module(f"lienthong.{settings.service}.jobs").run_worker(stop)
