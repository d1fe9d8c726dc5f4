"""The quick reader and pyHanko's own: the same objects, the same errors, the same verdicts, whatever the file."""

import struct
from collections.abc import Callable
from functools import partial
from io import BytesIO
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.standards.signatures import pdf as opening
from lienthong.standards.signatures.errors import SignatureProblem
from lienthong.standards.signatures.pdf import BROKEN
from lienthong.standards.signatures.reading import QuickReader
from tests.museum.make_pdfs import (
    Writer,
    add_field,
    annotate,
    drop_field,
    empty_page,
    move,
    open_action,
    pieces,
    rewrite,
    workshop,
)
from tests.unit.signatures.world import AGENCY, PERSON, Owner, World, appended, numbered


def slow(pdf: bytes) -> PdfFileReader:
    return PdfFileReader(BytesIO(pdf), strict=False)


# --- objects ----------------------------------------------------------------------------------------------------------


def seen(item: Any) -> Any:
    """Everything about an object that pyHanko or the judge can look at, comparable."""
    holder = item.container_ref
    place = None if holder is None else (type(holder), holder.idnum, holder.generation)
    if isinstance(item, generic.IndirectObject):
        return type(item), item.idnum, item.generation
    if isinstance(item, generic.DictionaryObject):
        payload = item.encoded_data if isinstance(item, generic.StreamObject) else None
        return type(item), place, payload, [(type(key), str(key), seen(item.raw_get(key))) for key in item]
    if isinstance(item, generic.ArrayObject):
        return type(item), place, [seen(item.raw_get(index)) for index in range(len(item))]
    value = item.original_bytes if isinstance(item, generic.TextStringObject) else repr(item)
    kind = item.autodetected_encoding if isinstance(item, generic.TextStringObject) else None
    return type(item), place, value if not isinstance(item, generic.NullObject) else None, kind


def outcome(read: Callable[[], Any]) -> Any:
    """What came of reading: the object, or the kind of error."""
    try:
        return seen(read())
    except BROKEN as error:
        return type(error)


def holding(text: bytes) -> bytes:
    """A file whose object 3 is written as `text`, from after `obj` to the next object."""
    out = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(
        (b"\n<</Type/Catalog/Pages 2 0 R>>\nendobj", b"\n<</Kids[]/Count 0>>\nendobj", text), 1
    ):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + body + b"\n"
    listed = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 4\n0000000000 65535 f \n" + listed + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n"
    return out + end + b"%d\n%%%%EOF\n" % len(out)


def alike(text: bytes) -> None:
    pdf = holding(text)
    three = generic.Reference(3, 0)
    expected = outcome(lambda: slow(pdf).get_object(three))
    assert outcome(lambda: QuickReader(pdf).get_object(three)) == expected, text
    assert outcome(lambda: QuickReader(pdf).get_historical_resolver(0).get_object(three)) == outcome(
        lambda: slow(pdf).get_historical_resolver(0).get_object(three)
    )


