"""What can stand in the way of a backup, of its proof and of its return: one class each, with words and a way out."""

from typing import ClassVar


class BackupProblem(Exception):
    """A named refusal. Leaves give the words; `data` fills their placeholders. Nothing half-written is left behind."""

    code: ClassVar[str] = "backup_problem"
    vi: ClassVar[str] = ""
    en: ClassVar[str] = ""
    next_vi: ClassVar[str] = ""
    next_en: ClassVar[str] = ""

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.en.format_map(data))

    @property
    def words(self) -> str:
        """Cause and way out, Vietnamese first."""
        return "\n".join(text.format_map(self.data) for text in (self.vi, self.next_vi, self.en, self.next_en))


class ToolsMissing(BackupProblem):
    """The programs of the server's own version are not on this machine."""

    code = "backup_tools_missing"
    vi = "Không thấy {program} phiên bản {version}, là phiên bản của máy chủ cơ sở dữ liệu."
    en = "There is no {program} of version {version}, which is the database server's."
    next_vi = "Cài postgresql-client-{version} trên máy này rồi chạy lại."
    next_en = "Install postgresql-client-{version} on this machine and run it again."


class TargetMissing(BackupProblem):
    """The target is not there: a mount that is away must not turn into a folder on this disk."""

    code = "backup_target_missing"
    vi = "Không có thư mục đích {target}."
    en = "The target folder {target} is not there."
    next_vi = "Gắn lại ổ lưu trữ, hoặc tự tạo thư mục rồi chạy lại; lệnh này không tạo thay."
    next_en = "Mount the storage again, or make the folder yourself and run it again; this command does not make it."


class TargetUnwritable(BackupProblem):
    """What was being written could not be: the disk is full, a limit, a right."""

    code = "backup_target_unwritable"
    vi = "Không ghi được vào {target}: {why}."
    en = "{target} cannot be written: {why}."
    next_vi = "Phần ghi dở đã được xóa. Giải phóng dung lượng hoặc sửa quyền ghi rồi chạy lại."
    next_en = "What was half-written has been removed. Free space or mend the rights, and run it again."


class BackupRuns(BackupProblem):
    """Another process makes a backup of this service."""

    code = "backup_runs"
    vi = "Một lượt sao lưu khác của {service} đang chạy."
    en = "Another backup of the {service} is being made."
    next_vi = "Chờ lượt đó xong."
    next_en = "Wait until it has ended."


class BadRecipients(BackupProblem):
    """The file names no public key that could seal a backup."""

    code = "backup_recipients_bad"
    vi = "{file} không có khóa công khai dùng được: {why}."
    en = "{file} has no usable public key: {why}."
    next_vi = "Mỗi dòng một khóa age1…; tạo bằng «lienthong backup key TỆP» trên máy giữ khóa."
    next_en = "One key age1… on each line; make one with `lienthong backup key FILE` on the machine that keeps it."


class BadIdentity(BackupProblem):
    """The file holds no private key."""

    code = "backup_identity_bad"
    vi = "{file} không chứa khóa bí mật: {why}."
    en = "{file} holds no private key: {why}."
    next_vi = "Nêu tệp AGE-SECRET-KEY-1… đã tạo bằng «lienthong backup key»."
    next_en = "Name the file AGE-SECRET-KEY-1… that `lienthong backup key` made."


class WrongKey(BackupProblem):
    """The backup was sealed for others."""

    code = "backup_wrong_key"
    vi = "Khóa này không mở được {file}."
    en = "This key does not open {file}."
    next_vi = "Dùng khóa bí mật ứng với khóa công khai đã nêu khi sao lưu (xem «lienthong backup list»)."
    next_en = "Use the private key of the recipient that the backup was made for (see `lienthong backup list`)."


class BackupDamaged(BackupProblem):
    """The file is not what was written: cut off, changed, or put together from others."""

    code = "backup_damaged"
    vi = "{file} không còn nguyên vẹn: {why}."
    en = "{file} is not what was written: {why}."
    next_vi = "Chưa khôi phục gì. Dùng bản sao lưu khác và tìm nguyên nhân hỏng ở nơi lưu trữ."
    next_en = "Nothing was restored. Use another backup, and find out what damaged this one where it lies."


class NotABackup(BackupProblem):
    """It opens, and what is inside is not as a backup is."""

    code = "backup_malformed"
    vi = "{file} không phải bản sao lưu của Liên Thông: {why}."
    en = "{file} is no backup of Liên Thông: {why}."
    next_vi = "Chưa khôi phục gì. Kiểm tra lại tệp và nguồn gốc của nó."
    next_en = "Nothing was restored. Check the file and where it comes from."


class WrongSigner(BackupProblem):
    """Another key signed the manifest than the one that was named."""

    code = "backup_wrong_signer"
    vi = "{file} do khóa {found} ký, không phải {wanted}."
    en = "{file} was signed by the key {found}, not by {wanted}."
    next_vi = "Có thể là tệp giả mạo. Chỉ dùng khi biết chắc vì sao khóa của máy sao lưu đã đổi."
    next_en = "It may be a forgery. Use it only if you know why the key of the machine that makes backups changed."


class SignerNotNamed(BackupProblem):
    """Nobody said whose backup it has to be."""

    code = "backup_signer_not_named"
    vi = "Chưa nêu khóa của máy đã sao lưu: ai ghi được vào đích cũng có thể đặt tệp giả ở đó."
    en = "The key of the machine that made it is not named: whoever writes into the target can put a forgery there."
    next_vi = "Thêm --signer cùng mã khóa mà «create» in ra; --any-signer chỉ khi biết chắc tệp từ đâu đến."
    next_en = "Add --signer with the id that «create» printed; --any-signer only if you know where the file comes from."


class TargetNotEmpty(BackupProblem):
    """There is something where the service is to be brought back."""

    code = "backup_target_not_empty"
    vi = "{target} không trống."
    en = "{target} is not empty."
    next_vi = "{way_vi}"
    next_en = "{way_en}"


class RestoreFailed(BackupProblem):
    """The database did not take what the backup holds."""

    code = "backup_restore_failed"
    vi = "Không nạp được cơ sở dữ liệu từ bản sao lưu: {why}."
    en = "The database does not take the backup: {why}."
    next_vi = "Chưa có gì ở đích thay đổi. Kiểm tra phiên bản PostgreSQL và quyền của tài khoản rồi chạy lại."
    next_en = "Nothing changed at the target. Check PostgreSQL's version and the role's rights, and run it again."


class DumpFailed(BackupProblem):
    """The database did not give its content."""

    code = "backup_dump_failed"
    vi = "Không đọc được toàn bộ cơ sở dữ liệu: {why}."
    en = "The database could not be read whole: {why}."
    next_vi = "Không có bản sao lưu nào được ghi. Xem nhật ký của máy chủ cơ sở dữ liệu rồi chạy lại."
    next_en = "No backup was written. See the database server's log, and run it again."
