"""What systems ask of the directory: within their own subtree, filed, and applied at once only where that was agreed."""

import json

import pytest

from lienthong.hub import agencies, requests, systems
from lienthong.hub.models import Agency, ChangeRequest, CodeChange
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.protocol.problems import BadRequest, NotYourSubtree
from lienthong.testing.vxp_client import JavaClient
from tests.service.hub.conftest import Country, make_document, now, submit

OFFICER = Actor("person", "can.bo", "Cán bộ danh mục")
SYSTEM = "000.00.00.H41"


@pytest.fixture
def province(old_country: Country) -> JavaClient:
    """The client of H41, which has a department below it."""
    agencies.add_agency("H41.05", name="Sở Nội vụ", parent="H41", aliases=["000.00.05.H41"], at=now())
    return old_country.java("H41")


@pytest.fixture
def trusted(province: JavaClient) -> JavaClient:
    """The same, and what it registers holds at once."""
    systems.set_approval(SYSTEM, automatic=True, at=now())
    return province


def refused(answer: dict[str, str]) -> str:
    assert answer["status"] == "FAIL"
    assert answer["ErrorDesc"]
    return answer["ErrorCode"]


@pytest.mark.law("R-19.1c-1")
def test_ok_means_filed_and_the_registry_decides(province: JavaClient) -> None:
    answer = province.register_agency("H41.07", "Sở Y tế", parent="000.00.00.H41", mail="soyte@nghean.gov.vn")
    assert (answer["status"], answer["ErrorCode"]) == ("OK", "0")
    assert not Agency.objects.filter(code="H41.07").exists()
    asked = ChangeRequest.objects.get()
    assert (asked.system_id, asked.code, asked.state) == (SYSTEM, "H41.07", "filed")
    assert (asked.wish["act"], asked.wish["parent"], asked.wish["mail"]) == ("register", "H41", "soyte@nghean.gov.vn")
    requests.approve(asked.pk, by=OFFICER, at=now())
    assert Agency.objects.get(code="H41.07").parent_id == "H41"
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("applied", "can.bo")
    for rows in (province.agencies(), province.agencies_qd20(level=""), province.synchronize_units()):
        assert {row["id"]: row["mail"] for row in rows} == {
            **dict.fromkeys(["G12", "G22", "H26", "H41", "H41.05"], ""),
            "H41.07": "soyte@nghean.gov.vn",
        }
    names = Event.objects.filter(name__startswith="agency.change").order_by("id").values_list("name", flat=True)
    assert list(names) == ["agency.change_filed", "agency.change_applied"]
    with pytest.raises(ValueError, match="đang chờ"):
        requests.approve(asked.pk, by=OFFICER, at=now())


def test_a_refusal_keeps_its_reason_and_changes_nothing(province: JavaClient) -> None:
    province.delete_agency("H41.05")
    asked = requests.refuse(ChangeRequest.objects.get().pk, by=OFFICER, reason="Chưa có quyết định", at=now())
    assert (asked.state, asked.reason) == ("refused", "Chưa có quyết định")
    assert Agency.objects.get(code="H41.05").open
    with pytest.raises(ValueError, match="đang chờ"):
        requests.refuse(asked.pk, by=OFFICER, reason="lần nữa", at=now())


def test_a_repeat_finds_the_wish_that_waits(province: JavaClient) -> None:
    for _ in range(3):
        assert province.register_agency("H41.07", "Sở Y tế", parent="H41")["status"] == "OK"
    assert ChangeRequest.objects.count() == 1
    province.register_agency("H41.07", "Sở Y tế tỉnh", parent="H41")
    assert ChangeRequest.objects.count() == 2


@pytest.mark.law("R-19.1d-1")
def test_a_trusted_system_is_answered_at_once_and_receives_for_the_new_unit(
    old_country: Country, trusted: JavaClient
) -> None:
    assert trusted.register_agency("H41.05.01", "Chi cục Văn thư", parent="000.00.05.H41")["status"] == "OK"
    unit = Agency.objects.get(code="H41.05.01")
    assert (unit.parent_id, unit.system_id) == ("H41.05", SYSTEM)
    submit(old_country.native("H26"), make_document(("H41.05.01",), sender="H26"))
    assert [row["to"] for row in trusted.received()] == ["H41.05.01"]
    assert trusted.register_agency("H41.05.01", "Chi cục Văn thư - Lưu trữ", parent="")["status"] == "OK"
    unit.refresh_from_db()
    assert (unit.name, unit.parent_id) == ("Chi cục Văn thư - Lưu trữ", "H41.05")


