"""The operators' commands against a hub that runs: each process takes them up by itself."""

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import httpx
import psycopg
import pytest
import typer

from lienthong.evidence.receipts import SigningKey
from lienthong.protocol import webhooks
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.messages import Agency
from lienthong.protocol.problems import Problem, TooLarge
from lienthong.runtime.commands.bench_exchange import RECIPIENT, SENDER, make_packet, start_hub
from lienthong.runtime.commands.hub import system_app
from lienthong.runtime.settings import Settings
from lienthong.testing.vxp_client import JavaClient
from lienthong.testing.webhook_receiver import Receiver
from tests import commands

pytestmark = pytest.mark.xdist_group("killed")
SECONDS = 20


@dataclass
class Running:
    """A hub that runs, and the keys of its members."""

    settings: Settings
    keys: dict[str, SigningKey]

    def run(self, *words: str, refused: bool = False) -> str:
        """What a command says; of a refused one, what it says is wrong."""
        environment = os.environ | {"DATABASE_URL": self.settings.database_url}
        done = commands.run("hub", *words, "--data", str(self.settings.data), environment=environment)
        assert done.returncode == (2 if refused else 0), done.stderr[-2000:]
        assert not (self.settings.data / "postgres").exists(), (
            "DATABASE_URL names the database: none is started beside it"
        )
        return (done.stderr if refused else done.stdout).strip()

    def directory(self) -> dict[str, Agency]:
        """What a member is told of the agencies, by their codes."""
        connection = NativeConnection(self.settings.address, system=SENDER, key=self.keys[SENDER])
        try:
            return {one.code: one for one in connection.directory()}
        finally:
            connection.close()

    def times(self, event: str) -> int:
        """How often the journal notes an event."""
        with psycopg.connect(self.settings.database_url) as database:
            found = database.execute("SELECT count(*) FROM journal_event WHERE name = %s", [event]).fetchone()
        assert found is not None
        return int(found[0])

    def answers(self, system: str, key: SigningKey) -> bool:
        connection = NativeConnection(self.settings.address, system=system, key=key)
        try:
            connection.inbox()
        except Problem:
            return False
        finally:
            connection.close()
        return True


@pytest.fixture(scope="module")
def hub() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="lienthong-commands-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        supervisor, keys, _ = start_hub(Path(folder), stack, webhook_networks="127.0.0.0/8")
        yield Running(supervisor.settings, keys)


def comes_true(question: Callable[[], bool]) -> bool:
    """Whether it is so within a while: each process has a copy of its own."""
    end = monotonic() + SECONDS
    while monotonic() < end:
        if all(question() for _ in range(4)):
            return True
        sleep(0.2)
    return False


def test_an_agency_has_above_it_whom_the_command_names(hub: Running) -> None:
    """Its place is seen by every member; one below nobody, below itself or in a ring is refused, and nothing of it stays:
    neither its name nor its spelling, nor a change of what was there."""
    said = hub.run("agency", "add", "H41.7", "--name", "Sở Nội vụ", "--parent", RECIPIENT, "--alias", "000.00.07.H41")
    assert said == "H41.7: Sở Nội vụ"
    hub.run("agency", "add", "H41.7.1", "--name", "Chi cục Văn thư", "--parent", "H41.7")
    assert comes_true(lambda: "H41.7.1" in hub.directory())
    listed = hub.directory()
    assert (listed["H41.7"].parent, listed["H41.7"].aliases) == (RECIPIENT, ("000.00.07.H41",))
    assert (listed["H41.7.1"].parent, listed[RECIPIENT].parent) == ("H41.7", None)
    began = hub.times("agency.added")
    spelling = ("--alias", "000.00.08.H41")
    for code, parent, why in (
        ("H41.8", "X99", "Không có cơ quan mang mã X99; thêm cơ quan trước. / There is no agency with the code X99; add it first."),
        ("H41.8", "H41.8", "Không có cơ quan mang mã H41.8"),
        ("H41.7", "H41.7.1", "Cơ quan H41.7 là cấp trên của H41.7.1; chọn cơ quan cấp trên khác."),
    ):  # fmt: skip
        said = hub.run("agency", "add", code, "--name", "Tên khác", "--parent", parent, *spelling, refused=True)
        assert said.startswith(why)
    assert hub.times("agency.added") == began
    hub.run("agency", "add", "H41.9", "--name", "Ban Dân tộc", "--parent", "H41.7", *spelling)
    assert comes_true(lambda: "H41.9" in hub.directory())
    assert hub.directory() == listed | {"H41.9": hub.directory()["H41.9"]}


