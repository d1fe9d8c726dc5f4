"""The time zone of all official times (Decision 28/2018/QĐ-TTg, Article 14.4)."""

from datetime import datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def to_the_second(moment: datetime) -> str:
    """`14:05:20 23/11/2026`, as the clocks of Vietnam show it; `moment` is aware."""
    return f"{moment.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"
