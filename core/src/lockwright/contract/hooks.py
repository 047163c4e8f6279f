"""The contract: every hook an adapter implements, and any plugin may wrap.

Hooks run beside the vendor's module, in the host's child process, save ``lockwright_modules``,
``lockwright_match`` and ``lockwright_response_rule``, which only look at strings. ``module`` is the
session port, open only there: an adapter takes it, a wrapper (which runs in the caller's process)
leaves it out.

An adapter answers every hook: :class:`lockwright.adapter.StandardAdapter` answers each as plain
PKCS#11 does, and raises :class:`lockwright.errors.NotSupported` where that has nothing. A hook
raises nothing but :class:`lockwright.errors.LockwrightError`; ``CkrError`` is translated for it.

Beside its signature stands what the core must know of it:
:class:`lockwright.contract.declaration.Declared`.

Compatibility: arguments may be added to a hook, never renamed or removed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.contract import audit_facts, care_hooks
from lockwright.contract.audit_facts import NOTHING_RECORDED, Of
from lockwright.contract.declaration import EVERYTHING, RequestEffect, Spent, declared_in, hook
from lockwright.errors.pins import PUK, SO_PIN, USER_PIN
from lockwright.i18n import N_
from lockwright.keys.response import ResponseKey
from lockwright.models import (
    Challenge,
    Failure,
    Grounds,
    KeyPair,
    KeyRequest,
    Match,
    ResponseRule,
    SignatureScheme,
    Sought,
    Token,
    TokenIdentity,
    TokenObject,
    TokenState,
    UnblockWay,
)
from lockwright.models.settings import Settings
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

_USER_PIN = Spent("pin", USER_PIN)
_SO_PIN = Spent("so_pin", SO_PIN)
_BY_WAY = {UnblockWay.SO_PIN: SO_PIN, UnblockWay.PUK: PUK}

# --- detect: which modules, which tokens --------------------------------------------------------


@hook()
def lockwright_modules(settings: Settings) -> Sequence[Path]:  # type: ignore[empty-body]
    """Where the vendor's modules lie on this system, the preferred one first.

    Args:
        settings: the adapter's table of the configuration.

    Returns:
        Known absolute paths; those that do not exist are passed over. Never a bare file name:
        nothing is loaded from the current folder or a search path.
    """


@hook()
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


@hook()
def lockwright_match(identity: TokenIdentity) -> Match | None:
    """Say whether a token is this adapter's, from its strings alone.

    Args:
        identity: the token's and its module's strings.

    Returns:
        How sure and why, or None if the token is not this adapter's. It must not guess: the
        adapter that gets a token also gets its PIN.
    """


@hook(doing=N_("read the token's state"))
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


@hook(
    doing=N_("list the objects"),
    spends=_USER_PIN,
    records=NOTHING_RECORDED,
    tells=audit_facts.count,
)
def lockwright_list(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret | None, sought: Sought | None
) -> Sequence[TokenObject]:
    """Read the objects of a token, each attribute once.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN, or None to see only what anyone may see.
        sought: which objects are asked for, so that a slow token need not be read as a whole; None
            for all. An adapter may leave it out and answer with all.

    Returns:
        The objects. It must not group them into containers: the core does that for all vendors.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in.
    """


# --- unblock ------------------------------------------------------------------------------------


@hook(
    doing=N_("unblock the PIN"),
    without=lambda able: able.without_ways(UnblockWay.SO_PIN, UnblockWay.PUK),
    changes=True,
    spends=Spent("secret", _BY_WAY, chosen_by="way"),
    sets="new_pin",
    records={
        "way": Of("way", audit_facts.name_of),
        "sets_pin": Of("new_pin", audit_facts.is_given),
    },
)
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


@hook(
    doing=N_("make a Request"),
    without=lambda able: able.without_ways(UnblockWay.CHALLENGE),
    changes=True,
    records=NOTHING_RECORDED,
    tells=audit_facts.request,
    request=RequestEffect.OPENS,
)
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


@hook(
    doing=N_("unblock the PIN with the Response"),
    without=lambda able: able.without_ways(UnblockWay.CHALLENGE),
    changes=True,
    spends=Spent("response", SO_PIN),
    sets="new_pin",
    records=NOTHING_RECORDED,
    request=RequestEffect.ENDS,
)
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


@hook(
    doing=N_("cancel the Request"),
    changes=True,
    records=NOTHING_RECORDED,
    request=RequestEffect.ENDS,
)
def lockwright_unblock_cancel(module: Module, token: Token) -> None:
    """Give up a remote unblock; the Request is void.

    It does nothing where no Request is open: after a failure it is called to be sure of that.

    Args:
        module: the session port.
        token: the token.
    """


@hook(doing=N_("answer a Request"))
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


@hook(
    doing=N_("answer a Request"),
    records={
        "operator": Of("grounds", attrgetter("operator")),
        "reason": Of("grounds", attrgetter("reason")),
        "ticket": Of("grounds", attrgetter("ticket")),
        "request_sha256": Of("challenge", audit_facts.request_mark),
        "key": Of("key", audit_facts.place_of),
        "default_key_allowed": Of("key", attrgetter("default_allowed")),
    },
    unrecorded=N_("The Response is not shown, for it is not recorded; the Request is used up."),
    request=RequestEffect.ANSWERS,
)
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
    missing there. Where a Responder stays open it runs in such a process for many Requests, or in
    copies of it, so it keeps nothing of a Request or a key. An adapter that needs the module loads
    it itself, from the paths that its own ``lockwright_modules`` names for ``settings``. A wrapper
    leaves ``key`` and ``settings`` out and gets the Response as a ``Secret``, which it must not
    show.

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


@hook(
    doing=N_("change the PIN"),
    changes=True,
    spends=_USER_PIN,
    sets="new_pin",
    records=NOTHING_RECORDED,
)
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


@hook(
    doing=N_("delete objects"),
    changes=True,
    spends=_USER_PIN,
    removes="refs",
    records={"refs": Of("refs", list)},
    tells=audit_facts.failures,
)
def lockwright_delete(  # type: ignore[empty-body]
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    """Delete objects, in the order given.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        refs: which objects (``TokenObject.ref``); the core has checked that they are the ones a
            person confirmed. One of several private keys that are alike is named by what its
            signatures fit (``pkcs11.refs.by_value``).

    Returns:
        What the token refused to delete. A refusal does not stop the rest, except that a private
        key that stays keeps what belongs to it: those refs come back untried.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
    """


@hook(
    doing=N_("wipe the token"),
    without=lambda able: replace(able, wipe=False),
    changes=True,
    removes=EVERYTHING,
    spends=_USER_PIN,
    records=NOTHING_RECORDED,
    tells=audit_facts.failures,
)
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


@hook(
    doing=N_("erase the token"),
    without=lambda able: replace(able, erase=False),
    changes=True,
    removes=EVERYTHING,
    spends=_SO_PIN,
    records=NOTHING_RECORDED,
)
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


@hook(
    doing=N_("make a key pair"),
    without=lambda able: replace(able, key_types=()),
    changes=True,
    spends=_USER_PIN,
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
    doing=N_("find its keys"), spends=_USER_PIN, records=NOTHING_RECORDED, tells=audit_facts.count
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
    spends=_USER_PIN,
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
    spends=_USER_PIN,
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


# --- the PIN policy -----------------------------------------------------------------------------


@hook(
    doing=N_("read the PIN policy"),
    without=lambda able: replace(able, policy_reads=frozenset()),
)
def lockwright_policy(module: Module, token: Token) -> PinPolicy:  # type: ignore[empty-body]
    """Read the token's own rules for a user PIN, without a login.

    Args:
        module: the session port.
        token: the token.

    Returns:
        The rules it tells; an empty policy if it tells none.
    """


@hook(
    doing=N_("set the PIN policy"),
    without=lambda able: replace(able, policy_sets=frozenset(), policy_most={}),
    changes=True,
    spends=_SO_PIN,
    records={"policy": Of("policy", asdict)},
)
def lockwright_set_policy(module: Module, token: Token, so_pin: Secret, policy: PinPolicy) -> None:
    """Set the token's own rules for a user PIN, where it can.

    Args:
        module: the session port.
        token: the token.
        so_pin: SO PIN.
        policy: the rules to set. What ``policy_sets`` of the capabilities names is to be as it
            says, where 0 or None lifts a rule; the other fields ask for nothing.

    Raises:
        NotSupported: the token's rules cannot be set, or not these; nothing was set.
        PinIncorrect, PinLocked: the SO PIN is wrong or locked; nothing was set.
    """


# Those that care for the token itself have a file of their own.
lockwright_init = care_hooks.lockwright_init
lockwright_change_so_pin = care_hooks.lockwright_change_so_pin
lockwright_change_puk = care_hooks.lockwright_change_puk
lockwright_set_label = care_hooks.lockwright_set_label
lockwright_import_key = care_hooks.lockwright_import_key

HOOKS = declared_in(sys.modules[__name__])
"""Every hook of an adapter, by name, in this order."""
