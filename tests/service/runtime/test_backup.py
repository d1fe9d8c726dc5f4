"""Backups, as an operator has them: made by the command, proven by it, brought back by it; and what is no backup."""

import fcntl
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from lienthong.evidence.receipts import SigningKey
from lienthong.journal import backups
from lienthong.journal.backups import Standing
from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import config
from lienthong.office.models import Version
from lienthong.runtime.backup import keeping, schedule
from lienthong.runtime.backup.archive import ArchiveWriter
from lienthong.runtime.backup.drill import FORM
from lienthong.runtime.backup.making import Order, make
from lienthong.runtime.backup.problems import TargetMissing
from lienthong.runtime.settings import Service
from lienthong.storage.age import Identity, SealedReader
from tests import commands
from tests.service.office.conftest import (  # noqa: F401 - fixtures
    Office,
    _signing,
    authority,
    drafted,
    issued,
    kept_agency,
    now,
    office,
    sealed,
)
from tests.service.runtime.test_commands import plain_environment

pytestmark = pytest.mark.xdist_group("commands")
SEALED_PIECE = (64 << 10) + 16
"""Bytes that the format seals together, with their seal."""


@dataclass
class Vault:
    """An office's data, where its backups go, and who can open them."""

    data: Path
    target: Path
    identity: Path
    public: Path
    trust: Path

    def order(self) -> Order:
        return Order(Service.OFFICE, self.data, database_url(), self.target, self.public, self.trust)

    def backup(self, *words: str, expected: int = 0, url: str | None = None) -> str:
        """Run `lienthong backup WORDS`; what it said."""
        environment = plain_environment() | ({"DATABASE_URL": url} if url else {})
        done = commands.run("backup", *words, environment=environment)
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stdout + done.stderr

    def create(self, expected: int = 0, target: Path | None = None) -> str:
        return self.backup(
            "create", "office", "--data", str(self.data), "--to", str(target or self.target),
            "--recipients", str(self.public), "--trust", str(self.trust), expected=expected, url=database_url(),
        )  # fmt: skip

    def made(self) -> Path:
        """A backup, made in this process."""
        return self.target / (keeping.make_and_note(self.order(), at=now()).name + ".tar.age")

    def verify(self, file: Path, expected: int = 0) -> dict[str, object]:
        words = ["verify", str(file), "--identity", str(self.identity), "--any-signer", "--json"]
        said = self.backup(*words, expected=expected)
        return dict(json.loads(said))


def database_url() -> str:
    told = connection.settings_dict
    return f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@pytest.fixture
def vault(tmp_path: Path, office: Office) -> Vault:  # noqa: F811
    target = tmp_path / "target"
    target.mkdir()
    identity = Identity.generate()
    (tmp_path / "key").write_text(identity.text)
    (tmp_path / "pub").write_text(identity.recipient)
    data: Path = django_settings.LIENTHONG.data
    data.mkdir(parents=True, exist_ok=True)
    (data / "secret").write_text("s" * 64)
    return Vault(data, target, tmp_path / "key", tmp_path / "pub", Path(django_settings.LIENTHONG.trust))


def checks(report: dict[str, object]) -> dict[str, tuple[int, int]]:
    """What was looked at, and how much of it does not hold, by the name of the check."""
    found = report["checks"]
    assert isinstance(found, list)
    return {one["name"]: (one["looked_at"], one["faulty"]) for one in found}


@pytest.mark.law("R-19.1đ-1", "AVI-5g", "SEC-9")
def test_a_backup_counts_once_it_was_restored_and_every_signature_judged_again(office: Office, vault: Vault) -> None:  # noqa: F811
    issued(office)
    drafted(office)
    said = vault.create()
    (file,) = vault.target.glob("*.tar.age")
    assert str(file) in said
    assert "cùng ổ đĩa" in said, "it says that one fire takes both"
    listed = ["list", "office", "--data", str(vault.data), "--to", str(vault.target)]
    assert " unproven " in vault.backup(*listed, url=database_url()), "never restored: it counts as failed"

    report = vault.verify(file)
    assert report["good"] is True
    found = checks(report)
    assert found["signatures"] == (1, 0)
    assert found["bytes"][0] >= Version.objects.count() >= 4
    assert found["journal"][0] > 5
    assert {faulty for _, faulty in found.values()} == {0}
    assert " good " in vault.backup(*listed, url=database_url())
    assert backups.last_good() is not None


