"""Packets read and written: the field's own, ours, and any that chance can make."""

import base64
import hashlib
import io
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from lienthong.standards.edxml import (
    Business,
    Document,
    FileToSend,
    IllegalText,
    Organ,
    Packet,
    PacketReader,
    PacketRefused,
    Replacement,
    Severity,
    Signer,
    Staff,
    StatusReport,
    Trace,
    WithoutForm,
    read,
    read_with_problems,
    safe_name,
    unpack,
    write_document,
    write_packet,
    write_status,
)
from lienthong.standards.statuses import BusinessType, StatusCode
from tests.museum.packets import DOCUMENT, MOMENT, PDF, STATUS, document_packet, status_packet, swap, zipped

EXAMPLES = sorted((Path(__file__).resolve().parents[5] / "shared" / "spec").glob("ex*.edxml"))


def test_what_is_written_reads_back_as_it_was() -> None:
    packet = read(io.BytesIO(document_packet()))
    assert packet.message == DOCUMENT
    assert read(io.BytesIO(status_packet())).message == STATUS


# -- what is read and written again ------------------------------------------------------------------------------------

LINKS = "000.00.00.G22,2026/11/23,12/QĐ-VPCP"
FORMS: dict[str, Document] = {
    "new": DOCUMENT,
    "bare": Document(
        Organ("G22", "VPCP"), (Organ("H41", "Nghệ An"),), "x", "1", "A", "Trích yếu", date(2026, 11, 23), "Hà Nội",
        kind_name="Công văn", signer=Signer("Người Ký"), traces=(Trace("G22", MOMENT),),
    ),
    "recall": replace(DOCUMENT, business=Business(BusinessType.RECALL, "Ban hành nhầm", LINKS)),
    "update": replace(
        DOCUMENT,
        business=Business(
            BusinessType.UPDATE, "Thêm hạn", LINKS, document_changed=True, recipients_changed=True,
            recipients=(("H41", "0"), ("H26", "1")),
        ),
    ),
    "replacement": replace(
        DOCUMENT,
        business=Business(
            BusinessType.REPLACE, "Thay thế", replacements=(Replacement(LINKS, ("H41", "H26")), Replacement("y")),
        ),
    ),
    "everything": replace(
        DOCUMENT, content="Nội dung", due_on=date(2026, 12, 1), sphere="Nội bộ", typist="NVT", copies=2, kind_detail=None,
        other={"TaskCode": "NV-7", "ResponseForTask/Code": "7 < 8"},
        sender=Organ("G22", "VPCP", "Chính phủ", "Hà Nội", "vt@example.gov.vn", "024", "025", "example.gov.vn"),
        traces=(Trace("G22", MOMENT), Trace("TRUC")),
        business=Business(paper=True, staff=Staff("Vụ", "Hạnh", "090", "h@example.gov.vn")),
    ),
}  # fmt: skip


def contents_of(packet: bytes) -> tuple[Packet, list[bytes]]:
    """A packet as values, with its form, and what its files are in it."""
    got: dict[int, io.BytesIO] = {}
    found = read(io.BytesIO(packet), sink=lambda number: got.setdefault(number, io.BytesIO()), keeps_form=True)
    return found, [got[number].getvalue() for number in sorted(got)]


def written_again(packet: bytes) -> bytes:
    found, contents = contents_of(packet)
    out = io.BytesIO()
    write_packet(found, [partial(io.BytesIO, content) for content in contents], out)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_values_that_were_read_are_written_as_the_same_bytes(form: str) -> None:
    """By the values alone: message and files as people gave them, packed anew where they travel packed."""
    first = document_packet(
        FORMS[form], van_pdf=PDF, bang_xlsx=zipped("a.xml", b"x"), ghi_txt="chữ".encode(), goi_zip=zipped("b.txt", b"y"),
        trong_txt=b"",
    )  # fmt: skip
    packet, contents = contents_of(first)
    assert isinstance(packet.message, Document)
    files = []
    for content, attachment in zip(contents, packet.attachments, strict=True):
        plain = io.BytesIO()
        unpack(io.BytesIO(content), attachment.name, plain)
        files.append(
            FileToSend(attachment.name, partial(io.BytesIO, plain.getvalue()), content_id=attachment.content_id)
        )
    again = io.BytesIO()
    write_document(packet.message, files, again)
    assert packet.message == FORMS[form]
    assert again.getvalue() == first
    assert written_again(first) == first
    assert packet.digest == hashlib.sha256(first).hexdigest()


