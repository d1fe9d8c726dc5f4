"""What is refused of signing in: second factors, the agency's rules, providers of identity."""

from lienthong.office.errors import OfficeProblem


class WrongCode(OfficeProblem):
    """A code of a second factor that is wrong, too old, or used already (SEC-4)."""

    code = "wrong_code"
    status = 422
    vi = "Mã không đúng, đã dùng hoặc đã quá hạn."
    en = "The code is wrong, used already, or too old."
    next_vi = "Chờ ứng dụng hiện mã mới rồi nhập lại; kiểm tra giờ trên điện thoại có đúng không."
    next_en = "Wait for the app's next code and type it; see that the phone's clock is right."


class PasskeyRefused(OfficeProblem):
    """A key's answer that does not hold: of another key, another place, too late, or sent before (SEC-4)."""

    code = "passkey_refused"
    status = 422
    vi = "Khóa bảo mật không xác nhận được: {why}."
    en = "The security key was not accepted: {why_en}."
    next_vi = "Mở lại trang rồi chạm khóa lần nữa; hoặc dùng mã xác thực, mã dự phòng."
    next_en = "Open the page again and touch the key once more; or use a code, or a recovery code."


class TooManyPasskeys(OfficeProblem):
    """A person has so many keys and no more: each is one more way in (SEC-4)."""

    code = "too_many_passkeys"
    status = 409
    vi = "Tài khoản này đã có {most} khóa, không thêm được nữa."
    en = "This account has {most} keys; no more can be added."
    next_vi = "Gỡ một khóa không còn dùng, rồi thêm khóa mới."
    next_en = "Remove a key that is not used any more, then add the new one."


class PasskeyTaken(OfficeProblem):
    """A key shows one account, and is not added twice (SEC-4)."""

    code = "passkey_taken"
    status = 409
    vi = "Khóa này đã gắn với một tài khoản."
    en = "This key belongs to an account already."
    next_vi = "Khóa đã có trong danh sách của anh/chị thì dùng được ngay; không có thì thêm khóa khác và báo quản trị."
    next_en = "If it is in your list, it can be used as it is; if not, add another key and tell an administrator."


class CodesLocked(OfficeProblem):
    """Codes are not tried without end (SEC-2)."""

    code = "codes_locked"
    status = 422
    vi = "Nhập sai nhiều lần: tạm khóa 15 phút."
    en = "Wrong too often: locked for 15 minutes."
    next_vi = "Thử lại sau 15 phút hoặc liên hệ quản trị."
    next_en = "Try again in 15 minutes, or ask an administrator."


class NoFactor(OfficeProblem):
    """There is no second factor that could be asked, renewed or removed."""

    code = "no_factor"
    status = 409
    vi = "Tài khoản này chưa bật xác thực hai bước."
    en = "This account has no second step."
    next_vi = "Mở lại trang để xem trạng thái hiện nay."
    next_en = "Open the page again to see how it is now."


class BadNetworks(OfficeProblem):
    """A line that is no network."""

    code = "bad_networks"
    status = 422
    vi = "«{line}» không phải là một dải địa chỉ mạng."
    en = "«{line}» is no range of network addresses."
    next_vi = "Ghi mỗi dòng một dải, ví dụ 10.0.0.0/8; hỏi phòng tin học nếu chưa rõ."
    next_en = "Write one range a line, such as 10.0.0.0/8; ask who keeps the network."


class NetworksNeeded(OfficeProblem):
    """Who comes from outside cannot be told while nothing is said to be inside."""

    code = "networks_needed"
    status = 422
    vi = "Chưa ghi mạng nội bộ nào, nên không phân biệt được ai truy cập từ bên ngoài."
    en = "No network is said to be inside, so nobody can be told to come from outside."
    next_vi = "Ghi ít nhất một dải mạng của cơ quan, hoặc yêu cầu xác thực hai bước với mọi người."
    next_en = "Write at least one network of the agency, or ask a second step of everyone."


class ProviderRefused(OfficeProblem):
    """The provider of identity answered, and its answer does not hold."""

    code = "provider_refused"
    status = 403
    vi = "Không đăng nhập được bằng {provider}: {why}."
    en = "Signing in by {provider} failed: {why_en}."
    next_vi = "Thử lại từ trang đăng nhập; nếu vẫn không được, đăng nhập bằng mật khẩu và báo quản trị."
    next_en = "Begin again at the sign-in page; if it fails again, use the password and tell an administrator."


class ProviderNotFresh(OfficeProblem):
    """A session here was locked, and the provider vouches by one of its own from before that (SEC-1)."""

    code = "provider_not_fresh"
    status = 403
    vi = "{provider} không hỏi lại anh/chị là ai; phiên trước ở đây đã khóa vì lâu không thao tác."
    en = "{provider} did not ask again who you are; the session here was locked, because nothing was done in it."
    next_vi = "Đăng xuất ở {provider} rồi đăng nhập lại, hoặc dùng mật khẩu; nếu vẫn vậy, báo quản trị."
    next_en = "Sign out at {provider} and sign in again, or use the password; if it stays so, tell an administrator."


class ProviderAway(OfficeProblem):
    """The provider of identity cannot be reached."""

    code = "provider_away"
    status = 502
    vi = "Không kết nối được với {provider}."
    en = "{provider} cannot be reached."
    next_vi = "Thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu."
    next_en = "Try again in a few minutes, or use the password."


class IdentityUnknown(OfficeProblem):
    """An identity that is linked to nobody gives no access: no account is made by itself (SEC-5)."""

    code = "identity_unknown"
    status = 403
    vi = "Tài khoản ở {provider} chưa gắn với cán bộ nào của cơ quan, hoặc tài khoản ở đây đã khóa."
    en = "The identity at {provider} is linked to nobody of the agency, or the account here is closed."
    next_vi = "Đề nghị quản trị gắn tài khoản này ở trang «Cán bộ và quyền», hoặc đăng nhập bằng mật khẩu."
    next_en = "Ask an administrator to link it on «People and rights», or sign in with the password."


class IdentityTaken(OfficeProblem):
    """An identity is one person's, and a person has one at a provider (SEC-5)."""

    code = "identity_taken"
    status = 422
    vi = "Mã này đã gắn với cán bộ khác, hoặc người này đã có tài khoản ở {provider}."
    en = "This identifier is linked to somebody else, or the person has an identity at {provider} already."
    next_vi = "Gỡ tài khoản cũ trước, rồi gắn lại."
    next_en = "Remove the old one first, then link it."


class BegunElsewhere(OfficeProblem):
    """Anybody may have seen a phone's secret that another session began, or that was begun long ago (SEC-4)."""

    code = "phone_begun_elsewhere"
    vi = "Việc gắn điện thoại này bắt đầu ở phiên khác, hoặc đã quá 5 phút."
    en = "This phone was begun in another session, or more than five minutes ago."
    next_vi = "Bấm «Gắn điện thoại» để lấy mã QR mới, quét lại rồi nhập mã."
    next_en = "Press «Attach a phone» for another QR code, scan it, and type the code."
