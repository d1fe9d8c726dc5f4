"""Two at the same moment: whoever comes second sees what the first has done, and nothing is written over."""

import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic, sleep
from uuid import uuid4

import httpx
import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from lienthong.hub import agencies, codes, delivery, operators, quarantine, requests, systems, tickets, uploads
from lienthong.hub.codes import Kind, Plan
from lienthong.hub.models import Agency, Change, ChangeRequest, CodeChange, Delivery, Operator, Ticket, Upload
from lienthong.hub.operators import Role
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.webhooks import endpoints, outbox, sending
from lienthong.hub.webhooks.targets import Outcome
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.protocol.problems import PacketInvalid, UnknownQuarantined
from lienthong.protocol.webhooks import WebhookEvent
from tests.service.hub.conftest import Country, make_document, now, submit
from tests.service.hub.people import PASSWORD, sit_down

CLERK = Actor("person", "can.bo", "Cán bộ danh mục")
PIECE = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[list[object]]:
    """What another does while the block's transaction is open: it begins at its end, which waits until the other has
    come to a lock, or is done. Gives, once it is over, what became of it."""
    became: list[object] = []

    def other() -> None:
        try:
            became.append(act())
        except Exception as reason:
            became.append(reason)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        yield became
        thread.start()
        end = monotonic() + 10
        while thread.is_alive() and not _somebody_waits() and monotonic() < end:
            sleep(0.02)
    thread.join(30)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        row = cursor.fetchone()
    return bool(row and row[0])


# -- the registry ------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-16.1-1")
def test_a_unit_is_not_hung_below_an_agency_that_is_closed_at_this_moment(country: Country) -> None:
    agencies.add_agency("H41.05", name="Sở Nội vụ", parent="H41", at=now())
    today = now().astimezone(codes.VIETNAM).date()
    registry = sit_down(Role.REGISTRY)
    form = {"code": "H41.05.01", "name": "Chi cục Văn thư", "parent": "H41.05"}
    with meanwhile(lambda: registry.post("/console/co-quan/them/ghi/", form).status_code) as became:
        codes.file(Plan(Kind.CLOSE, ("H41.05",), today, "01/QĐ-UBND"), at=now())
    assert became == [422]
    assert not Agency.objects.filter(code="H41.05.01").exists()


def test_two_agencies_are_not_hung_below_each_other(country: Country) -> None:
    with meanwhile(lambda: agencies.add_agency("H26", name="Hà Nội", parent="H41", at=now())) as became:
        agencies.add_agency("H41", name="Nghệ An", parent="H26", at=now())
    assert [type(one) for one in became] == [RegistryRefused]
    assert dict(Agency.objects.filter(code__in=["H41", "H26"]).values_list("code", "parent_id")) == {
        "H41": "H26", "H26": None,
    }  # fmt: skip


def test_a_change_of_another_is_not_undone_while_its_day_comes(country: Country) -> None:
    tomorrow = now().astimezone(codes.VIETNAM).date() + timedelta(days=1)
    change = codes.file(Plan(Kind.RENAME, ("H26",), tomorrow, "02/QĐ-UBND", name="Hà Nội"), at=now())
    with meanwhile(lambda: codes.undo(change.pk, at=now())) as became:
        codes.enforce(now() + timedelta(days=2))
    assert [type(one) for one in became] == [RegistryRefused]
    assert CodeChange.objects.get(pk=change.pk).state == "in_force"


@pytest.mark.parametrize("second", ["refuse", "approve"])
def test_a_request_is_decided_once(country: Country, second: str) -> None:
    requests.ask_to_register(requests.officer(Actor("person", "a", "A", "H41")),
                             {"code": "H41.09", "name": "Sở Tư pháp", "pcode": "H41"}, at=now())  # fmt: skip
    number = ChangeRequest.objects.get().pk
    acts = {
        "refuse": lambda: requests.refuse(number, by=CLERK, reason="Thiếu quyết định", at=now()),
        "approve": lambda: requests.approve(number, by=CLERK, at=now()),
    }
    with meanwhile(acts[second]) as became:
        requests.approve(number, by=CLERK, at=now())
    assert [type(one) for one in became] == [RegistryRefused]
    assert Event.objects.filter(name="agency.change_applied").count() == 1


def test_what_the_registry_refuses_at_this_moment_stays_refused(old_country: Country) -> None:
    client = old_country.java("H41")
    client.register_agency("H41.07", "Sở Y tế", parent="H41")
    waiting = ChangeRequest.objects.get()
    systems.set_approval("000.00.00.H41", automatic=True, at=now())
    with meanwhile(lambda: client.register_agency("H41.07", "Sở Y tế", parent="H41")) as became:
        requests.refuse(waiting.pk, by=CLERK, reason="Chưa có quyết định", at=now())
    assert [one["status"] for one in became] == ["OK"]  # type: ignore[index]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by, waiting.reason) == ("refused", "can.bo", "Chưa có quyết định")
    assert ChangeRequest.objects.get(state="applied").pk != waiting.pk  # asked anew, it holds by itself


# -- people ------------------------------------------------------------------------------------------------------------


def test_who_knows_only_the_old_password_does_not_undo_its_reset(country: Country) -> None:
    sit_down(Role.OPERATOR)
    person = operators.officer_of(get_user_model().objects.get(username="operator"))
    assert person is not None
    new = f"Chim lạc {uuid4()}"
    with meanwhile(lambda: operators.choose_password(person, old=PASSWORD, new=new, at=now())) as became:
        operators.reset_password("operator", at=now())
    assert became == [["old"]]
    assert not get_user_model().objects.get(username="operator").check_password(new)
    assert Operator.objects.get().password_due


# -- tickets -----------------------------------------------------------------------------------------------------------


