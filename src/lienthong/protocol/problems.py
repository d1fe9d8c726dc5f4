"""What a hub refuses: one closed list for both doors.

Each problem is a class with a code, an HTTP status, the VXP error code (`wire.md` 3.5), words in Vietnamese and
English, and what to do next. The native door shows it as RFC 9457, the VXP door as `ErrorCode` and `ErrorDesc`.
"""

from __future__ import annotations

from lienthong.protocol.problem import HubUnreachable as HubUnreachable
from lienthong.protocol.problem import Problem as Problem
from lienthong.protocol.problem import UnknownProblem as UnknownProblem
from lienthong.protocol.problem import WrongKindOfHub as WrongKindOfHub
from lienthong.protocol.problem import why_gone
from lienthong.protocol.problems_of_entry import AssertionReplayed as AssertionReplayed
from lienthong.protocol.problems_of_entry import CertificateEnded as CertificateEnded
from lienthong.protocol.problems_of_entry import CertificateMissing as CertificateMissing
from lienthong.protocol.problems_of_entry import CertificateUnknown as CertificateUnknown
from lienthong.protocol.problems_of_entry import CodeForTests as CodeForTests
from lienthong.protocol.problems_of_entry import DoorClosed as DoorClosed
from lienthong.protocol.problems_of_entry import ForeignNetwork as ForeignNetwork
from lienthong.protocol.problems_of_entry import FromSandbox as FromSandbox
from lienthong.protocol.problems_of_entry import FromTraining as FromTraining
from lienthong.protocol.problems_of_entry import InsecureChannel as InsecureChannel
from lienthong.protocol.problems_of_entry import RealCode as RealCode
from lienthong.protocol.problems_of_entry import Suspended as Suspended
from lienthong.protocol.problems_of_entry import TokenBound as TokenBound
from lienthong.protocol.problems_of_entry import TokenExpired as TokenExpired
from lienthong.protocol.problems_of_entry import TooManyRegistrations as TooManyRegistrations
from lienthong.protocol.problems_of_entry import TooManyRequests as TooManyRequests
from lienthong.protocol.problems_of_entry import Unauthenticated as Unauthenticated
from lienthong.protocol.self_service_problems import TooManyWebhooks as TooManyWebhooks
from lienthong.protocol.self_service_problems import UnknownQuarantined as UnknownQuarantined
from lienthong.protocol.self_service_problems import UnknownWebhook as UnknownWebhook
from lienthong.protocol.self_service_problems import WebhookTargetRefused as WebhookTargetRefused
from lienthong.protocol.support_problems import TicketClosed as TicketClosed
from lienthong.protocol.support_problems import TicketFull as TicketFull
from lienthong.protocol.support_problems import TooManyTickets as TooManyTickets
from lienthong.protocol.support_problems import UnknownTicket as UnknownTicket


class InternalError(Problem):
    """A fault of the hub itself; the request was not carried out."""

    code = "internal_error"
    status = 500
    retryable = True
    vi = "Trục gặp lỗi; yêu cầu chưa được thực hiện."
    en = "The hub has a fault; the request was not carried out."
    next_vi = "Gửi lại sau, cùng khóa chống trùng."
    next_en = "Try again later with the same idempotency key."


class Unavailable(Problem):
    """The hub cannot work at the moment."""

    code = "unavailable"
    status = 503
    retryable = True
    vi = "Trục tạm thời không phục vụ được."
    en = "The hub is not available at the moment."
    next_vi = "Gửi lại sau ít phút."
    next_en = "Try again in a few minutes."


class UnderMaintenance(Problem):
    """The operators let nothing new in at the moment; what is here can be fetched, unless they say otherwise."""

    code = "under_maintenance"
    status = 503
    retryable = True
    vi = "Trục đang bảo trì ({reason}); dự kiến xong: {until}."
    en = "The hub is under maintenance ({reason}); it will probably end: {until}."
    next_vi = "Chờ số giây ghi ở Retry-After rồi gửi lại, cùng khóa chống trùng; không có gì bị mất."
    next_en = "Wait for the seconds of Retry-After and send again with the same idempotency key; nothing is lost."


class NotYourAgency(Problem):
    """The sending agency is none of this system's."""

    code = "not_your_agency"
    status = 403
    vxp = "19"
    vi = "Hệ thống {system} không được gửi thay cơ quan {agency}."
    en = "System {system} may not send for agency {agency}."
    next_vi = "Gửi bằng hệ thống của cơ quan đó, hoặc đăng ký cơ quan cho hệ thống này."
    next_en = "Send from that agency's system, or register the agency with this one."


