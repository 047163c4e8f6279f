"""Act: an eToken's expired certificate is replaced, enrolled at the bank's desk over TLS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from computer import Computer
from contents import Container, fill, sign_outside
from lockwright_testkit.pki import TestCa
from screen import found
from story import OLD_PIN, Owned, Story, owned

LOGIN = "maria"
_FINGERPRINT = r"((?:[0-9A-F]{4}\s+){16})"
_PASSWORD = r"((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})"  # noqa: S105  # what one looks like


def tell(story: Story) -> None:
    """Tell it."""
    story.act(
        "An expired certificate on an eToken, replaced",
        "Maria's certificate has run out. Her manager gives her a login and a one-time password;"
        " with them she gets a new certificate from the bank by herself, over TLS.",
    )
    client = owned(story, "Maria Ivanova", "etoken", "libeToken.so", {})
    fill(client, TestCa.root("CN=Old CA,O=Bank"), Container("0a", "old", ends=-30))
    look(story, client)
    desk = story.computer("desk")
    fingerprint = set_up(story, desk)
    with serving(desk) as url:
        password = give(story, desk)
        configure(story, client, url)
        key_id = enrol(story, client, fingerprint, password)
        prove(story, client, key_id, desk)


def look(story: Story, client: Owned) -> None:
    """What Maria has."""
    maria, device = client.computer, client.device
    story.tell(
        "A driver that is too old is refused",
        "Before anything is tried with it. Maria installs a new one.",
    )
    newer = device.show()["slot0.library.version"]
    device.set("library.version", "5.0")
    maria.run("lockwright tokens", expect=11)
    device.set("library.version", newer)
    maria.run("lockwright tokens")
    story.tell(
        "The certificate has expired",
        "Nobody has logged in for this, and no PIN was asked for.",
    )
    maria.run("lockwright list")


def set_up(story: Story, desk: Computer) -> str:
    """Make the bank's desk; the fingerprint of its CA."""
    story.tell(
        "The bank sets its desk up",
        "Once: a CA whose key is made in a token and never leaves it, a database, a certificate"
        " for the server.",
    )
    shown = desk.run("lockwright-desk init --name localhost")
    story.tell(
        "The bank says what a certificate is, and serves",
        "In a profile: the clients' tokens make RSA keys, and the login is the name. Then the desk"
        " serves EST (RFC 7030) over TLS, here on any free port.",
    )
    desk.outside("""sed -i 's/"ec:p256", //; s/CN={name}/CN={login}/' desk.toml""")
    desk.outside("grep -A 2 profiles.client desk.toml")
    return found(_FINGERPRINT, shown)


@contextmanager
def serving(desk: Computer) -> Iterator[str]:
    """The desk, serving until the end of the context; its URL."""
    with desk.window("lockwright-desk serve --port 0") as server:
        port = server.until_found(r"https://[^/]+:(\d+)/")
        yield f"https://localhost:{port}"
        server.interrupt()


def give(story: Story, desk: Computer) -> str:
    """The manager makes the one-time password."""
    story.tell(
        "The manager makes a one-time password",
        "It is good for one certificate. Maria is told it, her login, and the fingerprint of the"
        " bank's CA.",
    )
    return found(_PASSWORD, desk.run(f"lockwright-desk otp new {LOGIN}"))


def configure(story: Story, client: Owned, url: str) -> None:
    """What the bank's IT puts into the configuration of every client."""
    client.computer.configure(f"""
[ca.bank]
kind = "est"
url = "{url}"
label = "client"
subject = "CN={{login}},O=Bank,C=RU"\
""")
    story.tell(
        "Maria's computer knows the desk",
        "The bank's IT writes this once, the same for all.",
    )
    client.computer.outside("tail -n 5 .config/lockwright/config.toml")


def enrol(story: Story, client: Owned, fingerprint: str, password: str) -> str:
    """From the login to a certificate that works, then away with the old one; the new key's id."""
    story.tell(
        "A new certificate is enrolled, then the old one is removed",
        "She compares the fingerprint with the one she was told. A key is made on the token, the"
        " desk certifies it, and a signature proves that it works. Only now the old container"
        " goes: had anything failed before, it would still be there.",
    )
    maria = client.computer
    with maria.window(f"lockwright enroll --ca bank --login {LOGIN} --replace old") as enroll:
        enroll.until("Is it the same, character for character?")
        same = found(_FINGERPRINT, enroll.text).split() == fingerprint.split()
        enroll.enter("y" if same else "n")
        enroll.answer("user PIN", OLD_PIN)
        enroll.answer("one-time password", password)
        enroll.end()
    maria.run("lockwright list")
    (container,) = json.loads(maria.quietly("lockwright list --json"))["containers"]
    return str(container["id"])


def prove(story: Story, client: Owned, key_id: str, desk: Computer) -> None:
    """Other programs use it, and the desk knows what it gave."""
    maria = client.computer
    story.tell(
        "It works outside lockwright",
        "OpenSC's tool signs with the new key; OpenSSL checks the signature, and that the"
        " certificate leads to the bank's CA.",
    )
    sign_outside(client, OLD_PIN, key_id)
    (maria.home / "bank-ca.pem").write_bytes((desk.home / "ca.pem").read_bytes())
    maria.outside("openssl verify -CAfile bank-ca.pem certificate.der")
    story.tell(
        "The desk knows what it gave",
        "And both sides have their audit trail. At the end, Ctrl-C ends the desk.",
    )
    desk.run("lockwright-desk certificates list")
    desk.run("lockwright audit verify")
    maria.run("lockwright audit verify")