def test_a_known_agency_stays_where_it_is_unless_the_command_says_otherwise(hub: Running) -> None:
    hub.run("agency", "add", "H41.5", "--name", "Hội Nhà báo", "--parent", RECIPIENT, "--category", "other")
    hub.run("agency", "add", "H41.5", "--name", "Hội Nhà báo tỉnh", "--alias", "000.00.05.H41")
    assert comes_true(lambda: "H41.5" in (listed := hub.directory()) and "000.00.05.H41" in listed["H41.5"].aliases)
    assert (hub.directory()["H41.5"].name, hub.directory()["H41.5"].parent) == ("Hội Nhà báo tỉnh", RECIPIENT)
    hub.run("agency", "export", str(hub.settings.data / "all.csv"))
    row = next(
        line for line in (hub.settings.data / "all.csv").read_text("utf-8-sig").splitlines() if line.startswith("H41.5")
    )
    assert "other" in row
    hub.run("agency", "add", "H41.5", "--name", "Hội Nhà báo tỉnh", "--parent", "")
    assert comes_true(lambda: hub.directory()["H41.5"].parent is None)


def test_a_system_is_suspended_and_resumed_while_the_hub_runs(hub: Running) -> None:
    assert hub.answers(SENDER, hub.keys[SENDER])
    hub.run("system", "suspend", SENDER, "--reason", "Kiểm tra an toàn")
    assert comes_true(lambda: not hub.answers(SENDER, hub.keys[SENDER]))
    shown = json.loads(hub.run("system", "show", SENDER, "--json"))
    assert "Kiểm tra an toàn" in shown["suspended"]
    assert "native" in shown["last_contact"]
    assert "TẠM NGỪNG" in hub.run("system", "list")
    assert "suspended: –" not in hub.run("system", "show", SENDER)
    hub.run("system", "resume", SENDER)
    assert comes_true(lambda: hub.answers(SENDER, hub.keys[SENDER]))
    assert "Cần lý do" in hub.run("system", "suspend", SENDER, "--reason", " ", refused=True)
    assert "không có hệ thống" in hub.run("system", "show", "X99", refused=True)


def test_a_system_gets_a_secret_and_a_door_and_another_secret(hub: Running) -> None:
    assert "rotate-secret" in hub.run("system", "door", RECIPIENT, "--vxp", refused=True)
    first = hub.run("system", "rotate-secret", RECIPIENT)
    assert "vxp mở" in hub.run("system", "door", RECIPIENT, "--vxp")

    def opens(secret: str) -> bool:
        client = JavaClient(hub.settings.address, RECIPIENT, secret)
        _, body = client._request("POST", "countReceiveEdoc", b"{}", "application/json")
        return bool(json.loads(body)["status"] == "OK")

    assert comes_true(lambda: opens(first))
    second = hub.run("system", "rotate-secret", RECIPIENT, "--overlap-days", "3")
    assert comes_true(lambda: opens(first) and opens(second))
    third, *deeds = hub.run(
        "system", "rotate-secret", RECIPIENT, "--overlap-days", "0", "--since", "2026-01-01T00:00"
    ).splitlines()
    assert comes_true(lambda: opens(third) and not opens(first) and not opens(second))
    assert deeds[-1].endswith("deeds")
    shown = hub.run("system", "show", RECIPIENT, "--json")
    assert third not in shown
    assert json.loads(shown)["doors"] == ["native", "vxp"]
    assert "dạng" in hub.run("system", "rotate-secret", RECIPIENT, "--since", "hôm qua", refused=True)


def test_a_key_is_changed_and_the_old_one_revoked(hub: Running, tmp_path: Path) -> None:
    old, fresh = hub.keys[RECIPIENT], SigningKey.generate()
    file = tmp_path / "key.json"
    file.write_text(json.dumps(fresh.public_jwk()))
    assert fresh.id in hub.run("system", "rotate-key", RECIPIENT, "--key", str(file))
    assert comes_true(lambda: hub.answers(RECIPIENT, fresh) and hub.answers(RECIPIENT, old))
    said = hub.run("system", "revoke-key", RECIPIENT, old.id, "--reason", "Mất máy trạm")
    assert "đã thu hồi" in said
    assert comes_true(lambda: hub.answers(RECIPIENT, fresh) and not hub.answers(RECIPIENT, old))
    keys = json.loads(hub.run("system", "show", RECIPIENT, "--json"))["keys"]
    assert [("THU HỒI" in key) for key in keys] == [True, False]


