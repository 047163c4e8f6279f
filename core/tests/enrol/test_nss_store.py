"""The user's NSS database, through NSS's own tools."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lockwright.enrol.storage.pkcs12 import Identity
from lockwright.enrol.storage.stores.nss import NssStore
from lockwright.enrol.token_key import SigningKey
from lockwright.enrol.trust import der
from lockwright.errors import StoreFailed
from lockwright.secret import Secret
from lockwright_testkit.pki import TestCa

PASSWORD = "Kettle-Moss-42"
SUBJECT = "CN=anna,O=Bank"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the database is to be; nothing is there yet."""
    return tmp_path / ".pki" / "nssdb"


def certutil(folder: Path, *command: str) -> str:
    """What ``certutil`` says, the database's password given where it asks."""
    secret = folder.parent / "password"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text(PASSWORD + "\n")
    ended = subprocess.run(
        ["certutil", *command, "-d", f"sql:{folder}", "-f", secret],
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout


def identity(
    ca: TestCa, *, key: SigningKey | None = None, subject: str = SUBJECT, chain: bool = True
) -> Identity:
    own = key or ec.generate_private_key(ec.SECP256R1())
    issued = der(ca.issue(own.public_key(), subject))
    return Identity(own, issued, (der(ca.certificate),) if chain else ())


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_key_goes_in_proves_itself_and_comes_out_again(
    folder: Path, ca: TestCa, kind: str
) -> None:
    store = NssStore(folder=folder)
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else None
    mine = identity(ca, key=key)
    assert not store.has(mine.certificate)
    store.put(mine, "Анна")
    assert (store.has(mine.certificate), store.proves(mine.certificate)) == (True, True)
    assert "Анна" in certutil(folder, "-L")
    store.remove(mine.certificate)
    assert not store.has(mine.certificate)
    assert "Анна" not in certutil(folder, "-L")
    assert "< 0>" not in certutil(folder, "-K")


def test_a_database_that_is_not_there_is_made_for_its_owner_only(folder: Path, ca: TestCa) -> None:
    NssStore(folder=folder).check()
    assert not folder.exists()
    NssStore(folder=folder).put(identity(ca), "anna")
    assert [each.stat().st_mode & 0o777 for each in (folder, folder.parent)] == [0o700] * 2


def test_cas_of_the_chain_gain_no_trust_and_stay(folder: Path, ca: TestCa) -> None:
    mine = identity(ca)
    store = NssStore(folder=folder)
    store.put(mine, "anna")
    store.remove(mine.certificate)
    (line,) = [line for line in certutil(folder, "-L").splitlines() if "Test CA" in line]
    assert line.split()[-1] == ",,"


def test_of_several_certificates_of_one_subject_the_right_one_goes(
    folder: Path, ca: TestCa
) -> None:
    store = NssStore(folder=folder)
    several = [identity(ca, chain=False) for _number in range(3)]
    for each in several:
        store.put(each, "anna")
    store.remove(several[1].certificate)
    assert [store.has(each.certificate) for each in several] == [True, False, True]
    assert store.proves(several[0].certificate)


def test_half_of_what_belongs_together_is_not_held_and_is_removed(folder: Path, ca: TestCa) -> None:
    store = NssStore(folder=folder)
    mine, other = identity(ca), identity(ca, subject="CN=boris", chain=False)
    store.put(mine, "anna")
    store.put(other, "boris")
    (number,) = [
        line.split()[3]
        for line in certutil(folder, "-K").splitlines()
        if line.startswith("<") and line.endswith("anna")
    ]
    certutil(folder, "-F", "-k", number)
    assert not store.has(mine.certificate)
    store.remove(mine.certificate)
    assert certutil(folder, "-K").count("<") == 1
    assert store.has(other.certificate)


def test_a_database_with_a_password_wants_it(folder: Path, ca: TestCa) -> None:
    folder.mkdir(parents=True)
    certutil(folder, "-N")
    assert NssStore(folder=folder).locked()
    for wrong in (None, Secret("Kettle-Moss-43")):
        with pytest.raises(StoreFailed, match="password is wrong"):
            NssStore(wrong, folder).check()
    opened = NssStore(Secret(PASSWORD), folder)
    mine = identity(ca)
    opened.check()
    opened.put(mine, "anna")
    assert (opened.has(mine.certificate), opened.proves(mine.certificate)) == (True, True)
    opened.remove(mine.certificate)
    assert not opened.has(mine.certificate)


def test_missing_tools_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert NssStore(folder=folder).missing() == ""
    monkeypatch.setenv("PATH", "/nowhere")
    assert "not installed: certutil, pk12util (libnss3-tools" in NssStore().missing()
