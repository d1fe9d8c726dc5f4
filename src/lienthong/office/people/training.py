"""Whether this office is for training, and that neither kind ever becomes the other (requirement R-19.4-1).

A training office has agencies of test codes (`Z99`) alone, speaks to a test hub alone (`protocol.client.kind`), and
says what it is on every page and in what it prints. What a database is is written once, at the first start.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from lienthong.office.models import OfficeMode, Organization
from lienthong.standards.identifiers import TEST_GROUP, is_test_code
from lienthong.standards.times import VIETNAM


class WrongMode(ValueError):
    """The database belongs to an office of the other kind; the message says what to do."""

    def __init__(self, vi: str, en: str) -> None:
        way_vi = "dùng --data và DATABASE_URL khác, hoặc chạy đúng loại (--training là đào tạo)"
        way_en = "use another --data and DATABASE_URL, or start it as what it is (--training for training)"
        super().__init__(f"Không chạy: {vi}; {way_vi}.\nNot started: {en}; {way_en}.")


def known() -> bool | None:
    """Whether the database is a training office's; None while nobody has decided."""
    kept = OfficeMode.objects.first()
    return kept.training if kept else None


def settle(*, training: bool, at: datetime) -> None:
    """Decide what this database is, once and for all. Raises `WrongMode` when it is the other kind already."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lienthong.officemode'))")
        kept = OfficeMode.objects.first()
        if kept is None:
            _require_codes(training=training)
            OfficeMode.objects.create(training=training, settled_at=at)
        elif kept.training != training:
            day = f"{kept.settled_at.astimezone(VIETNAM):%d/%m/%Y}"
            vi, en = ("đào tạo", "a training office's") if kept.training else ("văn bản thật", "for real documents")
            raise WrongMode(f"cơ sở dữ liệu dùng cho {vi} từ {day}", f"the database is {en} since {day}")


def is_foreign(code: str, *, training: bool) -> bool:
    """Whether an agency's code belongs to an office of the other kind."""
    return is_test_code(code) != training


def _require_codes(*, training: bool) -> None:
    """An office that was set up before there was training is what its agencies' codes say."""
    for code in Organization.objects.values_list("code", flat=True):
        if is_foreign(code, training=training):
            vi = f"cơ quan {code} {'không có' if training else 'có'} nhóm mã thử nghiệm {TEST_GROUP}"
            en = f"the agency {code} has {'not ' if training else ''}the test group {TEST_GROUP}"
            raise WrongMode(vi, en)
