"""The page that says how the services are run does what it says: its commands are run as they stand, and each service
stops when it is told to."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from asn1crypto import pem

from lienthong.runtime.demo.desk import Desk
from lienthong.runtime.ports import free_port
from lienthong.testing.pki import TestAuthority
from tests.service.runtime.test_commands import lienthong, plain_environment

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "run.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BEFORE = "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n"
AFTER = """
curl -sf http://127.0.0.1:8200/readyz
echo; echo ready
read -r _
kill -TERM $(jobs -p)
for one in $(jobs -p); do wait $one; echo "stopped with $?"; done
"""
OWN_PASSWORD = "Một buổi sáng ở 12 Vinh!"

pytestmark = pytest.mark.xdist_group("commands")


def test_every_command_of_the_page_does_what_it_says() -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) == 2
    ports = {"8100": str(free_port())}
    ports["8200"] = str(free_port([int(ports["8100"])]))
    with tempfile.TemporaryDirectory(prefix="lienthong-run-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the database runs as an unprivileged user under root
        authority = TestAuthority.open(folder / "pki", "http://127.0.0.1:9")
        authority.write_trust(folder / "trust")
        seal = authority.issue_agency("Văn phòng Chính phủ", "000.00.00.G22")
        (folder / "seal.pem").write_bytes(pem.armor("CERTIFICATE", seal.certificate))
        script = BEFORE + "".join(blocks).replace("/srv/", f"{folder}/") + AFTER
        script = re.sub("8100|8200", lambda written: ports[written[0]], script)
        environment = plain_environment()
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        running = subprocess.Popen(
            ["timeout", "280", "bash", "-c", script], cwd=folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert running.stdout is not None
        said: list[str] = []
        for line in running.stdout:
            said.append(line)
            if line == "ready\n":
                break
        try:
            assert said[-1:] == ["ready\n"], "".join(said)
            login, password = next(line for line in said if line.startswith("van.thu ")).split()
            desk = Desk(f"http://127.0.0.1:{ports['8200']}", login, password)
            with desk.http:
                asked = desk.sign_in()
                assert asked.says("Mật khẩu đang dùng chỉ dùng một lần")
                own = next(form for form in asked.root.forms if form.xpath(".//input[@name='new']"))
                chosen = {"old": password, "new": OWN_PASSWORD, "again": OWN_PASSWORD}
                answer = desk.http.post(asked.url, data=dict(own.form_values()) | chosen)
                assert answer.status_code == 200
                assert "Trần Thị Mai" in desk.open("/").text()
        finally:
            rest, _ = running.communicate("\n", timeout=120)
        assert rest.count("stopped with 0") == 2, rest
        assert "killed" not in rest
        assert running.returncode == 0
        assert all((folder / name / "postgres" / "data").is_dir() for name in ("hub", "g22")), "each has one of its own"
        assert (folder / "system.json").stat().st_mode & 0o077 == 0
        key = folder / "system.json"
        assert "không ghi đè" in lienthong("office", "system-key", str(key), expected=2)
