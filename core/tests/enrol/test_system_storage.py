"""Enrolments into the user's NSS database: what was there stays, and nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.enrol.storage.pkcs12 import Identity
from lockwright.enrol.storage.stores.nss import NssStore
from lockwright.enrol.trust import der
from lockwright.errors import CaFailed, KeyLocked, StorageUnavailable
from lockwright.models import StorageKind
from lockwright.secret import Secret
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.soft_bank import KEPT_UNDER, SoftBank


@pytest.fixture
def bank(tmp_path: Path, server: EstServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftBank]:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    made = SoftBank(tmp_path, server)
    yield made
    made.close()


def enrol(bank: SoftBank) -> None:
    bank.enrol(bank.runner.storages.system(Secret(KEPT_UNDER)))


def holds(bank: SoftBank) -> list[bool]:
    """Whether the store has each certificate that was issued, and its key."""
    return [NssStore().has(der(each)) for each in bank.server.issued.values()]


def kept(bank: SoftBank) -> list[Path]:
    """What waits in the journal's folder."""
    return [path for path in bank.journal.glob("*") if path.suffix != ".lock"]


def test_the_store_gets_key_and_certificate_and_nothing_is_kept_elsewhere(bank: SoftBank) -> None:
    enrol(bank)
    assert (holds(bank), kept(bank)) == ([True], [])


def test_a_certificate_of_the_same_subject_is_left_alone(bank: SoftBank) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    old = der(bank.server.ca.issue(key.public_key(), "O=Bank,CN=anna"))
    NssStore().put(Identity(key, old), "anna")
    enrol(bank)
    assert (holds(bank), NssStore().has(old), NssStore().proves(old)) == ([True], True, True)


def test_abandoned_before_the_certificate_came_nothing_is_left(bank: SoftBank) -> None:
    bank.server.script("simpleenroll", Reply(500))
    with pytest.raises(CaFailed):
        enrol(bank)
    assert len(kept(bank)) == 2
    bank.runner.enrolments.abandon(bank.runner.storages.system(None))
    assert (kept(bank), (Path.home() / ".pki").exists()) == ([], False)


def test_going_on_wants_the_password_that_was_chosen(bank: SoftBank) -> None:
    bank.server.script("simpleenroll", Reply(500))
    with pytest.raises(CaFailed):
        enrol(bank)
    with pytest.raises(KeyLocked):
        bank.resume(bank.runner.storages.system(Secret("Kettle-Moss-43")))
    bank.resume(bank.runner.storages.system(Secret(KEPT_UNDER)))
    assert (holds(bank), kept(bank)) == ([True], [])


def test_what_cannot_be_used_says_why(bank: SoftBank, monkeypatch: pytest.MonkeyPatch) -> None:
    by_kind = {state.kind: state for state in bank.runner.storages.states()}
    assert by_kind[StorageKind.SYSTEM].available
    assert by_kind[StorageKind.SYSTEM].place.endswith("/.pki/nssdb")
    monkeypatch.setenv("PATH", "/nowhere")
    by_kind = {state.kind: state for state in bank.runner.storages.states()}
    assert "libnss3-tools" in by_kind[StorageKind.SYSTEM].reason
    with pytest.raises(StorageUnavailable, match="libnss3-tools"):
        enrol(bank)
    monkeypatch.setattr("platform.system", lambda: "Plan9")
    by_kind = {state.kind: state for state in bank.runner.storages.states()}
    assert "no certificate store" in by_kind[StorageKind.SYSTEM].reason
