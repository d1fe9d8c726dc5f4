"""Metrics: what the dashboard, the rules and the page name is really exported by a hub that runs, and nothing else is."""

import io
import json
import re
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import httpx
import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from lienthong.evidence.receipts import SigningKey
from lienthong.hub.watch import gauges
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.problems import Problem
from lienthong.runtime.commands.bench_exchange import RECIPIENT, SENDER, make_packet, start_hub
from lienthong.runtime.settings import Service
from tests.service.hub.conftest import now

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "lienthong-hub.json"
PAGE = ROOT / "docs" / "reference" / "metrics.md"
NAME = re.compile(r"\blienthong_\w+")
HISTOGRAM = re.compile(r"_(bucket|count|sum)$")


def named_in(text: str) -> set[str]:
    return {HISTOGRAM.sub("", name) for name in NAME.findall(text)}


def dashboard_text() -> str:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return "\n".join(target["expr"] for panel in panels for target in panel["targets"])


def rules_text() -> str:
    return "\n".join(re.findall(r"^\s+expr: (.*)$", RULES.read_text(encoding="utf-8"), re.MULTILINE))


def documented() -> set[str]:
    return set(re.findall(r"^\| `(lienthong_\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.xdist_group("killed")
@pytest.mark.law("R-12.2-1")
def test_everything_that_is_named_is_exported_by_a_running_hub() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-metrics-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, _ = start_hub(Path(folder), stack)
        address = hub.settings.address
        sender = NativeConnection(address, system=SENDER, key=keys[SENDER])
        recipient = NativeConnection(address, system=RECIPIENT, key=keys[RECIPIENT])
        stranger = NativeConnection(address, system=SENDER, key=SigningKey.generate())
        for one in (sender, recipient, stranger):
            stack.callback(one.close)
        packet, digest = make_packet(20)
        sender.submit(
            lambda: io.BytesIO(packet), digest=digest, size=len(packet), sender=SENDER, recipients=(), document_id="",
            idempotency_key=uuid4().hex,
        )  # fmt: skip
        (item,) = recipient.inbox(wait=5)
        recipient.fetch(item, io.BytesIO())
        recipient.acknowledge(item)
        with pytest.raises(Problem):
            stranger.inbox()
        samples = _exported(address)
        names = {HISTOGRAM.sub("", name) for name, _ in samples if not name.endswith("_created")}
        assert named_in(dashboard_text()) | named_in(rules_text()) <= names
        assert {name for name in names if name.startswith("lienthong_")} == documented()
        assert samples["lienthong_hub_packets_accepted_total", (("door", "native"), ("kind", "document"))] == 1
        assert samples["lienthong_hub_refusals_total", (("door", "native"), ("problem", "unauthenticated"))] == 1
        assert samples["lienthong_hub_deliveries_total", (("state", "done"),)] == 1
        assert samples["lienthong_hub_handover_delay_seconds_count", (("urgency", "0"),)] == 1
        assert samples["lienthong_hub_up", ()] == 1


def _exported(address: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What the hub exports, once its worker has measured everything."""
    end = monotonic() + 60
    while True:
        text = httpx.get(f"{address}/metrics").text
        found = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
        # No alert holds of a new hub: its gauge has a name and no sample yet.
        if "# TYPE lienthong_alerts gauge" in text:
            found.setdefault(("lienthong_alerts", ()), 0)
        wanted = {"lienthong_hub_open_deliveries", "lienthong_hub_database_bytes", "lienthong_hub_disk_free_bytes",
                  "lienthong_hub_systems", "lienthong_hub_worker_round_seconds"}  # fmt: skip
        if wanted <= {name for name, _ in found}:
            return found
        assert monotonic() < end, "the worker measured nothing"
        sleep(0.3)


def test_the_page_lists_every_gauge_with_its_labels() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, (about, labels) in gauges.GAUGES.items():
        assert f"| `{name}` | {', '.join(labels) or '–'} | {about} |" in text


def test_the_rules_are_sound_and_fire_when_they_should() -> None:
    for words in (["check", "rules", str(RULES)], ["test", "rules", str(RULES.with_name("alerts_test.yml"))]):
        done = subprocess.run(["promtool", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db(transaction=True)
def test_a_scrape_costs_a_few_statements_and_counts_nothing(django_assert_max_num_queries, settings) -> None:  # type: ignore[no-untyped-def]
    settings.LIENTHONG = settings.LIENTHONG.at(service=Service.HUB)
    gauges.measure_due(now())
    with django_assert_max_num_queries(5):
        answer = Client().get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 200
    assert b"lienthong_hub_open_deliveries" in answer.content
    # From another machine nothing passes in plain HTTP.
    assert Client().get("/metrics", REMOTE_ADDR="10.0.0.1").status_code == 403
    # A proxy on this machine asks for somebody else.
    passed_on = {"X-Forwarded-For": "203.0.113.9"}
    assert Client().get("/metrics", REMOTE_ADDR="127.0.0.1", headers=passed_on).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_takes_long_to_measure_is_measured_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def slow(at: object) -> list[gauges.Sample]:
        calls.append(at)
        sleep(0.2)
        return []

    monkeypatch.setattr(gauges, "GROUPS", (gauges.Group("queue", slow, every=gauges.timedelta(seconds=1)),))
    begun = now()
    gauges.measure_due(begun)
    gauges.measure_due(begun + gauges.timedelta(seconds=3))
    assert len(calls) == 1  # a fifth of a second of work: four seconds of rest
    gauges.measure_due(begun + gauges.timedelta(seconds=8))
    assert len(calls) == 2
