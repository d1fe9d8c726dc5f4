"""Every bad packet of the museum is refused by its own name, with a sentence in both languages."""

import io

import pytest

from lienthong.standards.edxml import PacketProblem, PacketRefused, Severity, read, validate
from tests.museum.packets import PIECES, document_packet, status_packet


@pytest.mark.law("R-14.2-1")
@pytest.mark.parametrize("name", PIECES)
def test_a_bad_packet_is_refused_by_name(name: str) -> None:
    code, make = PIECES[name]
    packet = make()
    with pytest.raises(PacketRefused) as refused:
        read(io.BytesIO(packet))
    first = refused.value.problems[0]
    assert first.code == code, refused.value
    assert first.severity is Severity.ERROR
    assert first.vi
    assert first.en
    assert first.rule


def test_the_museum_is_large_enough() -> None:
    assert len(PIECES) >= 45


@pytest.mark.parametrize("packet", [document_packet(), status_packet()])
def test_what_the_museum_starts_from_is_sound(packet: bytes) -> None:
    assert validate(io.BytesIO(packet)) == ()


@pytest.mark.parametrize("size", [1, 3, 7, 4096])
@pytest.mark.parametrize(
    "name", ["doctype", "cut-in-content", "content-not-base64", "recipient-twice", "bare-ampersand"]
)
def test_the_verdict_does_not_depend_on_how_the_packet_arrives(name: str, size: int) -> None:
    code, make = PIECES[name]
    packet = make()

    class Dripping(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            return super().read(size)

    problems: tuple[PacketProblem, ...] = validate(Dripping(packet))
    assert problems[0].code == code
