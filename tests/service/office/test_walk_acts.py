"""Every act by everybody: what is not one's own to do is refused, and changes nothing; then whose it is does it, by the
very form that the others sent. What a form names of another agency is not found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office.models import Copy, IncomingDocument, OutgoingDocument, Recipient
from lienthong.office.people.agency import mark, texts
from lienthong.office.web import certificate_requests as request_pages
from lienthong.office.web import certificates as certificate_pages
from lienthong.office.web import incoming_acts, outgoing_acts
from lienthong.office.web.agency import ACTS
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office
from tests.service.office.furnished import Furnished, furnished_twice
from tests.service.office.test_copies import scan
from tests.service.office.walk import DRAFTERS, EVERYBODY, FINDERS, OF_ASSIGNED, OF_ISSUED, WALK, who

OUT = {
    "submit": who("chuyen.vien"), "check_content": who("truong.dv"), "check_presentation": who("the.thuc"),
    "give_back": who("truong.dv the.thuc lanh.dao van.thu"), "comment": who("truong.dv the.thuc lanh.dao"),
    "hand_down": who("truong.dv"), "approve": who("lanh.dao"), "approve_and_sign": who("lanh.dao"),
    "sign": who("lanh.dao"), "cancel_remote": who("lanh.dao"), "take_signature": who("lanh.dao"), "number": who("van.thu"), "sub_number": who("van.thu"), "number_and_seal": who("van.thu"),
    "seal": who("van.thu"), "seal_files": who("van.thu"), "take_seal": who("van.thu"), "cancel_seal": who("van.thu"), "issue": who("van.thu"), "enclose": who("chuyen.vien van.thu"),
    "remove_enclosure": who("chuyen.vien"), "paper": who("van.thu"), "paper_sent": who("van.thu"),
    "paper_dropped": who("van.thu"), "send_again": who("van.thu"), "send_anew": who("van.thu"), "recall": who("van.thu lanh.dao"),
    "void": who("van.thu"), "update": who("van.thu"), "circulate": who("van.thu"), "pass_on": who("truong.dv"),
    "file": who("chuyen.vien truong.dv"), "mark": OF_ISSUED,
}  # fmt: skip
IN = {
    "accept": who("van.thu"), "undo": who("van.thu"), "present": who("van.thu"), "direct": who("van.thu"), "origin": who("van.thu"), "refuse": who("van.thu"), "instruct": who("lanh.dao"),
    "hand": who("truong.dv"), "start": who("chuyen.vien truong.dv"), "contribute": who("chuyen.vien truong.dv"),
    "finish": who("chuyen.vien truong.dv lanh.dao van.thu"), "obey": who("van.thu"), "decline": who("van.thu lanh.dao"), "agree": who("van.thu"),
    "decline_change": who("van.thu lanh.dao"), "file": who("chuyen.vien truong.dv"),
    "propose": who("chuyen.vien truong.dv"), "hand_back": who("truong.dv"),
    "ask_more": who("chuyen.vien truong.dv"), "grant": who("lanh.dao"), "deny": who("lanh.dao"), "urge": who("lanh.dao"),
    "mark": OF_ASSIGNED, "hand_paper": who("van.thu"), "take_paper": who("chuyen.vien truong.dv"),
}  # fmt: skip
"""Act on a document → who may ever do it, of the people of G22; whether it is the moment for it is another question."""
ON_CERTIFICATES = {
    ("", "register"): who("quan.tri"),
    ("", "ask"): who("quan.tri van.thu"),
    ("certificate", "ask"): who("quan.tri van.thu"),
    ("certificate", "hand_over"): who("quan.tri lanh.dao"),
    ("certificate", "at_owner"): who("quan.tri"),
    ("certificate-request", "approve"): who("lanh.dao"), ("certificate-request", "refuse"): who("lanh.dao"),
    ("certificate-request", "send"): who("quan.tri"), ("certificate-request", "receive"): who("quan.tri"),
}  # fmt: skip
"""Page of the agency's seal and act → who may ever do it."""

Form = dict[str, object]


@dataclass(frozen=True)
class Act:
    """Something that a form does.

    Attributes:
        form: what the form says, when the moment for it has come.
        doers: who may, of the agency.
        names: whether the form names something of the agency, so that nobody of another agency gets it done; what only
            says something is done by another agency's people for their own agency.
    """

    route: str
    thing: str
    form: Form
    doers: frozenset[str]
    names: bool = True


