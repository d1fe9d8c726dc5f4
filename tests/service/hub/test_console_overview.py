"""Tổng quan and what it is drawn from: figures that are the events, whoever counts them, and however often."""

from datetime import datetime, timedelta

import pytest
from lxml import html

from lienthong.hub import pulse, tally
from lienthong.hub.http.console import chart
from lienthong.hub.http.console.words import PROBLEMS
from lienthong.hub.models import Delivery, Packet, System, Tally
from lienthong.hub.operators import Role
from lienthong.hub.tally import Clause
from lienthong.journal.models import Event
from lienthong.protocol import problems
from lienthong.protocol.problems import Problem
from lienthong.standards.statuses import StatusCode, Urgency
from tests.service.hub.conftest import Country, make_document, make_recall, make_status, now, receive_all, submit
from tests.service.hub.people import sit_down

S = StatusCode


def busy(country: Country) -> None:
    """Three documents: one with everything, one urgent that is fetched, one that nobody fetches; and a refused packet."""
    done, urgent = make_document(("H41", "H26")), make_document(urgency=Urgency.URGENT)
    for document in (done, urgent):
        submit(country.native("G22"), document)
    receive_all(country.native("H41"))
    receive_all(country.native("H26"))
    submit(country.native("H41"), make_status(done, S.ACCEPTED))
    submit(country.native("H26"), make_status(done, S.REFUSED, "H26", "MISSING_FILE: thiếu Phụ lục I"))
    submit(country.native("G22"), make_recall(done, ("H41",)))
    receive_all(country.native("H41"))
    submit(country.native("H41"), make_status(done, S.AGREED))
    submit(country.native("G22"), make_document(("G12",), urgency=Urgency.EXPRESS))
    with pytest.raises(Problem):
        submit(country.native("G22"), make_document(("KHONG.CO",)))


def counted(*names: str) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for row in Tally.objects.filter(name__in=names):
        found[row.name, row.part] = found.get((row.name, row.part), 0) + row.value
    return found


def test_the_figures_are_the_events_however_often_they_are_counted(country: Country) -> None:
    begin = now()
    busy(country)
    for _ in range(3):
        tally.keep(now() + timedelta(seconds=1), since=begin)
    events = {name: Event.objects.filter(name=name).count() for name in ("packet.accepted", "delivery.done")}
    assert counted("packets") == {("packets", 0): events["packet.accepted"]}
    assert counted("accepted") == {("accepted", 0): 3, ("accepted", 1): 1, ("accepted", 3): 1}
    assert counted("delivered") == {("delivered", 0): 3, ("delivered", 1): 1}
    assert sum(counted("fetched").values()) == sum(counted("delivered").values())
    assert counted("refused:unknown_recipient") == {("refused:unknown_recipient", 0): 1}
    assert Tally.objects.filter(name="backlog").latest("at").value == 1
    once = list(Tally.objects.order_by("at", "name", "part").values_list())
    Tally.objects.all().delete()
    tally.keep(now() + timedelta(seconds=1), since=begin)
    kept = list(Tally.objects.order_by("at", "name", "part").values_list())
    assert [row for row in kept if row in once] == [row for row in once if row in kept]
    assert len(kept) >= len(once)


def test_duties_are_judged_by_what_happened(country: Country) -> None:
    begin = now()
    busy(country)
    Packet.objects.filter(business_type=0).update(issued_on=begin.date() - timedelta(days=30))
    tally.keep(now() + timedelta(seconds=1), since=begin)
    kept = {one.clause: (one.on_time, one.late) for one in pulse.clauses(pulse.day(now() + timedelta(minutes=1)))}
    assert kept == {
        Clause.SENT: (0, 3),
        Clause.URGENT_FETCHED: (1, 0),
        Clause.RECEIPT_TOLD: (1, 0),
        Clause.REFUSAL_TOLD: (1, 0),
        Clause.RECALL_ANSWERED: (1, 0),
    }


def test_a_late_fetch_and_a_late_report_are_late(country: Country) -> None:
    begin = now()
    document = make_document(urgency=Urgency.URGENT)
    submit(country.native("G22"), document)
    Delivery.objects.update(submitted_at=begin - timedelta(days=2))
    receive_all(country.native("H41"))
    Delivery.objects.update(fetched_at=begin - timedelta(days=1, hours=12))
    submit(country.native("H41"), make_status(document, S.ACCEPTED))
    tally.keep(now() + timedelta(seconds=1), since=begin)
    day = pulse.day(now() + timedelta(minutes=1))
    assert (day.of("late", Clause.URGENT_FETCHED), day.of("late", Clause.RECEIPT_TOLD)) == (1, 1)
    line = next(one for one in pulse.by_urgency(day) if one.urgency is Urgency.URGENT)
    assert line.median == pytest.approx(2 * 86_400, rel=0.06)


