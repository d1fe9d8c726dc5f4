"""The texts of the law for the journeys: as published where they lie beside the project, else of the same size and kind,
written for that."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "spec"
DECISION_PAGES, DECREE_PAGES = (8, 14), (14, 20)
_NOTE = re.compile(r"\A# .*\n\n.*\n\n")
"""What stands above a published text and is none of it: where it was taken from."""
_BASIS = re.compile(r"(?<=;) (?=Căn cứ |Theo đề nghị |Thủ tướng )")
_MARKS = re.compile(r"^(?:#{1,6}|[-+•])\s+|\*\*")


@dataclass(frozen=True)
class LawText:
    """A long text as a drafter uploads it.

    Attributes:
        name: of the file.
        pages: the least and the most that it takes, laid out.
    """

    name: str
    text: str
    pages: tuple[int, int]

    @property
    def upload(self) -> tuple[str, bytes]:
        """The file."""
        return self.name, self.text.encode()

    def unread(self, pdf: bytes) -> list[str]:
        """The lines of the text that the PDF's own text does not hold, word for word."""
        whole = "".join(_compact(_without_number(page.extract_text())) for page in PdfReader(BytesIO(pdf)).pages)
        return [part for part in self._parts() if _compact(part) not in whole]

    def _parts(self) -> list[str]:
        """Paragraphs, headings and the cells of tables, without the marks of Markdown."""
        lines = (_MARKS.sub("", line.strip()) for line in self.text.splitlines())
        parts = [cell for line in lines for cell in (line.strip("|").split("|") if line.startswith("|") else [line])]
        return [part.strip() for part in parts if set(part) - set("-=*_ ")]


def laws() -> list[LawText]:
    """Decision 28 and Decree 30, each as published where it lies there, else what stands in for it."""
    decision, decree = PUBLISHED / "decision-28-2018.md", PUBLISHED / "decree-30-2020" / "decree.md"
    published = (("quyet-dinh-28.md", decision, DECISION_PAGES), ("nghi-dinh-30.md", decree, DECREE_PAGES))
    return [
        LawText(name, _as_typed(file.read_text("utf-8")), pages) if file.exists() else other
        for (name, file, pages), other in zip(published, stand_ins(), strict=True)
    ]


def _as_typed(published: str) -> str:
    return _BASIS.sub("\n", _NOTE.sub("", published))


def _compact(text: str) -> str:
    """The letters and figures of a text alone: a heading's stop gives way to a line of its own."""
    return re.sub(r"\W", "", unicodedata.normalize("NFC", text))


def _without_number(page: str) -> str:
    """The text of a page, without the page's own number in its head."""
    first, _, rest = page.partition("\n")
    return rest if first.strip().isdigit() else page


# -- what stands in ------------------------------------------------------------------------------------------------------

_CHAPTERS = (
    "QUY ĐỊNH CHUNG", "SOẠN THẢO, KÝ BAN HÀNH VĂN BẢN", "GỬI, NHẬN VĂN BẢN ĐIỆN TỬ", "LẬP HỒ SƠ, NỘP LƯU HỒ SƠ",
    "TỔ CHỨC THỰC HIỆN",
)  # fmt: skip
_PEOPLE = (
    "Bên gửi", "Bên nhận", "Văn thư cơ quan", "Người đứng đầu đơn vị soạn thảo", "Người được giao xử lý",
    "Đơn vị vận hành hệ thống",
)  # fmt: skip
_MATTERS = (
    "việc kiểm tra thể thức, kỹ thuật trình bày văn bản", "việc quản lý khóa bí mật và con dấu của cơ quan",
    "việc cập nhật trạng thái xử lý văn bản điện tử", "việc thu hồi văn bản ban hành sai thẩm quyền",
    "việc lập danh mục hồ sơ hằng năm", "việc bảo đảm an toàn thông tin khi kết nối, liên thông",
    "việc số hóa văn bản giấy đến cơ quan",
)  # fmt: skip
_DUTIES = (
    "kiểm tra tính đầy đủ, toàn vẹn và xác thực của văn bản; trường hợp phát hiện sai sót thì thông báo ngay, nêu rõ lý do",
    "ghi đầy đủ các trường thông tin vào sổ đăng ký; số, ký hiệu và ngày, tháng, năm là thông tin duy nhất trong một năm",
    "bố trí người trực để văn bản khẩn, thượng khẩn, hỏa tốc được chuyển đến người có thẩm quyền ngay sau khi nhận được",
    "lưu giữ nhật ký gửi, nhận và các xác nhận của Trục liên thông trong thời hạn quy định, phục vụ kiểm tra, đối soát",
    "báo cáo định kỳ hằng quý về số lượng văn bản đã gửi, đã nhận, tỷ lệ ký số và số văn bản bị trả lại theo từng lý do",
)  # fmt: skip


def stand_ins() -> list[LawText]:
    """Two regulations that nobody issued, as long as Decision 28 and Decree 30."""
    return [
        LawText("quy-che.md", _regulation("Quy chế gửi, nhận văn bản điện tử", 17), DECISION_PAGES),
        LawText("quy-dinh.md", _regulation("Quy định về công tác văn thư", 30), DECREE_PAGES),
    ]


def _regulation(title: str, articles: int) -> str:
    """Chapters, articles and clauses in Markdown; no two clauses are the same."""
    lines = [
        "Căn cứ Luật Tổ chức Chính phủ ngày 19 tháng 6 năm 2015;", f"Cơ quan ban hành {title} như sau:", "",
    ]  # fmt: skip
    each = -(-articles // len(_CHAPTERS))
    for number in range(1, articles + 1):
        if number % each == 1 and (chapter := number // each) < len(_CHAPTERS):
            lines += [f"## Chương {('I', 'II', 'III', 'IV', 'V')[chapter]}. {_CHAPTERS[chapter]}", ""]
        matter = _MATTERS[number % len(_MATTERS)]
        lines += [f"### Điều {number}. Trách nhiệm trong {matter}", ""]
        for clause, who in enumerate(_PEOPLE, 1):
            duty = _DUTIES[(number + clause) % len(_DUTIES)]
            lines.append(f"{clause}. {who} chịu trách nhiệm về {matter} theo Điều {number}; {duty}.")
        lines.append("")
    return "\n".join([*lines, "Quy định này có hiệu lực kể từ ngày ký./."])
