"""Measures a clerk's busiest hour: signed documents numbered, sealed and sent to twenty agencies each, from one office,
and how long other screens take meanwhile.

Documents are drafted, checked, approved and signed before the clock starts, by processes of their own and by the same
functions that the pages call. Then two sessions of the clerk work the queue «Cấp số, phát hành» off through its page,
while somebody reads one screen after another. The clock stops when the hub has every document for every recipient. Hub,
time stamps and database share the machine; three more offices run idle.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import monotonic, perf_counter, sleep
from typing import Any, LiteralString

import psycopg

from lienthong.evidence.receipts import SigningKey
from lienthong.runtime.commands.bench_exchange import (
    DURABLE,
    answer_of,
    cpu_ms,
    database_processes,
    fsync,
    service_processes,
    start_child,
)
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.desk import Desk
from lienthong.runtime.demo.documents import DECISION
from lienthong.runtime.settings import Settings
from lienthong.testing.pki import TestAuthority

GOAL_PER_SECOND, GOAL_SCREEN_MS = 10.0, 300.0
LONGEST_SECONDS = 600
AT_ONCE = 25
"""Documents that a clerk sends with one PIN."""
MAKERS = CLERKS = 2
SCREENS = ("/", "/van-ban-di/", "/van-ban-di/1/", "/phat-hanh/", "/van-ban-den/", "/so-van-ban/", "/tra-cuu/?q=quy+che")


class Crowd(Country):
    """The demo's country with more agencies, whose systems fetch nothing; the sending office has two web processes."""

    more: Sequence[str] = ()

    def _plans(self, authority: TestAuthority) -> dict[str, dict[str, Any]]:
        plans = super()._plans(authority)
        plans["hub"]["agencies"] += [{"code": code, "name": f"Cơ quan bịa {code}", "aliases": []} for code in self.more]
        plans["hub"]["systems"] += [
            {"code": code, "name": code, "agencies": [code], "key": SigningKey.generate().public_jwk()}
            for code in self.more
        ]
        return plans

    def _settings(self, *of: Any) -> Iterator[tuple[str, Settings]]:
        for who, settings in super()._settings(*of):
            yield who, settings.at(processes=2) if who == "G22" else settings