def test_an_answer_that_comes_second_keeps_the_times_of_the_first(country: Country) -> None:
    ticket = tickets.open_ticket(tickets.Reporter(CLERK, "G22", None), subject="Lỗi", text="Không gửi được", at=now())
    stale, first, second = Ticket.objects.get(), now() + timedelta(minutes=1), now() + timedelta(minutes=9)
    tickets.answer(ticket, text="Đã sửa", to=Ticket.State.SOLVED, actor=CLERK, at=first)
    tickets.answer(stale, text="Đóng phiếu", to=Ticket.State.CLOSED, actor=CLERK, at=second)
    ticket.refresh_from_db()
    assert (ticket.answered_at, ticket.solved_at, ticket.closed_at) == (first, first, second)


# -- packets -----------------------------------------------------------------------------------------------------------


def test_the_same_failure_said_twice_at_once_is_one_piece_of_news(country: Country) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    [item] = recipient.inbox()
    recipient.fetch(item, io.BytesIO())
    member = agencies.directory().systems["H41"]
    first, second = (delivery.find(member, item.delivery_id) for _ in range(2))
    with meanwhile(lambda: delivery.fail(second, member, code="DISK", detail="đầy", at=now())) as became:
        delivery.fail(first, member, code="DISK", detail="đầy", at=now())
    assert [one.state for one in became] == ["fail"]  # type: ignore[attr-defined]
    assert Event.objects.filter(name="delivery.failed").count() == 1
    assert Change.objects.filter(state="fail").count() == 1
    delivery.fail(Delivery.objects.select_related("packet").get(), member, code="DISK", detail="vẫn đầy", at=now())
    assert Change.objects.filter(state="fail").count() == 2


def test_a_refused_packet_is_discarded_once(country: Country) -> None:
    with pytest.raises(PacketInvalid):
        submit(country.native("G22"), b"<xml/>", sender="G22")
    [held] = quarantine.of_system("G22")
    member = agencies.directory().systems["G22"]
    with meanwhile(lambda: quarantine.discard(member, str(held.pk), at=now())) as became:
        quarantine.discard(member, str(held.pk), at=now())
    assert [type(one) for one in became] == [UnknownQuarantined]
    assert Event.objects.filter(name="quarantine.discarded").count() == 1


# -- uploads -----------------------------------------------------------------------------------------------------------


def test_two_who_begin_an_upload_with_one_key_begin_the_same(country: Country) -> None:
    member = agencies.directory().systems["G22"]
    with meanwhile(lambda: uploads.create(member, key="một-khóa-0001", length=10, at=now())) as became:
        mine, new = uploads.create(member, key="một-khóa-0001", length=10, at=now())
    assert (new, became) == (True, [(mine, False)])
    assert Upload.objects.get() == mine
    assert uploads.find(member, str(mine.pk), at=now()) == mine


def test_many_at_once_open_no_more_uploads_than_the_bound(country: Country) -> None:
    member, start = agencies.directory().systems["G22"], threading.Barrier(8)
    for number in range(uploads.OPEN_AT_ONCE - 1):
        uploads.create(member, key=f"khóa-{number:04d}", length=10, at=now())

    def one_more(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(20)
            uploads.create(member, key=f"thêm-{number:04d}", length=10, at=now())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = [each.exception() for each in [pool.submit(one_more, number) for number in range(8)]]
    assert outcomes.count(None) == 1
    assert Upload.objects.count() == uploads.OPEN_AT_ONCE


def test_an_upload_that_is_given_up_while_a_piece_comes_is_unknown(country: Country) -> None:
    bearer = country.native("G22")._bearer()
    with httpx.Client(base_url=f"{country.url}/api/v1/", headers={**bearer, "Tus-Resumable": "1.0.0"}) as http:
        begun = http.post("uploads", headers={"Upload-Length": "2000000", "Idempotency-Key": uuid4().hex})
        place = begun.headers["Location"].removeprefix("/api/v1/")

        def pieces() -> Iterator[bytes]:
            yield b"x" * 1_000_000
            assert http.delete(place).status_code == 204
            yield b"x" * 1_000_000

        answer = http.patch(
            place, content=pieces(), headers={**PIECE, "Upload-Offset": "0", "Content-Length": "2000000"}
        )
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_upload")


# -- webhooks ----------------------------------------------------------------------------------------------------------


def test_what_the_old_address_answers_does_not_count_for_the_new_one(
    country: Country, settings: pytest.FixtureRequest
) -> None:
    settings.LIENTHONG = settings.LIENTHONG.at(webhook_networks="127.0.0.0/8")  # type: ignore[attr-defined]
    actor = Actor("system", "H41")
    webhook, _ = endpoints.register("H41", "https://127.0.0.1:1/cu", ["delivery.waiting"], actor=actor, at=now())
    outbox.enqueue("H41", WebhookEvent.DELIVERY_WAITING, [{"delivery_id": "1"}], 1, at=now())
    called: list[str] = []

    def gone(url: str, *_: object) -> Outcome:
        called.append(url)
        endpoints.change("H41", str(webhook.pk), url="https://127.0.0.1:1/moi", actor=actor, at=now())
        connection.close()
        return Outcome("answered", 410, 5)

    def taken(url: str, *_: object) -> Outcome:
        called.append(url)
        return Outcome("delivered", 204, 5)

    sending.send_next(webhook.pk, clock=now, post=gone)
    webhook.refresh_from_db()
    assert (webhook.enabled, webhook.failures) == (True, 0)
    assert sending.send_next(webhook.pk, clock=now, post=taken)
    assert called == ["https://127.0.0.1:1/cu", "https://127.0.0.1:1/moi"]
    assert not webhook.messages.exists()
