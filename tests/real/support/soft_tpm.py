"""A TPM of software, and tpm2-pkcs11 over it, whose token has the simulator's PINs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_UNIX, socket

import pytest
from lockwright_testkit.sim import SO_PIN, USER_PIN
from real_module import modules_named

PLACES = modules_named("libtpm2_pkcs11.so")


def listens(place: Path) -> bool:
    """Whether the TPM takes commands there."""
    with socket(AF_UNIX) as way:
        return way.connect_ex(str(place)) == 0


@contextmanager
def running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A TPM that keeps its state in a folder, and the store of the module beside it."""
    sockets = (folder / "socket", folder / "socket.ctrl")
    ways = [f"type=unixio,path={each}" for each in sockets]
    state = ("--tpmstate", f"dir={folder / 'state'}", "--flags", "startup-clear")
    command = ["swtpm", "socket", "--tpm2", *state, "--server", ways[0], "--ctrl", ways[1]]
    tpm = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    monkeypatch.setenv("TPM2_PKCS11_STORE", str(folder / "store"))
    monkeypatch.setenv("TPM2_PKCS11_TCTI", f"swtpm:path={sockets[0]}")
    try:
        while tpm.poll() is None and not all(map(listens, sockets)):
            time.sleep(0.01)
        yield
    finally:
        tpm.terminate()
        tpm.wait()


def make(folder: Path) -> None:
    """A token that the module initialised by itself.

    Args:
        folder: an empty folder for state and store.
    """
    (folder / "state").mkdir()
    (folder / "store").mkdir()
    tool = ("pkcs11-tool", "--module", str(PLACES[0]), "--so-pin", SO_PIN)
    with pytest.MonkeyPatch.context() as monkeypatch, running(folder, monkeypatch):
        for words in (
            ("--init-token", "--label", "tpm", "--slot-index", "0"),
            ("--login", "--login-type", "so", "--init-pin", "--new-pin", USER_PIN),
        ):
            subprocess.run([*tool, *words], check=True, capture_output=True)
