"""A stranger's adapter: openCryptoki's soft token, which locks a PIN for good.

Its service and its folders are the system's, so this runs in a namespace of its own
(``make real``, package ``opencryptoki``).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from lockwright.adapter import StandardAdapter
from lockwright.bindings import BINDINGS
from lockwright_testkit.conformance import Conformance, Subject
from real_module import Fault, modules_named

PLACES = modules_named("libopencryptoki.so")
FOLDER = Path("/var/lib/opencryptoki/swtok")
SHARED = Path("/dev/shm")  # noqa: S108  # where Linux keeps what programs share
FIRST_SO_PIN, SO_PIN, FIRST_PIN, PIN = "87654321", "so-pin-1", "first-22", "User-pin"


class OpenCryptoki(StandardAdapter):
    """Tokens that openCryptoki keeps in files."""

    modules = PLACES
    tokens = {"IBM Corp.": ("IBM SoftTok",)}
    not_offered = {"init": "no user PIN can be set straight after it (CKR_FUNCTION_FAILED)"}


def tool(*words: str) -> None:
    command = ["pkcs11-tool", "--module", str(PLACES[0]), *words]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a token whose PINs are no longer those that must be changed."""
    tool("--init-token", "--label", "ock", "--so-pin", FIRST_SO_PIN, "--slot", "0")
    so = ("--login", "--login-type", "so")
    tool(*so, "--so-pin", FIRST_SO_PIN, "--change-pin", "--new-pin", SO_PIN)
    tool(*so, "--so-pin", SO_PIN, "--init-pin", "--new-pin", FIRST_PIN)
    tool("--login", "--pin", FIRST_PIN, "--change-pin", "--new-pin", PIN)
    kept = tmp_path_factory.mktemp("ock") / "swtok"
    shutil.copytree(FOLDER, kept)
    return kept


class TestSoftToken(Conformance):
    title = "openCryptoki"

    @pytest.fixture(params=BINDINGS)
    def subject(self, prepared: Path, request: pytest.FixtureRequest, fault: Fault) -> Subject:
        shutil.rmtree(FOLDER)
        shutil.copytree(prepared, FOLDER)
        # What programs share of the token, its objects among it, outlives them.
        for shared in SHARED.glob("*swtok*"):
            shared.unlink()
        return Subject(
            adapter=OpenCryptoki(),
            module=fault.stands_before(PLACES[0]),
            fault=fault.plan,
            settings={"binding": request.param},
            user_pin=PIN,
            so_pin=SO_PIN,
            new_pin="Nova-p22",
            new_so_pin="so-pin-2",
            expendable=True,
        )
