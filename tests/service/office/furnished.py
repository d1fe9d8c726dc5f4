"""Two agencies of one installation that have something of everything: where those of `walk` go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lienthong.office.copies import making
from lienthong.office.dossiers import archive, closing, keeping, tasks, transfers
from lienthong.office.dossiers import contents as dossier_contents
from lienthong.office.dossiers import lists as dossier_lists
from lienthong.office.exchange import inbox
from lienthong.office.incoming import acts, direct, extensions, unopened
from lienthong.office.models import (
    Announcement,
    Assignment,
    BodySigner,
    CopySigner,
    Dossier,
    DossierList,
    IncomingDocument,
    KeyKind,
    ListEntry,
    OutgoingDocument,
    PaperClause,
    Person,
    RemoteCredential,
    RemoteRequest,
    RemoteService,
    RemoteState,
    RequestKind,
    Role,
    SecondFactor,
    SigningKey,
    Submission,
    Substituted,
    UnopenedEnvelope,
)
from lienthong.office.outgoing import drafting, drafting_tasks, groups, issuing, templates
from lienthong.office.people import (
    announcements,
    authorizations,
    bodies,
    calendar,
    certificate_requests,
    certificates,
    copy_signers,
    importing,
    paper_rules,
    regulation,
    remote_keys,
    second_factor,
    setup,
    staff,
    substitutes,
    tickets,
)
from lienthong.office.search import asked, saved
from lienthong.runtime.demo.cast import H41
from lienthong.standards import edxml
from lienthong.standards.doctypes import LETTER
from lienthong.testing.pki import TestAuthority
from tests.museum.packets import DOCUMENT, PDF, document_packet
from tests.service.office.conftest import Office, approved, drafted, install, now, sealed, signed
from tests.service.office.test_copies import digitised, made, order, scan
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.walk import EVERYBODY, OTHERS

Place = dict[str, int | str]


@dataclass
class Furnished:
    """An agency with something of everything.

    Attributes:
        people: all who walk, by their names.
        places: route → object → what the route's address names.
        rows: what forms name, by what it is.
        queued: what the queues of signer and clerk name.
        clients: the browsers of those who are signed in.
    """

    office: Office
    people: dict[str, Person]
    places: dict[str, dict[str, Place]]
    rows: dict[str, int]
    queued: dict[str, str]
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The agency's code."""
        return self.office.organization.code

    def client(self, name: str) -> Client:
        """A browser in which this person is signed in."""
        client = Client()
        client.force_login(self.people[name].user)
        return client

    def same_client(self, name: str) -> Client:
        """The browser in which this person signed in when they were first asked for."""
        if name not in self.clients:
            self.clients[name] = self.client(name)
        return self.clients[name]

    def address(self, route: str, thing: str = "") -> str:
        """Where a route shows an object; a route that names none has one address."""
        return at(route, self.places[route][thing] if thing else {})


def at(route: str, place: Place) -> str:
    """The address of a route."""
    return reverse(f"office:{route}", urlconf="lienthong.runtime.urls_office", kwargs=place)


def furnished_twice(office: Office, authority: TestAuthority, folder: Path) -> tuple[Furnished, Furnished]:
    """G22 and H41 in one installation."""
    for name, short, role in zip(OTHERS, ("TH", "TH"), ("specialist", "unit_head"), strict=True):
        person = setup.install_person(
            office.organization, login=f"{name}.g22", name=f"Người {name}", password="x", at=now()
        )
        setup.install_post(person, office.units[short], role, position="Chức vụ khác", since=yesterday())
        office.people[name] = person
    other = install(H41, authority, folder)
    other.people[OTHERS[0]], other.people[OTHERS[1]] = other["chuyen.vien.nc"], other["truong.nc"]
    return furnish(office, authority, "H41"), furnish(other, authority, "G22")


def yesterday() -> date:
    """The day before today, in this country."""
    return timezone.localdate() - timedelta(days=1)


