"""What a register refuses."""

from lienthong.office.errors import OfficeProblem


class ClockBehind(OfficeProblem):
    """Numbers stand in the order of their days: a clock that was put back gives none."""

    code = "clock_behind"
    clause = "Điều 15.1 Nghị định 30/2020/NĐ-CP"
    vi = "Đồng hồ máy chủ chỉ ngày {day}, trước ngày của số cấp gần nhất trong sổ ({last})."
    en = "The server's clock says {day}, which is before the day of the register's last number ({last})."
    next_vi = "Chưa cấp số. Báo quản trị chỉnh giờ máy chủ theo giờ của Trục, rồi làm lại."
    next_en = "No number was given. Have the server's clock set by the hub's time, then do it again."
