"""The contract: every hook an adapter implements, and any plugin may wrap.

Hooks run beside the vendor's module, in the host's child process, save ``lockwright_modules``,
``lockwright_match`` and ``lockwright_response_rule``, which only look at strings. ``module`` is the
session port, open only there: an adapter takes it, a wrapper (which runs in the caller's process)
leaves it out.

An adapter implements every hook, most in one line that calls ``lockwright.pkcs11.standard``; what
its vendor cannot do it declares by raising :class:`lockwright.errors.NotSupported`. A hook raises
nothing but :class:`lockwright.errors.LockwrightError`; ``CkrError`` is translated for it.

Compatibility: arguments may be added to a hook, never renamed or removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

from lockwright.adapter import PROJECT, Settings
from lockwright.models import (
    Challenge,
    Failure,
    Grounds,
    KeyPair,
    KeyRequest,
    Match,
    ResponseRule,
    SignatureScheme,
    Token,
    TokenIdentity,
    TokenObject,
    TokenState,
    UnblockWay,
)
from lockwright.policy import PinPolicy
from lockwright.response_key import ResponseKey
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

_spec = pluggy.HookspecMarker(PROJECT)
_one = _spec(firstresult=True)

# --- detect: which modules, which tokens --------------------------------------------------------


@_one
def lockwright_modules(settings: Settings) -> Sequence[Path]:  # type: ignore[empty-body]
    """Where the vendor's modules lie on this system, the preferred one first.

    Args:
        settings: the adapter's table of the configuration.

    Returns:
        Known absolute paths; those that do not exist are passed over. Never a bare file name:
        nothing is loaded from the current folder or a search path.
    """


@_one
def lockwright_open(path: Path, settings: Settings) -> Module:  # type: ignore[empty-body]
    """Load a module over the binding this adapter works with.

    Args:
        path: absolute path of the module.
        settings: the adapter's table of the configuration.

    Returns:
        The session port over that module, initialised.

    Raises:
        ModuleNotLoadable: it is no PKCS#11 module of this system.
    """


@_one
def lockwright_match(identity: TokenIdentity) -> Match | None:
    """Say whether a token is this adapter's, from its strings alone.

    Args:
        identity: the token's and its module's strings.

    Returns:
        How sure and why, or None if the token is not this adapter's. It must not guess: the
        adapter that gets a token also gets its PIN.
    """


@_one
def lockwright_state(module: Module, token: Token) -> TokenState:  # type: ignore[empty-body]
    """Read PIN state, memory and capabilities, without a login.

    Args:
        module: the session port.
        token: the token; its own ``state`` is still empty.

    Returns:
        What the token says; None for every number it does not say.

    Raises:
        TokenRemoved: the token is gone.
    """


# --- list ---------------------------------------------------------------------------------------


@_one
def lockwright_list(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    """Read every object of a token, each attribute once.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN, or None to see only what anyone may see.

    Returns:
        The objects. It must not group them into containers: the core does that for all vendors.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in.
    """


# --- unblock ------------------------------------------------------------------------------------


@_one
def lockwright_unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    """Give access back to a token whose user PIN is lost, with a secret that is at hand.

    Args:
        module: the session port.
        token: the token.
        way: ``SO_PIN`` or ``PUK``.
        secret: the SO PIN or the PUK.
        new_pin: the user PIN to set, already checked against the policy; None keeps the PIN and
            resets its counter, where the token can do that.

    Raises:
        PinIncorrect, PinLocked: the SO PIN or PUK is wrong or locked. It must not try twice.
        PinRefusedByToken: the token does not take the new PIN.
        NotSupported: this token is not unblocked this way.
    """


@_one
def lockwright_unblock_challenge(module: Module, token: Token) -> Challenge:  # type: ignore[empty-body]
    """Begin a remote unblock: make the token give a Request and keep it open.

    Args:
        module: the session port.
        token: the token.

    Returns:
        The Request. From here to ``complete`` or ``cancel`` nothing else may touch the token.

    Raises:
        NotSupported: this token is not unblocked by Request and Response.
    """


@_one
def lockwright_unblock_complete(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    """End a remote unblock with the bank's Response.

    Args:
        module: the session port.
        token: the token.
        response: the Response as bytes, its form already checked.
        new_pin: the user PIN to set, already checked against the policy; None keeps the PIN and
            resets its counter, where the token can do that.

    Raises:
        PinIncorrect: the Response is wrong; the Request is void. ``tries_left`` and ``state`` are
            the administrator's, where they can be read.
        PinRefusedByToken: the token does not take the new PIN; the Request is void.
        RequestVoid: the token holds no Request open any more.
    """


@_one
def lockwright_unblock_cancel(module: Module, token: Token) -> None:
    """Give up a remote unblock; the Request is void.

    It does nothing where no Request is open: after a failure it is called to be sure of that.

    Args:
        module: the session port.
        token: the token.
    """


@_one
def lockwright_response_rule(model: str, settings: Settings) -> ResponseRule:  # type: ignore[empty-body]
    """Say what a Request and an administrator key of a model look like; from its name alone.

    Args:
        model: model of the client's token, as its ``CK_TOKEN_INFO`` names it.
        settings: the adapter's table of the configuration.

    Returns:
        The rule. A Request of another length, or a key of another form, is refused before anybody
        is asked for a key.

    Raises:
        NotSupported: the rule by which this model's Response is made is not public.
    """


@_one
def lockwright_respond(  # type: ignore[empty-body]
    vendor: str,
    model: str,
    serial: str,
    challenge: bytes,
    key: ResponseKey,
    settings: Settings,
    grounds: Grounds,
) -> bytes:
    """Compute the Response on the bank's side, with the vendor's own public algorithm.

    It runs in a child process of its own where no token is connected; the vendor's module may be
    missing there. An adapter that needs it loads it itself, from the paths that its own
    ``lockwright_modules`` names for ``settings``. A wrapper leaves ``key`` and ``settings`` out
    and gets the Response as a ``Secret``, which it must not show.

    Args:
        vendor: name of the adapter, for wrappers.
        model: model of the client's token, as its ``CK_TOKEN_INFO`` names it.
        serial: serial number of the client's token.
        challenge: the Request as bytes, of the length that ``lockwright_response_rule`` names.
        key: administrator key or password of that very token, of a form that the rule names; it
            may lie in an HSM.
        settings: the adapter's table of the configuration.
        grounds: who answers and why, for wrappers: a second person's consent, a ticket system.

    Returns:
        The Response as bytes. An algorithm that is not publicly known must not be invented.

    Raises:
        NotSupported: the rule by which this model's Response is made is not public.
        RequestMalformed: it is no Request of this model.
        KeyUnusable: the key is of no use for this model.
    """


# --- the user changes the PIN -------------------------------------------------------------------


@_one
def lockwright_change_pin(module: Module, token: Token, pin: Secret, new_pin: Secret) -> None:
    """Change the user PIN by its owner.

    Args:
        module: the session port.
        token: the token.
        pin: the user PIN as it is.
        new_pin: the user PIN to set, already checked against the policy.

    Raises:
        PinIncorrect, PinLocked: the PIN is wrong or locked. It must not try twice.
        PinRefusedByToken: the token does not take the new PIN.
    """


# --- delete and wipe ----------------------------------------------------------------------------


@_one
def lockwright_delete(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    """Delete objects, in the order given.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        refs: which objects (``TokenObject.ref``); the core has checked that they are the ones a
            person confirmed.

    Returns:
        What the token refused to delete. A refusal does not stop the rest, except that a private
        key that stays keeps what belongs to it: those refs come back untried.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
    """


@_one
def lockwright_wipe(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:  # type: ignore[empty-body]
    """Delete everything, keeping label and PIN.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.

    Returns:
        What the token refused to delete.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
        NotSupported: this token does not allow it.
    """


@_one
def lockwright_erase(module: Module, token: Token, so_pin: Secret) -> None:
    """Have the administrator erase the token by its own function, where it has one.

    Unlike a wipe it needs no user PIN, removes what a user cannot, and may take the PINs with it.

    Args:
        module: the session port.
        token: the token.
        so_pin: SO PIN.

    Raises:
        PinIncorrect, PinLocked: the SO PIN is wrong or locked; nothing is gone.
        NotSupported: this token does not allow it, or has no such function.
    """


# --- enrol --------------------------------------------------------------------------------------


@_one
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


@_one
def lockwright_keys(module: Module, token: Token, pin: Secret) -> Sequence[KeyPair]:  # type: ignore[empty-body]
    """Find the key pairs whose private key the user can sign with.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.

    Returns:
        The key pairs with their public keys.
    """


@_one
def lockwright_sign(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    """Sign with a key of the token.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: ``CKA_ID`` of the key.
        scheme: how to sign.
        data: the whole message; the token or the adapter hashes it.

    Returns:
        The signature in the form the scheme says.

    Raises:
        KeyMissing: there is no such key.
    """


@_one
def lockwright_store(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
) -> None:
    """Write a certificate beside its key.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: ``CKA_ID`` of the key, which the certificate gets too.
        label: label of the key, which the certificate gets too.
        certificate: DER; the core has checked that it belongs to the key and is trusted.

    Raises:
        TokenFull: there is no room; nothing was written.
    """


# --- the PIN policy -----------------------------------------------------------------------------


@_one
def lockwright_policy(module: Module, token: Token) -> PinPolicy:  # type: ignore[empty-body]
    """Read the token's own rules for a user PIN, without a login.

    Args:
        module: the session port.
        token: the token.

    Returns:
        The rules it tells; an empty policy if it tells none.
    """


@_one
def lockwright_set_policy(module: Module, token: Token, so_pin: Secret, policy: PinPolicy) -> None:
    """Set the token's own rules for a user PIN, where it can.

    Args:
        module: the session port.
        token: the token.
        so_pin: SO PIN.
        policy: the rules to set.

    Raises:
        NotSupported: the token's rules cannot be set, or not these.
    """