def furnish(office: Office, authority: TestAuthority, neighbour: str) -> Furnished:
    """Give an agency something of everything that an address or a form can name.

    Args:
        neighbour: code of the agency that it writes to and hears from.
    """
    people = {name: office.people[name] for name in EVERYBODY}
    recipients = (neighbour, "H26")
    draft = drafted(office, recipients=recipients, subject="Dự thảo chưa trình")
    _enclose(draft, office["chuyen.vien"])
    issued = sealed(office, recipients=recipients)
    last = issued.recipients.last()
    assert last is not None
    issuing.put_on_paper(last, reason="connection", actor=office["van.thu"], at=now())
    issuing.issue(issued, actor=office["van.thu"], at=now(), incomplete="Phụ lục gửi sau")
    _enclose(issued, office["van.thu"])
    arrived, assigned = (_received(office, neighbour, number) for number in ("15", "16"))
    assignment = _at_work(assigned, office)
    extension = _more_time(assignment, office)
    signer = _copy_signer(office)
    of_issued, spoiled = (made(office, issued, signer) for _ in range(2))
    begun, _ = making.take(issued, order(signer), pin="", actor=office["van.thu"], at=now())
    of_assigned = digitised(office, assigned, signer)
    shared, own = _groups(office, neighbour)
    board = _board(office)
    seal = office.organization.seals.get()
    head = _certificate_of_the_head(office, authority)
    seal_request, head_request = _requests(office, seal, head)
    listed, entry, draft_list = _dossier_lists(office)
    files, announced = _dossiers(office, assigned), _announcement(office)
    to_unit, to_one = _drafting_tasks(office)
    envelopes = _envelopes(office)
    transferred, to_transfer = _transferred(office)
    enclosures = {"draft": draft.enclosures.get().pk, "issued": issued.enclosures.get().pk}
    places: dict[str, dict[str, Place]] = {
        "register-incoming-book": {"pdf": {"year": timezone.localdate().year, "kind": "pdf"}},
        "register-handling-book": {"pdf": {"year": timezone.localdate().year, "kind": "pdf"}},
        "register-copies-book": {"pdf": {"year": timezone.localdate().year, "kind": "pdf"}},
        "register-post-book": {"xlsx": {"kind": "xlsx"}},
        "register-stored-book": {"xlsx": {"kind": "xlsx"}},
        "register-unopened-book": {"xlsx": {"kind": "xlsx"}},
        "envelope": {name: {"pk": pk} for name, pk in envelopes.items()},
        "register-book": {"pdf": {"pk": issued.numbers.get().sequence_id, "kind": "pdf"}},
        "incoming-document": {"arrived": {"pk": arrived.pk}, "assigned": {"pk": assigned.pk}},
        "outgoing-versions": {"draft": {"pk": draft.pk}, "issued": {"pk": issued.pk}},
        "outgoing-marked": {"draft": {"pk": draft.pk}, "issued": {"pk": issued.pk}},
        "incoming-marked": {"arrived": {"pk": arrived.pk}, "assigned": {"pk": assigned.pk}},
        "inspection-taken": {"xlsx": {"kind": "xlsx"}},
        "outlived-book": {"xlsx": {"kind": "xlsx"}},
        "usage-taken": {"xlsx": {"kind": "xlsx"}},
        "incoming-slip": {"assigned": {"pk": assigned.pk}},
        "incoming-print": {"assigned": {"pk": assigned.pk}},
        "incoming-file": {
            f"{name}{which}": {"pk": one.pk, "file_pk": file.pk}
            for name, one in (("arrived", arrived), ("assigned", assigned))
            for which, file in zip(("", ", its enclosure"), one.files.order_by("ordinal"), strict=True)
        },
        "person": {
            "specialist": {"pk": people["chuyen.vien"].pk},
            "administrator": {"pk": people["quan.tri"].pk},
            "with a phone": {"pk": _with_a_phone(office).pk},
        },
        "ticket": {"own": {"pk": _ticket(office)}},
        "advisory-body": {"board": {"pk": board.body_id}},
        "recipient-group": {"shared": {"pk": shared}, "own": {"pk": own}},
        "outgoing-document": {"draft": {"pk": draft.pk}, "issued": {"pk": issued.pk}},
        "outgoing-proofs": {"draft": {"pk": draft.pk}, "issued": {"pk": issued.pk}},
        "incoming-proofs": {"arrived": {"pk": arrived.pk}, "assigned": {"pk": assigned.pk}},
        "change": {"draft": {"pk": draft.pk}},
        "outgoing-version": {"draft": {"pk": draft.pk, "ordinal": 1}, "issued": {"pk": issued.pk, "ordinal": 1}},
        "outgoing-enclosure": {
            "draft": {"pk": draft.pk, "enclosure_pk": enclosures["draft"]},
            "issued": {"pk": issued.pk, "enclosure_pk": enclosures["issued"]},
        },
        "paper-envelope": {"issued": {"pk": issued.pk, "recipient_pk": last.pk}},
        "copy-outgoing": {"issued": {"pk": issued.pk}},
        "copy-incoming": {"assigned": {"pk": assigned.pk}},
        "copy": {
            "of issued": {"pk": of_issued.pk}, "of assigned": {"pk": of_assigned.pk},
            "begun": {"pk": begun.pk}, "spoiled": {"pk": spoiled.pk},
        },
        "copy-file": {"of issued": {"pk": of_issued.pk}, "of assigned": {"pk": of_assigned.pk}},
        "regulation-file": {"own": {"pk": _regulation(office)}},
        "certificates-taken": {"csv": {"kind": "csv"}},
        "remote-request": {"waiting": {"pk": _remote_request(office)}},
        "search-taken": {"xlsx": {"kind": "xlsx"}},
        "people-taken": {"csv": {"kind": "csv"}},
        "people-import-pattern": {"csv": {"kind": "csv"}},
        "certificate": {"seal": {"pk": seal.pk}, "head's": {"pk": head}},
        "certificate-request": {"seal": {"pk": seal_request}, "head's": {"pk": head_request}},
        "certificate-letter": {"seal": {"pk": seal_request}},
        "dossier-list-book": {"pdf": {"year": listed.year, "kind": "pdf"}},
        "transfer": {"historic": {"pk": transferred}},
        "transfer-book": {"historic": {"pk": transferred, "kind": "xlsx"}},
        "dossier-progress-taken": {"xlsx": {"kind": "xlsx"}},
        "announcement": {"of the unit": {"pk": announced.pk}},
        "drafting-task": {"of the unit": {"pk": to_unit}, "of one": {"pk": to_one}},
        "kept-back-book": {"xlsx": {"kind": "xlsx"}},
        "submission": {"handed in": {"pk": files.submission.pk}},
        "submission-book": {"handed in": {"pk": files.submission.pk, "paper": "muc-luc", "kind": "xlsx"}},
        "dossier": {
            "open": {"pk": files.open.pk}, "closed": {"pk": files.closed.pk}, "archived": {"pk": to_transfer},
        },
        "dossier-contents": {
            name: {"pk": one.pk, "kind": "xlsx"} for name, one in (("open", files.open), ("closed", files.closed))
        },
        "dossier-export": {"open": {"pk": files.open.pk}, "closed": {"pk": files.closed.pk}},
        "dossier-material": {
            name: {"pk": one.pk, "file_pk": one.items.get(material__isnull=False).material_id}
            for name, one in (("open", files.open), ("closed", files.closed))
        },
    }  # fmt: skip
    rows = {
        "leader": office["lanh.dao"].pk, "head": office["truong.dv"].pk, "specialist": office["chuyen.vien"].pk,
        "clerk": office["van.thu"].pk, "unit": office["chuyen.vien"].posts.get().unit_id, "signer": signer.pk,
        "draft": draft.pk, "issued": issued.pk, "assigned": assigned.pk, "recipient": last.pk,
        "enclosure": enclosures["draft"], "assignment": assignment.pk, "extension": extension, "arrived": arrived.pk, "copy": of_issued.pk, "group": shared, "seal": seal.pk,
        "authorization": _authorization(office), "rule": _paper_rule(office), "change": _change_of_rights(office),
        "post": office["chuyen.vien"].posts.get().pk, "body_signer": board.pk,
        "search": saved.save(office["van.thu"], asked.read({"q": "rà soát"}), "Rà soát").pk,
        "entry": entry.pk, "heading": draft_list.headings.get(parent=None).pk, "list_year": draft_list.year,
        "dossier": files.open.pk, "closed_dossier": files.closed.pk, "kept_dossier": files.to_submit.pk,
        "item": files.open.items.get(incoming__isnull=False).pk, "member": files.open.members.get().pk,
        "calendar_day": _calendar_day(office), "task": files.open.tasks.get().pk,
        "archived_dossier": to_transfer, "given_to_unit": to_unit, "given_to_one": to_one,
        "credential": _remote_credential(office, authority), "standing_text": _standing_text(office),
        "substitution": _substitution(office), "import": _import(office),
        "direct_rule": _direct_rule(office), "envelope": envelopes["of the specialist"],
    }  # fmt: skip
    queued = {"to-sign": approved(office, recipients=recipients), "to-issue": signed(office, recipients=recipients)}
    newest = {route: f"{one.pk}-{one.versions.latest('ordinal').ordinal}" for route, one in queued.items()}
    return Furnished(office, people, places, rows, newest)


