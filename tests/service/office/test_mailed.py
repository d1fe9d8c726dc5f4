"""What came by e-mail: the saved mail is read, looked over, and registered for information (Decision 28, 1.1, 4.2; Decree
30/2020, 22)."""

from email.message import EmailMessage

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from lxml import html

from lienthong.office.config import blobs
from lienthong.office.incoming import mailed
from lienthong.office.models import IncomingDocument
from lienthong.standards import mails
from tests.service.office.conftest import Office, refusal
from tests.service.office.test_copies import scan
from tests.service.office.test_registering import text_pdf

PLACE = "/van-ban-den/dang-ky/"


def mail(*attached: tuple[str, bytes], text: str = "Kính gửi Văn phòng, xin gửi công văn kèm theo.") -> bytes:
    """A mail as a program saves it."""
    one = EmailMessage()
    one["From"] = '"Hiệp hội Cà phê" <van.phong@hiephoi.example>'
    one["To"] = "van.thu@vpcp.example"
    one["Subject"] = "Kiến nghị về thuế xuất khẩu cà phê"
    one["Date"] = "Mon, 23 Nov 2026 23:30:00 +0700"
    one.set_content(text)
    for name, content in attached:
        kind = "pdf" if content[:5] == b"%PDF-" else "octet-stream"
        one.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return one.as_bytes()


def read(office: Office, content: bytes, login: str = "van.thu", name: str = "thu.eml") -> HttpResponse:
    saved = SimpleUploadedFile(name, content, "message/rfc822")
    return office.client(login).post(PLACE, {"act": "mail", "saved": saved})  # type: ignore[return-value]


def form_of(answer: HttpResponse) -> dict[str, str]:
    """What the second form says as it comes, which the clerk only looks over."""
    assert answer.status_code == 200
    page = html.fromstring(answer.content)
    (form,) = [one for one in page.forms if "mail" in one.fields]
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def register(office: Office, form: dict[str, str], login: str = "van.thu", **changes: str) -> HttpResponse:
    return office.client(login).post(PLACE, {**form, **changes})  # type: ignore[return-value]


@pytest.mark.law("R-1.1-1", "R-4.2-1", "D30-22-2", "D30-22-3")
def test_a_mail_is_read_looked_over_and_registered_for_information_as_it_came(office: Office) -> None:
    letter = scan()
    saved = mail(("bang-ke.xlsx", b"PK bang"), ("Công văn 12.pdf", letter))
    form = form_of(read(office, saved))
    assert (form["sender"], form["subject"]) == ("Hiệp hội Cà phê", "Kiến nghị về thuế xuất khẩu cà phê")
    assert (form["issued_on"], form["way"], form["main"]) == ("2026-11-23", "other", "1")
    assert not IncomingDocument.objects.exists()
    answer = register(office, form, number="12/CV-HHCP", type_name="Công văn")
    assert answer.status_code == 302
    document = IncomingDocument.objects.get()
    assert answer["Location"] == f"/van-ban-den/{document.pk}/"
    assert (document.legal_value, document.way, document.arrival_number) == ("information", "other", 1)
    assert (document.sender_name, document.printed_number) == ("Hiệp hội Cà phê", "12/CV-HHCP")
    files = list(document.files.order_by("ordinal"))
    assert [one.name for one in files] == ["Công văn 12.pdf", "bang-ke.xlsx", mailed.WORDS, mailed.ITSELF]
    assert blobs().read(files[0].digest) == letter
    assert blobs().read(files[-1].digest) == saved  # as it came, whatever was read of it
    assert "xin gửi công văn kèm theo" in blobs().read(files[2].digest).decode()


@pytest.mark.law("R-4.2-1")
def test_another_file_may_be_the_document_and_a_mail_without_any_is_one_itself(office: Office) -> None:
    form = form_of(read(office, mail(("a.pdf", scan()), ("b.pdf", scan()))))
    assert register(office, form, main="1").status_code == 302
    document = IncomingDocument.objects.get()
    assert document.files.order_by("ordinal").first().name == "b.pdf"  # type: ignore[union-attr]
    answer = read(office, mail(text="Mời dự hội thảo ngày 12/12."))
    assert "nội dung thư là văn bản" in answer.content.decode()
    assert register(office, form_of(answer)).status_code == 302
    bare = IncomingDocument.objects.exclude(pk=document.pk).get()
    assert [one.name for one in bare.files.order_by("ordinal")] == [mailed.WORDS, mailed.ITSELF]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"%PDF-1.4 no mail", b"Subject: no sender\n\nx"])
def test_what_is_no_mail_is_refused_by_name(office: Office, content: bytes) -> None:
    answer = read(office, content or b" ")
    assert refusal(answer) == "not_a_mail"


@pytest.mark.law("R-1.2-1")
def test_a_mail_with_a_state_secret_is_not_held(office: Office) -> None:
    before = everything_kept()
    assert refusal(read(office, mail(("mat.pdf", text_pdf("TUYỆT MẬT"))))) == "secret_paper"
    assert everything_kept() == before


@pytest.mark.law("SEC-6")
def test_only_the_clerk_who_had_it_read_registers_it_and_not_for_ever(office: Office) -> None:
    assert refusal(read(office, mail(), login="chuyen.vien")) == "forbidden"
    form = form_of(read(office, mail(("a.pdf", scan()))))
    forged = signing.dumps([blobs().put(mail()).digest, office["chuyen.vien"].pk], salt=mailed.SALT)
    assert refusal(register(office, form, mail=forged)) == "missing"
    assert refusal(register(office, form, mail=form["mail"][:-2] + "xx")) == "missing"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mailed, "HELD", -1)
        assert refusal(register(office, form)) == "missing"
    assert not IncomingDocument.objects.exists()
    assert register(office, form).status_code == 302


def everything_kept() -> list[bytes]:
    return [path.read_bytes() for path in blobs().root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("head", "sender", "when"),
    [
        (b"From: =?utf-8?b?U+G7nyBO4buZaSB24bul?= <so@noivu.example>\nDate: nonsense\n", "Sở Nội vụ", None),
        (b"From: so@noivu.example\nSubject: =?utf-9?q?=41?=\n", "so@noivu.example", None),
        (b"From: nobody at all\n", "nobody at all", None),
        (
            b"From: a@b.example\nDate: Mon, 23 Nov 2026 10:00:00\nContent-Type: text/plain; charset=nonsense\n",
            "a@b.example",
            None,
        ),
    ],
)
def test_mails_of_all_kinds_are_read(head: bytes, sender: str, when: object) -> None:
    found = mails.read(head + b"\nx\n")
    assert (found.sender, found.sent_at) == (sender, when)
