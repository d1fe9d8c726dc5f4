"""What the hub's operators tell every agency: read by delta, shown to clerks and administrators."""

from __future__ import annotations

from django.db import transaction

from lienthong.office.models import HubLink, HubNotice
from lienthong.protocol.client.interface import HubConnection


def refresh(connection: HubConnection) -> int:
    """Read what was published or withdrawn since the last time; gives how many notices that were."""
    cursor = HubLink.objects.values_list("notice_cursor", flat=True).first() or ""
    read = 0
    while True:
        page = connection.notices(after=cursor)
        with transaction.atomic():
            for each in page.notices:
                facts = {
                    "kind": each.kind, "title": each.title, "title_en": each.title_en, "text": each.text,
                    "text_en": each.text_en, "starts_at": each.starts_at, "ends_at": each.ends_at,
                    "published_at": each.published_at, "withdrawn_at": each.withdrawn_at,
                }  # fmt: skip
                HubNotice.objects.update_or_create(number=each.notice_id, defaults=facts)
            HubLink.objects.exclude(notice_cursor=page.cursor).update(notice_cursor=page.cursor)
        read, cursor = read + len(page.notices), page.cursor
        if not page.more:
            return read
