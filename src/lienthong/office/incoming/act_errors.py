"""What stops an act on an incoming document, or on several of them at once."""

from lienthong.office.errors import OfficeProblem


class UndoTooLate(OfficeProblem):
    """An acceptance is undone while nobody but the clerk knows of it."""

    code = "undo_too_late"
    clause = "Điều 21.2c, 22.2, 23.1 Nghị định 30/2020/NĐ-CP"
    vi = "Không hoàn tác tiếp nhận được nữa: {why}."
    en = "The acceptance cannot be undone any more: {why_en}."
    next_vi = "Văn bản giữ số đến. Nhầm nơi nhận thì lãnh đạo giao giải quyết, hoàn thành với kết quả «gửi nhầm»."
    next_en = "It keeps its arrival number. Misdirected, it is assigned and finished with that outcome."


class WhyUndone(OfficeProblem):
    """A number that is not used stays in the register, with its reason."""

    code = "why_undone"
    status = 422
    clause = "Điều 22.2 Nghị định 30/2020/NĐ-CP"
    vi = "Phải nêu lý do (từ 10 ký tự)."
    en = "Give the reason (10 characters or more)."
    next_vi = "Viết lý do: số đến không dùng và lý do đứng trong sổ đăng ký văn bản đến."
    next_en = "Write the reason: the number and the reason stay in the register of incoming documents."


class ReasonTooShort(OfficeProblem):
    """Whoever is asked must be told why."""

    code = "reason_too_short"
    status = 422
    clause = "Điều 23.2, 24 Nghị định 30/2020/NĐ-CP"
    vi = "Lý do cần từ 10 đến 500 ký tự."
    en = "The reason takes 10 to 500 characters."
    next_vi = "Viết rõ vì sao, để người nhận biết phải làm gì."
    next_en = "Say why, so that the reader knows what to do."


class AskedAlready(OfficeProblem):
    """One request for more time waits at a time."""

    code = "asked_already"
    vi = "Đã đề nghị gia hạn lúc {when}, chờ {who} quyết định."
    en = "More time was asked for at {when}; it waits for {who}."
    next_vi = "Chờ quyết định, hoặc trao đổi trực tiếp với người giao việc."
    next_en = "Wait for the answer, or talk to who gave the task."


class NotYourTask(OfficeProblem):
    """More time is granted by the leader who gave the task (requirements §5.2)."""

    code = "not_your_task"
    status = 403
    clause = "Điều 23.2, 24 Nghị định 30/2020/NĐ-CP"
    vi = "Việc này do {who} giao: chỉ {who} quyết định gia hạn."
    en = "{who} gave this task: only {who} grants more time."
    next_vi = "Chuyển đề nghị cho {who}; khi {who} thôi làm lãnh đạo thì lãnh đạo khác quyết định."
    next_en = "Leave it to {who}; once {who} is no leader any more, another leader decides."


class NothingToUrge(OfficeProblem):
    """Nobody has open work on the document."""

    code = "nothing_to_urge"
    clause = "Điều 24.1 Nghị định 30/2020/NĐ-CP"
    vi = "Không có việc nào đang chờ để đôn đốc ở văn bản này."
    en = "There is no open work on this document to be urged."
    next_vi = "Tải lại trang để xem văn bản đang ở đâu; chưa phân công thì lãnh đạo chỉ đạo trước."
    next_en = "Reload the page to see where it stands; if nobody has it, a leader assigns it first."


class NoneChosen(OfficeProblem):
    """An act on several documents names at least one, and no more than a page shows."""

    code = "none_chosen"
    status = 422
    vi = "Chưa chọn văn bản nào, hoặc chọn quá {most} văn bản một lần."
    en = "No document is chosen, or more than {most} at once."
    next_vi = "Đánh dấu từ 1 đến {most} văn bản trong danh sách, rồi làm lại."
    next_en = "Mark 1 to {most} documents in the list, then try again."


