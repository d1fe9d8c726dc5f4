"""What is refused where a file gets another format."""

from lienthong.office.errors import OfficeProblem


class NotConverted(OfficeProblem):
    """No copy was made; the file stays as it is."""

    code = "not_converted"
    status = 422
    clause = "Phụ lục VI, Phần I, mục III.5e Nghị định 30/2020/NĐ-CP"
    vi = "Chưa có bản PDF của «{name}»: {reason}."
    en = "There is no PDF of «{name}» yet: {reason_en}."
    next_vi = "Tệp gốc còn nguyên. Báo quản trị cài LibreOffice, hoặc thêm bản PDF vào hồ sơ như một tài liệu."
    next_en = "The file is untouched. Have LibreOffice installed, or add a PDF of it to the dossier."
