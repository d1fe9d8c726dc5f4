"""Each of the sixteen items of Article 10.2 is something by which a document is found, by its page and by nothing else
than that item."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from lienthong.office.models import IncomingDocument, Transmission
from lienthong.standards import edxml
from lienthong.standards.statuses import Urgency
from tests.service.office.conftest import Office, issued, now
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived, recalled
from tests.service.office.test_law_incoming import press
from tests.service.office.test_search import found

HANOI = edxml.Organ("000.00.00.H26", "Ủy ban nhân dân thành phố Hà Nội")
ONE = replace(
    LETTER, kind_name="Công điện", subject="Về việc phòng, chống bão số 12", urgency=Urgency.EXPRESS,
    issued_on=date(2026, 11, 3), due_on=date(2027, 1, 5), appendixes=("Danh mục hồ đập xung yếu",),
    signer=edxml.Signer("KT. CHỦ TỊCH", "Phó Chủ tịch", "Lê Văn Bốn"), places=("- Các huyện ven biển;",),
    recipients=(*LETTER.recipients, HANOI),
)  # fmt: skip
OTHER = replace(
    LETTER, sender=edxml.Organ("000.00.00.H56", "Ủy ban nhân dân tỉnh Thanh Hóa"), kind_name="Báo cáo",
    identifier="000.00.00.H56,2026/11/04,88/UBND-NN", number="88", notation="UBND-NN", subject="Kết quả vụ mùa",
    urgency=Urgency.NORMAL, issued_on=date(2026, 11, 4), due_on=date(2027, 2, 5), places=("- Lưu: VT.",),
    signer=edxml.Signer("TL. CHỦ TỊCH", "Chánh Văn phòng", "Ngô Thị Năm"),
)  # fmt: skip
TODAY, TOMORROW = timezone.localdate().isoformat(), (timezone.localdate() + timedelta(days=1)).isoformat()
ITEMS: dict[str, list[dict[str, str]]] = {
    "a, the sender's code": [{"noi-gui": "000.00.00.H41"}, {"noi-gui": "h41"}, {"q": "000.00.00.H41"}],
    "b, the document's code": [{"ma": "000.00.00.H41,2026/11/23,15/UBND-VX"}, {"ma": "000.00.00.h41,2026"}, {"q": LETTER.identifier}],
    "c, number and notation": [{"so": "15/UBND-VX"}, {"so": "15"}, {"so": "UBND-VX"}, {"q": "15/UBND"}, {"q": "số 15"}, {"q": "ubnd-vx"}],
    "d, its day": [{"ngay-tu": "2026-11-03", "ngay-den": "2026-11-03"}],
    "đ, its type": [{"loai": "Công điện"}, {"loai": "cong dien"}],
    "e, its summary": [{"trich-yeu": "chống bão"}, {"trich-yeu": "bao chong"}, {"q": "phòng chống bão"}, {"q": "phong chong bao"}],
    "g, what is enclosed": [{"phu-luc": "hồ đập"}, {"phu-luc": "ho dap xung yeu"}],
    "h, its state": [{"trang-thai": "den-accepted"}],
    "i, who signed it": [{"nguoi-ky": "Lê Văn Bốn"}, {"nguoi-ky": "pho chu tich"}],
    "k, its urgency": [{"khan": "3"}],
    "l, who sent it": [{"noi-gui": "Nghệ An"}, {"noi-gui": "ubnd tinh nghe an"}, {"q": "ubnd nghe an"}],
    "m, who receives it": [{"noi-nhan": "Hà Nội"}, {"noi-nhan": "h26"}],
    "n, when it was received": [{"luc-tu": TODAY, "luc-den": TODAY, "so-den": "1"}],
    "o, its deadline": [{"han-tu": "2027-01-05", "han-den": "2027-01-05"}],
    "p, what became of it on its way": [{"lich-su": "den-thu-hoi"}],
    "q, what else it says": [{"khac": "huyện ven biển"}, {"khac": "huyen ven bien"}],
}  # fmt: skip


@pytest.fixture
def one(office: Office, hub: MemoryHub) -> IncomingDocument:
    """One of two documents, which have nothing in common but their recipient."""
    document = arrived(hub, ONE)
    arrived(hub, OTHER)
    assert press(office, "van.thu", document, "accept") == ""
    return document


@pytest.mark.law("AVI-6d")
@pytest.mark.parametrize("item", ITEMS)
def test_a_document_is_found_by_each_of_its_items_and_no_other_with_it(
    office: Office, hub: MemoryHub, one: IncomingDocument, item: str
) -> None:
    if item.startswith("p"):
        recalled(hub)
    for said in ITEMS[item]:
        typed = said.get("q", "")
        assert found(office, "van.thu", typed, **{k: v for k, v in said.items() if k != "q"}) == [("in", one.pk)], said


def test_the_sixteen_are_the_sixteen_of_the_law() -> None:
    assert [item.partition(",")[0] for item in ITEMS] == list("abcdđeghiklmnopq")


@pytest.mark.law("R-10.2-15", "R-8.2-2")
@pytest.mark.parametrize(
    ("choice", "becomes"),
    [
        ("di-tra-lai", {"refused": now}),
        ("di-hoan-thanh", {"arrived": now, "finished": now}),
        ("di-khong-thu-hoi", {"arrived": now, "recall_declined": now}),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_was_sent_is_found_by_what_became_of_it(
    office: Office, choice: str, becomes: dict[str, Callable[[], object]]
) -> None:
    sent = issued(office)
    assert found(office, "van.thu", **{"lich-su": "di-chua-den"}) == [("out", sent.pk)]
    assert found(office, "van.thu", **{"lich-su": choice}) == []
    Transmission.objects.filter(recipient__document=sent).update(**{name: at() for name, at in becomes.items()})
    assert found(office, "van.thu", **{"lich-su": choice}) == [("out", sent.pk)]
    assert found(office, "van.thu", **{"lich-su": "di-chua-den"}) == []
