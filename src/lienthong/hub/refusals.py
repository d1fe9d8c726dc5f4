"""What the registry refuses: one closed list, each with what to do next."""

from __future__ import annotations


class RegistryRefused(ValueError):
    """An entry of the directory or a change of codes that the registry does not take.

    Attributes:
        refusal: which one of `REFUSALS` it is.
        vi, en: in words.
    """

    def __init__(self, refusal: str, /, **data: object) -> None:
        self.refusal = refusal
        self.vi, self.en = (text.format_map(data) for text in REFUSALS[refusal])
        super().__init__(f"{self.vi} / {self.en}")


REFUSALS: dict[str, tuple[str, str]] = {
    "operator_incomplete": (
        "Tài khoản cần tên đăng nhập (không quá 60 ký tự, không có dấu cách ở đầu, cuối) và họ tên.",
        "An account needs a name to sign in with (at most 60 letters, no space around it) and a full name.",
    ),
    "operator_agency": (
        "Cán bộ cơ quan phải có mã cơ quan (--agency); vai trò khác thì không.",
        "An agency officer needs the code of the agency (--agency); the other roles have none.",
    ),
    "unknown_operator": (
        "Không có tài khoản {account}; xem danh sách bằng `lienthong hub operator list`.",
        "There is no account {account}; see `lienthong hub operator list`.",
    ),
    "test_code": (
        "Mã {code} có nhóm Z99, dành riêng cho Trục thử nghiệm; cấp mã chính thức.",
        "The code {code} has the group Z99, which is the test hub's alone; give an official code.",
    ),
    "real_code": (
        "Đây là Trục thử nghiệm: mã {code} phải có nhóm Z99 ở đầu hoặc cuối.",
        "This is a test hub: the code {code} must have the group Z99 at its beginning or its end.",
    ),
    "unknown_code": (
        "Không có cơ quan mang mã {code}; thêm cơ quan trước.",
        "There is no agency with the code {code}; add it first.",
    ),
    "unknown_category": (
        "Loại cơ quan «{category}» không có trong danh sách (Điều 2); chọn một loại của danh sách.",
        "There is no category «{category}» of agencies (Article 2); choose one of the list.",
    ),
    "code_used": (
        "Mã {code} đã kết thúc hoặc là mã khác của cơ quan {owner}; mã không dùng lại, hãy cấp mã mới.",
        "The code {code} has ended, or is a spelling of {owner}; codes are never used again, give a new one.",
    ),
    "ended": (
        "Cơ quan {code} đã kết thúc; thực hiện với cơ quan kế thừa.",
        "The agency {code} has ended; act on its successor.",
    ),
    "ending_planned": (
        "Cơ quan {code} đã có quyết định kết thúc từ {on} (thay đổi số {change}); hủy thay đổi đó trước.",
        "The agency {code} is to end on {on} (change {change}); undo that change first.",
    ),
    "target_not_open": (
        "Cơ quan {code} không hoạt động vào ngày {on}; chọn cơ quan kế thừa khác hoặc ngày khác.",
        "The agency {code} is not open on {on}; choose another successor or another date.",
    ),
    "target_awaited": (
        "Cơ quan {code} là nơi kế thừa của thay đổi số {change} sau ngày này; hủy thay đổi đó trước.",
        "The agency {code} is the successor in change {change} after this date; undo that change first.",
    ),
    "nothing_changes": (
        "Cần ít nhất một mã khác với mã kế thừa.",
        "At least one code other than the successor is needed.",
    ),
    "decision_missing": (
        "Cần số, ký hiệu của quyết định.",
        "The number and notation of the decision are needed.",
    ),
    "name_missing": (
        "Cần tên mới, tối đa 200 ký tự.",
        "A new name of at most 200 characters is needed.",
    ),
    "parent_below": (
        "Cơ quan {code} là cấp trên của {parent}; chọn cơ quan cấp trên khác.",
        "The agency {code} is above {parent}; choose another parent.",
    ),
    "units_open": (
        "Cơ quan {code} còn {count} đơn vị trực thuộc, ví dụ {example}; xử lý các đơn vị này trước.",
        "The agency {code} still has {count} units, such as {example}; move, merge or close them first.",
    ),
    "no_mandate": (
        "Mã {code} là của một cơ quan; cấp mã riêng cho chức danh.",
        "The code {code} is an agency's; give the mandate a code of its own.",
    ),
    "office_is_mandate": (
        "{code} là chức danh, không tiếp nhận được; chọn văn phòng tiếp nhận.",
        "{code} is a mandate and cannot receive; choose the office that does.",
    ),
    "gateway_ring": (
        "{office} chuyển đến {code} nên không tiếp nhận thay được; chọn đầu mối khác.",
        "{office} forwards to {code} and cannot receive for it; choose another contact point.",
    ),
    "mandate_connected": (
        "{code} là chức danh, không kết nối hệ thống; kết nối hệ thống cho văn phòng tiếp nhận.",
        "{code} is a mandate and has no system; connect the office that receives for it.",
    ),
    "not_ready": (
        "{code} là tổ chức ngoài Điều 2.1 và chưa đủ điều kiện: {missing}; ghi kết quả kiểm tra bằng lệnh readiness.",
        "{code} is outside Article 2.1 and not ready: {missing}; note the check's result by the command readiness.",
    ),
    "unknown_system": (
        "Không có hệ thống {code}; kết nối hệ thống trước.",
        "There is no system {code}; connect it first.",
    ),
    "no_request": (
        "Không có yêu cầu số {number} đang chờ; có thể người khác vừa xử lý, tải lại danh sách.",
        "No request {number} is waiting; somebody else may have just decided it, look at the list again.",
    ),
    "reason_missing": (
        "Cần lý do; ghi lý do để bên kia biết.",
        "A reason is needed; write it, the other side will read it.",
    ),
    "no_secret": (
        "{code} chưa có khóa dùng chung; đổi khóa (rotate-secret) trước khi mở cổng này.",
        "{code} has no shared secret; change it (rotate-secret) before opening this door.",
    ),
    "limit_below_one": (
        "Giới hạn phải lớn hơn 0; muốn chặn hệ thống thì tạm ngừng.",
        "A limit is above 0; suspend the system to stop it.",
    ),
    "bad_network": (
        "Dải địa chỉ không đọc được: {reason}; ghi dạng 10.1.0.0/16.",
        "A network range cannot be read: {reason}; write it as 10.1.0.0/16.",
    ),
    "unusable_key": (
        "Khóa công khai không dùng được: {reason}; dán JWK Ed25519 hoặc ES256, chỉ phần công khai.",
        "The public key cannot be used: {reason}; paste a JWK, Ed25519 or ES256, its public part only.",
    ),
    "no_certificate": (
        "Tệp không phải chứng thư số X.509; chọn tệp PEM hoặc DER do tổ chức chứng thực cấp.",
        "The file is no X.509 certificate; choose the PEM or DER file that the authority issued.",
    ),
    "certificate_revoked": (
        "Chứng thư {fingerprint} đã bị thu hồi; cấp chứng thư mới.",
        "The certificate {fingerprint} was revoked; issue a new one.",
    ),
    "unknown_certificate": (
        "{code} không có đúng một chứng thư {fingerprint}; xem danh sách chứng thư của hệ thống.",
        "{code} has not exactly one certificate {fingerprint}; look at the certificates of the system.",
    ),
    "certificate_needed": (
        "{code} chưa có chứng thư còn hạn; đăng ký chứng thư (certificate add) trước.",
        "{code} has no valid certificate; register one (certificate add) first.",
    ),
    "certificate_ended": (
        "Chứng thư hết hạn từ {on}; cấp chứng thư mới.",
        "The certificate has ended on {on}; issue a new one.",
    ),
    "certificate_not_for_clients": (
        "Mục đích sử dụng của chứng thư không có clientAuth; cấp chứng thư dành cho máy khách TLS.",
        "The certificate is not meant for TLS clients (no clientAuth); issue one that is.",
    ),
    "private_key": (
        "Đây là khóa bí mật, không được gửi cho Trục; hủy khóa này, tạo khóa mới và chỉ dán phần công khai.",
        "This is a private key, which must not be given to the hub; destroy it and make a new one.",
    ),
    "form_used": (
        "Biểu mẫu này đã dùng một lần, khóa mới không hiện lại; muốn đổi nữa thì mở lại trang hệ thống.",
        "This form was used already, the new secret is not shown again; open the system's page anew.",
    ),
    "key_known": (
        "Khóa {kid} đã đăng ký; tạo khóa mới.",
        "The key {kid} is registered already; make a new one.",
    ),
    "compromised_later": (
        "Thời điểm nghi lộ khóa phải là lúc đã qua; nhập lại.",
        "A key is in other hands since a moment that is over; give it again.",
    ),
    "unknown_key": (
        "{code} không có khóa {kid}; xem danh sách khóa của hệ thống.",
        "{code} has no key {kid}; look at the keys of the system.",
    ),
    "seal_of_another": (
        "Chứng thư này đã đăng ký cho cơ quan {owner}; kiểm tra lại tệp.",
        "This certificate is registered for the agency {owner}; check the file.",
    ),
    "no_table_name": (
        "{name} không phải bảng CSV hoặc XLSX; lưu bảng ở một trong hai dạng này rồi tải lên lại.",
        "{name} is no CSV or XLSX table; save it as one of them and upload it again.",
    ),
    "table_too_large": (
        "Bảng vượt {most} MB; chia thành nhiều bảng.",
        "The table has more than {most} MB; divide it.",
    ),
    "table_empty": (
        "Tệp {name} không có dữ liệu; chọn lại tệp.",
        "The file {name} is empty; choose another one.",
    ),
    "table_not_checked": (
        "Bảng số {number} không còn chờ xác nhận; tải lên lại nếu cần.",
        "Table {number} does not wait for confirmation any more; upload it again if need be.",
    ),
    "declaration_incomplete": (
        "Công bố hợp quy cần sản phẩm, phiên bản, chủ sở hữu, số, và ngày hết hạn không trước ngày hiệu lực.",
        "A declaration needs product, version, owner, number, and an end that is not before its beginning.",
    ),
    "level_incomplete": (
        "Cần cấp độ từ 1 đến 5 và số quyết định phê duyệt.",
        "A level from 1 to 5 and the number of the approving decision are needed.",
    ),
    "unknown_rule": (
        "Không có quy tắc cảnh báo {rule}; xem lienthong hub alert rules.",
        "There is no rule {rule}; see lienthong hub alert rules.",
    ),
    "bad_threshold": (
        "Ngưỡng {value} không dùng được; nhập số không âm.",
        "The threshold {value} cannot be used; give a number that is not negative.",
    ),
    "unknown_alert": (
        "Không có cảnh báo số {alert}; xem lienthong hub alert list.",
        "There is no alert {alert}; see lienthong hub alert list.",
    ),
    "alert_not_open": (
        "Cảnh báo số {alert} đã hết hoặc đã có người xử lý; tải lại danh sách.",
        "Alert {alert} has ended, or somebody looks after it already; look at the list again.",
    ),
    "bad_mute": (
        "Thời điểm nhắc lại phải sau bây giờ và trong {days} ngày; chọn thời điểm khác.",
        "The end must lie ahead, and within {days} days; choose another.",
    ),
    "bad_mail_server": (
        "Địa chỉ {address} không dùng được; ví dụ smtp+starttls://ten@may-chu:587, mật khẩu để ở --password-file.",
        "The address {address} cannot be used; like smtp+starttls://name@host:587, the password in --password-file.",
    ),
    "bad_mail_addresses": (
        "Cần địa chỉ người gửi và ít nhất một người nhận.",
        "A sender and at least one recipient are needed.",
    ),
    "bad_webhook": (
        "Địa chỉ {address} không dùng được; cần https://…",
        "The address {address} cannot be used; https://… is needed.",
    ),
    "maintenance_over": (
        "Thời điểm kết thúc phải sau bây giờ; chọn thời điểm khác.",
        "The end must lie ahead; choose another time.",
    ),
    "notice_incomplete": ("Cần tiêu đề và nội dung.", "A title and a text are needed."),
    "notice_over": (
        "Thời điểm kết thúc phải sau bây giờ và sau thời điểm bắt đầu.",
        "The end must lie ahead, and after the beginning.",
    ),
    "unknown_notice": (
        "Không có thông báo số {notice} đang hiển thị; tải lại danh sách.",
        "There is no notice {notice} that is shown; look at the list again.",
    ),
    "unknown_incident": (
        "Không có sự cố số {incident} đang diễn ra; mở sự cố mới nếu lại xảy ra.",
        "There is no incident {incident} that goes on; open a new one if it happens again.",
    ),
    "ticket_text": (
        "Cần nội dung trả lời, tối đa {most} ký tự.",
        "An answer of at most {most} characters is needed.",
    ),
    "ticket_state": (
        "Phiếu số {number} không còn ở trạng thái cho phép việc này; tải lại phiếu.",
        "Ticket {number} is not in a state for this; look at it again.",
    ),
    "not_planned": (
        "Thay đổi số {change} không còn chờ hiệu lực; lập thay đổi mới theo quyết định mới.",
        "Change {change} is not planned any more; file a new one by a new decision.",
    ),
    "birth_awaited": (
        "Mã {code} của cơ quan thành lập theo thay đổi này đang được thay đổi số {change} dùng; hủy thay đổi đó trước.",
        "The code {code} that this change opens is needed by change {change}; undo that one first.",
    ),
}


