"""The frame of every page of the console: navigation, search, who is there, how far the journal is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from lienthong.hub.http.console.words import ROLE_WORDS
from lienthong.hub.operators import Officer
from lienthong.journal.models import Event


@dataclass(frozen=True)
class Nav:
    """An entry of the navigation.

    Attributes:
        title: translated when it is shown.
        icon: a name of the sprite.
        count: what stands beside it, for this person; None for nothing.
    """

    title: str | Promise
    icon: str
    count: Callable[[Officer], int | None] | None = None


def frame(request: HttpRequest, officer: Officer, *, path: str = "") -> dict[str, Any]:
    """What `hub/console/base.html` needs.

    Args:
        path: of the page, where that is not the request's.
    """
    from lienthong.hub.http.console.routes import ROUTES  # the table names the views, which are drawn in this frame

    shown = [route for route in ROUTES if route.nav and officer.role in route.roles]
    return {
        "officer": officer,
        "role_words": ROLE_WORDS[officer.role],
        "nav": [_entry(reverse(f"hub-{one.name}"), one.nav, path or request.path, officer) for one in shown if one.nav],
        "now": timezone.now(),
        "newest_event": Event.objects.order_by("-id").values("id", "at").first(),
    }


def _entry(url: str, nav: Nav, path: str, officer: Officer) -> dict[str, Any]:
    at_root = url == reverse("hub-console")
    return {
        "url": url,
        "title": nav.title,
        "icon": nav.icon,
        "count": nav.count(officer) if nav.count else None,
        "current": path == url if at_root else path.startswith(url),
    }
