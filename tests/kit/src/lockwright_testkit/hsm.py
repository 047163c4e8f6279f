"""A SoftHSM token as the bank's HSM: 3DES keys in it, named by their URIs."""

from __future__ import annotations

from contextlib import closing

from lockwright.bindings import load_installed
from lockwright.pkcs11.constants import CKA, CKK, CKO, CKU
from lockwright.pkcs11.session import Template
from lockwright.secret import Secret

from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

_KEY: Template = {
    CKA.CLASS: CKO.SECRET_KEY,
    CKA.KEY_TYPE: CKK.DES3,
    CKA.TOKEN: True,
    CKA.PRIVATE: True,
    CKA.SENSITIVE: True,
    CKA.EXTRACTABLE: False,
    CKA.ENCRYPT: True,
}


def add_key(
    softhsm: SoftHSM,
    token: AddedToken,
    value: bytes,
    label: str,
    *,
    pin: str = USER_PIN,
    further: Template | None = None,
) -> str:
    """Put a 3DES key into a token, sensitive and not extractable.

    Args:
        softhsm: the SoftHSM.
        token: the token that acts as the HSM.
        value: the key, 24 bytes.
        label: its ``CKA_LABEL``.
        pin: user PIN of the token.
        further: attributes that it gets besides, or in place of the usual ones.

    Returns:
        Its PKCS#11 URI.
    """
    with (
        closing(load_installed(softhsm.module)) as module,
        module.open_session(token.slot) as session,
    ):
        session.login(CKU.USER, Secret(pin))
        session.create({**_KEY, CKA.LABEL: label, CKA.VALUE: value, **(further or {})})
    name = f"token={token.label};object={label};type=secret-key"
    return f"pkcs11:{name}?module-path={softhsm.module}"
