"""The acts: places kept, person, number, seal; in this order and no other."""

import os
import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from lienthong.standards.signatures.errors import (
    CertificateRevoked,
    KeyUnusable,
    MaterialUnavailable,
    PdfAlreadySigned,
    PdfEncrypted,
    PdfHasXfa,
    PdfNotApproved,
    PdfUnreadable,
    PictureUnusable,
    SlotMissing,
    SlotOffPage,
    TextDoesNotFit,
    TimeStampRefused,
    WrongPin,
)
from lienthong.standards.signatures.keys import SoftKey, TokenKey
from lienthong.standards.signatures.layout import Place
from lienthong.standards.signatures.material import Validation
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.sign import (
    fill,
    fill_and_seal,
    kept_values,
    prepare,
    seal_enclosure,
    sign_person,
)
from tests.unit.signatures.world import AGENCY, PERSON, SLOTS, T0, Owner, World, draft, numbered, prepared


@pytest.mark.parametrize("place", list(Place))
def test_every_place_is_needed(place: Place) -> None:
    with pytest.raises(SlotMissing, match=place.value):
        prepare(draft(), [slot for slot in SLOTS if slot.place is not place])


@pytest.mark.parametrize("change", [{"page": 2}, {"page": 0}, {"x": 590.0}, {"y": -5.0}, {"width": 0.0}])
def test_places_lie_on_the_page(change: dict[str, float]) -> None:
    with pytest.raises(SlotOffPage):
        prepare(draft(), [replace(SLOTS[0], **change), *SLOTS[1:]])  # type: ignore[arg-type]


def test_what_is_no_draft_is_refused(good: bytes) -> None:
    locked = PdfWriter(clone_from=BytesIO(draft()))
    locked.encrypt("x", algorithm="AES-256")
    out = BytesIO()
    locked.write(out)
    with pytest.raises(PdfEncrypted):
        prepare(out.getvalue(), SLOTS)
    with pytest.raises(PdfUnreadable):
        prepare(b"no pdf", SLOTS)
    with pytest.raises(PdfAlreadySigned):
        prepare(good, SLOTS)
    with pytest.raises(PdfAlreadySigned):
        prepare(prepared(), SLOTS)


def test_xfa_is_refused() -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    from tests.unit.signatures.world import appended

    def add(writer: object) -> None:
        form = generic.DictionaryObject(
            {pdf_name("/Fields"): generic.ArrayObject(), pdf_name("/XFA"): generic.NullObject()}
        )
        writer.root[pdf_name("/AcroForm")] = form  # type: ignore[attr-defined]
        writer.update_root()  # type: ignore[attr-defined]

    with pytest.raises(PdfHasXfa):
        prepare(appended(draft(), add), SLOTS)


def test_steps_keep_their_order(world: World, person: Owner, agency: Owner, approved: bytes, good: bytes) -> None:
    with pytest.raises(PdfNotApproved):
        numbered(prepared())
    with pytest.raises(PdfNotApproved):
        world.sealed(prepared(), agency)
    with pytest.raises(PdfAlreadySigned):
        world.approved(person, approved)
    with pytest.raises(PdfAlreadySigned):
        numbered(good)
    with pytest.raises(PdfAlreadySigned):
        world.sealed(good, agency)
    with pytest.raises(SlotMissing):
        world.approved(person, draft())


def test_each_act_only_adds(approved: bytes, good: bytes) -> None:
    assert approved.startswith(prepared())
    assert good.startswith(approved)


@pytest.mark.parametrize(("number", "day", "month"), [("", "1", "1"), ("0", "1", "1"), ("12A", "1", "1"), ("12 a", "1", "1"),
                                                      ("1", "32", "1"), ("1", "1", "13"), ("1", "0", "1")])  # fmt: skip
def test_only_numbers_are_filled_in(approved: bytes, number: str, day: str, month: str) -> None:
    with pytest.raises(TextDoesNotFit):
        fill(approved, number=number, day=day, month=month)


def test_values_can_be_read_by_program_and_by_eye(good: bytes) -> None:
    assert kept_values(good) == {Place.NUMBER: "15", Place.DAY: "02", Place.MONTH: "3"}
    assert set(kept_values(prepared()).values()) == {""}
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=good, capture_output=True, check=True
    ).stdout.decode()
    assert "15/QĐ-UBND" in text.replace(" ", "")


