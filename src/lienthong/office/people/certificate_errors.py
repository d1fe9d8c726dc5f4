"""What an office refuses about certificates, keys, and the device that keeps the agency's key."""

from lienthong.office.errors import NotFound, OfficeProblem

DEVICES = "Điều 32 Nghị định 30/2020/NĐ-CP"
PROVISION = "Điều 18 Quyết định 28/2018/QĐ-TTg"


class NotListed(NotFound):
    """No such certificate, owner or request, or it may not be seen: both look the same from outside."""

    vi = "Không có chứng thư số hoặc đề nghị này, hoặc anh/chị không được xem."
    en = "There is no such certificate or request, or you may not see it."
    next_vi = "Về mục Chứng thư số và mở lại từ đó."
    next_en = "Go back to «Certificates» and open it from there."


class NoCertificate(OfficeProblem):
    """The bytes are no X.509 certificate."""

    code = "no_certificate"
    status = 422
    vi = "Tệp tải lên không phải chứng thư số (X.509, .cer, .crt, .pem)."
    en = "The file is no certificate (X.509, .cer, .crt, .pem)."
    next_vi = "Xuất chứng thư số (không kèm khóa bí mật) từ thiết bị hoặc nhận từ nhà cung cấp rồi tải lên lại."
    next_en = "Export the certificate (without its private key) from the device, or get it from the provider."


class UnfitCertificate(OfficeProblem):
    """A certificate with which nobody would believe a signature: another issuer, purpose, or too weak a key."""

    code = "unfit_certificate"
    status = 422
    clause = PROVISION
    vi = "Không dùng được chứng thư số này để ký văn bản: {why}."
    en = "Documents cannot be signed with this certificate: {why_en}."
    next_vi = "Dùng chứng thư số do tổ chức cung cấp dịch vụ được tin cậy cấp để ký số."
    next_en = "Use a certificate for signing from a provider that is trusted here."


class WrongOwner(OfficeProblem):
    """A certificate of another person, or the seal of another agency."""

    code = "certificate_of_another"
    status = 422
    clause = DEVICES
    vi = "Chứng thư số ghi «{named}», không phải của {owner}."
    en = "The certificate names «{named}»: it is not that of {owner}."
    next_vi = "Chọn đúng chủ thể; nếu tên trong chứng thư số sai, đề nghị cấp lại ở mục Chứng thư số."
    next_en = "Choose its owner; if the name in it is wrong, file a request for another one under «Certificates»."


class KnownCertificate(OfficeProblem):
    """It is in the inventory already."""

    code = "certificate_known"
    vi = "Chứng thư số này đã có trong danh mục."
    en = "This certificate is in the inventory already."
    next_vi = "Mở chứng thư số trong danh mục để xem."
    next_en = "Open it there."


class CertificateExpired(OfficeProblem):
    """Its time is over: what it would sign is valid nowhere."""

    code = "certificate_expired"
    clause = PROVISION
    vi = "Chứng thư số của {owner} đã hết hạn ngày {day}."
    en = "The certificate of {owner} expired on {day_en}."
    next_vi = "Đề nghị cấp lại ở mục Chứng thư số; ký bằng chứng thư số mới sau khi được cấp."
    next_en = "File a request for renewal under «Certificates», and sign with the new one."


class CertificateNotYetValid(OfficeProblem):
    """Its time has not begun."""

    code = "certificate_not_yet_valid"
    clause = PROVISION
    vi = "Chứng thư số của {owner} có hiệu lực từ ngày {day}, chưa dùng để ký được."
    en = "The certificate of {owner} is valid from {day_en}; it cannot sign yet."
    next_vi = "Ký từ ngày chứng thư số có hiệu lực; nếu ngày ghi sai, đề nghị cấp lại ở mục Chứng thư số."
    next_en = "Sign from that day; if the day is wrong, file a request for another one under «Certificates»."


class RevokedHere(OfficeProblem):
    """It was revoked, or is about to be: nothing is signed with it from the approval of the request on."""

    code = "certificate_withdrawn"
    clause = PROVISION
    vi = "Chứng thư số của {owner} đã bị thu hồi hoặc đã được duyệt thu hồi."
    en = "The certificate of {owner} is revoked, or its revocation is approved."
    next_vi = "Đề nghị cấp mới ở mục Chứng thư số; ký bằng chứng thư số mới sau khi được cấp."
    next_en = "File a request for a new one under «Certificates», and sign with that."


class OtherKey(OfficeProblem):
    """The key that was opened belongs to another certificate than the registered one."""

    code = "key_of_another_certificate"
    status = 422
    clause = DEVICES
    vi = "Khóa trong thiết bị hoặc tệp không phải khóa của chứng thư số đã đăng ký cho {owner}."
    en = "The key in the device or file is not that of the certificate registered for {owner}."
    next_vi = "Cắm đúng thiết bị, hoặc đề nghị quản trị đăng ký chứng thư số đang dùng."
    next_en = "Use the right device, or have the administrator register the certificate in it."


class NotTheHolder(OfficeProblem):
    """Somebody else holds the agency's device: who seals applies the seal personally (Decree 30, Article 32.2c)."""

    code = "not_the_holder"
    status = 403
    clause = DEVICES
    vi = "Thiết bị lưu khóa bí mật của cơ quan đang do {holder} giữ."
    en = "The device with the agency's secret key is held by {holder}."
    next_vi = (
        "Đề nghị {holder} ký số của cơ quan, hoặc bàn giao thiết bị bằng văn bản và ghi vào sổ ở mục Chứng thư số."
    )
    next_en = "Let {holder} seal, or hand the device over in writing and record it under «Certificates»."


class HolderChanged(OfficeProblem):
    """The hand-over does not begin where the one before ended."""

    code = "holder_changed"
    vi = "Lần bàn giao này không nối tiếp lần trước: người đang giữ là {holder}, từ {since}."
    en = "This hand-over does not follow the last one: {holder} holds the device since {since_en}."
    next_vi = "Tải lại trang, kiểm tra người giao, người nhận và thời điểm rồi ghi lại."
    next_en = "Reload the page, check who hands over to whom and when, and record it again."


class RequestElsewhere(OfficeProblem):
    """The request is not where this act finds it, or someone was faster."""

    code = "request_elsewhere"
    vi = "Đề nghị đang ở trạng thái «{state}» nên không thực hiện được việc này."
    en = "The request is «{state_en}», so this cannot be done."
    next_vi = "Tải lại trang để xem trạng thái mới nhất."
    next_en = "Reload the page to see where it stands now."


class RequestUnderWay(OfficeProblem):
    """The same was asked for and is not answered yet."""

    code = "request_under_way"
    vi = "Đã có đề nghị như vậy đang được giải quyết."
    en = "The same was asked for and is under way."
    next_vi = "Mở đề nghị đó để theo dõi."
    next_en = "Open that request to follow it."
