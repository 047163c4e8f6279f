"""A SoftHSM of the desk's own, for a CA key that is in a token without a device being bought."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
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

_VARIABLE = "SOFTHSM2_CONF"
_TOKENS = re.compile(r"^[ \t]*directories\.tokendir[ \t]*=[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def installed() -> Path | None:
    """The module of this system; None if SoftHSM is not installed."""
    return next((path for path in MODULES if path.exists()), None)


@contextmanager
def undisturbed(folder: Path | None) -> Iterator[None]:
    """Log in, and whoever is told to end meanwhile ends right after it.

    SoftHSM 2.6.1 writes a token anew at each login: it empties the file first. A process that a
    signal ends in between leaves a token that is empty for good, with its keys.

    Args:
        folder: of a SoftHSM of the desk's own; None for other HSMs, whose logins may take long.
    """
    if folder is None or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(
        signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT}
    )
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def use(folder: Path) -> None:
    """Let SoftHSM, which reads its configuration when it is loaded, keep its tokens in a folder.

    SoftHSM knows absolute paths only. So in a folder that was copied or restored elsewhere the
    configuration still names the tokens of the first one; it is put right here.

    Raises:
        FileNotWritten: it could not be put right.
    """
    configuration = _configuration(folder)
    if durable.found(configuration):
        _put_right(configuration, _tokens(folder))
    os.environ[_VARIABLE] = str(configuration)


def prepare(folder: Path) -> None:
    """Make the folder and the configuration in it, where they are not there yet."""
    tokens = _tokens(folder)
    durable.make_folder(tokens)
    if not durable.found(_configuration(folder)):
        text = f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
        own_files.create(_configuration(folder), text.encode())


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


def _configuration(folder: Path) -> Path:
    return folder / "softhsm2.conf"


def _tokens(folder: Path) -> Path:
    return folder / "tokens"


def _put_right(configuration: Path, tokens: Path) -> None:
    """Name the tokens beside the configuration, unless it does, by whatever path."""
    text = configuration.read_text(encoding="utf-8")
    named = _TOKENS.findall(text)
    if len(named) == 1 and _same(Path(named[0]), tokens):
        return
    line = f"directories.tokendir = {tokens}\n"
    others = _TOKENS.sub("", text).lstrip("\n")
    own_files.replace(configuration, (line + others).encode())


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other
