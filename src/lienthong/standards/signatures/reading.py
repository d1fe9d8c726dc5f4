"""pyHanko's reader, quicker: the same objects from the same bytes.

pyHanko reads a PDF character by character. A judge looks at every object of a document, and its two signatures alone
are twenty thousand hexadecimal digits; so objects in plain notation are read here by one regular expression. What is
not plain in the strictest sense (rare escapes, comments, lengths given elsewhere, keys given twice, object streams,
encryption, anything unknown) is left to pyHanko: there is one reading of a file, and it is pyHanko's. The tests hold
the two against each other.
"""

import re
from binascii import unhexlify
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, RawPdfPath

from lienthong.standards.signatures.usages import Key, Way, usages

_DEPTH = 32  # containers within containers; deeper ones are pyHanko's
_SPACE = rb"[ \n\r\t\f\0]"
_END = rb"(?=[ \n\r\t\f\0/<>\[\](])"  # where names, numbers and words stop

_HEADER = re.compile(rb"([1-9][0-9]{0,6}) ([0-9]{1,5}) obj(?=[ \n\r\t\f\0/<\[(])")
_TAIL = re.compile(_SPACE + rb"*endobj")
_PAYLOAD = re.compile(_SPACE + rb"*stream\r?\n")
_STREAM_TAIL = re.compile(rb"[ \r\n]*endstream" + _SPACE + rb"*endobj")
_TOKEN = re.compile(
    _SPACE + rb"*(?:"
    rb"(?P<name>/[!\"$&'*+,\-.0-9:;=?@A-Z\\^_`a-z|~]+)" + _END + rb"|"
    rb"(?P<reference>[1-9][0-9]{0,6} [0-9]{1,5} R)(?=[ \n\r\t\f\0/<>\[\]])|"
    rb"(?P<integer>[+-]?[0-9]{1,15})" + _END + rb"|"
    rb"(?P<decimal>[+-]?(?:[0-9]{1,15}\.[0-9]{0,15}|\.[0-9]{1,15}))" + _END + rb"|"
    rb"(?P<open><<|\[)|"
    rb"(?P<close>>>|\])|"
    rb"<(?P<hexadecimal>[0-9A-Fa-f]*)>|"
    rb"\((?P<text>(?:[^()\\]++|\\(?:[0-3][0-7]{2}|[()\\nrtbf]))*+)\)|"
    rb"(?P<word>true|false|null)" + _END + rb")"
)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_WORDS: dict[bytes, Callable[[], Any]] = {
    b"true": lambda: generic.BooleanObject(True),
    b"false": lambda: generic.BooleanObject(False),
    b"null": generic.NullObject,
}


