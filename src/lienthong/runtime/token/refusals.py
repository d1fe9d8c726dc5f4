"""What the helper refuses, as the page shows it."""

from lienthong.standards.signatures.errors import SignatureProblem


class ForeignOrigin(SignatureProblem):
    """Another page than one of the office that the helper was told."""

    code = "foreign_origin"
    status = 403
    vi = "Trang này không thuộc cơ quan mà chương trình ký phục vụ."
    en = "This page is not of the office that the helper serves."
    next_vi = "Mở trang văn bản ở đúng địa chỉ đã nêu khi chạy chương trình ký."
    next_en = "Open the page at the address that the helper was started with."


class NotPaired(SignatureProblem):
    """A browser that was not paired, or a pairing that was ended."""

    code = "not_paired"
    status = 401
    vi = "Trình duyệt này chưa ghép nối với chương trình ký."
    en = "This browser is not paired with the helper."
    next_vi = "Nhập mã ghép nối đang hiện ở cửa sổ chương trình ký."
    next_en = "Type the pairing code that stands in the helper's window."


class WrongPairingCode(SignatureProblem):
    """Not the code that the window shows, or none may be tried any more."""

    code = "pairing_code_wrong"
    status = 403
    vi = "Mã ghép nối không đúng."
    en = "The pairing code is wrong."
    next_vi = "Nhập đúng mã đang hiện; sai 5 lần thì chạy lại chương trình ký để có mã mới."
    next_en = "Type the code that is shown; after five wrong ones start the helper anew."


class Unreadable(SignatureProblem):
    """What came is no question to sign."""

    code = "question_unreadable"
    status = 422
    vi = "Yêu cầu ký không đọc được: {why}."
    en = "What is to be signed cannot be read: {why}."
    next_vi = "Tải lại trang rồi ký lại; nếu vẫn vậy, báo quản trị."
    next_en = "Reload the page and sign again; if it stays so, tell the administrator."


class OtherCertificate(SignatureProblem):
    """What is to be signed names another certificate than that on the token."""

    code = "certificate_on_token_differs"
    status = 422
    vi = "Chứng thư số trong thiết bị không phải chứng thư số đã đăng ký để ký, đóng dấu ở đây."
    en = "The certificate on the token is not the one that is registered for this signature or seal."
    next_vi = "Cắm đúng thiết bị, hoặc đề nghị quản trị đăng ký chứng thư số đang dùng."
    next_en = "Plug in the right token, or have the administrator register its certificate."


class Declined(SignatureProblem):
    """Who sits at the machine typed no PIN."""

    code = "declined"
    status = 409
    vi = "Người ký đã từ chối ở cửa sổ chương trình ký."
    en = "It was declined in the helper's window."
    next_vi = "Văn bản vẫn chờ ký; ký lại hoặc hủy yêu cầu."
    next_en = "The document still waits; sign again, or cancel the request."


class Busy(SignatureProblem):
    """One question at a time."""

    code = "helper_busy"
    status = 409
    vi = "Chương trình ký đang hỏi PIN cho một yêu cầu khác."
    en = "The helper is asking the PIN for another request."
    next_vi = "Trả lời ở cửa sổ chương trình ký (bỏ trống là từ chối), rồi ký lại."
    next_en = "Answer in the helper's window (nothing typed declines), then sign again."
