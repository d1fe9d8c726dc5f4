"""Measures lists with ten million deliveries in the table: at both doors through HTTP, and the console's newest.

The rows are made by SQL, with the shares of a hub in its third year: nearly all done, a thousand agencies, a few
thousand waiting at each busy one, and one agency whose system has not fetched for a year. They are narrower than real
ones (their receipts are short), and their ids ascend, so that the table is made in minutes; the indexes have the sizes
and the order of real ones but for the primary key. Statistics are taken and the plans of the lists are read: a
sequential scan of a large table voids the run.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg

from lienthong.protocol import vxp
from lienthong.runtime.commands import bench_exchange as exchange
from lienthong.runtime.commands.bench_intake import Wire, access_token

LONGEST_MS = 30.0
TIMES = 100
LIST_SECONDS = 15
"""Longest for one list: a list that is far too slow is measured less often."""
AGENCIES = 1000
IDLE, BUSY = "H41.00000", "H41.00001"
"""The agency with the heavy backlog, and one with a usual one."""
LARGE = ("hub_packet", "hub_delivery", "hub_change")
OPERATOR = {
    "login": "do-toc-do", "name": "Đo tốc độ", "role": "operator", "agency": "", "password": "chi-de-do-toc-do-nay"
}  # fmt: skip
SECRET = "only-for-this-measurement"  # noqa: S105 - made and forgotten here


def run(*, deliveries: int, as_json: bool) -> int:
    """Measure and print; 0 when every list stays under its limit."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        began = perf_counter()
        hub, keys, dsn = exchange.start_hub(
            folder, stack, lambda dsn: _fill(dsn, deliveries), more_systems=["IDLE", "BUSY", "MANY"],
            vxp_secret=SECRET, operators=[OPERATOR],
        )  # fmt: skip
        made_s = perf_counter() - began
        plan = {"url": hub.settings.address, "keys": {code: key.private_jwk() for code, key in keys.items()}}
        questions = _questions(plan, dsn)
        before = _scans(dsn)
        lists = {name: _measure(ask) for name, ask in questions.items()}
        scans = {table: more for table, count in _scans(dsn).items() if (more := count - before[table])}
        figures: dict[str, Any] = {
            "deliveries": _count_of(dsn, "SELECT count(*) FROM hub_delivery"),
            "waiting_at_the_idle_one": _count_of(
                dsn, f"SELECT count(*) FROM hub_delivery WHERE agency_id = '{IDLE}' AND state <> 'done'"
            ),
            "changes": _count_of(dsn, "SELECT count(*) FROM hub_change"),
            "made_s": round(made_s), "goal_p95_ms": LONGEST_MS, "p50_ms, p95_ms, bytes": lists,
            "scans_of_whole_tables": scans, "hub_rss_mb": exchange.rss_mb(hub),
            "cores": len(os.sched_getaffinity(0)), "load": round(os.getloadavg()[0], 1),
        }  # fmt: skip
    slow = [name for name, (_, p95, _) in lists.items() if p95 >= LONGEST_MS]
    figures |= {"slow": slow, "ok": not slow and not figures["scans_of_whole_tables"]}
    print(json.dumps(figures) if as_json else "\n".join(f"{key:24} {value}" for key, value in figures.items()))
    return 0 if figures["ok"] else 1


# -- the rows ----------------------------------------------------------------------------------------------------------