def day(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def paper_scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.pdf", scan(), "application/pdf")


def people_table() -> SimpleUploadedFile:
    return SimpleUploadedFile("bang.csv", "loại,ký hiệu đơn vị,tên đơn vị\nđơn vị,M2,Mới nữa\n".encode(), "text/csv")


def further_acts(agency: Furnished) -> tuple[Act, ...]:
    """The acts that are not on a document or a certificate, in an order in which each has its moment."""
    row = agency.rows
    paper = {
        "act": "register", "granted_by": row["leader"], "person": row["head"], "on_behalf": "CHỦ NHIỆM", "position": "CỤC TRƯỞNG",
        "types": ["Công văn"], "scope": "Đôn đốc", "reference": "8/UQ", "valid_from": day(), "valid_to": day(9),
    }  # fmt: skip
    entry = {"act": "register", "clause": "7.2b", "types": ["Quyết định"], "decision": "16/QĐ", "decided_on": day(), "valid_from": day()}  # fmt: skip
    signer = {"act": "name", "person": row["head"], "position": "CỤC TRƯỞNG", "reference": "9/QĐ", "valid_from": day()}
    order = {"kind": "SY", "way": "electronic-paper", "signer": row["signer"], "recipients": "- Lưu: VT."}
    numbers = {
        "from_year": str(timezone.localdate().year + 1),
        "reference": "17/QĐ",
        "title-a": "Chung",
        "group-CV": "a",
        "seen": "0",
    }
    board = {"act": "found", "name": "Hội đồng", "abbreviation": "HĐ1", "decision": "1/QĐ", "valid_from": day()}
    naming = {
        "act": "name_signer",
        "person": row["specialist"],
        "title": "ỦY VIÊN",
        "decision": "1/QĐ",
        "valid_from": day(),
    }
    group = {"act": "save", "name": "Mới", "recipients": ["H26"]}
    text = {
        "unit": row["unit"], "type": "Công văn", "subject": "V/v rà soát", "body": "Đề nghị rà soát./.",
        "signer": row["leader"], "recipients": "H26", "recipients_text": "- Như trên;\n- Lưu: VT.",
        "addressees": "Ủy ban nhân dân thành phố Hà Nội", "urgency": "0", "origin": "digital",
    }  # fmt: skip
    paper_in = {"way": "paper", "sender": "Sở Nội vụ", "subject": "V/v rà soát", "urgency": "0"}
    role = {"unit": row["unit"], "role": "checker", "position": "Chuyên viên", "since": day()}
    standing_in: Form = {
        "act": "name", "absent": f"chuyen.vien.{agency.code.lower()}", "substitute": f"truong.dv.{agency.code.lower()}",
        "acts": ["processing"], "valid_from": day(), "valid_to": day(3),
    }  # fmt: skip
    why: Form = {"reason": "Lý do đủ dài để ghi", "authority": "Chánh Văn phòng"}
    telling: Form = {"act": "publish", "title": "Họp", "text": "Họp giao ban", "until": day()}
    writing: Form = {"act": "give", "type": "Công văn", "subject": "Về việc rà soát", "urgency": "0"}
    cover: Form = {"sender": "Sở Nội vụ", "urgency": "0", "secrecy": ""}
    sunday = 6 - timezone.localdate().weekday()
    return (
        Act("authorizations", "", paper, who("van.thu quan.tri")),
        Act("authorizations", "", {"act": "revoke", "authorization": row["authorization"], **why}, who("van.thu quan.tri")),
        Act("paper-rules", "", entry, who("lanh.dao quan.tri"), names=False),
        Act("paper-rules", "", {"act": "end", "rule": row["rule"], "last_day": day(), **why}, who("lanh.dao quan.tri")),
        Act("copy-signers", "", signer, who("lanh.dao quan.tri")),
        Act("drafting-tasks", "", {**writing, "to": f"{row['unit']}:don-vi"}, who("lanh.dao")),
        Act("drafting-tasks", "", {**writing, "to": f"{row['unit']}:{row['head']}"}, who("lanh.dao truong.dv")),
        Act("drafting-task", "of the unit", {"act": "urge"}, who("lanh.dao")),
        Act("drafting-task", "of the unit", {"act": "pass_on", "person": row["specialist"]}, who("truong.dv")),
        Act("drafting-task", "of the unit", {"act": "give_anew", "to": f"{row['unit']}:{row['head']}"}, who("lanh.dao")),
        Act("drafting-task", "of the unit", {"act": "drop", **why}, who("lanh.dao")),
        Act("drafting-task", "of one", {"act": "give_back", **why}, who("chuyen.vien")),
        Act("drafting-hand-over", "", {"before": row["head"], "task": [row["given_to_one"]], "receiver": row["leader"], **why},
            who("lanh.dao truong.dv")),
        Act("envelope-new", "", {**cover, "person": row["specialist"]}, who("van.thu")),
        Act("envelope", "of the specialist", {"act": "take"}, who("chuyen.vien")),
        Act("envelope", "of the specialist", {"act": "bring_back"}, who("chuyen.vien")),
        Act("incoming-register", "", {**paper_in, "came_in": row["envelope"]}, who("van.thu")),
        Act("envelope", "by mistake", {"act": "void", **why}, who("van.thu")),
        Act("envelope", "marked", {"act": "apart", "apart": "7/MĐ"}, who("van.thu")),
        Act("register-stored", "", {"document": row["issued"], "user_name": "Lê A", "allowed_by": "Chánh Văn phòng",
            "used_on": day()}, who("van.thu")),
        Act("copy-outgoing", "issued", order, who("van.thu")),
        Act("copy-incoming", "assigned", {**order, "way": "paper-paper", "scan": paper_scan()}, who("van.thu")),
        Act("copy", "begun", {"act": "finish"}, who("van.thu")),
        Act("copy", "spoiled", {"act": "void", **why}, who("van.thu")),
        Act("copy-signers", "", {"act": "end", "signer": row["signer"], **why}, who("lanh.dao quan.tri")),
        Act("numbering", "", numbers, who("van.thu quan.tri lanh.dao"), names=False),
        Act("advisory-bodies", "", board, who("quan.tri lanh.dao"), names=False),
        Act("advisory-body", "board", naming, who("quan.tri lanh.dao")),
        Act("advisory-body", "board", {"act": "end_signer", "signer": row["body_signer"], **why}, who("quan.tri lanh.dao")),
        Act("advisory-body", "board", {"act": "last_day", "last_day": day(9), "seen": "", **why}, who("quan.tri lanh.dao")),
        Act("templates", "", {"act": "record", "type": "Công văn", "closing": "Trân trọng./.", "valid_from": day()},
            who("van.thu quan.tri"), names=False),
        Act("templates", "", {"act": "end", "row": row["standing_text"]}, who("van.thu quan.tri")),
        Act("ticket-new", "", {"subject": "Treo", "text": "Từ 8 giờ"}, who("van.thu quan.tri"), names=False),
        Act("ticket", "own", {"act": "write", "text": "Thêm"}, who("van.thu quan.tri")),
        Act("ticket", "own", {"act": "close"}, who("van.thu quan.tri")),
        Act("recipient-group-new", "", {**group, "shared": "1"}, who("van.thu"), names=False),
        Act("recipient-group", "shared", {**group, "name": "Khác"}, who("van.thu")),
        Act("recipient-group", "own", {**group, "name": "Khác"}, who("chuyen.vien")),
        Act("recipient-group", "shared", {"act": "remove"}, who("van.thu")),
        Act("recipient-group", "own", {"act": "remove"}, who("chuyen.vien")),
        Act("draft", "", text, DRAFTERS - who("chuyen.vien.khac truong.khac van.thu")),
        Act("change", "draft", text, who("chuyen.vien")),
        Act("agency", "", _facts(agency, "facts"), who("quan.tri"), names=False),
        Act("agency", "", _facts(agency, "decide"), who("quan.tri lanh.dao"), names=False),
        Act("regulation", "", {"act": "record", "paper": paper_scan(), "reference": "1/QĐ", "title": "Quy chế", "valid_from": day()},
            who("quan.tri lanh.dao"), names=False),
        Act("regulation", "", {"act": "plan", "reference": "2/KH", "electronic": "95"}, who("quan.tri lanh.dao"), names=False),
        Act("direct-rules", "", {"act": "record", "unit": row["unit"], "keyword": "báo cáo", "clause": "Điều 7"}, who("quan.tri lanh.dao")),
        Act("direct-rules", "", {"act": "end", "rule": row["direct_rule"]}, who("quan.tri lanh.dao")),
        Act("calendar", "", {"act": "decide", "day": day(sunday), "kind": "work", "decision_ref": "9/TB", **why},
            who("quan.tri"), names=False),
        Act("calendar", "", {"act": "withdraw", "row": row["calendar_day"], **why}, who("quan.tri")),
        Act("people", "", {"act": "add_person", "login": "nguoi.moi", "name": "Người Mới", **role}, who("quan.tri")),
        Act("people", "", {"act": "add_unit", "abbreviation": "MOI", "unit_name": "Mới"}, who("quan.tri"), names=False),
        Act("person", "specialist", {"act": "give", **role}, who("quan.tri")),
        Act("person", "specialist", {"act": "end", "post": row["post"], "last_day": day(), **why}, who("quan.tri")),
        Act("person", "specialist", {"act": "reset", **why}, who("quan.tri")),
        Act("substitutions", "", standing_in, who("quan.tri chuyen.vien")),
        Act("substitutions", "", {"act": "end", "substitution": row["substitution"]}, who("quan.tri the.thuc")),
        Act("people-import", "", {"act": "preview", "table": people_table()}, who("quan.tri"), names=False),
        Act("people-import", "", {"act": "sheets", "run": row["import"]}, who("quan.tri")),
        Act("people", "", {"act": "review", "note": "Đã xem"}, who("lanh.dao kiem.tra"), names=False),
        Act("sign-in-rules", "", {"outside": "on", "inside": "127.0.0.0/8"}, who("quan.tri"), names=False),
        Act("person", "with a phone", {"act": "reset_second", **why}, who("quan.tri")),
        Act("person", "specialist", {"act": "close", **why}, who("quan.tri")),
        Act("person", "specialist", {"act": "reopen", **why}, who("quan.tri")),
        Act("outgoing", "", {"act": "filter", "mark": "star", "rows": "20"}, EVERYBODY, names=False),
        Act("dossiers", "", {"act": "filter", "rows": "20"}, EVERYBODY, names=False),
        Act("announcements", "", telling, who("lanh.dao van.thu quan.tri"), names=False),
        Act("announcements", "", {**telling, "units": [row["unit"]]}, who("lanh.dao van.thu quan.tri truong.dv")),
        Act("announcement", "of the unit", {"act": "withdraw"}, who("lanh.dao truong.dv")),
        Act("search", "", {"act": "columns", "column": ["so", "luc"]}, FINDERS, names=False),
        *_acts_on_dossiers(row),
        Act("incoming", "", {"act": "urge", "document": row["assigned"]}, who("lanh.dao"), names=False),
        Act("incoming", "", {"act": "pass_on", "document": row["arrived"]}, who("van.thu"), names=False),
        Act("incoming-register", "", paper_in, who("van.thu"), names=False),
        Act("incoming-monitor", "", {"person": row["specialist"], "reference": "19/QĐ"}, who("lanh.dao")),
        Act("incoming-print", "assigned", {"worth": "information", "unit": row["unit"], "copies": "1"}, who("van.thu")),
        Act("remote-keys", "", {"act": "detach", "credential": row["credential"]}, who("quan.tri")),
        Act("to-sign", "", {"document": agency.queued["to-sign"], "pin": PIN}, who("lanh.dao")),
        Act("to-issue", "", {"document": agency.queued["to-issue"], "pin": PIN}, who("van.thu")),
        Act("right-changes", "", {"act": "confirm", "change": row["change"]}, who("lanh.dao kiem.tra")),
    )  # fmt: skip


def _acts_on_dossiers(row: dict[str, int]) -> tuple[Act, ...]:
    """What is done with lists and dossiers, in an order in which each has its moment."""
    answering, working, year = who("truong.dv"), who("chuyen.vien truong.dv"), row["list_year"]
    clerk, leader, keepers = who("van.thu"), who("lanh.dao"), EVERYBODY - who("quan.tri kiem.tra")
    why: Form = {"reason": "Lý do đủ dài để ghi"}
    facts = {"title": "Việc khác", "code": "09.X", "kind": "work", "retention": "10", "started_on": day()}
    entry = {"heading": row["heading"], "title": "Việc thêm", "retention": "5", "kept_by": f"nguoi-{row['specialist']}"}
    ending = {"title": "Việc của đơn vị", "code": "01.X", "retention": "10", "ended_on": day()}
    consent = {"until": day(500), "consent": "12/VP ngày 02/11/2026"}
    return (
        Act("dossier-list", "", {"act": "begin", "new_year": year + 1, "numbering": "whole"}, clerk, names=False),
        Act("dossier-list", "", {"act": "heading", "year": year, "title": "Khác", "abbreviation": "KH"}, clerk, names=False),
        Act("dossier-list", "", {"act": "entry", "year": year, **entry}, clerk),
        Act("dossier-list", "", {"act": "issue", "year": year, "decision": "1/QĐ", "decided_on": day()}, leader, names=False),
        Act("dossier-new", "", {"act": "open_beside", **facts}, keepers, names=False),
        Act("dossier-new", "", {"act": "open_listed", "entry": row["entry"], "started_on": day()}, who("chuyen.vien")),
        Act("dossier", "open", {"act": "change", **facts, "code": "01.X"}, answering),
        Act("dossier", "open", {"act": "progress", "progress": "50"}, working),
        Act("dossier", "open", {"act": "say", "text": "Ý kiến"}, working),
        Act("dossier", "open", {"act": "task_report", "task": row["task"], "progress": "40"}, working),
        Act("dossier", "open", {"act": "task_drop", "task": row["task"], **why}, answering),
        Act("dossier", "open", {"act": "take_out", "item": row["item"], "why": "misplaced"}, answering),
        Act("dossier", "open", {"act": "put", "document": f"incoming-{row['assigned']}"}, working),
        Act("dossier", "open", {"act": "material", "title": "Bảng", "dated_on": day(), "file": paper_scan()}, working),
        Act("dossier", "open", {"act": "member", "person": row["clerk"]}, answering),
        Act("dossier", "open", {"act": "end_member", "member": row["member"]}, answering),
        Act("dossier", "open", {"act": "hold", "reference": "1/QĐ", **why}, leader),
        Act("dossier", "open", {"act": "lift", **why}, leader),
        Act("dossier", "open", {"act": "close", **ending}, answering),
        Act("dossier", "closed", {"act": "keep_back", **consent}, leader),
        Act("dossier", "archived", {"act": "let_read", "person": row["specialist"]}, leader),
        Act("dossier", "archived", {"act": "end_reading", "person": row["specialist"]}, leader),
        Act("dossier", "closed", {"act": "reopen", **why}, leader),
        Act("dossier", "closed", {"act": "task", "text": "Việc", "doer": row["clerk"]}, answering),
        Act("dossier-new", "", {"act": "open_beside", **facts, "code": "10.X", "part_of": row["closed_dossier"]}, working),
        Act("submissions", "", {"act": "submit", "dossier": [row["kept_dossier"]], "title": "Hồ sơ"}, answering),
        Act("transfers", "", {"act": "record", "dossier": [row["archived_dossier"]], "archive": "Trung tâm", "reference": "2/BB",
            "handed_on": day()}, who("van.thu")),
        Act("submission", "handed in", {"act": "send_back", **why}, who("van.thu")),
        Act(
            "dossier-hand-over", "",
            {"before": row["head"], "dossier": [row["dossier"]], "receiver": row["specialist"], **why},
            answering | leader,
        ),
    )  # fmt: skip


def _facts(agency: Furnished, act: str) -> Form:
    """The agency's own facts with something new, as its page asks for them."""
    organization = agency.office.organization
    facts = ACTS[act]
    new = {"place": "Thành phố Huế"} if act == "facts" else {"morning_ends": "12:00", "reference": "18/QĐ"}
    return {**texts(organization, facts), "act": act, "seen": mark(organization, facts), **new}


ELSEWHERE = {
    "notices", "notice-ways", "password", "second-factor", "outgoing-document", "incoming-document", "certificates", "certificate",
    "certificate-request",
}  # fmt: skip
"""Pages whose acts are in the tables above; one's own notices, password and second step are everybody's."""


@pytest.fixture
def world(office: Office, authority: TestAuthority, tmp_path: Path) -> tuple[Furnished, Furnished]:
    """Two agencies in one installation, each with something of everything."""
    return furnished_twice(office, authority, tmp_path)


def test_the_tables_of_acts_are_whole() -> None:
    assert set(OUT) == set(outgoing_acts.ACTS)
    assert set(IN) == set(incoming_acts.ACTS)
    pages = {
        "": certificate_pages.ACTS, "certificate": certificate_pages.ACTS_ON_ONE, "certificate-request": request_pages.ACTS,
    }  # fmt: skip
    assert set(ON_CERTIFICATES) == {(place, act) for place, acts in pages.items() for act in acts}


@pytest.mark.law("SEC-6", "SEC-5", "AVI-G2")
def test_nobody_does_what_is_anothers_to_do(world: tuple[Furnished, Furnished]) -> None:
    own, _ = world
    acts = further_acts(own)
    assert {act.route for act in acts} | ELSEWHERE == {route for route, row in WALK.items() if row.posts}
    before = (Event.objects.count(), states())
    wrong = [
        *faults_of_documents(world), *faults_on_certificates(world), *faults_of_further_acts(world, acts),
        *faults_of_foreign_names(world),
    ]  # fmt: skip
    assert not wrong, "\n".join(map(str, wrong))
    assert (Event.objects.count(), states()) == before
    for act in further_acts(own):
        doer = own.client(min(act.doers))
        answer = doer.post(own.address(act.route, act.thing), act.form)
        assert answer.status_code in (200, 302), (act, answer.content.decode())
    assert Event.objects.count() > before[0]


def states() -> list[str]:
    rows = [
        *OutgoingDocument.objects.order_by("pk"),
        *IncomingDocument.objects.order_by("pk"),
        *Copy.objects.order_by("pk"),
    ]
    return [row.state for row in rows]


REFUSED = (403, 404, 409, 422)
Fault = tuple[str, str, str, int]
"""Agency and person, place, act, and the status that is wrong."""


def faults_of_documents(world: tuple[Furnished, Furnished]) -> Iterator[Fault]:
    own, _ = world
    row = own.rows
    said: Form = {
        "pin": PIN, "note": "x" * 20, "reason": "x" * 20, "text": "x" * 20, "authority": "x", "outcome": "x",
        "origin": "digital", "recipient": row["recipient"], "incomplete": "x" * 20, "enclosure": row["enclosure"],
        "assignment": row["assignment"], "person": row["specialist"], "result": "x" * 20, "extension": row["extension"],
        "unit": row["unit"], "due": "2999-01-01T08:00",
    }  # fmt: skip
    for route, acts in (("outgoing-document", OUT), ("incoming-document", IN)):
        for (act, doers), thing in product(acts.items(), WALK[route].sees):
            yield from _faults(world, Act(route, thing, {"act": act, **said}, doers))


def faults_on_certificates(world: tuple[Furnished, Furnished]) -> Iterator[Fault]:
    own, _ = world
    said: Form = {
        "owner": "co-quan", "kind": "new", "reason": "x" * 20, "taken_by": own.rows["clerk"], "basis": "x",
        "minutes": "x", "handed_at": "2026-11-02T08:00", "sent_on": "2026-11-02", "reference": "x",
    }  # fmt: skip
    for (place, act), doers in ON_CERTIFICATES.items():
        route, thing = place or "certificates", "seal" if place else ""
        yield from _faults(world, Act(route, thing, {"act": act, **said}, doers, names=bool(place)))


def faults_of_further_acts(world: tuple[Furnished, Furnished], acts: tuple[Act, ...]) -> Iterator[Fault]:
    for act in acts:
        yield from _faults(world, act)


def _faults(world: tuple[Furnished, Furnished], act: Act) -> Iterator[Fault]:
    """Everybody of the agency who may not, and whoever of the other agency might at home."""
    own, other = world
    walkers = [(own, person) for person in sorted(EVERYBODY - act.doers)]
    if act.names:
        walkers += [(other, person) for person in sorted(act.doers)]
    for agency, person in walkers:
        answer = agency.same_client(person).post(own.address(act.route, act.thing), act.form)
        if answer.status_code not in REFUSED:
            yield f"{person} of {agency.code}", f"{act.route} {act.thing}", str(act.form.get("act")), answer.status_code


def faults_of_foreign_names(world: tuple[Furnished, Furnished]) -> Iterator[Fault]:
    """Forms of one's own pages that name a row of the other agency."""
    own, other = world
    theirs = other.rows
    acts = {(act.route, act.thing, act.form.get("act")): act.form for act in further_acts(own)}
    text, order = acts["draft", "", None], acts["copy-outgoing", "issued", None]
    authority, signers = acts["authorizations", "", "register"], acts["copy-signers", "", "name"]
    naming, ending = acts["advisory-body", "board", "name_signer"], acts["advisory-body", "board", "end_signer"]
    handing: Form = {"act": "hand_over", "taken_by": own.rows["clerk"], "basis": "x", "minutes": "x", "handed_at": "2026-11-02T08:00"}  # fmt: skip
    forms: list[tuple[str, str, str, Mapping[str, object]]] = [
        ("chuyen.vien", "draft", "", {**text, "signer": theirs["leader"]}),
        ("chuyen.vien", "draft", "", {**text, "signer": f"uq-{theirs['authorization']}"}),
        ("chuyen.vien", "draft", "", {**text, "signer": f"tv-{theirs['body_signer']}"}),
        ("chuyen.vien", "draft", "", {**text, "unit": theirs["unit"]}),
        ("quan.tri", "advisory-body", "board", {**naming, "person": theirs["head"]}),
        ("quan.tri", "advisory-body", "board", {**ending, "signer": theirs["body_signer"]}),
        ("chuyen.vien", "draft", "", {**text, "answers": theirs["assigned"]}),
        ("chuyen.vien", "draft", "", {**text, "replaces": theirs["issued"]}),
        ("chuyen.vien", "draft", "", {**text, "act": "add_group", "group": theirs["group"]}),
        ("van.thu", "copy-outgoing", "issued", {**order, "signer": theirs["signer"]}),
        ("van.thu", "authorizations", "", {**authority, "granted_by": theirs["leader"]}),
        ("van.thu", "authorizations", "", {**authority, "person": theirs["head"]}),
        ("quan.tri", "copy-signers", "", {**signers, "person": theirs["head"]}),
        ("quan.tri", "certificate", "seal", {**handing, "taken_by": theirs["clerk"]}),
        ("quan.tri", "certificate", "seal", {**handing, "given_by": theirs["clerk"]}),
        ("quan.tri", "certificates", "", {"act": "ask", "owner": theirs["head"], "kind": "new", "reason": "x" * 20}),
        ("quan.tri", "certificate-request", "seal", {"act": "receive", "result": theirs["seal"]}),
        ("chuyen.vien", "outgoing-document", "draft", {"act": "remove_enclosure", "enclosure": theirs["enclosure"]}),
        ("van.thu", "search", "", {"act": "forget", "search": theirs["search"]}),
        ("van.thu", "outgoing-document", "issued", {"act": "paper_sent", "recipient": theirs["recipient"]}),
        ("van.thu", "outgoing-document", "issued", {"act": "send_again", "recipient": theirs["recipient"]}),
        ("van.thu", "outgoing-document", "issued", {"act": "recall", "recipient": theirs["recipient"], "reason": "x" * 20, "authority": "x"}),
        ("chuyen.vien", "incoming-document", "assigned", {"act": "start", "assignment": theirs["assignment"]}),
        ("lanh.dao", "incoming-document", "assigned", {"act": "grant", "extension": theirs["extension"]}),
        ("van.thu", "incoming-print", "assigned", {"worth": "information", "unit": theirs["unit"], "copies": "1"}),
        ("lanh.dao", "incoming-monitor", "", {"person": theirs["specialist"], "reference": "19/QĐ"}),
        ("lanh.dao", "incoming", "", {"act": "urge", "document": theirs["assigned"]}),
        ("van.thu", "incoming", "", {"act": "accept", "document": theirs["arrived"]}),
        ("quan.tri", "people", "", {**acts["people", "", "add_person"], "unit": theirs["unit"]}),
        ("quan.tri", "person", "specialist", {**acts["person", "specialist", "give"], "unit": theirs["unit"]}),
        ("quan.tri", "person", "specialist", {**acts["person", "specialist", "end"], "post": theirs["post"]}),
        ("kiem.tra", "right-changes", "", {"act": "confirm", "change": theirs["change"]}),
        ("van.thu", "dossier-list", "", {**acts["dossier-list", "", "entry"], "heading": theirs["heading"]}),
        ("van.thu", "dossier-list", "", {**acts["dossier-list", "", "entry"], "kept_by": f"nguoi-{theirs['specialist']}"}),
        ("van.thu", "dossier-list", "", {**acts["dossier-list", "", "entry"], "kept_by": f"donvi-{theirs['unit']}"}),
        ("van.thu", "dossier-list", "", {"act": "remove", "year": own.rows["list_year"], "heading": theirs["heading"]}),
        ("chuyen.vien", "dossier-new", "", {**acts["dossier-new", "", "open_listed"], "entry": theirs["entry"]}),
        ("truong.dv", "dossier", "open", {"act": "member", "person": theirs["specialist"]}),
        ("lanh.dao", "dossier", "archived", {"act": "let_read", "person": theirs["specialist"]}),
        ("truong.dv", "dossier", "open", {"act": "end_member", "member": theirs["member"]}),
        ("truong.dv", "dossier", "open", {"act": "task", "text": "Việc", "doer": theirs["specialist"]}),
        ("truong.dv", "dossier", "open", {"act": "task_report", "task": theirs["task"], "progress": "40"}),
        ("truong.dv", "dossier-new", "", {**acts["dossier-new", "", "open_beside"], "part_of": theirs["dossier"]}),
        ("lanh.dao", "drafting-tasks", "", {"act": "give", "subject": "x", "to": f"{own.rows['unit']}:{theirs['specialist']}"}),
        ("lanh.dao", "drafting-tasks", "", {"act": "give", "subject": "x", "to": f"{theirs['unit']}:don-vi"}),
        ("truong.dv", "drafting-task", "of the unit", {"act": "pass_on", "person": theirs["specialist"]}),
        ("lanh.dao", "drafting-task", "of the unit", {"act": "give_anew", "to": f"{theirs['unit']}:don-vi"}),
        ("lanh.dao", "drafting-hand-over", "", {**acts["drafting-hand-over", "", None], "before": theirs["head"]}),
        ("lanh.dao", "drafting-hand-over", "", {**acts["drafting-hand-over", "", None], "receiver": theirs["leader"]}),
        ("lanh.dao", "drafting-hand-over", "", {**acts["drafting-hand-over", "", None], "task": [theirs["given_to_one"]]}),
        ("van.thu", "envelope-new", "", {"sender": "x", "urgency": "0", "secrecy": "", "person": theirs["specialist"]}),
        ("van.thu", "incoming-register", "", {**acts["incoming-register", "", None], "came_in": theirs["envelope"]}),
        ("chuyen.vien", "draft", "", {**text, "copies": theirs["draft"]}),
        ("chuyen.vien", "draft", "", {**text, "dossier": theirs["dossier"]}),
        ("chuyen.vien", "outgoing", "", {"act": "filter", "rows": "20", "don-vi": theirs["unit"]}),
        ("chuyen.vien", "dossiers", "", {"act": "filter", "rows": "20", "don-vi": theirs["unit"]}),
        ("chuyen.vien", "incoming", "", {"act": "filter", "rows": "20", "don-vi": theirs["unit"]}),
        ("van.thu", "transfers", "", {**acts["transfers", "", "record"], "dossier": [theirs["archived_dossier"]]}),
        ("truong.dv", "announcements", "", {**acts["announcements", "", "publish"], "units": [theirs["unit"]]}),
        ("truong.dv", "dossier", "open", {"act": "take_out", "item": theirs["item"], "why": "draft"}),
        ("truong.dv", "dossier", "open", {"act": "put", "document": f"incoming-{theirs['assigned']}"}),
        ("truong.dv", "dossier", "open", {"act": "put", "document": f"outgoing-{theirs['issued']}"}),
        ("chuyen.vien", "incoming-document", "assigned", {"act": "file", "dossier": theirs["dossier"]}),
        ("truong.dv", "submissions", "", {**acts["submissions", "", "submit"], "dossier": [theirs["kept_dossier"]]}),
        ("truong.dv", "dossier-hand-over", "", {**acts["dossier-hand-over", "", None], "dossier": [theirs["dossier"]]}),
        ("truong.dv", "dossier-hand-over", "", {**acts["dossier-hand-over", "", None], "receiver": theirs["specialist"]}),
        ("lanh.dao", "dossier-hand-over", "", {**acts["dossier-hand-over", "", None], "before": theirs["head"]}),
        ("truong.dv", "incoming-document", "assigned", {"act": "hand", "assignment": own.rows["assignment"], "person": theirs["specialist"]}),
    ]  # fmt: skip
    assert Recipient.objects.filter(pk=theirs["recipient"]).exists()
    for person, route, thing, form in forms:
        answer = own.same_client(person).post(own.address(route, thing), form)
        if answer.status_code not in (403, 404, 409, 422):
            yield person, route, str(form), answer.status_code