class NotSound(OfficeProblem):
    """Of several at once only those are accepted that passed every check: the others are looked at one by one."""

    code = "not_sound"
    clause = "Điều 9.1 Quyết định 28/2018/QĐ-TTg"
    vi = "Văn bản chưa đạt mọi phép kiểm tra: {why}."
    en = "The document did not pass every check: {why_en}."
    next_vi = "Mở văn bản, xem kết quả kiểm tra, rồi tiếp nhận hoặc từ chối riêng."
    next_en = "Open it, look at the checks, then accept or refuse it by itself."


class SecretPaper(OfficeProblem):
    """What bears a mark of secrecy has no place here (Decision 28, 1.2; Decree 30, 22.4)."""

    code = "secret_paper"
    clause = "Điều 1.2 Quyết định 28/2018/QĐ-TTg; Điều 22.4 Nghị định 30/2020/NĐ-CP"
    vi = "Tệp có dấu chỉ độ mật «{mark}»: không đăng ký trên Hệ thống này."
    en = "The file bears the mark of secrecy «{mark}»: it is not registered here."
    next_vi = "Chưa lưu gì. Đăng ký vào sổ văn bản mật theo pháp luật về bảo vệ bí mật nhà nước."
    next_en = "Nothing was kept. Register it in the book of secrets, by the law on state secrets."


class PrintNotSigned(OfficeProblem):
    """No print says that signatures hold which do not (Article 21.2)."""

    code = "print_not_signed"
    clause = "Điều 4, 21.2 Quyết định 28/2018/QĐ-TTg"
    vi = "Không in với xác nhận chữ ký số được: {why}"
    en = "It cannot be printed as signed: {why_en}"
    next_vi = "In với dấu «để biết, tham khảo», hoặc đề nghị bên gửi ký và gửi lại."
    next_en = "Print it for information, or ask the sender to sign and send it again."


class NotPrintable(OfficeProblem):
    """There is nothing of the document that can be printed."""

    code = "not_printable"
    clause = "Điều 21.2 Quyết định 28/2018/QĐ-TTg"
    vi = "Không in được văn bản này: {why}."
    en = "This document cannot be printed: {why_en}."
    next_vi = "Tải tệp về để in bằng phần mềm của nó, hoặc đề nghị bên gửi gửi bản PDF."
    next_en = "Take the file away and print it with its own software, or ask the sender for a PDF."


class PaperElsewhere(OfficeProblem):
    """The paper is where its last hand-over says."""

    code = "paper_elsewhere"
    clause = "Điều 23.3 Nghị định 30/2020/NĐ-CP"
    vi = "Bản giấy đang {where}."
    en = "The paper is {where_en}."
    next_vi = "Tải lại trang; đơn vị ký nhận trước, rồi mới chuyển tiếp."
    next_en = "Reload the page; the unit signs for it before it goes on."


class NoDirectRule(OfficeProblem):
    """Who works on a document is said by the regulation or by a leader, never by the clerk alone."""

    code = "no_direct_rule"
    clause = "Điều 23.1 Nghị định 30/2020/NĐ-CP"
    vi = "Không chuyển thẳng được: quy chế không quy định ai xử lý văn bản này, hoặc lãnh đạo đã chỉ đạo."
    en = "It cannot go straight to a unit: no rule says whose it is, or a leader has said it already."
    next_vi = "Trình lãnh đạo; việc thường gặp thì ghi quy định ở «Cơ quan», «Chuyển thẳng»."
    next_en = "Present it to the leaders; for what comes often, record a rule at «Agency», «Handed straight on»."


class NotAMail(OfficeProblem):
    """A mail is given as the file that a mail program saves."""

    code = "not_a_mail"
    status = 422
    clause = "Điều 22.3 Nghị định 30/2020/NĐ-CP"
    vi = "Tệp «{name}» không phải thư điện tử đã lưu (.eml)."
    en = "The file «{name}» is no saved mail (.eml)."
    next_vi = "Ở hộp thư, lưu thư thành tệp .eml rồi chọn tệp đó; hoặc tải tệp đính kèm về và đăng ký như văn bản khác."
    next_en = "Save the mail as an .eml file in the mail program and choose that; or register the attachment by itself."
