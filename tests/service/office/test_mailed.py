"""What came by e-mail: the saved mail is read, looked over, and registered for information (Decision 28, 1.1, 4.2; Decree
30/2020, 22)."""

import base64
from email.message import EmailMessage
from time import process_time

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


def multipart(*parts: bytes, kind: bytes = b"mixed", mark: bytes = b"b") -> bytes:
    """A body of several parts, with what says so."""
    inside = b"".join(b"--" + mark + b"\n" + part + b"\n" for part in parts)
    return b"Content-Type: multipart/" + kind + b"; boundary=" + mark + b"\n\n" + inside + b"--" + mark + b"--\n"


SENT = b"From: a@b.example\n"
PARTS_IN_PARTS = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1000))
BOMBS = {
    "parts in parts": SENT + PARTS_IN_PARTS + b"\nx\n",
    "mails in mails": SENT + b"Content-Type: message/rfc822\n\n" * 1000 + b"x\n",
    "parts in parts of many lines": SENT + PARTS_IN_PARTS[:4800] + b"\n" * 300_000,
    "thousands of parts": SENT + multipart(*[b"\nx"] * 20_000),
    "nothing but lines": SENT + b"\n" * 2_000_000,
    "a sender that is a comment without end": b"From: " + b"(" * 3000 + b"\n\nx",
    "a type that is a comment without end": SENT + b"Content-Type: " + b"(" * 3000 + b"\n\nx",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_mail_that_was_made_to_choke_who_reads_it_is_refused_at_once(office: Office, bomb: str) -> None:
    began = process_time()
    assert refusal(read(office, BOMBS[bomb])) == "not_a_mail"
    assert process_time() - began < 3
    assert SENT not in b"".join(everything_kept())


NONSENSE = {
    "a type of separators": b"Content-Type: text/plain" + b";" * 20_000,  # took half a minute
    "a year of twenty digits": b"Date: Mon, 1 Jan 99999999999999999999 00:00:00 +0700",
    "the end of time": b"Date: Fri, 31 Dec 9999 23:59:59 -0700",
    "long ago": b"Date: Mon, 1 Jan 0100 00:00:00 +1400",
    "half a character": b"Content-Type: text/plain; charset=raw_unicode_escape\n\n\\ud800 w\xc3",
    "half a character in UTF-7": b"Content-Type: text/plain; charset=utf-7\n\n+2AA- w",
    "a NUL": b"Subject: =?utf-8?b?AABhAA==?=",
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_what_a_mail_says_against_every_rule_stops_nobody(office: Office, nonsense: str) -> None:
    began = process_time()
    form = form_of(read(office, b"From: \xff =?utf-8?b?AEE=?= <a@b.example>\n" + NONSENSE[nonsense] + b"\n\nx\n"))
    assert process_time() - began < 3
    assert register(office, form, subject="Thư", issued_on="").status_code == 302
    document = IncomingDocument.objects.get()
    assert document.sender_name.isprintable()
    assert [one.name for one in document.files.order_by("ordinal")][-1] == mailed.ITSELF


def test_names_of_attached_files_lead_nowhere_and_hide_nothing(office: Office) -> None:
    names = [
        b'Content-Disposition: attachment; filename="../../etc/x.docx"',
        b"Content-Type: application/octet-stream; name*=utf-8''a%00b.docx",
        'Content-Disposition: attachment; filename="a\u202efdp.exe"'.encode(),
    ]
    form = form_of(read(office, SENT + multipart(*[name + b"\n\nx" for name in names])))
    assert register(office, form, subject="Thư", issued_on="2026-11-23").status_code == 302
    document = IncomingDocument.objects.get()
    assert [one.name for one in document.files.order_by("ordinal")][:3] == ["x.docx", "ab.docx", "afdp.exe"]


@pytest.mark.law("R-4.2-1")
@pytest.mark.parametrize("wrapped", ["signed", "alternative", "bare"])
def test_an_attachment_is_found_in_whatever_part_it_lies(office: Office, wrapped: str) -> None:
    letter = b"Content-Type: application/pdf; name=cong-van.pdf\nContent-Transfer-Encoding: base64\n\n"
    letter += base64.encodebytes(scan())
    words = b"Content-Type: text/plain\n\nXin trinh"
    page = b"Content-Type: text/html\n\n<p>Xin trinh"
    logo = b"Content-Type: image/png\nContent-ID: <logo>\n\npng"
    body = {
        "signed": multipart(
            multipart(words, letter, mark=b"c"), b"Content-Type: application/pkcs7-signature; name=s.p7s\n\nx",
            kind=b"signed",
        ),
        "alternative": multipart(
            words, multipart(page, logo, letter, mark=b"c"), kind=b"alternative"
        ),
        "bare": letter,
    }[wrapped]  # fmt: skip
    form = form_of(read(office, SENT + body))
    assert register(office, form, subject="Thư", issued_on="2026-11-23").status_code == 302
    names = [one.name for one in IncomingDocument.objects.get().files.order_by("ordinal")]
    assert names[0] == "cong-van.pdf"
    assert names[1:-1] == {
        "signed": ["s.p7s", mailed.WORDS], "alternative": [mailed.WORDS], "bare": [],
    }[wrapped]  # fmt: skip


def test_more_files_than_a_document_has_are_refused_before_anything_is_typed(office: Office) -> None:
    assert refusal(read(office, mail(*[(f"{n}.txt", b"x") for n in range(20)]))) == "missing"
    assert everything_kept() == []


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
