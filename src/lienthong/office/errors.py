"""What an office refuses, and why: one class each, with the words for people in Vietnamese and English.

The screens show `vi`, the clause and `next_vi`; programs read `code`. The HTTP status stands with the class, because a
refusal means the same on every route.
"""

from typing import ClassVar


class OfficeProblem(Exception):
    """A named refusal. Leaves give the words; `data` fills their placeholders."""

    code: ClassVar[str] = "office_problem"
    status: ClassVar[int] = 409
    clause: ClassVar[str] = ""
    vi: ClassVar[str] = "Không thực hiện được."
    en: ClassVar[str] = "This cannot be done."
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

    @property
    def way_out_vi(self) -> str:
        return self.next_vi.format_map(self.data)

    @property
    def way_out_en(self) -> str:
        return self.next_en.format_map(self.data)


class NotFound(OfficeProblem):
    """It does not exist, or this person may not know that it does: both look the same from outside."""

    code = "not_found"
    status = 404
    vi = "Không có văn bản này, hoặc anh/chị không được xem."
    en = "There is no such document, or you may not see it."
    next_vi = "Về danh sách và mở lại từ đó; nếu cần xem, đề nghị văn thư hoặc trưởng đơn vị chuyển cho anh/chị."
    next_en = "Go back to the list and open it from there; if you need it, ask the clerk or your unit's head."


class Forbidden(OfficeProblem):
    """The person's roles do not give the right that the act needs."""

    code = "forbidden"
    status = 403
    vi = "Việc này dành cho {who}."
    en = "Only {who_en} may do this."
    next_vi = "Đề nghị người có trách nhiệm thực hiện, hoặc nhờ quản trị xem lại vai trò của anh/chị."
    next_en = "Ask the person in charge, or have the administrator look at your roles."


class IllegalMove(OfficeProblem):
    """The document is not in a state from which this act is possible, or someone was faster."""

    code = "illegal_move"
    vi = "Văn bản đang ở trạng thái «{state}» nên không thực hiện được việc này."
    en = "The document is «{state}», so this cannot be done."
    next_vi = "Tải lại trang để xem trạng thái mới nhất."
    next_en = "Reload the page to see where it stands now."


class Missing(OfficeProblem):
    """A field that the act needs is empty."""

    code = "missing"
    status = 422
    vi = "Thiếu: {what}."
    en = "Missing: {what_en}."
    next_vi = "Điền vào rồi thực hiện lại."
    next_en = "Fill it in and try again."


class RefusalNeedsReason(OfficeProblem):
    """A refusal names its reason (Article 5.4)."""

    code = "refusal_needs_reason"
    status = 422
    clause = "Điều 5.4 Quyết định 28/2018/QĐ-TTg"
    vi = "Từ chối tiếp nhận phải nêu lý do, diễn giải từ 10 đến 500 ký tự."
    en = "A refusal needs a reason and an explanation of 10 to 500 characters."
    next_vi = "Chọn một lý do và viết rõ điều bên gửi cần sửa."
    next_en = "Choose a reason and write what the sender should mend."


class NotRegistered(OfficeProblem):
    """A document that was not registered creates no duty to handle it (Decree 30, Article 22.1)."""

    code = "not_registered"
    clause = "Điều 22 Nghị định 30/2020/NĐ-CP"
    vi = "Văn bản chưa được tiếp nhận, vào sổ nên chưa chuyển xử lý được."
    en = "The document is not registered yet, so it cannot be assigned."
    next_vi = "Văn thư tiếp nhận, cấp số đến trước."
    next_en = "Let the clerk accept it and give the arrival number first."


class OneLead(OfficeProblem):
    """Several units work on it: exactly one leads (Decree 30, Article 23.2)."""

    code = "one_lead"
    status = 422
    clause = "Điều 23 Nghị định 30/2020/NĐ-CP"
    vi = "Phải có đúng một đơn vị hoặc cá nhân chủ trì."
    en = "Exactly one unit or person leads."
    next_vi = "Chọn một đơn vị chủ trì; các đơn vị khác phối hợp hoặc để biết."
    next_en = "Choose one that leads; the others coordinate or are informed."


