"""The main job on SoftHSM, told step by step: run it with ``make demo``.

A token with an expired certificate, whose owner forgot the PIN, is taken from there to a working
new certificate. Every step is a real command of the ``lockwright`` command line on a real PKCS#11
module, in a private folder that is removed at the end.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import textwrap
from datetime import timedelta
from pathlib import Path

from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.softhsm import SoftHsm

SO_PIN, FORGOTTEN, NEW_PIN = "Administrator-77", "Forgotten-1", "Kettle-Moss-42"


class Story:
    """A folder, a token in it, and commands that are shown before they are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.softhsm = SoftHsm(folder / "softhsm")
        self.serial = self.softhsm.add_token("Anna Petrova", SO_PIN, FORGOTTEN)
        self.ca = TestCa.root("CN=Demo Bank CA,O=Demo Bank")
        (folder / "ca.pem").write_bytes(pem(self.ca.certificate))
        self.environment = os.environ | self.softhsm.environment | {"XDG_STATE_HOME": str(folder)}
        self.steps = 0

    def tell(self, title: str, words: str) -> None:
        """Say what comes next and why."""
        self.steps += 1
        print(f"\n\033[1m{self.steps}. {title}\033[0m")
        print(textwrap.indent(textwrap.fill(words, 92), "   "))

    def run(self, *command: str, expect: int = 0) -> None:
        """Show a command, run it, and stop the story if it ends otherwise than expected."""
        print(f"\n   \033[36m$ {shlex.join(command)}\033[0m", flush=True)
        program = Path(sys.executable).with_name(command[0])
        done = subprocess.run(  # noqa: S603  # the story's own commands
            [str(program) if program.exists() else command[0], *command[1:]],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(textwrap.indent(done.stdout.rstrip(), "   "), flush=True)
        if done.returncode != expect:
            raise SystemExit(f"the command ended with {done.returncode}, not {expect}")

    def secret(self, name: str, value: str) -> None:
        """Write a PIN to a file that only its owner can read."""
        with os.fdopen(os.open(self.folder / name, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(value)

    def old_certificate(self) -> None:
        """Put a key and an expired certificate on the token with another program."""
        tool = ("pkcs11-tool", "--module", str(self.softhsm.module), "--login", "--pin", FORGOTTEN)
        named = ("--id", "0a", "--label", "old-2024")
        self._quietly(*tool, "--keypairgen", "--key-type", "rsa:2048", *named)
        self._quietly(*tool, "--read-object", "--type", "pubkey", "--id", "0a", "-o", "old.der")
        certificate = self.softhsm_certificate()
        (self.folder / "old-cert.der").write_bytes(certificate)
        self._quietly(*tool, "--write-object", "old-cert.der", "--type", "cert", *named)

    def softhsm_certificate(self) -> bytes:
        """A certificate for the old key that ran out a month ago."""
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            Encoding,
            load_der_public_key,
        )

        key = load_der_public_key((self.folder / "old.der").read_bytes())
        start = timedelta(days=-395)
        issued = self.ca.issue(key, "CN=Anna Petrova", starts=start, lasts=timedelta(days=365))  # type: ignore[arg-type]  # every key here is one a certificate can hold
        return issued.public_bytes(Encoding.DER)

    def issue(self) -> None:
        """What the bank's CA does with the request."""
        request = (self.folder / "request.pem").read_bytes()
        (self.folder / "certificate.pem").write_bytes(self.ca.answer(request))

    def _quietly(self, *command: str) -> None:
        subprocess.run(command, cwd=self.folder, env=self.environment, check=True, capture_output=True)  # noqa: S603  # the story's own commands


def main() -> None:
    """Tell the story."""
    with tempfile.TemporaryDirectory(prefix="lockwright-demo-") as folder:
        story = Story(Path(folder))
        story.old_certificate()
        for name, value in (("so.pin", SO_PIN), ("new.pin", NEW_PIN), ("weak.pin", "Qwerty12"),
                            ("guess.pin", "Perhaps-This-1")):  # fmt: skip
            story.secret(name, value)
        see(story)
        unblock(story)
        clean(story)
        enrol(story)
        check(story)
    print(f"\n\033[32mAll {story.steps} steps done; the demo's folder is removed.\033[0m")


def see(story: Story) -> None:
    """Find the token and look at it."""
    story.tell("A token is found", "Each module runs in a process of its own; the token goes to "
               "one adapter, by its manufacturer and model.")  # fmt: skip
    story.run("lockwright", "tokens")
    story.tell("What is on it", "Nobody has logged in yet. The only certificate has expired.")
    story.run("lockwright", "list")


def unblock(story: Story) -> None:
    """Replace a PIN that was lost."""
    story.tell("The PIN is forgotten", "A guess is refused, and the message says what it cost.")
    story.run("lockwright", "list", "--pin-file", "guess.pin", expect=5)
    story.tell("A weak new PIN is refused", "Before the token is touched: no try is spent.")
    story.run("lockwright", "unblock", "--so-pin-file", "so.pin", "--new-pin-file", "weak.pin",
              expect=6)  # fmt: skip
    story.tell("The administrator sets a new PIN", "The certificate and the key stay as they are.")
    story.run("lockwright", "unblock", "--so-pin-file", "so.pin", "--new-pin-file", "new.pin")


def clean(story: Story) -> None:
    """Delete what has expired."""
    story.tell("What is old is deleted", "First the plan alone, then the deletion itself.")
    story.run("lockwright", "delete", "--expired", "--pin-file", "new.pin", "--dry-run")
    story.run("lockwright", "delete", "--expired", "--pin-file", "new.pin", "--yes")


def enrol(story: Story) -> None:
    """Make a key on the token, and write the certificate beside it."""
    story.tell("A new key is made on the token", "It never leaves it; its request is signed there.")
    story.run("lockwright", "enroll", "--csr-out", "request.pem", "--subject",
              "CN=Anna Petrova,O=Demo Bank", "--pin-file", "new.pin")  # fmt: skip
    story.run("openssl", "req", "-in", "request.pem", "-noout", "-verify", "-subject")
    story.issue()
    story.tell("The bank's CA has answered", "The certificate is checked (this key, this CA, valid "
               "now) and written beside its key.")  # fmt: skip
    story.run("lockwright", "enroll", "--certificate", "certificate.pem", "--trust", "ca.pem",
              "--pin-file", "new.pin")  # fmt: skip


def check(story: Story) -> None:
    """Prove that it works outside lockwright, and that all of it was recorded."""
    story.tell("It works outside lockwright", "Another program signs with the key; openssl checks "
               "the signature against the certificate.")  # fmt: skip
    (story.folder / "payment.txt").write_text("Pay 100 roubles to Boris.\n")
    story.run("pkcs11-tool", "--module", str(story.softhsm.module), "--login", "--pin", NEW_PIN,
              "--sign", "--mechanism", "SHA256-RSA-PKCS", "-i", "payment.txt", "-o", "payment.sig")  # fmt: skip
    story.run("openssl", "x509", "-in", "certificate.pem", "-pubkey", "-noout", "-out", "public.pem")
    story.run("openssl", "dgst", "-sha256", "-verify", "public.pem", "-signature", "payment.sig",
              "payment.txt")  # fmt: skip
    story.tell("The token now", "One container, complete.")
    story.run("lockwright", "list", "--pin-file", "new.pin")
    story.tell("Every step is in the audit trail", "Each line holds the hash of the one before.")
    story.run("lockwright", "audit", "verify")


if __name__ == "__main__":
    main()