def _substitution(office: Office) -> int:
    """The specialist stands in for the checker, who has nothing to work on: nobody sees more by it."""
    wish = substitutes.Wish(
        office["the.thuc"], office["chuyen.vien"], [Substituted.PROCESSING], timezone.localdate(), timezone.localdate()
    )
    return substitutes.name(wish, actor=office["quan.tri"], at=now()).pk


def _drafting_tasks(office: Office) -> tuple[int, int]:
    """What a leader gave the specialist's unit to write, and what its head gave the specialist."""
    unit = office["chuyen.vien"].posts.get().unit
    of_unit = drafting_tasks.Wish(LETTER, "Về việc của đơn vị", unit)
    of_one = drafting_tasks.Wish(LETTER, "Về việc của chuyên viên", unit, office["chuyen.vien"])
    return (
        drafting_tasks.give(of_unit, actor=office["lanh.dao"], at=now()).pk,
        drafting_tasks.give(of_one, actor=office["truong.dv"], at=now()).pk,
    )


def _envelopes(office: Office) -> dict[str, int]:
    """Envelopes in the specialist's name, and one of the unit's head with a mark of secrecy that came back."""
    clerk, found = office["van.thu"], dict[str, UnopenedEnvelope]()
    for name, login, mark in (
        ("of the specialist", "chuyen.vien", ""),
        ("by mistake", "chuyen.vien", ""),
        ("marked", "truong.dv", "c"),
    ):
        found[name] = unopened.hand(unopened.Cover("Sở Nội vụ", office[login], secrecy=mark), actor=clerk, at=now())
    unopened.take(found["marked"], actor=office["truong.dv"], at=now())
    unopened.bring_back(found["marked"], note="", actor=office["truong.dv"], at=now())
    return {name: one.pk for name, one in found.items()}


