"""A SoftHSM of the desk's own, for a CA key that is in a token without a device being bought."""

from __future__ import annotations

import os
from pathlib import Path

from lockwright.files import durable
from lockwright.pkcs11.constants import CKF, CKU
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.secret import Secret

from lockwright_desk import own_files

MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/lib64/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
)
"""Where the packages of each system put it."""

_CONFIGURATION = "SOFTHSM2_CONF"


def installed() -> Path | None:
    """The module of this system; None if SoftHSM is not installed."""
    return next((path for path in MODULES if path.exists()), None)


def use(folder: Path) -> None:
    """Let SoftHSM, which reads its configuration when it is loaded, keep its tokens in a folder."""
    os.environ[_CONFIGURATION] = str(folder / "softhsm2.conf")


def prepare(folder: Path) -> None:
    """Make the folder and the configuration in it, where they are not there yet."""
    tokens = folder / "tokens"
    durable.make_folder(tokens)
    configuration = folder / "softhsm2.conf"
    if not durable.found(configuration):
        text = f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
        own_files.create(configuration, text.encode())


def add_token(module: Path, label: str, so_pin: Secret, pin: Secret) -> None:
    """Initialise a token in the first slot that has none."""
    cryptoki = Cryptoki(module)
    ours = cryptoki.initialize()
    try:
        slot = next(
            slot
            for slot in cryptoki.slots()
            if not cryptoki.token_info(slot).flags & CKF.TOKEN_INITIALIZED
        )
        cryptoki.init_token(slot, so_pin, label)
        session = cryptoki.open_session(slot)
        cryptoki.login(session, CKU.SO, so_pin)
        cryptoki.init_pin(session, pin)
        cryptoki.logout(session)
        cryptoki.close_session(session)
    finally:
        if ours:
            cryptoki.finalize()
