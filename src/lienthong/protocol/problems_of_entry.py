"""Who is not let in, and how a call must not come: the refusals before anything is looked at. `problems` holds the
whole list."""

from __future__ import annotations

from lienthong.protocol.problem import Problem


class InsecureChannel(Problem):
    """The call came without encryption, from beyond this machine (Article 13.2)."""

    code = "insecure_channel"
    status = 403
    vxp = "15"
    vi = "Kết nối không được mã hóa; Trục không nhận HTTP từ ngoài máy chủ."
    en = "The connection is not encrypted; plain HTTP from beyond this machine is not taken."
    next_vi = "Gọi bằng https; đổi mật khẩu, khóa dùng chung đã gửi đi. Quản trị: proxy phải gửi X-Forwarded-Proto."
    next_en = (
        "Call by https. Change a password or secret that was sent. Operators: the proxy must send X-Forwarded-Proto."
    )


class CertificateMissing(Problem):
    """The system must show its client certificate, and showed none."""

    code = "certificate_missing"
    status = 403
    vxp = "15"
    vi = "Hệ thống {system} phải trình chứng thư máy khách khi kết nối TLS."
    en = "System {system} must show its client certificate in the TLS connection."
    next_vi = "Cấu hình phần mềm trình chứng thư đã đăng ký, và gọi qua địa chỉ https của Trục."
    next_en = "Let the software show the registered certificate, and call the hub's https address."


class CertificateUnknown(Problem):
    """The client certificate is not registered for the system, or was revoked."""

    code = "certificate_unknown"
    status = 403
    vxp = "15"
    vi = "Chứng thư {fingerprint} không đăng ký cho hệ thống {system} hoặc đã bị thu hồi."
    en = "The certificate {fingerprint} is not registered for system {system}, or was revoked."
    next_vi = "Trình chứng thư đã đăng ký, hoặc đề nghị đơn vị vận hành đăng ký chứng thư này."
    next_en = "Show the registered certificate, or ask the hub's operators to register this one."


class CertificateEnded(Problem):
    """The client certificate is registered, and its time is not now."""

    code = "certificate_ended"
    status = 403
    vxp = "15"
    vi = "Chứng thư {fingerprint} của hệ thống {system} chưa đến hạn dùng hoặc đã hết hạn."
    en = "The certificate {fingerprint} of system {system} is not valid yet, or not any more."
    next_vi = "Đăng ký chứng thư mới với đơn vị vận hành Trục."
    next_en = "Register a new certificate with the hub's operators."


class TokenBound(Problem):
    """The access token was given to the holder of another certificate (RFC 8705, section 3)."""

    code = "token_bound"
    status = 401
    vxp = "15"
    vi = "Mã truy cập gắn với một chứng thư máy khách khác; kết nối này không trình chứng thư đó."
    en = "The access token is bound to a client certificate that this connection does not show."
    next_vi = "Dùng cùng chứng thư như khi lấy mã, hoặc lấy mã truy cập mới."
    next_en = "Show the certificate with which the token was asked for, or get a new token."


class CodeForTests(Problem):
    """A code of the test hub, at a hub of real documents."""

    code = "test_code"
    status = 422
    vxp = "19"
    vi = "Mã {agency} là mã thử nghiệm; Trục này chỉ nhận mã thật."
    en = "The code {agency} is a test code; this hub takes real codes only."
    next_vi = "Dùng mã định danh chính thức ở Trục này, hoặc gửi tới Trục thử nghiệm."
    next_en = "Use official codes here, or send to the test hub."


class RealCode(Problem):
    """A real code, at the test hub."""

    code = "real_code"
    status = 422
    vxp = "19"
    vi = "Mã {agency} là mã thật; Trục thử nghiệm chỉ nhận mã có nhóm Z99."
    en = "The code {agency} is a real one; the test hub takes only codes with the group Z99."
    next_vi = "Dùng mã thử nghiệm được cấp khi đăng ký, hoặc gửi tới Trục chính thức."
    next_en = "Use the test codes that you got when you registered, or send to the real hub."


class FromSandbox(Problem):
    """An access token, an assertion or a statement that speaks for the test hub or for one of its systems."""

    code = "from_sandbox"
    status = 403
    vxp = "15"
    vi = "Mã truy cập hoặc xác nhận ký số là của Trục thử nghiệm ({issuer}); ở đây không có giá trị."
    en = "The access token or signed statement is of the test hub ({issuer}); it is worth nothing here."
    next_vi = "Dùng mã hệ thống và khóa đã đăng ký ở Trục này."
    next_en = "Use the system and the key that are registered at this hub."


