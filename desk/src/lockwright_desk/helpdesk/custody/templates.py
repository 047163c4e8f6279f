"""What attributes a key has in the HSM, by what it is there for (PKCS#11, "Secret key objects")."""

from __future__ import annotations

from lockwright.pkcs11.constants import CKA, CKK, CKO
from lockwright.pkcs11.session import HiddenTemplate, Template
from lockwright.secret import Secret

_USES = (CKA.ENCRYPT, CKA.DECRYPT, CKA.SIGN, CKA.VERIFY, CKA.WRAP, CKA.UNWRAP, CKA.DERIVE)
UNUSED: Template = dict.fromkeys(map(int, _USES), False)
"""No use at all."""
TOKEN_KEY: Template = {
    CKA.CLASS: CKO.SECRET_KEY,
    CKA.KEY_TYPE: CKK.DES3,
    CKA.TOKEN: False,
    CKA.PRIVATE: True,
    CKA.SENSITIVE: True,
    CKA.EXTRACTABLE: False,
    **UNUSED,
    CKA.ENCRYPT: True,
}
"""The key of one token, in the HSM for one answer; also what may be unwrapped at all."""
PASSWORD: Template = {
    CKA.CLASS: CKO.SECRET_KEY,
    CKA.KEY_TYPE: CKK.GENERIC_SECRET,
    CKA.TOKEN: False,
    CKA.PRIVATE: True,
    CKA.SENSITIVE: True,
    CKA.EXTRACTABLE: True,
    **UNUSED,
}
"""A password, in the HSM until it is wrapped for the process that uses it."""
KEPT: Template = {
    CKA.TOKEN: True,
    CKA.PRIVATE: True,
    CKA.SENSITIVE: True,
    CKA.EXTRACTABLE: False,
    CKA.MODIFIABLE: False,
}
"""What every key that stays has."""


def to_be_wrapped(value: bytes | Secret) -> HiddenTemplate:
    """A 3DES key that is given to the HSM in clear, is wrapped there, and destroyed then."""
    clear: Template = {CKA.ENCRYPT: False, CKA.SENSITIVE: False, CKA.EXTRACTABLE: True}
    return {**TOKEN_KEY, **clear, CKA.VALUE: value}


def password(value: bytes | Secret) -> HiddenTemplate:
    """A password that is given to the HSM to be wrapped there, and destroyed then."""
    return {**PASSWORD, CKA.VALUE: value}


def public_key(modulus: bytes, exponent: int) -> HiddenTemplate:
    """An RSA key to which a password is encrypted, and nothing else."""
    return {
        CKA.CLASS: CKO.PUBLIC_KEY,
        CKA.KEY_TYPE: CKK.RSA,
        CKA.TOKEN: False,
        CKA.PRIVATE: False,
        CKA.ENCRYPT: False,
        CKA.VERIFY: False,
        CKA.WRAP: True,
        CKA.MODULUS: modulus,
        CKA.PUBLIC_EXPONENT: exponent.to_bytes(3, "big"),
    }