class QuickReader(PdfFileReader):  # type: ignore[misc]
    """A `PdfFileReader` over bytes, tolerant as other producers need it."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        super().__init__(BytesIO(pdf), strict=False)

    def _read_object(self, ref: Any, marker: Any, never_decrypt: bool = False, as_metadata_stream: bool = False) -> Any:
        if isinstance(marker, int) and not never_decrypt and not self.encrypted:
            found = self._plain(ref, marker, streams=not as_metadata_stream)
            if found is not None:
                return found
        return super()._read_object(ref, marker, never_decrypt=never_decrypt, as_metadata_stream=as_metadata_stream)

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """The document as it was in a revision, the oldest being 0."""
        known: dict[int, HistoricalResolver] = self._historical_resolver_cache
        if revision not in known:
            known[revision] = _Revision(self, revision)
        return known[revision]

    def _plain(self, ref: Any, start: int, *, streams: bool) -> Any:
        """The object at `start` if all of it is in plain notation, else None."""
        header = _HEADER.match(self._pdf, start) if start >= 0 else None
        if header is None or (int(header[1]), int(header[2])) != (ref.idnum, ref.generation):
            return None
        holder = generic.Reference(ref.idnum, ref.generation, self)
        outer: list[list[Any]] = []  # the contents of the containers around the place
        inside: list[Any] = []
        place = header.end()
        while not inside or outer:
            token = _TOKEN.match(self._pdf, place)
            if token is None or len(outer) > _DEPTH:
                return None
            place = token.end()
            if token.lastgroup == "open":
                outer.append(inside)
                inside = [token["open"]]
                continue
            made = _closed(inside, token["close"]) if token.lastgroup == "close" else self._single(token)
            if made is None:
                return None
            made.container_ref = holder
            if token.lastgroup == "close":
                inside = outer.pop()
            inside.append(made)
        if _TAIL.match(self._pdf, place):
            return inside[0]
        return self._stream(inside[0], place) if streams else None

    def _stream(self, entries: Any, place: int) -> Any:
        """The stream with these entries whose payload begins at `place`, if its length stands there and is right."""
        payload = _PAYLOAD.match(self._pdf, place)
        length: Any = entries.get("/Length") if isinstance(entries, generic.DictionaryObject) else None
        if payload is None or type(length) is not generic.NumberObject or length < 0:
            return None
        end = payload.end() + int(length)
        if not _STREAM_TAIL.match(self._pdf, end):
            return None
        made = generic.StreamObject(entries, encoded_data=self._pdf[payload.end() : end])
        made.container_ref = entries.container_ref
        return made

    def _single(self, token: re.Match[bytes]) -> Any:
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if kind == "name":
            return generic.NameObject(text.decode("ascii"))
        if kind == "reference":
            number, generation, _ = text.split(b" ")
            return generic.IndirectObject(int(number), int(generation), self)
        if kind == "integer":
            return generic.NumberObject(text.decode("ascii"))
        if kind == "decimal":
            return generic.FloatObject(text.decode("ascii"))
        if kind == "hexadecimal":
            return generic.pdf_string(unhexlify(text + b"0" * (len(text) % 2)))
        return generic.pdf_string(_ESCAPE.sub(_escaped, text)) if kind == "text" else _WORDS[text]()


def _escaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes((int(code, 8),)) if code.isdigit() else _ESCAPED.get(code, code)


def _closed(inside: list[Any], bracket: bytes) -> Any:
    """The container that ends here; None when its brackets do not match, or its keys are not names, each once."""
    opened, items = (inside[0], inside[1:]) if inside else (b"", [])
    if (opened, bracket) == (b"[", b"]"):
        return generic.ArrayObject(items)
    keys, values = items[::2], items[1::2]
    if (opened, bracket) != (b"<<", b">>") or len(keys) != len(values):
        return None
    if not all(isinstance(key, generic.NameObject) for key in keys) or len(set(keys)) != len(keys):
        return None
    return generic.DictionaryObject({generic.NameObject(key): value for key, value in zip(keys, values, strict=True)})


class _Revision(HistoricalResolver):  # type: ignore[misc]
    """A revision whose copies of objects are made, and whose usages are found, with fewer steps."""

    def __init__(self, reader: PdfFileReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._pointers: dict[tuple[int, int], Any] = {}
        self._usages: Mapping[Key, set[Way]] | None = None

    def _load_reverse_xref_cache(self) -> None:
        if self.reader.encrypted:
            super()._load_reverse_xref_cache()
        elif self._usages is None:
            self._usages = usages(self, self._as_read)

    def _get_usages_of_ref(self, ref: Any) -> set[RawPdfPath]:
        if self._usages is None:
            found: set[RawPdfPath] = super()._get_usages_of_ref(ref)
            return found
        return {RawPdfPath(*way) for way in self._usages.get((ref.idnum, ref.generation), ())}

    def _as_read(self, key: Key) -> Any:
        """An object of this revision for who does not follow its references: not copied, where it is as it was."""
        ref = generic.Reference(*key, self.reader)
        try:
            same = self.reader.xrefs.get_last_change(ref) <= self.revision
        except KeyError:
            same = False
        return self.reader.get_object(ref) if same and ref not in self.cache else self(ref)

    def _subsume_object(self, obj: Any) -> Any:
        if type(obj) in _ATOMS:
            return obj
        holder = obj.get_container_ref()
        return self._copy(obj, generic.Reference(holder.idnum, holder.generation, self))

    def _copy(self, obj: Any, holder: Any) -> Any:
        """The object with everything in it, its references leading into this revision."""
        kind = type(obj)
        if kind in _ATOMS:
            return obj
        if kind is generic.IndirectObject:
            return self._pointer(obj.idnum, obj.generation)
        if kind is generic.ArrayObject:
            made = generic.ArrayObject([self._copy(item, holder) for item in list.__iter__(obj)])
        elif kind is generic.DictionaryObject:
            made = generic.DictionaryObject({key: self._copy(item, holder) for key, item in obj.items()})
        elif kind is generic.StreamObject:
            entries = {key: self._copy(item, holder) for key, item in obj.items()}
            made = generic.StreamObject(entries, encoded_data=obj.encoded_data)
        else:
            return super()._subsume_object(obj)
        made.container_ref = holder
        return made

    def _pointer(self, number: int, generation: int) -> Any:
        key = number, generation
        if key not in self._pointers:
            self._pointers[key] = generic.IndirectObject(number, generation, self)
        return self._pointers[key]


_ATOMS = frozenset(
    {
        generic.NameObject,
        generic.NumberObject,
        generic.FloatObject,
        generic.BooleanObject,
        generic.NullObject,
        generic.TextStringObject,
        generic.ByteStringObject,
    }
)
"""Objects without parts, which all revisions share as they are."""
