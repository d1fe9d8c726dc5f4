"""The tutorial that connects a system with curl does what it says: its commands are run as they stand."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lienthong.runtime.ports import free_port
from tests.service.runtime.test_commands import plain_environment

PAGE = Path(__file__).parents[3] / "docs" / "tutorial" / "connect-with-curl.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE_PORT = "8100"
AFTER = """
wait $HUB_PID || true
code=0; lienthong hub serve --data "$PWD/truc-thu" --port 8100 2> as-a-real-one || code=$?
test $code = 1
cat as-a-real-one
"""
"""What was a test hub once never runs as a real one."""
BEFORE = """
set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
"""


@pytest.mark.xdist_group("commands")
def test_every_command_of_the_page_does_what_it_says() -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) >= 12
    script = BEFORE + "\n".join(f"echo '--- {number}'\n{block}" for number, block in enumerate(blocks)) + AFTER
    with tempfile.TemporaryDirectory(prefix="lienthong-curl-") as folder:
        Path(folder).chmod(0o755)  # the database runs as an unprivileged user under root
        environment = plain_environment()
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        done = subprocess.run(
            ["bash", "-c", script.replace(EXAMPLE_PORT, str(free_port()))], cwd=folder, env=environment,
            capture_output=True, text=True, check=False, timeout=280,
        )  # fmt: skip
        said = done.stdout
        assert done.returncode == 0, said[-3000:] + done.stderr[-3000:]
    assert '"sandbox": true' in said
    assert "là của Trục thử nghiệm" in said
    assert "Signature Verified Successfully" in said
    assert '"event":"SubmissionAcceptance"' in said
    assert [code in said for code in ('"01"', '"03"', '"04"', '"05"', '"06"')] == [True] * 5
    assert "Trả lời văn bản số" in said
    assert said.count('"packet_id"') >= 3