@pytest.mark.law("R-19.1đ-1")
def test_a_drill_finds_what_does_not_hold_any_more(office: Office, vault: Vault) -> None:  # noqa: F811
    """A signed file is gone from the store, and another was changed on the disk: the backup is made, and says so; its
    drill fails."""
    first, second = issued(office), issued(office)
    gone = config.blobs().path(first.versions.get(stage="sealed").digest)
    gone.unlink()
    changed = config.blobs().path(second.versions.get(stage="sealed").digest)
    changed.write_bytes(changed.read_bytes().replace(b"/Type", b"/Tipe", 1))
    said = vault.create(expected=1)
    assert changed.name in said
    (file,) = vault.target.glob("*.tar.age")
    report = vault.verify(file, expected=1)
    assert report["good"] is False
    assert checks(report)["signatures"] == (2, 2)
    assert checks(report)["bytes"][1] >= 2
    keeping.take_in_reports(Service.OFFICE, vault.target, at=now())
    assert backups.known()[0].standing is Standing.FAULTY


def test_a_report_of_who_did_not_open_the_backup_counts_nothing(vault: Vault) -> None:
    file = vault.made()
    forged = {"name": file.name.removesuffix(".tar.age"), "verified_at": "2026-11-26T00:00:00+00:00", "good": True,
              "seconds": 1, "checks": []}  # fmt: skip
    signed = SigningKey.generate().sign_claims(forged, kind=FORM)
    for signature in ({}, {"signed": "x"}, {"signed": signed}, {"signed": 5}):
        Path(f"{file}.drill.json").write_text(json.dumps(forged | signature))
        assert keeping.take_in_reports(Service.OFFICE, vault.target, at=now()) == 0
    assert backups.known()[0].standing is Standing.UNPROVEN


def test_a_report_says_what_its_drill_said_and_nothing_else(vault: Vault) -> None:
    """Whoever writes into the target changes nothing of it."""
    file = vault.made()
    vault.verify(file)
    path = Path(f"{file}.drill.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "good": "better", "verified_at": 5, "checks": 5}))
    assert keeping.take_in_reports(Service.OFFICE, vault.target, at=now()) == 1
    assert backups.known()[0].standing is Standing.GOOD
    assert backups.known()[0].proven_at is not None


@pytest.mark.law("R-19.1đ-1")
def test_what_is_written_and_removed_meanwhile_leaves_a_backup_of_one_moment(office: Office, vault: Vault) -> None:  # noqa: F811
    """The snapshot is taken, and its reader waits for a table; people go on meanwhile: documents come, and bytes that the
    snapshot names are removed."""
    doomed = drafted(office).versions.get().digest
    with psycopg.connect(database_url()) as blocking:
        blocking.execute("LOCK TABLE office_hubnotice IN ACCESS EXCLUSIVE MODE")
        maker = threading.Thread(target=vault.create)
        maker.start()
        _await(lambda: _waiting_for_a_lock() == 1)
        later = drafted(office, subject="Về việc khác").versions.get().digest
        config.blobs().delete(doomed)
        assert not config.blobs().exists(doomed), "for everybody else it is gone at once"
    maker.join()
    assert list(config.blobs().held.iterdir()) == [], "and for good when the backup is made"
    (file,) = vault.target.glob("*.tar.age")
    report = vault.verify(file)
    assert checks(report)["bytes"] == (1, 0), "the later document is not in it, and the earlier one is whole"
    assert later != doomed


def _waiting_for_a_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'"
        )
        return int(cursor.fetchone()[0])


def _await(what: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not what():
        assert monotonic() < end
        sleep(0.05)


def test_what_is_over_goes_but_never_the_newest_nor_the_last_that_was_good(vault: Vault) -> None:
    names = [f"lienthong-office-{day:02d}" for day in range(1, 8)]
    today = now()
    with transaction.atomic():
        for age, name in zip(range(70, 0, -10), names, strict=True):
            (vault.target / f"{name}.tar.age").write_bytes(b"x")
            record(OfficeEvent.BACKUP_MADE, actor=keeping.SERVICE, subject=Subject("backup", name), at=today - timedelta(age),
                   size=1, blobs=0, seconds=1, signed_by="", recipients=[], damaged=[], same_disk=False, proof="", target="")  # fmt: skip
        record(OfficeEvent.BACKUP_VERIFIED, actor=keeping.SERVICE, subject=Subject("backup", names[1]), at=today, good=True,
               verified_at=today.isoformat(), checks=[])  # fmt: skip
    (vault.target / "of-another.tar.age").write_bytes(b"x")
    removed = keeping.remove_old(Service.OFFICE, vault.target, days=15, at=today)
    assert removed == [names[3], names[2], names[0]]
    left = {path.name for path in vault.target.iterdir()}
    assert left == {f"{name}.tar.age" for name in (names[1], *names[4:])} | {"of-another.tar.age"}
    assert [one.name for one in backups.known() if one.standing is Standing.REMOVED] == removed


def test_a_backup_is_made_each_day_at_its_hour_and_made_up_for(vault: Vault) -> None:
    told = replace(
        django_settings.LIENTHONG, data=vault.data, backup_to=str(vault.target), backup_recipients=str(vault.public),
        backup_at="01:30", database_url=database_url(),
    )  # fmt: skip
    night = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)  # 01:30 of the 26th in Vietnam
    schedule.work_once(told, at=night - timedelta(hours=2))  # yesterday's, slept through
    assert len(backups.known()) == 1
    schedule.work_once(told, at=night - timedelta(minutes=1))
    assert len(backups.known()) == 1
    schedule.work_once(told, at=night)
    schedule.work_once(told, at=night + timedelta(hours=5))
    assert len(backups.known()) == 2
    vault.target.rename(vault.target.with_name("away"))
    with pytest.raises(TargetMissing):
        schedule.work_once(told, at=night + timedelta(days=1))
    assert not vault.target.exists(), "a mount that is away does not become a folder of this disk"
    failure = backups.last_failure()
    assert failure is not None
    assert failure.problem == "backup_target_missing"
    schedule.work_once(told, at=night + timedelta(days=1, minutes=5))  # not yet again
    vault.target.with_name("away").rename(vault.target)
    schedule.work_once(told, at=night + timedelta(days=1, minutes=16))
    assert len(backups.known()) == 3
    assert backups.last_failure() is None


