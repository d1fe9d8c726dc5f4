"""The demo's own country, in a folder that is thrown away."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lienthong.runtime.demo.country import Country


@contextmanager
def fresh_country() -> Iterator[Country]:
    """Four agencies and the hub, all of them at work, with nothing done yet."""
    with tempfile.TemporaryDirectory(prefix="lienthong-journey-") as folder:
        Path(folder).chmod(0o755)
        with Country(Path(folder) / "country") as running:
            running.await_all()
            yield running