def test_the_id_of_a_key_may_begin_with_a_dash() -> None:
    command = typer.main.get_command(system_app).commands["revoke-key"]  # type: ignore[attr-defined]
    context = command.make_context("revoke-key", [RECIPIENT, "-BUz", "--data", "x", "--reason", "y"])
    assert (context.params["code"], context.params["kid"]) == (RECIPIENT, "-BUz")


def test_networks_limits_and_approval_are_told_and_shown(hub: Running) -> None:
    hub.run("system", "network", SENDER, "10.0.0.0/8", "127.0.0.0/8")
    hub.run("system", "limit", SENDER, "--per-minute", "600", "--largest-packet", "1000000")
    hub.run("system", "approval", SENDER, "--automatic")
    shown = json.loads(hub.run("system", "show", SENDER, "--json"))
    assert shown["networks"] == ["10.0.0.0/8", "127.0.0.0/8"]
    assert (shown["requests_per_minute"], shown["largest_packet"], shown["approval"]) == (600, 1_000_000, "automatic")
    assert "lớn hơn 0" in hub.run("system", "limit", SENDER, "--per-minute", "0", refused=True)
    assert "10.1" in hub.run("system", "network", SENDER, "10.1", refused=True)
    hub.run("system", "network", SENDER)
    hub.run("system", "limit", SENDER)
    hub.run("system", "approval", SENDER, "--registry")
    shown = json.loads(hub.run("system", "show", SENDER, "--json"))
    assert (shown["networks"], shown["requests_per_minute"], shown["approval"]) == ([], None, "registry")


def test_the_hub_changes_its_own_key(hub: Running) -> None:
    kid = hub.run("key", "rotate")
    assert comes_true(lambda: httpx.get(f"{hub.settings.address}/api/v1/keys").json()["keys"][0]["kid"] == kid)


def test_what_a_system_asked_for_is_listed_and_decided(hub: Running) -> None:
    secret = hub.run("system", "rotate-secret", SENDER)
    hub.run("system", "door", SENDER, "--vxp")
    client = JavaClient(hub.settings.address, SENDER, secret)

    def asks(name: str) -> bool:
        return bool(client.register_agency(f"{SENDER}.07", name, parent=SENDER)["status"] == "OK")

    assert comes_true(lambda: asks("Sở Y tế"))
    assert comes_true(lambda: asks("Sở khác"))
    first, second = (line.split()[0] for line in hub.run("request", "list").splitlines())
    assert "áp dụng" in hub.run("request", "approve", first, "--by", "can.bo")
    assert "từ chối" in hub.run("request", "refuse", second, "--by", "can.bo", "--reason", "Trùng")
    assert hub.run("request", "list") == ""
    assert [line.split()[-1] for line in hub.run("request", "list", "--all").splitlines()] == ["applied", "refused"]
    assert "Không có yêu cầu" in hub.run("request", "approve", first, "--by", "can.bo", refused=True)


def test_a_packet_far_above_the_limit_is_refused_in_words_at_both_doors(hub: Running) -> None:
    """A client listens only when it has sent everything: a line that breaks meanwhile would make it send for ever."""
    secret = hub.run("system", "rotate-secret", SENDER)
    hub.run("system", "door", SENDER, "--vxp")
    hub.run("system", "limit", SENDER, "--largest-packet", "1000")
    client = JavaClient(hub.settings.address, SENDER, secret)
    packet = b"<edXML>" + b" " * 30_000_000

    def refused() -> bool:
        answer = client.send_edoc(packet, sender=SENDER)
        return answer["ErrorCode"] == "10" and "1000 byte" in answer["ErrorDesc"]

    assert comes_true(refused)
    client.secret = "wrong"
    assert client.send_edoc(packet, sender=SENDER)["ErrorCode"] == "15"
    connection = NativeConnection(hub.settings.address, system=SENDER, key=hub.keys[SENDER])
    with pytest.raises(TooLarge):
        connection.submit(
            lambda: io.BytesIO(packet), digest=hashlib.sha256(packet).hexdigest(), size=len(packet), sender=SENDER,
            recipients=(), document_id="", idempotency_key="far-above-the-limit",
        )  # fmt: skip
    connection.close()
    hub.run("system", "limit", SENDER)


