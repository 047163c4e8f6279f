"""What the operator is told where a ticket does not do."""

from __future__ import annotations

from lockwright.errors import LockwrightError
from lockwright.i18n import N_


class TicketMissing(LockwrightError):
    """No ticket was named."""

    code = "ticket-missing"
    exit_code = 41
    message = N_("This needs the number of a ticket: {operation}, token {serial}.")
    advice = N_("Give it as LOCKWRIGHT_TICKET=... before the command, to a Response as --ticket.")
    facts_named = ("operation", "serial")


class TicketMalformed(LockwrightError):
    """It cannot be the number of a ticket."""

    code = "ticket-malformed"
    exit_code = 41
    message = N_("{ticket} is not the number of a ticket: it does not have the form {form}.")
    advice = N_("Copy it from the ticket system.")
    facts_named = ("ticket", "form")


class TicketRefused(LockwrightError):
    """The ticket system does not have it so."""

    code = "ticket-refused"
    exit_code = 41
    message = N_("The ticket {ticket} does not allow this: {reason}.")
    advice = N_("See in the ticket system whether it is open, and for this token.")
    facts_named = ("ticket", "reason")


class TicketServiceAway(LockwrightError):
    """The ticket system cannot be asked."""

    code = "ticket-service-away"
    exit_code = 41
    message = N_("The ticket {ticket} could not be looked up at {service}: {reason}.")
    advice = N_("Nothing is destroyed or unblocked unseen: try again when the service is back.")
    facts_named = ("ticket", "service", "reason")
