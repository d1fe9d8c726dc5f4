"""The access log: whoever opens a document's page, or takes a file of it away, is noted once, with what it was and when,
and nothing of what stands in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from django.utils import timezone

from lienthong.journal.models import AccessLog
from lienthong.office.models import IncomingDocument, OutgoingDocument
from lienthong.office.outgoing import drafting
from tests.service.office.conftest import Office, drafted, issued, now, sealed
from tests.service.office.furnished import _copy_signer
from tests.service.office.test_copies import made
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.test_law_incoming import delivered
from tests.service.office.test_outgoing import annex

ENCLOSED = f"Phụ lục I. Danh sách {'rất ' * 60}dài.pdf"


@pytest.fixture
def sent(office: Office) -> OutgoingDocument:
    """A document with an enclosure whose name is longer than a line of the log."""
    found = issued(office, recipients=("H41",))
    drafting.add_enclosure(
        found, name=ENCLOSED, media_type="application/pdf", content=[annex()], actor=office["van.thu"], at=now()
    )
    return found


@pytest.fixture
def arrived(nghe_an: Office, sent: OutgoingDocument) -> IncomingDocument:
    return delivered(MemoryHub(), sent)


@contextmanager
def noted_once(
    office: Office, login: str, document: IncomingDocument | OutgoingDocument, **wanted: str
) -> Iterator[None]:
    """Meanwhile one line is written: who, of which agency, which document, when, and what they did; and no word of
    the content, nor of the names of its files."""
    before, began = set(AccessLog.objects.values_list("pk", flat=True)), now()
    yield
    row = AccessLog.objects.exclude(pk__in=before).values().get()
    person = office[login]
    said = {key: row[key] for key in ("actor", "actor_name", "agency", "subject_kind", "subject", "access", "detail")}
    assert said == {
        "actor": person.user.get_username(), "actor_name": person.full_name, "agency": person.organization.code,
        "subject_kind": "incoming" if isinstance(document, IncomingDocument) else "outgoing",
        "subject": str(document.pk), **wanted,
    }  # fmt: skip
    assert began <= row["at"] <= now()
    for word in (document.subject, ENCLOSED[:20], "PHỦ", ".pdf"):
        assert word not in str(row), word


def read(client: Client, address: str) -> bytes:
    """A page or a file, to its end."""
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]


@pytest.mark.parametrize("login", ["van.thu", "lanh.dao"])
def test_who_opens_an_incoming_document_and_its_file_is_noted_once(
    nghe_an: Office, arrived: IncomingDocument, login: str
) -> None:
    client, page = nghe_an.client(login), f"/van-ban-den/{arrived.pk}/"
    with noted_once(nghe_an, login, arrived, access="opened", detail=""):
        assert arrived.subject in read(client, page).decode()
    file = arrived.files.get()
    with noted_once(nghe_an, login, arrived, access="downloaded", detail=f"file {file.ordinal}"):
        assert read(client, f"{page}tep/{file.pk}/").startswith(b"%PDF")


@pytest.mark.parametrize("login", ["van.thu", "chuyen.vien"])
def test_who_opens_an_outgoing_document_and_its_files_is_noted_once(
    office: Office, sent: OutgoingDocument, login: str
) -> None:
    client, page = office.client(login), f"/van-ban-di/{sent.pk}/"
    with noted_once(office, login, sent, access="opened", detail=""):
        assert sent.subject in read(client, page).decode()
    last = sent.versions.latest("ordinal")
    with noted_once(office, login, sent, access="downloaded", detail=f"version {last.ordinal}"):
        assert read(client, f"{page}ban/{last.ordinal}/").startswith(b"%PDF")
    enclosed = sent.enclosures.get()
    with noted_once(office, login, sent, access="downloaded", detail=f"enclosure {enclosed.pk}"):
        assert read(client, f"{page}tep/{enclosed.pk}/").startswith(b"%PDF")


@pytest.mark.law("SEC-7")
def test_whatever_shows_a_document_or_gives_it_away_is_noted(office: Office, sent: OutgoingDocument) -> None:
    """Its proofs, the form in which it is written, a copy that is taken or was made, and the books that are printed."""
    clerk, page = office.client("van.thu"), f"/van-ban-di/{sent.pk}/"
    copy = made(office, sent, _copy_signer(office))
    draft = drafted(office)
    for login, document, place, wanted in (
        ("van.thu", sent, f"{page}bang-chung/", {"access": "opened", "detail": "proofs"}),
        ("van.thu", sent, f"{page}bang-chung/?tai", {"access": "downloaded", "detail": "proofs"}),
        ("van.thu", sent, f"{page}sao/", {"access": "opened", "detail": "copy"}),
        ("van.thu", sent, f"/ban-sao/{copy.pk}/", {"access": "opened", "detail": f"copy {copy.printed_number}"}),
        (
            "van.thu",
            sent,
            f"/ban-sao/{copy.pk}/tep/",
            {"access": "downloaded", "detail": f"copy {copy.printed_number}"},
        ),
        ("chuyen.vien", draft, f"/van-ban-di/{draft.pk}/soan/", {"access": "opened", "detail": "form"}),
    ):
        with noted_once(office, login, document, **wanted):
            read(office.client(login), place)
    year, sequence = timezone.localdate().year, sent.numbers.get().sequence_id
    for place, subject in (
        (f"{sequence}/xlsx/?tu=1&den=1", f"{sequence}"), (f"den/{year}/xlsx/?tu=1&den=1", f"arrival {year}"),
        (f"ban-sao/{year}/xlsx/?tu=1&den=1", f"copies {year}"), ("buu-dien/xlsx/", "post"),
    ):  # fmt: skip
        before = AccessLog.objects.count()
        read(clerk, f"/so-van-ban/{place}")
        row = AccessLog.objects.latest("pk")
        assert (AccessLog.objects.count(), row.subject_kind, row.subject) == (before + 1, "register", subject)
        assert (row.access, row.actor, row.agency) == ("downloaded", "van.thu.g22", "G22")


def test_the_page_of_a_refused_act_is_an_opened_page(
    office: Office, nghe_an: Office, sent: OutgoingDocument, arrived: IncomingDocument
) -> None:
    """Otherwise whoever asks for what there is not would read unseen."""
    for at, login, place, document in (
        (office, "van.thu", "van-ban-di", sent), (nghe_an, "van.thu", "van-ban-den", arrived),
    ):  # fmt: skip
        with noted_once(at, login, document, access="opened", detail=""):
            answer = at.client(login).post(f"/{place}/{document.pk}/", {"act": "nothing"})
            assert answer.status_code == 404
            assert document.subject in answer.content.decode()


def test_lists_and_home_name_documents_and_open_none(office: Office) -> None:
    found = sealed(office)
    before = AccessLog.objects.count()
    client = office.client("van.thu")
    assert found.subject in read(client, "/").decode() + read(client, "/van-ban-di/?muc=tat-ca").decode()
    assert AccessLog.objects.count() == before
