"""PINs that do not open the token, and PINs that are not good enough."""

from __future__ import annotations

from lockwright.errors.base import TRY_SPENT, LockwrightError
from lockwright.i18n import N_

__all__ = [
    "LastTry",
    "PasswordRefused",
    "PinError",
    "PinExpired",
    "PinIncorrect",
    "PinLocked",
    "PinNotEntered",
    "PinNotSet",
    "PinRefused",
    "PinRefusedByToken",
    "PolicyError",
    "PolicyImpossible",
    "TriesUnguarded",
]

USER_PIN, SO_PIN, PUK = N_("user PIN"), N_("SO PIN"), N_("PUK")
HSM_PIN = N_("HSM's user PIN")
"""What a PIN is called: the ``role`` of these errors, msgids."""


class PinError(LockwrightError):
    """The token did not let us in."""

    code = "pin"
    exit_code = 5


class PinIncorrect(PinError):
    """A PIN was wrong.

    Facts: ``role``, which PIN; ``tries_left``, a number or None; ``state``, the PIN's state after
    it (a ``PinState`` value) or None.
    """

    code = "pin-incorrect"
    message = N_("The {role} is wrong.")
    advice = N_("Do not guess: when no tries are left it is locked.")
    usual_cost = TRY_SPENT
    facts_named = ("role", "tries_left", "state")


class PinLocked(PinError):
    """A PIN is locked."""

    code = "pin-locked"
    message = N_("The {role} is locked.")
    advice = N_("Unblock it with: lockwright unblock")
    facts_named = ("role",)


class LastTry(PinError):
    """One more wrong try would lock the PIN, and the caller did not allow that."""

    code = "last-try"
    message = N_("Only one try of the {role} is left, so it was not tried.")
    advice = N_("If you are sure of the PIN, allow it with --use-last-try.")
    facts_named = ("role",)


class TriesUnguarded(PinError):
    """Nobody can say whether another lockwright is trying a PIN, so it was not tried."""

    code = "tries-unguarded"
    message = N_(
        "The {role} was not tried: whether another program tries it now cannot be told from the"
        " folder {folder} ({reason})."
    )
    advice = N_("Let this account write there; or risk the last try with --use-last-try.")
    facts_named = ("role", "folder", "reason")


class PinExpired(PinError):
    """A PIN is right and must be changed before it lets anybody in."""

    code = "pin-expired"
    message = N_("The {role} must be changed before the token can be used.")
    advice = N_("Change it with: lockwright pin change")
    facts_named = ("role",)


class PinNotSet(PinError):
    """The token has no user PIN yet."""

    code = "pin-not-set"
    message = N_("The token has no user PIN yet.")
    advice = N_("Set one with the SO PIN: lockwright unblock")


class PinNotEntered(PinError):
    """No PIN was entered on the token's own pad: it was cancelled there, or the time ran out."""

    code = "pin-not-entered"
    message = N_("No PIN was entered on the token's PIN pad, or it was cancelled there.")
    advice = N_("Do it again, and enter the PIN on the pad while it asks for it.")


class PolicyError(LockwrightError):
    """A new PIN is not good enough."""

    code = "policy"
    exit_code = 6


class PinRefused(PolicyError):
    """A new PIN breaks rules of the effective policy; ``rules`` holds every broken one."""

    code = "pin-refused"
    message = N_("The new PIN is refused:")
    advice = N_("Choose another PIN; the rules are shown by: lockwright policy show")
    facts_named = ("rules",)


class PasswordRefused(PinRefused):
    """A password for a key outside of a token breaks the bank's rules."""

    code = "password-refused"
    message = N_("The password is refused:")
    advice = N_("Choose another one; the rules are shown by: lockwright policy show")


class PinRefusedByToken(PolicyError):
    """The token itself refused a new PIN that our policy let pass."""

    code = "pin-refused-by-token"
    message = N_("The token refused the new PIN: {reason}.")
    advice = N_("Choose another PIN; the rules are shown by: lockwright policy show")
    facts_named = ("reason",)


class PolicyImpossible(PolicyError):
    """No PIN could keep the rules that are to be set."""

    code = "policy-impossible"
    message = N_("No PIN could keep these rules: {rule} is {most}, the others need {least}.")
    advice = N_("See which rules hold now with: lockwright policy show")
    facts_named = ("rule", "most", "least")
