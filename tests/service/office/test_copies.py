"""Copies (sao y, sao lục, trích sao): by whom, of what, from what to what, numbered in one series, sealed or printed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pypdf import PdfReader

from lienthong.journal.models import AccessLog, Event
from lienthong.office import contents, errors
from lienthong.office.config import blobs
from lienthong.office.copies import making
from lienthong.office.incoming import acts, recalls
from lienthong.office.models import Copy, CopyKind, CopySigner, IncomingDocument, Medium, OutgoingDocument
from lienthong.office.outgoing import issuing
from lienthong.office.people import copy_signers
from lienthong.office.typeset import as_seen
from lienthong.runtime.demo.cast import H41
from lienthong.standards.signatures.errors import TimeStampRefused, WrongPin
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, install, issued, now, refusal, sealed
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived, recalled

LONG = "\n".join(
    f"Điều {n}. " + "Nội dung của điều này được thực hiện theo quy định của pháp luật. " * 9 for n in range(1, 22)
)
SHORT = "Điều 1. Ban hành Quy chế.\nĐiều 2. Hiệu lực kể từ ngày ký./."
PAPER = "electronic-paper"


def scan(*, dpi: int = 200, mode: str = "RGB", pages: int = 1) -> bytes:
    """A paper of A5 as a scanner digitises it."""
    picture = Image.new(mode, (int(5.83 * dpi), int(8.27 * dpi)), "white")
    out = BytesIO()
    picture.save(out, "PDF", resolution=dpi, save_all=True, append_images=[picture] * (pages - 1))
    return out.getvalue()


def decision(office: Office, **changes: object) -> copy_signers.Decision:
    base = copy_signers.Decision(
        person=office["truong.dv"], competence="TL. BỘ TRƯỞNG, CHỦ NHIỆM", position="VỤ TRƯỞNG",
        reference="15/QĐ-VPCP ngày 02/11/2026", valid_from=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def may_sign(office: Office, **changes: object) -> CopySigner:
    return copy_signers.name(decision(office, **changes), actor=office["quan.tri"], at=now())


def order(signer: CopySigner, **changes: object) -> making.Order:
    base = making.Order(CopyKind.SAO_Y, Medium.ELECTRONIC, Medium.PAPER, signer, "- Sở Nội vụ;\n- Lưu: VT.")
    return replace(base, **changes)  # type: ignore[arg-type]


def made(office: Office, document: OutgoingDocument | IncomingDocument, signer: CopySigner, **changes: object) -> Copy:
    return making.make(document, order(signer, **changes), pin=PIN, actor=office["van.thu"], at=now())


def digitised(
    office: Office, document: OutgoingDocument | IncomingDocument, signer: CopySigner, **changes: object
) -> Copy:
    return made(office, document, signer, source=Medium.PAPER, form=Medium.ELECTRONIC, scan=scan(), **changes)


def scanned(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.pdf", content, "application/pdf")


def asked(office: Office, document: OutgoingDocument, signer: CopySigner, why: str = "", **changes: object) -> str:
    """The clerk asks for a copy on its page; the code of the refusal, which says why, or "" when it was made."""
    form = {"kind": "SY", "way": PAPER, "signer": signer.pk, "recipients": "- Lưu: VT.", "pin": PIN, **changes}
    answer = office.client("van.thu").post(f"/van-ban-di/{document.pk}/sao/", form)
    if answer.status_code == 302:
        return ""
    assert why in answer.content.decode()
    return refusal(answer)


def words(copy: Copy) -> list[str]:
    reader = PdfReader(BytesIO(blobs().read(copy.digest)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def received(office: Office) -> IncomingDocument:
    """A document with valid signatures that came in and was registered."""
    pdf = blobs().read(making.original_of(sealed(office, body=SHORT))[0])
    document = arrived(MemoryHub(), LETTER, van_ban_pdf=pdf)
    IncomingDocument.objects.filter(pk=document.pk).update(legal_value="equivalent")
    document.refresh_from_db()
    acts.accept(document, actor=office["van.thu"], at=now())
    return document


@pytest.fixture
def signer(office: Office) -> CopySigner:
    return may_sign(office)


# -- the acts ----------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-25-1", "D30-26-1", "D30-18-4")
def test_a_sao_y_is_printed_whole_with_its_elements_below_the_end(office: Office, signer: CopySigner) -> None:
    document = issued(office, body=SHORT)
    client = office.client("van.thu")
    assert "Sao văn bản…" in client.get(f"/van-ban-di/{document.pk}/").content.decode()
    form = {"kind": "SY", "way": PAPER, "signer": signer.pk, "recipients": "- Sở Nội vụ;\n- Lưu: VT."}
    answer = client.post(f"/van-ban-di/{document.pk}/sao/", form)
    copy = Copy.objects.get()
    assert answer["Location"] == f"/ban-sao/{copy.pk}/"
    assert (copy.state, copy.printed_number) == ("made", "01/SY-VPCP")
    original = len(PdfReader(BytesIO(blobs().read(copy.source_digest))).pages)
    pages = words(copy)
    assert len(pages) == original  # on the sheet on which the document ends
    day = f"{timezone.localdate():%d}"
    for said in ("SAO Y", "01/SY-VPCP", "VĂN PHÒNG CHÍNH PHỦ", f"ngày {day} tháng", "- Sở Nội vụ;", "- Lưu: VT."):
        assert said in pages[-1]
    for said in ("TL. BỘ TRƯỞNG, CHỦ NHIỆM", "VỤ TRƯỞNG", signer.person.full_name):
        assert said in pages[-1]
    page = client.get(f"/ban-sao/{copy.pk}/").content.decode()
    assert "có giá trị pháp lý như bản chính" in page
    assert "không kiểm tra được trên bản sao" in page
    shown = client.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert f'data-copy="{copy.pk}"' in shown
    assert "01/SY-VPCP" in shown
    assert office["van.thu"].full_name in shown


@pytest.mark.law("D30-25-1", "D30-18-4", "R-3.1-1", "D30-17-1")
def test_paper_becomes_electronic_by_a_scan_and_the_agencys_signature(office: Office, signer: CopySigner) -> None:
    document = issued(office, body=SHORT)
    form = {
        "kind": "SY", "way": "paper-electronic", "signer": signer.pk, "recipients": "- Lưu: VT.", "pin": PIN,
        "scan": SimpleUploadedFile("scan.pdf", scan(pages=2), "application/pdf"),
    }  # fmt: skip
    assert office.client("van.thu").post(f"/van-ban-di/{document.pk}/sao/", form).status_code == 302
    copy = Copy.objects.get()
    reader = PdfReader(BytesIO(blobs().read(copy.digest)))
    assert len(reader.pages) == 2
    (field,) = (reader.get_fields() or {}).values()
    assert field["/FT"] == "/Sig"
    widget = reader.pages[0]["/Annots"][0].get_object()
    _, _, right, top = (float(value) for value in widget["/Rect"])
    box = reader.pages[0].mediabox
    assert right > float(box.right) - 40
    assert top > float(box.top) - 40
    moment = timezone.localtime(copy.made_at)
    lines = making.corner_lines(copy, moment)
    assert lines[:2] == ("Sao y", "Văn phòng Chính phủ")
    assert lines[2].endswith("+07:00")
    seen = as_seen(blobs().read(copy.digest))
    assert PdfReader(BytesIO(seen)).pages[0].extract_text().split("\n") == list(lines)
    (signature,) = PdfFileReader(BytesIO(blobs().read(copy.digest))).embedded_regular_signatures
    assert signature.signer_cert.dump() == office.seal.certificate
    signature.compute_integrity_info()
    assert signature.coverage == SignatureCoverageLevel.ENTIRE_REVISION


@pytest.mark.law("D30-25-1")
def test_an_extract_has_the_chosen_pages_with_head_and_signatures_and_no_signature_of_the_original(
    office: Office, signer: CopySigner
) -> None:
    document = issued(office, body=LONG)
    whole = len(PdfReader(BytesIO(blobs().read(making.original_of(document)[0]))).pages)
    assert whole >= 4
    copy = made(office, document, signer, kind=CopyKind.TRICH_SAO, form=Medium.ELECTRONIC, pages="2")
    assert copy.pages == [1, 2, whole]
    assert copy.printed_number == "01/TrS-VPCP"
    reader = PdfReader(BytesIO(blobs().read(copy.digest)))
    assert len(reader.pages) == 3
    assert len(reader.get_fields() or {}) == 1  # the agency's own; the person's and the seal's are pictures now
    shown = made(office, document, signer, kind=CopyKind.TRICH_SAO, pages="2-2")
    assert not PdfReader(BytesIO(blobs().read(shown.digest))).get_fields()
    assert "TRÍCH SAO" in words(shown)[-1]
    page = office.client("van.thu").get(f"/ban-sao/{copy.pk}/").content.decode()
    assert f"1, 2, {whole}" in page
    for pages, why in (
        ("", "chưa ghi trang"),
        ("x", "chưa ghi trang"),
        ("99", "không có trang"),
        (f"1-{whole}", "toàn"),
    ):
        with pytest.raises(errors.BadPages) as said:
            made(office, document, signer, kind=CopyKind.TRICH_SAO, pages=pages)
        assert why in said.value.message_vi
    assert Copy.objects.count() == 2


@pytest.mark.law("D30-25-1")
def test_a_sao_luc_is_made_of_a_sao_y(office: Office, signer: CopySigner) -> None:
    document = issued(office, body=SHORT)
    assert asked(office, document, signer, kind="SL") == "bad_copy_source"
    first = digitised(office, document, signer)
    other = digitised(office, issued(office, body=SHORT), signer)
    assert asked(office, document, signer, kind="SL", of_copy=other.pk) == "bad_copy_source"
    assert asked(office, document, signer, kind="SL", of_copy=first.pk) == ""
    copy = Copy.objects.get(kind=CopyKind.SAO_LUC)
    assert (copy.printed_number, copy.source_digest) == ("03/SL-VPCP", first.digest)
    assert "SAO LỤC" in words(copy)[-1]


@pytest.mark.law("D30-25-1")
@pytest.mark.refuses("D30-25-1")
@pytest.mark.parametrize(
    ("kind", "source", "form"), [("SY", "electronic", "electronic"), ("SL", "electronic", "electronic")]
)
def test_what_article_25_does_not_list_is_refused_by_name(
    office: Office, signer: CopySigner, kind: str, source: str, form: str
) -> None:
    document = issued(office, body=SHORT)
    said = {"kind": kind, "way": f"{source}-{form}", "signer": signer.pk, "recipients": "- Lưu: VT.", "pin": PIN}
    answer = office.client("van.thu").post(f"/van-ban-di/{document.pk}/sao/", said)
    assert answer.status_code == 422
    assert 'data-problem="no_such_copy"' in answer.content.decode()
    assert not Copy.objects.exists()


@pytest.mark.law("D30-25-1")
def test_a_scan_below_the_standard_is_refused_by_name(office: Office, signer: CopySigner) -> None:
    document = issued(office, body=SHORT)
    for content, why in (
        (scan(dpi=150), "150 dpi"), (scan(mode="L"), "ảnh màu"), (b"%PDF-1.2\n", "1.4"),
        (blobs().read(making.original_of(document)[0]), "không có ảnh"),
    ):  # fmt: skip
        assert asked(office, document, signer, why, way="paper-electronic", scan=scanned(content)) == "bad_scan"
    unreadable = scanned(b"%PDF-1.7\n" + b"x" * 99)
    assert asked(office, document, signer, way="paper-paper", scan=unreadable) == "bad_copy_source"
    assert asked(office, document, signer, way="paper-paper") == "missing"
    # a letter that would be printed as an empty box:
    assert asked(office, document, signer, "内", recipients="- Sở 内;") == "bad_copy_source"
    assert asked(office, document, signer, "dài hơn một trang", recipients="- Nơi nhận;\n" * 99) == "bad_copy_source"
    assert not Copy.objects.exists()


# -- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-15-2", "D30-15-1")
def test_all_kinds_share_one_series_and_many_at_once_leave_no_gap(office: Office, signer: CopySigner) -> None:
    document = issued(office, body=LONG)
    kinds = [CopyKind.SAO_Y, CopyKind.TRICH_SAO] * 4

    def one(kind: CopyKind) -> str:
        try:
            return asked(office, document, signer, kind=kind.value, pages="2")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, kinds)) == [""] * 8
    assert sorted(Copy.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert digitised(office, document, signer).number == 9  # beside them stand the outgoing documents' own numbers
    assert document.number == 1


def test_a_copy_that_cannot_be_sealed_now_keeps_its_number(
    office: Office, signer: CopySigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed again and again it would else take a number each time."""
    document, client = issued(office, body=SHORT), office.client("van.thu")
    form = {"kind": "SY", "way": "paper-electronic", "signer": signer.pk, "recipients": "- Lưu: VT.", "pin": PIN}

    def away(*_: object, **__: object) -> None:
        raise TimeStampRefused(reason="away")

    with monkeypatch.context() as broken:
        broken.setattr(making, "_sealed", away)
        upload = SimpleUploadedFile("scan.pdf", scan(), "application/pdf")
        answer = client.post(f"/van-ban-di/{document.pk}/sao/", {**form, "scan": upload})
        copy = Copy.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"/ban-sao/{copy.pk}/")
        assert client.post(f"/ban-sao/{copy.pk}/", {"act": "finish", "pin": PIN}).status_code >= 400
    CopySigner.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert client.post(f"/ban-sao/{copy.pk}/", {"act": "finish", "pin": PIN}).status_code == 422
    CopySigner.objects.update(valid_to=None)
    assert client.post(f"/ban-sao/{copy.pk}/", {"act": "finish", "pin": PIN}).status_code == 302
    copy.refresh_from_db()
    assert (copy.state, Copy.objects.count()) == ("made", 1)


