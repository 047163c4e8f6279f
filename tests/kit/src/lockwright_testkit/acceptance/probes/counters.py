"""How wrong PINs are counted, until the PIN is locked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase, ascii_uppercase, digits

from lockwright.pkcs11.constants import CKF, CKR, CKU
from lockwright.secret import Secret

from lockwright_testkit.acceptance.probes.asked import OK, Asked

_MOST = 40
"""Wrong tries after which a token is taken for one that never locks."""
_KINDS = (digits, ascii_lowercase, ascii_uppercase, "!#%+-=?@*")
_REMEMBERED = 25
"""PINs that a token may remember, at most, and still get its own back."""
_SHIFT = {CKU.USER: 0, CKU.SO: 4}
"""By how many bits the SO's flags lie above the user's."""


def variants(pin: Secret) -> Iterator[Secret]:
    """Other PINs of the same form: the last two letters are others of their kind."""
    text = pin.reveal_text()
    for last in product(*(_alike(letter) for letter in text[-2:])):
        made = text[:-2] + "".join(last)
        if made != text:
            yield Secret(made)


def _alike(letter: str) -> str:
    return next((kind for kind in _KINDS if letter in kind), letter)


def counted(token: Asked, user: CKU, pin: Secret) -> dict[str, str]:
    """Give wrong PINs until the PIN is locked; what the flags said after each.

    Args:
        token: the token.
        user: whose PIN.
        pin: the right one, which is not given.
    """
    who = "so" if user is CKU.SO else "user"
    low = tries = 0
    codes: set[int] = set()
    with next(variants(pin)) as false:
        while tries < _MOST:
            with token.session() as session:
                rv = token.login(session, user, false)
            if rv == OK:
                return {f"{who}.wrong.accepted": "yes"}
            flags = token.flags
            if rv == CKR.PIN_LOCKED and tries and not flags & (CKF.USER_PIN_LOCKED << _SHIFT[user]):
                # Its flags do not tell, so the one before locked it.
                return {f"{who}.tries.max": str(tries), f"{who}.wrong.rv": _listed(codes)}
            tries += 1
            codes.add(rv)
            if not low and flags & (CKF.USER_PIN_COUNT_LOW << _SHIFT[user]):
                low = tries
            if flags & (CKF.USER_PIN_LOCKED << _SHIFT[user]):
                return _told(who, tries, low, codes)
    return {f"{who}.tries.max": "never locks", f"{who}.wrong.rv": _listed(codes)}


def unlocked(token: Asked, so_pin: Secret, pin: Secret) -> dict[str, str]:
    """Have the SO set the user PIN again, and look at the flags before and after a login."""
    with token.session() as session:
        if rv := token.login(session, CKU.SO, so_pin):
            return {"unblock.login.rv": f"{rv:#x}"}
        rv = _initialized(token, session, pin)
        flags = token.flags
    if rv:
        return {"unblock.rv": f"{rv:#x}"}
    lingers = flags & (CKF.USER_PIN_FINAL_TRY | CKF.USER_PIN_LOCKED)
    seen = {"tries.linger": "yes" if lingers else "no"}
    if flags & CKF.USER_PIN_TO_BE_CHANGED:
        seen["change.after.unlock"] = "yes"
    with token.session() as session:
        if rv := token.login(session, CKU.USER, pin):
            seen["login.after.unlock.rv"] = f"{rv:#x}"
    return seen


def _initialized(token: Asked, session: int, pin: Secret) -> int:
    """Set the PIN, and others before where the token remembers it: the last return value."""
    others = variants(pin)
    rv = OK
    for _ in range(_REMEMBERED):
        if (rv := token.initializes(session, pin)) == OK:
            return rv
        with next(others) as other:
            token.initializes(session, other)
    return rv


def _told(who: str, tries: int, low: int, codes: set[int]) -> dict[str, str]:
    seen = {f"{who}.tries.max": str(tries), f"{who}.wrong.rv": _listed(codes)}
    if who == "user":
        # After the first wrong one is what PKCS#11 says; a vendor's habit is the tries left then.
        if low:
            seen["tries.low"] = "0" if low == 1 else str(tries - low)
        else:
            seen["tries.low"] = "1"  # the last try has a flag of its own
    return seen


def _listed(codes: set[int]) -> str:
    return " ".join(f"{rv:#x}" for rv in sorted(codes))
