"""Act: plugins of the bank's own stand around what cannot be undone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contents import Container, fill
from environment import made
from lockwright_testkit.pki import TestCa
from screen import found
from story import OLD_PIN, Owned, Programs, Story, owned

_TICKET = "env LOCKWRIGHT_TICKET=INC0012345"
_WAITS = r"\b([0-9a-f]{16})\b"
_FORM = 'form = "INC[0-9]{7}"'
_BRIEF = (
    r"""sed -nE 's/.*"hook":"lockwright_(delete|wipe|sign)".*"outcome":"([a-z]+)","""
    r"""("error":"([a-z-]+)")?.*/\1 \2 \4/p' copy.jsonl"""
)


@dataclass
class Bank:
    """What the bank's administrator looks after."""

    folder: Path
    """Settings of the plugins."""
    shared: Path
    """What both persons may write to."""

    def settings(self, name: str, text: str) -> None:
        """Write the settings of a plugin."""
        (self.folder / f"{name}.toml").write_text(f"{text}\n", encoding="utf-8")


def tell(story: Story) -> None:
    """Tell it."""
    story.act(
        "A ticket, a second person, and a copy for the SIEM",
        "The bank wants nothing destroyed by one person alone. Three plugins see to that;"
        " lockwright calls them around every operation, and its core knows none of them.",
    )
    ca = TestCa.root("CN=Bank CA,O=Bank")
    folder = made(story.folder / "python", "four-eyes", "ticket", "siem-copy")
    programs = Programs(folder, ("audit-copy", "check-ticket", "four-eyes"))
    anna = owned(story, "Anna Petrova", "jacarta-pki", "libjcPKCS11-2.so", {}, programs)
    boris = owned(story, "Boris Orlov", "jacarta-pki", "libjcPKCS11-2.so", {}, programs)
    old = (Container("01", "old", ends=-30), Container("02", "work", ends=200))
    fill(anna, ca, *old)
    fill(boris, ca, Container("01", "own", ends=200))
    set_up(story, folder.parent, anna, boris)
    asked = refused(story, anna)
    agree(story, boris, asked, anna.serial)
    carry_out(story, anna)


def set_up(story: Story, environment: Path, anna: Owned, boris: Owned) -> None:
    """The administrator's part."""
    bank = Bank(environment / "etc" / "lockwright", story.folder / "shared")
    for folder in (bank.folder, bank.shared / "consents", bank.shared / "spool"):
        folder.mkdir(parents=True)
    bank.settings("ticket", _FORM)
    bank.settings(
        "four-eyes", f'folder = "{bank.shared}/consents"\n[approvers]\nboris = "boris.pem"'
    )
    copy = anna.computer.home / "copy.jsonl"
    bank.settings("siem-copy", f'to = "file://{copy}"\nspool = "{bank.shared}/spool"')
    certify(boris, bank.folder / "boris.pem")
    for each in (anna, boris):
        each.computer.secret("user.pin", OLD_PIN)
    story.tell(
        "The bank installs its plugins and requires them",
        "Each is a package beside lockwright. Without one of them nothing is done any more.",
    )
    anna.computer.run("lockwright plugins")


def certify(boris: Owned, file: Path) -> None:
    """The certificate by which Boris's consent is known, from the key on his token."""
    read = f"pkcs11-tool --module {boris.module} --read-object --type cert --id 01"
    boris.computer.quietly(f"{read} --output-file own.der")
    boris.computer.quietly(f"openssl x509 -inform DER -in own.der -out {file}")


def refused(story: Story, anna: Owned) -> str:
    """What one person alone may not do; the name under which consent is asked for."""
    story.tell(
        "Nothing is deleted without a ticket",
        "Whatever destroys or unblocks is guarded, a deletion by name like a wipe.",
    )
    delete = "lockwright delete old --pin-file user.pin --yes"
    anna.computer.run(delete, expect=41)
    story.tell(
        "Nor by Anna alone",
        "The number has the right form. Now a second person must agree to just this deletion.",
    )
    return found(_WAITS, anna.computer.run(f"{_TICKET} {delete}", expect=40))


def agree(story: Story, boris: Owned, asked: str, serial: str) -> None:
    """The second person."""
    story.tell(
        "Boris sees what would go, and signs",
        "With the key on his own token. The signature is of this operation, this token, this"
        " content; it is good once, for a quarter of an hour.",
    )
    line = f"lockwright-four-eyes approve {asked} --as boris --token {boris.serial}"
    with boris.computer.window(line) as approve:
        approve.answer("To agree, type the token's serial number: ", serial)
        approve.answer("User PIN of your own token: ", OLD_PIN)
        approve.end()


def carry_out(story: Story, anna: Owned) -> None:
    """What was agreed to is done, once, and told."""
    story.tell("What was agreed to is done", "And nothing else: a wipe would need its own consent.")
    anna.computer.run(f"{_TICKET} lockwright delete old --pin-file user.pin --yes")
    wipe = f"lockwright wipe --token {anna.serial} --pin-file user.pin --yes"
    anna.computer.run(f"{_TICKET} {wipe}", expect=40)
    story.tell(
        "The SIEM was told of each, also of what was refused",
        "The audit trail stays what counts; the copy is for whoever watches.",
    )
    anna.computer.outside(_BRIEF)
    anna.computer.run("lockwright audit verify")
