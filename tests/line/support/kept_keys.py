"""Administrator keys of tokens as a bank keeps them, each of which the tests know."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from desk_home import Home
from hsm_bank import PREFIX, Bank
from kinds import JACARTA_PKI, STRICT, Kind
from lockwright import Config, Runner
from lockwright.files import durable
from lockwright.models import KeyForm, Token
from lockwright.pkcs11.constants import CKA, CKK
from lockwright.pkcs11.secret_keys import NestedTemplate
from lockwright_desk.helpdesk.custody.schemes import derivation_data
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

_SEAL: NestedTemplate = {CKA.KEY_TYPE: CKK.GENERIC_SECRET, CKA.SIGN: True}
_logins = (f"caller-{''.join(letters)}" for letters in itertools.product("abcdefghij", repeat=3))


class KeptKeys:
    """What an HSM of a help desk has been given, as in a ceremony.

    Args:
        bank: the HSM, begun, without a key.
    """

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._master, wrapping, seal = (secrets.token_bytes(32) for _each in range(3))
        self.hidden = {"master": self._master, "wrapping key": wrapping, "seal": seal}
        """Every key that a desk must never hold, by what it is."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOFTHSM2_CONF", str(bank.softhsm.conf))
            bank.master(self._master)
            bank.wrapping_key(wrapping)
            bank.bring(f"{PREFIX}-seal", seal, _SEAL)

    def make_versions(self, home: Home) -> None:
        """Have a desk know them, and make a key for passwords."""
        for custody in (Custody.WRAPPED, Custody.DERIVED, Custody.OPENED):
            _run(home, "keys", "make", "--custody", custody)

    def token(
        self, sim: SimulatorFactory, kind: Kind, custody: Custody, folder: Path
    ) -> tuple[Kind, Simulator]:
        """A token whose administrator key is its own, or derived of the master key.

        Returns:
            Its kind, with that key, and the token.
        """
        if kind.form is not KeyForm.HEX:
            return kind, kind.make(sim)
        device = _of_key(kind, secrets.token_bytes(24)).make(sim)
        serial, config = device.show()["slot0.serial"], Config(audit=folder / "made.jsonl")
        with Runner(config, modules=[device.module], isolate=False) as runner:
            found = runner.find(serial)
        key = self._derived(found) if custody is Custody.DERIVED else secrets.token_bytes(24)
        if kind.name == JACARTA_PKI.name:
            device.set("admin.key", key, slot=0)
        else:
            device.set("so.pin", key.hex(), slot=0)
        return _of_key(kind, key), device

    def register(
        self, home: Home, token: Token, kind: Kind, custody: Custody, grade: str = ""
    ) -> None:
        """Give a token to a new client, and its key to the custody, by the desk's commands."""
        login, adapter, model = next(_logins), str(token.adapter), token.identity.model
        take_in(home, "clients", f"login,name,phone,grade\n{login},Anna,+7 495 123-45-67,{grade}\n")
        row = f"{adapter},{model},{token.serial},Anna,{login}"
        take_in(home, "tokens", f"adapter,model,serial,label,login\n{row}\n")
        value = bytes.fromhex(kind.key) if kind.form is KeyForm.HEX else kind.key.encode()
        self.hidden[f"{custody} of {token.serial}"] = value
        of_model = ("--adapter", adapter, "--model", model)
        if custody in {Custody.WRAPPED, Custody.OPENED}:
            file = home.folder / "keys.csv"
            durable.replace(file, f"{token.serial},{kind.key}\n".encode())
            _run(home, "keys", "import", str(file), *of_model, "--key-format", kind.form)
            file.unlink()
            return
        if custody is Custody.OBJECT:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SOFTHSM2_CONF", str(self._bank.softhsm.conf))
                self._bank.bring_object(token.serial, value)
        _run(home, "keys", "assign", "--custody", custody, *of_model, "--serial", token.serial)

    def _derived(self, token: Token) -> bytes:
        """By software, as the HSM derives it."""
        data = derivation_data(str(token.adapter), token.identity.model, token.serial, 1)
        ecb = Cipher(algorithms.AES256(self._master), modes.ECB()).encryptor()  # noqa: S305  # the scheme
        return ecb.update(data)[:24]


def take_in(home: Home, what: str, rows: str) -> None:
    """Import ``clients`` or ``tokens`` into a desk."""
    file = home.folder / f"{what}.csv"
    file.write_text(rows, encoding="utf-8")
    _run(home, what, "import", str(file))


def _run(home: Home, *arguments: str) -> None:
    ended = home.run(*arguments)
    assert ended.code == 0, ended.out + ended.err


def _of_key(kind: Kind, key: bytes) -> Kind:
    if kind.name == JACARTA_PKI.name:
        return replace(kind, key=key.hex(), settings={**STRICT, "admin.key": key})
    return replace(kind, key=key.hex(), so_pin=key.hex())