class DeadlineOutOfBounds(OfficeProblem):
    """A deadline lies before now, or after the one that bounds it."""

    code = "deadline_out_of_bounds"
    status = 422
    vi = "Hạn xử lý phải sau thời điểm hiện tại và không quá hạn của lãnh đạo ({bound})."
    en = "A deadline lies after now and not after the leader's ({bound})."
    next_vi = "Chọn hạn sớm hơn, hoặc xin lãnh đạo gia hạn."
    next_en = "Choose an earlier one, or ask the leader for an extension."


class Frozen(OfficeProblem):
    """A recall arrived: access stops at once (Article 9.2; Decree 30, Annex VI, III.8)."""

    code = "frozen"
    status = 409
    clause = "Điều 9.2 Quyết định 28/2018/QĐ-TTg"
    vi = "Bên gửi đã yêu cầu thu hồi văn bản này; nội dung tạm khóa chờ văn thư xác nhận."
    en = "The sender has recalled this document; it is closed until the clerk answers."
    next_vi = "Văn thư mở mục Thu hồi để xác nhận hoặc trả lời."
    next_en = "The clerk opens «Thu hồi» to confirm or to answer."


class DeclineNeedsReason(OfficeProblem):
    """Not obeying a recall is an exception and says why."""

    code = "decline_needs_reason"
    status = 422
    vi = "Không đồng ý thu hồi phải nêu lý do."
    en = "Declining a recall needs a reason."
    next_vi = "Viết lý do; pháp luật chỉ quy định việc hủy và thông báo."
    next_en = "Write the reason; the law foresees only compliance."


class AnswerFirst(OfficeProblem):
    """An update is taken into the document that it updates, or declined."""

    code = "answer_first"
    status = 409
    vi = "Đây là bản cập nhật của một văn bản đã nhận."
    en = "This updates a document that was received before."
    next_vi = "Chọn «Áp dụng» hoặc «Không áp dụng» trước."
    next_en = "Choose «Apply» or «Do not apply» first."


class NoKey(OfficeProblem):
    """Nobody can sign without a key."""

    code = "no_key"
    status = 422
    vi = "Chưa đăng ký khóa ký số cho {owner}."
    en = "No signing key is registered for {owner}."
    next_vi = "Đề nghị quản trị đăng ký chứng thư số."
    next_en = "Ask the administrator to register the certificate."


class KeyLocked(OfficeProblem):
    """The PIN of a key was wrong too often; its attempts are in the journal."""

    code = "key_locked"
    status = 403
    vi = "Khóa ký tạm khóa do nhập sai PIN nhiều lần."
    en = "The signing key is locked for a while: its PIN was wrong too often."
    next_vi = "Thử lại sau 15 phút; nếu không phải anh/chị nhập sai, báo quản trị ngay."
    next_en = "Try again in 15 minutes; if it was not you, tell the administrator at once."


class ServerKeyForbidden(OfficeProblem):
    """A person's private key on the server is for the demo alone."""

    code = "server_key_forbidden"
    status = 403
    clause = "Điều 32 Nghị định 30/2020/NĐ-CP"
    vi = "Khóa cá nhân không được lưu trên máy chủ."
    en = "A person's private key may not lie on the server."
    next_vi = "Dùng thiết bị lưu khóa hoặc dịch vụ ký từ xa."
    next_en = "Use a token or a remote signing service."


class NotReviewed(OfficeProblem):
    """What is approved was checked for content and for presentation, in this very version (Decree 30, Article 12)."""

    code = "not_reviewed"
    clause = "Điều 12 Nghị định 30/2020/NĐ-CP"
    vi = "Bản này chưa được kiểm tra {what}."
    en = "This version was not checked for {what_en}."
    next_vi = "Chờ trưởng đơn vị và người kiểm tra thể thức xác nhận bản hiện tại."
    next_en = "Wait for the unit's head and the presentation checker to confirm the current version."


