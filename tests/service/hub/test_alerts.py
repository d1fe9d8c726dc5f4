"""Alerts: each rule finds what it is for and nothing else, and an alert has a life that nothing is lost of."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from lxml import html

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import agencies, maintenance, refusal_counts, systems
from lienthong.hub.models import (
    Agency,
    Alert,
    AlertChannel,
    AlertNews,
    Delivery,
    DiskSample,
    IntakeHour,
    Measured,
    Packet,
    Quarantined,
    ReportedStatus,
    Request,
    Seal,
    System,
    SystemCertificate,
    Worker,
)
from lienthong.hub.operators import Role
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.systems import OPERATOR
from lienthong.hub.watch import alerts, channels, conditions, gauges, rounds, words
from lienthong.hub.watch.rules import BY_CODE, RULES, Severity
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.protocol import webhooks
from lienthong.protocol.problems import BadRequest, DigestMismatch, Unauthenticated
from tests.service.hub.people import sit_down
from tests.service.hub.smtp import MailServer, mail_server

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Vietnam; Tuesday the 24th is a holiday."""
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "alerts.md"
CLERK = Actor("person", "truc.ban", "Trực Ban")


@pytest.fixture(autouse=True)
def _two_agencies() -> Iterator[None]:
    for code in ("G22", "H41"):
        agencies.add_agency(code, name=code, at=NOW - timedelta(days=90))
        agencies.add_system(code, name=code, agencies=[code], key=SigningKey.generate().public_jwk(), at=NOW)
    System.objects.update(last_contact_at=NOW)
    refusal_counts.forget_copy()
    yield
    refusal_counts.forget_copy()
    maintenance.forget_copy()


def packet(at: datetime, **facts: object) -> Packet:
    known = {"system_id": "G22", "door": "native", "kind": "document", "sender_id": "G22", "sender_written": "G22",
             "identifier": str(uuid4()), "number": "1", "digest": "0" * 64, "size": 1, "receipt": "x"}  # fmt: skip
    return Packet.objects.create(submitted_at=at, **{**known, **facts})


def delivery(
    at: datetime, state: str = "initial", urgency: int = 0, of: Packet | None = None, **facts: object
) -> Delivery:
    known = {"recipient": "H41", "agency_id": "H41", "kind": "document", "statement": "x" if state == "done" else ""}
    return Delivery.objects.create(
        packet=of or packet(at), submitted_at=at, state=state, urgency=urgency, **{**known, **facts}
    )


def found(rule: str, now: datetime = NOW, threshold: float | None = None) -> dict[str, dict[str, object]]:
    value = BY_CODE[rule].threshold if threshold is None else threshold
    return {one.subject: dict(one.facts) for one in conditions.find(BY_CODE[rule], value, now)}


# -- what each rule finds ----------------------------------------------------------------------------------------------


def test_a_document_that_nobody_fetches_is_found_after_a_working_day() -> None:
    monday_evening = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # Monday 19:00; Tuesday is a holiday
    delivery(monday_evening, state="done")
    delivery(monday_evening, state="processing")
    delivery(monday_evening, kind="status")
    assert found("not_fetched") == {}
    delivery(monday_evening)
    assert found("not_fetched") == {}  # 5 hours of Monday, 10 of Wednesday
    assert found("not_fetched", NOW + timedelta(hours=9, minutes=1)) == {"H41": {"since": monday_evening.isoformat()}}
    delivery(monday_evening - timedelta(days=5), agency_id="G22")
    assert list(found("not_fetched")) == ["G22"]
    assert found("not_fetched", threshold=10) == {}


def test_an_urgent_document_that_nobody_fetches_is_found_after_a_quarter_of_an_hour() -> None:
    delivery(NOW - timedelta(minutes=20), urgency=0)
    delivery(NOW - timedelta(minutes=14), urgency=4)
    assert found("urgent_not_fetched") == {}
    delivery(NOW - timedelta(minutes=16), urgency=1)
    assert list(found("urgent_not_fetched")) == ["H41"]
    Delivery.objects.update(state="processing")
    assert found("urgent_not_fetched") == {}


