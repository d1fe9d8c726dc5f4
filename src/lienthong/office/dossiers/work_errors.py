"""What is refused of the work that a dossier is about: its tasks, and the dossiers that are parts of it."""

from lienthong.office.errors import OfficeProblem


class TasksOpen(OfficeProblem):
    """A dossier is closed when its work is done (Article 29.4)."""

    code = "tasks_open"
    clause = "Điều 29.4 Nghị định 30/2020/NĐ-CP"
    vi = "Hồ sơ còn {count} nhiệm vụ chưa xong."
    en = "{count} tasks of the dossier are not done."
    next_vi = "Người được giao báo đã xong, hoặc người giữ hồ sơ cho thôi kèm lý do, rồi kết thúc hồ sơ."
    next_en = "Whoever has them says they are done, or the keeper drops them with a reason; then close the dossier."


class PartsOpen(OfficeProblem):
    """The whole is not done before its parts (Article 29.4)."""

    code = "parts_open"
    clause = "Điều 29.4 Nghị định 30/2020/NĐ-CP"
    vi = "Hồ sơ còn {count} hồ sơ con chưa kết thúc."
    en = "{count} dossiers that are parts of it are still open."
    next_vi = "Kết thúc từng hồ sơ con trước."
    next_en = "Close each of these first."


class TaskOutlastsWork(OfficeProblem):
    """Whoever is given a part of the work has no more time for it than there is for the whole (Article 23.2)."""

    code = "task_outlasts_work"
    status = 422
    clause = "Điều 23.2 Nghị định 30/2020/NĐ-CP"
    vi = "Hạn của nhiệm vụ phải từ {first} đến {last}."
    en = "A task is due between {first} and {last}."
    next_vi = "Chọn ngày trong khoảng đó, hoặc sửa hạn hoàn thành công việc của hồ sơ trước."
    next_en = "Choose a day in that time, or first change until when the work of the dossier is to be done."
