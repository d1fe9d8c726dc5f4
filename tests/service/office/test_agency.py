"""The page of the agency's facts: who changes what, with which decision, told from what to what, and never blindly."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.test import Client
from lxml import html
from pypdf import PdfReader

from lienthong.journal.models import Event
from lienthong.office.config import blobs
from lienthong.office.models import DirectoryAgency, Organization
from lienthong.office.outgoing.drafting import current_version
from lienthong.office.people import agency, setup
from lienthong.runtime.demo.cast import G22, H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, drafted, install, now

PLACE = "/co-quan/"
AGENCY_EVENTS = ("agency.changed", "agency.presentation_policy_set")
DECISION = "12/QĐ-VPCP ngày 02/11/2026"


def form(client: Client, act: str, **changes: str) -> dict[str, str]:
    """The page's form as it stands, with what somebody changes in it."""
    page = html.fromstring(client.get(PLACE).content)
    found = page.xpath(f"//dialog[@id='{act}']//form")[0]
    said = {field: str(value) for field, value in found.fields.items() if field != "csrfmiddlewaretoken"}
    return {**said, "act": act, **({"reference": DECISION} if act == "decide" else {}), **changes}


def problem(client: Client, told: Mapping[str, str]) -> str:
    """The code of the refusal."""
    answer = client.post(PLACE, told)
    found = html.fromstring(answer.content).xpath("//@data-problem")
    assert answer.status_code >= 400, answer.status_code
    return str(found[0]) if found else str(answer.status_code)


def stored() -> Organization:
    return Organization.objects.get(code="G22")


@pytest.mark.law("SEC-6")
def test_the_administrator_changes_what_the_agency_is_called_and_the_journal_says_from_what_to_what(
    office: Office,
) -> None:
    client = office.client("quan.tri")
    changed = form(client, "facts", place="Thành phố Huế", email=" vp@chinhphu.gov.vn ", telephone="024 3804 5678")
    assert client.post(PLACE, changed).status_code == 302
    assert (stored().place, stored().email) == ("Thành phố Huế", "vp@chinhphu.gov.vn")
    event = Event.objects.get(name="agency.changed")
    assert (event.actor, event.agency, event.subject) == ("quan.tri.g22", "G22", "G22")
    assert event.data["changes"] == {
        "place": ["Hà Nội", "Thành phố Huế"], "email": ["", "vp@chinhphu.gov.vn"], "telephone": ["", "024 3804 5678"],
    }  # fmt: skip
    page = html.fromstring(client.get(PLACE).content)
    told = page.xpath("//tr[@data-change='agency.changed']")[0].text_content()
    assert "Hà Nội" in told
    assert "Thành phố Huế" in told
    assert office["quan.tri"].full_name in told
    assert client.post(PLACE, form(client, "facts")).status_code == 302  # nothing new, nothing told
    assert Event.objects.filter(name="agency.changed").count() == 1


def test_what_is_changed_stands_on_the_next_document(office: Office) -> None:
    client = office.client("quan.tri")
    before = drafted(office)
    client.post(PLACE, form(client, "facts", place="Thành phố Huế", superior_name="Chính phủ"))
    client.post(PLACE, form(client, "decide", abbreviation="VPCPVN"))
    office.organization.refresh_from_db()
    for person in office.people.values():
        person.refresh_from_db()
    drafter = Client()
    drafter.force_login(office["chuyen.vien"].user)
    said = {
        "type": "Quyết định", "subject": "Về việc ban hành Quy chế", "body": "Điều 1. Ban hành Quy chế./.",
        "signer": str(office["lanh.dao"].pk), "recipients_text": "- Lưu: VT.", "urgency": "0",
    }  # fmt: skip
    answer = drafter.post("/van-ban-di/soan/", said)
    document = office.organization.outgoing.latest("pk")
    assert answer.status_code == 302
    assert document.notation == "QĐ-VPCPVN"
    with blobs().open(current_version(document).digest) as file:
        text = PdfReader(file).pages[0].extract_text()
    assert "Thành phố Huế" in text
    assert "CHÍNH PHỦ" in text
    before.refresh_from_db()
    assert before.notation == "QĐ-VPCP"  # as it was laid out


@pytest.mark.law("R-6.4-1")
def test_what_the_head_decides_is_recorded_with_the_decision_by_the_head_or_the_administrator(office: Office) -> None:
    leader = office.client("lanh.dao")
    told = form(leader, "decide", presentation_policy="block", morning_ends="12:00")
    assert problem(leader, {**told, "reference": " "}) == "missing"
    assert leader.post(PLACE, told).status_code == 302
    assert (stored().presentation_policy, f"{stored().morning_ends:%H:%M}") == ("block", "12:00")
    policy = Event.objects.get(name="agency.presentation_policy_set")
    assert policy.data == {"policy": "block", "before": "warn", "reference": DECISION}
    assert Event.objects.get(name="agency.changed").data["changes"] == {"morning_ends": ["11:30", "12:00"]}
    page = html.fromstring(leader.get(PLACE).content).text_content()
    assert "chặn, trừ khi nêu lý do" in page
    assert page.count(DECISION) == 2
    administrator = office.client("quan.tri")
    assert administrator.post(PLACE, form(administrator, "decide", presentation_policy="warn")).status_code == 302
    assert stored().presentation_policy == "warn"


