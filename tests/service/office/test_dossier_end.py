"""The end of a dossier, the order that freezes it, and who keeps it next (Decree 30/2020, Articles 29.4, 31.3đ; Annex VI,
IV.1g)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from lienthong.journal.models import Event
from lienthong.office.models import Dossier, DossierItem, Notice, RecallOrder
from lienthong.office.people import setup
from tests.service.office.conftest import Office, drafted, now, press
from tests.service.office.dossiers import TODAY, act, closed, facts, opened, page, said, submitted, taken, with_material
from tests.service.office.furnished import yesterday
from tests.service.office.test_dossiers import at_work, bystander, file
from tests.service.office.test_incoming import LETTER, MemoryHub, recalled
from tests.service.office.test_law_incoming import press as press_in

WHY = "Lý do đủ dài để ghi"


def ending(dossier: Dossier, **changes: object) -> dict[str, object]:
    """What the form of the end says."""
    return {
        "title": dossier.title, "code": dossier.code, "retention": "20", "ended_on": TODAY().isoformat(), **changes,
    }  # fmt: skip


@pytest.mark.law("D30-29-2")
def test_at_its_end_drafts_and_duplicates_are_named_retention_is_set_anew_and_it_is_frozen(office: Office) -> None:
    dossier, draft = opened(office), drafted(office)
    assert act(office, "chuyen.vien", dossier, "close", **ending(dossier)) == "dossier_empty"
    for _ in range(2):
        with_material(office, dossier)
    assert file(office, "chuyen.vien", draft, dossier) == ""
    shown = page(office, "chuyen.vien", dossier)
    named = {item.ordinal: item.pk for item in dossier.items.all()}
    for ordinal, why in ((2, "duplicate"), (3, "draft")):
        assert f'name="take_out" value="{named[ordinal]}"' in shown
        assert f'name="why-{named[ordinal]}" value="{why}"' in shown
    assert f'name="take_out" value="{named[1]}"' not in shown
    for changes, code in (
        ({"title": ""}, "missing"), ({"ended_on": ""}, "missing"), ({"retention": "-1"}, "bad_retention"),
        ({"ended_on": (TODAY() + timedelta(days=1)).isoformat()}, "bad_time"), ({"ended_on": "2025-12-31"}, "bad_time"),
        ({"take_out": named[3], f"why-{named[3]}": "never"}, "missing"),
    ):  # fmt: skip
        assert act(office, "chuyen.vien", dossier, "close", **ending(dossier, **changes)) == code, changes
    final = ending(
        dossier, title="Rà soát thủ tục năm 2026", take_out=[named[2], named[3]],
        **{f"why-{named[2]}": "duplicate", f"why-{named[3]}": "draft"},
    )  # fmt: skip
    assert act(office, "chuyen.vien", dossier, "close", **final) == ""
    assert (dossier.state, dossier.title, dossier.retention_years) == ("closed", "Rà soát thủ tục năm 2026", 20)
    gone = dossier.items.exclude(removed_at=None).order_by("ordinal")
    assert [(one.ordinal, one.removed_for) for one in gone] == [(2, "duplicate"), (3, "draft")]
    # Nothing comes in, nothing goes out, nothing is changed.
    first = dossier.items.get(ordinal=1)
    for name, form in (
        ("take_out", {"item": first.pk, "why": "draft"}), ("say", {"text": "Muộn"}), ("progress", {"progress": "5"}),
        ("change", facts(act="change")), ("member", {"person": office["van.thu"].pk}),
        ("put", {"document": f"outgoing-{draft.pk}"}), ("close", ending(dossier)),
    ):  # fmt: skip
        form.pop("act", None)
        assert act(office, "chuyen.vien", dossier, name, **form) == "dossier_shut", name
    assert file(office, "chuyen.vien", draft, dossier) == "missing"  # no open dossier of theirs
    assert dossier.items.filter(removed_at=None).count() == 1


@pytest.mark.law("D30-29-2")
def test_it_is_opened_again_by_who_answers_for_the_records_with_a_reason(office: Office) -> None:
    dossier = closed(office, ended_on=TODAY())
    for login in ("chuyen.vien", "truong.dv"):
        assert act(office, login, dossier, "reopen", reason=WHY) == "forbidden"
    assert act(office, "lanh.dao", dossier, "reopen", reason="ngắn") == "reason_needed"
    head = setup.install_person(office.organization, login="truong.hc", name="Trưởng HC", password="x", at=now())
    setup.install_post(head, office.units["HC"], "unit_head", position="Vụ trưởng", since=yesterday())
    office.people["truong.hc"] = head
    # The head of the clerks' unit answers for the records; to see it, they must be let in by its state.
    assert office.client("truong.hc").get(f"/ho-so/{dossier.pk}/").status_code == 200
    assert act(office, "truong.hc", dossier, "reopen", reason=WHY) == ""
    assert (dossier.state, dossier.submit_by) == ("open", None)
    assert Event.objects.get(name="dossier.reopened").data["reason"] == WHY
    assert act(office, "chuyen.vien", dossier, "say", text="Bổ sung") == ""
    assert act(office, "lanh.dao", dossier, "reopen", reason=WHY) == "illegal_move"


@pytest.mark.law("AVI-ADM")
@pytest.mark.refuses("AVI-ADM")
def test_an_order_freezes_a_dossier_and_its_documents_until_it_is_lifted(office: Office, hub: MemoryHub) -> None:
    dossier, draft, letter = opened(office), drafted(office), at_work(office, hub)
    for document in (draft, letter):
        assert file(office, "chuyen.vien", document, dossier) == ""
    order = {"reference": "Công văn 12/TTCP ngày 02/11/2026", "reason": WHY}
    for login in ("chuyen.vien", "truong.dv"):
        assert act(office, login, dossier, "hold", **order) == "forbidden"
    assert act(office, "lanh.dao", dossier, "hold", **{**order, "reference": " "}) == "missing"
    assert act(office, "lanh.dao", dossier, "hold", **{**order, "reason": "x"}) == "reason_needed"
    assert act(office, "lanh.dao", dossier, "hold", **order) == ""
    assert "data-hold" in page(office, "chuyen.vien", dossier)
    item = dossier.items.first()
    assert item is not None
    for name, form in (
        ("take_out", {"item": item.pk, "why": "draft"}), ("say", {"text": "x"}), ("progress", {"progress": "5"}),
        ("change", facts()), ("member", {"person": office["van.thu"].pk}), ("close", ending(dossier)),
    ):  # fmt: skip
        form.pop("act", None)
        assert act(office, "chuyen.vien", dossier, name, **form) == "held", name
    assert act(office, "lanh.dao", dossier, "hold", **order) == "held"
    # The draft in it is not changed either, wherever one tries.
    form = {
        "type": "Quyết định", "subject": "Đổi", "signer": office["lanh.dao"].pk, "body": "Điều 1. Khác./.",
        "recipients": ["H41"], "recipients_text": "- Lưu: VT.",
    }  # fmt: skip
    assert said(office.client("chuyen.vien").post(f"/van-ban-di/{draft.pk}/soan/", form)) == "held"
    enclosed = SimpleUploadedFile("bang.csv", b"a,b\n", "text/csv")
    assert press(office, "chuyen.vien", draft, "enclose", file=enclosed) == "held"
    # A recall closes the letter, and destroys nothing while the order stands (R-9.2-2).
    recalled(hub)
    assert press_in(office, "van.thu", letter, "obey") == "held"
    read = office.client("chuyen.vien").get(f"/van-ban-den/{letter.pk}/tep/{letter.files.first().pk}/")
    assert read.status_code == 409
    assert RecallOrder.objects.get().state == "pending"
    assert act(office, "chuyen.vien", dossier, "lift", reason=WHY) == "forbidden"
    assert act(office, "lanh.dao", dossier, "lift", reason=WHY) == ""
    assert act(office, "lanh.dao", dossier, "lift", reason=WHY) == "missing"
    assert press_in(office, "van.thu", letter, "obey") == ""
    assert "đã hủy nội dung theo thu hồi" in page(office, "chuyen.vien", dossier)  # its place stays, and says so
    assert LETTER.subject not in page(office, "chuyen.vien", dossier)
    held = Event.objects.filter(subject_kind="dossier", name__in=("dossier.held", "dossier.released"))
    assert held.count() == 2


@pytest.mark.law("AVI-ADM")
@pytest.mark.refuses("AVI-ADM")
def test_what_an_order_freezes_is_not_handed_in_nor_opened_again(office: Office) -> None:
    dossier = closed(office, ended_on=TODAY())
    assert act(office, "lanh.dao", dossier, "hold", reference="1/QĐ", reason=WHY) == ""
    form = {"act": "submit", "dossier": [dossier.pk], "title": "Hồ sơ"}
    assert said(office.client("chuyen.vien").post("/ho-so/nop-luu/", form)) == "held"
    assert act(office, "lanh.dao", dossier, "reopen", reason=WHY) == "held"
    dossier.refresh_from_db()
    assert dossier.state == "closed"


@pytest.mark.law("AVI-ADM", "D30-30-2")
def test_an_order_keeps_back_its_own_dossier_and_the_others_are_handed_in(office: Office) -> None:
    frozen, free = closed(office, ended_on=TODAY()), closed(office, ended_on=TODAY(), code="06.KSTT")
    assert act(office, "lanh.dao", frozen, "hold", reference="1/QĐ", reason=WHY) == ""
    made = submitted(office, frozen, free)
    frozen.refresh_from_db()
    free.refresh_from_db()
    assert (frozen.state, free.state) == ("closed", "submitted")
    shown = office.client("chuyen.vien").get(f"/ho-so/nop-luu/{made.pk}/").content.decode()
    assert 'data-left-out="1"' in shown
    assert ">05.KSTT</a>" in shown
    assert 'data-dossier="05.KSTT"' not in shown
    assert Event.objects.get(name="dossier.left_out").subject == str(frozen.pk)
    # Lifted, it goes; held once more on its way, it waits apart while the archive answers for the others.
    assert act(office, "lanh.dao", frozen, "lift", reason=WHY) == ""
    other = closed(office, ended_on=TODAY(), code="07.KSTT")
    again = submitted(office, frozen, other)
    assert act(office, "lanh.dao", frozen, "hold", reference="2/QĐ", reason=WHY) == ""
    place = f"/ho-so/nop-luu/{again.pk}/"
    assert said(office.client("van.thu").post(place, {"act": "take_over"})) == ""
    frozen.refresh_from_db()
    other.refresh_from_db()
    assert (frozen.state, other.state) == ("submitted", "archived")
    assert [one.code for one in again.dossiers.all()] == ["07.KSTT"]
    assert ">05.KSTT</a>" in office.client("van.thu").get(place).content.decode()
    waits = frozen.submissions.get()
    assert (waits.state, waits.given_by) == ("handed_in", again.given_by)
    apart = f"/ho-so/nop-luu/{waits.pk}/"
    assert said(office.client("van.thu").post(apart, {"act": "take_over"})) == "held"
    assert act(office, "lanh.dao", frozen, "lift", reason=WHY) == ""
    assert said(office.client("van.thu").post(apart, {"act": "send_back", "reason": WHY})) == ""
    frozen.refresh_from_db()
    assert frozen.state == "closed"


@pytest.mark.law("AVI-3b")
def test_a_submission_names_to_nobody_the_dossiers_that_they_may_not_see(office: Office) -> None:
    """Whoever keeps one of the dossiers sees the submission; of the others, only that they are there."""
    mine = closed(office, ended_on=TODAY())
    theirs = closed(office, ended_on=TODAY(), code="06.KSTT", title="Việc riêng của người khác")
    taker = office.people["nguoi.doc"] = bystander(office)
    form = {"dossier": [mine.pk], "receiver": taker.pk, "reason": WHY}
    assert said(office.client("chuyen.vien").post("/ho-so/ban-giao/", form)) == ""
    made = submitted(office, mine, theirs, login="truong.dv")
    place = f"/ho-so/nop-luu/{made.pk}/"
    shown = office.client("nguoi.doc").get(place).content.decode()
    assert 'data-dossier="05.KSTT"' in shown
    for words in ("06.KSTT", "Việc riêng", f"/ho-so/{theirs.pk}/"):
        assert words not in shown
    assert "hồ sơ người xem không tham gia" in shown
    book = load_workbook(BytesIO(taken(office.client("nguoi.doc").get(f"{place}muc-luc/xlsx/"))))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert "05.KSTT" in cells
    assert not [cell for cell in cells if "06.KSTT" in cell or "Việc riêng" in cell]
    assert "Việc riêng của người khác" in office.client("van.thu").get(place).content.decode()


@pytest.mark.law("D30-31-1")
@pytest.mark.refuses("D30-31-1")
def test_who_leaves_hands_over_every_dossier_before_the_account_is_closed(office: Office, hub: MemoryHub) -> None:
    dossier, letter = opened(office), at_work(office, hub)
    other = closed(office, ended_on=TODAY(), code="06.KSTT")
    assert file(office, "chuyen.vien", letter, dossier) == ""
    leaver = office["chuyen.vien"]
    close = {"act": "close", "reason": WHY}
    account = f"/can-bo/{leaver.pk}/"
    refused = office.client("quan.tri").post(account, close)
    assert said(refused) == "dossiers_to_hand_over"
    assert "còn giữ 2 hồ sơ" in refused.content.decode()
    assert 'data-kept="2"' in office.client("quan.tri").get(account).content.decode()
    assert f"/ho-so/ban-giao/?nguoi={leaver.pk}" in office.client("lanh.dao").get(account).content.decode()
    taker = office.people["nguoi.doc"] = bystander(office)
    form = {"before": leaver.pk, "dossier": [dossier.pk, other.pk], "receiver": taker.pk, "reason": WHY}
    place = "/ho-so/ban-giao/"
    assert said(office.client("the.thuc").post(place, form)) == "not_found"
    assert said(office.client("quan.tri").post(place, form)) == "not_found"
    head: Client = office.client("truong.dv")
    assert 'data-kept="05.KSTT"' in head.get(f"{place}?nguoi={leaver.pk}").content.decode()
    assert said(head.post(place, {**form, "reason": "ngắn"})) == "reason_needed"
    assert said(head.post(place, {**form, "receiver": ""})) == "missing"
    assert said(head.post(place, {**form, "receiver": office["quan.tri"].pk})) == "missing"
    assert said(head.post(place, {**form, "dossier": []})) == "missing"
    assert said(head.post(place, form)) == ""
    for one in (dossier, other):
        one.refresh_from_db()
        assert one.keeper == taker
    assert Notice.objects.filter(person=taker, text__contains="Nhận bàn giao 2 hồ sơ").exists()
    # Whoever takes it over reads what its keeper could read there; the one before sees it no more.
    assert office.client("nguoi.doc").get(f"/van-ban-den/{letter.pk}/").status_code == 200
    assert office.client("chuyen.vien").get(f"/ho-so/{dossier.pk}/").status_code == 404
    moved = Event.objects.filter(name="dossier.handed_over").order_by("id").first()
    assert moved is not None
    assert (moved.data["before"], moved.data["keeper"]) == ("chuyen.vien.g22", "nguoi.doc")
    assert said(office.client("quan.tri").post(account, close)) == ""
    # A closed account takes nothing over.
    back = {"before": taker.pk, "dossier": [dossier.pk], "receiver": leaver.pk, "reason": WHY}
    assert said(office.client("nguoi.doc").post(place, back)) == "missing"


@pytest.mark.law("D30-31-1")
def test_everybody_hands_over_the_own_and_leaders_those_of_all(office: Office) -> None:
    dossier = opened(office)
    place = "/ho-so/ban-giao/"
    form = {"dossier": [dossier.pk], "receiver": office["truong.dv"].pk, "reason": WHY}
    assert said(office.client("chuyen.vien").post(place, form)) == ""
    dossier.refresh_from_db()
    assert dossier.keeper == office["truong.dv"]
    back = {**form, "before": office["truong.dv"].pk, "receiver": office["the.thuc"].pk}
    assert said(office.client("lanh.dao").post(place, back)) == ""
    dossier.refresh_from_db()
    assert dossier.keeper == office["the.thuc"]
    # One that is on its way to the archive is handed over as well; one that the archive has is nobody's to hand over.
    other = closed(office, ended_on=TODAY(), code="08.KSTT")
    handed = submitted(office, other)
    assert said(office.client("van.thu").post(f"/ho-so/nop-luu/{handed.pk}/", {"act": "take_over"})) == ""
    assert said(office.client("chuyen.vien").post(place, {**form, "dossier": [other.pk]})) == "missing"
    assert DossierItem.objects.filter(dossier=other, shared=True).count() == 0
