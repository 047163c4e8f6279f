"""The owner of a token at a computer: windows with lockwright in Russian, and other programs."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Screen, Terminal
from lockwright_testkit.raw import started
from lockwright_testkit.sim import Simulator

ASKS_PIN = "PIN-код пользователя:"
_YEAR = timedelta(days=365)
_PIN_LOCKED = 0xA4


class Owner:
    """Someone with one token, who works with it.

    Args:
        program: lockwright, installed and configured.
        device: the token.
        terminal: opens windows.
    """

    def __init__(self, program: Program, device: Simulator, terminal: Terminal) -> None:
        self.program = program
        self.device = device
        self.serial = device.show()["slot0.serial"]
        self._terminal = terminal

    def leaves_no_room(self) -> None:
        """The memory of the token is as large as what is on it."""
        self.device.set("memory", 1 << 20)
        with started(self.device.module) as module:
            info = module.token_info(module.slots()[0])
        self.device.set("memory", info.total_memory - info.free_memory)

    def opens(self, *command: str) -> Screen:
        """A window with lockwright in it."""
        return self._terminal(self.program, *command, "--lang", "ru")

    def reads(self, *command: str) -> str:
        """What a command shows that asks nothing: one line, one space between words."""
        code, said = self.opens(*command).ends()
        assert code == 0, said
        return said

    def forgets_the_pin(self) -> None:
        """Tries wrong PINs in another program until the token locks."""
        with started(self.device.module) as module:
            session = module.open(module.slots()[0])
            while module.login(session, "not-the-pin-1") != _PIN_LOCKED:
                pass

    def has(self, label: str, pin: str, *, expired: bool = False) -> None:
        """A key and its certificate are on the token since long ago, written by another program."""
        named = ("--id", label.encode().hex(), "--label", label)
        self._tool(pin, "--keypairgen", "--key-type", "rsa:2048", *named)
        self._tool(pin, "--read-object", "--type", "pubkey", *named[:2], "--output-file", "der")
        file = self.program.home / "der"
        key = load_der_public_key(file.read_bytes())
        assert isinstance(key, RSAPublicKey)
        starts = timedelta(days=-400 if expired else -1)
        ca = TestCa.root("CN=Bank CA")
        certificate = ca.issue(key, f"CN={label}", starts=starts, lasts=_YEAR)
        file.write_bytes(certificate.public_bytes(Encoding.DER))
        self._tool(pin, "--write-object", "der", "--type", "cert", *named)

    def signs(self, label: str, pin: str) -> None:
        """Signs a payment with a key on the token; OpenSSL verifies it by the certificate there."""
        home, key_id = self.program.home, str(self._container(label)["id"])
        (home / "payment").write_text("100 RUB")
        self._tool(pin, "--read-object", "--type", "cert", "--id", key_id, "--output-file", "der")
        _run(home, "openssl", "x509", "-inform", "DER", "-in", "der", "-pubkey", "-out", "pem")
        files = ("--input-file", "payment", "--output-file", "signature")
        self._tool(pin, "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", key_id, *files)
        verified = ("-verify", "pem", "-signature", "signature", "payment")
        _run(home, "openssl", "dgst", "-sha256", *verified)

    def is_let_in(self, pin: str) -> bool:
        """Whether another program can log in with a PIN."""
        with suppress(subprocess.CalledProcessError):
            self._tool(pin, "--list-objects")
            return True
        return False

    def certificate(self, label: str) -> str:
        """The fingerprint of a container's certificate."""
        return str(self._container(label)["certificates"][0]["fingerprint"])

    def _container(self, label: str) -> Any:
        containers = self.program.run("list", "--json").document["containers"]
        return next(each for each in containers if each["label"] == label)

    def _tool(self, pin: str, *arguments: str) -> None:
        """OpenSC's pkcs11-tool, a program of someone else's."""
        logged_in = ("--module", str(self.device.module), "--login", "--pin", pin)
        _run(self.program.home, "pkcs11-tool", *logged_in, *arguments)


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
