"""Act: a token without room for one more key is cleaned, container by container."""

from __future__ import annotations

from contents import Container, fill, sign_outside
from lockwright_testkit.pki import TestCa
from story import OLD_PIN, Owned, Story, owned

ROOM = 16_000
"""Bytes; four containers leave too little of it for a fifth."""
CONTAINERS = (
    Container("01", "work 2022", ends=-800),
    Container("02", "work 2023", ends=-400),
    Container("03", "broken off"),
    Container("04", "work 2026", ends=200),
)


def tell(story: Story) -> None:
    """Tell it."""
    settings = {"memory": ROOM}
    client = owned(story, "boris", "jacarta-pki", "libjcPKCS11-2.so", settings, label="Boris Orlov")
    fill(client, TestCa.root("CN=Bank CA,O=Bank"), *CONTAINERS)
    client.computer.secret("user.pin", OLD_PIN)
    story.act(
        "A full token, cleaned container by container",
        "Boris needs one more key on his JaCarta, and its memory is full of old ones. A container"
        " is a key pair with its certificate; it is kept or deleted as a whole.",
    )
    refused(story, client)
    clean(story, client)
    again(story, client)


NEW = "lockwright enroll --csr-out request.pem --subject 'CN=Boris Orlov' --pin-file user.pin"


def refused(story: Story, client: Owned) -> None:
    """A new key does not fit."""
    story.tell(
        "A new key does not fit",
        "Nothing half made is left behind, and the answer says what could go, the expired first.",
    )
    client.computer.run(NEW, expect=10)
    client.computer.run("lockwright list --pin-file user.pin")


def clean(story: Story, client: Owned) -> None:
    """Delete what is old."""
    story.tell(
        "One container is deleted",
        "The plan names all that would go and what cannot be brought back; then it is asked.",
    )
    with client.computer.window("lockwright delete 'work 2022'") as delete:
        delete.answer("user PIN", OLD_PIN)
        delete.answer("Delete this?", "y")
        delete.end()
    story.tell(
        "Then a key without a certificate",
        "It is what an enrolment left that was broken off. Scripts answer beforehand.",
    )
    client.computer.run("lockwright delete 'broken off' --pin-file user.pin --yes")
    story.tell(
        "Then whatever else has expired",
        "No name is needed: a container goes if all its certificates have expired.",
    )
    client.computer.run("lockwright delete --expired --pin-file user.pin --yes")


def again(story: Story, client: Owned) -> None:
    """Now it fits, and what was kept works."""
    story.tell("Now the new key fits", "The same command as before.")
    client.computer.run(NEW)
    story.tell(
        "What was kept still works",
        "The container that was still valid was touched by none of this.",
    )
    sign_outside(client, OLD_PIN, "--id 04")
