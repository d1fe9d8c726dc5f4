"""How states, legal value and checks are shown: one tag each, so that the same thing looks the same everywhere."""

from __future__ import annotations

from typing import Any

from django.template.base import Template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.look.language import choose
from lienthong.look.tags import disc, icon, library, spoken
from lienthong.office.config import TRAINING_MARK, training
from lienthong.office.models import MarkKind, Notice

register = library()

STATE_CLASSES = {
    # incoming
    "arrived": "wait", "accepted": "move", "assigned": "move", "in_process": "move", "finished": "done",
    "refused": "stop", "cancelled": "back", "set_aside": "back",
    # outgoing
    "draft": "wait", "returned": "stop", "in_review": "move", "approved": "move", "signed": "move", "numbered": "move",
    "sealed": "move",
    "issued": "done", "recalling": "warn", "recalled": "back", "partly_recalled": "back", "voided": "back",
    # copies
    "made": "done",
    # dossiers and what is handed to the archive
    "open": "move", "closed": "wait", "submitted": "move", "archived": "done", "historic": "done",
    "to_do": "move", "overdue": "stop", "done": "done", "dropped": "back",
    "handed_in": "wait", "taken_over": "done", "sent_back": "stop",
    # certificates and requests for them
    "in_force": "done", "not_yet": "wait", "near": "warn", "expired": "stop", "revoked": "stop", "replaced": "back",
    "filed": "wait", "sent": "move", "received": "done",
    # envelopes that are handed on unopened
    "handed": "wait", "taken": "move", "brought": "warn", "registered": "done",
    # tickets to the hub's operators
    "queued": "wait", "in_progress": "move", "solved": "done", "rejected": "stop",
    # tracking
    "waiting": "wait", "failed": "stop", "at_hub": "wait", "moved": "wait", "delivered": "wait",
    "01": "wait", "02": "stop", "03": "move", "04": "move", "05": "move", "06": "done", "recall_declined": "stop",
    "proven": "done", "attested": "done", "unknown_key": "stop", "invalid": "stop",
    "paper_owed": "wait", "paper_sent": "done", "paper_dropped": "back",
}  # fmt: skip
CHECK_WORDS = {
    "completeness": _("Đầy đủ"),
    "integrity": _("Toàn vẹn"),
    "authenticity": _("Xác thực"),
    "duplicate": _("Trùng lặp"),
    "scan": _("Tệp số hóa"),
    "formats": _("Định dạng tệp"),
}
CHECK_RESULTS = {
    # result: (icon, kind, what a reader of the page aloud says in the icon's place)
    "passed": ("check", "done", _("đạt")),
    "failed": ("cross", "stop", _("không đạt")),
    "warning": ("warn", "warn", _("cần xem xét")),
}
VERDICTS = {
    # verdict: (icon, kind, words)
    "passed": ("check", "done", _("Hợp lệ")),
    "failed": ("cross", "stop", _("Không hợp lệ")),
    "indeterminate": ("warn", "warn", _("Chưa xác nhận được")),
}


@register.simple_block_tag(takes_context=True)
def ask(context: Context, content: str, title: str, act: str, send: str, kind: str = "primary") -> SafeString:
    """The form of a dialog: what is asked, between the way out and the button that sends the act."""
    return _part(context, "ask", title=title, content=content, act=act, send=send, kind=kind)


@register.simple_tag(takes_context=True)
def main_act(context: Context, act: str, words: str, pin: str = "", assignment: int | None = None) -> SafeString:
    """The one filled button of a document's page, which sends an act at once; with a PIN where it signs."""
    return _part(context, "main_act", act=act, words=words, pin=pin, assignment=assignment)


def _part(context: Context, name: str, **facts: object) -> SafeString:
    """A part of a page, which sees what the page sees."""
    found: Template = context.template.engine.get_template(f"office/parts/{name}.html")  # type: ignore[union-attr]
    with context.push(**facts):
        return found.render(context)


