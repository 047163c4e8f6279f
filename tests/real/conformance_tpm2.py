"""A stranger's adapter: tpm2-pkcs11, whose keys are a TPM's, here one of software (``swtpm``).

After a few wrong PINs a TPM refuses every secret for a time, the SO PIN too (TPM 2.0 Library,
Part 1, "Dictionary Attack Protection"; TPM_RC_LOCKOUT). The module's flags tell nothing of it.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socket import AF_UNIX, socket

import pytest
from lockwright.adapter import StandardAdapter
from lockwright.bindings import BINDINGS
from lockwright.models import Token, TokenState
from lockwright.pkcs11.session import Module
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim import SO_PIN, USER_PIN
from real_module import modules_named

PLACES = modules_named("libtpm2_pkcs11.so")


class Tpm2(StandardAdapter):
    """Tokens whose keys are a TPM's."""

    modules = PLACES
    tokens = {"IBM": ("SW   TPM",)}
    not_offered = {
        "unblock": "a TPM that is locked refuses the SO PIN, too",
        "init": "its module initialises blank tokens only (CKR_ARGUMENTS_BAD)",
        "import_key": "it takes no private key (CKR_ATTRIBUTE_VALUE_INVALID)",
    }

    def lockwright_state(self, module: Module, token: Token) -> TokenState:
        """Its flags call every PIN in order, also one that is locked: they say nothing."""
        return replace(super().lockwright_state(module, token), user_pin=None, so_pin=None)


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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token that the module initialised by itself."""
    folder = tmp_path_factory.mktemp("tpm")
    (folder / "state").mkdir()
    (folder / "store").mkdir()
    tool = ("pkcs11-tool", "--module", str(PLACES[0]), "--so-pin", SO_PIN)
    with pytest.MonkeyPatch.context() as monkeypatch, running(folder, monkeypatch):
        for words in (
            ("--init-token", "--label", "tpm", "--slot-index", "0"),
            ("--login", "--login-type", "so", "--init-pin", "--new-pin", USER_PIN),
        ):
            subprocess.run([*tool, *words], check=True, capture_output=True)
    return folder


class TestTpm2(Conformance):
    title = "tpm2-pkcs11"

    @pytest.fixture(params=BINDINGS)
    def subject(
        self,
        prepared: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        request: pytest.FixtureRequest,
        failing: Callable[[Path], Path],
        faults: Callable[[str], None],
    ) -> Iterator[Subject]:
        for each in ("state", "store"):
            shutil.copytree(prepared / each, tmp_path / each)
        with running(tmp_path, monkeypatch):
            yield Subject(
                adapter=Tpm2(),
                module=failing(PLACES[0]),
                fault=faults,
                settings={"binding": request.param},
                expendable=True,
                weak_pin=None,
            )
