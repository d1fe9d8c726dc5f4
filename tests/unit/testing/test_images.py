"""The sample pictures: transparent, in the right colours, of the right size, different for each name."""

import io
import math
from pathlib import Path

import pytest
from PIL import Image

from lienthong.standards.signatures import fonts
from lienthong.testing import images
from lienthong.testing.images import DPI, SEAL_MILLIMETRES, seal_image, signature_image

LONG = "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh Thừa Thiên Huế"


def _open(png: bytes) -> Image.Image:
    assert png.startswith(b"\x89PNG")
    picture: Image.Image = Image.open(io.BytesIO(png))
    assert picture.mode == "RGBA"
    return picture


def _inked(picture: Image.Image) -> float:
    """The part of the picture that is mostly ink."""
    return sum(picture.getchannel("A").histogram()[128:]) / (picture.width * picture.height)


def _ink_at(alpha: Image.Image, radius: float, angle: float) -> int:
    """The ink at a place of the seal, seen from its middle."""
    found = alpha.getpixel((round(212 + radius * math.cos(angle)), round(212 + radius * math.sin(angle))))
    assert isinstance(found, float | int)
    return int(found)


@pytest.mark.parametrize("name", ["Trần Quốc Vượng", "Hồ Sỹ Thắng", "Đặng Hồng Nhung", "Ân", "Ỷ", "J. Q. Wałęsa", ""])
def test_a_signature_is_blue_on_nothing(name: str) -> None:
    picture = _open(signature_image(name))

    assert picture.size == (600, 240)
    red, green, blue, _ = picture.resize((1, 1), Image.Resampling.NEAREST).getpixel((0, 0))  # type: ignore[misc]
    assert blue > 2 * max(red, green)
    assert 0.005 < _inked(picture) < 0.15
    edge = [picture.getpixel((x, y))[3] for x in (0, 599) for y in range(240)]  # type: ignore[index]
    assert not any(edge)
    # Smooth edges: between ink and nothing there are steps.
    assert sum(picture.getchannel("A").histogram()[20:200]) > 500


def test_signatures_are_each_their_owners() -> None:
    names = ["Nguyễn Đình Sơn", "Nguyễn Đình Sớn", "Ngô Quang Huy", "Kiều Văn Thịnh"]

    assert len({signature_image(name) for name in names}) == len(names)
    again = signature_image(names[0])
    signature_image.cache_clear()
    assert signature_image(names[0]) == again


@pytest.mark.parametrize("superior", ["", "Ủy ban nhân dân tỉnh Nghệ An"])
@pytest.mark.parametrize("agency", ["Sở Y tế", "Ủy ban nhân dân thành phố Hà Nội", LONG, LONG * 3])
def test_a_seal_is_a_red_ring_on_nothing(agency: str, superior: str) -> None:
    picture = _open(seal_image(agency, superior))

    assert picture.size == (425, 425)
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert picture.width / DPI * 25.4 == pytest.approx(SEAL_MILLIMETRES, abs=0.1)
    red, green, blue, _ = picture.getpixel((0, 0))  # type: ignore[misc]
    assert red > 5 * max(green, blue)
    alpha = picture.getchannel("A")
    assert [alpha.getpixel(corner) for corner in ((0, 0), (424, 0), (0, 424), (424, 424), (60, 60))] == [0] * 5
    # The ring is closed: ink at every degree of it.
    for degree in range(360):
        angle = math.radians(degree)
        assert _ink_at(alpha, 208, angle) > 100
    assert 0.1 < _inked(picture) < 0.4


@pytest.mark.parametrize("agency", ["Sở Y tế", LONG, LONG * 3])
def test_names_stay_between_the_rings(agency: str) -> None:
    alpha = _open(seal_image(agency)).getchannel("A")

    def inked(radius: float) -> int:
        return sum(_ink_at(alpha, radius, step / 200) > 100 for step in range(1256))

    assert inked(192) == 0
    assert inked(122) == 0
    assert inked(155) > 50


def test_a_seal_names_its_agency() -> None:
    assert seal_image("Bộ Tài chính") != seal_image("Bộ Y tế")
    assert seal_image("Sở Y tế") != seal_image("Sở Y tế", "Ủy ban nhân dân tỉnh Nghệ An")


def test_without_the_font_a_seal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise fonts.FontMissing("Thiếu phông chữ")

    monkeypatch.setattr(fonts, "folder", missing)
    images._font.cache_clear()
    with pytest.raises(fonts.FontMissing):
        seal_image("Không có phông chữ")
