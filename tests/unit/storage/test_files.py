"""Blobs: named by what they are, whole or not at all."""

import contextlib
import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from lienthong.storage import BlobMissing, FileBlobs


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path / "blobs")


def test_bytes_come_back_under_their_digest(blobs: FileBlobs) -> None:
    blob = blobs.put(b"van ban")
    assert blob.digest == hashlib.sha256(b"van ban").hexdigest()
    assert (blobs.read(blob.digest), blob.size) == (b"van ban", 7)


def test_an_abandoned_write_leaves_nothing(blobs: FileBlobs) -> None:
    with blobs.writer() as writer:
        writer.write(b"half")
    assert list(blobs.incoming.iterdir()) == []
    assert not blobs.exists(writer.digest)


def test_the_same_bytes_are_one_file_even_at_once(blobs: FileBlobs) -> None:
    threads = [threading.Thread(target=blobs.put, args=(b"x" * 100_000,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(blobs.older_than(time.time() + 10))) == 1


def test_what_is_not_there_is_said(blobs: FileBlobs) -> None:
    blob = blobs.put(b"x")
    blobs.delete(blob.digest)
    blobs.delete(blob.digest)
    with pytest.raises(BlobMissing):
        blobs.open(blob.digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 32 + "/x"])
def test_a_name_that_is_no_digest_reaches_no_file(blobs: FileBlobs, name: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        blobs.path(name)


def test_the_sweeper_sees_only_what_is_old(blobs: FileBlobs) -> None:
    blobs.put(b"young")
    assert list(blobs.older_than(time.time() - 60)) == []
    blobs.forget_unfinished(time.time() - 60)


def test_what_came_in_again_is_not_removed(blobs: FileBlobs) -> None:
    blob = blobs.put(b"x")
    os.utime(blobs.path(blob.digest), (1, 1))
    blobs.put(b"x")
    assert not blobs.delete_older(blob.digest, time.time() - 60)
    os.utime(blobs.path(blob.digest), (1, 1))
    assert blobs.delete_older(blob.digest, time.time() - 60)
    assert not blobs.exists(blob.digest)


def test_a_keeper_and_a_sweeper_at_once_never_lose_what_was_kept(blobs: FileBlobs) -> None:
    digest = blobs.put(b"x").digest
    over = threading.Event()

    def sweep() -> None:
        while not over.is_set():
            with contextlib.suppress(FileNotFoundError):
                os.utime(blobs.path(digest), (1, 1))
            blobs.delete_older(digest, 2)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    for _ in range(300):
        blobs.put(b"x")
    over.set()
    sweeper.join()
    blobs.put(b"x")
    assert not blobs.delete_older(digest, time.time() - 60)
    assert blobs.read(digest) == b"x"


def test_what_is_removed_while_the_store_is_copied_comes_along_and_then_goes(blobs: FileBlobs) -> None:
    early, late = blobs.put(b"removed before its turn"), blobs.put(b"removed after its turn")
    with blobs.removals_held():
        blobs.delete(early.digest)
        walk = blobs.everything()
        seen = [next(walk).name]
        blobs.delete(late.digest)
        seen += [path.name for path in walk]
        assert {early.digest, late.digest} <= set(seen)
        assert not blobs.exists(early.digest), "for everybody else it is gone at once"
    assert list(blobs.held.iterdir()) == []
    blobs.delete(blobs.put(b"after it").digest)
    assert list(blobs.held.iterdir()) == []


def test_what_a_killed_copier_left_aside_goes_with_the_next_sweep(blobs: FileBlobs) -> None:
    blobs.put(b"x")
    (blobs.held / ("ab" * 32)).write_bytes(b"recalled content")
    with blobs.removals_held():
        pass
    assert list(blobs.held.iterdir()) == []
    (blobs.held / ("ab" * 32)).write_bytes(b"recalled content")
    blobs.forget_unfinished(0)
    assert list(blobs.held.iterdir()) == []
