"""The cast of the demo: four agencies with their units and people, and the people of the hub's console. All people are
invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """A person of the cast.

    Attributes:
        login: name to sign in with.
        name: full name.
        role: a role of `office.models.Role`.
        unit: abbreviation of the unit.
        position: official position (chức vụ).
        competence: authority line printed above the position when this person signs, if any.
    """

    login: str
    name: str
    role: str
    unit: str
    position: str
    competence: str = ""


@dataclass(frozen=True)
class House:
    """An agency of the cast: what its office is told at set-up."""

    code: str
    alias: str
    name: str
    short_name: str
    abbreviation: str
    place: str
    address: str
    units: tuple[tuple[str, str], ...]
    members: tuple[Member, ...]
    superior_name: str = ""


@dataclass(frozen=True)
class OfTheHub:
    """A person of the hub's console.

    Attributes:
        role: a role of `hub.models.Operator`; `duty` says it in words.
        agency: of an agency officer, the top of the subtree.
    """

    login: str
    name: str
    role: str
    duty: str
    agency: str = ""


CONSOLE = (
    OfTheHub("truc.lien.thong", "Tạ Quang Duy", "operator", "Trực vận hành"),
    OfTheHub("danh.muc", "Lưu Thị Thu Hằng", "registry", "Cán bộ danh mục"),
    OfTheHub("kiem.tra", "Đoàn Văn Chiến", "auditor", "Kiểm tra"),
    OfTheHub("can.bo.h41", "Phan Thị Quỳnh Như", "agency", "Cán bộ cơ quan H41", "H41"),
)
OPERATOR = CONSOLE[0].login

G22 = House(
    code="G22",
    alias="000.00.00.G22",
    name="Văn phòng Chính phủ",
    short_name="VP Chính phủ",
    abbreviation="VPCP",
    place="Hà Nội",
    address="01 Hoàng Hoa Thám, Ba Đình, Hà Nội",
    units=(
        ("LĐVP", "Lãnh đạo Văn phòng"),
        ("HC", "Vụ Hành chính"),
        ("KSTT", "Cục Kiểm soát thủ tục hành chính"),
        ("TH", "Vụ Tổng hợp"),
    ),
    members=(
        Member("van.thu", "Nguyễn Thị Hạnh", "clerk", "HC", "Văn thư"),
        Member("lanh.dao", "Trần Quốc Vượng", "leader", "LĐVP", "PHÓ CHỦ NHIỆM", "KT. BỘ TRƯỞNG, CHỦ NHIỆM"),
        Member("truong.dv", "Lê Minh Đức", "unit_head", "KSTT", "Cục trưởng"),
        Member("chuyen.vien", "Phạm Thu Trang", "specialist", "KSTT", "Chuyên viên"),
        Member("the.thuc", "Đặng Hồng Nhung", "checker", "HC", "Chuyên viên kiểm tra thể thức"),
        Member("quan.tri", "Bùi Tuấn Anh", "administrator", "HC", "Quản trị hệ thống"),
        Member("kiem.tra", "Vũ Thị Kim Oanh", "auditor", "TH", "Chuyên viên kiểm tra, giám sát"),
    ),
)

H41 = House(
    code="H41",
    alias="000.00.00.H41",
    name="Ủy ban nhân dân tỉnh Nghệ An",
    short_name="UBND tỉnh Nghệ An",
    abbreviation="UBND",
    place="Nghệ An",
    address="Số 03 Trường Thi, Nghệ An",
    units=(
        ("LĐUB", "Lãnh đạo Ủy ban"),
        ("VP", "Văn phòng Ủy ban nhân dân tỉnh"),
        ("NC", "Phòng Nội chính"),
        ("CNTT", "Phòng Chuyển đổi số"),
    ),
    members=(
        Member("van.thu", "Hoàng Thị Lam", "clerk", "VP", "Văn thư"),
        Member("lanh.dao", "Nguyễn Đình Sơn", "leader", "LĐUB", "PHÓ CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH"),
        Member("truong.dv", "Cao Xuân Hải", "unit_head", "CNTT", "Trưởng phòng"),
        Member("chuyen.vien", "Phan Thị Mai", "specialist", "CNTT", "Chuyên viên"),
        Member("truong.nc", "Hồ Sỹ Thắng", "unit_head", "NC", "Trưởng phòng"),
        Member("chuyen.vien.nc", "Trương Văn Bảo", "specialist", "NC", "Chuyên viên"),
        Member("the.thuc", "Đậu Thị Ngân", "checker", "VP", "Chuyên viên kiểm tra thể thức"),
        Member("quan.tri", "Lê Văn Quý", "administrator", "VP", "Quản trị hệ thống"),
        Member("kiem.tra", "Võ Thị Thanh", "auditor", "VP", "Chuyên viên kiểm tra, giám sát"),
    ),
)

H26 = House(
    code="H26",
    alias="000.00.00.H26",
    name="Ủy ban nhân dân thành phố Hà Nội",
    short_name="UBND TP Hà Nội",
    abbreviation="UBND",
    place="Hà Nội",
    address="Số 12 Lê Lai, Hoàn Kiếm, Hà Nội",
    units=(
        ("LĐUB", "Lãnh đạo Ủy ban"),
        ("VP", "Văn phòng Ủy ban nhân dân thành phố"),
        ("KSTTHC", "Phòng Kiểm soát thủ tục hành chính"),
    ),
    members=(
        Member("van.thu", "Đỗ Thị Hương", "clerk", "VP", "Văn thư"),
        Member("lanh.dao", "Ngô Quang Huy", "leader", "LĐUB", "PHÓ CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH"),
        Member("truong.dv", "Dương Thành Nam", "unit_head", "KSTTHC", "Trưởng phòng"),
        Member("chuyen.vien", "Tạ Bích Ngọc", "specialist", "KSTTHC", "Chuyên viên"),
        Member("the.thuc", "Lương Thị Yến", "checker", "VP", "Chuyên viên kiểm tra thể thức"),
        Member("quan.tri", "Mai Đức Long", "administrator", "VP", "Quản trị hệ thống"),
        Member("kiem.tra", "Chu Văn Tài", "auditor", "VP", "Chuyên viên kiểm tra, giám sát"),
    ),
)

G12 = House(
    code="G12",
    alias="000.00.00.G12",
    name="Bộ Tài chính",
    short_name="Bộ Tài chính",
    abbreviation="BTC",
    place="Hà Nội",
    address="28 Trần Hưng Đạo, Hoàn Kiếm, Hà Nội",
    units=(
        ("LĐB", "Lãnh đạo Bộ"),
        ("VP", "Văn phòng Bộ"),
        ("NSNN", "Vụ Ngân sách nhà nước"),
    ),
    members=(
        Member("van.thu", "Trịnh Thị Loan", "clerk", "VP", "Văn thư"),
        Member("lanh.dao", "Kiều Văn Thịnh", "leader", "LĐB", "THỨ TRƯỞNG", "KT. BỘ TRƯỞNG"),
        Member("truong.dv", "Phùng Gia Khánh", "unit_head", "NSNN", "Vụ trưởng"),
        Member("chuyen.vien", "Đinh Thảo Vy", "specialist", "NSNN", "Chuyên viên"),
        Member("the.thuc", "Lý Thu Hà", "checker", "VP", "Chuyên viên kiểm tra thể thức"),
        Member("quan.tri", "Tống Minh Quân", "administrator", "VP", "Quản trị hệ thống"),
        Member("kiem.tra", "Quách Thị Diệp", "auditor", "VP", "Chuyên viên kiểm tra, giám sát"),
    ),
)

HOUSES = (G22, H41, H26, G12)
