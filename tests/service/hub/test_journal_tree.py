"""The hub signs what its journal is, and whoever keeps that finds out when anything of before was changed."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import ClassVar

import httpx
import pytest
from django.db import DatabaseError, connection, connections, transaction
from lxml import html
from typer.testing import CliRunner

from lienthong.evidence import heads, merkle
from lienthong.evidence.receipts import KeyRing
from lienthong.hub import hubkeys, journaltree
from lienthong.hub.models import TreeHead
from lienthong.hub.operators import Role
from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record_all
from lienthong.journal.vocabulary import HubEvent
from lienthong.runtime.cli import app
from lienthong.runtime.commands import witness
from tests.service.hub.conftest import Country, make_document, now, receive_all, submit
from tests.service.hub.people import sit_down


def write(amount: int) -> None:
    subject = Subject("packet", "x")
    with transaction.atomic():
        record_all(
            [(HubEvent.PACKET_REPEATED, subject, {"n": number, "at": 1.5}) for number in range(amount)],
            actor=Actor("service", "test"), at=now(),
        )  # fmt: skip


def asked(country: Country, place: str, **params: int) -> httpx.Response:
    return httpx.get(f"{country.url}/api/v1/journal/{place}", params=params, timeout=30)


def falsified(statement: str, *values: object, table: str = "journal_event") -> None:
    """What only a hand in the database can do."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree whose batches end in the middle of tiles."""
    monkeypatch.setattr(journaltree, "BATCH", 300)


def test_the_root_is_that_of_every_event_in_its_order(country: Country, small: None) -> None:
    submit(country.native("G22"), make_document())
    receive_all(country.native("H41"))
    write(900)
    head = journaltree.grow(now())
    assert head is not None
    with connection.cursor() as cursor:
        cursor.execute(f"{journaltree._EVENTS} ORDER BY id")
        entries = [journaltree.entry(row) for row in cursor.fetchall()]
    assert head.size == len(entries) == Event.objects.count()
    leaves = [merkle.leaf(entry) for entry in entries]

    def plain(begin: int, end: int) -> bytes:
        if end - begin == 1:
            return leaves[begin]
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        return merkle.parent(plain(begin, middle), plain(middle, end))

    for each in TreeHead.objects.all():
        assert each.root == plain(0, each.size).hex()
    assert TreeHead.objects.count() >= 3
    assert journaltree.grow(now()) is None  # nothing new, no new head
    assert journaltree.check(now()).sound


def test_everybody_reads_the_heads_and_proves_that_nothing_was_changed(country: Country, small: None) -> None:
    assert asked(country, "heads").json() == {"heads": []}
    assert asked(country, "consistency", old=1).status_code == 400
    write(10)
    journaltree.grow(now())
    write(700)
    journaltree.grow(now())
    found = asked(country, "heads").json()["heads"]
    keys = KeyRing(httpx.get(f"{country.url}/api/v1/keys", timeout=30).json()["keys"])
    said = [heads.read(one["signed"], keys) for one in found]
    assert [(one.size, one.root) for one in said] == [(one["size"], one["root"]) for one in found]
    assert sorted((one.size for one in said), reverse=True) == [one.size for one in said]
    newest = said[0]
    for old in said:
        answer = asked(country, "consistency", old=old.size).json()
        assert answer["new"] == newest.size
        proof = [bytes.fromhex(each) for each in answer["proof"]]
        assert merkle.is_consistent(
            old.size, bytes.fromhex(old.root), newest.size, bytes.fromhex(newest.root), proof
        )  # fmt: skip
    assert [one["size"] for one in asked(country, "heads", before=newest.size, limit=1).json()["heads"]] == [
        said[1].size
    ]
    assert asked(country, "consistency", old=newest.size + 1).status_code == 400
    assert asked(country, "consistency", old=2, new=1).status_code == 400


