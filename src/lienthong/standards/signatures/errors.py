"""What signing refuses: one class each, with the words for people and what to do next."""

from typing import ClassVar


class SignatureProblem(Exception):
    """A named refusal. `data` fills the placeholders of the texts."""

    code: ClassVar[str] = "signature_problem"
    status: ClassVar[int] = 422
    vi: ClassVar[str] = "Không ký được văn bản."
    en: ClassVar[str] = "The document cannot be signed."
    next_vi: ClassVar[str] = ""
    next_en: ClassVar[str] = ""

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.en.format_map(data))

    @property
    def message_vi(self) -> str:
        return self.vi.format_map(self.data)

    @property
    def message_en(self) -> str:
        return self.en.format_map(self.data)


class PdfUnreadable(SignatureProblem):
    """The bytes are no PDF, or a broken one."""

    code = "pdf_unreadable"
    vi = "Tệp PDF bị hỏng hoặc không đọc được: {reason}."
    en = "The PDF is broken or cannot be read: {reason}."
    next_vi = "Kết xuất lại tệp PDF từ bản gốc rồi thử lại."
    next_en = "Export the PDF from its source again and retry."


class PdfEncrypted(SignatureProblem):
    """Encrypted documents are refused: a receiver could not judge them."""

    code = "pdf_encrypted"
    vi = "Tệp PDF được mã hóa hoặc đặt mật khẩu."
    en = "The PDF is encrypted or has a password."
    next_vi = "Bỏ mật khẩu của tệp PDF rồi thử lại."
    next_en = "Remove the password from the PDF and retry."


class PdfHasXfa(SignatureProblem):
    """XFA forms are drawn by the viewer, outside what is signed."""

    code = "pdf_has_xfa"
    vi = "Tệp PDF chứa biểu mẫu XFA, nội dung hiển thị có thể khác nội dung được ký."
    en = "The PDF holds an XFA form: what is shown may differ from what is signed."
    next_vi = "Kết xuất lại văn bản thành PDF/A rồi thử lại."
    next_en = "Export the document as PDF/A and retry."


class PdfAlreadySigned(SignatureProblem):
    """The file, or the field, carries a signature already."""

    code = "pdf_already_signed"
    status = 409
    vi = "Văn bản đã được ký, không thể thực hiện bước này."
    en = "The document is signed already; this step comes too late."
    next_vi = "Tạo lại dự thảo nếu cần sửa nội dung."
    next_en = "Make a new draft if the content must change."


class PdfNotApproved(SignatureProblem):
    """The number and the seal come after the signature of the competent person (Decree 30/2020, articles 13, 15)."""

    code = "pdf_not_approved"
    status = 409
    vi = "Văn bản chưa có chữ ký số của người có thẩm quyền."
    en = "The document does not carry the competent person's signature yet."
    next_vi = "Trình người có thẩm quyền ký trước khi cấp số và ký số của cơ quan."
    next_en = "Have the competent person sign before numbering and sealing."


class SlotMissing(SignatureProblem):
    """A place the acts need was not given, or the field is not in the file."""

    code = "slot_missing"
    vi = "Văn bản thiếu vị trí “{place}”."
    en = "The document lacks the place “{place}”."
    next_vi = "Dùng mẫu văn bản có đủ vị trí số, ngày, tháng, chữ ký và dấu."
    next_en = "Use a template with places for number, day, month, signature and seal."


class SlotOffPage(SignatureProblem):
    """A place lies outside its page, or on a page that does not exist."""

    code = "slot_off_page"
    vi = "Vị trí “{place}” nằm ngoài trang {page}."
    en = "The place “{place}” lies outside page {page}."
    next_vi = "Kiểm tra mẫu văn bản và kết xuất lại."
    next_en = "Check the template and export again."


class WrongPin(SignatureProblem):
    """The password of the key file, or the PIN of the token, is wrong."""

    code = "wrong_pin"
    status = 403
    vi = "Mã PIN hoặc mật khẩu của khóa ký không đúng."
    en = "The PIN or password of the signing key is wrong."
    next_vi = "Nhập lại mã PIN; thiết bị có thể bị khóa sau nhiều lần nhập sai."
    next_en = "Enter the PIN again; a token locks itself after several wrong ones."


class KeyUnusable(SignatureProblem):
    """The key file or token holds no usable key, or is not reachable."""

    code = "key_unusable"
    vi = "Không dùng được khóa ký: {reason}."
    en = "The signing key cannot be used: {reason}."
    next_vi = "Kiểm tra thiết bị hoặc tệp khóa, chứng thư số và cài đặt."
    next_en = "Check the token or key file, its certificate and the settings."


class TimeStampRefused(SignatureProblem):
    """The time-stamping authority gave no usable token (RFC 3161)."""

    code = "time_stamp_refused"
    status = 503
    vi = "Dịch vụ cấp dấu thời gian không trả lời hợp lệ: {reason}."
    en = "The time-stamping service gave no valid answer: {reason}."
    next_vi = "Thử lại sau ít phút; chữ ký chưa được tạo."
    next_en = "Retry in a few minutes; no signature was made."


class MaterialUnavailable(SignatureProblem):
    """Certificates or revocation information for later validation could not be had."""

    code = "validation_material_unavailable"
    status = 503
    vi = "Không lấy được thông tin kiểm tra chứng thư số của “{subject}”."
    en = "No validation material for the certificate of “{subject}” could be had."
    next_vi = "Thử lại khi dịch vụ chứng thực hoạt động trở lại; văn bản chưa được ký số của cơ quan."
    next_en = "Retry when the certification service answers again; the document was not sealed."


class TextDoesNotFit(SignatureProblem):
    """A text contains what its place must not hold."""

    code = "text_not_allowed"
    vi = "Nội dung “{text}” không hợp lệ tại vị trí “{place}”."
    en = "The text “{text}” is not allowed at the place “{place}”."
    next_vi = "Số gồm chữ số; ngày từ 01 đến 31; tháng từ 01 đến 12."
    next_en = "The number is digits; the day is 01 to 31; the month 01 to 12."


class CertificateRevoked(SignatureProblem):
    """A certificate on the way to the seal no longer stands: what it signed would be refused everywhere."""

    code = "certificate_revoked"
    status = 409
    vi = "Chứng thư số của “{subject}” đã bị thu hồi từ {since}."
    en = "The certificate of “{subject}” was revoked on {since}."
    next_vi = "Dùng chứng thư số còn hiệu lực và ký lại."
    next_en = "Sign again with a certificate that stands."


class PictureUnusable(SignatureProblem):
    """The picture of a signature or seal is no PNG."""

    code = "picture_unusable"
    vi = "Hình ảnh chữ ký hoặc dấu không phải tệp PNG hợp lệ."
    en = "The picture of the signature or seal is not a valid PNG."
    next_vi = "Tải lên hình ảnh PNG nền trong suốt."
    next_en = "Upload a PNG with a transparent background."