@register.simple_tag
def state(code: str, words: str) -> SafeString:
    """A state: a disc and a word."""
    return disc(STATE_CLASSES.get(str(code), "wait"), words)


@register.inclusion_tag("office/parts/training.html")
def training_banner() -> dict[str, object]:
    """What a training office says on every page (R-19.4-1); nothing in an office of real documents."""
    return {"training": training(), "mark": TRAINING_MARK}


@register.simple_tag
def legal(value: str) -> SafeString:
    """The legal value: a seal and words; hollow when for information only."""
    name, words, kind = ("seal", gettext("Như bản giấy"), "")
    if value != "equivalent":
        name, words, kind = "ring", gettext("Để biết"), "lv-0"
    drawing = '<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>'
    return format_html('<span class="lv {}">' + drawing + "{}</span>", kind, name, words)


@register.simple_tag
def check_line(check: dict[str, Any]) -> SafeString:
    """One line of the check list."""
    name, kind, said = CHECK_RESULTS[check["result"]]
    return format_html(
        '<li data-check="{}" data-result="{}"><svg class="i {}" role="img" aria-label="{}"><use href="#i-{}"/></svg>'
        '<b class="md">{}</b><span>{}</span></li>',
        check["name"], check["result"], kind, said, name, CHECK_WORDS[check["name"]], spoken(check),
    )  # fmt: skip


@register.simple_tag
def verdict(value: str) -> SafeString:
    """What a signature is worth, in a word."""
    _icon, kind, words = VERDICTS[value]
    return format_html('<span class="{} md" data-worth>{}</span>', kind, words)


@register.simple_tag
def verdict_icon(value: str) -> SafeString:
    """The drawing beside that word."""
    name, kind, _words = VERDICTS[value]
    return icon(name, kind)