# -- what is no backup -------------------------------------------------------------------------------------------------


def _swapped(data: bytes) -> bytes:
    begin = data.index(b"\n--- ") + 65
    first, second = data[begin : begin + SEALED_PIECE], data[begin + SEALED_PIECE : begin + 2 * SEALED_PIECE]
    return data[:begin] + second + first + data[begin + 2 * SEALED_PIECE :]


POISON: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut off": (lambda data: data[: len(data) // 2], "backup_damaged"),
    "its last byte is missing": (lambda data: data[:-1], "backup_damaged"),
    "a bit was turned": (lambda data: data[:90_000] + bytes([data[90_000] ^ 4]) + data[90_001:], "backup_damaged"),
    "two pieces changed places": (_swapped, "backup_damaged"),
    "something was put behind it": (lambda data: data + b"x", "backup_damaged"),
    "empty": (lambda data: b"", "backup_damaged"),
    "another file": (lambda data: b"%PDF-1.7" * 1000, "backup_damaged"),
}


@pytest.mark.parametrize("poison", POISON)
def test_a_damaged_backup_is_refused_by_name_and_leaves_nothing(vault: Vault, tmp_path: Path, poison: str) -> None:
    damage, code = POISON[poison]
    file = vault.made()
    file.write_bytes(damage(file.read_bytes()))
    _refused(vault, file, tmp_path, code)


def _refused(vault: Vault, file: Path, tmp_path: Path, code: str, *more: str) -> None:
    """It is not restored, and where it was to go is as before."""
    before = sorted(tmp_path.iterdir())
    more = more or ("--any-signer",)
    said = vault.backup(
        "restore", str(file), "--identity", str(vault.identity), "--data", str(tmp_path / "new"), *more, expected=2
    )
    assert said.startswith(code + "\n"), said
    assert sorted(tmp_path.iterdir()) == before


def test_the_wrong_key_and_the_wrong_signer_are_named(vault: Vault, tmp_path: Path) -> None:
    file = vault.made()
    _refused(vault, file, tmp_path, "backup_signer_not_named", "--signer", "")
    _refused(vault, file, tmp_path, "backup_wrong_signer", "--signer", "another")
    vault.identity.write_text(Identity.generate().text)
    _refused(vault, file, tmp_path, "backup_wrong_key")
    vault.identity.write_text("no key")
    _refused(vault, file, tmp_path, "backup_identity_bad")


def _forged(vault: Vault, name: str, data: bytes = b"x", kind: bytes = tarfile.REGTYPE, *, claims: bool = True) -> Path:
    """A file that somebody sealed who knows the public key, with an entry of their own."""
    file = vault.target / "forged.tar.age"
    with file.open("wb") as out:
        writer = ArchiveWriter(out, [vault.public.read_text()])
        writer.add("about.json", b"{}")
        info = tarfile.TarInfo(name)
        info.size, info.type, info.linkname = len(data) if kind == tarfile.REGTYPE else 0, kind, "/etc/passwd"
        writer._tar.addfile(info, io.BytesIO(data))
        if claims:
            writer.finish({"service": "office"}, SigningKey.generate())
        else:
            writer._tar.close()
            writer._sealed.close()
    return file


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../../outside", tarfile.REGTYPE), ("/etc/cron.d/x", tarfile.REGTYPE), ("blobs/../../x", tarfile.REGTYPE),
        ("trust/../secret", tarfile.REGTYPE), ("trust/.pem", tarfile.REGTYPE), ("postgres/data/x", tarfile.REGTYPE),
        ("secret", tarfile.SYMTYPE), ("secret", tarfile.LNKTYPE), ("trust", tarfile.DIRTYPE), ("secret", tarfile.FIFOTYPE),
        ("blobs/" + "ab" * 32, tarfile.REGTYPE),
    ],
)  # fmt: skip
def test_an_entry_of_another_name_or_kind_is_never_written(
    vault: Vault, tmp_path: Path, name: str, kind: bytes
) -> None:
    _refused(vault, _forged(vault, name, kind=kind), tmp_path, "backup_malformed")
    assert not (tmp_path.parent / "outside").exists()


