"""No key is found where it has no business after a run of the keeper and of an intake."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from desk_home import DESK, Ended, environment
from hsm_bank import ADAPTER, MODEL, PREFIX, Bank, expected
from keeping import answered
from key_desk import KeyDesk
from lockwright.pkcs11.constants import CKA, CKK
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.custody.schemes import derivation_data
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.leaks import found_in, watched
from lockwright_testkit.sim.fixtures import SimulatorFactory
from processes import memory

WRAPPED, OBJECT = secrets.token_bytes(24), secrets.token_bytes(24)
TEXT = b"Harbor-" + secrets.token_hex(8).encode()
MASTER, WRAPPING, SEAL = (secrets.token_bytes(32) for _each in range(3))
PASSWORD = "Pier-" + secrets.token_hex(8)
PIN = "Lantern-" + secrets.token_hex(4)
HIDDEN = {
    "wrapped": WRAPPED,
    "text": TEXT,
    "object": OBJECT,
    "derived": Cipher(algorithms.AES256(MASTER), modes.ECB())  # noqa: S305  # the scheme
    .encryptor()
    .update(derivation_data(ADAPTER, MODEL, "L03", 1))[:24],
    "master": MASTER,
    "wrapping key": WRAPPING,
    "seal": SEAL,
}
FOUND_NOWHERE = [*HIDDEN.values(), PIN.encode(), PASSWORD.encode()]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyDesk]:
    """A desk and an HSM all of whose keys are known to the test."""
    bank = Bank(tmp_path_factory.mktemp("bank"), pin=PIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(bank.softhsm.conf))
        bank.begin()
        bank.master(MASTER)
        bank.wrapping_key(WRAPPING)
        bank.bring(f"{PREFIX}-seal", SEAL, {CKA.KEY_TYPE: CKK.GENERIC_SECRET, CKA.SIGN: True})
        bank.bring_object("L04", OBJECT)
        yield KeyDesk(tmp_path_factory.mktemp("desk"), bank)


class Relay(threading.Thread):
    """Stands between the desk and the keeper, and keeps what passes."""

    def __init__(self, file: Path, keeper: Path) -> None:
        super().__init__(daemon=True)
        self.passed = bytearray()
        self._keeper = keeper
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(file))
        self._listener.listen()

    def run(self) -> None:
        """One connection after the other."""
        while True:
            try:
                desk, _address = self._listener.accept()
            except OSError:
                return
            with closing(desk), closing(socket.socket(socket.AF_UNIX)) as keeper:
                keeper.connect(str(self._keeper))
                back = threading.Thread(target=self._pass, args=(keeper, desk))
                back.start()
                self._pass(desk, keeper)
                back.join()

    def close(self) -> None:
        """End it."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.join()

    def _pass(self, of: socket.socket, to: socket.socket) -> None:
        while part := of.recv(4096):
            self.passed += part
            to.sendall(part)
        to.shutdown(socket.SHUT_WR)


def intake(desk: KeyDesk) -> list[Ended]:
    """Has keys made, taken in and assigned, one of each custody; what the commands said."""
    for custody in (Custody.DERIVED, Custody.OPENED):
        desk.make(custody)
    shown = [desk.home.run("keys", "make", "--custody", "wrapped", "--verbose")]
    for row, form, model in (
        (f"L01,{WRAPPED.hex()}", "hex", (ADAPTER, MODEL)),
        (f"L02,{TEXT.decode()}", "text", (ADAPTER, MODEL)),
        (f"00c0ffee,{PASSWORD}", "password", ("etoken", "eToken")),
    ):
        file = desk.file_of("keys.csv", [row])
        of_model = ("--adapter", model[0], "--model", model[1], "--key-format", form)
        shown.append(desk.home.run("keys", "import", str(file), *of_model, "--verbose"))
        file.unlink()
    desk.assign(Custody.OBJECT, "L04")
    desk.assign(Custody.DERIVED, "L03")
    return shown


def answers(desk: KeyDesk, client: KeeperClient) -> None:
    """Has each of the keys answer."""
    for number in range(3):
        request = number.to_bytes(8, "big")
        for serial, key in (
            ("L01", HIDDEN["wrapped"]),
            ("L02", TEXT.ljust(24, b"\0")),
            ("L03", HIDDEN["derived"]),
            ("L04", HIDDEN["object"]),
        ):
            assert answered(client, desk.record(serial), request) == expected(key, request)
    assert len(answered(client, desk.record("00c0ffee"))) == 8


def told_by(folders: Sequence[Path]) -> list[Path]:
    """The files that hold a key, in whatever form."""
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if _tells(file.read_bytes())]


def _tells(content: bytes) -> bool:
    clear = any(key in content for key in FOUND_NOWHERE)
    return clear or bool(found_in(content.decode(errors="replace"), FOUND_NOWHERE))


def test_no_key_is_in_memory_files_logs_or_traffic_after_an_intake_and_answers(
    desk: KeyDesk, sim: SimulatorFactory
) -> None:
    device = sim("etoken")
    desk.bank.tables = f'[keeper.adapters.etoken]\nmodules = ["{device.module}"]\n'
    desk.bank.write()
    bank, place = desk.bank, desk.bank.settings.place
    desk.add("L01", "L02", "L03", "L04")
    desk.add("00c0ffee", adapter="etoken", model="eToken")
    with watched() as seen:
        shown = intake(desk)
        log, theirs = os.pipe()
        running = DESK.start(
            ["keeper", "--verbose", "--json-log", "--config", bank.file],
            environment={**environment("C.UTF-8"), **device.environment},
            folder=bank.folder,
            descriptors={2: theirs},
        )
        os.close(theirs)
        try:
            with os.fdopen(log) as lines:
                assert "keeper answers" in lines.readline()
                relay = Relay(desk.folder / "relay.sock", place.socket)
                relay.start()
                client = KeeperClient(replace(place, socket=desk.folder / "relay.sock"))
                answers(desk, client)
                kept = memory(running.pid)
                relay.close()
                running.send_signal(signal.SIGTERM)
                logged = lines.read()
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)
    (bank.folder / "keeper-pin").unlink()

    assert b"lockwright-wrapped-1" in kept  # it is the keeper's memory, and is searched as it is
    assert [name for name, key in HIDDEN.items() if key in kept] == []
    assert PIN.encode() not in kept
    assert PASSWORD.encode() not in kept
    texts = [each.out + each.err for each in shown]
    assert [each.code for each in shown] == [0] * 4
    for text in (*texts, logged, "\n".join(seen), relay.passed.decode(errors="replace")):
        assert found_in(text, FOUND_NOWHERE) == []
    assert [key for key in FOUND_NOWHERE if key in relay.passed] == []
    assert told_by((desk.folder, bank.folder)) == []
