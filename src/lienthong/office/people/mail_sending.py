"""Sending notices by e-mail: what is due for one person becomes a batch with a name, is sent under this name
(`Message-ID`), then counts as sent. Whoever is killed in between sends the same mail again. A server that does not
answer is asked again later each time; what was seen meanwhile, or is two days old, is not sent any more, neither anew
nor in a mail that was begun."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.office.config import TRAINING_MARK, training
from lienthong.office.models import MailServer, Notice, NoticeKind, NoticeMail, NoticeWay, Person
from lienthong.office.people.access import incoming_of, outgoing_of
from lienthong.office.people.mailing import SAFE, is_own, kind_of, server
from lienthong.protocol import mail
from lienthong.standards.statuses import Words
from lienthong.standards.times import VIETNAM

LEASE = timedelta(seconds=90)
"""How long a batch is this worker's: longer than sending can take."""
MOST_TOLD = 50
"""Notices in one mail; the others are in the next one."""
TOO_OLD = timedelta(days=2)
LONGEST_PAUSE = timedelta(hours=1)
_CAME, _GOES = Words("Văn bản đến", "Incoming document"), Words("Văn bản đi", "Outgoing document")
_DOCUMENT = re.compile(r"^/van-ban-(den|di)/(\d{1,9})/$")

log = structlog.get_logger("office.mail")


def send_one(at: datetime) -> bool:
    """Send what is due to the person who has waited longest; False when nothing is due."""
    by = server()
    if by is None or (by.not_before is not None and by.not_before > at):
        return False
    batch = _claim(at)
    if batch is None:
        return False
    rows = list(
        NoticeMail.objects.filter(batch=batch, due_at__isnull=False)
        .select_related("notice", "person__organization", "person__user")
        .order_by("pk")
    )
    way = NoticeWay.objects.filter(person=rows[0].person).first() if rows else None
    if way is None or not rows[0].person.user.is_active or not is_own(way.address, rows[0].person.organization):
        _end(batch, None)  # what it told of was taken back, or it would leave the agency
        return True
    try:
        secret = SAFE.reveal(by.secret) if by.secret else ""
        message = mail_of(by, way, batch, [row.notice for row in rows], at)
        mail.MailServer(by.address, secret).send(message)
    except smtplib.SMTPRecipientsRefused as refused:
        _note_refused(way, batch, next((code for code, _words in refused.recipients.values()), 0), at)
    except smtplib.SMTPDataError as refused:  # this mail, not the server: the mailbox is full, or takes none of these
        _note_refused(way, batch, refused.smtp_code, at)
    except (OSError, smtplib.SMTPException) as reason:
        _note_failure(by, reason, at)
        return False
    else:
        _end(batch, at)
        MailServer.objects.exclude(failures=0).update(failures=0, not_before=None, last_error="")
    return True


def mail_of(by: MailServer, way: NoticeWay, batch: UUID, notices: Sequence[Notice], at: datetime) -> EmailMessage:
    """The mail of a batch: in Vietnamese, then in English. Of a document it tells number and sender, and where it is
    read; nothing of what stands in it."""
    person, urgent = way.person, sum(one.urgent for one in notices)
    message = EmailMessage()
    message["From"], message["To"] = by.sender, way.address
    marks = "".join((f"[{TRAINING_MARK}] " if training() else "", "KHẨN: " if urgent else ""))
    message["Subject"] = f"{marks}{person.organization.short_name}: {len(notices)} thông báo mới"
    message["Date"] = format_datetime(at.astimezone(VIETNAM))
    message["Message-ID"] = f"<{batch}@{urlsplit(settings.LIENTHONG.address).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    if urgent:
        message["X-Priority"] = "1"
    documents = _documents(notices, person)
    lines = [[_line(one, documents, english=english) for one in notices] for english in (False, True)]
    parts = ["\n\n".join(each) for each in lines]
    own = f"{settings.LIENTHONG.address}/thong-bao/cach-nhan/"
    parts.append(f"Nhận hay không nhận thư này: {own}\nChoose whether you get these mails: {own}")
    message.set_content("\n\n---\n\n".join(parts) + "\n")
    return message


