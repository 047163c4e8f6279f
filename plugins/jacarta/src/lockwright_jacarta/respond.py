"""The bank's side: the Response to a Request, where the rule is public."""

from __future__ import annotations

from lockwright.adapter import refusal
from lockwright.errors import RequestMalformed
from lockwright.i18n import N_
from lockwright.keys.response import BLOCK, ResponseKey
from lockwright.models import KeyForm, ResponseRule, SerialForm

from lockwright_jacarta.tokens import Applet

NOT_PUBLIC = N_("response rule not public")
DEFAULT_KEY = b"00000000".ljust(24, b"\0")
"""The administrator's default PIN, where the key was made of it as of a text."""
_SERIAL = SerialForm("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""Every serial number seen is of digits and capitals, such as 0B53001435596976; that all of them
are hexadecimal is not known."""


def response_rule(model: str) -> ResponseRule:
    """What a Request and an administrator key of a model look like.

    A key that was set in text form is its UTF-8 bytes filled up with zeros, as a public third-party
    program for these tokens has it; whether the vendor's programs do, a real token has yet to show.

    Args:
        model: ``CK_TOKEN_INFO.model`` of the client's token.

    Raises:
        NotOffered: it is not the PKI applet's, the only model whose rule is public.
    """
    if model != Applet.PKI.value:
        raise refusal("response_rule", NOT_PUBLIC)
    return ResponseRule(BLOCK, frozenset({KeyForm.HEX, KeyForm.TEXT}), (DEFAULT_KEY,), _SERIAL)


def respond(model: str, challenge: bytes, key: ResponseKey) -> bytes:
    """The Response of a PKI applet: its Request, one block, encrypted with 3DES.

    It is the convention of Microsoft's minidriver specification (windows-driver-docs,
    "Challenge-response"): for one block, CBC with a zero vector and ECB are the same. How the other
    applets make a Response is not public: the bank's own workstation makes it.

    Args:
        model: ``CK_TOKEN_INFO.model`` of the client's token.
        challenge: the Request, eight bytes.
        key: the administrator's 3DES key of that token, 24 bytes.

    Raises:
        NotOffered: the rule of this model is not public.
        RequestMalformed: the Request has another length.
        KeyUnusable: the key is not a 3DES key.
    """
    if len(challenge) != response_rule(model).request_length:
        raise RequestMalformed(reason=N_("it has another length than a Request of this model"))
    return key.des3_ecb(challenge)