@pytest.mark.law("R-16.1-1")
@pytest.mark.refuses("R-16.1-1")
def test_deleting_closes_and_never_erases(old_country: Country, trusted: JavaClient) -> None:
    submit(old_country.native("H26"), make_document(("H41",), sender="H26"))
    assert trusted.delete_agency("000.00.05.H41")["status"] == "OK"
    closed = Agency.objects.get(code="H41.05")
    assert (closed.open, closed.name) == (False, "Sở Nội vụ")
    assert Event.objects.filter(name="code_change.in_force", data__codes=["H41.05"]).count() == 1
    assert trusted.delete_agency("H41.05")["status"] == "OK"  # a repeat
    assert Event.objects.filter(name="code_change.in_force", data__codes=["H41.05"]).count() == 1
    assert refused(trusted.register_agency("H41.05", "Sở Nội vụ mới", parent="H41")) == "23"
    assert {row["id"]: row["deleted"] for row in trusted.synchronize_units()}["H41.05"] is True


def test_its_own_agency_is_the_registrys_to_decide_even_so(trusted: JavaClient) -> None:
    assert trusted.delete_agency("H41")["status"] == "OK"
    assert Agency.objects.get(code="H41").open
    assert trusted.register_agency("H41", "UBND tỉnh Nghệ An", parent="")["status"] == "OK"
    assert Agency.objects.get(code="H41").name == "Ủy ban nhân dân tỉnh Nghệ An"
    assert ChangeRequest.objects.filter(state="filed").count() == 2


@pytest.mark.law("R-19.1c-1", "R-3.4-1")
@pytest.mark.refuses("R-19.1c-1")
@pytest.mark.parametrize(
    ("code", "parent"),
    [("H26.01", "H26"), ("H26", "H41"), ("H99", "H98"), ("H41.05", "H26"), ("H26", "")],
    ids=["below another", "another's agency", "below nobody", "its own moved away", "another's without a parent"],
)
def test_outside_its_subtree_a_system_asks_for_nothing(trusted: JavaClient, code: str, parent: str) -> None:
    assert refused(trusted.register_agency(code, "Tên", parent=parent)) == "19"
    assert not ChangeRequest.objects.exists()
    assert Agency.objects.filter(code__startswith="H26").count() == 1


@pytest.mark.law("R-19.1c-1")
@pytest.mark.refuses("R-19.1c-1")
@pytest.mark.parametrize("code", ["H26", "G22", "X99", ""])
def test_outside_its_subtree_a_system_closes_nothing(trusted: JavaClient, code: str) -> None:
    assert refused(trusted.delete_agency(code)) == "19"
    assert Agency.objects.filter(open=False).count() == 0


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"code": "H41.07", "pcode": "H41", "name": ""}, "name"),
        ({"code": "H41.07", "pcode": "H41", "name": "x" * 201}, "name"),
        ({"code": "H41.07", "pcode": "", "name": "Sở Y tế"}, "pcode"),
        ({"code": "Sở Y tế", "pcode": "H41", "name": "Sở Y tế"}, "code"),
        ({"code": "H41.07", "pcode": "H41", "name": "Sở Y tế", "mail": "x" * 101}, "mail"),
        ({"code": "H41.05", "pcode": "H41.05", "name": "Sở Nội vụ"}, "pcode"),
        ([], "JSON"),
    ],
)
def test_a_wish_out_of_its_form_is_named(trusted: JavaClient, wish: object, word: str) -> None:
    _, body = trusted._request("POST", "registerAgency", json.dumps(wish).encode(), "application/json")
    answer = json.loads(body)
    assert refused(answer) == "10"
    assert word in answer["ErrorDesc"]
    assert not ChangeRequest.objects.exists()


