"""The story, by HTTP: with the demo's own documents, and with the texts of the law."""

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from lienthong.office.typeset import Draft, render
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.documents import DECISION
from lienthong.runtime.demo.story import Story
from tests.journey.law import LawText, laws, stand_ins

pytestmark = pytest.mark.xdist_group("journey")


@pytest.mark.law(
    "R-3.3-1", "R-5.4-1", "R-5.4-2", "R-6.3-1", "R-8.2-3", "R-9.1-1", "R-9.2-1", "R-9.2-2", "R-10.1-1", "AVI-2a"
)
def test_the_story_holds(country: Country) -> None:
    with Story(country) as story:
        steps = story.act()
    assert len(steps) > 40
    killed = [step.text.split(" bị kill -9")[0] for step in steps if "kill -9" in step.text]
    assert killed == ["Tiến trình gửi của G22", "Một tiến trình của Trục"], "and the day went on"


@pytest.mark.law("D30-13-2", "D30-17-1")
def test_the_page_that_arrives_shows_both_marks_in_their_places_and_poppler_calls_both_valid(
    country: Country, tmp_path: Path
) -> None:  # fmt: skip
    """The blue signature stands between position and name, the red seal over a third of it (Annex I, II.7 and II.8)."""
    with Story(country) as story:
        decision = story.draft_and_seal(replace(DECISION, appendixes=""), ("H41",))
        clerk = story.desk("G22", "van.thu")
        identifier = clerk.send(clerk.open(decision).form("issue")).data("identifier")
        page = story.find("H41", "van.thu", identifier)
        pdf = story.desk("H41", "van.thu").download(page.root.xpath("//a[contains(@class, 'vfile on')]/@href")[0])
    file = tmp_path / "arrived.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid") == 2
    last = len(PdfReader(BytesIO(pdf)).pages)
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-png", "-f", str(last), "-l", str(last), "-singlefile", file, tmp_path / "page"],
        check=True,
    )  # fmt: skip
    picture = Image.open(tmp_path / "page.png").convert("RGB")
    blue, red = _inked(picture, "B", "R", 60), _inked(picture, "R", "G", 90)
    position, name = (_words(pdf, words, picture.height) for words in ("PHÓ CHỦ NHIỆM", "Trần Quốc Vượng"))
    left, top, right, bottom = blue
    assert position[3] <= top + 2, "the signature begins below the position"
    assert bottom - 2 <= name[1] + (name[3] - name[1]) / 2, "and ends above the name"
    assert red[0] < left < red[2] < right, "the seal lies over the left of the signature"
    assert (red[2] - red[0]) / DPI * 25.4 == pytest.approx(36, abs=3), "36 mm across"
    assert (red[2] - left) / (right - left) == pytest.approx(1 / 3, abs=0.15), "over about a third of it"


DPI = 150


def _inked(picture: Image.Image, more: str, less: str, by: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what has so much more of one colour than of another, in pixels."""
    difference = ImageChops.subtract(picture.getchannel(more), picture.getchannel(less))
    found = difference.point(lambda value: 255 if value > by else 0).getbbox()
    assert found is not None
    return found


def _words(pdf: bytes, wanted: str, height: int) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the last place of a text, in pixels of the picture."""
    document = pypdfium2.PdfDocument(pdf)
    textpage = document[len(document) - 1].get_textpage()
    search, place = textpage.search(wanted, match_case=True), None
    while (found := search.get_next()) is not None:
        place = found
    assert place, wanted
    boxes = [textpage.get_charbox(place[0] + n) for n in range(len(wanted)) if wanted[n] != " "]
    document.close()
    left, low, right, high = (
        min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes),
    )  # fmt: skip
    scale = DPI / 72
    return left * scale, height - high * scale, right * scale, height - low * scale


@pytest.mark.parametrize("law", laws(), ids=lambda law: law.name)
def test_the_day_holds_with_a_text_as_long_as_the_law(country: Country, law: LawText) -> None:
    """The whole day is acted with it, and what the recipient reads is the text, word for word."""
    with Story(country, upload=law.upload) as story:
        _, identifier = story.act_the_day()
        page = story.find("H41", "van.thu", identifier)
        assert page.data("legal") == "equivalent"
        files = page.root.xpath("//a[contains(@class, 'vfile on')]/@href")
        received = story.desk("H41", "van.thu").download(files[0])
    _is_all_there(law, received)


@pytest.mark.parametrize("law", stand_ins(), ids=lambda law: law.name)
def test_what_stands_in_for_the_law_is_as_long(law: LawText) -> None:
    draft = Draft(
        agency="Văn phòng Chính phủ", notation="QĐ-VPCP", place="Hà Nội", year=2026, subject="Về việc ban hành quy định",
        body=law.text, position="PHÓ CHỦ NHIỆM", signer="Trần Quốc Vượng", type_name="Quyết định",
    )  # fmt: skip
    _is_all_there(law, render(draft).pdf)


def _is_all_there(law: LawText, pdf: bytes) -> None:
    least, most = law.pages
    assert least <= len(PdfReader(BytesIO(pdf)).pages) <= most
    assert law.unread(pdf) == []
