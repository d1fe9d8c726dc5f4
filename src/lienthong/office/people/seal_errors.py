"""What is refused where the agency's seal is a token at the clerk's own machine."""

from lienthong.office.errors import OfficeProblem

DEVICES = "Điều 32 Nghị định 30/2020/NĐ-CP"


class SealAtDesk(OfficeProblem):
    """The seal is plugged into the clerk's machine: no PIN that reaches this server seals."""

    code = "seal_at_desk"
    clause = DEVICES
    vi = "Con dấu của {owner} ở thiết bị tại máy văn thư, không ở máy chủ này."
    en = "The seal of {owner} is a token at the clerk's machine, not on this server."
    next_vi = "Mở lại trang rồi đóng dấu bằng thiết bị; PIN chỉ nhập ở cửa sổ chương trình ký."
    next_en = "Open the page again and seal with the token; the PIN is typed in the helper's window alone."


class SealOnServer(OfficeProblem):
    """What was to be sealed by a token at the clerk's machine is sealed on the server."""

    code = "seal_on_server"
    vi = "Con dấu của {owner} ở máy chủ, không ở thiết bị tại máy văn thư."
    en = "The seal of {owner} is on the server, not on a token at the clerk's machine."
    next_vi = "Mở lại trang rồi đóng dấu bằng mã PIN con dấu."
    next_en = "Open the page again and seal with the seal's PIN."


class SealFilesFirst(OfficeProblem):
    """Files were added since, and what goes out again goes out sealed."""

    code = "seal_files_first"
    clause = "Phụ lục I Nghị định 30/2020/NĐ-CP, mục II.9"
    vi = "Có {amount} tệp mới chưa có chữ ký số của cơ quan; con dấu ở thiết bị tại máy văn thư."
    en = "{amount} new files bear no seal yet, and the seal is a token at the clerk's machine."
    next_vi = "Bấm «Đóng dấu tệp mới bằng thiết bị» trên trang văn bản, rồi gửi lại."
    next_en = "Press «Seal the new files with the token» on the document's page, then send again."


class SealAsked(OfficeProblem):
    """One request at a time asks for the seal of a document or a copy."""

    code = "seal_already_asked"
    vi = "Văn bản này đang chờ đóng dấu bằng thiết bị."
    en = "This document waits already for the seal of a token."
    next_vi = "Văn thư đã yêu cầu đóng dấu hoặc hủy yêu cầu; không làm gì thì yêu cầu tự hết hạn sau 10 phút."
    next_en = "Who asked for it seals it, or cancels the request; untouched, it lapses after ten minutes."


class NothingToSeal(OfficeProblem):
    """No file is left that would be sealed by itself."""

    code = "nothing_to_seal"
    vi = "Không còn tệp PDF nào cần đóng dấu."
    en = "No PDF is left to be sealed."
    next_vi = "Mở lại trang để xem các tệp."
    next_en = "Open the page again to see the files."


class TooManyFiles(OfficeProblem):
    """The window of the helper asks for so many signatures with one PIN, and no more."""

    code = "too_many_files_to_seal"
    status = 422
    vi = "Có {amount} tệp cần đóng dấu; thiết bị đóng dấu tối đa {most} tệp trong một lần nhập PIN."
    en = "{amount} files are to be sealed; the token seals at most {most} with one PIN."
    next_vi = "Đánh dấu ít văn bản hơn, đóng dấu từng lượt; văn bản có quá nhiều tệp thì trả lại để gộp tệp."
    next_en = "Mark fewer documents and seal them in turns; return one with too many files, to have them joined."


class NotSealedYet(OfficeProblem):
    """The seal was asked for, and is not in the document."""

    code = "seal_missed"
    vi = "Chưa đóng dấu được: {why}."
    en = "Not sealed: {why_en}."
    next_vi = "Số đã cấp vẫn giữ; mở văn bản, xem lại rồi đóng dấu lại."
    next_en = "It keeps its number; open it, look again, and seal it again."


class SealedNotSent(OfficeProblem):
    """It is sealed, and could not be sent with it."""

    code = "sealed_not_sent"
    vi = "Đã đóng dấu, chưa gửi được: {why}"
    en = "Sealed, and not sent: {why_en}"
    next_vi = "Mở văn bản, xử lý điều nêu trên rồi phát hành; không cần đóng dấu lại."
    next_en = "Open it, mend that, and send it; it need not be sealed again."
