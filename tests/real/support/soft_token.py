"""openCryptoki's soft token, in the namespace of ``make real``: made, kept and put back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from lockwright_testkit.acceptance.probes.asked import text
from lockwright_testkit.raw import started
from real_module import modules_named

PLACES = modules_named("libopencryptoki.so")
FOLDER = Path("/var/lib/opencryptoki/swtok")
SHARED = Path("/dev/shm")  # noqa: S108  # where Linux keeps what programs share
FIRST_SO_PIN, SO_PIN, FIRST_PIN, PIN = "87654321", "so-pin-1", "first-22", "User-pin"


def tool(*words: str) -> None:
    command = ["pkcs11-tool", "--module", str(PLACES[0]), *words]
    subprocess.run(command, check=True, capture_output=True)


def make(kept: Path) -> None:
    """A token whose PINs are no longer those that must be changed, kept in a folder.

    Args:
        kept: the folder, which is not there yet.
    """
    tool("--init-token", "--label", "ock", "--so-pin", FIRST_SO_PIN, "--slot", "0")
    so = ("--login", "--login-type", "so")
    tool(*so, "--so-pin", FIRST_SO_PIN, "--change-pin", "--new-pin", SO_PIN)
    tool(*so, "--so-pin", SO_PIN, "--init-pin", "--new-pin", FIRST_PIN)
    tool("--login", "--pin", FIRST_PIN, "--change-pin", "--new-pin", PIN)
    shutil.copytree(FOLDER, kept)


def renew(kept: Path) -> None:
    """The token as it was made, and nothing that programs shared of another.

    Args:
        kept: where ``make`` kept it.
    """
    shutil.rmtree(FOLDER)
    shutil.copytree(kept, FOLDER)
    # What programs share of the token, its objects among it, outlives them.
    for shared in SHARED.glob("*swtok*"):
        shared.unlink()


def serial() -> str:
    """The token's serial number."""
    with started(PLACES[0]) as module:
        return text(module.token_info(module.slots()[0]).serial)
