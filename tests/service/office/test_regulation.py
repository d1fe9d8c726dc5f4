"""«Quy chế, kế hoạch»: the regulation is kept, settings cite its clauses, and the year's documents stand against the plan."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from lxml import html

from lienthong.journal.models import Event
from lienthong.office import contents
from lienthong.office.models import PlanTarget, Regulation
from lienthong.office.outgoing import issuing
from tests.service.office.conftest import Office, drafted, issued, now, refusal, sealed

PLACE = "/co-quan/quy-che/"
PDF = b"%PDF-1.7 quy che"


def keep(client: Client, content: bytes = PDF, **changes: str) -> str:
    """Send the page's form; the code of the refusal."""
    said = {
        "act": "record", "reference": "12/QĐ-VPCP ngày 02/11/2026", "title": "Quy chế quản lý văn bản",
        "valid_from": timezone.localdate().isoformat(), "clause-morning_ends": "Điều 7.2", "clause-calendar": "Điều 9",
    }  # fmt: skip
    paper = SimpleUploadedFile("quy-che.pdf", content, "application/pdf")
    answer = client.post(PLACE, {**said, **changes, "paper": paper})
    return "" if answer.status_code == 302 else refusal(answer)


def line(client: Client, indicator: str) -> str:
    page = html.fromstring(client.get(PLACE).content)
    return " ".join(page.xpath(f"//tr[@data-indicator='{indicator}']")[0].text_content().split())


@pytest.mark.law("R-19.1a-1")
def test_the_regulation_is_kept_and_settings_cite_its_clauses(office: Office) -> None:
    client, clerk = office.client("quan.tri"), office.client("van.thu")
    assert keep(client) == ""
    made = Regulation.objects.get()
    shown = clerk.get(PLACE).content.decode()
    assert "Quy chế quản lý văn bản" in shown
    assert "Điều 9" in shown
    assert b"".join(clerk.get(f"{PLACE}{made.pk}/tep/").streaming_content) == PDF  # type: ignore[attr-defined]
    page = html.fromstring(clerk.get("/co-quan/").content)
    cited = page.xpath("//div[@data-fact='morning_ends']//*[@data-cited]")[0].text_content()
    assert "Điều 7.2 Quy chế 12/QĐ-VPCP ngày 02/11/2026" in cited
    assert page.xpath("//div[@data-fact='abbreviation']//*[@data-cited]") == []
    assert contents.is_named(made.digest)
    assert made.digest in set(contents.all_named())
    event = Event.objects.get(name="regulation.recorded")
    assert event.data["clauses"] == {"morning_ends": "Điều 7.2", "calendar": "Điều 9"}


def test_the_next_regulation_takes_its_place_on_its_day_and_the_former_stays(office: Office) -> None:
    client = office.client("lanh.dao")
    assert keep(client) == ""
    later = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert keep(client, title="Quy chế mới", valid_from=later) == ""
    page = html.fromstring(client.get(PLACE).content)
    assert "Quy chế quản lý" in page.xpath("//section[@data-regulation]")[0].text_content(), (
        "the new one is not in force yet"
    )
    assert "Quy chế mới" in page.text_content()


def test_what_is_no_regulation_is_refused_by_name(office: Office) -> None:
    client = office.client("quan.tri")
    assert keep(client, b"PK") == "not_pdf"
    assert keep(client, reference=" ") == "missing"
    assert keep(client, title="") == "missing"
    assert keep(client, valid_from="") == "missing"
    assert keep(office.client("van.thu")) == "forbidden"
    assert Regulation.objects.count() == 0


@pytest.mark.law("R-19.2-1", "C-11", "C-10")
def test_the_documents_of_the_year_stand_against_the_plan(office: Office) -> None:
    client = office.client("quan.tri")
    assert line(client, "electronic").endswith("– – 0 / 0 – –"), "nothing was issued, nothing is planned"
    issued(office)
    on_paper = sealed(office)
    last = on_paper.recipients.last()
    assert last is not None
    issuing.put_on_paper(last, reason="connection", actor=office["van.thu"], at=now())
    issuing.issue(on_paper, actor=office["van.thu"], at=now(), incomplete="Phụ lục gửi sau")
    drafted(office)
    plan = {
        "act": "plan",
        "reference": "45/KH ngày 05/01/2026",
        "electronic": "95",
        "with_paper": "50",
        "signed_by_both": "100",
    }
    assert client.post(PLACE, plan).status_code == 302
    assert "≥ 95 % 50 % 1 / 2 chưa đạt" in line(client, "electronic")
    assert "≤ 50 % 50 % 1 / 2 đạt" in line(client, "with_paper")
    assert "≥ 100 % 100 % 2 / 2 đạt" in line(client, "signed_by_both")
    assert client.post(PLACE, {**plan, "electronic": "40"}).status_code == 302
    assert "≥ 40 % 50 % 1 / 2 đạt" in line(client, "electronic")
    assert PlanTarget.objects.count() == 4, (
        "what was planned before stays known, and what is the same is not written again"
    )
    changes = [event.data["changes"] for event in Event.objects.filter(name="plan.targets_set").order_by("id")]
    assert changes[1] == {"electronic": [95, 40]}
    for wrong in ({"reference": ""}, {"electronic": "101"}, {"electronic": "x"}):
        assert refusal(client.post(PLACE, {**plan, **wrong})) == "missing"
    assert refusal(client.post(PLACE, {"act": "plan", "reference": "1/KH"})) == "missing"
    assert refusal(office.client("van.thu").post(PLACE, plan)) == "forbidden"
