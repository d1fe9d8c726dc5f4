"""From the agency's archive to a historical one: what is kept for ever, with its list and minutes."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from lienthong.journal.models import Event
from lienthong.office.models import Dossier, HistoricalTransfer
from tests.service.office.conftest import Office
from tests.service.office.dossiers import TODAY, act, facts, opened, page, said, submitted, taken, with_material

PLACE = "/ho-so/luu-tru-lich-su/"


def archived(office: Office, code: str, **kept: str) -> Dossier:
    """A dossier that the agency's archive took over."""
    dossier = opened(office, code=code, **kept)
    with_material(office, dossier)
    ending = {**facts(**kept), "code": code, "ended_on": TODAY().isoformat()}
    ending.pop("act")
    assert act(office, "chuyen.vien", dossier, "close", **ending) == ""
    made = submitted(office, dossier)
    assert said(office.client("van.thu").post(f"/ho-so/nop-luu/{made.pk}/", {"act": "take_over"})) == ""
    dossier.refresh_from_db()
    return dossier


def hand_over(office: Office, login: str, *dossiers: Dossier, **changes: object) -> str:
    """The code of the refusal, or "" when it was recorded."""
    form = {
        "act": "record", "dossier": [one.pk for one in dossiers], "archive": "Trung tâm Lưu trữ quốc gia III",
        "reference": "12/BB ngày 20/11/2026", "handed_on": TODAY().isoformat(), **changes,
    }  # fmt: skip
    return said(office.client(login).post(PLACE, form))


@pytest.mark.law("AVI-2a", "AVI-5c")
def test_what_is_kept_for_ever_goes_to_a_historical_archive_and_its_record_stays(office: Office) -> None:
    dossier = archived(office, "05.KSTT", retention="", for_ever="1")
    assert 'data-waiting="05.KSTT"' in office.client("van.thu").get(PLACE).content.decode()
    for changes, code in (
        ({"archive": " "}, "missing"),
        ({"archive": "a" * 201}, "text_too_long"),
        ({"reference": ""}, "missing"),
        ({"handed_on": ""}, "missing"),
        ({"handed_on": (TODAY() + timedelta(days=1)).isoformat()}, "bad_time"),
        ({"handed_on": (TODAY() - timedelta(days=1)).isoformat()}, "bad_time"),
        ({"dossier": []}, "missing"),
    ):
        assert hand_over(office, "van.thu", dossier, **changes) == code, changes
    for login in ("lanh.dao", "kiem.tra", "chuyen.vien", "quan.tri"):
        assert hand_over(office, login, dossier) == "forbidden", login
    assert not HistoricalTransfer.objects.exists()
    assert hand_over(office, "van.thu", dossier) == ""
    made = HistoricalTransfer.objects.get()
    dossier.refresh_from_db()
    assert dossier.state == "historic"
    for login in ("chuyen.vien", "van.thu", "lanh.dao"):
        assert "Trung tâm Lưu trữ quốc gia III" in page(office, login, dossier)
    assert 'data-waiting="05.KSTT"' not in office.client("van.thu").get(PLACE).content.decode()
    assert f'data-transfer="{made.pk}"' in office.client("lanh.dao").get(PLACE).content.decode()
    assert 'data-dossier="05.KSTT"' in office.client("kiem.tra").get(f"{PLACE}{made.pk}/").content.decode()
    book = taken(office.client("van.thu").get(f"{PLACE}{made.pk}/xlsx/"))
    assert "05.KSTT" in ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert taken(office.client("van.thu").get(f"{PLACE}{made.pk}/pdf/")).startswith(b"%PDF")
    event = Event.objects.get(name="dossier.transferred", subject=str(dossier.pk))
    assert event.data["reference"] == made.reference
    assert hand_over(office, "van.thu", dossier) == "missing"  # it is not among what waits


def test_what_is_kept_for_years_or_held_or_not_in_the_archive_stays(office: Office) -> None:
    years, held = archived(office, "05.KSTT"), archived(office, "06.KSTT", retention="", for_ever="1")
    still = opened(office, code="07.KSTT", retention="", for_ever="1")
    assert hand_over(office, "van.thu", years) == "missing"
    assert hand_over(office, "van.thu", still) == "missing"
    ready = archived(office, "08.KSTT", retention="", for_ever="1")
    assert hand_over(office, "van.thu", ready, years) == "not_found", "the record names all that was ticked, or none"
    hold = {"reference": "1/QĐ ngày 02/11/2026", "reason": "Theo yêu cầu thanh tra"}
    assert act(office, "lanh.dao", held, "hold", **hold) == ""
    assert hand_over(office, "van.thu", held) == "held"
    held.refresh_from_db()
    assert held.state == "archived"
    assert not HistoricalTransfer.objects.exists()
