"""The demo's agency with software of its own lays out documents where there is no office."""

import os
import subprocess
import sys

ASKED = "from lienthong.office.typeset import render_envelope; print(render_envelope({facts})[:5])".format(
    facts={"agency": "A", "contact": [], "urgency": "", "number": "1/CV-A", "recipient": "B"}
)


def test_a_sheet_is_laid_out_where_there_is_no_office() -> None:
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run([sys.executable, "-c", ASKED], env=bare, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "b'%PDF-'\n"), done.stderr