class PresentationFaults(OfficeProblem):
    """The agency lets faults of presentation block; the checker may confirm all the same, with a reason (R-5.1-1)."""

    code = "presentation_faults"
    clause = "Điều 6.4 Quyết định 28/2018/QĐ-TTg; Phụ lục I Nghị định 30/2020/NĐ-CP"
    vi = "Thể thức còn {count} lỗi: {faults}."
    en = "The presentation has {count} faults: {faults_en}."
    next_vi = "Trả lại để sửa; nếu văn bản vẫn đúng, nêu lý do (từ 10 ký tự) rồi xác nhận. Lý do được ghi vào nhật ký."
    next_en = (
        "Return it for correction; if it is right all the same, give a reason (10 characters or more), which is kept."
    )


class SecretDocument(OfficeProblem):
    """A state secret is out of scope (Article 1.2)."""

    code = "secret_document"
    status = 422
    clause = "Điều 1.2 Quyết định 28/2018/QĐ-TTg"
    vi = "Văn bản có dấu chỉ độ mật «{mark}» không được soạn, gửi trên hệ thống này."
    en = "A document marked «{mark}» may not be drafted or sent here."
    next_vi = "Thực hiện theo quy định về bảo vệ bí mật nhà nước."
    next_en = "Follow the law on state secrets."


class NotPdf(OfficeProblem):
    """The main document cannot be made into a PDF here."""

    code = "not_pdf"
    status = 422
    vi = "Không dùng được tệp «{name}» làm văn bản chính: {reason}."
    en = "File «{name}» cannot be the main document: {reason_en}."
    next_vi = "Tải lên PDF, DOC, DOCX, ODT, RTF hoặc văn bản thuần; tệp khác đính kèm làm phụ lục."
    next_en = "Upload a PDF, DOC, DOCX, ODT, RTF or plain text; attach other files as enclosures."


class TooLargeToRead(OfficeProblem):
    """What is laid out, signed or read as a whole has an end; enclosures travel whatever their size."""

    code = "too_large_to_read"
    status = 413
    vi = "Tệp «{name}» lớn hơn {most} MB nên không dùng được ở đây."
    en = "File «{name}» is larger than {most} MB, and cannot be used here."
    next_vi = "Tách phần phụ lục thành tệp kèm theo, hoặc giảm dung lượng bản quét, rồi tải lên lại."
    next_en = "Enclose the annexes as files of their own, or make the scan smaller, and upload it again."


class BadRecipients(OfficeProblem):
    """Recipients that cannot be reached electronically, all of them listed (Article 7.1)."""

    code = "bad_recipients"
    status = 422
    clause = "Điều 7.1 Quyết định 28/2018/QĐ-TTg"
    vi = "Nơi nhận chưa gửi được: {codes}."
    en = "Recipients that cannot be reached: {codes}."
    next_vi = "Bỏ hoặc thay nơi nhận, hoặc chuyển sang gửi bản giấy."
    next_en = "Remove or replace them, or send them paper."


class PaperNotAllowed(OfficeProblem):
    """Who got it electronically gets no paper, but for the cases of Article 7.2 (Article 5.3)."""

    code = "paper_not_allowed"
    clause = "Điều 5.3 Quyết định 28/2018/QĐ-TTg"
    vi = "Không phát hành bản giấy cho {name}: đã gửi văn bản điện tử (Điều 5.3)."
    en = "Paper not allowed to {name}: already sent electronically (art. 5.3)."
    next_vi = (
        "Nơi nhận dùng bản điện tử như bản giấy (Điều 4.1). Nếu loại văn bản này phải kèm bản giấy, "
        "đề nghị người đứng đầu đưa vào Danh mục (Điều 7.2b) rồi thực hiện lại."
    )
    next_en = (
        "The electronic document is equal to paper (art. 4.1). If this type must go with paper, "
        "have the head put it on the agency's list (art. 7.2b), then try again."
    )


class OutsideAuthority(OfficeProblem):
    """A signature by authorisation (TUQ.) outside what was authorised in writing: its time, its types, its person."""

    code = "outside_authority"
    status = 422
    clause = "Điều 13.3 Nghị định 30/2020/NĐ-CP"
    vi = "Không ký thừa ủy quyền được: {why}."
    en = "This cannot be signed by authorisation: {why_en}."
    next_vi = "Trình người ủy quyền ký, chọn người ký khác, hoặc đề nghị văn thư ghi nhận giấy ủy quyền mới."
    next_en = "Let the authorising person sign, choose another signer, or have the clerk record a new authorisation."


