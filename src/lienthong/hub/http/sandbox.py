"""Registering at the test hub, by whoever likes. A real hub has no such place."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language

from lienthong.hub import sandbox
from lienthong.hub.http.described import described
from lienthong.hub.http.edge import address_of, answer, body_json, now, route, text_of
from lienthong.protocol import messages_sandbox as messages
from lienthong.protocol.problems import BadRequest, TooManyRegistrations, UnknownPlace


@described(
    body=("application/json", messages.SandboxRequest),
    answers={201: messages.SandboxSystem},
    problems=(BadRequest, TooManyRegistrations, UnknownPlace),
)
def register_test_system(request: HttpRequest) -> HttpResponseBase:
    """A test system with agencies of its own (test hub only): codes, and a secret that is shown this once.

    Nobody has to approve it. It is forgotten some days after its last call.
    """
    require_sandbox()
    body = body_json(request)
    made = sandbox.register(
        text_of(body, "name"), _names(body), key=_key(body), vxp=body.get("vxp") is True, address=address_of(request),
        at=now(),
    )  # fmt: skip
    return answer(
        messages.SandboxSystem(
            system=made.system,
            agencies=tuple(messages.SandboxAgency(*row) for row in made.agencies),
            kid=made.kid,
            vxp_secret=made.secret,
            hub_id=settings.LIENTHONG.hub_id,
            counterparts=sandbox.COUNTERPARTS,
            forgotten_after_days=settings.LIENTHONG.sandbox_days,
        ),
        status=201,
    )


@described(answers={200: messages.Counterparts}, problems=(UnknownPlace,))
def list_counterparts(_request: HttpRequest) -> HttpResponseBase:
    """The test hub's own agencies, which answer by themselves."""
    require_sandbox()
    return answer(messages.Counterparts(sandbox.COUNTERPARTS))


def register_page(request: HttpRequest) -> HttpResponseBase:
    """The same as a page, for people; 404 at a real hub."""
    if not settings.LIENTHONG.sandbox:
        raise Http404
    shown: dict[str, object] = {
        "typed": request.POST or {"vxp": True}, "counterparts": sandbox.COUNTERPARTS,
        "address": settings.LIENTHONG.address,
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "hub/sandbox/register.html", shown)
    try:
        made = sandbox.register(
            request.POST.get("name", ""), request.POST.get("agencies", "").splitlines(), key=_typed_key(request),
            vxp="vxp" in request.POST, address=address_of(request), at=now(),
        )  # fmt: skip
    except (BadRequest, TooManyRegistrations) as problem:
        refusal = problem.detail_en if get_language() == "en" else problem.detail
        return render(request, "hub/sandbox/register.html", {**shown, "refusal": refusal}, status=problem.status)
    return render(request, "hub/sandbox/register.html", {**shown, "made": made}, status=201)


def _typed_key(request: HttpRequest) -> dict[str, object] | None:
    text = request.POST.get("key", "").strip()
    try:
        return _key({"key": json.loads(text)}) if text else None
    except (ValueError, RecursionError):
        raise BadRequest(reason="key phải là JWK (đối tượng JSON)") from None


def require_sandbox() -> None:
    """Raises `UnknownPlace` at a real hub."""
    if not settings.LIENTHONG.sandbox:
        raise UnknownPlace()


def _names(body: dict[str, object]) -> list[str]:
    names = body.get("agencies")
    if not isinstance(names, list):
        raise BadRequest(reason="cần agencies là danh sách tên cơ quan thử nghiệm")
    return [text_of({"agencies": each}, "agencies") for each in names]


def _key(body: dict[str, object]) -> dict[str, object] | None:
    key = body.get("key")
    if key is not None and not isinstance(key, dict):
        raise BadRequest(reason="key phải là JWK (đối tượng JSON)")
    return key


DESCRIBED = {
    "sandbox/systems": route(post=register_test_system),
    "sandbox/counterparts": route(get=list_counterparts),
}