def run(*, documents: int, recipients: int, as_json: bool) -> int:
    """Measure and print; 0 when all was sent."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        country = Crowd(folder / "country")
        country.more = [f"X{number:02}" for number in range(1, recipients + 1)]
        with country:
            country.await_all()
            began = perf_counter()
            _make(country, documents)
            made_s = perf_counter() - began
            database = database_processes(folder / "country")

            def used() -> dict[str, float]:
                found = {who: service_processes(country.supervisors[who]) for who in ("hub", "G22")}
                return {who: cpu_ms(of) for who, of in (found | {"database": database()}).items()}

            before = used()
            began = perf_counter()
            with _reading(country) as screens:
                refused = _send_all(country)
                sealed_s = perf_counter() - began
                arrived = _await_hub(country, documents * recipients)
            seconds = perf_counter() - began
            after = used()
            durable = fsync(country.supervisors["G22"].settings.database_url)
    times = sorted(ms for _, ms in screens)
    figures = {
        "void": arrived != documents * recipients or bool(refused) or durable != DURABLE,
        "documents": documents, "recipients": recipients, "delivered": arrived, "refused": refused,
        "docs_per_s": round(documents / seconds, 1), "goal_per_s": GOAL_PER_SECOND,
        "sealed_s": round(sealed_s, 1), "arrived_s": round(seconds, 1), "made_s": round(made_s),
        "screens": len(times), "screen_p50_ms": round(times[len(times) // 2]), "screen_max_ms": round(times[-1]),
        "screen_p95_ms": round(quantiles(times, n=20)[-1]), "goal_screen_ms": GOAL_SCREEN_MS,
        "slowest": {place: round(max(ms for at, ms in screens if at == place)) for place in SCREENS},
        "cpu_ms_per_doc_of": {who: round((after[who] - before[who]) / documents, 1) for who in after},
        "cores": len(os.sched_getaffinity(0)), "load": round(os.getloadavg()[0], 1), "fsync": durable,
    }  # fmt: skip
    print(json.dumps(figures) if as_json else "\n".join(f"{name:18} {value}" for name, value in figures.items()))
    return 1 if figures["void"] else 0


# -- what the clerks find in their queue -------------------------------------------------------------------------------


def _make(country: Crowd, documents: int) -> None:
    """Signed documents, made beside each other."""
    settings = country.supervisors["G22"].settings
    shares = [documents // MAKERS + (number < documents % MAKERS) for number in range(MAKERS)]
    plan = {"environment": settings.to_environment(), "to": list(country.more), "pin": country.pin("G22", "lanh.dao")}
    for child in [start_child("bench_sending", "make", plan | {"documents": share}) for share in shares]:
        answer_of(child)
    # The worker reads drafts for the search while they are written and checked, which takes people hours.
    unread = "SELECT count(*) FROM office_findable WHERE wanted > read"
    _await(settings.database_url, unread, lambda count: count == 0)


def _draft(plan: dict[str, Any]) -> dict[str, Any]:
    """In a process of its own: draft, check, approve and sign."""
    os.environ.update(plan["environment"] | {"DJANGO_SETTINGS_MODULE": "lienthong.runtime.django.office"})
    import django

    django.setup()
    from lienthong.office.models import DirectoryAgency, Person
    from lienthong.office.outgoing import drafting, review, signing
    from lienthong.standards.doctypes import by_name

    end = monotonic() + LONGEST_SECONDS
    while DirectoryAgency.objects.filter(code__in=plan["to"]).count() < len(plan["to"]) and monotonic() < end:
        sleep(0.5)
    people = {login: Person.objects.get(user__username=f"{login}.g22") for login in _HANDS}
    kind = by_name(DECISION.kind)
    if kind is None:
        raise RuntimeError("the demo's decision has no type")
    drafter, unit = people["chuyen.vien"], people["chuyen.vien"].posts.get().unit
    for number in range(plan["documents"]):
        manuscript = drafting.Manuscript(
            kind=kind, subject=f"{DECISION.subject} (bịa {number})", signer=people["lanh.dao"], body=DECISION.body,
            recipients=tuple(plan["to"]), recipients_text="- Như Điều 2;\n- Lưu: VT.",
        )  # fmt: skip
        document = drafting.create(manuscript, unit=unit, actor=drafter, at=datetime.now(UTC))
        review.submit(document, actor=drafter, at=datetime.now(UTC))
        review.check_content(document, actor=people["truong.dv"], at=datetime.now(UTC))
        review.check_presentation(document, actor=people["the.thuc"], at=datetime.now(UTC))
        signing.approve_and_sign(document, pin=plan["pin"], actor=people["lanh.dao"], at=datetime.now(UTC))
    return {"made": plan["documents"]}


_HANDS = ("chuyen.vien", "truong.dv", "the.thuc", "lanh.dao")


# -- the hour ----------------------------------------------------------------------------------------------------------


def _send_all(country: Crowd) -> list[str]:
    """Two sessions of the clerk work the queue off; gives the names of the refusals."""
    desk = _signed_in(country, "van.thu")
    waiting: list[str] = []
    number = 1
    while found := desk.open(f"/phat-hanh/?trang={number}").root.xpath("//input[@name='document']/@value"):
        if set(found) <= set(waiting):
            break  # behind the last page stands the last page again
        waiting += found
        number += 1
    shares = [waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE)]
    refused: list[str] = []

    def work(desk: Desk) -> None:
        desk.http.timeout = LONGEST_SECONDS
        while shares:
            try:
                chosen = shares.pop(0)
            except IndexError:
                return
            page = desk.open("/phat-hanh/")
            token = page.root.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
            answer = desk.http.post(
                "/phat-hanh/", headers={"Referer": page.url, "Origin": desk.base},
                data={"csrfmiddlewaretoken": token, "document": chosen, "pin": country.pin("G22")},
            )  # fmt: skip
            outcomes = Desk._page(desk, answer).all_data("outcome")
            refused.extend(one for one in outcomes if one != "done")

    clerks = [threading.Thread(target=work, args=(_signed_in(country, "van.thu"),)) for _ in range(CLERKS)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return refused


@contextmanager
def _reading(country: Crowd) -> Iterator[list[tuple[str, float]]]:
    """Somebody reads one screen after another meanwhile; gives each place and its milliseconds."""
    times: list[tuple[str, float]] = []
    done = threading.Event()
    desk = _signed_in(country, "van.thu")
    for place in SCREENS:  # what a process does once, the first time a screen is asked for, is not the clerks' doing
        desk.open(place)

    def read() -> None:
        while not done.is_set():
            for place in SCREENS:
                began = perf_counter()
                desk.open(place)
                times.append((place, (perf_counter() - began) * 1000))
                done.wait(0.2)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield times
    finally:
        done.set()
        reader.join()


def _await_hub(country: Crowd, wanted: int) -> int:
    """How many deliveries the hub has of what was to be sent, once it has all or time is up."""
    hub = country.supervisors["hub"].settings.database_url
    return _await(hub, "SELECT count(*) FROM hub_delivery", lambda count: count >= wanted)


def _await(database: str, question: LiteralString, enough: Callable[[int], bool]) -> int:
    """What a question counts, once it is enough or time is up."""
    end = monotonic() + LONGEST_SECONDS
    with psycopg.connect(database, autocommit=True) as connection:
        while True:
            row = connection.execute(question).fetchone()
            count = int(row[0]) if row else 0
            if enough(count) or monotonic() > end:
                return count
            sleep(0.1)


def _signed_in(country: Crowd, login: str) -> Desk:
    desk = country.desk("G22", login)
    desk.sign_in()
    return desk


if __name__ == "__main__":
    told = json.load(sys.stdin)
    print(json.dumps(_draft(told)))
