"""The help desk, for whoever answers there: what keeps an operator from going on with a case."""

from __future__ import annotations

from lockwright.errors.remote import RemoteError
from lockwright.i18n import N_

__all__ = [
    "CaseDenied",
    "CaseOver",
    "CaseWaits",
    "HelpDeskAway",
    "HelpDeskError",
    "HelpDeskRefused",
    "HelpDeskUnset",
    "HelpDeskUntrusted",
]


class HelpDeskError(RemoteError):
    """An operator cannot go on at the help desk."""

    code = "help-desk"
    message = N_("The help desk did not do it.")
    usual_cost = N_("The case stays as it is.")


class HelpDeskAway(HelpDeskError):
    """The help desk is not reached, or does not answer as one."""

    code = "help-desk-away"
    message = N_("The help desk is not reached at {host}: {reason}.")
    advice = N_("Look at the case before you repeat anything; a Response can be asked for again.")
    usual_cost = N_("Whether the last step was done is not known.")
    facts_named = ("host", "reason")


class HelpDeskUntrusted(HelpDeskError):
    """What answers at its address is not the help desk, as far as can be seen."""

    code = "help-desk-untrusted"
    message = N_("{host} is not trusted as the bank's help desk: {reason}.")
    advice = N_("Nothing was sent to it. Tell IT.")
    facts_named = ("host", "reason")


class HelpDeskUnset(HelpDeskError):
    """The configuration does not say how it is reached, or what to sign in with."""

    code = "help-desk-unset"
    message = N_("The help desk cannot be used from here: {reason}.")
    advice = N_("Have IT look at [desk] in the configuration.")
    facts_named = ("reason",)


class HelpDeskRefused(HelpDeskError):
    """The help desk says no; the code is its own."""

    code = "help-desk-refused"
    message = N_("The help desk says ({desk_code}): {reason}.")
    usual_cost = ""
    facts_named = ("desk_code", "reason")


class CaseWaits(HelpDeskError):
    """A second person has not decided, and nobody is there who could wait."""

    code = "help-desk-waits"
    message = N_("The case {number} waits for a second person: {reason}.")
    advice = N_("Go on once somebody has agreed: lockwright respond --desk --case {number}")
    facts_named = ("number", "reason")


class CaseDenied(HelpDeskError):
    """A second person has refused the answer."""

    code = "help-desk-denied"
    message = N_("{by} has refused an answer in the case {number}: {reason}.")
    advice = N_("Tell the client, and call the case off.")
    facts_named = ("number", "by", "reason")


class CaseOver(HelpDeskError):
    """Nothing more can be done with a case from here."""

    code = "help-desk-case-over"
    message = N_("Nothing can be done with the case {number} from here. It stands: {state}.")
    advice = N_("The page of the help desk shows what was done in it.")
    facts_named = ("number", "state")