@pytest.mark.parametrize("code", list(StatusCode))
def test_a_status_that_was_read_is_written_as_the_same_bytes(code: StatusCode) -> None:
    for report in (replace(STATUS, code=code), replace(STATUS, code=code, staff=None, description="", at=None)):
        first = status_packet(report)
        message = read(io.BytesIO(first)).message
        assert isinstance(message, StatusReport)
        assert status_packet(message) == first
        assert written_again(first) == first


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_published_examples_are_written_again_byte_for_byte(path: Path) -> None:
    assert written_again(path.read_bytes()) == path.read_bytes()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_by_their_values_alone_the_examples_are_written_as_we_write(path: Path) -> None:
    """Who has nothing but the values writes the same values; these are the lines that then differ, and no others."""
    packet, contents = contents_of(path.read_bytes())
    out = io.BytesIO()
    if isinstance(packet.message, StatusReport):
        write_status(packet.message, out)
    else:
        files = [
            FileToSend(one.name, partial(io.BytesIO, content), one.description, one.content_id)
            for one, content in zip(packet.attachments, contents, strict=True)
        ]
        write_document(packet.message, files, out)
    assert read(io.BytesIO(out.getvalue())).message == packet.message
    theirs, ours = path.read_text().splitlines(), out.getvalue().decode().splitlines()
    lost = Counter(map(str.strip, theirs)) - Counter(map(str.strip, ours))
    added = Counter(map(str.strip, ours)) - Counter(map(str.strip, theirs))
    assert set(lost) == {"<edXML:Fax></edXML:Fax>"}  # an empty element says nothing
    assert set(added) <= {"<edXML:Direction>false</edXML:Direction>"}  # the common library always writes it


SIGNATURE = (
    '\n      <Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>\r\n\t<X a=\'1\'  b="2"/>'
    "</SignedInfo><!-- ký --></Signature>"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</edXML:MessageHeader>\n", "</edXML:MessageHeader>" + SIGNATURE + "\n"),
        ("<edXML:Subject>", "<edXML:TaskCode x='1'>NV-7</edXML:TaskCode>\t<X/><X></X><edXML:Subject>"),
        ("AttachmentEncoded>", "edXML:AttachmentEncoded>"),
        ("edXML:", "q:"),
        ("edXML:edXMLManifest", "edXML:Manifest"),
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\ufeff"),
        ("\n", "\r\n"),
        ("  ", ""),
        ("28</edXML:CodeNumber>", "<![CDATA[28]]></edXML:CodeNumber>"),
        ("28</edXML:CodeNumber>", "2&#x38;</edXML:CodeNumber>"),
        ("</edXML>\n", "</edXML>\n<?hub seen?>\n<!-- đã qua -->"),
        ("<ContentType>application/pdf</ContentType>", "<MimeType/><ContentType>application/pdf</ContentType>"),
    ],
)
def test_whatever_another_program_wrote_stays_as_it_was(old: str, new: str) -> None:
    packet = swap(old, new, -1)
    assert packet != document_packet()
    assert written_again(packet) == packet


