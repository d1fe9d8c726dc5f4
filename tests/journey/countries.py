"""The demo's own country, in a folder that is thrown away."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lienthong.runtime.demo.country import Country

ACCOUNTS = Path("/etc/passwd")


@contextmanager
def fresh_country() -> Iterator[Country]:
    """Four agencies and the hub, all of them at work, with nothing done yet. Whoever starts it, root as well: when it
    has stopped, the machine has the accounts that it had, and the folder above its data is as it was."""
    accounts = ACCOUNTS.read_bytes()
    with tempfile.TemporaryDirectory(prefix="lienthong-journey-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        before = folder.stat()
        with Country(folder / "country") as running:
            running.await_all()
            yield running
        after = folder.stat()
        assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
        assert [one.name for one in folder.iterdir()] == ["country"]
    assert ACCOUNTS.read_bytes() == accounts
