"""Review: the unit's head answers for the content, the checker for the presentation, the leader approves
(Decree 30/2020, Articles 10–12). Each act stands on one version; a change asks for all of them anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import BooleanField, F, Func, QuerySet

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.config import blobs
from lienthong.office.errors import Forbidden, IllegalMove, Missing, NotReviewed
from lienthong.office.models import OutgoingDocument, OutgoingState, Person, Review, Role, Stage, Version
from lienthong.office.outgoing import presentation
from lienthong.office.outgoing.competence import require_signer
from lienthong.office.outgoing.drafting import add_version, current_version, slots_of
from lienthong.office.people.access import heads_of, require, require_head_of, roles, units_led
from lienthong.office.people.actors import record
from lienthong.office.people.notices import notify, notify_heads, notify_role
from lienthong.office.people.overrides import record_override
from lienthong.office.workflow import outgoing as workflow
from lienthong.standards.signatures.prepare import prepare
from lienthong.standards.statuses import Words

Act = Review.Act
UNDER_REVIEW = (OutgoingState.IN_REVIEW, OutgoingState.APPROVED)
"""The states in which it is commented on and returned."""


def submit(document: OutgoingDocument, *, actor: Person, at: datetime, note: str = "") -> None:
    """Hand the draft in for review (trình). What came back stands on a new version, even if its text is the same:
    whatever was checked, enclosures among it, is checked anew, and nobody signs from a list of before.

    Raises:
        Forbidden, IllegalMove; Missing: it came back after it was signed, and was not changed.
    """
    if document.drafter_id != actor.pk:
        raise Forbidden(who="người soạn thảo", who_en="the drafter")
    if current_version(document).stage == Stage.SIGNED:
        raise Missing(what="bản sửa của văn bản đã ký", what_en="a changed version of what was signed")
    hand_in(document, actor=actor, at=at, note=note)


def hand_in(document: OutgoingDocument, *, actor: Person, at: datetime, note: str) -> None:
    """It goes into review, whoever may hand it in; who checks it is told. Raises `IllegalMove`."""
    with transaction.atomic():
        workflow.advance(document, to=OutgoingState.IN_REVIEW)
        _note(_unreviewed(document, actor, at), Act.SUBMITTED, actor, at, note)
        record(OfficeEvent.SUBMITTED, actor, document, at)
        notify_heads(
            document,
            document.unit,
            Words(f"Kiểm tra nội dung: {document.subject}", f"Check the content: {document.subject}"),
            at=at,
        )
        notify_role(
            document,
            Role.CHECKER,
            Words(f"Kiểm tra thể thức: {document.subject}", f"Check the presentation: {document.subject}"),
            at=at,
        )


def _unreviewed(document: OutgoingDocument, actor: Person, at: datetime) -> Version:
    """The newest draft, as a version of its own on which no act stands."""
    draft = document.versions.filter(stage=Stage.DRAFT).latest("ordinal")
    if current_version(document).pk == draft.pk and not draft.reviews.exists():
        return draft
    content = blobs().read(draft.digest)
    return add_version(document, content, Stage.DRAFT, author=actor, at=at, slots=draft.slots, findings=draft.findings)


def check_content(document: OutgoingDocument, *, actor: Person, at: datetime, note: str = "") -> None:
    """The head of the drafting unit answers for the content. Raises `Forbidden`, `IllegalMove`."""
    require_head_of(actor, document.unit)
    _check(document, Act.CONTENT, OfficeEvent.CONTENT_CHECKED, actor, at, note)


def check_presentation(
    document: OutgoingDocument, *, actor: Person, at: datetime, note: str = "", reason: str = ""
) -> None:
    """The checker answers for the presentation.

    Args:
        reason: why it is right although the check found faults, where the agency lets these block.

    Raises:
        Forbidden, IllegalMove.
        PresentationFaults: faults block, and there is no reason.
    """
    require(actor, Role.CHECKER)
    with transaction.atomic():
        done = Act.PRESENTATION in checked(current_version(document))
        version = _check(document, Act.PRESENTATION, OfficeEvent.PRESENTATION_CHECKED, actor, at, note)
        if not done and (faults := presentation.blocking(version)):
            presentation.require_reason(faults, reason)
            record_override(
                OfficeEvent.PRESENTATION_OVERRIDDEN, actor, document, at, version=version.ordinal,
                rules=[fault["rule"] for fault in faults], reason=reason,
            )  # fmt: skip


def comment(document: OutgoingDocument, *, actor: Person, at: datetime, note: str) -> None:
    """Give an opinion on the version that is read, without stopping it (Decree 30, 10.3).

    Raises:
        Missing, Forbidden: neither checks nor signs it; IllegalMove: it is not in review.
    """
    if not note.strip():
        raise Missing(what="ý kiến", what_en="the opinion")
    _require_reviewer(document, actor)
    with transaction.atomic():
        locked = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
        if locked.state not in UNDER_REVIEW:
            raise IllegalMove(state=locked.get_state_display())
        _note(current_version(document), Act.COMMENTED, actor, at, note)
        record(OfficeEvent.COMMENTED, actor, document, at)
        words = Words(f"Ý kiến về dự thảo: {document.subject}", f"An opinion on the draft: {document.subject}")
        notify([document.drafter], document, words, at=at)


def give_back(document: OutgoingDocument, *, actor: Person, at: datetime, note: str) -> None:
    """Return it with what is to be mended: through the head of the drafting unit, who hands it down (Decree 30, 10.3);
    from the head, or where the unit has none besides the drafter, at once to the drafter. What is signed the clerk
    returns, before it has its number; it is signed anew.

    Raises:
        Missing, Forbidden, IllegalMove.
    """
    if not note.strip():
        raise Missing(what="ý kiến trả lại", what_en="what is to be mended")
    heads = heads_of(document.unit)
    directly = document.unit_id in units_led(actor) or not heads or document.drafter in heads
    hears = [document.drafter] if directly else heads
    with transaction.atomic():
        # Whose right it is hangs on the state: a signature from afar may come in at this moment.
        locked = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
        if locked.state not in (*UNDER_REVIEW, OutgoingState.SIGNED):
            raise IllegalMove(state=locked.get_state_display())
        if locked.state == OutgoingState.SIGNED:
            require(actor, Role.CLERK)
        else:
            _require_reviewer(locked, actor)
        version = current_version(document)
        workflow.advance(document, to=OutgoingState.RETURNED, signed_at=None, send_due=None, send_calendar=None)
        if directly:
            workflow.advance(document, to=OutgoingState.DRAFT)
        _note(version, Act.RETURNED, actor, at, note)
        record(OfficeEvent.RETURNED, actor, document, at)
        words = Words(f"Trả lại để sửa: {document.subject}", f"Returned for correction: {document.subject}")
        notify(hears, document, words, at=at)


def hand_down(document: OutgoingDocument, *, actor: Person, at: datetime, note: str = "") -> None:
    """The head of the drafting unit hands a returned draft to the drafter. Raises `Forbidden`, `IllegalMove`."""
    require_head_of(actor, document.unit)
    with transaction.atomic():
        locked = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
        if locked.state != OutgoingState.RETURNED:  # by others than the head a draft comes from other states, too
            raise IllegalMove(state=locked.get_state_display())
        version = current_version(document)
        workflow.advance(document, to=OutgoingState.DRAFT)
        _note(version, Act.HANDED_DOWN, actor, at, note)
        record(OfficeEvent.HANDED_DOWN, actor, document, at)
        words = Words(f"Sửa dự thảo: {document.subject}", f"To be corrected: {document.subject}")
        notify([document.drafter], document, words, at=at)


def may_review(document: OutgoingDocument, person: Person) -> bool:
    """Whether the person checks or signs the document: its signer, the drafting unit's head, a checker."""
    return document.signer_id == person.pk or document.unit_id in units_led(person) or Role.CHECKER in roles(person)


