"""What is refused of the work that a dossier is about: its tasks, the dossiers that are parts of it, and its way
to a historical archive."""

from lienthong.office.errors import NotFound, OfficeProblem


class NoSuchTask(NotFound):
    """The dossier has no such task."""

    vi = "Hồ sơ không có nhiệm vụ này."
    en = "The dossier has no such task."
    next_vi = "Mở lại trang của hồ sơ và chọn nhiệm vụ ở đó."
    next_en = "Open the dossier's page again and choose a task there."


class NoSuchTransfer(NotFound):
    """No hand-over of this agency has this page, or the person does not answer for the agency's records."""

    vi = "Không có lần giao nộp này, hoặc anh/chị không được xem."
    en = "There is no such hand-over, or you may not see it."
    next_vi = "Về mục «Hồ sơ» › «Lưu trữ lịch sử» và mở lại từ đó."
    next_en = "Go back to «Dossiers» › «Historical archive» and open it from there."


class TasksOpen(OfficeProblem):
    """A dossier is closed when its work is done (Article 29.4)."""

    code = "tasks_open"
    clause = "Điều 29.4 Nghị định 30/2020/NĐ-CP"
    vi = "Hồ sơ còn {count} nhiệm vụ chưa xong."
    en = "{count} tasks of the dossier are not done."
    next_vi = "Người được giao báo đã xong, hoặc người giữ hồ sơ hủy nhiệm vụ kèm lý do, rồi kết thúc hồ sơ."
    next_en = "Whoever has them says they are done, or the keeper drops them with a reason; then close the dossier."


class PartsOpen(OfficeProblem):
    """The whole is not done before its parts (Article 29.4)."""

    code = "parts_open"
    clause = "Điều 29.4 Nghị định 30/2020/NĐ-CP"
    vi = "Hồ sơ còn {count} hồ sơ con chưa kết thúc."
    en = "{count} dossiers that are parts of it are still open."
    next_vi = "Kết thúc từng hồ sơ con trước."
    next_en = "Close each of these first."


class MemberHasTasks(OfficeProblem):
    """Nobody has a task in a dossier that they do not see: a rule of this office's own."""

    code = "member_has_tasks"
    vi = "{name} còn {count} nhiệm vụ chưa xong trong hồ sơ."
    en = "{name} has {count} tasks of the dossier that are not done."
    next_vi = "Hủy các nhiệm vụ đó kèm lý do và giao người khác, rồi thôi phối hợp."
    next_en = "Drop these tasks with a reason and give them to somebody else; then end their part."


class NotForHistory(OfficeProblem):
    """Only what is kept for ever, and lies in the agency's archive, goes to a historical one (as the Law on Archives
    33/2024/QH15 is read in `docs/divergences.md`)."""

    code = "not_for_history"
    status = 422
    vi = "«{title}» không phải hồ sơ bảo quản vĩnh viễn đang do Lưu trữ cơ quan giữ."
    en = "«{title}» is not kept for ever, or the agency's archive does not have it."
    next_vi = "Chỉ chọn hồ sơ vĩnh viễn đã nộp vào Lưu trữ cơ quan."
    next_en = "Choose dossiers that are kept for ever and lie in the agency's archive."


class TaskOutlastsWork(OfficeProblem):
    """Whoever is given a part of the work has no more time for it than there is for the whole: a rule of this office's
    own."""

    code = "task_outlasts_work"
    status = 422
    vi = "Hạn của nhiệm vụ phải {when}."
    en = "A task is due {when_en}."
    next_vi = "Chọn ngày trong thời gian đó, hoặc sửa hạn hoàn thành công việc của hồ sơ trước."
    next_en = "Choose a day in that time, or first change until when the work of the dossier is to be done."