ODD = [
    b"\n<</A 1/A 2>>", b"\n<</A 1 /A#20b 2>>", b"\n<</A#41 1/AA 2>>", b"\n<</A(1)(2)>>", b"\n<<(A) 1>>", b"\n<</A>>",
    b"\n<</A 1", b"\n[1 2", b"\n[1 2>>", b"\n<</A 1]", b"\n[1 0 R]", b"\n[1  0 R]", b"\n[1 0  R]", b"\n[1\n0 R]",
    b"\n[0 0 R]", b"\n[1 0 Rx]", b"\n[1 0 R1]", b"\n[1 00000 R]", b"\n[01 0 R]", b"\n[12345678 0 R]",
    b"\n[1 2 3 0 R 4]", b"\n[1.5 -.5 +3 5. -0 00 +.]", b"\n[1,5]", b"\n[--1]", b"\n[1-2]", b"\n[1e5]", b"\n.5", b"\n-",
    b"\n(a\\(b\\)\\\\)", b"\n(a(b)c)", b"\n(\\101\\377\\7)", b"\n(\\400)", b"\n(\\18)", b"\n(\\189)", b"\n(\\n\\r\\t\\b\\f\\x)",
    b"\n(a\\\nb)", b"\n(a\r\nb)", b"\n(\xfe\xff\x1e\xa0)", b"\n(\xff\xfea\0)", b"\n(\xef\xbb\xbfa)", b"\n(\xfe\xff\xd8)",
    b"\n(\x00\x7f)", b"\n(a", b"\n<41 42>", b"\n<4>", b"\n<>", b"\n<4g>", b"\n<41%x\n42>", b"\n<41", b"\n< <41>",
    b"\n%c\n<</A 1>>", b"\n<<%c\n/A 1>>", b"\n[1%c\n2]", b"\n/A#42", b"\n/A\x80", b"\n/", b"\n/A{", b"\n[/A/B(c)<41>/C]",
    b"\ntrue", b"\ntruex", b"\n[true false null]", b"\n[truefalse]", b"\nnullx", b"\nR", b"\n", b"", b"\n>>", b"\n]",
    b"\n<</Length 3>>stream\nabc\nendstream", b"\n<</Length 3>>\nstream\r\nabc\r\nendstream",
    b"\n<</Length 3>>stream\n\n\n\nendstream", b"\n<</Length 3>>stream\n   endstream", b"\n<</Length 3>>stream \nabcendstream",
    b"\n<</Length 3>>stream\rabcendstream", b"\n<</Length 4>>stream\nabcendstream", b"\n<</Length 2>>stream\nabcendstream",
    b"\n<</Length 99999>>stream\nabcendstream", b"\n<</Length -1>>stream\nabcendstream", b"\n<</Length 0>>stream\nendstream",
    b"\n<</Length 3.0>>stream\nabcendstream", b"\n<</Length 1 0 R>>stream\nabcendstream", b"\n<<>>stream\nabcendstream",
    b"\n<</Length 3>>stream\nabc%\nendstream", b"\n<</Length 3>>streamabcendstream", b"\n[1]stream\nabcendstream",
    b"\n<</A<</Length 3>>stream\nabcendstream>>", b"\n<</Length 3>>\0\fstream\n\r\n endstream",
    b"\n" + b"[" * 40 + b"]" * 40, b"\n" + b"[" * 5000 + b"]" * 5000, b"\n" + b"<</A" * 40 + b" 1" + b">>" * 40,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("end", [b"\nendobj", b"endobj", b" x", b"\n%c\nendobj", b""])
def test_odd_notation_reads_alike(text: bytes, end: bytes) -> None:
    alike(text + end)


_SPACES = st.sampled_from([b"", b" ", b"\n", b"\r\n", b"\t", b"\0", b"  ", b"%c\n"])
_LEAVES = st.sampled_from(
    [b"1", b"-2", b"+3", b"4.5", b".5", b"1 0 R", b"12 3 R", b"/Name", b"/A#20B", b"/Length", b"(text)", b"(\\050\\n)",
     b"(\\\\)", b"(a(b))", b"<41>", b"<4>", b"<>", b"<FEFF1EA0>", b"true", b"false", b"null", b"R", b"0 0 R"]
)  # fmt: skip


def _within(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    parts = st.lists(st.tuples(_SPACES, inner).map(b"".join), max_size=5).map(b"".join)
    keyed = st.lists(
        st.tuples(st.sampled_from([b"/A", b"/B ", b"/C\n", b"/D/E"]), _SPACES, inner).map(b"".join), max_size=4
    )
    return st.one_of(
        st.tuples(st.just(b"["), parts, _SPACES, st.just(b"]")).map(b"".join),
        st.tuples(st.just(b"<<"), keyed.map(b"".join), _SPACES, st.just(b">>")).map(b"".join),
    )


@settings(max_examples=400, deadline=None)
@given(_SPACES, st.recursive(_LEAVES, _within, max_leaves=12), st.integers(0, 400), st.binary(max_size=2))
def test_any_notation_reads_alike(space: bytes, text: bytes, place: int, spoilt: bytes) -> None:
    alike(b"\n" + space + text + b"\nendobj")
    cut = place % (len(text) + 1)
    alike(b"\n" + space + text[:cut] + spoilt + text[cut + 1 :] + b"\nendobj")


def test_our_own_documents_are_read_the_quick_way(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("left to pyHanko")

    monkeypatch.setattr(PdfFileReader, "_read_object", refuse)
    reader = QuickReader(good)
    for revision in range(reader.total_revisions):
        resolver = reader.get_historical_resolver(revision)
        assert all(resolver.get_object(ref) is not None for ref in resolver.explicit_refs_in_revision())


# --- ways to an object ------------------------------------------------------------------------------------------------


def ways(load: Callable[[], Any]) -> Any:
    """All ways to each object, or the kind of error."""
    try:
        return {key: found for key, found in load().items() if found}
    except BROKEN as error:
        return type(error)


def by_pyhanko(pdf: bytes, revision: int) -> Any:
    def load() -> Any:
        resolver = slow(pdf).get_historical_resolver(revision)
        resolver._load_reverse_xref_cache()
        told = resolver._indirect_object_access_cache
        return {(ref.idnum, ref.generation): {one.path for one in found} for ref, found in told.items()}

    return ways(load)


def quickly(pdf: bytes, revision: int) -> Any:
    def load() -> Any:
        resolver = QuickReader(pdf).get_historical_resolver(revision)
        resolver._load_reverse_xref_cache()
        return resolver._usages

    return ways(load)


def same_ways(pdf: bytes) -> int:
    """How many ways there are, when both readers find the same ones."""
    told = [by_pyhanko(pdf, revision) for revision in range(slow(pdf).total_revisions)]
    assert told == [quickly(pdf, revision) for revision in range(len(told))]
    return sum(len(found) for one in told if isinstance(one, dict) for found in one.values())


def test_the_ways_in_our_own_documents_are_pyhankos(good: bytes) -> None:
    assert same_ways(good) > 300
    assert same_ways(appended(good, annotate("Đã thu hồi"))) > 350


_KEYS = [b"/A", b"/B", b"/P", b"/K", b"/Kids", b"/Parent", b"/Type/StructElem/K", b"/Type/Pages/Kids"]
_ENDS = st.one_of(
    st.integers(1, 9).map(lambda number: b" %d 0 R " % number), st.sampled_from([b" 1 ", b"/Pages", b"(a)"])
)


def _holders(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    entries = st.lists(
        st.tuples(st.sampled_from(_KEYS), inner).map(b"".join), max_size=3, unique_by=lambda one: one[:3]
    )
    return st.one_of(
        st.lists(inner, max_size=3).map(lambda items: b"[" + b"".join(items) + b"]"),
        entries.map(lambda items: b"<<" + b"".join(items) + b">>"),
    )


_BODIES = st.recursive(_ENDS, _holders, max_leaves=6)


def written(bodies: list[bytes]) -> bytes:
    """A file of these objects, the first of them its catalog."""
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = len(bodies) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % each for each in offsets)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + table + end


@settings(max_examples=400, deadline=None)
@given(st.lists(_BODIES, min_size=6, max_size=6), st.booleans())
def test_the_ways_are_pyhankos_in_any_tangle(bodies: list[bytes], direct: bool) -> None:
    """Objects that lead to each other in all manners, with pages and a structure in between."""
    structure = b"<</K[4 0 R 5 0 R]>>" if direct else b" 3 0 R "
    tops = [
        b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot%b/A 5 0 R>>" % structure,
        b"<</Type/Pages/Kids[6 0 R 7 0 R]/B 4 0 R>>",
        b"<</K[4 0 R<</A 8 0 R/P 6 0 R>>]/P 9 0 R>>",
    ]
    same_ways(written([*tops, *bodies]))


EMPTY = [b"<</Pages 2 0 R/A 3 0 R>>", b"<</Kids[]/Count 0>>"]
"""A catalog that leads to object 3, and no pages."""


def test_a_long_chain_is_followed_to_its_end() -> None:
    """Bookmarks follow one upon the other; pyHanko's own walk goes one level deeper with each, and gives up."""
    pdf = written([*EMPTY, *(b"<</Next %d 0 R>>" % (number + 4) for number in range(2_000)), b"<<>>"])
    assert len(quickly(pdf, 0)) == 2_003
    assert by_pyhanko(pdf, 0) is RecursionError


def test_ways_without_number_come_to_an_end() -> None:
    """Each object leads to every other: thirty of them have more ways than there are grains of sand."""
    everything = b"[" + b" ".join(b"%d 0 R" % number for number in range(3, 33)) + b"]"
    with pytest.raises(PdfReadError, match="no end"):
        QuickReader(written([*EMPTY, *([everything] * 30)])).get_historical_resolver(0)._load_reverse_xref_cache()


# --- verdicts ---------------------------------------------------------------------------------------------------------


Attack = Callable[[bytes], bytes]
"""What a hand after the last signature does to the file."""


def number_of(reader: PdfFileReader, name: str) -> int:
    """The object number of the catalog, of the root of the pages, or of a form field."""
    if name in {"/Root", "/Pages"}:
        return int(reader.root_ref.idnum if name == "/Root" else reader.root.raw_get(name).idnum)
    listed = reader.root["/AcroForm"]["/Fields"]
    return next(int(item.idnum) for item in list.__iter__(listed) if item.get_object()["/T"] == name)


def update(named: dict[str, bytes], *, entry: tuple[str, bytes] | None = None, prev: bytes | None = None) -> Attack:
    """A hand-written update of these objects, with a table of them and one more entry, and a trailer like the last."""

    def append(pdf: bytes) -> bytes:
        reader = slow(pdf)
        objects = {900: b"(a)"} | {number_of(reader, name): body for name, body in named.items()}
        entries = b"" if entry is None else b"%d 1\n%b \n" % (number_of(reader, entry[0]), entry[1])
        last = b"%d" % reader.last_startxref if prev is None else prev
        out, table = b"\n", b""
        for number, body in objects.items():
            table += b"%d 1\n%010d 00000 n \n" % (number, len(pdf) + len(out))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        start = len(pdf) + len(out)
        root = reader.root_ref.idnum
        size = max([int(reader.trailer["/Size"]), *(number + 1 for number in objects)])
        trailer = b"<</Size %d/Root %d 0 R/Prev %b>>" % (size, root, last)
        return pdf + out + b"xref\n" + table + entries + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start

    return append


def compressed(name: str, body: bytes) -> Attack:
    """An update that keeps an object inside an object stream, told by a cross-reference stream."""

    def append(pdf: bytes) -> bytes:
        reader = slow(pdf)
        number = number_of(reader, name)
        inside = b"%d 0 " % number + body
        stream = b"<</Type/ObjStm/N 1/First %d/Length %d>>stream\n%b\nendstream"
        first = len(pdf) + 1
        out = b"\n900 0 obj\n" + stream % (inside.index(b"<"), len(inside), inside) + b"\nendobj\n"
        second = len(pdf) + len(out)
        table = b"".join(struct.pack(">BIB", *row) for row in ((2, 900, 0), (1, first, 0), (1, second, 0)))
        told = (len(table), number, reader.root_ref.idnum, reader.last_startxref)
        head = b"<</Type/XRef/Size 902/W[1 4 1]/Length %d/Index[%d 1 900 2]/Root %d 0 R/Prev %d>>stream\n" % told
        out += b"901 0 obj\n" + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % second
        return pdf + out

    return append


def _page(writer: Writer) -> Any:
    return writer.find_page_for_modification(0)[0].get_object()


def _orphan(writer: Writer) -> None:
    writer.add_object(generic.pdf_string("nobody refers to this"))


def _more_content(writer: Writer) -> None:
    page = _page(writer)
    extra = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))
    old = page.raw_get("/Contents")
    page[pdf_name("/Contents")] = generic.ArrayObject([old, extra])
    writer.update_container(page)


def _same_stream_other_bytes(writer: Writer) -> None:
    content = _page(writer)["/Contents"]
    content._data = b"0 0 300 300 re f"
    content._encoded_data = None
    writer.update_container(content)


def _other_font(writer: Writer) -> None:
    fonts = _page(writer)["/Resources"]["/Font"]
    font = fonts[next(iter(fonts))]
    font[pdf_name("/Encoding")] = pdf_name("/Identity-V")
    writer.update_container(font)


def _other_look(place: str) -> Callable[[Writer], None]:
    """Another picture in a widget, its value untouched: the replaced overlay of a shadow attack."""

    def change(writer: Writer) -> None:
        node = dict(opening.fields(writer))[place]
        box = generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 500, 500))
        entries = {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): box,
        }
        look = writer.add_object(generic.StreamObject(entries, stream_data=b"0 0 500 500 re f"))
        node[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): look})
        writer.update_container(node)

    return change