def test_white_space_inside_base64_is_not_kept_and_the_form_says_so() -> None:
    """The one thing of an untouched packet that is written otherwise: base64 goes on one line."""
    text = base64.b64encode(PDF).decode()
    folded = swap(text, "\n" + "\n".join(text[place : place + 76] for place in range(0, len(text), 76)) + "\n")
    packet, _ = contents_of(folded)
    assert packet.form is not None
    assert packet.form.form.plain == (False,)
    assert written_again(folded) == document_packet()
    assert contents_of(document_packet())[0].form.form.plain == (True,)  # type: ignore[union-attr]
    given = document_packet(DOCUMENT, a_pdf=b"a")
    loose = given.replace(b">YQ==<", b">YR==<")  # the same byte, with bits after its end
    assert loose != given
    assert contents_of(loose)[0].form.form.plain == (False,)  # type: ignore[union-attr]
    assert written_again(loose) == given


def test_a_changed_message_is_written_anew_and_all_else_stays() -> None:
    stranger = swap("</edXML:MessageHeader>\n", "</edXML:MessageHeader>" + SIGNATURE + "\n")
    stranger = stranger.replace(b"<ContentType>", b"<FieldName>tep</FieldName><ContentType>")
    stranger = stranger.replace(b"<edXML:Subject>", b"<edXML:TaskCode>NV-7</edXML:TaskCode><edXML:Subject>")
    packet, contents = contents_of(stranger)
    changed = replace(packet, message=replace(packet.message, subject="Trích yếu mới"))  # type: ignore[type-var]
    out = io.BytesIO()
    write_packet(changed, [partial(io.BytesIO, content) for content in contents], out)
    again = read(io.BytesIO(out.getvalue()))
    assert again.message == changed.message
    assert again.message.other == {"TaskCode": "NV-7"}  # type: ignore[union-attr]
    assert b"<FieldName>tep</FieldName>" in out.getvalue()
    assert b"SignedInfo" not in out.getvalue()  # it was over the other message
    elsewhere = stranger.replace(b"xmlns:edXML", b"xmlns:q").replace(b"edXML:", b"q:")
    packet, contents = contents_of(elsewhere)
    out = io.BytesIO()
    changed = replace(packet, message=replace(packet.message, subject="Mới"))  # type: ignore[type-var]
    write_packet(changed, [partial(io.BytesIO, content) for content in contents], out)
    assert etree.fromstring(out.getvalue()).tag.endswith("edXML")
    assert read(io.BytesIO(out.getvalue())).message == changed.message


def test_a_packet_without_its_form_is_not_written_as_it_stood() -> None:
    packet = read(io.BytesIO(document_packet()))
    for contents in ([], [partial(io.BytesIO, PDF)]):
        out = io.BytesIO()
        with pytest.raises(WithoutForm):
            write_packet(packet, contents, out)
        assert not out.getvalue()
    with pytest.raises(WithoutForm):
        write_packet(contents_of(document_packet())[0], [], io.BytesIO())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_published_examples_read_without_a_fault(path: Path) -> None:
    with path.open("rb") as file:
        packet, problems = read_with_problems(file)
    assert problems == ()
    assert packet.size == path.stat().st_size
    if path.stem.startswith("ex1"):
        assert isinstance(packet.message, Document)
        assert packet.message.printed_number == "12/VPCP-TEST"
        assert packet.message.appendixes == ("Danh mục kèm theo",)
    if path.stem.startswith("ex3"):
        assert isinstance(packet.message, Document)
        assert packet.message.business.type is BusinessType.RECALL
    if path.stem.startswith("ex4"):
        assert isinstance(packet.message, StatusReport)
        assert packet.message.code is StatusCode.TAKE_BACK


