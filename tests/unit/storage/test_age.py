"""Sealed files: what was written comes back, or nothing does."""

import base64
import io
import os
import threading
import tracemalloc
from collections.abc import Callable

import pytest

from lienthong.storage.age import (
    BadKey,
    Damaged,
    Identity,
    NotForUs,
    SealedReader,
    SealedWriter,
    recipient_key,
)

PIECE = 64 << 10
"""Bytes that the format seals together."""
SEALED_PIECE = PIECE + 16
# A key, and a file that another program of the format sealed for it.
THEIR_KEY = "AGE-SECRET-KEY-1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4QX3S7F6"
THEIR_FILE = (
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSA0aHM0cDdUOFAyUnlRUkc1S2tQeDUwVEhPS3pDVWhHamIxekJqd3J1UnhR"
    "CkN4eUJsVmFlYkNBREYzYTNVRFJxekdNSVpDOS9ROEZmZ2tQMTVBemRkK0kKLT4gMiI/WT5QLWdyZWFzZSBhYTZ0OnRPIGNETyBV"
    "bzlvTgpKc2FDVENyYQotLS0gc3pXTXM2cGg4dGdBa0RpUS9UcEE5ZEFoUk94NVh2UDVFNE1VYmtkeGVQOApiC4M0fn0z61OsWC0d"
    "ENovKIzKfLWp5oGryi1UyJ4LpuCPRERcSf+4AsQ="
)

OURS = Identity.generate()


def sealed(data: bytes, *recipients: str) -> bytes:
    out = io.BytesIO()
    with SealedWriter(out, recipients or [OURS.recipient]) as writer:
        writer.write(data)
    return out.getvalue()


def opened(data: bytes, *identities: Identity) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(data), identities or [OURS])).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_what_was_sealed_comes_back(size: int) -> None:
    data = os.urandom(size)
    assert opened(sealed(data)) == data


def test_each_recipient_opens_it_alone_and_nobody_else() -> None:
    first, second = Identity.generate(), Identity.generate()
    data = sealed(b"van ban", first.recipient, second.recipient)
    assert opened(data, second) == opened(data, first) == opened(data, OURS, first) == b"van ban"
    with pytest.raises(NotForUs):
        opened(data, OURS)


def test_a_file_of_another_program_is_opened() -> None:
    assert opened(base64.b64decode(THEIR_FILE), Identity.parse(THEIR_KEY)).decode() == "Văn bản"


def test_keys_are_written_as_age_writes_them() -> None:
    theirs = Identity.parse(f"# created: 2021\n{THEIR_KEY}\n")
    assert theirs.text == THEIR_KEY
    assert Identity.parse(OURS.text).recipient == OURS.recipient
    assert OURS.recipient.startswith("age1")


@pytest.mark.parametrize(
    "text",
    ["", "age1", THEIR_KEY, "age1" + "q" * 58, OURS.recipient[:-1], OURS.recipient.replace("age1", "AGE1")],
    ids=["nothing", "a beginning", "a private key", "no sum", "cut off", "two cases"],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        recipient_key(text)


def _head(data: bytes) -> int:
    """Where the content begins."""
    return data.index(b"\n--- ") + len(b"\n--- ") + 43 + 1 + 16


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda data: b"",
    "head cut": lambda data: data[:60],
    "only a head": lambda data: data[: _head(data)],
    "cut in a piece": lambda data: data[:-1],
    "cut between pieces": lambda data: data[: _head(data) + SEALED_PIECE],
    "one byte more": lambda data: data + b"\0",
    "a bit of the last byte": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "a bit of the first piece": lambda data: _flipped(data, _head(data) + 5),
    "a bit of the seal of the head": lambda data: _flipped(data, data.index(b"\n--- ") + 8),
    "pieces changed places": lambda data: _swapped(data),
    "a piece twice": lambda data: data[: _head(data) + SEALED_PIECE] + data[_head(data) :],
    "a recipient more": lambda data: data.replace(
        b"\n--- ", b"\n-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n--- "
    ),
    "not age": lambda data: b"PK" + data,
}


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _swapped(data: bytes) -> bytes:
    begin = _head(data)
    first, second = data[begin : begin + SEALED_PIECE], data[begin + SEALED_PIECE : begin + 2 * SEALED_PIECE]
    return data[:begin] + second + first + data[begin + 2 * SEALED_PIECE :]


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_not_what_was_written_is_not_given_out_for_it(damage: str) -> None:
    data = DAMAGE[damage](sealed(os.urandom(3 * PIECE + 100)))
    with pytest.raises(Damaged):
        opened(data)


def test_what_was_abandoned_is_never_taken_for_whole() -> None:
    out = io.BytesIO()
    writer = SealedWriter(out, [OURS.recipient])
    writer.write(os.urandom(2 * PIECE))
    writer.abandon()
    with pytest.raises(Damaged):
        opened(out.getvalue())


def test_a_full_disk_is_told_to_who_writes() -> None:
    class Full(io.RawIOBase):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    def write_much() -> None:
        for _ in range(100):
            writer.write(os.urandom(PIECE))

    writer = SealedWriter(Full(), [OURS.recipient])  # type: ignore[arg-type]
    with pytest.raises(OSError, match="No space left"):
        write_much()
    with pytest.raises(OSError, match="No space left"):
        writer.close()
    assert not [one for one in threading.enumerate() if one.name == "sealing"]


def test_who_reads_no_further_leaves_no_thread_behind() -> None:
    with SealedReader(io.BytesIO(sealed(os.urandom(64 * PIECE))), [OURS]) as reader:
        assert len(reader.read(10)) == 10
    assert not [one for one in threading.enumerate() if one.name == "opening"]


def test_memory_stays_flat_however_much_is_sealed() -> None:
    class Nowhere(io.RawIOBase):
        def write(self, data: object) -> int:
            return len(memoryview(data).cast("B"))  # type: ignore[arg-type]

    piece = os.urandom(1 << 20)
    tracemalloc.start()
    with SealedWriter(Nowhere(), [OURS.recipient]) as writer:  # type: ignore[arg-type]
        for _ in range(64):
            writer.write(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20
