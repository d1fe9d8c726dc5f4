"""With what a document of each type begins: the samples of Decree 30/2020/NĐ-CP, Annex III, as text."""

from __future__ import annotations

from dataclasses import dataclass, replace

OPEN = "………"
"""Stands where something is to be written."""


@dataclass(frozen=True)
class Skeleton:
    """What stands in a sample.

    Attributes:
        sample: its number in Annex III.
        basis: the grounds, one a line; of what has none: nothing.
        middle: between grounds and end.
        closing: the last paragraph.
        recipients: the lines of «Nơi nhận».
        addressed: whether it has «Kính gửi».
    """

    sample: str
    middle: tuple[str, ...]
    basis: tuple[str, ...] = ()
    closing: str = f"{OPEN}./."
    recipients: tuple[str, ...] = (f"- {OPEN};", "- Lưu: VT.")
    addressed: bool = False

    def with_own(self, basis: str, closing: str, recipients: str) -> Skeleton:
        """With the words of an agency in place of those of the sample, as far as it has any."""
        lines = tuple(line.strip() for line in basis.splitlines() if line.strip())
        own = tuple(line.strip() for line in recipients.splitlines() if line.strip())
        return replace(
            self, basis=lines or self.basis, closing=closing.strip() or self.closing, recipients=own or self.recipients
        )

    @property
    def body(self) -> str:
        """The text, one paragraph a line."""
        return "\n".join((*self.basis, *self.middle, self.closing))


_NAMED = Skeleton("1.4", (OPEN,))
_SAMPLES: dict[str, Skeleton] = {
    "Nghị quyết": Skeleton(
        "1.1", ("QUYẾT NGHỊ:", f"Điều 1. {OPEN}", f"Điều 2. {OPEN}"), basis=(f"Căn cứ {OPEN};",),
        closing=f"Điều 3. {OPEN} chịu trách nhiệm thi hành Nghị quyết này./.",
        recipients=("- Như Điều 3;", f"- {OPEN};", "- Lưu: VT."),
    ),
    "Quyết định": Skeleton(
        "1.2", (f"Theo đề nghị của {OPEN}.", "QUYẾT ĐỊNH:", f"Điều 1. {OPEN}", f"Điều 2. {OPEN}"),
        basis=(f"Căn cứ {OPEN};",),
        closing=f"Điều 3. {OPEN} chịu trách nhiệm thi hành Quyết định này./.",
        recipients=("- Như Điều 3;", f"- {OPEN};", "- Lưu: VT."),
    ),
    "Công văn": Skeleton("1.5", (OPEN,), recipients=("- Như trên;", f"- {OPEN};", "- Lưu: VT."), addressed=True),
    "Công điện": Skeleton("1.6", (f"{OPEN} điện:", f"- {OPEN};", OPEN)),
    "Giấy mời": Skeleton(
        "1.7", (
            f"{OPEN} trân trọng kính mời: {OPEN}", f"Tới dự {OPEN}", f"Chủ trì: {OPEN}", f"Thời gian: {OPEN}",
            f"Địa điểm: {OPEN}",
        ),
    ),
    "Giấy giới thiệu": Skeleton(
        "1.8", (
            f"{OPEN} trân trọng giới thiệu:", f"Ông (bà) {OPEN}", f"Chức vụ: {OPEN}", f"Được cử đến: {OPEN}",
            f"Về việc: {OPEN}",
            "Đề nghị Quý cơ quan tạo điều kiện để ông (bà) có tên ở trên hoàn thành nhiệm vụ.",
        ), closing=f"Giấy này có giá trị đến hết ngày {OPEN}./.", recipients=("- Như trên;", "- Lưu: VT."),
    ),
    "Biên bản": Skeleton(
        "1.9", (
            f"Thời gian bắt đầu: {OPEN}", f"Địa điểm: {OPEN}", f"Thành phần tham dự: {OPEN}",
            f"Chủ trì (chủ tọa): {OPEN}", f"Thư ký (người ghi biên bản): {OPEN}",
            f"Nội dung (theo diễn biến cuộc họp/hội nghị/hội thảo): {OPEN}",
        ), closing=f"Cuộc họp (hội nghị, hội thảo) kết thúc vào {OPEN} giờ {OPEN}, ngày {OPEN}./.",
        recipients=(f"- {OPEN};", "- Lưu: VT, Hồ sơ."),
    ),
    "Giấy nghỉ phép": Skeleton(
        "1.10", (
            f"Xét Đơn đề nghị nghỉ phép ngày {OPEN} của ông (bà) {OPEN}", f"{OPEN} cấp cho:", f"Ông (bà): {OPEN}",
            f"Chức vụ: {OPEN}",
            f"Được nghỉ phép trong thời gian {OPEN} kể từ ngày {OPEN} đến hết ngày {OPEN} tại {OPEN}.",
        ), closing=f"Số ngày nghỉ phép nêu trên được tính vào thời gian {OPEN}./.",
    ),
}  # fmt: skip


def of_type(name: str) -> Skeleton:
    """The sample of a type; sample 1.4 is for all that have a name and no sample of their own."""
    return _SAMPLES.get(name, _NAMED)