def test_what_is_written_but_not_there_yet_keeps_its_place(country: Country) -> None:
    """An event whose id was given before others' and that commits after them is not passed over."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                record_all(
                    [(HubEvent.PACKET_REPEATED, Subject("packet", "slow"), {})], actor=Actor("service", "test"), at=now()
                )  # fmt: skip
                begun.set()
                go_on.wait(30)
        finally:
            connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    assert begun.wait(30)
    write(1)
    newest = Event.objects.order_by("-id").values_list("id", flat=True)[0]
    grown: list[TreeHead | None] = []

    def grow() -> None:
        try:
            grown.append(journaltree.grow(now()))
        finally:
            connections.close_all()

    grower = threading.Thread(target=grow)
    grower.start()
    grower.join(0.5)
    assert grower.is_alive()  # it waits for who still writes
    go_on.set()
    writer.join()
    grower.join()
    head = grown[0]
    assert head is not None
    assert (head.last, head.size) == (newest, Event.objects.filter(id__lte=newest).count())
    assert Event.objects.get(subject="slow").pk < newest
    assert journaltree.check(now()).sound


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE journal_event SET actor = 'other' WHERE id = %s", "changed"),
        ("DELETE FROM journal_event WHERE id = %s", "broken"),
        ("UPDATE journal_event SET id = id - 100000 WHERE id = %s", "broken"),
    ],
)
def test_a_hand_in_the_database_is_found_out(country: Country, statement: str, fault: str) -> None:
    write(600)
    head = journaltree.grow(now())
    assert head is not None
    assert journaltree.check(now()).sound
    victim = head.last - 400
    falsified(statement, victim)
    found = journaltree.check(now())
    assert getattr(found, fault)
    assert fault != "changed" or found.changed == (victim,)
    assert not found.sound


def test_a_head_that_was_put_in_place_of_another_is_found_out(country: Country) -> None:
    write(5)
    head = journaltree.grow(now())
    assert head is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        TreeHead.objects.update(root="0" * 64)
    falsified("UPDATE hub_treehead SET root = repeat('0', 64)", table="hub_treehead")
    assert journaltree.check(now()).unsound == (head.size,)
    assert "không hợp lệ" in sit_down(Role.AUDITOR).get("/console/nhat-ky/niem-phong/").content.decode()


def test_a_witness_keeps_what_it_saw_and_holds_the_hub_to_it(country: Country, tmp_path: Path) -> None:
    keep = tmp_path / "kept.txt"
    look = ["witness", country.url, "--keep", str(keep)]
    runner = CliRunner()
    assert "chưa niêm phong" in runner.invoke(app, look).output
    write(40)
    journaltree.grow(now())
    assert runner.invoke(app, look).exit_code == 0
    write(40)
    hubkeys.rotate(now())
    journaltree.grow(now())
    second = runner.invoke(app, look)
    assert (second.exit_code, "còn nguyên từ" in second.output) == (0, True)
    assert runner.invoke(app, look).exit_code == 0
    assert len(keep.read_text().split()) == 2
    # The hub begins anew, with other events in the old place.
    falsified("UPDATE journal_event SET actor = 'other' WHERE id = (SELECT min(id) FROM journal_event)")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE hub_treehead, hub_treetile")
    write(40)
    journaltree.grow(now())
    changed = runner.invoke(app, look)
    assert changed.exit_code == 1
    assert "KHÔNG CÒN NGUYÊN" in changed.output
    assert len(keep.read_text().split()) == 2
    assert runner.invoke(app, ["witness", "http://127.0.0.1:9", "--keep", str(keep)]).exit_code == 2


def test_what_is_taken_in_while_the_journal_is_checked_is_no_fault(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    write(600)
    journaltree.grow(now())
    read_events, grown = journaltree._leaves, list[TreeHead | None]()

    def busy(begin: int, end: int) -> list[journaltree.Leaf]:
        if not grown:
            write(600)
            grown.append(journaltree.grow(now()))
        return read_events(begin, end)

    monkeypatch.setattr(journaltree, "_leaves", busy)
    assert journaltree.check(now()).sound
    assert grown[0] is not None
    monkeypatch.undo()
    found = journaltree.check(now())
    assert (found.sound, found.events) == (True, grown[0].size)


@pytest.mark.parametrize("which", ["level = 0", "level = 1", "level = 0 AND place = 2"])
def test_hashes_that_were_taken_away_are_told_and_stop_nobody(country: Country, which: str) -> None:
    write(700)
    head = journaltree.grow(now())
    assert head is not None
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM hub_treetile WHERE {which}")  # noqa: S608 - words of ours
    assert head.size in journaltree.check(now()).unsound
    today = now().astimezone().date().isoformat()
    shown = sit_down(Role.AUDITOR).get("/console/nhat-ky/niem-phong/", {"since": today, "tu": "²"})
    assert "Không còn nguyên" in shown.content.decode()


class Liar(BaseHTTPRequestHandler):
    """A hub that answers what the test says, by the end of the path."""

    answers: ClassVar[dict[str, Callable[[], Iterator[bytes]]]] = {}

    def do_GET(self) -> None:
        place = self.path.partition("?")[0].rpartition("/")[2]
        self.send_response(200)
        self.end_headers()
        try:
            for piece in self.answers[place]():
                self.wfile.write(piece)
        except OSError:  # who asked went away
            return

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def liar() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Liar) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def gigabytes() -> Iterator[bytes]:
    yield from (b"[" * (1 << 20) for _ in range(1 << 12))


def drops() -> Iterator[bytes]:
    for _ in range(100):
        yield b" "
        sleep(0.1)


@pytest.mark.parametrize(
    ("answer", "exit_code"),
    [
        (gigabytes, 2),
        (drops, 2),
        (lambda: iter([b"<html>"]), 2),
        (lambda: iter([b"[" * 100_000]), 2),
        (lambda: iter([b'{"heads": [{}], "keys": []}']), 2),
        (lambda: iter([b'{"heads": [{"signed": "x"}], "keys": [{"kid": 1}, 7]}']), 2),
        (lambda: iter([b'{"heads": [{"signed": "a.b.c"}], "keys": []}']), 1),
        (lambda: iter([b'{"heads": [], "keys": []}']), 1),
    ],
)
def test_a_witness_is_neither_flooded_nor_held_up_nor_confused(
    liar: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Iterator[bytes]], exit_code: int
) -> None:
    keep = tmp_path / "kept.txt"
    keep.write_text("a.b.c\n")
    monkeypatch.setattr(Liar, "answers", {"heads": answer, "keys": answer})
    monkeypatch.setattr(witness, "LONGEST", 2.0)
    began = monotonic()
    found = CliRunner().invoke(app, ["witness", liar, "--keep", str(keep)])
    assert (found.exit_code, type(found.exception)) == (exit_code, SystemExit)
    assert monotonic() - began < 8
    assert keep.read_text() == "a.b.c\n"


@pytest.mark.parametrize("told", [b'{"proof": ["zz"]}', b'{"proof": 1}', b"{}", b"[]", b'{"proof": []}'])
def test_a_hub_that_gives_no_proof_has_none(
    country: Country, liar: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bytes
) -> None:
    keep = tmp_path / "kept.txt"
    write(3)
    journaltree.grow(now())
    assert CliRunner().invoke(app, ["witness", country.url, "--keep", str(keep)]).exit_code == 0
    write(3)
    journaltree.grow(now())
    newest = asked(country, "heads", limit=1).content
    keys = httpx.get(f"{country.url}/api/v1/keys", timeout=30).content
    answers = {"heads": newest, "keys": keys, "consistency": told}
    monkeypatch.setattr(Liar, "answers", {name: partial(iter, [body]) for name, body in answers.items()})
    found = CliRunner().invoke(app, ["witness", liar, "--keep", str(keep)])
    assert (found.exit_code, type(found.exception)) == (1, SystemExit)
    assert "KHÔNG CÒN NGUYÊN" in found.output


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_the_console_shows_the_heads_and_the_proof_since_a_day(country: Country, role: Role) -> None:
    person = sit_down(role)
    place = "/console/nhat-ky/niem-phong/"
    assert "Chưa niêm phong lần nào" in person.get(place).content.decode()
    write(3)
    first = journaltree.grow(now())
    write(3)
    second = journaltree.grow(now())
    assert first is not None
    assert second is not None
    page = html.fromstring(person.get(place).content)
    assert page.xpath("//tr/@data-size") == [str(second.size), str(first.size)]
    assert second.root in page.xpath("string(//*[@data-part='newest'])")
    assert page.xpath("//a[@href='/api/v1/journal/heads']")
    today = now().astimezone().date().isoformat()
    assert "Còn nguyên" in person.get(place, {"since": today}).content.decode()
    assert "chưa có mã niêm phong nào" in person.get(place, {"since": "2020-01-01"}).content.decode()
    falsified("UPDATE hub_treehead SET root = repeat('0', 64) WHERE size = %s", second.size, table="hub_treehead")
    assert "Không còn nguyên" in person.get(place, {"since": today}).content.decode()
    assert place in page.xpath("//nav[@class='tabs']//a/@href")
    assert person.get(place, {"tu": "²"}).status_code == 200  # a sign of which no number can be made


def test_an_officer_of_an_agency_does_not_see_the_journal_nor_its_heads(country: Country) -> None:
    assert sit_down(Role.AGENCY, "H41").get("/console/nhat-ky/niem-phong/").status_code == 403
