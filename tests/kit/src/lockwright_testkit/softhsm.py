"""A SoftHSM of a test's own: its tokens, its configuration, nothing of the user's touched."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from lockwright.pkcs11.constants import CKF, CKU
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.secret import Secret

SO_PIN = "so-pin-1234"
USER_PIN = "User-pin-1"
"""PINs of a token that was added without saying others."""
CONF_VARIABLE = "SOFTHSM2_CONF"
PATHS = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


def module_path() -> Path:
    """Where SoftHSM is on this system.

    Raises:
        FileNotFoundError: it is not installed.
    """
    for path in map(Path, PATHS):
        if path.exists():
            return path
    raise FileNotFoundError("SoftHSM is not installed: apt-get install softhsm2")


@dataclass(frozen=True)
class AddedToken:
    """A token that :meth:`SoftHSM.add_token` made."""

    serial: str
    """Serial number, which SoftHSM draws at random."""
    slot: int
    """Slot id that it has in every program started, or initialised, after this."""
    label: str
    """The label it was given."""


class SoftHSM:
    """A SoftHSM whose tokens live in a folder of the caller's choice.

    The module reads its configuration from the environment, so the caller also sets
    ``environment`` for this process (the fixture ``softhsm`` does) or for a child.

    Args:
        folder: an existing, empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.module = module_path()
        self.tokens = folder / "tokens"
        self.tokens.mkdir()
        self.conf = folder / "softhsm2.conf"
        self.conf.write_text(
            f"directories.tokendir = {self.tokens}\n"
            "objectstore.backend = file\n"
            "log.level = ERROR\n"
            "slots.removable = true\n"
        )

    @property
    def environment(self) -> dict[str, str]:
        """What SoftHSM reads from the environment."""
        return {CONF_VARIABLE: str(self.conf)}

    def add_token(
        self,
        label: str = "token",
        so_pin: str = SO_PIN,
        user_pin: str | None = USER_PIN,
    ) -> AddedToken:
        """Initialise one more token.

        Args:
            label: its label.
            so_pin: its SO PIN.
            user_pin: its user PIN; None leaves it unset.

        Returns:
            What the token is found by.
        """
        if os.environ.get(CONF_VARIABLE) != str(self.conf):
            raise RuntimeError(f"set {CONF_VARIABLE} to {self.conf} before adding a token")
        cryptoki = Cryptoki(self.module)
        ours = cryptoki.initialize()
        try:
            return _initialise(cryptoki, label, Secret(so_pin), user_pin)
        finally:
            if ours:
                cryptoki.finalize()

    def copy_tokens(self, other: SoftHSM) -> None:
        """Add a copy of every token of another SoftHSM: the same serial numbers, PINs and objects.

        Args:
            other: the other one; no program uses it now.
        """
        shutil.copytree(other.tokens, self.tokens, dirs_exist_ok=True)


def _initialise(cryptoki: Cryptoki, label: str, so_pin: Secret, user_pin: str | None) -> AddedToken:
    slot = next(
        slot
        for slot in cryptoki.slots()
        if not cryptoki.token_info(slot).flags & CKF.TOKEN_INITIALIZED
    )
    cryptoki.init_token(slot, so_pin, label)
    if user_pin is not None:
        session = cryptoki.open_session(slot)
        cryptoki.login(session, CKU.SO, so_pin)
        cryptoki.init_pin(session, Secret(user_pin))
        cryptoki.logout(session)
        cryptoki.close_session(session)
    serial = cryptoki.token_info(slot).serial.decode().strip()
    return AddedToken(serial, int(serial[-8:], 16) & 0x7FFFFFFF, label)