def test_who_opened_the_form_before_another_saved_is_told_so_and_writes_over_nothing(office: Office) -> None:
    first, second = office.client("quan.tri"), office.client("lanh.dao")
    old = form(first, "decide", abbreviation="VPA")
    assert second.post(PLACE, form(second, "decide", abbreviation="VPB")).status_code == 302
    answer = first.post(PLACE, old)
    page = html.fromstring(answer.content)
    assert answer.status_code == 409
    assert page.xpath("//@data-problem") == ["changed_meanwhile"]
    assert office["lanh.dao"].full_name in page.xpath("//*[@data-problem]")[0].text_content()
    assert page.xpath("//dialog[@id='decide']//input[@name='abbreviation']/@value") == ["VPA"]  # what was typed stays
    assert "VPB" in page.xpath("//*[@data-stored='abbreviation']")[0].text_content()
    assert stored().abbreviation == "VPB"
    said = page.xpath("//dialog[@id='decide']//form")[0].fields
    assert first.post(PLACE, {**dict(said), "act": "decide"}).status_code == 302  # now knowing it
    assert stored().abbreviation == "VPA"
    assert office.client("quan.tri").post(PLACE, form(first, "facts", place="Huế")).status_code == 302  # another form


@pytest.mark.parametrize(
    ("act", "field", "text", "said_en"),
    [
        ("facts", "name", " ", "Name of the agency: it is missing"),
        ("facts", "name", "x" * 201, "more than 200 characters"),
        ("facts", "place", "hà Nội", "begins with a capital"),
        ("facts", "email", "không phải", "no e-mail address"),
        ("facts", "telephone", "gọi sau", "digits, spaces"),
        ("facts", "alias", "000.00.00.H41", "directory has no such code"),
        ("decide", "abbreviation", "VP CP", "letters and digits"),
        ("decide", "abbreviation", "VP/CP", "letters and digits"),
        ("decide", "abbreviation", "", "it is missing"),
        ("decide", "presentation_policy", "ask", "choose to warn or to block"),
        ("decide", "morning_ends", "sáng", "no time of day"),
        ("decide", "morning_ends", "23:59", "between 10:00 and 13:00"),
    ],
)
def test_what_cannot_be_right_is_named_in_both_languages(
    office: Office, act: str, field: str, text: str, said_en: str
) -> None:
    client = office.client("quan.tri")
    told = form(client, act, **{field: text})
    assert problem(client, told) == "bad_fact"
    client.post("/ngon-ngu/", {"language": "en", "next": PLACE})
    assert said_en in client.post(PLACE, told).content.decode()
    assert not Event.objects.filter(name__in=AGENCY_EVENTS).exists()


def test_the_code_in_packets_is_one_that_the_directory_spells(office: Office) -> None:
    client = office.client("quan.tri")
    DirectoryAgency.objects.filter(code="G22").update(aliases=["000.00.00.G22", "00.00.00.G22"])
    assert client.post(PLACE, form(client, "facts", alias="00.00.00.G22")).status_code == 302
    assert stored().alias == "00.00.00.G22"


@pytest.mark.law("SEC-6")
def test_nobody_else_changes_anything_and_another_agency_changes_its_own(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    other = install(H41, authority, tmp_path)
    told = {act: form(office.client("quan.tri"), act) for act in ("facts", "decide")}
    told["facts"]["place"], told["decide"]["abbreviation"] = "Huế", "KHAC"
    for login in ("van.thu", "kiem.tra", "chuyen.vien", "truong.dv", "the.thuc"):
        for one in told.values():
            assert problem(office.client(login), one) == "forbidden", login
    assert problem(office.client("lanh.dao"), told["facts"]) == "forbidden"
    assert problem(other.client("quan.tri"), told["decide"]) == "changed_meanwhile"  # their own agency, not this one
    assert problem(office.client("quan.tri"), {**told["facts"], "act": "việc khác"}) == "missing"
    assert (stored().place, stored().abbreviation) == (G22.place, G22.abbreviation)
    assert not Event.objects.filter(name__in=AGENCY_EVENTS).exists()


def test_no_agency_is_written_with_the_code_of_another(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    DirectoryAgency.objects.all().delete()
    listed = {"connected": True, "open": True, "search_key": "", "name": "Tỉnh khác"}
    DirectoryAgency.objects.create(code="H26", aliases=["000.00.00.H26"], **listed)
    install(H41, authority, tmp_path)
    client = office.client("quan.tri")
    for taken in ("H26", "000.00.00.H26", "H41", "000.00.00.H41"):
        answer = client.post(PLACE, form(client, "facts", alias=taken)).content.decode()
        assert "là mã của cơ quan khác" in answer, taken
    assert client.post(PLACE, form(client, "facts", alias="G22")).status_code == 302
    assert stored().alias == "G22"


def test_set_up_again_leaves_what_the_agency_keeps_itself(office: Office) -> None:
    client = office.client("quan.tri")
    client.post(PLACE, form(client, "facts", place="Huế"))
    setup.install_agency(setup.AgencyFacts("G22", "000.00.00.G22", "Tên khác", "Khác", "K", "Hà Nội"))
    assert (stored().name, stored().place) == (G22.name, "Huế")
    agency.amend(stored(), {"place": "Vinh"}, setup.SETUP, at=now())  # what the command does for a known agency
    event = Event.objects.filter(name="agency.changed").latest("pk")
    assert (event.actor_kind, event.data["changes"]) == ("service", {"place": ["Huế", "Vinh"]})
    assert "Vinh" in client.get(PLACE).content.decode()
