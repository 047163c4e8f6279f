"""The operations of the contract for a token that is plain PKCS#11, over the session port.

An adapter calls them in one line each and writes at length only what its vendor does differently.
"""

from __future__ import annotations

from lockwright.pkcs11.standard.deletion import delete, wipe
from lockwright.pkcs11.standard.importing import import_key
from lockwright.pkcs11.standard.initialising import change_so_pin, init
from lockwright.pkcs11.standard.keys import generate, keys
from lockwright.pkcs11.standard.listing import list_objects
from lockwright.pkcs11.standard.matching import match_reason
from lockwright.pkcs11.standard.pins import change_pin, pin_refusal, pin_to_set, unblock
from lockwright.pkcs11.standard.sessions import (
    locate,
    so_session,
    token_session,
    translated,
    user_session,
)
from lockwright.pkcs11.standard.signing import sign, sign_with
from lockwright.pkcs11.standard.state import policy, state, state_of
from lockwright.pkcs11.standard.storing import store

__all__ = [
    "change_pin",
    "change_so_pin",
    "delete",
    "generate",
    "import_key",
    "init",
    "keys",
    "list_objects",
    "locate",
    "match_reason",
    "pin_refusal",
    "pin_to_set",
    "policy",
    "sign",
    "sign_with",
    "so_session",
    "state",
    "state_of",
    "store",
    "token_session",
    "translated",
    "unblock",
    "user_session",
    "wipe",
]
