"""Write a key pair that was made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lockwright.errors import NotSupported, TokenRefused
from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.pkcs11.constants import CKA, CKK, CKO
from lockwright.pkcs11.der import OCTET_STRING, elements, encode
from lockwright.pkcs11.session import AttributeValue, HiddenTemplate, Module
from lockwright.pkcs11.spki import CURVE_NAMES, EC_PUBLIC_KEY, RSA_ENCRYPTION
from lockwright.pkcs11.standard.keys import clear
from lockwright.pkcs11.standard.sessions import translated, user_session
from lockwright.secret import Secret

Numbers = Mapping[int, Secret]
_RSA = (
    CKA.PRIVATE_EXPONENT,
    CKA.PRIME_1,
    CKA.PRIME_2,
    CKA.EXPONENT_1,
    CKA.EXPONENT_2,
    CKA.COEFFICIENT,
)
"""What follows modulus and public exponent in RSAPrivateKey (RFC 8017, A.1.2)."""
_DOING = N_("take over a private key")


@translated(_DOING)
def import_key(  # the arguments are the hook's
    module: Module,
    token: Token,
    pin: Secret,
    key: Secret,
    public_key: bytes,
    key_id: bytes,
    label: str,
) -> None:
    """Write a key pair, the private key sensitive and not extractable (``C_CreateObject``).

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key: the private key, DER PrivateKeyInfo (RFC 5958), not encrypted.
        public_key: its public key, DER SubjectPublicKeyInfo.
        key_id: ``CKA_ID`` of both, which is not in use.
        label: ``CKA_LABEL`` of both.

    Raises:
        TokenFull: there is no room; no half of the pair is left.
        NotSupported: it is no RSA key, nor one of a curve that is known here.
    """
    kind, shown = _shown(public_key)
    hidden = _hidden(kind, key)
    common: dict[int, AttributeValue] = {
        CKA.TOKEN: True,
        CKA.ID: key_id,
        CKA.LABEL: label,
        CKA.KEY_TYPE: kind,
    }
    private: HiddenTemplate = {
        CKA.CLASS: CKO.PRIVATE_KEY,
        **common,
        CKA.PRIVATE: True,
        CKA.SENSITIVE: True,
        CKA.EXTRACTABLE: False,
        CKA.SIGN: True,
        **{name: value for name, value in shown.items() if name != CKA.EC_POINT},
        **hidden,
    }
    try:
        with user_session(module, token, pin) as session:
            if session.find({CKA.ID: key_id}):
                raise TokenRefused(action=_DOING, name=N_("its CKA_ID is in use"))
            try:
                session.create_hidden(private)
                session.create({CKA.CLASS: CKO.PUBLIC_KEY, **common, CKA.VERIFY: True, **shown})
            except BaseException:
                clear(session, key_id, token.serial)
                raise
    finally:
        for value in hidden.values():
            value.wipe()


def _shown(public_key: bytes) -> tuple[CKK, dict[int, AttributeValue]]:
    """The key type, and the attributes that anyone may see."""
    algorithm, bits = elements(next(elements(public_key)).content)
    name, *parameters = elements(algorithm.content)
    value = bits.content[1:]
    if name.whole == RSA_ENCRYPTION:
        modulus, exponent = elements(next(elements(value)).content)
        return CKK.RSA, {
            CKA.MODULUS: modulus.content.lstrip(b"\0"),
            CKA.PUBLIC_EXPONENT: exponent.content.lstrip(b"\0"),
        }
    if name.whole == EC_PUBLIC_KEY and parameters and parameters[0].whole in CURVE_NAMES:
        return CKK.EC, {
            CKA.EC_PARAMS: parameters[0].whole,
            CKA.EC_POINT: encode(OCTET_STRING, value),
        }
    raise NotSupported(operation=_DOING)


def _hidden(kind: CKK, key: Secret) -> Numbers:
    """The attributes that nobody may see, each a secret of its own.

    The key is looked through where it is: of a piece of it only what is written is copied.
    """
    view = cast("bytes", memoryview(key.buffer))
    _version, _algorithm, octets, *_rest = elements(next(elements(view)).content)
    inside = list(elements(next(elements(octets.content)).content))
    if kind is CKK.EC:
        return {CKA.VALUE: Secret(bytearray(inside[1].content))}
    return {name: _number(each.content) for name, each in zip(_RSA, inside[3:9], strict=True)}


def _number(content: bytes) -> Secret:
    """An unsigned number without the octet that keeps it positive in DER."""
    start = next((at for at, octet in enumerate(content) if octet), len(content) - 1)
    return Secret(bytearray(content[start:]))
