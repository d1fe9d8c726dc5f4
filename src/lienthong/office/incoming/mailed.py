"""A document that came by e-mail: read out of the saved mail, registered for information (Decision 28, Articles 1.1,
4.2; Decree 30/2020, Article 22)."""

from __future__ import annotations

from collections.abc import Sequence

from django.core import signing

from lienthong.office.config import blobs
from lienthong.office.errors import Missing
from lienthong.office.incoming import registering
from lienthong.office.incoming.act_errors import NotAMail
from lienthong.office.incoming.registering import Upload
from lienthong.office.models import Person, Role
from lienthong.office.people.access import require
from lienthong.standards import mails
from lienthong.storage import BlobMissing

SALT = "lienthong.office.mailed"
HELD = 3600
"""Seconds for which a mail that was read waits to be registered; then it is swept, as whatever nothing names."""
ITSELF, WORDS = "thu-dien-tu.eml", "noi-dung-thu.txt"


def take(upload: Upload, *, actor: Person) -> tuple[str, mails.Mail]:
    """Read a mail and hold it until it is registered; gives the word by which it is found again.

    Raises:
        Forbidden: not the clerk; NotAMail; Missing: more files than a document has; NotPdf, SecretPaper: what is
            attached cannot be taken. Then nothing is held.
    """
    require(actor, Role.CLERK)
    mail = _read(upload)
    files = files_of(mail, upload.content)
    registering.require_few(files)
    for one in files:
        registering.require_readable(one)
    held = blobs().put(upload.content)
    return signing.dumps([held.digest, actor.pk], salt=SALT), mail


def held(word: str, *, actor: Person) -> tuple[mails.Mail, bytes]:
    """The mail that this person had read. Raises `Missing`: its time is over, or there is none."""
    try:
        digest, whose = signing.loads(word, salt=SALT, max_age=HELD)
        content = blobs().read(digest)
    except (signing.BadSignature, ValueError, TypeError, BlobMissing):
        whose, content = None, b""
    if whose != actor.pk:
        raise Missing(what="tệp thư điện tử: chọn lại", what_en="the mail: choose it again")
    return _read(Upload(ITSELF, content)), content


def files_of(mail: mails.Mail, content: bytes, main: int = 0) -> Sequence[Upload]:
    """The files of a document that came so: the chosen attachment first, what else was attached, the words of the mail,
    and last the mail itself, as it came."""
    attached = [Upload(one.name, one.content) for one in mail.attached]
    first = attached[main : main + 1]
    words = [Upload(WORDS, mail.text.encode())] if mail.text else []
    others = [one for place, one in enumerate(attached) if place != main]
    return [*first, *others, *words, Upload(ITSELF, content)]


def likely_main(mail: mails.Mail) -> int:
    """Which attachment is the document, most likely: the first PDF."""
    return next((place for place, one in enumerate(mail.attached) if one.content[:5] == b"%PDF-"), 0)


def _read(upload: Upload) -> mails.Mail:
    try:
        return mails.read(upload.content)
    except mails.NoMail:
        raise NotAMail(name=upload.name[:100]) from None
