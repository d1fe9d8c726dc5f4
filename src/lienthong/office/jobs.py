"""The office's background work: send, receive, follow, refresh, tidy; each in a loop of its own that never gives up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

import structlog
from django.db import DatabaseError, connection

from lienthong.office import config, contents, proofs
from lienthong.office.dossiers import archive, tasks
from lienthong.office.exchange import directory, inbox, local, notices, outbox, tickets
from lienthong.office.exchange.connection import connect, desk, note_contact, note_problem
from lienthong.office.incoming import presenting, recalls, urging
from lienthong.office.models import Carrier, HubLink, Organization
from lienthong.office.outgoing import board, deadlines, drafting_urging, remote
from lienthong.office.people import accounts, expiry, importing, mail_sending, saml
from lienthong.office.sealing import putting_in
from lienthong.office.search import indexing
from lienthong.protocol.client.interface import PacketCarrier
from lienthong.protocol.messages import InboxItem
from lienthong.protocol.problems import HubUnreachable, Problem
from lienthong.standards.statuses import TransportState
from lienthong.standards.texts import recogniser

IDLE_SECONDS = 0.25
"""How soon the sender looks again: a document leaves "ngay sau khi đã ký số" (Article 6.2)."""
WAIT_SECONDS = 15.0
DIRECTORY_SECONDS = 20.0
TICKETS_SECONDS = 2.0
MAIL_SECONDS = 5.0
PROVE_SECONDS = 1.0
TIDY_SECONDS = 600.0
RETRY_SECONDS = 3600.0
READ_SECONDS = 1.0
RECOGNISE_SECONDS = 5.0
HANDLING_SECONDS = 20.0
"""How often it is looked at whether something waits too long: an urgent document is presented within minutes."""
CERTIFICATES_SECONDS = 3600.0
"""How often ends and revocations of certificates are looked at; both are counted in days."""
DOSSIERS_SECONDS = 3600.0
"""How often it is looked which dossiers are due at the archive; that is counted in days."""
ACCOUNTS_SECONDS = 3600.0
"""How often unused accounts are looked for; they are counted in days."""
EARLY_KEPT = timedelta(days=30)
RECALL_WAITS = timedelta(days=30)
"""How long a recall waits for its document before its sender hears that nothing has come."""
SIGNING_SECONDS = 0.5
IDLE_SIGNING_SECONDS = 2.0
"""How often it is looked whether somebody waits for a signature from afar: they look at the page meanwhile."""
LONGEST_PAUSE = 10.0
STOP_SECONDS = 2.0

log = structlog.get_logger("office.jobs")


def run_worker(stop: threading.Event) -> None:
    """Work until told to stop."""
    hand = outbox.Hand()
    loops = {
        "send": partial(send, hand=hand),
        "receive": receive,
        "local": exchange_inside,
        "follow": follow,
        "prove": prove,
        "directory": refresh_directory,
        "tickets": exchange_tickets,
        "tidy": tidy,
        "retry": retry_failed,
        "certificates": watch_certificates,
        "read": read_files,
        "recognise": recognise_scans,
        "dossiers": watch_dossiers,
        "accounts": watch_accounts,
        "handling": watch_handling,
        "signing": sign_from_afar,
        "sealing": seal_from_desks,
        "mail": send_mail,
    }
    threads = [
        threading.Thread(target=_forever, args=(name, work, stop), name=name, daemon=True)
        for name, work in loops.items()
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    # A loop may be waiting for the hub's answer: what it had in hand is durable or will be done again, so a stop need
    # not wait for it.
    end = monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(timeout=max(0.0, end - monotonic()))
    with suppress(DatabaseError):
        hand.let_go(at=datetime.now(UTC))


def send(stop: threading.Event, *, hand: outbox.Hand) -> None:
    """Send what waits, one after the other, the most urgent first."""
    sent = False
    while not stop.is_set() and outbox.send_one(connect(), at=datetime.now(UTC), hand=hand):
        sent = True
    if sent:
        note_contact(connect())
    stop.wait(IDLE_SECONDS)


def receive(stop: threading.Event) -> None:
    """Take what waits at the hub; ask again as soon as everything is taken."""
    hub = connect()
    items = hub.inbox(wait=WAIT_SECONDS, limit=20)
    note_contact(hub)
    _take(hub, items, stop)


def exchange_inside(stop: threading.Event) -> None:
    """Carry what goes from one agency of this installation to another: whether the hub answers or not."""
    carrier = local.LocalCarrier()
    while not stop.is_set() and local.send_one(carrier, at=datetime.now(UTC)):
        pass
    items = carrier.inbox(limit=20)
    _take(carrier, items, stop, way=Carrier.LOCAL)
    if not items:
        connection.close()
        stop.wait(IDLE_SECONDS)


def retry_failed(stop: threading.Event) -> None:
    """Try once in a while what could not be taken: the fault may have been ours, and be mended."""
    inside = local.LocalCarrier()
    _take(inside, _failed(inside), stop, way=Carrier.LOCAL)
    hub = connect()
    _take(hub, _failed(hub), stop)
    stop.wait(RETRY_SECONDS)


def _failed(carrier: PacketCarrier) -> list[InboxItem]:
    return [item for item in carrier.inbox(limit=200, failed=True) if item.state == TransportState.FAIL]


def _take(carrier: PacketCarrier, items: list[InboxItem], stop: threading.Event, *, way: Carrier = Carrier.HUB) -> None:
    for item in items:
        if stop.is_set():
            return
        try:
            inbox.receive_or_refuse(carrier, item, at=datetime.now(UTC), carrier=way)
        except Problem as problem:
            log.warning("not received", delivery=item.delivery_id, problem=problem.code)
            stop.wait(1)


def follow(stop: threading.Event) -> None:
    """Read the hub's feed of what became of our packets."""
    organization = Organization.objects.order_by("pk").first()
    if organization is None:
        stop.wait(1)
        return
    link, _ = HubLink.objects.get_or_create(organization=organization)
    connection.close()
    changes = connect().changes(after=link.change_cursor, wait=WAIT_SECONDS)
    for change in changes:
        board.apply_change(change, at=datetime.now(UTC))
    if changes:
        HubLink.objects.filter(pk=link.pk).update(change_cursor=changes[-1].seq)