@pytest.mark.law("D30-15-2", "D30-15-1")
def test_a_crash_after_the_number_goes_on_with_it_or_voids_it(
    office: Office, signer: CopySigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issued(office, body=SHORT)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        with monkeypatch.context() as broken:
            broken.setattr(making.workflow, "advance", killed)
            with pytest.raises(KeyboardInterrupt):
                made(office, document, signer)
    first, second = Copy.objects.order_by("number")
    assert (first.state, second.state) == ("numbered", "numbered")
    client = office.client("van.thu")
    assert client.get(f"/ban-sao/{first.pk}/tep/").status_code == 404
    assert "Làm tiếp" in client.get(f"/ban-sao/{first.pk}/").content.decode()
    assert client.post(f"/ban-sao/{first.pk}/", {"act": "finish"}).status_code == 302
    assert client.post(f"/ban-sao/{first.pk}/", {"act": "finish"}).status_code == 409
    reason = {"act": "void", "reason": "Sao nhầm văn bản khác", "authority": "Chánh Văn phòng"}
    assert client.post(f"/ban-sao/{second.pk}/", {**reason, "reason": "x"}).status_code == 422
    assert client.post(f"/ban-sao/{second.pk}/", reason).status_code == 302
    assert client.post(f"/ban-sao/{second.pk}/", reason).status_code == 409
    assert made(office, document, signer).number == 3
    page = " ".join(client.get("/so-van-ban/ban-sao/").content.decode().split())
    assert "Đã cấp 3 số bản sao: 2 đã sao, 1 đã hủy, 0 chưa tạo xong." in page
    assert "Hủy số: Sao nhầm văn bản khác (theo quyết định của Chánh Văn phòng)" in page


def test_a_wrong_pin_takes_no_number(office: Office, signer: CopySigner) -> None:
    document = issued(office, body=SHORT)
    wanted = order(signer, source=Medium.PAPER, form=Medium.ELECTRONIC, scan=scan())
    with pytest.raises(WrongPin):
        making.make(document, wanted, pin="000000", actor=office["van.thu"], at=now())
    assert not Copy.objects.exists()
    assert digitised(office, document, signer).number == 1


@pytest.mark.law("D30-16-1")
def test_the_book_of_copies_is_beside_the_registers(office: Office, signer: CopySigner) -> None:
    document = issued(office, body=SHORT)
    for _ in range(3):
        made(office, document, signer)
    client = office.client("kiem.tra")
    assert "/so-van-ban/ban-sao/" in client.get("/so-van-ban/").content.decode()
    page = client.get("/so-van-ban/ban-sao/").content.decode()
    assert page.count("data-number=") == 3
    assert page.index("03/SY-VPCP") < page.index("01/SY-VPCP")
    assert client.get("/so-van-ban/ban-sao/", {"duoi": 3}).content.decode().count("data-number=") == 2
    assert client.get("/so-van-ban/ban-sao/", {"nam": 2020}).content.decode().count("data-number=") == 0


# -- what may be copied, and by whom -----------------------------------------------------------------------------------


@pytest.mark.law("D30-26-1", "D30-27-1", "R-4.2-1", "R-1.2-1")
@pytest.mark.refuses("D30-26-1")
def test_what_has_no_value_is_secret_or_not_in_force_is_not_copied(office: Office, signer: CopySigner) -> None:
    document = received(office)
    assert made(office, document, signer).state == "made"
    client = office.client("van.thu")
    place = f"/van-ban-den/{document.pk}/sao/"
    form = {"kind": "SY", "way": PAPER, "signer": signer.pk, "recipients": "- Lưu: VT."}
    IncomingDocument.objects.update(legal_value="information")
    answer = client.post(place, form)
    assert (answer.status_code, 'data-problem="copy_for_information"' in answer.content.decode()) == (409, True)
    english = office.client("van.thu")
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "for information only" in english.post(place, form).content.decode()
    document.refresh_from_db()
    assert digitised(office, document, signer).state == "made"  # of the paper original
    for state in ("arrived", "refused", "set_aside"):
        IncomingDocument.objects.update(state=state)
        assert client.get(place).status_code == 409
    out = sealed(office, body=SHORT)
    with pytest.raises(errors.NotToBeCopied):
        made(office, out, signer)
    out = issued(office, body=SHORT)
    OutgoingDocument.objects.filter(pk=out.pk).update(secrecy="Mật")
    with pytest.raises(errors.SecretDocument):
        made(office, out, signer)
    OutgoingDocument.objects.filter(pk=out.pk).update(secrecy="")
    issuing.recall(
        out, list(out.recipients.all()), reason="Sai nội dung văn bản", authority="Bộ trưởng", actor=office["van.thu"],
        at=now(),
    )  # fmt: skip
    assert asked(office, out, signer) == "not_to_be_copied"
    assert "Sao văn bản…" not in client.get(f"/van-ban-di/{out.pk}/").content.decode()


@pytest.mark.law("R-9.2-2")
def test_a_recall_closes_the_copies_and_takes_their_bytes(office: Office, signer: CopySigner) -> None:
    hub = MemoryHub()
    pdf = blobs().read(making.original_of(sealed(office, body=SHORT))[0])
    document = arrived(hub, LETTER, van_ban_pdf=pdf + b"\n%another\n")
    IncomingDocument.objects.update(legal_value="equivalent")
    document.refresh_from_db()
    acts.accept(document, actor=office["van.thu"], at=now())
    paper, electronic = made(office, document, signer), digitised(office, document, signer)
    client = office.client("van.thu")
    recalled(hub)
    assert client.get(f"/ban-sao/{paper.pk}/tep/").status_code == 409
    with pytest.raises(errors.Frozen):
        made(office, document, signer)
    found = recalls.pending(document)
    assert found is not None
    recalls.obey(found, actor=office["van.thu"], at=now())
    for digest in (paper.digest, electronic.digest, electronic.source_digest):
        assert not blobs().exists(digest)
    assert client.get(f"/ban-sao/{paper.pk}/tep/").status_code == 404
    page = client.get(f"/ban-sao/{paper.pk}/").content.decode()
    assert 'data-warning="recalled"' in page
    assert "có giá trị pháp lý như bản chính" not in page


def test_the_bytes_of_a_copy_are_named(office: Office, signer: CopySigner) -> None:
    copy = digitised(office, issued(office, body=SHORT), signer)
    assert contents.is_named(copy.digest)
    assert contents.is_named(copy.source_digest)


@pytest.mark.law("D30-27-1")
@pytest.mark.refuses("D30-27-1")
def test_only_whom_the_head_lets_signs_copies(office: Office, authority: TestAuthority, tmp_path) -> None:  # type: ignore[no-untyped-def]
    document = issued(office, body=SHORT)
    place = f"/van-ban-di/{document.pk}/sao/"
    assert "Chưa có người được ký bản sao" in office.client("van.thu").get(place).content.decode()
    client = office.client("lanh.dao")
    form = {
        "act": "name", "person": office["truong.dv"].pk, "competence": "tl. bộ trưởng", "position": "vụ trưởng",
        "reference": "15/QĐ-VPCP", "valid_from": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post("/nguoi-ky-ban-sao/", {**form, "reference": ""}).status_code == 422
    assert client.post("/nguoi-ky-ban-sao/", {**form, "valid_to": "2020-01-01"}).status_code == 422
    assert client.post("/nguoi-ky-ban-sao/", form).status_code == 302
    one = CopySigner.objects.get()
    assert (one.competence, one.position) == ("TL. BỘ TRƯỞNG", "VỤ TRƯỞNG")
    assert made(office, document, one).signer == one
    strange = install(H41, authority, tmp_path)
    later = may_sign(office, valid_from=timezone.localdate() + timedelta(days=1))
    foreign = copy_signers.name(
        decision(office, person=strange["lanh.dao"]), actor=strange["quan.tri"], at=now()
    )  # fmt: skip
    for wrong in (later, foreign, None):
        with pytest.raises(errors.NotCopySigner):
            made(office, document, wrong)  # type: ignore[arg-type]
    ended = {"act": "end", "signer": one.pk, "reason": "Chuyển công tác khác"}
    assert client.post("/nguoi-ky-ban-sao/", {**ended, "signer": foreign.pk}).status_code == 404
    assert client.post("/nguoi-ky-ban-sao/", {**ended, "reason": ""}).status_code == 422
    assert client.post("/nguoi-ky-ban-sao/", ended).status_code == 302
    assert client.post("/nguoi-ky-ban-sao/", ended).status_code == 409
    for nobody in (one, later, foreign):
        assert asked(office, document, nobody) == "not_copy_signer"
    assert Event.objects.filter(name__startswith="copy_signer.").count() == 4


@pytest.fixture
def copy(office: Office, signer: CopySigner) -> Copy:
    return made(office, issued(office, body=SHORT), signer)


@pytest.mark.law("SEC-6")
def test_nobody_copies_or_reads_who_may_not(office: Office, copy: Copy, authority: TestAuthority, tmp_path) -> None:  # type: ignore[no-untyped-def]
    document = copy.document
    inside = {"van.thu": 200, "lanh.dao": 200, "truong.dv": 200, "chuyen.vien": 200, "the.thuc": 200, "kiem.tra": 200}
    for login, code in {**inside, "quan.tri": 404}.items():
        client = office.client(login)
        for place in (f"/ban-sao/{copy.pk}/", f"/ban-sao/{copy.pk}/tep/"):
            answer = client.get(place)
            answer.close()
            assert answer.status_code == code, (login, place)
        if login != "van.thu":
            for method in (client.get, client.post):
                assert method(f"/van-ban-di/{document.pk}/sao/").status_code == 403, login
                assert method("/van-ban-den/1/sao/").status_code == 403, login
            for act in ("finish", "void"):
                said = {"act": act, "reason": "x" * 20, "authority": "x", "pin": PIN}
                assert client.post(f"/ban-sao/{copy.pk}/", said).status_code in (403, 404), login
    for login in ("truong.dv", "chuyen.vien", "the.thuc"):
        assert office.client(login).get("/nguoi-ky-ban-sao/").status_code == 403
    for login in ("van.thu", "kiem.tra"):
        answer = office.client(login).post(
            "/nguoi-ky-ban-sao/", {"act": "end", "signer": copy.signer_id, "reason": "x" * 20}
        )
        assert answer.status_code == 403
    other = install(H41, authority, tmp_path).client("van.thu")
    for place in (f"/ban-sao/{copy.pk}/", f"/ban-sao/{copy.pk}/tep/", f"/van-ban-di/{document.pk}/sao/"):
        assert other.get(place).status_code == 404
    assert other.post(f"/ban-sao/{copy.pk}/", {"act": "void"}).status_code == 404
    assert other.get("/so-van-ban/ban-sao/").content.decode().count("data-number=") == 0
    copy.refresh_from_db()
    assert copy.state == "made"
    assert CopySigner.objects.filter(ended_at=None).count() == 1
    assert AccessLog.objects.filter(detail=f"copy {copy.printed_number}", access="downloaded").count() == len(inside)
