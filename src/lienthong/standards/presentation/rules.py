"""The rules of presentation, as data: what each asks for, by which clause, and the words in which it speaks.

Source: Decree 30/2020/NĐ-CP, Annex I, part I. Where the decree gives a figure it stands in `LIMITS` or in the `form` of
a rule and nowhere else; what is allowed on both sides of it, because letters have no sharp edges, in `TOLERANCES`
(`docs/divergences.md` says why).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from lienthong.standards.statuses import Words


class Severity(StrEnum):
    """What a finding is: a part that is not there, one that is not as it should be, or a remark."""

    MISSING = "missing"
    WRONG = "wrong"
    NOTE = "note"


class Range(NamedTuple):
    """Both ends are allowed."""

    least: float
    most: float


class Limits(NamedTuple):
    """Lengths in millimetres, sizes in points."""

    page: tuple[float, float] = (210, 297)
    top_and_bottom: Range = Range(20, 25)
    left: Range = Range(30, 35)
    right: Range = Range(15, 20)
    indents: tuple[float, ...] = (10, 12.7)
    rule_of_motto: Range = Range(1, 1)
    """Length of the rule below the motto, as a share of the line above it; of the other rules below."""
    rule: Range = Range(1 / 3, 1 / 2)
    spacing: Range = Range(1.15, 1.15 * 1.5)
    """Distance of baselines, as a multiple of the size: a single line of Times New Roman to one and a half."""


class Tolerances(NamedTuple):
    """What may be missing or too much before a rule speaks.

    Attributes:
        page: of the page's sides, in millimetres.
        edge: by which text may reach into a margin.
        slack: by which the first or widest line may stay away from its margin.
        last_line: by which the lowest line may end above the margin: a paragraph is not always broken.
        indent: of the first line's indent.
        size: of letters, in points.
        spacing: of the distance of lines, as a share.
        middle: of what stands in the middle.
        rule: of the length of a rule below a line, as a share of that line.
        ink: how much of each colour black may show, of 255.
    """

    page: float = 2
    edge: float = 1
    slack: float = 2
    last_line: float = 14
    indent: float = 0.5
    size: float = 0.3
    spacing: float = 0.06
    middle: float = 5
    rule: float = 0.08
    ink: int = 64


LIMITS = Limits()
TOLERANCES = Tolerances()

TYPEFACES = ("timesnewroman", "liberationserif", "tinos", "nimbusroman", "texgyretermes", "freeserif", "times")
"""Times New Roman, and the free faces that are drawn to its measures, by the first letters of their names."""
LEGACY_FACES = (".vn", "vni-")
"""Faces of the codings before TCVN 6909 (TCVN3 "ABC", VNI): they show Vietnamese letters and hold others."""

NATIONAL_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
WITHOUT_SUBJECT = frozenset({"Giấy giới thiệu", "Giấy nghỉ phép", "Phiếu gửi", "Phiếu chuyển", "Phiếu báo"})
"""Types whose templates (Annex III) have no subject below the name, and slips, for which there is no template."""
TITLES = ("GS", "PGS", "TS", "TSKH", "ThS", "BS", "BSCK", "DS", "KS", "CN", "LS", "NGND", "NGƯT", "Giáo sư",
          "Phó Giáo sư", "Tiến sĩ", "Thạc sĩ", "Bác sĩ", "Kỹ sư", "Cử nhân", "Luật sư")  # fmt: skip
"""Academic ranks, degrees and titles of honour that do not stand before a signer's name (Annex I, II.7c)."""


class Form(NamedTuple):
    """Size, weight, slope and case of a part. None: either is right."""

    size: Range
    bold: bool | None = False
    italic: bool | None = False
    capitals: bool | None = None

    @property
    def words(self) -> Words:
        """The form as one would ask for it."""
        size = f"{number(self.size.least)}–{number(self.size.most)}"
        size = number(self.size.least) if self.size.least == self.size.most else size
        vi, en = [f"cỡ chữ {size}"], [f"{size.replace(',', '.')} pt"]
        for value, yes, no in (
            (self.capitals, Words("in hoa", "capitals"), Words("chữ thường", "lower case")),
            (self.italic, Words("nghiêng", "italic"), Words("đứng", "upright")),
            (self.bold, Words("đậm", "bold"), Words("không đậm", "not bold")),
        ):
            if value is not None:
                vi.append((yes if value else no).vi)
                en.append((yes if value else no).en)
        return Words(", ".join(vi), ", ".join(en))


