"""Blobs: named by what they are, whole or not at all."""

import hashlib
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
