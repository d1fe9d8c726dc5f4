"""Kiểm tra theo đơn vị: figures of a quarter for who inspects an agency's units, and nothing of what documents say."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from lienthong.office.incoming import acts
from lienthong.office.models import Assignment, OutgoingDocument
from lienthong.office.outgoing.inspection import Quarter, quarter_of
from tests.service.office.conftest import Office, issued, now, refusal
from tests.service.office.dossiers import taken
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived

PLACE = "/co-quan/kiem-tra/"


def figures(office: Office, login: str, quarter: str = "") -> dict[str, list[int]]:
    """Unit → its figures, as the page has them."""
    answer = office.client(login).get(PLACE, {"quy": quarter})
    assert answer.status_code == 200, refusal(answer)
    rows = re.findall(r'<tr data-unit="([^"]*)">(.*?)</tr>', answer.content.decode(), re.DOTALL)
    return {unit: [int(one) for one in re.findall(r'class="r">(?:<b class="stop">)?(\d+)', row)] for unit, row in rows}


@pytest.mark.law("R-11-1")
@pytest.mark.refuses("R-11-1")
@pytest.mark.parametrize("place", [PLACE, "/co-quan/su-dung/", "/theo-doi/"])
def test_nobody_types_a_figure(office: Office, place: str) -> None:
    """Figures are counted; their pages take none."""
    issued(office)
    typed = {"issued": "999", "late": "999", "sign_ins": "999"}
    for login in ("lanh.dao", "quan.tri"):
        client = office.client(login)
        assert client.get(place).status_code == 200
        for send in (client.post, client.put, client.patch):
            assert send(place, typed).status_code == 405
        assert figures(office, login)["KSTT"][:2] == [1, 0]


@pytest.mark.law("R-19.4-1", "R-6.2-1", "C-10")
def test_each_unit_stands_with_what_it_sent_late_on_paper_unsigned_and_did_not_do_in_time(
    office: Office, hub: MemoryHub
) -> None:
    sent, late = issued(office), issued(office)
    unit = sent.unit
    moment = late.issued_at or now()
    OutgoingDocument.objects.filter(pk=late.pk).update(send_due=moment - timedelta(hours=1))
    letter = arrived(hub, LETTER)
    acts.accept(letter, actor=office["van.thu"], at=now())
    task = acts.Task(Assignment.Kind.LEAD, unit)
    acts.instruct(letter, text="Chủ trì", tasks=[task], actor=office["lanh.dao"], at=now())
    letter.assignments.update(due_at=now() + timedelta(hours=1))
    assert figures(office, "lanh.dao")[unit.abbreviation][-2:] == [1, 0]
    letter.assignments.update(due_at=now() - timedelta(hours=1))
    for login in ("lanh.dao", "kiem.tra", "quan.tri"):
        assert figures(office, login) == {unit.abbreviation: [2, 1, 0, 2, 1, 1]}, login
    assert sent.subject not in office.client("quan.tri").get(PLACE).content.decode()
    assert figures(office, "lanh.dao", _before()) == {}
    for login in ("van.thu", "chuyen.vien", "truong.dv"):
        assert refusal(office.client(login).get(PLACE)) == "forbidden", login
        assert refusal(office.client(login).get(f"{PLACE}xlsx/")) == "forbidden", login
    book = load_workbook(BytesIO(taken(office.client("lanh.dao").get(f"{PLACE}xlsx/"))))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert unit.name in cells
    assert taken(office.client("lanh.dao").get(f"{PLACE}pdf/")).startswith(b"%PDF")


def test_a_quarter_begins_and_ends_where_it_does() -> None:
    begin, end = Quarter(2026, 4).bounds
    assert (f"{begin:%d/%m/%Y}", f"{end:%d/%m/%Y}") == ("01/10/2026", "01/01/2027")
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert [Quarter(2026, number).bounds[1] for number in (1, 2, 3)] == [
        Quarter(2026, number).bounds[0] for number in (2, 3, 4)
    ]
    assert quarter_of(begin) == Quarter(2026, 4)
    assert quarter_of(begin - timedelta(microseconds=1)) == Quarter(2026, 3)


def _before() -> str:
    year, number = quarter_of(now()).before
    return f"{year}-{number}"