# -- quirks of the field ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("AttachmentEncoded>", "edXML:AttachmentEncoded>"),  # the prefix is not declared there
        ("edXML:edXMLManifest", "edXML:Manifest"),
        ("BussinessDocType>", "BusinessDocType>"),
        ("Bussiness>", "Business>"),
        ("<ContentId>cid:", "<ContentId>"),
        ('<?xml version="1.0" encoding="UTF-8"?>\n', ""),
        ("<edXML:Subject>", "<!-- > --><edXML:Subject>"),
        ("28</edXML:CodeNumber>", "<![CDATA[28]]></edXML:CodeNumber>"),
    ],
)
def test_a_quirk_of_the_field_is_read(old: str, new: str) -> None:
    packet = read(io.BytesIO(swap(old, new, -1)))
    assert packet.message == DOCUMENT
    assert [one.name for one in packet.attachments] == ["van-ban.pdf"]


def test_a_byte_order_mark_is_read() -> None:
    assert read(io.BytesIO(b"\xef\xbb\xbf" + document_packet())).message == DOCUMENT


def test_the_order_of_elements_does_not_matter() -> None:
    text = document_packet().decode()
    subject = re.search(r" *<edXML:Subject>.*</edXML:Subject>\n", text)
    assert subject
    moved = text.replace(subject[0], "").replace("<edXML:MessageHeader>\n", "<edXML:MessageHeader>\n" + subject[0])
    assert read(io.BytesIO(moved.encode())).message == DOCUMENT


def test_an_element_that_the_format_does_not_know_is_kept() -> None:
    packet = read(io.BytesIO(swap("<edXML:Subject>", "<edXML:TaskCode>NV-7</edXML:TaskCode><edXML:Subject>")))
    assert isinstance(packet.message, Document)
    assert packet.message.other == {"TaskCode": "NV-7"}


def test_a_declared_file_that_is_not_there_is_a_warning() -> None:
    reference = (
        "<edXML:Reference><edXML:ContentId>cid:x</edXML:ContentId>"
        "<edXML:AttachmentName>phu-luc.pdf</edXML:AttachmentName></edXML:Reference></edXML:edXMLManifest>"
    )
    packet, problems = read_with_problems(io.BytesIO(swap("</edXML:edXMLManifest>", reference)))
    assert [(problem.code, problem.severity) for problem in problems] == [("file_absent", Severity.WARNING)]
    assert [one.name for one in packet.manifest] == ["van-ban.pdf", "phu-luc.pdf"]


# -- what old readers need -------------------------------------------------------------------------------------------


def test_old_readers_find_what_they_ask_for() -> None:
    """Lookups that published readers make: literal qualified names, integers, names with extensions."""
    text = document_packet(DOCUMENT, a_pdf=PDF, b_txt=b"x").decode()
    assert '<edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">' in text
    assert "ns0:" not in text
    assert re.search(r"<edXML:SteeringType>\d+</edXML:SteeringType>", text)
    assert "<edXML:Direction>false</edXML:Direction>" in text
    assert text.count("<AttachmentName>") == 2
    assert '<edXML:ContentTransferEncoded xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">' in text
    assert "<ContentType>application/pdf</ContentType>" in text
    assert "<ContentType>application/zip</ContentType>" in text
    assert re.search(r"<edXML:StatusCode>03</edXML:StatusCode>", status_packet().decode())
    identifier = read(io.BytesIO(text.encode())).message.identifier  # type: ignore[union-attr]
    assert identifier.split(",")[2] == "28/QĐ-VPCP"
    order = (
        "From To DocumentId Code PromulgationInfo DocumentType Subject SignerInfo OtherInfo ResponseFor SteeringType"
    )
    places = [text.index(f"<edXML:{name}>") for name in (*order.split(), "ToPlaces")]
    assert places == sorted(places)


