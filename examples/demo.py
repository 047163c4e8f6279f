"""The main job on SoftHSM, told step by step: run it with ``make demo``.

A token with an expired certificate, whose owner forgot the PIN, is taken from there to a working
new certificate. Every step is a real command of the ``lockwright`` command line on a real PKCS#11
module, in a private folder that is removed at the end.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.softhsm import SoftHSM

OWNER = "Anna Petrova"
SO_PIN, FORGOTTEN, NEW_PIN = "Administrator-77", "Forgotten-1", "Kettle-Moss-42"
PIN_FILES = {
    "so.pin": SO_PIN,
    "new.pin": NEW_PIN,
    "weak.pin": "kitten",
    "guess.pin": "Perhaps-This-1",
}
WIDTH = min(shutil.get_terminal_size((96, 24)).columns, 96)
INDENT = "   "


class Story:
    """A folder, a token in it, and commands that are shown before they are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.softhsm = SoftHSM(folder)
        os.environ.update(self.softhsm.environment | self._own_configuration())
        self.serial = self.softhsm.add_token(OWNER, SO_PIN, FORGOTTEN).serial
        self.ca = TestCa.root("CN=Demo Bank CA,O=Demo Bank")
        (folder / "ca.pem").write_bytes(pem(self.ca.certificate))
        for name, value in PIN_FILES.items():
            self._secret(name, value)
        self.steps = 0

    def tell(self, title: str, words: str) -> None:
        """Say what comes next and why."""
        self.steps += 1
        print(f"\n{_style(1, f'{self.steps}. {title}')}")
        print(textwrap.fill(words, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT))

    def run(self, line: str, *, expect: int = 0) -> None:
        """Show a command, run it, and stop the story if it ends otherwise than expected."""
        shown = textwrap.wrap(f"$ {line}", WIDTH - 6, break_on_hyphens=False)
        print()
        for number, part in enumerate(shown, 1):
            more = " \\" if number < len(shown) else ""
            print(f"{INDENT}{'  ' * (number > 1)}{_style(36, part + more)}", flush=True)
        done = subprocess.run(  # noqa: S603  # the story's own commands
            _program(shlex.split(line)),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        for shown_line in done.stdout.rstrip().splitlines():
            print(f"{INDENT}{shown_line}".rstrip(), flush=True)
        if done.returncode != expect:
            raise SystemExit(f"the command ended with {done.returncode}, not {expect}")
        if expect:
            print(f"{INDENT}{_style(2, f'(exit code {expect}, as it should be)')}")

    def old_certificate(self) -> None:
        """Put a key and an expired certificate on the token, with another program."""
        tool = f"pkcs11-tool --module {self.softhsm.module} --login --pin {FORGOTTEN}"
        named = "--id 0a --label old-2024"
        self._quietly(f"{tool} --keypairgen --key-type rsa:2048 {named}")
        self._quietly(f"{tool} --read-object --type pubkey --id 0a --output-file old.der")
        (self.folder / "old-certificate.der").write_bytes(self._expired())
        self._quietly(f"{tool} --write-object old-certificate.der --type cert {named}")

    def answer(self) -> None:
        """What the bank's CA does with the request."""
        request = (self.folder / "request.pem").read_bytes()
        (self.folder / "certificate.pem").write_bytes(self.ca.answer(request))

    def _own_configuration(self) -> dict[str, str]:
        """What makes lockwright read and write in the story's folder only, and fit the screen."""
        file = self.folder / "lockwright" / "config.toml"
        file.parent.mkdir()
        file.write_text('[audit]\nfile = "audit.jsonl"\n', encoding="utf-8")
        width = str(WIDTH - len(INDENT))
        return {"XDG_CONFIG_HOME": str(self.folder), "LC_ALL": "C.UTF-8", "COLUMNS": width}

    def _expired(self) -> bytes:
        """A certificate for the old key, which ran out a month ago."""
        key = load_der_public_key((self.folder / "old.der").read_bytes())
        if not isinstance(key, RSAPublicKey):
            raise TypeError("the old key is an RSA key")
        start, year = timedelta(days=-395), timedelta(days=365)
        return self.ca.issue(key, f"CN={OWNER}", starts=start, lasts=year).public_bytes(
            Encoding.DER
        )

    def _secret(self, name: str, value: str) -> None:
        """Write a PIN to a file that only its owner can read."""
        with os.fdopen(os.open(self.folder / name, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(value)

    def _quietly(self, line: str) -> None:
        command = shlex.split(line)
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)  # noqa: S603  # the story's own commands


def main() -> None:
    """Tell the story."""
    with tempfile.TemporaryDirectory(prefix="lockwright-demo-") as folder:
        story = Story(Path(folder))
        story.old_certificate()
        for chapter in (see, unblock, clean, enrol, check):
            chapter(story)
    done = f"All {story.steps} steps done; the demo's folder is removed."
    print(f"\n{_style(32, done)}")


def see(story: Story) -> None:
    """Find the token and look at it."""
    story.tell(
        "A token is found",
        "Each module runs in a process of its own; the token goes to one adapter, by its"
        " manufacturer and model.",
    )
    story.run("lockwright tokens")
    story.tell("What is on it", "Nobody has logged in yet. The only certificate has expired.")
    story.run("lockwright list")


def unblock(story: Story) -> None:
    """Replace a PIN that was lost."""
    story.tell("The PIN is forgotten", "A guess fails, and the message says what it cost.")
    story.run("lockwright list --pin-file guess.pin", expect=5)
    story.tell("A weak new PIN is refused", "Before the token is touched: no try is spent.")
    story.run("lockwright unblock --so-pin-file so.pin --new-pin-file weak.pin", expect=6)
    story.tell("The administrator sets a new PIN", "The certificate and the key stay as they are.")
    story.run("lockwright unblock --so-pin-file so.pin --new-pin-file new.pin")


def clean(story: Story) -> None:
    """Delete what has expired."""
    story.tell("What is old is deleted", "First the plan alone, then the deletion itself.")
    story.run("lockwright delete --expired --pin-file new.pin --dry-run")
    story.run("lockwright delete --expired --pin-file new.pin --yes")


def enrol(story: Story) -> None:
    """Make a key on the token, and write the certificate beside it."""
    story.tell("A new key is made on the token", "It never leaves it; the request is signed there.")
    story.run(
        f"lockwright enroll --csr-out request.pem --subject 'CN={OWNER},O=Demo Bank'"
        " --pin-file new.pin"
    )
    story.run("openssl req -in request.pem -noout -verify -subject")
    story.answer()
    story.tell(
        "The bank's CA has answered",
        "The certificate is checked (this token's key, this CA, valid now) and written beside"
        " its key.",
    )
    story.run("lockwright enroll --certificate certificate.pem --trust ca.pem --pin-file new.pin")


def check(story: Story) -> None:
    """Prove that it works outside lockwright, and that all of it was recorded."""
    story.tell(
        "It works outside lockwright",
        "Another program signs with the key, and openssl checks the signature with the"
        " certificate. (That program takes the PIN as an argument; lockwright never does.)",
    )
    (story.folder / "payment.txt").write_text("Pay 100 roubles to Boris.\n", encoding="utf-8")
    story.run(
        f"pkcs11-tool --module {story.softhsm.module} --login --pin {NEW_PIN} --sign"
        " --mechanism SHA256-RSA-PKCS --input-file payment.txt --output-file payment.sig"
    )
    story.run("openssl x509 -in certificate.pem -pubkey -noout -out public.pem")
    story.run("openssl dgst -sha256 -verify public.pem -signature payment.sig payment.txt")
    story.tell("The token now", "One container, complete.")
    story.run("lockwright list --pin-file new.pin")
    story.tell("Every step is in the audit trail", "Each line holds the hash of the one before.")
    story.run("lockwright audit verify")


def _program(command: list[str]) -> list[str]:
    """The command, with the ``lockwright`` of this very Python."""
    beside = Path(sys.executable).with_name(command[0])
    return [str(beside) if beside.exists() else command[0], *command[1:]]


def _style(code: int, text: str) -> str:
    """The text in a colour or weight, on a terminal only."""
    plain = not sys.stdout.isatty() or "NO_COLOR" in os.environ
    return text if plain else f"\033[{code}m{text}\033[0m"


if __name__ == "__main__":
    main()
