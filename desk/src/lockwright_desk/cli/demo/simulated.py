"""The clients' tokens: simulated ones, where the simulator is installed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from lockwright_desk import own_files
from lockwright_desk.cli.demo.people import ADAPTER, CLIENTS, PERSONALITY

_PROGRAM = "lockwright-sim"
_PIN = "Forgotten-1"
_LONGEST = 120
"""Seconds; the first token is compiled."""


def simulator() -> Path | None:
    """The simulator's program beside this one; None where it is not installed."""
    found = Path(sys.executable).with_name(_PROGRAM)
    return found if found.exists() else None


def make(folder: Path, program: Path, keys: Mapping[str, bytes]) -> Mapping[str, str]:
    """Make a token for each client, its PIN locked.

    Args:
        folder: the demo's.
        program: the simulator's.
        keys: administrator keys, by serial number; made up for this run.

    Returns:
        By login, the command by which that client unblocks the token.

    Raises:
        OSError, CalledProcessError, TimeoutExpired: the simulator cannot make one.
    """
    lines, module = {}, ""
    for client in CLIENTS:
        home = folder / "clients" / client.login
        token = home / "token"
        home.mkdir(parents=True)
        _run(
            program,
            *("new", str(token), "--personality", PERSONALITY, "--label", client.login),
            *("--serial", client.serial, "--pin", _PIN, "--tries", "3"),
            *("--admin-key", keys[client.serial].hex(), "--set", "user.tries=0"),
        )
        module = module or _run(program, "module", str(token)).strip()
        configuration = home / "lockwright.toml"
        trail = home / "audit.jsonl"
        text = f'[audit]\nfile = "{trail}"\n\n[adapters.{ADAPTER}]\nmodules = ["{module}"]\n'
        own_files.create(configuration, text.encode())
        typed = f"{program.with_name('lockwright')} unblock --config {configuration}"
        lines[client.login] = f"LOCKWRIGHT_SIM={token} {typed}"
    return lines


def _run(program: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  # the simulator's own
        [program, *arguments], capture_output=True, text=True, check=True, timeout=_LONGEST
    )
    return done.stdout
