"""The sentences of a verdict, Vietnamese and English, each beside its weight and its ETSI sub-indication."""

from lienthong.standards.signatures.report import Change, Finding, Verdict

_F, _I = Verdict.FAILED, Verdict.INDETERMINATE

FINDINGS: dict[str, tuple[Verdict, str, str, str]] = {
    "malformed": (
        _F,
        "FORMAT_FAILURE",
        "Chữ ký số bị hỏng hoặc không đúng khuôn dạng.",
        "The signature is broken or not in a known format.",
    ),
    "coverage": (
        _F,
        "FORMAT_FAILURE",
        "Chữ ký số không bao trùm toàn bộ văn bản tại thời điểm ký.",
        "The signature does not cover the whole document as it was when signed.",
    ),
    "bytes_changed": (
        _F,
        "HASH_FAILURE",
        "Nội dung văn bản đã bị thay đổi sau khi ký.",
        "The content of the document was changed after signing.",
    ),
    "signature_wrong": (
        _F,
        "SIG_CRYPTO_FAILURE",
        "Giá trị chữ ký số không đúng với chứng thư số kèm theo.",
        "The signature value does not match the certificate that came with it.",
    ),
    "changed_after": (
        _F,
        "SIG_CONSTRAINTS_FAILURE",
        "Văn bản đã bị sửa đổi sau khi ký: {changes}.",
        "The document was altered after signing: {changes}.",
    ),
    "added_after": (
        _I,
        "SIG_CONSTRAINTS_FAILURE",
        "Có nội dung được thêm vào sau chữ ký này: {changes}. Văn thư cần xem xét và quyết định.",
        "Something was added after this signature: {changes}. The clerk has to look and decide.",
    ),
    "unexplained_after": (
        _I,
        "SIG_CONSTRAINTS_FAILURE",
        "Cấu trúc tệp thay đổi sau chữ ký này mà không xác định được nội dung thay đổi.",
        "The file's structure changed after this signature in a way that cannot be explained.",
    ),
    "unsupported": (
        _I,
        "GENERIC",
        "Loại chữ ký số “{kind}” không được hỗ trợ.",
        "Signatures of the kind “{kind}” are not supported.",
    ),
    "weak": (
        _I,
        "CRYPTO_CONSTRAINTS_FAILURE",
        "Thuật toán hoặc độ dài khóa không đáp ứng yêu cầu an toàn.",
        "The algorithm or the key length does not meet the security requirements.",
    ),
    "no_chain": (
        _I,
        "NO_CERTIFICATE_CHAIN_FOUND",
        "Chứng thư số không do tổ chức chứng thực được tin cậy cấp.",
        "The certificate does not lead to a trusted authority.",
    ),
    "chain_invalid": (
        _I,
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        "Đường dẫn chứng thực của chứng thư số không hợp lệ.",
        "The certification path of the certificate is not valid.",
    ),
    "expired": (
        _F,
        "EXPIRED",
        "Chứng thư số đã hết hạn trước thời điểm ký.",
        "The certificate had expired before the signature was made.",
    ),
    "expired_unproven": (
        _I,
        "OUT_OF_BOUNDS_NO_POE",
        "Chứng thư số đã hết hạn và không có dấu thời gian chứng minh văn bản được ký khi chứng thư còn hiệu lực.",
        "The certificate has expired and no time stamp proves that the signature was made before.",
    ),
    "not_yet_valid": (
        _F,
        "NOT_YET_VALID",
        "Chứng thư số chưa có hiệu lực tại thời điểm ký.",
        "The certificate was not yet valid when the signature was made.",
    ),
    "revoked": (
        _F,
        "REVOKED",
        "Chứng thư số đã bị thu hồi từ {since}, trước thời điểm ký.",
        "The certificate was revoked on {since}, before the signature was made.",
    ),
    "revoked_unproven": (
        _I,
        "REVOKED_NO_POE",
        "Chứng thư số đã bị thu hồi từ {since}; không có dấu thời gian chứng minh văn bản được ký trước đó.",
        "The certificate was revoked on {since}; no time stamp proves that the signature was made before.",
    ),
    "no_revocation_information": (
        _I,
        "TRY_LATER",
        "Chưa có thông tin về tình trạng thu hồi của chứng thư số; cần kiểm tra lại sau.",
        "There is no revocation information for the certificate yet; judge again later.",
    ),
    "usage": (
        _I,
        "CHAIN_CONSTRAINTS_FAILURE",
        "Chứng thư số không được cấp để ký văn bản.",
        "The certificate was not issued for signing documents.",
    ),
    "name_differs": (
        _F,
        "SIG_CONSTRAINTS_FAILURE",
        "Người ký theo chứng thư số là “{who}”, khác với người ký ghi trên văn bản là “{named}”.",
        "By the certificate the signer is “{who}”, but the document names “{named}”.",
    ),
    "name_missing": (
        _I,
        "SIG_CONSTRAINTS_FAILURE",
        "Người ký theo chứng thư số là “{who}”, nhưng văn bản gửi đến không ghi người ký.",
        "By the certificate the signer is “{who}”, but the document names nobody.",
    ),
    "seal_of_another": (
        _F,
        "SIG_CONSTRAINTS_FAILURE",
        "Chữ ký số này được đăng ký cho cơ quan khác ({other}), không phải {agency}.",
        "This seal is registered for another agency ({other}), not for {agency}.",
    ),
    "seal_unregistered": (
        _I,
        "SIG_CONSTRAINTS_FAILURE",
        "Chứng thư số của cơ quan chưa được đăng ký trong danh bạ tại thời điểm ký.",
        "The agency's certificate was not registered in the directory when the signature was made.",
    ),
    "agency_unknown": (
        _I,
        "SIG_CONSTRAINTS_FAILURE",
        "Chưa xác định được cơ quan ban hành để đối chiếu chữ ký số.",
        "The issuing agency is not known, so its seal cannot be matched.",
    ),
}
"""Code → weight, ETSI EN 319 102-1 sub-indication, sentences.

Two entries are harder than ETSI's table: a wrong name and another agency's seal break our own policy constraints, which
ETSI calls indeterminate; a document that speaks in another's name is refused here.
"""