class NotYourSubtree(Problem):
    """A change of an agency that is neither one of the system's own nor below one."""

    code = "not_your_subtree"
    status = 403
    vxp = "19"
    vi = "Cơ quan {agency} không thuộc hệ thống {system} và không phải đơn vị trực thuộc của các cơ quan đó."
    en = "Agency {agency} is none of system {system}'s, nor below one of them."
    next_vi = "Chỉ đăng ký, sửa, đóng mã của đơn vị trực thuộc; nơi khác do cơ quan quản lý danh mục thực hiện."
    next_en = "Register, change and close units below your own agencies only; others are the registry's affair."


class ClosedAgency(Problem):
    """A closed agency is not registered again: codes are never reused (R-16.1-1)."""

    code = "closed_agency"
    status = 409
    vxp = "23"
    vi = "Mã {agency} đã khóa; mã không dùng lại."
    en = "The code {agency} is closed; codes are never used again."
    next_vi = "Cấp mã mới cho đơn vị."
    next_en = "Give the unit a new code."


class FromMismatch(Problem):
    """The request says one sender, the packet another."""

    code = "from_mismatch"
    status = 422
    vxp = "19"
    vi = "Nơi gửi khai trong yêu cầu ({header}) khác nơi gửi trong gói tin ({packet})."
    en = "The request names sender {header}, the packet {packet}."
    next_vi = "Sửa cho hai nơi trùng nhau rồi gửi lại."
    next_en = "Make both the same and send again."


class UnknownRecipient(Problem):
    """Recipients that cannot receive; every one is listed, with its successor or gateway."""

    code = "unknown_recipient"
    status = 422
    vxp = "18"
    vi = "Nơi nhận không tồn tại: {codes}."
    en = "Recipients do not exist: {codes}."
    next_vi = "Xem danh mục cơ quan; dùng mã thay thế nếu có; không có nơi nào được gửi."
    next_en = "See the directory; use the successor where one is named; nothing was sent to anyone."


class ClosedRecipient(Problem):
    """A recipient's code is closed; its successor is named."""

    code = "closed_recipient"
    status = 422
    vxp = "23"
    vi = "Nơi nhận đã khóa: {codes}."
    en = "Recipients are closed: {codes}."
    next_vi = "Dùng mã thay thế nếu câu trả lời có nêu; không có nơi nào được gửi."
    next_en = "Use the successor where the answer names one; nothing was sent to anyone."


class NotConnected(Problem):
    """No system serves the recipient: the document goes on paper (Article 7.1)."""

    code = "not_connected"
    status = 422
    vxp = "18"
    vi = "Nơi nhận chưa kết nối Trục: {codes}."
    en = "Recipients are not connected: {codes}."
    next_vi = "Gửi bản giấy cho các nơi này (Điều 7.1), gửi điện tử cho các nơi còn lại."
    next_en = "Send these on paper (Article 7.1), the others electronically."


class ClosedSender(Problem):
    """The sending agency has ended; it issues nothing new."""

    code = "closed_sender"
    status = 422
    vxp = "19"
    vi = "Đơn vị gửi {agency} đã kết thúc từ {ended_on}; văn bản ban hành từ ngày đó không gửi dưới mã này."
    en = "The sending agency {agency} ended on {ended_on}; nothing issued since then goes out under this code."
    next_vi = "Gửi dưới mã của cơ quan kế thừa nêu trong câu trả lời; văn bản ban hành trước ngày đó vẫn gửi được."
    next_en = "Send under the code of the successor that the answer names; what was issued before may still be sent."


class RecipientNotInPacket(Problem):
    """The recipients asked for are none of the packet's."""

    code = "recipient_not_in_packet"
    status = 422
    vxp = "18"
    vi = "Nơi nhận yêu cầu không có trong gói tin: {codes}."
    en = "The recipients asked for are not in the packet: {codes}."
    next_vi = "Chỉ gửi tới nơi nhận ghi trong gói tin."
    next_en = "Send only to recipients that the packet names."


