"""The way to the agency's archive: told in time, handed in, checked against the list, taken over or given back, or kept
back by consent (Decree 30/2020, Articles 30–31; Annex VI, III.5b–c). The clerks are the archive; who hands in does not
take over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day
from lienthong.office.dossiers.errors import KeptTooLong, NoDossier, NotSubmittable, OwnSubmission
from lienthong.office.dossiers.limits import WARNED_BEFORE, last_kept
from lienthong.office.dossiers.rules import note, require_answering, tell
from lienthong.office.errors import Missing, require_why
from lienthong.office.models import Dossier, DossierState, Organization, Person, Role, Submission, SubmissionState
from lienthong.office.people import access
from lienthong.office.people.access import heads_of, people_with, require
from lienthong.office.people.notices import ring
from lienthong.office.workflow import dossiers as workflow
from lienthong.office.workflow import holds
from lienthong.office.workflow.hold_errors import Held
from lienthong.standards.statuses import Words

S = DossierState
MOST_AT_ONCE = 200
"""Dossiers in one submission: minutes that two people can check."""


def to_submit(person: Person) -> QuerySet[Dossier]:
    """What this person has to hand in, the first day first: what they keep, and what their units keep."""
    return _waiting(person.organization).filter(_of(person))


def due_soon(person: Person, today: date) -> QuerySet[Dossier]:
    """Of these, what is due within thirty days, or late."""
    return _waiting(person.organization, today + WARNED_BEFORE).filter(_of(person))


def kept_back(person: Person) -> QuerySet[Dossier]:
    """What is kept back by consent, for the archive and the head: the list of Article 31.3d."""
    return _waiting(person.organization).exclude(kept_until=None)


def warn(organization: Organization, *, at: datetime) -> int:
    """Tell the keepers, and the heads of their units, thirty days before a dossier is due; each once.

    Returns:
        How many dossiers were told of.
    """
    soon = _waiting(organization, timezone.localdate(at) + WARNED_BEFORE).filter(warned_at=None)
    return sum(_warn(one, at) for one in soon.select_related("keeper", "unit", "organization")[:MOST_AT_ONCE])


def submit(
    dossiers: Sequence[Dossier], *, title: str, condition: str, actor: Person, at: datetime
) -> Submission:  # fmt: skip
    """Hand dossiers of one unit in to the archive, together; what an order holds stays where it is, and the others go.

    Raises:
        Forbidden, IllegalMove.
        Held: all of them are held.
        Missing: none is chosen, too many, of several units, or the whole has no name.
        NotSubmittable: one is open, or kept less than five years.
    """
    name = " ".join(title.split())[:200]
    units = {one.unit_id for one in dossiers}
    if not name or len(units) != 1 or len(dossiers) > MOST_AT_ONCE:
        raise Missing(
            what=f"tên khối tài liệu, và hồ sơ của cùng một đơn vị (tối đa {MOST_AT_ONCE})",
            what_en=f"a name for the whole, and dossiers of one unit ({MOST_AT_ONCE} at most)",
        )
    for one in dossiers:
        require_answering(actor, one)
        if one.state != S.CLOSED or one.submit_by is None:
            raise NotSubmittable(title=one.title[:100])
    with transaction.atomic():
        going, held = _apart(dossiers)
        made = Submission.objects.create(
            organization=actor.organization, unit=dossiers[0].unit, title=name, given_at=at, given_by=actor,
            condition=" ".join(condition.split())[:200],
        )  # fmt: skip
        made.dossiers.set(going)
        _leave_out(held, made, actor, at)
        for one in going:
            workflow.advance(one, to=S.SUBMITTED)
            note(OfficeEvent.DOSSIER_SUBMITTED, one, actor, at, submission=made.pk)
        words = Words(f"Nộp lưu: {name}, {len(going)} hồ sơ", f"Handed in: {name}, {len(going)} dossiers")
        clerks = people_with(actor.organization_id, Role.CLERK).exclude(pk=actor.pk)
        ring(clerks, words, link=_place(made), at=at)
    return made


def take_over(submission: Submission, *, actor: Person, at: datetime) -> None:
    """The archive has checked the dossiers against the list and takes them over; they are kept as archived from now on.
    What an order holds waits apart (`_to_answer`).

    Raises:
        Forbidden, OwnSubmission, IllegalMove.
        Held: all of them are held.
    """
    _require_archive(submission, actor)
    with transaction.atomic():
        workflow.answer(submission, to=SubmissionState.TAKEN, answered_at=at, answered_by=actor)
        for one in _to_answer(submission, actor, at):
            workflow.advance(one, to=S.ARCHIVED, archived_at=at)
            note(OfficeEvent.DOSSIER_ARCHIVED, one, actor, at, submission=submission.pk)
        words = Words(f"Lưu trữ đã nhận: {submission.title}", f"The archive took over: {submission.title}")
        ring([submission.given_by], words, link=_place(submission), at=at)


def send_back(submission: Submission, *, reason: str, actor: Person, at: datetime) -> None:
    """The archive gives all of it back, with the reason; what an order holds waits apart. Raises `Forbidden`,
    `OwnSubmission`, `ReasonNeeded`, `IllegalMove`, and `Held` when all of it is held."""
    _require_archive(submission, actor)
    why = require_why(reason)
    with transaction.atomic():
        workflow.answer(submission, to=SubmissionState.RETURNED, answered_at=at, answered_by=actor, answer=why)
        for one in _to_answer(submission, actor, at):
            workflow.advance(one, to=S.CLOSED)
            note(OfficeEvent.DOSSIER_RETURNED, one, actor, at, submission=submission.pk, reason=why)
        words = Words(f"Lưu trữ trả lại: {submission.title}", f"The archive gave back: {submission.title}")
        ring([submission.given_by], words, link=_place(submission), at=at)


def keep_back(
    dossier: Dossier, until: date | None, *, consent: str, actor: Person, at: datetime
) -> None:  # fmt: skip
    """The head consents in writing that a dossier stays with its keeper beyond its day; the archive is told.

    Raises:
        Forbidden, Missing, NotSubmittable, Held.
        KeptTooLong: not after its day, or more than two years after it.
    """
    require(actor, Role.LEADER)
    last = last_kept(dossier)
    if dossier.state != S.CLOSED or last is None or dossier.submit_by is None:
        raise NotSubmittable(title=dossier.title[:100])
    if not consent.strip() or until is None:
        raise Missing(what="số, ngày văn bản đồng ý và ngày giữ đến", what_en="the consent, and until when it is kept")
    if not dossier.submit_by < until <= last:
        raise KeptTooLong(last=day(last))
    with transaction.atomic():
        holds.require_free(dossier)
        still = Dossier.objects.filter(pk=dossier.pk, state=S.CLOSED)
        if not still.update(kept_until=until, kept_consent=consent.strip()[:200], warned_at=None):
            raise NotSubmittable(title=dossier.title[:100])
        note(
            OfficeEvent.DOSSIER_KEPT_BACK, dossier, actor, at, until=until.isoformat(), consent=consent.strip()[:200]
        )  # fmt: skip
        words = Words(
            f"Hồ sơ {dossier.code} được giữ lại đến {day(until)}", f"Dossier {dossier.code} is kept back until {until}"
        )
        clerks = people_with(dossier.organization_id, Role.CLERK)
        tell({dossier.keeper, *clerks}, dossier, words, at=at)


def submissions_of(person: Person) -> QuerySet[Submission]:
    """The submissions that a person may see: their own, their units', and for clerks, leaders and auditors all."""
    own = Submission.objects.filter(organization_id=person.organization_id).select_related("unit", "given_by")
    held = access.roles(person)
    if Role.ADMINISTRATOR in held:
        return own.none()
    if held & {Role.CLERK.value, Role.LEADER.value, Role.AUDITOR.value}:
        return own
    kept = Dossier.objects.filter(keeper=person).values("submissions")
    return own.filter(Q(given_by=person) | Q(unit__in=access.units_led(person)) | Q(pk__in=kept))