def prove(stop: threading.Event) -> None:
    """Judge what others signed, and ask now and then whether the keys still stand."""
    hub, now = connect(), datetime.now(UTC)
    if not proofs.judge_waiting(hub, at=now):
        proofs.ask_for_keys(hub, at=now)
        stop.wait(PROVE_SECONDS)


def refresh_directory(stop: threading.Event) -> None:
    """Copy the directory and the operators' notices now and then."""
    directory.refresh(connect(), at=datetime.now(UTC))
    notices.refresh(connect())
    stop.wait(DIRECTORY_SECONDS)


def exchange_tickets(stop: threading.Event) -> None:
    """Send what was written to the hub's operators, and hear what they answer."""
    if (hub := desk()) is not None:
        while not stop.is_set() and tickets.send_one(hub, at=datetime.now(UTC)):
            pass
        tickets.ask(hub, at=datetime.now(UTC))
    connection.close()
    stop.wait(TICKETS_SECONDS)


def tidy(stop: threading.Event) -> None:
    """Finish removals that were cut short, forget what is over."""
    now = datetime.now(UTC)
    contents.sweep(now)
    importing.forget_drafts(now - importing.DRAFTS_KEPT)
    saml.forget(before=now)
    board.forget_early(now - EARLY_KEPT)
    recalls.lapse(now - RECALL_WAITS, at=now)
    for organization in Organization.objects.all():
        deadlines.settle(organization, at=now)
    stop.wait(TIDY_SECONDS)


def watch_certificates(stop: threading.Event) -> None:
    """Warn of certificates that end, and ask their authorities whether they still stand."""
    now = datetime.now(UTC)
    for organization in Organization.objects.all():
        expiry.warn(organization, at=now)
        expiry.note_revocations(organization, validation=config.standing(), at=now)
    connection.close()
    stop.wait(CERTIFICATES_SECONDS)


