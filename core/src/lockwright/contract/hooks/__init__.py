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

from lockwright.contract.declaration import declared_in
from lockwright.contract.hooks import (
    care,
    deletion,
    detect,
    enrolment,
    listing,
    pin,
    policy,
    respond,
    unblock,
)
from lockwright.contract.hooks.care import (
    lockwright_change_puk,
    lockwright_change_so_pin,
    lockwright_import_key,
    lockwright_init,
    lockwright_set_label,
)
from lockwright.contract.hooks.deletion import lockwright_delete, lockwright_erase, lockwright_wipe
from lockwright.contract.hooks.detect import (
    lockwright_match,
    lockwright_modules,
    lockwright_open,
    lockwright_state,
)
from lockwright.contract.hooks.enrolment import (
    lockwright_generate,
    lockwright_keys,
    lockwright_sign,
    lockwright_store,
)
from lockwright.contract.hooks.listing import lockwright_list
from lockwright.contract.hooks.pin import lockwright_change_pin
from lockwright.contract.hooks.policy import lockwright_policy, lockwright_set_policy
from lockwright.contract.hooks.respond import lockwright_respond, lockwright_response_rule
from lockwright.contract.hooks.unblock import (
    lockwright_unblock,
    lockwright_unblock_cancel,
    lockwright_unblock_challenge,
    lockwright_unblock_complete,
)

__all__ = [
    "HOOKS",
    "PARTS",
    "lockwright_change_pin",
    "lockwright_change_puk",
    "lockwright_change_so_pin",
    "lockwright_delete",
    "lockwright_erase",
    "lockwright_generate",
    "lockwright_import_key",
    "lockwright_init",
    "lockwright_keys",
    "lockwright_list",
    "lockwright_match",
    "lockwright_modules",
    "lockwright_open",
    "lockwright_policy",
    "lockwright_respond",
    "lockwright_response_rule",
    "lockwright_set_label",
    "lockwright_set_policy",
    "lockwright_sign",
    "lockwright_state",
    "lockwright_store",
    "lockwright_unblock",
    "lockwright_unblock_cancel",
    "lockwright_unblock_challenge",
    "lockwright_unblock_complete",
    "lockwright_wipe",
]

PARTS = (detect, listing, unblock, respond, pin, deletion, enrolment, policy, care)
"""The files of the contract, in its order. What stands between dashes there heads the reference."""
HOOKS = declared_in(*PARTS)
"""Every hook of an adapter, by name, in this order."""