def test_operators_see_refused_packets_and_propose(hub: Running) -> None:
    sender = NativeConnection(hub.settings.address, system=SENDER, key=hub.keys[SENDER])
    packet, _ = make_packet(5)

    def is_refused_for_its_digest() -> bool:
        with pytest.raises(Problem) as told:
            sender.submit(
                lambda: io.BytesIO(packet), digest="0" * 64, size=len(packet), sender=SENDER, recipients=(),
                document_id="", idempotency_key="a key of this test",
            )  # fmt: skip
        return told.value.code == "digest_mismatch"

    assert comes_true(is_refused_for_its_digest)
    number, *rest = hub.run("quarantine", "list", "--system", SENDER, "--problem", "digest_mismatch").split()
    assert SENDER in rest
    assert hub.run("quarantine", "list", "--system", RECIPIENT) == ""
    hub.run("quarantine", "propose", number, "--reason", "Đường truyền đã thông", "--by", "truc.ca")
    assert "proposed" in hub.run("quarantine", "list")
    answer = httpx.get(f"{hub.settings.address}/api/v1/quarantine", headers=sender._bearer()).json()
    assert answer["packets"][0]["proposed_for"] == "Đường truyền đã thông"
    assert "lý do" in hub.run("quarantine", "propose", number, "--reason", " ", "--by", "x", refused=True)
    assert "Không có gói tin" in hub.run("quarantine", "propose", "99", "--reason", "x", "--by", "x", refused=True)
    sender.close()


def test_maintenance_begins_and_ends_in_every_process_while_the_hub_runs(hub: Running) -> None:
    hub.run("maintenance", "on", "--reason", "Thay đĩa", "--until", "2099-01-01T06:00")
    told = lambda: httpx.get(f"{hub.settings.address}/api/v1/hub").json()["maintenance"]  # noqa: E731
    sleep(2.1)
    assert [told()["reason"] for _ in range(12)] == ["Thay đĩa"] * 12
    assert json.loads(hub.run("maintenance", "show", "--json"))["until"].startswith("2099-01-01T06:00")
    assert "Thay đĩa" in hub.run("maintenance", "show")
    assert "đã mở lại" in hub.run("maintenance", "off")
    sleep(2.1)
    assert [told() for _ in range(12)] == [None] * 12
    assert "đang phục vụ" in hub.run("maintenance", "show")
    assert "không có bảo trì" in hub.run("maintenance", "off")
    assert "Cần lý do" in hub.run("maintenance", "on", "--reason", " ", refused=True)
    assert "ISO 8601" in hub.run("maintenance", "on", "--reason", "x", "--until", "mai", refused=True)


def test_security_events_are_read_by_command_and_by_a_reader_of_their_own(hub: Running) -> None:
    token = hub.run("monitor", "add", "soc")
    bearer = {"Authorization": f"Bearer {token}"}
    page = httpx.get(f"{hub.settings.address}/api/v1/security-events", headers=bearer).json()
    lines = [json.loads(line) for line in hub.run("security-events", "--json").splitlines()]
    assert [line["id"] for line in lines][: len(page["events"])] == [event["id"] for event in page["events"]]
    assert hub.run("security-events", "--json", "--after", lines[-1]["cursor"]) == ""
    assert "monitor:soc" in hub.run("security-events")
    assert "soc  đang dùng" in hub.run("monitor", "list")
    assert token not in hub.run("monitor", "list")
    hub.run("monitor", "revoke", "soc")
    assert httpx.get(f"{hub.settings.address}/api/v1/security-events", headers=bearer).status_code == 401
    assert "đã có soc" in hub.run("monitor", "add", "soc", refused=True)


def test_the_journal_is_held_against_every_head_by_command_from_inside_and_from_outside(hub: Running) -> None:
    heads = f"{hub.settings.address}/api/v1/journal/heads"
    assert comes_true(lambda: bool(httpx.get(heads).json()["heads"]))
    assert "nhật ký khớp mọi mã niêm phong" in hub.run("journal-check")
    kept = hub.settings.data / "kept.txt"
    seen = commands.run("witness", hub.settings.address, "--keep", str(kept), environment=dict(os.environ))
    assert seen.returncode == 0, seen.stderr
    assert kept.read_text().split()[0] in {one["signed"] for one in httpx.get(heads).json()["heads"]}


