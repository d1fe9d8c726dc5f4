"""Signing software of somebody else: it signs what it is told to, and asks nobody whether it may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lienthong.standards.signatures import sign
from lienthong.standards.signatures.engine import sign_field
from lienthong.standards.signatures.layout import Place, Slot
from lienthong.standards.signatures.material import Validation
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.trust import Trust
from lienthong.testing.pki import Identity, TestAuthority


@dataclass(frozen=True)
class OtherOffice:
    """An office whose certificates are the test authority's.

    Attributes:
        signature, mark: PNG of the handwritten signature and of the seal; without them names and times are shown.
    """

    authority: TestAuthority
    signature: bytes | None = None
    mark: bytes | None = None

    def issue(
        self,
        pdf: bytes,
        slots: Sequence[Slot],
        *,
        person: Identity,
        seal: Identity,
        number: str,
        at: datetime,
        material: bool,
    ) -> bytes:
        """Sign, number and seal a laid-out document. With `material` the seal brings along what judges need (B-LT), as
        ours does; without, revoked and expired certificates sign like any other (B-T)."""
        stamps = TimeStamps(f"{self.authority.base_url}/tsa", self.authority.fetch)
        prepared = sign.prepare(pdf, tuple(slots))
        signed = sign.sign_person(prepared, key=person.key, timestamps=stamps, at=at, image=self.signature)
        filled = sign.fill(signed, number=number, day=f"{at:%d}", month=str(at.month))
        if material:
            validation = Validation(Trust.from_pem(self.authority.trust_pem()), self.authority.fetch)
            return sign.seal(filled, key=seal.key, timestamps=stamps, validation=validation, at=at, image=self.mark)
        writer = IncrementalPdfFileWriter(BytesIO(filled), strict=False)
        return sign_field(writer, Place.SEAL.value, key=seal.key, timestamps=stamps, at=at)
