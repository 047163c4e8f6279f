"""Act: an eToken's expired certificate is replaced, enrolled at the bank's desk over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from computer import Computer
from contents import Container, fill, sign_outside
from lockwright_testkit.pki import TestCa
from screen import found
from story import OLD_PIN, Owned, Story, owned

LOGIN, NAME = "maria", "Maria Ivanova"


def tell(story: Story) -> None:
    """Tell it."""
    story.act(
        "An expired certificate on an eToken, replaced",
        "Maria's certificate has run out. Her manager gives her a login and a one-time password;"
        " with them she gets a new certificate from the bank by herself, over TLS.",
    )
    desk = story.computer("desk")
    with serving(story, desk) as url:
        client = owned(
            story, "maria", "etoken", "libeToken.so", {}, label=NAME, configuration=known(url)
        )
        fill(client, TestCa.root("CN=Old CA,O=Bank"), Container("0a", "old", ends=-30))
        fingerprint, password = give(story, desk)
        enrol(story, client, fingerprint, password)
        prove(story, client, desk)


def known(url: str) -> str:
    """What the bank's IT puts into the configuration of every client."""
    return f"""\
[ca.bank]
kind = "est"
url = "{url}"
label = "client"
subject = "CN={{login}},O=Bank,C=RU"
"""


@contextmanager
def serving(story: Story, desk: Computer) -> Iterator[str]:
    """The desk, set up and serving until the act ends; its URL."""
    story.tell(
        "The bank sets its desk up",
        "Once: a CA whose key is made in a token and never leaves it, a database, a certificate"
        " for the server.",
    )
    desk.run("lockwright-desk init --name localhost")
    story.tell(
        "The bank says what a certificate is, and serves",
        "Clients' tokens make RSA keys, and the login is the name. Then the desk serves EST"
        " (RFC 7030) over TLS, here on any free port.",
    )
    desk.outside("""sed -i 's/"ec:p256", //; s/CN={name}/CN={login}/' desk.toml""")
    desk.outside("grep -A 2 profiles.client desk.toml")
    with desk.window("lockwright-desk serve --port 0") as server:
        port = server.until_found(r"https://[^/]+:(\d+)/")
        yield f"https://localhost:{port}"
        server.interrupt()


def give(story: Story, desk: Computer) -> tuple[str, str]:
    """What Maria is told: the fingerprint of the bank's CA, and a one-time password."""
    story.tell(
        "The manager makes a one-time password",
        "It is shown once, and good for one certificate. Maria is told it together with the"
        " fingerprint of the bank's CA, on paper or by telephone.",
    )
    shown = desk.run(f"lockwright-desk otp new {LOGIN}")
    ca = desk.outside("openssl x509 -in ca.pem -noout -fingerprint -sha256")
    fingerprint = found(r"Fingerprint=([0-9A-F:]+)", ca).replace(":", "")
    return fingerprint, found(r"((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})$", shown)


def enrol(story: Story, client: Owned, fingerprint: str, password: str) -> None:
    """From the login to a certificate that works."""
    maria = client.computer
    story.tell(
        "The old certificate has expired",
        "On Maria's computer the bank's IT has put the desk's address into the configuration.",
    )
    maria.outside("tail -n 5 .config/lockwright/config.toml")
    maria.run("lockwright tokens")
    maria.run("lockwright list")
    story.tell(
        "A new one is enrolled, and the old one removed",
        "She compares the fingerprint with the one she was told. A key is made on the token, the"
        " desk certifies it, and a signature proves that it works. Only then the old container"
        " goes: had anything failed before, it would still be there.",
    )
    line = f"lockwright enroll --ca bank --login {LOGIN} --replace old"
    with maria.window(line) as enroll:
        enroll.until("Is it the same, sign for sign?")
        shown = found(r"SHA-256 ((?:[0-9A-F]{4}\s+){16})", enroll.text)
        enroll.enter("y" if "".join(shown.split()) == fingerprint else "n")
        enroll.answer("one-time password", password)
        enroll.answer("user PIN", OLD_PIN)
        enroll.end()
    maria.run("lockwright list")


def prove(story: Story, client: Owned, desk: Computer) -> None:
    """Other programs use it, and the desk knows what it gave."""
    maria = client.computer
    story.tell(
        "It works outside lockwright",
        "OpenSC's tool signs with the new key, OpenSSL checks the signature, and that the"
        " certificate leads to the bank's CA.",
    )
    sign_outside(client, OLD_PIN, f"--label {LOGIN}")
    (maria.home / "bank-ca.pem").write_bytes((desk.home / "ca.pem").read_bytes())
    maria.outside("openssl verify -CAfile bank-ca.pem certificate.der")
    story.tell(
        "Both sides have a record",
        "The desk's trail and Maria's: each line holds the hash of the line before.",
    )
    desk.run("lockwright-desk certificates list")
    desk.run("lockwright audit verify")
    maria.run("lockwright audit verify")
