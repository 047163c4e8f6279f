"""The hooks that care for a token itself, before and beside what is on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lockwright.contract import audit_facts
from lockwright.contract.audit_facts import NOTHING_RECORDED, Of
from lockwright.contract.declaration import EVERYTHING, Spent, hook
from lockwright.errors.pins import PUK, SO_PIN, USER_PIN
from lockwright.i18n import N_
from lockwright.models import LabelBy, Token
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

_SO_PIN = Spent("so_pin", SO_PIN)

# --- care: a token's first day ------------------------------------------------------------------


@hook(
    doing=N_("be initialised"),
    changes=True,
    spends=_SO_PIN,
    sets_other="so_pin",
    removes=EVERYTHING,
    records={
        "label": Of("label"),
        "was_blank": Of("token", lambda token: not token.identity.initialized),
    },
)
def lockwright_init(module: Module, token: Token, so_pin: Secret, label: str) -> None:
    """Initialise a token: everything on it goes, it gets a label, and it has no user PIN.

    The user PIN is set by ``lockwright_unblock`` with the SO PIN afterwards, on the token as it
    shows itself then: its label is another, and its serial number may be.

    Args:
        module: the session port; after ``init_token`` its sessions are with the token as it is now.
        token: the token; it may be blank (``initialized`` of its identity is false).
        so_pin: the SO PIN as it is. Where the token has none (``Token.lacks_so_pin``) it is the
            first one, already checked against the policy. It must never replace an SO PIN that the
            token has.
        label: the label, of 32 bytes of UTF-8 at most, without blanks at its ends.

    Raises:
        PinIncorrect, PinLocked: the SO PIN is wrong or locked; nothing is gone.
        PinRefusedByToken: a token that has none does not take this SO PIN; nothing is gone.
        TokenBusy: another program has a session with it; nothing is gone.
        NotSupported: this token is initialised by other means, or not any more.
    """


@hook(
    doing=N_("change the SO PIN"),
    changes=True,
    spends=_SO_PIN,
    sets_other="new_so_pin",
    records=NOTHING_RECORDED,
)
def lockwright_change_so_pin(
    module: Module, token: Token, so_pin: Secret, new_so_pin: Secret
) -> None:
    """Change the SO PIN by the administrator, who knows it.

    Args:
        module: the session port.
        token: the token.
        so_pin: the SO PIN as it is.
        new_so_pin: the SO PIN to set, already checked against the policy.

    Raises:
        PinIncorrect, PinLocked: the SO PIN is wrong or locked. It must not try twice.
        PinRefusedByToken: the token does not take the new one; the old one stays.
        NotSupported: its administrator has no PIN, or it is changed by other means.
    """


@hook(
    doing=N_("change the PUK"),
    changes=True,
    spends=Spent("puk", PUK),
    sets_other="new_puk",
    records=NOTHING_RECORDED,
)
def lockwright_change_puk(module: Module, token: Token, puk: Secret, new_puk: Secret) -> None:
    """Change the PUK by whoever knows it. PKCS#11 knows no PUK.

    Args:
        module: the session port.
        token: the token.
        puk: the PUK as it is.
        new_puk: the PUK to set, already checked against the policy.

    Raises:
        PinIncorrect, PinLocked: the PUK is wrong or locked. It must not try twice.
        PinRefusedByToken: the token does not take the new one; the old one stays.
        NotSupported: the token has no PUK, or it is changed by other means.
    """


@hook(
    doing=N_("be given another label"),
    without=lambda able: replace(able, label_by=None),
    changes=True,
    spends=Spent("pin", {LabelBy.USER: USER_PIN, LabelBy.SO: SO_PIN}, chosen_by="by"),
    records={"by": Of("by", audit_facts.name_of), "label": Of("label")},
)
def lockwright_set_label(
    module: Module, token: Token, by: LabelBy, pin: Secret, label: str
) -> None:
    """Give a token another label, and leave all that is on it as it is.

    PKCS#11 has no function for it: a label comes with ``C_InitToken``. From here on the token is
    known by the new one.

    Args:
        module: the session port.
        token: the token.
        by: whose PIN it is, as ``label_by`` of its capabilities says.
        pin: that PIN.
        label: the label, of 32 bytes of UTF-8 at most, without blanks at its ends.

    Raises:
        PinIncorrect, PinLocked: the PIN is wrong or locked; the label is as it was.
        NotSupported: the token gets a label when it is initialised, and not otherwise.
    """


@hook(
    doing=N_("take over a private key"),
    changes=True,
    spends=Spent("pin", USER_PIN),
    keeps="key",
    records={
        "key_id": Of("key_id", bytes.hex),
        "label": Of("label"),
        "public_key_sha256": Of("public_key", audit_facts.digest),
    },
)
def lockwright_import_key(  # each argument is one thing
    module: Module,
    token: Token,
    pin: Secret,
    key: Secret,
    public_key: bytes,
    key_id: bytes,
    label: str,
) -> None:
    """Write a key pair that was made elsewhere; the private key is sensitive, never extractable.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key: the private key, DER PrivateKeyInfo (RFC 5958), not encrypted.
        public_key: its public key, DER SubjectPublicKeyInfo; the core has checked that it is its.
        key_id: ``CKA_ID`` of both; it is not in use.
        label: ``CKA_LABEL`` of both.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing was written.
        TokenFull: there is no room; no half of the pair is left.
        NotSupported: the token takes no such key.
    """