def _catalog(key: str, value: Any) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        writer.root[pdf_name(key)] = value
        writer.update_root()

    return change


def _through(change: Callable[[Writer], None]) -> Attack:
    return lambda pdf: appended(pdf, change)


ATTACKS: dict[str, Attack] = {
    "an object nobody refers to": _through(_orphan),
    "an empty page": _through(empty_page),
    "more on the page": _through(_more_content),
    "the page's stream rewritten": _through(_same_stream_other_bytes),
    "another encoding of a font": _through(_other_font),
    "a note": _through(annotate("Đã thu hồi")),
    "a field": _through(add_field("moi", "x")),
    "a field gone": _through(drop_field("ngay")),
    "another number": _through(rewrite("so", "16")),
    "a moved signature": _through(move("LanhDao")),
    "another look of the number": _through(_other_look("so")),
    "another look of the signature": _through(_other_look("LanhDao")),
    "another look of the seal": _through(_other_look("CoQuan")),
    "a script": _through(open_action),
    "hidden layers": _through(_catalog("/OCProperties", generic.DictionaryObject())),
    "other names": _through(_catalog("/Names", generic.DictionaryObject())),
    "another language": _through(_catalog("/Lang", generic.pdf_string("en"))),
    "other permissions": _through(_catalog("/Perms", generic.DictionaryObject())),
    "no form": _through(_catalog("/AcroForm", generic.NullObject())),
    "another catalog": update({"/Root": b"<</Type/Catalog/Pages 1 0 R>>"}),
    "other pages": update({"/Pages": b"<</Type/Pages/Kids[]/Count 0>>"}),
    "a number without a field": update({"so": b"<</T(so)/V(99)>>"}),
    "an object twice in one update": update({"so": b"<</FT/Tx/T(so)>>"}, entry=("so", b"0000000017 00000 n")),
    "an object set free": update({}, entry=("so", b"0000000000 00001 f")),
    "the table points into the page": update({}, entry=("so", b"0000000100 00000 n")),
    "the table points to another object": update({}, entry=("/Pages", b"0000000017 00000 n")),
    "a chain that leaves the middle out": update({}, prev=b"17"),
    "a chain that leads nowhere": update({}, prev=b"99999999"),
    "a number in an object stream": compressed("so", b"<</FT/Tx/T(so)/V(99)>>"),
    "a catalog in an object stream": compressed("/Root", b"<</Type/Catalog/Pages 1 0 R>>"),
    "bytes after the end": lambda pdf: pdf + b"\n%appended\n",
    "another table at the end": lambda pdf: pdf + b"xref\n0 0\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n",
}  # fmt: skip


