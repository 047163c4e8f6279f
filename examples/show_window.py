"""`make show-window`: the client's window on three simulated tokens, with a bank that answers.

Nothing of the computer's own is looked at or changed: tokens, configuration and records are in a
folder that goes when the window is closed. ARGUMENTS go to the window.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from lockwright import i18n
from lockwright.i18n import _
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.filling import fill
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator, environment
from lockwright_window.life import options

LOGIN, PASSWORD = "anna", "Maple-Drum-77"
_OURS = ("XDG_CONFIG", "XDG_STATE", "XDG_DATA", "LOCKWRIGHT_", "SOFTHSM2_")
_CONFIGURATION = """
[enrolment]
contact = "Olga, 123"

[ca.bank]
url = "{url}"
trust = ["{folder}/bank.pem"]
subject = "CN={{login}},O=Bank"
key_type = "ec:p256"
"""
_TOLD = """
The window shows three simulated tokens:

  Anna Petrova   a JaCarta whose PIN is locked, for "{new_pin}"
  Boris Orlov    an eToken with five containers, two of them expired, for "{clean}";
                 its PIN is {pin}
  Clara Stein    an empty JaCarta, for "{enrol}"; its PIN is {pin},
                 the login {login}, the one-time password {password}

The administrator's PIN of the eToken is {so_pin}. Be the bank's help desk in another terminal:

  HOME={folder} {programs}/lockwright respond --vendor jacarta --model 'JaCarta Laser' \\
      --serial {serial} --key-file {folder}/key

Close the window to end it.
"""


def main(arguments: list[str]) -> int:
    """Make the tokens and the bank, show the window until it is closed; its exit code."""
    i18n.use(options.parsed(arguments).lang)
    with tempfile.TemporaryDirectory(prefix="show-window-") as made:
        folder = Path(made)
        tokens = _tokens(folder)
        with EstServer(TestCa.root("CN=Bank CA"), {LOGIN: PASSWORD}) as bank:
            (folder / "bank.pem").write_bytes(pem(bank.ca.certificate))
            configuration = folder / "config.toml"
            configuration.write_text(_CONFIGURATION.format(url=bank.url, folder=folder))
            told = _TOLD.format(
                new_pin=_("Set a new user PIN"),
                clean=_("Clean the token"),
                enrol=_("Get a new certificate"),
                pin=USER_PIN,
                so_pin=SO_PIN,
                login=LOGIN,
                password=PASSWORD,
                folder=folder,
                programs=Path(sys.executable).parent,
                serial=tokens[0].show()["slot0.serial"],
            )
            print(told, flush=True)
            given = ["--config", str(configuration), *_modules(tokens), *arguments]
            return _run(folder, tokens, given)


def _tokens(folder: Path) -> list[Simulator]:
    """Anna's, which is locked, Boris's and Clara's."""
    key = secrets.token_bytes(24)
    (folder / "key").touch(mode=0o600)
    (folder / "key").write_text(key.hex())
    anna = Simulator.create(
        folder / "anna",
        "jacarta-pki",
        label="Anna Petrova",
        settings={"admin.key": key, "user.tries": 0},
    )
    boris = Simulator.create(folder / "boris", "etoken", label="Boris Orlov")
    os.environ.update(environment(boris))
    fill(boris.module, 5, expired=2)
    clara = Simulator.create(folder / "clara", "jacarta-pki", label="Clara Stein")
    return [anna, boris, clara]


def _modules(tokens: list[Simulator]) -> list[str]:
    modules = dict.fromkeys(str(each.module) for each in tokens)
    return [word for each in modules for word in ("--module", each)]


def _run(folder: Path, tokens: list[Simulator], arguments: list[str]) -> int:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_OURS)}
    shown = subprocess.run(  # noqa: S603  # our own window
        [sys.executable, "-P", "-m", "lockwright_window", *arguments],
        env=kept | environment(*tokens) | {"HOME": str(folder)},
        check=False,
    )
    return shown.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