class PacketInvalid(Problem):
    """The packet breaks the format; every fault is listed."""

    code = "packet_invalid"
    status = 422
    vxp = "22"
    vi = "Gói tin sai chuẩn: {summary}"
    en = "The packet breaks the format: {summary_en}"
    next_vi = "Sửa các lỗi đã nêu trong gói tin rồi gửi lại."
    next_en = "Mend the faults that are named and send again."


class UnsupportedVersion(Problem):
    """The packet is announced in a version that this hub does not read; those that it reads are named (R-16.1-2)."""

    code = "unsupported_version"
    status = 415
    vxp = "22"
    vi = "Trục không đọc phiên bản gói tin {version}; các phiên bản đọc được: {supported}."
    en = "The hub does not read packets of version {version}; it reads: {supported}."
    next_vi = "Lập gói tin theo một trong các phiên bản đó; xem GET /standards."
    next_en = "Make the packet in one of those versions; see GET /standards."


class DigestMismatch(Problem):
    """What arrived is not what was announced: it was changed on the way."""

    code = "digest_mismatch"
    status = 422
    vxp = "21"
    vi = "Gói tin nhận được khác gói tin đã gửi (mã băm không khớp)."
    en = "What arrived is not what was sent: the digests differ."
    next_vi = "Gửi lại gói tin gốc; nếu lặp lại, kiểm tra đường truyền."
    next_en = "Send the original again; if it recurs, check the line."


class StatementInvalid(Problem):
    """The signed statement does not hold, or says something else."""

    code = "statement_invalid"
    status = 422
    vxp = "15"
    vi = "Bản xác nhận ký số không hợp lệ: {reason}."
    en = "The signed statement does not hold: {reason}."
    next_vi = "Ký lại bằng khóa đã đăng ký của hệ thống."
    next_en = "Sign again with the system's registered key."


class ClockAhead(Problem):
    """A claimed time lies in the hub's future."""

    code = "clock_ahead"
    status = 422
    vxp = "20"
    retryable = True
    vi = "Thời điểm khai báo sớm hơn giờ của Trục hơn {seconds} giây."
    en = "The claimed time is more than {seconds} seconds ahead of the hub."
    next_vi = "Đồng bộ giờ với Trục (Điều 14.4) rồi gửi lại."
    next_en = "Synchronise the clock with the hub (Article 14.4) and send again."


class LengthRequired(Problem):
    """A body without its length cannot be told from one cut off."""

    code = "length_required"
    status = 411
    vxp = "21"
    vi = "Yêu cầu phải có Content-Length."
    en = "The request needs a Content-Length."
    next_vi = "Gửi lại kèm độ dài; không dùng chunked."
    next_en = "Send again with the length; no chunked encoding."


class BodyTruncated(Problem):
    """The connection broke before the whole body came."""

    code = "body_truncated"
    status = 400
    vxp = "21"
    retryable = True
    vi = "Chỉ nhận được {received} trên {announced} byte."
    en = "Only {received} of {announced} bytes arrived."
    next_vi = "Gửi lại từ đầu, cùng khóa chống trùng."
    next_en = "Send again from the start with the same idempotency key."


class TooLarge(Problem):
    """The packet, or another body, is larger than the hub takes."""

    code = "too_large"
    status = 413
    vxp = "10"
    vi = "Dữ liệu gửi lên vượt {limit} byte."
    en = "What was sent has more than {limit} bytes."
    next_vi = "Tách tệp kèm theo thành nhiều văn bản, hoặc giảm dung lượng."
    next_en = "Split the enclosures, or make them smaller."


class UnknownUpload(Problem):
    """There is no such upload of this system, or its time is over."""

    code = "unknown_upload"
    status = 404
    vi = "Không có lượt tải lên này, hoặc đã hết hạn."
    en = "There is no such upload, or its time is over."
    next_vi = "Bắt đầu lượt tải lên mới."
    next_en = "Begin a new upload."


class UploadBusy(Problem):
    """Another request writes to the upload."""

    code = "upload_busy"
    status = 423
    retryable = True
    vi = "Một yêu cầu khác đang ghi vào lượt tải lên này."
    en = "Another request is writing to this upload."
    next_vi = "Hỏi lại vị trí (HEAD) sau ít giây rồi gửi tiếp."
    next_en = "Ask for the offset (HEAD) in a few seconds, then go on."


class WrongOffset(Problem):
    """The piece does not begin where the last one ended."""

    code = "wrong_offset"
    status = 409
    vi = "Phần gửi lên không nối tiếp: Trục đã có {offset} byte."
    en = "The piece does not begin where the last one ended: {offset} bytes are here."
    next_vi = "Gửi tiếp từ vị trí này."
    next_en = "Go on from this offset."


