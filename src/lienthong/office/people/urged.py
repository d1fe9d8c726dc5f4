"""Who was urged is left in peace for a while, whatever the work: each urging rings aloud, and goes by mail at once."""

from datetime import datetime, timedelta

from lienthong.office.errors import OfficeProblem

MINUTES = 10


class UrgedJustNow(OfficeProblem):
    """Who was urged a moment ago has heard it: urging again at once would only fill their mail."""

    code = "urged_just_now"
    status = 409
    vi = "Vừa đôn đốc việc này chưa đầy {minutes} phút; người được đôn đốc đã được báo."
    en = "This was urged less than {minutes} minutes ago; whoever has it was told."
    next_vi = "Đợi ít phút, hoặc trao đổi trực tiếp."
    next_en = "Wait a few minutes, or speak to them."


def is_in_peace(urged_at: datetime | None, at: datetime) -> bool:
    """Whether the last urging was a moment ago, or comes from somebody who pressed at the same moment; one that a clock
    put back has far in the future was not."""
    return urged_at is not None and abs(at - urged_at) < timedelta(minutes=MINUTES)
