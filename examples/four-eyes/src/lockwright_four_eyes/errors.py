"""What the operator is told where a second person's consent is missing."""

from __future__ import annotations

from lockwright.errors import LockwrightError
from lockwright.i18n import N_


class ConsentMissing(LockwrightError):
    """No second person has agreed to it yet."""

    code = "four-eyes-consent-missing"
    exit_code = 40
    message = N_(
        "A second person must agree to this: {operation}, token {serial}. It is asked for as {id}."
    )
    advice = N_(
        "Who may agree: {approvers}. They run: lockwright-four-eyes approve {id}. Then run your"
        " command again."
    )
    facts_named = ("operation", "serial", "id", "approvers")


class ConsentUnusable(LockwrightError):
    """There is a consent to just this, which does not count."""

    code = "four-eyes-consent-unusable"
    exit_code = 40
    message = N_("The consent {id} to this does not count: {reason}.")
    advice = N_("It is asked for anew as {anew}: lockwright-four-eyes approve {anew}.")
    facts_named = ("id", "reason", "anew")


class ConsentsUnreachable(LockwrightError):
    """The folder with the consents cannot be used."""

    code = "four-eyes-unreachable"
    exit_code = 40
    message = N_("The consents in {folder} cannot be reached: {reason}.")
    advice = N_("Without them nothing is destroyed or unblocked. Tell whoever looks after it.")
    facts_named = ("folder", "reason")
