"""What is refused of an agency's facts and of its advisory bodies."""

from lienthong.office.errors import NotFound, OfficeProblem


class BadFact(OfficeProblem):
    """A fact of the agency that cannot be right as it was typed."""

    code = "bad_fact"
    status = 422
    vi = "{what}: {why}."
    en = "{what_en}: {why_en}."
    next_vi = "Sửa lại rồi gửi lại."
    next_en = "Correct it and send it again."


class ChangedMeanwhile(OfficeProblem):
    """Two people had the same form open; the later one did not see what the earlier one saved."""

    code = "changed_meanwhile"
    vi = "{who} đã đổi những thông tin này lúc {when}, sau khi anh/chị mở trang."
    en = "{who} changed these facts at {when}, after you opened the page."
    next_vi = "Chưa ghi gì. Xem những gì đang lưu, rồi mở lại biểu mẫu và gửi lại nếu vẫn đúng."
    next_en = "Nothing was saved. Look at what is stored, then open the form again and send it if it is still right."


class AbbreviationTaken(OfficeProblem):
    """Number and notation are one document's within a year, so the groups of a notation tell issuers apart."""

    code = "abbreviation_taken"
    status = 422
    clause = "Điều 15.1; mục II.3, phần I Phụ lục I Nghị định 30/2020/NĐ-CP"
    vi = "Chữ viết tắt «{abbreviation}» trùng với {of}."
    en = "The abbreviation «{abbreviation}» is that of {of_en}."
    next_vi = "Chọn chữ viết tắt khác; của tổ chức đã thôi hoạt động thì dùng lại được từ năm sau."
    next_en = "Choose another one; that of a body that has ended is free again from the next year on."


class NumberTwice(OfficeProblem):
    """Number and notation are one document's within a year; this one was laid out with somebody else's notation."""

    code = "number_twice"
    clause = "Điều 15.1 Nghị định 30/2020/NĐ-CP"
    vi = "Số, ký hiệu {number} đã có trên văn bản khác trong năm."
    en = "Another document of this year bears {number}."
    next_vi = "Chưa cấp số. Trả lại để trình bày và ký lại với ký hiệu hiện hành của cơ quan, tổ chức."
    next_en = "No number was given. Return it, to be laid out and signed anew with the notation of now."


class NoSuchBody(NotFound):
    """No advisory body of this agency has this page."""

    vi = "Cơ quan không có tổ chức tư vấn này."
    en = "The agency has no such advisory body."
    next_vi = "Về mục «Cơ quan» › «Tổ chức tư vấn» và mở lại từ đó."
    next_en = "Go back to «Agency» › «Advisory bodies» and open it from there."


class BodyNotInForce(OfficeProblem):
    """An advisory body issues documents between its first and its last day, signed by who may sign for it."""

    code = "body_not_in_force"
    clause = "Mục II.3a, II.7c, phần I Phụ lục I Nghị định 30/2020/NĐ-CP"
    vi = "{body} hiện không ban hành văn bản này được: {why}."
    en = "{body} does not issue this now: {why_en}."
    next_vi = "Chọn người ký khác; tổ chức còn hoạt động thì nhờ quản trị ghi lại thời hạn, người ký ở mục «Cơ quan»."
    next_en = "Choose another signer; if the body still works, have the administrator record its time and signers."


class SignsAlready(OfficeProblem):
    """A person signs for a body under a title once."""

    code = "signs_already"
    vi = "{name} đã là người ký với chức danh {title}."
    en = "{name} signs as {title} already."
    next_vi = "Không cần ghi lại; đổi quyền hạn hay chức vụ thì kết thúc quyền ký này rồi ghi mới."
    next_en = "Nothing is to be done; to change authority or office, end this right to sign and record a new one."


class SignsNoMore(OfficeProblem):
    """The right to sign for a body was ended before."""

    code = "signs_no_more"
    vi = "{name} đã thôi ký với chức danh này."
    en = "{name} does not sign under this title any more."
    next_vi = "Không cần làm gì thêm; tải lại trang để xem ai đã ghi nhận."
    next_en = "Nothing more is to be done; reload the page to see who recorded it."


class NotByBody(OfficeProblem):
    """Regulatory documents are issued by agencies that the law names, never by their advisory bodies."""

    code = "not_by_body"
    status = 422
    clause = "Luật Ban hành văn bản quy phạm pháp luật; Điều 15.1a Nghị định 30/2020/NĐ-CP"
    vi = "Tổ chức tư vấn không ban hành {type_name}."
    en = "An advisory body does not issue a {type_name}."
    next_vi = "Chọn loại văn bản hành chính, hoặc người ký nhân danh cơ quan."
    next_en = "Choose an administrative type, or who signs for the agency."


class NotationTooLong(OfficeProblem):
    """A notation has thirty characters at most, here and in the registers of others."""

    code = "notation_too_long"
    status = 422
    clause = "Phụ lục VI Nghị định 30/2020/NĐ-CP"
    vi = "Ký hiệu «{notation}» dài quá {most} ký tự."
    en = "The notation «{notation}» has more than {most} characters."
    next_vi = "Rút ngắn chữ viết tắt của cơ quan, tổ chức tư vấn hoặc đơn vị soạn thảo."
    next_en = "Shorten the abbreviation of the agency, the advisory body or the drafting unit."


class OtherKindOfCode(OfficeProblem):
    """A training office has agencies of test codes alone, and an office of real documents none of them."""

    code = "other_kind_of_code"
    status = 422
    vi = "Mã {code} không dùng ở đây: hệ thống đào tạo chỉ có mã thử nghiệm (Z99), hệ thống chính thức thì không."
    en = "The code {code} is not for here: a training office has test codes (Z99) alone, a real one none of them."
    next_vi = "Hệ thống đào tạo lập bằng lienthong office train; cơ quan thật cài ở hệ thống khác."
    next_en = "A training office is made by lienthong office train; set a real agency up in another installation."