def test_waiting_is_found_by_steps_through_the_index_however_much_waits() -> None:
    made = packet(NOW - timedelta(days=30))
    Delivery.objects.bulk_create(
        Delivery(packet=made, recipient="H41", agency_id="H41", kind="document", urgency=0, state="done",
                 statement="x", submitted_at=NOW - timedelta(days=30, seconds=number))
        for number in range(5000)
    )  # fmt: skip
    Delivery.objects.bulk_create(
        Delivery(packet=made, recipient="H41", agency_id="H41", kind="document", urgency=0, state="processing",
                 submitted_at=NOW - timedelta(minutes=number))
        for number in range(2000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE hub_delivery")
        cursor.execute("EXPLAIN " + conditions._WAITING, [[0], NOW, 10])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert plan.count("using inbox") >= 2


def test_what_a_system_could_not_take_and_what_people_refused_is_found() -> None:
    delivery(NOW - timedelta(minutes=50), state="fail")
    assert found("not_taken") == {}
    old = delivery(NOW - timedelta(minutes=70), state="fail")
    assert found("not_taken")["H41"] == {"since": old.submitted_at.isoformat(), "count": 1}
    for age in (timedelta(hours=2), timedelta(days=9)):
        refused = delivery(NOW - age, state="done")
        ReportedStatus.objects.create(delivery=refused, code="02", at=NOW - age, packet=packet(NOW - age))
    assert found("refused_by_recipient") == {"H41": {"count": 1}}
    assert found("refused_by_recipient", threshold=2) == {}


def test_a_recall_without_an_answer_is_found() -> None:
    asked_at = NOW - timedelta(days=7)
    asked = delivery(asked_at, state="done")
    request = Request.objects.create(delivery=asked, kind="recall", agency_id="H41", asked_at=asked_at)
    Request.objects.create(delivery=delivery(asked_at), kind="update", agency_id="H41", asked_at=asked_at)
    assert found("recall_unanswered") == {"H41": {"since": asked_at.isoformat(), "count": 1}}
    assert found("recall_unanswered", threshold=30) == {}
    Request.objects.filter(pk=request.pk).update(state="declined", settled_at=NOW, answer=packet(NOW))
    assert found("recall_unanswered") == {}


def test_a_silent_system_an_ending_seal_and_an_ending_key_are_found() -> None:
    System.objects.filter(code="H41").update(last_contact_at=NOW - timedelta(days=4))
    assert list(found("system_silent")) == ["H41"]
    System.objects.filter(code="H41").update(clock_skew_ms=-2000)
    assert found("clock_skew") == {}
    System.objects.filter(code="H41").update(clock_skew_ms=-7400)
    assert found("clock_skew") == {"H41": {"seconds": -7}}
    systems.suspend("H41", reason="x", at=NOW)
    assert found("system_silent") == found("clock_skew") == {}

    seal = Seal.objects.create(agency_id="H41", certificate="x", fingerprint="f", valid_from=NOW,
                               expires_at=NOW + timedelta(days=29))  # fmt: skip
    assert found("certificate_ending")["f"]["agency"] == "H41"
    newer = Seal.objects.create(agency_id="H41", certificate="x", fingerprint="g", valid_from=NOW,
                                expires_at=NOW + timedelta(days=500))  # fmt: skip
    assert found("certificate_ending") == {}
    newer.delete()
    Seal.objects.filter(pk=seal.pk).update(valid_to=NOW)
    assert found("certificate_ending") == {}

    shown = {"system_id": "H41", "certificate": "x", "owner": "x", "valid_from": NOW, "added_at": NOW}
    SystemCertificate.objects.create(fingerprint="f", valid_to=NOW + timedelta(days=29), **shown)
    assert list(found("client_certificate_ending")) == ["H41"]
    SystemCertificate.objects.create(fingerprint="g", valid_to=NOW + timedelta(days=300), **shown)
    assert found("client_certificate_ending") == {}
    SystemCertificate.objects.filter(fingerprint="g").update(revoked_at=NOW)
    assert list(found("client_certificate_ending")) == ["H41"]

    key = System.objects.get(code="H41").keys.get()
    key.retired_at = NOW + timedelta(days=6)
    key.save()
    assert list(found("key_ending")) == ["H41"]
    systems.change_key("H41", SigningKey.generate().public_jwk(), old_until=NOW + timedelta(days=6), at=NOW)
    assert found("key_ending") == {}


@pytest.mark.law("R-19.1b-1")
def test_growing_quarantine_spikes_refusals_and_attacks_are_found() -> None:
    limit = settings.LIENTHONG.quarantine_bytes
    Quarantined.objects.create(system_id="G22", at=NOW, digest="0" * 64, size=limit * 0.79, problem={})
    assert found("quarantine_growing") == {}
    Quarantined.objects.create(system_id="G22", at=NOW, digest="1" * 64, size=limit * 0.02, problem={})
    assert found("quarantine_growing")["G22"]["count"] == 2

    Packet.objects.bulk_create(
        Packet(system_id="G22", door="native", kind="document", sender_id="G22", sender_written="G22",
               identifier=str(number), number="1", digest="0" * 64, size=1, receipt="x",
               submitted_at=NOW - timedelta(minutes=30))
        for number in range(120)
    )  # fmt: skip
    IntakeHour.objects.create(hour=NOW - timedelta(days=1), system="G22", packets=168 * 30)
    assert found("volume_spike") == {}  # thirty an hour is usual
    IntakeHour.objects.update(packets=168 * 20)
    assert found("volume_spike") == {"G22": {"usual": 20.0}}

    def refuse(problem: Exception, times: int, system: str = "G22", known: bool = True) -> None:
        for _ in range(times):
            refusal_counts.note(
                problem, door="native", system=system, address="10.1.2.3", known=known, at=NOW - timedelta(minutes=5)  # type: ignore[arg-type]
            )  # fmt: skip
        refusal_counts.flush()

    refuse(BadRequest(reason="x"), 19)
    assert found("repeated_refusals") == {}
    refuse(DigestMismatch(), 4)
    assert found("repeated_refusals") == {"G22": {"problems": ["bad_request", "digest_mismatch"]}}
    assert found("invalid_signatures") == {}
    refuse(DigestMismatch(), 1)
    assert list(found("invalid_signatures")) == ["G22"]
    refuse(Unauthenticated(reason="x"), 100, system="", known=False)
    assert list(found("sign_in_attack")) == ["10.1.2.0/24"]
    assert found("sign_in_attack", NOW + timedelta(hours=2)) == {}

    rounds.watch_once(NOW)
    told = ("quarantine_growing", "volume_spike", "repeated_refusals", "invalid_signatures", "sign_in_attack")
    shown = html.document_fromstring(sit_down().get("/console/canh-bao/").content.decode())
    headings = {" ".join(one.text_content().split()) for one in shown.xpath("//section[contains(@class, 'alert')]//h2")}
    assert headings >= {words.said(BY_CODE[rule], BY_CODE[rule].threshold, english=False) for rule in told}
    of_others = sit_down(Role.AGENCY, "H41").get("/console/canh-bao/").content.decode()
    assert "G22" not in of_others


def test_a_full_disk_is_foreseen_and_a_large_one_is_not() -> None:
    assert conditions.days_until_full(NOW) is None
    for days, used in ((6, 100), (0, 160)):
        DiskSample.objects.create(hour=NOW - timedelta(days=days), free=1000 - used, size=1000)
    assert conditions.days_until_full(NOW) == pytest.approx(84)
    assert found("disk_filling") == {}
    assert found("disk_filling", threshold=90) == {"hub": {"days": 84}}
    assert found("disk_low") == {}
    assert found("disk_low", threshold=85) == {"hub": {}}
    DiskSample.objects.filter(hour=NOW).update(free=1840, size=2000)  # it was enlarged, and is used as before
    assert conditions.days_until_full(NOW) == pytest.approx(184)


def test_the_hub_itself_is_watched() -> None:
    Worker.objects.create(node="nut-1", started_at=NOW, round_at=NOW - timedelta(seconds=301))
    Worker.objects.create(node="nut-2", started_at=NOW, round_at=NOW)
    assert list(found("worker_silent")) == ["nut-1"]
    delivery(NOW)
    gauges.measure_due(NOW)
    assert found("backlog") == {}
    assert found("backlog", threshold=0) == {"hub": {}}
    maintenance.begin(
        reason="Thay đĩa", until=NOW + timedelta(hours=1), reads=False, actor=OPERATOR, at=NOW
    )  # fmt: skip
    assert found("maintenance_overdue") == {}
    assert found("maintenance_overdue", NOW + timedelta(hours=2))["hub"]["reason"] == "Thay đĩa"


# -- the life of an alert ----------------------------------------------------------------------------------------------


def silent() -> None:
    System.objects.filter(code="H41").update(last_contact_at=NOW - timedelta(days=10))


def names() -> list[str]:
    return [
        name.partition(".")[2]
        for name in Event.objects.filter(subject_kind="alert").order_by("id").values_list("name", flat=True)
    ]


def test_an_alert_is_opened_once_looked_after_and_ends_by_itself() -> None:
    silent()
    for _ in range(3):
        alerts.look(NOW)
    one = Alert.objects.get()
    assert (one.rule, one.subject, one.state) == ("system_silent", "H41", "open")
    alerts.acknowledge(one.pk, actor=CLERK, at=NOW)
    with pytest.raises(RegistryRefused, match="đã có người"):
        alerts.acknowledge(one.pk, actor=CLERK, at=NOW)
    alerts.look(NOW)
    one.refresh_from_db()
    assert (one.state, one.acknowledged_by) == ("acknowledged", "Trực Ban")
    System.objects.update(last_contact_at=NOW)
    alerts.look(NOW)
    one.refresh_from_db()
    assert (one.state, one.resolved_at) == ("resolved", NOW)
    assert names() == ["opened", "acknowledged", "resolved"]
    silent()
    alerts.look(NOW)
    assert Alert.objects.count() == 2  # it holds anew: a new life
    alerts.forget_old(NOW + timedelta(days=366))
    assert Alert.objects.count() == 1


def test_a_muted_alert_comes_back_at_its_time_and_ends_meanwhile_without_a_word() -> None:
    silent()
    alerts.look(NOW)
    one = Alert.objects.get()
    for until, reason in ((NOW, "x"), (NOW + timedelta(days=91), "x"), (NOW + timedelta(days=1), " ")):
        with pytest.raises(RegistryRefused):
            alerts.mute(one.pk, until=until, reason=reason, actor=CLERK, at=NOW)
    alerts.mute(one.pk, until=NOW + timedelta(hours=5), reason="Đã hẹn sửa", actor=CLERK, at=NOW)
    alerts.look(NOW + timedelta(hours=4))
    one.refresh_from_db()
    assert one.state == "muted"
    alerts.look(NOW + timedelta(hours=5))
    one.refresh_from_db()
    assert (one.state, one.muted_for) == ("open", "")
    alerts.mute(one.pk, until=NOW + timedelta(hours=9), reason="Đã hẹn sửa", actor=CLERK, at=NOW)
    System.objects.update(last_contact_at=NOW + timedelta(hours=5))
    alerts.look(NOW + timedelta(hours=6))
    one.refresh_from_db()
    assert one.state == "resolved"
    assert names() == ["opened", "muted", "opened", "muted", "resolved"]
    with pytest.raises(RegistryRefused, match="đã hết"):
        alerts.mute(one.pk, until=NOW + timedelta(hours=9), reason="x", actor=CLERK, at=NOW)
    with pytest.raises(RegistryRefused, match="Không có cảnh báo"):
        alerts.acknowledge(0, actor=CLERK, at=NOW)


def test_where_too_much_is_found_nothing_is_taken_for_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    silent()
    alerts.look(NOW)
    monkeypatch.setattr(alerts, "MOST", 0)
    alerts.settle(BY_CODE["system_silent"], [conditions.Finding("X")], NOW)
    assert Alert.objects.get().state == "open"


def test_a_rule_that_cannot_be_looked_at_keeps_its_alerts_and_the_others_are_looked_at() -> None:
    silent()
    alerts.look(NOW)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hub_system RENAME COLUMN last_contact_at TO away")
    try:
        delivery(NOW - timedelta(minutes=70), state="fail")
        alerts.look(NOW)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hub_system RENAME COLUMN away TO last_contact_at")
    assert set(Alert.objects.exclude(state="resolved").values_list("rule", flat=True)) == {"system_silent", "not_taken"}


def test_a_threshold_is_set_and_set_back() -> None:
    silent()
    alerts.set_threshold("system_silent", 30, actor=OPERATOR, at=NOW)
    alerts.look(NOW)
    assert not Alert.objects.exists()
    alerts.set_threshold("system_silent", 1, actor=OPERATOR, at=NOW)
    assert not any(each.is_own for each in alerts.thresholds())
    for code, value in (("nope", 1.0), ("backlog", -1.0), ("backlog", float("nan"))):
        with pytest.raises(RegistryRefused):
            alerts.set_threshold(code, value, actor=OPERATOR, at=NOW)


# -- telling -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        channels.set_mail(
            server.address, sender="truc@vpcp.example", recipients=["soc@vpcp.example"], password="",
            least=Severity.WARNING, actor=OPERATOR, at=NOW,
        )  # fmt: skip
        yield server


def test_many_alerts_are_one_mail_and_a_critical_one_does_not_wait(mail: MailServer) -> None:
    silent()
    delivery(NOW - timedelta(minutes=70), state="fail")
    alerts.look(NOW)
    assert channels.tell(NOW + timedelta(seconds=30)) == 0  # gathered for a minute
    assert channels.tell(NOW + timedelta(seconds=61)) == 1
    assert channels.tell(NOW + timedelta(seconds=62)) == 0
    (first,) = mail.mails
    assert "2 cảnh báo mới, 0 đã hết" in str(first["Subject"])
    text = first.get_content()
    assert "hệ thống H41" in text
    assert "The recipient's system could not take" in text
    assert "/console/canh-bao/" in text
    delivery(NOW - timedelta(minutes=16), urgency=1)
    alerts.look(NOW + timedelta(seconds=90))
    assert channels.tell(NOW + timedelta(seconds=91)) == 0  # not five minutes yet since the last
    assert channels.tell(NOW + timedelta(minutes=7)) == 1
    assert "1 cảnh báo mới" in str(mail.mails[1]["Subject"])
    AlertChannel.objects.update(last_sent_at=None)
    Alert.objects.filter(rule="urgent_not_fetched").delete()
    alerts.look(NOW + timedelta(minutes=20))
    assert channels.tell(NOW + timedelta(minutes=20, seconds=1)) == 1  # critical: at once


def test_a_mail_is_sent_again_until_it_is_taken_and_as_the_same(mail: MailServer) -> None:
    silent()
    alerts.look(NOW)
    mail.refusing = True
    assert channels.tell(NOW + timedelta(seconds=61)) == 0
    row = AlertChannel.objects.get()
    assert (row.failures, row.last_error) == (1, "SMTPSenderRefused")
    assert channels.tell(NOW + timedelta(seconds=80)) == 0  # it waits
    mail.refusing, mail.hangs_up_after_data = False, True
    assert channels.tell(NOW + timedelta(minutes=3)) == 0
    mail.hangs_up_after_data = False
    assert channels.tell(NOW + timedelta(minutes=9)) == 1
    assert len(mail.mails) == 2
    assert mail.mails[0]["Message-ID"] == mail.mails[1]["Message-ID"]
    assert AlertNews.objects.filter(sent_at__isnull=True).count() == 0
    assert AlertChannel.objects.get().failures == 0


def test_what_is_below_the_channels_level_is_not_told(mail: MailServer) -> None:
    refused = delivery(NOW - timedelta(hours=1), state="done")
    ReportedStatus.objects.create(delivery=refused, code="02", at=NOW, packet=packet(NOW))
    alerts.look(NOW)
    assert Alert.objects.get().severity == "notice"
    assert channels.tell(NOW + timedelta(minutes=10)) == 0
    assert channels.switch_off("mail", actor=OPERATOR, at=NOW)
    assert not channels.switch_off("mail", actor=OPERATOR, at=NOW)


def test_one_worker_has_the_turn(mail: MailServer) -> None:
    silent()
    alerts.look(NOW)
    AlertChannel.objects.update(due_at=NOW + channels.LEASE)  # another worker is at it
    assert channels.tell(NOW + timedelta(seconds=61)) == 0
    assert channels.tell(NOW + channels.LEASE) == 1  # it was killed: its turn is over


@contextmanager
def endpoint(status: int = 204) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    came: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/hook", came
        finally:
            server.shutdown()
            thread.join()


def test_a_webhook_is_signed_and_one_that_failed_comes_again_as_the_same() -> None:
    secret = webhooks.new_secret()
    silent()
    with endpoint(503) as (address, refused):
        channels.set_webhook(address, secret=secret, least=Severity.NOTICE, actor=OPERATOR, at=NOW)
        alerts.look(NOW)
        assert channels.tell(NOW) == 0
    assert AlertChannel.objects.get().last_error == "HTTP 503"
    with endpoint() as (address, came):
        AlertChannel.objects.update(address=address)
        assert channels.tell(NOW + timedelta(minutes=2)) == 1
    ((headers, body),) = came
    said = webhooks.verify(headers, body, secrets=[secret], at=NOW + timedelta(minutes=2))
    assert said["type"] == "alerts.changed"
    (one,) = said["data"]["alerts"]
    assert (one["rule"], one["subject"], one["move"]) == ("system_silent", "system:H41", "opened")
    told = {name.lower(): value for name, value in headers.items()}
    assert told["webhook-id"] == {name.lower(): value for name, value in refused[0][0].items()}["webhook-id"]
    assert secret not in json.dumps(list(Event.objects.values_list("data", flat=True)))
    assert secret.encode() not in bytes(AlertChannel.objects.get().secret)


@pytest.mark.parametrize(
    "address",
    ["http://x", "smtp://", "smtp://a:b@c", "file:///etc/passwd"],
    ids=["no mail", "no host", "password", "file"],
)
def test_an_address_that_cannot_be_used_is_refused(address: str) -> None:
    with pytest.raises(RegistryRefused) as refusal:
        channels.set_mail(
            address, sender="a@b", recipients=["c@d"], password="", least=Severity.NOTICE, actor=OPERATOR, at=NOW
        )  # fmt: skip
    assert ":b@" not in str(refusal.value)
    with pytest.raises(RegistryRefused):
        channels.set_webhook("ftp://x", secret="x", least=Severity.NOTICE, actor=OPERATOR, at=NOW)


# -- rounds ------------------------------------------------------------------------------------------------------------


def test_a_round_measures_looks_and_tells_and_only_one_worker_does_it() -> None:
    silent()
    rounds.watch_once(NOW)
    assert Alert.objects.get().rule == "system_silent"
    assert set(Measured.objects.values_list("name", flat=True)) == {
        "queue", "systems", "store", "database", "hours", "look", "forget",
    }  # fmt: skip
    before = {row.name: row.due_at for row in Measured.objects.all()}
    rounds.watch_once(NOW)
    assert {row.name: row.due_at for row in Measured.objects.all()} == before
    heart = rounds.Heart("nut-1", NOW)
    heart.beat(NOW, took=0.5)
    assert Worker.objects.get().round_ms == 500
    heart.stop()
    assert not Worker.objects.exists()
    assert Agency.objects.count() == 2


def test_the_page_and_the_rules_say_the_same() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| ([\d.]+) (\w+) \| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {code: (severity, float(value), unit, words, clause) for code, severity, value, unit, words, clause in rows}
    assert told == {
        rule.code: (rule.severity.value, rule.threshold, rule.unit.value, rule.en.replace("{n}", "n"), rule.clause)
        for rule in RULES
    }
    assert set(conditions.CONDITIONS) == set(BY_CODE)