def test_a_worker_that_rested_catches_up(country: Country) -> None:
    begin = now()
    busy(country)
    Tally.objects.create(at=begin.replace(second=0, microsecond=0) - timedelta(hours=8), name="backlog", value=0)
    tally.keep(now() + timedelta(seconds=1), since=now())
    minutes = Tally.objects.filter(name="backlog").count()
    assert 480 <= minutes <= 484
    assert counted("packets")["packets", 0] == Event.objects.filter(name="packet.accepted").count()


@pytest.mark.parametrize("seconds", [0.02, 0.3, 1.0, 7.7, 60, 3600, 200_000])
def test_a_quantile_is_right_within_five_in_a_hundred(seconds: float) -> None:
    assert tally.quantile([(tally.span_of(seconds), 3)], 0.5) == pytest.approx(seconds, rel=0.05)


def test_a_quantile_of_many() -> None:
    spans = [(tally.span_of(1), 95), (tally.span_of(100), 5)]
    assert tally.quantile(spans, 0.95) == pytest.approx(1, rel=0.05)
    assert tally.quantile(spans, 0.96) == pytest.approx(100, rel=0.05)
    assert tally.quantile([], 0.5) is None


def test_a_chart_breaks_where_nothing_was_counted() -> None:
    begin = datetime.fromisoformat("2026-11-23T00:00:00+07:00")
    steps = [
        pulse.Step(begin + index * pulse.STEP, rate, backlog)
        for index, (rate, backlog) in enumerate([(1.0, 3), (2.0, 4), (None, None), (4.0, 9)])
    ]
    drawn = chart.draw(steps, [])
    assert drawn.today.count("M") == 2
    assert (drawn.grid[-1].text, drawn.most_backlog) == ("4", "10")
    assert [row[1].rate for row in chart.rows(steps, [])] == [4.0, 2.0, 1.0]
    assert chart.draw([], []).now is None


def test_the_page_shows_trouble_and_an_officer_only_that_of_the_subtree(country: Country) -> None:
    busy(country)
    tally.keep(now() + timedelta(seconds=1), since=now() - timedelta(minutes=2))
    Delivery.objects.filter(agency_id="G12").update(submitted_at=now() - timedelta(hours=5))
    System.objects.filter(code="H26").update(last_contact_at=now() - timedelta(hours=2))
    page = html.document_fromstring(sit_down().get("/console/").content.decode())
    said = " ".join(page.xpath("//main")[0].text_content().split())
    for words in ("5 giờ", "VP Chính phủ → Bộ Tài chính", "Hà Nội", "Nơi nhận không tồn tại", "Theo độ khẩn"):
        assert words in said, words
    assert page.xpath("//svg[@role='img']")
    of_h41 = sit_down(Role.AGENCY, "H41").get("/console/").content.decode()
    for words in ("Bộ Tài chính", "Hà Nội", "Theo độ khẩn", "Nơi nhận không tồn tại"):
        assert words not in of_h41, words
    assert "Mọi văn bản đã tới nơi" in of_h41
    of_g12 = sit_down(Role.AGENCY, "G12").get("/console/").content.decode()
    assert "Bộ Tài chính" in of_g12


def test_the_figures_are_sent_again_only_when_they_changed(country: Country) -> None:
    operator = sit_down()
    first = operator.get("/console/tong-quan/")
    again = operator.get("/console/tong-quan/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    submit(country.native("G22"), make_document())
    changed = operator.get("/console/tong-quan/", headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    operator.post("/console/ngon-ngu/", {"language": "en", "next": "/console/"})
    english = operator.get("/console/tong-quan/", headers={"If-None-Match": changed["ETag"]})
    assert (english.status_code, "Backlog" in english.content.decode()) == (200, True)


def test_what_is_refused_has_its_words() -> None:
    codes = {each.code for each in vars(problems).values() if isinstance(each, type) and issubclass(each, Problem)}
    assert set(PROBLEMS) <= codes
