"""Every bad packet of the museum is refused by its own name, with a sentence in both languages."""

import io

import pytest
from typing_extensions import Buffer

from lienthong.standards.edxml import PacketProblem, PacketRefused, Severity, read, safe_name, unpack, validate
from lienthong.standards.edxml.limits import LIMITS
from tests.museum.exchange import ATTACHED, ATTACHMENT, attached_packet
from tests.museum.packets import PIECES, document_packet, status_packet


@pytest.mark.parametrize("name", PIECES)
def test_a_bad_packet_is_refused_by_name(name: str) -> None:
    piece = PIECES[name]
    packet = piece.make()
    with pytest.raises(PacketRefused) as refused:
        read(io.BytesIO(packet))
    first = refused.value.problems[0]
    assert (first.code, first.path) == (piece.code, piece.path), refused.value
    assert first.severity is Severity.ERROR
    assert first.vi
    assert first.en
    assert first.vi != first.en
    assert first.rule


def test_the_museum_is_large_enough() -> None:
    assert len(PIECES) >= 60


@pytest.mark.parametrize("packet", [document_packet(), status_packet()])
def test_what_the_museum_starts_from_is_sound(packet: bytes) -> None:
    assert validate(io.BytesIO(packet)) == ()


@pytest.mark.parametrize("size", [1, 3, 7, 4096])
@pytest.mark.parametrize(
    "name", ["doctype", "cut-in-content", "content-not-base64", "recipient-twice", "bare-ampersand"]
)
def test_the_verdict_does_not_depend_on_how_the_packet_arrives(name: str, size: int) -> None:
    piece = PIECES[name]
    packet = piece.make()

    class Dripping(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            return super().read(size)

    problems: tuple[PacketProblem, ...] = validate(Dripping(packet))
    assert (problems[0].code, problems[0].path) == (piece.code, piece.path)


@pytest.mark.parametrize("defect", ATTACHED)
def test_an_attachment_that_lies_harms_nobody_who_unpacks_it(defect: str) -> None:
    """What cannot be unpacked is refused by name and place; all else is kept, under a name that leads nowhere, and never
    more in memory than a piece of it."""
    one = ATTACHED[defect]()
    contents: list[io.BytesIO] = []

    def sink(_number: int) -> io.BytesIO:
        contents.append(io.BytesIO())
        return contents[-1]

    packet = read(io.BytesIO(attached_packet(one)), sink=sink)
    name = packet.attachments[1].name
    assert name == one.name
    out = Measured()
    if one.code:
        with pytest.raises(PacketRefused) as refused:
            unpack(contents[1], name, out)
        first = refused.value.problems[0]
        assert (first.code, first.path) == (one.code, ATTACHMENT)
        assert out.written <= max(LIMITS.ratio_free, LIMITS.ratio * len(one.content))
    else:
        unpack(contents[1], name, out)
        assert (safe_name(name), out.getvalue()) == one.kept
    assert out.largest <= 1 << 18


class Measured(io.BytesIO):
    """Where an attachment is unpacked to: how much came, and the most of it at once."""

    written = largest = 0

    def write(self, piece: Buffer) -> int:
        size = len(memoryview(piece))
        self.written, self.largest = self.written + size, max(self.largest, size)
        return super().write(piece)