def _require_reviewer(document: OutgoingDocument, actor: Person) -> None:
    if not may_review(document, actor):
        raise Forbidden(
            who="trưởng đơn vị soạn thảo, người kiểm tra thể thức và người ký",
            who_en="the head of the drafting unit, checkers and the signer",
        )


def approve(document: OutgoingDocument, *, actor: Person, at: datetime) -> Version:
    """The competent person approves; the version is frozen, with the places kept for number, signature and seal.

    Raises:
        Forbidden: somebody else is to sign.
        OutsideAuthority: by an authorisation that does not reach so far.
        NotReviewed: content or presentation of this version was not checked.
        IllegalMove, SlotMissing and what else preparing refuses.
    """
    require_signer(document, actor, at=at)
    version = require_ready(document)
    prepared = prepare(blobs().read(version.digest), slots_of(version))
    with transaction.atomic():
        workflow.advance(document, to=OutgoingState.APPROVED)
        if current_version(document).pk != version.pk:
            raise IllegalMove(state=document.get_state_display())
        _note(version, Act.APPROVED, actor, at, "")
        approved = add_version(document, prepared, Stage.APPROVED, author=actor, at=at)
        record(OfficeEvent.APPROVED, actor, document, at, version=version.ordinal, digest=approved.digest)
    return approved


