"""Measures the directory at the size of the country: importing it, searching it, and keeping a copy of it."""

from __future__ import annotations

import csv
import gc
import json
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

from lienthong.runtime.settings import Service
from lienthong.standards.agencies import MERGERS_ON, level_one

LONGEST_IMPORT_S = 60.0
LONGEST_SEARCH_MS = 100.0
MERGERS = 3321
QUESTIONS = (
    "h", "ủy", "uy ban", "Ủy ban nhân dân xã", "xa tan lap", "Xã Tân Lập", "H41", "000.00.00.h41", "phong tai chinh 77",
    "dak lak", "so noi vu", "truong tieu hoc 123", "không có ai tên thế này", "a b c", "xã 12345",
)  # fmt: skip
UNITS = ("Sở Nội vụ", "Phòng Tài chính", "Xã Tân Lập", "Phường Đông Hòa", "Trường Tiểu học", "Trạm Y tế", "Xã Ea Kar")


def run(*, agencies: int, as_json: bool) -> int:
    """Measure and print; 0 when import and search stay within their limits."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        table = folder / "agencies.csv"
        _make_table(table, agencies)
        figures = _measure(folder, table, agencies)
    print(json.dumps(figures) if as_json else "\n".join(f"{key:24} {value}" for key, value in figures.items()))
    return 0 if figures["ok"] else 1


def _make_table(path: Path, agencies: int) -> None:
    """The first level, 63 provinces' units and their units, named as agencies are."""
    top = level_one()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "parent", "aliases", "category"])
        writer.writerows([one.code, one.name, "", one.old_code, one.category.value] for one in top)
        for number in range(agencies - len(top)):
            above = top[number % len(top)]
            parent = (
                above.code
                if number < 10_000
                else f"{above.code}.{number % 9_400 // len(top) * len(top) + number % len(top):05d}"
            )
            name = f"{UNITS[number % len(UNITS)]} số {number}, {above.name}"
            writer.writerow([f"{above.code}.{number:05d}", name, parent, f"{number:06d}.{above.code}", "unit"])


def _measure(folder: Path, table: Path, agencies: int) -> dict[str, Any]:
    from lienthong.runtime.commands import service

    with service.ready_database(Service.HUB, folder / "hub"):
        from lienthong.hub import agencies as kept
        from lienthong.hub import codes, export, lookup, sheets
        from lienthong.hub.models import Agency

        report, import_s = _timed(lambda: sheets.take_in(table, at=datetime.now(UTC)))
        workbook = folder / "agencies.xlsx"
        given, export_xlsx_s = _timed(lambda: export.give_out(workbook))
        again, import_xlsx_s = _timed(lambda: sheets.take_in(workbook, at=datetime.now(UTC)))
        searches = sorted(_timed(lambda one=one: lookup.search(one))[1] * 1000 for one in QUESTIONS for _ in range(3))  # type: ignore[misc]
        page_ms, branch_ms = _page_ms()
        gc.collect()
        before = psutil.Process().memory_info().rss
        kept.forget_copy()
        _, first_copy_s = _timed(kept.directory)
        gc.collect()
        copy_mb = (psutil.Process().memory_info().rss - before) / (1 << 20)
        idle_ms = statistics.median(_refresh_ms(kept) for _ in range(5))
        Agency.objects.filter(code="G22").update(name="Văn phòng Chính phủ nước ta")
        one_change_ms = _refresh_ms(kept)
        pages, cursor = 0, ""
        started = perf_counter()
        while True:
            page = lookup.changed_since(cursor)
            pages, cursor = pages + 1, page.cursor
            if not page.more:
                break
        feed_s = perf_counter() - started
        _plan_mergers()
        _, mergers_s = _timed(lambda: codes.enforce(datetime.now(UTC)))
    return {
        "agencies": given, "refused": len(report.refused) + len(again.refused),
        "import_csv_s": round(import_s, 1), "import_xlsx_s": round(import_xlsx_s, 1),
        "export_xlsx_s": round(export_xlsx_s, 1),
        "search_median_ms": round(statistics.median(searches), 1), "search_max_ms": round(searches[-1], 1),
        "agency_page_ms": round(page_ms, 1), "tree_branch_ms": round(branch_ms, 1),
        "copy_first_s": round(first_copy_s, 2), "copy_mb": round(copy_mb), "refresh_idle_ms": round(idle_ms, 1),
        "refresh_one_change_ms": round(one_change_ms, 1), "feed_from_nothing_s": round(feed_s, 1), "feed_pages": pages,
        f"{MERGERS}_mergers_s": round(mergers_s, 1),
        "ok": given == agencies and max(import_s, import_xlsx_s) < LONGEST_IMPORT_S
        and searches[-1] < LONGEST_SEARCH_MS and not report.refused and not again.refused,
    }  # fmt: skip


def _page_ms() -> tuple[float, float]:
    """What the console's page of a large agency, and a branch of its tree, ask of the database."""
    from lienthong.hub import profile, tree

    page = statistics.median(_timed(lambda: profile.of_agency("H41"))[1] for _ in range(5))
    opened = [_timed(lambda: (tree.branch("H41"), tree.branch(None), tree.counts()))[1] for _ in range(5)]
    return page * 1000, statistics.median(opened) * 1000


def _plan_mergers() -> None:
    """As many mergers of communes as came on 1 July 2025, all due now: three into one."""
    from lienthong.hub.models import Agency, CodeChange

    units = list(Agency.objects.filter(parent__isnull=False).order_by("-code").values_list("code", flat=True))
    CodeChange.objects.bulk_create(
        CodeChange(
            kind="merge", codes=units[at : at + 3], into=[units[at]], effective_on=MERGERS_ON,
            effective_at=datetime(2025, 7, 1, tzinfo=UTC), decision="202/2025/QH15", filed_at=datetime.now(UTC),
            filed_by="bench",
        )
        for at in range(0, 3 * MERGERS, 3)
    )  # fmt: skip


def _refresh_ms(kept: Any) -> float:
    kept._read_at = 0.0
    return _timed(kept.directory)[1] * 1000


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    started = perf_counter()
    found = act()
    return found, perf_counter() - started