def test_an_agency_is_not_put_below_its_own_unit(trusted: JavaClient) -> None:
    trusted.register_agency("H41.05.01", "Chi cục Văn thư", parent="H41.05")
    assert refused(trusted.register_agency("H41.05", "Sở Nội vụ", parent="H41.05.01")) == "10"
    assert Agency.objects.get(code="H41.05").parent_id == "H41"


def test_an_unknown_system_asks_for_nothing(province: JavaClient) -> None:
    province.secret = "wrong"
    assert refused(province.register_agency("H41.07", "Sở Y tế", parent="H41")) == "15"
    assert refused(province.delete_agency("H41.05")) == "15"
    assert not ChangeRequest.objects.exists()


# -- an agency's officer asks ------------------------------------------------------------------------------------------

KEEPER = Actor("person", "so.nv", "Lê Thị Hoa", "H41")


def keeper_asks(**wish: str) -> ChangeRequest:
    facts = {"code": "H41.07", "name": "Sở Y tế", "pcode": "H41"}
    return requests.ask_to_register(requests.officer(KEEPER), {**facts, **wish}, at=now())


def test_an_officer_asks_for_his_subtree_and_the_registry_decides(province: JavaClient) -> None:
    asked = keeper_asks(on="2026-12-01", decision="12/QĐ-UBND")
    assert (asked.system_id, asked.asked_by, asked.asked_for, asked.state) == (None, "so.nv", "H41", "filed")
    assert keeper_asks(on="2026-12-01", decision="12/QĐ-UBND").pk == asked.pk
    found = {one.field: (one.now, one.asked) for one in requests.differences(asked)}
    assert found == {"name": ("", "Sở Y tế"), "parent": ("", "H41")}
    requests.approve(asked.pk, by=OFFICER, at=now())
    opened = Agency.objects.get(code="H41.07")
    assert (opened.parent_id, opened.system_id) == ("H41", None)
    change = CodeChange.objects.get(kind="open")
    assert (change.codes, change.decision, str(change.effective_on)) == (["H41.07"], "12/QĐ-UBND", "2026-12-01")


def test_a_known_agency_changes_on_the_day_that_was_asked(province: JavaClient) -> None:
    agencies.add_agency("H41.06", name="Sở Tư pháp", parent="H41", at=now())
    asked = keeper_asks(code="H41.05", name="Sở Nội vụ và Tôn giáo", pcode="H41.06", on="2026-12-01", decision="1/QĐ")
    assert {(one.field, one.now, one.asked) for one in requests.differences(asked)} == {
        ("name", "Sở Nội vụ", "Sở Nội vụ và Tôn giáo"),
        ("parent", "H41", "H41.06"),
    }
    requests.approve(asked.pk, by=OFFICER, at=now())
    assert sorted(CodeChange.objects.values_list("kind", flat=True)) == ["move", "rename"]
    closing = requests.ask_to_close(requests.officer(KEEPER), "H41.06", at=now())
    assert [(one.field, one.asked) for one in requests.differences(closing)] == [("state", "closed")]
    with pytest.raises(RegistryRefused, match="nơi kế thừa"):
        requests.approve(closing.pk, by=OFFICER, at=now())


@pytest.mark.parametrize("wish", [{"code": "H26.1", "pcode": "H26"}, {"code": "H26"}, {"pcode": "G22"}])
def test_outside_his_subtree_an_officer_asks_for_nothing(province: JavaClient, wish: dict[str, str]) -> None:
    with pytest.raises(NotYourSubtree):
        keeper_asks(**wish)
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize("wish", [{"on": "2026-12-01"}, {"decision": "1/QĐ"}, {"on": "1/12", "decision": "1/QĐ"}])
def test_a_day_comes_with_its_decision(province: JavaClient, wish: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match="ngày hiệu lực"):
        keeper_asks(**wish)


def test_a_refusal_needs_its_reason(province: JavaClient) -> None:
    with pytest.raises(RegistryRefused, match="lý do"):
        requests.refuse(keeper_asks().pk, by=OFFICER, reason=" ", at=now())
