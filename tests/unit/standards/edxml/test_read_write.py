"""Packets read and written: the field's own, ours, and any that chance can make."""

import base64
import hashlib
import io
import re
import subprocess
import sys
import unicodedata
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.standards.edxml import (
    Document,
    FileToSend,
    IllegalText,
    PacketReader,
    PacketRefused,
    Severity,
    StatusReport,
    read,
    read_with_problems,
    safe_name,
    unpack,
    write_document,
)
from lienthong.standards.statuses import BusinessType, StatusCode
from tests.museum.packets import DOCUMENT, PDF, STATUS, document_packet, status_packet, swap, zipped

EXAMPLES = sorted((Path(__file__).resolve().parents[5] / "shared" / "spec").glob("ex*.edxml"))


def test_what_is_written_reads_back_as_it_was() -> None:
    packet = read(io.BytesIO(document_packet()))
    assert packet.message == DOCUMENT
    assert read(io.BytesIO(status_packet())).message == STATUS


def test_writing_what_was_read_gives_the_same_bytes() -> None:
    first = document_packet(DOCUMENT, van_pdf=PDF, bang_xlsx=zipped("a", b"x"), ghi_txt="chữ".encode())
    contents: dict[int, io.BytesIO] = {}

    def sink(number: int) -> io.BytesIO:
        return contents.setdefault(number, io.BytesIO())

    packet = read(io.BytesIO(first), sink=sink)
    assert isinstance(packet.message, Document)
    files = []
    for number, attachment in enumerate(packet.attachments):
        plain = io.BytesIO()
        unpack(contents[number], attachment.name, plain)
        files.append(
            FileToSend(attachment.name, partial(io.BytesIO, plain.getvalue()), content_id=attachment.content_id)
        )
    again = io.BytesIO()
    write_document(packet.message, files, again)
    assert packet.digest == hashlib.sha256(first).hexdigest()
    assert read(io.BytesIO(again.getvalue())).message == packet.message
    assert _without_zips(again.getvalue()) == _without_zips(first)


def _without_zips(packet: bytes) -> bytes:
    """A packed file is the same file, whatever compressor packed it."""
    return re.sub(rb">UEsDB[^<]*<", b">zip<", packet)


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
    ("name", "content", "plain", "packed"),
    [
        ("van-ban.pdf", PDF, PDF, False),
        ("VAN-BAN.PDF", zipped("x.pdf", PDF), PDF, True),
        ("bang.xls", zipped("uuid.xls", b"bang"), b"bang", True),
        ("bang.xlsx", zipped("a.xml", b"x"), zipped("a.xml", b"x"), False),
        ("goi.zip", zipped("a.txt", b"x"), zipped("a.txt", b"x"), False),
        ("hai.txt", zipped("a.txt", b"x", entries=2), zipped("a.txt", b"x", entries=2), False),
        ("xau.txt", zipped("../../etc/passwd", b"x"), b"x", True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # an archive carries the time at which it was made
)
def test_a_file_comes_out_as_it_was_given(name: str, content: bytes, plain: bytes, packed: bool) -> None:
    out = io.BytesIO()
    result = unpack(io.BytesIO(content), name, out)
    assert out.getvalue() == plain
    assert (result.digest, result.size) == (hashlib.sha256(plain).hexdigest(), len(plain))
    assert result.was_packed is packed


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
@settings(max_examples=200)
def test_any_bytes_are_a_packet_or_refused(noise: bytes) -> None:
    with suppress(PacketRefused):
        read(io.BytesIO(noise))


@given(st.data())
@settings(max_examples=150)
def test_a_packet_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    packet = bytearray(document_packet())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(packet) - 1))
        packet[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(PacketRefused):
        read(io.BytesIO(bytes(packet)))


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
packet = read(Long(), sink=lambda _: Nowhere())
assert packet.size > 99_000_000
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
@settings(max_examples=400)
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