class TableRefused(ValueError):
    """A file that is no table of agencies; `column` names what is missing or cannot be read."""

    def __init__(self, *, column: str) -> None:
        self.vi = f"Tệp không đọc được như bảng cơ quan: thiếu hoặc sai {column}; xem mẫu bằng lệnh export."
        self.en = f"The file cannot be read as a table of agencies: {column}; see the form by the command export."
        super().__init__(f"{self.vi} / {self.en}")


LINE_REFUSALS: dict[str, tuple[str, str]] = {
    "test_code": (
        "mã có nhóm Z99, dành riêng cho Trục thử nghiệm; cấp mã chính thức",
        "a code with the group Z99 is the test hub's alone; give an official one",
    ),
    "real_code": (
        "đây là Trục thử nghiệm; mã phải có nhóm Z99 ở đầu hoặc cuối",
        "this is a test hub; its codes have the group Z99 at an end",
    ),
    "invalid_code": ("mã hoặc mã khác sai bảng chữ hoặc độ dài; sửa mã", "a code breaks alphabet or length; mend it"),
    "invalid_name": (
        "tên trống, quá 200 ký tự hoặc bắt đầu bằng = + - @; sửa tên",
        "the name is empty, longer than 200 characters or begins with = + - @; mend it",
    ),
    "unknown_category": (
        "loại không có trong danh sách; sửa hoặc bỏ trống",
        "no such category; mend or omit it",
    ),
    "twice": ("mã đã có ở dòng trước; bỏ một dòng", "the code stands in an earlier line; leave one out"),
    "code_used": (
        "mã đã kết thúc hoặc thuộc cơ quan khác, không dùng lại; cấp mã mới",
        "the code has ended or is another agency's, and is never used again; give a new one",
    ),
    "unknown_parent": (
        "không có cơ quan cấp trên, cấp trên đã kết thúc hoặc vòng lặp; sửa mã cấp trên",
        "the agency above is unknown, has ended or is below this one; mend its code",
    ),
}
