"""The documents of the story: plausible to a clerk, and invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A document as its drafter types it."""

    kind: str
    subject: str
    body: str
    addressees: str = ""
    appendixes: str = ""
    recipients_text: str = ""
    urgency: str = "0"


DECISION = Text(
    kind="Quyết định",
    subject="Về việc ban hành Quy chế gửi, nhận và xử lý văn bản điện tử",
    body="""BỘ TRƯỞNG, CHỦ NHIỆM VĂN PHÒNG CHÍNH PHỦ
Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;
Căn cứ Quyết định số 28/2018/QĐ-TTg ngày 12 tháng 7 năm 2018 của Thủ tướng Chính phủ về việc gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước;
Theo đề nghị của Cục trưởng Cục Kiểm soát thủ tục hành chính.
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy chế gửi, nhận và xử lý văn bản điện tử, cùng Danh mục mã trạng thái tại Phụ lục I.
Điều 2. Văn bản điện tử đã ký số gửi qua Trục liên thông văn bản quốc gia có giá trị pháp lý như bản giấy; nơi nhận xử lý ngay, không chờ văn bản giấy.
1. Nơi nhận báo trạng thái tự động tới nơi gửi: đã đến, đã tiếp nhận, đã phân công, đang xử lý, hoàn thành.
2. Nơi nhận từ chối tiếp nhận phải nêu rõ lý do để nơi gửi bổ sung, sửa đổi.
Điều 3. Quyết định này có hiệu lực kể từ ngày ký.
Điều 4. Cục trưởng Cục Kiểm soát thủ tục hành chính, Chánh Văn phòng các cơ quan nhận Quyết định này chịu trách nhiệm thi hành./.""",
    appendixes="Phụ lục I. Danh mục mã trạng thái văn bản",
    recipients_text="""- Như Điều 4;
- Bộ Tài chính;
- UBND tỉnh Nghệ An, UBND thành phố Hà Nội;
- Lưu: VT, KSTT (2).""",
)

LETTER = Text(
    kind="Công văn",
    subject="Về việc báo cáo gấp tình hình kết nối, liên thông văn bản điện tử",
    addressees="Ủy ban nhân dân tỉnh Nghệ An",
    body="""Thực hiện chỉ đạo của Lãnh đạo Văn phòng Chính phủ về việc bảo đảm thông suốt việc gửi, nhận văn bản điện tử, đề nghị Ủy ban nhân dân tỉnh Nghệ An báo cáo tình hình kết nối, liên thông của các cơ quan, đơn vị trên địa bàn.
Báo cáo gửi về Văn phòng Chính phủ trong ngày qua Trục liên thông văn bản quốc gia./.""",
    recipients_text="- Như trên;\n- Lưu: VT, KSTT.",
    urgency="3",
)

REPORT = Text(
    kind="Báo cáo",
    subject="Kết quả gửi, nhận văn bản điện tử quý IV năm 2026",
    body="""Ủy ban nhân dân tỉnh Nghệ An báo cáo Văn phòng Chính phủ kết quả gửi, nhận văn bản điện tử quý IV năm 2026 như sau:
1. Số liệu gửi, nhận.
| Nội dung | Số văn bản | Tỷ lệ ký số |
| Văn bản đi điện tử | 4.127 | 98,6% |
| Văn bản đến điện tử | 6.310 | 97,2% |
| Bị trả lại | 18 | – |
2. Đánh giá. Việc gửi, nhận được thực hiện trong ngày; không còn gửi kèm bản giấy, trừ trường hợp pháp luật quy định.
3. Kiến nghị. Đề nghị Văn phòng Chính phủ tiếp tục công bố danh mục mã định danh cập nhật sau sắp xếp đơn vị hành chính.
Ủy ban nhân dân tỉnh Nghệ An trân trọng báo cáo./.""",
    recipients_text="- Văn phòng Chính phủ;\n- Lưu: VT, CNTT.",
)

ANNEX = Text(
    kind="Phụ lục",
    subject="Danh mục mã trạng thái văn bản",
    body="""| Mã | Trạng thái | Nơi báo |
| 01 | Đã đến | Hệ thống nơi nhận, tự động |
| 02 | Từ chối tiếp nhận | Văn thư nơi nhận |
| 03 | Đã tiếp nhận | Văn thư nơi nhận |
| 04 | Đã phân công | Lãnh đạo nơi nhận |
| 05 | Đang xử lý | Người xử lý |
| 06 | Hoàn thành | Người xử lý |
| 13 | Lấy lại | Nơi gửi |
| 15 | Đồng ý cập nhật, thu hồi | Nơi nhận |
| 16 | Từ chối cập nhật, thu hồi | Nơi nhận |""",
)

INQUIRY = Text(
    kind="Công văn",
    subject="Về việc phối hợp kết nối, chia sẻ dữ liệu dân cư",
    addressees="Ủy ban nhân dân tỉnh Nghệ An",
    body="""Ủy ban nhân dân Thành phố Hồ Chí Minh đề nghị Ủy ban nhân dân tỉnh Nghệ An cử đầu mối phối hợp kết nối, chia sẻ dữ liệu phục vụ giải quyết thủ tục hành chính của công dân hai địa phương.
Thông tin đầu mối xin gửi qua Trục liên thông văn bản quốc gia./.""",
    recipients_text="- Như trên;\n- Lưu: VT.",
)
