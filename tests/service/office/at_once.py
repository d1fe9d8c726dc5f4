"""Two people at the same moment: the one is stopped at a question to the database, and the other does meanwhile all
that they can."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import connection

from tests.service.office.conftest import Office, refusal

Act = Callable[[], str]


def posting(office: Office, login: str, place: str, **form: object) -> Act:
    """A form that this person posts: the code of the refusal, "" when it was done, "500" when it broke."""
    client = office.client(login)
    client.raise_request_exception = False  # what breaks in one thread is told to every client

    def post() -> str:
        answer = client.post(place, form)
        return {302: "", 500: "500"}[answer.status_code] if answer.status_code in (302, 500) else refusal(answer)

    return post


def meanwhile(first: Act, before: str, second: Act) -> tuple[str, str]:
    """What became of both acts, where the second came before the first one's first question with these words."""
    reached, go, said = threading.Event(), threading.Event(), dict[str, str]()

    def stop(execute: Any, sql: str, *rest: Any) -> Any:
        if before in sql and not reached.is_set():
            reached.set()
            assert go.wait(30)
        return execute(sql, *rest)

    def run(name: str, act: Act, *, stopped: bool) -> None:
        with connection.execute_wrapper(stop) if stopped else nullcontext():
            said[name] = act()
        connection.close()

    one = threading.Thread(target=run, args=("first", first), kwargs={"stopped": True})
    two = threading.Thread(target=run, args=("second", second), kwargs={"stopped": False})
    one.start()
    assert reached.wait(30), f"it never came to «{before}»: {said}"
    two.start()
    while two.is_alive() and not _somebody_waits():
        two.join(0.02)
    go.set()
    one.join(60)
    two.join(60)
    return said["first"], said["second"]


def _somebody_waits() -> bool:
    """Whether a question waits for a row that another transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return cursor.fetchone() is not None