def _direct_rule(office: Office) -> int:
    """Documents of a kind that nobody sends here go straight to the specialist's unit."""
    entry = direct.Entry(office["chuyen.vien"].posts.get().unit, "Điều 7.2 Quy chế 12/QĐ", type_name="Giấy nghỉ phép")
    return direct.register(entry, actor=office["quan.tri"], at=now()).pk


def _import(office: Office) -> int:
    """A table that was taken in; who came by it has no role and does not walk."""
    code = office.organization.code
    table = f"loại,ký hiệu đơn vị,tên đơn vị\nđơn vị,NHAP{code},Đơn vị nhập\n".encode()
    return importing.take_in(table, "bang.csv", office.organization, at=now()).pk


def _remote_request(office: Office) -> int:
    """A request of the leader's that has lapsed; a service stands in the agency's list."""
    slug = f"ky-so-{office.organization.code.lower()}"
    told = remote_keys.Declared(slug, "Dịch vụ ký số", "http://127.0.0.1:9/csc/v2", "x", "x")
    remote_keys.declare(office.organization, told, setup.SETUP, at=now())
    key = office["lanh.dao"].keys.get()
    asked = RemoteRequest.objects.create(
        person=office["lanh.dao"], key=key, state=RemoteState.LAPSED, asked_at=now(), expires_at=now(),
        claimed_until=now(),
    )  # fmt: skip
    return asked.pk


