"""Write a certificate beside its key."""

from __future__ import annotations

from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.pkcs11.constants import CKA, CKC, CKO
from lockwright.pkcs11.session import Module
from lockwright.pkcs11.spki import certificate_fields
from lockwright.pkcs11.standard.sessions import translated, user_session
from lockwright.secret import Secret


@translated(N_("store a certificate"))
def store(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
) -> None:
    """Write a certificate that shares ``CKA_ID`` and label with its key.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: ``CKA_ID`` of the key.
        label: label of the key.
        certificate: DER.

    Raises:
        TokenFull: there is no room; nothing was written.
    """
    fields = certificate_fields(certificate)
    with user_session(module, token, pin) as session:
        session.create(
            {
                CKA.CLASS: CKO.CERTIFICATE,
                CKA.CERTIFICATE_TYPE: CKC.X_509,
                CKA.TOKEN: True,
                CKA.PRIVATE: False,
                CKA.ID: key_id,
                CKA.LABEL: label,
                CKA.SUBJECT: fields.subject,
                CKA.ISSUER: fields.issuer,
                CKA.SERIAL_NUMBER: fields.serial_number,
                CKA.VALUE: certificate,
            }
        )
