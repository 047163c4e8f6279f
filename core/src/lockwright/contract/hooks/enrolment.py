"""The hooks that make keys, sign with them and store certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from lockwright.contract import audit_facts
from lockwright.contract.audit_facts import NOTHING_RECORDED, Of
from lockwright.contract.declaration import Spent, hook
from lockwright.errors.pins import USER_PIN
from lockwright.i18n import N_
from lockwright.models import KeyPair, KeyRequest, SignatureScheme, Token
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

# --- enrol --------------------------------------------------------------------------------------


@hook(
    doing=N_("make a key pair"),
    without=lambda able: replace(able, key_types=()),
    changes=True,
    spends=Spent("pin", USER_PIN),
    records={
        "key_type": Of("request", attrgetter("key_type")),
        "key_id": Of("request", lambda request: request.id.hex()),
        "label": Of("request", attrgetter("label")),
    },
    tells=audit_facts.public_key,
    slow=True,
)
def lockwright_generate(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret, request: KeyRequest
) -> KeyPair:
    """Make a key pair on the token: sensitive, never extractable, made there.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        request: key type, ``CKA_ID`` and label.

    Returns:
        The key pair with its public key. On any error no half of a pair is left.

    Raises:
        TokenFull: there is no room.
        NotSupported: the token makes no such key.
    """


@hook(
    doing=N_("find its keys"),
    spends=Spent("pin", USER_PIN),
    records=NOTHING_RECORDED,
    tells=audit_facts.count,
)
def lockwright_keys(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret, key_id: bytes | None
) -> Sequence[KeyPair]:
    """Find the key pairs whose private key the user can sign with.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: those with this ``CKA_ID``; None for any. An adapter may leave it out and answer
            with all.

    Returns:
        The key pairs with their public keys.
    """


@hook(
    doing=N_("sign"),
    spends=Spent("pin", USER_PIN),
    records={
        "key_id": Of("key_id", bytes.hex),
        "scheme": Of("scheme", audit_facts.name_of),
        "data_sha256": Of("data", audit_facts.digest),
    },
)
def lockwright_sign(  # type: ignore[empty-body]
    module: Module,
    token: Token,
    pin: Secret,
    key_id: bytes,
    scheme: SignatureScheme,
    data: bytes,
    ref: str | None,
) -> bytes:
    """Sign with a key of the token.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: ``CKA_ID`` of the key.
        scheme: how to sign.
        data: the whole message; the token or the adapter hashes it.
        ref: which private key (``TokenObject.ref``), since several may have the id; None for the
            only one. With ``#`` and a number it is one of those that are alike, be it any.

    Returns:
        The signature in the form the scheme says.

    Raises:
        KeyMissing: there is no such key.
        KeyUnclear: several private keys fit, and it must not pick one of them.
        NotSupported: the token has no mechanism for that scheme; never another one in its place.
    """


@hook(
    doing=N_("store a certificate"),
    changes=True,
    spends=Spent("pin", USER_PIN),
    records={
        "key_id": Of("key_id", bytes.hex),
        "label": Of("label"),
        "certificate_sha256": Of("certificate", audit_facts.digest),
    },
)
def lockwright_store(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
) -> None:
    """Write a certificate beside its key.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: ``CKA_ID`` of the key, which the certificate gets too. A CA's certificate gets one
            of its own, which no key has.
        label: label of the key, which the certificate gets too; of a CA's the CA's name.
        certificate: DER; the core has checked that it belongs to the key and is trusted.

    Raises:
        TokenFull: there is no room; nothing was written.
    """
