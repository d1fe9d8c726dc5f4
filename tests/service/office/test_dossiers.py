"""Hồ sơ: opened beside the list, filled from documents' pages and from their own, and never a way to a document that one
may not read (Decree 30/2020, Article 29; Annex VI, III.3–4)."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.journal.models import AccessLog, Event
from lienthong.office import contents as bytes_kept
from lienthong.office.models import (
    Dossier,
    DossierItem,
    IncomingDocument,
    ListHabit,
    Material,
    Notice,
    OutgoingDocument,
    Person,
)
from lienthong.office.people import setup
from tests.museum.packets import document_packet
from tests.service.office.conftest import Office, drafted, issued, now
from tests.service.office.dossiers import SCAN, act, facts, opened, page, said, taken, with_material
from tests.service.office.furnished import _at_work, yesterday
from tests.service.office.test_incoming import LETTER, MemoryHub
from tests.service.office.test_law_incoming import received, stamped_pdf


def at_work(office: Office, hub: MemoryHub) -> IncomingDocument:
    """A document from elsewhere that the specialist works on."""
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    _at_work(document, office)
    return document


def file(
    office: Office, login: str, document: OutgoingDocument | IncomingDocument, dossier: Dossier, **form: object
) -> str:
    """The box on the document's page."""
    place = "van-ban-di" if isinstance(document, OutgoingDocument) else "van-ban-den"
    return said(office.client(login).post(f"/{place}/{document.pk}/", {"act": "file", "dossier": dossier.pk, **form}))


def rows(text: str) -> list[tuple[str, str]]:
    """Ordinal and whether it is seen, in the order of the page."""
    return re.findall(r'data-item="(\d+)" data-seen="(\w+)"', text)


@pytest.mark.law("D30-29-1")
def test_a_dossier_that_no_list_has_says_itself_what_it_is(office: Office) -> None:
    client = office.client("chuyen.vien")
    assert client.get("/ho-so/mo/").status_code == 200
    for form, code in (
        (facts(title=" "), "missing"),
        (facts(code=""), "missing"),
        (facts(retention=""), "bad_retention"),
        (facts(retention="0"), "bad_retention"),
        (facts(started_on=""), "missing"),
        (facts(due_on="2025-12-31"), "bad_time"),
        (facts(kind="other"), "missing"),
        ({"act": "nothing"}, "missing"),
    ):
        assert said(client.post("/ho-so/mo/", form)) == code, form
    for login in ("quan.tri", "kiem.tra"):
        assert said(office.client(login).post("/ho-so/mo/", facts())) == "forbidden"
    made = opened(office, retention="", for_ever="1")
    assert (made.code, made.year, made.retention, made.keeper) == ("05.KSTT", 2026, "Vĩnh viễn", office["chuyen.vien"])
    assert said(client.post("/ho-so/mo/", facts())) == "code_taken"
    listed = client.get("/ho-so/?q=r%C3%A0+so%C3%A1t").content.decode()
    assert 'data-dossier="05.KSTT"' in listed
    assert 'data-dossier="05.KSTT"' not in client.get("/ho-so/?q=kh%C3%B4ng").content.decode()


