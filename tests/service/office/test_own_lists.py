"""What people keep for themselves: marks on documents, how they look at lists; and a draft begun as a copy."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lienthong.journal.models import AccessLog, Event
from lienthong.office.models import ListHabit, OutgoingDocument, PersonalMark
from lienthong.office.people import setup
from tests.service.office.conftest import Office, drafted, issued, now, press, refusal
from tests.service.office.dossiers import opened
from tests.service.office.furnished import _at_work, yesterday
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived
from tests.service.office.test_search import letter
from tests.service.office.test_work_files import draft_form

ROW = re.compile(r'href="/van-ban-d(?:en|i)/(\d+)/"')


def rows(office: Office, login: str, place: str) -> set[int]:
    """The documents that a list shows to this person."""
    text = office.client(login).get(place).content.decode().partition("<main")[2]
    return {int(pk) for pk in ROW.findall(text)}


def look(office: Office, login: str, place: str, **form: object) -> str:
    """Choose how a list is looked at; the code of the refusal, or ""."""
    answer = office.client(login).post(place, {"act": "filter", "mark": "", "rows": "50", **form})
    return "" if answer.status_code == 302 else refusal(answer)


def test_a_mark_is_ones_own_and_a_list_shows_what_is_marked(office: Office) -> None:
    one, other = issued(office), issued(office)
    before = Event.objects.count()
    assert press(office, "chuyen.vien", one, "mark", mark="purple") == "missing"
    assert press(office, "chuyen.vien", one, "mark", mark="star") == ""
    assert press(office, "chuyen.vien", other, "mark", mark="read") == ""
    assert press(office, "chuyen.vien", other, "mark", mark="follow") == ""  # one mark, the last
    assert PersonalMark.objects.count() == 2
    assert Event.objects.count() == before
    place = "/van-ban-di/?muc=tat-ca"
    assert 'data-mark="star"' in office.client("chuyen.vien").get(f"/van-ban-di/{one.pk}/").content.decode()
    assert "data-mark" not in office.client("lanh.dao").get(place).content.decode()
    for wanted, shown in (("any", {one.pk, other.pk}), ("star", {one.pk}), ("today", set()), ("", {one.pk, other.pk})):
        assert look(office, "chuyen.vien", place, mark=wanted) == ""
        assert rows(office, "chuyen.vien", place) == shown, wanted
    # It stays so until they change it, for them alone.
    assert look(office, "chuyen.vien", place, mark="star", rows="20") == ""
    assert rows(office, "chuyen.vien", "/van-ban-di/") == {one.pk}
    assert "Đang lọc" in office.client("chuyen.vien").get("/van-ban-di/").content.decode()
    assert rows(office, "lanh.dao", place) == {one.pk, other.pk}
    assert ListHabit.objects.get().rows == 20
    assert press(office, "chuyen.vien", one, "mark", mark="") == ""
    assert rows(office, "chuyen.vien", place) == set()


def test_the_list_of_dossiers_stays_as_it_was_chosen(office: Office) -> None:
    made = [opened(office, code=f"{number:02}.KSTT") for number in range(1, 23)]
    unit, place = made[0].unit, "/ho-so/?muc=dang-mo"
    elsewhere = office.units["HC"]
    for form in ({"mark": "star"}, {"rows": "51"}, {"don-vi": "987654"}):
        assert look(office, "chuyen.vien", place, **form) == "missing", form
    assert refusal(office.client("chuyen.vien").post(place, {"act": "other"})) == "not_found"
    assert look(office, "chuyen.vien", place, rows="20", **{"don-vi": str(unit.pk)}) == ""
    shown = office.client("chuyen.vien").get("/ho-so/").content.decode()
    assert shown.count("data-dossier=") == 20
    assert "Đang lọc" in shown
    below = re.search(r"duoi=(\d+)", shown)
    assert below
    rest = office.client("chuyen.vien").get(f"/ho-so/?muc=dang-mo&duoi={below[1]}").content.decode()
    assert rest.count("data-dossier=") == 2
    assert "Cũ hơn" not in rest
    assert look(office, "chuyen.vien", place, **{"don-vi": str(elsewhere.pk)}) == ""
    assert "data-dossier=" not in office.client("chuyen.vien").get(place).content.decode()
    # Whoever comes for a unit sees that one, and what was chosen stays.
    assert "data-dossier=" in office.client("chuyen.vien").get(f"{place}&don-vi={unit.pk}").content.decode()
    assert ListHabit.objects.get().unit == elsewhere
    assert "Đang lọc" not in office.client("lanh.dao").get(place).content.decode()


def test_nobody_marks_what_they_do_not_see_and_no_list_is_looked_at_in_ways_there_are_not(office: Office) -> None:
    draft = drafted(office)
    assert press(office, "van.thu", draft, "mark", mark="star") == "not_found"
    assert not PersonalMark.objects.exists()
    for form in ({"mark": "purple"}, {"rows": "51"}, {"rows": ""}, {"don-vi": "987654"}):
        for place in ("/van-ban-di/", "/van-ban-den/"):
            assert look(office, "chuyen.vien", place, **form) == "missing", form
    assert not ListHabit.objects.exists()


def test_a_list_is_narrowed_to_a_unit_and_those_below_it(office: Office) -> None:
    unit = office["chuyen.vien"].posts.get().unit
    hub, came = MemoryHub(), "/van-ban-den/?muc=tat-ca"
    at_work, waiting = arrived(hub, letter("20")), arrived(hub, letter("21"))
    _at_work(at_work, office)
    assert look(office, "van.thu", came, **{"don-vi": unit.pk}) == ""
    assert rows(office, "van.thu", came) == {at_work.pk}
    assert look(office, "van.thu", came) == ""
    assert rows(office, "van.thu", came) == {at_work.pk, waiting.pk}
    answer = office.client("van.thu").post(f"/van-ban-den/{waiting.pk}/", {"act": "mark", "mark": "today"})
    assert answer.status_code == 302
    assert look(office, "van.thu", came, mark="today") == ""
    assert rows(office, "van.thu", came) == {waiting.pk}
    below = setup.install_unit(office.organization, "P1", "Phòng 1")
    below.parent = unit
    below.save()
    elsewhere = office["van.thu"].posts.get().unit
    setup.install_post(office["chuyen.vien"], below, "specialist", position="Chuyên viên", since=yesterday())
    client = office.client("chuyen.vien")
    assert client.post("/van-ban-di/soan/", draft_form(office, unit=below.pk)).status_code == 302
    made, place = OutgoingDocument.objects.get(), "/van-ban-di/?muc=tat-ca"
    for wanted, shown in ((unit, {made.pk}), (below, {made.pk}), (elsewhere, set())):
        assert look(office, "chuyen.vien", place, **{"don-vi": wanted.pk}) == ""
        assert rows(office, "chuyen.vien", place) == shown, wanted


def test_a_draft_is_begun_as_a_copy_of_what_one_has_a_part_in(office: Office) -> None:
    old, client = issued(office, recipients=("H26",)), office.client("chuyen.vien")
    assert f"?sao-chep={old.pk}" in client.get(f"/van-ban-di/{old.pk}/").content.decode()
    form = client.get(f"/van-ban-di/soan/?sao-chep={old.pk}").content.decode()
    assert old.subject in form
    assert old.content["body"].splitlines()[0] in form
    assert f'name="copies" value="{old.pk}"' in form
    opened = AccessLog.objects.filter(subject_kind="outgoing", subject=str(old.pk), detail="form")
    assert opened.count() == 1
    answer = client.post("/van-ban-di/soan/", draft_form(office, copies=old.pk, subject=old.subject))
    assert answer.status_code == 302
    made = OutgoingDocument.objects.latest("pk")
    assert (made.state, made.number, made.subject) == ("draft", None, old.subject)
    old.refresh_from_db()
    assert old.state == "issued"
    # Who does not see it, or only got it to read, copies nothing of it.
    assert office.client("chuyen.vien").get("/van-ban-di/soan/?sao-chep=987654").status_code == 404
    stranger = setup.install_person(office.organization, login="nguoi.moi", name="Người Mới", password="x", at=now())
    setup.install_post(
        stranger, office["van.thu"].posts.get().unit, "specialist", position="Chuyên viên", since=yesterday()
    )
    office.people["nguoi.moi"] = stranger
    assert office.client("nguoi.moi").get(f"/van-ban-di/soan/?sao-chep={old.pk}").status_code == 404


@pytest.mark.law("AVI-6đ", "AVI-6h")
def test_a_tab_goes_on_as_a_search_by_every_item_with_columns_and_files(office: Office) -> None:
    hub = MemoryHub()
    waits, done = arrived(hub), arrived(hub, replace(LETTER, identifier="H41,2026/11/25,77/UBND", number="77"))
    assert office.client("van.thu").post(f"/van-ban-den/{done.pk}/", {"act": "accept"}).status_code == 302
    page = office.client("van.thu").get("/van-ban-den/?muc=cho-tiep-nhan").content.decode()
    (address,) = re.findall(r'href="(/tra-cuu/[?]muc=den[^"]*)"', page)
    found = office.client("van.thu").get(address.replace("&amp;", "&")).content.decode()
    assert f'data-found="in-{waits.pk}"' in found
    assert f'data-found="in-{done.pk}"' not in found
    assert "/tra-cuu/?" not in office.client("quan.tri").get("/van-ban-den/").content.decode()