_HARMLESS = {"an object nobody refers to", "bytes after the end"}
"""Neither is seen by a reader of the document, nor can it be."""
_VOUCHED_FOR = {*_HARMLESS, "another look of the number"}
"""How the number looks is the agency's word: it fills the kept field, and its seal covers what it filled in."""


@pytest.fixture
def judged_both_ways(world: World, agency: Owner, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Judge with either reader, see that the reports agree to the last letter, give back the report."""

    def judged(pdf: bytes, **given: Any) -> Any:
        asked = {"agency": agency, "world": world, **given}
        by = asked.pop("world")
        quick = by.judged(pdf, **asked)
        with monkeypatch.context() as patch:
            patch.setattr(opening, "QuickReader", slow)
            assert by.judged(pdf, **asked).to_json() == quick.to_json()
        return quick

    return judged


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_after_the_seal_passes(attack: str, good: bytes, judged_both_ways: Callable[..., Any]) -> None:
    spoilt = ATTACKS[attack](good)
    assert spoilt[: len(good)] == good
    assert judged_both_ways(spoilt).equivalent is (attack in _HARMLESS), attack


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_between_signature_and_seal(
    attack: str, world: World, approved: bytes, agency: Owner, judged_both_ways: Callable[..., Any]
) -> None:
    """The update before the seal is spoilt; our own seal is refused, or the verdict says what happened."""
    spoilt = ATTACKS[attack](numbered(approved))
    try:
        sealed = world.sealed(spoilt, agency)
    except (SignatureProblem, *BROKEN):
        assert not judged_both_ways(spoilt).equivalent
        return
    assert judged_both_ways(sealed).equivalent is (attack in _VOUCHED_FOR), attack


def test_spoilt_bytes_are_judged_alike(good: bytes, approved: bytes, judged_both_ways: Callable[..., Any]) -> None:
    """Bytes changed, taken out or put in, mostly in the updates."""
    chance = Random(20261124)  # noqa: S311 - the same places every time
    for _ in range(100):
        place = chance.randrange(chance.choice([0, len(approved), len(approved)]), len(good))
        kept = chance.choice([0, 1, 1, 5])
        put = bytes(chance.choice(b"0123456789<>[]()/% \n\\Rnx") for _ in range(chance.choice([0, 1, 1, 2])))
        judged_both_ways(good[:place] + put + good[place + kept :])


def test_the_museum_is_judged_alike(judged_both_ways: Callable[..., Any]) -> None:
    world = World()
    agency = world.issue(AGENCY)
    for piece in pieces(workshop(world, world.issue(PERSON), agency)):
        report = judged_both_ways(piece.pdf, **{"world": world, "agency": agency, **piece.given})
        assert report.reason == piece.reason, piece.defect
        try:
            quick, plain = QuickReader(piece.pdf), slow(piece.pdf)
            revisions = plain.total_revisions if not plain.encrypted else 0
        except BROKEN:
            continue
        for revision in range(revisions):
            now, reference = quick.get_historical_resolver(revision), plain.get_historical_resolver(revision)
            for ref in reference.explicit_refs_in_revision():
                for one, other in ((now, reference), (quick, plain)):
                    expected = outcome(partial(other.get_object, ref))
                    assert outcome(partial(one.get_object, ref)) == expected, (piece.defect, ref)