class NoHeadOfUnit(OfficeProblem):
    """Authority to sign is given to heads of the agency's units, and to nobody else."""

    code = "no_head_of_unit"
    status = 422
    clause = "Điều 13.3 Nghị định 30/2020/NĐ-CP"
    vi = "{name} không đứng đầu đơn vị nào của cơ quan nên không được ủy quyền ký."
    en = "{name} heads no unit of the agency and cannot be authorised to sign."
    next_vi = "Chọn người đứng đầu đơn vị thuộc cơ quan."
    next_en = "Choose the head of one of the agency's units."


class AuthorityHandedOn(OfficeProblem):
    """Who signs by authorisation may not authorise anybody."""

    code = "authority_handed_on"
    status = 422
    clause = "Điều 13.3 Nghị định 30/2020/NĐ-CP"
    vi = "{name} không được ủy quyền lại cho người khác."
    en = "{name} may not hand the authority on to somebody else."
    next_vi = "Người ủy quyền phải là lãnh đạo có thẩm quyền ký, và không tự ủy quyền cho chính mình."
    next_en = "A leader with an authority of their own authorises, and never themselves."


class BookTooThick(OfficeProblem):
    """A volume of a register is bound: it has so many lines and no more."""

    code = "book_too_thick"
    status = 422
    clause = "Điều 16 Nghị định 30/2020/NĐ-CP"
    vi = "Một quyển sổ có tối đa {most} số."
    en = "A volume of a register has {most} numbers at most."
    next_vi = "Chọn từ số, đến số cho từng quyển rồi in lại."
    next_en = "Choose the first and the last number of each volume, and print them one by one."


class NoSubNumber(OfficeProblem):
    """A sub-number follows the number given last: numbers stand in the order of their days."""

    code = "no_sub_number"
    clause = "Điều 15.1 Nghị định 30/2020/NĐ-CP"
    vi = "Sổ chưa có số nào trong năm để lấy số phụ, hoặc số cuối đã dùng hết số phụ."
    en = "There is no number of this year that a sub-number could follow, or all of its letters are given."
    next_vi = "Lấy số tiếp theo của sổ."
    next_en = "Take the next number of the register."


class OtherYear(OfficeProblem):
    """Number and date are of one year, and the year stands in what was signed."""

    code = "other_year"
    clause = "Điều 15.1 Nghị định 30/2020/NĐ-CP"
    vi = "Văn bản đã ký ghi năm {laid_out}, số lấy hôm nay thuộc năm {year}."
    en = "What was signed bears the year {laid_out}; a number taken today is of {year}."
    next_vi = "Trả lại để trình bày và ký lại với năm mới."
    next_en = "Return it, to be laid out and signed with the new year."


class YearOver(OfficeProblem):
    """How documents are numbered is decided for this year or the next; a year that is over stays as it was."""

    code = "year_over"
    status = 422
    clause = "Điều 15.1 Nghị định 30/2020/NĐ-CP"
    vi = "Năm được chọn đã qua, hoặc không phải năm nay hay năm sau."
    en = "The year that was chosen is over, or is neither this year nor the next."
    next_vi = "Tải lại trang, chọn năm {year} hoặc năm sau."
    next_en = "Reload the page and choose {year} or the year after it."


class NumbersGiven(OfficeProblem):
    """How documents are numbered changes with the year, unless it is said why: number and notation are unique in it."""

    code = "numbers_given"
    clause = "Điều 15.1 Nghị định 30/2020/NĐ-CP"
    vi = "Năm {year} đã cấp số."
    en = "Numbers of {year} are given already."
    next_vi = (
        "Áp dụng từ ngày 01/01 năm sau; nếu phải đổi ngay trong năm, nêu lý do (từ 10 ký tự): "
        "số nối tiếp số lớn nhất đã cấp."
    )
    next_en = (
        "Let it hold from the first of January of the next year; to change this year, give the reason (10 characters "
        "or more): numbers go on after the highest that was given."
    )


