"""What is refused of files that go with a document."""

from lienthong.office.errors import OfficeProblem
from lienthong.standards.formats import CLAUSE


class FormatNotListed(OfficeProblem):
    """A file is of no format that agencies exchange, or is not what its name says (Article 6.4)."""

    code = "format_not_listed"
    status = 422
    clause = CLAUSE
    vi = "Tệp {name} không thuộc danh mục định dạng được trao đổi, hoặc nội dung không đúng với đuôi tệp."
    en = "The file {name} is of no listed format, or is not what its name says."
    next_vi = (
        "Chuyển sang PDF, DOCX, XLSX, ODT, ZIP hoặc định dạng khác trong danh mục rồi đính kèm lại; văn bản đã ký thì "
        "trả lại để thay tệp."
    )
    next_en = (
        "Convert it to PDF, DOCX, XLSX, ODT, ZIP or another listed format and enclose it again; a signed document is "
        "returned for that."
    )