def _line(notice: Notice, documents: Mapping[str, Words], *, english: bool) -> str:
    if notice.link in documents:
        what = documents[notice.link].en if english else documents[notice.link].vi
        if notice.urgent:
            what = f"Urgent: {what}" if english else f"Khẩn: {what}"
    else:
        kind = kind_of(notice)
        what = "A new notice" if english else "Thông báo mới"
        if kind is NoticeKind.URGENT:
            what = "An urgent notice" if english else "Thông báo khẩn"
    return f"{what}\n{settings.LIENTHONG.address}{notice.link}"


def _documents(notices: Iterable[Notice], person: Person) -> dict[str, Words]:
    """Number and sender of the documents that the notices lead to, by the place: of those that the person may see."""
    places = [found for one in notices if (found := _DOCUMENT.match(one.link))]
    came = incoming_of(person).filter(pk__in={int(one[2]) for one in places if one[1] == "den"})
    goes = outgoing_of(person).filter(pk__in={int(one[2]) for one in places if one[1] == "di"})
    return {f"/van-ban-den/{one.pk}/": _both(f"{one.printed_number}, {one.sender_name}", _CAME) for one in came} | {
        f"/van-ban-di/{one.pk}/": _both(one.printed_number, _GOES) for one in goes
    }


def _both(named: str, kind: Words) -> Words:
    return Words(f"{kind.vi} {named}", f"{kind.en} {named}")


def _claim(at: datetime) -> UUID | None:
    """The batch to send: one that was begun, else all that waits for the person who has waited longest."""
    while True:
        with transaction.atomic():
            due = NoticeMail.objects.select_for_update(skip_locked=True).filter(due_at__lte=at)
            first = due.order_by("due_at", "pk").first()
            if first is None:
                return None
            waiting = NoticeMail.objects.filter(person=first.person_id, due_at__isnull=False, batch=first.batch)
            _drop_stale(waiting, at)
            batch = first.batch or _begun(waiting)
            if NoticeMail.objects.filter(batch=batch, due_at__isnull=False).update(due_at=at + LEASE):
                return batch


def _drop_stale(waiting: QuerySet[NoticeMail], at: datetime) -> None:
    """What was seen, or is too old, waits no more, whether a mail with it was begun or not."""
    waiting.filter(Q(notice__seen_at__isnull=False) | Q(notice__at__lt=at - TOO_OLD)).update(due_at=None)


def _begun(waiting: QuerySet[NoticeMail]) -> UUID:
    """A batch of what waits for somebody; of nothing where nothing does."""
    chosen = list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST_TOLD])
    batch = uuid4()
    NoticeMail.objects.filter(pk__in=chosen).update(batch=batch)
    return batch


def _end(batch: UUID, sent_at: datetime | None) -> None:
    NoticeMail.objects.filter(batch=batch, due_at__isnull=False).update(due_at=None, sent_at=sent_at)


def _note_refused(way: NoticeWay, batch: UUID, code: int, at: datetime) -> None:
    """The mailbox takes no mail: its owner sees it, and gets none until the address is given anew. A refusal that
    passes (4xx) is tried again. Others' mail goes on."""
    with transaction.atomic():
        if 400 <= code < 500:
            NoticeMail.objects.filter(batch=batch, due_at__isnull=False).update(due_at=at + timedelta(minutes=10))
            return
        _end(batch, None)
        NoticeWay.objects.filter(pk=way.pk, address=way.address).update(refused_for=f"SMTP {code}")
    log.warning("a mailbox is refused", code=code)


def _note_failure(by: MailServer, reason: Exception, at: datetime) -> None:
    pause = min(timedelta(seconds=30) * 2 ** min(by.failures, 8), LONGEST_PAUSE)
    MailServer.objects.filter(pk=by.pk).update(
        failures=by.failures + 1, not_before=at + pause, last_error=type(reason).__name__
    )
    log.warning("no mail goes out", reason=type(reason).__name__)
