"""What is refused of accounts and roles."""

from lienthong.office.errors import NotFound, OfficeProblem


class NoSuchPerson(NotFound):
    """Nobody of this agency has this page."""

    vi = "Cơ quan không có cán bộ hoặc thay đổi này."
    en = "The agency has no such person or change."
    next_vi = "Về mục «Cán bộ và quyền» và mở lại từ đó."
    next_en = "Go back to «People and rights» and open it from there."


class BadTime(OfficeProblem):
    """A time that ends before it begins, or changes what is past."""

    code = "bad_time"
    status = 422
    vi = "Thời gian không hợp lệ: {why}."
    en = "This time is not possible: {why_en}."
    next_vi = "Sửa lại ngày rồi gửi lại."
    next_en = "Correct the day and send it again."


class UnitBelowItself(OfficeProblem):
    """Units make a tree."""

    code = "unit_below_itself"
    status = 422
    vi = "Đơn vị không thể thuộc chính nó hoặc đơn vị bên dưới nó."
    en = "A unit does not belong to itself or to one below it."
    next_vi = "Chọn đơn vị cấp trên khác."
    next_en = "Choose another unit above it."


class LoginTaken(OfficeProblem):
    """One person, one account, one name to sign in with (SEC-5)."""

    code = "login_taken"
    status = 422
    vi = "Tên đăng nhập «{login}» đã có người dùng."
    en = "The name «{login}» is taken."
    next_vi = "Chọn tên khác; nếu là cùng một người, mở trang của người đó và giao thêm vai trò."
    next_en = "Choose another; if it is the same person, open their page and give them one more role."


class BadLogin(OfficeProblem):
    """A name that people can type and the journal can hold."""

    code = "bad_login"
    status = 422
    vi = "Tên đăng nhập chỉ gồm chữ thường không dấu, chữ số, dấu chấm và gạch nối, từ 3 đến 60 ký tự."
    en = "A name to sign in with has 3 to 60 small letters without marks, digits, dots and hyphens."
    next_vi = "Ví dụ: nguyen.van.an"
    next_en = "Such as: nguyen.van.an"


class RolesApart(OfficeProblem):
    """Who administers accounts handles no documents, and the other way round (SEC-5, SEC-6)."""

    code = "roles_apart"
    status = 422
    clause = "Phụ lục VI Nghị định 30/2020/NĐ-CP"
    vi = "Vai trò «Quản trị» tách khỏi các vai trò xử lý văn bản; {name} không giữ cả hai cùng lúc."
    en = "The administrator's role is apart from those that handle documents; {name} does not hold both at once."
    next_vi = "Mở tài khoản quản trị riêng cho người khác, hoặc kết thúc vai trò kia trước."
    next_en = "Make another person the administrator, or end the other role first."


class OwnRights(OfficeProblem):
    """Nobody changes their own rights, and nobody confirms what they changed or what concerns them (AVI-3c, SEC-6)."""

    code = "own_rights"
    status = 403
    vi = "Không ai tự thay đổi hoặc tự xác nhận quyền của mình, và người thay đổi không tự xác nhận."
    en = "Nobody changes or confirms their own rights, and who made a change does not confirm it."
    next_vi = "Đề nghị quản trị khác thay đổi, hoặc lãnh đạo khác hay người kiểm tra, giám sát xác nhận."
    next_en = "Ask another administrator to change it, or another leader or an auditor to confirm it."


class PostHeld(OfficeProblem):
    """A role in a unit is held once at a time."""

    code = "post_held"
    status = 422
    vi = "{name} đã giữ vai trò này ở {unit} trong thời gian đó."
    en = "{name} already holds this role in {unit} at that time."
    next_vi = "Xem thời gian ở bảng vai trò; kết thúc vai trò cũ trước nếu cần."
    next_en = "Look at the times in the table of roles; end the old one first if need be."


class DossiersToHandOver(OfficeProblem):
    """Who leaves hands over all dossiers first (Decree 30/2020, Article 31.3đ)."""

    code = "dossiers_to_hand_over"
    clause = "Điều 31.3đ Nghị định 30/2020/NĐ-CP"
    vi = "{name} còn giữ {count} hồ sơ chưa bàn giao nên chưa khóa được tài khoản."
    en = "{name} still keeps {count} dossiers, so the account is not closed yet."
    next_vi = "Người đó, trưởng đơn vị hoặc lãnh đạo bàn giao ở «Hồ sơ → Bàn giao», rồi khóa tài khoản."
    next_en = "They, their unit's head or a leader hand them over at «Dossiers → Hand-over»; then close the account."


class DraftingToHandOver(OfficeProblem):
    """Who leaves hands over what they are writing, and what others write for them, as they hand over dossiers (Decree
    30/2020, Article 31.3đ)."""

    code = "drafting_to_hand_over"
    clause = "Điều 31.3đ Nghị định 30/2020/NĐ-CP"
    vi = "{name} còn {count} việc soạn thảo chưa bàn giao nên chưa khóa được tài khoản."
    en = "{name} still has documents to be written, or given to write: {count}. So the account is not closed yet."
    next_vi = "Người đó, trưởng đơn vị hoặc lãnh đạo bàn giao ở «Giao soạn thảo → Bàn giao», rồi khóa tài khoản."
    next_en = "They, their unit's head or a leader hand them over at «Given to write → Hand-over»; then close it."
