"""Of whom the agency asks a second step at sign-in, and by which providers its people sign in (SEC-4)."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lienthong.journal.models import Event
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import OfficeProblem
from lienthong.office.models import IdentityProvider, Person, Role
from lienthong.office.people import access, saml_metadata, sign_in_rules
from lienthong.office.web.guards import caller, now, page, show
from lienthong.office.web.identities import office_towards

CHANGES_SHOWN = 20


@page(Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR, acts=True)
def sign_in(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What is asked, and what was asked before; the administrator changes it."""
    problem = None
    if request.method == "POST":
        form = request.POST
        try:
            sign_in_rules.change(
                administrators="administrators" in form, outside="outside" in form, everyone="everyone" in form,
                own_networks=form.get("inside", ""), actor=person, at=now(),
            )  # fmt: skip
            return redirect("office:sign-in-rules")
        except OfficeProblem as refused:
            problem = refused
    asked = sign_in_rules.of(person.organization)
    past = Event.objects.filter(
        subject_kind="agency", subject=person.organization.code, name=OfficeEvent.SIGN_IN_RULES_SET.value
    )
    context = {
        "asked": asked,
        "networks": request.POST.get("inside") or "\n".join(map(str, asked.inside)),
        "keeps": bool(access.roles(person) & {role.value for role in sign_in_rules.KEEPERS}),
        "address": caller(request),
        "providers": [_provider(one) for one in person.organization.identity_providers.all()],
        "past": past.order_by("-id")[:CHANGES_SHOWN],
    }
    return show(request, person, "sign_in_rules.html", context, problem=problem)


def _provider(one: IdentityProvider) -> tuple[IdentityProvider, datetime | None, str]:
    """A provider; of one that speaks SAML also when the first of its certificates ends, and where this office
    describes itself to it."""
    if not one.by_saml:
        return one, None, ""
    ends = min(each.not_valid_after_utc for each in saml_metadata.certificates_of(one.certificates))
    return one, ends, office_towards(one).known_as
