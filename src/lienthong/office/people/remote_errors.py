"""What is refused of signing from afar."""

from lienthong.office.errors import OfficeProblem

DEVICES = "Điều 18 Quyết định 28/2018/QĐ-TTg"


class ServiceAway(OfficeProblem):
    """A service of remote signing does not answer."""

    code = "remote_service_away"
    status = 503
    vi = "Dịch vụ ký số từ xa «{service}» không trả lời."
    en = "The remote signing service «{service}» does not answer."
    next_vi = "Chưa ký gì; thử lại sau ít phút, hoặc báo quản trị."
    next_en = "Nothing was signed; try again in a few minutes, or tell the administrator."


class ServiceRefused(OfficeProblem):
    """A service of remote signing does not do what it is asked, or answers what does not hold."""

    code = "remote_service_refused"
    status = 422
    clause = DEVICES
    vi = "Dịch vụ ký số từ xa «{service}»: {why}."
    en = "Remote signing service «{service}»: {why_en}."
    next_vi = "Chưa ký gì. Ký lại; nếu vẫn vậy, báo quản trị kiểm tra chứng thư số ở dịch vụ."
    next_en = "Nothing was signed. Sign again; if it stays so, have the administrator check the credential there."


class RemoteCodeWrong(OfficeProblem):
    """What the owner of a key typed is not what the service knows (SEC-2: not without end)."""

    code = "remote_code_wrong"
    status = 403
    vi = "Mã xác nhận ký từ xa không đúng hoặc đã hết hạn."
    en = "The code for signing from afar is wrong, or too old."
    next_vi = "Nhập lại mã; dịch vụ có thể khóa chứng thư số sau nhiều lần nhập sai."
    next_en = "Type it again; the service may lock the credential after several wrong ones."


class SignsFromAfar(OfficeProblem):
    """This key is at a service, or at its owner's machine: nothing opens it here with a PIN."""

    code = "signs_from_afar"
    vi = "Khóa ký của {owner} không ở máy chủ này: ở dịch vụ ký số từ xa, hoặc ở thiết bị của người ký."
    en = "The key of {owner} is not on this server: it is at a remote signing service, or on the signer's own token."
    next_vi = "Mở trang Trình ký và ký ở đó."
    next_en = "Open «To sign» and sign there."


class NotSigned(OfficeProblem):
    """The signature was asked for, and is not in the document."""

    code = "remote_not_signed"
    vi = "Chưa ký được: {why}."
    en = "Not signed: {why_en}."
    next_vi = "Văn bản vẫn chờ ký; mở văn bản, xem lại rồi ký lại."
    next_en = "It still waits for the signature; open it, look again, and sign again."


class AlreadyAsked(OfficeProblem):
    """One consent at a time is asked for a document."""

    code = "remote_already_asked"
    vi = "Văn bản này đang chờ chữ ký đã yêu cầu."
    en = "A signature was asked for already, and this document waits for it."
    next_vi = "Xác nhận trên điện thoại hoặc ký bằng thiết bị, hoặc hủy yêu cầu rồi ký lại."
    next_en = "Agree on your phone or sign with the token, or cancel the request and sign again."


class TooManyAtOnce(OfficeProblem):
    """A service allows so many signatures by one consent, and no more."""

    code = "remote_too_many"
    status = 422
    vi = "Chứng thư số từ xa này chỉ ký {most} văn bản trong một lần xác nhận."
    en = "This credential signs {most} documents with one consent."
    next_vi = "Đánh dấu ít văn bản hơn, ký từng lượt."
    next_en = "Mark fewer documents, and sign them in turns."


class NothingWaits(OfficeProblem):
    """There is no request that could be cancelled."""

    code = "nothing_waits"
    status = 409
    vi = "Không có yêu cầu ký nào đang chờ."
    en = "No request to sign is waiting."
    next_vi = "Mở lại trang để xem văn bản đang ở bước nào."
    next_en = "Open the page again to see where the document stands."


class UnfitCredential(OfficeProblem):
    """A credential by which this office cannot sign."""

    code = "unfit_credential"
    status = 422
    clause = DEVICES
    vi = "Không dùng được chứng thư số ở dịch vụ: {why}."
    en = "The credential at the service cannot be used: {why_en}."
    next_vi = "Kiểm tra mã người dùng và chứng thư số với nhà cung cấp dịch vụ."
    next_en = "Check the user name and the credential with the provider."


class ForeignSignature(OfficeProblem):
    """What a token's helper gave is not the registered key's signature over what was asked."""

    code = "foreign_signature"
    status = 422
    clause = DEVICES
    vi = "Chữ ký nhận từ thiết bị không phải của chứng thư số đã đăng ký, hoặc không phải cho văn bản này."
    en = "The signature of the token is not by the registered certificate, or not for this document."
    next_vi = (
        "Chưa ký gì. Cắm đúng thiết bị rồi ký lại; nếu đã đổi chứng thư số, đề nghị quản trị đăng ký chứng thư số mới."
    )
    next_en = "Nothing was signed. Plug in the right token and sign again; a new certificate is registered first."
