"""The bank's side: the Response to a Request, where the rule is public."""

from __future__ import annotations

from lockwright.errors import NotSupported, RequestMalformed
from lockwright.i18n import N_
from lockwright.response_key import BLOCK, ResponseKey

from lockwright_jacarta.tokens import Applet


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
        NotSupported: the rule of this model is not public.
        RequestMalformed: the Request has another length.
        KeyUnusable: the key is no 3DES key.
    """
    if model != Applet.PKI.value:
        raise NotSupported(operation=N_("compute a Response, whose rule the vendor keeps"))
    if len(challenge) != BLOCK:
        raise RequestMalformed(reason=N_("it has another length than a Request of this model"))
    return key.des3_ecb(challenge)