class TypesNotTogether(OfficeProblem):
    """A type is numbered in one sequence; regulatory ones have one each."""

    code = "types_not_together"
    status = 422
    clause = "Điều 15.1 Nghị định 30/2020/NĐ-CP"
    vi = "Không đánh số chung được: {types}."
    en = "These cannot be numbered together: {types}."
    next_vi = "Mỗi loại văn bản chỉ thuộc một hệ thống số; văn bản quy phạm pháp luật có hệ thống số riêng từng loại."
    next_en = "Put each type into one sequence; each regulatory type has a sequence of its own."


class NotToBeCopied(OfficeProblem):
    """A copy is as good as what it is made of: an original in force, registered here (Decree 30, Articles 25–26)."""

    code = "not_to_be_copied"
    clause = "Điều 25, 26 Nghị định 30/2020/NĐ-CP"
    vi = "Không sao văn bản này được: {why}."
    en = "This document cannot be copied: {why_en}."
    next_vi = "Chỉ sao bản gốc, bản chính đã phát hành hoặc đã đăng ký, còn hiệu lực."
    next_en = "Only an original or main copy that is issued or registered, and in force, is copied."


class CopyForInformation(OfficeProblem):
    """A document without valid signatures is for information; its copy would have no value (Article 4.2)."""

    code = "copy_for_information"
    clause = "Điều 4.2 Quyết định 28/2018/QĐ-TTg; Điều 26 Nghị định 30/2020/NĐ-CP"
    vi = "Bản điện tử này chỉ để biết, tham khảo nên không sao được."
    en = "This electronic document is for information only, so it cannot be copied."
    next_vi = "Đề nghị bên gửi gửi lại bản có chữ ký số hợp lệ, hoặc số hóa bản gốc, bản chính giấy để sao."
    next_en = "Ask the sender for one with valid signatures, or scan the paper original and copy that."


class NoSuchCopy(OfficeProblem):
    """The decree lists from what to what each kind of copy is made (Article 25)."""

    code = "no_such_copy"
    status = 422
    clause = "Điều 25 Nghị định 30/2020/NĐ-CP"
    vi = "Điều 25 không có hình thức {what}."
    en = "Article 25 knows no {what_en}."
    next_vi = "Chọn hình thức, bản được sao và định dạng khác; bản điện tử thì gửi chính bản gốc điện tử."
    next_en = "Choose another kind, source or format; an electronic original is sent as it is."


class BadCopySource(OfficeProblem):
    """What was given as the source of the copy is none for this kind."""

    code = "bad_copy_source"
    status = 422
    clause = "Điều 25 Nghị định 30/2020/NĐ-CP"
    vi = "Bản được sao không dùng được: {why}."
    en = "This cannot be the source of the copy: {why_en}."
    next_vi = "Sao y, trích sao từ bản gốc, bản chính; sao lục từ bản sao y; tệp hỏng thì xuất hoặc quét lại."
    next_en = "Sao y and trích sao are made from an original, sao lục from a bản sao y; make a broken file anew."


class BadScan(OfficeProblem):
    """A digitised document has a standard: PDF 1.4 or later, colour, 200 dpi (Annex I, Part II, I.2)."""

    code = "bad_scan"
    status = 422
    clause = "Phụ lục I, Phần II, mục I.2 Nghị định 30/2020/NĐ-CP"
    vi = "Tệp số hóa không đạt tiêu chuẩn: {why}."
    en = "The scan is below the standard: {why_en}."
    next_vi = "Quét lại thành PDF từ 1.4, ảnh màu, từ 200 dpi, tỷ lệ 100%."
    next_en = "Scan it again: PDF 1.4 or later, in colour, 200 dpi or more, at 100 %."


class BadPages(OfficeProblem):
    """An extract is made of some pages of the document, and not of all."""

    code = "bad_pages"
    status = 422
    clause = "Điều 25.3 Nghị định 30/2020/NĐ-CP"
    vi = "Không trích sao được các trang này: {why}."
    en = "These pages cannot be extracted: {why_en}."
    next_vi = "Ghi số trang, ví dụ 2, 4-5, trong số {count} trang của văn bản; cần cả văn bản thì sao y."
    next_en = "Give page numbers, such as 2, 4-5, of the {count} pages; for the whole document make a sao y."


