"""Act: a JaCarta that its owner locked is unblocked over the telephone, by Request and Response."""

from __future__ import annotations

import os
import secrets

from computer import Computer
from contents import Container, fill, sign_outside
from lockwright_testkit.hsm import add_key
from lockwright_testkit.pki import TestCa
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.softhsm import USER_PIN, SoftHSM
from screen import LEFT, RIGHT
from story import NEW_PIN, Owned, Story, owned
from words import said

_REQUEST = r": ([0-9A-F]{4}(?: [0-9A-F]{4}){3})\r"
_RESPONSE = r"\n {4}((?:[0-9A-F]{4} ){4}\w+)\r"


def tell(story: Story) -> None:
    """Tell it."""
    story.act(
        "A locked JaCarta, unblocked over the telephone",
        "Anna has forgotten the PIN of her JaCarta PKI. Her certificate is still good, so nothing"
        " needs to be issued anew: she needs a new PIN, and the bank's help desk to allow it.",
    )
    key = secrets.token_bytes(24)
    settings: dict[str, Setting] = {"admin.key": key, "user.tries.max": 3}
    client = owned(story, "Anna Petrova", "jacarta-pki", "libjcPKCS11-2.so", settings)
    fill(client, TestCa.root("CN=Bank CA,O=Bank"), Container("0a", "work", ends=200))
    desk = help_desk(story, client.serial, key)
    lock(story, client)
    call(story, client, desk)
    prove(story, client, desk)


def help_desk(story: Story, serial: str, key: bytes) -> Computer:
    """The bank's computer; the token's administrator key is in an HSM, which it cannot leave."""
    folder = story.folder / "hsm"
    folder.mkdir()
    hsm = SoftHSM(folder)
    os.environ.update(hsm.environment)
    add_key(hsm, hsm.add_token("bankhsm"), key, f"admin-{serial}")
    uri = f"pkcs11:token=bankhsm;object=admin-{{serial}}?module-path={hsm.module}"
    computer = story.computer("help-desk", hsm.environment)
    computer.configure(f'[plugins]\nallow = ["jacarta"]\n\n[respond]\nkey_uri = "{uri}"')
    return computer


def lock(story: Story, client: Owned) -> None:
    """Wrong PINs until the token is locked."""
    anna = client.computer
    anna.secret("guess.pin", "Perhaps-This-1")
    story.tell(
        "Guessing locks it",
        "Her token allows three tries. Each answer says what the guess cost and what is left. (A"
        " PIN is typed, or stands in a file that only its owner can read; it is never an"
        " argument.)",
    )
    anna.run("lockwright list --pin-file guess.pin", expect=5)
    anna.run("lockwright list --pin-file guess.pin", expect=5)
    story.tell(
        "The last try is not spent by accident",
        "Only somebody who insists loses it. Anna insists.",
    )
    anna.run("lockwright list --pin-file guess.pin", expect=5)
    anna.run("lockwright list --pin-file guess.pin --use-last-try", expect=5)
    anna.run("lockwright tokens")


def call(story: Story, client: Owned, desk: Computer) -> None:
    """Request and Response, on two screens."""
    story.tell(
        "Request and Response",
        "Anna's screen is on the left. She chooses a new PIN, and her token shows a Request, which"
        " she reads out by telephone. The help desk, on the right, takes the serial number from"
        " its own record of her; its HSM makes the Response. The two words of the check would"
        " differ if a character had been misheard. A PIN is not shown when it is typed.",
    )
    story.columns("Anna", "The bank's help desk")
    with client.computer.window("lockwright unblock", LEFT) as unblock:
        unblock.answer("new user PIN", NEW_PIN)
        unblock.answer("The same once more", NEW_PIN)
        request = unblock.until_found(_REQUEST)
        unblock.until("Response:")
        story.spoken("Anna reads out the Request", to_the_right=True)
        response = answer(desk, client.serial, request)
        story.spoken("The help desk reads out the Response", to_the_right=False)
        unblock.enter(response)
        unblock.end()


def answer(desk: Computer, serial: str, request: str) -> str:
    """What the help desk does: the Response."""
    line = f"lockwright respond --vendor jacarta --model 'JaCarta Laser' --serial {serial}"
    with desk.window(line, RIGHT) as respond:
        respond.answer("Request:", request.lower())
        respond.answer("Is it the same?", "y")
        respond.answer("Why is it answered? For the record:", said("lost PIN, called back")[0])
        respond.answer("HSM's user PIN", USER_PIN)
        response = respond.until_found(_RESPONSE)
        respond.end()
    return response


def prove(story: Story, client: Owned, desk: Computer) -> None:
    """The key works under the new PIN, and both sides have written down what was done."""
    story.tell(
        "The same key signs again",
        "Proved by other programs: OpenSC's tool signs with the key, OpenSSL checks the signature"
        " with the certificate that was there before. (That tool takes a PIN as an argument.)",
    )
    sign_outside(client, NEW_PIN, "0a")
    story.tell(
        "Both sides have a record",
        "An audit trail on each computer: every line holds the hash of the line before.",
    )
    client.computer.run("lockwright audit verify")
    desk.run("lockwright audit verify")
