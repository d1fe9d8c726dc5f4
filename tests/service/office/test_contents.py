"""Bytes end with their last name, even when a process was killed between the act and the removal."""

import os
from datetime import timedelta

import pytest

from lienthong.office import contents
from lienthong.office.config import blobs
from lienthong.office.incoming import acts, recalls
from tests.service.office.conftest import Office, drafted, now
from tests.service.office.test_incoming import MemoryHub, arrived, recalled


def test_recalled_content_goes_even_after_a_crash(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = MemoryHub()
    document = arrived(hub)
    acts.accept(document, actor=office["van.thu"], at=now())
    recalled(hub)
    order = recalls.pending(document)
    assert order is not None
    with monkeypatch.context() as killed:
        killed.setattr(recalls, "release", lambda _digests: None)
        recalls.obey(order, actor=office["van.thu"], at=now())
    digests = contents.of_incoming(document)
    assert all(map(blobs().exists, digests))
    contents.sweep(now())
    assert not any(map(blobs().exists, digests))


def test_what_nobody_names_goes_after_a_day_and_the_rest_stays(office: Office) -> None:
    named = drafted(office).versions.get().digest
    nameless, young = blobs().put(b"left by a killed process").digest, blobs().put(b"just written").digest
    old = (now() - timedelta(days=2)).timestamp()
    for digest in (named, nameless):
        os.utime(blobs().path(digest), (old, old))
    assert contents.sweep(now()) == 1
    assert blobs().exists(named)
    assert blobs().exists(young)
    assert not blobs().exists(nameless)