EVENT_WORDS = {
    "outgoing.created": _("soạn thảo"),
    "outgoing.changed": _("sửa dự thảo"),
    "outgoing.enclosure_added": _("thêm tệp kèm theo"),
    "outgoing.enclosure_removed": _("bỏ tệp kèm theo"),
    "outgoing.submitted": _("trình duyệt"),
    "outgoing.content_checked": _("kiểm tra nội dung"),
    "outgoing.presentation_checked": _("kiểm tra thể thức"),
    "outgoing.presentation_overridden": _("xác nhận thể thức dù còn lỗi"),
    "outgoing.approved": _("duyệt"),
    "outgoing.returned": _("trả lại để sửa"),
    "outgoing.handed_down": _("chuyển lại người soạn"),
    "outgoing.drafter_changed": _("bàn giao người soạn thảo"),
    "outgoing.commented": _("cho ý kiến"),
    "outgoing.signing_asked": _("yêu cầu ký từ xa"),
    "outgoing.signing_dropped": _("chưa ký được từ xa"),
    "outgoing.signed": _("ký số"),
    "outgoing.number_taken": _("cấp số"),
    "outgoing.number_voided": _("hủy số"),
    "outgoing.deadline_counted_anew": _("hạn gửi đổi theo lịch làm việc"),
    "outgoing.sealing_begun": _("bắt đầu đóng dấu"),
    "outgoing.sealed": _("ký số của cơ quan (đóng dấu)"),
    "outgoing.files_sealed": _("ký số của cơ quan vào tệp kèm theo mới"),
    "sealing.asked": _("yêu cầu đóng dấu bằng thiết bị ở máy văn thư"),
    "sealing.dropped": _("chưa đóng dấu được bằng thiết bị"),
    "key.opened": _("dùng khóa con dấu"),
    "key.pin_refused": _("nhập sai PIN"),
    "outgoing.circulated": _("lưu hành trong cơ quan"),
    "outgoing.issued": _("phát hành"),
    "outgoing.issued_incomplete": _("phát hành khi chưa đủ tệp"),
    "outgoing.sent_again": _("gửi lại"),
    "outgoing.put_on_paper": _("chuyển sang gửi bản giấy"),
    "outgoing.paper_owed": _("phải gửi kèm bản giấy"),
    "outgoing.paper_sent": _("đã gửi bản giấy"),
    "outgoing.paper_dropped": _("thôi gửi bản giấy"),
    "outgoing.update_sent": _("gửi bản cập nhật"),
    "outgoing.replaced": _("được thay thế"),
    "outgoing.corrected": _("được đính chính"),
    "outgoing.recipients_urged": _("đôn đốc nơi nhận"),
    "outgoing.stored_copy_lent": _("cho sử dụng bản lưu"),
    "outgoing.stored_copy_back": _("nhận lại bản lưu"),
    "outgoing.recall_asked": _("yêu cầu thu hồi"),
    "outgoing.recall_answered": _("kết thúc thu hồi"),
    "outgoing.packet_sent": _("Trục đã nhận gói tin"),
    "outgoing.packet_moved": _("chuyển gói tin trong nội bộ hệ thống"),
    "outgoing.packet_refused": _("Trục từ chối gói tin"),
    "outgoing.handed_over": _("đã giao tới nơi nhận"),
    "outgoing.not_taken": _("nơi nhận không lấy được"),
    "outgoing.status_received": _("nơi nhận báo trạng thái"),
    "statement.unproven": _("bản ký số không phải bằng chứng"),
    "statement.proven": _("bản ký số đã kiểm tra được"),
    "key.registered": _("đăng ký khóa"),
    "key.detached": _("gỡ khóa ở dịch vụ ký số từ xa"),
    "certificate.registered": _("đăng ký chứng thư số"),
    "certificate.handed_over": _("ghi sổ bàn giao thiết bị"),
    "certificate.expiring": _("nhắc sắp hết hạn"),
    "certificate.revoked": _("ghi nhận thu hồi"),
    "certificate_request.filed": _("lập đề nghị"),
    "certificate_request.approved": _("duyệt đề nghị"),
    "certificate_request.sent": _("gửi nhà cung cấp"),
    "certificate_request.received": _("ghi nhận kết quả"),
    "certificate_request.refused": _("không chấp thuận"),
    "incoming.arrived": _("văn bản đến"),
    "incoming.origin_set": _("ghi nguồn gốc văn bản"),
    "incoming.accepted": _("tiếp nhận"),
    "incoming.refused": _("từ chối, trả lại"),
    "incoming.registered": _("đăng ký văn bản đến ngoài Trục"),
    "incoming.acceptance_undone": _("hoàn tác tiếp nhận, hủy số đến"),
    "incoming.presented": _("trình lãnh đạo"),
    "incoming.presentation_late": _("báo lãnh đạo: quá hạn trình"),
    "incoming.assigned": _("chỉ đạo, phân công"),
    "incoming.handed_straight": _("chuyển thẳng theo quy chế"),
    "incoming.handed_on": _("giao người xử lý"),
    "incoming.handed_back": _("chuyển lại lãnh đạo"),
    "incoming.proposed": _("đề xuất giải quyết"),
    "incoming.urged": _("đôn đốc"),
    "incoming.extension_asked": _("đề nghị gia hạn"),
    "incoming.extension_decided": _("quyết định gia hạn"),
    "incoming.printed": _("in văn bản"),
    "incoming.paper_handed": _("chuyển bản giấy"),
    "incoming.paper_received": _("ký nhận bản giấy"),
    "incoming.started": _("bắt đầu xử lý"),
    "incoming.contributed": _("cho ý kiến phối hợp"),
    "incoming.finished": _("hoàn thành"),
    "incoming.recall_received": _("nhận yêu cầu thu hồi"),
    "incoming.recall_obeyed": _("hủy theo thu hồi"),
    "incoming.recall_declined": _("không đồng ý thu hồi"),
    "incoming.amendment_received": _("nhận bản cập nhật, văn bản thay thế hoặc đính chính"),
    "incoming.amendment_applied": _("thực hiện cập nhật, thay thế, đính chính"),
    "incoming.amendment_declined": _("không đồng ý cập nhật, thay thế"),
    "support_ticket.opened": _("lập phiếu"),
    "support_ticket.written_to": _("viết thêm"),
    "support_ticket.answered": _("Trục trả lời"),
    "support_ticket.closed": _("đóng phiếu"),
    "support_ticket.refused": _("Trục không nhận"),
    "regulation.recorded": _("lưu quy chế"),
    "plan.targets_set": _("ghi chỉ tiêu kế hoạch"),
    "calendar.day_decided": _("ghi ngày nghỉ, ngày làm việc"),
    "calendar.day_withdrawn": _("rút ngày đã ghi"),
    "advisory_body.recorded": _("ghi nhận"),
    "advisory_body.last_day_set": _("đổi ngày cuối"),
    "advisory_body.signer_named": _("thêm người ký"),
    "advisory_body.signer_ended": _("kết thúc quyền ký"),
    "dossier_list.begun": _("lập Danh mục"),
    "dossier_list.changed": _("sửa Danh mục"),
    "dossier_list.issued": _("ban hành Danh mục"),
    "dossier.opened": _("mở hồ sơ"),
    "dossier.changed": _("sửa thông tin hồ sơ"),
    "dossier.member_added": _("thêm người phối hợp"),
    "dossier.member_ended": _("thôi phối hợp"),
    "dossier.noted": _("ghi ý kiến"),
    "dossier.put_in": _("xếp vào hồ sơ"),
    "dossier.taken_out": _("loại khỏi hồ sơ"),
    "dossier.closed": _("kết thúc hồ sơ"),
    "dossier.reopened": _("mở lại hồ sơ"),
    "dossier.due": _("nhắc đến hạn nộp lưu"),
    "dossier.submitted": _("nộp lưu"),
    "dossier.archived": _("Lưu trữ nhận"),
    "dossier.returned": _("Lưu trữ trả lại"),
    "dossier.kept_back": _("giữ lại"),
    "dossier.left_out": _("không nộp, nhận cùng: đang bị khóa"),
    "dossier.held": _("khóa theo lệnh"),
    "dossier.released": _("mở khóa"),
    "dossier.handed_over": _("bàn giao"),
    "dossier.exported": _("kết xuất"),
    "dossier.transferred": _("nộp vào Lưu trữ lịch sử"),
    "dossier.task_given": _("giao nhiệm vụ"),
    "drafting_task.given": _("giao soạn thảo"),
    "drafting_task.given_anew": _("giao người khác soạn thảo"),
    "drafting_task.passed_on": _("giao người soạn thảo"),
    "drafting_task.begun": _("bắt đầu dự thảo"),
    "drafting_task.given_back": _("trả lại việc soạn thảo"),
    "drafting_task.dropped": _("thôi giao soạn thảo"),
    "drafting_task.done": _("văn bản đã phát hành"),
    "drafting_task.reopened": _("hủy số, soạn thảo lại"),
    "drafting_task.urged": _("đôn đốc soạn thảo"),
    "drafting_task.handed_over": _("bàn giao việc soạn thảo"),
    "dossier.task_reported": _("báo tiến độ nhiệm vụ"),
    "dossier.task_dropped": _("hủy nhiệm vụ"),
    "copy.number_taken": _("cấp số bản sao"),
    "copy.made": _("sao văn bản"),
    "copy.voided": _("hủy số bản sao"),
}


@register.filter
def event_words(name: str) -> str:
    """An event of the journal in words."""
    return str(EVENT_WORDS.get(name, name))


@register.filter
def mark_words(kind: str) -> str:
    """A person's own mark in words."""
    return str(MarkKind(kind).label)


@register.filter
def notice(row: Notice) -> str:
    """A notice in the language of the page."""
    return choose(row.text, row.text_en)