def require_ready(document: OutgoingDocument) -> Version:
    """The version that waits for approval. Raises `IllegalMove`, `NotReviewed`."""
    if document.state != OutgoingState.IN_REVIEW:
        raise IllegalMove(state=document.get_state_display())
    version = current_version(document)
    _require_checked(version)
    return version


def checked(version: Version) -> set[str]:
    """Which acts stand on a version."""
    return set(version.reviews.values_list("act", flat=True))


def with_checks(documents: QuerySet[OutgoingDocument]) -> QuerySet[OutgoingDocument]:
    """Documents with `content_checked` and `presentation_checked`: whether these checks stand on the newest version."""
    return documents.annotate(content_checked=_stands(Act.CONTENT), presentation_checked=_stands(Act.PRESENTATION))


def _stands(act: Review.Act) -> Func:
    """Said in SQL: every page counts by it what waits, and putting it together cost more than all else of counting."""
    return Func(F("pk"), template=_STANDS.format(act=act.value), output_field=BooleanField())


_STANDS = """EXISTS (SELECT FROM office_review made WHERE made.act = '{act}' AND made.version_id = (
    SELECT one.id FROM office_version one WHERE one.document_id = %(expressions)s ORDER BY one.ordinal DESC LIMIT 1))"""


def unchecked(version: Version) -> tuple[str, ...]:
    """Which of the two checks a version still lacks, in the order of the law."""
    done = checked(version)
    return tuple(act.value for act in (Act.CONTENT, Act.PRESENTATION) if act not in done)


def _require_checked(version: Version) -> None:
    done = checked(version)
    if Act.CONTENT not in done:
        raise NotReviewed(what="nội dung", what_en="content")
    if Act.PRESENTATION not in done:
        raise NotReviewed(what="thể thức", what_en="presentation")


def _check(
    document: OutgoingDocument, act: Review.Act, event: OfficeEvent, actor: Person, at: datetime, note: str
) -> Version:
    with transaction.atomic():
        locked = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
        if locked.state != OutgoingState.IN_REVIEW:
            raise IllegalMove(state=locked.get_state_display())
        version = current_version(document)
        if act not in checked(version):
            _note(version, act, actor, at, note)
            record(event, actor, document, at, version=version.ordinal)
        if {Act.CONTENT, Act.PRESENTATION} <= checked(version):
            notify(
                [document.signer],
                document,
                Words(f"Chờ duyệt, ký: {document.subject}", f"To approve and sign: {document.subject}"),
                at=at,
            )
    return version


def _note(version: Version, act: Review.Act, actor: Person, at: datetime, note: str) -> None:
    Review.objects.create(version=version, act=act, person=actor, at=at, note=note.strip())
