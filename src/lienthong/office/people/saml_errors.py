"""What is refused of signing in by SAML: each way in which a provider's answer does not hold has a name."""

from lienthong.office.errors import OfficeProblem


class SamlRefused(OfficeProblem):
    """A provider's answer by SAML does not hold; leaves say why."""

    status = 403
    next_vi = "Đăng nhập lại từ trang đăng nhập; vẫn không được thì dùng mật khẩu và báo quản trị."
    next_en = "Begin again at the sign-in page; if it fails again, use the password and tell an administrator."


class SamlUnreadable(SamlRefused):
    """What came is no answer: no base64, no XML, too large, or no Response of SAML 2.0."""

    code = "saml_unreadable"
    vi = "Câu trả lời của {provider} không đọc được."
    en = "The answer of {provider} cannot be read."


class SamlUnsafe(SamlRefused):
    """The XML declares a document type or entities, or holds instructions to a program."""

    code = "saml_unsafe"
    vi = "Câu trả lời của {provider} có khai báo DTD, thực thể hoặc lệnh xử lý; không được phép."
    en = "The answer of {provider} declares a DTD or entities, or has processing instructions, which is forbidden."


class SamlNotVouched(SamlRefused):
    """The provider answers that nobody was signed in."""

    code = "saml_not_vouched"
    vi = "{provider} không xác nhận anh/chị."
    en = "{provider} did not vouch for you."


class SamlEncrypted(SamlRefused):
    """The statement is encrypted; this office publishes no key for that."""

    code = "saml_encrypted"
    vi = "Xác nhận của {provider} được mã hóa; hệ thống này không nhận xác nhận mã hóa."
    en = "The assertion of {provider} is encrypted, which this office does not take."
    next_vi = "Đề nghị đơn vị quản lý {provider} tắt mã hóa xác nhận (đường truyền đã mã hóa), rồi đăng nhập lại."
    next_en = (
        "Have who keeps {provider} switch the encryption of assertions off (the channel has its own), then sign in."
    )


class SamlUnsigned(SamlRefused):
    """The statement itself bears no signature, whatever else does."""

    code = "saml_unsigned"
    vi = "Xác nhận (Assertion) của {provider} không có chữ ký."
    en = "The assertion of {provider} is not signed."
    next_vi = "Đề nghị đơn vị quản lý {provider} bật ký xác nhận (Sign Assertions), rồi đăng nhập lại."
    next_en = "Have who keeps {provider} switch on that assertions are signed, then sign in."


class SamlWeakSignature(SamlRefused):
    """Signed by an algorithm that is not good enough: SHA-1, a shared secret, DSA."""

    code = "saml_weak_signature"
    vi = "{provider} ký bằng thuật toán không được chấp nhận (SHA-1 hoặc thuật toán yếu)."
    en = "{provider} signs by an algorithm that is not accepted (SHA-1, or a weak one)."
    next_vi = "Đề nghị đơn vị quản lý {provider} chuyển sang SHA-256 với RSA từ 2048 bit hoặc ECDSA, rồi đăng nhập lại."
    next_en = "Have who keeps {provider} change to SHA-256 with RSA of 2048 bits or more, or ECDSA, then sign in."


class SamlBadSignature(SamlRefused):
    """The signature is of another key, or of another text."""

    code = "saml_bad_signature"
    vi = "Chữ ký trên xác nhận không phải của {provider}, hoặc xác nhận đã bị sửa."
    en = "The signature is not that of {provider}, or the assertion was changed."
    next_vi = "Nếu {provider} vừa đổi chứng thư số, đề nghị người vận hành nạp lại metadata; nếu không, báo quản trị."
    next_en = "If {provider} has a new certificate, have its metadata imported again; if not, tell an administrator."


class SamlWrapped(SamlRefused):
    """There is more than the one statement that is signed, or the signature is of something else (wrapping)."""

    code = "saml_wrapped"
    vi = "Câu trả lời của {provider} có phần nằm ngoài chữ ký hoặc có nhiều xác nhận."
    en = "The answer of {provider} has parts beside what is signed, or several assertions."


