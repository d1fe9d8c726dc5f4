"""Máy chủ: which programs beside the office this machine has, and what cannot be done without them."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse

from lienthong.office.models import Findable, Person, Role
from lienthong.office.search import indexing
from lienthong.office.typeset import word_processor
from lienthong.office.web.guards import page, show
from lienthong.standards.texts import is_sound, recogniser
from lienthong.standards.texts.recognising import PACKAGES


@page(Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR)
def programs(request: HttpRequest, person: Person) -> HttpResponse:
    """What is here, what is missing, and how much waits for it: figures, nothing of any document."""
    own = Findable.objects.filter(organization=person.organization)
    context = {
        "recogniser": _recogniser(), "packages": " ".join(PACKAGES),
        "scans": own.filter(pk__in=indexing.scanned().values("pk")).count(),
        "unread": own.filter(wanted__gt=F("read")).count(), "converter": word_processor.is_here(),
    }  # fmt: skip
    return show(request, person, "machine.html", context)


def _recogniser() -> str:
    program = recogniser()
    return "missing" if program is None else "here" if is_sound(program) else "broken"