PASSED = (
    "Chữ ký số hợp lệ.",
    "The signature is valid.",
)
PASSED_STAMPED = (
    "Chữ ký số hợp lệ: chứng thư số đã hết hạn, nhưng dấu thời gian chứng minh văn bản được ký khi còn hiệu lực.",
    "The signature is valid: the certificate has expired since, but a time stamp proves it was made before.",
)

CHANGES: dict[str, tuple[str, str]] = {
    "page_content": ("nội dung trang {page}", "content of page {page}"),
    "page_count": ("số trang ({detail})", "number of pages ({detail})"),
    "annotation_added": ("chú thích được thêm ở trang {page} “{detail}”", "annotation added on page {page} “{detail}”"),
    "annotation_changed": ("chú thích ở trang {page}", "annotation on page {page}"),
    "annotation_removed": ("chú thích bị xóa ở trang {page}", "annotation removed from page {page}"),
    "field_added": ("trường “{detail}” được thêm ở trang {page}", "field “{detail}” added on page {page}"),
    "field_changed": ("giá trị của trường “{detail}”", "value of the field “{detail}”"),
    "document": ("thiết lập của tệp ({detail})", "settings of the file ({detail})"),
}
ADDITIONS = frozenset({"annotation_added", "field_added"})
"""Kinds of change that leave what was signed as it was."""

REASONS: dict[str, tuple[str, str]] = {
    "equivalent": (
        "Văn bản có đủ chữ ký số hợp lệ của người có thẩm quyền và của cơ quan, có giá trị pháp lý như bản gốc giấy.",
        "The document carries valid signatures of the competent person and of the agency: equal to the paper original.",
    ),
    "equivalent_enclosure": (
        "Tài liệu kèm theo có chữ ký số hợp lệ của cơ quan.",
        "The enclosure carries the agency's valid signature.",
    ),
    "encrypted": (
        "Tệp được mã hóa nên không kiểm tra được; chỉ có giá trị tham khảo.",
        "The file is encrypted and cannot be judged: for information only.",
    ),
    "unreadable": (
        "Tệp bị hỏng hoặc không phải PDF; chỉ có giá trị tham khảo.",
        "The file is broken or no PDF: for information only.",
    ),
    "unsigned": (
        "Văn bản không có chữ ký số; chỉ có giá trị tham khảo.",
        "The document is not signed: for information only.",
    ),
    "failed": (
        "Có chữ ký số không hợp lệ; văn bản không có giá trị pháp lý như bản gốc.",
        "A signature is not valid: the document is not equal to an original.",
    ),
    "indeterminate": (
        "Có chữ ký số chưa thể xác nhận; văn bản chỉ có giá trị tham khảo cho đến khi được xác nhận.",
        "A signature cannot be confirmed yet: for information until it is.",
    ),
    "no_person": (
        "Văn bản thiếu chữ ký số của người có thẩm quyền; chỉ có giá trị tham khảo.",
        "The competent person's signature is missing: for information only.",
    ),
    "no_seal": (
        "Văn bản thiếu chữ ký số của cơ quan ban hành; chỉ có giá trị tham khảo.",
        "The issuing agency's signature is missing: for information only.",
    ),
    "not_vouched": (
        "Chữ ký số của cơ quan không bao trùm chữ ký của người có thẩm quyền; chỉ có giá trị tham khảo.",
        "The agency's signature does not cover the person's signature: for information only.",
    ),
    "differs": (
        "Số, ngày, tháng trên văn bản khác với thông tin gửi kèm; chỉ có giá trị tham khảo.",
        "Number, day or month on the document differ from what was sent along: for information only.",
    ),
}


def finding(code: str, **data: object) -> Finding:
    """The finding `code` with its sentences filled in."""
    verdict, indication, vi, en = FINDINGS[code]
    return Finding(code, verdict, indication, vi.format_map(data), en.format_map(data))


def change_finding(code: str, changes: tuple[Change, ...]) -> Finding:
    """A finding about changes, naming the first ones in each language."""
    verdict, indication, vi, en = FINDINGS[code]
    shown = changes[:_SHOWN]
    rest = "…" if len(changes) > _SHOWN else ""
    return Finding(
        code,
        verdict,
        indication,
        vi.format(changes="; ".join(c.vi for c in shown) + rest),
        en.format(changes="; ".join(c.en for c in shown) + rest),
    )


def change(kind: str, page: int | None = None, detail: str = "") -> Change:
    """A change with its words."""
    vi, en = CHANGES[kind]
    data = {"page": page, "detail": detail}
    return Change(kind, page, detail, vi.format_map(data), en.format_map(data))


_SHOWN = 4
