"""Act: a token without room for one more key is cleaned, container by container."""

from __future__ import annotations

from contents import Container, fill, sign_outside
from lockwright_testkit.pki import TestCa
from story import OLD_PIN, Owned, Story, owned

ROOM = 16_000
"""Bytes; these containers leave too little of it for one more:"""
CONTAINERS = (
    Container("01", "work 2022", ends=-800),
    Container("02", "work 2023", ends=-400),
    Container("03", "broken off"),
    Container("04", "work 2026", ends=200),
)
NEW_KEY = "lockwright enroll --csr-out request.pem --subject 'CN=Boris Orlov' --pin-file user.pin"


def tell(story: Story) -> None:
    """Tell it."""
    story.act(
        "A full token, cleaned container by container",
        "Boris needs one more key on his JaCarta, and its memory is full of old ones. A container"
        " is a key pair with its certificate; it is kept or deleted as a whole.",
    )
    client = owned(story, "Boris Orlov", "jacarta-pki", "libjcPKCS11-2.so", {"memory": ROOM})
    fill(client, TestCa.root("CN=Bank CA,O=Bank"), *CONTAINERS)
    client.computer.secret("user.pin", OLD_PIN)
    refused(story, client)
    clean(story, client)
    again(story, client)


def refused(story: Story, client: Owned) -> None:
    """A new key does not fit."""
    story.tell(
        "A new key does not fit",
        "Nothing half made is left behind, and the answer says what could go, the expired first.",
    )
    client.computer.run(NEW_KEY, expect=10)
    client.computer.run("lockwright list --pin-file user.pin")


def clean(story: Story, client: Owned) -> None:
    """Delete what is old."""
    story.tell(
        "One container is deleted",
        "First the plan: all that would go, and what cannot be brought back. Nothing goes without"
        " a clear yes.",
    )
    with client.computer.window("lockwright delete 'work 2022'") as delete:
        delete.answer("user PIN", OLD_PIN)
        delete.answer("Delete this?", "y")
        delete.end()
    story.tell(
        "Then a key without a certificate",
        "An enrolment that was broken off has left it. Scripts say their yes beforehand.",
    )
    client.computer.run("lockwright delete 'broken off' --pin-file user.pin --yes")
    story.tell(
        "Then whatever else has expired",
        "No name is needed: a container goes if all its certificates have expired.",
    )
    client.computer.run("lockwright delete --expired --pin-file user.pin --yes")


def again(story: Story, client: Owned) -> None:
    """Now it fits, and what was kept works."""
    story.tell(
        "Now the new key fits",
        "It was made on the token and never leaves it; its request, signed there, goes to the CA.",
    )
    client.computer.run(NEW_KEY)
    story.tell(
        "What was kept still works",
        "None of this touched the container that was still good: other programs sign with it.",
    )
    sign_outside(client, OLD_PIN, "04")