def _remote_credential(office: Office, authority: TestAuthority) -> int:
    """The specialist's key is at the agency's service."""
    owner = office["chuyen.vien"]
    key = certificates.keep_key(
        owner, authority.issue_person(owner.full_name, ec=True).certificate, kind=KeyKind.REMOTE, location="ky-so|1",
        image=None, actor=setup.SETUP, at=now(),
    )  # fmt: skip
    service = RemoteService.objects.get(organization=office.organization)
    return RemoteCredential.objects.create(key=key, service=service, credential="1", algorithm="1").pk


def _with_a_phone(office: Office) -> Person:
    """Somebody with a second step, who does not walk: it would be asked at every door."""
    login = f"co.dien.thoai.{office.organization.code.lower()}"
    person = setup.install_person(office.organization, login=login, name="Người Có Máy", password="x", at=now())
    factor = second_factor.begin(person, lambda: False, at=now())  # there is no other yet
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=now())
    return person


def _change_of_rights(office: Office) -> int:
    """A role from tomorrow on, which nobody has confirmed."""
    checker = office["the.thuc"]
    place = staff.Place(
        checker.posts.get().unit, Role.SPECIALIST, "Chuyên viên", timezone.localdate() + timedelta(days=1)
    )
    return staff.give(checker, place, actor=office["quan.tri"], at=now()).changes.get().pk


def _transferred(office: Office) -> tuple[int, int]:
    """What was handed to a historical archive, and a dossier that can be: both are kept for ever."""
    keeper, kept = office["truong.dv"], []
    for code in ("05.X", "06.X"):
        dossier = keeping.open_beside(keeping.Facts("Việc lớn", code, None, yesterday()), None, actor=keeper, at=now())
        upload = dossier_contents.Upload("Bảng", yesterday(), "bang.csv", "text/csv", [b"a,b"])
        dossier_contents.add_material(dossier, upload, actor=keeper, at=now())
        closing.close(dossier, closing.Ending(dossier.title, code, None, yesterday(), {}), actor=keeper, at=now())
        submission = archive.submit([dossier], title="Hồ sơ", condition="", actor=keeper, at=now())
        archive.take_over(submission, actor=office["van.thu"], at=now())
        dossier.refresh_from_db()
        kept.append(dossier)
    told = transfers.HandOver("Trung tâm Lưu trữ quốc gia III", "1/BB", timezone.localdate())
    return transfers.record(kept[:1], told, actor=office["van.thu"], at=now()).pk, kept[1].pk


def _announcement(office: Office) -> Announcement:
    """What the head of the specialist's unit tells it."""
    told = announcements.Told(
        "Họp đơn vị", "Họp lúc 14 giờ.", timezone.localdate(), (office["truong.dv"].posts.get().unit,)
    )
    return announcements.publish(told, actor=office["truong.dv"], at=now())


def _regulation(office: Office) -> int:
    paper = regulation.Paper(
        "12/QĐ ngày 02/11/2026", "Quy chế quản lý văn bản", yesterday(), {}, b"%PDF-1.7", "quy-che.pdf"
    )
    return regulation.register(paper, actor=office["quan.tri"], at=now()).pk


def _standing_text(office: Office) -> int:
    given = {"type": "Quyết định", "basis": "Căn cứ Luật Mẫu;"}
    return templates.register(given, yesterday(), actor=office["van.thu"], at=now()).pk


