"""Chứng thư số: the inventory of certificates, one of them with who holds its device, and the inventory taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.journal.record import Subject, history, log_access
from lienthong.journal.vocabulary import Access
from lienthong.look.language import figures
from lienthong.look.tables import as_csv, as_xlsx
from lienthong.office import config
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import KeyKind, Person, RequestKind, Role, SigningKey
from lienthong.office.people import access, certificate_requests, certificates, custody, expiry, own_tokens
from lienthong.office.people.actors import actor_of
from lienthong.office.people.certificate_errors import NoCertificate, NotListed
from lienthong.office.people.certificates import Owner
from lienthong.office.people.custody import HandOver
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.registers import XLSX
from lienthong.standards.times import in_vietnam

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PAGE_ROWS = 50
SEAL = "co-quan"
"""The agency as an owner in forms; people go by their numbers."""
USES_SHOWN = 20
TABS: dict[str, StrPromise] = {
    "dang-dung": _("Đang dùng"),
    "sap-het-han": _("Sắp hết hạn"),
    "tat-ca": _("Tất cả"),
}
COLUMNS = (
    _("Chủ thể"), _("Chức vụ"), _("Mã cơ quan"), _("Tên trong chứng thư số"), _("Số sê-ri"), _("Nơi cấp"),
    _("Hiệu lực từ"), _("Hiệu lực đến"), _("Nơi lưu khóa"), _("Trạng thái"), _("Người giữ thiết bị"), _("SHA-256"),
)  # fmt: skip


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The certificates that this person may see; administrators register, whoever may asks for new ones."""
    problem = None
    if request.method == "POST":
        try:
            return redirect(_act(ACTS, request)(request, person))
        except OfficeProblem as refused:
            problem = refused
    at, seen = now(), certificates.seen_by(person)
    tab = request.GET.get("muc", "")
    tab = tab if tab in TABS else "dang-dung"
    shown = Paginator(_of_tab(seen, tab, at), PAGE_ROWS).get_page(request.GET.get("trang"))
    held = access.roles(person)
    context = {
        "tabs": [
            {"key": key, "title": title, "count": _of_tab(seen, key, at).count(), "current": key == tab}
            for key, title in TABS.items()
        ],
        "tab": tab, "shown": shown, "rows": [row_of(key, at) for key in shown],
        "keeps": bool(held & {role.value for role in certificates.KEEPERS}),
        "reads_all": bool(held & {role.value for role in certificates.READERS}),
        "people": person.organization.people.all() if Role.ADMINISTRATOR in held else [person],
        "asks_for_seal": certificate_requests.may_file(person, person.organization),
        "open_requests": certificate_requests.waiting_for(person).count(), "given": request.POST,
    }  # fmt: skip
    return show(request, person, "certificates.html", context, problem=problem)


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """One certificate: what it says, who holds its device, what was asked for, what happened."""
    key = certificates.find(person, pk)
    problem = None
    if request.method == "POST":
        try:
            return redirect(_act(ACTS_ON_ONE, request)(request, person, key))
        except OfficeProblem as refused:
            problem = refused
    at = now()
    owner = certificates.owner_of(key)
    held = access.roles(person)
    hand_overs = key.custody.select_related("given_by", "taken_by", "recorded_by")
    context = {
        **row_of(key, at),
        "hand_overs": hand_overs, "last": custody.last(key),
        "uses": custody.uses_of(key)[:USES_SHOWN] if key.organization_id is not None else [],
        "records": key.organization_id is not None and bool(held & {role.value for role in custody.RECORDERS}),
        "colleagues": person.organization.people.all(),
        "requests": certificate_requests.seen_by(person).filter(key=key),
        "asks": certificate_requests.may_file(person, owner) and key.revoked_at is None,
        "asked": [RequestKind.REVOKE] if key.retired_at else [RequestKind.RENEW, RequestKind.REVOKE],
        "events": history(certificates.subject_of(key)), "given": request.POST,
        "moves_key": own_tokens.may_attach(key, person), "port": own_tokens.port_of(key),
    }  # fmt: skip
    return show(request, person, "certificate.html", context, problem=problem)


@page(*certificates.READERS)
def taken_away(_request: HttpRequest, person: Person, kind: str) -> HttpResponseBase:
    """The whole inventory as CSV or a workbook; who took it away is noted."""
    if kind not in ("csv", "xlsx"):
        raise NotListed()
    header = [str(name) for name in COLUMNS]
    lines = _lines(certificates.of_agency(person.organization), now())
    content = as_csv(lines, header) if kind == "csv" else as_xlsx(lines, header)
    subject = Subject("certificates", person.organization.code)
    log_access(Access.DOWNLOADED, actor=actor_of(person), subject=subject, at=now(), detail=kind)
    return _given(content, f"Chung thu so {person.organization.code}.{kind}", kind)


def row_of(key: SigningKey, at: datetime) -> dict[str, Any]:
    """A certificate as lists show it."""
    newest = custody.last(key) if key.organization_id is not None else None
    state = certificates.state_of(key, at)
    return {
        "key": key, "facts": certificates.facts_of(key), "state": state, "position": _position(key),
        "agency": certificates.organization_of(certificates.owner_of(key)), "place": place_of(key),
        "holder": newest.taken_by if newest else None,
        "near": state == certificates.State.IN_FORCE and expiry.is_near(key, at),
    }  # fmt: skip