class SamlCertificateEnded(SamlRefused):
    """No certificate of the provider that is known here is valid now."""

    code = "saml_certificate_ended"
    vi = "Chứng thư số của {provider} đã hết hạn hoặc chưa có hiệu lực."
    en = "The certificate of {provider} has ended, or is not valid yet."
    next_vi = "Đề nghị người vận hành nạp lại metadata của {provider}; trong lúc chờ, đăng nhập bằng mật khẩu."
    next_en = "Have the metadata of {provider} imported again; meanwhile use the password."


class SamlWrongIssuer(SamlRefused):
    """Another provider says it."""

    code = "saml_wrong_issuer"
    vi = "Xác nhận không do {provider} cấp."
    en = "The assertion was not issued by {provider}."


class SamlWrongAudience(SamlRefused):
    """It is said to another system."""

    code = "saml_wrong_audience"
    vi = "Xác nhận của {provider} cấp cho hệ thống khác."
    en = "The assertion of {provider} is for another system."
    next_vi = "Đề nghị đơn vị quản lý {provider} nạp lại metadata của hệ thống này, rồi đăng nhập lại."
    next_en = "Have who keeps {provider} import the metadata of this office again, then sign in."


class SamlWrongPlace(SamlRefused):
    """It was to be handed in at another address (Destination, Recipient)."""

    code = "saml_wrong_place"
    vi = "Xác nhận của {provider} gửi cho địa chỉ khác."
    en = "The assertion of {provider} was meant for another address."
    next_vi = "Đề nghị đơn vị quản lý {provider} nạp lại metadata của hệ thống này, rồi đăng nhập lại."
    next_en = "Have who keeps {provider} import the metadata of this office again, then sign in."


class SamlNotNow(SamlRefused):
    """It does not hold at this moment: not yet, no more, or without an end."""

    code = "saml_not_now"
    vi = "Xác nhận của {provider} đã hết hạn, chưa có hiệu lực hoặc không ghi thời hạn."
    en = "The assertion of {provider} is over, does not hold yet, or names no end."
    next_vi = "Đăng nhập lại; nếu lặp lại, đề nghị người vận hành và {provider} kiểm tra giờ của máy chủ."
    next_en = "Sign in again; if it stays so, the clocks of this server and of {provider} are to be looked at."


class SamlUnsolicited(SamlRefused):
    """Nobody here had asked: a sign-in begins at this office's own page."""

    code = "saml_unsolicited"
    vi = "{provider} gửi xác nhận khi chưa có ai ở đây yêu cầu."
    en = "{provider} sent an assertion that nobody here had asked for."
    next_vi = "Bắt đầu từ trang đăng nhập của hệ thống này, không từ trang ứng dụng của {provider}."
    next_en = "Begin at this office's sign-in page, not at the page of applications of {provider}."


class SamlReplayed(SamlRefused):
    """It was handed in before: a statement lets in once."""

    code = "saml_replayed"
    vi = "Xác nhận này của {provider} đã được dùng."
    en = "This assertion of {provider} was used already."


class SamlNobody(SamlRefused):
    """It does not say who signed in, by a name that stays the same."""

    code = "saml_nobody"
    vi = "{provider} không nêu ai đăng nhập bằng một mã không đổi."
    en = "{provider} does not say who signed in by an identifier that stays the same."
    next_vi = "Đề nghị đơn vị quản lý {provider} gửi NameID cố định (persistent), không gửi loại tạm thời (transient)."
    next_en = "Have who keeps {provider} send a persistent NameID, not a transient one."


class SamlMetadataRefused(OfficeProblem):
    """A provider's description from which nobody can be signed in safely."""

    code = "saml_metadata_refused"
    status = 422
    vi = "Metadata của nơi cấp không dùng được: {why}."
    en = "The provider's metadata cannot be used: {why_en}."
    next_vi = "Lấy lại tệp metadata SAML 2.0 từ nơi cấp (IdP), không sửa tay, rồi nạp lại."
    next_en = "Fetch the SAML 2.0 metadata of the identity provider anew, do not edit it, and import it again."


class SamlMetadataEnded(SamlRefused):
    """The description by which the provider is known here says that it holds no more."""

    code = "saml_metadata_ended"
    vi = "Metadata của {provider} đã quá hạn hiệu lực ghi trong đó."
    en = "The metadata of {provider} says that it holds no more."
    next_vi = "Đăng nhập bằng mật khẩu; đề nghị người vận hành nạp metadata mới của {provider}."
    next_en = "Use the password; have the operator import the new metadata of {provider}."
