"""The process that makes one Response with a password: it alone sees it, and ends with the answer.

It makes an RSA key, which nobody else has, says its modulus, and is given the password encrypted to
it by the HSM. So the keeper, which has the HSM's PIN and stays, never has the password.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lockwright.errors import AdapterBroken, KeyUnusable, LockwrightError
from lockwright.host.harden import forbid_dumps
from lockwright.host.loaded_adapter import LoadedAdapter
from lockwright.host.protocol import AdapterRef
from lockwright.host.respond import check_key, computed, rule_of
from lockwright.i18n import N_
from lockwright.keys.response import PasswordInHand
from lockwright.models import Grounds, Inquiry, KeyForm
from lockwright.secret import Secret

from lockwright_desk.helpdesk.custody import wire
from lockwright_desk.helpdesk.custody.schemes import EXPONENT, unboxed

BITS = 2048
_OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303  # see wrap_to
_PATIENCE = 60.0


def main(descriptor: int) -> None:
    """Answer one question, and end.

    Args:
        descriptor: a socket to the keeper.
    """
    forbid_dumps()
    until = time.monotonic() + _PATIENCE
    with socket.socket(fileno=descriptor) as keeper:
        private = rsa.generate_private_key(EXPONENT, BITS)
        modulus = private.public_key().public_numbers().n
        wire.send(keeper, modulus.to_bytes(BITS // 8, "big"), until)
        asked: dict[str, Any] = json.loads(wire.receive(keeper, until))
        try:
            with _response(asked, private) as response:
                answer: bytes | bytearray = wire.given(response)
        except LockwrightError as error:
            answer = wire.refusal(error)
        except Exception as error:  # noqa: BLE001  # foreign code: anything may come
            name = str(asked["adapter"][0])
            answer = wire.refusal(AdapterBroken(name=name, reason=type(error).__name__))
        wire.send(keeper, answer, until)


def _response(asked: dict[str, Any], private: rsa.RSAPrivateKey) -> Secret:
    loaded, settings = LoadedAdapter(AdapterRef(*asked["adapter"])), asked["settings"]
    rule = rule_of(loaded, settings, asked["model"])
    key = PasswordInHand(_password(bytes.fromhex(asked["password"]), private))
    check_key(key, KeyForm.PASSWORD, rule)
    request = bytes.fromhex(asked["request"])
    inquiry = Inquiry(loaded.name, asked["model"], asked["serial"], request)
    return computed(loaded, settings, inquiry, key, Grounds(""))


def _password(encrypted: bytes, private: rsa.RSAPrivateKey) -> Secret:
    try:
        return unboxed(Secret(private.decrypt(encrypted, _OAEP)))
    except ValueError:
        pass
    raise KeyUnusable(reason=N_("its record holds no password"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
