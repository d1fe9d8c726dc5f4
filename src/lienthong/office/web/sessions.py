"""What a session knows of how its person came in: by which factors, and by whose word."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from lienthong.journal.attempts import note_attempt
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import FederatedIdentity, Person
from lienthong.office.people import passwords, second_factor
from lienthong.office.people.actors import actor_of

SECOND, BY, SEEN, HALF, ASKED, ADDS = "second", "by", "seen", "half", "asked", "adds"
SHOWN, BEGUN, LOCKED = "shown", "begun", "locked"
"""Of a session: the mark of the second factor that was shown; that of the identity it came by; when something was done
last; who showed the first factor and owes the second; what a security key was asked; what a new key was; when the
factor was shown again, for a key to come, and for a phone that was begun; that a session in this browser was locked."""
HALF_SECONDS = 300
"""How long the second factor is waited for, and how long one that was shown again stands for an act."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


def open_for(request: HttpRequest, person: Person, *, at: datetime, identity: FederatedIdentity | None = None) -> None:
    """Let a person in who showed every factor that they have."""
    mark = second_factor.mark_of(person)
    login(request, person.user, backend=BACKEND)
    for over in (HALF, LOCKED):
        request.session.pop(over, None)
    request.session[SEEN] = at.timestamp()
    if mark is not None:
        request.session[SECOND] = mark
    if identity is not None:
        request.session[BY] = identity.pk
    note_attempt(OfficeEvent.SIGNED_IN, account=person.user.get_username(), actor=actor_of(person), at=at)


def begin_half(
    request: HttpRequest, person: Person, *, wanted: str, at: datetime, identity: FederatedIdentity | None = None
) -> None:
    """Remember who showed the first factor, until the second comes; nobody is signed in yet."""
    request.session.cycle_key()
    request.session[HALF] = {
        "person": person.pk, "at": at.timestamp(), "next": wanted, "hash": person.user.get_session_auth_hash(),
        "identity": identity.pk if identity else None,
    }  # fmt: skip


def half_of(request: HttpRequest, at: datetime) -> tuple[Person, FederatedIdentity | None, str] | None:
    """Who owes the second factor, by which identity they came, and where they want to go; None when it took too long,
    or the account was closed or got another password meanwhile."""
    half = request.session.get(HALF)
    if not half or at.timestamp() - half["at"] > HALF_SECONDS:
        return None
    known = Person.objects.select_related("organization__sign_in_rules", "user", "second_factor")
    person = known.filter(pk=half["person"], user__is_active=True).first()
    if person is None or half["hash"] != person.user.get_session_auth_hash():
        return None
    identity = person.identities.filter(pk=half["identity"], provider__active=True).first()
    if half["identity"] and identity is None:
        return None
    return person, identity, half["next"]


def still_holds(session: SessionBase, person: Person) -> bool:
    """Whether the second factor that the session was opened with is the person's still: a session from before it was
    set up, or after it or a key of it was removed, ends; and so does one that came by an identity that is the person's
    no longer."""
    if session.get(SECOND) != second_factor.mark_of(person):
        return False
    by = session.get(BY)
    return by is None or person.identities.filter(pk=by, provider__active=True).exists()


def note_shown(request: HttpRequest, person: Person, what: str = SHOWN, *, at: datetime, secret: str = "") -> None:
    """The factor was shown again just now, for an act to come.

    Args:
        secret: the mark of the phone's secret that was begun in this session.
    """
    request.session[what] = {"at": at.timestamp(), "mark": second_factor.mark_of(person), "secret": secret}


def begun(session: SessionBase, person: Person, *, at: datetime) -> str:
    """The mark of the phone's secret that was begun in this session not long ago; empty where none was."""
    return str(session[BEGUN]["secret"]) if is_shown(session, person, BEGUN, at=at) else ""


def drop_begun(session: SessionBase, person: Person) -> None:
    """The session ends: a phone's secret that was begun in it counts for nobody who comes after."""
    if (left := session.pop(BEGUN, None)) is not None:
        second_factor.drop_begun(person, left["secret"])


def is_shown(session: SessionBase, person: Person, what: str = SHOWN, *, at: datetime) -> bool:
    """Whether the factor that the person has was shown again for an act to come, not long ago."""
    shown = session.get(what)
    if not shown or at.timestamp() - shown["at"] > HALF_SECONDS:
        return False
    return bool(shown["mark"] == second_factor.mark_of(person))


def shown_now(request: HttpRequest, person: Person) -> None:
    """This session has just shown the second factor as it is now; all others end."""
    mark = second_factor.mark_of(Person.objects.select_related("second_factor").get(pk=person.pk))
    if mark == request.session.get(SECOND):
        return
    if mark is None:
        request.session.pop(SECOND, None)
    else:
        request.session[SECOND] = mark
        request.session.cycle_key()


def needs_password(session: SessionBase, person: Person, at: datetime) -> bool:
    """Whether another password is to be chosen first; who came by a provider's word showed none."""
    return BY not in session and passwords.must_be_chosen(person, at)