@pytest.mark.law("D30-29-2", "AVI-4b", "AVI-4c", "AVI-4g")
def test_documents_come_into_it_in_order_and_lie_there_in_the_order_of_time(office: Office, hub: MemoryHub) -> None:
    dossier, letter, decision = opened(office), at_work(office, hub), issued(office)
    with_material(office, dossier, dated_on="2026-01-10")
    assert file(office, "chuyen.vien", decision, dossier) == ""
    assert act(office, "chuyen.vien", dossier, "put", document=f"incoming-{letter.pk}") == ""
    shown = page(office, "chuyen.vien", dossier)
    assert LETTER.issued_on is not None
    assert decision.promulgated_on is not None
    assert LETTER.issued_on < decision.promulgated_on
    assert rows(shown) == [("1", "yes"), ("3", "yes"), ("2", "yes")]
    for words in (letter.printed_number, decision.printed_number, "Bảng tổng hợp"):
        assert words in shown
    total = sum(item.pages or 0 for item in dossier.items.all())
    assert total == 2  # of the decision, and of the file; that of the letter is no whole PDF, and has no pages
    assert f'data-total="3" data-pages="{total}"' in shown
    assert "≥ 2 trang" in " ".join(shown.split())
    # The document's page tells in which dossiers it is.
    there = office.client("chuyen.vien").get(f"/van-ban-den/{letter.pk}/").content.decode()
    assert f'data-dossier="{dossier.pk}"' in there
    assert act(office, "chuyen.vien", dossier, "put", document=f"incoming-{letter.pk}") == "already_in_dossier"
    # What was taken out keeps its number; what comes next gets another.
    item = dossier.items.get(incoming=letter)
    assert act(office, "chuyen.vien", dossier, "take_out", item=item.pk, why="never") == "missing"
    assert act(office, "chuyen.vien", dossier, "take_out", item=item.pk, why="misplaced") == ""
    assert act(office, "chuyen.vien", dossier, "put", document=f"incoming-{letter.pk}") == ""
    assert list(dossier.items.values_list("ordinal", flat=True)) == [1, 2, 3, 4]
    events = Event.objects.filter(subject_kind="dossier", name="dossier.put_in").order_by("id")
    assert [one.data["ordinal"] for one in events] == [1, 2, 3, 4]


@pytest.mark.law("AVI-4e", "AVI-4đ")
def test_one_document_lies_in_many_dossiers_of_many_people_without_a_copy(office: Office) -> None:
    first, second = opened(office), opened(office, "truong.dv", code="06.KSTT", title="Báo cáo năm")
    decision = issued(office)
    before = sorted(bytes_kept.blobs().older_than(now().timestamp() + 60))
    assert file(office, "chuyen.vien", decision, first) == ""
    assert file(office, "truong.dv", decision, second) == ""
    assert sorted(bytes_kept.blobs().older_than(now().timestamp() + 60)) == before
    assert DossierItem.objects.filter(outgoing=decision).count() == 2
    assert file(office, "chuyen.vien", decision, second) == "missing"  # a dossier of which one has no part
    listed = office.client("chuyen.vien").get("/ho-so/").content.decode()
    assert 'data-dossier="05.KSTT"' in listed
    assert 'data-dossier="06.KSTT"' not in listed
    both = office.client("truong.dv").get("/ho-so/").content.decode()  # heads the unit of the other
    assert 'data-dossier="05.KSTT"' in both
    assert 'data-dossier="06.KSTT"' in both


@pytest.mark.law("AVI-3b", "SEC-6")
def test_who_works_on_a_dossier_sees_it_and_none_of_its_documents_that_are_not_shared(
    office: Office, hub: MemoryHub
) -> None:
    dossier, letter, draft = opened(office), at_work(office, hub), drafted(office)
    helper = "the.thuc"
    assert office.client(helper).get(f"/ho-so/{dossier.pk}/").status_code == 404
    assert act(office, "chuyen.vien", dossier, "member", person=office["quan.tri"].pk) == "missing"
    assert act(office, "chuyen.vien", dossier, "member", person=office[helper].pk) == ""
    assert Notice.objects.filter(person=office[helper], link=f"/ho-so/{dossier.pk}/").exists()
    for document in (letter, draft):
        assert file(office, "chuyen.vien", document, dossier) == ""
    with_material(office, dossier)
    assert letter.subject not in page(office, helper, dossier)
    assert draft.subject not in page(office, helper, dossier)
    assert sorted(rows(page(office, helper, dossier))) == [("1", "no"), ("2", "no"), ("3", "yes")]
    assert office.client(helper).get(f"/van-ban-den/{letter.pk}/").status_code == 404
    made = Material.objects.get()
    assert taken(office.client(helper).get(f"/ho-so/{dossier.pk}/tai-lieu/{made.pk}/"))
    # Nobody puts in what they do not see, nor shares what they only read, nor a draft.
    assert act(office, helper, dossier, "put", document=f"incoming-{letter.pk}") == "not_found"
    assert file(office, "chuyen.vien", draft, opened(office, code="07.KSTT"), share="1") == "may_not_share"
    item = dossier.items.get(incoming=letter)
    assert act(office, "chuyen.vien", dossier, "take_out", item=item.pk, why="misplaced") == ""
    assert file(office, "chuyen.vien", letter, dossier, share="1") == ""
    assert letter.subject in page(office, helper, dossier)
    assert office.client(helper).get(f"/van-ban-den/{letter.pk}/").status_code == 200
    # Who works on it no more, sees neither.
    member = dossier.members.get()
    assert act(office, "chuyen.vien", dossier, "end_member", member=member.pk) == ""
    assert office.client(helper).get(f"/van-ban-den/{letter.pk}/").status_code == 404
    assert office.client(helper).get(f"/ho-so/{dossier.pk}/").status_code == 404