class UploadIncomplete(Problem):
    """A submission names an upload that is not all here."""

    code = "upload_incomplete"
    status = 409
    vi = "Lượt tải lên chưa đủ: {offset}/{length} byte."
    en = "The upload is not complete: {offset} of {length} bytes."
    next_vi = "Gửi nốt phần còn lại rồi nộp gói tin."
    next_en = "Send the rest, then submit."


class TooManyUploads(Problem):
    """The system has too many uploads open."""

    code = "too_many_uploads"
    status = 429
    retryable = True
    vi = "Hệ thống đang có {limit} lượt tải lên chưa kết thúc."
    en = "The system has {limit} uploads open."
    next_vi = "Kết thúc hoặc xóa bớt lượt cũ, rồi thử lại."
    next_en = "End or delete some, then try again."


class UnknownTusVersion(Problem):
    """The request speaks another version of the upload protocol."""

    code = "unknown_tus_version"
    status = 412
    vi = "Cần Tus-Resumable: 1.0.0."
    en = "Tus-Resumable: 1.0.0 is needed."
    next_vi = "Dùng giao thức tus 1.0.0."
    next_en = "Use tus 1.0.0."


class TwinDocument(Problem):
    """A new document with a known identifier and other bytes, for agencies that have the first one."""

    code = "twin_document"
    status = 409
    vxp = "22"
    vi = "Mã định danh {identifier} đã dùng cho văn bản khác, gửi tới {codes}."
    en = "Identifier {identifier} was used for another document to {codes}."
    next_vi = "Dùng nghiệp vụ cập nhật hoặc thay thế (2, 3), hoặc cấp mã định danh mới."
    next_en = "Use business type 2 or 3, or give a new identifier."


class IdempotencyKeyReused(Problem):
    """The same key with another content."""

    code = "idempotency_key_reused"
    status = 422
    vxp = "20"
    vi = "Khóa chống trùng đã dùng cho yêu cầu khác."
    en = "The idempotency key was used for another request."
    next_vi = "Mỗi gói tin, phiếu hoặc nội dung bổ sung vào phiếu một khóa; gửi lại với khóa mới."
    next_en = "One key for one packet, ticket or entry of a ticket; send again with a new one."


class StateSecret(Problem):
    """A state secret does not travel here (Article 1.2); the packet was destroyed."""

    code = "state_secret"
    status = 422
    vxp = "22"
    vi = "Gói tin mang dấu chỉ độ mật; đã hủy, không lưu."
    en = "The packet is marked as a state secret; it was destroyed, not kept."
    next_vi = "Gửi theo quy định về bảo vệ bí mật nhà nước (Điều 1.2)."
    next_en = "Send it as the law on state secrets says (Article 1.2)."


class UnknownPlace(Problem):
    """The API has nothing at this address."""

    code = "unknown_place"
    status = 404
    vi = "API không có địa chỉ này."
    en = "The API has nothing at this address."
    next_vi = "Xem các địa chỉ tại /api/v1/openapi.json."
    next_en = "See /api/v1/openapi.json for its addresses."


class WrongMethod(Problem):
    """The address is one of the API's, and does not know this method; the header `Allow` names those that it knows."""

    code = "wrong_method"
    status = 405
    vi = "Địa chỉ này không nhận phương thức {method}."
    en = "This address does not take {method}."
    next_vi = "Dùng phương thức ghi ở tiêu đề Allow; xem /api/v1/openapi.json."
    next_en = "Use a method that the header Allow names; see /api/v1/openapi.json."


class UnknownDelivery(Problem):
    """No such delivery, or none of yours: both look the same."""

    code = "unknown_delivery"
    status = 404
    vxp = "10"
    vi = "Không có văn bản này trong hộp của hệ thống."
    en = "There is no such delivery for this system."
    next_vi = "Đọc lại danh sách chờ nhận."
    next_en = "Read the inbox again."


class UnknownPacket(Problem):
    """No such packet, or none of yours: both look the same."""

    code = "unknown_packet"
    status = 404
    vxp = "10"
    vi = "Không có gói tin này của hệ thống."
    en = "There is no such packet of this system."
    next_vi = "Kiểm tra mã gói tin nhận được khi gửi."
    next_en = "Check the packet id that the submission gave."


