"""Structured logs: one JSON object a line on standard error. No content and no secret is ever logged."""

import logging
import sys
import traceback
from types import TracebackType

import django.db
import psycopg
import structlog


def configure(service: str, process: str) -> None:
    """Set up logging of a process. Records of libraries below WARNING are left out."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _names(service, process),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(trace),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(_in_a_line)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "pyhanko", "pyhanko_certvalidator", "fontTools", "psycopg.pool", "gunicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def trace(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Where a fault came from, the first one first. What a database says of it may quote what people wrote: of that,
    only the code and the table and rule that it concerns are told."""
    parts, error = [], exc_info[1]
    while True:
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{_named(error)}")
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if before is None:
            return "\n\nthen:\n\n".join(reversed(parts))
        error = before


def _named(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, psycopg.Error):
        said = error.diag
        return " ".join([f"{name}:", *filter(None, (said.sqlstate, said.table_name, said.constraint_name))])
    return name if isinstance(error, django.db.Error) else f"{name}: {error}"


def _in_a_line(record: logging.LogRecord) -> bool:
    """What the framework refuses of a stranger, as another machine's name, is no fault of the program: where it was
    refused says nothing, and whoever asks for it would fill the log."""
    if record.name.startswith("django.security."):
        record.exc_info = None
    return True


def _names(service: str, process: str) -> structlog.typing.Processor:
    def add(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {"service": service, "process": process, **event}

    return add
