"""What is refused of dossiers, their lists, and their way to the archive."""

from lienthong.office.errors import NotFound, OfficeProblem


class NoDossier(NotFound):
    """It does not exist, or this person has no part in it."""

    vi = "Không có hồ sơ này, hoặc anh/chị không tham gia."
    en = "There is no such dossier, or you have no part in it."
    next_vi = "Về mục «Hồ sơ» và mở lại từ đó; nếu cần xem, đề nghị người giữ hồ sơ thêm anh/chị vào."
    next_en = "Go back to «Dossiers» and open it from there; if you need it, ask its keeper to add you."


class ListIssued(OfficeProblem):
    """The head approved the list (Article 28): what is not in it is opened beside it (29.2c)."""

    code = "list_issued"
    clause = "Điều 28 Nghị định 30/2020/NĐ-CP"
    vi = "Danh mục hồ sơ năm {year} đã ban hành, không sửa được."
    en = "The list of {year} is issued and does not change."
    next_vi = "Hồ sơ chưa có trong Danh mục thì mở ngay ở mục «Hồ sơ» với tiêu đề, ký hiệu, thời hạn tự xác định."
    next_en = "A dossier that is not in it is opened at «Dossiers» with a title, code and retention of its own."


class ListExists(OfficeProblem):
    """One list a year."""

    code = "list_exists"
    clause = "Điều 28 Nghị định 30/2020/NĐ-CP"
    vi = "Cơ quan đã có Danh mục hồ sơ năm {year}."
    en = "The agency has a list of {year} already."
    next_vi = "Mở Danh mục của năm đó để soạn tiếp."
    next_en = "Open the list of that year and go on with it."


class ListEmpty(OfficeProblem):
    """A list that names no dossier is none."""

    code = "list_empty"
    status = 422
    clause = "Phụ lục V, I Nghị định 30/2020/NĐ-CP"
    vi = "Danh mục chưa có hồ sơ nào."
    en = "The list names no dossier yet."
    next_vi = "Thêm đề mục và hồ sơ, rồi ban hành."
    next_en = "Add headings and dossiers, then issue it."


class CodeTaken(OfficeProblem):
    """A dossier's code is its own within the year (Annex VI, III.4b)."""

    code = "code_taken"
    status = 422
    clause = "Phụ lục VI, III.4b Nghị định 30/2020/NĐ-CP"
    vi = "Ký hiệu «{taken}» đã dùng trong năm {year}."
    en = "«{taken}» is used in {year} already."
    next_vi = "Chọn số, ký hiệu khác; nếu là hồ sơ trong Danh mục, mở từ Danh mục."
    next_en = "Choose another code; if it is in the list, open it from the list."


class BadRetention(OfficeProblem):
    """How long a dossier is kept: for ever, or so many years (Annex V, I.4)."""

    code = "bad_retention"
    status = 422
    clause = "Phụ lục V, I.4 Nghị định 30/2020/NĐ-CP"
    vi = "Thời hạn bảo quản là «Vĩnh viễn» hoặc số năm từ 1 đến 100."
    en = "It is kept for ever, or for 1 to 100 years."
    next_vi = "Chọn vĩnh viễn, hoặc ghi số năm."
    next_en = "Choose for ever, or write the number of years."


class DossierShut(OfficeProblem):
    """A closed dossier is frozen: nothing comes in, nothing goes out (Article 29.4)."""

    code = "dossier_shut"
    clause = "Điều 29.4 Nghị định 30/2020/NĐ-CP"
    vi = "Hồ sơ «{state}» nên không thêm, bớt, sửa được."
    en = "The dossier is «{state}»: nothing is added, removed or changed."
    next_vi = "Hồ sơ chưa nộp lưu thì trưởng bộ phận văn thư hoặc lãnh đạo mở lại, có lý do."
    next_en = "While it is not submitted, the head of records or a leader opens it again, with a reason."


class DossierEmpty(OfficeProblem):
    """A dossier is closed with what belongs to it (Article 29.3)."""

    code = "dossier_empty"
    status = 422
    clause = "Điều 29.3 Nghị định 30/2020/NĐ-CP"
    vi = "Hồ sơ chưa có văn bản, tài liệu nào."
    en = "The dossier has no document yet."
    next_vi = "Xếp văn bản, tài liệu của công việc vào hồ sơ rồi kết thúc."
    next_en = "Put in the documents of the work, then close it."


class AlreadyThere(OfficeProblem):
    """A document has one place in a dossier."""

    code = "already_in_dossier"
    clause = "Phụ lục VI, III.4e Nghị định 30/2020/NĐ-CP"
    vi = "Văn bản đã có trong hồ sơ này."
    en = "The document is in this dossier already."
    next_vi = "Không cần làm gì; văn bản có thể xếp thêm vào hồ sơ khác."
    next_en = "Nothing is to be done; it may be put into other dossiers as well."


class MayNotShare(OfficeProblem):
    """Who only reads a document does not hand it on (Annex VI, III.3b)."""

    code = "may_not_share"
    status = 403
    clause = "Phụ lục VI, III.3b Nghị định 30/2020/NĐ-CP"
    vi = "Anh/chị không có quyền chia sẻ văn bản này cho người khác trong hồ sơ."
    en = "You may not let the others of the dossier read this document."
    next_vi = "Xếp vào hồ sơ mà không chia sẻ; người soạn, người chủ trì hoặc văn thư có thể chia sẻ sau."
    next_en = "Put it in without sharing; its drafter, who leads its handling, or the clerk may share it."


class NotSubmittable(OfficeProblem):
    """Only what is closed and kept for five years or more goes to the agency's archive (Article 31.3c)."""

    code = "not_submittable"
    status = 422
    clause = "Điều 31.3c Nghị định 30/2020/NĐ-CP"
    vi = "«{title}» chưa kết thúc, hoặc thời hạn bảo quản dưới 05 năm nên không nộp lưu."
    en = "«{title}» is not closed, or is kept less than five years and so does not go to the archive."
    next_vi = "Kết thúc hồ sơ trước; hồ sơ dưới 05 năm do đơn vị giữ."
    next_en = "Close it first; what is kept less than five years stays with its unit."


class OwnSubmission(OfficeProblem):
    """Minutes have two sides (Article 30.3)."""

    code = "own_submission"
    status = 403
    clause = "Điều 30.3 Nghị định 30/2020/NĐ-CP"
    vi = "Người giao không tự nhận hồ sơ của mình vào Lưu trữ."
    en = "Who hands dossiers in does not take them over as well."
    next_vi = "Văn thư khác nhận và ký biên bản."
    next_en = "Another clerk takes them over."


class KeptTooLong(OfficeProblem):
    """Kept back for two years at most after it was due (Article 31.3d)."""

    code = "kept_too_long"
    status = 422
    clause = "Điều 31.3d Nghị định 30/2020/NĐ-CP"
    vi = "Thời gian giữ lại phải sau ngày đến hạn nộp lưu và không quá {last}."
    en = "It is kept back until a day after it was due and not later than {last}."
    next_vi = "Chọn ngày trong khoảng đó, kèm số, ngày văn bản đồng ý của người đứng đầu."
    next_en = "Choose a day in that time, with number and date of the head's consent."