def _ticket(office: Office) -> int:
    """The administrator reported a difficulty, which waits for the hub."""
    return tickets.open_ticket("Gửi bị treo", "Từ 8 giờ.", tickets.About(), actor=office["quan.tri"], at=now()).pk


def _calendar_day(office: Office) -> int:
    """The Sunday after the next is worked."""
    sunday = timezone.localdate() + timedelta(days=13 - timezone.localdate().weekday())
    given = {"kind": "work", "reason": "Làm bù", "decision_ref": "9/TB ngày 02/11/2026"}
    with transaction.atomic():
        return calendar.record_day(given, sunday, actor=office["quan.tri"], at=now()).pk


def _board(office: Office) -> BodySigner:
    """An advisory body, and its head who signs for it."""
    decision, day = "5/QĐ ngày 02/11/2026", yesterday()
    body = bodies.found(bodies.Founding("Ban Chỉ đạo", "BCĐ", decision, day), actor=office["quan.tri"], at=now())
    naming = bodies.Naming(office["truong.dv"], "TRƯỞNG BAN", decision, day)
    return bodies.name_signer(body, naming, actor=office["quan.tri"], at=now())


def _enclose(document: OutgoingDocument, person: Person) -> None:
    drafting.add_enclosure(
        document, name="bang.csv", media_type="text/csv", content=[b"a,b\n1,2\n"], actor=person, at=now()
    )


def _received(office: Office, sender: str, number: str) -> IncomingDocument:
    code = office.organization.alias
    message = replace(
        DOCUMENT, sender=edxml.Organ(f"000.00.00.{sender}", "Bên gửi"), recipients=(edxml.Organ(code, "Bên nhận"),),
        identifier=f"000.00.00.{sender},2026/11/23,{number}/UBND-VX", number=number, notation="UBND-VX",
        appendixes=(), answers=(),
    )  # fmt: skip
    hub = MemoryHub()
    item = hub.put(
        document_packet(message, cong_van_pdf=scan(), phu_luc_pdf=PDF),
        sender=f"000.00.00.{sender}", to=office.organization.code,
    )  # fmt: skip
    inbox.receive(hub, item, at=now())
    return IncomingDocument.objects.get(packet__delivery_id=item.delivery_id)


def _at_work(document: IncomingDocument, office: Office) -> Assignment:
    acts.accept(document, actor=office["van.thu"], at=now())
    due = now() + timedelta(days=2)
    lead = acts.Task(Assignment.Kind.LEAD, office["chuyen.vien"].posts.get().unit, due)
    acts.instruct(document, text="Chủ trì xử lý", tasks=[lead], actor=office["lanh.dao"], at=now())
    assignment = document.assignments.get()
    acts.hand_to_person(
        assignment, person=office["chuyen.vien"], due_at=None, text="", actor=office["truong.dv"], at=now()
    )
    document.refresh_from_db()
    return assignment


def _more_time(assignment: Assignment, office: Office) -> int:
    assignment.refresh_from_db()
    due, reason = now() + timedelta(days=5), "Chờ số liệu của địa phương"
    return extensions.ask(assignment, due_at=due, reason=reason, actor=office["chuyen.vien"], at=now()).pk


def _copy_signer(office: Office) -> CopySigner:
    decision = copy_signers.Decision(
        person=office["truong.dv"], position="VỤ TRƯỞNG", reference="15/QĐ ngày 02/11/2026", valid_from=yesterday()
    )
    return copy_signers.name(decision, actor=office["quan.tri"], at=now())


def _groups(office: Office, neighbour: str) -> tuple[int, int]:
    shared = groups.create(name="Chung", codes=[neighbour], shared=True, actor=office["van.thu"], at=now())
    own = groups.create(name="Riêng", codes=[neighbour], shared=False, actor=office["chuyen.vien"], at=now())
    return shared.pk, own.pk


def _certificate_of_the_head(office: Office, authority: TestAuthority) -> int:
    head = office["truong.dv"]
    identity = authority.identity(f"{head.pk}", lambda: authority.issue_person(head.full_name))
    place = Path("/nowhere") / f"{head.pk}.p12"
    return setup.register_key(head, location=place, certificate=identity.certificate, image=None, at=now()).pk


