"""A dossier as its tests need it: opened, filled, closed, handed in, each by the page that people use."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from lienthong.office.models import Dossier, Submission
from tests.service.office.conftest import Office, refusal
from tests.service.office.test_copies import scan

TODAY = timezone.localdate
SCAN = scan()
"""A PDF of one page."""


def taken(answer: HttpResponseBase) -> bytes:
    """The bytes of a file that was asked for."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def facts(**changes: object) -> dict[str, object]:
    """What the form of a dossier beside the list says."""
    return {
        "act": "open_beside", "title": "Rà soát thủ tục hành chính", "code": "05.KSTT", "kind": "work",
        "retention": "10", "started_on": "2026-01-05", **changes,
    }  # fmt: skip


def opened(office: Office, login: str = "chuyen.vien", **changes: object) -> Dossier:
    """A dossier that no list has, of this person."""
    answer = office.client(login).post("/ho-so/mo/", facts(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return Dossier.objects.get(pk=int(answer["Location"].split("/")[-2]))


def act(office: Office, login: str, dossier: Dossier, name: str, **form: object) -> str:
    """Post one act on a dossier's page; the code of the refusal, or "" when it was done."""
    answer = office.client(login).post(f"/ho-so/{dossier.pk}/", {"act": name, **form})
    dossier.refresh_from_db()
    return said(answer)


def said(answer: HttpResponse) -> str:
    """The code of the refusal, or "" when it was done."""
    return "" if answer.status_code == 302 else refusal(answer)


def page(office: Office, login: str, dossier: Dossier) -> str:
    """The dossier's page as this person sees it."""
    answer = office.client(login).get(f"/ho-so/{dossier.pk}/")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def with_material(office: Office, dossier: Dossier, login: str = "chuyen.vien", **form: object) -> None:
    """A file that came about with the work."""
    upload = SimpleUploadedFile("bang.pdf", SCAN, "application/pdf")
    told = {"title": "Bảng tổng hợp", "dated_on": "2026-02-01", "file": upload, **form}
    assert act(office, login, dossier, "material", **told) == ""


def closed(office: Office, *, ended_on: date, retention: str = "10", **changes: object) -> Dossier:
    """A dossier that ended on a day."""
    dossier = opened(office, retention=retention, started_on="2024-01-05", **changes)
    with_material(office, dossier, dated_on="2024-02-01")
    ending = {"title": dossier.title, "code": dossier.code, "retention": retention, "ended_on": ended_on.isoformat()}
    assert act(office, "chuyen.vien", dossier, "close", **ending) == ""
    return dossier


def submitted(office: Office, *dossiers: Dossier, login: str = "chuyen.vien") -> Submission:
    """Dossiers handed in to the archive together."""
    form = {"act": "submit", "dossier": [one.pk for one in dossiers], "title": "Hồ sơ Cục KSTT", "condition": "Tốt"}
    answer = office.client(login).post("/ho-so/nop-luu/", form)
    assert answer.status_code == 302, answer.content.decode()
    return Submission.objects.get(pk=int(answer["Location"].split("/")[-2]))
