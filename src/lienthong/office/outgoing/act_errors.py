"""What stops an act on an outgoing document, or on several of them at once."""

from lienthong.office.errors import OfficeProblem


class VersionChanged(OfficeProblem):
    """What is signed or sealed is what the person had before their eyes."""

    code = "version_changed"
    clause = "Điều 11 Nghị định 30/2020/NĐ-CP"
    vi = "Văn bản đã có bản khác từ khi anh/chị mở trang."
    en = "The document has another version since you opened the page."
    next_vi = "Chưa làm gì. Mở văn bản, đọc bản mới, rồi làm lại."
    next_en = "Nothing was done. Open the document, read the new version, then do it again."


class NotBegun(OfficeProblem):
    """What stopped the one before would stop this one as well."""

    code = "not_begun"
    vi = "Chưa làm, vì văn bản trước vướng lỗi chung (dấu thời gian, khóa ký hoặc hệ thống)."
    en = "Not begun: the one before met a fault of all (time stamps, the key, or the system)."
    next_vi = "Xem lỗi của văn bản trước; khi hết lỗi, đánh dấu lại."
    next_en = "See the fault of the one before; when it is mended, mark it again."


class NothingChosen(OfficeProblem):
    """An act on several documents names at least one, and no more than can be done at once."""

    code = "nothing_chosen"
    status = 422
    vi = "Chưa chọn văn bản nào, hoặc chọn quá {most} văn bản một lần."
    en = "No document is chosen, or more than {most} at once."
    next_vi = "Đánh dấu từ 1 đến {most} văn bản trong danh sách, rồi nhập mã PIN."
    next_en = "Mark 1 to {most} documents in the list, then enter the PIN."


class AskedJustNow(OfficeProblem):
    """What is pressed twice, or by two at once, is asked once."""

    code = "asked_just_now"
    status = 409
    vi = "Yêu cầu này vừa gửi các nơi nhận đã chọn chưa đầy {minutes} phút, chưa nơi nào trả lời."
    en = "The chosen recipients were asked so less than {minutes} minutes ago, and none has answered."
    next_vi = "Chưa gửi thêm gì. Xem «Theo dõi gửi»; nơi nào vẫn im lặng thì ít phút nữa gửi lại."
    next_en = "Nothing more was sent. See the tracking page; ask who stays silent again in a few minutes."


class NotALetter(OfficeProblem):
    """A wrong form is corrected by a letter; a wrong content by a document of the same form."""

    code = "not_a_letter"
    status = 422
    clause = "Điều 18.3 Nghị định 30/2020/NĐ-CP"
    vi = "Đính chính, đôn đốc bằng công văn, không bằng loại văn bản khác."
    en = "A correction or a reminder is a letter (công văn), and no other type."
    next_vi = "Chọn loại «Công văn»; sai về nội dung thì ban hành văn bản thay thế."
    next_en = "Choose «Công văn»; what is wrong in content is replaced by another document."


class LetterAboutRecalled(OfficeProblem):
    """What every recipient gave back is nothing any more that is corrected, or whose recipients are urged."""

    code = "letter_about_recalled"
    status = 409
    clause = "Điều 8.2, 9.2 Quyết định 28/2018/QĐ-TTg; Điều 18.3 Nghị định 30/2020/NĐ-CP"
    vi = "Văn bản số {number} mà công văn này đính chính hoặc đôn đốc đã được thu hồi, không còn ở nơi nhận nào."
    en = "Document {number}, which this letter corrects or urges the answer to, is recalled: no recipient has it."
    next_vi = "Chưa cấp số thì trả lại người soạn; đã cấp số thì hủy số. Cần nội dung đúng thì ban hành văn bản mới."
    next_en = "Without a number, give it back to its drafter; else void the number. Issue a new document if need be."


class NotComparable(OfficeProblem):
    """A version of pictures, or one that cannot be read, has no words to compare."""

    code = "not_comparable"
    status = 422
    vi = "Bản {ordinal} không có chữ đọc được, nên không so sánh được."
    en = "Version {ordinal} has no text that can be read, so nothing can be compared."
    next_vi = "Mở từng bản để đọc, hoặc chọn bản khác."
    next_en = "Open each version to read it, or choose another."
