"""How states, urgency, times and checks are shown: one tag each, so that the same thing looks the same everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lienthong.office import vietnamese
from lienthong.standards.statuses import Urgency

register = template.Library()

URGENCY_CLASSES = {1: "u-k", 2: "u-t", 3: "u-h", 4: "u-h"}
STATE_CLASSES = {
    # incoming
    "arrived": "wait", "accepted": "move", "assigned": "move", "in_process": "move", "finished": "done",
    "refused": "stop", "cancelled": "back",
    # outgoing
    "draft": "wait", "in_review": "move", "approved": "move", "signed": "move", "numbered": "move", "sealed": "move",
    "issued": "done", "recalling": "warn", "recalled": "back", "partly_recalled": "back", "voided": "back",
    # tracking
    "waiting": "wait", "failed": "stop", "at_hub": "wait", "delivered": "wait", "01": "wait", "02": "stop",
    "03": "move", "04": "move", "05": "move", "06": "done", "recall_declined": "stop",
}  # fmt: skip
CHECK_WORDS = {
    "completeness": "Đầy đủ",
    "integrity": "Toàn vẹn",
    "authenticity": "Xác thực",
    "duplicate": "Trùng lặp",
}
CHECK_ICONS = {"passed": ("check", "done"), "failed": ("cross", "stop"), "warning": ("warn", "warn")}


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """A line icon of the sprite."""
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>', kind, name)


@register.simple_tag
def urgency(value: int) -> SafeString | str:
    """The urgency: always with its word, and the only word in a box."""
    if not value:
        return ""
    return format_html('<span class="u {}">{}</span>', URGENCY_CLASSES[int(value)], Urgency(int(value)).words.vi)


@register.simple_tag
def rail(value: int) -> str:
    """The class of a row's left edge."""
    return {1: "rail-k", 2: "rail-t", 3: "rail-h", 4: "rail-h"}.get(int(value or 0), "")


@register.simple_tag
def state(code: str, words: str) -> SafeString:
    """A state: a disc and a word."""
    kind = STATE_CLASSES.get(str(code), "wait")
    return format_html('<span class="s s-{0}"><i class="disc d-{0}" aria-hidden="true"></i>{1}</span>', kind, words)


@register.simple_tag
def legal(value: str) -> SafeString:
    """The legal value: a seal and words; hollow when for information only."""
    name, words, kind = ("seal", "Như bản giấy", "") if value == "equivalent" else ("ring", "Để biết", "lv-0")
    drawing = '<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>'
    return format_html('<span class="lv {}">' + drawing + "{}</span>", kind, name, words)


@register.simple_tag
def check_line(check: dict[str, Any]) -> SafeString:
    """One line of the check list."""
    name, kind = CHECK_ICONS[check["result"]]
    return format_html(
        '<li data-check="{}" data-result="{}"><svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>'
        '<b class="md">{}</b><span>{}</span></li>',
        check["name"], check["result"], kind, name, CHECK_WORDS[check["name"]], check["vi"],
    )  # fmt: skip


@register.filter
def moment(value: datetime | None) -> str:
    """A time: the day left out today, the year within the year."""
    return vietnamese.moment(value)


@register.filter
def left(value: datetime | None, now: datetime | None = None) -> SafeString | str:
    """A deadline: the time left first, the date second; red when it is over, amber within its last day."""
    if value is None:
        return ""
    now = now or timezone.now()
    seconds = (value - now).total_seconds()
    kind = "stop" if seconds < 0 else "warn" if seconds < vietnamese.DAY else "ink2"
    return format_html(
        '<time class="due {}" datetime="{}">{} <span>· {}</span></time>',
        kind, timezone.localtime(value).isoformat(timespec="minutes"),
        vietnamese.left(value, now), vietnamese.due_date(value, now),
    )  # fmt: skip


@register.filter
def day(value: Any) -> str:
    """`23/11/2026`, of a moment the day in Vietnam."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{value:%d/%m/%Y}" if value else ""


@register.filter
def amount(value: int) -> str:
    """A number with Vietnamese separators."""
    return vietnamese.number(value)


@register.filter
def size(value: int) -> str:
    """A size in bytes, as people read it."""
    if value >= 1 << 20:
        return f"{value / (1 << 20):.1f} MB".replace(".", ",")
    return f"{max(1, round(value / 1024))} KB"


EVENT_WORDS = {
    "outgoing.created": "soạn thảo", "outgoing.changed": "sửa dự thảo", "outgoing.enclosure_added": "thêm tệp kèm theo",
    "outgoing.enclosure_removed": "bỏ tệp kèm theo", "outgoing.submitted": "trình duyệt",
    "outgoing.content_checked": "kiểm tra nội dung", "outgoing.presentation_checked": "kiểm tra thể thức",
    "outgoing.approved": "duyệt", "outgoing.returned": "trả lại để sửa", "outgoing.signed": "ký số",
    "outgoing.number_taken": "cấp số", "outgoing.number_voided": "hủy số", "outgoing.sealing_begun": "bắt đầu đóng dấu",
    "outgoing.sealed": "ký số của cơ quan (đóng dấu)", "outgoing.issued": "phát hành",
    "outgoing.issued_incomplete": "phát hành khi chưa đủ tệp", "outgoing.sent_again": "gửi lại",
    "outgoing.recall_asked": "yêu cầu thu hồi", "outgoing.recall_answered": "kết thúc thu hồi",
    "outgoing.packet_sent": "Trục đã nhận gói tin", "outgoing.packet_refused": "Trục từ chối gói tin",
    "outgoing.handed_over": "đã giao tới nơi nhận",
    "outgoing.not_taken": "nơi nhận không lấy được", "outgoing.status_received": "nơi nhận báo trạng thái",
    "incoming.arrived": "văn bản đến", "incoming.accepted": "tiếp nhận", "incoming.refused": "từ chối, trả lại",
    "incoming.assigned": "chỉ đạo, phân công", "incoming.handed_on": "giao người xử lý",
    "incoming.started": "bắt đầu xử lý", "incoming.contributed": "cho ý kiến phối hợp",
    "incoming.finished": "hoàn thành", "incoming.recall_received": "nhận yêu cầu thu hồi",
    "incoming.recall_obeyed": "hủy theo thu hồi", "incoming.recall_declined": "không đồng ý thu hồi",
}  # fmt: skip


@register.filter
def event_words(name: str) -> str:
    """An event of the journal in words."""
    return EVENT_WORDS.get(name, name)


@register.filter
def iso_moment(value: str) -> str:
    """A stored time in words."""
    return vietnamese.moment(datetime.fromisoformat(value)) if value else ""


@register.filter
def lookup(values: dict[str, Any], key: str) -> Any:
    """The value of a key."""
    return values.get(key, "")