class UnknownKey(Problem):
    """No key of this id was ever published here: a statement that names it is no proof."""

    code = "unknown_key"
    status = 404
    vi = "Trục không công bố khóa này."
    en = "The hub publishes no such key."
    next_vi = "Đọc mã khóa (kid) trong phần đầu của bản xác nhận; khóa lạ thì bản xác nhận không phải bằng chứng."
    next_en = "Read the id (kid) in the header of the statement; one that names an unknown key is no proof."


class ContentGone(Problem):
    """The content is not there any more: `why` (`withdrawn`, `retention`, `secret`, `missing`), and `since` when."""

    code = "content_gone"
    status = 410
    vxp = "21"
    vi = "Nội dung gói tin không còn trên Trục: {reason}."
    en = "The packet's content is no longer at the hub: {reason_en}."
    next_vi = "Đề nghị bên gửi gửi lại nếu cần."
    next_en = "Ask the sender to send it again if needed."

    def __init__(self, *, why: str = "missing", since: str = "", **_: object) -> None:
        super().__init__(**why_gone(why, since))


class WrongState(Problem):
    """The delivery is not in a state for this."""

    code = "wrong_state"
    status = 409
    vxp = "20"
    vi = "Văn bản ở trạng thái «{state}» nên không thực hiện được."
    en = "The delivery is «{state}»."
    next_vi = "Đọc lại trạng thái."
    next_en = "Read its state again."


class UnknownDocument(Problem):
    """A status, recall or update for a document that the hub does not know."""

    code = "unknown_document"
    status = 422
    vxp = "22"
    vi = "Trục không có văn bản {identifier} mà gói tin nói đến."
    en = "The hub knows no document {identifier}."
    next_vi = "Kiểm tra mã định danh, số ký hiệu và ngày của văn bản gốc."
    next_en = "Check identifier, number and date of the original."


class NotARecipient(Problem):
    """A status from an agency that did not receive the document."""

    code = "not_a_recipient"
    status = 403
    vxp = "19"
    vi = "Cơ quan {agency} không phải nơi nhận văn bản này."
    en = "Agency {agency} is no recipient of this document."
    next_vi = "Chỉ nơi nhận báo trạng thái 01–06, 15, 16."
    next_en = "Only recipients report 01–06, 15 and 16."


class NotTheSender(Problem):
    """A recall, update or take-back from an agency that did not send the document."""

    code = "not_the_sender"
    status = 403
    vxp = "19"
    vi = "Cơ quan {agency} không phải nơi gửi văn bản này."
    en = "Agency {agency} did not send this document."
    next_vi = "Chỉ nơi gửi thu hồi, cập nhật, thay thế, lấy lại."
    next_en = "Only the sender recalls, updates, replaces or takes back."


class BadRequest(Problem):
    """The request itself is not in its form."""

    code = "bad_request"
    status = 400
    vxp = "10"
    vi = "Yêu cầu sai dạng: {reason}."
    en = "The request is not in its form: {reason}."
    next_vi = "Xem tài liệu giao tiếp."
    next_en = "See the API's reference."


class BadRange(Problem):
    """The range begins past the end of the packet."""

    code = "bad_range"
    status = 416
    vi = "Khoảng byte yêu cầu nằm ngoài gói tin ({size} byte)."
    en = "The range lies outside the packet ({size} bytes)."
    next_vi = "Tải lại từ đầu, hoặc yêu cầu một khoảng nằm trong gói tin."
    next_en = "Fetch the whole, or a range within the packet."


class NoStorage(Problem):
    """The disk is full; nothing was taken."""

    code = "no_storage"
    status = 507
    vxp = "20"
    retryable = True
    vi = "Trục hết chỗ lưu; gói tin chưa được nhận."
    en = "The hub has no room; the packet was not taken."
    next_vi = "Gửi lại sau, cùng khóa chống trùng."
    next_en = "Try again later with the same idempotency key."


ALL: tuple[type[Problem], ...] = tuple(Problem.__subclasses__())
SAID_BY_HUBS: tuple[type[Problem], ...] = tuple(
    sorted((kind for kind in ALL if kind not in (UnknownProblem, WrongKindOfHub)), key=lambda kind: kind.code)
)
"""The catalogue: what a hub may refuse, by code."""
BY_CODE: dict[str, type[Problem]] = {kind.code: kind for kind in ALL}
