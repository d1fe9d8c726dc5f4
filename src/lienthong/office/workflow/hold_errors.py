"""What is refused while an order holds it."""

from lienthong.office.errors import OfficeProblem


class Held(OfficeProblem):
    """An order of the competent person freezes it (Decree 30/2020, Annex VI, IV.1g)."""

    code = "held"
    clause = "Phụ lục VI, IV.1g Nghị định 30/2020/NĐ-CP"
    vi = "Đang bị khóa theo {reference}: không chuyển, xóa hoặc sửa được."
    en = "Held by {reference}: it is not moved, removed or changed."
    next_vi = "Chờ người có thẩm quyền mở khóa ở trang của hồ sơ; nếu bên gửi thu hồi, nội dung vẫn đóng trong lúc chờ."
    next_en = "Wait until the hold is lifted on the dossier's page; what is recalled stays closed meanwhile."
