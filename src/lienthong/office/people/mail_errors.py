"""What is refused of notices by e-mail."""

from lienthong.office.errors import OfficeProblem


class AddressElsewhere(OfficeProblem):
    """Notices name documents of the agency: they go to addresses of its own domain alone."""

    code = "address_elsewhere"
    status = 422
    vi = "Thông báo chỉ gửi tới hộp thư công vụ của cơ quan, dạng ten@{domain}."
    en = "Notices go to the agency's own mailboxes alone, as name@{domain}."
    next_vi = "Điền hộp thư công vụ của anh/chị; để trống thì không gửi thư."
    next_en = "Give your own official mailbox; leave it empty for no mail."


class NoAgencyMail(OfficeProblem):
    """The agency's own address tells which domain is its own."""

    code = "no_agency_mail"
    vi = "Cơ quan chưa ghi thư điện tử của mình, nên chưa biết tên miền nào là của cơ quan."
    en = "The agency has recorded no e-mail of its own, so nobody knows which domain is its own."
    next_vi = "Nhờ quản trị ghi thư điện tử ở mục «Cơ quan» › «Thông tin cơ quan»."
    next_en = "Have the administrator record the e-mail at «Agency» › «Facts of the agency»."


class BadMailServer(OfficeProblem):
    """What was given as a mail server or as its sender is none."""

    code = "bad_mail_server"
    status = 422
    vi = (
        "Máy chủ thư phải là smtp://…, smtp+starttls://tên@… hoặc smtps://tên@…, và người gửi là một địa chỉ thư; "
        "smtp:// không mã hóa thì không kèm tên đăng nhập."
    )
    en = (
        "The mail server is smtp://…, smtp+starttls://name@… or smtps://name@…, and the sender an e-mail address; "
        "smtp://, which is not encrypted, has no name to sign in with."
    )
    next_vi = "Sửa lại; mật khẩu để trong tệp, không để trong địa chỉ."
    next_en = "Correct it; the password belongs into a file, not into the address."