def test_operators_keep_the_webhooks_of_a_system(hub: Running) -> None:
    with Receiver() as receiver:
        key, secret = hub.run("webhook", "add", SENDER, receiver.url, "--event", "packet.changed").split()
        assert "registered before" in hub.run("webhook", "add", SENDER, receiver.url)
        other = hub.run("webhook", "rotate", SENDER, key)
        message = hub.run("webhook", "test", SENDER, key)
        [call] = receiver.wait_for(1)
        for one in (secret, other):
            assert (
                webhooks.verify(call.headers, call.body, secrets=[one], at=datetime.now(UTC))["type"] == "webhook.test"
            )
        assert call.headers[webhooks.ID] == message
        assert comes_true(lambda: "delivered  204" in hub.run("webhook", "log", SENDER, key))
        hub.run("webhook", "disable", SENDER, key)
        assert "tắt / off" in hub.run("webhook", "list", "--system", SENDER)
        assert "bật lại" in hub.run("webhook", "test", SENDER, key, refused=True)
        hub.run("webhook", "enable", SENDER, key)
        shown = hub.run("webhook", "list")
        assert "[closed]" in shown
        assert other not in shown
        hub.run("webhook", "remove", SENDER, key)
        assert "Không có điểm nhận" in hub.run("webhook", "remove", SENDER, key, refused=True)
        assert "Không có hệ thống" in hub.run("webhook", "add", "X99", receiver.url, refused=True)
        assert "https" in hub.run("webhook", "add", SENDER, "ftp://example.vn/", refused=True)


@pytest.mark.law("SEC-2", "SEC-6")
def test_people_of_the_console_are_made_and_closed_by_command(hub: Running) -> None:
    told = hub.run("operator", "add", "truc.ca.hai", "--role", "operator", "--name", "Tạ Quang Duy")
    password = told.rpartition(": ")[2]

    def enters(password: str) -> bool:
        with httpx.Client(base_url=hub.settings.address) as http:
            http.get("/console/dang-nhap/")
            token = next(value for name, value in http.cookies.items() if "csrf" in name)
            form = {"username": "truc.ca.hai", "password": password, "csrfmiddlewaretoken": token}
            return http.post("/console/dang-nhap/", data=form).status_code == 302

    assert enters(password)
    fresh = hub.run("operator", "reset-password", "truc.ca.hai").rpartition(": ")[2]
    assert (enters(password), enters(fresh)) == (False, True)
    hub.run("operator", "close", "truc.ca.hai")
    listed = {one["account"]: one for one in json.loads(hub.run("operator", "list", "--json"))}
    assert (listed["truc.ca.hai"]["role"], listed["truc.ca.hai"]["closed"]) == ("operator", True)
    assert not enters(fresh)
    assert "--agency" in hub.run("operator", "add", "can.bo", "--role", "agency", refused=True)


def test_alerts_are_seen_looked_after_and_told_by_command(hub: Running) -> None:
    rules = [json.loads(line) for line in hub.run("alert", "rules", "--json").splitlines()]
    assert {"not_fetched", "worker_silent"} <= {rule["rule"] for rule in rules}
    assert "10000" in hub.run("alert", "rules")
    assert "backlog: 5" in hub.run("alert", "set", "backlog", "5")
    assert "Không có quy tắc" in hub.run("alert", "set", "nope", "5", refused=True)
    hub.run(
        "maintenance", "on", "--reason", "Thay đĩa", "--until", (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    )
    with psycopg.connect(hub.settings.database_url) as database:  # the hour goes by
        database.execute("UPDATE hub_maintenance SET until = now()")

    def held() -> list[dict[str, str]]:
        return [json.loads(line) for line in hub.run("alert", "list", "--json").splitlines()]

    assert comes_true_once(lambda: any(one["rule"] == "maintenance_overdue" for one in held()))
    number = next(str(one["id"]) for one in held() if one["rule"] == "maintenance_overdue")
    assert "Trực Ban đang xử lý" in hub.run("alert", "acknowledge", number, "--by", "Trực Ban")
    hub.run("alert", "mute", number, "--by", "Trực Ban", "--reason", "Còn việc", "--hours", "2")
    assert "Thay đĩa" in hub.run("alert", "list")
    hub.run("maintenance", "off")
    secret = hub.run("alert", "webhook", "https://soc.example/hook")
    assert secret.startswith("whsec_")
    hub.run("alert", "mail", "smtp://127.0.0.1:9", "--from", "a@b.vn", "--to", "c@d.vn", "--least", "critical")
    told = hub.run("alert", "channels")
    assert "soc.example" in told
    assert secret not in told
    assert "đã tắt" in hub.run("alert", "off", "webhook")
    assert "đã tắt" in hub.run("alert", "off", "mail")


def comes_true_once(question: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether the worker brings it about within a while."""
    end = monotonic() + seconds
    while monotonic() < end:
        if question():
            return True
        sleep(0.5)
    return False
