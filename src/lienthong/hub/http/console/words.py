"""What the hub's states, roles and events are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lienthong.hub.operators import Role
from lienthong.look.language import choose
from lienthong.standards.statuses import Words

ROLE_WORDS = {
    Role.OPERATOR: _("Trực vận hành"),
    Role.REGISTRY: _("Cán bộ danh mục"),
    Role.AUDITOR: _("Kiểm tra"),
    Role.AGENCY: _("Cán bộ cơ quan"),
}


def spoken(words: Words) -> str:
    """A name that stands in both languages, in the language of the page."""
    return choose(words.vi, words.en)