@pytest.mark.law("AVI-3b", "SEC-6")
def test_what_is_shared_in_a_dossier_shows_what_was_issued_and_nothing_of_how_it_came_about(office: Office) -> None:
    dossier, decision = opened(office), issued(office)
    reader = office.people["nguoi.doc"] = bystander(office)
    assert act(office, "chuyen.vien", dossier, "member", person=reader.pk) == ""
    assert file(office, "chuyen.vien", decision, dossier, share="1") == ""
    shown = office.client("nguoi.doc").get(f"/van-ban-di/{decision.pk}/").content.decode()
    for mark in ("data-review", "data-recipient", 'data-version="draft"'):
        assert mark not in shown, mark
    assert office.client("nguoi.doc").get(f"/van-ban-di/{decision.pk}/ban/1/").status_code == 404
    found = {login: [office.client(login).get("/tra-cuu/", {"q": decision.subject, **asked}).content.decode()
             for asked in ({}, {"lich-su": "di-chua-den"})] for login in ("nguoi.doc", "chuyen.vien")}  # fmt: skip
    place = f"/van-ban-di/{decision.pk}/"
    assert [place in each for each in found["chuyen.vien"]] == [True, True]
    assert [place in each for each in found["nguoi.doc"]] == [True, False]  # nor is it told by what is found
    assert file(office, "nguoi.doc", decision, opened(office, "nguoi.doc", code="09.TH"), share="1") == "may_not_share"


def bystander(office: Office) -> Person:
    """A specialist of a unit that has no part in anything."""
    made = setup.install_person(office.organization, login="nguoi.doc", name="Người Đọc", password="x", at=now())
    setup.install_post(made, office.units["TH"], "specialist", position="Chuyên viên", since=yesterday())
    return made


def test_opinions_progress_and_facts_are_of_who_works_on_it(office: Office) -> None:
    dossier = opened(office)
    assert act(office, "chuyen.vien", dossier, "member", person=office["the.thuc"].pk) == ""
    assert act(office, "the.thuc", dossier, "say", text="Đề nghị bổ sung số liệu") == ""
    assert act(office, "the.thuc", dossier, "say", text=" ") == "missing"
    assert "Đề nghị bổ sung số liệu" in page(office, "chuyen.vien", dossier)
    assert Notice.objects.filter(person=office["chuyen.vien"], text__contains="Ý kiến mới").exists()
    assert act(office, "the.thuc", dossier, "progress", progress="40") == ""
    assert dossier.progress == 40
    assert act(office, "the.thuc", dossier, "progress", progress="101") == "missing"
    for form in ("change", "member", "end_member", "close", "take_out"):
        person = office["van.thu"].pk
        refused = act(office, "the.thuc", dossier, form, **facts(act=form), ended_on="2026-01-06", person=person)
        assert refused in ("forbidden", "not_found"), form
    assert act(office, "the.thuc", dossier, "close", **facts(act="close"), ended_on="2026-01-06") == "forbidden"
    assert act(office, "the.thuc", dossier, "change", **facts(act="change")) == "forbidden"
    changed = facts(act="change", title="Rà soát, đơn giản hóa", due_on="2026-12-20")
    assert act(office, "truong.dv", dossier, "change", **changed) == ""  # the head answers for it as well
    assert dossier.title == "Rà soát, đơn giản hóa"
    assert Event.objects.get(name="dossier.changed", data__facts=["title", "due_on"])
    assert (
        act(office, "lanh.dao", dossier, "say", text="Không tham gia") == "forbidden"
    )  # who sees it need not work on it
    assert act(office, "chuyen.vien", dossier, "nothing") == "not_found"