# -- attachments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "plain"),
    [
        ("van-ban.pdf", PDF, PDF),
        ("VAN-BAN.PDF", zipped("x.pdf", PDF), PDF),
        ("bang.xls", zipped("uuid.xls", b"bang"), b"bang"),
        ("bang.xlsx", zipped("a.xml", b"x"), zipped("a.xml", b"x")),
        ("goi.zip", zipped("a.txt", b"x"), zipped("a.txt", b"x")),
        ("hai.txt", zipped("a.txt", b"x", entries=2), zipped("a.txt", b"x", entries=2)),
        ("xau.txt", zipped("../../etc/passwd", b"x"), b"x"),
        ("bang.xlsx", zipped("uuid.xlsx", zipped("a.xml", b"x")), zipped("a.xml", b"x")),
        ("hong.xlsx", zipped("a.xml", b"x" * 99)[:40], zipped("a.xml", b"x" * 99)[:40]),
        ("goi-2.zip", zipped("trong.zip", b"x"), zipped("trong.zip", b"x")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # an archive carries the time at which it was made
)
def test_a_file_comes_out_as_it_was_given(name: str, content: bytes, plain: bytes) -> None:
    out = io.BytesIO()
    result = unpack(io.BytesIO(content), name, out)
    assert out.getvalue() == plain
    assert (result.digest, result.size) == (hashlib.sha256(plain).hexdigest(), len(plain))


def test_a_zip_bomb_is_refused() -> None:
    with pytest.raises(PacketRefused) as refused:
        unpack(io.BytesIO(zipped("a.txt", b"\0" * (64 << 20))), "a.txt", io.BytesIO())
    assert refused.value.problems[0].code == "zip_bomb"


def test_a_damaged_zip_is_refused() -> None:
    with pytest.raises(PacketRefused) as refused:
        unpack(io.BytesIO(zipped("a.txt", b"abc" * 999)[:40]), "a.txt", io.BytesIO())
    assert refused.value.problems[0].code == "damaged_zip"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\công văn.pdf", "công văn.pdf"),
        ("..", "tep-dinh-kem"),
        ("a\x00\nb.pdf", "ab.pdf"),
    ],
)
def test_a_name_leads_nowhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


# -- chance ----------------------------------------------------------------------------------------------------------

PLAIN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=60
)


@given(PLAIN.filter(lambda text: text.strip() == text and text), st.binary(max_size=400))
@settings(deadline=None)
def test_any_text_and_any_content_come_back(subject: str, content: bytes) -> None:
    document = replace(DOCUMENT, subject=subject)
    got = io.BytesIO()
    packet = read(io.BytesIO(document_packet(document, a_pdf=content)), sink=lambda _: got)
    assert packet.message == document
    assert got.getvalue() == content


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_letters_keep_their_form(form: str) -> None:
    letters = unicodedata.normalize(form, "Đặng Thị Ngọc Ước, quyền hạn ỷ ỹ ỵ ẵ ẫ ậ; <&>'\"")  # type: ignore[arg-type]
    packet = read(io.BytesIO(document_packet(replace(DOCUMENT, subject=letters))))
    assert packet.message == replace(DOCUMENT, subject=letters)


def test_text_that_xml_cannot_carry_is_refused() -> None:
    with pytest.raises(IllegalText):
        document_packet(replace(DOCUMENT, subject="a\x02b"))