def read_files(stop: threading.Event) -> None:
    """Read what came or changed, so that it is found by what stands in it."""
    while not stop.is_set() and indexing.read_next():
        pass
    connection.close()
    stop.wait(READ_SECONDS)


def recognise_scans(stop: threading.Event) -> None:
    """Recognise what stands on scans, one page at a time, where there is a program for it; else they wait for one."""
    program = recogniser() if indexing.scanned().exists() else None
    if program is None or not indexing.recognise_next(program):
        connection.close()
        stop.wait(RECOGNISE_SECONDS)


def watch_dossiers(stop: threading.Event) -> None:
    """Tell who keeps dossiers that they are due at the archive, thirty days before (Decree 30, Annex VI, III.5b), and
    who has tasks of dossiers that these are soon due, or late."""
    for organization in Organization.objects.all():
        archive.warn(organization, at=datetime.now(UTC))
        tasks.remind(organization, at=datetime.now(UTC))
    connection.close()
    stop.wait(DOSSIERS_SECONDS)


def watch_accounts(stop: threading.Event) -> None:
    """Warn of accounts that nobody uses, and close those that were warned of (SEC-5)."""
    now = datetime.now(UTC)
    for organization in Organization.objects.all():
        accounts.warn_idle(organization, at=now)
        accounts.close_idle(organization, at=now)
    connection.close()
    stop.wait(ACCOUNTS_SECONDS)


def sign_from_afar(stop: threading.Event) -> None:
    """Ask whether people have agreed at the services that keep their keys, and put in the signatures that came."""
    waiting = remote.go_on_with_all(lambda: datetime.now(UTC))
    connection.close()
    stop.wait(SIGNING_SECONDS if waiting else IDLE_SIGNING_SECONDS)


def seal_from_desks(stop: threading.Event) -> None:
    """Put in the seals that came from clerks' machines and are not in yet, and send what was to be sent with them."""
    waiting = putting_in.go_on_with_all(lambda: datetime.now(UTC))
    connection.close()
    stop.wait(SIGNING_SECONDS if waiting else IDLE_SIGNING_SECONDS)


def send_mail(stop: threading.Event) -> None:
    """Send by e-mail what people want to be told so; an urgent notice at once."""
    while not stop.is_set() and mail_sending.send_one(datetime.now(UTC)):
        pass
    connection.close()
    stop.wait(MAIL_SECONDS)


def watch_handling(stop: threading.Event) -> None:
    """Present what nobody can undo any more, tell of what was not presented or sent in time, remind of deadlines."""
    now = datetime.now(UTC)
    for organization in Organization.objects.all():
        presenting.present_waiting(organization, at=now)
        presenting.raise_alarms(organization, at=now)
        urging.remind(organization, at=now)
        deadlines.remind(organization, at=now)
        drafting_urging.remind(organization, at=now)
    connection.close()
    stop.wait(HANDLING_SECONDS)


def _forever(name: str, work: Callable[[threading.Event], None], stop: threading.Event) -> None:
    pause = 0.5
    while not stop.is_set():
        try:
            work(stop)
            pause = 0.5
        except HubUnreachable as reason:
            _tell(str(reason))
            pause = _rest(stop, pause)
        except Problem as problem:
            log.warning("the hub refuses", loop=name, problem=problem.code)
            _tell(problem.detail)
            pause = _rest(stop, pause)
        except DatabaseError as reason:
            log.warning("the database is away", loop=name, reason=type(reason).__name__)
            pause = _rest(stop, pause)
        except Exception:  # the loop's edge: a fault in one item must not end the exchange
            log.exception("fault", loop=name)
            pause = _rest(stop, pause)
        finally:
            connection.close()


def _rest(stop: threading.Event, pause: float) -> float:
    stop.wait(pause)
    return min(LONGEST_PAUSE, pause * 2)


def _tell(problem: str) -> None:
    try:
        note_problem(problem)
    except DatabaseError:
        log.warning("the database is away")
