"""A bank with a whole help desk that answers for tokens of three vendors, in every custody."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hsm_bank import PREFIX
from kinds import JACARTA_PKI, STRICT, Kind
from lockwright import Config, Runner
from lockwright.files import durable
from lockwright.models import KeyForm, Token
from lockwright.pkcs11.constants import CKA, CKK
from lockwright_desk.helpdesk.custody.schemes import derivation_data
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from whole_desk import WholeDesk, empty_desk

_LINE = """
[helpdesk.line]
open = true
serial_hour = 1000
address_hour = 1000
"""
_KEEPER = """
[keeper.adapters.etoken]
modules = ["{module}"]
"""
_SEAL = {CKA.KEY_TYPE: CKK.GENERIC_SECRET, CKA.SIGN: True}
_logins = itertools.count(1)


@dataclass(frozen=True)
class CallBank:
    """The bank, whose master key the tests know: a token is made with what is derived of it."""

    desk: WholeDesk
    master: bytes
    hidden: dict[str, bytes]
    """Every key that the desk must never hold, by what it is; of a token once it is registered."""

    @classmethod
    def made(cls, folder: Path) -> Self:
        """One with a key of every custody, and nobody in its register."""
        vendors = Simulator.create(folder / "token-of-the-bank", "etoken")
        keeper = _KEEPER.format(module=vendors.module)
        desk = empty_desk(folder, more=_LINE, keeper=keeper)
        master, wrapping, seal = (secrets.token_bytes(32) for _each in range(3))
        desk.plugged = vendors.environment  # without a token this module does not start
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOFTHSM2_CONF", str(desk.bank.softhsm.conf))
            desk.bank.master(master)
            desk.bank.wrapping_key(wrapping)
            desk.bank.bring(f"{PREFIX}-seal", seal, _SEAL)
        for custody in (Custody.WRAPPED, Custody.DERIVED, Custody.OPENED):
            desk.run("keys", "make", "--custody", custody)
        return cls(desk, master, {"master": master, "wrapping key": wrapping, "seal": seal})

    def token(
        self, sim: SimulatorFactory, kind: Kind, custody: Custody, audit: Path
    ) -> tuple[Kind, Simulator]:
        """A token whose administrator key is its own, or derived of the master key.

        Returns:
            Its kind, with that key, and the token.
        """
        if kind.form is not KeyForm.HEX:
            return kind, kind.make(sim)
        device = _of_key(kind, secrets.token_bytes(24)).make(sim)
        serial = device.show()["slot0.serial"]
        with Runner(Config(audit=audit), modules=[device.module], isolate=False) as runner:
            found = runner.find(serial)
        key = self._derived(found) if custody is Custody.DERIVED else secrets.token_bytes(24)
        kind = _of_key(kind, key)
        name = "admin.key" if kind.settings.get("admin.key") else "so.pin"
        device.set(name, key if name == "admin.key" else key.hex(), slot=0)
        return kind, device

    def register(self, token: Token, kind: Kind, custody: Custody, grade: str) -> None:
        """Give a token to a client, and its key to the custody, by the desk's commands."""
        login = f"caller-{'abcdefghijklmnopqrstuvwxyz'[next(_logins) % 26]}{secrets.token_hex(4)}"
        adapter, model, serial = token.adapter, token.identity.model, token.serial
        person = f"login,name,phone,grade\n{login},Anna {login},+7 495 123-45-67,{grade}\n"
        self.desk.take_in("clients", person)
        held = f"adapter,model,serial,label,login\n{adapter},{model},{serial},Anna,{login}\n"
        self.desk.take_in("tokens", held)
        of_model = ("--adapter", str(adapter), "--model", model)
        is_hex = kind.form is KeyForm.HEX
        value = bytes.fromhex(kind.key) if is_hex else kind.key.encode()
        self.hidden[f"{custody} of {serial}"] = value
        if custody in {Custody.WRAPPED, Custody.OPENED}:
            file = self.desk.home.folder / "keys.csv"
            durable.replace(file, f"{serial},{kind.key}\n".encode())
            self.desk.run("keys", "import", str(file), *of_model, "--key-format", kind.form)
            file.unlink()
            return
        if custody is Custody.OBJECT:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SOFTHSM2_CONF", str(self.desk.bank.softhsm.conf))
                self.desk.bank.bring_object(serial, bytes.fromhex(kind.key))
        self.desk.run("keys", "assign", "--custody", custody, *of_model, "--serial", serial)

    def _derived(self, token: Token) -> bytes:
        """By software, as the HSM derives it."""
        data = derivation_data(str(token.adapter), token.identity.model, token.serial, 1)
        encryptor = Cipher(algorithms.AES256(self.master), modes.ECB()).encryptor()  # noqa: S305  # the scheme
        return encryptor.update(data)[:24]


def _of_key(kind: Kind, key: bytes) -> Kind:
    if kind.name == JACARTA_PKI.name:
        return replace(kind, key=key.hex(), settings={**STRICT, "admin.key": key})
    return replace(kind, key=key.hex(), so_pin=key.hex())
