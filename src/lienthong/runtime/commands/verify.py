"""`lienthong verify`: judge a signed PDF on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Tệp PDF cần kiểm tra.")],
    trust: Annotated[
        Path | None,
        typer.Option(
            help="Thư mục chứng thư số tin cậy (*.pem); seals/MÃ.pem là chứng thư số của cơ quan. "
            "Không nêu: ./trust, hoặc của bản chạy thử (.demo/trust)."
        ),
    ] = None,
    signer: Annotated[str | None, typer.Option(help="Họ tên người ký theo văn bản.")] = None,
    enclosure: Annotated[bool, typer.Option("--enclosure", help="Tài liệu kèm theo: chỉ cơ quan ký.")] = False,
    json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Kiểm tra chữ ký số và giá trị pháp lý của một văn bản PDF.

    Mã thoát: 0 có giá trị pháp lý như bản gốc; 1 chỉ để tham khảo; 2 sai tham số.
    """
    # Loading the judge takes most of a second: the other commands do without it.
    from lienthong.runtime.commands import verification

    verification.run(file, trust=trust, signer=signer, enclosure=enclosure, json=json)