def _requests(office: Office, seal: SigningKey, head: int) -> tuple[int, int]:
    wish = certificate_requests.Wish(RequestKind.RENEW, office.organization, seal, "Sắp hết hạn sử dụng")
    of_seal = certificate_requests.file(wish, actor=office["van.thu"], at=now())
    certificate_requests.approve(of_seal, actor=office["lanh.dao"], at=now())  # from now on it has its letter
    person = office["truong.dv"]
    wish = certificate_requests.Wish(RequestKind.RENEW, person, person.keys.get(pk=head), "Sắp hết hạn sử dụng")
    return of_seal.pk, certificate_requests.file(wish, actor=person, at=now()).pk


def _authorization(office: Office) -> int:
    paper = authorizations.Paper(
        granted_by=office["lanh.dao"], person=office["truong.dv"], on_behalf="CHỦ NHIỆM", position="CỤC TRƯỞNG",
        types=["Công văn"], scope="Đôn đốc, hướng dẫn", reference="7/UQ ngày 02/11/2026",
        valid_from=timezone.localdate(), valid_to=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    return authorizations.register(paper, actor=office["van.thu"], at=now()).pk


def _paper_rule(office: Office) -> int:
    today = timezone.localdate()
    entry = paper_rules.Entry(
        PaperClause.LISTED, decision="15/QĐ", decided_on=today, valid_from=today, types=("Quyết định",)
    )
    return paper_rules.register(entry, actor=office["lanh.dao"], at=now()).pk


@dataclass(frozen=True)
class Dossiers:
    """An agency's dossiers: one that is open, one that is closed, one to hand in, one that was handed in."""

    open: Dossier
    closed: Dossier
    to_submit: Dossier
    submission: Submission


def _dossiers(office: Office, document: IncomingDocument) -> Dossiers:
    """Dossiers of the unit's head, each with a file of its own and the specialist beside, the open one with a document."""
    keeper, made = office["truong.dv"], []
    for code in ("01.X", "02.X", "03.X", "04.X"):
        facts = keeping.Facts("Việc của đơn vị", code, 10, yesterday())
        dossier = keeping.open_beside(facts, None, actor=keeper, at=now())
        upload = dossier_contents.Upload("Bảng", yesterday(), "bang.csv", "text/csv", [b"a,b"])
        dossier_contents.add_material(dossier, upload, actor=keeper, at=now())
        keeping.add_member(dossier, office["chuyen.vien"], actor=keeper, at=now())
        made.append(dossier)
    dossier_contents.put_in(made[0], document, share=False, actor=keeper, at=now())
    tasks.give(made[0], "Tổng hợp số liệu", office["chuyen.vien"], None, actor=keeper, at=now())
    for one in made[1:]:
        ending = closing.Ending(one.title, one.code, 10, timezone.localdate(), {})
        closing.close(one, ending, actor=keeper, at=now())
    submission = archive.submit([made[3]], title="Hồ sơ", condition="", actor=keeper, at=now())
    return Dossiers(made[0], made[1], made[2], submission)


def _dossier_lists(office: Office) -> tuple[DossierList, ListEntry, DossierList]:
    """An issued list with one dossier that nobody opened, and one of the next year that is being drafted."""
    clerk, year, found = office["van.thu"], timezone.localdate().year, []
    for one in (year, year + 1):
        made = dossier_lists.begin(one, "heading", copied=False, actor=clerk, at=now())
        heading = dossier_lists.add_heading(made, "Việc chung", "VC", None, actor=clerk, at=now())
        wanted = dossier_lists.Entry("Báo cáo năm", 20, keeper=office["chuyen.vien"])
        found.append((made, dossier_lists.add_entry(heading, wanted, actor=clerk, at=now())))
    dossier_lists.issue(found[0][0], "15/QĐ", yesterday(), actor=office["lanh.dao"], at=now())
    return found[0][0], found[0][1], found[1][0]
