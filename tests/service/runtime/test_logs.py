"""What a fault leaves in the log: where it came from, and nothing of what people wrote."""

import json
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from lienthong.runtime.logs import trace

WRITTEN = "Trích yếu mà không ai ngoài cơ quan được đọc"
FAULT = """
from lienthong.runtime import logs
import structlog
logs.configure("office", "web")
try:
    raise RuntimeError("the disk is full")
except RuntimeError:
    structlog.get_logger("test").exception("a fault", document=7)
"""
STRANGE = """
import logging
from lienthong.runtime import logs
from django.core.exceptions import DisallowedHost
logs.configure("office", "web")
try:
    raise DisallowedHost("elsewhere.example")
except DisallowedHost as reason:  # as `django.core.handlers.exception` has it
    logging.getLogger("django.security.DisallowedHost").error(str(reason), exc_info=reason)
"""


@pytest.mark.django_db(transaction=True)
def test_of_a_databases_refusal_the_log_tells_the_rule_and_not_the_row() -> None:
    with pytest.raises(IntegrityError) as caught, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO office_recipientgroup (name, codes, organization_id) VALUES (%s, '[]', NULL)", [WRITTEN]
        )
    assert WRITTEN in str(caught.value)
    told = trace((IntegrityError, caught.value, caught.tb))
    assert WRITTEN not in told
    assert "Failing row" not in told
    assert "23502 office_recipientgroup" in told
    assert "test_logs.py" in told


def test_a_fault_is_one_line_of_json_with_its_trace() -> None:
    done = subprocess.run([sys.executable, "-c", FAULT], capture_output=True, text=True, check=True)
    line = json.loads(done.stderr)
    assert (line["service"], line["process"], line["event"], line["document"]) == ("office", "web", "a fault", 7)
    assert "builtins.RuntimeError: the disk is full" in line["exception"]


def test_the_name_of_another_machine_is_one_short_line() -> None:
    done = subprocess.run([sys.executable, "-c", STRANGE], capture_output=True, text=True, check=True)
    line = json.loads(done.stderr)
    assert line["event"] == "elsewhere.example"
    assert "exception" not in line


def test_the_embedded_server_writes_neither_statements_nor_rows() -> None:
    with psycopg.connect(settings.LIENTHONG.database_url) as server:
        said = {
            name: server.execute(f"SHOW {name}").fetchone()
            for name in ("log_error_verbosity", "log_min_error_statement")
        }
    assert said == {"log_error_verbosity": ("terse",), "log_min_error_statement": ("panic",)}
