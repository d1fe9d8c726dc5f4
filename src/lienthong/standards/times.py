"""The time zone of all official times (Decision 28/2018/QĐ-TTg, Article 14.4)."""

from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
