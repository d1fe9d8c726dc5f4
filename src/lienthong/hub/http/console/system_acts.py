"""What is done to one system: a view for each act, so that the table of routes says who may do which."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lienthong.hub import agencies, certificates, connected, participants, quarantine, replays, systems
from lienthong.hub.http.console.access import not_here, show
from lienthong.hub.http.console.asked import as_number, typed
from lienthong.hub.http.console.refusals import Outcome, day
from lienthong.hub.http.console.systems import show_system
from lienthong.hub.operators import Officer
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.webhooks import endpoints
from lienthong.standards.times import VIETNAM

MOST_DEEDS = 500
LARGEST_CERTIFICATE = 64 << 10
LONGEST_OVERLAP = 90
"""Days for which an old secret or key may go on beside a new one."""
_GAPS = re.compile(r"[\s,;]+")


def add(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The form of a new system."""
    return show(request, officer, "systems/add.html", {"asked": {}})


def add_it(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Connect a system."""
    asked = {name: typed(request.POST.get(name, "")) for name in ("code", "name", "agencies")}
    with Outcome() as outcome:
        if not asked["name"]:
            raise RegistryRefused("name_missing")
        agencies.add_system(
            asked["code"], name=asked["name"][:200], agencies=_codes(asked["agencies"]), by=officer.actor,
            at=datetime.now(UTC),
        )  # fmt: skip
    if outcome.problem:
        return show(
            request, officer, "systems/add.html", {"asked": asked, "problem": outcome.problem}, status=422
        )  # fmt: skip
    return redirect("hub-system", code=asked["code"])


def serve(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Let the system serve further agencies; one that another served comes over to it."""
    one = connected.of_system(code, datetime.now(UTC))
    if one is None:
        raise not_here()
    wanted = _codes(request.POST.get("agencies", ""))
    return _act(
        request, officer, code,
        lambda now: agencies.add_system(code, name=one.row.name, agencies=wanted, by=officer.actor, at=now),
    )  # fmt: skip


def set_doors(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Open and close the two doors."""
    native, vxp = "native" in request.POST, "vxp" in request.POST
    return _act(
        request, officer, code, lambda now: systems.set_doors(code, native=native, vxp=vxp, by=officer.actor, at=now)
    )


def set_networks(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Say from where the system calls."""
    ranges = _codes(request.POST.get("networks", ""))
    return _act(request, officer, code, lambda now: systems.set_networks(code, ranges, by=officer.actor, at=now))


def set_limits(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Limit calls and packets."""

    def act(now: datetime) -> None:
        per_minute, megabytes = _number(request, "per_minute"), _number(request, "largest_mb")
        largest = megabytes * (1 << 20) if megabytes is not None else None
        systems.set_limits(code, per_minute=per_minute, largest_packet=largest, by=officer.actor, at=now)

    return _act(request, officer, code, act)


def set_approval(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Say whether what it registers below its own agencies holds at once."""
    automatic = "automatic" in request.POST
    return _act(
        request, officer, code, lambda now: systems.set_approval(code, automatic=automatic, by=officer.actor, at=now)
    )


def suspend(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Let nothing of the system through; it is told the reason."""
    reason = typed(request.POST.get("reason", ""))
    return _act(request, officer, code, lambda now: systems.suspend(code, reason=reason, by=officer.actor, at=now))


def resume(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """End a suspension."""
    return _act(request, officer, code, lambda now: systems.resume(code, by=officer.actor, at=now))


# -- secrets and keys ------------------------------------------------------------------------------------------------


def change_secret(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Give a new shared secret, which the answer to this very form shows, and no other page ever."""
    secret = ""
    with Outcome() as outcome:
        if typed(request.POST.get("given", "")) != str(connected.secrets_given(code)):
            raise RegistryRefused("form_used")
        now = datetime.now(UTC)
        old_until = now + timedelta(days=_overlap(request))
        secret = systems.change_secret(code, old_until=old_until, by=officer.actor, at=now)
    return show_system(request, officer, code, outcome.problem, secret=secret)


def add_key(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Register a new public key; the others go on for some days."""

    def act(now: datetime) -> None:
        try:
            jwk = json.loads(request.POST.get("jwk", ""))
        except (ValueError, RecursionError) as reason:
            raise RegistryRefused("unusable_key", reason="JSON") from reason
        if not isinstance(jwk, dict):
            raise RegistryRefused("unusable_key", reason="JSON")
        if "d" in jwk:
            raise RegistryRefused("private_key")
        old_until = now + timedelta(days=_overlap(request))
        systems.change_key(code, jwk, old_until=old_until, by=officer.actor, at=now)

    return _act(request, officer, code, act)


def revoke_key(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Let a key that is in other hands open nothing more, and list what was done since."""
    kid, reason = typed(request.POST.get("kid", ""))[:64], typed(request.POST.get("reason", ""))
    deeds: list[systems.Deed] = []
    now = since = datetime.now(UTC)
    with Outcome() as outcome:
        given = request.POST.get("since", "")
        stolen = _moment(given) if given else None
        key = systems.revoke_key(code, kid, reason=reason, since=stolen, by=officer.actor, at=now)
        since = stolen or key.added_at
        deeds = _first(code, since, kid)
    context = {} if outcome.problem else {"revoked": kid, "deeds": deeds, "since": since, "most": MOST_DEEDS}
    return show_system(request, officer, code, outcome.problem, **context)


# -- client certificates -----------------------------------------------------------------------------------------------


def add_certificate(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Register a TLS client certificate (Article 13.2); the others go on for some days."""
    given = request.FILES.get("certificate")
    raw = given.read(LARGEST_CERTIFICATE) if given else b""
    overlap = timedelta(days=_overlap(request))
    return _act(
        request, officer, code,
        lambda now: certificates.add(code, raw, others_until=now + overlap, by=officer.actor, at=now),
    )  # fmt: skip


def revoke_certificate(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Let a certificate open nothing more."""
    fingerprint, reason = typed(request.POST.get("fingerprint", ""))[:64], typed(request.POST.get("reason", ""))
    return _act(
        request, officer, code,
        lambda now: certificates.remove(code, fingerprint, reason=reason, by=officer.actor, at=now),
    )  # fmt: skip


def require_certificate(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Say whether the system gets in without a certificate."""
    required = "required" in request.POST
    return _act(
        request, officer, code, lambda now: certificates.require(code, required=required, by=officer.actor, at=now)
    )


# -- webhooks --------------------------------------------------------------------------------------------------------


def turn_webhook(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Stop telling an endpoint, or go on; what waits meanwhile is told then."""
    webhook, enabled = typed(request.POST.get("webhook", "")), "on" in request.POST
    return _act(
        request, officer, code,
        lambda now: endpoints.change(code, webhook, enabled=enabled, actor=officer.actor, at=now),
    )  # fmt: skip


def test_webhook(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Let an endpoint be called at once."""
    webhook = typed(request.POST.get("webhook", ""))
    return _act(request, officer, code, lambda now: endpoints.ask_for_test(code, webhook, at=now))


def propose_replay(request: HttpRequest, officer: Officer, code: str, number: int) -> HttpResponseBase:
    """Propose to the system to submit a refused packet anew; it agrees by doing so."""
    reason = typed(request.POST.get("reason", ""))

    def act(now: datetime) -> None:
        if not reason:
            raise RegistryRefused("reason_missing")
        found = quarantine.find(code, str(number))
        replays.propose(found.pk, reason=reason, by=officer.actor, at=now)

    return _act(request, officer, code, act)


# -- standing --------------------------------------------------------------------------------------------------------


def declare(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Register a declaration of conformity (Article 16.1)."""
    facts = {name: typed(request.POST.get(name, "")) for name in ("product", "version", "owner", "number")}

    def act(now: datetime) -> None:
        first, last = (day(request.POST.get(name, "")) for name in ("valid_from", "valid_to"))
        longest = {"product": 200, "version": 60, "owner": 200, "number": 100}
        cut = {name: text[: longest[name]] for name, text in facts.items()}
        participants.declare(code, **cut, valid_from=first, valid_to=last, by=officer.actor, at=now)

    return _act(request, officer, code, act)


def set_standing(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Keep the security level with its decision (Article 13.1), and whether it is a pilot (Article 21.1)."""
    level, decision = typed(request.POST.get("level", "")), typed(request.POST.get("decision", ""))[:200]

    def act(now: datetime) -> None:
        if level or decision:
            number = as_number(level, digits=4) or 0
            participants.set_level(code, level=number, decision=decision, by=officer.actor, at=now)
        participants.set_pilot(code, "pilot" in request.POST, by=officer.actor, at=now)

    return _act(request, officer, code, act)


# -- shared ----------------------------------------------------------------------------------------------------------


def _act(request: HttpRequest, officer: Officer, code: str, act: Callable[[datetime], object]) -> HttpResponseBase:
    """Carry out an act, and show the system's page anew, or with what was refused."""
    with Outcome() as outcome:
        act(datetime.now(UTC))
    return show_system(request, officer, code, outcome.problem) if outcome.problem else redirect("hub-system", code)


def _codes(text: str) -> list[str]:
    return [one for one in _GAPS.split(typed(text)) if one]


def _number(request: HttpRequest, name: str) -> int | None:
    text = typed(request.POST.get(name, "")).replace(".", "")
    if not text:
        return None
    return as_number(text, digits=7) or 0  # 0 is refused by name


def _overlap(request: HttpRequest) -> int:
    """Days for which what was goes on, none where it is in other hands."""
    text = typed(request.POST.get("overlap", ""))
    return min(as_number(text, digits=5) or 0, LONGEST_OVERLAP)


def _moment(text: str) -> datetime:
    """A day and time of Vietnam, as a browser's field gives it. Raises `BadDay`."""
    date = day(text[:10])
    clock = re.fullmatch(r"(\d\d):(\d\d)", text[11:16] or "00:00")
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    return datetime(date.year, date.month, date.day, min(hour, 23), min(minute, 59), tzinfo=VIETNAM)


def _first(code: str, since: datetime, kid: str) -> list[systems.Deed]:
    found = []
    for deed in systems.done_since(code, since, kid=kid):
        found.append(deed)
        if len(found) == MOST_DEEDS:
            break
    return found