def _fill(dsn: str, deliveries: int) -> None:
    """Ten deliveries a packet; secondary indexes are made afterwards, as a restored database makes them."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 2")
        _copy_agencies(connection)
        tables = list(LARGE)
        indexes = connection.execute(
            "SELECT indexdef, indexname FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT LIKE %s",
            [tables, r"%\_pkey"],
        ).fetchall()
        for _, name in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        constraints = connection.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)", [tables],
        ).fetchall()  # fmt: skip
        for table, name, _ in constraints:
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for statement in _ROWS:
            connection.execute(statement, {"packets": deliveries // 10, "agencies": AGENCIES, "idle": IDLE})
        for definition, _ in indexes:
            connection.execute(definition)
        for table, name, definition in constraints:
            connection.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID')
        connection.execute("VACUUM ANALYZE hub_packet, hub_delivery, hub_change")


def _copy_agencies(connection: psycopg.Connection[Any]) -> None:
    cursor = connection.execute("SELECT * FROM hub_agency WHERE code = %s", [exchange.RECIPIENT])
    columns = [column.name for column in cursor.description or ()]
    own = {"code": "one.code", "name": "one.code", "system_id": "one.system"}
    values = ", ".join(own.get(name, f"a.{name}") for name in columns)
    connection.execute(
        f"INSERT INTO hub_agency ({', '.join(columns)}) SELECT {values} FROM hub_agency a, "
        "(SELECT %s || '.' || lpad(n::text, 5, '0') AS code, CASE WHEN n = 0 THEN 'IDLE' WHEN n = 1 THEN 'BUSY' "
        "WHEN n BETWEEN 100 AND 399 THEN 'MANY' ELSE 'H41' END AS system "
        "FROM generate_series(0, %s) n) one WHERE a.code = %s",
        [exchange.RECIPIENT, AGENCIES - 1, exchange.RECIPIENT],
    )


# ruff: noqa: S608 - the statements are made of the constants of this file
_ID = "lpad(to_hex({}), 32, '0')::uuid"
_ROWS = (
    f"""
    INSERT INTO hub_packet (id, system_id, door, kind, business_type, status_code, sender_id, sender_written,
        identifier, number, issued_on, kind_name, urgency, digest, size, submitted_at, statement, receipt,
        content_removed_for)
    SELECT {_ID.format("n")}, CASE WHEN n %% 50 = 0 THEN 'G22' ELSE 'H41' END, 'native',
        CASE WHEN n %% 4 = 0 THEN 'document' ELSE 'status' END, CASE WHEN n %% 4 = 0 THEN 0 END, '',
        CASE WHEN n %% 50 = 0 THEN 'G22' ELSE 'H41' END, CASE WHEN n %% 50 = 0 THEN 'G22' ELSE 'H41' END,
        '000.00.00.G22|' || n, n::text, date '2026-01-01', 'Công văn', CASE WHEN n %% 100 = 0 THEN 3 ELSE 0 END,
        md5(n::text) || md5((-n)::text), 280000, now() - interval '3 years' * (1 - n::float / %(packets)s), 's', 'r',
        ''
    FROM generate_series(1, %(packets)s) n
    """,
    # Two in three of the idle agency's wait for ever; of the others only what came in the last three weeks.
    f"""
    INSERT INTO hub_delivery (id, packet_id, recipient, agency_id, kind, urgency, submitted_at, state, fetched_at,
        done_at, statement, receipt, failure)
    SELECT {_ID.format("p.n * 10 + k")}, p.id, one.code, one.code, p.kind, p.urgency, p.submitted_at, one.state,
        p.submitted_at, CASE WHEN one.state = 'done' THEN p.submitted_at END,
        CASE WHEN one.state = 'done' THEN 's' ELSE '' END, '', ''
    FROM (SELECT *, number::bigint AS n FROM hub_packet) p, generate_series(0, 9) k,
    LATERAL (SELECT CASE WHEN k = 0 THEN %(idle)s
        ELSE 'H41.' || lpad(((p.n * 7 + k * 131) %% %(agencies)s)::text, 5, '0') END AS code) named,
    LATERAL (SELECT named.code, CASE
        WHEN k = 0 AND p.n %% 3 > 0 THEN (ARRAY['initial', 'processing', 'fail'])[1 + (p.n / 3) %% 3]
        WHEN p.n > %(packets)s * 0.98 THEN (ARRAY['initial', 'initial', 'processing', 'fail'])[1 + (p.n + k) %% 4]
        WHEN (p.n + k) %% 97 = 0 THEN 'withdrawn' ELSE 'done' END AS state) one
    """,
    """
    INSERT INTO hub_change (system_id, delivery_id, state, at, statement, reason, transaction)
    SELECT p.system_id, d.id, d.state, d.submitted_at, d.statement, '', 3 + row_number() OVER () / 1000000
    FROM hub_delivery d JOIN hub_packet p ON p.id = d.packet_id WHERE d.state = 'done'
    """,
)


# -- the questions -----------------------------------------------------------------------------------------------------


def _questions(plan: dict[str, Any], dsn: str) -> dict[str, Callable[[], bytes]]:
    """The lists by their names; each asks on a connection that it keeps."""
    tokens = {code: access_token(plan, code) for code in plan["keys"]}
    host = urlsplit(plan["url"]).netloc
    wire = Wire(plan["url"])

    def native(system: str, place: str) -> Callable[[], bytes]:
        request = f"GET /api/v1/{place} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {tokens[system]}\r\n\r\n"
        return lambda: _answer(wire, request)

    def old_door(system: str, operation: str, **parameters: str) -> Callable[[], bytes]:
        def ask() -> bytes:
            told = {
                "systemid": system,
                "messagetype": "edoc",
                **parameters,
                "timestamp": vxp.timestamp(datetime.now(UTC)),
            }
            headers = "".join(f"{name}: {value}\r\n" for name, value in vxp.sign(told, SECRET).items())
            return _answer(wire, f"GET /{operation} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n")

        return ask

    late = _count_of(dsn, "SELECT max(transaction) FROM hub_change WHERE system_id = 'G22'") - 1
    return {
        "inbox of a usual agency": native("BUSY", "inbox"),
        "inbox of the heavy backlog": native("IDLE", "inbox"),
        "inbox of the heavy backlog, 500": native("IDLE", "inbox?limit=500&failed=1"),
        "inbox of 300 agencies": native("MANY", "inbox"),
        "getReceivedEdocList of a usual agency": old_door("BUSY", "getReceivedEdocList"),
        "getReceivedEdocList of the heavy backlog": old_door("IDLE", "getReceivedEdocList"),
        "countReceiveEdoc of the heavy backlog": old_door("IDLE", "countReceiveEdoc"),
        "getSentEdocList": old_door("G22", "getSentEdocList"),
        "changes from the beginning": native("G22", "changes"),
        "changes from the end": native("G22", f"changes?after={late}"),
        "console, newest": _console(plan["url"], "/console/van-ban/"),
        "console, failed": _console(plan["url"], "/console/van-ban/?state=fail"),
        "console, one number": _console(plan["url"], "/console/van-ban/?q=4000"),
    }


def _answer(wire: Wire, request: str) -> bytes:
    status, body = wire.send(request.encode())
    refused = b"ErrorCode" in body[:200] and b'"ErrorCode": "0"' not in body
    if status != httpx.codes.OK or refused:
        raise RuntimeError(f"{request.splitlines()[0]}: {status} {body[:200]!r}")
    return body


def _console(url: str, place: str) -> Callable[[], bytes]:
    """The page of a signed-in operator."""
    browser = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
    page = browser.get("/console/dang-nhap/").text
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    browser.post(
        "/console/dang-nhap/",
        data={"csrfmiddlewaretoken": token, "username": OPERATOR["login"], "password": OPERATOR["password"]},
        headers={"Referer": f"{url}/console/dang-nhap/"},
    ).raise_for_status()

    def ask() -> bytes:
        answer = browser.get(place)
        if answer.status_code != httpx.codes.OK or "dang-nhap" in str(answer.url):
            raise RuntimeError(f"{place}: {answer.status_code} at {answer.url}")
        return answer.content

    return ask


def _measure(ask: Callable[[], bytes]) -> tuple[float, float, int]:
    """Median and 95th percentile in milliseconds, and the bytes of the answer; the first answers warm the caches."""
    for _ in range(5):
        size = len(ask())
    times: list[float] = []
    end = perf_counter() + LIST_SECONDS
    while len(times) < TIMES and perf_counter() < end:
        began = perf_counter()
        ask()
        times.append((perf_counter() - began) * 1000)
    times.sort()
    return round(times[len(times) // 2], 1), round(times[int(len(times) * 0.95)], 1), size


# -- what the database says --------------------------------------------------------------------------------------------


def _count_of(dsn: str, question: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(question).fetchone()
    return int(row[0] or 0) if row else 0


def _scans(dsn: str) -> dict[str, int]:
    """How often each of the large tables was read from end to end so far."""
    with psycopg.connect(dsn) as connection:
        return dict(
            connection.execute(
                "SELECT relname::text, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(%s)", [list(LARGE)]
            ).fetchall()
        )
