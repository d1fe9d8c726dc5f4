"""The story, by HTTP: with the demo's own documents, and with the texts of the law."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from lienthong.office.typeset import Draft, render
from lienthong.runtime.demo.country import Country
from lienthong.runtime.demo.story import Story
from tests.journey.law import LawText, laws, stand_ins

pytestmark = pytest.mark.xdist_group("journey")


@pytest.mark.law("R-3.3-1", "R-5.4-1", "R-5.4-2", "R-6.3-1", "R-8.2-1", "R-9.1-1", "R-9.2-1", "R-9.2-2", "R-10.1-1")
def test_the_story_holds(country: Country) -> None:
    with Story(country) as story:
        assert len(story.act()) > 40


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