@given(st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_packet_or_refused(noise: bytes) -> None:
    with suppress(PacketRefused):
        read(io.BytesIO(noise))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_packet_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    packet = bytearray(document_packet())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(packet) - 1))
        packet[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(PacketRefused):
        read(io.BytesIO(bytes(packet)))


NAMES = st.sampled_from(["TaskCode", "edXML:Task", "X", "edXML:Y", "q:Lạ", "Signature"])
LETTERS = st.text(st.sampled_from("aĐ ộ\n\t&<>\"'é漢]]"), max_size=8)


@st.composite
def foreign_elements(draw: st.DrawFn, depth: int = 2) -> str:
    """An element that the format does not know: attributes, text, elements of its own, comments, in any layout."""
    name = draw(NAMES)
    attributes = "".join(
        f" {key}={quoteattr(draw(LETTERS))}" for key in draw(st.lists(st.sampled_from(["a", "b"]), unique=True))
    )
    if draw(st.booleans()):
        return f"<{name}{attributes}/>"
    inside = draw(
        st.lists(
            st.one_of(
                LETTERS.map(escape), st.just("<!-- ghi -->"), st.just("<![CDATA[<&]]>"), st.just("<?pi x?>"),
                foreign_elements(depth - 1) if depth else st.just(""),
            ),
            max_size=3,
        )
    )  # fmt: skip
    return f"<{name}{attributes}>{''.join(inside)}</{name} >"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_packet_with_any_elements_of_others_is_written_as_it_stood(data: st.DataObject) -> None:
    packet = document_packet(DOCUMENT, a_pdf=data.draw(st.binary(max_size=200)), b_txt=b"x").decode()
    places = [place.start() for place in re.finditer(r"\n *</?(edXML:|A|C|D)", packet)]
    for place in sorted(data.draw(st.lists(st.sampled_from(places), max_size=4)), reverse=True):
        packet = packet[:place] + data.draw(foreign_elements()) + packet[place:]
    try:
        contents_of(packet.encode())
    except PacketRefused:
        assume(False)
    assert written_again(packet.encode()) == packet.encode()


@given(st.integers(1, 70))
@settings(deadline=None)
def test_the_form_does_not_depend_on_how_the_bytes_come_in(step: int) -> None:
    packet = swap("</edXML:MessageHeader>\n", "</edXML:MessageHeader>" + SIGNATURE + "\n")
    reader = PacketReader(keeps_form=True)
    for place in range(0, len(packet), step):
        reader.feed(packet[place : place + step])
    assert reader.close().form == contents_of(packet)[0].form


MEASURE = """
import hashlib, io, resource, sys
from lienthong.standards.edxml import read
from tests.museum.packets import document_packet

head, tail = document_packet(a_pdf=b"%PDF").split(b"JVBERg==")
block = b"QUJD" * 16384
class Long(io.RawIOBase):
    def __init__(self):
        self.parts = iter([head] + [block] * (100_000_000 // len(block)) + [tail])
    def read(self, size=-1):
        return next(self.parts, b"")
class Nowhere(io.BytesIO):
    def write(self, data): return len(data)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
packet = read(Long(), sink=lambda _: Nowhere(), keeps_form=True)
assert packet.size > 99_000_000
class Content(io.RawIOBase):
    left = packet.attachments[0].size
    def read(self, size=-1):
        size = min(size, self.left)
        self.left -= size
        return b"ABC" * (size // 3)
class Hash(io.BytesIO):
    sha = hashlib.sha256()
    def write(self, data): self.sha.update(data)
from lienthong.standards.edxml import write_packet
write_packet(packet, [Content], Hash())
assert Hash.sha.hexdigest() == packet.digest
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_packet_of_100_megabytes_takes_little_memory() -> None:
    root = Path(__file__).resolve().parents[4]
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, cwd=root, check=True)
    assert int(done.stdout) < 64


_PIECES = st.lists(
    st.text(alphabet=st.sampled_from("QUJDRA+/=== \n\t*-Đ\u00a0"), max_size=9) | st.binary(max_size=9).map(
        lambda data: base64.b64encode(data).decode()
    ),
    max_size=5,
)  # fmt: skip


@given(_PIECES)
@settings(max_examples=400, deadline=None)
def test_who_only_checks_attachments_refuses_what_who_decodes_them_refuses(pieces: list[str]) -> None:
    content = "".join(pieces)
    packet = swap(base64.b64encode(PDF).decode(), content)
    said = []
    for decodes in (True, False):
        reader = PacketReader(decodes=decodes)
        try:
            reader.feed(packet[: len(packet) // 2])
            reader.feed(packet[len(packet) // 2 :])
            said.append((reader.close().attachments[0].size, ""))
        except PacketRefused as refusal:
            said.append((0, refusal.problems[0].code))
    assert said[0] == said[1]
