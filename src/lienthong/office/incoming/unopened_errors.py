"""What is refused of envelopes that are handed on unopened."""

from lienthong.office.errors import NotFound, OfficeProblem


class NoEnvelope(NotFound):
    """There is no such envelope, or it is somebody else's: both look the same."""

    vi = "Không có bì này trong sổ, hoặc anh/chị không được xem."
    en = "There is no such envelope in the book, or you may not see it."
    next_vi = "Về «Sổ văn bản» › «Bì gửi đích danh» và mở lại từ đó."
    next_en = "Go back to «Registers» › «Envelopes by name» and open it from there."


class SecretEnvelope(OfficeProblem):
    """What bears a mark of secrecy has no place among the documents here (Decision 28, 1.2; Decree 30, 22.4)."""

    code = "secret_envelope"
    clause = "Điều 1.2 Quyết định 28/2018/QĐ-TTg; Điều 22.4 Nghị định 30/2020/NĐ-CP"
    vi = "Bì có dấu «{mark}»: văn bản bên trong không đăng ký trên Hệ thống này."
    en = "The envelope bears the mark «{mark}»: what is within is not registered here."
    next_vi = (
        "Đăng ký vào sổ văn bản mật theo pháp luật về bảo vệ bí mật nhà nước, rồi ghi số của sổ ấy ở trang của bì."
    )
    next_en = (
        "Register it in the book of secrets, by the law on state secrets; then write its number on the envelope's page."
    )
