"""A training office says what it is wherever one looks, and never becomes an office of real documents (R-19.4-1).
That it speaks to a test hub alone stands in `tests/service/hub/test_sandbox.py`."""

from io import BytesIO

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from lienthong.office.config import TRAINING_MARK
from lienthong.office.models import OfficeMode, Organization
from lienthong.office.people import setup, training
from lienthong.office.people.agency_errors import OtherKindOfCode
from lienthong.runtime import samples
from tests.service.office.conftest import Office, drafted, now

BANNER = "data-training"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture
def learning(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The same office, started as one for training."""
    told = django_settings.LIENTHONG.at(training=True)
    monkeypatch.setattr(django_settings, "LIENTHONG", told, raising=False)
    return office


@pytest.mark.law("R-19.4-1", "C-12")
def test_every_page_and_every_sheet_of_a_training_office_says_so(learning: Office) -> None:
    assert BANNER in Client().get("/dang-nhap/").content.decode()
    document = drafted(learning)
    drafter, clerk = learning.client("chuyen.vien"), learning.client("van.thu")
    page = drafter.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert BANNER in page
    assert "Không thấy lỗi thể thức" in page  # the mark is no fault of presentation
    for place in ("/", "/so-van-ban/", "/co-quan/", "/khong-co/"):
        answer = clerk.get(place)
        assert BANNER in answer.content.decode() or answer.status_code == 404, place
    sheet = b"".join(drafter.get(f"/van-ban-di/{document.pk}/ban/1/"))  # type: ignore[arg-type]
    assert TRAINING_MARK in text_of(sheet)
    book = b"".join(clerk.get(f"/so-van-ban/den/{timezone.localdate().year}/pdf/"))  # type: ignore[arg-type]
    assert TRAINING_MARK in text_of(book)


@pytest.mark.law("R-19.4-1")
def test_an_office_of_real_documents_says_nothing_of_training(office: Office) -> None:
    document = drafted(office)
    drafter = office.client("chuyen.vien")
    assert BANNER not in drafter.get(f"/van-ban-di/{document.pk}/").content.decode()
    sheet = b"".join(drafter.get(f"/van-ban-di/{document.pk}/ban/1/"))  # type: ignore[arg-type]
    assert TRAINING_MARK not in text_of(sheet)


def test_what_a_database_is_is_written_once_and_its_agencies_fit(office: Office) -> None:
    assert training.known() is None
    with pytest.raises(training.WrongMode, match="nhóm mã thử nghiệm Z99"):  # G22 is a real code
        training.settle(training=True, at=now())
    training.settle(training=False, at=now())
    training.settle(training=False, at=now())  # the next start
    with pytest.raises(training.WrongMode, match="dùng cho văn bản thật"):
        training.settle(training=True, at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeMode.objects.update(training=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(
            code="Z99.01.00.001", name="Thử", short_name="Thử", abbreviation="T", place="Hà Nội"
        )
    with pytest.raises(OtherKindOfCode):
        setup.add_agency("Z99.01.00.001", {"name": "Thử", "abbreviation": "T"}, at=now())


def test_the_first_documents_are_plainly_false_and_come_once(learning: Office) -> None:
    for _ in range(2):
        samples.install(learning.organization, at=now())
    came = learning.client("van.thu").get("/van-ban-den/?muc=tat-ca").content.decode()
    drafts = learning.client("chuyen.vien").get("/van-ban-di/").content.decode()
    assert came.count("giả định") >= 1
    assert learning.organization.incoming.count() == len(samples.CAME)
    assert learning.organization.outgoing.count() == len(samples.DRAFTS)
    assert drafts.count("giả định phục vụ đào tạo") >= 2
