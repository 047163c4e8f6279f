"""Other programs that list the same token: what is done with each, and its version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from lockwright_testkit.sim import USER_PIN

PKCS11_TOOL, P11TOOL, RAW = "pkcs11-tool", "p11tool", "raw PyKCS11"
PEERS = (PKCS11_TOOL, P11TOOL, RAW)
_RAW = Path(__file__).with_name("bench_raw_listing.py")


def listing(peer: str, module: Path) -> Sequence[str | Path]:
    """The command by which a peer lists everything after a login.

    Args:
        peer: its name.
        module: the module, which has one token.
    """
    match peer:
        case "pkcs11-tool":
            return (peer, "--module", module, "-O", "--login", "--pin", USER_PIN)
        case "p11tool":
            login = ("--login", f"--set-pin={USER_PIN}")
            return (peer, "--provider", module, *login, "--list-all", "pkcs11:token=simulated")
        case _:
            return (sys.executable, _RAW, module, USER_PIN)


def look(module: Path) -> Sequence[str | Path]:
    """The command by which pkcs11-tool shows what tokens there are."""
    return (PKCS11_TOOL, "--module", module, "-L")


def versions() -> dict[str, str]:
    """The version of each peer."""
    return {
        PKCS11_TOOL: _told(r"OpenSC ([\d.]+)", "opensc-tool", "--info"),
        P11TOOL: _told(r"p11tool ([\d.]+)", P11TOOL, "--version"),
        RAW: version("pykcs11"),
        "SoftHSM": _told(r"^([\d.]+)", "softhsm2-util", "--version"),
    }


def _told(pattern: str, *command: str) -> str:
    if shutil.which(command[0]) is None:
        return "not here"
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    found = re.search(pattern, done.stdout + done.stderr)
    return found[1] if found else "unknown"
