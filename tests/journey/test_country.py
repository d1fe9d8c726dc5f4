"""The whole country as a newcomer starts it: nothing beyond loopback, as an ordinary user, stopped by Ctrl-C, kept,
forgotten; and what an office does when its database dies under it or it is told to stop."""

import os
import pwd
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import httpx
import psutil
import pytest

from lienthong.runtime.demo.cast import HOUSES
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.desk import Desk, Page, Unexpected
from lienthong.runtime.demo.documents import DECISION
from lienthong.runtime.demo.story import Story

pytestmark = pytest.mark.xdist_group("journey")

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ["hub", *(house.code for house in HOUSES)]
SECONDS = 90
NOBODY = pwd.getpwnam("nobody")
AS_NOBODY = [
    "setpriv", f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}", "--clear-groups",
    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
]  # fmt: skip
"""An ordinary user, who may besides read the project wherever root has put it, and nothing else."""
SUBJECT = "V/v rà soát thủ tục của người mới"
PLAIN = replace(DECISION, appendixes="")


def everything(of: psutil.Process) -> list[psutil.Process]:
    return [of, *of.children(recursive=True)]


def listeners(processes: list[psutil.Process]) -> set[tuple[str, int]]:
    """Where these processes listen, by TCP or UDP: addresses and ports."""
    found: set[tuple[str, int]] = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            for one in process.net_connections("inet"):
                if one.status == psutil.CONN_LISTEN or (one.status == psutil.CONN_NONE and not one.raddr):
                    found.add((one.laddr.ip, one.laddr.port))
    return found


@contextmanager
def demo(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """`lienthong demo`, ready; and what it has said until then."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LIENTHONG_", "DATABASE"))}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(Path(sys.executable).with_name("lienthong")), "demo", "--data", str(folder / "demo")]
    running = subprocess.Popen(
        [*(AS_NOBODY if os.geteuid() == 0 else []), *command],
        env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    assert running.stdout is not None
    try:
        said: list[str] = []
        for line in running.stdout:
            said.append(line.rstrip())
            if "Sẵn sàng" in line:
                break
        else:
            pytest.fail("\n".join(said))
        yield running, said
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGINT)
        running.communicate(timeout=SECONDS)


def test_a_demo_of_an_ordinary_user_listens_on_loopback_is_stopped_kept_and_forgotten() -> None:
    accounts = Path("/etc/passwd").read_bytes()
    with tempfile.TemporaryDirectory(prefix="lienthong-newcomer-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
        with demo(folder) as (running, said):
            processes = everything(psutil.Process(running.pid))
            assert {one.uids().real for one in processes} == {folder.stat().st_uid}
            found = listeners(processes)
            assert len(found) >= len(SERVICES) + 2, "the hub, four offices, the authority, the database"
            assert {address for address, _ in found} <= {"127.0.0.1", "::1"}
            first = addresses(said)
            assert len(first) == len(SERVICES)
            for address in first:
                assert httpx.get(address, follow_redirects=True).status_code == 200
            password = password_of("chuyen.vien.g22", said)
            assert save_a_draft(first[1], password).status == 200
            os.killpg(running.pid, signal.SIGINT)  # Ctrl-C
            said_at_last, _ = running.communicate(timeout=SECONDS)
            assert running.returncode == 0, said_at_last
            _, alive = psutil.wait_procs(processes, timeout=SECONDS)
            assert not alive
        kept = (folder / "demo" / "hub" / "secret").read_bytes()
        with demo(folder) as (_, said):
            assert addresses(said) == first, "printed addresses stay true"
            assert (folder / "demo" / "hub" / "secret").read_bytes() == kept
            anew = password_of("chuyen.vien.g22", said)
            assert anew != password, "passwords are made at each start"
            drafter = Desk(first[1], "chuyen.vien.g22", anew)
            with drafter.http:
                drafter.sign_in()
                assert drafter.open("/van-ban-di/?muc=tat-ca").says(SUBJECT), "what was written is kept"
            former = Desk(first[1], "chuyen.vien.g22", password)
            with former.http, pytest.raises(Unexpected, match="could not sign in"):
                former.sign_in()
        done = subprocess.run(
            ["make", "--no-print-directory", "demo-clean", f"DEMO={folder / 'demo'}"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "removed" in done.stdout
        assert list(folder.iterdir()) == [], "nothing lies outside the folder of the data"
    assert Path("/etc/passwd").read_bytes() == accounts


def password_of(login: str, said: list[str]) -> str:
    """As the table prints it."""
    return next(line.split()[1] for line in said if line.split()[:1] == [login])


def save_a_draft(address: str, password: str) -> Page:
    """A specialist writes a letter and saves it; the page that follows."""
    desk = Desk(address, "chuyen.vien.g22", password)
    with desk.http:
        desk.sign_in()
        form = desk.open("/van-ban-di/soan/").form("save")
        return desk.send(
            form, {"type": "Công văn", "subject": SUBJECT, "body": "Đề nghị rà soát./.", "addressees": "UBND tỉnh Nghệ An",
                   "origin": "digital", "recipients_text": "- Như trên;\n- Lưu: VT.", "urgency": "0", "recipients": ["H41"]},
        )  # fmt: skip


def addresses(said: list[str]) -> list[str]:
    return [found[0] for line in said if (found := re.search(r"http://127\.0\.0\.1:\d+\S*", line))]


def test_each_office_tells_its_figures_and_its_health(country: Country) -> None:
    for who in SERVICES:
        address = country.address(who)
        assert httpx.get(f"{address}/healthz").status_code == 200
        assert httpx.get(f"{address}/readyz").status_code == 200
        figures = httpx.get(f"{address}/metrics").text
        assert re.search(r'lienthong_http_requests?\w*_count\{[^}]*status="200"[^}]*\} [1-9]', figures), figures[:2000]


def test_offices_and_hub_recover_by_themselves_when_the_database_dies(country: Country) -> None:
    """Killed while a document is on its way: it arrives, once; who was signed in still is."""
    with Story(country) as story:
        decision = story.draft_and_seal(PLAIN, ("H41",))
        clerk = story.desk("G22", "van.thu")
        issued = clerk.send(clerk.open(decision).form("issue"))
        assert issued.data("state") == "issued"
        postmaster = country.folder / "postgres" / "data" / "postmaster.pid"
        os.kill(int(postmaster.read_text().split()[0]), signal.SIGKILL)
        await_health(country)
        story.wait("G22", "van.thu", decision, lambda page: "01" in page.all_data("sending"), "01")
        identifier = issued.data("identifier")
        story.find("H41", "van.thu", identifier)
        received = story.desk("H41", "van.thu").open("/van-ban-den/?muc=tat-ca")
        assert received.root.xpath(f"count(//tr[@data-document='{identifier}'])") == 1


def await_health(country: Country) -> None:
    end = monotonic() + SECONDS
    for who in SERVICES:
        while True:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{country.address(who)}/readyz", timeout=5).status_code == 200:
                    break
            assert monotonic() < end, f"{who} did not recover"
            sleep(0.1)