def submission(person: Person, pk: int) -> Submission:
    """One submission. Raises `NoDossier` when there is none, or none for this person."""
    wanted = ("organization", "unit", "given_by__user", "answered_by")
    found = submissions_of(person).select_related(*wanted).filter(pk=pk).first()
    if found is None:
        raise NoDossier()
    return found


def to_check(person: Person) -> QuerySet[Submission]:
    """What waits for this clerk as the archive; not what they handed in themselves."""
    if Role.CLERK not in access.roles(person):
        return Submission.objects.none()
    return submissions_of(person).filter(state=SubmissionState.SENT).exclude(given_by=person).order_by("pk")


def _of(person: Person) -> Q:
    return Q(keeper=person) | Q(unit__in=access.units_led(person))


def _waiting(organization: Organization, until: date | None = None) -> QuerySet[Dossier]:
    """What is closed and goes to the archive, until a day: kept back, it is due on another one, which is later."""
    closed = Dossier.objects.filter(organization=organization, state=S.CLOSED, submit_by__isnull=False)
    if until is not None:
        closed = closed.filter(Q(kept_until=None) | Q(kept_until__lte=until), submit_by__lte=until)
    return closed.order_by(Coalesce("kept_until", "submit_by"), "pk")


def _warn(dossier: Dossier, at: datetime) -> int:
    with transaction.atomic():
        if not Dossier.objects.filter(pk=dossier.pk, state=S.CLOSED, warned_at=None).update(warned_at=at):
            return 0
        due = dossier.kept_until or dossier.submit_by
        if due is None:
            return 0
        note(OfficeEvent.DOSSIER_DUE, dossier, None, at, due=due.isoformat())
        words = Words(
            f"Hồ sơ {dossier.code} đến hạn nộp lưu {day(due)}", f"Dossier {dossier.code} is due at the archive: {due}"
        )
        tell({dossier.keeper, *heads_of(dossier.unit)}, dossier, words, at=at)
    return 1


