"""The line to the bank's help desk: what keeps a Request from going over it."""

from __future__ import annotations

from lockwright.errors.remote import RemoteError
from lockwright.i18n import N_

__all__ = [
    "DeskAddressUnfit",
    "DeskAway",
    "DeskEnded",
    "DeskRefused",
    "DeskUntrusted",
    "LineError",
]

_STILL_GOOD = N_("The Request is still good.")
_DICTATE = N_("Call the bank and read the Request out.")


class LineError(RemoteError):
    """A Request does not go over the line; it can be dictated all the same."""

    code = "line"


class DeskAway(LineError):
    """The bank's help desk is not reached."""

    code = "desk-away"
    message = N_("The bank's help desk is not reached at {host}: {reason}.")
    advice = _DICTATE
    usual_cost = _STILL_GOOD
    facts_named = ("host", "reason")


class DeskUntrusted(LineError):
    """What answers at its address is not the bank's help desk, as far as can be seen."""

    code = "desk-untrusted"
    message = N_("{host} is not trusted as the bank's help desk: {reason}.")
    advice = N_(
        "Nothing was sent to it. Call the bank and read the Request out; tell them of this."
    )
    usual_cost = _STILL_GOOD
    facts_named = ("host", "reason")


class DeskRefused(LineError):
    """The help desk takes no Request over the line, or not now."""

    code = "desk-refused"
    message = N_("The bank's help desk takes no Request over the line now. It says: {reason}.")
    advice = _DICTATE
    usual_cost = _STILL_GOOD
    facts_named = ("reason",)


class DeskEnded(LineError):
    """The help desk has ended the wait."""

    code = "desk-ended"
    message = N_("The bank's help desk waits with this Request no more: {reason}.")
    advice = N_("Ask the bank on the telephone. As long as the Request holds it can be read out.")
    usual_cost = _STILL_GOOD
    facts_named = ("reason",)


class DeskAddressUnfit(LineError):
    """No desk is configured, or not as one can be reached."""

    code = "line-address"
    message = N_("The bank's help desk cannot be used over the line: {reason}.")
    advice = N_("Have IT look at [desk] in the configuration. Until then read the Request out.")
    usual_cost = _STILL_GOOD
    facts_named = ("reason",)
