"""The bank's side: the Response to a Request, by the vendor's own function or by 3DES."""

from __future__ import annotations

from ctypes import byref, c_ulong, create_string_buffer
from pathlib import Path

from lockwright.adapter import Choice
from lockwright.errors import KeyUnusable, ModuleNotLoadable, RequestMalformed, RuleNotPublic
from lockwright.i18n import N_, _
from lockwright.keys.response import BLOCK, ResponseKey
from lockwright.models import KeyForm, ResponseRule, SerialForm
from lockwright.pkcs11.constants import CKR, ckr_name
from lockwright.secret import Secret

from lockwright_etoken.driver import open_module
from lockwright_etoken.functions import CALCULATE, UNLOCK_LEGACY, functions
from lockwright_etoken.tokens import Family

_RULES = {
    Family.CLASSIC: ResponseRule(
        BLOCK, frozenset({KeyForm.PASSWORD}), serial=SerialForm("0123456789abcdef")
    ),
    Family.IDPRIME: ResponseRule(
        BLOCK, frozenset({KeyForm.HEX}), serial=SerialForm("0123456789ABCDEF")
    ),
}
MODELS = tuple(family.value for family in _RULES)


def rule(model: str) -> ResponseRule:
    """What a Request and an administrator key of a model look like.

    Raises:
        RuleNotPublic: the rule of this model is not public.
    """
    for family, found in _RULES.items():
        if model == family:
            return found
    raise RuleNotPublic(model=model)


def respond(model: str, challenge: bytes, key: ResponseKey, choice: Choice) -> bytes:
    """The Response to a Request.

    A card of the IDPrime family expects its challenge, one block, encrypted with 3DES under the
    administrator's key, as Microsoft's smart card minidriver specification describes it. The rule
    of a classic eToken is the vendor's own, and so is the function that follows it.

    Args:
        model: ``CK_TOKEN_INFO.model`` of the client's token.
        challenge: the Request, eight bytes.
        key: the administrator's key or password of that token.
        choice: what the adapter's table of the configuration says.

    Raises:
        RuleNotPublic: the rule of this model is not public.
        NotSupported: the module here has no such function.
        ModuleError: no module of the vendor's can be loaded here.
        RequestMalformed: the Request has another length.
        KeyUnusable: the key is of no use for this model.
    """
    if len(challenge) != rule(model).request_length:
        raise RequestMalformed(reason=N_("it has another length than a Request of this model"))
    if model == Family.IDPRIME:
        return key.des3_ecb(challenge)
    return _calculated(_module(choice), choice, key.secret(), challenge)


def _module(choice: Choice) -> Path:
    for path in choice.modules:
        if path.is_file():
            return path
    raise ModuleNotLoadable(module=str(choice.modules[0]), reason=N_("there is no such file"))


def _calculated(path: Path, choice: Choice, password: Secret, challenge: bytes) -> bytes:
    """``ETC_RSM_Calculate``, which takes no session: no token is needed here."""
    module = open_module(path, choice)
    try:
        call, length = functions(path).call, c_ulong()
        asked = (UNLOCK_LEGACY, password, len(password), challenge, len(challenge), None, 0)
        rv = call(CALCULATE, *asked, None, byref(length), None)
        room = create_string_buffer(length.value)
        if rv == CKR.OK:
            rv = call(CALCULATE, *asked, room, byref(length), None)
    finally:
        module.close()
    if rv != CKR.OK:
        refusal = _("the vendor's function refuses it ({})")
        raise KeyUnusable(reason=refusal.format(ckr_name(rv)), ckr=rv)
    return room.raw[: length.value]