def _apart(dossiers: Sequence[Dossier]) -> tuple[list[Dossier], list[Dossier]]:
    """What can move, and what an order holds (Annex VI, IV.1g). Raises `Held` when nothing can."""
    orders = holds.held_among(dossiers)
    free = [one for one in dossiers if one.pk not in orders]
    if not free and orders:
        raise Held(reference=next(iter(orders.values())))
    return free, [one for one in dossiers if one.pk in orders]


def _to_answer(submission: Submission, actor: Person, at: datetime) -> list[Dossier]:
    """What the archive's answer is about. What an order holds stays handed in and waits in a submission of its own, so
    that list and minutes of this one name what was answered. Raises `Held` when all of it is held."""
    free, held = _apart(list(submission.dossiers.order_by("pk")))
    if held:
        waits = Submission.objects.create(
            organization=submission.organization, unit=submission.unit, title=submission.title,
            condition=submission.condition, given_at=submission.given_at, given_by=submission.given_by,
        )  # fmt: skip
        waits.dossiers.set(held)
        submission.dossiers.remove(*held)
        _leave_out(held, submission, actor, at)
    return free


def _leave_out(held: Sequence[Dossier], submission: Submission, actor: Person, at: datetime) -> None:
    submission.left_out.add(*held)
    for one in held:
        note(OfficeEvent.DOSSIER_LEFT_OUT, one, actor, at, submission=submission.pk)


def _require_archive(submission: Submission, actor: Person) -> None:
    require(actor, Role.CLERK)
    if submission.given_by_id == actor.pk:
        raise OwnSubmission()


def _place(submission: Submission) -> str:
    return f"/ho-so/nop-luu/{submission.pk}/"
