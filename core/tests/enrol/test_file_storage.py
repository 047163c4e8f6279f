"""Enrolments into a PKCS#12 file: nothing overwritten, nothing in clear, nothing left behind."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lockwright.enrol.storage.pkcs12 import unseal
from lockwright.errors import (
    CaFailed,
    CaLoginRefused,
    EnrolmentOpen,
    FileNotWritten,
    KeyLocked,
    KeyLost,
    NotSupported,
    NotWritten,
)
from lockwright.files import durable
from lockwright.secret import Secret
from lockwright_testkit.accounts import Account, can_change
from lockwright_testkit.bank import PASSWORD
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.soft_bank import KEPT_UNDER, SoftBank

ANNA = Account(60101)
TROUBLE = Reply(500)


@pytest.fixture
def bank(tmp_path: Path, server: EstServer) -> Iterator[SoftBank]:
    made = SoftBank(tmp_path, server)
    yield made
    made.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder / "anna.p12"


def order(bank: SoftBank, out: Path, *, otp: str = PASSWORD, replace: str | None = None) -> None:
    bank.enrol(bank.runner.storages.file(out, Secret(KEPT_UNDER)), otp=otp, replace=replace)


def resume(bank: SoftBank, out: Path, password: str = KEPT_UNDER) -> None:
    bank.resume(bank.runner.storages.file(out, Secret(password)))


def abandon(bank: SoftBank, out: Path) -> None:
    bank.runner.enrolments.abandon(bank.runner.storages.file(out, None))


def broken(bank: SoftBank, out: Path) -> None:
    """An enrolment that waits for the CA."""
    bank.server.script("simpleenroll", TROUBLE)
    with pytest.raises(CaFailed):
        order(bank, out)


def left(bank: SoftBank, out: Path) -> set[str]:
    """Every file that is left, but for the locks of the journal."""
    found = {path.name for folder in (bank.journal, out.parent) for path in folder.glob("*")}
    hidden = {path.name for path in out.parent.glob(".*")}
    return {name for name in found | hidden if not name.endswith(".lock")}


def test_the_file_holds_key_certificate_and_chain_for_its_owner_only(
    bank: SoftBank, out: Path
) -> None:
    order(bank, out)
    found = unseal(out.read_bytes(), Secret(KEPT_UNDER))
    (issued,) = bank.server.issued.values()
    assert bank.is_issued(found.certificate)
    assert found.key.public_key() == issued.public_key()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert left(bank, out) == {"anna.p12"}


def test_an_existing_file_is_never_overwritten(bank: SoftBank, out: Path) -> None:
    out.write_text("precious")
    with pytest.raises(FileNotWritten):
        order(bank, out)
    assert (bank.server.issued, out.read_text()) == ({}, "precious")
    assert left(bank, out) == {"anna.p12"}


def test_a_folder_that_is_not_there_is_said_before_anything_is_made(
    bank: SoftBank, out: Path
) -> None:
    with pytest.raises(FileNotWritten, match="its folder is not there"):
        order(bank, out.parent / "elsewhere" / out.name)
    assert (bank.server.issued, left(bank, out)) == ({}, set())


def test_a_file_that_appears_meanwhile_is_kept_and_the_enrolment_too(
    bank: SoftBank, out: Path
) -> None:
    broken(bank, out)
    out.write_text("precious")
    with pytest.raises(NotWritten) as caught:
        resume(bank, out)
    assert "exists already" in str(caught.value.facts["reason"])
    assert out.read_text() == "precious"
    out.unlink()
    resume(bank, out)
    assert bank.is_issued(unseal(out.read_bytes(), Secret(KEPT_UNDER)).certificate)
    assert left(bank, out) == {"anna.p12"}


def a_link(draft: Path, precious: Path) -> None:
    draft.symlink_to(precious)


def a_file_that_all_may_write_to(draft: Path, _precious: Path) -> None:
    draft.touch()
    draft.chmod(0o666)
    os.chown(draft, ANNA.uid, ANNA.uid)


@can_change
@pytest.mark.parametrize("lay", [a_link, a_file_that_all_may_write_to])
def test_what_somebody_laid_where_the_draft_goes_is_neither_followed_nor_kept(
    bank: SoftBank, out: Path, tmp_path: Path, lay: Callable[[Path, Path], None]
) -> None:
    """It is laid there while the CA is waited for."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    broken(bank, out)
    lay(durable._draft_of(out), precious)

    resume(bank, out)

    assert precious.read_bytes() == b"precious"
    found = out.lstat()
    assert stat.S_ISREG(found.st_mode)
    assert (found.st_uid, found.st_mode & 0o777) == (os.geteuid(), 0o600)
    assert unseal(out.read_bytes(), Secret(KEPT_UNDER)).certificate


def test_abandoning_spares_a_file_that_is_not_ours(bank: SoftBank, out: Path) -> None:
    broken(bank, out)
    out.write_text("precious")
    abandon(bank, out)
    assert out.read_text() == "precious"
    assert left(bank, out) == {"anna.p12"}


def test_the_key_waits_sealed_and_the_same_request_is_sent_again(bank: SoftBank, out: Path) -> None:
    broken(bank, out)
    (kept,) = bank.journal.glob("*.p12")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="password"):
        unseal(kept.read_bytes(), Secret(PASSWORD))
    with pytest.raises(EnrolmentOpen):
        order(bank, out)
    resume(bank, out)
    orders = [asked.body for asked in bank.server.asked if asked.method == "POST"]
    assert orders == [orders[0]] * 2


def test_another_password_does_not_go_on_and_nobody_is_asked(bank: SoftBank, out: Path) -> None:
    broken(bank, out)
    asked = len(bank.server.asked)
    with pytest.raises(KeyLocked):
        resume(bank, out, "Kettle-Moss-43")
    assert len(bank.server.asked) == asked
    resume(bank, out)


def test_abandoning_needs_no_password_and_leaves_nothing(bank: SoftBank, out: Path) -> None:
    broken(bank, out)
    abandon(bank, out)
    assert left(bank, out) == set()


def test_a_key_that_somebody_removed_is_missed(bank: SoftBank, out: Path) -> None:
    broken(bank, out)
    (kept,) = bank.journal.glob("*.p12")
    kept.unlink()
    with pytest.raises(KeyLost):
        resume(bank, out)


def test_a_no_of_the_ca_leaves_nothing(bank: SoftBank, out: Path) -> None:
    with pytest.raises(CaLoginRefused):
        order(bank, out, otp="wrong")
    assert left(bank, out) == set()


def test_nothing_is_replaced_in_a_file(bank: SoftBank, out: Path) -> None:
    with pytest.raises(NotSupported):
        order(bank, out, replace="old")
    assert left(bank, out) == set()
