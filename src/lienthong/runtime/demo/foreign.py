"""The agency whose software is not ours: what it sends is good or bad in every way that the law cares about."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from time import sleep

from lienthong.office.typeset import Draft, Typeset, render
from lienthong.runtime.demo.cast import G22
from lienthong.runtime.demo.documents import INQUIRY
from lienthong.standards import edxml
from lienthong.standards.times import VIETNAM
from lienthong.testing.images import seal_image, signature_image
from lienthong.testing.other_office import OtherOffice
from lienthong.testing.pki import Identity, TestAuthority

CODE, ALIAS, NAME = "H29", "000.00.00.H29", "Ủy ban nhân dân Thành phố Hồ Chí Minh"
SIGNER, POSITION, NOTATION = "Đoàn Minh Khoa", "PHÓ CHỦ TỊCH", "UBND-VX"
_LEADER = next(member.name for member in G22.members if member.role == "leader")
LIFE = timedelta(seconds=12)
"""How long the certificate lives that ends while the story goes on."""


@dataclass(frozen=True)
class Case:
    """A document as the agency sends it, and what it must be worth where it arrives.

    Attributes:
        words: what the story says when it holds; also the document's subject.
        legal: the document's legal value.
        integrity, authenticity: results of the checks.
        indication: sub-indication of ETSI EN 319 102-1 that the page must name; "" when all is well, or nothing signed.
        named: the signer whom the packet names.
    """

    words: str
    pdf: bytes
    number: str
    legal: str
    integrity: str
    authenticity: str
    indication: str = ""
    named: str = SIGNER

    @property
    def identifier(self) -> str:
        """The document's identifier, of today."""
        return f"{ALIAS},{datetime.now(VIETNAM):%Y/%m/%d},{self.number}/{NOTATION}"

    def packet(self) -> bytes:
        """The packet to H41, as existing client software writes it."""
        document = edxml.Document(
            sender=edxml.Organ(ALIAS, NAME), recipients=(edxml.Organ("000.00.00.H41", "UBND tỉnh Nghệ An"),),
            identifier=self.identifier, number=self.number, notation=NOTATION, subject=self.words,
            issued_on=datetime.now(VIETNAM).date(), place="TP Hồ Chí Minh", kind_name="Công văn",
            signer=edxml.Signer(self.named, POSITION), traces=(edxml.Trace(ALIAS, datetime.now(UTC)),),
        )  # fmt: skip
        out = io.BytesIO()
        edxml.write_document(document, [edxml.FileToSend(f"{self.number}.pdf", lambda: io.BytesIO(self.pdf))], out)
        return out.getvalue()