def test_what_the_manifest_does_not_tell_of_is_refused(vault: Vault, tmp_path: Path) -> None:
    _refused(vault, _forged(vault, "secret"), tmp_path, "backup_malformed")
    _refused(vault, _forged(vault, "secret", claims=False), tmp_path, "backup_malformed")


def test_a_full_disk_is_named_and_nothing_half_written_stays(vault: Vault, tmp_path: Path) -> None:
    said = _with_little_room(
        "create", "office", "--data", str(vault.data), "--to", str(vault.target), "--recipients", str(vault.public),
        url=database_url(),
    )  # fmt: skip
    assert said.startswith("backup_target_unwritable\n"), said
    assert list(vault.target.iterdir()) == []
    failure = backups.last_failure()
    assert failure is not None
    assert failure.problem == "backup_target_unwritable"
    file, before = vault.made(), sorted(tmp_path.iterdir())
    words = ["restore", str(file), "--identity", str(vault.identity), "--any-signer", "--data", str(tmp_path / "new")]
    said = _with_little_room(*words)
    assert said.startswith("backup_target_unwritable\n"), said
    assert sorted(tmp_path.iterdir()) == before


def _with_little_room(*words: str, url: str = "") -> str:
    """The command where no file may have more than 100 KB: the kernel refuses to write, as it does on a full disk."""
    command = ["prlimit", "--fsize=100000", str(Path(sys.executable).with_name("lienthong")), "backup", *words]
    environment = plain_environment() | ({"DATABASE_URL": url} if url else {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr


def test_a_target_that_is_away_bad_recipients_and_another_backup_are_named(vault: Vault, tmp_path: Path) -> None:
    assert vault.create(2, tmp_path / "away").startswith("backup_target_missing\n")
    with (vault.data / "backup" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert vault.create(2).startswith("backup_runs\n")
    vault.public.write_text("# nobody\n")
    assert vault.create(2).startswith("backup_recipients_bad\n")
    assert list(vault.target.iterdir()) == []


def test_restore_writes_over_nothing_unless_told_and_then_removes_nothing(
    office: Office,  # noqa: F811
    vault: Vault,
    tmp_path: Path,
) -> None:
    year = sealed(office).numbers.get().sequence.year
    file = vault.made()
    filled = tmp_path / "filled"
    filled.mkdir()
    (filled / "kept").write_text("x")
    words = ["restore", str(file), "--identity", str(vault.identity), "--any-signer", "--data", str(filled)]
    assert vault.backup(*words, expected=2).startswith("backup_target_not_empty\n")
    said = vault.backup(*words, "--replace", url=database_url(), expected=2)
    assert said.startswith("backup_target_not_empty\nDATABASE_URL")
    said = vault.backup(*words, "--replace")
    assert re.search(rf"G22 · \S+ · {year}: số cuối / last number 1\n", said), (
        "its number is known, and not given twice blindly"
    )
    (before,) = tmp_path.glob("filled.before-*")
    assert (before / "kept").exists()
    assert (filled / "secret").read_text() == "s" * 64
    assert (filled / "secret").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in filled.iterdir()} == {"blobs", "postgres", "secret", "trust"}


def test_no_key_lies_in_a_backup_and_no_secret_in_what_is_said(vault: Vault) -> None:
    """Whoever makes backups cannot read them; the key that signs them and people's keys are in none."""
    made = make(vault.order(), at=now())
    file = vault.target / f"{made.name}.tar.age"
    assert "/" not in made.name
    with file.open("rb") as source:
        opened = io.BufferedReader(SealedReader(source, [Identity.parse(vault.identity.read_text())]))
        with tarfile.open(fileobj=opened, mode="r|") as tar:
            names = tar.getnames()
    assert {name.split("/")[0] for name in names} == {"about.json", "database", "secret", "trust", "manifest.jws"}
    assert not any(re.search(r"p12|jwk|signing", name) for name in names)
    assert os.stat(vault.data / "backup" / "signing.jwk").st_mode & 0o777 == 0o600