def test_the_number_stands_on_its_line(good: bytes) -> None:
    """The appearance is upright for the number, italic for the date, in the font of the text around."""
    found = {field["/T"]: field for field in PdfReader(BytesIO(good)).pages[0]["/Annots"]}  # type: ignore[union-attr]
    names = {}
    for place in (Place.NUMBER, Place.DAY, Place.MONTH):
        fonts = found[place.value].get_object()["/AP"]["/N"]["/Resources"]["/Font"]
        names[place] = next(iter(fonts.values())).get_object()["/BaseFont"]
    assert "LiberationSerif" in names[Place.NUMBER]
    assert "Italic" not in names[Place.NUMBER]
    assert "Italic" in names[Place.DAY]
    assert "Italic" in names[Place.MONTH]


def test_values_share_the_baseline_of_their_line(good: bytes) -> None:
    """Boxes of words in one font and size end at one height exactly when their baselines agree."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=good, capture_output=True, check=True)
    words = re.findall(r'yMax="([0-9.]+)">([^<]+)<', done.stdout.decode())
    line = {text: float(bottom) for bottom, text in words[:12]}
    printed = line["/QĐ-UBND"] if "/QĐ-UBND" in line else line["15/QĐ-UBND"]
    assert line["ngày"] == pytest.approx(printed, abs=0.1)
    for value in ("02", "3"):
        assert line[value] == pytest.approx(printed, abs=0.3)


def test_pdfsig_agrees(tmp_path: Path, good: bytes) -> None:
    """Another program, without our code, calls both signatures valid."""
    file = tmp_path / "good.pdf"
    file.write_bytes(good)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=True, text=True).stdout
    assert said.count("Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert PERSON in said
    assert AGENCY in said


def test_number_and_seal_of_one_act_are_one_revision(
    world: World, agency: Owner, approved: bytes, tmp_path: Path
) -> None:
    act = {"key": agency.key, "timestamps": world.stamps, "validation": world.validation, "at": T0, "image": None}
    sealed = fill_and_seal(approved, number="15", day="02", month="3", **act)  # type: ignore[arg-type]
    assert sealed.startswith(approved)
    assert sealed.count(b"%%EOF") == approved.count(b"%%EOF") + 2  # the seal, and what later judges need
    assert kept_values(sealed) == {Place.NUMBER: "15", Place.DAY: "02", Place.MONTH: "3"}
    assert world.judged(sealed, agency).equivalent
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=True, text=True).stdout
    assert said.count("Signature is Valid.") == 2
    with pytest.raises(TextDoesNotFit):
        fill_and_seal(approved, number="015", day="02", month="3", **act)  # type: ignore[arg-type]


def test_pictures_are_shown(world: World, person: Owner) -> None:
    image = BytesIO()
    Image.new("RGBA", (60, 24), (20, 40, 160, 128)).save(image, "PNG")
    act = {"key": person.key, "timestamps": world.stamps, "at": world.now}
    signed = sign_person(prepared(), image=image.getvalue(), **act)  # type: ignore[arg-type]
    assert b"/SMask" in signed[len(prepared()) :]
    with pytest.raises(PictureUnusable):
        sign_person(prepared(), image=b"GIF89a", **act)  # type: ignore[arg-type]


def test_no_seal_without_what_later_judges_need(world: World, approved: bytes, agency: Owner) -> None:
    def down(url: str, body: bytes | None, content_type: str) -> bytes:
        if url.endswith("/tsa"):
            return world.fetch(url, body, content_type)
        raise ConnectionRefusedError(url)

    from lienthong.standards.signatures.sign import seal

    broken = Validation(world.trust, down)
    with pytest.raises(MaterialUnavailable):
        seal(numbered(approved), key=agency.key, timestamps=world.stamps, validation=broken, at=T0, image=None)


def test_a_revoked_seal_seals_nothing(person: Owner) -> None:
    world = World()
    signer, agency = world.issue(PERSON), world.issue(AGENCY)
    text = numbered(world.approved(signer))
    world.revoked[agency.certificate.serial_number] = T0.replace(hour=1)
    with pytest.raises(CertificateRevoked):
        world.sealed(text, agency)


@pytest.mark.parametrize("answer", [b"", b"<html>busy</html>", b"\x30\x05\x30\x03\x02\x01\x02"])
def test_no_signature_without_a_time_stamp(person: Owner, answer: bytes) -> None:
    stamps = TimeStamps("http://pki.test/other", lambda url, body, kind: answer)
    with pytest.raises(TimeStampRefused):
        sign_person(prepared(), key=person.key, timestamps=stamps, at=T0, image=None)


def test_an_unreachable_time_stamp_service_has_a_name(world: World, person: Owner) -> None:
    def down(url: str, body: bytes | None, content_type: str) -> bytes:
        raise ConnectionRefusedError(url)

    with pytest.raises(TimeStampRefused):
        sign_person(prepared(), key=person.key, timestamps=TimeStamps("http://x", down), at=T0, image=None)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_enclosures_are_sealed_where_readers_look(world: World, agency: Owner, turn: int) -> None:
    """The lines stand in the upper right corner as seen, even on a scanned page that is turned."""
    turned = PdfWriter(clone_from=BytesIO(draft()))
    turned.pages[0].rotate(turn)
    out = BytesIO()
    turned.write(out)
    lines = ["15/QĐ-UBND; 02/03/2026 16:00:00", AGENCY]
    pdf = seal_enclosure(
        out.getvalue(), key=agency.key, lines=lines, timestamps=world.stamps, validation=world.validation, at=T0
    )
    assert world.judged(pdf, agency, enclosure=True).reason == "equivalent_enclosure"
    assert world.judged(pdf, agency).reason == "no_person"
    if turn % 180 == 0:
        box = ["-x", "250", "-y", "0", "-W", "350", "-H", "60"]
        command = ["pdftotext", *box, "-", "-"]
        seen = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
        assert "15/QĐ-UBND" in seen
    with pytest.raises(PdfAlreadySigned):
        seal_enclosure(pdf, key=agency.key, lines=lines, timestamps=world.stamps, validation=world.validation, at=T0)


def test_key_files(person: Owner) -> None:
    key = SoftKey.from_pkcs12(person.pkcs12("123456"), "123456")
    assert key.certificate == person.der
    assert len(key.chain) == 2
    with pytest.raises(WrongPin):
        SoftKey.from_pkcs12(person.pkcs12("123456"), "654321")
    with pytest.raises(KeyUnusable):
        SoftKey.from_pkcs12(b"nothing", "")
    assert "private" not in repr(key).lower()


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh software token, its store under the test's directory."""
    module = Path("/usr/lib/softhsm/libsofthsm2.so")
    assert module.exists(), "install the package softhsm2 to run this test"
    (tmp_path / "tokens").mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    init = ["softhsm2-util", "--init-token", "--free", "--label", "office", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run(init, check=True, capture_output=True, env=os.environ)
    return module


def test_token(token: Path, world: World, agency: Owner, approved: bytes) -> None:
    """A seal by PKCS#11 counts like any other; each kind of key, each refusal."""
    import pkcs11
    from pkcs11 import Attribute, ObjectClass
    from pkcs11.util.ec import decode_ec_private_key
    from pkcs11.util.rsa import decode_rsa_private_key

    rsa_world = World(use_rsa=True)
    owner = rsa_world.issue(AGENCY)
    with pkcs11.lib(str(token)).get_token(token_label="office").open(user_pin="1234", rw=True) as session:
        for label, one, decode in (("seal", agency, decode_ec_private_key), ("rsa", owner, decode_rsa_private_key)):
            values = decode(_private_der(one))
            named = {Attribute.LABEL: label, Attribute.TOKEN: True, Attribute.ID: label.encode()}
            session.create_object({**values, **named, Attribute.SIGN: True})
            session.create_object({
                Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                Attribute.VALUE: one.der, Attribute.SUBJECT: one.certificate.subject.public_bytes(), **named,
            })  # fmt: skip
    with pytest.raises(WrongPin):
        TokenKey.open(token, token="office", pin="9999", label="seal")
    with pytest.raises(KeyUnusable):
        TokenKey.open(token, token="office", pin="1234", label="other")
    with pytest.raises(KeyUnusable):
        TokenKey.open(token, token="elsewhere", pin="1234", label="seal")
    key = TokenKey.open(token, token="office", pin="1234", label="seal")
    from lienthong.standards.signatures.sign import seal

    text = numbered(approved)
    sealed = seal(text, key=key, timestamps=world.stamps, validation=world.validation, at=T0, image=None)
    assert world.judged(sealed, agency).equivalent
    key.close()
    other = TokenKey.open(token, token="office", pin="1234", label="rsa")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    public = owner.private.public_key()
    public.verify(other.sign(b"text", "sha256"), b"text", padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg,arg-type]
    other.close()


def _private_der(owner: Owner) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return owner.private.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
