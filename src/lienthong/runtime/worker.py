"""Runs the background work of a service: `python -m lienthong.runtime.worker`, settings in the environment."""

import importlib
import os
import signal
import threading

from lienthong.runtime import logs
from lienthong.runtime.settings import Settings


def main() -> None:
    """Work until told to stop."""
    settings = Settings.from_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"lienthong.runtime.django.{settings.service}"
    logs.configure(settings.service, "worker")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    import django

    django.setup()
    jobs = importlib.import_module(f"lienthong.{settings.service}.jobs")
    jobs.run_worker(stop)


if __name__ == "__main__":
    main()