def test_a_file_is_added_whole_and_taken_away_as_it_came(office: Office) -> None:
    dossier = opened(office)
    for form in ({"title": ""}, {"dated_on": ""}):
        told = {"title": "Ảnh", "dated_on": "2026-02-01", **form}
        upload = SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff", "image/jpeg")
        assert act(office, "chuyen.vien", dossier, "material", file=upload, **told) == "missing"
    assert act(office, "chuyen.vien", dossier, "material", title="Ảnh", dated_on="2026-02-01") == "missing"
    stamped = SimpleUploadedFile("mat.pdf", stamped_pdf(), "application/pdf")
    secret = {"title": "Công văn", "dated_on": "2026-02-01", "file": stamped}
    assert act(office, "chuyen.vien", dossier, "material", **secret) == "secret_document"
    assert not Material.objects.exists()
    with_material(office, dossier)
    made = Material.objects.get()
    address = f"/ho-so/{dossier.pk}/tai-lieu/{made.pk}/"
    answer = office.client("chuyen.vien").get(address)
    assert taken(answer) == SCAN
    assert bytes_kept.is_named(made.digest)
    noted = AccessLog.objects.filter(subject_kind="dossier", subject=str(dossier.pk), access="downloaded")
    assert noted.get().actor == "chuyen.vien.g22"
    item = dossier.items.get()
    assert act(office, "chuyen.vien", dossier, "take_out", item=item.pk, why="draft") == ""
    assert office.client("chuyen.vien").get(address).status_code == 404


def test_documents_are_found_from_the_dossiers_page_by_number_or_words(office: Office, hub: MemoryHub) -> None:
    dossier, letter, decision = opened(office), at_work(office, hub), issued(office)
    client = office.client("chuyen.vien")
    for question, wanted in (
        (letter.printed_number, f"incoming-{letter.pk}"),
        (str(decision.number), f"outgoing-{decision.pk}"),
        (decision.subject[:12], f"outgoing-{decision.pk}"),
    ):
        shown = client.get(f"/ho-so/{dossier.pk}/", {"tim": question}).content.decode()
        assert f'data-candidate="{wanted}"' in shown, question
    assert "data-candidate" not in client.get(f"/ho-so/{dossier.pk}/", {"tim": "không có gì"}).content.decode()
    assert act(office, "truong.dv", dossier, "member", person=office["the.thuc"].pk) == ""
    assert "data-candidate" not in office.client("the.thuc").get(
        f"/ho-so/{dossier.pk}/", {"tim": letter.printed_number}
    ).content.decode()  # fmt: skip
    assert act(office, "chuyen.vien", dossier, "put", document="egg-1") == "missing"


@pytest.mark.law("AVI-G3", "SEC-6")
def test_administrators_see_no_dossier(office: Office) -> None:
    dossier = opened(office)
    assert office.client("quan.tri").get(f"/ho-so/{dossier.pk}/").status_code == 404
    assert "data-dossier" not in office.client("quan.tri").get("/ho-so/").content.decode()
    assert office.client("lanh.dao").get(f"/ho-so/{dossier.pk}/").status_code == 200
    for login in ("van.thu", "kiem.tra", "the.thuc"):
        assert office.client(login).get(f"/ho-so/{dossier.pk}/").status_code == 404


def test_the_list_goes_on_below_the_last_line_of_a_page(office: Office) -> None:
    ListHabit.objects.create(person=office["chuyen.vien"], list="dos", rows=2)
    for number in range(3):
        opened(office, code=f"{number:02d}.KSTT")
    client = office.client("chuyen.vien")
    first = client.get("/ho-so/").content.decode()
    assert re.findall(r'data-dossier="(\S+)"', first) == ["02.KSTT", "01.KSTT"]
    below = re.findall(r"duoi=(\d+)", first)[0]
    assert re.findall(r'data-dossier="(\S+)"', client.get(f"/ho-so/?duoi={below}").content.decode()) == ["00.KSTT"]
