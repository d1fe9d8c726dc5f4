"""Measures memory: a large enclosure from one office's page to another's, through workers and hub, by either door."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from time import monotonic

from lienthong.runtime.commands.bench_exchange import service_processes
from lienthong.runtime.commands.bench_streaming import LIMIT_MB, digest_of, make_enclosure, peak_mb
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.desk import Desk
from lienthong.runtime.demo.documents import LETTER
from lienthong.runtime.demo.story import Story
from lienthong.runtime.settings import Door

PATIENCE = 300.0
"""Seconds until the enclosure must have been taken by a page, or have arrived."""


def run(*, megabytes: int, door: Door, as_json: bool) -> int:
    """Measure and print; 0 when the enclosure arrived as it was and no process passed the limit."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder:
        Path(folder).chmod(0o755)
        enclosure = make_enclosure(Path(folder), megabytes)
        with Country(Path(folder) / "country", door=door) as country, Story(country) as story:
            country.await_all()
            began = monotonic()
            identifier = _send(story, enclosure)
            sent = monotonic()
            link = _await(story.desk("H41", "van.thu"), identifier)
            arrived = monotonic()
            digest = _download(story.desk("H41", "van.thu"), link)
            downloaded = monotonic()
            peaks = {
                who: max(peak_mb(process) for process in service_processes(country.supervisors[who]))
                for who in ("G22", "hub", "H41")
            }
        intact = digest == digest_of(enclosure)
    figures = {
        "megabytes": megabytes, "door": door.value, "intact": intact, "send_s": round(sent - began, 1),
        "arrive_s": round(arrived - sent, 1), "download_s": round(downloaded - arrived, 1),
        **{f"{who}_mb": peak for who, peak in peaks.items()}, "ok": intact and max(peaks.values()) < LIMIT_MB,
    }  # fmt: skip
    print(json.dumps(figures) if as_json else "\n".join(f"{name:10} {value}" for name, value in figures.items()))
    return 0 if figures["ok"] else 1


def _send(story: Story, enclosure: Path) -> str:
    """Draft, enclose, sign, seal and issue; the document's identifier."""
    story.desk("G22", "chuyen.vien").http.timeout = PATIENCE
    clerk = story.desk("G22", "van.thu")
    clerk.http.timeout = PATIENCE
    with enclosure.open("rb") as file:
        place = story.draft_and_seal(LETTER, ("H41",), enclosure=(enclosure.name, file))
    return clerk.send(clerk.open(place).form("issue")).data("identifier")


def _await(desk: Desk, identifier: str) -> str:
    """Where the enclosure is found at the recipient, once the document has arrived."""
    row = f"//tr[@data-document='{identifier}']"
    page = desk.wait_for(
        "/van-ban-den/?muc=tat-ca", lambda page: bool(page.root.xpath(row)), what="arrival", seconds=PATIENCE
    )
    page = desk.open(page.root.xpath(f"{row}//a/@href")[0])
    return str(page.root.xpath("//a[@data-file]/@href")[-1])


def _download(desk: Desk, link: str) -> str:
    """The digest of what the recipient's page gives."""
    digest = hashlib.sha256()
    with desk.http.stream("GET", link) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_bytes(1 << 18):
            digest.update(chunk)
    return digest.hexdigest()
