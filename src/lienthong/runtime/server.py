"""Serves HTTP: worker processes with threads, under a master that replaces each that dies.

A part of `lienthong.runtime.processes`. Why this server, and what was measured, is in `docs/decisions/0002-server.md`.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from lienthong.runtime import logs
from lienthong.runtime.connections import StayingWorker
from lienthong.runtime.settings import Settings

LONGEST_HEADER = 512_000
"""Bytes of one header: a VXP client repeats every parameter it ever sent in its signed header."""

PATIENCE = 120
"""Seconds without a sign of life after which a worker process is replaced; threads serve beside its heartbeat."""


class Server(BaseApplication):  # type: ignore[misc]
    """The WSGI server of one service."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": f"{self.settings.bind}:{self.settings.port}",
            "workers": self.settings.processes,
            "threads": self.settings.threads,
            "worker_class": StayingWorker,
            "timeout": PATIENCE,
            "graceful_timeout": 20,
            "keepalive": 75,
            "limit_request_field_size": LONGEST_HEADER,
            "limit_request_fields": 200,
            "forwarded_allow_ips": "",  # `EncryptedChannel` knows whom to believe
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "control_socket_disable": True,
            "proc_name": f"lienthong-{self.settings.service}",
            "child_exit": _forget_metrics,
            "post_worker_init": _answer_waiting_clients_on_stop,
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        from django.core.wsgi import get_wsgi_application

        return _with_static_files(get_wsgi_application())


def _with_static_files(application: Callable[..., Any]) -> Callable[..., Any]:
    """Serve style sheets, scripts and fonts from the packages; a production proxy may do it in our place."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    class Packaged(StaticFilesHandler):
        def serve(self, request: Any) -> Any:
            from django.contrib.staticfiles.views import serve
            from django.core.exceptions import SuspiciousFileOperation
            from django.http import Http404

            try:
                response = serve(request, self.file_path(request.path), insecure=True)
            except SuspiciousFileOperation as reason:  # a place outside of the packages: nothing is there for anybody
                raise Http404 from reason
            response["Cache-Control"] = "public, max-age=3600"
            return response

    return Packaged(application)  # type: ignore[arg-type]


def _answer_waiting_clients_on_stop(_worker: object) -> None:
    """A stop need not wait for clients who wait for something to come: they are answered at once."""
    if os.environ.get("DJANGO_SETTINGS_MODULE") != "lienthong.runtime.django.hub":
        return
    from lienthong.hub import wakeup

    stop = signal.getsignal(signal.SIGTERM)

    def close(number: int, frame: Any) -> None:
        # The bell's lock may be held by the interrupted thread: another one rings.
        threading.Thread(target=wakeup.close, daemon=True).start()
        if callable(stop):
            stop(number, frame)

    signal.signal(signal.SIGTERM, close)


def _forget_metrics(_server: object, worker: Any) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def main() -> None:
    """Serve until told to stop."""
    settings = Settings.from_environment()
    logs.configure(settings.service, "web")
    Server(settings).run()