def place_of(key: SigningKey) -> str:
    """Where the private key lies, as far as readers need it: the kind, and the name of token, file or service."""
    if key.kind == KeyKind.NONE:
        return str(key.get_kind_display())
    if key.kind == KeyKind.OWN_TOKEN:
        kind = key.get_kind_display() if key.organization_id is None else gettext("thiết bị ở máy văn thư")
        return gettext("{kind} (cổng {port})").format(kind=kind, port=key.location)
    if key.kind == KeyKind.REMOTE:
        return f"{key.get_kind_display()}: {key.location.partition('|')[0]}"
    parts = key.location.split("|") if key.kind == KeyKind.PKCS11 else key.location.rsplit("/", 1)
    return f"{key.get_kind_display()}: {parts[1] if len(parts) > 1 else parts[0]}"


def ask(request: HttpRequest, person: Person, owner: Owner, key: SigningKey | None) -> str:
    """File a request out of a form; the place of what was made."""
    kind = request.POST.get("kind", "")
    if kind not in RequestKind.values:
        raise Missing(what="loại đề nghị", what_en="what is asked for")
    wish = certificate_requests.Wish(RequestKind(kind), owner, key, request.POST.get("reason", ""))
    made = certificate_requests.file(wish, actor=person, at=now())
    return f"/chung-thu/de-nghi/{made.pk}/"


def _register(request: HttpRequest, person: Person) -> str:
    access.require(person, *certificates.KEEPERS)
    owner = _owner(request, person)
    upload = request.FILES.get("certificate")
    if upload is None or upload.size is None or upload.size > certificates.LARGEST:
        raise NoCertificate()
    made = certificates.register(owner, upload.read(), trust=config.trust(), actor=person, at=now())
    return f"/chung-thu/{made.pk}/"


def _ask_for_new(request: HttpRequest, person: Person) -> str:
    return ask(request, person, _owner(request, person), None)


def _ask_about(request: HttpRequest, person: Person, key: SigningKey) -> str:
    return ask(request, person, certificates.owner_of(key), key)


def _hand_over(request: HttpRequest, person: Person, key: SigningKey) -> str:
    access.require(person, *custody.RECORDERS)
    form = request.POST
    given_by = form.get("given_by", "")
    papers = HandOver(
        given_by=_colleague(person, given_by) if given_by else None,
        taken_by=_colleague(person, form.get("taken_by", "")),
        handed_at=_moment(form.get("handed_at", "")),
        basis=form.get("basis", "").strip()[:200],
        minutes=form.get("minutes", "").strip()[:200],
    )
    custody.hand_over(key, papers, actor=person, at=now())
    return f"/chung-thu/{key.pk}/"


def _at_owner(request: HttpRequest, person: Person, key: SigningKey) -> str:
    kept = own_tokens.attach(key, given.number(request.POST.get("port", "")), actor=person, at=now())
    return f"/chung-thu/{kept.pk}/"


ACTS: dict[str, Callable[[HttpRequest, Person], str]] = {"register": _register, "ask": _ask_for_new}
ACTS_ON_ONE: dict[str, Callable[[HttpRequest, Person, SigningKey], str]] = {
    "hand_over": _hand_over,
    "ask": _ask_about,
    "at_owner": _at_owner,
}


def _act(acts: Mapping[str, Callable[..., str]], request: HttpRequest) -> Callable[..., str]:
    found = acts.get(request.POST.get("act", ""))
    if found is None:
        raise NotListed()
    return found


def _owner(request: HttpRequest, person: Person) -> Owner:
    wanted = request.POST.get("owner", "")
    return person.organization if wanted == SEAL else _colleague(person, wanted)


def _colleague(person: Person, wanted: str) -> Person:
    found = person.organization.people.filter(pk=given.number(wanted)).first()
    if found is None:
        raise Missing(what="người của cơ quan", what_en="somebody of the agency")
    return found


def _moment(text: str) -> datetime:
    """A moment as a browser sends it, of this country's clock."""
    try:
        return timezone.make_aware(datetime.fromisoformat(text).replace(tzinfo=None))
    except ValueError:
        raise Missing(what="thời điểm bàn giao", what_en="when it was handed over") from None


def _of_tab(seen: QuerySet[SigningKey], tab: str, at: datetime) -> QuerySet[SigningKey]:
    if tab == "tat-ca":
        return seen
    return certificates.current(seen) if tab == "dang-dung" else expiry.ending(seen, at)


def _position(key: SigningKey) -> str:
    if key.person is None:
        return gettext("Con dấu của cơ quan")
    held = key.person.posts_today  # type: ignore[attr-defined]
    return held[0].position if held else certificates.facts_of(key).title


def _lines(keys: Iterable[SigningKey], at: datetime) -> Iterator[list[str]]:
    for key in keys:
        row = row_of(key, at)
        facts, holder = row["facts"], row["holder"]
        yield [
            key.owner_name, row["position"], row["agency"].code, facts.name, facts.serial, facts.issuer,
            _day(facts.valid_from), _day(facts.valid_to), row["place"], str(row["state"].label),
            holder.full_name if holder else "", facts.fingerprint,
        ]  # fmt: skip


def _day(moment: datetime) -> str:
    return str(figures().day(in_vietnam(moment)))


def _given(content: Iterable[bytes], name: str, kind: str) -> HttpResponse | StreamingHttpResponse:
    answer = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