class Rule(NamedTuple):
    """A rule.

    Attributes:
        id: its name; it never changes its meaning.
        severity: what breaking it is.
        clause: where it stands in the decree.
        found: what is there, with placeholders for what was seen.
        should: what should be there.
        form: how the part is set, for the rules that only ask for that.
    """

    id: str
    severity: Severity
    clause: str
    found: Words
    should: Words
    form: Form | None = None


def number(value: float) -> str:
    """A number as Vietnamese writes it, with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")


M, W, N = Severity.MISSING, Severity.WRONG, Severity.NOTE
_I, _II, _III = "Phụ lục I, mục I.", "Phụ lục I, mục II.", "Phụ lục I, mục III."


def _form(id: str, clause: str, part: Words, form: Form) -> Rule:
    wanted = form.words
    return Rule(
        f"{id}_form", W, clause,
        Words(f"{part.vi} trình bày {{found}}", f"{part.en} is set {{found_en}}"),
        Words(f"Trình bày {wanted.vi}.", f"Set it in {wanted.en}."), form,
    )  # fmt: skip


def _margin(side: str, name: Words, allowed: Range) -> Rule:
    wanted = f"{number(allowed.least)}–{number(allowed.most)} mm"
    return Rule(
        f"margin_{side}", W, f"{_I}3",
        Words(f"Lề {name.vi} {{found}} mm", f"The {name.en} margin is {{found_en}} mm"),
        Words(f"Đặt lề {name.vi} {wanted}.", f"Set the {name.en} margin to {wanted}."),
    )  # fmt: skip


def _lines(id: str, clause: str, part: Words, length: Words) -> tuple[Rule, Rule]:
    return (
        Rule(f"{id}_line", M, clause,
             Words(f"Dưới {part.vi} không có đường kẻ ngang", f"There is no rule below {part.en}"),
             Words(f"Kẻ đường nét liền, {length.vi}.", f"Draw a solid rule, {length.en}.")),
        Rule(f"{id}_line_length", W, clause,
             Words(f"Đường kẻ dưới {part.vi} dài bằng {{found}}% dòng chữ",
                   f"The rule below {part.en} is {{found}}% as long as the line"),
             Words(f"Kẻ đường nét liền, {length.vi}.", f"Draw a solid rule, {length.en}.")),
    )  # fmt: skip


_THIRD = Words("dài từ 1/3 đến 1/2 dòng chữ", "a third to a half as long as the line")
_TWELVE, _THIRTEEN = Range(12, 13), Range(13, 14)

RULES: tuple[Rule, ...] = (
    # -- the page ----------------------------------------------------------------------------------------------------
    Rule("page_size", W, f"{_I}1",
         Words("Khổ giấy {found} mm", "The paper is {found} mm"),
         Words("Dùng khổ A4 (210 × 297 mm).", "Use A4 (210 × 297 mm).")),
    _margin("top", Words("trên", "top"), LIMITS.top_and_bottom),
    _margin("bottom", Words("dưới", "bottom"), LIMITS.top_and_bottom),
    _margin("left", Words("trái", "left"), LIMITS.left),
    _margin("right", Words("phải", "right"), LIMITS.right),
    Rule("typeface", W, f"{_I}4",
         Words("Dùng phông chữ {found}", "The typeface is {found}"),
         Words("Dùng phông chữ Times New Roman.", "Use Times New Roman.")),
    Rule("not_embedded", W, f"{_I}4",
         Words("Phông chữ {found} không nằm trong tệp: máy khác có thể hiển thị phông khác",
               "The typeface {found} is not in the file: another machine may show another one"),
         Words("Kết xuất PDF kèm phông chữ (PDF/A).", "Export the PDF with its typefaces embedded (PDF/A).")),
    Rule("old_coding", W, f"{_I}4",
         Words("Phông chữ {found} thuộc bảng mã cũ (TCVN3, VNI)",
               "The typeface {found} is of an old coding (TCVN3, VNI)"),
         Words("Chuyển văn bản sang Unicode (TCVN 6909:2001).", "Convert the text to Unicode (TCVN 6909:2001).")),
    Rule("not_composed", W, f"{_I}4",
         Words("Chữ có dấu viết bằng ký tự tổ hợp: «{found}»", "Accents are separate characters: «{found}»"),
         Words("Dùng Unicode dựng sẵn.", "Use composed Unicode (NFC).")),
    Rule("not_text", W, f"{_I}4",
         Words("{found} ký tự không đọc được thành chữ", "{found} characters cannot be read as text"),
         Words("Kết xuất lại PDF từ bản gốc; chữ phải sao chép, tìm kiếm được.",
               "Export the PDF again from its source; its text must be searchable.")),
    Rule("ink", W, f"{_I}4",
         Words("Chữ «{found}» không phải màu đen", "The text «{found}» is not black"),
         Words("Trình bày chữ màu đen.", "Set the text in black.")),
    Rule("page_number", M, f"{_I}7",
         Words("Trang {found} không có số trang ở giữa lề trên",
               "Page {found} has no number in the middle of its top margin"),
         Words("Đánh số trang bằng chữ số Ả Rập, canh giữa trong lề trên, từ trang 2.",
               "Number pages in Arabic digits, centred in the top margin, from page 2.")),
    Rule("first_page_number", W, f"{_I}7",
         Words("Trang thứ nhất hiển thị số trang", "The first page shows its number"),
         Words("Không hiển thị số trang thứ nhất.", "Hide the number of the first page.")),
    _form("page_number", f"{_I}7", Words("Số trang", "The page number"), Form(_THIRTEEN, bold=None)),
    # -- the head ----------------------------------------------------------------------------------------------------
    Rule("national_name", M, f"{_II}1.a",
         Words("Không thấy Quốc hiệu", "The national name is missing"),
         Words(f"Ghi «{NATIONAL_NAME}» phía trên cùng, bên phải trang đầu.",
               f"Put «{NATIONAL_NAME}» at the top right of the first page.")),
    Rule("national_name_words", W, f"{_II}1.a",
         Words("Quốc hiệu ghi «{found}»", "The national name reads «{found}»"),
         Words(f"Ghi «{NATIONAL_NAME}».", f"Write «{NATIONAL_NAME}».")),
    _form("national_name", f"{_II}1.a", Words("Quốc hiệu", "The national name"), Form(_TWELVE, bold=True)),
    Rule("motto", M, f"{_II}1.b",
         Words("Không thấy Tiêu ngữ dưới Quốc hiệu", "The motto below the national name is missing"),
         Words(f"Ghi «{MOTTO}».", f"Write «{MOTTO}».")),
    Rule("motto_words", W, f"{_II}1.b",
         Words("Tiêu ngữ ghi «{found}»", "The motto reads «{found}»"),
         Words(f"Ghi «{MOTTO}»: gạch nối (-), có cách chữ.", f"Write «{MOTTO}»: hyphens with a space on each side.")),
    _form("motto", f"{_II}1.b", Words("Tiêu ngữ", "The motto"), Form(_THIRTEEN, bold=True)),
    *_lines("motto", f"{_II}1.b", Words("Tiêu ngữ", "the motto"),
            Words("dài bằng dòng chữ", "as long as the line")),
    Rule("superior", M, f"{_II}2.b",
         Words("Không thấy tên cơ quan chủ quản «{wanted}»", "The superior agency «{wanted}» is missing"),
         Words("Ghi tên cơ quan chủ quản trực tiếp phía trên tên cơ quan ban hành.",
               "Put the superior agency's name above that of the issuing one.")),
    _form("superior", f"{_II}2.b", Words("Tên cơ quan chủ quản", "The superior agency's name"),
          Form(_TWELVE, capitals=True)),
    Rule("agency", M, f"{_II}2.a",
         Words("Không thấy tên cơ quan ban hành {wanted}", "The issuing agency's name {wanted} is missing"),
         Words("Ghi tên chính thức, đầy đủ của cơ quan ban hành ở góc trên bên trái.",
               "Put the full official name of the issuing agency at the top left.")),
    _form("agency", f"{_II}2.b", Words("Tên cơ quan ban hành", "The issuing agency's name"),
          Form(_TWELVE, bold=True, capitals=True)),
    *_lines("agency", f"{_II}2.b", Words("tên cơ quan ban hành", "the issuing agency's name"), _THIRD),
    Rule("number", M, f"{_II}3.c",
         Words("Không thấy dòng số, ký hiệu", "The line of number and notation is missing"),
         Words("Ghi «Số: …/ký hiệu» dưới tên cơ quan ban hành.", "Put «Số: …/notation» below the issuing agency.")),
    Rule("number_words", W, f"{_II}3.c",
         Words("Số, ký hiệu ghi «{found}»", "Number and notation read «{found}»"),
         Words("Sau «Số» có dấu hai chấm; giữa số và ký hiệu có dấu gạch chéo, không cách chữ.",
               "A colon follows «Số»; a slash stands between number and notation, without spaces.")),
    Rule("number_digits", W, f"{_II}3.c",
         Words("Số ghi «{found}»", "The number reads «{found}»"),
         Words("Số nhỏ hơn 10 phải ghi thêm số 0 phía trước.", "A number below 10 has a leading 0.")),
    Rule("notation", W, f"{_II}3.b",
         Words("Ký hiệu ghi «{found}»", "The notation reads «{found}»"),
         Words("Ghi ký hiệu {wanted}.", "Write the notation {wanted}.")),
    _form("number", f"{_II}3.c", Words("Số, ký hiệu", "The line of number and notation"), Form(Range(13, 13))),
    Rule("date", M, f"{_II}4.c",
         Words("Không thấy địa danh và thời gian ban hành", "Place and date of issue are missing"),
         Words("Ghi «Địa danh, ngày … tháng … năm …» dưới Tiêu ngữ, cùng dòng với số.",
               "Put «Place, ngày … tháng … năm …» below the motto, on the line of the number.")),
    Rule("date_words", W, f"{_II}4.c",
         Words("Địa danh, thời gian ghi «{found}»", "Place and date read «{found}»"),
         Words("Viết hoa địa danh, sau địa danh có dấu phẩy, viết đủ «ngày … tháng … năm …».",
               "The place has a capital and a comma after it, then «ngày … tháng … năm …» in full.")),
    Rule("date_digits", W, f"{_II}4.b",
         Words("Thời gian ghi «{found}»", "The date reads «{found}»"),
         Words("Ngày nhỏ hơn 10 và tháng 1, 2 phải ghi thêm số 0 phía trước.",
               "Days below 10 and the months 1 and 2 have a leading 0.")),
    _form("date", f"{_II}4.c", Words("Địa danh và thời gian", "The line of place and date"),
          Form(_THIRTEEN, italic=True)),
    Rule("urgency", M, f"{_III}2.b",
         Words("Không thấy dấu chỉ mức độ khẩn «{wanted}»", "The mark of urgency «{wanted}» is missing"),
         Words("Đặt dấu mức độ khẩn dưới số, ký hiệu (ô số 10b).", "Put the mark below the number (box 10b).")),
    _form("urgency", f"{_III}2.b", Words("Dấu chỉ mức độ khẩn", "The mark of urgency"),
          Form(_THIRTEEN, bold=True, capitals=True)),
    # -- title and addressees ----------------------------------------------------------------------------------------
    Rule("type_name", M, f"{_II}5.b",
         Words("Không thấy tên loại văn bản {wanted}", "The name of the type {wanted} is missing"),
         Words("Ghi tên loại văn bản ở giữa trang, dưới số, ký hiệu; công văn thì ghi «V/v …».",
               "Put the type's name in the middle below the number; a letter has «V/v …».")),
    Rule("type_name_place", W, f"{_II}5.b",
         Words("Tên loại văn bản không canh giữa", "The type's name is not centred"),
         Words("Canh giữa theo chiều ngang văn bản.", "Centre it.")),
    _form("type_name", f"{_II}5.b", Words("Tên loại văn bản", "The type's name"),
          Form(_THIRTEEN, bold=True, capitals=True)),
    Rule("subject", M, f"{_II}5.b",
         Words("Không thấy trích yếu dưới tên loại văn bản", "The subject below the type's name is missing"),
         Words("Ghi trích yếu ngay dưới tên loại.", "Put the subject right below the type's name.")),
    _form("subject", f"{_II}5.b", Words("Trích yếu", "The subject"), Form(_THIRTEEN, bold=True, capitals=False)),
    *_lines("subject", f"{_II}5.b", Words("trích yếu", "the subject"), _THIRD),
    Rule("letter_subject", M, f"{_II}5.b",
         Words("Công văn không có trích yếu «V/v …»", "The letter has no subject «V/v …»"),
         Words("Ghi «V/v …» dưới số, ký hiệu.", "Put «V/v …» below the number.")),
    _form("letter_subject", f"{_II}5.b", Words("Trích yếu công văn", "The letter's subject"), Form(_TWELVE)),
    Rule("addressees", M, f"{_II}9.d",
         Words("Công văn không có «Kính gửi:»", "The letter has no «Kính gửi:»"),
         Words("Ghi «Kính gửi:» và tên nơi nhận trước nội dung.",
               "Put «Kính gửi:» and the addressees before the text.")),
    _form("addressees", f"{_II}9.d", Words("«Kính gửi»", "«Kính gửi»"), Form(_THIRTEEN)),
    # -- the text ----------------------------------------------------------------------------------------------------
    _form("body", f"{_II}6.e", Words("Phần lớn nội dung", "Most of the text"), Form(_THIRTEEN, bold=None, italic=None)),
    Rule("indent", W, f"{_II}6.e",
         Words("Chữ đầu dòng lùi vào {found} mm", "First lines are indented by {found_en} mm"),
         Words("Lùi đầu dòng 1 cm hoặc 1,27 cm.", "Indent first lines by 1 cm or 1.27 cm.")),
    Rule("spacing", W, f"{_II}6.e",
         Words("Khoảng cách dòng bằng {found} dòng đơn", "Lines stand {found_en} of single spacing apart"),
         Words("Đặt khoảng cách dòng từ dòng đơn đến 1,5 dòng.", "Set the spacing from single to 1.5 lines.")),
    # -- signer and recipients ---------------------------------------------------------------------------------------
    Rule("authority", M, f"{_II}7.đ",
         Words("Không thấy quyền hạn, chức vụ {wanted} phía trên tên người ký",
               "Authority and position {wanted} above the signer's name are missing"),
         Words("Ghi quyền hạn, chức vụ của người ký.", "Put the signer's authority and position there.")),
    _form("authority", f"{_II}7.đ", Words("Quyền hạn, chức vụ", "Authority and position"),
          Form(_THIRTEEN, bold=True, capitals=True)),
    Rule("signer", M, f"{_II}7.c",
         Words("Không thấy họ tên người ký {wanted}", "The signer's name {wanted} is missing"),
         Words("Ghi họ và tên người ký dưới chức vụ.", "Put the signer's full name below the position.")),
    Rule("signer_title", W, f"{_II}7.c",
         Words("Trước họ tên người ký ghi «{found}»", "Before the signer's name stands «{found}»"),
         Words("Không ghi học hàm, học vị và danh hiệu trước họ tên.", "No ranks, degrees or titles before the name.")),
    _form("signer", f"{_II}7.đ", Words("Họ tên người ký", "The signer's name"),
          Form(_THIRTEEN, bold=True, capitals=False)),
    Rule("recipients", M, f"{_II}9.d",
         Words("Không thấy «Nơi nhận:»", "«Nơi nhận:» is missing"),
         Words("Ghi «Nơi nhận:» sát lề trái, ngang hàng với chức vụ người ký.",
               "Put «Nơi nhận:» at the left margin, level with the signer's position.")),
    _form("recipients", f"{_II}9.d", Words("«Nơi nhận»", "«Nơi nhận»"), Form(Range(12, 12), bold=True, italic=True)),
    _form("recipients_list", f"{_II}9.d", Words("Danh sách nơi nhận", "The list of recipients"), Form(Range(11, 11))),
    Rule("archive_line", M, f"{_II}9.d",
         Words("Nơi nhận không có dòng «Lưu: VT»", "The recipients have no line «Lưu: VT»"),
         Words("Dòng cuối cùng ghi «- Lưu: VT, đơn vị soạn thảo.».", "The last line is «- Lưu: VT, drafting unit.».")),
    Rule("archive_line_words", W, f"{_II}9.d",
         Words("Dòng lưu ghi «{found}»", "The line of the archive reads «{found}»"),
         Words("Ghi «- Lưu: VT, …» là dòng cuối cùng.", "Write «- Lưu: VT, …» as the last line.")),
    # -- what cannot be judged ---------------------------------------------------------------------------------------
    Rule("scanned", N, f"{_I}4",
         Words("Tệp là ảnh chụp (trang {found}): không có chữ để kiểm tra",
               "The file is a scan (page {found}): it has no text to check"),
         Words("Xem bằng mắt, hoặc tải lên PDF kết xuất từ bản soạn thảo.",
               "Look at it yourself, or upload a PDF exported from the source.")),
    Rule("unnamed_fonts", N, f"{_I}4",
         Words("Phông chữ trong tệp không có tên: không kiểm tra được phông và kiểu chữ",
               "The file's typefaces have no name: they cannot be checked"),
         Words("Xem bằng mắt, hoặc kết xuất lại PDF từ bản soạn thảo.",
               "Look at it yourself, or export the PDF again from its source.")),
    Rule("not_checked", N, "",
         Words("Không kiểm tra được: {found}", "It could not be checked: {found_en}"),
         Words("Kết xuất lại PDF từ bản soạn thảo rồi tải lên.",
               "Export the PDF again from its source and upload it.")),
)  # fmt: skip
"""All rules, in the order of the decree."""

BY_ID = {rule.id: rule for rule in RULES}