class NotCopySigner(OfficeProblem):
    """The head decides who signs copies (Article 27)."""

    code = "not_copy_signer"
    status = 422
    clause = "Điều 27.1 Nghị định 30/2020/NĐ-CP"
    vi = "Chưa có người được ký bản sao, hoặc người này không được ký vào ngày sao."
    en = "Nobody may sign copies yet, or this person may not on the day of the copy."
    next_vi = "Lãnh đạo hoặc quản trị ghi người được ký ở mục «Người ký bản sao» theo quyết định của người đứng đầu."
    next_en = "A leader or administrator names them at «Signers of copies», by the head's decision."


class GroupNameTaken(OfficeProblem):
    """A group of recipients has a name of its own."""

    code = "group_name_taken"
    status = 422
    vi = "Đã có nhóm nơi nhận tên «{name}»."
    en = "There is a group «{name}» already."
    next_vi = "Đặt tên khác, hoặc mở nhóm đó để sửa."
    next_en = "Choose another name, or open that group and change it."


class NoRecipients(OfficeProblem):
    """A document goes to somebody."""

    code = "no_recipients"
    status = 422
    clause = "Điều 8.1 Quyết định 28/2018/QĐ-TTg"
    vi = "Văn bản chưa có nơi nhận."
    en = "The document has no recipients."
    next_vi = "Chọn ít nhất một nơi nhận."
    next_en = "Choose at least one."


class IncompleteFiles(OfficeProblem):
    """Annexes that the document names are not enclosed; the clerk may send it all the same, and says why (R-5.1-1)."""

    code = "incomplete_files"
    status = 409
    clause = "Điều 5.1 Quyết định 28/2018/QĐ-TTg"
    vi = "Văn bản nêu phụ lục nhưng chưa kèm tệp: {missing}."
    en = "The document names annexes that are not enclosed: {missing}."
    next_vi = "Bổ sung tệp, hoặc nêu lý do vẫn gửi (từ 10 ký tự); lý do được ghi vào nhật ký."
    next_en = "Add the files, or give a reason to send it all the same (10 characters or more), which is kept."


class LinkNotFile(OfficeProblem):
    """What goes with a document travels whole, never as a link (Article 10.1)."""

    code = "link_not_file"
    status = 422
    clause = "Điều 10.1 Quyết định 28/2018/QĐ-TTg"
    vi = "«{name}» chỉ là đường dẫn, không phải tệp kèm theo."
    en = "«{name}» is only a link, not a file."
    next_vi = "Tải tệp về rồi đính kèm cả tệp: hồ sơ, tài liệu kèm theo phải gửi toàn bộ nội dung."
    next_en = "Download the file and enclose it: what goes with a document is sent with its whole content."


class NotSealed(OfficeProblem):
    """What is sent is signed and sealed (Article 8.1)."""

    code = "not_sealed"
    clause = "Điều 8.1 Quyết định 28/2018/QĐ-TTg"
    vi = "Văn bản chưa đủ chữ ký số của người có thẩm quyền và của cơ quan."
    en = "The document lacks the signature of the competent person or of the agency."
    next_vi = "Ký số, cấp số và đóng dấu trước khi phát hành."
    next_en = "Sign, number and seal it first."


class ReasonNeeded(OfficeProblem):
    """A recall says why, and by whose order (Articles 8.2, 9.2)."""

    code = "reason_needed"
    status = 422
    clause = "Điều 8.2 Quyết định 28/2018/QĐ-TTg"
    vi = "Phải nêu lý do (từ 10 ký tự) và người quyết định."
    en = "Give the reason (10 characters or more) and who decided."
    next_vi = "Viết lý do để nơi nhận biết và hủy văn bản."
    next_en = "Write the reason, so that recipients know and obey."


SHORTEST_REASON = 10


def require_reason(reason: str, authority: str) -> str:
    """Why, and who decided it, as recipients are told. Raises `ReasonNeeded`."""
    if not authority.strip():
        raise ReasonNeeded()
    return f"{require_why(reason)} (theo quyết định của {authority.strip()})"


def require_why(reason: str) -> str:
    """Why, in the words that were typed. Raises `ReasonNeeded`."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonNeeded()
    return reason.strip()