@dataclass(frozen=True)
class ForeignAgency:
    """The agency, its people and its seals. One of its people lost their card: the certificate is revoked."""

    authority: TestAuthority

    def found(self) -> None:
        """Make what must be known beforehand: revocation lists are kept for a while where they are read."""
        self.authority.revoke(self._person("revoked"), datetime.now(UTC) - timedelta(days=1))

    @property
    def seal(self) -> Identity:
        """The seal that the directory lists."""
        return self._seal("registered")

    def cases(self, sealed_by_another: bytes, ended: bytes) -> tuple[Case, ...]:
        """Each way of being valid or not.

        Args:
            sealed_by_another: a genuine document of the Government Office, which its leader signed.
            ended: what `sign_before_the_end` gave; its certificate has ended by now.
        """
        good = self._issued("90")
        revoked = self._issued("94", person=self._person("revoked"), material=False)
        past = self._issued("95", person=self._expired, material=False)
        stray = self._issued("97", seal=self._seal("stray"))
        constraints, failed, worthless = "SIG_CONSTRAINTS_FAILURE", "failed", "information"
        return (
            Case("Văn bản của phần mềm khác, đủ hai chữ ký: như bản giấy", good, "90", "equivalent", "passed",
                 "passed"),
            Case("Văn bản không ký số: chỉ để biết", self._draft.pdf, "91", worthless, "warning", failed),
            Case("Con dấu của cơ quan khác: không hợp lệ", sealed_by_another, "92", worthless, "passed",
                 failed, constraints, named=_LEADER),
            Case("PDF sửa sau khi đóng dấu: bị phát hiện", _tampered(self._issued("93")), "93", worthless, failed,
                 failed, "HASH_FAILURE"),
            Case("Chứng thư bị thu hồi trước khi ký: không hợp lệ", revoked, "94", worthless, "passed", failed,
                 "REVOKED"),
            Case("Chứng thư hết hạn trước khi ký: không hợp lệ", past, "95", worthless, "passed", failed,
                 "EXPIRED"),
            Case("Chứng thư nay hết hạn, có dấu thời gian trước đó: vẫn hợp lệ", ended, "96", "equivalent", "passed",
                 "passed"),
            Case("Con dấu chưa đăng ký trong danh bạ: chưa xác nhận được", stray, "97", worthless, "passed", "warning",
                 constraints),
            Case("Tên người ký khác tên trên chữ ký số: không hợp lệ", self._issued("98"), "98", worthless,
                 "passed", failed, constraints, named="Người Ký Nào Đó"),
        )  # fmt: skip

    def sign_before_the_end(self, life: timedelta = LIFE) -> tuple[bytes, datetime]:
        """A document signed and stamped with a certificate that ends soon, and when it ends."""
        end = datetime.now(UTC) + life
        person = self.authority.issue_person(SIGNER, POSITION, NAME, valid_to=end, ec=True)
        return self._issued("96", person=person), end

    @cached_property
    def _office(self) -> OtherOffice:
        return OtherOffice(self.authority, signature_image(SIGNER), seal_image(NAME))

    @cached_property
    def _draft(self) -> Typeset:
        draft = Draft(
            agency=NAME, notation=NOTATION, place="TP Hồ Chí Minh", year=datetime.now(VIETNAM).year,
            subject=INQUIRY.subject, body=INQUIRY.body, addressees=(INQUIRY.addressees,), position=POSITION,
            competence="TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH", signer=SIGNER,
            recipients=tuple(INQUIRY.recipients_text.splitlines()),
        )  # fmt: skip
        return render(draft)

    def _issued(
        self, number: str, *, person: Identity | None = None, seal: Identity | None = None, material: bool = True
    ) -> bytes:
        return self._office.issue(
            self._draft.pdf, self._draft.slots, person=person or self._person("signer"), seal=seal or self.seal,
            number=number, at=datetime.now(VIETNAM), material=material,
        )  # fmt: skip

    def _person(self, which: str) -> Identity:
        return self.authority.identity(
            f"person-{CODE}-{which}", lambda: self.authority.issue_person(SIGNER, POSITION, NAME, ec=True)
        )

    @property
    def _expired(self) -> Identity:
        today = datetime.now(UTC)
        since, until = today - timedelta(days=400), today - timedelta(days=2)
        return self.authority.issue_person(SIGNER, POSITION, NAME, valid_from=since, valid_to=until, ec=True)

    def _seal(self, which: str) -> Identity:
        return self.authority.identity(
            f"seal-{CODE}-{which}", lambda: self.authority.issue_agency(NAME, ALIAS, ec=True)
        )


def await_end(end: datetime) -> None:
    """Wait until a certificate has ended."""
    while (left := (end - datetime.now(UTC)).total_seconds()) > 0:
        sleep(left)


def changed(packet: bytes) -> bytes:
    """A packet with one digit of its document's number changed on its way; it stays a sound packet."""
    place = packet.index(b"CodeNumber>") + len(b"CodeNumber>")
    return packet[:place] + bytes([packet[place] ^ 1]) + packet[place + 1 :]


def _tampered(pdf: bytes) -> bytes:
    """The sealed file with one digit changed: the page begins elsewhere, the file stays readable."""
    place = pdf.index(b"/MediaBox") + len(b"/MediaBox[0 ")
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