class FromTraining(Problem):
    """A system that says of itself that it is in training mode, at a hub of real documents."""

    code = "from_training"
    status = 403
    vxp = "15"
    vi = "Hệ thống gọi đang ở chế độ đào tạo; Trục này chỉ nhận văn bản thật."
    en = "The calling system is in training mode; this hub takes real documents alone."
    next_vi = "Nối hệ thống đào tạo với Trục thử nghiệm (lienthong office train)."
    next_en = "Let the training system speak to a test hub (lienthong office train)."


class TooManyRegistrations(Problem):
    """More test systems than one address, or all together, may register in an hour."""

    code = "too_many_registrations"
    status = 429
    retryable = True
    vi = "Đã đăng ký quá nhiều hệ thống thử nghiệm trong một giờ."
    en = "Too many test systems were registered within an hour."
    next_vi = "Đăng ký lại sau thời gian ghi ở Retry-After; một hệ thống dùng được cho nhiều lần thử."
    next_en = "Register again after the time in Retry-After; one system serves for many trials."


class Unauthenticated(Problem):
    """Nobody, or not the one it claims to be."""

    code = "unauthenticated"
    status = 401
    vxp = "15"
    vi = "Không xác thực được hệ thống gọi: {reason}."
    en = "The calling system is not authenticated: {reason}."
    next_vi = "Kiểm tra mã hệ thống và khóa; nếu khóa đã đổi, đăng ký lại với đơn vị quản trị Trục."
    next_en = "Check the system's code and key; if the key has changed, register it with the hub's operators."


class TokenExpired(Problem):
    """The access token is too old."""

    code = "token_expired"
    status = 401
    vxp = "15"
    retryable = True
    vi = "Mã truy cập đã hết hạn."
    en = "The access token has expired."
    next_vi = "Lấy mã truy cập mới rồi gửi lại."
    next_en = "Get a new token and repeat the request."


class AssertionReplayed(Problem):
    """A client assertion is used once."""

    code = "assertion_replayed"
    status = 401
    vxp = "15"
    vi = "Bản xác nhận khách đã được dùng."
    en = "The client assertion was used before."
    next_vi = "Tạo bản xác nhận mới với jti mới."
    next_en = "Make a new assertion with a new jti."


class DoorClosed(Problem):
    """The system may not use this door."""

    code = "door_closed"
    status = 403
    vxp = "15"
    vi = "Hệ thống {system} không được dùng cổng này."
    en = "System {system} may not use this door."
    next_vi = "Dùng cổng đã đăng ký, hoặc đề nghị mở cổng."
    next_en = "Use the registered door, or ask for this one."


class Suspended(Problem):
    """The operators have suspended the system."""

    code = "suspended"
    status = 403
    vxp = "15"
    vi = "Hệ thống {system} đang bị tạm ngừng: {reason}."
    en = "System {system} is suspended: {reason}."
    next_vi = "Liên hệ đơn vị vận hành Trục để được mở lại; văn bản gửi tới vẫn được giữ chờ."
    next_en = "Ask the hub's operators to resume it; what is sent to it waits meanwhile."


class ForeignNetwork(Problem):
    """The call comes from an address outside the system's registered networks."""

    code = "foreign_network"
    status = 403
    vxp = "15"
    vi = "Hệ thống {system} không được gọi từ địa chỉ {address}."
    en = "System {system} may not call from the address {address}."
    next_vi = "Gọi từ dải mạng đã đăng ký, hoặc đề nghị đơn vị vận hành bổ sung dải mạng."
    next_en = "Call from a registered network, or ask the hub's operators to add this one."


class TooManyRequests(Problem):
    """The system calls more often than was agreed."""

    code = "too_many_requests"
    status = 429
    retryable = True
    vi = "Hệ thống {system} gọi quá {limit} lượt mỗi phút."
    en = "System {system} calls more than {limit} times a minute."
    next_vi = "Chờ số giây ghi ở Retry-After rồi gọi lại; giãn chu kỳ hỏi; nếu cần, đề nghị nâng mức."
    next_en = "Wait for the seconds of Retry-After and call again; ask less often, or ask for a higher limit."
